"""Reads and writes of many records as Arrow, with pyarrow, requests and botocore alone. The program is the one of
docs/arrow.md, as it stands there."""

import datetime
import decimal
import pathlib
import re

import numpy
import pandas
import polars
import pyarrow as pa
import pytest
import requests

DOCUMENT = pathlib.Path(__file__).parents[3] / "docs" / "arrow.md"
(PROGRAM,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
CALL, USE = re.fullmatch(r"(.*?\n)(written = .*)", PROGRAM, re.DOTALL).groups()
STREAM = "application/vnd.apache.arrow.stream"


@pytest.fixture
def larder():
    """larder(path, table) of the document."""
    names = {}
    exec(CALL, names)
    return names["larder"]


@pytest.fixture
def send(larder):
    """Sends bytes and returns the answer, whatever it is."""
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    names = larder.__globals__

    def run(path, body, kind=STREAM, signed=True):
        request = AWSRequest("POST", f"{names['endpoint']}/larder/FeatureGroup/{path}", data=body, headers={"Content-Type": kind} if kind else {})
        if signed:
            SigV4Auth(names["session"].get_credentials(), "larder", names["session"].region_name).add_auth(request)
        return requests.post(request.url, data=body, headers=dict(request.headers))

    return run


def table(answer):
    assert answer.status_code == 200, answer.text
    read = pa.ipc.open_stream(answer.content).read_all()
    read.validate(full=True)
    assert answer.headers["Larder-Rows"] == str(read.num_rows)
    return read


def stream(of, **options):
    body = pa.BufferOutputStream()
    with pa.ipc.new_stream(body, of.schema, options=pa.ipc.IpcWriteOptions(**options)) as out:
        out.write_table(of)
    return body.getvalue().to_pybytes()


def held(runtime, group, identifier):
    """What boto3's GetRecord says of a record."""
    got = runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString=identifier).get("Record", [])
    return {v["FeatureName"]: v.get("ValueAsStringList", v.get("ValueAsString")) for v in got}


def test_the_program_of_the_document(make_group):
    names = {"group": make_group(event_time="Fractional", clicks="Integral")}
    exec(CALL + USE, names)
    assert names["written"] == {"RowsRead": 2, "RowsTaken": 2, "RowsRefused": 0, "Errors": []}
    assert names["table"].to_pylist() == [
        {"id": "b", "at": 2.5, "clicks": None}, {"id": "nobody", "at": None, "clicks": None}, {"id": "a", "at": 1.5, "clicks": 3}]
    assert names["table"].schema.types == [pa.string(), pa.float64(), pa.int64()]


AT = datetime.datetime(2026, 1, 2, 3, 4, 5, 678000)


@pytest.mark.parametrize("feature, column, texts", [
    ("Integral", pa.array([1, None, -9223372036854775808], pa.int64()), ["1", None, "-9223372036854775808"]),
    ("Integral", pa.array([255, None, 0], pa.uint8()), ["255", None, "0"]),
    ("Integral", pa.array([1.0, None, float("nan")]), ["1", None, None]),
    ("Integral", pa.array([AT.replace(microsecond=0)] * 3, pa.timestamp("s")), ["1767323045"] * 3),
    ("Fractional", pa.array([0.1, 1e300, 5.0]), ["0.1", "1e+300", "5.0"]),
    ("Fractional", pa.array([0.1, 1.5, None], pa.float32()), ["0.1", "1.5", None]),
    ("Fractional", pa.array([decimal.Decimal("1.20"), None, decimal.Decimal("-0.05")]), ["1.20", None, "-0.05"]),
    ("Fractional", pa.array([AT, AT, None], pa.timestamp("ms")), ["1767323045.678", "1767323045.678", None]),
    ("String", pa.array(["é", "", None]), ["é", "", None]),
    ("String", pa.array(["é", "", None], pa.large_string()), ["é", "", None]),
    ("String", pa.array(["a text that no view holds in itself", "", None], pa.string_view()), ["a text that no view holds in itself", "", None]),
    ("String", pa.array(["red", None, "red"]).dictionary_encode(), ["red", None, "red"]),
    ("String", pa.array([True, False, None]), ["true", "false", None]),
    ("String", pa.array([AT, None, None], pa.timestamp("ns", "Europe/Zurich")), ["2026-01-02T03:04:05.678Z", None, None]),
    ("String", pa.array([AT.date(), None, None]), ["2026-01-02", None, None]),
    ("String", pa.nulls(3), [None, None, None]),
    ({"FeatureType": "Integral", "CollectionType": "List"}, pa.array([[1, 2], [], None]), [["1", "2"], None, None]),
    ({"FeatureType": "String", "CollectionType": "Set"}, pa.array([["b", "a", "b"], None, []], pa.large_list(pa.string())), [["b", "a"], None, None]),
    ({"FeatureType": "Fractional", "CollectionType": "Vector", "CollectionConfig": {"VectorConfig": {"Dimension": 2}}},
     pa.array([[0.5, 1], None, [2, 3]], pa.list_(pa.float32(), 2)), [["0.5", "1.0"], None, ["2.0", "3.0"]]),
])
def test_every_type_is_what_boto3_says_it_is(make_group, larder, runtime, feature, column, texts):
    group = make_group(storage="InMemory", event_time="Fractional", f=feature)
    ids = ["x", "y", "z"]
    written = larder(f"{group}/Write", pa.table({"f": column, "id": ids, "at": [1.0, 2.0, 3.0]})).json()
    assert written["RowsTaken"] == 3, written
    for identifier, text in zip(ids, texts):
        assert held(runtime, group, identifier).get("f") == text
    read = table(larder(f"{group}/Read?FeatureNames=f", pa.table({"any": ids})))
    kind = feature if isinstance(feature, str) else feature["FeatureType"]
    number = {"Integral": int, "Fractional": float, "String": str}[kind]
    of = lambda text: None if text is None else [number(e) for e in text] if isinstance(text, list) else number(text)
    assert read.to_pylist() == [{"id": i, "f": of(t)} for i, t in zip(ids, texts)]
    whole = {"Integral": pa.int64(), "Fractional": pa.float64(), "String": pa.string()}[kind]
    assert read.schema.field("f").type == (whole if isinstance(feature, str) else pa.list_(whole))


