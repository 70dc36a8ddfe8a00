"""A bike-share operator's feature store, from an empty account to a training set.

An ordinary program of the SageMaker Python SDK 2 and boto3: nothing in it knows of Larder. Run it
against a Larder server with

    larder exec -- python examples/walkthrough/walkthrough.py

It checks what it reads, and ends with a line that says so.
"""

import io
import sys
import time
from datetime import datetime, timezone

import boto3
import numpy as np
import pandas as pd
import sagemaker
from sagemaker.feature_store.feature_group import FeatureGroup, FeatureValue
from sagemaker.session import Session

STATIONS = 1000
GROUP = f"bike-stations-{time.time_ns() % 10**10}"  # a new group each run


def values(row):
    """The record of a row, in the form that put_record wants."""
    return [FeatureValue(feature_name=k, value_as_string=str(v)) for k, v in row.items()]


def wait_until_created(group):
    while (status := group.describe()["FeatureGroupStatus"]) == "Creating":
        time.sleep(1)
    assert status == "Created", status


def sql(group, text, output):
    query = group.athena_query()
    query.run(query_string=text, output_location=output)
    query.wait()
    state = query.get_query_execution()["QueryExecution"]["Status"]
    assert state["State"] == "SUCCEEDED", state
    return query.as_dataframe()


