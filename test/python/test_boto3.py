"""What boto3 sends and expects, beyond what the programs show."""

import hashlib
import io
import os
import time

import boto3
import botocore.exceptions
import pytest
from boto3.s3.transfer import TransferConfig


def code(error):
    return error.value.response["Error"]["Code"]


def test_s3_transfer_manager_round_trip(bucket):
    s3 = boto3.client("s3")
    body = os.urandom(21 << 20)
    s3.upload_fileobj(io.BytesIO(body), bucket, "large", Config=TransferConfig(multipart_threshold=8 << 20, max_concurrency=10))
    back = io.BytesIO()
    s3.download_fileobj(bucket, "large", back)
    assert hashlib.sha256(back.getvalue()).digest() == hashlib.sha256(body).digest()
    head = s3.head_object(Bucket=bucket, Key="large")
    assert head["ContentLength"] == len(body) and head["ETag"].endswith('-3"')


def test_s3_over_https(bucket):
    secure = os.environ["AWS_ENDPOINT_URL"].replace("http://", "https://")
    s3 = boto3.client("s3", endpoint_url=secure)  # AWS_CA_BUNDLE vouches for it
    s3.put_object(Bucket=bucket, Key="k", Body=b"chunked, with a trailing checksum")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"chunked, with a trailing checksum"


def test_s3_presigned_url(bucket):
    import requests

    s3 = boto3.client("s3")
    s3.put_object(Bucket=bucket, Key="a key", Body=b"shared")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a key"}, ExpiresIn=60)
    assert requests.get(url, timeout=10).content == b"shared"
    assert requests.get(url.replace("a%20key", "b%20key"), timeout=10).status_code == 403


def test_s3_missing_things(bucket):
    s3 = boto3.client("s3")
    with pytest.raises(botocore.exceptions.ClientError) as error:
        s3.head_bucket(Bucket=bucket + "x")
    assert code(error) == "404" and error.value.response["Error"]["Message"] == "Not Found"
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=bucket, Key="nothing")
    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.list_objects_v2(Bucket=bucket + "x")


# Rule 0.4-2, 0.4-3.
def test_a_key_that_nobody_has():
    sts = boto3.client("sts", aws_access_key_id="AKIAXXXXXXXXXXXXXXXX", aws_secret_access_key="secret")
    with pytest.raises(botocore.exceptions.ClientError) as error:
        sts.get_caller_identity()
    assert code(error) == "InvalidClientTokenId"
    unknown = boto3.client("sagemaker", aws_access_key_id="AKIAXXXXXXXXXXXXXXXX", aws_secret_access_key="secret")
    with pytest.raises(botocore.exceptions.ClientError) as error:
        unknown.list_feature_groups()
    assert code(error) == "UnrecognizedClientException"
    wrong = boto3.client(
        "sagemaker", aws_access_key_id=os.environ["AWS_ACCESS_KEY_ID"], aws_secret_access_key="wrong"
    )
    with pytest.raises(botocore.exceptions.ClientError) as error:
        wrong.list_feature_groups()
    assert code(error) == "InvalidSignatureException"


def test_role_of_the_caller():
    arn = boto3.client("sts").get_caller_identity()["Arn"]
    name = arn.split("/")[1]
    role = boto3.client("iam").get_role(RoleName=name)["Role"]
    assert role["Arn"].startswith("arn:aws:iam::") and role["Arn"].endswith(f":role/{name}")


def test_control_plane_validation_names_the_rule(bucket):
    client = boto3.client("sagemaker")
    wanted = dict(
        FeatureGroupName=f"group-{time.time_ns()}",
        RecordIdentifierFeatureName="id",
        EventTimeFeatureName="at",
        FeatureDefinitions=[{"FeatureName": "id", "FeatureType": "String"}, {"FeatureName": "at", "FeatureType": "String"}],
        OnlineStoreConfig={"EnableOnlineStore": True},
    )
    for change, word in [
        ({"FeatureGroupName": "-starts-with-a-dash"}, "feature group name"),
        ({"EventTimeFeatureName": "when"}, "when"),
        ({"RecordIdentifierFeatureName": "who"}, "who"),
        ({"FeatureDefinitions": wanted["FeatureDefinitions"] + [{"FeatureName": "write_time", "FeatureType": "String"}]}, "write_time"),
        ({"FeatureDefinitions": wanted["FeatureDefinitions"] + [{"FeatureName": "id", "FeatureType": "String"}]}, "id"),
        ({"OnlineStoreConfig": {"EnableOnlineStore": False}}, "OnlineStore and OfflineStore cannot be both disabled"),
        ({"OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": f"s3://{bucket}/x"}}}, "RoleArn"),
        ({"OfflineStoreConfig": {"S3StorageConfig": {"S3Uri": "s3://no-such-bucket-here/x"}},
          "RoleArn": "arn:aws:iam::123456789012:role/r"}, "Invalid S3Uri provided"),
    ]:
        with pytest.raises(botocore.exceptions.ClientError) as error:
            client.create_feature_group(**(wanted | change))
        assert code(error) == "ValidationException", change
        assert word in error.value.response["Error"]["Message"], error.value
    client.create_feature_group(**wanted)
    assert client.describe_feature_group(FeatureGroupName=wanted["FeatureGroupName"])["FeatureGroupStatus"] == "Created"
    client.delete_feature_group(FeatureGroupName=wanted["FeatureGroupName"])
