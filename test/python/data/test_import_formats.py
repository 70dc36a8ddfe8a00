"""`larder import` of files as pyarrow, pandas, polars and DuckDB write them: every codec, encoding and unit."""

import datetime
import decimal
import os
import subprocess

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

from servers import LARDER

ROWS = 300
START = datetime.datetime(2024, 3, 1, 12, 30, 0, 250_000, tzinfo=datetime.timezone.utc)
IDS = [f"é-{i // 2}" for i in range(ROWS)]
TIMES = [START + datetime.timedelta(seconds=i) for i in range(ROWS)]
NUMBERS = [None if i % 7 == 0 else (i - 100) * 1_000_003 for i in range(ROWS)]
DOUBLES = [None if i % 5 == 0 else i / 8 for i in range(ROWS)]
WORDS = [None if i % 3 == 0 else f'word {i % 11}, "ü"\n' for i in range(ROWS)]


def table(**replaced):
    columns = {"id": IDS, "at": TIMES, "n": NUMBERS, "x": DOUBLES, "words": WORDS} | replaced
    return pyarrow.table(columns)


def run(group, *files, status=0):
    command = [LARDER, "import", "--data", os.environ["LARDER_DATA"], "--group", group, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def group(make_group):
    return make_group(offline=True, n="Integral", x="Fractional", words="String")


@pytest.fixture
def imported(group, runtime, tmp_path):
    """Imports a file that a function writes, and holds the group against the rows above."""

    def check(write, name="rows.parquet"):
        file = tmp_path / name
        write(file)
        assert f"{ROWS} rows read, {ROWS} taken, 0 refused" in run(group, file)
        for i in (1, 101, ROWS - 1):  # the later of two
            record = runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString=IDS[i])["Record"]
            got = {value["FeatureName"]: value["ValueAsString"] for value in record}
            at, x = datetime.datetime.fromisoformat(got.pop("at")), got.pop("x", None)
            want = {"id": IDS[i]}
            want |= {} if NUMBERS[i] is None else {"n": str(NUMBERS[i])}
            want |= {} if WORDS[i] is None else {"words": WORDS[i]}
            assert (got, at, x and float(x)) == (want, TIMES[i], DOUBLES[i])

    return check


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "brotli", "zstd"])
@pytest.mark.parametrize("page", ["1.0", "2.0"])
def test_codecs_of_pyarrow(imported, codec, page):
    imported(lambda file: pyarrow.parquet.write_table(table(), file, compression=codec, data_page_version=page))


ENCODINGS = [
    {"n": "PLAIN", "x": "PLAIN", "words": "PLAIN", "id": "PLAIN"},
    {"n": "DELTA_BINARY_PACKED", "x": "BYTE_STREAM_SPLIT", "words": "DELTA_LENGTH_BYTE_ARRAY", "id": "DELTA_BYTE_ARRAY", "at": "DELTA_BINARY_PACKED"},
    {"n": "BYTE_STREAM_SPLIT", "words": "DELTA_BYTE_ARRAY"},
]


@pytest.mark.parametrize("encodings", ENCODINGS, ids=lambda encodings: encodings["words"].lower())
@pytest.mark.parametrize("page", ["1.0", "2.0"])
def test_encodings_of_pyarrow(imported, encodings, page):
    imported(lambda file: pyarrow.parquet.write_table(
        table(), file, use_dictionary=False, column_encoding=encodings, data_page_version=page, write_page_checksum=True))


@pytest.mark.parametrize("how", [
    {"version": "1.0"}, {"version": "2.4"}, {"use_deprecated_int96_timestamps": True}, {"coerce_timestamps": "ms"},
    {"row_group_size": 7, "data_page_size": 64}, {"dictionary_pagesize_limit": 40, "data_page_size": 100},
], ids=str)
def test_versions_and_sizes_of_pyarrow(imported, how):
    imported(lambda file: pyarrow.parquet.write_table(table(), file, **how))


