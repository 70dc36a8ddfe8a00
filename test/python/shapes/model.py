"""What the installed botocore's service model says of the operations that the server answers.

Run as a script it prints what model.txt holds: one line a member, with all that constrains it.
"""

import functools
from dataclasses import dataclass

import botocore.session

RUNTIME = "sagemaker-featurestore-runtime"
CONTROL = "sagemaker"

# Of the control plane, what a feature store needs. Of the runtime, everything.
CONTROL_OPERATIONS = [
    "AddTags",
    "CreateFeatureGroup",
    "DeleteFeatureGroup",
    "DeleteTags",
    "DescribeFeatureGroup",
    "DescribeFeatureMetadata",
    "GetSearchSuggestions",
    "ListFeatureGroups",
    "ListTags",
    "Search",
    "UpdateFeatureGroup",
    "UpdateFeatureMetadata",
]


@functools.cache
def service(name):
    return botocore.session.get_session().get_service_model(name)


@functools.cache
def operations():
    """Every operation by its name."""
    found = {name: service(CONTROL).operation_model(name) for name in CONTROL_OPERATIONS}
    found.update({name: service(RUNTIME).operation_model(name) for name in service(RUNTIME).operation_names})
    return found


@dataclass(frozen=True)
class Member:
    """A member of a shape: its path, as ("Tags", "[]", "Key"), and what is said of it."""

    path: tuple
    shape: object
    required: bool
    location: str  # "uri", "querystring", or "" for the body
    recursive: bool  # its shape is one that it is in; what is below stands once, further up

    @property
    def name(self):
        return dotted(self.path)

    @property
    def limits(self):
        return {key: value for key, value in self.shape.metadata.items() if key in ("min", "max")}

    @property
    def pattern(self):
        return self.shape.metadata.get("pattern")

    @property
    def enum(self):
        return list(self.shape.metadata.get("enum", []))

    @property
    def union(self):
        return bool(self.shape.metadata.get("union"))


def dotted(path):
    return ".".join(path).replace(".[]", "[]")


def members(shape):
    """Every member below a structure, those of lists and structures too."""
    return list(_below(shape, (), (shape.name,), "")) if shape else []


def _below(shape, path, inside, location):
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            at = location or member.serialization.get("location", "")
            yield from _member(member, (*path, name), name in shape.required_members, inside, at)
    elif shape.type_name == "list":
        yield from _member(shape.member, (*path, "[]"), False, inside, location)


def _member(shape, path, required, inside, location):
    recursive = shape.name in inside
    yield Member(path, shape, required, location, recursive)
    if not recursive:
        yield from _below(shape, path, (*inside, shape.name), location)


def lines(operation):
    """An operation as model.txt has it. Of Search's results those of other services are left out."""
    model = operations()[operation]
    yield f"{operation} errors: {' '.join(sorted(e.name for e in model.error_shapes))}"
    for side, shape in (("in", model.input_shape), ("out", model.output_shape)):
        for m in members(shape):
            if operation == "Search" and m.path[:2] == ("Results", "[]") and len(m.path) > 3 and not m.path[2].startswith("Feature"):
                continue
            said = [m.shape.type_name]
            said += ["required"] if m.required else []
            said += ["union"] if m.union else []
            said += [f"{key}={value}" for key, value in sorted(m.limits.items())]
            said += ["enum=" + ",".join(m.enum)] if m.enum else []
            said += ["pattern=" + m.pattern] if m.pattern else []
            said += [m.location] if m.location else []
            yield f"{operation} {side} {m.name}: {' '.join(said)}"


if __name__ == "__main__":
    for operation in sorted(operations()):
        print("\n".join(lines(operation)))
