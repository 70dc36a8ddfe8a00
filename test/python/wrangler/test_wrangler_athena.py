"""awswrangler's Athena: a query in each of its modes, against what the rows were made of, and what it does around queries."""

import datetime
import decimal
import random
import time

import awswrangler as wr
import boto3
import numpy as np
import pandas as pd
import pytest

SEED = random.randrange(1 << 32)

# ctas_approach is what awswrangler does unless told otherwise; a query that is not allowed to write takes the CSV.
MODES = {"ctas": {}, "unload": {"ctas_approach": False, "unload_approach": True}, "plain": {"ctas_approach": False}}


@pytest.fixture
def root(bucket):
    return f"s3://{bucket}"


@pytest.fixture
def ask(database, root):
    """read_sql_query; in the modes that write, each needs a folder of its own."""
    asked = iter(range(1000))

    def run(sql, mode="plain", **more):
        return wr.athena.read_sql_query(sql, **dict(database=database, s3_output=f"{root}/out/{next(asked)}/") | MODES.get(mode, {}) | more)

    return run


def made(rng, n):
    """Values of every type that all three modes can hold."""
    maybe = lambda value: None if rng.random() < 0.15 else value
    day = lambda: datetime.date(1960, 1, 1) + datetime.timedelta(days=rng.randrange(40000))
    return pd.DataFrame({
        "id": range(n),
        "small": pd.array([maybe(rng.randint(-(2**15), 2**15 - 1)) for _ in range(n)], dtype="Int16"),
        "n": pd.array([maybe(rng.randint(-(2**31), 2**31 - 1)) for _ in range(n)], dtype="Int32"),
        "big": pd.array([maybe(rng.randint(-(2**63), 2**63 - 1)) for _ in range(n)], dtype="Int64"),
        "x": [maybe(rng.uniform(-1, 1) * 10.0 ** rng.randint(-30, 30)) for _ in range(n)],
        "words": [maybe(rng.choice(["a", "é, \"x\"", "it's", "two\nlines", " "])) for _ in range(n)],
        "truth": pd.array([maybe(rng.random() < 0.5) for _ in range(n)], dtype="boolean"),
        "at": pd.to_datetime([maybe(datetime.datetime.combine(day(), datetime.time(23, 59, 59, rng.randrange(1000) * 1000))) for _ in range(n)]),
        "day": [maybe(day()) for _ in range(n)],
        "price": [maybe(decimal.Decimal(rng.randint(-(10**9), 10**9)).scaleb(-2)) for _ in range(n)],
    })


def plain(frame):
    """The rows as values of Python's own."""
    one = lambda v: None if v is pd.NA or v is None or v != v else v.to_pydatetime() if isinstance(v, pd.Timestamp) else v.item() if isinstance(v, np.generic) else v
    return [[one(v) for v in row] for row in frame.itertuples(index=False)]


@pytest.mark.parametrize("mode", MODES)
def test_every_type_in_every_mode(database, root, ask, mode):
    frame = made(random.Random(SEED), 200)
    wr.s3.to_parquet(frame, f"{root}/types/", dataset=True, database=database, table="types", dtype={"price": "decimal(12,2)"})
    got = ask("SELECT * FROM types", mode).sort_values("id")
    assert got.columns.tolist() == frame.columns.tolist()
    assert plain(got) == plain(frame), f"seed {SEED}"
    assert got.dtypes.astype(str).to_dict() | {"at": ""} == {
        "id": "Int64", "small": "Int16", "n": "Int32", "big": "Int64", "x": "float64", "words": "string", "truth": "boolean", "at": "", "day": "object", "price": "object"}


@pytest.mark.parametrize("mode", ["ctas", "unload"])
def test_nested_types(ask, mode):
    got = ask("SELECT ARRAY[1, NULL, 3] AS a, MAP(ARRAY['k'], ARRAY[1.5e0]) AS m, CAST(ROW(1, 'x') AS ROW(f integer, g varchar)) AS r", mode)
    assert [None if e != e else e for e in got["a"][0]] == [1, None, 3] and dict(got["m"][0]) == {"k": 1.5} and got["r"][0] == {"f": 1, "g": "x"}


@pytest.mark.parametrize("mode", MODES)
def test_chunks(ask, mode):
    statement = "SELECT n FROM UNNEST(sequence(1, 2500)) AS t(n)"
    chunks = list(ask(statement, mode, chunksize=1000))
    assert [len(c) for c in chunks] == [1000, 1000, 500] and sorted(pd.concat(chunks)["n"]) == list(range(1, 2501))
    assert sum(len(c) for c in ask(statement, mode, chunksize=True)) == 2500


