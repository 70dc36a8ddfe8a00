"""Ways to call the builder: one of each option alone, then options at random."""

import random

from oracle import Join, Variant

KINDS = ["INNER_JOIN", "LEFT_JOIN", "RIGHT_JOIN", "FULL_JOIN"]
COMPARATORS = ["=", ">", ">=", "<", "<=", "<>"]
# Keys of the base, or of the frame, and of the groups that are joined: of one type, or of two numbers.
# What is not an identifier joins histories with each other.
IDENTIFIERS = {1: [None, "refersTo"], 2: [None, "Ref"], 3: [None, "REF"]}
WIDE = {
    "group": {1: [("Level", "Rank"), ("Score", "Rank"), ("Tag", "some-Kind")], 2: [("Level", "Rank"), ("Tag", "Kind")], 3: [("Score", "rank")]},
    "frame": {1: [("Level", "Rank"), ("weight", "Rank"), ("note", "some-Kind")], 2: [("Level", "Rank"), ("note", "Kind")], 3: [("weight", "rank")]},
}


def alone(world):
    """Each option by itself, on a base without and with a group joined to it."""
    times = world.instants
    yield Variant()
    yield Variant(to_frame=True)
    yield Variant(as_of=0)
    yield Variant(start=times[3] / 1000)
    yield Variant(end=times[5] / 1000)
    yield Variant(start=times[2] / 1000, end=times[6] / 1000)
    yield Variant(recent=1)
    yield Variant(limit=5)
    yield Variant(deleted=True)
    yield Variant(duplicated=True)
    yield Variant(deleted=True, duplicated=True)
    yield Variant(frame=True)
    for frame in (False, True):
        for kind in KINDS:
            yield Variant(frame=frame, joins=[Join(1, kind)])
            yield Variant(frame=frame, joins=[Join(1, kind)], point_in_time=True)
        for comparator in COMPARATORS[1:]:
            yield Variant(frame=frame, joins=[Join(1, comparator=comparator, base_key="Level", target_key="Rank")])
        yield Variant(frame=frame, joins=[Join(1), Join(2), Join(3)], point_in_time=True)
        yield Variant(frame=frame, joins=[Join(1)], point_in_time=True, recent=1)
        yield Variant(frame=frame, joins=[Join(1)], as_of=1)
        yield Variant(frame=frame, joins=[Join(1)], deleted=True)
        yield Variant(frame=frame, joins=[Join(1)], duplicated=True)


def at_random(rng, world):
    frame = rng.random() < 0.35
    base = world.frame if frame else world.groups[0]
    picked = rng.sample([1, 2, 3], rng.choice([1, 1, 1, 2, 2, 3] if frame else [0, 1, 1, 2, 3]))
    wide = rng.choice(picked) if picked and len(picked) < 3 and rng.random() < 0.3 else None
    variant = Variant(frame=frame, joins=[a_join(rng, frame, group, group == wide) for group in picked])
    variant.point_in_time = bool(picked) and rng.random() < 0.5
    if (picked or not frame) and rng.random() < 0.3:
        variant.as_of = rng.randrange(-1, 3)
    if rng.random() < 0.4:
        start, end = sorted(rng.choice(world.instants) / 1000 + rng.choice([0, 0, 0.0004, 0.0006, -0.25]) for _ in range(2))
        variant.start, variant.end = rng.choice([(start, None), (None, end), (start, end), (start, end)])
    if rng.random() < 0.35:
        variant.recent = rng.choice([0, 1, 1, 2, 3])
    if rng.random() < 0.15:
        variant.limit = rng.choice([0, 1, 7, 100_000])
    # Of a DataFrame there is no is_deleted, and alone it has no duplicates.
    if picked or not frame:
        variant.deleted, variant.duplicated = rng.choice([(False, False)] * 3 + [(True, False), (False, True)] + [(True, True)] * (not frame))
    choose_features(rng, world, base, variant)
    # pandas leaves out the lines of a file that has one column, where that is NULL.
    variant.to_frame = rng.random() < 0.25 and (bool(picked) or variant.include is None or len(variant.include) > 1)
    return variant


def a_join(rng, frame, group, wide):
    kind = rng.choice(KINDS)
    if wide:
        base_key, target_key = rng.choice(WIDE["frame" if frame else "group"][group])
        return Join(group, kind, rng.choice(COMPARATORS), base_key, target_key)
    base_key = rng.choice([None, "Customer"] if frame else [None, "Who", "refersTo"])
    return Join(group, kind, "=", base_key, rng.choice(IDENTIFIERS[group]))


def choose_features(rng, world, base, variant):
    """Features to include: any, but what the statement joins by has to be among them, and what it orders by
    where some rows of an identifier are asked for, so that it can be told which were returned."""
    if rng.random() < 0.5:
        needed = {join.base_key for join in variant.joins if join.base_key}
        if variant.frame or variant.recent is not None:
            needed |= {base.id, base.at}
        variant.include = some(rng, base, needed)
    for join in variant.joins:
        if rng.random() < 0.5:
            needed = {join.target_key} if join.target_key else set()
            if variant.recent is not None:
                needed.add(world.groups[join.group].at)
            join.include = some(rng, world.groups[join.group], needed)


def some(rng, source, needed):
    names = [name for name in source.features if name in needed or rng.random() < 0.4]
    rng.shuffle(names)
    return names or [rng.choice(list(source.features))]
