"""The AWS CLI's athena commands: every operation that the server has, and what they are refused with."""

import json
import time
import uuid

import pytest
from awscommand import aws, refused


def athena(command, **options):
    words = []
    for name, value in options.items():
        words.append("--" + name.replace("_", "-"))
        for one in value if isinstance(value, list) else [value]:
            words.append(json.dumps(one) if isinstance(one, dict) else str(one))
    return aws("athena", command, *words)


def denied(command, **options):
    words = []
    for name, value in options.items():
        words += ["--" + name.replace("_", "-"), *map(str, value if isinstance(value, list) else [value])]
    return refused("athena", command, *words)


@pytest.fixture(scope="module")
def bucket():
    name = f"cli-{uuid.uuid4().hex}"
    aws("s3api", "create-bucket", "--bucket", name)
    return name


@pytest.fixture(scope="module")
def run(bucket):
    """Runs a statement to its end."""

    def run(sql, **options):
        id = athena("start-query-execution", query_string=sql, **{"result_configuration": f"OutputLocation=s3://{bucket}/r/"} | options)["QueryExecutionId"]
        for _ in range(200):
            got = athena("get-query-execution", query_execution_id=id)["QueryExecution"]
            if got["Status"]["State"] not in ("QUEUED", "RUNNING"):
                return got
        raise AssertionError(f"{sql} is {got['Status']['State']}")

    return run


