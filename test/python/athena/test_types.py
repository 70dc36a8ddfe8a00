"""Every type of a result, through every cursor, against the values that the statement was made of."""

import datetime
import decimal
import json
import math
import random
import struct

import numpy
import pandas
import pytest
from pyathena.arrow.cursor import ArrowCursor
from pyathena.cursor import Cursor, DictCursor
from pyathena.pandas.cursor import PandasCursor
from pyathena.polars.cursor import PolarsCursor
from pyathena.s3fs.cursor import S3FSCursor

SEED = random.randrange(1 << 32)
TEXTS = ["", " ", "a", "é, \"x\"", "it's", "two\nlines", "\ttab\\", "NULL", "null", "1", "ключ=значение", "\U0001f600", "{a=1}", "[1, 2]", "\"\"", ",", "%s %(x)s ?"]


def real(x):
    """The nearest number of 32 bits."""
    return struct.unpack("f", struct.pack("f", x))[0]


def text(value):
    return "'" + value.replace("'", "''") + "'"


def instant(rng):
    return datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=rng.randint(-(10**12), 4 * 10**12))


# type: (a value by chance, special values, its literal)
TYPES = {
    "boolean": (lambda rng: rng.random() < 0.5, [True, False], str),
    "tinyint": (lambda rng: rng.randint(-128, 127), [-128, 127, 0], lambda v: f"CAST({v} AS tinyint)"),
    "smallint": (lambda rng: rng.randint(-(2**15), 2**15 - 1), [-(2**15), 2**15 - 1], lambda v: f"CAST({v} AS smallint)"),
    "integer": (lambda rng: rng.randint(-(2**31), 2**31 - 1), [-(2**31), 2**31 - 1], lambda v: f"CAST({v} AS integer)"),
    "bigint": (lambda rng: rng.randint(-(2**63), 2**63 - 1), [-(2**63), 2**63 - 1], lambda v: f"bigint '{v}'"),
    "real": (lambda rng: real(rng.uniform(-1e6, 1e6)), [0.0, -0.0, 1.5, real(1e-30), real(3e38), 16777216.0], lambda v: f"real '{v!r}'"),
    "double": (lambda rng: rng.uniform(-1, 1) * 10.0 ** rng.randint(-300, 300), [0.0, -0.0, 0.1, 1e7, 12345678.9, 1e-3, 9.999e-4, 5e-324, 1.7976931348623157e308],
               lambda v: f"double '{v!r}'"),
    "decimal(18,4)": (lambda rng: decimal.Decimal(rng.randint(-(10**17), 10**17)).scaleb(-4), [decimal.Decimal("0.0000"), decimal.Decimal("-0.0001")],
                      lambda v: f"CAST(decimal '{v:f}' AS decimal(18,4))"),
    "decimal(38,0)": (lambda rng: decimal.Decimal(rng.randint(-(10**37), 10**37)), [decimal.Decimal(10**38 - 1), decimal.Decimal(-1)],
                      lambda v: f"CAST(decimal '{v:f}' AS decimal(38,0))"),
    "varchar": (lambda rng: "".join(rng.choice(TEXTS) for _ in range(rng.randint(1, 3))), TEXTS, text),
    "char(5)": (lambda rng: "".join(rng.choice("abcé ") for _ in range(5)), ["     ", "abc  "], lambda v: f"CAST({text(v)} AS char(5))"),
    "date": (lambda rng: instant(rng).date(), [datetime.date(1969, 12, 31), datetime.date(2024, 2, 29), datetime.date(1, 1, 1), datetime.date(9999, 12, 31)], lambda v: f"date '{v.isoformat()}'"),
    "timestamp": (instant, [datetime.datetime(1969, 12, 31, 23, 59, 59, 999000), datetime.datetime(2024, 2, 29)],
                  lambda v: f"timestamp '{v.isoformat(sep=' ', timespec='milliseconds')}'"),
    "timestamp with time zone": (lambda rng: instant(rng).replace(tzinfo=datetime.timezone.utc), [datetime.datetime(2024, 2, 29, tzinfo=datetime.timezone.utc)],
                                 lambda v: f"timestamp '{v.replace(tzinfo=None).isoformat(sep=' ', timespec='milliseconds')} UTC'"),
    "time": (lambda rng: instant(rng).time(), [datetime.time(0), datetime.time(23, 59, 59, 999000)], lambda v: f"time '{v.isoformat(timespec='milliseconds')}'"),
    "varbinary": (lambda rng: rng.randbytes(rng.randint(1, 20)), [b"\x00", b"\xff\x00\x7f"], lambda v: f"x'{v.hex()}'"),
    "json": (lambda rng: {"k": [rng.randint(0, 9), None, {"x": "é \"q\""}]}, [[], {}, 1, "text", True], lambda v: f"json_parse({text(json.dumps(v))})"),
    "array(integer)": (lambda rng: [rng.choice([None, rng.randint(-9, 9)]) for _ in range(rng.randint(1, 4))], [[1], [None]],
                       lambda v: "CAST(ARRAY[" + ",".join("NULL" if e is None else str(e) for e in v) + "] AS array(integer))"),
    "map(varchar,integer)": (lambda rng: {f"k{i}": rng.randint(-9, 9) for i in range(rng.randint(1, 3))}, [{"a": 1}],
                             lambda v: f"MAP(ARRAY[{','.join(map(text, v))}], ARRAY[{','.join(map(str, v.values()))}])"),
    "row(f integer, g varchar)": (lambda rng: {"f": rng.randint(-9, 9), "g": rng.choice("abc") + "z"}, [{"f": 0, "g": "g"}],
                                  lambda v: f"CAST(ROW({v['f']}, {text(v['g'])}) AS row(f integer, g varchar))"),
}
NESTED = {"array(integer)", "map(varchar,integer)", "row(f integer, g varchar)"}