def test_ten_thousand_rows_of_a_data_frame(make_group, larder, runtime, rows):
    group = make_group(offline=True, event_time="String", n="Integral", x="Fractional", words="String")
    n = 10_000
    frame = pandas.DataFrame({
        "id": [f"é-{i}" for i in range(n)],
        "at": pandas.date_range("2026-01-01", periods=n, freq="s"),
        "n": [i if i % 3 else numpy.nan for i in range(n)],
        "x": numpy.arange(n) / 7,
        "words": pandas.Categorical([f"word {i % 10}" for i in range(n)]),
    })
    sent = pa.Table.from_pandas(frame, preserve_index=False)
    assert larder(f"{group}/Write", sent).json() == {"RowsRead": n, "RowsTaken": n, "RowsRefused": 0, "Errors": []}
    assert rows(group, "SELECT count(*), count(DISTINCT id), count(n), sum(n) FROM {table}") == [
        [str(n), str(n), str(frame.n.count()), str(int(frame.n.sum()))]]
    order = numpy.random.default_rng(1).permutation(n)
    asked = frame.id[order].tolist() + ["nobody", frame.id[0]]
    got = table(larder(f"{group}/Read", pa.table({"id": asked}))).to_pandas()
    assert got.id.tolist() == asked
    for name in "n", "x":
        numpy.testing.assert_array_equal(got[name][:n], frame[name][order])
    assert got.words[:n].tolist() == frame.words[order].tolist()
    assert pandas.to_datetime(got["at"][:n]).dt.tz_localize(None).tolist() == frame["at"][order].tolist()
    assert got.iloc[n][["at", "n", "x", "words"]].isna().all() and got.iloc[n + 1]["x"] == 0
    for i in 0, 1, 9_999:
        record = held(runtime, group, f"é-{i}")
        assert record["x"] == repr(float(frame.x[i])) and record.get("n") == (str(i) if i % 3 else None)


def test_polars_sends_and_reads(make_group, send):
    group = make_group(event_time="Fractional", words="String")
    frame = polars.DataFrame({"id": ["a", "b"], "at": [1.0, 2.0], "words": ["a rather long text of words", None]})
    body = send(f"{group}/Write", frame.write_ipc_stream(None).getvalue())
    assert body.json()["RowsTaken"] == 2, body.text
    read = send(f"{group}/Read", frame.select("id").write_ipc_stream(None).getvalue())
    assert polars.read_ipc_stream(read.content).equals(frame)