def test_no_rows(ask):
    statement = "SELECT 1 AS n, 'a' AS s, date '2024-01-01' AS d WHERE false"
    for mode in ["ctas", "plain"]:
        got = ask(statement, mode)
        assert len(got) == 0 and got.columns.tolist() == ["n", "s", "d"]
    with pytest.raises(wr.exceptions.EmptyDataFrame):
        ask(statement, "unload")  # without a file there are no types


@pytest.mark.parametrize("mode", MODES)
def test_parameters(ask, mode):
    named = {"n": 5, "s": "it's ?", "d": datetime.date(2024, 2, 29), "b": True, "x": 0.5, "none": None, "m": decimal.Decimal("1.50"), "l": [1, 2]}
    got = ask("SELECT :n AS n, :s AS s, :d AS d, :b AS b, CAST(:x AS double) AS x, :m AS m, CAST(:none AS varchar) AS none", mode, params=named)
    assert plain(got) == [[5, "it's ?", datetime.date(2024, 2, 29), True, 0.5, decimal.Decimal("1.50"), None]]
    got = ask("SELECT ? + 1 AS n, ? AS s", mode, params=["41", "'it''s'"], paramstyle="qmark")
    assert plain(got) == [[42, "it's"]]


def test_files_are_kept_or_not(database, root):
    for name, mode in MODES.items():
        for keep in [True, False]:
            out = f"{root}/{name}-{keep}/"
            got = wr.athena.read_sql_query("SELECT 1 AS n", database=database, s3_output=out, keep_files=keep, **mode)
            assert got["n"].tolist() == [1]
            assert (wr.s3.list_objects(out) != []) == keep, f"{name}: {wr.s3.list_objects(out)}"
    assert wr.catalog.tables(database=database).empty  # those that ctas_approach made are gone


@pytest.mark.parametrize("mode", ["ctas", "plain"])
def test_results_are_found_again(ask, mode):
    statement = f"SELECT {time.time_ns()} AS now"
    first = ask(statement, mode)
    assert not first.query_metadata["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"]
    again = ask(statement, mode, athena_cache_settings={"max_cache_seconds": 900})
    assert plain(again) == plain(first) and again.query_metadata["QueryExecutionId"] == first.query_metadata["QueryExecutionId"]
    assert ask(statement, mode).query_metadata["QueryExecutionId"] != first.query_metadata["QueryExecutionId"]


def test_settings_of_ctas_and_unload(database, root, ask):
    other = f"{database}_other"
    wr.catalog.create_database(other)
    got = ask("SELECT 1 AS n", "ctas", ctas_parameters={"database": other, "temp_table_name": "mine", "compression": "zstd"})
    assert got["n"].tolist() == [1] and wr.catalog.tables(database=other).empty
    wr.catalog.delete_database(other)
    got = ask("SELECT n, n % 2 AS half FROM UNNEST(sequence(1, 10)) AS t(n)", "unload", unload_parameters={"compression": "snappy", "partitioned_by": ["half"]})
    assert len(got) == 10
    for form, read in {"PARQUET": wr.s3.read_parquet, "JSON": lambda path: wr.s3.read_json(path, lines=True), "TEXTFILE": lambda path: wr.s3.read_csv(path, names=["n", "s"], sep="|")}.items():
        how = {"field_delimiter": "|"} if form == "TEXTFILE" else {}
        unloaded = wr.athena.unload("SELECT n, 'x' AS s FROM UNNEST(sequence(1, 3)) AS t(n)", f"{root}/unloaded/{form}/", database, file_format=form, **how)
        manifest = unloaded.manifest_location.removeprefix("s3://").split("/", 1)
        files = boto3.client("s3").get_object(Bucket=manifest[0], Key=manifest[1])["Body"].read().decode().splitlines()
        assert files and all(file.startswith(f"{root}/unloaded/{form}/") for file in files)
        got = read(files)
        assert sorted(got["n"]) == [1, 2, 3] and set(got["s"]) == {"x"}, form


