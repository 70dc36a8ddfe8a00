"""FeatureGroup and FeatureStore of the SageMaker SDK 2, each method of theirs."""

import datetime
import time
import uuid

import pandas as pd
import pytest
import sagemaker
from records import ago, instant
from sagemaker.feature_store.feature_definition import (
    FractionalFeatureDefinition,
    IntegralFeatureDefinition,
    SetCollectionType,
    StringFeatureDefinition,
    VectorCollectionType,
)
from sagemaker.feature_store.feature_group import FeatureGroup, IngestionError
from sagemaker.feature_store.feature_store import FeatureStore
from sagemaker.feature_store.feature_utils import get_feature_group_as_dataframe, prepare_fg_from_dataframe_or_file
from sagemaker.feature_store.inputs import (
    DeletionModeEnum,
    ExpirationTimeResponseEnum,
    FeatureParameter,
    FeatureValue,
    Filter,
    FilterOperatorEnum,
    Identifier,
    OnlineStoreConfigUpdate,
    OnlineStoreStorageTypeEnum,
    ResourceEnum,
    SearchOperatorEnum,
    SortOrderEnum,
    TargetStoreEnum,
    ThroughputConfig,
    ThroughputConfigUpdate,
    ThroughputModeEnum,
    TtlDuration,
)
from sagemaker.session import Session

DEFINITIONS = [
    StringFeatureDefinition("id"), StringFeatureDefinition("at"), IntegralFeatureDefinition("n"), FractionalFeatureDefinition("x"),
]


@pytest.fixture(scope="module")
def session():
    return Session()


@pytest.fixture(scope="module")
def store(session):
    return FeatureStore(sagemaker_session=session)


@pytest.fixture
def make(session):
    """Makes a group of definitions, online unless told otherwise."""
    made = []

    def make(definitions=DEFINITIONS, s3_uri=False, **options):
        group = FeatureGroup(name=f"v2-{uuid.uuid4().hex}", sagemaker_session=session, feature_definitions=definitions)
        group.create(**(dict(
            s3_uri=s3_uri, record_identifier_name="id", event_time_feature_name="at",
            role_arn=sagemaker.get_execution_role(), enable_online_store=True) | options))
        assert group.describe()["FeatureGroupStatus"] == "Created"
        made.append(group)
        return group

    yield make
    for group in made:
        group.delete()


def record(**features):
    return [FeatureValue(feature_name=name, value_as_string=value) for name, value in features.items()]


def offline(session):
    return f"s3://{session.default_bucket()}/v2"


# Rule 1.4-1, 1.9-2.
def test_create_with_everything(session, make):
    group = make(
        s3_uri=offline(session), description="all of it", tags=[{"Key": "team", "Value": "x"}],
        ttl_duration=TtlDuration(unit="Hours", value=2), online_store_storage_type=OnlineStoreStorageTypeEnum.STANDARD,
        throughput_config=ThroughputConfig(ThroughputModeEnum.PROVISIONED, 100, 50),
    )
    got = group.describe()
    assert got["OnlineStoreConfig"] == {"EnableOnlineStore": True, "TtlDuration": {"Unit": "Hours", "Value": 2}, "StorageType": "Standard"}
    assert got["ThroughputConfig"] == {
        "ThroughputMode": "Provisioned", "ProvisionedReadCapacityUnits": 100, "ProvisionedWriteCapacityUnits": 50}
    assert got["Description"] == "all of it" and got["OfflineStoreConfig"]["DisableGlueTableCreation"] is False
    assert group.list_tags() == [{"Key": "team", "Value": "x"}]
    assert "CREATE EXTERNAL TABLE" in group.as_hive_ddl()


# Rule 1.5-2, 12-9, 12-11.
def test_update(session, make):
    group = make(s3_uri=offline(session))
    group.update(feature_additions=[FractionalFeatureDefinition("added")])
    got = group.describe()
    assert got["LastUpdateStatus"]["Status"] == "Successful" and got["FeatureDefinitions"][-1]["FeatureName"] == "added"
    group.update(online_store_config=OnlineStoreConfigUpdate(ttl_duration=TtlDuration(unit="Minutes", value=5)))
    assert group.describe()["OnlineStoreConfig"]["TtlDuration"] == {"Unit": "Minutes", "Value": 5}
    group.update(throughput_config=ThroughputConfigUpdate(ThroughputModeEnum.PROVISIONED, 7, 8))
    assert group.describe()["ThroughputConfig"]["ProvisionedWriteCapacityUnits"] == 8
    group.update(throughput_config=ThroughputConfigUpdate(ThroughputModeEnum.ON_DEMAND))
    assert group.describe()["ThroughputConfig"] == {"ThroughputMode": "OnDemand"}


