"""One suite for both SDKs: histories are written once, then every variant is asked and compared."""

import collections
import concurrent.futures
import datetime
import random
import re
import threading
import time

import boto3
import pandas as pd
from botocore.exceptions import ClientError
from answers import as_pandas, difference, from_text, kinds_of, read_csv
from histories import make_world
from oracle import Refused, expected
from variants import alone, at_random
from worlds import drop, write

HISTORIES_OF_A_WORLD = 25
ALONE, RANDOM = 3, 5  # variants of a world
THREADS = 3


def plan(seed, histories, fractional):
    """The worlds, and what is asked of each: the variants of one option go round, so that all worlds together
    ask each several times."""
    worlds = [make_world(seed, number, HISTORIES_OF_A_WORLD, fractional) for number in range(max(1, histories // HISTORIES_OF_A_WORLD))]
    asked = []
    for world in worlds:
        single = list(alone(world))
        asked += [(world, single[(world.number * ALONE + i) % len(single)]) for i in range(ALONE)]
        rng = random.Random(f"{seed}/{world.number}/variants")
        asked += [(world, at_random(rng, world)) for _ in range(RANDOM)]
    return worlds, asked


class Suite:
    """new_asker makes what asks one SDK: called with a world, a variant, the ends of phases and where output goes, it
    returns the CSV's address and the statement, or with variant.to_frame the DataFrame and the statement.
    refused(world, variant) is the kind of error that the SDK's statement meets on Athena, or None. say prints."""

    def __init__(self, new_asker, refused, bucket, say):
        self.new_asker, self.refused, self.bucket, self.say = new_asker, refused, bucket, say
        self.own = threading.local()  # sessions of boto3 are not for two threads

    def run(self, seed, histories, fractional):
        self.say(f"\nseed {seed}: rerun with --seed {seed} --histories {histories}")
        began = time.monotonic()
        worlds, asked = plan(seed, histories, fractional)
        ends = write(worlds, self.bucket)
        written = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            wrong = [w for w in pool.map(lambda a: self.check(*a, ends), asked) if w]
        drop(worlds)
        rows = sum(len(group.rows) for world in worlds for group in world.groups)
        self.say(f"{len(worlds) * HISTORIES_OF_A_WORLD} histories, {rows} rows in {written - began:.1f} s; "
                 f"{len(asked)} datasets in {time.monotonic() - written:.1f} s; {len(wrong)} differ")
        assert not wrong, f"seed {seed}, {len(wrong)} of {len(asked)} differ:\n" + "\n\n".join(wrong[:3])

    def check(self, world, variant, ends):
        """None, or what is wrong."""
        if not hasattr(self.own, "ask"):
            self.own.ask, self.own.s3, self.own.athena = self.new_asker(), boto3.client("s3"), boto3.client("athena")
        try:
            want, refused = expected(world, variant), self.refused(world, variant)
        except Refused as error:
            want, refused = None, str(error)
        text = ""
        try:
            result, text = self.own.ask(world, variant, ends, f"s3://{self.bucket}/datasets")
        except (RuntimeError, ClientError) as error:
            reason = self.reason(error)
            if refused and refused in reason:
                return None
            return f"world {world.number}, {variant}: failed, {reason}, not {refused}"
        if refused:
            return f"world {world.number}, {variant}: succeeded, not {refused}\n{text}"
        wrong = self.compare(world, variant, want, result)
        return wrong and f"world {world.number}, {variant}: {wrong}\n{text}"

    def compare(self, world, variant, want, result):
        if variant.to_frame:
            rows = [tuple(map(as_pandas, row)) for row in result.itertuples(index=False, name=None)]
            want.classes = [(quota, in_pandas(members)) for quota, members in want.classes]
            return difference(want, result.columns, rows)
        bucket, key = result.removeprefix("s3://").split("/", 1)
        text = self.own.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
        columns, rows = read_csv(text)
        kinds = kinds_of(world, variant)
        return difference(want, columns, [tuple(map(from_text, kinds, row)) for row in rows])

    def reason(self, error):
        if isinstance(error, ClientError):  # of StartQueryExecution
            return str(error)
        found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", str(error))
        assert found, error
        return self.own.athena.get_query_execution(QueryExecutionId=found[0])["QueryExecution"]["Status"]["StateChangeReason"]


def in_pandas(members):
    out = collections.Counter()
    for row, count in members.items():
        out[tuple(map(as_pandas, row))] += count
    return out


def data_frame(frame):
    return pd.DataFrame(frame.rows, columns=list(frame.features)).astype(frame.features)


def moment(seconds):
    return None if seconds is None else datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)


def set_options(builder, variant, ends):
    """Calls the methods of either SDK's builder, which have the same names."""
    if variant.point_in_time:
        builder.point_in_time_accurate_join()
    if variant.as_of is not None:
        builder.as_of(ends[variant.as_of])
    if variant.start is not None or variant.end is not None:
        builder.with_event_time_range(moment(variant.start), moment(variant.end))
    if variant.recent is not None:
        builder.with_number_of_recent_records_by_record_identifier(variant.recent)
    if variant.limit is not None:
        builder.with_number_of_records_from_query_results(variant.limit)
    if variant.deleted:
        builder.include_deleted_records()
    if variant.duplicated:
        builder.include_duplicated_records()
