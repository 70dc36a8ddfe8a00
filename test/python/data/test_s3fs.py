"""s3fs, and pandas through it."""

import asyncio
import io
import os

import pandas
import pytest
import s3fs

# Each is one object, whatever a file system would make of it.
HARD_KEYS = [
    "a b", " lead", "trail ", "a+b", "a%20b", "100%", "a&b=c", "q?x#y", "é/ü/日本", "🦆", "a..b", "..a/b..", "quote'\"s", "<x>&amp;",
    "a/../b", "./a", "a/..", "a//b", "/a", "a\nb", "\ufeffa\x7f", "back\\slash", "a:b@c;d,e", "{}[]^`|~*$!()", "x" * 255 + "/" + "y" * 255 + "/" + "z" * 500, "year=2024/month=01/f.parquet",
]


@pytest.fixture(scope="module")
def fs():
    return s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)


def test_pandas_parquet_and_csv(bucket):
    frame = pandas.DataFrame({"i": range(1000), "t": [f"é{i}" for i in range(1000)], "f": [None if i % 7 else i / 3 for i in range(1000)]})
    frame["when"] = pandas.Timestamp("2024-01-01", tz="UTC") + pandas.to_timedelta(frame["i"], unit="s")
    where = f"s3://{bucket}/frames of mine/a+b"
    frame.to_parquet(f"{where}.parquet")
    pandas.testing.assert_frame_equal(pandas.read_parquet(f"{where}.parquet"), frame)
    some = pandas.read_parquet(f"{where}.parquet", columns=["t"], filters=[("i", ">=", 990)])
    assert list(some["t"]) == [f"é{i}" for i in range(990, 1000)]
    frame[["i", "t"]].to_csv(f"{where}.csv.gz", index=False)
    pandas.testing.assert_frame_equal(pandas.read_csv(f"{where}.csv.gz"), frame[["i", "t"]])
    frame[["i"]].to_json(f"{where}.json", orient="records", lines=True)
    assert pandas.read_json(f"{where}.json", orient="records", lines=True)["i"].tolist() == list(range(1000))


def test_pandas_partitions_are_read_back(bucket):
    frame = pandas.DataFrame({"k": ["a b", "c/d", "é%"] * 4, "n": range(12)})
    frame.to_parquet(f"s3://{bucket}/parts", partition_cols=["k"], index=False)
    back = pandas.read_parquet(f"s3://{bucket}/parts").sort_values("n", ignore_index=True)
    assert back["k"].astype(str).tolist() == frame["k"].tolist() and back["n"].tolist() == list(range(12))
    only = pandas.read_parquet(f"s3://{bucket}/parts", filters=[("k", "=", "c/d")])
    assert sorted(only["n"]) == [1, 4, 7, 10]


def test_listing(bucket, fs):
    for key in ["a/1.txt", "a/2.csv", "a/b/3.txt", "a/b/c/4.txt", "top.txt"]:
        fs.pipe(f"{bucket}/{key}", key.encode())
    assert sorted(fs.ls(bucket)) == [f"{bucket}/a", f"{bucket}/top.txt"]
    assert sorted(fs.ls(f"{bucket}/a/")) == [f"{bucket}/a/1.txt", f"{bucket}/a/2.csv", f"{bucket}/a/b"]
    assert {entry["type"] for entry in fs.ls(f"{bucket}/a", detail=True)} == {"file", "directory"}
    assert sorted(fs.glob(f"{bucket}/**/*.txt")) == [f"{bucket}/a/1.txt", f"{bucket}/a/b/3.txt", f"{bucket}/a/b/c/4.txt", f"{bucket}/top.txt"]
    assert fs.glob(f"{bucket}/a/?.csv") == [f"{bucket}/a/2.csv"] and fs.glob(f"{bucket}/a/[13].txt") == [f"{bucket}/a/1.txt"]
    assert sorted(fs.find(f"{bucket}/a")) == [f"{bucket}/{key}" for key in ["a/1.txt", "a/2.csv", "a/b/3.txt", "a/b/c/4.txt"]]
    assert sorted(fs.find(f"{bucket}/a", maxdepth=1)) == [f"{bucket}/a/1.txt", f"{bucket}/a/2.csv"]
    assert fs.find(bucket, prefix="a/b/c") == [f"{bucket}/a/b/c/4.txt"]
    assert fs.du(bucket) == sum(map(len, ["a/1.txt", "a/2.csv", "a/b/3.txt", "a/b/c/4.txt", "top.txt"]))
    assert [(root.removeprefix(bucket), sorted(folders), sorted(files)) for root, folders, files in fs.walk(bucket)] == [
        ("", ["a"], ["top.txt"]), ("/a", ["b"], ["1.txt", "2.csv"]), ("/a/b", ["c"], ["3.txt"]), ("/a/b/c", [], ["4.txt"])]
    info = fs.info(f"{bucket}/a/1.txt")
    assert (info["type"], info["size"]) == ("file", 7) and len(info["ETag"].strip('"')) == 32
    assert fs.info(f"{bucket}/a")["type"] == "directory" and fs.isdir(f"{bucket}/a/b/") and not fs.isfile(f"{bucket}/a")
    assert fs.exists(f"{bucket}/a/b") and not fs.exists(f"{bucket}/a/bb") and not fs.exists(f"{bucket}/a/1")
    assert bucket in fs.ls("") and fs.modified(f"{bucket}/top.txt").year >= 2024
    assert fs.checksum(f"{bucket}/a/1.txt") != fs.checksum(f"{bucket}/a/2.csv")


