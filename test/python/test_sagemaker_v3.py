"""The SageMaker SDK 3: its feature groups, its ingestion in batches, its queries.

torch, which the SDK imports and its feature store never calls, is stood in for by standins/torch.
"""

import datetime
import time
import uuid

import pandas as pd
import pytest
from botocore.exceptions import ClientError
from records import ago, instant
from sagemaker.core.helper.session_helper import Session, get_execution_role
from sagemaker.core.resources import Tag
from sagemaker.core.utils.utils import SageMakerClient
from sagemaker.core.shapes import (
    BatchGetRecordIdentifier,
    BatchWriteRecordEntry,
    OnlineStoreConfigUpdate,
    ThroughputConfigUpdate,
)
from sagemaker.mlops.feature_store import (
    DatasetBuilder,
    FeatureGroup,
    FeatureGroupManager,
    FeatureMetadata,
    FeatureParameter,
    FeatureValue,
    FractionalFeatureDefinition,
    IngestionError,
    IntegralFeatureDefinition,
    ListCollectionType,
    OfflineStoreConfig,
    OnlineStoreConfig,
    S3StorageConfig,
    SetCollectionType,
    StringFeatureDefinition,
    ThroughputConfig,
    TtlDuration,
    VectorCollectionType,
    as_hive_ddl,
    create_athena_query,
    ingest_dataframe,
    list_records,
    load_feature_definitions_from_dataframe,
    update_record,
)

DEFINITIONS = [
    StringFeatureDefinition("id"), StringFeatureDefinition("at"), IntegralFeatureDefinition("n"), FractionalFeatureDefinition("x"),
]


@pytest.fixture(scope="module")
def session():
    return Session()


@pytest.fixture
def make(session):
    """Makes a group of definitions, online, and with an offline store if told so."""
    made = []

    def make(definitions=DEFINITIONS, offline=False, online=None, by=FeatureGroup, **options):
        if offline:
            options["offline_store_config"] = OfflineStoreConfig(
                s3_storage_config=S3StorageConfig(s3_uri=f"s3://{session.default_bucket()}/v3"))
            options["role_arn"] = get_execution_role()
        group = by.create(
            feature_group_name=f"v3-{uuid.uuid4().hex}", record_identifier_feature_name="id", event_time_feature_name="at",
            feature_definitions=definitions, online_store_config=online or OnlineStoreConfig(enable_online_store=True), **options)
        made.append(group)
        group.wait_for_status("Created", poll=1, timeout=30)
        return group

    yield make
    for group in made:
        group.delete()
        group.wait_for_delete(poll=1, timeout=30)


def record(**features):
    return [
        FeatureValue(feature_name=name, value_as_string_list=value) if isinstance(value, list)
        else FeatureValue(feature_name=name, value_as_string=value)
        for name, value in features.items()
    ]


def features(values):
    return {v.feature_name: v.value_as_string_list if isinstance(v.value_as_string_list, list) else v.value_as_string for v in values}


def frame(count):
    return pd.DataFrame({
        "id": [f"r{i}" for i in range(count)], "at": ["2024-01-01T00:00:00Z"] * count,
        "n": range(count), "x": [None if i % 10 == 0 else i / 7 for i in range(count)],
    })


# Rule 1.2-4, 1.2-5, 1.4-1, 1.9-1, 1.9-2, 1.12-1, 1.12-3.
def test_a_group_from_creation_to_deletion(session):
    name = f"v3-{uuid.uuid4().hex}"
    group = FeatureGroup.create(
        feature_group_name=name, record_identifier_feature_name="id", event_time_feature_name="at", feature_definitions=DEFINITIONS,
        online_store_config=OnlineStoreConfig(enable_online_store=True, ttl_duration=TtlDuration(unit="Hours", value=2)),
        offline_store_config=OfflineStoreConfig(s3_storage_config=S3StorageConfig(s3_uri=f"s3://{session.default_bucket()}/v3")),
        throughput_config=ThroughputConfig(
            throughput_mode="Provisioned", provisioned_read_capacity_units=3, provisioned_write_capacity_units=4),
        role_arn=get_execution_role(), description="all of it", tags=[{"key": "team", "value": "x"}])
    group.wait_for_status("Created", poll=1, timeout=30)
    again = FeatureGroup.get(feature_group_name=name)
    assert again.feature_group_arn == group.feature_group_arn and again.description == "all of it"
    assert [(d.feature_name, d.feature_type) for d in again.feature_definitions] == [
        ("id", "String"), ("at", "String"), ("n", "Integral"), ("x", "Fractional")]
    assert again.online_store_config.ttl_duration.value == 2 and again.throughput_config.provisioned_write_capacity_units == 4
    assert [g.feature_group_name for g in FeatureGroup.get_all(name_contains=name)] == [name]
    assert [(t.key, t.value) for t in Tag.get_all(resource_arn=group.feature_group_arn)] == [("team", "x")]
    Tag.add_tags(resource_arn=group.feature_group_arn, tags=[{"key": "team", "value": "y"}])
    assert [(t.key, t.value) for t in Tag.get_all(resource_arn=group.feature_group_arn)] == [("team", "y")]
    with pytest.raises(ClientError, match="ResourceInUse"):
        FeatureGroup.create(feature_group_name=name, record_identifier_feature_name="id", event_time_feature_name="at",
                            feature_definitions=DEFINITIONS, online_store_config=OnlineStoreConfig(enable_online_store=True))
    assert "CREATE EXTERNAL TABLE" in as_hive_ddl(name)
    group.delete()
    group.wait_for_delete(poll=1, timeout=30)
    with pytest.raises(ClientError, match="ResourceNotFound"):
        FeatureGroup.get(feature_group_name=name)


