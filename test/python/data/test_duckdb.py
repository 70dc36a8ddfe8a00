"""DuckDB's own S3 client, the extension httpfs, which PyPI has in a package; and DuckDB over s3fs."""

import os
import pathlib

import duckdb
import duckdb_extension_httpfs
import pytest

HTTPFS = next(pathlib.Path(duckdb_extension_httpfs.__file__).parent.glob("extensions/*/httpfs.duckdb_extension"))


def connect(endpoint, style="path", secret=os.environ.get("AWS_SECRET_ACCESS_KEY")):
    db = duckdb.connect()
    db.execute(f"LOAD '{HTTPFS}'")
    db.execute(f"CREATE SECRET (TYPE s3, KEY_ID '{os.environ['AWS_ACCESS_KEY_ID']}', SECRET '{secret}', REGION 'us-east-1', "
               f"ENDPOINT '{endpoint}', URL_STYLE '{style}', USE_SSL false)")
    return db


@pytest.fixture(params=["path", "vhost"])
def db(request, endpoint):
    """In both styles of addresses: host/bucket/key, and bucket.host/key."""
    host = endpoint if request.param == "path" else endpoint.replace("127.0.0.1", "localhost")
    with connect(host, request.param) as db:
        yield db


def test_a_group(db, flushed):
    group, folder, ids = flushed
    files = f"read_parquet('s3://{folder}/**/*.parquet')"
    names = [column[0] for column in db.sql(f"SELECT * FROM {files}").description]
    assert names == ["id", "at", "n", "x", "words", "write_time", "api_invocation_time", "is_deleted", "day", "hour", "month", "year"]
    assert db.sql(f"SELECT count(*), sum(n), count(x), bool_or(is_deleted) FROM {files}").fetchone() == (41, sum(i for i in range(40) if i % 5), 32, True)
    live = db.sql(f"SELECT id FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY \"at\" DESC) AS r FROM {files}) WHERE r = 1 AND NOT is_deleted ORDER BY id")
    assert [row[0] for row in live.fetchall()] == sorted(ids[1:])
    hive = f"read_parquet('s3://{folder}/**/*.parquet', hive_partitioning = true, hive_types = {{'year': INT, 'month': INT}})"
    assert db.sql(f"SELECT year, month, count(*) FROM {hive} GROUP BY ALL ORDER BY ALL").fetchall() == [(2024, 1, 20), (2024, 2, 21)]
    assert db.sql(f"SELECT count(*) FROM {hive} WHERE year = 2024 AND month = 1 AND n > 17").fetchone() == (2,)
    listed = [row[0] for row in db.sql(f"SELECT * FROM glob('s3://{folder}/year=2024/*/day=*/**/*.parquet')").fetchall()]
    assert len(listed) == 5 and len([path for path in listed if "/month=02/" in path]) == 3


def test_copy_to_and_from(db, bucket):
    db.execute("CREATE TABLE t AS SELECT i, 'é ' || i AS text, i % 3 AS k, TIMESTAMP '2024-01-01' + i * INTERVAL 1 SECOND AS at FROM range(1000) r(i)")
    for name, options in [("a b+é.parquet", "FORMAT parquet"), ("z.parquet", "FORMAT parquet, COMPRESSION zstd"), ("t.csv", "HEADER"),
                          ("t.csv.gz", "HEADER"), ("t.json", "FORMAT json")]:
        db.execute(f"COPY t TO 's3://{bucket}/{name}' ({options})")
        assert db.sql(f"SELECT count(*), sum(i), max(text) FROM 's3://{bucket}/{name}'").fetchone() == (1000, 499500, "é 999"), name
    db.execute(f"COPY t TO 's3://{bucket}/parts' (FORMAT parquet, PARTITION_BY k)")
    assert db.sql(f"SELECT k, count(*) FROM read_parquet('s3://{bucket}/parts/*/*.parquet', hive_partitioning = true) GROUP BY k ORDER BY k").fetchall() == [
        (0, 334), (1, 333), (2, 333)]
    db.execute(f"COPY t TO 's3://{bucket}/parts' (FORMAT parquet, PARTITION_BY k, OVERWRITE_OR_IGNORE)")
    assert db.sql(f"SELECT count(*) FROM 's3://{bucket}/parts/**/*.parquet'").fetchone() == (1000,)


def test_a_large_copy_is_a_multipart_upload(db, bucket, s3):
    db.execute("SET s3_uploader_max_filesize = '50GB'")  # a part is a ten thousandth of that
    db.execute(f"COPY (SELECT i, hash(i) AS h FROM range(4000000) r(i)) TO 's3://{bucket}/large.parquet' (FORMAT parquet, COMPRESSION uncompressed)")
    head = s3.head_object(Bucket=bucket, Key="large.parquet")
    assert head["ContentLength"] > 32 << 20 and "-" in head["ETag"]
    assert db.sql(f"SELECT count(*), sum(i), bool_and(h = hash(i)) FROM 's3://{bucket}/large.parquet'").fetchone() == (4000000, 7999998000000, True)
    assert db.sql(f"SELECT h = hash(i) FROM 's3://{bucket}/large.parquet' WHERE i = 3999999").fetchone() == (True,)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_over_https(bucket, endpoint):
    with connect(endpoint) as db:
        db.execute(f"SET ca_cert_file = '{os.environ['AWS_CA_BUNDLE']}'")
        db.execute("SET enable_server_cert_verification = true")
        db.execute(f"CREATE SECRET secure (TYPE s3, SCOPE 's3://{bucket}', KEY_ID '{os.environ['AWS_ACCESS_KEY_ID']}', REGION 'us-east-1', "
                   f"SECRET '{os.environ['AWS_SECRET_ACCESS_KEY']}', ENDPOINT '{endpoint}', URL_STYLE 'path', USE_SSL true)")
        db.execute(f"COPY (SELECT * FROM range(1000) r(i)) TO 's3://{bucket}/k.parquet' (FORMAT parquet)")
        assert db.sql(f"SELECT sum(i) FROM 's3://{bucket}/k.parquet'").fetchone() == (499500,)


def test_errors(db, bucket, endpoint):
    with pytest.raises(duckdb.Error, match="No files found"):
        db.sql(f"SELECT * FROM 's3://{bucket}/**/*.parquet'")
    with pytest.raises(duckdb.Error, match="404"):
        db.sql(f"SELECT * FROM 's3://{bucket}/nothing.parquet'")
    with pytest.raises(duckdb.Error, match="404"):
        db.execute(f"COPY (SELECT 1 AS a) TO 's3://{bucket}-x/k.parquet'")
    with connect(endpoint, secret="wrong") as stranger, pytest.raises(duckdb.Error, match="403"):
        stranger.sql(f"SELECT * FROM 's3://{bucket}/k.parquet'")


def test_over_s3fs(flushed, bucket):
    import s3fs

    group, folder, ids = flushed
    with duckdb.connect() as db:
        db.register_filesystem(s3fs.S3FileSystem(skip_instance_cache=True))
        assert db.sql(f"SELECT count(*), count(DISTINCT id) FROM read_parquet('s3://{folder}/**/*.parquet')").fetchone() == (41, 40)
        db.execute(f"COPY (SELECT * FROM range(10) r(i)) TO 's3://{bucket}/k.parquet' (FORMAT parquet)")
        assert db.sql(f"SELECT sum(i) FROM 's3://{bucket}/k.parquet'").fetchone() == (45,)
