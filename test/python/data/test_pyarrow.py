"""pyarrow: its own S3 client, of the AWS SDK for C++, and its datasets over a group's folder."""

import datetime
import os

import pyarrow
import pyarrow.csv
import pyarrow.dataset
import pyarrow.fs
import pyarrow.parquet
import pytest

HIVE = pyarrow.dataset.partitioning(
    pyarrow.schema([("year", pyarrow.string()), ("month", pyarrow.string()), ("day", pyarrow.string()), ("hour", pyarrow.string())]), flavor="hive")


def connect(endpoint, **more):
    options = dict(access_key=os.environ["AWS_ACCESS_KEY_ID"], secret_key=os.environ["AWS_SECRET_ACCESS_KEY"], region="us-east-1",
                   endpoint_override=endpoint, scheme="http")
    return pyarrow.fs.S3FileSystem(**options | more)


@pytest.fixture
def fs(endpoint):
    return connect(endpoint)


def contents(fs, path):
    with fs.open_input_stream(path) as stream:
        return stream.read()


def put(fs, path, body):
    with fs.open_output_stream(path) as stream:
        stream.write(body)


def test_a_group_as_a_dataset(fs, flushed):
    group, folder, ids = flushed
    data = pyarrow.dataset.dataset(folder, filesystem=fs, format="parquet", partitioning=HIVE)
    assert data.schema.names == ["id", "at", "n", "x", "words", "write_time", "api_invocation_time", "is_deleted", "year", "month", "day", "hour"]
    types = {name: str(data.schema.field(name).type) for name in ["id", "n", "x", "write_time", "api_invocation_time", "is_deleted"]}
    assert (types["id"], types["n"], types["x"], types["is_deleted"]) == ("string", "int64", "double", "bool")
    assert types["write_time"].startswith("timestamp[") and types["api_invocation_time"].startswith("timestamp[")
    table = data.to_table()
    rows = {row["id"]: row for row in table.to_pylist() if not row["is_deleted"]}
    assert table.num_rows == 41 and sorted(rows) == sorted(ids)
    assert rows[ids[1]]["n"] == 1 and rows[ids[1]]["x"] == 0.25 and rows[ids[1]]["words"] == 'word 1, "é"' and rows[ids[5]]["n"] is None
    for row in table.to_pylist():
        at = row["at"]
        assert (row["year"], row["month"], row["day"], row["hour"]) == (at[:4], at[5:7], at[8:10], at[11:13])
    deleted = data.to_table(filter=pyarrow.dataset.field("is_deleted")).to_pylist()
    assert [(row["id"], row["month"], row["n"]) for row in deleted] == [(ids[0], "02", None)]


def test_projection_and_filters_read_less(fs, flushed):
    group, folder, ids = flushed
    data = pyarrow.dataset.dataset(folder, filesystem=fs, format="parquet", partitioning=HIVE)
    field = pyarrow.dataset.field
    january = (field("year") == "2024") & (field("month") == "01")
    assert all("/month=01/" in fragment.path for fragment in data.get_fragments(filter=january))
    got = data.to_table(columns=["id", "n"], filter=january & (field("n") > 17))
    assert got.schema.names == ["id", "n"] and got.column("n").to_pylist() == [18, 19]
    assert data.count_rows(filter=field("n").is_null()) == 9
    assert data.head(3).num_rows == 3
    assert sum(batch.num_rows for batch in data.to_batches(batch_size=7)) == 41
    as_read = pyarrow.parquet.read_table(folder, filesystem=fs, columns=["id"], filters=[("month", "=", 1)])
    assert sorted(as_read.column("id").to_pylist()) == sorted(ids[:20])


def test_an_address_in_place_of_a_file_system(flushed):
    """With an address the environment's endpoint is honoured."""
    group, folder, ids = flushed
    fs, path = pyarrow.fs.FileSystem.from_uri(f"s3://{folder}?scheme=http&endpoint_override={os.environ['AWS_ENDPOINT_URL'].removeprefix('http://')}")
    assert path == folder and len(pyarrow.dataset.dataset(path, filesystem=fs, partitioning=HIVE).to_table()) == 41
    assert pyarrow.parquet.read_table(f"s3://{folder}").num_rows == 41


