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
import s3fs

from records import record

HOURS = ["2024-01-31T22", "2024-01-31T23", "2024-02-01T00"]
PATIENCE = 120  # seconds, on a machine that does much else
ROUNDS = 4  # each until a listing had a merge in its midst

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
        self.quiet = threading.Event()  # nothing comes in
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
        """Returns when a file is gone that is there now. While rows come in that is a matter of a second or two."""
        if self.quiet.is_set():
            return
        before, until = set(self.page()[0]), time.monotonic() + PATIENCE
        while before <= set(self.page()[0]):
            assert time.monotonic() < until, "no files are merged"
            time.sleep(0.05)
        self.merged += 1

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

    def ingest(self, writer):
        while not self.quiet.is_set():
            self.turns[writer] += 1
            self.put(writer, self.turns[writer])


def once(rows):
    keys = collections.Counter((r.id, r.at, r.is_deleted) for r in rows)
    assert not (twice := [key for key, n in keys.items() if n > 1]), f"{len(twice)} rows twice, as {twice[:3]}"
    return set(keys)


def test_listers_and_sql_agree_while_files_come_and_go(own_server):
    group = Group(own_server("--flush-age", "100ms"))

    def page():
        try:
            merged = group.merged
            while group.merged == merged:
                group.look(group.by_pages)
        finally:
            group.quiet.set()

    def find():
        while not group.quiet.is_set():
            group.look(group.by_s3fs)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for _ in range(ROUNDS):
            group.quiet.clear()
            for future in [pool.submit(work, *of) for work, *of in [(group.ingest, "a"), (group.ingest, "b"), (page,), (find,)]]:
                future.result()
            group.server.flush(group.name)
            for listing in (group.by_pages, group.by_s3fs):  # merging goes on
                listed, queried = sorted(listing(), key=repr), sorted(group.by_sql(), key=repr)
                assert listed == queried and once(listed) == group.acknowledged
    assert len(group.acknowledged) > 100
