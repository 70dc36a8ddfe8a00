"""PyAthena's cursors: pages, parameters, errors, and executions that are watched and stopped."""

import asyncio
import datetime
import decimal
import threading
import time

import pyathena
import pytest
from pyathena.aio.arrow.cursor import AioArrowCursor
from pyathena.aio.connection import AioConnection
from pyathena.aio.cursor import AioCursor, AioDictCursor
from pyathena.aio.pandas.cursor import AioPandasCursor
from pyathena.aio.polars.cursor import AioPolarsCursor
from pyathena.aio.s3fs.cursor import AioS3FSCursor
from pyathena.arrow.async_cursor import AsyncArrowCursor
from pyathena.arrow.cursor import ArrowCursor
from pyathena.async_cursor import AsyncCursor, AsyncDictCursor
from pyathena.cursor import Cursor, DictCursor
from pyathena.filesystem.s3 import S3FileSystem
from pyathena.pandas.async_cursor import AsyncPandasCursor
from pyathena.pandas.cursor import PandasCursor
from pyathena.polars.async_cursor import AsyncPolarsCursor
from pyathena.polars.cursor import PolarsCursor
from pyathena.s3fs.async_cursor import AsyncS3FSCursor
from pyathena.s3fs.cursor import S3FSCursor

ALL = [Cursor, S3FSCursor, PandasCursor, ArrowCursor, PolarsCursor]
NUMBERS = "SELECT n, 'w' || CAST(n AS varchar) AS word FROM UNNEST(sequence(1, {})) AS t(n) ORDER BY n"
# It would run for minutes: its sum is over a billion of billions.
HEAVY = ("SELECT count(*), sum(a.n * b.n) FROM UNNEST(sequence(1, 10000)) AS a(n) CROSS JOIN UNNEST(sequence(1, 10000)) AS b(n) "
         "CROSS JOIN UNNEST(sequence(1, 10000)) AS c(n) WHERE (a.n * 7 + b.n * 11 + c.n * 13) % 1000003 = 1")


def numbers(n):
    return [(i, f"w{i}") for i in range(1, n + 1)]


@pytest.mark.parametrize("cursor_class", ALL)
def test_rows_come_in_pages(connection, cursor_class):
    cursor = connection(cursor_class=cursor_class).cursor(arraysize=1000)
    cursor.execute(NUMBERS.format(2500))
    assert [c[:2] for c in cursor.description] == [("n", "bigint"), ("word", "varchar")]
    assert cursor.fetchone() == (1, "w1") and cursor.fetchmany(3) == numbers(4)[1:]
    assert cursor.rownumber == 4
    assert next(iter(cursor)) == (5, "w5")
    assert cursor.fetchall() == numbers(2500)[5:]
    assert cursor.fetchone() is None and cursor.fetchall() == []
    assert cursor.state == "SUCCEEDED" and cursor.state_change_reason is None and cursor.work_group == "primary"
    assert cursor.output_location.endswith(f"/{cursor.query_id}.csv") and cursor.data_scanned_in_bytes == 0
    assert cursor.submission_date_time <= cursor.completion_date_time
    assert cursor.total_execution_time_in_millis >= cursor.engine_execution_time_in_millis >= 0


def test_data_frames(connection):
    pandas = connection(cursor_class=PandasCursor).cursor().execute(NUMBERS.format(100)).as_pandas()
    assert pandas["n"].tolist() == list(range(1, 101)) and pandas.columns.tolist() == ["n", "word"]
    chunks = list(connection(cursor_class=PandasCursor).cursor().execute(NUMBERS.format(100), chunksize=33).iter_chunks())
    assert [len(chunk) for chunk in chunks] == [33, 33, 33, 1]
    arrow = connection(cursor_class=ArrowCursor).cursor().execute(NUMBERS.format(100)).as_arrow()
    assert arrow.num_rows == 100 and arrow.column("word").to_pylist()[99] == "w100"
    polars = connection(cursor_class=PolarsCursor).cursor().execute(NUMBERS.format(100)).as_polars()
    assert polars["n"].sum() == 5050
    for unload in [ArrowCursor, PandasCursor, PolarsCursor]:
        cursor = connection(cursor_class=unload, cursor_kwargs={"unload": True}).cursor().execute(NUMBERS.format(1000))
        assert cursor.fetchall() == numbers(1000) and cursor.data_manifest_location.endswith(f"{cursor.query_id}-manifest.csv")
        assert cursor.execute("SELECT 1 AS n WHERE false").fetchall() == []


def test_rows_as_dicts(connection):
    cursor = connection(cursor_class=DictCursor).cursor()
    assert cursor.execute("SELECT 1 AS a, 'x' AS \"B c\", 2").fetchall() == [{"a": 1, "B c": "x", "_col2": 2}]


