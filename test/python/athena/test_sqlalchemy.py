"""SQLAlchemy by PyAthena's dialects: reflection, tables, rows, data frames."""

import asyncio
import datetime
import decimal
import urllib.parse

import pandas as pd
import pytest
import sqlalchemy as sa
from pyathena.pandas.util import to_sql
from pyathena.sqlalchemy.array import AthenaArray
from pyathena.sqlalchemy.map import AthenaMap
from pyathena.sqlalchemy.struct import AthenaStruct
from sqlalchemy.ext.asyncio import create_async_engine


def url(dialect, database, staging):
    # No keys and no host's keys: the environment has them.
    return f"awsathena+{dialect}://:@athena.us-east-1.amazonaws.com:443/{database}?s3_staging_dir={urllib.parse.quote_plus(staging)}&poll_interval=0.02"


@pytest.fixture
def engine(database, staging):
    engine = sa.create_engine(url("rest", database, staging))
    yield engine
    engine.dispose()


@pytest.fixture
def orders(engine, staging):
    """A table made of a declaration."""
    table = sa.Table(
        "orders", sa.MetaData(),
        sa.Column("id", sa.String, comment="who"), sa.Column("n", sa.Integer), sa.Column("big", sa.BigInteger), sa.Column("x", sa.Double),
        sa.Column("price", sa.DECIMAL(10, 2)), sa.Column("truth", sa.Boolean), sa.Column("day", sa.Date), sa.Column("at", sa.DateTime),
        sa.Column("year", sa.Integer, awsathena_partition=True),
        comment="all orders", awsathena_location=f"{staging}orders/", awsathena_file_format="PARQUET", awsathena_compression="SNAPPY",
        awsathena_tblproperties={"source": "tests"},
    )
    table.create(engine)
    return table


ROWS = [
    dict(id="a", n=1, big=2**40, x=0.5, price=decimal.Decimal("1.50"), truth=True, day=datetime.date(2024, 2, 29), at=datetime.datetime(2024, 2, 29, 1, 2, 3, 4000), year=2024),
    dict(id="it's é %", n=-2, big=-(2**40), x=1e300, price=decimal.Decimal("-0.01"), truth=False, day=datetime.date(1969, 12, 31), at=datetime.datetime(1969, 12, 31), year=2023),
    dict(id=None, n=None, big=None, x=None, price=None, truth=None, day=None, at=None, year=2023),
]


def test_what_is_there_is_reflected(engine, orders, database):
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE VIEW cheap AS SELECT id, price FROM orders WHERE price < 1"))
    inspector = sa.inspect(engine)
    assert {database, "default", "sagemaker_featurestore"} <= set(inspector.get_schema_names())
    assert inspector.get_table_names() == ["orders"] and inspector.get_view_names() == ["cheap"]
    assert inspector.has_table("orders") and inspector.has_table("ORDERS") and not inspector.has_table("never") and not inspector.has_table("orders", schema="nowhere")
    assert [(c["name"], str(c["type"]), c["comment"], c["dialect_options"]["awsathena_partition"]) for c in inspector.get_columns("orders")] == [
        ("id", "VARCHAR", "who", None), ("n", "INTEGER", None, None), ("big", "BIGINT", None, None), ("x", "DOUBLE", None, None), ("price", "DECIMAL(10, 2)", None, None),
        ("truth", "BOOLEAN", None, None), ("day", "DATE", None, None), ("at", "TIMESTAMP", None, None), ("year", "INTEGER", None, True)]
    assert inspector.get_table_comment("orders") == {"text": "all orders"}
    options = inspector.get_table_options("orders")
    assert options["awsathena_location"].endswith("/orders/") and options["awsathena_tblproperties"]["source"] == "tests"
    assert "MapredParquetInputFormat" in options["awsathena_file_format"]
    assert 'FROM' in inspector.get_view_definition("cheap")
    assert [c["name"] for c in inspector.get_columns("cheap")] == ["id", "price"]
    with pytest.raises(sa.exc.NoSuchTableError):
        inspector.get_columns("never")
    with pytest.raises(sa.exc.NoSuchTableError):
        inspector.get_view_definition("never")
    assert inspector.get_indexes("orders") == [] and inspector.get_foreign_keys("orders") == [] and inspector.get_pk_constraint("orders")["constrained_columns"] == []
    reflected = sa.Table("orders", sa.MetaData(), autoload_with=engine)
    assert reflected.columns.keys() == orders.columns.keys()


def test_nested_types_are_reflected(engine, staging):
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE EXTERNAL TABLE nested (tags array<string>, m map<string,array<int>>, s struct<a:int,b:struct<c:decimal(3,1)>>, v varchar(7), c char(3), "
                                   f"b binary, t tinyint, l smallint, d double) STORED AS PARQUET LOCATION '{staging}nested/'"))
    types = {c["name"]: c["type"] for c in sa.inspect(engine).get_columns("nested")}
    assert isinstance(types["tags"], AthenaArray) and isinstance(types["m"], AthenaMap) and isinstance(types["s"], AthenaStruct)
    assert types["v"].length == 7 and types["c"].length == 3 and [str(types[n]) for n in "btld"] == ["BINARY", "TINYINT", "SMALLINT", "DOUBLE"]