# Rule 1.5-2, 12-9, 12-11.
def test_update(make):
    group = make()
    group.update(feature_additions=[FractionalFeatureDefinition("added")])
    assert group.refresh().feature_definitions[-1].feature_name == "added" and group.last_update_status.status == "Successful"
    group.update(online_store_config=OnlineStoreConfigUpdate(ttl_duration=TtlDuration(unit="Days", value=9)))
    assert group.refresh().online_store_config.ttl_duration.unit == "Days"
    group.update(throughput_config=ThroughputConfigUpdate(
        throughput_mode="Provisioned", provisioned_read_capacity_units=1, provisioned_write_capacity_units=2))
    assert group.refresh().throughput_config.throughput_mode == "Provisioned"


# Rule 1.8-4, 1.8-5, 12-10.
def test_metadata(make):
    group = make()
    metadata = FeatureMetadata.get(feature_group_name=group.feature_group_name, feature_name="n")
    metadata.update(description="a count", parameter_additions=[FeatureParameter(key="k", value="v")])
    metadata.refresh()
    assert metadata.description == "a count" and [(p.key, p.value) for p in metadata.parameters] == [("k", "v")]
    metadata.update(parameter_removals=["k"])
    assert FeatureMetadata.get(feature_group_name=group.feature_group_name, feature_name="n").description == "a count"


# Rule 2.2-1, 2.2-3, 2.7-3, 3.4-5, 12-2, 12-3, 12-6.
def test_records(make):
    group = make(offline=True)
    one = record(id="a", at="2024-01-02T00:00:00Z", n="1", x="1.50")
    group.put_record(record=one, target_stores=["OfflineStore"])
    assert not isinstance(group.get_record(record_identifier_value_as_string="a").record, list)
    group.put_record(record=one)
    got = group.get_record(record_identifier_value_as_string="a")
    assert features(got.record) == {"id": "a", "at": "2024-01-02T00:00:00Z", "n": "1", "x": "1.50"}
    batch = group.batch_get_record(identifiers=[BatchGetRecordIdentifier(
        feature_group_name=group.feature_group_name, record_identifiers_value_as_string=["a", "b"], feature_names=["n"])])
    assert [features(r.record) for r in batch.records] == [{"n": "1"}] and batch.errors == [] and batch.unprocessed_identifiers == []
    group.delete_record(record_identifier_value_as_string="a", event_time="2024-01-03T00:00:00Z")
    assert list_records(group.feature_group_name).record_identifiers == []
    assert list_records(group.feature_group_name, include_soft_deleted_records=True).record_identifiers == ["a"]
    group.put_record(record=record(id="a", at="2024-01-04T00:00:00Z"))
    with pytest.raises(ClientError, match="ValidationError"):
        group.delete_record(record_identifier_value_as_string="a", event_time="2024-01-01T00:00:00Z", deletion_mode="HardDelete")
    group.delete_record(record_identifier_value_as_string="a", event_time="2024-01-05T00:00:00Z", deletion_mode="HardDelete")
    assert group.list_records(include_soft_deleted_records=True).record_identifiers == []


