"""Every way in which one member of a request can break the model's rules."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

from .model import Member, members, operations
from .rules import BREAKS

WRONG_TYPE = {"string": 7, "integer": "7", "long": "7", "boolean": "true", "list": {}, "structure": [], "timestamp": True}
STRANGER = "AMemberThatNobodyKnows"


@dataclass(frozen=True)
class Mutation:
    operation: str
    member: Member
    kind: str
    change: Callable  # of the value; REMOVED takes the member away
    says: tuple  # words of which the refusal must have all

    @property
    def id(self):
        return f"{self.operation}-{self.member.name}-{self.kind}"

    def apply(self, given, place):
        """The request with this one thing changed at a place."""
        mutant = copy.deepcopy(given)
        at = mutant
        for key in place[:-1]:
            at = at[key]
        if self.change is REMOVED:
            del at[place[-1]]
        else:
            at[place[-1]] = self.change(at[place[-1]])
        return mutant


def REMOVED(value):
    raise AssertionError("the member goes away, and is not changed")


def mutations():
    for name, model in operations().items():
        for member in members(model.input_shape):
            for kind, change, says in _of(member):
                yield Mutation(name, member, kind, change, tuple(says))


def _of(m):
    in_body = m.location == ""
    if m.required and m.location != "uri":
        yield "missing", REMOVED, ()
    if in_body and (m.required or m.path[-1] == "[]"):
        yield "null", lambda _: None, ()
    if in_body:
        yield "type", lambda _: WRONG_TYPE[m.shape.type_name], ("must be",)
    yield from {
        "string": _of_text,
        "integer": _of_number,
        "long": _of_number,
        "list": _of_list,
        "structure": _of_structure,
    }.get(m.shape.type_name, lambda _: ())(m)


def _of_text(m):
    if m.enum:
        yield "enum", lambda _: "NoneOfThem", m.enum
    least, most = m.limits.get("min", 0), m.limits.get("max")
    if least > 0 and m.location != "uri":  # an empty label is another path
        yield "short", lambda text: text[: least - 1], (str(least),)
    if most is not None:
        yield "long", lambda text: text + "a" * (most + 1 - len(text)), (str(most),)
    if m.pattern and BREAKS[m.shape.name]:
        yield "pattern", lambda _: BREAKS[m.shape.name], ()


def _of_number(m):
    yield "fraction", lambda _: 1.5, ("must be",)
    if "min" in m.limits:
        yield "below", lambda _: m.limits["min"] - 1, (str(m.limits["min"]),)
    if "max" in m.limits:
        yield "above", lambda _: m.limits["max"] + 1, (str(m.limits["max"]),)


def _of_list(m):
    if m.limits.get("min", 0) > 0 and m.location == "":  # an empty list in a query is no list
        yield "few", lambda _: [], (str(m.limits["min"]),)
    if "max" in m.limits:
        yield "many", lambda elements: _repeat(elements[0], m.limits["max"] + 1), (str(m.limits["max"]),)


def _repeat(element, n):
    """So many elements, of which no two have the same name."""
    if isinstance(element, str):
        return [element if len(element) < 3 or element == "OnlineStore" else f"{element}{i}" for i in range(n)]
    names = {key for key in element if key in ("FeatureName", "Key")}
    return [{**element, **{key: f"{element[key]}{i}" for key in names}} for i in range(n)]


def _of_structure(m):
    if m.union:
        yield "none", lambda _: {}, ()
        if len(m.shape.members) > 1:
            yield "several", lambda _: {name: {} for name in m.shape.members}, ()
