"""boto3's transfer managers: the one in Python, with parts side by side in threads, and that of the AWS CRT."""

import base64
import binascii
import concurrent.futures
import hashlib
import io
import os
import threading

import boto3
import botocore.config
import botocore.exceptions
import botocore.session
import pytest
import s3transfer.crt
from awscrt import checksums
from boto3.s3.transfer import TransferConfig
from s3transfer.manager import TransferManager
from s3transfer.subscribers import BaseSubscriber

MB = 1 << 20
PARALLEL = TransferConfig(multipart_threshold=5 * MB, multipart_chunksize=5 * MB, max_concurrency=10)


def big_endian(number, size):
    return base64.b64encode(number.to_bytes(size, "big")).decode()


CHECKSUMS = {
    "CRC32": lambda body: big_endian(binascii.crc32(body), 4),
    "CRC32C": lambda body: big_endian(checksums.crc32c(body), 4),
    "CRC64NVME": lambda body: big_endian(checksums.crc64nvme(body), 8),
    "SHA1": lambda body: base64.b64encode(hashlib.sha1(body).digest()).decode(),
    "SHA256": lambda body: base64.b64encode(hashlib.sha256(body).digest()).decode(),
}


@pytest.fixture
def once():
    """A client that does not try again: a wrong checksum would be wrong again."""
    return boto3.client("s3", config=botocore.config.Config(retries={"total_max_attempts": 1}))


def code(error):
    return error.value.response["Error"]["Code"]


def uploads(s3, bucket):
    return s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])


class Stream(io.RawIOBase):
    """What can be read once and neither told its length nor sought, as a pipe."""

    def __init__(self, body):
        self.body = io.BytesIO(body)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self.body.readinto(memoryview(buffer)[:100_001])


def test_files_go_up_and_down(bucket, s3, tmp_path):
    body = os.urandom(67 * MB + 1)
    (tmp_path / "up").write_bytes(body)
    seen, lock = [], threading.Lock()

    def progress(n):
        with lock:
            seen.append(n)

    s3.upload_file(str(tmp_path / "up"), bucket, "large", Config=PARALLEL, Callback=progress,
                   ExtraArgs={"Metadata": {"colour": "blue"}, "ContentType": "text/x-own", "Tagging": "a=b%20c"})
    assert sum(seen) == len(body)
    head = s3.head_object(Bucket=bucket, Key="large", PartNumber=1)
    assert (head["PartsCount"], head["ContentLength"], head["Metadata"], head["ContentType"]) == (14, 5 * MB, {"colour": "blue"}, "text/x-own")
    assert s3.get_object_tagging(Bucket=bucket, Key="large")["TagSet"] == [{"Key": "a", "Value": "b c"}]
    seen.clear()
    s3.download_file(bucket, "large", str(tmp_path / "down"), Config=PARALLEL, Callback=progress)
    assert (tmp_path / "down").read_bytes() == body and sum(seen) == len(body) and uploads(s3, bucket) == []
    other = bucket + "-other"
    s3.create_bucket(Bucket=other)
    s3.copy({"Bucket": bucket, "Key": "large"}, other, "copied/é", Config=PARALLEL)  # 14 UploadPartCopy
    whole = s3.get_object(Bucket=other, Key="copied/é")
    assert whole["Body"].read() == body and whole["ETag"].endswith('-14"') and whole["ContentType"] == "text/x-own"


@pytest.mark.parametrize("size", [0, 3, 5 * MB, 17 * MB + 3])
def test_streams_that_cannot_be_sought(bucket, s3, size):
    body = os.urandom(size)
    s3.upload_fileobj(Stream(body), bucket, "k", Config=PARALLEL)
    back = io.BytesIO()
    s3.download_fileobj(bucket, "k", back, Config=PARALLEL)
    assert back.getvalue() == body


def test_an_upload_that_is_given_up_leaves_nothing(bucket, s3):
    class Stop(Exception):
        pass

    class Breaks(Stream):
        def readinto(self, buffer):
            if self.body.tell() > 20 * MB:
                raise Stop
            return super().readinto(buffer)

    with pytest.raises(Stop):
        s3.upload_fileobj(Breaks(bytes(40 * MB)), bucket, "broken", Config=PARALLEL)
    started = threading.Event()

    class Signals(BaseSubscriber):
        def on_progress(self, bytes_transferred, **more):
            started.set()

    with TransferManager(s3, PARALLEL) as manager:
        future = manager.upload(io.BytesIO(bytes(64 * MB)), bucket, "cancelled", subscribers=[Signals()])
        assert started.wait(30)
        future.cancel()
        with pytest.raises(Exception):
            future.result()
    assert uploads(s3, bucket) == [] and "Contents" not in s3.list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize("algorithm", CHECKSUMS)
