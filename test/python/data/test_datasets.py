"""Training sets by the HTTP of the server and by its command, with packages of PyPI alone: labels of pandas, the
rows back by Arrow in pyarrow, pandas and polars. The requests are those of the program in docs/training-sets.md."""

import io
import json
import os
import pathlib
import re
import subprocess

import pandas
import polars
import pyarrow
import pyarrow.parquet
import pytest

DOCUMENT = pathlib.Path(__file__).parents[3] / "docs" / "training-sets.md"
CALL, USE = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)[:2]
LARDER = os.environ.get("LARDER", str(pathlib.Path(__file__).parents[3] / "bin" / "larder"))


@pytest.fixture
def larder():
    """larder(method, path, **members) of the document."""
    names = {}
    exec(CALL, names)
    return names["larder"]


@pytest.fixture
def create(larder, name):
    """Makes a dataset and returns it when it has ended."""

    def run(groups, time="when", labels=None, **members):
        request = {"DatasetName": name, "Labels": {"TimeColumn": time} | (labels or {}), "Groups": groups, "WaitSeconds": 900}
        return json.loads(larder("POST", "/larder/Dataset", **(request | members)))

    return run


@pytest.fixture
def shop(make_group, runtime):
    """A group of customers with the records of two, one of whom is deleted."""
    from records import record

    group = make_group(offline=True, spent="Fractional", orders="Integral", city="String")
    for identifier, at, spent, orders, city in [
        ("1", "2024-01-01T00:00:00Z", "10.5", "1", "Bern"),
        ("1", "2024-02-01T00:00:00Z", "20.25", "2", 'Bern, "old" town'),
        ("1", "2024-03-01T00:00:00Z", "30", "3", "Zürich"),
        ("2", "2024-01-15T12:00:00.500Z", "7", "9", "Basel"),
    ]:
        runtime.put_record(FeatureGroupName=group, Record=record(id=identifier, at=at, spent=spent, orders=orders, city=city))
    runtime.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString="2", EventTime="2024-02-15T00:00:00Z", DeletionMode="SoftDelete")
    return group


@pytest.fixture
def labels(bucket, s3):
    """Uploads a data frame as Parquet and returns its URI."""

    def put(frame, form="parquet"):
        body = io.BytesIO()
        if form == "parquet":
            frame.to_parquet(body)
        else:
            frame.to_csv(body, index=False)
        s3.put_object(Bucket=bucket, Key=f"labels.{form}", Body=body.getvalue())
        return {"Source": f"s3://{bucket}/labels.{form}"}

    return put


FRAME = pandas.DataFrame({
    "id": ["1", "2", "1", None, "3", "2", "1"],
    "when": pandas.to_datetime(
        ["2024-02-10", "2024-01-15 12:00:00.5", "2024-01-01", "2024-02-01", "2024-02-01", "2024-03-01", None], format="ISO8601", utc=True),
    "bought": [True, False, True, False, True, False, True],
})
SPENT = [20.25, 7.0, 10.5, None, None, None, None]


@pytest.mark.parametrize("flushed", [False, True])
def test_one_row_for_each_label(larder, create, shop, labels, flush, flushed):
    if flushed:
        flush(shop)
    made = create([{"FeatureGroupName": shop, "Features": ["spent", "orders", "city"]}], labels=labels(FRAME))
    assert made["Status"] == "Ready", made
    assert made["Rows"] == len(FRAME)
    assert [column["Name"] for column in made["Columns"]] == ["id", "when", "bought", "spent", "orders", "city"]
    spent = made["Columns"][3]
    assert (spent["Values"], spent["Nulls"], spent["Distinct"], spent["Min"], spent["Max"], spent["Mean"]) == (3, 4, 3, "7.0", "20.25", 12.583333333333334)
    where = f"/larder/Dataset/{made['DatasetName']}/Rows"
    table = pyarrow.ipc.open_stream(larder("GET", where)).read_all()
    assert table["spent"].to_pylist() == SPENT
    assert table["orders"].to_pylist() == [2, 9, 1, None, None, None, None]
    assert table["city"].to_pylist() == ['Bern, "old" town', "Basel", "Bern", None, None, None, None]
    assert table["bought"].to_pylist() == FRAME["bought"].to_list()
    assert table["when"].to_pandas().to_list() == FRAME["when"].to_list()
    # The same rows in every form.
    frame = table.to_pandas()
    parquet = pyarrow.parquet.read_table(io.BytesIO(larder("GET", where + "?Format=parquet")))
    assert parquet.to_pylist() == table.to_pylist()
    assert polars.read_ipc_stream(larder("GET", where)).to_dicts() == polars.from_arrow(table).to_dicts()
    csv = pandas.read_csv(io.BytesIO(larder("GET", where + "?Format=csv")), dtype={"id": str})
    assert csv["city"].where(csv["city"].notna(), None).to_list() == frame["city"].to_list()