def test_rows(engine, orders):
    with engine.connect() as connection:
        connection.execute(orders.insert(), ROWS[:2])
        connection.execute(orders.insert().values(**ROWS[2]))
        got = connection.execute(sa.select(orders).order_by(orders.c.n)).mappings().all()
        assert [dict(row) for row in got] == [ROWS[1], ROWS[0], ROWS[2]]
        counted = connection.execute(sa.select(orders.c.year, sa.func.count(), sa.func.max(orders.c.price)).group_by(orders.c.year).order_by(orders.c.year)).all()
        assert counted == [(2023, 2, decimal.Decimal("-0.01")), (2024, 1, decimal.Decimal("1.50"))]
        one = sa.select(orders.c.id).where(orders.c.day == datetime.date(2024, 2, 29), orders.c.at > datetime.datetime(2024, 1, 1), orders.c.id.in_(["a", "b"]))
        assert connection.execute(one).scalars().all() == ["a"]
        other = orders.alias()
        joined = sa.select(orders.c.id, other.c.n).join(other, orders.c.big == -other.c.big).order_by(orders.c.id).limit(1).offset(1)
        assert connection.execute(joined).all() == [("it's é %", 1)]
        ranked = sa.select(orders.c.n, sa.func.row_number().over(partition_by=orders.c.year, order_by=orders.c.n.desc().nulls_last())).order_by(orders.c.n.nulls_first())
        assert connection.execute(ranked).all() == [(None, 2), (-2, 1), (1, 1)]
        assert connection.execute(sa.select(sa.cast(sa.literal("5"), sa.BigInteger) + 1, sa.literal(None), sa.case((orders.c.n > 0, "up"), else_="down")).where(orders.c.n == 1)).all() == [
            (6, None, "up")]
        connection.execute(sa.insert(orders).from_select(["id", "year"], sa.select(orders.c.id, sa.literal(2025)).where(orders.c.n == 1)))
        assert connection.execute(sa.text("SELECT id, n FROM orders WHERE year = :year"), {"year": 2025}).all() == [("a", None)]
    orders.drop(engine)
    assert not sa.inspect(engine).has_table("orders")


@pytest.mark.parametrize("dialect", ["rest", "pandas", "arrow", "polars", "s3fs"])
def test_every_dialect(database, staging, dialect):
    engine = sa.create_engine(url(dialect, database, staging))
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT n, 'a' || 'b' AS s FROM UNNEST(ARRAY[1, 2]) AS t(n) ORDER BY n")).all() == [(1, "ab"), (2, "ab")]
        with pytest.raises(sa.exc.DatabaseError, match="COLUMN_NOT_FOUND"):
            connection.execute(sa.text("SELECT nothing"))
    engine.dispose()


@pytest.mark.parametrize("dialect", ["aiorest", "aiopandas", "aioarrow", "aiopolars", "aios3fs"])
def test_every_dialect_of_coroutines(database, staging, dialect):
    async def main():
        engine = create_async_engine(url(dialect, database, staging))
        async with engine.connect() as connection:
            rows = (await connection.execute(sa.text("SELECT 1, 'x'"))).all()
        await engine.dispose()
        return rows

    assert asyncio.run(main()) == [(1, "x")]


def test_data_frames_of_sqlalchemy(engine, staging):
    """pandas.DataFrame.to_sql and read_sql: CREATE TABLE and INSERT."""
    frame = pd.DataFrame({"n": [1, 2, 3], "x": [0.5, None, -1.0], "s": ["a", "é'", None], "at": pd.to_datetime(["2024-02-29 01:02:03.004", None, "1969-12-31 00:00:00.000"])})
    database = engine.url.database
    located = sa.create_engine(engine.url.update_query_dict({"location": f"{staging}frames/", "file_format": "PARQUET"}))
    with located.connect() as connection:
        frame.to_sql("frames", connection, schema=database, index=False, method="multi")
        got = pd.read_sql("SELECT * FROM frames ORDER BY n", connection)
        assert got["n"].tolist() == [1, 2, 3] and got["s"].tolist()[:2] == ["a", "é'"] and pd.isna(got["s"][2])
        assert got["x"].tolist()[::2] == [0.5, -1.0] and pd.isna(got["x"][1]) and got["at"][0] == frame["at"][0]
        frame.to_sql("frames", connection, schema=database, index=False, method="multi", if_exists="append")
        assert connection.execute(sa.text("SELECT count(*) FROM frames")).scalar() == 6
    assert len(pd.read_sql_table("frames", engine, schema=database)) == 6
    located.dispose()


def test_data_frames_of_pyathena(connection, database, staging):
    """Its own to_sql: Parquet to S3, CREATE EXTERNAL TABLE, and partitions."""
    frame = pd.DataFrame({"n": range(6), "x": [i / 4 for i in range(6)], "s": ["é"] * 6, "day": [datetime.date(2024, 1, 1 + i % 2) for i in range(6)]})
    made = connection(schema_name=database)
    write = lambda **how: to_sql(frame, "sales", made, f"{staging}sales/", schema=database, compression="snappy", partitions=["day"], **how)
    write(if_exists="fail")
    count = lambda: made.cursor().execute("SELECT day, count(*), sum(n), max(x), max(s) FROM sales GROUP BY day ORDER BY day").fetchall()
    assert [row[1:] for row in count()] == [(3, 6, 1.0, "é"), (3, 9, 1.25, "é")]
    write(if_exists="append")
    assert [row[1] for row in count()] == [6, 6]
    write(if_exists="replace")
    assert [row[1] for row in count()] == [3, 3]
    with pytest.raises(Exception, match="(?i)exist"):
        write(if_exists="fail")