# Rule 1.8-4, 1.8-5, 12-10.
def test_metadata(make):
    group = make()
    assert group.list_parameters_for_feature_metadata("n") is None
    group.update_feature_metadata("n", description="a count", parameter_additions=[FeatureParameter("k", "v"), FeatureParameter("l", "w")])
    group.update_feature_metadata("n", parameter_removals=["k"])
    assert group.list_parameters_for_feature_metadata("n") == [{"Key": "l", "Value": "w"}]
    assert group.describe_feature_metadata("n")["Description"] == "a count"


# Rule 1.7-2, 1.10-3, 1.10-6, 1.10-9, 12-10.
def test_list_and_search(make, store):
    mark = uuid.uuid4().hex
    group, other = make(description=mark), make(description=mark)
    listed = store.list_feature_groups(name_contains=group.name, sort_by="Name", sort_order="Ascending", max_results=5)
    assert [g["FeatureGroupName"] for g in listed["FeatureGroupSummaries"]] == [group.name]
    found = store.search(ResourceEnum.FEATURE_GROUP, filters=[Filter("FeatureGroupName", group.name)])
    assert found["Results"][0]["FeatureGroup"]["FeatureGroupName"] == group.name
    found = store.search(
        ResourceEnum.FEATURE_GROUP, filters=[Filter("Description", mark, FilterOperatorEnum.CONTAINS)],
        sort_by="FeatureGroupName", sort_order=SortOrderEnum.ASCENDING, max_results=1)
    assert found["Results"][0]["FeatureGroup"]["FeatureGroupName"] == min(group.name, other.name) and found["NextToken"]
    group.update_feature_metadata("x", description=f"{mark} in metres")
    found = store.search(ResourceEnum.FEATURE_METADATA, operator=SearchOperatorEnum.OR, filters=[
        Filter(name, mark, FilterOperatorEnum.CONTAINS) for name in ("FeatureName", "Description", "AllParameters")])
    assert [r["FeatureMetadata"]["FeatureName"] for r in found["Results"]] == ["x"]


# Rule 2.2-3, 2.5-6, 12-2, 12-3, 12-6.
def test_put_get_and_delete(session, make, store):
    group = make(s3_uri=offline(session))
    one = record(id="a", at="2024-01-02T00:00:00Z", n="1")
    group.put_record(one, target_stores=[TargetStoreEnum.OFFLINE_STORE])
    assert group.get_record("a") is None
    group.put_record(one, target_stores=[TargetStoreEnum.ONLINE_STORE])
    assert group.get_record("a") == [value.to_dict() for value in one]
    assert group.get_record("a", feature_names=["n"]) == [{"FeatureName": "n", "ValueAsString": "1"}]
    got = store.batch_get_record([Identifier(group.name, ["a", "b"], feature_names=["id", "n"])])
    assert [r["Record"] for r in got["Records"]] == [[one[0].to_dict(), one[2].to_dict()]]
    group.delete_record("a", "2024-01-03T00:00:00Z")
    assert group.get_record("a") is None
    group.put_record(record(id="a", at="2024-01-04T00:00:00Z"))
    group.delete_record("a", "2024-01-05T00:00:00Z", deletion_mode=DeletionModeEnum.HARD_DELETE)
    assert group.get_record("a") is None
    group.put_record(record(id="a", at="2020-01-01T00:00:00Z"))
    assert group.get_record("a")


