"""Spark writes to a bucket, and our SQL reads what it wrote."""

import datetime
import decimal
import json
import urllib.parse

import pytest
from pyspark.sql import functions as F

# With the binding of S3A's committers there, Spark takes it for s3a:// of itself; these say so, or otherwise.
CLOUD = {
    "spark.sql.sources.commitProtocolClass": "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
    "spark.sql.parquet.output.committer.class": "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter",
}
RENAMES = {
    "spark.sql.sources.commitProtocolClass": "org.apache.spark.sql.execution.datasources.SQLHadoopMapReduceCommitProtocol",
    "spark.sql.parquet.output.committer.class": "org.apache.parquet.hadoop.ParquetOutputCommitter",
}


@pytest.fixture
def settings(spark):
    """Sets settings of the session until the end of the test."""
    changed = []

    def change(values):
        for key, value in values.items():
            changed.append(key)
            spark.conf.set(key, value)

    yield change
    for key in changed:
        spark.conf.unset(key)


@pytest.fixture
def table(name, sql):
    """Makes a table of our SQL over a folder, and returns its name."""
    full = f"sagemaker_featurestore.{name.replace('-', '_')}"

    def make(columns, location):
        sql(f"CREATE EXTERNAL TABLE {full} ({columns}) STORED AS PARQUET LOCATION '{location}'")
        return full

    yield make
    sql(f"DROP TABLE IF EXISTS {full}")


TYPES = dict(
    truth="boolean", tiny="tinyint", small="smallint", whole="int", big="bigint", single="float", twice="double",
    price="decimal(10,2)", exact="decimal(38,10)", words="string", day="date", at="timestamp", tags="array<string>")


@pytest.mark.parametrize("times", ["INT96", "TIMESTAMP_MICROS", "TIMESTAMP_MILLIS"])
def test_types(spark, bucket, table, sql, settings, times):
    settings({"spark.sql.parquet.outputTimestampType": times})
    rows = [
        (True, 127, 32767, 2**31 - 1, 2**63 - 1, 1.5, 0.1, decimal.Decimal("12345678.90"), decimal.Decimal("1234567890123456789012345678.0123456789"), "é, \"x\"",
         datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 23, 59, 59, 123000), ["a", "b"]),
        (False, -128, -32768, -2**31, -2**63, -0.25, -1e300, decimal.Decimal("-0.01"), decimal.Decimal("-0.0000000001"), "",
         datetime.date(1969, 12, 31), datetime.datetime(1969, 12, 31, 23, 59, 59, 1000), []),
        (None,) * len(TYPES),
    ]
    df = spark.createDataFrame(rows, ", ".join(f"{name} {kind}" for name, kind in TYPES.items()))
    df.coalesce(1).write.parquet(f"s3a://{bucket}/types")
    name = table(", ".join(f"`{name}` {kind}" for name, kind in TYPES.items()), f"s3://{bucket}/types/")
    assert sql(f"SELECT * FROM {name} ORDER BY big DESC NULLS LAST") == [
        ["true", "127", "32767", "2147483647", "9223372036854775807", "1.5", "0.1", "12345678.90", "1234567890123456789012345678.0123456789", "é, \"x\"",
         "2024-02-29", "2024-02-29 23:59:59.123", "[a, b]"],
        ["false", "-128", "-32768", "-2147483648", "-9223372036854775808", "-0.25", "-1.0E300", "-0.01", "-0.0000000001", "",
         "1969-12-31", "1969-12-31 23:59:59.001", "[]"],
        [None] * len(TYPES),
    ]
    assert spark.read.parquet(f"s3a://{bucket}/types").orderBy(F.desc_nulls_last("big")).collect() == rows


