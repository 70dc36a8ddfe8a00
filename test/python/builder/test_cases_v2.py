"""Single datasets of the SageMaker SDK 2: the shapes of its own tests, what its point-in-time join returns, and what
Athena refuses of its statements."""

import uuid

import boto3
import pandas as pd
import pytest
import sagemaker
from botocore.exceptions import ClientError
from sagemaker.feature_store.dataset_builder import JoinComparatorEnum, JoinTypeEnum
from sagemaker.feature_store.feature_group import FeatureGroup
from sagemaker.feature_store.feature_store import FeatureStore
from sagemaker.session import Session


@pytest.fixture(scope="module")
def session():
    return Session()


@pytest.fixture(scope="module")
def store(session):
    return FeatureStore(sagemaker_session=session)


@pytest.fixture
def make(session, bucket):
    """Makes a group of a DataFrame, whose first column is the identifier and whose second the event time."""
    def make(data):
        group = FeatureGroup(name=f"case-{uuid.uuid4().hex}", sagemaker_session=session)
        group.load_feature_definitions(data_frame=data)
        group.create(s3_uri=f"s3://{bucket}/offline", record_identifier_name=data.columns[0], event_time_feature_name=data.columns[1],
                     role_arn=sagemaker.get_execution_role(), enable_online_store=True)
        group.ingest(data_frame=data, max_workers=2, wait=True)
        return group

    return make


@pytest.fixture
def output(bucket):
    return f"s3://{bucket}/datasets"


# One customer, two labels, three rows of features. Right is one row for each label, with what was known then:
# (first, 20) and (second, 30). The SDK's statement joins each label with every row that is not later; the option
# for the newest row counts per identifier, and so leaves one label.
def test_point_in_time_join_gives_five_rows_or_one_where_two_are_right(make, store, output):
    group = make(pd.DataFrame({"customer": [1, 1, 1], "at": [100.0, 200.0, 300.0], "balance": [10, 20, 30]}))
    labels = pd.DataFrame({"customer": [1, 1], "moment": [250.0, 350.0], "label": ["first", "second"]})

    def joined():
        builder = store.create_dataset(base=labels, output_path=output, record_identifier_feature_name="customer",
                                       event_time_identifier_feature_name="moment")
        return builder.with_feature_group(group, "customer", ["balance"]).point_in_time_accurate_join()

    def rows(builder):
        return sorted(zip(*(builder.to_dataframe()[0][name] for name in ("label", "balance.1"))))

    assert rows(joined()) == [("first", 10), ("first", 20), ("second", 10), ("second", 20), ("second", 30)]
    assert rows(joined().with_number_of_recent_records_by_record_identifier(1)) == [("second", 30)]


def frames():
    base = pd.DataFrame({"base_id": [1, 2, 3, 1], "base_time": [10.0, 20.0, 30.0, 40.0], "base_feature": [0.5, 1.25, None, 4.0], "base_text": ["a", "b", "c", "d"]})
    other = pd.DataFrame({"fg_id": [1, 1, 2, 4], "fg_time": [5.0, 35.0, 25.0, 1.0], "fg_feature": [7, 8, 9, 10]})
    return base, other


def in_order(data):
    return data.sort_values(by=list(data.columns)).reset_index(drop=True)


# The SDK's own tests compare so: DataFrame.equals, in which a column of integers is not one of floats, and the
# statement, letter by letter.
@pytest.mark.parametrize("of_a_frame", [False, True])
def test_datasets_equal_merged_frames(make, session, store, output, of_a_frame):
    base, other = frames()
    base = base.assign(base_feature=base.base_feature.fillna(2.5))
    group = make(other)
    if of_a_frame:
        builder = store.create_dataset(base=base, output_path=output, record_identifier_feature_name="base_id",
                                       event_time_identifier_feature_name="base_time")
    else:
        builder = store.create_dataset(base=make(base), output_path=output)
    result, text = builder.with_number_of_recent_records_by_record_identifier(4).with_feature_group(group).to_dataframe()
    want = base.merge(other, left_on="base_id", right_on="fg_id").rename(columns={name: f"{name}.1" for name in other})
    assert in_order(result).equals(in_order(want)), text
    result, text = (builder.point_in_time_accurate_join().with_number_of_records_from_query_results(5)
                    .with_event_time_range().to_dataframe())
    assert in_order(result).equals(in_order(want[want.base_time >= want["fg_time.1"]])), text
    assert text.startswith("WITH fg_base AS (WITH table_base AS (\nSELECT *\nFROM (\n") and text.rstrip(" ").endswith("WHERE row_recent <= 4\nLIMIT 5")


def test_left_join_by_a_feature(make, store, output):
    base, other = frames()
    builder = store.create_dataset(base=make(base), output_path=output, included_feature_names=["base_text", "base_feature"])
    result, text = builder.with_feature_group(
        make(other), target_feature_name_in_base="base_time", feature_name_in_target="fg_feature", included_feature_names=["fg_feature", "fg_id"],
        join_comparator=JoinComparatorEnum.LESS_THAN_OR_EQUAL_TO, join_type=JoinTypeEnum.LEFT_JOIN).to_dataframe()
    # Of the base's times only 10 is not above all features of the other.
    assert list(result.columns) == ["base_text", "base_feature", "fg_feature.1", "fg_id.1"], text
    assert sorted(result.fillna(-1).itertuples(index=False, name=None)) == [("a", 0.5, 10, 4), ("b", 1.25, -1, -1), ("c", -1, -1, -1), ("d", 4.0, -1, -1)], text


REFUSED = {
    "cross join": (dict(join_type=JoinTypeEnum.CROSS_JOIN), [], "mismatched input 'ON'"),
    "text and number": (dict(target_feature_name_in_base="base_text", feature_name_in_target="fg_id"), [], "TYPE_MISMATCH"),
    "key not included": (dict(feature_name_in_target="fg_feature", included_feature_names=["fg_id"]), [], "COLUMN_NOT_FOUND"),
    "zone in as_of": ({}, [("as_of", pd.Timestamp("2024-01-01", tz="UTC"))], "INVALID_FUNCTION_ARGUMENT"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_athena_refuses(make, store, output, case):
    join, options, error = REFUSED[case]
    base, other = frames()
    builder = store.create_dataset(base=make(base), output_path=output).with_feature_group(make(other), **join)
    for method, value in options:
        getattr(builder, method)(value)
    refused(builder, error)


def test_a_frame_has_no_deleted_records(make, store, output):
    base, other = frames()
    builder = store.create_dataset(base=base, output_path=output, record_identifier_feature_name="base_id", event_time_identifier_feature_name="base_time")
    refused(builder.with_feature_group(make(other)).include_deleted_records().include_duplicated_records(), "COLUMN_NOT_FOUND: line")


def test_a_frame_needs_its_times(make, store, output):
    base, other = frames()
    builder = store.create_dataset(base=base, output_path=output, record_identifier_feature_name="base_id",
                                   event_time_identifier_feature_name="base_time", included_feature_names=["base_id", "base_text"])
    refused(builder.with_feature_group(make(other)), "COLUMN_NOT_FOUND: line")


def refused(builder, error):
    with pytest.raises((RuntimeError, ClientError)) as raised:
        builder.to_csv_file()
    text = str(raised.value)
    if isinstance(raised.value, RuntimeError):  # "Failed to execute query <id>."
        execution = boto3.client("athena").get_query_execution(QueryExecutionId=text.split()[-1].rstrip("."))
        text = execution["QueryExecution"]["Status"]["StateChangeReason"]
    assert error in text
