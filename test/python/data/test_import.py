"""Bulk loads and exports with packages of PyPI alone: files of pandas and pyarrow, boto3 to upload them, one
signed request to import them. The program is the one of docs/import.md, as it stands there."""

import contextlib
import decimal
import io
import json
import pathlib
import re

import pandas
import pyarrow
import pyarrow.parquet
import pytest

DOCUMENT = pathlib.Path(__file__).parents[3] / "docs" / "import.md"
CALL, USE = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)


@pytest.fixture
def documented():
    """What the first program of the document defines."""
    names = {}
    exec(CALL, names)
    return names


@pytest.fixture
def larder(documented):
    """larder(method, path, **members) of the document, with JSON read."""
    return lambda *args, **members: json.loads(documented["larder"](*args, **members))


@pytest.fixture
def load(larder, bucket, s3):
    """Imports the bytes of a file into a group and returns the import when it has ended."""

    def run(group, name, content, **members):
        s3.put_object(Bucket=bucket, Key=name, Body=content)
        return larder("POST", f"/larder/FeatureGroup/{group}/Import", Sources=[f"s3://{bucket}/{name}"], WaitSeconds=900, **members)

    return run


def refused(documented, done):
    return [json.loads(line) for line in documented["larder"]("GET", f"/larder/Import/{done['ImportId']}/Errors").splitlines()]


def counts(done):
    return done["Status"], done["RowsRead"], done["RowsTaken"], done["RowsRefused"]


def test_the_program_of_the_document(documented, s3, sagemaker_client, runtime, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket="lake")
    sagemaker_client.create_feature_group(
        FeatureGroupName="clicks", RecordIdentifierFeatureName="id", EventTimeFeatureName="at",
        FeatureDefinitions=[{"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "at", "FeatureType": "String"}, {"FeatureName": "n", "FeatureType": "Integral"}],
        OnlineStoreConfig={"EnableOnlineStore": True})
    try:
        documented["frame"] = pandas.DataFrame({"id": ["a", "b", None], "at": pandas.to_datetime(["2024-01-01", "2024-01-02", "2024-01-03"], utc=True), "n": [1, 2, 3]})
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(USE, documented)
        first, reason = printed.getvalue().splitlines()
        assert first == "Done 2 1"
        assert "'row': 3" in reason and "id" in reason
        got = runtime.get_record(FeatureGroupName="clicks", RecordIdentifierValueAsString="b")["Record"]
        assert {f["FeatureName"]: f["ValueAsString"] for f in got} == {"id": "b", "at": "2024-01-02T00:00:00Z", "n": "2"}
    finally:
        sagemaker_client.delete_feature_group(FeatureGroupName="clicks")


FRAME = pandas.DataFrame({
    "id": ["a", "b", "ü 🙂", "a"],
    "at": ["2024-01-01T00:00:00Z", "2024-01-01T00:00:01.5Z", "2024-01-31T23:59:59Z", "2024-01-01T00:00:02Z"],
    "n": pandas.array([1, None, -9223372036854775808, 9007199254740993], dtype="Int64"),
    "x": [0.1, float("nan"), 1e300, -0.5],
    "words": ["plain", None, "a \"b\",\nc", "ends"],
})

WANTED = [
    ["a", "2024-01-01T00:00:00Z", "1", "0.1", "plain"], ["a", "2024-01-01T00:00:02Z", "9007199254740993", "-0.5", "ends"],
    ["b", "2024-01-01T00:00:01.5Z", None, None, None], ["ü 🙂", "2024-01-31T23:59:59Z", "-9223372036854775808", "1.0E300", "a \"b\",\nc"],
]


def as_parquet(frame):
    return frame.to_parquet(index=False)


def as_csv(frame):
    return frame.to_csv(index=False).encode()


def as_lines(frame):
    # pandas writes doubles with ten digits unless it is told.
    return frame.to_json(orient="records", lines=True, double_precision=15, force_ascii=False).encode()


FORMATS = pytest.mark.parametrize("file, write", [("rows.parquet", as_parquet), ("rows.csv", as_csv), ("rows.jsonl", as_lines)])


@FORMATS
def test_data_frames_are_records(file, write, make_group, load, rows, runtime):
    group = make_group(offline=True, n="Integral", x="Fractional", words="String")
    frame = FRAME
    if file == "rows.jsonl":  # pandas writes 1e300 so that it does not read as it was
        frame = FRAME.assign(x=[0.1, None, 1e15, -0.5])
    done = load(group, file, write(frame))
    assert counts(done) == ("Done", 4, 4, 0)
    assert (done["OnlineRecords"], done["OnlineApplied"]) == (3, 3)
    got = rows(group, "SELECT id, at, n, x, words FROM {table} ORDER BY id, at")
    wanted = WANTED if file != "rows.jsonl" else [row[:3] + [row[3] and row[3].replace("1.0E300", "1.0E15")] + row[4:] for row in WANTED]
    assert got == wanted
    record = runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a")["Record"]
    assert {f["FeatureName"]: f["ValueAsString"] for f in record} == {"id": "a", "at": "2024-01-01T00:00:02Z", "n": "9007199254740993", "x": "-0.5", "words": "ends"}


@FORMATS
def test_rows_that_break_a_rule_are_refused_and_counted(file, write, make_group, load, rows, documented):
    group = make_group(offline=True, n="Integral")
    bad = pandas.DataFrame({
        "id": ["a", None, "c", "d", "e"],
        "at": ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "yesterday", "2024-01-01T00:00:00Z", None],
        "n": ["1", "2", "3", "four", "5"],
    })
    done = load(group, file, write(bad))
    assert counts(done) == ("Done", 5, 1, 4)
    lines = refused(documented, done)
    assert [line["row"] for line in lines] == [2, 3, 4, 5]
    for line, word in zip(lines, ["id", "yesterday", "four", "at"]):
        assert word in line["reason"] and line["source"].endswith(file)
    assert rows(group, "SELECT id, n FROM {table}") == [["a", "1"]]
    failed = load(group, file, write(bad), MaxErrors=3, ClientRequestToken="strict")
    assert failed["Status"] == "Failed" and "more than 3" in failed["FailureReason"]
    assert rows(group, "SELECT id, n FROM {table}") == [["a", "1"]]


def test_types_of_arrow(make_group, load, rows):
    group = make_group(offline=True, event_time="Fractional", n="Integral", x="Fractional", words="String", price="Fractional", day="String")
    table = pyarrow.table({
        "id": pyarrow.array([1, 2], pyarrow.uint16()),
        "at": pyarrow.array([1_700_000_000_123_456_789, None], pyarrow.timestamp("ns", "Europe/Berlin")),
        "n": pyarrow.array([True, False]),
        "x": pyarrow.array([0.1, 2], pyarrow.float32()),
        "words": pyarrow.array(["x", "x"]).dictionary_encode(),
        "price": pyarrow.array([decimal.Decimal("12.50"), None], pyarrow.decimal128(9, 2)),
        "day": pyarrow.array([19723, 0], pyarrow.date32()),
        "note": pyarrow.array([{"a": 1}, None]),
    })
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out, compression="zstd")
    wrong = load(group, "wrong.parquet", out.getvalue())
    assert wrong["Status"] == "Failed" and "note" in wrong["FailureReason"]
    done = load(group, "rows.parquet", out.getvalue(), Columns={"note": "", "n": ""})
    assert counts(done) == ("Done", 2, 1, 1)
    assert rows(group, "SELECT id, at, x, words, price, day FROM {table}") == [["1", "1.7000000001234567E9", "0.1", "x", "12.5", "2024-01-01"]]


