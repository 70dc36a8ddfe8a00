"""Holds answers to the output shapes of the model."""

from .model import dotted, operations
from .rules import LEFT_OUT

KINDS = {
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "long": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "timestamp": lambda v: isinstance(v, int | float) and not isinstance(v, bool),  # of JSON 1.1
    "list": lambda v: isinstance(v, list),
    "structure": lambda v: isinstance(v, dict),
}


def check(operation, answer):
    """What is wrong with an answer, and the paths of the members that it has."""
    shape = operations()[operation].output_shape
    if shape is None or not shape.members:
        return ([] if answer.body in (b"", b"{}") else [f"a body where there is none: {answer.body!r}"]), set()
    wrong, seen = [], set()
    _value(operation, shape, answer.json, (), wrong, seen)
    return wrong, seen


def _value(operation, shape, value, path, wrong, seen):
    at = dotted(path) or "the answer"
    seen.add(path)
    if not KINDS[shape.type_name](value):
        wrong.append(f"{at} is no {shape.type_name}: {value!r}")
    elif shape.type_name == "structure":
        for name, below in value.items():
            if name in shape.members:
                _value(operation, shape.members[name], below, (*path, name), wrong, seen)
            else:
                wrong.append(f"{at} has {name}, which the model does not know")
        for name in shape.required_members:
            if name not in value and f"{operation}-{dotted((*path, name))}" not in LEFT_OUT:
                wrong.append(f"{at} lacks {name}, which is required")
    elif shape.type_name == "list":
        for below in value:
            _value(operation, shape.member, below, (*path, "[]"), wrong, seen)
    wrong.extend(f"{at}: {limit}" for limit in _limits(shape, value))


def _limits(shape, value):
    size = len(value) if isinstance(value, str | list) else value
    limits = shape.metadata
    if not isinstance(size, int | float):
        return
    if size < limits.get("min", size) or size > limits.get("max", size):
        yield f"{value!r} is not within {limits}"
    if limits.get("enum") and value not in limits["enum"]:
        yield f"{value!r} is not one of {limits['enum']}"
