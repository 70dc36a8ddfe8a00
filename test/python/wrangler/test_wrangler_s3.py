"""awswrangler's S3: objects, and data frames in them."""

import concurrent.futures
import datetime
import time

import awswrangler as wr
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal


@pytest.fixture
def root(bucket):
    return f"s3://{bucket}/w"


def numbers(first, n):
    return pd.DataFrame({"n": range(first, first + n), "word": [f"w{i}" for i in range(first, first + n)]})


def test_objects(root, bucket, tmp_path):
    keys = [f"{root}/a/é {i}+%2F.txt" for i in range(12)]
    (tmp_path / "local").write_bytes(b"some bytes")
    for key in keys:
        wr.s3.upload(str(tmp_path / "local"), key)
    assert sorted(wr.s3.list_objects(f"{root}/")) == sorted(keys)
    assert sorted(wr.s3.list_objects(f"{root}/a/*1+%2F.txt")) == sorted([keys[1], keys[11]])
    assert wr.s3.list_objects(root, suffix=".nothing") == [] and wr.s3.list_directories(f"{root}/") == [f"{root}/a/"]
    assert wr.s3.does_object_exist(keys[0]) and not wr.s3.does_object_exist(f"{root}/never")
    assert wr.s3.size_objects(keys[:2]) == {keys[0]: 10, keys[1]: 10}
    described = wr.s3.describe_objects(keys[:1])[keys[0]]
    assert described["ContentLength"] == 10 and described["ETag"] and isinstance(described["LastModified"], datetime.datetime)
    wr.s3.download(keys[3], str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == b"some bytes"
    copied = wr.s3.copy_objects(keys[:2], f"{root}/a", f"{root}/copied", replace_filenames={"é 0+%2F.txt": "first.txt"})
    assert sorted(copied) == sorted([f"{root}/copied/first.txt", f"{root}/copied/é 1+%2F.txt"]) == sorted(wr.s3.list_objects(f"{root}/copied"))
    assert bucket in wr.s3.list_buckets() and wr.s3.get_bucket_region(bucket) == "us-east-1"
    wr.s3.delete_objects(keys[:5])
    assert sorted(wr.s3.list_objects(f"{root}/a/")) == sorted(keys[5:])
    wr.s3.delete_objects(f"{root}/a/", last_modified_end=datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc))
    assert len(wr.s3.list_objects(f"{root}/a/")) == 7
    wr.s3.delete_objects(f"{root}/*")
    assert wr.s3.list_objects(root) == []


def test_waiting(root):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wr.s3.wait_objects_exist, [f"{root}/later"], delay=1, max_attempts=30)
        time.sleep(0.2)
        assert not waiting.done()
        wr.s3.to_csv(numbers(0, 1), f"{root}/later")
        waiting.result()
    wr.s3.wait_objects_exist([f"{root}/later"])
    wr.s3.delete_objects([f"{root}/later"])
    wr.s3.wait_objects_not_exist([f"{root}/later"])


def test_parquet_of_all_types(root, frame):
    assert wr.s3.to_parquet(frame, f"{root}/one.parquet")["paths"] == [f"{root}/one.parquet"]
    got = wr.s3.read_parquet(f"{root}/one.parquet")
    assert got["n"].tolist() == frame["n"].tolist() and got["words"].isna().tolist() == [False, True, False]
    assert got["x"].dropna().tolist() == [0.1, -1e300] and got["day"].tolist()[0] == datetime.date(2024, 2, 29)
    assert got["at"].tolist()[0] == frame["at"].tolist()[0] and got["truth"].isna().tolist() == [False, False, True]
    types, partitions = wr.s3.read_parquet_metadata(f"{root}/one.parquet")
    assert partitions is None and types == {
        "n": "bigint", "small": "smallint", "x": "double", "words": "string", "truth": "boolean", "at": "timestamp", "day": "date"}
    for compression in ["gzip", "zstd", None]:
        wr.s3.to_parquet(frame, f"{root}/{compression}.parquet", compression=compression)
        assert_frame_equal(wr.s3.read_parquet(f"{root}/{compression}.parquet"), got)