# Rule 3.5-1, 3.5-2, 3.5-3, 3.5-4, 12-4.
def test_time_to_live(make, store):
    group = make(ttl_duration=TtlDuration(unit="Seconds", value=30))
    at = ago()

    def life(identifier):
        got = store.batch_get_record([Identifier(group.name, [identifier])], ExpirationTimeResponseEnum.ENABLED.value)["Records"]
        return (instant(got[0]["ExpiresAt"]) - instant(at)).total_seconds() if got else None

    group.put_record(record(id="a", at=at))
    assert life("a") == 30
    group.put_record(record(id="b", at=at), ttl_duration=TtlDuration(unit="Seconds", value=3))
    assert life("b") == 3
    group.update(online_store_config=OnlineStoreConfigUpdate(ttl_duration=TtlDuration(unit="Seconds", value=40)))
    group.put_record(record(id="c", at=at))
    assert life("c") == 40
    until = time.monotonic() + 30
    while time.monotonic() < until and group.get_record("b"):
        time.sleep(0.1)
    assert group.get_record("b") is None and life("b") is None


def frame(count):
    data = pd.DataFrame({
        "id": [f"r{i}" for i in range(count)],
        "at": ["2024-01-01T00:00:00Z"] * count,
        "n": range(count),
        "x": [None if i % 10 == 0 else i / 7 for i in range(count)],
    })
    return data.astype({"id": "string", "at": "string"})


def identifiers(runtime, group):
    pages = runtime.get_paginator("list_records").paginate(FeatureGroupName=group.name)
    return sorted(i for page in pages for i in page["RecordIdentifiers"])


# Rule 2.2-2, 3.3-13, 12-6.
@pytest.mark.parametrize("workers, processes", [(1, 1), (4, 1), (2, 2)])
def test_ingest(session, make, runtime, rows, workers, processes):
    data = frame(200)
    group = make(s3_uri=offline(session))
    group.ingest(data_frame=data, max_workers=workers, max_processes=processes, wait=True)
    assert identifiers(runtime, group) == sorted(data.id)
    assert rows(group.name, "SELECT count(*), sum(n), count(x) FROM {table}") == [["200", str(sum(range(200))), "180"]]
    got = group.get_record("r7")
    assert got == [{"FeatureName": name, "ValueAsString": str(value)} for name, value in data.iloc[7].items()]
    assert [v["FeatureName"] for v in group.get_record("r10")] == ["id", "at", "n"]


def test_ingest_names_the_rows_that_fail(make, runtime):
    data = frame(40)
    data.loc[[3, 17, 33], "at"] = "yesterday"
    group = make()
    with pytest.raises(IngestionError) as error:
        group.ingest(data_frame=data, max_workers=3, max_processes=2, wait=True)
    assert sorted(error.value.failed_rows) == [3, 17, 33]
    assert len(identifiers(runtime, group)) == 37


# Rule 3.3-7, 3.3-8, 3.3-10, 12-7.
def test_ingest_collections(session, make, store):
    data = pd.DataFrame({
        "id": ["a", "b"], "at": ["2024-01-01T00:00:00Z"] * 2,
        "words": [["x", "y"], ["z"]], "numbers": [[1, 2, 3], []],
    }).astype({"id": "string", "at": "string"})
    group = FeatureGroup(name="later", sagemaker_session=session)
    definitions = group.load_feature_definitions(data, online_storage_type=OnlineStoreStorageTypeEnum.IN_MEMORY)
    definitions += [
        FractionalFeatureDefinition("where", collection_type=VectorCollectionType(dimension=2)),
        StringFeatureDefinition("kinds", collection_type=SetCollectionType()),
    ]
    group = make(definitions, online_store_storage_type=OnlineStoreStorageTypeEnum.IN_MEMORY)
    kinds = {d["FeatureName"]: (d["FeatureType"], d.get("CollectionType")) for d in group.describe()["FeatureDefinitions"]}
    assert kinds["words"] == ("String", "List") and kinds["kinds"] == ("String", "Set") and kinds["where"] == ("Fractional", "Vector")
    data["where"], data["kinds"] = [[0.5, 1.0], [2.0, 3.0]], [["k", "k"], ["l"]]
    group.ingest(data_frame=data, max_workers=2, wait=True)
    values = lambda identifier: {v["FeatureName"]: v.get("ValueAsStringList", v.get("ValueAsString")) for v in group.get_record(identifier)}
    assert values("a") == {"id": "a", "at": "2024-01-01T00:00:00Z", "words": ["x", "y"], "numbers": ["1", "2", "3"],
                           "where": ["0.5", "1.0"], "kinds": ["k"]}
    assert values("b") == {"id": "b", "at": "2024-01-01T00:00:00Z", "words": ["z"], "where": ["2.0", "3.0"], "kinds": ["l"]}
    broken = data[:1].assign(where=[[1.0, 2.0, 3.0]])
    with pytest.raises(IngestionError):
        group.ingest(data_frame=broken, max_workers=1, wait=True)