def test_parameters(connection):
    cursor = connection().cursor()
    given = {"i": -5, "x": 0.5, "s": "it's %s \\ é", "d": datetime.date(2024, 2, 29), "t": datetime.datetime(2024, 2, 29, 1, 2, 3, 4000), "n": None, "b": True,
             "m": decimal.Decimal("1.50"), "l": ["a", "b'"]}
    cursor.execute("SELECT %(i)d, %(x)s, %(s)s, %(d)s, %(t)s, %(n)s, %(b)s, %(m)s, 'a' IN %(l)s, 'c' IN %(l)s, 'x%%y'", given)
    assert cursor.fetchall() == [(-5, 0.5, given["s"], given["d"], given["t"], None, True, given["m"], True, False, "x%y")]
    # The values of ? are expressions of SQL, not texts.
    cursor.execute("SELECT ? + 1, ?, ?", ["41", "'it''s ?'", "date '2024-02-29'"], paramstyle="qmark")
    assert cursor.fetchall() == [(42, "it's ?", given["d"])]
    with pytest.raises(pyathena.OperationalError, match="(?i)parameter"):
        cursor.execute("SELECT ?, ?", ["1"], paramstyle="qmark")
    with pytest.raises(pyathena.OperationalError):
        cursor.execute("SELECT ?", ["1; DROP TABLE t"], paramstyle="qmark")


def test_executemany(connection, database, staging):
    cursor = connection(schema_name=database).cursor()
    cursor.execute(f"CREATE EXTERNAL TABLE many (n INT, s STRING) STORED AS PARQUET LOCATION '{staging}many/'")
    cursor.executemany("INSERT INTO many VALUES (%(n)d, %(s)s)", [{"n": i, "s": f"it's {i}"} for i in range(4)])
    assert cursor.rowcount == 4
    assert cursor.execute("SELECT * FROM many ORDER BY n").fetchall() == [(i, f"it's {i}") for i in range(4)]
    cursor.execute("INSERT INTO many SELECT n + 10, s FROM many")
    assert cursor.rowcount == 4 and cursor.substatement_type == "INSERT"
    cursor.execute("CREATE TABLE copied AS SELECT * FROM many WHERE n > 10")
    assert cursor.rowcount == 3 and cursor.fetchall() == []
    with pytest.raises(pyathena.ProgrammingError):
        cursor.executemany("SELECT 1", [{}])
        cursor.fetchall()


def test_statements_that_show(connection, database, staging):
    cursor = connection(schema_name=database).cursor()
    cursor.execute(f"CREATE EXTERNAL TABLE orders (id STRING COMMENT 'c', n INT) PARTITIONED BY (year INT) STORED AS PARQUET LOCATION '{staging}orders/'")
    assert cursor.fetchall() == [] and cursor.statement_type == "DDL" and cursor.output_location.endswith(f"{cursor.query_id}.txt")
    cursor.execute("CREATE VIEW half AS SELECT n FROM orders")
    assert sorted(cursor.execute("SHOW TABLES").fetchall()) == [("half",), ("orders",)]
    assert [row[0].strip() for row in cursor.execute("SHOW COLUMNS IN orders").fetchall()] == ["id", "n", "year"]
    assert (database,) in cursor.execute("SHOW DATABASES").fetchall()
    described = cursor.execute("DESCRIBE orders").fetchall()
    assert [field.strip() for field in described[0][0].split("\t")] == ["id", "string", "c"]
    assert "".join(row[0] for row in cursor.execute("SHOW CREATE TABLE orders").fetchall()).startswith(f"CREATE EXTERNAL TABLE `{database}.orders`(")
    cursor.execute("ALTER TABLE orders ADD PARTITION (year = 2024)")
    assert cursor.execute("SHOW PARTITIONS orders").fetchall() == [("year=2024",)]


@pytest.mark.parametrize("cursor_class", ALL)
def test_a_statement_that_fails(connection, cursor_class):
    cursor = connection(cursor_class=cursor_class).cursor()
    with pytest.raises(pyathena.DatabaseError, match="COLUMN_NOT_FOUND: line 1:8: Column 'nothing' cannot be resolved"):
        cursor.execute("SELECT nothing")
    with pytest.raises(pyathena.DatabaseError, match="mismatched input 'blah_blah'"):
        cursor.execute("blah_blah")
    with pytest.raises(pyathena.DatabaseError, match="DIVISION_BY_ZERO"):
        cursor.execute("SELECT 1 / (n - 3) FROM UNNEST(sequence(1, 5)) AS t(n)")
    assert cursor.execute("SELECT 1").fetchall() == [(1,)]


def test_nowhere_to_put_results(connection):
    with pytest.raises(pyathena.DatabaseError, match="No output location provided"):
        connection(s3_staging_dir="", work_group="primary").cursor().execute("SELECT 1")
    with pytest.raises(pyathena.DatabaseError, match="bucket does not exist"):
        connection(s3_staging_dir="s3://nobody-has-this-bucket/").cursor().execute("SELECT 1")


def test_a_result_is_found_again(connection):
    """The cursor's own cache: ListQueryExecutions and BatchGetQueryExecution."""
    cursor = connection().cursor()
    statement = f"SELECT {time.time_ns()} AS now"
    first = cursor.execute(statement).query_id
    assert cursor.execute(statement, cache_size=50).query_id == first
    assert cursor.execute(statement, cache_expiration_time=60).query_id == first
    assert cursor.execute(statement).query_id != first


