"""Spark reads what a feature group leaves in its folder, and adds to it."""

import concurrent.futures
import datetime

import pytest
from pyspark.sql import functions as F

TECHNICAL = ["write_time", "api_invocation_time", "is_deleted"]
PARTS = ["year", "month", "day", "hour"]

ROWS = [
    dict(id="a", at="2024-01-31T22:59:59.999Z", n="9223372036854775807", x="1.7976931348623157e308", words="é ü 漢字 🙂"),
    dict(id="b", at="2024-01-31T23:00:00Z", n="-9223372036854775808", x="5e-324", words='quoted "twice", and a \t tab'),
    dict(id="c", at="2024-02-01T00:30:00+01:00", n="0", x="-0.0", words=" "),
    dict(id="d", at="2024-02-29T12:00:00Z", n=None, x=None, words=None),
    dict(id="e", at="1999-12-31T23:59:59Z", n="42", x="0.1", words="line\nbreak"),
]


@pytest.fixture
def filled(make_group, put, runtime, flush):
    """A group of all types whose rows are in files: extremes, nulls, several hours, a deletion."""
    group = make_group(offline=True, n="Integral", x="Fractional", words="String")
    for row in ROWS:
        put(group, **row)
    runtime.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString="a", EventTime="2024-03-01T00:00:00Z", DeletionMode="SoftDelete")
    flush(group)
    return group


def test_the_folder_has_columns_types_and_partitions(spark, filled, folder_of):
    df = spark.read.parquet(folder_of(filled))
    assert dict(df.dtypes) == dict(
        id="string", at="string", n="bigint", x="double", words="string", write_time="timestamp", api_invocation_time="timestamp",
        is_deleted="boolean", year="int", month="int", day="int", hour="int")
    assert df.columns == ["id", "at", "n", "x", "words", *TECHNICAL, *PARTS]
    found = {row.id: row for row in df.where("NOT is_deleted").collect()}
    assert {key: (str(row.n) if row.n is not None else None, row.x, row.words) for key, row in found.items()} == {
        row["id"]: (row["n"], float(row["x"]) if row["x"] else None, row["words"]) for row in ROWS}
    assert {key: tuple(row[part] for part in PARTS) for key, row in found.items()} == {
        "a": (2024, 1, 31, 22), "b": (2024, 1, 31, 23), "c": (2024, 1, 31, 23), "d": (2024, 2, 29, 12), "e": (1999, 12, 31, 23)}
    deleted = df.where("is_deleted").collect()
    assert [(row.id, row.at, row.n, row.words, row.month) for row in deleted] == [("a", "2024-03-01T00:00:00Z", None, None, 3)]


def test_partitions_and_bounds_choose_files(spark, filled, folder_of):
    df = spark.read.parquet(folder_of(filled))
    assert df.where("year = 2024 AND month = 1").select("id").distinct().orderBy("id").collect() == [("a",), ("b",), ("c",)]
    of_february = df.where("month = 2").withColumn("file", F.input_file_name())
    assert ["/month=02/day=29/hour=12/" in row.file for row in of_february.collect()] == [True]
    assert df.where("n > 41").count() == 2 and df.where("n IS NULL").count() == 2 and df.where(F.col("x") == 0.1).count() == 1
    assert df.agg(F.max("write_time") > F.min("write_time")).collect() == [(True,)]


def test_times_are_the_instants_that_sql_knows(spark, filled, folder_of, rows, same):
    df = spark.read.parquet(folder_of(filled)).orderBy("write_time").select("id", "n", "x", "words", *TECHNICAL)
    ours = rows(filled, f"SELECT id, n, x, words, {', '.join(TECHNICAL)} FROM {{table}} ORDER BY write_time")
    same(ours, df.collect())
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    first = df.collect()[0]
    assert now - datetime.timedelta(minutes=10) < first.api_invocation_time <= now and first.api_invocation_time <= first.write_time


def test_features_that_were_added(spark, filled, folder_of, sagemaker_client, put, flush, rows, same):
    sagemaker_client.update_feature_group(FeatureGroupName=filled, FeatureAdditions=[
        {"FeatureName": "More", "FeatureType": "Fractional"}, {"FeatureName": "label", "FeatureType": "String"}])
    put(filled, id="f", at="2024-01-31T23:00:01Z", n="7", More="2.5", label="new")
    flush(filled)
    df = spark.read.option("mergeSchema", True).parquet(folder_of(filled))
    assert dict(df.dtypes)["More"] == "double" and dict(df.dtypes)["label"] == "string"
    columns = ["id", "n", "More", "label", "is_deleted"]
    same(rows(filled, f"SELECT {', '.join(columns)} FROM {{table}} ORDER BY write_time"), df.orderBy("write_time").select(columns).collect())
    assert df.where("More IS NOT NULL").select("id", "label").collect() == [("f", "new")]