def test_checksums_of_one_put(bucket, s3, once, algorithm):
    body, right, member = b"some bytes", CHECKSUMS[algorithm](b"some bytes"), "Checksum" + algorithm
    assert s3.put_object(Bucket=bucket, Key="computed", Body=body, ChecksumAlgorithm=algorithm)[member] == right
    assert s3.put_object(Bucket=bucket, Key="given", Body=body, **{member: right})[member] == right
    for key in ["computed", "given"]:
        got = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")  # botocore holds the body against it
        assert (got["Body"].read(), got[member], got["ChecksumType"]) == (body, right, "FULL_OBJECT")
        attributes = s3.get_object_attributes(Bucket=bucket, Key=key, ObjectAttributes=["Checksum", "ObjectSize"])
        assert attributes["Checksum"][member] == right and attributes["ObjectSize"] == len(body)
    with pytest.raises(botocore.exceptions.ClientError) as error:
        once.put_object(Bucket=bucket, Key="wrong", Body=body, **{member: CHECKSUMS[algorithm](b"other bytes")})
    assert code(error) == "BadDigest" and algorithm.lower() in str(error.value).lower()
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 2


@pytest.mark.parametrize("algorithm", CHECKSUMS)
def test_checksums_of_parts(bucket, s3, algorithm):
    body = os.urandom(11 * MB)
    s3.upload_fileobj(io.BytesIO(body), bucket, "k", Config=PARALLEL, ExtraArgs={"ChecksumAlgorithm": algorithm})
    member, compute = "Checksum" + algorithm, CHECKSUMS[algorithm]
    got = s3.get_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert got["Body"].read() == body
    if algorithm == "CRC64NVME":  # the one that AWS never makes of parts
        assert (got["ChecksumType"], got[member]) == ("FULL_OBJECT", compute(body))
    else:
        parts = [base64.b64decode(compute(body[at:at + 5 * MB])) for at in range(0, len(body), 5 * MB)]
        assert (got["ChecksumType"], got[member]) == ("COMPOSITE", compute(b"".join(parts)) + "-3")
    back = io.BytesIO()
    s3.download_fileobj(bucket, "k", back, Config=PARALLEL)
    assert back.getvalue() == body


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME"])
def test_a_checksum_of_the_whole_is_held_against_the_parts(bucket, s3, once, algorithm):
    body = os.urandom(11 * MB)
    member, compute = "Checksum" + algorithm, CHECKSUMS[algorithm]
    s3.upload_fileobj(io.BytesIO(body), bucket, "k", Config=PARALLEL, ExtraArgs={member: compute(body)})
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert (head[member], head["ChecksumType"]) == (compute(body), "FULL_OBJECT")
    with pytest.raises(botocore.exceptions.ClientError) as error:
        once.upload_fileobj(io.BytesIO(body), bucket, "wrong", Config=PARALLEL, ExtraArgs={member: compute(b"other")})
    assert code(error) == "BadDigest" and [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["k"]
    assert uploads(s3, bucket) == []


def test_clients_that_write_one_key_at_once(bucket):
    """The object is one of those that were put, whole, at every look; in the end it is one of the last."""
    bodies = [bytes([i]) * (6 * MB + i) for i in range(8)]
    digests = {hashlib.md5(body).digest() for body in bodies}
    done = threading.Event()

    def write(body):
        s3 = boto3.client("s3")
        for turn in range(3):
            if turn % 2:
                s3.put_object(Bucket=bucket, Key="k", Body=body)
            else:
                s3.upload_fileobj(io.BytesIO(body), bucket, "k", Config=PARALLEL)

    def read():
        s3, looks = boto3.client("s3"), 0
        while not done.is_set():
            try:
                got = s3.get_object(Bucket=bucket, Key="k")
            except s3.exceptions.NoSuchKey:
                assert looks == 0
                continue
            looks += 1
            assert hashlib.md5(got["Body"].read()).digest() in digests
        return looks

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        writers = [pool.submit(write, body) for body in bodies]
        concurrent.futures.wait(writers)
        done.set()
        for future in writers:
            future.result()
        assert sum(reader.result() for reader in readers) > 0
    s3 = boto3.client("s3")
    assert hashlib.md5(s3.get_object(Bucket=bucket, Key="k")["Body"].read()).digest() in digests
    assert uploads(s3, bucket) == []
    s3.put_object(Bucket=bucket, Key="k", Body=b"after all")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"after all"


def test_only_one_of_many_creates_a_key(bucket):
    def create(i):
        try:
            boto3.client("s3").put_object(Bucket=bucket, Key="lock", Body=str(i).encode(), IfNoneMatch="*")
            return i
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] in ("PreconditionFailed", "ConditionalRequestConflict"), error

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        won = [i for i in pool.map(create, range(16)) if i is not None]
    assert len(won) == 1 and boto3.client("s3").get_object(Bucket=bucket, Key="lock")["Body"].read() == str(won[0]).encode()


