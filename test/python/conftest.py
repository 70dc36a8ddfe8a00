"""These tests run under `larder exec`: the environment alone points them at the server."""

import os
import pathlib
import subprocess
import uuid

import pytest


def pytest_sessionstart(session):
    if not os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://127.0.0.1"):
        pytest.exit("run these tests with `make wire`: AWS_ENDPOINT_URL points at no local server", 2)


@pytest.fixture
def name():
    """A name that nobody else has."""
    return f"py-{uuid.uuid4().hex}"


@pytest.fixture
def bucket(name):
    """A bucket of the test's own."""
    import boto3  # the environment of the CLI has none

    boto3.client("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture
def sagemaker_client():
    import boto3

    return boto3.client("sagemaker")


@pytest.fixture
def runtime():
    import boto3

    return boto3.client("sagemaker-featurestore-runtime")


@pytest.fixture
def make_group(sagemaker_client, bucket):
    """Makes a group of the features id, at (event times) and those given as NAME="Type", and returns
    its name. offline=True adds an offline store; more members of CreateFeatureGroup as more=."""
    made = []

    def make(online=True, offline=False, storage=None, event_time="String", more=None, **features):
        group = f"g-{uuid.uuid4().hex}"
        request = {
            "FeatureGroupName": group,
            "RecordIdentifierFeatureName": "id",
            "EventTimeFeatureName": "at",
            "FeatureDefinitions": [
                {"FeatureName": "id", "FeatureType": "String"},
                {"FeatureName": "at", "FeatureType": event_time},
            ] + [
                kind | {"FeatureName": feature} if isinstance(kind, dict) else {"FeatureName": feature, "FeatureType": kind}
                for feature, kind in features.items()
            ],
        }
        if online:
            request["OnlineStoreConfig"] = {"EnableOnlineStore": True} | ({"StorageType": storage} if storage else {})
        if offline:
            request["OfflineStoreConfig"] = {"S3StorageConfig": {"S3Uri": f"s3://{bucket}/offline"}}
            request["RoleArn"] = "arn:aws:iam::123456789012:role/features"
        for member, value in (more or {}).items():
            both = isinstance(value, dict) and isinstance(request.get(member), dict)
            request[member] = request[member] | value if both else value
        sagemaker_client.create_feature_group(**request)
        made.append(group)
        return group

    yield make
    for group in made:
        try:
            sagemaker_client.delete_feature_group(FeatureGroupName=group)
        except sagemaker_client.exceptions.ResourceNotFound:
            pass  # the test has deleted it


@pytest.fixture
def flush():
    """Puts every acknowledged row of the group into a file."""
    larder = os.environ.get("LARDER", str(pathlib.Path(__file__).parents[2] / "bin" / "larder"))

    def run(group):
        subprocess.run([larder, "flush", "--group", group], check=True, capture_output=True, text=True)

    return run


@pytest.fixture
def sql(bucket):
    """Runs a statement and returns its rows as lists of strings, None for NULL; DDL has none."""
    import time

    import boto3

    athena = boto3.client("athena")

    def run(text):
        execution = athena.start_query_execution(
            QueryString=text, ResultConfiguration={"OutputLocation": f"s3://{bucket}/results/"})["QueryExecutionId"]
        while True:
            got = athena.get_query_execution(QueryExecutionId=execution)["QueryExecution"]
            if got["Status"]["State"] not in ("QUEUED", "RUNNING"):
                break
            time.sleep(0.02)
        assert got["Status"]["State"] == "SUCCEEDED", got["Status"]
        if got["StatementType"] != "DML":
            return []
        pages = athena.get_paginator("get_query_results").paginate(QueryExecutionId=execution)
        return [[cell.get("VarCharValue") for cell in row["Data"]] for page in pages for row in page["ResultSet"]["Rows"]][1:]

    return run


@pytest.fixture
def rows(sagemaker_client, sql):
    """Runs SQL and returns its rows; {table} stands for a group's table."""

    def query(group, text):
        config = sagemaker_client.describe_feature_group(FeatureGroupName=group)["OfflineStoreConfig"]["DataCatalogConfig"]
        return sql(text.format(table=f'"{config["Database"]}"."{config["TableName"]}"'))

    return query