def ddl(columns):
    return ", ".join(f"`{c['Name']}` {c['Type']}" for c in columns)


def test_the_glue_table_as_a_table_of_spark(spark, filled, table_of, sagemaker_client, put, flush, sql, same):
    """Spark has no client of Glue that Maven Central would offer, so Glue is asked by boto3 for what Spark needs to know."""
    sagemaker_client.update_feature_group(FeatureGroupName=filled, FeatureAdditions=[{"FeatureName": "More", "FeatureType": "Fractional"}])
    put(filled, id="f", at="2024-01-31T23:00:01Z", n="7", More="2.5")
    flush(filled)
    table = table_of(filled)
    storage = table["StorageDescriptor"]
    assert table["PartitionKeys"] == [] and storage["SerdeInfo"]["SerializationLibrary"].endswith("ParquetHiveSerDe")
    names = [c["Name"] for c in storage["Columns"]]
    assert names == ["id", "at", "n", "x", "words", "more", *TECHNICAL]  # Glue's names are lower-case; Spark finds More by more
    spark.sql(f"CREATE TABLE features ({ddl(storage['Columns'])}) USING parquet LOCATION '{storage['Location'].replace('s3://', 's3a://')}'")
    try:
        text = f"SELECT {', '.join(names)} FROM {{}} ORDER BY write_time"
        same(sql(text.format(f'"{table["DatabaseName"]}"."{table["Name"]}"')), spark.sql(text.format("features")).collect())
        latest = spark.sql("""
            SELECT id, n FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY at DESC, api_invocation_time DESC, write_time DESC) AS place FROM features)
            WHERE place = 1 AND NOT is_deleted ORDER BY id""").collect()
        assert latest == [("b", -(2**63)), ("c", 0), ("d", None), ("e", 42), ("f", 7)]
    finally:
        spark.sql("DROP TABLE features")


def test_rows_that_spark_adds_are_rows_of_the_group(spark, filled, folder_of, rows, keys, bucket):
    """So does AWS's connector for Spark write: files of its own in the folders of the event hours."""
    now = datetime.datetime(2024, 5, 1, 12)
    added = spark.createDataFrame(
        [("s1", "2024-01-31T23:00:00Z", 5, 0.5, "from Spark", now, now, False), ("s2", "2024-06-01T00:00:00Z", None, None, None, now, now, False)],
        "id string, at string, n bigint, x double, words string, write_time timestamp, api_invocation_time timestamp, is_deleted boolean")
    at = F.to_timestamp("at")
    for part, form in zip(PARTS, ["yyyy", "MM", "dd", "HH"]):
        added = added.withColumn(part, F.date_format(at, form))
    added.write.mode("append").partitionBy(PARTS).option("compression", "none").parquet(folder_of(filled))
    assert rows(filled, "SELECT count(*) FROM {table}") == [["8"]]
    assert rows(filled, "SELECT id, n, x, words, write_time FROM {table} WHERE id LIKE 's%' ORDER BY id") == [
        ["s1", "5", "0.5", "from Spark", "2024-05-01 12:00:00.000"], ["s2", None, None, None, "2024-05-01 12:00:00.000"]]
    df = spark.read.parquet(folder_of(filled))
    assert dict(df.dtypes)["write_time"] == "timestamp"
    times = {row.id: row.write_time for row in df.collect() if not row.is_deleted}
    assert len(times) == 7 and times["s1"] == times["s2"] == now and times["b"] > now
    # Event times are instants in rows of others too.
    assert rows(filled, "SELECT id FROM {table} WHERE at > timestamp '2024-05-01 00:00:00'") == [["s2"]]


def test_reads_while_files_are_merged_see_every_row_once(spark, make_group, put, flush, folder_of, keys, until):
    group = make_group(offline=True, n="Integral")
    folder = folder_of(group).split("/", 3)[3]
    files = lambda: [key for key in keys(folder) if key.endswith(".parquet")]
    put(group, id="first", at="2024-01-01T00:00:00Z", n="-1")
    flush(group)
    written = [1]

    def write():
        for i in range(24):
            put(group, id=f"r{i}", at="2024-01-01T00:30:00Z", n=str(i))
            flush(group)
            written[0] += 1

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        reads = 0
        while not writing.done() or reads < 3:
            least = written[0]
            df = spark.read.parquet(folder_of(group))
            (found,) = df.agg(F.count("*").alias("rows"), F.countDistinct("id").alias("ids")).collect()
            assert found.rows == found.ids and least <= found.rows <= 25
            reads += 1
        writing.result()
    until("merges of 25 files", lambda: len(files()) <= 8)
    assert sorted(row.n for row in spark.read.parquet(folder_of(group)).collect()) == list(range(-1, 24))