def test_a_later_row_and_a_refused_one(make_group, larder, runtime):
    group = make_group(offline=True, event_time="Fractional", n="Integral")
    done = larder(f"{group}/Write", pa.table({
        "id": ["a", "b", "a", "a", None], "at": [5.0, float("inf"), 7.0, 6.0, 1.0], "n": ["1", "2", "3", "many", "5"]})).json()
    assert (done["RowsRead"], done["RowsTaken"], done["RowsRefused"]) == (5, 2, 3)
    assert [(e["Row"], e["RecordIdentifierValueAsString"], e["ErrorCode"]) for e in done["Errors"]] == [
        (2, "b", "ValidationException"), (4, "a", "ValidationException"), (5, "", "ValidationException")]
    assert '"many"' in done["Errors"][1]["ErrorMessage"]
    assert held(runtime, group, "a")["n"] == "3" and held(runtime, group, "b") == {}


def test_deleted_records_and_json(make_group, larder, send, runtime):
    group = make_group(n="Integral")
    larder(f"{group}/Write", pa.table({"id": ["a", "b"], "at": ["2026-01-01T00:00:00Z"] * 2, "n": [1, 2]}))
    runtime.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString="a", EventTime="2026-01-02T00:00:00Z")
    answer = send(f"{group}/Read", b'{"Identifiers": ["a", "b", "b"], "FeatureNames": ["n"]}', "application/json")
    assert table(answer).to_pylist() == [{"id": "a", "n": None}, {"id": "b", "n": 2}, {"id": "b", "n": 2}]


GOOD = {"id": ["a"], "at": ["2026-01-01T00:00:00Z"], "n": [1]}


@pytest.mark.parametrize("path, body, status, code, says", [
    ("{}/Write", b"these are no rows", 400, "ValidationException", "message 1"),
    ("{}/Write", stream(pa.table(GOOD))[:-9], 400, "ValidationException", "message 2"),
    ("{}/Write", stream(pa.table(GOOD | {"n": ["a long text, as long as it takes" * 90]}), compression="zstd"), 400, "ValidationException", "compressed"),
    ("{}/Write", stream(pa.table(GOOD | {"unknown": [1]})), 400, "ValidationException", 'no feature \\"unknown\\"'),
    ("{}/Write", stream(pa.table(GOOD | {"n": pa.array([b"1"])})), 400, "ValidationException", 'the column \\"n\\" of the source is binary'),
    ("{}/Write", stream(pa.table(GOOD | {"n": [{"a": 1}]})), 400, "ValidationException", "struct"),
    ("{}/Read", stream(pa.table({"id": ["a"] * 100_001})), 400, "ValidationException", "more than 100000 rows"),
    ("{}/Read?FeatureNames=m", stream(pa.table({"id": ["a"]})), 400, "ValidationException", 'no feature \\"m\\"'),
    ("nobody{}/Read", stream(pa.table({"id": ["a"]})), 404, "ResourceNotFound", "nobody"),
    ("nobody{}/Write", stream(pa.table(GOOD)), 404, "ResourceNotFound", "nobody"),
])
def test_what_is_refused(make_group, send, runtime, path, body, status, code, says):
    group = make_group(n="Integral")
    answer = send(path.format(group), body)
    assert answer.status_code == status and answer.headers["x-amzn-ErrorType"].startswith(code) and says in answer.text, answer.text
    assert held(runtime, group, "a") == {}


def test_an_unsigned_request_is_refused(make_group, send, runtime):
    group = make_group(n="Integral")
    for path, body in (f"{group}/Write", stream(pa.table(GOOD))), (f"{group}/Read", stream(pa.table({"id": ["a"]}))):
        answer = send(path, body, signed=False)
        assert answer.status_code == 403 and "Larder-Rows" not in answer.headers, answer.text
    assert held(runtime, group, "a") == {}


def test_rows_are_there_after_the_power_fails(own_server, send, larder, monkeypatch):
    server = own_server()
    server.client("sagemaker").create_feature_group(
        FeatureGroupName="g", RecordIdentifierFeatureName="id", EventTimeFeatureName="at",
        FeatureDefinitions=[{"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "at", "FeatureType": "Fractional"}],
        OnlineStoreConfig={"EnableOnlineStore": True})
    monkeypatch.setitem(larder.__globals__, "endpoint", server.endpoint)
    import boto3

    monkeypatch.setitem(larder.__globals__, "session", boto3.Session(server.key, server.secret, region_name="us-east-1"))
    ids = [str(i) for i in range(3000)]
    assert larder("g/Write", pa.table({"id": ids, "at": [1.0] * 3000})).json()["RowsTaken"] == 3000
    server.kill()
    server.start()
    monkeypatch.setitem(larder.__globals__, "endpoint", server.endpoint)
    assert table(larder("g/Read", pa.table({"id": ids}))).column("at").null_count == 0