# What the SageMaker SDK gives five rows for, or one: test/python/builder/test_cases_v2.py.
def test_two_labels_of_one_customer_with_three_records_give_two_rows(larder, create, labels, make_group, runtime):
    from records import record

    group = make_group(offline=True, online=False, event_time="Fractional", balance="Integral")
    for at, balance in [("100", "10"), ("200", "20"), ("300", "30")]:
        runtime.put_record(FeatureGroupName=group, Record=record(id="1", at=at, balance=balance))
    made = create(
        [{"FeatureGroupName": group, "JoinColumn": "customer", "Features": ["balance"]}], time="moment",
        labels=labels(pandas.DataFrame({"customer": [1, 1], "moment": [250.0, 350.0], "label": ["first", "second"]})))
    rows = pyarrow.ipc.open_stream(larder("GET", f"/larder/Dataset/{made['DatasetName']}/Rows")).read_all()
    assert list(zip(rows["label"].to_pylist(), rows["balance"].to_pylist())) == [("first", 20), ("second", 30)]


def test_labels_of_csv_sql_and_a_table_are_the_same(larder, create, shop, labels, make_group, runtime):
    from records import record

    groups = [{"FeatureGroupName": shop, "Features": ["spent"]}]
    csv = create(groups, labels=labels(FRAME, "csv"))
    parquet = create(groups, labels=labels(FRAME))
    assert (csv["Version"], parquet["Version"]) == (1, 2)
    spent = lambda made: pyarrow.ipc.open_stream(larder("GET", f"/larder/Dataset/{made['DatasetName']}/Rows?Version={made['Version']}")).read_all()["spent"].to_pylist()
    assert spent(csv) == spent(parquet) == SPENT
    # A group is a table of labels too.
    bought = make_group(offline=True, online=False, customer="String", label="Integral")
    for n, (customer, at) in enumerate([("1", "2024-02-10T00:00:00Z"), ("2", "2024-01-15T12:00:00.500Z"), ("9", "2024-02-10T00:00:00Z")]):
        runtime.put_record(FeatureGroupName=bought, Record=record(id=str(n), at=at, customer=customer, label=str(n % 2)))
    import boto3

    config = boto3.client("sagemaker").describe_feature_group(FeatureGroupName=bought)["OfflineStoreConfig"]["DataCatalogConfig"]
    table = create([{"FeatureGroupName": shop, "JoinColumn": "customer", "Features": ["spent"]}], time="at", labels={"Table": f"{config['Database']}.{config['TableName']}"})
    assert table["Status"] == "Ready", table
    rows = pyarrow.ipc.open_stream(larder("GET", f"/larder/Dataset/{table['DatasetName']}/Rows")).read_all()
    assert sorted(zip(rows["id"].to_pylist(), rows["spent"].to_pylist())) == [("0", 20.25), ("1", 7.0), ("2", None)]
    sql = create(
        [{"FeatureGroupName": shop, "JoinColumn": "customer", "Features": ["spent"]}], time="moment",
        labels={"Sql": f'SELECT customer, from_iso8601_timestamp(at) AS moment FROM "{config["TableName"]}" ORDER BY customer DESC', "Database": config["Database"]})
    assert sql["Status"] == "Ready", sql
    rows = pyarrow.ipc.open_stream(larder("GET", f"/larder/Dataset/{sql['DatasetName']}/Rows")).read_all()
    assert list(zip(rows["customer"].to_pylist(), rows["spent"].to_pylist())) == [("9", None), ("2", 7.0), ("1", 20.25)]


