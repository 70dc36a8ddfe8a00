"""These tests run under `larder exec`: the environment alone points them at the server."""

import os
import uuid

import pytest


def pytest_sessionstart(session):
    if not os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://127.0.0.1"):
        pytest.exit("run these tests with `make wire`: AWS_ENDPOINT_URL points at no local server", 2)


@pytest.fixture
def bucket():
    """A bucket of the test's own."""
    import boto3  # the environment of the CLI has none

    name = f"py-{uuid.uuid4().hex}"
    boto3.client("s3").create_bucket(Bucket=name)
    return name