def test_a_dataset_is_written_and_read(bucket, fs):
    day = datetime.date(2024, 1, 1)
    table = pyarrow.table({"k": [f"k {i % 3}/é" for i in range(300)], "n": list(range(300)), "day": [day] * 300})
    pyarrow.dataset.write_dataset(table, f"{bucket}/set", filesystem=fs, format="parquet", partitioning=["k"], partitioning_flavor="hive",
                                  max_rows_per_file=50, max_rows_per_group=50)
    data = pyarrow.dataset.dataset(f"{bucket}/set", filesystem=fs, partitioning="hive")
    assert len(data.files) == 6 and data.to_table().sort_by("n").select(["k", "n", "day"]) == table
    pyarrow.dataset.write_dataset(table.slice(0, 3), f"{bucket}/set", filesystem=fs, format="parquet", partitioning=["k"], partitioning_flavor="hive",
                                  existing_data_behavior="delete_matching")
    assert pyarrow.dataset.dataset(f"{bucket}/set", filesystem=fs, partitioning="hive").to_table().sort_by("n").column("n").to_pylist() == [0, 1, 2]
    with pytest.raises(pyarrow.ArrowInvalid):
        pyarrow.dataset.write_dataset(table, f"{bucket}/set", filesystem=fs, format="parquet")  # what is there stays
    pyarrow.dataset.write_dataset(table.drop(["day"]), f"{bucket}/csv", filesystem=fs, format="csv")
    assert pyarrow.dataset.dataset(f"{bucket}/csv", filesystem=fs, format="csv").to_table().num_rows == 300


@pytest.mark.parametrize("background", [True, False])
def test_a_large_stream_is_a_multipart_upload(bucket, endpoint, background):
    fs = connect(endpoint, background_writes=background)
    body = os.urandom(1 << 20)
    with fs.open_output_stream(f"{bucket}/large", metadata={"Content-Type": "text/x-own", "colour": "blue"}, buffer_size=1 << 16) as stream:
        for _ in range(27):
            stream.write(body)
    assert fs.get_file_info(f"{bucket}/large").size == 27 << 20
    with fs.open_input_file(f"{bucket}/large") as file:
        assert file.size() == 27 << 20 and file.read_at(10, (13 << 20) - 5) == body[-5:] + body[:5]
        file.seek(26 << 20)
        assert file.read() == body
    with fs.open_input_stream(f"{bucket}/large") as stream:
        assert stream.metadata()["Content-Type"] == b"text/x-own"


def test_the_checksum_that_arrow_sends_is_kept(bucket, endpoint, s3):
    """Its SDK sends CRC64NVME after the body, in chunks; with a delayed open a small file is one PutObject."""
    put(connect(endpoint, allow_delayed_open=True), f"{bucket}/k", b"xxxxx")
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert (head["ChecksumCRC64NVME"], head["ChecksumType"], "-" in head["ETag"]) == ("Zc3lL3sNSd4=", "FULL_OBJECT", False)