def test_look_back_deletes_and_names(larder, create, shop, labels):
    groups = [
        {"FeatureGroupName": shop, "Features": ["spent", "at"], "LookBackSeconds": 86400, "Prefix": "fresh_"},
        {"FeatureGroupName": shop, "Features": ["spent"], "SkipDeletes": True},
    ]
    made = create(groups, labels=labels(FRAME))
    assert [column["Name"] for column in made["Columns"]][3:] == ["fresh_spent", "fresh_at", "spent"]
    rows = pyarrow.ipc.open_stream(larder("GET", f"/larder/Dataset/{made['DatasetName']}/Rows")).read_all()
    assert rows["fresh_spent"].to_pylist() == [None, 7.0, 10.5, None, None, None, None]
    assert rows["spent"].to_pylist() == [20.25, 7.0, 10.5, None, None, 7.0, None]


def test_a_dataset_verifies_after_later_writes(larder, create, shop, labels, runtime, sagemaker_client, flush):
    from records import record

    made = create([{"FeatureGroupName": shop}], labels=labels(FRAME))
    flush(shop)
    for at in ["2024-01-20T00:00:00Z", "2024-02-09T00:00:00Z", "2024-02-01T00:00:00Z"]:  # late, and of a time that is there
        runtime.put_record(FeatureGroupName=shop, Record=record(id="1", at=at, spent="99", orders="99", city="late"))
    sagemaker_client.update_feature_group(FeatureGroupName=shop, FeatureAdditions=[{"FeatureName": "later", "FeatureType": "String"}])
    runtime.put_record(FeatureGroupName=shop, Record=record(id="1", at="2024-02-02T00:00:00Z", spent="99", later="new"))  # in the journal
    again = json.loads(larder("POST", f"/larder/Dataset/{made['DatasetName']}/Verify"))["Verification"]
    assert (again["Outcome"], again["Hash"]) == ("Same", made["Hash"]), again
    runtime.delete_record(FeatureGroupName=shop, RecordIdentifierValueAsString="1", EventTime="2024-03-02T00:00:00Z", DeletionMode="HardDelete")
    flush(shop)
    again = json.loads(larder("POST", f"/larder/Dataset/{made['DatasetName']}/Verify"))["Verification"]
    assert (again["Outcome"], again["SameFile"], again["Hash"]) == ("Same", True, made["Hash"]), again
    # The same labels today have other features, and the new one.
    today = create([{"FeatureGroupName": shop}], labels=labels(FRAME))
    assert today["Hash"] != made["Hash"]
    assert today["Groups"][0]["SchemaVersion"] == made["Groups"][0]["SchemaVersion"] + 1
    # As of then they have what they had.
    then = create([{"FeatureGroupName": shop, "Features": made["Groups"][0]["Features"]}], labels=labels(FRAME), AsOf=made["AsOf"])
    assert then["Hash"] == made["Hash"]
    # Also when the group is deleted, which leaves its offline store.
    sagemaker_client.delete_feature_group(FeatureGroupName=shop)
    again = json.loads(larder("POST", f"/larder/Dataset/{made['DatasetName']}/Verify", Version=1))["Verification"]
    assert again["Outcome"] == "Same", again