def test_reading_and_writing(bucket, fs):
    path = f"{bucket}/bytes"
    fs.pipe(path, bytes(range(200)))
    assert fs.cat(path) == bytes(range(200))
    assert fs.cat_file(path, start=10, end=20) == bytes(range(10, 20)) and fs.cat_file(path, start=-5) == bytes(range(195, 200))
    assert fs.cat_ranges([path] * 3, [0, 50, 199], [1, 60, 200]) == [bytes([0]), bytes(range(50, 60)), bytes([199])]
    assert fs.head(path, 3) == b"\0\1\2" and fs.tail(path, 2) == bytes([198, 199])
    with fs.open(path, "rb", block_size=16) as file:
        file.seek(100)
        assert file.read(7) == bytes(range(100, 107)) and file.seek(-1, io.SEEK_END) == 199 and file.read() == bytes([199])
    with fs.open(path, "ab") as file:
        file.write(b"and more")
    assert fs.cat(path) == bytes(range(200)) + b"and more"
    with fs.open(f"{bucket}/text", "w", encoding="utf-8", newline="") as file:
        file.write("é\r\nü")
    assert fs.read_text(f"{bucket}/text", newline="") == "é\r\nü"
    fs.touch(f"{bucket}/empty")
    assert fs.cat(f"{bucket}/empty") == b"" and fs.size(f"{bucket}/empty") == 0
    with pytest.raises(OSError, match="pre-conditions"):
        fs.pipe_file(path, b"no", mode="create")
    with pytest.raises(OSError, match="pre-conditions"):
        with fs.open(path, "xb") as file:
            file.write(b"no")
    assert fs.cat(path) == bytes(range(200)) + b"and more"


def test_a_file_larger_than_a_block_is_a_multipart_upload(bucket, fs):
    body = os.urandom((12 << 20) + 17)
    path = f"{bucket}/large/file"
    with fs.open(path, "wb", block_size=5 << 20) as file:
        for at in range(0, len(body), 777_777):
            file.write(body[at:at + 777_777])
    info = fs.info(path)
    assert info["size"] == len(body) and "-" in info["ETag"] and fs.cat(path) == body
    with fs.open(path, "ab", block_size=5 << 20) as file:  # the first part is a copy of what is there
        file.write(b"x" * (6 << 20))
    assert fs.cat(path) == body + b"x" * (6 << 20)
    with fs.open(path, "rb", block_size=1 << 20, cache_type="readahead") as file:
        file.seek(11 << 20)
        assert file.read(100) == body[11 << 20:][:100]
    fs.pipe(path, body * 5, chunksize=8 << 20)  # several parts at once
    assert fs.size(path) == 5 * len(body) and fs.cat_file(path, start=len(body) - 1, end=len(body) + 1) == body[-1:] + body[:1]


def test_what_is_not_closed_is_not_there(bucket, fs, s3):
    file = fs.open(f"{bucket}/dropped", "wb", block_size=5 << 20)
    file.write(b"x" * (11 << 20))
    assert len(s3.list_multipart_uploads(Bucket=bucket)["Uploads"]) == 1 and not fs.exists(f"{bucket}/dropped")
    file.discard()
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket) and not fs.exists(f"{bucket}/dropped")
    with fs.transaction:
        with fs.open(f"{bucket}/in one", "wb") as file:
            file.write(b"later")
        assert not fs.exists(f"{bucket}/in one")
    assert fs.cat(f"{bucket}/in one") == b"later"