@pytest.mark.parametrize("mode", ["ctas", "plain", "unload"])
def test_what_is_refused(ask, mode):
    with pytest.raises(wr.exceptions.QueryFailed, match="TABLE_NOT_FOUND: line .*Table 'awsdatacatalog.*nothing' does not exist"):
        ask("SELECT * FROM nothing", mode)
    if mode == "ctas":
        with pytest.raises(wr.exceptions.InvalidArgumentValue, match="define all columns names"):
            ask("SELECT 1", mode)
        with pytest.raises(wr.exceptions.InvalidCtasApproachQuery, match="define distinct names"):
            ask("SELECT 1 AS a, 2 AS a", mode)
        with pytest.raises(wr.exceptions.InvalidArgumentValue, match="undefined columns types"):
            ask("SELECT NULL AS a", mode)


def test_a_table_is_read_whole(database, root):
    frame = pd.DataFrame({"n": range(5), "year": [2023, 2024] * 2 + [2024]})
    wr.s3.to_parquet(frame, f"{root}/sales/", dataset=True, database=database, table="sales", partition_cols=["year"])
    got = wr.athena.read_sql_table("sales", database=database, s3_output=f"{root}/out/")
    assert sorted(plain(got)) == sorted(plain(frame))
    got = wr.athena.read_sql_table("sales", database=database, s3_output=f"{root}/out/", ctas_approach=False)
    assert sorted(plain(got)) == sorted(plain(frame))


def test_executions_are_started_and_stopped(database, root):
    start = lambda sql, **how: wr.athena.start_query_execution(sql, database=database, s3_output=f"{root}/out/", **how)
    done = start("SELECT n, 'w' AS w FROM UNNEST(sequence(1, 3)) AS t(n)", wait=True)
    assert done["Status"]["State"] == "SUCCEEDED" and done["StatementType"] == "DML" and done["SubstatementType"] == "SELECT"
    id = done["QueryExecutionId"]
    assert wr.athena.get_query_results(id)["n"].tolist() == [1, 2, 3]
    assert wr.athena.get_query_columns_types(id) == {"n": "bigint", "w": "varchar"}
    assert wr.athena.get_query_execution(id)["Query"] == done["Query"]
    assert id in wr.athena.list_query_executions()
    found, not_found = wr.athena.get_query_executions([id, "no-such-execution"], return_unprocessed=True)
    assert found["QueryExecutionId"].tolist() == [id] and not_found["QueryExecutionId"].tolist() == ["no-such-execution"]
    heavy = start("SELECT sum(a.n * b.n * c.n) FROM UNNEST(sequence(1, 10000)) AS a(n) CROSS JOIN UNNEST(sequence(1, 10000)) AS b(n) "
                  "CROSS JOIN UNNEST(sequence(1, 10000)) AS c(n) WHERE (a.n * 7 + b.n * 11 + c.n * 13) % 1000003 = 1")
    wr.athena.stop_query_execution(heavy)
    with pytest.raises(wr.exceptions.QueryCancelled, match="Query cancelled by user"):
        wr.athena.wait_query(heavy)
    token = "a-token-of-at-least-thirty-two-characters-" + id
    assert start("SELECT 1", client_request_token=token) == start("SELECT 1", client_request_token=token)
    cached = start("SELECT n, 'w' AS w FROM UNNEST(sequence(1, 3)) AS t(n)", athena_cache_settings={"max_cache_seconds": 900})
    assert cached == id


def test_prepared_statements(database, root, name):
    prepared = name.replace("-", "_")
    wr.athena.create_prepared_statement("SELECT ? + 1 AS n", prepared)
    with pytest.raises(wr.exceptions.AlreadyExists):
        wr.athena.create_prepared_statement("SELECT ? + 2 AS n", prepared, mode="error")
    wr.athena.create_prepared_statement("SELECT ? + 2 AS n", prepared, mode="update")
    assert prepared in [p["StatementName"] for p in wr.athena.list_prepared_statements()]
    run = lambda sql, **how: wr.athena.read_sql_query(sql, database=database, ctas_approach=False, s3_output=f"{root}/out/", **how)["n"].tolist()
    assert run(f"EXECUTE {prepared} USING 40") == [42] and run(f"EXECUTE {prepared}", params=["5"], paramstyle="qmark") == [7]
    wr.athena.delete_prepared_statement(prepared)
    assert prepared not in [p["StatementName"] for p in wr.athena.list_prepared_statements()]
    with pytest.raises(wr.exceptions.QueryFailed):
        run(f"EXECUTE {prepared} USING 40")
    named = boto3.client("athena").create_named_query(Name=prepared, Database=database, QueryString="SELECT 1")["NamedQueryId"]
    assert wr.athena.get_named_query_statement(named) == "SELECT 1"
    assert wr.athena.get_work_group("primary")["WorkGroup"]["State"] == "ENABLED"


