"""The SageMaker Python SDK 2, beyond what the programs show."""

import time

import pandas as pd
import pytest
import sagemaker
from sagemaker.feature_store.feature_group import FeatureGroup, IngestionError
from sagemaker.feature_store.feature_store import FeatureStore
from sagemaker.session import Session


@pytest.fixture(scope="module")
def session():
    return Session()


def frame(rows):
    """rows of id, event time in epoch seconds, score."""
    data = pd.DataFrame(rows, columns=["id", "at", "score"])
    return data.astype({"id": "string", "at": "float64", "score": "float64"})


def make(session, data, **options):
    group = FeatureGroup(name=f"v2-{time.time_ns()}", sagemaker_session=session)
    group.load_feature_definitions(data_frame=data)
    group.create(
        s3_uri=f"s3://{session.default_bucket()}/v2",
        record_identifier_name="id",
        event_time_feature_name="at",
        role_arn=sagemaker.get_execution_role(),
        enable_online_store=True,
        **options,
    )
    return group


def test_dataset_builder_default_statement(session, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the SDK downloads into the working directory
    start = 1_700_000_000.0
    data = frame([("a", start, 1), ("a", start + 10, 2), ("b", start, 3), ("c", start, 4)])
    group = make(session, data)
    group.ingest(data_frame=data, max_workers=2, wait=True)
    group.ingest(data_frame=data[:1], max_workers=1, wait=True)  # a duplicate
    group.delete_record("c", str(start + 20))
    store = FeatureStore(sagemaker_session=session)
    output = f"s3://{session.default_bucket()}/v2-datasets"
    result, text = store.create_dataset(base=group, output_path=output).to_dataframe()
    assert sorted(zip(result.id, result["at"], result.score)) == [("a", start, 1), ("a", start + 10, 2), ("b", start, 3)], text


def test_ingest_names_the_rows_that_fail(session):
    data = frame([("a", 1.0, 1), ("b", 1.0, 2), ("c", 1e13, 3)])  # the year 318857: out of range
    group = make(session, data)
    with pytest.raises(IngestionError) as error:
        group.ingest(data_frame=data, max_workers=2, wait=True)
    assert error.value.failed_rows == [2]
    assert group.get_record("a") and not group.get_record("c")


def test_online_only_group_has_no_table(session):
    data = frame([("a", 1.0, 1)])
    group = FeatureGroup(name=f"v2-online-{time.time_ns()}", sagemaker_session=session)
    group.load_feature_definitions(data_frame=data)
    group.create(s3_uri=False, record_identifier_name="id", event_time_feature_name="at",
                 role_arn=sagemaker.get_execution_role(), enable_online_store=True)
    group.ingest(data_frame=data, max_workers=1, wait=True)
    assert group.get_record("a") == [
        {"FeatureName": "id", "ValueAsString": "a"},
        {"FeatureName": "at", "ValueAsString": "1.0"},
        {"FeatureName": "score", "ValueAsString": "1.0"},
    ]
    assert "OfflineStoreConfig" not in group.describe()
    group.delete()