# Rule 12-7.
def test_lists_are_text_where_there_are_no_collections(make):
    data = pd.DataFrame({"id": ["a"], "at": ["2024-01-01T00:00:00Z"], "words": [["x", "y"]]})
    group = make([StringFeatureDefinition(name) for name in ("id", "at", "words")])
    group.ingest(data_frame=data, max_workers=1, wait=True)
    assert group.get_record("a", ["words"]) == [{"FeatureName": "words", "ValueAsString": "['x', 'y']"}]


def test_dataset_of_two_groups(session, make, store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the SDK downloads into the working directory
    base, other = make(s3_uri=offline(session)), make(s3_uri=offline(session))
    data = frame(20)
    base.ingest(data_frame=data, max_workers=2, wait=True)
    other.ingest(data_frame=data.assign(n=data.n * 2)[:15], max_workers=2, wait=True)
    output = f"s3://{session.default_bucket()}/v2-datasets"
    result, text = store.create_dataset(base=base, output_path=output).with_feature_group(
        other, target_feature_name_in_base="id", included_feature_names=["n"]).point_in_time_accurate_join().to_dataframe()
    assert len(result) == 15 and (result["n.1"] == 2 * result.n).all(), text


def test_dataset_of_a_data_frame(session, make, store, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the SDK downloads into the working directory
    numbers = [StringFeatureDefinition("id"), FractionalFeatureDefinition("at"), IntegralFeatureDefinition("n")]
    group = make(numbers, s3_uri=offline(session))
    history = pd.DataFrame({"id": ["a", "a", "b"], "at": [100.0, 200.0, 150.0], "n": [1, 2, 3]}).astype({"id": "string"})
    group.ingest(data_frame=history, max_workers=1, wait=True)
    asked = pd.DataFrame({"Who": ["a", "a", "b", "c"], "moment": [150.0, 250.0, 100.0, 1.0], "label": [True, False, True, True]})
    builder = store.create_dataset(
        base=asked, output_path=f"s3://{session.default_bucket()}/v2-datasets",
        record_identifier_feature_name="Who", event_time_identifier_feature_name="moment")
    builder.with_feature_group(group, target_feature_name_in_base="Who", included_feature_names=["n"]).point_in_time_accurate_join()
    result, text = builder.with_number_of_recent_records_by_record_identifier(1).to_dataframe()
    # "a" is asked for twice, and the newest of an identifier is what the SDK's statement keeps.
    assert [(r.Who, r.moment, r["n.1"]) for _, r in result.iterrows()] == [("a", 250.0, 2)], text


# Rule 12-15.
def test_a_group_from_a_data_frame_and_back(session, tmp_path):
    group = prepare_fg_from_dataframe_or_file(
        pd.DataFrame({"The Name": ["x", "y"], "Val.ue": [1, 2]}), feature_group_name=f"v2-{uuid.uuid4().hex}", session=session)
    assert [d.feature_name for d in group.feature_definitions] == ["the_name", "value", "record_id", "data_as_of_date"]
    group.create(s3_uri=offline(session), record_identifier_name="record_id", event_time_feature_name="data_as_of_date",
                 role_arn=sagemaker.get_execution_role(), enable_online_store=True)
    data = pd.DataFrame({"the_name": ["x", "y", "x"], "value": [1, 2, 3], "record_id": [0, 1, 0], "data_as_of_date": [10.0, 20.0, 20.0]})
    group.ingest(data_frame=data, max_workers=2, wait=True)
    got = get_feature_group_as_dataframe(
        feature_group_name=group.name, athena_bucket=f"s3://{session.default_bucket()}/v2-results",
        session=session, event_time_feature_name="data_as_of_date", verbose=False)
    assert sorted(zip(got.the_name, got.value)) == [("x", 3), ("y", 2)]
    group.delete()
