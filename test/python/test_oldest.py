"""The oldest boto3 that reads AWS_ENDPOINT_URL: the core of what a program does with it."""

import boto3
import pytest
from records import ago, features, record


def test_it_is_the_oldest():
    assert boto3.__version__ == "1.28.0"


# Rule 1.4-8, 1.5-2, 1.8-4, 1.9-1, 1.9-3, 1.10-3, 1.12-3.
def test_groups(sagemaker_client, make_group):
    group = make_group(n="Integral", more={"Tags": [{"Key": "a", "Value": "b"}], "Description": "old"})
    got = sagemaker_client.describe_feature_group(FeatureGroupName=group)
    assert got["FeatureGroupStatus"] == "Created" and got["Description"] == "old"
    assert [d["FeatureName"] for d in got["FeatureDefinitions"]] == ["id", "at", "n"]
    summaries = sagemaker_client.get_paginator("list_feature_groups").paginate(NameContains=group).build_full_result()
    assert [s["FeatureGroupName"] for s in summaries["FeatureGroupSummaries"]] == [group]
    sagemaker_client.update_feature_group(FeatureGroupName=group, FeatureAdditions=[{"FeatureName": "x", "FeatureType": "Fractional"}])
    sagemaker_client.update_feature_group(FeatureGroupName=group, OnlineStoreConfig={"TtlDuration": {"Unit": "Days", "Value": 1}})
    got = sagemaker_client.describe_feature_group(FeatureGroupName=group)
    assert got["FeatureDefinitions"][-1] == {"FeatureName": "x", "FeatureType": "Fractional"}
    assert got["OnlineStoreConfig"]["TtlDuration"] == {"Unit": "Days", "Value": 1}
    assert got["LastUpdateStatus"]["Status"] == "Successful"
    arn = got["FeatureGroupArn"]
    sagemaker_client.add_tags(ResourceArn=arn, Tags=[{"Key": "c", "Value": "d"}])
    sagemaker_client.delete_tags(ResourceArn=arn, TagKeys=["a"])
    assert sagemaker_client.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "c", "Value": "d"}]
    sagemaker_client.update_feature_metadata(FeatureGroupName=group, FeatureName="x", Description="a ratio",
                                             ParameterAdditions=[{"Key": "k", "Value": "v"}])
    got = sagemaker_client.describe_feature_metadata(FeatureGroupName=group, FeatureName="x")
    assert got["Description"] == "a ratio" and got["Parameters"] == [{"Key": "k", "Value": "v"}]
    found = sagemaker_client.search(Resource="FeatureGroup", SearchExpression={"Filters": [{"Name": "FeatureGroupName", "Value": group}]})
    assert found["Results"][0]["FeatureGroup"]["FeatureGroupArn"] == arn
    sagemaker_client.delete_feature_group(FeatureGroupName=group)
    with pytest.raises(sagemaker_client.exceptions.ResourceNotFound):
        sagemaker_client.describe_feature_group(FeatureGroupName=group)


# Rule 2.2-3, 2.2-7, 2.5-3, 3.4-1, 3.4-7.
def test_records(runtime, make_group, rows):
    group = make_group(offline=True, n="Integral")
    one = record(id="a b/c", at=ago(), n="1")
    runtime.put_record(FeatureGroupName=group, Record=one, TtlDuration={"Unit": "Hours", "Value": 1})
    got = runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a b/c", ExpirationTimeResponse="Enabled")
    assert got["Record"] == one and got["ExpiresAt"]
    got = runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a b/c", FeatureNames=["n"])
    assert features(got["Record"]) == {"n": "1"}
    batch = runtime.batch_get_record(Identifiers=[{"FeatureGroupName": group, "RecordIdentifiersValueAsString": ["a b/c", "no"]}])
    assert [r["Record"] for r in batch["Records"]] == [one] and batch["Errors"] == []
    runtime.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString="a b/c", EventTime=ago(seconds=-5), DeletionMode="SoftDelete")
    assert "Record" not in runtime.get_record(FeatureGroupName=group, RecordIdentifierValueAsString="a b/c")
    assert rows(group, "SELECT id, n, is_deleted FROM {table} ORDER BY write_time") == [["a b/c", "1", "false"], ["a b/c", None, "true"]]


# Rule 2.2-6, 2.3-2.
def test_errors(runtime):
    with pytest.raises(runtime.exceptions.ResourceNotFound):
        runtime.get_record(FeatureGroupName="nobody-has-this-name", RecordIdentifierValueAsString="a")
    with pytest.raises(runtime.exceptions.ValidationError):
        runtime.put_record(FeatureGroupName="nobody-has-this-name", Record=record(id="a"))
