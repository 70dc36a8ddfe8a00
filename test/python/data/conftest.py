"""What reads and writes buckets as files (the environment data)."""

import datetime
import os

import boto3
import pytest

from servers import Server, flush


@pytest.fixture
def s3():
    return boto3.client("s3")


@pytest.fixture
def own_server(tmp_path):
    """Starts servers of the test's own, with the flags given."""
    started = []

    def start(*flags):
        started.append(Server(tmp_path, *flags))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def endpoint():
    """The shared server without http://, as some clients want it."""
    return os.environ["AWS_ENDPOINT_URL"].removeprefix("http://")


@pytest.fixture
def flushed(make_group, runtime, sagemaker_client):
    """A group whose rows are all in files: rows of two months, a deletion, nulls. It is
    (group, folder as bucket/key, identifiers in the order put)."""
    from records import record

    group = make_group(offline=True, n="Integral", x="Fractional", words="String")
    ids = [f"é-{i}" for i in range(40)]
    first = datetime.datetime(2024, 1, 31, 22, tzinfo=datetime.timezone.utc)
    for i, identifier in enumerate(ids):
        at = (first + datetime.timedelta(minutes=6 * i)).strftime("%Y-%m-%dT%H:%M:%SZ")
        more = {} if i % 5 == 0 else {"n": str(i), "x": str(i / 4), "words": f"word {i}, \"é\""}
        runtime.put_record(FeatureGroupName=group, Record=record(id=identifier, at=at, **more))
    runtime.delete_record(
        FeatureGroupName=group, RecordIdentifierValueAsString=ids[0], EventTime="2024-02-29T00:00:00Z", DeletionMode="SoftDelete")
    flush(group)
    where = sagemaker_client.describe_feature_group(FeatureGroupName=group)["OfflineStoreConfig"]["S3StorageConfig"]
    return group, where["ResolvedOutputS3Uri"].removeprefix("s3://"), ids