# Rule 3.5-1, 3.5-2, 12-4.
def test_time_to_live(make):
    group = make(online=OnlineStoreConfig(enable_online_store=True, ttl_duration=TtlDuration(unit="Minutes", value=30)))
    at = ago()
    group.put_record(record=record(id="a", at=at))
    group.put_record(record=record(id="b", at=at), ttl_duration=TtlDuration(unit="Minutes", value=15))
    lives = [
        instant(group.get_record(record_identifier_value_as_string=i, expiration_time_response="Enabled").expires_at) - instant(at)
        for i in ("a", "b")
    ]
    assert lives == [datetime.timedelta(minutes=30), datetime.timedelta(minutes=15)]


# Rule 2.8-2, 2.8-3, 2.8-7, 2.8-8.
def test_update_record(make):
    group = make(online=OnlineStoreConfig(enable_online_store=True, storage_type="Standard_V2"))
    group.put_record(record=record(id="a", at="2024-01-01T00:00:00Z", n="1", x="2.5"))
    update_record(group.feature_group_name, "a", [{"feature_name": "n", "value_as_string": "2"}])
    group.update_record(record_identifier_value_as_string="a", features=record(at="2024-01-02T00:00:00Z"))
    got = group.get_record(record_identifier_value_as_string="a")
    assert features(got.record) == {"id": "a", "at": "2024-01-02T00:00:00Z", "n": "2", "x": "2.5"}
    with pytest.raises(ClientError, match="ConflictException"):
        group.update_record(record_identifier_value_as_string="a", features=record(at="2024-01-01T00:00:00Z"))
    with pytest.raises(ClientError, match="ResourceNotFound"):
        group.update_record(record_identifier_value_as_string="nobody", features=record(n="1"))


# Rule 1.4-1, 3.3-7, 3.3-10, 12-7.
def test_collections(make):
    data = pd.DataFrame({"id": ["a"], "at": ["2024-01-01T00:00:00Z"], "words": [["x", "y"]], "kinds": [["k", "k"]], "where": [[0.5, 2.0]]})
    definitions = load_feature_definitions_from_dataframe(data[["id", "at", "words"]], online_storage_type="InMemory") + [
        StringFeatureDefinition("kinds", SetCollectionType()),
        FractionalFeatureDefinition("where", VectorCollectionType(dimension=2)),
        IntegralFeatureDefinition("empty", ListCollectionType()),
    ]
    group = make(definitions, online=OnlineStoreConfig(enable_online_store=True, storage_type="InMemory"))
    assert group.feature_definitions[4].collection_config.vector_config.dimension == 2
    ingest_dataframe(group.feature_group_name, data.assign(empty=[[]]), use_batch_write_record=True)
    got = features(group.get_record(record_identifier_value_as_string="a").record)
    assert got == {"id": "a", "at": "2024-01-01T00:00:00Z", "words": ["x", "y"], "kinds": ["k"], "where": ["0.5", "2.0"]}


# Rule 2.6-4, 2.6-5, 2.7-1, 2.7-2, 11-31, 12-13.
def test_batch_write_record(make):
    group = make()
    name = group.feature_group_name
    entries = [BatchWriteRecordEntry(feature_group_name=name, record=record(id=str(i), at="2024-01-01T00:00:00Z")) for i in range(24)]
    wrong = BatchWriteRecordEntry(feature_group_name=name, record=record(at="2024-01-01T00:00:00Z"), target_stores=["OnlineStore"])
    reply = group.batch_write_record(entries=[*entries, wrong], ttl_duration=TtlDuration(unit="Weeks", value=2000))
    assert [error.entry for error in reply.errors] == [wrong] and reply.unprocessed_entries == []
    assert reply.errors[0].error_code == "ValidationError"
    found, token = [], None
    while True:
        page = group.list_records(max_results=10, **({"next_token": token} if token else {}))
        found += page.record_identifiers
        token = page.next_token
        if not isinstance(token, str):
            break
    assert sorted(found) == sorted(str(i) for i in range(24))


# Rule 2.6-2.
def test_ingest_10_000_rows_in_batches(make, session):
    group = make(offline=True)
    data = frame(10_000)
    began = time.monotonic()
    ingest_dataframe(group.feature_group_name, data, max_workers=4, use_batch_write_record=True)
    print(f"10,000 rows in {time.monotonic() - began:.1f} s")
    query = create_athena_query(group.feature_group_name, session)
    query.run(f'SELECT count(*) AS c, count(DISTINCT id) AS d, sum(n) AS s, count(x) AS x FROM "{query.table_name}"',
              f"s3://{session.default_bucket()}/v3-results")
    query.wait()
    assert query.as_dataframe().iloc[0].to_dict() == {"c": 10_000, "d": 10_000, "s": sum(range(10_000)), "x": 9_000}
    assert features(group.get_record(record_identifier_value_as_string="r4321").record) == {
        "id": "r4321", "at": "2024-01-01T00:00:00Z", "n": "4321", "x": str(4321 / 7)}