@pytest.fixture(scope="module")
def history():
    """Rows of a value of each type, the special ones among them, and of NULL."""
    rng = random.Random(SEED)
    rows = [[None] * len(TYPES)]
    for i in range(40):
        row = []
        for chance, special, _ in TYPES.values():
            row.append(special[i] if i < len(special) else None if rng.random() < 0.1 else chance(rng))
        rows.append(row)
    return rows


def statement(rows):
    """The statement whose result the rows are."""
    literals = []
    for i, row in enumerate(rows):
        cells = [str(i)]
        for name, value, (_, _, literal) in zip(TYPES, row, TYPES.values()):
            cells.append(f"CAST(NULL AS {name})" if value is None else literal(value))
        literals.append("(" + ", ".join(cells) + ")")
    columns = ", ".join(f'"{name}"' for name in TYPES)
    casts = ", ".join(f'CAST("{name}" AS {name}) AS "{name}"' for name in TYPES)
    return f"SELECT {casts} FROM (VALUES {', '.join(literals)}) AS t(place, {columns}) ORDER BY place"


def printed(name, value):
    """The text of a value of a nested type."""
    one = lambda v: "null" if v is None else str(v)
    if name.startswith("array"):
        return "[" + ", ".join(map(one, value)) + "]"
    return "{" + ", ".join(f"{k}={one(v)}" for k, v in value.items()) + "}"


def same(want, got):
    if isinstance(want, float):
        return isinstance(got, float) and (got == want and math.copysign(1, got) == math.copysign(1, want))
    return type(got) is type(want) and got == want


def check(history, rows, expected=lambda name, value: value):
    assert len(rows) == len(history), f"seed {SEED}"
    for want, got in zip(history, rows):
        for (name, value), cell in zip(zip(TYPES, want), got):
            value = expected(name, value)
            if name == "real" and isinstance(cell, float):
                cell = real(cell)  # printed as short as it can be told from its neighbours
            assert same(value, cell), f"seed {SEED}, {name}: {value!r} came back as {cell!r}"