def test_executions(run, bucket):
    done = run("SELECT n, NULL AS nothing, '' AS empty, 'a \"b\"' AS s FROM (VALUES 1, 2) AS t(n) ORDER BY n", query_execution_context="Database=default,Catalog=AwsDataCatalog")
    id = done["QueryExecutionId"]
    assert done["Status"]["State"] == "SUCCEEDED" and done["StatementType"] == "DML" and done["SubstatementType"] == "SELECT" and done["WorkGroup"] == "primary"
    assert done["QueryExecutionContext"] == {"Database": "default", "Catalog": "AwsDataCatalog"}
    assert done["ResultConfiguration"]["OutputLocation"] == f"s3://{bucket}/r/{id}.csv"
    assert done["EngineVersion"] == {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}
    statistics = done["Statistics"]
    assert statistics["DataScannedInBytes"] == 0 and not statistics["ResultReuseInformation"]["ReusedPreviousResult"]
    assert statistics["TotalExecutionTimeInMillis"] == sum(statistics[f"{part}TimeInMillis"] for part in (
        "ServicePreProcessing", "QueryQueue", "EngineExecution", "ServiceProcessing"))
    assert statistics["QueryPlanningTimeInMillis"] <= statistics["EngineExecutionTimeInMillis"]
    # Pages: the CLI asks for them until there are no more.
    rows = athena("get-query-results", query_execution_id=id, page_size=1)["ResultSet"]["Rows"]
    assert rows == [{"Data": [{"VarCharValue": name} for name in ("n", "nothing", "empty", "s")]}] + [
        {"Data": [{"VarCharValue": n}, {}, {"VarCharValue": ""}, {"VarCharValue": 'a "b"'}]} for n in "12"]
    first = athena("get-query-results", query_execution_id=id, max_items=2)
    assert len(first["ResultSet"]["Rows"]) == 2
    rest = athena("get-query-results", query_execution_id=id, starting_token=first["NextToken"])
    assert rest["ResultSet"]["Rows"] == rows[2:]
    info = rest["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    assert info[0] == {"CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": "n", "Label": "n", "Type": "integer", "Precision": 10, "Scale": 0, "Nullable": "UNKNOWN", "CaseSensitive": False}
    assert info[3]["CaseSensitive"] and [column["Type"] for column in info] == ["integer", "unknown", "varchar", "varchar"]
    # The file itself, byte by byte.
    assert aws("s3", "cp", f"s3://{bucket}/r/{id}.csv", "-") == ['"n","nothing","empty","s"', '"1",,"","a ""b"""', '"2",,"","a ""b"""']
    assert aws("s3api", "head-object", "--bucket", bucket, "--key", f"r/{id}.csv.metadata")["ContentLength"] > 0
    runtime = athena("get-query-runtime-statistics", query_execution_id=id)["QueryRuntimeStatistics"]
    assert runtime["Rows"]["OutputRows"] == 2 and runtime["Timeline"]["TotalExecutionTimeInMillis"] == statistics["TotalExecutionTimeInMillis"]
    ids = [run(f"SELECT {i}")["QueryExecutionId"] for i in range(3)]
    listed = athena("list-query-executions", page_size=1, max_items=3)
    assert listed["QueryExecutionIds"] == ids[::-1] and listed["NextToken"]
    batch = athena("batch-get-query-execution", query_execution_ids=[*ids, "nothing"])
    assert [one["QueryExecutionId"] for one in batch["QueryExecutions"]] == ids
    assert batch["UnprocessedQueryExecutionIds"] == [{"QueryExecutionId": "nothing", "ErrorCode": "INVALID_INPUT", "ErrorMessage": "QueryExecution nothing was not found"}]


def test_texts_of_statements_that_show(run, bucket):
    done = run("SHOW DATABASES LIKE 'def*'")
    id = done["QueryExecutionId"]
    assert done["StatementType"] == "UTILITY" or done["StatementType"] == "DDL"
    assert done["ResultConfiguration"]["OutputLocation"] == f"s3://{bucket}/r/{id}.txt"
    assert aws("s3", "cp", f"s3://{bucket}/r/{id}.txt", "-") == ["default"]
    got = athena("get-query-results", query_execution_id=id)["ResultSet"]
    assert got["Rows"] == [{"Data": [{"VarCharValue": "default"}]}] and got["ResultSetMetadata"]["ColumnInfo"][0]["Type"] == "string"


def test_a_statement_is_stopped(bucket):
    id = athena("start-query-execution", query_string="SELECT sum(a.n * b.n * c.n) FROM UNNEST(sequence(1, 10000)) AS a(n) CROSS JOIN UNNEST(sequence(1, 10000)) AS b(n) "
                "CROSS JOIN UNNEST(sequence(1, 10000)) AS c(n) WHERE (a.n * 7 + b.n * 11 + c.n * 13) % 1000003 = 1",
                result_configuration=f"OutputLocation=s3://{bucket}/r/")["QueryExecutionId"]
    said = denied("get-query-results", query_execution_id=id)
    assert "(InvalidRequestException)" in said and "Query has not yet finished. Current state: " in said
    before = time.monotonic()
    athena("get-query-execution", query_execution_id=id)
    assert time.monotonic() - before >= 0.3  # it waits for the end, so that clients need not
    athena("stop-query-execution", query_execution_id=id)
    status = athena("get-query-execution", query_execution_id=id)["QueryExecution"]["Status"]
    assert status["State"] == "CANCELLED" and status["StateChangeReason"] == "Query cancelled by user" and status["CompletionDateTime"]
    athena("stop-query-execution", query_execution_id=id)  # again is no error
    assert "Query did not finish successfully. Final query state: CANCELLED" in denied("get-query-results", query_execution_id=id)


def test_a_token_makes_one_execution(bucket):
    start = lambda sql: dict(query_string=sql, client_request_token=f"token-{bucket}", result_configuration=f"OutputLocation=s3://{bucket}/r/")
    first = athena("start-query-execution", **start("SELECT 1"))
    assert athena("start-query-execution", **start("SELECT 1")) == first
    assert "(InvalidRequestException)" in (said := denied("start-query-execution", **start("SELECT 2"))) and "Idempotent parameters do not match" in said


def test_work_groups(run, bucket, name):
    athena("create-work-group", name=name, description="of the CLI", tags=["Key=a,Value=b"],
           configuration={"ResultConfiguration": {"OutputLocation": f"s3://{bucket}/w/", "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}, "EnforceWorkGroupConfiguration": True,
                          "BytesScannedCutoffPerQuery": 10_000_000, "PublishCloudWatchMetricsEnabled": False})
    got = athena("get-work-group", work_group=name)["WorkGroup"]
    assert got["State"] == "ENABLED" and got["Description"] == "of the CLI" and got["Configuration"]["EnforceWorkGroupConfiguration"]
    assert got["Configuration"]["BytesScannedCutoffPerQuery"] == 10_000_000
    # It insists: what the request says of its result does not hold.
    done = run("SELECT 1", work_group=name)
    id = done["QueryExecutionId"]
    assert done["ResultConfiguration"] == {"OutputLocation": f"s3://{bucket}/w/{id}.csv", "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"}}
    assert aws("s3api", "head-object", "--bucket", bucket, "--key", f"w/{id}.csv")["ServerSideEncryption"] == "AES256"
    assert athena("list-query-executions", work_group=name)["QueryExecutionIds"] == [id]
    assert name in [group["Name"] for group in athena("list-work-groups", max_results=50)["WorkGroups"]]
    athena("update-work-group", work_group=name, configuration_updates="EnforceWorkGroupConfiguration=false,RemoveBytesScannedCutoffPerQuery=true", description="another")
    assert run("SELECT 1", work_group=name)["ResultConfiguration"]["OutputLocation"].startswith(f"s3://{bucket}/r/")
    athena("update-work-group", work_group=name, state="DISABLED")
    assert f"WorkGroup {name} is disabled" in denied("start-query-execution", query_string="SELECT 1", work_group=name)
    arn = f"arn:aws:athena:us-east-1:123456789012:workgroup/{name}"
    athena("tag-resource", resource_arn=arn, tags=["Key=c,Value=d"])
    athena("untag-resource", resource_arn=arn, tag_keys=["a"])
    assert athena("list-tags-for-resource", resource_arn=arn)["Tags"] == [{"Key": "c", "Value": "d"}]
    assert "is not empty" in denied("delete-work-group", work_group=name)
    athena("delete-work-group", work_group=name, recursive_delete_option=[])
    assert f"WorkGroup {name} is not found." in denied("get-work-group", work_group=name)
    assert athena("list-engine-versions")["EngineVersions"]


def test_named_queries_and_prepared_statements(run, bucket, name):
    made = athena("create-named-query", name="n", database="default", query_string="SELECT 1", description="d")["NamedQueryId"]
    assert athena("get-named-query", named_query_id=made)["NamedQuery"] == {
        "Name": "n", "Description": "d", "Database": "default", "QueryString": "SELECT 1", "NamedQueryId": made, "WorkGroup": "primary"}
    athena("update-named-query", named_query_id=made, name="m", query_string="SELECT 2")
    batch = athena("batch-get-named-query", named_query_ids=[made, "nothing"])
    assert batch["NamedQueries"][0]["QueryString"] == "SELECT 2" and batch["UnprocessedNamedQueryIds"][0]["NamedQueryId"] == "nothing"
    assert made in athena("list-named-queries", page_size=1)["NamedQueryIds"]
    athena("delete-named-query", named_query_id=made)
    assert "(InvalidRequestException)" in denied("get-named-query", named_query_id=made)

    prepared = name.replace("-", "_")
    athena("create-prepared-statement", statement_name=prepared, work_group="primary", query_statement="SELECT ? + 1 AS n", description="adds")
    assert athena("get-prepared-statement", statement_name=prepared, work_group="primary")["PreparedStatement"]["QueryStatement"] == "SELECT ? + 1 AS n"
    athena("update-prepared-statement", statement_name=prepared, work_group="primary", query_statement="SELECT ? + 2 AS n")
    done = run(f"EXECUTE {prepared}", execution_parameters=["40"])
    assert done["ExecutionParameters"] == ["40"]
    assert athena("get-query-results", query_execution_id=done["QueryExecutionId"])["ResultSet"]["Rows"][1]["Data"] == [{"VarCharValue": "42"}]
    batch = athena("batch-get-prepared-statement", prepared_statement_names=[prepared, "nothing"], work_group="primary")
    assert batch["PreparedStatements"][0]["StatementName"] == prepared and batch["UnprocessedPreparedStatementNames"][0]["StatementName"] == "nothing"
    assert prepared in [one["StatementName"] for one in athena("list-prepared-statements", work_group="primary", max_results=50)["PreparedStatements"]]
    athena("delete-prepared-statement", statement_name=prepared, work_group="primary")
    assert "(ResourceNotFoundException)" in denied("get-prepared-statement", statement_name=prepared, work_group="primary")


def test_the_catalog(run, bucket, name):
    database = name.replace("-", "_")
    run(f"CREATE DATABASE {database} COMMENT 'of the CLI'")
    for table in ["one", "other", "three"]:
        run(f"CREATE EXTERNAL TABLE {database}.{table} (n INT COMMENT 'c') PARTITIONED BY (day DATE) STORED AS PARQUET LOCATION 's3://{bucket}/{table}/'")
    catalog = {"catalog_name": "AwsDataCatalog"}
    assert [(one["CatalogName"], one["Type"]) for one in athena("list-data-catalogs")["DataCatalogsSummary"]] == [("AwsDataCatalog", "GLUE")]
    assert athena("get-data-catalog", name="AwsDataCatalog")["DataCatalog"]["Type"] == "GLUE"
    assert database in [one["Name"] for one in athena("list-databases", page_size=1, **catalog)["DatabaseList"]]
    assert athena("get-database", database_name=database, **catalog)["Database"] == {"Name": database, "Description": "of the CLI"}
    got = athena("get-table-metadata", database_name=database, table_name="one", **catalog)["TableMetadata"]
    assert got["Columns"] == [{"Name": "n", "Type": "int", "Comment": "c"}] and got["PartitionKeys"] == [{"Name": "day", "Type": "date"}] and got["TableType"] == "EXTERNAL_TABLE"
    assert got["Parameters"]["location"] == f"s3://{bucket}/one/" and got["Parameters"]["serde.serialization.lib"].endswith("ParquetHiveSerDe")
    assert [one["Name"] for one in athena("list-table-metadata", database_name=database, page_size=1, **catalog)["TableMetadataList"]] == ["one", "other", "three"]
    assert [one["Name"] for one in athena("list-table-metadata", database_name=database, expression="o.*", **catalog)["TableMetadataList"]] == ["one", "other"]
    for command, options in [("get-database", {"database_name": "nowhere"}), ("get-table-metadata", {"database_name": database, "table_name": "never"}),
                             ("list-table-metadata", {"database_name": "nowhere"})]:
        said = denied(command, **catalog, **options)
        assert "(MetadataException)" in said and "Error Code: EntityNotFoundException" in said
    assert "(InvalidRequestException)" in denied("list-databases", catalog_name="other")
    run(f"DROP DATABASE {database} CASCADE")


# What each operation says of what it cannot take: the CLI itself lets these pass.
MALFORMED = [
    ("start-query-execution", {"query_string": "SELECT 1"}, "No output location provided"),
    ("start-query-execution", {"query_string": "SELECT 1", "result_configuration": "OutputLocation=file:///tmp"}, "outputLocation is not a valid S3 path"),
    ("start-query-execution", {"query_string": "SELECT 1", "result_configuration": "OutputLocation=s3://b/,ExpectedBucketOwner=000000000000"}, "ExpectedBucketOwner"),
    ("start-query-execution", {"query_string": "SELECT 1", "result_configuration": "OutputLocation=s3://b/,EncryptionConfiguration={EncryptionOption=ROT13}"}, "EncryptionOption"),
    ("start-query-execution", {"query_string": "SELECT 1", "work_group": "nobodys"}, "WorkGroup nobodys is not found."),
    ("start-query-execution", {"query_string": "SELECT ?", "execution_parameters": ["1" * 1025]}, "ExecutionParameters"),
    ("get-query-execution", {"query_execution_id": "nothing"}, "QueryExecution nothing was not found"),
    ("stop-query-execution", {"query_execution_id": "nothing"}, "QueryExecution nothing was not found"),
    ("get-query-results", {"query_execution_id": "nothing"}, "QueryExecution nothing was not found"),
    ("get-query-runtime-statistics", {"query_execution_id": "nothing"}, "QueryExecution nothing was not found"),
    ("list-query-executions", {"next_token": "nonsense!"}, "NextToken"),
    ("list-query-executions", {"max_results": 51}, "MaxResults is 51"),
    ("list-query-executions", {"work_group": "nobodys"}, "WorkGroup nobodys is not found."),
    ("batch-get-query-execution", {"query_execution_ids": [f"id{i}" for i in range(51)]}, "QueryExecutionIds has 51 items"),
    ("list-work-groups", {"max_results": 51}, "MaxResults is 51"),
    ("create-work-group", {"name": "primary"}, "already exists"),
    ("create-work-group", {"name": "a b"}, "Name is"),
    ("update-work-group", {"work_group": "nobodys"}, "WorkGroup nobodys is not found."),
    ("update-work-group", {"work_group": "primary", "state": "SLEEPY"}, "State is"),
    ("delete-work-group", {"work_group": "primary"}, "primary workgroup cannot be deleted"),
    ("get-named-query", {"named_query_id": "nothing"}, "nothing"),
    ("delete-named-query", {"named_query_id": "nothing"}, "nothing"),
    ("list-named-queries", {"max_results": 51}, "MaxResults is 51"),
    ("list-named-queries", {"next_token": "nonsense!"}, "NextToken"),
    ("create-prepared-statement", {"statement_name": "not a name", "work_group": "primary", "query_statement": "SELECT 1"}, "StatementName"),
    ("create-prepared-statement", {"statement_name": "s", "work_group": "nobodys", "query_statement": "SELECT 1"}, "nobodys"),
    ("list-prepared-statements", {"work_group": "primary", "max_results": 51}, "MaxResults is 51"),
    ("get-data-catalog", {"name": "other"}, "other"),
    ("list-databases", {"catalog_name": "AwsDataCatalog", "max_results": 51}, "MaxResults is 51"),
    ("list-table-metadata", {"catalog_name": "AwsDataCatalog", "database_name": "default", "expression": "(("}, "Expression"),
    ("list-tags-for-resource", {"resource_arn": "arn:aws:athena:us-east-1:123456789012:workgroup/nobodys"}, "nobodys"),
]


@pytest.mark.parametrize("command, options, says", MALFORMED)
def test_what_is_refused(command, options, says):
    said = denied(command, **options)
    assert says in said and ("(InvalidRequestException)" in said or "(ResourceNotFoundException)" in said and command == "list-tags-for-resource"), said