def test_rows_that_are_gone_are_told(larder, create, shop, labels, flush, s3, sagemaker_client):
    flush(shop)
    made = create([{"FeatureGroupName": shop}], labels=labels(FRAME))
    where = sagemaker_client.describe_feature_group(FeatureGroupName=shop)["OfflineStoreConfig"]["S3StorageConfig"]["ResolvedOutputS3Uri"]
    bucket, prefix = where.removeprefix("s3://").split("/", 1)
    gone = next(o["Key"] for o in s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"] if o["Size"] > 0)
    s3.delete_object(Bucket=bucket, Key=gone)
    again = json.loads(larder("POST", f"/larder/Dataset/{made['DatasetName']}/Verify"))["Verification"]
    assert again["Outcome"] == "Forgotten" and shop in again["Reason"] and "had 5" in again["Reason"], again


def test_who_had_what_is_on_record(larder, create, shop, labels, bucket, s3):
    made = create([{"FeatureGroupName": shop, "Features": ["spent"]}], labels=labels(FRAME))
    name = made["DatasetName"]
    larder("GET", f"/larder/Dataset/{name}/Rows?Format=csv")
    exported = json.loads(larder("POST", f"/larder/Dataset/{name}/Export", Format="arrow", Target=f"s3://{bucket}/out.arrow"))
    assert exported["Rows"] == len(FRAME)
    body = s3.get_object(Bucket=bucket, Key="out.arrow")["Body"].read()
    assert pyarrow.ipc.open_stream(body).read_all()["spent"].to_pylist() == SPENT
    larder("POST", f"/larder/Dataset/{name}/Verify")
    larder("DELETE", f"/larder/Dataset/{name}?Version=1")
    trail = [json.loads(line) for line in larder("GET", f"/larder/DatasetRead?DatasetName={name}").splitlines()]
    assert [(read["Act"], read["Version"], read.get("Format"), read.get("Target")) for read in trail] == [
        ("Create", 1, None, None), ("Download", 1, "csv", None), ("Export", 1, "arrow", f"s3://{bucket}/out.arrow"), ("Verify", 1, None, None), ("Delete", 1, None, None)]
    assert all(read["By"].startswith("arn:aws:sts::") for read in trail)
    assert trail[0]["FeatureGroupNames"] == [shop] and trail[0]["Labels"] == f"s3://{bucket}/labels.parquet" and trail[0]["AsOf"] == made["AsOf"]
    left = json.loads(larder("GET", f"/larder/Dataset/{name}"))
    assert left["Status"] == "Deleted" and left["Hash"] == made["Hash"]
    assert create([{"FeatureGroupName": shop}], labels=labels(FRAME))["Version"] == 2


@pytest.mark.parametrize("change, words", [
    ({"time": "nothing"}, 'no column "nothing" for the label time; they have id, when, bought'),
    ({"time": "bought"}, "boolean, which is no time"),
    ({"group": {"JoinColumn": "nobody"}}, 'no column "nobody" for the identifiers of'),
    ({"group": {"JoinColumn": "bought"}}, "they cannot be equal"),
    ({"group": {"Prefix": "when", "Features": ["at"]}, "frame": FRAME.assign(whenat=1)}, 'would be named "whenat"'),
    ({"frame": FRAME[:0]}, "the labels have no rows"),
    ({"frame": FRAME.assign(when=["2024-01-01", "soon"] + ["2024-01-01"] * 5)}, 'row 2 of the labels, column "when"'),
    ({"labels": {"Sql": "SELECT 1 AS id, 2 AS"}}, "line 1:21"),
    ({"labels": {"Sql": "DROP TABLE x"}}, "no SELECT"),
    ({"labels": {"Table": "nowhere.nothing"}}, "SCHEMA_NOT_FOUND"),
])
def test_labels_that_are_refused(create, shop, labels, change, words):
    source = change.get("labels") or labels(change.get("frame", FRAME))
    made = create([{"FeatureGroupName": shop} | change.get("group", {})], time=change.get("time", "when"), labels=source)
    assert made["Status"] == "Failed" and words in made["FailureReason"], made


@pytest.mark.parametrize("change, words", [
    ({"DatasetName": "no name"}, "the name of the dataset"),
    ({"Groups": []}, "1 to 100 groups"),
    ({"Groups": [{"FeatureGroupName": "nobody-has-this"}]}, "nobody-has-this"),
    ({"AsOf": "2999-01-01T00:00:00Z"}, "in the future"),
    ({"AsOf": "yesterday"}, "no instant"),
    ({"Labels": {"TimeColumn": "when"}}, "give one of them"),
    ({"Labels": {"TimeColumn": "when", "Source": "s3://b/k.txt"}}, "cannot be told"),
    ({"Labels": {"Source": "s3://b/k.csv"}}, "name the label column"),
])
def test_requests_that_are_refused(create, shop, labels, change, words):
    with pytest.raises(RuntimeError, match=re.escape(words)):
        create([{"FeatureGroupName": shop}], **({"labels": labels(FRAME)} | change))


def test_groups_and_features_that_are_refused(create, shop, labels, make_group):
    online = make_group(x="String")
    for group, words in [
        ({"FeatureGroupName": online}, "no offline store"),
        ({"FeatureGroupName": shop, "Features": ["nothing"]}, 'it has id, at, spent, orders, city'),
        ({"FeatureGroupName": shop, "Features": ["spent", "spent"]}, "wanted twice"),
        ({"FeatureGroupName": shop, "LookBackSeconds": -1}, "LookBackSeconds"),
    ]:
        with pytest.raises(RuntimeError, match=re.escape(words)):
            create([group], labels=labels(FRAME))


def test_the_program_of_the_document(larder, shop, s3, sagemaker_client, runtime, tmp_path, monkeypatch):
    import contextlib

    from records import record

    monkeypatch.chdir(tmp_path)
    with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket="lake")
    sagemaker_client.create_feature_group(
        FeatureGroupName="customers", RecordIdentifierFeatureName="customer_id", EventTimeFeatureName="updated_at",
        FeatureDefinitions=[{"FeatureName": n, "FeatureType": t} for n, t in [("customer_id", "String"), ("updated_at", "String"), ("spent", "Fractional")]],
        OfflineStoreConfig={"S3StorageConfig": {"S3Uri": "s3://lake/features"}}, RoleArn="arn:aws:iam::123456789012:role/features")
    try:
        for at, spent in [("2024-01-01T00:00:00Z", "10"), ("2024-02-01T00:00:00Z", "20"), ("2024-03-01T00:00:00Z", "30")]:
            runtime.put_record(FeatureGroupName="customers", Record=record(customer_id="1", updated_at=at, spent=spent))
        names = {}
        exec(CALL + USE, names)
        assert names["frame"]["spent"].to_list() == [10.0, 20.0]
        assert polars.from_pandas(names["frame"]).height == 2
    finally:
        sagemaker_client.delete_feature_group(FeatureGroupName="customers")


