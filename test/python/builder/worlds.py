"""Writes worlds to the server: groups, then records and deletes, round by round."""

import concurrent.futures
import datetime
import time
import uuid

import boto3
from histories import PHASES

ROLE = "arn:aws:iam::123456789012:role/features"


def write(worlds, bucket, threads=4):
    """Creates the groups of worlds and writes their histories. Returns for each phase the whole second, in UTC
    and without a zone, at which it was over and the next one had not begun; and before all, at -1."""
    runtime = boto3.client("sagemaker-featurestore-runtime")
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        list(pool.map(create, [(boto3.client("sagemaker"), group, bucket) for world in worlds for group in world.groups]))
        rounds = {}
        for world in worlds:
            for group in world.groups:
                for row in group.rows:
                    rounds.setdefault(row.round, []).append((group, row))
        ends = {-1: next_second()}
        for phase in range(PHASES):
            for number in sorted(r for r in rounds if r // 10 == phase):
                write_round(pool, runtime, rounds[number])
            ends[phase] = next_second()
    return ends


def create(arguments):
    client, group, bucket = arguments
    group.name = f"History-{uuid.uuid4().hex}"
    client.create_feature_group(
        FeatureGroupName=group.name, RecordIdentifierFeatureName=group.id, EventTimeFeatureName=group.at,
        FeatureDefinitions=[{"FeatureName": name, "FeatureType": kind} for name, kind in group.features.items()],
        OfflineStoreConfig={"S3StorageConfig": {"S3Uri": f"s3://{bucket}/offline"}}, RoleArn=ROLE,
        **({"OnlineStoreConfig": {"EnableOnlineStore": True}} if group.online else {}))


def write_round(pool, runtime, changes):
    entries = [
        {"FeatureGroupName": group.name,
         "Record": [{"FeatureName": name, "ValueAsString": str(value)} for name, value in row.values.items() if value is not None]}
        for group, row in changes if not row.deleted
    ]

    def put(at):
        reply = runtime.batch_write_record(Entries=entries[at:at + 25])
        assert not reply["Errors"] and not reply["UnprocessedEntries"], reply

    def delete(change):
        group, row = change
        runtime.delete_record(FeatureGroupName=group.name, RecordIdentifierValueAsString=str(row.values[group.id]),
                              EventTime=str(row.values[group.at]))

    list(pool.map(put, range(0, len(entries), 25)))
    list(pool.map(delete, [change for change in changes if change[1].deleted]))


def next_second():
    """Waits until a whole second has begun, and the millisecond after it, and returns that second."""
    now = time.time()
    second = int(now) + 1
    time.sleep(second + 0.002 - now)
    return datetime.datetime.fromtimestamp(second, datetime.timezone.utc).replace(tzinfo=None)


def drop(worlds):
    client = boto3.client("sagemaker")
    for world in worlds:
        for group in world.groups:
            client.delete_feature_group(FeatureGroupName=group.name)
