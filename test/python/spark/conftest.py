"""Apache Spark in local mode, with Hadoop's S3A (the environment spark, and the jars of pom.xml)."""

import datetime
import pathlib
import time

import boto3
import pytest

JARS = pathlib.Path(__file__).parents[3] / ".cache" / "spark" / "lib"


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """One session for all tests. Nothing points it at the server but the environment."""
    from pyspark.sql import SparkSession

    scratch = tmp_path_factory.mktemp("spark")
    session = (
        SparkSession.builder.master("local[2]").appName("larder")
        .config("spark.jars", ",".join(map(str, sorted(JARS.glob("*.jar")))))
        .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        # The tests are over before a better compiler or collector would pay.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .config("spark.sql.codegen.wholeStage", False)
        .config("spark.ui.enabled", False).config("spark.ui.showConsoleProgress", False)
        .config("spark.local.dir", str(scratch / "local")).config("spark.sql.warehouse.dir", str(scratch / "warehouse"))
        .config("spark.hadoop.fs.s3a.buffer.dir", str(scratch / "s3a"))
        .config("spark.sql.session.timeZone", "UTC").config("spark.sql.shuffle.partitions", 2)
        .getOrCreate())
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture
def s3():
    return boto3.client("s3")


@pytest.fixture
def glue():
    return boto3.client("glue")


@pytest.fixture
def keys(bucket, s3):
    """Lists the keys below a prefix of the test's bucket."""

    def listed(prefix=""):
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return [o["Key"] for page in pages for o in page.get("Contents", [])]

    return listed


@pytest.fixture
def table_of(glue, sagemaker_client):
    """A group's table, as Glue knows it."""

    def get(group):
        config = sagemaker_client.describe_feature_group(FeatureGroupName=group)["OfflineStoreConfig"]["DataCatalogConfig"]
        return glue.get_table(DatabaseName=config["Database"], Name=config["TableName"])["Table"]

    return get


@pytest.fixture
def folder_of(sagemaker_client):
    """Where a group's files are, as Spark writes it."""

    def get(group):
        where = sagemaker_client.describe_feature_group(FeatureGroupName=group)["OfflineStoreConfig"]["S3StorageConfig"]
        return where["ResolvedOutputS3Uri"].replace("s3://", "s3a://")

    return get


@pytest.fixture
def put(runtime):
    """Puts a record of the group; None for no value."""
    from records import record

    def send(group, **features):
        runtime.put_record(FeatureGroupName=group, Record=record(**{k: v for k, v in features.items() if v is not None}))

    return send


def as_athena(value):
    """A value of Spark as Athena prints it, but for doubles, of which two texts may be one."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"
    return str(value)


@pytest.fixture
def same():
    """Says that rows of Spark are the rows of SQL, in order."""

    def compare(ours, theirs):
        ours = [[float(a) if isinstance(b, float) and a is not None else a for a, b in zip(row, other, strict=True)]
                for row, other in zip(ours, theirs, strict=True)]
        theirs = [[value if isinstance(value, float) else as_athena(value) for value in row] for row in theirs]
        assert ours == theirs

    return compare


@pytest.fixture
def until():
    """Asks until the answer is yes, because the clock must go on for it."""

    def ask(what, yes, seconds=30):
        end = time.monotonic() + seconds
        while not yes():
            assert time.monotonic() < end, f"{what}: not within {seconds} s"
            time.sleep(0.1)

    return ask
