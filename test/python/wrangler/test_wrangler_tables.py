"""awswrangler's catalog, and data frames that become tables."""

import datetime

import awswrangler as wr
import pandas as pd
import pytest
from records import record


@pytest.fixture
def root(bucket):
    return f"s3://{bucket}/tables"


def test_databases(name):
    database = name.replace("-", "_")
    wr.catalog.create_database(database, description="of wrangler", database_input_args={"Parameters": {"a": "b"}})
    with pytest.raises(wr.exceptions.AlreadyExists):
        wr.catalog.create_database(database)
    wr.catalog.create_database(database, description="of wrangler again", exist_ok=True)
    assert [d["Description"] for d in wr.catalog.get_databases() if d["Name"] == database] == ["of wrangler again"]
    assert database in wr.catalog.databases(limit=1000)["Database"].tolist()
    wr.catalog.delete_database(database)
    assert database not in [d["Name"] for d in wr.catalog.get_databases()]


def test_tables(database, root):
    make = lambda table, **more: wr.catalog.create_parquet_table(**dict(
        database=database, table=table, path=f"{root}/{table}/", columns_types={"n": "bigint", "words": "string", "price": "decimal(10,2)", "tags": "array<string>"},
        partitions_types={"year": "int", "place": "string"}, description="a table", parameters={"source": "tests"},
        columns_comments={"n": "a number", "year": "of the sale"}) | more)
    make("sales")
    assert wr.catalog.does_table_exist(database, "sales") and not wr.catalog.does_table_exist(database, "never")
    assert wr.catalog.get_table_types(database, "sales") == {
        "n": "bigint", "words": "string", "price": "decimal(10,2)", "tags": "array<string>", "year": "int", "place": "string"}
    assert wr.catalog.get_table_location(database, "sales") == f"{root}/sales/"
    assert wr.catalog.get_table_description(database, "sales") == "a table"
    assert wr.catalog.get_columns_comments(database, "sales") == {
        "n": "a number", "words": None, "price": None, "tags": None, "year": "of the sale", "place": None}
    shown = wr.catalog.table(database, "sales")
    assert shown["Column Name"].tolist() == ["n", "words", "price", "tags", "year", "place"] and shown["Partition"].tolist() == [False] * 4 + [True] * 2
    parameters = wr.catalog.upsert_table_parameters({"source": "changed", "more": "é"}, database, "sales")
    assert parameters == wr.catalog.get_table_parameters(database, "sales") and parameters["source"] == "changed" and parameters["more"] == "é"
    assert parameters["classification"] == "parquet"
    assert wr.catalog.overwrite_table_parameters({"only": "this"}, database, "sales") == wr.catalog.get_table_parameters(database, "sales") == {"only": "this"}
    wr.catalog.add_column(database, "sales", "late", "double", column_comment="came later")
    assert wr.catalog.get_table_types(database, "sales")["late"] == "double"
    wr.catalog.delete_column(database, "sales", "late")
    assert "late" not in wr.catalog.get_table_types(database, "sales")
    assert wr.catalog.get_table_number_of_versions(database, "sales") == len(wr.catalog.get_table_versions(database, "sales")) >= 1
    make("sales_2023")
    make("other")
    named = lambda **how: sorted(t["Name"] for t in wr.catalog.get_tables(database=database, **how))
    assert named() == ["other", "sales", "sales_2023"] and named(name_prefix="sales") == ["sales", "sales_2023"]
    assert named(name_contains="ale") == ["sales", "sales_2023"] and named(name_suffix="3") == ["sales_2023"]
    assert sorted(wr.catalog.tables(database=database)["Table"]) == ["other", "sales", "sales_2023"]
    assert {t["Name"] for t in wr.catalog.search_tables("sales_2023")} == {"sales_2023"}
    make("other", mode="overwrite", columns_types={"n": "string"}, partitions_types=None, columns_comments=None)
    assert wr.catalog.get_table_types(database, "other") == {"n": "string"}
    assert wr.catalog.delete_table_if_exists(database, "other") and not wr.catalog.delete_table_if_exists(database, "other")


