"""Whoever lists a group's folder and reads the files has the rows that SQL has, each once, whatever is flushed
and merged meanwhile."""

import collections
import concurrent.futures
import csv
import io
import threading
import time

import pandas
import pyarrow.dataset
import pyarrow.fs
import pytest
import s3fs

from records import record

HOURS = ["2024-01-31T22", "2024-01-31T23", "2024-02-01T00"]
ROUND = 1.5  # seconds of ingest
LEAST, MOST = 4, 30  # rounds: until as many listings had a merge in their midst

Row = collections.namedtuple("Row", "id at n is_deleted write_time api_invocation_time")


def milliseconds(at):
    """A timestamp as SQL prints it."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def row(r):
    n = r["n"]
    return Row(r["id"], r["at"], None if pandas.isna(n) else int(n), bool(r["is_deleted"]), milliseconds(r["write_time"]), milliseconds(r["api_invocation_time"]))


class Group:
    """A group on a server of its own, and those who read it."""

    def __init__(self, server):
        self.server, self.name = server, "group"
        self.s3, self.athena, self.runtime = server.client("s3"), server.client("athena"), server.client("sagemaker-featurestore-runtime")
        self.s3.create_bucket(Bucket="bucket")
        control = server.client("sagemaker")
        control.create_feature_group(
            FeatureGroupName=self.name, RecordIdentifierFeatureName="id", EventTimeFeatureName="at",
            FeatureDefinitions=[{"FeatureName": n, "FeatureType": t} for n, t in [("id", "String"), ("at", "String"), ("n", "Integral")]],
            OnlineStoreConfig={"EnableOnlineStore": True}, RoleArn="arn:aws:iam::123456789012:role/features",
            OfflineStoreConfig={"S3StorageConfig": {"S3Uri": "s3://bucket/offline"}})
        offline = control.describe_feature_group(FeatureGroupName=self.name)["OfflineStoreConfig"]
        self.table = '"{Database}"."{TableName}"'.format(**offline["DataCatalogConfig"])
        self.folder = offline["S3StorageConfig"]["ResolvedOutputS3Uri"].removeprefix("s3://")
        self.arrow = pyarrow.fs.S3FileSystem(
            access_key=server.key, secret_key=server.secret, region="us-east-1", endpoint_override=server.endpoint)
        self.fsspec = s3fs.S3FileSystem(
            key=server.key, secret=server.secret, endpoint_url=server.endpoint, use_listings_cache=False, skip_instance_cache=True)
        self.lock = threading.Lock()  # guards what is below
        self.sent, self.acknowledged, self.seen = set(), set(), set()  # each (id, at, is_deleted)
        self.merged = 0  # listings in whose midst files were merged
        self.turns = collections.Counter()

    def put(self, writer, turn):
        """Ten records of several hours, and the end of an older one: eleven rows."""
        ids = [f"{writer}-{turn}-{i}" for i in range(10)]
        rows = [(key, f"{HOURS[(turn + i) % 3]}:{i:02}:00Z", False) for i, key in enumerate(ids)]
        gone = (f"{writer}-{turn - 1}-0", f"{HOURS[2]}:59:{turn % 60:02}Z", True)
        with self.lock:
            self.sent.update(rows, [gone])
        reply = self.runtime.batch_write_record(Entries=[
            {"FeatureGroupName": self.name, "Record": record(id=key, at=at, n=str(turn))} for key, at, _ in rows])
        assert reply["Errors"] == [] and reply["UnprocessedEntries"] == []
        self.runtime.delete_record(FeatureGroupName=self.name, RecordIdentifierValueAsString=gone[0], EventTime=gone[1], DeletionMode="SoftDelete")
        with self.lock:
            self.acknowledged.update(rows, [gone])

    def page(self, token=None, keys=1000):
        bucket, prefix = self.folder.split("/", 1)
        more = {"ContinuationToken": token} if token else {}
        page = self.s3.list_objects_v2(Bucket=bucket, Prefix=prefix + "/", MaxKeys=keys, **more)
        return [f"{bucket}/{o['Key']}" for o in page.get("Contents", []) if o["Key"].endswith(".parquet")], page.get("NextContinuationToken")

    def by_pages(self):
        """list_objects_v2 three keys at a time, with a merge between the first page and the others, and a pyarrow
        dataset of what was listed."""
        files, token = self.page(keys=3)
        if token:
            self.wait_for_a_merge()
        while token:
            more, token = self.page(token, keys=3)
            files += more
        assert len(files) == len(set(files)), files
        if not files:
            return []
        return [row(r) for r in pyarrow.dataset.dataset(files, filesystem=self.arrow).to_table().to_pylist()]

    def wait_for_a_merge(self):
        """Returns when files are gone that are there now, but does not wait long: there may be nothing to merge."""
        before, until = set(self.page()[0]), time.monotonic() + ROUND
        while time.monotonic() < until:
            if before - set(self.page()[0]):
                with self.lock:
                    self.merged += 1
                return
            time.sleep(0.02)

    def by_s3fs(self):
        """s3fs finds the files, pandas reads them."""
        files = [path for path in self.fsspec.find(self.folder) if path.endswith(".parquet")]
        frames = [pandas.read_parquet(path, filesystem=self.fsspec) for path in files]
        return [row(r) for frame in frames for r in frame.to_dict("records")]

    def by_sql(self):
        execution = self.athena.start_query_execution(
            QueryString=f"SELECT {', '.join(Row._fields)} FROM {self.table}", ResultConfiguration={"OutputLocation": "s3://bucket/results/"})
        while True:
            found = self.athena.get_query_execution(QueryExecutionId=execution["QueryExecutionId"])["QueryExecution"]
            if found["Status"]["State"] not in ("QUEUED", "RUNNING"):
                break
            time.sleep(0.02)
        assert found["Status"]["State"] == "SUCCEEDED", found["Status"]
        bucket, key = found["ResultConfiguration"]["OutputLocation"].removeprefix("s3://").split("/", 1)
        text = io.TextIOWrapper(self.s3.get_object(Bucket=bucket, Key=key)["Body"], encoding="utf-8", newline="")
        return [Row(r["id"], r["at"], int(r["n"]) if r["n"] else None, r["is_deleted"] == "true", r["write_time"], r["api_invocation_time"])
                for r in csv.DictReader(text)]

    def look(self, listing):
        """One listing while rows come in, and a query behind it."""
        with self.lock:
            seen, acknowledged = set(self.seen), set(self.acknowledged)
        listed = once(listing())
        assert not seen - listed, f"{len(seen - listed)} rows were listed before and are not now"
        queried = once(self.by_sql())
        assert not acknowledged - queried, f"{len(acknowledged - queried)} rows were acknowledged and are not in SQL"
        assert not listed - queried, f"{len(listed - queried)} rows are in files and not in SQL"
        with self.lock:
            assert not queried - self.sent, "rows that nobody sent"
            self.seen |= listed

    def ingest(self, writer, until):
        while time.monotonic() < until:
            self.turns[writer] += 1
            self.put(writer, self.turns[writer])


def once(rows):
    keys = collections.Counter((r.id, r.at, r.is_deleted) for r in rows)
    assert not (twice := [key for key, n in keys.items() if n > 1]), f"{len(twice)} rows twice, as {twice[:3]}"
    return set(keys)


def test_listers_and_sql_agree_while_files_come_and_go(own_server):
    group = Group(own_server("--flush-age", "100ms"))
    looks = 0

    def watch(listing, until):
        nonlocal looks
        while time.monotonic() < until:
            group.look(listing)
            looks += 1

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for turn in range(MOST):
            until = time.monotonic() + ROUND
            futures = [pool.submit(group.ingest, writer, until) for writer in "ab"]
            futures += [pool.submit(watch, listing, until) for listing in (group.by_pages, group.by_s3fs)]
            for future in futures:
                future.result()
            group.server.flush(group.name)
            for listing in (group.by_pages, group.by_s3fs):  # merging goes on
                listed, queried = sorted(listing(), key=repr), sorted(group.by_sql(), key=repr)
                assert listed == queried and once(listed) == group.acknowledged
            if turn + 1 >= LEAST and group.merged >= LEAST:
                break
    assert looks >= 2 * LEAST and len(group.acknowledged) > 100
    assert group.merged >= LEAST, f"only {group.merged} listings had a merge in their midst: this showed too little"