def test_reuse_is_asked_for(connection):
    """Athena's own reuse: another execution, whose result is the earlier one's."""
    cursor = connection(result_reuse_enable=True, result_reuse_minutes=5).cursor()
    statement = f"SELECT {time.time_ns()} AS n"
    first = cursor.execute(statement).fetchall()
    assert cursor.result_reuse_enabled and cursor.result_reuse_minutes == 5 and not cursor.reused_previous_result
    id, location = cursor.query_id, cursor.output_location
    assert cursor.execute(statement).fetchall() == first and cursor.query_id != id
    assert cursor.reused_previous_result and cursor.output_location == location and cursor.data_scanned_in_bytes == 0
    assert not cursor.execute(statement, result_reuse_enable=False).reused_previous_result


def test_result_files_as_files(connection):
    """PyAthena's file system for fsspec."""
    made = connection()
    cursor = made.cursor().execute("SELECT n, 'é' AS s FROM UNNEST(sequence(1, 3)) AS t(n)")
    files = S3FileSystem(connection=made)
    folder = cursor.output_location.rsplit("/", 1)[0]
    assert sorted(path.rsplit("/", 1)[1] for path in files.ls(folder)) == [f"{cursor.query_id}.csv", f"{cursor.query_id}.csv.metadata"]
    want = '"n","s"\n"1","é"\n"2","é"\n"3","é"\n'
    assert files.cat(cursor.output_location).decode() == want and files.info(cursor.output_location)["size"] == len(want.encode())
    with files.open(cursor.output_location, "r", encoding="utf-8") as lines:
        assert [line.strip() for line in lines][1:] == ['"1","é"', '"2","é"', '"3","é"']


def test_encryption_is_shown(connection):
    cursor = connection(encryption_option="SSE_KMS", kms_key="alias/k").cursor()
    cursor.execute("SELECT 1")
    assert cursor.encryption_option == "SSE_KMS" and cursor.kms_key == "alias/k"


def test_cancel(connection):
    """A cursor's cancel, from another thread: the one that waits hears of it."""
    started, ids = threading.Event(), []
    cursor = connection(on_start_query_execution=lambda id: (ids.append(id), started.set())).cursor()

    def stop():
        started.wait(20)
        other = connection().cursor()
        other.query_id = ids[0]
        other.cancel()

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(pyathena.OperationalError, match="Query cancelled by user"):
        cursor.execute(HEAVY)
    thread.join()


def test_an_interrupt_kills_the_query(connection, monkeypatch):
    """kill_on_interrupt: Ctrl-C ends the statement on the server."""
    cursor = connection().cursor()
    ids = []

    def interrupt(id):
        ids.append(id)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cursor.execute(HEAVY, on_start_query_execution=interrupt)
    assert cursor._get_query_execution(ids[0]).state == "CANCELLED"


ASYNC = [AsyncCursor, AsyncS3FSCursor, AsyncPandasCursor, AsyncArrowCursor, AsyncPolarsCursor]


@pytest.mark.parametrize("cursor_class", ASYNC)
def test_futures(connection, cursor_class):
    with connection(cursor_class=cursor_class).cursor(max_workers=4) as cursor:
        futures = [cursor.execute(NUMBERS.format(i)) for i in range(1, 7)]
        assert [future.result().fetchall() for _, future in futures] == [numbers(i) for i in range(1, 7)]
        id, _ = futures[0]
        assert cursor.poll(id).result().state == "SUCCEEDED" and [c[0] for c in cursor.description(id).result()] == ["n", "word"]
        assert cursor.query_execution(id).result().query == NUMBERS.format(1)
        id, heavy = cursor.execute(HEAVY)
        cursor.cancel(id).result()
        assert cursor.query_execution(id).result().state == "CANCELLED"
        assert heavy.result().state == "CANCELLED"


def test_futures_of_dicts(connection):
    with connection(cursor_class=AsyncDictCursor).cursor() as cursor:
        assert cursor.execute("SELECT 1 AS a")[1].result().fetchall() == [{"a": 1}]


@pytest.mark.parametrize("cursor_class", [AioCursor, AioS3FSCursor, AioPandasCursor, AioArrowCursor, AioPolarsCursor])
def test_coroutines(staging, cursor_class):
    async def ask(connection, n):
        async with connection.cursor(cursor_class) as cursor:
            await cursor.execute(NUMBERS.format(n))
            rows = cursor.fetchall()
            return await rows if asyncio.iscoroutine(rows) else rows

    async def main():
        async with await AioConnection.create(s3_staging_dir=staging, region_name="us-east-1", poll_interval=0.02) as connection:
            return await asyncio.gather(*(ask(connection, n) for n in range(1, 7)))

    assert asyncio.run(main()) == [numbers(n) for n in range(1, 7)]


def test_coroutines_of_dicts(staging):
    async def main():
        async with await AioConnection.create(s3_staging_dir=staging, region_name="us-east-1", poll_interval=0.02) as connection:
            async with connection.cursor(AioDictCursor) as cursor:
                await cursor.execute("SELECT 1 AS a")
                return [row async for row in cursor]

    assert asyncio.run(main()) == [{"a": 1}]