# "file" moves files by copies. The others make them appear at the commit: "magic", the default, by uploads
# that are completed then, the other two by uploads from a local disk.
@pytest.mark.parametrize("committer", ["file", "magic", "directory", "partitioned"])
def test_committers(spark, bucket, table, sql, keys, s3, settings, committer):
    settings((RENAMES if committer == "file" else CLOUD) | {"fs.s3a.committer.name": committer})
    frame = lambda first: spark.range(first, first + 300, numPartitions=3).select(F.col("id").alias("n"), (F.col("id") % 2).alias("half"))
    where = f"s3a://{bucket}/out"
    frame(0).write.partitionBy("half").parquet(where)
    frame(300).write.mode("append").partitionBy("half").parquet(where)
    said = s3.get_object(Bucket=bucket, Key="out/_SUCCESS")["Body"].read()
    assert said == b"" if committer == "file" else json.loads(said)["committer"] == committer, said
    data = [key for key in keys("out/") if key.endswith(".parquet")]
    assert len(data) == 12 and {key.split("/")[1] for key in data} == {"half=0", "half=1"}
    assert [key for key in keys("out/") if "__magic" in key or "_temporary" in key or ".pending" in key] == []
    assert spark.read.parquet(where).agg(F.count("n"), F.countDistinct("n"), F.sum("half")).collect() == [(600, 600, 300)]
    name = table("n bigint", f"s3://{bucket}/out/")
    assert sql(f"SELECT count(*), count(DISTINCT n), max(n) FROM {name}") == [["600", "600", "599"]]
    # A job that fails leaves nothing of its own, neither files nor uploads.
    broken = frame(600).select(F.when(F.col("n") == 899, F.raise_error(F.lit("meant to fail"))).otherwise(F.col("n")).alias("n"), "half")
    with pytest.raises(Exception, match="meant to fail"):
        broken.write.mode("append").partitionBy("half").parquet(where)
    assert sql(f"SELECT count(*) FROM {name}") == [["600"]]
    assert s3.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []


def test_overwriting(spark, bucket, table, sql, keys, settings):
    where = f"s3a://{bucket}/over"
    frame = lambda n, half: spark.range(n).select(F.col("id").alias("n"), F.lit(half).alias("half"))
    frame(10, 0).union(frame(20, 1)).write.partitionBy("half").parquet(where)
    name = table("n bigint", f"s3://{bucket}/over/")
    settings({"spark.sql.sources.partitionOverwriteMode": "dynamic"})
    frame(5, 1).write.mode("overwrite").partitionBy("half").parquet(where)
    assert sql(f"SELECT count(*) FROM {name}") == [["15"]]
    settings({"spark.sql.sources.partitionOverwriteMode": "static"})
    frame(3, 2).write.mode("overwrite").partitionBy("half").parquet(where)
    assert sql(f"SELECT count(*) FROM {name}") == [["3"]]
    assert {key.split("/")[1] for key in keys("over/") if key.endswith(".parquet")} == {"half=2"}


def test_a_partitioned_table_by_glue(spark, bucket, glue, sql, name):
    """Spark writes the folders, Glue is told of them, and both our SQL and Spark find them by Glue."""
    where = f"s3a://{bucket}/sales"
    odd = ["DE", "a b", "50%", "é=1"]
    rows = [(i, odd[i % 4], 2020 + i % 2) for i in range(100)]
    spark.createDataFrame(rows, "n bigint, country string, year int").repartition(1).write.partitionBy("country", "year").parquet(where)
    folders = {(row.country, row.year): row.file.rsplit("/", 1)[0] for row in
               spark.read.parquet(where).select("country", "year", F.col("_metadata.file_path").alias("file")).distinct().collect()}
    assert len(folders) == 4
    table = name.replace("-", "_")
    storage = {
        "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
    }
    glue.create_database(DatabaseInput={"Name": table})
    glue.create_table(DatabaseName=table, TableInput={
        "Name": "sales", "TableType": "EXTERNAL_TABLE", "PartitionKeys": [{"Name": "country", "Type": "string"}, {"Name": "year", "Type": "int"}],
        "StorageDescriptor": storage | {"Columns": [{"Name": "n", "Type": "bigint"}], "Location": f"s3://{bucket}/sales"}})
    # What Spark says of files is a URI, in which a % of the key is %25.
    assert glue.batch_create_partition(DatabaseName=table, TableName="sales", PartitionInputList=[
        {"Values": [country, str(year)], "StorageDescriptor": storage | {
            "Columns": [{"Name": "n", "Type": "bigint"}], "Location": urllib.parse.unquote(folder).replace("s3a://", "s3://")}}
        for (country, year), folder in folders.items()])["Errors"] == []
    try:
        counts = sorted([country, str(year), str(sum(1 for row in rows if row[1:] == (country, year)))] for country, year in folders)
        assert sorted(sql(f'SELECT country, year, count(*) FROM "{table}"."sales" GROUP BY country, year')) == counts
        assert sql(f'SELECT count(*), sum(n) FROM "{table}"."sales" WHERE year = 2020 AND country = \'DE\'') == [["25", "1200"]]
        found = glue.get_partitions(DatabaseName=table, TableName="sales", Expression="year = 2021")["Partitions"]
        assert sorted(p["Values"][0] for p in found) == sorted(c for c, y in folders if y == 2021)
        frames = [
            spark.read.schema("n bigint").parquet(p["StorageDescriptor"]["Location"].replace("s3://", "s3a://")).select(
                "n", F.lit(p["Values"][0]).alias("country"), F.lit(int(p["Values"][1])).alias("year")) for p in found]
        read = frames[0].union(frames[1]).orderBy("n").collect()
        assert read == [row for row in rows if row[2] == 2021]
    finally:
        glue.delete_table(DatabaseName=table, Name="sales")
        glue.delete_database(Name=table)