def test_tables_are_made_described_and_repaired(database, root):
    made = wr.athena.create_ctas_table("SELECT n, n % 2 AS half FROM UNNEST(sequence(1, 10)) AS t(n)", database=database, ctas_table="made", s3_output=f"{root}/made",
                                       partitioning_info=["half"], storage_format="PARQUET", write_compression="SNAPPY", wait=True)
    assert made["ctas_table"] == "made" and made["ctas_query_metadata"].manifest_location.endswith("-manifest.csv")
    assert wr.catalog.get_table_location(database, "made").rstrip("/") == f"{root}/made/made" and len(wr.catalog.get_partitions(database, "made")) == 2
    empty = wr.athena.create_ctas_table("SELECT 1 AS n", database=database, ctas_table="empty", s3_output=f"{root}/made", schema_only=True, wait=True)
    assert wr.catalog.get_table_types(database, "empty") == {"n": "int"} and empty["ctas_database"] == database

    described = wr.athena.describe_table("made", database=database, s3_output=f"{root}/out/")
    assert described.to_dict("list") == {"Column Name": ["n", "half"], "Type": ["bigint", "bigint"], "Partition": [False, True], "Comment": ["", ""]}
    shown = wr.athena.show_create_table("made", database=database, s3_output=f"{root}/out/")
    assert shown.startswith(f"CREATE EXTERNAL TABLE `{database}.made`(") and "PARTITIONED BY" in shown
    wr.catalog.delete_table_if_exists(database, "made")
    wr.athena.start_query_execution(shown, database=database, s3_output=f"{root}/out/", wait=True)
    count = lambda: wr.athena.read_sql_query("SELECT count(*) AS n FROM made", database=database, ctas_approach=False, s3_output=f"{root}/out/")["n"][0]
    assert count() == 0
    assert wr.athena.repair_table("made", database=database, s3_output=f"{root}/out/") == "SUCCEEDED"
    assert count() == 10
    generated = wr.athena.generate_create_query("made", database=database)
    wr.catalog.delete_table_if_exists(database, "made")
    wr.athena.start_query_execution(generated, database=database, s3_output=f"{root}/out/", wait=True)
    assert wr.athena.repair_table("made", database=database, s3_output=f"{root}/out/") == "SUCCEEDED" and count() == 10
    wr.athena.start_query_execution("CREATE VIEW half AS SELECT n FROM made WHERE half = 1", database=database, s3_output=f"{root}/out/", wait=True)
    assert "WHERE half = 1" in wr.athena.generate_create_query("half", database=database)


def test_results_go_where_awswrangler_thinks(database):
    """Without s3_output it makes a bucket of the account's."""
    bucket = wr.athena.create_athena_bucket()
    assert bucket.startswith("s3://aws-athena-query-results-123456789012-us-east-1")
    assert wr.athena.read_sql_query("SELECT 1 AS n", database=database)["n"].tolist() == [1]


def test_a_work_group_that_insists(database, root, name):
    athena = boto3.client("athena")
    athena.create_work_group(Name=name, Configuration={"EnforceWorkGroupConfiguration": True, "ResultConfiguration": {"OutputLocation": f"{root}/insisted/"}})
    for mode in [{}, {"ctas_approach": False}]:
        got = wr.athena.read_sql_query("SELECT 1 AS n", database=database, workgroup=name, **mode)
        assert got["n"].tolist() == [1]
    assert wr.s3.list_objects(f"{root}/insisted/")
    athena.delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)


def test_what_there_is_not_says_so(database, root, ask):
    frame = pd.DataFrame({"n": [1]})
    with pytest.raises(wr.exceptions.QueryFailed, match="which makes an Iceberg table.* is not supported"):
        wr.athena.to_iceberg(frame, database=database, table="iced", table_location=f"{root}/iced/", temp_path=f"{root}/temp/", s3_output=f"{root}/out/")
    assert not wr.catalog.does_table_exist(database, "iced") and wr.s3.list_objects(f"{root}/iced/") == []
    with pytest.raises(wr.exceptions.QueryFailed, match="ORC is not supported|format ORC is not supported"):
        wr.athena.create_ctas_table("SELECT 1 AS n", database=database, storage_format="ORC", s3_output=f"{root}/out", wait=True)
    with pytest.raises(wr.exceptions.QueryFailed, match="bucketed tables are not supported"):
        wr.athena.create_ctas_table("SELECT 1 AS n", database=database, bucketing_info=(["n"], 2), s3_output=f"{root}/out", wait=True)