def test_partitions(database, root):
    wr.catalog.create_parquet_table(database, "sales", f"{root}/sales/", {"n": "bigint"}, partitions_types={"year": "int", "place": "string"})
    values = {f"{root}/sales/year={year}/place={place}/": [str(year), place] for year in range(1900, 2020) for place in ["a b", "é"]}
    wr.catalog.add_parquet_partitions(database, "sales", values, compression="snappy", columns_types={"n": "bigint"})
    wr.catalog.add_parquet_partitions(database, "sales", values)  # those that are there already are no error
    assert wr.catalog.get_partitions(database, "sales") == values == wr.catalog.get_parquet_partitions(database, "sales")
    assert sorted(wr.catalog.get_partitions(database, "sales", expression="year >= 2018 AND place = 'é'").values()) == [["2018", "é"], ["2019", "é"]]
    assert wr.catalog.delete_partitions("sales", database, [["1900", "a b"], ["1900", "é"]]) is None
    assert len(wr.catalog.get_partitions(database, "sales")) == 238
    assert len(wr.catalog.delete_all_partitions("sales", database)) == 238 and wr.catalog.get_partitions(database, "sales") == {}


def sales(first, n, year):
    return pd.DataFrame({"n": range(first, first + n), "x": [i / 4 for i in range(n)], "year": year})


def test_data_frames_become_tables(database, root, sql):
    """What is written with mode= is what SQL sees at once, by the partitions of the catalog."""
    write = lambda frame, mode, **more: wr.s3.to_parquet(
        frame, f"{root}/sales/", dataset=True, database=database, table="sales", mode=mode, partition_cols=["year"], **more)
    years = lambda: [[row[0], row[1]] for row in sql(f'SELECT year, count(*) FROM "{database}"."sales" GROUP BY year ORDER BY year')]
    write(pd.concat([sales(0, 10, 2022), sales(10, 5, 2023)]), "overwrite", glue_table_settings={"description": "sales", "columns_comments": {"n": "a number"}})
    assert years() == [["2022", "10"], ["2023", "5"]]
    assert wr.catalog.get_table_types(database, "sales") == {"n": "bigint", "x": "double", "year": "bigint"}
    write(sales(100, 3, 2023), "append")
    write(sales(200, 1, 2024), "append")
    assert years() == [["2022", "10"], ["2023", "8"], ["2024", "1"]]
    write(sales(300, 2, 2022), "overwrite_partitions")
    assert years() == [["2022", "2"], ["2023", "8"], ["2024", "1"]]
    assert sql(f'SELECT sum(n), max(x) FROM "{database}"."sales" WHERE year = 2022') == [["601", "0.25"]]
    # A column that comes later is null in what came before.
    write(sales(400, 1, 2025).assign(more="new"), "append", schema_evolution=True)
    assert sql(f'SELECT n, more FROM "{database}"."sales" WHERE year >= 2024 ORDER BY n') == [["200", None], ["400", "new"]]
    with pytest.raises(wr.exceptions.InvalidArgumentValue):
        write(sales(500, 1, 2025).assign(unknown=1), "append", schema_evolution=False)
    got = wr.s3.read_parquet_table("sales", database=database, validate_schema=False)
    assert len(got) == 12 and got["year"].astype(int).tolist().count(2023) == 8
    of_2022 = wr.s3.read_parquet_table("sales", database=database, partition_filter=lambda parts: parts["year"] == "2022")
    assert sorted(of_2022["n"]) == [300, 301]
    write(sales(0, 1, 2030), "overwrite")
    assert years() == [["2030", "1"]] and len(wr.s3.list_objects(f"{root}/sales/")) == 1