def test_texts(spark, bucket):
    df = spark.createDataFrame([(1, 'say "hi", x', 0.5), (2, "é\n2", None), (3, None, -1e-7)], "n int, words string, x double")
    df.coalesce(1).write.option("header", True).option("escape", '"').csv(f"s3a://{bucket}/csv")
    df.coalesce(1).write.option("compression", "gzip").json(f"s3a://{bucket}/json")
    options = {"header": True, "multiLine": True, "escape": '"'}
    assert spark.read.options(**options).schema("n int, words string, x double").csv(f"s3a://{bucket}/csv").orderBy("n").collect() == df.collect()
    assert spark.read.json(f"s3a://{bucket}/json").orderBy("n").select("n", "words", "x").collect() == df.collect()


def test_s3a_as_a_file_system(spark, bucket, keys, s3, tmp_path):
    """What Hadoop programs do: folders, renames, deletes, large files in parts, reading from the middle."""
    jvm = spark.sparkContext._jvm
    path = lambda text: jvm.org.apache.hadoop.fs.Path(f"s3a://{bucket}/{text}")
    conf = jvm.org.apache.hadoop.conf.Configuration(spark.sparkContext._jsc.hadoopConfiguration())
    conf.set("fs.s3a.multipart.size", "5M")
    conf.set("fs.s3a.multipart.threshold", "5M")
    fs = jvm.org.apache.hadoop.fs.FileSystem.newInstance(path("").toUri(), conf)
    try:
        assert fs.mkdirs(path("a/b c/é")) and fs.getFileStatus(path("a/b c")).isDirectory() and keys("a/") == ["a/b c/é/"]
        body = bytes(i * i % 251 for i in range(1 << 16)) * 200  # 12.5 MiB
        (tmp_path / "large").write_bytes(body)
        fs.copyFromLocalFile(jvm.org.apache.hadoop.fs.Path(str(tmp_path / "large")), path("a/b c/é/large"))
        status = fs.getFileStatus(path("a/b c/é/large"))
        assert status.getLen() == len(body) and s3.head_object(Bucket=bucket, Key="a/b c/é/large")["ETag"].endswith('-3"')
        out = fs.create(path("a/small+1"))
        out.write(bytearray(b"x" * 10))
        out.close()
        assert fs.rename(path("a"), path("z")) and not fs.exists(path("a")) and keys("") == ["z/b c/é/large", "z/small+1"]
        stream = fs.open(path("z/b c/é/large"))
        for at in [len(body) - 3, 0, 7 << 20]:
            stream.seek(at)
            assert stream.read() == body[at]
        stream.close()
        fs.copyToLocalFile(path("z/b c/é/large"), jvm.org.apache.hadoop.fs.Path(str(tmp_path / "back")))
        assert (tmp_path / "back").read_bytes() == body
        assert sorted(f.getPath().getName() for f in fs.listStatus(path("z"))) == ["b c", "small+1"]
        summary = fs.getContentSummary(path("z"))
        assert (summary.getLength(), summary.getFileCount()) == (len(body) + 10, 2)
        with pytest.raises(Exception, match="FileAlreadyExistsException"):
            fs.create(path("z/small+1"), False)
        assert fs.delete(path("z"), True) and not fs.delete(path("z"), True) and [k for k in keys("") if k != "a/"] == []
        with pytest.raises(Exception, match="FileNotFoundException"):
            fs.open(path("z/small+1"))
    finally:
        fs.close()