def command(*words):
    return subprocess.run([LARDER, "dataset", *words], capture_output=True, text=True)


def test_the_command(shop, name, tmp_path):
    file = tmp_path / "labels.csv"
    FRAME.to_csv(file, index=False)
    made = command("create", name, "--labels", str(file), "--time", "when", "--group", f"{shop} features=spent,orders look-back=365d")
    assert made.returncode == 0 and f"dataset {name}:1: 7 rows, 5 columns" in made.stdout, made
    assert f"{name}:1" in command("list").stdout and f"{name}:1" in command("list", name).stdout
    shown = command("show", name).stdout
    assert "not older than 8760h" in shown and "spent" in shown and "12.5833" in shown
    verified = command("verify", f"{name}:1")
    assert verified.returncode == 0 and "its 7 rows are the same, and so is the file" in verified.stdout, verified
    for form in ["parquet", "csv", "arrow"]:
        out = tmp_path / f"out.{form}"
        assert "7 rows" in command("export", name, str(out)).stdout
    assert pandas.read_parquet(tmp_path / "out.parquet")["spent"].to_list()[:3] == SPENT[:3]
    assert pyarrow.ipc.open_stream((tmp_path / "out.arrow").read_bytes()).read_all()["spent"].to_pylist() == SPENT
    assert command("export", name, "-", "--format", "csv").stdout == (tmp_path / "out.csv").read_text()
    acts = [json.loads(line)["Act"] for line in command("show", name, "--reads").stdout.splitlines()]
    assert acts == ["Create", "Verify", "Download", "Download", "Download", "Download"]
    wrong = command("create", name, "--labels", str(file), "--time", "never", "--group", shop)
    assert wrong.returncode == 1 and "Failed: the labels have no column" in wrong.stderr, wrong
    assert command("export", name, str(tmp_path / "x.csv")).returncode == 1  # the newest has no rows
    assert "Deleted" in command("delete", f"{name}:1").stdout
    assert command("verify", f"{name}:1").returncode == 1
