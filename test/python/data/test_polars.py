"""polars: its S3 client is the object_store crate, as in other programs written in Rust."""

import datetime
import os

import polars
import pytest


@pytest.fixture
def options():
    return {"aws_endpoint_url": os.environ["AWS_ENDPOINT_URL"], "aws_allow_http": "true", "aws_region": "us-east-1",
            "aws_access_key_id": os.environ["AWS_ACCESS_KEY_ID"], "aws_secret_access_key": os.environ["AWS_SECRET_ACCESS_KEY"]}


def test_a_group(flushed, options):
    group, folder, ids = flushed
    rows = polars.scan_parquet(f"s3://{folder}/", hive_partitioning=True, storage_options=options)
    assert rows.select(polars.len()).collect().item() == 41
    assert rows.filter((polars.col("month").cast(int) == 1) & (polars.col("n") > 17)).select("id").collect()["id"].to_list() == ids[18:20]
    assert rows.collect_schema()["write_time"].is_temporal() and rows.collect_schema()["is_deleted"] == polars.Boolean
    globbed = polars.scan_parquet(f"s3://{folder}/year=2024/month=0[12]/**/*.parquet", storage_options=options)
    assert sorted(globbed.filter(~polars.col("is_deleted")).collect()["id"].to_list()) == sorted(ids)


def test_frames_go_and_come_back(bucket, options):
    frame = polars.DataFrame({"i": range(1000), "t": [f"é {i}" for i in range(1000)], "k": [i % 3 for i in range(1000)],
                              "d": [datetime.date(2024, 1, 1)] * 1000})
    where = f"s3://{bucket}/a b+é/frame"
    frame.write_parquet(f"{where}.parquet", storage_options=options)
    assert polars.read_parquet(f"{where}.parquet", storage_options=options).equals(frame)
    frame.write_csv(f"{where}.csv", storage_options=options)
    assert polars.scan_csv(f"{where}.csv", storage_options=options).select("t").collect()["t"].to_list()[-1] == "é 999"
    frame.lazy().sink_ndjson(f"{where}.jsonl", storage_options=options)
    assert polars.scan_ndjson(f"{where}.jsonl", storage_options=options).select(polars.col("i").sum()).collect().item() == 499500


def test_a_large_frame_is_a_multipart_upload(bucket, options, s3):
    frame = polars.DataFrame({"i": range(3_000_000)}).with_columns(h=polars.col("i").hash())
    frame.write_parquet(f"s3://{bucket}/large", compression="uncompressed", storage_options=options)
    head = s3.head_object(Bucket=bucket, Key="large")
    assert head["ContentLength"] > 24 << 20 and "-" in head["ETag"]
    assert polars.read_parquet(f"s3://{bucket}/large", storage_options=options).equals(frame)


def test_errors(bucket, options):
    with pytest.raises((FileNotFoundError, OSError, polars.exceptions.ComputeError), match="(?i)not found|NoSuchKey"):
        polars.read_parquet(f"s3://{bucket}/nothing.parquet", storage_options=options)
    with pytest.raises(OSError, match="(?i)SignatureDoesNotMatch|403"):
        polars.read_parquet(f"s3://{bucket}/nothing.parquet", storage_options=options | {"aws_secret_access_key": "wrong"})
