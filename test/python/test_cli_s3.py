"""The AWS CLI on buckets: s3 as a file manager, s3api operation by operation."""

import base64
import hashlib
import json
import os
import urllib.request
import uuid

import pytest

from awscommand import aws, refused, run

MB = 1 << 20


@pytest.fixture
def bucket():
    name = f"cli-{uuid.uuid4().hex}"
    aws("s3", "mb", f"s3://{name}")
    return name


def keys(bucket, prefix=""):
    return aws("s3api", "list-objects-v2", "--bucket", bucket, "--prefix", prefix, "--query", "Contents[].Key")


def tree(root, **files):
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (1.7e9, 1.7e9))  # older than any object: buckets tell whole seconds


def test_copying_moving_and_listing(bucket, tmp_path):
    s3 = f"s3://{bucket}"
    (tmp_path / "a b+é&%.txt").write_text("1")
    aws("s3", "cp", tmp_path / "a b+é&%.txt", f"{s3}/in/", "--metadata", "colour=blue", "--content-type", "text/x-own", "--only-show-errors")
    aws("s3", "cp", "-", f"{s3}/piped", stdin=b"from a pipe")
    assert run("s3", "cp", f"{s3}/piped", "-")[:2] == (0, b"from a pipe")
    aws("s3", "cp", f"{s3}/in/a b+é&%.txt", f"{s3}/out/copy é")
    aws("s3", "mv", f"{s3}/out/copy é", f"{s3}/moved")
    head = aws("s3api", "head-object", "--bucket", bucket, "--key", "moved")
    assert (head["ContentLength"], head["Metadata"], head["ContentType"]) == (1, {"colour": "blue"}, "text/x-own")
    listed = [line.split(maxsplit=3)[-1] if "PRE" not in line else line.strip() for line in aws("s3", "ls", f"{s3}/")]
    assert listed == ["PRE in/", "moved", "piped"]
    total = aws("s3", "ls", f"{s3}/", "--recursive", "--summarize")
    assert any(line.endswith("in/a b+é&%.txt") for line in total) and total[-2:] == ["Total Objects: 3", "   Total Size: 13"]
    assert any(line.endswith(f" {bucket}") for line in aws("s3", "ls"))
    aws("s3", "rm", f"{s3}/piped")
    assert "(404)" in refused("s3", "cp", f"{s3}/piped", "-") and run("s3", "ls", f"{s3}/piped")[0] == 1
    assert "NoSuchBucket" in refused("s3", "ls", f"{s3}-x") and "BucketNotEmpty" in refused("s3", "rb", s3)
    aws("s3", "rb", s3, "--force")
    assert "NoSuchBucket" in refused("s3", "ls", s3)


def test_large_files(bucket, tmp_path):
    body = os.urandom(21 * MB + 1)
    (tmp_path / "up").write_bytes(body)
    aws("s3", "cp", tmp_path / "up", f"s3://{bucket}/large", "--checksum-algorithm", "CRC32", "--quiet")
    aws("s3", "cp", f"s3://{bucket}/large", f"s3://{bucket}/copy", "--quiet")
    aws("s3", "cp", f"s3://{bucket}/copy", tmp_path / "down", "--checksum-mode", "ENABLED", "--quiet")
    assert (tmp_path / "down").read_bytes() == body
    assert aws("s3api", "head-object", "--bucket", bucket, "--key", "copy", "--part-number", "1")["PartsCount"] == 3


def test_synchronising(bucket, tmp_path):
    here, s3 = tmp_path / "here", f"s3://{bucket}/there"
    tree(here, a_txt="1", b_log="2", deep__c_txt="3", deep__d_log="4")
    done = aws("s3", "sync", here, s3, "--exclude", "*.log", "--no-progress")
    assert sorted(line.split()[0] for line in done) == ["upload:"] * 2 and keys(bucket) == ["there/a.txt", "there/deep/c.txt"]
    assert aws("s3", "sync", here, s3, "--exclude", "*", "--include", "*.txt") == []  # nothing has changed
    aws("s3", "sync", here, s3)
    (here / "a.txt").write_text("longer")
    (here / "deep" / "d.log").unlink()
    would = aws("s3", "sync", here, s3, "--delete", "--dryrun")
    assert sorted(line.split()[1] for line in would) == ["delete:", "upload:"]
    aws("s3", "sync", here, s3, "--delete")
    assert keys(bucket) == ["there/a.txt", "there/b.log", "there/deep/c.txt"]
    aws("s3", "sync", s3, tmp_path / "back")
    assert {path.name: path.read_text() for path in (tmp_path / "back").rglob("*") if path.is_file()} == {"a.txt": "longer", "b.log": "2", "c.txt": "3"}
    assert aws("s3", "sync", s3, tmp_path / "back") == []  # by the times and sizes that it was told
    aws("s3", "sync", s3, f"s3://{bucket}/other", "--size-only")
    aws("s3", "rm", s3, "--recursive", "--exclude", "*.log")
    assert keys(bucket) == ["other/a.txt", "other/b.log", "other/deep/c.txt", "there/b.log"]
    aws("s3", "mv", f"s3://{bucket}/other", f"s3://{bucket}/last", "--recursive")
    assert keys(bucket) == ["last/a.txt", "last/b.log", "last/deep/c.txt", "there/b.log"]


