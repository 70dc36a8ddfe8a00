"""Uploads that do not arrive as they were announced: a clear error, no object, and nothing left on the disk."""

import base64
import binascii
import contextlib
import hashlib
import hmac
import http.client
import os
import re
import socket
import struct
import time

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from servers import Server

BODY = os.urandom(3 << 20)
UNSIGNED, CHUNKS, TRAILER = "UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"


class Auth(SigV4Auth):
    """Signs what it is told is the hash of the body."""

    def payload(self, request):
        return request.headers["X-Amz-Content-SHA256"]


def sha256(body):
    return hashlib.sha256(body).hexdigest()


class Upload:
    """A signed PUT on a socket of its own, whose body is up to the test."""

    def __init__(self, server, path, **headers):
        headers = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        request = AWSRequest("PUT", server.endpoint + path, headers=headers)
        self.auth = Auth(Credentials(server.key, server.secret), "s3", "us-east-1")
        self.auth.add_auth(request)
        self.stamp = request.context["timestamp"]
        self.signature = request.headers["Authorization"].split("Signature=")[1]
        host, port = server.endpoint.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=20)
        lines = [f"PUT {path} HTTP/1.1", f"Host: {host}:{port}", *(f"{name}: {value}" for name, value in request.headers.items())]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n")

    def send(self, data):
        self.socket.sendall(data)
        return self

    def chunk(self, data, signed=True, signature=None):
        """One chunk with its signature, or with the one given."""
        if not signed:
            return self.send(b"%x\r\n%b\r\n" % (len(data), data))
        scope = f"{self.stamp[:8]}/us-east-1/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256-PAYLOAD", self.stamp, scope, self.signature, sha256(b""), sha256(data)])
        key = ("AWS4" + self.auth.credentials.secret_key).encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        self.signature = signature or hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return self.send(b"%x;chunk-signature=%b\r\n%b\r\n" % (len(data), self.signature.encode(), data))

    def end(self):
        """Says that nothing more comes, and waits for the answer."""
        self.socket.shutdown(socket.SHUT_WR)
        return self.answer()

    def answer(self):
        with self.socket:
            reply = http.client.HTTPResponse(self.socket)
            reply.begin()
            code = re.search(rb"<Code>(\w+)</Code>", reply.read())
            return reply.status, code and code[1].decode()

    def drop(self, reset=False):
        if reset:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("truncated"))
    server.client("s3").create_bucket(Bucket="bucket")
    yield server
    server.stop()


@pytest.fixture(params=["object", "part"])
def path(server, request):
    """Where to put: an object, or a part of an upload. Afterwards neither is there, nor a byte of them."""
    s3 = server.client("s3")
    if request.param == "object":
        yield "/bucket/key"
    else:
        where = dict(Bucket="bucket", Key="key")
        upload = s3.create_multipart_upload(**where)["UploadId"]
        yield f"/bucket/key?partNumber=1&uploadId={upload}"
        assert "Parts" not in s3.list_parts(**where, UploadId=upload)
        s3.abort_multipart_upload(**where, UploadId=upload)
    assert s3.list_objects_v2(Bucket="bucket")["KeyCount"] == 0
    clean(server)


def clean(server):
    """Nothing is on the disk, at once or when the server has noticed that the client has gone."""
    deadline = time.monotonic() + 20
    while server.blobs() != (0, 0):
        assert time.monotonic() < deadline, server.blobs()
        time.sleep(0.02)


def on_disk(server):
    """Waits until bytes of an upload under way are on the disk: else the test would prove little."""
    deadline = time.monotonic() + 20
    while server.blobs()[1] < 1 << 20:
        assert time.monotonic() < deadline, server.blobs()
        time.sleep(0.02)


def framing(*sizes):
    """How many bytes signed chunks of such sizes have beside their data."""
    return sum(len(f"{size:x}") + len(";chunk-signature=") + 64 + 4 for size in sizes)


def test_a_whole_upload_is_one(own_server):
    """What the tests below spoil is right otherwise."""
    server = own_server()
    s3 = server.client("s3")
    s3.create_bucket(Bucket="bucket")
    plain = Upload(server, "/bucket/key", Content_Length=len(BODY), X_Amz_Content_SHA256=sha256(BODY))
    assert plain.send(BODY).answer() == (200, None)
    chunks = Upload(server, "/bucket/key", Content_Length=len(BODY) + framing(1 << 20, 2 << 20, 0), X_Amz_Decoded_Content_Length=len(BODY),
                    X_Amz_Content_SHA256=CHUNKS, Content_Encoding="aws-chunked")
    assert chunks.chunk(BODY[:1 << 20]).chunk(BODY[1 << 20:]).chunk(b"").answer() == (200, None)
    assert s3.get_object(Bucket="bucket", Key="key")["Body"].read() == BODY


def test_a_client_that_says_no_more_comes_is_told_the_truth(own_server):
    """It has closed its half of the connection, which looks like going away: what it is told was stored was."""
    server = own_server()
    s3 = server.client("s3")
    s3.create_bucket(Bucket="bucket")
    for i in range(20):
        upload = Upload(server, f"/bucket/{i}", Content_Length=len(BODY), X_Amz_Content_SHA256=sha256(BODY)).send(BODY)
        try:
            assert upload.end() == (200, None)
        except (http.client.HTTPException, ConnectionError):
            continue  # no answer: it may be there or not
        assert s3.head_object(Bucket="bucket", Key=str(i))["ContentLength"] == len(BODY)