def test_all_types_by_sql(database, root, frame, sql):
    wr.s3.to_parquet(frame, f"{root}/types/", dataset=True, database=database, table="types", dtype={"small": "int"})
    assert sql(f'SELECT * FROM "{database}"."types" ORDER BY n DESC NULLS LAST') == [
        ["1", "1", "0.1", 'é, "x"', "true", "2024-02-29 23:59:59.123", "2024-02-29"],
        ["-9223372036854775808", "-3", "-1.0E300", "", None, "1969-12-31 23:59:59.001", "1969-12-31"],
        [None, "2", None, None, "false", None, None]]


def test_csv_and_json_tables(database, root, sql):
    frame = pd.DataFrame({"n": [1, 2], "words": ["a", "b"]})
    wr.s3.to_csv(frame, f"{root}/csv/", dataset=True, database=database, table="csv", index=False)
    assert sql(f'SELECT n, words FROM "{database}"."csv" ORDER BY words') == [["1", "a"], ["2", "b"]]
    parts = frame.assign(place=["a b", "c"])
    wr.s3.to_csv(parts, f"{root}/parts/", dataset=True, database=database, table="parts", index=False, partition_cols=["place"], sep="|")
    assert sql(f'SELECT n, words, place FROM "{database}"."parts" ORDER BY n') == [["1", "a", "a b"], ["2", "b", "c"]]
    wr.s3.to_json(frame, f"{root}/json/", dataset=True, database=database, table="json", index=False, orient="records", lines=True)
    assert wr.catalog.get_table_types(database, "json") == {"n": "bigint", "words": "string"}
    assert sql(f'SELECT n, words FROM "{database}"."json" ORDER BY n') == [["1", "a"], ["2", "b"]]


def test_tables_over_texts_that_lie_there(database, root, sql):
    lines = pd.DataFrame({"id": [1, 2], "tags": [["x", "y"], []], "inner": [{"A": 1.5, "b": {"k": 1}}, None]})
    wr.s3.to_json(lines, f"{root}/lines/part.json.gz", orient="records", lines=True, compression="gzip")
    columns = {"id": "bigint", "tags": "array<string>", "inner": "struct<a:double,b:map<string,int>>"}
    wr.catalog.create_json_table(database, "lines", f"{root}/lines/", columns)
    assert sql(f'SELECT id, cardinality(tags), "inner".a, "inner".b[\'k\'] FROM "{database}"."lines" ORDER BY id') == [["1", "2", "1.5", "1"], ["2", "0", None, None]]
    wr.catalog.create_json_table(database, "hive", f"{root}/lines/", columns, serde_library="org.apache.hive.hcatalog.data.JsonSerDe")
    assert sql(f'SELECT id, tags[2] FROM "{database}"."hive" WHERE id = 1') == [["1", "y"]]
    wr.s3.to_csv(pd.DataFrame({"n": [1], "s": ['a "b", c']}), f"{root}/comma/part.csv", index=False)
    wr.catalog.create_csv_table(database, "comma", f"{root}/comma/", {"n": "int", "s": "string"}, skip_header_line_count=1,
                                serde_library="org.apache.hadoop.hive.serde2.OpenCSVSerde", serde_parameters={"separatorChar": ",", "quoteChar": '"', "escapeChar": "\\"})
    assert sql(f'SELECT n, s FROM "{database}"."comma"') == [["1", 'a "b", c']]


def test_lists_and_buckets(database, root, sql):
    frame = pd.DataFrame({"n": range(6), "tags": [["a", "b"], [], None, ["c"], ["d"], ["e"]]})
    wr.s3.to_parquet(frame, f"{root}/lists/", dataset=True, database=database, table="lists", bucketing_info=(["n"], 3))
    assert len(wr.s3.list_objects(f"{root}/lists/")) == 3
    assert wr.catalog.get_table_types(database, "lists") == {"n": "bigint", "tags": "array<string>"}
    assert sql(f'SELECT n, cardinality(tags), tags[1] FROM "{database}"."lists" WHERE cardinality(tags) > 0 ORDER BY n') == [
        ["0", "2", "a"], ["3", "1", "c"], ["4", "1", "d"], ["5", "1", "e"]]


