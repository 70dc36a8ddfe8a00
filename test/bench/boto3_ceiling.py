"""What one Python process gets out of boto3, and out of Arrow over HTTP (docs/arrow.md): a JSON object a line for each
way of asking.

python boto3_ceiling.py RECORDS SECONDS, with the variables of `larder env` in the environment.
"""

import concurrent.futures
import itertools
import json
import random
import sys
import time

import boto3
import botocore.auth
import botocore.awsrequest
import botocore.config
import pyarrow
import requests

records, seconds = int(sys.argv[1]), float(sys.argv[2])
BATCH_GET, BATCH_WRITE, ARROW = 100, 25, 10_000


def client(connections):
    return boto3.client("sagemaker-featurestore-runtime", config=botocore.config.Config(max_pool_connections=connections))


def name(n):
    return f"entity-{n:08d}"


def record(n):
    values = {"id": name(n), "at": "2026-01-02T00:00:00Z"}
    for k in range(2, 10):
        values[f"f{k:03d}"] = ("7", "segment-7", "7.25", "8.25")[k % 4]
    return [{"FeatureName": f, "ValueAsString": v} for f, v in values.items()]


def get(runtime, rng):
    got = runtime.get_record(FeatureGroupName="g50", RecordIdentifierValueAsString=name(rng.randrange(records)))
    assert len(got["Record"]) == 50, got
    return 1


def put(runtime, rng):
    runtime.put_record(FeatureGroupName="w10", Record=record(rng.randrange(records)))
    return 1


def batch_get(runtime, rng):
    ids = [name(rng.randrange(records)) for _ in range(BATCH_GET)]
    got = runtime.batch_get_record(Identifiers=[{"FeatureGroupName": "g50", "RecordIdentifiersValueAsString": ids}])
    assert len(got["Records"]) == BATCH_GET and not got["Errors"] and not got["UnprocessedIdentifiers"], got
    return BATCH_GET


def batch_write(runtime, rng):
    entries = [{"FeatureGroupName": "w10", "Record": record(rng.randrange(records))} for _ in range(BATCH_WRITE)]
    got = runtime.batch_write_record(Entries=entries)
    assert not got["Errors"] and not got["UnprocessedEntries"], got
    return BATCH_WRITE


class Arrow:
    """A connection, and what signs the requests on it."""

    def __init__(self):
        session = boto3.Session()
        self.endpoint = session.client("sagemaker").meta.endpoint_url
        self.signer = botocore.auth.SigV4Auth(session.get_credentials(), "larder", session.region_name)
        self.http = requests.Session()

    def send(self, path, table):
        body = pyarrow.BufferOutputStream()
        with pyarrow.ipc.new_stream(body, table.schema) as stream:
            stream.write_table(table)
        request = botocore.awsrequest.AWSRequest(
            "POST", f"{self.endpoint}/larder/FeatureGroup/{path}", data=body.getvalue().to_pybytes(),
            headers={"Content-Type": "application/vnd.apache.arrow.stream"})
        self.signer.add_auth(request)
        answer = self.http.post(request.url, data=request.data, headers=dict(request.headers))
        answer.raise_for_status()
        return answer


def arrow_read(arrow, rng):
    ids = [name(rng.randrange(records)) for _ in range(ARROW)]
    got = pyarrow.ipc.open_stream(arrow.send("g50/Read", pyarrow.table({"id": ids})).content).read_all()
    assert got.shape == (ARROW, 50) and got.column("at").null_count == 0, got
    return ARROW


def arrow_write(arrow, rng):
    columns = {"id": [name(rng.randrange(records)) for _ in range(ARROW)], "at": ["2026-01-02T00:00:00Z"] * ARROW}
    for k in range(2, 10):
        columns[f"f{k:03d}"] = [(7, "segment-7", 7.25, 8.25)[k % 4]] * ARROW
    got = arrow.send("w10/Write", pyarrow.table(columns)).json()
    assert got["RowsTaken"] == ARROW, got
    return ARROW


def work(call, runtime, seed, end, done):
    """Calls until the end, and leaves how many records it had and how long each call took."""
    rng = random.Random(seed)
    n, took = 0, []
    while (began := time.perf_counter()) < end:
        n += call(runtime, rng)
        took.append(time.perf_counter() - began)
    done.append((n, took))


def measure(path, contender, call, threads, over=client):
    runtime = over(threads)
    call(runtime, random.Random(0))  # the first call opens a connection and reads the service's model
    done = []
    used, began = time.process_time(), time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        for f in [pool.submit(work, call, runtime, seed, began + seconds, done) for seed in range(threads)]:
            f.result()
    wall = time.perf_counter() - began
    took = sorted(itertools.chain.from_iterable(t for _, t in done))
    quantile = lambda q: 1000 * took[min(len(took) - 1, int(q * len(took)))]
    print(json.dumps({
        "path": path, "contender": contender, "rate": sum(n for n, _ in done) / wall, "unit": "records", "conns": threads,
        "p50_ms": quantile(0.5), "p99_ms": quantile(0.99), "p999_ms": quantile(0.999), "worst_ms": 1000 * took[-1],
        "own_s": time.process_time() - used,
    }), flush=True)


reads, writes = "one process reads records of 50 features", "one process writes records of 10 features"
measure(reads, "get_record", get, 1)
measure(reads, "get_record, 8 threads", get, 8)
measure(reads, f"batch_get_record of {BATCH_GET}", batch_get, 1)
measure(reads, f"batch_get_record of {BATCH_GET}, 2 threads", batch_get, 2)
measure(reads, f"Arrow over HTTP, pyarrow and requests, {ARROW:,} a call", arrow_read, 1, lambda threads: Arrow())
measure(writes, "put_record", put, 1)
measure(writes, "put_record, 8 threads", put, 8)
measure(writes, f"batch_write_record of {BATCH_WRITE}", batch_write, 1)
measure(writes, f"batch_write_record of {BATCH_WRITE}, 8 threads", batch_write, 8)
measure(writes, f"Arrow over HTTP, pyarrow and requests, {ARROW:,} a call", arrow_write, 1, lambda threads: Arrow())