COLUMNS = {
    "times in milliseconds": lambda: {"at": pyarrow.array(TIMES, pyarrow.timestamp("ms", "UTC"))},
    "times in nanoseconds": lambda: {"at": pyarrow.array(TIMES, pyarrow.timestamp("ns", "Europe/Rome"))},
    "times without a zone": lambda: {"at": pyarrow.array([at.replace(tzinfo=None) for at in TIMES], pyarrow.timestamp("us"))},
    "times as text": lambda: {"at": [at.isoformat() for at in TIMES]},
    "small integers": lambda: {"n": pyarrow.array(NUMBERS, pyarrow.int32())},
    "integers as doubles": lambda: {"n": pyarrow.array(NUMBERS, pyarrow.float64())},
    "integers as decimals": lambda: {"n": pyarrow.array([None if n is None else decimal.Decimal(n) for n in NUMBERS], pyarrow.decimal128(18, 0))},
    "integers as text": lambda: {"n": [None if n is None else str(n) for n in NUMBERS]},
    "doubles as decimals": lambda: {"x": pyarrow.array([None if x is None else decimal.Decimal(str(x)) for x in DOUBLES], pyarrow.decimal128(38, 4))},
    "single doubles": lambda: {"x": pyarrow.array(DOUBLES, pyarrow.float32())},
    "NaN for null": lambda: {"x": pyarrow.array([float("nan") if x is None else x for x in DOUBLES])},
    "categories": lambda: {"words": pyarrow.array(WORDS).dictionary_encode(), "id": pyarrow.array(IDS).dictionary_encode()},
    "large text": lambda: {"words": pyarrow.array(WORDS, pyarrow.large_string())},
    "bytes": lambda: {"words": pyarrow.array([None if w is None else w.encode() for w in WORDS], pyarrow.binary())},
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_types_of_pyarrow(imported, kind):
    def write(file):
        pyarrow.parquet.write_table(table(**COLUMNS[kind]()), file)

    imported(write)


def test_pandas(imported):
    imported(lambda file: table().to_pandas().to_parquet(file))


@pytest.mark.parametrize("codec", ["uncompressed", "snappy", "gzip", "brotli", "zstd"])
def test_codecs_of_polars(imported, codec):
    imported(lambda file: polars.from_arrow(table()).write_parquet(file, compression=codec))


@pytest.mark.parametrize("codec", ["uncompressed", "snappy", "gzip", "zstd", "brotli"])
@pytest.mark.parametrize("version", ["V1", "V2"])
def test_codecs_of_duckdb(imported, codec, version):
    def write(file):
        rows = table()
        duckdb.sql(f"COPY rows TO '{file}' (FORMAT parquet, COMPRESSION {codec}, PARQUET_VERSION {version})")

    imported(write)


@pytest.mark.parametrize("name", ["rows.csv", "rows.csv.gz", "rows.jsonl", "rows.jsonl.gz"])
def test_text_of_pandas(imported, name):
    frame = table(at=[at.isoformat() for at in TIMES], n=pyarrow.array(NUMBERS)).to_pandas()
    frame["n"] = frame["n"].astype("Int64")

    def write(file):
        if ".csv" in name:
            frame.to_csv(file, index=False)
        else:
            frame.to_json(file, orient="records", lines=True, force_ascii=False)

    imported(write, name)


def test_lz4_is_refused(group, tmp_path):
    file = tmp_path / "rows.parquet"
    pyarrow.parquet.write_table(table(), file, compression="lz4")
    assert "compressed with LZ4_RAW; write the file with Snappy" in run(group, file, status=1)


def test_what_has_no_feature_is_refused(group, tmp_path):
    columns = {
        "a structure": {"words": pyarrow.array([{"a": 1}] * ROWS)},
        "a map": {"words": pyarrow.array([[("a", 1)]] * ROWS, pyarrow.map_(pyarrow.string(), pyarrow.int64()))},
        "lists": {"words": pyarrow.array([["a"]] * ROWS)},
        "lists of lists": {"words": pyarrow.array([[["a"]]] * ROWS)},
        "times of day": {"words": pyarrow.array([datetime.time(1)] * ROWS)},
        "half doubles": {"x": pyarrow.array([1.5] * ROWS, pyarrow.float16())},
        "another column": {"more": IDS},
    }
    for what, column in columns.items():
        file = tmp_path / "rows.parquet"
        pyarrow.parquet.write_table(table(**column), file)
        said = run(group, file, status=1)
        assert "nothing of it was kept" in said and str(file) in said and f'"{next(iter(column))}"' in said, (what, said)