HINTS = {name: name for name in NESTED}
INFO = {"boolean": ("boolean", 0, 0), "tinyint": ("tinyint", 3, 0), "smallint": ("smallint", 5, 0), "integer": ("integer", 10, 0), "bigint": ("bigint", 19, 0),
        "real": ("float", 17, 0), "double": ("double", 17, 0), "decimal(18,4)": ("decimal", 18, 4), "decimal(38,0)": ("decimal", 38, 0),
        "varchar": ("varchar", 2147483647, 0), "char(5)": ("char", 5, 0), "date": ("date", 0, 0), "timestamp": ("timestamp", 3, 0),
        "timestamp with time zone": ("timestamp with time zone", 3, 0), "time": ("time", 3, 0), "varbinary": ("varbinary", 1073741824, 0), "json": ("json", 0, 0),
        "array(integer)": ("array", 0, 0), "map(varchar,integer)": ("map", 0, 0), "row(f integer, g varchar)": ("row", 0, 0)}


@pytest.mark.parametrize("cursor_class", [Cursor, DictCursor, S3FSCursor])
def test_python_values(connection, history, cursor_class):
    cursor = connection(cursor_class=cursor_class).cursor(arraysize=7)
    rows = cursor.execute(statement(history), result_set_type_hints=HINTS).fetchall()
    assert [(c[0], c[1], c[4], c[5], c[6]) for c in cursor.description] == [(name, *INFO[name], "UNKNOWN") for name in TYPES]
    check(history, [list(row.values()) for row in rows] if cursor_class is DictCursor else rows)


def plain(cell):
    """A value of a data frame as Python's own: NULL may be a NaN or a NaT, numbers may be numpy's."""
    if pandas.api.types.is_scalar(cell) and pandas.isna(cell):
        return None
    if isinstance(cell, pandas.Timestamp):
        return cell.to_pydatetime()
    return cell.item() if isinstance(cell, numpy.generic) else cell


def as_text(name, value):
    """What a value of a nested type is to who reads the file."""
    return printed(name, value) if name in NESTED and value is not None else value


def as_arrow(name, value):
    """pyarrow's reader takes no text for NULL unless it is told to."""
    return "" if value is None and (name in NESTED or name in ("varchar", "char(5)")) else as_text(name, value)


def as_pandas(name, value):
    """To pandas the empty text is NULL, in quotes or not."""
    return None if value == "" else as_text(name, value)


@pytest.mark.parametrize("cursor_class, expected", [(PandasCursor, as_pandas), (ArrowCursor, as_arrow), (PolarsCursor, as_text)])
def test_values_of_data_frames(connection, history, cursor_class, expected):
    cursor = connection(cursor_class=cursor_class).cursor()
    rows = cursor.execute(statement(history)).fetchall()
    assert [(c[0], c[1], c[4], c[5], c[6]) for c in cursor.description] == [(name, *INFO[name], "UNKNOWN") for name in TYPES]
    check(history, [[plain(cell) for cell in row] for row in rows], expected)


# What files of Parquet that Hive reads can hold.
STORED = [name for name in TYPES if name not in ("time", "timestamp with time zone", "json")]


@pytest.mark.parametrize("cursor_class", [PandasCursor, ArrowCursor, PolarsCursor])
def test_values_unloaded_to_parquet(connection, history, cursor_class):
    """unload=True has the rows written as Parquet, which the cursor reads without GetQueryResults."""
    columns = ", ".join(f'"{name}"' for name in STORED)
    cursor = connection(cursor_class=cursor_class, cursor_kwargs={"unload": True}).cursor()
    rows = cursor.execute(f"SELECT place, {columns} FROM ({statement(history).replace('SELECT ', 'SELECT place, ', 1)})").fetchall()
    for row in rows:
        wanted = dict(zip(TYPES, history[row[0]]))
        for name, cell in zip(STORED, row[1:]):
            value, cell = wanted[name], plain(cell)
            if name == "char(5)" and value is not None:
                value = value.rstrip(" ")  # which is how Trino writes them
            if isinstance(value, int) and isinstance(cell, float):
                value = float(value)  # pandas makes such a column of one of integers with NULL
            if name.startswith("array") and cell is not None:
                cell = [None if e is None or e != e else int(e) for e in cell]
            if name.startswith("map") and cell is not None:
                cell = dict(cell)
            assert same(value, cell), f"seed {SEED}, {name}: {value!r} came back as {cell!r}"
    assert sorted(row[0] for row in rows) == list(range(len(history)))