# Rule 2.6-4, 11-31, 12-13.
@pytest.mark.parametrize("workers, processes", [(1, 1), (4, 1), (2, 2)])
def test_a_bad_row_is_that_row(make, workers, processes):
    group = make()
    data = frame(120)
    bad = [7, 31, 32, 119]
    data.loc[bad, "at"] = "yesterday"
    # The SDK forks with its clients: processes that inherit an open connection would take each
    # other's replies from it, of any server.
    SageMakerClient.reset()
    with pytest.raises(IngestionError) as error:
        ingest_dataframe(group.feature_group_name, data, max_workers=workers, max_processes=processes, use_batch_write_record=True)
    assert sorted(error.value.failed_rows) == bad
    pages, token = [], None
    while True:
        page = group.list_records(**({"next_token": token} if token else {}))
        pages += page.record_identifiers
        token = page.next_token
        if not isinstance(token, str):
            break
    assert sorted(pages) == sorted(set(data.id) - {f"r{i}" for i in bad})


# Rule 3.3-12.
def test_ingest_row_by_row(make):
    group = make()
    data = frame(50)
    data.loc[3, "id"] = None
    with pytest.raises(IngestionError) as error:
        ingest_dataframe(group.feature_group_name, data, max_workers=2)
    assert error.value.failed_rows == [3]
    assert len(group.list_records().record_identifiers) == 49


# The SDK takes every event time of a point-in-time join for a number: it compares the type's name with
# an enum. So do these.
def test_dataset(make, session, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the SDK downloads into the working directory
    definitions = [StringFeatureDefinition("id"), FractionalFeatureDefinition("at"), *DEFINITIONS[2:]]
    base, other = make(definitions, offline=True), make(definitions, offline=True)
    data = frame(20).assign(at=1_700_000_000.5)
    ingest_dataframe(base.feature_group_name, data, use_batch_write_record=True)
    ingest_dataframe(other.feature_group_name, data.assign(n=data.n * 2)[:15], use_batch_write_record=True)
    ingest_dataframe(other.feature_group_name, data.assign(n=-1, at=data["at"] + 1), use_batch_write_record=True)  # later than the base
    base.delete_record(record_identifier_value_as_string="r14", event_time="1700000002")
    builder = DatasetBuilder.create(base=base.refresh(), output_path=f"s3://{session.default_bucket()}/v3-datasets", session=session)
    builder.with_feature_group(other.refresh(), target_feature_name_in_base="id", included_feature_names=["n"])
    result, text = builder.point_in_time_accurate_join().to_dataframe()
    assert len(result) == 14 and (result["n.1"] == 2 * result.n).all(), text


def test_dataset_of_a_data_frame(make, session, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the SDK downloads into the working directory
    group = make([StringFeatureDefinition("id"), FractionalFeatureDefinition("at"), IntegralFeatureDefinition("n")], offline=True)
    history = pd.DataFrame({"id": ["a", "a", "b"], "at": [100.0, 200.0, 150.0], "n": [1, 2, 3]})
    ingest_dataframe(group.feature_group_name, history, use_batch_write_record=True)
    asked = pd.DataFrame({"who": ["a", "b", "c"], "moment": [250.0, 100.0, 1.0], "label": [True, False, True]})
    builder = DatasetBuilder.create(
        base=asked, output_path=f"s3://{session.default_bucket()}/v3-datasets", session=session,
        record_identifier_feature_name="who", event_time_identifier_feature_name="moment")
    builder.with_feature_group(group.refresh(), target_feature_name_in_base="who", included_feature_names=["n"])
    result, text = builder.point_in_time_accurate_join().with_number_of_recent_records_by_record_identifier(1).to_dataframe()
    assert [(r.who, r.moment, r["n.1"]) for _, r in result.iterrows()] == [("a", 250.0, 2)], text


def test_manager(make):
    group = make(offline=True, by=FeatureGroupManager)
    assert isinstance(FeatureGroupManager.get(feature_group_name=group.feature_group_name), FeatureGroupManager)
    group.update(feature_additions=[StringFeatureDefinition("added")])
    assert group.refresh().feature_definitions[-1].feature_name == "added"