def test_what_is_no_such_file_fails_whole(make_group, load, rows, larder):
    group = make_group(offline=True)
    whole = as_parquet(FRAME[["id", "at"]])
    for name, content in [("half.parquet", whole[:len(whole) // 2]), ("no.parquet", b"id,at\n"), ("no.csv", b""), ("names.csv", b"who,when\na,b\n")]:
        failed = load(group, name, content)
        assert failed["Status"] == "Failed" and name in failed["FailureReason"], failed
    assert rows(group, "SELECT count(*) FROM {table}") == [["0"]]
    with pytest.raises(RuntimeError, match="not there"):
        larder("POST", f"/larder/FeatureGroup/{group}/Import", Sources=["s3://nobody-has-this-bucket/x.csv"])


@FORMATS
def test_an_export_is_what_pandas_reads_and_what_is_imported(file, write, documented, make_group, load, larder, rows, s3, bucket, flush):
    features = dict(n="Integral", x="Fractional", words="String")
    group, again = make_group(offline=True, **features), make_group(offline=True, **features)
    load(group, "in/rows.parquet", as_parquet(FRAME))
    form = file.split(".")[1]
    path = f"/larder/FeatureGroup/{group}/Export"
    target = f"s3://{bucket}/out/{file}"
    made = larder("POST", path, Format=form, FeaturesOnly=True, Target=target)
    assert made["Rows"] == 4 and [f["Uri"] for f in made["Files"]] == [target]
    content = s3.get_object(Bucket=bucket, Key=f"out/{file}")["Body"].read()
    reads = {
        "parquet": lambda: pandas.read_parquet(io.BytesIO(content)),
        "csv": lambda: pandas.read_csv(io.BytesIO(content), dtype={"n": "Int64"}),
        "jsonl": lambda: pandas.DataFrame([json.loads(line) for line in content.splitlines()]),
    }
    got = reads[form]().sort_values(["id", "at"])
    assert list(got.columns) == ["id", "at", "n", "x", "words"]
    wanted = FRAME.sort_values(["id", "at"])
    for column in ["id", "at", "words", "x"]:
        assert [None if pandas.isna(v) else v for v in got[column]] == [None if pandas.isna(v) else v for v in wanted[column]]
    done = larder("POST", f"/larder/FeatureGroup/{again}/Import", Sources=[target], WaitSeconds=900)
    assert counts(done) == ("Done", 4, 4, 0)
    assert rows(again, "SELECT id, at, n, x, words FROM {table} ORDER BY id, at") == WANTED
    latest = documented["larder"]("POST", path, Format="jsonl", Latest=True)
    assert sorted((r["id"], r["at"]) for r in map(json.loads, latest.splitlines())) == [
        ("a", "2024-01-01T00:00:02Z"), ("b", "2024-01-01T00:00:01.5Z"), ("ü 🙂", "2024-01-31T23:59:59Z")]