def test_parts_outlive_the_server(own_server):
    server = own_server()
    s3 = server.client("s3")
    s3.create_bucket(Bucket="parts")
    upload = s3.create_multipart_upload(Bucket="parts", Key="k", ChecksumAlgorithm="CRC32C")["UploadId"]
    bodies = [os.urandom(5 * MB) for _ in range(4)] + [b"the last"]
    where = dict(Bucket="parts", Key="k", UploadId=upload)

    def send(number):
        s3.upload_part(**where, PartNumber=number, Body=bodies[number - 1], ChecksumAlgorithm="CRC32C")

    for number in [5, 1, 3]:
        send(number)
    server.kill()
    server.start()
    s3 = server.client("s3")
    assert [u["UploadId"] for u in uploads(s3, "parts")] == [upload]
    there = s3.list_parts(**where)["Parts"]
    assert [(p["PartNumber"], p["Size"]) for p in there] == [(1, 5 * MB), (3, 5 * MB), (5, 8)]
    assert all(p["ChecksumCRC32C"] == CHECKSUMS["CRC32C"](bodies[p["PartNumber"] - 1]) for p in there)
    for number in [2, 4]:
        send(number)
    parts = [{name: part[name] for name in ["PartNumber", "ETag", "ChecksumCRC32C"]} for part in s3.list_parts(**where)["Parts"]]
    s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})
    server.kill()
    server.start()
    assert server.client("s3").get_object(Bucket="parts", Key="k")["Body"].read() == b"".join(bodies)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_manager_of_the_crt(bucket, s3, tmp_path, scheme):
    """Another S3 client altogether, in C, by which the AWS CLI 2 can be told to transfer."""
    session = botocore.session.Session()
    endpoint = os.environ["AWS_ENDPOINT_URL"].replace("http://", f"{scheme}://")
    keys = s3transfer.crt.BotocoreCRTCredentialsWrapper(session.get_credentials())
    client = s3transfer.crt.create_s3_crt_client(
        "us-east-1", keys.to_crt_credentials_provider(), part_size=5 * MB, use_ssl=scheme == "https",
        verify=os.environ["AWS_CA_BUNDLE"] if scheme == "https" else None)
    serializer = s3transfer.crt.BotocoreCRTRequestSerializer(session, {"region_name": "us-east-1", "endpoint_url": endpoint})
    manager = lambda: s3transfer.crt.CRTTransferManager(client, serializer)
    bodies = {f"a b/é+{size}": os.urandom(size) for size in [0, 5, 33 * MB + 1]}
    for i, (key, body) in enumerate(bodies.items()):
        (tmp_path / "up").write_bytes(body)
        with manager() as crt:
            crt.upload(str(tmp_path / "up"), bucket, key, extra_args={"ChecksumAlgorithm": "CRC64NVME"}).result()
        got = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        assert got["Body"].read() == body and got["ChecksumCRC64NVME"] == CHECKSUMS["CRC64NVME"](body)
        assert ("-" in got["ETag"]) == (len(body) > 5 * MB)
        with manager() as crt:
            crt.download(bucket, key, str(tmp_path / str(i)))  # the file is there when the manager has ended
        assert (tmp_path / str(i)).read_bytes() == body
    with manager() as crt:
        with pytest.raises(botocore.exceptions.ClientError, match="NoSuchKey|404"):
            crt.download(bucket, "nothing", str(tmp_path / "none")).result()
        crt.delete(bucket, key).result()
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 2
