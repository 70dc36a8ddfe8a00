"""What the builder returned, beside what it should have."""

import collections
import re

CELL = re.compile(r'(?:"((?:[^"]|"")*)")?([,\n])')


def read_csv(text):
    """The cells of a result file: every value is quoted, what is not there is NULL."""
    rows, row, at = [], [], 0
    while at < len(text):
        cell = CELL.match(text, at)
        assert cell, f"no cell at {at}: {text[at:at + 80]!r}"
        row.append(None if cell[1] is None else cell[1].replace('""', '"'))
        if cell[2] == "\n":
            rows.append(tuple(row))
            row = []
        at = cell.end()
    assert not row, "the last line has no end"
    return rows[0], rows[1:]


def kinds_of(world, variant):
    """The type of each column that is returned."""
    sources = [(world.frame if variant.frame else world.groups[0], variant.include)]
    sources += [(world.groups[join.group], join.include) for join in variant.joins]
    return [source.features[name] for source, include in sources for name in include or source.features]


def from_text(kind, text):
    """A cell of the result file as the oracle has it."""
    if text is None:
        return None
    if kind in ("Integral", "int64"):
        return int(text)
    if kind in ("Fractional", "float64"):
        return float(text)
    if kind == "bool":
        return {"true": True, "false": False}[text]
    return text


def as_pandas(value):
    """A value as it is in a DataFrame, in which a missing number or text is NaN, and an empty text too. pandas reads
    floats to the last digit but one."""
    if value is None or value == "" or value != value:
        return None
    return value if isinstance(value, str) else f"{float(value):.14g}"


def difference(expected, columns, rows):
    """None, or what is wrong with columns and rows."""
    if list(columns) != expected.columns:
        return f"columns {list(columns)}, not {expected.columns}"
    # A row may be in classes of several identifiers when neither identifier nor time is projected; then no
    # number of recent records was asked for, and all classes are whole.
    got = collections.Counter(rows)
    whole, parts = collections.Counter(), []
    for quota, members in expected.classes:
        if quota == sum(members.values()):
            whole += members
        elif quota:
            parts.append((quota, members))
    total = sum(whole.values()) + sum(quota for quota, _ in parts)
    if expected.limit is not None:
        total = min(total, expected.limit)
    if sum(got.values()) != total:
        return f"{sum(got.values())} rows, not {total}; {report(got, whole, parts)}"
    if expected.limit is None and whole - got:
        return report(got, whole, parts)
    rest = got - whole
    for quota, members in parts:
        taken = sum((rest & members).values())
        if taken > quota or expected.limit is None and taken != quota:
            return f"{taken} of {quota} rows of {dict(members)}; {report(got, whole, parts)}"
        rest -= members
    return report(got, whole, parts) if rest else None


def report(got, whole, parts):
    """The rows that should not be, and those that should."""
    may = whole + sum((members for _, members in parts), collections.Counter())
    return f"too many: {list((got - may).elements())[:5]}; missing: {list((whole - got).elements())[:5]}"
