"""The AWS CLI on the catalog."""

import json
import uuid

import pytest

from awscommand import aws, refused


@pytest.fixture
def database():
    name = f"cli_{uuid.uuid4().hex}"
    assert aws("glue", "create-database", "--database-input", json.dumps({"Name": name.upper(), "Description": "é"})) == []
    yield name
    aws("glue", "delete-database", "--name", name)


def table(name, **more):
    return json.dumps({
        "Name": name, "TableType": "EXTERNAL_TABLE", "Parameters": {"classification": "parquet"}, "PartitionKeys": [{"Name": "Day", "Type": "date"}],
        "StorageDescriptor": {
            "Columns": [{"Name": "Id", "Type": "string", "Comment": "ü"}, {"Name": "n", "Type": "bigint"}], "Location": "s3://bucket/table",
            "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"}}} | more)


def test_databases(database):
    got = aws("glue", "get-database", "--name", database.upper())["Database"]
    assert (got["Name"], got["Description"]) == (database, "é")
    assert database in aws("glue", "get-databases", "--page-size", "1", "--query", "DatabaseList[].Name")
    aws("glue", "update-database", "--name", database, "--database-input", json.dumps({"Name": database, "Description": "changed"}))
    assert aws("glue", "get-database", "--name", database)["Database"]["Description"] == "changed"
    assert "(AlreadyExistsException)" in refused("glue", "create-database", "--database-input", json.dumps({"Name": database}))
    assert "(EntityNotFoundException)" in refused("glue", "get-database", "--name", database + "_x")


def test_tables(database):
    at = ("--database-name", database)
    assert aws("glue", "create-table", *at, "--table-input", table("First")) == []
    got = aws("glue", "get-table", *at, "--name", "first")["Table"]
    assert got["Name"] == "first" and [c["Name"] for c in got["StorageDescriptor"]["Columns"]] == ["id", "n"] and got["VersionId"] == "0"
    aws("glue", "create-table", *at, "--table-input", table("second"))
    assert [t["Name"] for t in aws("glue", "get-tables", *at, "--page-size", "1")["TableList"]] == ["first", "second"]
    assert aws("glue", "get-tables", *at, "--expression", "sec*", "--query", "TableList[].Name") == ["second"]
    aws("glue", "update-table", *at, "--table-input", table("first", Description="now"), "--version-id", "0")
    got = aws("glue", "get-table", *at, "--name", "first")["Table"]
    assert (got["Description"], got["VersionId"]) == ("now", "1")
    assert "(ConcurrentModificationException)" in refused("glue", "update-table", *at, "--table-input", table("first"), "--version-id", "0")
    versions = aws("glue", "get-table-versions", *at, "--table-name", "first")["TableVersions"]
    assert [v["VersionId"] for v in versions] == ["1", "0"]
    assert "(AlreadyExistsException)" in refused("glue", "create-table", *at, "--table-input", table("first"))
    assert "(EntityNotFoundException)" in refused("glue", "get-table", *at, "--name", "third")
    errors = aws("glue", "batch-delete-table", *at, "--tables-to-delete", "first", "third")["Errors"]
    assert [(e["TableName"], e["ErrorDetail"]["ErrorCode"]) for e in errors] == [("third", "EntityNotFoundException")]
    aws("glue", "delete-table", *at, "--name", "second")
    assert aws("glue", "get-tables", *at)["TableList"] == []


def test_partitions(database):
    at = ("--database-name", database)
    aws("glue", "create-table", *at, "--table-input", table("t"))
    on = (*at, "--table-name", "t")
    days = [f"2024-01-{day:02}" for day in range(1, 8)]
    place = lambda day: {"Values": [day], "StorageDescriptor": {"Location": f"s3://bucket/table/day={day}"}}
    reply = aws("glue", "batch-create-partition", *on, "--partition-input-list", json.dumps([place(day) for day in days]))
    assert reply == {"Errors": []}
    assert [p["Values"] for p in aws("glue", "get-partitions", *on, "--page-size", "3")["Partitions"]] == [[day] for day in days]
    assert aws("glue", "get-partitions", *on, "--expression", "day >= '2024-01-06'", "--query", "Partitions[].Values[]") == days[5:]
    assert aws("glue", "get-partition", *on, "--partition-values", days[2])["Partition"]["StorageDescriptor"]["Location"].endswith(days[2])
    aws("glue", "create-partition", *on, "--partition-input", json.dumps(place("2024-02-01")))
    assert "(AlreadyExistsException)" in refused("glue", "create-partition", *on, "--partition-input", json.dumps(place("2024-02-01")))
    aws("glue", "delete-partition", *on, "--partition-values", "2024-02-01")
    assert "(EntityNotFoundException)" in refused("glue", "get-partition", *on, "--partition-values", "2024-02-01")


def test_the_table_of_a_group(tmp_path):
    group, bucket = f"cli-{uuid.uuid4().hex[:8]}", f"cli-{uuid.uuid4().hex}"
    aws("s3", "mb", f"s3://{bucket}")
    aws("sagemaker", "create-feature-group", "--feature-group-name", group, "--record-identifier-feature-name", "Id", "--event-time-feature-name", "at",
        "--feature-definitions", "FeatureName=Id,FeatureType=String", "FeatureName=at,FeatureType=Fractional", "FeatureName=n,FeatureType=Integral",
        "--role-arn", "arn:aws:iam::123456789012:role/features", "--offline-store-config", json.dumps({"S3StorageConfig": {"S3Uri": f"s3://{bucket}/offline"}}))
    offline = aws("sagemaker", "describe-feature-group", "--feature-group-name", group)["OfflineStoreConfig"]
    named = offline["DataCatalogConfig"]
    got = aws("glue", "get-table", "--database-name", named["Database"], "--name", named["TableName"])["Table"]
    assert [(c["Name"], c["Type"]) for c in got["StorageDescriptor"]["Columns"]] == [
        ("id", "string"), ("at", "double"), ("n", "bigint"), ("write_time", "timestamp"), ("api_invocation_time", "timestamp"), ("is_deleted", "boolean")]
    assert got["StorageDescriptor"]["Location"] == offline["S3StorageConfig"]["ResolvedOutputS3Uri"] and got["PartitionKeys"] == []
    assert aws("glue", "get-partitions", "--database-name", named["Database"], "--table-name", named["TableName"])["Partitions"] == []
    found = aws("glue", "search-tables", "--search-text", named["TableName"])["TableList"]
    assert [t["Name"] for t in found] == [named["TableName"]]
    aws("sagemaker", "delete-feature-group", "--feature-group-name", group)
