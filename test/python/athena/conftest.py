"""PyAthena, with the pandas, pyarrow and polars that its cursors want (the environment athena)."""

import os

import pyarrow.fs
import pytest
from pyathena import connect


@pytest.fixture
def staging(bucket):
    return f"s3://{bucket}/results/"


@pytest.fixture
def connection(staging):
    """Makes connections; what is not said is as below."""
    made = []

    def make(**how):
        made.append(connect(**dict(s3_staging_dir=staging, region_name="us-east-1", poll_interval=0.02) | how))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def database(connection, name):
    """A database of the test's own."""
    database = name.replace("-", "_")
    cursor = connection().cursor()
    cursor.execute(f"CREATE DATABASE {database}")
    yield database
    cursor.execute(f"DROP DATABASE {database} CASCADE")


@pytest.fixture(autouse=True)
def pyarrow_finds_the_server(monkeypatch):
    """The file system of pyarrow takes AWS_ENDPOINT_URL only from a URI, and PyAthena gives it none."""
    real = pyarrow.fs.S3FileSystem
    monkeypatch.setattr(pyarrow.fs, "S3FileSystem", lambda **how: real(endpoint_override=os.environ["AWS_ENDPOINT_URL"], **how))