def test_moving_and_removing(bucket, fs, tmp_path):
    for i in range(5):
        fs.pipe(f"{bucket}/from/{i}/é", bytes([i]))
    fs.cp(f"{bucket}/from/0/é", f"{bucket}/copy")
    assert fs.cat(f"{bucket}/copy") == b"\0"
    fs.cp(f"{bucket}/from/", f"{bucket}/to/", recursive=True)
    assert len(fs.find(f"{bucket}/to")) == 5 and fs.cat(f"{bucket}/to/3/é") == b"\3"
    fs.mv(f"{bucket}/copy", f"{bucket}/moved")  # a folder s3fs cannot move: it would copy its name as a key
    assert not fs.exists(f"{bucket}/copy") and fs.cat(f"{bucket}/moved") == b"\0"
    fs.rm(f"{bucket}/moved")
    assert not fs.exists(f"{bucket}/moved")
    fs.rm(f"{bucket}/to", recursive=True)
    assert not fs.exists(f"{bucket}/to")
    fs.get(f"{bucket}/from", str(tmp_path / "got"), recursive=True)
    assert (tmp_path / "got" / "4" / "é").read_bytes() == b"\4"
    fs.put(str(tmp_path / "got") + "/", f"{bucket}/put/", recursive=True)
    assert len(fs.find(f"{bucket}/put")) == 5
    body = os.urandom(6 << 20)
    fs.pipe(f"{bucket}/six", body)
    fs.copy(f"{bucket}/six", f"{bucket}/copy of six")
    assert fs.cat(f"{bucket}/copy of six") == body


def test_buckets_and_folders(name, fs):
    fs.mkdir(name)
    assert fs.isdir(name) and fs.ls(name) == []
    fs.pipe(f"{name}/folder/", b"")  # the marker that consoles make
    assert fs.isdir(f"{name}/folder") and fs.exists(f"{name}/folder/")
    fs.pipe(f"{name}/folder/in", b"1")
    assert [path for path in fs.find(f"{name}/folder") if not path.endswith("/")] == [f"{name}/folder/in"]
    fs.makedirs(f"{name}/folder/deep", exist_ok=True)
    with pytest.raises(OSError):
        fs.rmdir(name)  # it is not empty
    fs.rm(name, recursive=True)
    assert not fs.exists(name)
    fs.mkdir(name)
    fs.rmdir(name)
    assert not fs.exists(name)


def test_more_objects_than_a_page(bucket, fs):
    fs.pipe({f"{bucket}/many/{i:04}": b"" for i in range(1005)})
    assert len(fs.ls(f"{bucket}/many")) == 1005
    fs.rm(f"{bucket}/many", recursive=True)  # DeleteObjects by thousands
    assert fs.find(f"{bucket}/many") == []


@pytest.mark.parametrize("key", HARD_KEYS, ids=[ascii(key)[:20] for key in HARD_KEYS])
def test_hard_keys(bucket, fs, key):
    path = f"{bucket}/in/{key}"
    fs.pipe_file(path, key.encode())
    assert fs.cat_file(path) == key.encode() and fs.exists(path) and fs.info(path)["size"] == len(key.encode())
    assert fs.find(f"{bucket}/in") == [path]
    fs.cp_file(path, f"{bucket}/out/{key}")
    assert fs.find(f"{bucket}/out") == [f"{bucket}/out/{key}"]
    fs.rm([path])
    assert fs.find(f"{bucket}/in") == []


def test_a_listing_that_is_kept_is_dropped_by_a_write(bucket):
    one, other = s3fs.S3FileSystem(skip_instance_cache=True), s3fs.S3FileSystem(skip_instance_cache=True)
    one.pipe(f"{bucket}/d/a", b"1")
    assert one.ls(f"{bucket}/d") == [f"{bucket}/d/a"]
    other.pipe(f"{bucket}/d/b", b"2")
    assert one.ls(f"{bucket}/d") == [f"{bucket}/d/a"] and len(one.ls(f"{bucket}/d", refresh=True)) == 2
    one.pipe(f"{bucket}/d/c", b"3")
    assert len(one.ls(f"{bucket}/d")) == 3