def test_parquet_larger_than_a_part(root):
    """More than 5 MiB go up in parts, and come down by ranges."""
    large = pd.DataFrame({"n": range(400_000), "x": [i * 0.1 for i in range(400_000)], "words": [f"{i * 7919 % 1_000_003:x}" for i in range(400_000)]})
    wr.s3.to_parquet(large, f"{root}/large.parquet", compression=None, max_rows_by_file=0)
    assert wr.s3.size_objects(f"{root}/large.parquet")[f"{root}/large.parquet"] > 8 << 20
    assert_frame_equal(wr.s3.read_parquet(f"{root}/large.parquet").astype(large.dtypes), large)
    assert wr.s3.read_parquet(f"{root}/large.parquet", columns=["x"])["x"].sum() == large["x"].sum()
    wr.s3.to_parquet(large, f"{root}/pieces", dataset=True, max_rows_by_file=150_000)
    assert len(wr.s3.list_objects(f"{root}/pieces")) == 3
    chunks = list(wr.s3.read_parquet(f"{root}/pieces", chunked=130_000))
    assert [len(chunk) for chunk in chunks] == [130_000, 130_000, 130_000, 10_000]
    assert sorted(pd.concat(chunks)["n"]) == list(range(400_000))
    assert sum(len(chunk) for chunk in wr.s3.read_parquet(f"{root}/pieces", chunked=True)) == 400_000


def test_datasets(root):
    frame = numbers(0, 20).assign(half=lambda f: f["n"] % 2, place=lambda f: "a b")
    paths = wr.s3.to_parquet(frame, f"{root}/set", dataset=True, partition_cols=["half", "place"])
    assert len(paths["paths"]) == 2 and paths["partitions_values"] == {
        f"{root}/set/half=0/place=a b/": ["0", "a b"], f"{root}/set/half=1/place=a b/": ["1", "a b"]}
    got = wr.s3.read_parquet(f"{root}/set", dataset=True)
    assert sorted(got["n"]) == list(range(20)) and set(got["half"].astype(str)) == {"0", "1"} and set(got["place"]) == {"a b"}
    odd = wr.s3.read_parquet(f"{root}/set", dataset=True, partition_filter=lambda parts: parts["half"] == "1", columns=["n"])
    assert sorted(odd["n"]) == list(range(1, 20, 2))
    write = lambda mode, first, half: wr.s3.to_parquet(
        numbers(first, 2).assign(half=half, place="a b"), f"{root}/set", dataset=True, partition_cols=["half", "place"], mode=mode)
    write("append", 100, 0)
    assert len(wr.s3.read_parquet(f"{root}/set", dataset=True)) == 22
    write("overwrite_partitions", 200, 1)
    assert sorted(wr.s3.read_parquet(f"{root}/set", dataset=True)["n"]) == [*range(0, 20, 2), 100, 101, 200, 201]
    write("overwrite", 300, 0)
    assert sorted(wr.s3.read_parquet(f"{root}/set", dataset=True)["n"]) == [300, 301]
    merged = wr.s3.merge_datasets(f"{root}/set/", f"{root}/other/", mode="append")
    assert len(merged) == 1 and len(wr.s3.read_parquet(f"{root}/other", dataset=True)) == 2


def test_texts(root):
    frame = numbers(0, 5)
    wr.s3.to_csv(frame, f"{root}/t.csv", index=False)
    assert_frame_equal(wr.s3.read_csv(f"{root}/t.csv"), frame, check_dtype=False)
    assert [len(chunk) for chunk in wr.s3.read_csv(f"{root}/t.csv", chunksize=2)] == [2, 2, 1]
    wr.s3.to_json(frame, f"{root}/t.json", orient="records", lines=True)
    assert_frame_equal(wr.s3.read_json(f"{root}/t.json", orient="records", lines=True), frame, check_dtype=False)
    wr.s3.to_csv(frame, f"{root}/z.csv.gz", index=False, compression="gzip")
    assert_frame_equal(wr.s3.read_csv(f"{root}/z.csv.gz"), frame, check_dtype=False)
    wr.s3.to_csv(frame, f"{root}/texts", dataset=True, index=False, partition_cols=["n"])
    assert sorted(wr.s3.read_csv(f"{root}/texts", dataset=True)["n"].astype(int)) == list(range(5))


def test_what_is_not_there_is_an_error_of_its_kind(root):
    with pytest.raises(wr.exceptions.NoFilesFound):
        wr.s3.read_parquet(f"{root}/never")
    with pytest.raises(Exception, match="NoSuchBucket"):
        wr.s3.list_objects("s3://no-such-bucket-here/x")
    wr.s3.to_csv(numbers(0, 1), f"{root}/t.csv", index=False)
    with pytest.raises(Exception, match="NotImplemented"):
        wr.s3.select_query("SELECT * FROM s3object", f"{root}/t.csv", "CSV", {"FileHeaderInfo": "Use"})