def test_what_lies_there_is_registered(database, root, sql):
    for year in [2022, 2023]:
        wr.s3.to_parquet(sales(0, 4, year).drop(columns="year"), f"{root}/found/year={year}/part.parquet")
    columns, partitions, values = wr.s3.store_parquet_metadata(f"{root}/found/", database, "found", dataset=True)
    assert columns == {"n": "bigint", "x": "double"} and partitions == {"year": "string"} and sorted(values.values()) == [["2022"], ["2023"]]
    assert sql(f'SELECT year, sum(n) FROM "{database}"."found" GROUP BY year ORDER BY year') == [["2022", "6"], ["2023", "6"]]


def test_a_group_as_a_table(make_group, runtime, sagemaker_client, flush):
    """The files and the table of a feature group."""
    group = make_group(offline=True, n="Integral", x="Fractional")
    for i in range(10):
        runtime.put_record(FeatureGroupName=group, Record=record(id=f"r{i}", at=f"2024-01-0{1 + i % 3}T00:00:00Z", n=str(i), x=str(i / 2)))
    flush(group)
    config = sagemaker_client.describe_feature_group(FeatureGroupName=group)["OfflineStoreConfig"]
    database, table = config["DataCatalogConfig"]["Database"], config["DataCatalogConfig"]["TableName"]
    location = wr.catalog.get_table_location(database, table)
    assert location == config["S3StorageConfig"]["ResolvedOutputS3Uri"]
    assert wr.catalog.get_table_types(database, table) == {
        "id": "string", "at": "string", "n": "bigint", "x": "double", "write_time": "timestamp", "api_invocation_time": "timestamp", "is_deleted": "boolean"}
    got = wr.s3.read_parquet(f"{location}/", dataset=True)
    assert sorted(got["n"]) == list(range(10)) and set(got["day"]) == {"01", "02", "03"} and not got["is_deleted"].any()
    # The folders of the hours are no partitions to Glue; awswrangler makes columns of them by their names.
    got = wr.s3.read_parquet_table(table, database=database)
    assert got.columns.tolist() == ["id", "at", "n", "x", "write_time", "api_invocation_time", "is_deleted", "year", "month", "day", "hour"] and len(got) == 10
    by_sql = wr.athena.read_sql_query(f"SELECT id, n, x FROM {table}", database=database, ctas_approach=False, s3_output=location.rsplit("/", 5)[0] + "/results/")
    assert sorted(by_sql.itertuples(index=False)) == sorted(got[["id", "n", "x"]].itertuples(index=False))


def test_queries(database, root):
    """athena.read_sql_query in its plain mode."""
    wr.s3.to_parquet(sales(0, 10, 2022), f"{root}/sales/", dataset=True, database=database, table="sales", partition_cols=["year"])
    got = wr.athena.read_sql_query("SELECT n, x, year, date '2024-01-02' AS day FROM sales WHERE n > 7 ORDER BY n", database=database, ctas_approach=False,
                                   s3_output=f"{root}/results/")
    assert got["n"].tolist() == [8, 9] and got["x"].tolist() == [2.0, 2.25] and got["year"].tolist() == [2022, 2022]
    assert got["day"].tolist() == [datetime.date(2024, 1, 2)] * 2
    chunks = list(wr.athena.read_sql_query("SELECT n FROM sales", database=database, ctas_approach=False, s3_output=f"{root}/results/", chunksize=4))
    assert [len(chunk) for chunk in chunks] == [4, 4, 2]
    with pytest.raises(wr.exceptions.QueryFailed, match="COLUMN_NOT_FOUND"):
        wr.athena.read_sql_query("SELECT nothing FROM sales", database=database, ctas_approach=False, s3_output=f"{root}/results/")