def test_a_file_that_was_replaced_while_it_is_read(bucket, fs):
    fs.pipe(f"{bucket}/k", b"a" * 1000)
    file = fs.open(f"{bucket}/k", "rb", block_size=10, cache_type="none")
    assert file.read(10) == b"a" * 10
    fs.pipe(f"{bucket}/k", b"b" * 1000)
    with pytest.raises(OSError):  # 412: a mixture of two objects is nobody's
        file.read(10)


def test_metadata_and_tags(bucket, fs):
    with fs.open(f"{bucket}/k", "wb", ContentType="text/x-own", Metadata={"colour": "blue"}) as file:
        file.write(b"1")
    assert fs.metadata(f"{bucket}/k") == {"colour": "blue"} and fs.info(f"{bucket}/k")["ContentType"] == "text/x-own"
    fs.setxattr(f"{bucket}/k", size="small")
    assert fs.getxattr(f"{bucket}/k", "size") == "small" and fs.getxattr(f"{bucket}/k", "colour") == "blue"
    fs.put_tags(f"{bucket}/k", {"a": "1 2"})
    fs.put_tags(f"{bucket}/k", {"b": "é"}, mode="m")
    assert fs.get_tags(f"{bucket}/k") == {"a": "1 2", "b": "é"}
    fs.chmod(f"{bucket}/k", acl="bucket-owner-full-control")
    assert fs.invalidate_cache() is None and fs.cat(f"{bucket}/k") == b"1"


def test_an_address_with_a_signature(bucket, fs):
    import urllib.request

    fs.pipe(f"{bucket}/a b+é", b"signed")
    assert urllib.request.urlopen(fs.sign(f"{bucket}/a b+é", expiration=60), timeout=10).read() == b"signed"


def test_over_https(bucket):
    """There the checksum comes behind the body, in chunks."""
    fs = s3fs.S3FileSystem(endpoint_url=os.environ["AWS_ENDPOINT_URL"].replace("http://", "https://"), skip_instance_cache=True)
    body = os.urandom(6 << 20)
    with fs.open(f"{bucket}/k", "wb", block_size=5 << 20) as file:
        file.write(body)
        file.write(b"and more")
    assert fs.cat(f"{bucket}/k") == body + b"and more"
    fs.pipe_file(f"{bucket}/small", b"1")
    assert fs.cat(f"{bucket}/small") == b"1"


def test_errors(bucket, fs):
    nowhere = bucket + "-not-there"
    for what in [
        lambda: fs.cat(f"{bucket}/nothing"), lambda: fs.info(f"{bucket}/nothing"), lambda: fs.open(f"{bucket}/nothing", "rb"),
        lambda: fs.ls(f"{bucket}/nothing"), lambda: fs.cp(f"{bucket}/nothing", f"{bucket}/x"),
        lambda: fs.ls(nowhere), lambda: fs.cat(f"{nowhere}/k"), lambda: fs.pipe(f"{nowhere}/k", b"1"),
        lambda: pandas.read_parquet(f"s3://{bucket}/nothing.parquet"), lambda: pandas.read_csv(f"s3://{nowhere}/nothing.csv"),
    ]:
        with pytest.raises(FileNotFoundError):
            what()
    fs.pipe(f"{bucket}/k", b"12345")
    assert fs.cat_file(f"{bucket}/k", start=2, end=100) == b"345"
    wrong = s3fs.S3FileSystem(key=os.environ["AWS_ACCESS_KEY_ID"], secret="wrong", skip_instance_cache=True)
    with pytest.raises(PermissionError):
        wrong.cat(f"{bucket}/k")
    with pytest.raises(PermissionError):
        s3fs.S3FileSystem(anon=True, skip_instance_cache=True).cat(f"{bucket}/k")


def test_many_at_once(bucket):
    async def all_of_it():
        fs = s3fs.S3FileSystem(asynchronous=True, skip_instance_cache=True)
        session = await fs.set_session()
        try:
            await asyncio.gather(*(fs._pipe_file(f"{bucket}/{i}", bytes([i])) for i in range(100)))
            return await asyncio.gather(*(fs._cat_file(f"{bucket}/{i}") for i in range(100)))
        finally:
            await session.close()

    assert asyncio.run(all_of_it()) == [bytes([i]) for i in range(100)]