def test_a_body_that_ends_too_soon(server, path):
    upload = Upload(server, path, Content_Length=len(BODY) + 1, X_Amz_Content_SHA256=UNSIGNED)
    assert upload.send(BODY).end() == (400, "IncompleteBody")


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_a_connection_that_breaks(server, path, reset):
    upload = Upload(server, path, Content_Length=2 * len(BODY), X_Amz_Content_SHA256=sha256(BODY * 2)).send(BODY)
    on_disk(server)
    upload.drop(reset)


def test_many_connections_that_break(server, path):
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            upload = Upload(server, path, Content_Length=2 * len(BODY), X_Amz_Content_SHA256=UNSIGNED).send(BODY[:1 << 20])
            stack.callback(upload.drop, reset=True)
        on_disk(server)


def test_chunks_that_end_too_soon(server, path):
    upload = Upload(server, path, Content_Length=len(BODY) + 1000, X_Amz_Decoded_Content_Length=len(BODY), X_Amz_Content_SHA256=CHUNKS)
    assert upload.chunk(BODY[:1 << 20]).send(b"%x;chunk-signature=%b\r\nsome" % (1 << 20, b"0" * 64)).end() == (400, "IncompleteBody")


def test_a_chunk_that_somebody_changed(server, path):
    upload = Upload(server, path, Content_Length=len(BODY) + 1000, X_Amz_Decoded_Content_Length=len(BODY), X_Amz_Content_SHA256=CHUNKS)
    assert upload.chunk(BODY[:1 << 20]).chunk(BODY[1 << 20:2 << 20], signature="0" * 64).answer() == (403, "SignatureDoesNotMatch")


def test_fewer_bytes_than_announced_in_chunks(server, path):
    upload = Upload(server, path, Content_Length=(1 << 20) + framing(1 << 20, 0), X_Amz_Decoded_Content_Length=len(BODY), X_Amz_Content_SHA256=CHUNKS)
    assert upload.chunk(BODY[:1 << 20]).chunk(b"").answer() == (400, "IncompleteBody")


def test_what_is_no_chunk(server, path):
    upload = Upload(server, path, Content_Length=len(BODY), X_Amz_Decoded_Content_Length=len(BODY), X_Amz_Content_SHA256=CHUNKS)
    status, code = upload.chunk(BODY[:1 << 20]).send(b"no chunk\r\n").answer()
    assert status == 400 and code in ("IncompleteBody", "InvalidRequest")


def test_a_wrong_checksum_behind_the_body(server, path):
    upload = Upload(server, path, Transfer_Encoding="chunked", X_Amz_Decoded_Content_Length=len(BODY), X_Amz_Content_SHA256=TRAILER,
                    X_Amz_Trailer="x-amz-checksum-crc32", Content_Encoding="aws-chunked")
    crc = base64.b64encode(binascii.crc32(BODY[1:]).to_bytes(4, "big"))
    inner = b"%x\r\n%b\r\n0\r\nx-amz-checksum-crc32:%b\r\n\r\n" % (len(BODY), BODY, crc)
    assert upload.chunk(inner, signed=False).send(b"0\r\n\r\n").answer() == (400, "BadDigest")


def test_a_checksum_that_was_announced_and_does_not_come(server, path):
    upload = Upload(server, path, Transfer_Encoding="chunked", X_Amz_Decoded_Content_Length=len(BODY), X_Amz_Content_SHA256=TRAILER,
                    X_Amz_Trailer="x-amz-checksum-crc32", Content_Encoding="aws-chunked")
    inner = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
    status, code = upload.chunk(inner, signed=False).send(b"0\r\n\r\n").answer()
    assert status == 400, code


@pytest.mark.parametrize("headers, code", [
    ({"X_Amz_Content_SHA256": sha256(BODY[1:])}, "XAmzContentSHA256Mismatch"),
    ({"X_Amz_Content_SHA256": UNSIGNED, "Content_MD5": base64.b64encode(hashlib.md5(BODY[1:]).digest()).decode()}, "BadDigest"),
    ({"X_Amz_Content_SHA256": UNSIGNED, "X_Amz_Checksum_CRC32": base64.b64encode(binascii.crc32(BODY[1:]).to_bytes(4, "big")).decode()}, "BadDigest"),
    ({"X_Amz_Content_SHA256": UNSIGNED, "X_Amz_Checksum_SHA256": base64.b64encode(hashlib.sha256(BODY[1:]).digest()).decode()}, "BadDigest"),
], ids=["signed hash", "MD5", "CRC32", "SHA256"])
def test_a_wrong_digest_before_the_body(server, path, headers, code):
    assert Upload(server, path, Content_Length=len(BODY), **headers).send(BODY).answer() == (400, code)


def test_a_server_that_is_killed_meanwhile(own_server):
    """What no process was left to remove goes when the next one starts."""
    server = own_server()
    s3 = server.client("s3")
    s3.create_bucket(Bucket="bucket")
    part = s3.create_multipart_upload(Bucket="bucket", Key="part")["UploadId"]
    uploads = [Upload(server, path, Content_Length=2 * len(BODY), X_Amz_Content_SHA256=UNSIGNED).send(BODY)
               for path in ["/bucket/key", f"/bucket/part?partNumber=7&uploadId={part}"]]
    on_disk(server)
    server.kill()
    assert server.blobs() != (0, 0)
    for upload in uploads:
        upload.drop()
    server.start()
    s3 = server.client("s3")
    assert s3.list_objects_v2(Bucket="bucket")["KeyCount"] == 0
    assert "Parts" not in s3.list_parts(Bucket="bucket", Key="part", UploadId=part)
    clean(server)