def main():
    started = time.time()
    session = Session()
    role = sagemaker.get_execution_role()
    bucket = session.default_bucket()
    print(f"role    {role}\nbucket  {bucket}\nregion  {session.boto_region_name}")
    assert ":role/" in role and session.boto_region_name in bucket

    # The schema comes from one example row; the event time is epoch seconds as text.
    observed = int(time.time()) - 7200
    example = pd.DataFrame(
        {
            "station_id": ["S0000"],
            "observed_at": [str(observed)],
            "bikes_free": [7],
            "docks_free": [12],
            "trips_last_hour": [31.0],
            "empty_share": [0.25],
            "district": ["harbour"],
        }
    )
    stations = FeatureGroup(name=GROUP, sagemaker_session=session)
    stations.load_feature_definitions(data_frame=example)
    stations.create(
        s3_uri=f"s3://{bucket}/features/",
        record_identifier_name="station_id",
        event_time_feature_name="observed_at",
        role_arn=role,
        enable_online_store=True,
        description="How busy each bike station is",
    )
    wait_until_created(stations)
    print(f"group   {GROUP} is created")

    # One record by hand, then a thousand from a frame.
    first = example.iloc[0].to_dict() | {"station_id": "S9999", "district": "old town"}
    stations.put_record(record=values(first))
    rng = np.random.default_rng(20)
    frame = pd.DataFrame(
        {
            "station_id": [f"S{i:04d}" for i in range(1, STATIONS + 1)],
            "observed_at": [str(observed)] * STATIONS,
            "bikes_free": rng.integers(0, 30, STATIONS),
            "docks_free": rng.integers(0, 30, STATIONS),
            "trips_last_hour": rng.uniform(0, 90, STATIONS).round(1),
            "empty_share": rng.uniform(0, 1, STATIONS).round(3),
            "district": rng.choice(["harbour", "old town", "campus", "hills"], STATIONS),
        }
    )
    frame.loc[41, "empty_share"] = np.nan  # S0042 has none: the SDK leaves the feature out
    clock = time.time()
    stations.ingest(data_frame=frame, max_workers=4, wait=True)
    print(f"ingest  {STATIONS} records in {time.time() - clock:.1f} s")

    # Read online, as a model server does.
    runtime = boto3.client("sagemaker-featurestore-runtime")
    reply = runtime.get_record(FeatureGroupName=GROUP, RecordIdentifierValueAsString="S0007")
    online = {f["FeatureName"]: f["ValueAsString"] for f in reply["Record"]}
    assert list(online) == list(frame.columns), online
    assert online == {k: str(v) for k, v in frame.iloc[6].to_dict().items()}, online
    reply = runtime.get_record(
        FeatureGroupName=GROUP, RecordIdentifierValueAsString="S0042", FeatureNames=["station_id", "empty_share"]
    )
    assert reply["Record"] == [{"FeatureName": "station_id", "ValueAsString": "S0042"}], reply["Record"]
    assert "Record" not in runtime.get_record(FeatureGroupName=GROUP, RecordIdentifierValueAsString="nobody")
    batch = runtime.batch_get_record(
        Identifiers=[{"FeatureGroupName": GROUP, "RecordIdentifiersValueAsString": ["S0001", "S0500", "nobody"]}]
    )
    assert [r["RecordIdentifierValueAsString"] for r in batch["Records"]] == ["S0001", "S0500"], batch
    assert batch["Errors"] == [] and batch["UnprocessedIdentifiers"] == []
    print(f"online  S0007 has {online['bikes_free']} bikes; a batch found {len(batch['Records'])} of 3")

    # A newer observation replaces the older one online; offline keeps both.
    newer = frame.iloc[6].to_dict() | {"observed_at": str(observed + 3600), "bikes_free": 0, "empty_share": 1.0}
    stations.put_record(record=values(newer))
    older = newer | {"observed_at": str(observed - 3600), "bikes_free": 29}
    stations.put_record(record=values(older))
    reply = runtime.get_record(FeatureGroupName=GROUP, RecordIdentifierValueAsString="S0007", FeatureNames=["bikes_free"])
    assert reply["Record"][0]["ValueAsString"] == "0", reply["Record"]

    # SQL sees every record that was acknowledged before the query started.
    output = f"s3://{bucket}/query-results/"
    table = stations.athena_query().table_name
    full = sql(
        stations,
        f"""
        SELECT station_id, bikes_free, docks_free, trips_last_hour, empty_share
        FROM "{table}"
        WHERE empty_share IS NOT NULL
        """,
        output,
    )
    assert len(full) == STATIONS + 3 - 1, len(full)  # 1,000 + 1 + 2 records, one without the feature
    assert list(full.columns) == ["station_id", "bikes_free", "docks_free", "trips_last_hour", "empty_share"]
    assert full[full.station_id == "S0007"].bikes_free.tolist().count(0) >= 1
    by_id = full.drop_duplicates("station_id", keep=False).set_index("station_id")
    want = frame.set_index("station_id").loc[by_id.index.drop("S9999")]
    assert np.array_equal(by_id.loc[want.index].trips_last_hour, want.trips_last_hour)
    print(f"SQL     {len(full)} rows of {table}")

    # A point-in-time training set: labels are a table of their own, over a CSV file.
    labels = pd.DataFrame(
        {
            "station_id": ["S0007", "S0007", "S0007", "S0008", "S9998"],
            "ran_empty": [0, 1, 1, 0, 0],
            "label_time": [
                (datetime.fromtimestamp(observed + s, timezone.utc)).strftime("%Y-%m-%d %H:%M:%S")
                for s in (-1800, 1800, 3600, 60, 60)
            ],
        }
    )
    text = io.StringIO()
    labels.to_csv(text, index=False, header=False)
    folder = f"labels/{GROUP}"
    session.boto_session.client("s3").put_object(Bucket=bucket, Key=f"{folder}/labels.csv", Body=text.getvalue().encode())
    labels_table = "labels_" + GROUP.replace("-", "_")
    sql_ddl(
        f"""
        CREATE EXTERNAL TABLE {labels_table} (station_id STRING, ran_empty INT, label_time TIMESTAMP)
        ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
        WITH SERDEPROPERTIES ("separatorChar" = ",", "quoteChar" = "`", "escapeChar" = "\\\\")
        LOCATION 's3://{bucket}/{folder}';
        """,
        output,
    )
    training = sql(
        stations,
        f"""
        SELECT labels.station_id,
               labels.ran_empty,
               labels.label_time,
               features.bikes_free,
               features.empty_share
        FROM {labels_table} AS labels
        LEFT JOIN "{table}" AS features
            ON labels.station_id = features.station_id
            AND features.observed_at <= labels.label_time
            AND features.observed_at >= labels.label_time - INTERVAL '24' HOUR
        ORDER BY labels.label_time DESC, features.observed_at DESC
        """,
        output,
    )
    # S0007 has observations at -3600, 0 and +3600 s, so its labels at -1800, +1800 and +3600 s
    # meet one, two and three of them; S0008 meets one, and S9998, which nobody observed, none.
    met = training.groupby("station_id").size().to_dict()
    assert met == {"S0007": 6, "S0008": 1, "S9998": 1}, training
    assert training[training.station_id == "S9998"].bikes_free.isna().all()
    assert training.iloc[0].bikes_free == 0, training
    print(f"labels  {len(labels)} labels meet {len(training)} observations of the 24 hours before")

    # Delete one station, and look around.
    runtime.delete_record(
        FeatureGroupName=GROUP, RecordIdentifierValueAsString="S9999", EventTime=str(observed + 60)
    )
    assert "Record" not in runtime.get_record(FeatureGroupName=GROUP, RecordIdentifierValueAsString="S9999")
    deleted = sql(stations, f'SELECT station_id, bikes_free FROM "{table}" WHERE is_deleted', output)
    assert deleted.station_id.tolist() == ["S9999"] and deleted.bikes_free.isna().all(), deleted

    client = boto3.client("sagemaker")
    listed = client.list_feature_groups(SortBy="CreationTime", SortOrder="Descending")["FeatureGroupSummaries"]
    mine = [g for g in listed if g["FeatureGroupName"] == GROUP]
    assert mine and mine[0]["FeatureGroupStatus"] == "Created", listed
    details = client.describe_feature_group(FeatureGroupName=GROUP)
    types = {d["FeatureName"]: d["FeatureType"] for d in details["FeatureDefinitions"]}
    assert types == {
        "station_id": "String",
        "observed_at": "String",
        "bikes_free": "Integral",
        "docks_free": "Integral",
        "trips_last_hour": "Fractional",
        "empty_share": "Fractional",
        "district": "String",
    }, types
    print(f"list    {len(listed)} group(s); {GROUP} has {len(types)} features")
    print(f"All of it was right, in {time.time() - started:.1f} s.")


def sql_ddl(text, output):
    """Runs a statement that has no rows."""
    athena = boto3.client("athena")
    query = athena.start_query_execution(
        QueryString=text,
        QueryExecutionContext={"Database": "sagemaker_featurestore"},
        ResultConfiguration={"OutputLocation": output},
    )["QueryExecutionId"]
    while True:
        status = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
        if status["State"] not in ("QUEUED", "RUNNING"):
            break
        time.sleep(0.2)
    assert status["State"] == "SUCCEEDED", status


if __name__ == "__main__":
    sys.exit(main())
