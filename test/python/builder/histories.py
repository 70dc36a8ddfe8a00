"""Random small histories, in the words of the groups that they are written to.

A world is four groups, a base and three that are joined to it, and the histories in them: each has
identifiers of its own, some of which all four groups know. Event times come from a few instants, so
that they tie, within a group and between groups. What is written when is a round: no round writes an
identifier of a group twice, so that the order of rounds is the order of the writes. A phase is some
rounds; between two phases lies a whole second, for as_of.
"""

import dataclasses
import datetime
import random

EPOCH = 1_709_251_200  # 2024-03-01T00:00:00Z
PHASES = 3
TEXTS = ["red", "Red", "a, b", 'say "no"', "two\nlines", "löss", "x'y", "blue "]


@dataclasses.dataclass
class Row:
    values: dict  # by feature; None for a feature that is missing
    round: int
    phase: int
    deleted: bool


@dataclasses.dataclass
class Group:
    features: dict  # name to type, in the order of the definitions
    id: str
    at: str
    clock: str
    online: bool
    rows: list
    name: str = ""  # given when it is created


@dataclasses.dataclass
class Frame:
    """A base that is a DataFrame: what pandas is given, before it goes through CSV."""

    features: dict  # name to dtype
    id: str
    at: str
    rows: list  # of dicts


@dataclasses.dataclass
class World:
    number: int
    groups: list
    frame: Frame
    instants: list  # milliseconds
    histories: int


def clock_text(rng, clock, millis):
    """The event time at millis, as a client would write it."""
    moment = datetime.datetime.fromtimestamp(millis // 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    if clock == "seconds":
        return f"{moment}Z"
    if clock == "millis" or clock == "mixed" and (millis % 1000 or rng.random() < 0.5):
        return f"{moment}.{millis % 1000:03}Z"
    if clock == "mixed":
        return f"{moment}Z"
    return millis / 1000 + rng.choice([0, 0, 0, 0.0004, 0.0005, 0.0006])


def value_of(rng, kind, missing=0.25):
    """A value of a feature that may be missing."""
    if rng.random() < missing:
        return None
    if kind == "Integral":
        return rng.randrange(5)
    if kind == "Fractional":
        return rng.choice([-1.5, 0.0, 0.25, 1.0, 2.0, 3.5, 1e10])
    return rng.choice(TEXTS)


# Of each group: identifier, event time, and what else it has. Mark is different in every row. A name that is
# not quoted in the statement, of a base, can have no hyphen.
SCHEMAS = [
    ("Who", "EventTime", {"Mark": "Integral", "Score": "Fractional", "Level": "Integral", "Tag": "String", "refersTo": "id"}),
    ("who", "at", {"Mark": "Integral", "Rank": "Integral", "some-Kind": "String", "refersTo": "id"}),
    ("Id_A", "When", {"Rank": "Fractional", "Kind": "String", "mark": "Integral", "Ref": "id"}),
    ("key", "AT", {"Mark": "Integral", "rank": "Integral", "Kind": "String", "REF": "id"}),
]


def make_world(seed, number, histories, fractional):
    """The world of that number: fractional is the share of worlds whose event times are all numbers."""
    rng = random.Random(f"{seed}/{number}")
    id_type = rng.choice(["String", "Integral"])
    clocks = [rng.choice(["seconds", "millis", "mixed", "fractional"]) for _ in SCHEMAS]
    if rng.random() < fractional:
        clocks = ["fractional"] * len(SCHEMAS)
    instants = sorted(1000 * (EPOCH + second) + rng.choice([0, 0, 0, 1, 250, 999]) for second in rng.sample(range(40), 9))
    world = World(number, [], None, instants, histories)
    marks = iter(range(1, 1_000_000))
    names = [[f"h{h}-{k}" if id_type == "String" else 10 * h + k for k in range(3)] for h in range(histories)]
    for (identifier, at, rest), clock in zip(SCHEMAS, clocks):
        features = {identifier: id_type, at: "Fractional" if clock == "fractional" else "String"}
        features |= {name: id_type if kind == "id" else kind for name, kind in rest.items()}
        # Definitions need not begin with the identifier.
        order = list(features)
        if rng.random() < 0.5:
            rng.shuffle(order)
        group = Group({name: features[name] for name in order}, identifier, at, clock, rng.random() < 0.5, [])
        for mine in names:
            for who in mine:
                group.rows += history(rng, group, rest, who, mine, instants, marks)
        world.groups.append(group)
    world.frame = make_frame(rng, names, instants)
    return world


def history(rng, group, rest, who, mine, instants, marks):
    """What happens to one identifier in one group: often little, sometimes nothing."""
    rows, known = [], []
    for phase in range(PHASES):
        for step in range(rng.choice([0, 0, 1, 1, 2])):
            instant = rng.choice(instants)
            if group.clock == "seconds":
                instant -= instant % 1000
            at = clock_text(rng, group.clock, instant)
            if known and rng.random() < 0.35:
                at = rng.choice(known)  # written twice, or deleted, at an equal event time
            known.append(at)
            deleted = rng.random() < 0.2
            values = dict.fromkeys(group.features) | {group.id: who, group.at: at}
            if not deleted:
                values |= {name: rng.choice([*mine, None]) if kind == "id" else value_of(rng, kind) for name, kind in rest.items()}
                values["mark" if "mark" in rest else "Mark"] = next(marks)
            rows.append(Row(values, 10 * phase + step, phase, deleted))
    return rows


def make_frame(rng, names, instants):
    """Labels: some identifiers often, some that no group has. A text may be missing, which CSV cannot tell
    from one that is empty; numbers are all there, because CSV has no text for none."""
    at = rng.choice(["int64", "float64", "object"])
    features = {"Customer": "object" if isinstance(names[0][0], str) else "int64", "labelTime": at,
                "Label": "bool", "weight": "float64", "Level": "int64", "note": "object"}
    rows = []
    for mine in names:
        for _ in range(rng.randrange(4)):
            moment = rng.choice(instants)
            if at == "int64":
                moment = moment // 1000
            elif at == "float64":
                moment = moment / 1000
            else:
                moment = clock_text(rng, "mixed", moment)
            who = rng.choice(mine)
            if rng.random() < 0.1:
                who = "nobody" if isinstance(who, str) else -1
            rows.append({"Customer": who, "labelTime": moment, "Label": rng.random() < 0.5, "weight": rng.choice([0.5, 1.0, -2.25]),
                         "Level": rng.randrange(5), "note": rng.choice(["red", "blue", "Red", None])})
    rows = rows or [{"Customer": names[0][0], "labelTime": {"int64": EPOCH, "float64": EPOCH + 0.5, "object": "2024-03-01T00:00:00Z"}[at],
                     "Label": True, "weight": 0.5, "Level": 1, "note": "red"}]
    return Frame(features, "Customer", "labelTime", rows)
