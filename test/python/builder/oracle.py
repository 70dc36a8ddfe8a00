"""What DatasetBuilder returns, worked out by loops over the history, from what its SQL means on Athena.

Not what it should return: a point-in-time join keeps every feature row that is not later than the
label, and include_deleted_records leaves out tombstones rather than bringing them in.
"""

import collections
import dataclasses
import datetime
import functools
import math
import operator

COMPARE = {"=": operator.eq, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le, "<>": operator.ne}


@dataclasses.dataclass
class Join:
    group: int  # of the world's
    kind: str = "INNER_JOIN"
    comparator: str = "="
    base_key: str = None
    target_key: str = None
    include: list = None


@dataclasses.dataclass
class Variant:
    """One way to call the builder."""

    frame: bool = False
    include: list = None
    joins: list = dataclasses.field(default_factory=list)
    point_in_time: bool = False
    as_of: int = None  # the last phase that is known
    start: float = None  # seconds
    end: float = None
    recent: int = None
    limit: int = None
    deleted: bool = False
    duplicated: bool = False
    to_frame: bool = False


@dataclasses.dataclass
class Expected:
    """The columns, and the rows in classes: rows of one class are equal in what orders the rows of an
    identifier, and of each class quota rows are returned, whichever. limit is of all."""

    columns: list
    classes: list  # of (quota, Counter of rows)
    limit: int


class Refused(Exception):
    """Athena refuses the statement; the text is its kind of error."""


@functools.cache
def millis(value):
    """from_iso8601_timestamp of a text, from_unixtime of a number: both have milliseconds."""
    if isinstance(value, str):
        return round(datetime.datetime.fromisoformat(value).timestamp() * 1000)
    return math.floor(value * 1000 + 0.5)


def expected(world, variant):
    base = world.frame if variant.frame else world.groups[0]
    joined = [world.groups[join.group] for join in variant.joins]
    records = [(row,) for row in records_of(base, variant)]
    for number, (join, group) in enumerate(zip(variant.joins, joined)):
        records = join_rows(records, number + 1, join, base, group, variant)
    projected = [variant.include or list(base.features)]
    projected += [join.include or list(group.features) for join, group in zip(variant.joins, joined)]
    columns = list(projected[0]) + [f"{name}.{i}" for i, names in enumerate(projected[1:], 1) for name in names]

    # PARTITION BY the base's identifier, ORDER BY every event time, the newest first and NULL last.
    partitions = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
    for record in records:
        who = record[0] and record[0][base.id]
        times = tuple(row and row[source.at] for row, source in zip(record, [base, *joined]))
        cells = tuple(row and row[name] for row, names in zip(record, projected) for name in names)
        partitions[who][times][cells] += 1
    classes = []
    for ties in partitions.values():
        left = math.inf if variant.recent is None else variant.recent
        for times in newest_first(ties):
            size = sum(ties[times].values())
            classes.append((min(size, left), ties[times]))
            left = max(0, left - size)
    return Expected(columns, classes, variant.limit)


def newest_first(ties):
    """Sorts tuples of event times by the first, then by the second, and so on: descending, None last."""
    times = list(ties)
    for i in reversed(range(len(times[0]))):
        known = sorted((t for t in times if t[i] is not None), key=lambda t: t[i], reverse=True)
        times = known + [t for t in times if t[i] is None]
    return times


def records_of(source, variant):
    """The rows of the CTE fg_base or fg_i."""
    def in_range(values):
        at = millis(values[source.at])
        return (variant.start is None or at >= millis(variant.start)) and (variant.end is None or at <= millis(variant.end))

    def known(row):
        return variant.as_of is None or row.phase <= variant.as_of

    def outer(row):
        # With a DataFrame as base the statement forgets as_of here.
        return (variant.frame or known(row)) and in_range(row.values)

    if not hasattr(source, "clock"):
        # CSV has no NULL: a text that is missing is empty.
        read = [{k: "" if v is None else v for k, v in row.items()} for row in source.rows]
        if variant.deleted and variant.duplicated:
            raise Refused("COLUMN_NOT_FOUND")  # is_deleted
        return [values for values in read if in_range(values)]
    rows = source.rows
    if variant.deleted:
        rows = [row for row in rows if not row.deleted]
        if not variant.duplicated:
            rows = last_written(rows, source)  # before the conditions: what is not known yet hides what was
        return [row.values for row in rows if outer(row)]
    if not variant.duplicated:
        rows = last_written([row for row in rows if known(row) and in_range(row.values)], source)

    newest = {}  # tombstone of each identifier
    for row in source.rows:
        both = variant.start is not None and variant.end is not None
        if row.deleted and known(row) and (not both or in_range(row.values)):
            who = row.values[source.id]
            if who not in newest or recency(row, source) > recency(newest[who], source):
                newest[who] = row
    alive = []
    for row in rows:
        tombstone = newest.get(row.values[source.id])
        if (tombstone is None or recency(row, source) > recency(tombstone, source)) and outer(row):
            alive.append(row.values)
    return alive


def recency(row, source):
    return row.values[source.at], row.round


def last_written(rows, source):
    """Of each identifier and event time the row that was written last."""
    last = {}
    for row in rows:
        key = row.values[source.id], row.values[source.at]
        if key not in last or row.round > last[key].round:
            last[key] = row
    return list(last.values())


def join_rows(records, number, join, base, group, variant):
    """records, tuples of one row for each source so far, joined with the rows of group. Either side may be None."""
    rights = records_of(group, variant)
    base_key, target_key = join.base_key or base.id, join.target_key or group.id

    def matches(record, right):
        left = record[0]
        if left is None or left[base_key] is None or right[target_key] is None:
            return False
        if not COMPARE[join.comparator](left[base_key], right[target_key]):
            return False
        return not variant.point_in_time or millis(left[base.at]) >= millis(right[group.at])

    out, met = [], set()
    equal = collections.defaultdict(list)  # where only equal keys can match, no others are looked at
    for i, right in enumerate(rights):
        equal[right[target_key]].append(i)
    for record in records:
        near = range(len(rights))
        if join.comparator == "=":
            near = equal[record[0] and record[0][base_key]]
        found = [i for i in near if matches(record, rights[i])]
        met.update(found)
        out += [(*record, rights[i]) for i in found]
        if not found and join.kind in ("LEFT_JOIN", "FULL_JOIN"):
            out.append((*record, None))
    if join.kind in ("RIGHT_JOIN", "FULL_JOIN"):
        out += [((None,) * number + (right,)) for i, right in enumerate(rights) if i not in met]
    return out