def test_signed_addresses(bucket):
    aws("s3", "cp", "-", f"s3://{bucket}/a b/é+", stdin=b"shared")
    (url,) = aws("s3", "presign", f"s3://{bucket}/a b/é+", "--expires-in", "60")
    assert urllib.request.urlopen(url, timeout=10).read() == b"shared"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(url.replace("/a%20b/", "/a%20c/"), timeout=10)


def test_objects_by_operation(bucket, tmp_path):
    at = ("--bucket", bucket, "--key", "k")
    (tmp_path / "body").write_bytes(b"12345")
    put = aws("s3api", "put-object", *at, "--body", tmp_path / "body", "--checksum-algorithm", "SHA256", "--tagging", "a=1&b=x%20y")
    right = base64.b64encode(hashlib.sha256(b"12345").digest()).decode()
    assert put["ChecksumSHA256"] == right and json.loads(put["ETag"]) == hashlib.md5(b"12345").hexdigest()
    got = aws("s3api", "get-object", *at, "--range", "bytes=1-3", tmp_path / "part")
    assert (tmp_path / "part").read_bytes() == b"234" and got["ContentRange"] == "bytes 1-3/5" and got["TagCount"] == 2
    attributes = aws("s3api", "get-object-attributes", *at, "--object-attributes", "ETag", "Checksum", "ObjectSize", "StorageClass")
    assert attributes["ObjectSize"] == 5 and attributes["Checksum"]["ChecksumSHA256"] == right
    assert aws("s3api", "get-object-tagging", *at)["TagSet"] == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "x y"}]
    aws("s3api", "put-object-tagging", *at, "--tagging", "TagSet=[{Key=c,Value=é}]")
    assert aws("s3api", "get-object-tagging", *at)["TagSet"] == [{"Key": "c", "Value": "é"}]
    aws("s3api", "delete-object-tagging", *at)
    assert aws("s3api", "get-object-tagging", *at)["TagSet"] == []
    copied = aws("s3api", "copy-object", "--bucket", bucket, "--key", "copy", "--copy-source", f"{bucket}/k", "--copy-source-if-match", put["ETag"])
    assert copied["CopyObjectResult"]["ETag"] == put["ETag"]
    gone = aws("s3api", "delete-objects", "--bucket", bucket, "--delete", json.dumps({"Objects": [{"Key": "k"}, {"Key": "never there"}]}))
    assert sorted(o["Key"] for o in gone["Deleted"]) == ["k", "never there"] and keys(bucket) == ["copy"]
    assert "(404)" in refused("s3api", "head-object", *at) and "(NoSuchKey)" in refused("s3api", "get-object", *at, tmp_path / "none")


def test_conditional_writes_and_reads(bucket, tmp_path):
    at = ("--bucket", bucket, "--key", "k")
    (tmp_path / "body").write_bytes(b"first")
    tag = aws("s3api", "put-object", *at, "--body", tmp_path / "body", "--if-none-match", "*")["ETag"]
    assert "(PreconditionFailed)" in refused("s3api", "put-object", *at, "--body", tmp_path / "body", "--if-none-match", "*")
    (tmp_path / "body").write_bytes(b"second")
    newer = aws("s3api", "put-object", *at, "--body", tmp_path / "body", "--if-match", tag)["ETag"]
    assert "(PreconditionFailed)" in refused("s3api", "put-object", *at, "--body", tmp_path / "body", "--if-match", tag)
    assert "(PreconditionFailed)" in refused("s3api", "get-object", *at, "--if-match", tag, tmp_path / "none")
    assert "(304)" in refused("s3api", "get-object", *at, "--if-none-match", newer, tmp_path / "none")
    assert "(PreconditionFailed)" in refused("s3api", "delete-object", *at, "--if-match", tag)
    assert aws("s3api", "get-object", *at, tmp_path / "got")["ETag"] == newer and (tmp_path / "got").read_bytes() == b"second"


