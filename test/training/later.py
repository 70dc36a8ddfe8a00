"""Holds that training sets can be made again: many of them, then millions of later writes, compaction, and all are
verified. See scripts/bench-verify.

Before each training set some records are put and deleted, so that each sees a history of its own. What comes later is
late data of the same days, by imports of about the size of the first three, so that compaction merges files of both;
records put and deleted; a feature more in each group.
"""

import argparse
import datetime
import json
import random
import shutil
import sys
import time
from pathlib import Path

import history
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from server import LARDER, Server, run

LABELS = 10_000
BEFORE, AFTER = 3, 12  # imports of a group, of about one size: each adds a file to every hour


def say(text):
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def event_time(group, at):
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z" if history.GROUPS[group][1] == "String" else f"{at.timestamp():.3f}"


def write_some(runtime, draw, rows, days, n):
    """Puts n records and deletes some, of identifiers that the histories have."""
    for _ in range(n):
        group = draw.choice(list(history.GROUPS))
        name = str(history.names(group, np.array([draw.randrange(history.identifiers(group, rows))]))[0])
        at = event_time(group, history.BEGIN + datetime.timedelta(milliseconds=draw.randrange(days * history.PER_DAY)))
        if draw.random() < 0.3:
            runtime.delete_record(FeatureGroupName=group, RecordIdentifierValueAsString=name, EventTime=at)
            continue
        fields = {"id": name, "at": at, "amount_0": f"{draw.gauss(0, 9):.4f}", "count_0": str(draw.randrange(99)), "segment": draw.choice(["", "später"])}
        runtime.put_record(FeatureGroupName=group, Record=[{"FeatureName": k, "ValueAsString": v} for k, v in fields.items()])


def write_labels(path, draw, rows, days):
    """Labels that name all groups, with nulls among the identifiers and the times."""
    begin = int(history.BEGIN.timestamp() * 1000)
    numbers = np.random.default_rng(draw.randrange(1 << 32))
    at = pa.array(numbers.integers(begin, begin + (days + 5) * history.PER_DAY, LABELS) * 1000, pa.timestamp("us", "UTC"), mask=numbers.random(LABELS) < 0.01)
    columns = {"label": np.arange(LABELS), "at": at}
    for group in history.GROUPS:
        columns[group] = pa.array(history.names(group, numbers.integers(0, history.identifiers(group, rows), LABELS)), mask=numbers.random(LABELS) < 0.01)
    pq.write_table(pa.table(columns), path)


def create(server, draw, name, labels):
    command = [LARDER, "dataset", "create", name, "--labels", labels, "--time", "at", "--data", server.data]
    for group in draw.sample(list(history.GROUPS), draw.randint(1, 3)):
        features = draw.sample(history.FEATURES, draw.randint(1, len(history.FEATURES)))
        text = f"{group} on={group} features={','.join(features)} prefix={group}_"
        text += draw.choice(["", " look-back=7d", " look-back=90m"]) + draw.choice(["", " skip-deletes"])
        command += ["--group", text]
    run(*command)


def keys(server):
    pages = server.client("s3").get_paginator("list_objects_v2").paginate(Bucket="lake", Prefix="features/")
    return {found["Key"] for page in pages for found in page.get("Contents", [])}


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("directory", type=Path)
    asked.add_argument("--days", type=int, default=20)
    asked.add_argument("--datasets", type=int, default=100)
    asked.add_argument("--later", type=int, default=10_000_000)
    asked.add_argument("--seed", type=int, default=1)
    set_to = asked.parse_args()
    directory, days = set_to.directory, set_to.days
    rows = set_to.later // len(history.GROUPS) // AFTER
    draw, numbers = random.Random(set_to.seed), np.random.default_rng(set_to.seed)

    def load(group, imports):
        for _ in range(imports):
            part = directory / "part"
            history.write_group(part, group, rows, days, numbers)
            server.load(group, part)
            shutil.rmtree(part)

    server = Server(directory / "larder")
    try:
        server.create_groups()
        for group in history.GROUPS:
            load(group, BEFORE)
        runtime = server.client("sagemaker-featurestore-runtime")
        say(f"seed {set_to.seed}; 3 groups of {BEFORE * rows:,} rows over {days} days")
        for n in range(set_to.datasets):
            write_some(runtime, draw, rows, days, 50)
            labels = directory / "some-labels.parquet"
            write_labels(labels, draw, rows, days)
            create(server, draw, f"set-{n}", labels)
            labels.unlink()
        say(f"{set_to.datasets} datasets of {LABELS:,} labels")

        before = keys(server)
        for group in history.GROUPS:
            server.client("sagemaker").update_feature_group(FeatureGroupName=group, FeatureAdditions=[{"FeatureName": "later", "FeatureType": "Integral"}])
            load(group, AFTER)
            write_some(runtime, draw, rows, days, 1000)
            run(LARDER, "flush", "--group", group, "--data", server.data)
        say(f"{set_to.later:,} later rows")
        settled = None
        while (now := keys(server)) != settled:
            settled = now
            time.sleep(20)
        say(f"compaction has replaced {len(before - now)} of the {len(before)} files that the datasets were made of; there are {len(now)}")

        outcomes, begin = {}, time.monotonic()
        for n in range(set_to.datasets):
            answer = json.loads(run(LARDER, "dataset", "verify", f"set-{n}", "--json", "--data", server.data))
            outcomes[n] = answer["Verification"]["Outcome"]
        same = sum(outcome == "Same" for outcome in outcomes.values())
        say(f"{same} of {set_to.datasets} are the same, in {time.monotonic() - begin:.0f} s")
    finally:
        server.stop()
    sys.exit(same != set_to.datasets)


if __name__ == "__main__":
    main()