def test_files(bucket, fs):
    put(fs, f"{bucket}/a/b/c é+%20&.txt", b"1")
    put(fs, f"{bucket}/a/d", b"22")
    fs.copy_file(f"{bucket}/a/b/c é+%20&.txt", f"{bucket}/copy é+%20&")
    assert contents(fs, f"{bucket}/copy é+%20&") == b"1"
    fs.move(f"{bucket}/copy é+%20&", f"{bucket}/moved")
    assert contents(fs, f"{bucket}/moved") == b"1" and fs.get_file_info(f"{bucket}/copy é+%20&").type == pyarrow.fs.FileType.NotFound
    kinds = {info.path.removeprefix(bucket + "/"): (info.type.name, info.size) for info in
             fs.get_file_info(pyarrow.fs.FileSelector(bucket, recursive=True))}
    assert kinds == {"a": ("Directory", None), "a/b": ("Directory", None), "a/b/c é+%20&.txt": ("File", 1), "a/d": ("File", 2), "moved": ("File", 1)}
    flat = [info.path for info in fs.get_file_info(pyarrow.fs.FileSelector(f"{bucket}/a"))]
    assert sorted(flat) == [f"{bucket}/a/b", f"{bucket}/a/d"]
    assert fs.get_file_info(pyarrow.fs.FileSelector(f"{bucket}/nothing", allow_not_found=True)) == []
    with pytest.raises(FileNotFoundError):
        fs.get_file_info(pyarrow.fs.FileSelector(f"{bucket}/nothing"))
    types = [info.type.name for info in fs.get_file_info([bucket, f"{bucket}/a", f"{bucket}/a/d", f"{bucket}/a/", f"{bucket}/x", f"{bucket}-x/y"])]
    assert types == ["Directory", "Directory", "File", "Directory", "NotFound", "NotFound"]
    fs.delete_file(f"{bucket}/moved")
    with pytest.raises(FileNotFoundError):
        fs.open_input_file(f"{bucket}/moved")
    with pytest.raises(FileNotFoundError):
        fs.open_input_stream(f"{bucket}-x/y")
    with pytest.raises(OSError):
        put(fs, f"{bucket}-x/y", b"1")


def test_folders(bucket, fs):
    fs.create_dir(f"{bucket}/made/deep", recursive=True)
    assert fs.get_file_info(f"{bucket}/made/deep").type == pyarrow.fs.FileType.Directory
    for i in range(5):
        put(fs, f"{bucket}/made/deep/{i}", b"1")
    fs.delete_dir_contents(f"{bucket}/made")
    assert fs.get_file_info(pyarrow.fs.FileSelector(f"{bucket}/made", recursive=True)) == []
    assert fs.get_file_info(f"{bucket}/made").type == pyarrow.fs.FileType.Directory
    put(fs, f"{bucket}/made/again", b"1")
    fs.delete_dir(f"{bucket}/made")
    assert fs.get_file_info(f"{bucket}/made").type == pyarrow.fs.FileType.NotFound


def test_buckets(name, fs, endpoint):
    with pytest.raises(OSError):
        fs.create_dir(name)  # unless it may
    may = connect(endpoint, allow_bucket_creation=True, allow_bucket_deletion=True)
    may.create_dir(f"{name}/folder", recursive=True)
    assert name in [info.path for info in may.get_file_info(pyarrow.fs.FileSelector("", recursive=False))]
    put(may, f"{name}/folder/k", b"1")
    with pytest.raises(OSError):
        fs.delete_dir(name)
    may.delete_dir(name)
    assert may.get_file_info(name).type == pyarrow.fs.FileType.NotFound


def test_host_style(bucket, endpoint):
    """bucket.localhost:port"""
    fs = connect(endpoint.replace("127.0.0.1", "localhost"), force_virtual_addressing=True)
    put(fs, f"{bucket}/a b/é", b"1")
    assert contents(fs, f"{bucket}/a b/é") == b"1"
    assert [info.path for info in fs.get_file_info(pyarrow.fs.FileSelector(f"{bucket}/a b"))] == [f"{bucket}/a b/é"]


def test_a_stranger_is_refused(bucket, endpoint):
    with pytest.raises(OSError, match="(?i)access|signature"):
        contents(connect(endpoint, secret_key="wrong"), f"{bucket}/k")
    with pytest.raises(OSError, match="(?i)access|anonymous"):
        put(pyarrow.fs.S3FileSystem(anonymous=True, endpoint_override=endpoint, scheme="http", region="us-east-1"), f"{bucket}/k", b"1")


def test_over_https(bucket, endpoint):
    fs = connect(endpoint, scheme="https", tls_ca_file_path=os.environ["AWS_CA_BUNDLE"])
    with fs.open_output_stream(f"{bucket}/k") as stream:
        for _ in range(6):
            stream.write(b"x" * (2 << 20))
    assert fs.get_file_info(f"{bucket}/k").size == 12 << 20 and contents(fs, f"{bucket}/k") == b"x" * (12 << 20)