def test_multipart_by_hand(bucket, tmp_path):
    at = ("--bucket", bucket, "--key", "k")
    bodies = [os.urandom(5 * MB), b"the end"]
    upload = ("--upload-id", aws("s3api", "create-multipart-upload", *at, "--checksum-algorithm", "CRC64NVME", "--checksum-type", "FULL_OBJECT")["UploadId"])
    parts = []
    for number, body in [(2, bodies[1]), (1, bodies[0])]:
        (tmp_path / "part").write_bytes(body)
        part = aws("s3api", "upload-part", *at, *upload, "--part-number", number, "--body", tmp_path / "part", "--checksum-algorithm", "CRC64NVME")
        parts.insert(0, {"PartNumber": number, "ETag": part["ETag"], "ChecksumCRC64NVME": part["ChecksumCRC64NVME"]})
    assert [p["Size"] for p in aws("s3api", "list-parts", *at, *upload)["Parts"]] == [5 * MB, 7]
    assert [u["Key"] for u in aws("s3api", "list-multipart-uploads", "--bucket", bucket)["Uploads"]] == ["k"]
    wrong = [parts[0] | {"ETag": parts[1]["ETag"]}, parts[1]]
    assert "(InvalidPart)" in refused("s3api", "complete-multipart-upload", *at, *upload, "--multipart-upload", json.dumps({"Parts": wrong}))
    assert "(InvalidPartOrder)" in refused("s3api", "complete-multipart-upload", *at, *upload, "--multipart-upload", json.dumps({"Parts": parts[::-1]}))
    whole = aws("s3api", "complete-multipart-upload", *at, *upload, "--multipart-upload", json.dumps({"Parts": parts}))
    assert whole["ETag"].endswith('-2"') and whole["ChecksumType"] == "FULL_OBJECT"
    aws("s3api", "get-object", *at, tmp_path / "got", "--checksum-mode", "ENABLED")
    assert (tmp_path / "got").read_bytes() == b"".join(bodies)
    given_up = aws("s3api", "create-multipart-upload", "--bucket", bucket, "--key", "other")["UploadId"]
    aws("s3api", "abort-multipart-upload", "--bucket", bucket, "--key", "other", "--upload-id", given_up)
    assert "(NoSuchUpload)" in refused("s3api", "list-parts", "--bucket", bucket, "--key", "other", "--upload-id", given_up)
    copied = ("--upload-id", aws("s3api", "create-multipart-upload", "--bucket", bucket, "--key", "of copies")["UploadId"])
    where = ("--bucket", bucket, "--key", "of copies", *copied)
    tag = aws("s3api", "upload-part-copy", *where, "--part-number", "1", "--copy-source", f"{bucket}/k", "--copy-source-range", "bytes=1-4")["CopyPartResult"]["ETag"]
    aws("s3api", "complete-multipart-upload", *where, "--multipart-upload", json.dumps({"Parts": [{"PartNumber": 1, "ETag": tag}]}))
    assert run("s3", "cp", f"s3://{bucket}/of copies", "-")[1] == bodies[0][1:5]


def test_pages_of_a_listing(bucket):
    for key in ["a/1", "a/2", "b/1", "c", "d é"]:
        aws("s3api", "put-object", "--bucket", bucket, "--key", key)
    assert keys(bucket) == ["a/1", "a/2", "b/1", "c", "d é"]
    for list_objects in ["list-objects", "list-objects-v2"]:
        page = aws("s3api", list_objects, "--bucket", bucket, "--delimiter", "/", "--page-size", "1")
        assert [p["Prefix"] for p in page["CommonPrefixes"]] == ["a/", "b/"] and [o["Key"] for o in page["Contents"]] == ["c", "d é"]
    first = aws("s3api", "list-objects-v2", "--bucket", bucket, "--max-items", "2")
    rest = aws("s3api", "list-objects-v2", "--bucket", bucket, "--starting-token", first["NextToken"])
    assert [o["Key"] for o in first["Contents"] + rest["Contents"]] == ["a/1", "a/2", "b/1", "c", "d é"]
    assert [o["Key"] for o in aws("s3api", "list-objects-v2", "--bucket", bucket, "--start-after", "b")["Contents"]] == ["b/1", "c", "d é"]


def test_what_is_asked_of_buckets(bucket):
    on = ("--bucket", bucket)
    assert aws("s3api", "head-bucket", *on)["BucketRegion"] == "us-east-1"
    assert aws("s3api", "get-bucket-location", *on)["LocationConstraint"] is None
    assert bucket in aws("s3api", "list-buckets", "--query", "Buckets[].Name")
    assert aws("s3api", "get-bucket-versioning", *on) == []
    assert aws("s3api", "get-bucket-acl", *on)["Grants"][0]["Permission"] == "FULL_CONTROL"
    aws("s3api", "put-bucket-tagging", *on, "--tagging", "TagSet=[{Key=team,Value=é}]")
    assert aws("s3api", "get-bucket-tagging", *on)["TagSet"] == [{"Key": "team", "Value": "é"}]
    aws("s3api", "delete-bucket-tagging", *on)
    assert "(NoSuchTagSet)" in refused("s3api", "get-bucket-tagging", *on)
    assert aws("s3api", "get-public-access-block", *on)["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] is True
    for nothing, code in [("policy", "NoSuchBucketPolicy"), ("cors", "NoSuchCORSConfiguration"), ("website", "NoSuchWebsiteConfiguration"),
                          ("lifecycle-configuration", "NoSuchLifecycleConfiguration"), ("replication", "ReplicationConfigurationNotFoundError")]:
        assert f"({code})" in refused("s3api", f"get-bucket-{nothing}", *on)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}]})
    aws("s3api", "put-bucket-policy", *on, "--policy", policy)
    assert json.loads(aws("s3api", "get-bucket-policy", *on)["Policy"]) == json.loads(policy)
    aws("s3api", "delete-bucket", *on)
    assert "(404)" in refused("s3api", "head-bucket", *on)
    assert aws("s3api", "create-bucket", *on)["Location"] == f"/{bucket}"
    assert "(InvalidBucketName)" in refused("s3api", "create-bucket", "--bucket", "No_Name")
