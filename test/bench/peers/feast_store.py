"""Makes a Feast repository of one feature view, and puts the records of a CSV file into its online store.

usage: feast_store.py REPOSITORY RECORDS.csv [--precompute]

REPOSITORY/feature_store.yaml says which store. The first column is the entity, whole numbers; the others are features
of type Float64. Works with Feast 0.29 and with the newest. The feature service "all" has every feature; "vectors" too,
with one pre-computed vector an entity.
"""

import argparse
import time
from datetime import datetime, timezone
from pathlib import Path

import pandas as pd
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.types import Float64, Int64

arguments = argparse.ArgumentParser()
arguments.add_argument("repository", type=Path)
arguments.add_argument("records", type=Path)
arguments.add_argument("--precompute", action="store_true")
wanted = arguments.parse_args()

CHUNK = 2000  # rows written at once
TIME = "event_timestamp"

columns = list(pd.read_csv(wanted.records, nrows=0))
key, features = columns[0], columns[1:]
store = FeatureStore(repo_path=str(wanted.repository))
entity = Entity(name=key, join_keys=[key], value_type=ValueType.INT64)
# Nothing is read from the source; a feature view must name one.
source = FileSource(name="records", path=str(wanted.records), timestamp_field=TIME)
view = FeatureView(
    name="records",
    entities=[entity],
    schema=[Field(name=key, dtype=Int64)] + [Field(name=name, dtype=Float64) for name in features],
    source=source,
)
services = [FeatureService(name="all", features=[view])]
if wanted.precompute:
    services.append(FeatureService(name="vectors", features=[view], precompute_online=True))
store.apply([entity, view, *services])

began = time.perf_counter()
rows = 0
types = {key: "int64"} | {name: "float64" for name in features}
for chunk in pd.read_csv(wanted.records, chunksize=CHUNK, dtype=types, float_precision="round_trip"):
    chunk[TIME] = datetime.now(timezone.utc)
    store.write_to_online_store(view.name, chunk)
    rows += len(chunk)
print(f"{rows} entities of {len(features)} features written in {time.perf_counter() - began:.1f} s", flush=True)

if wanted.precompute:
    began = time.perf_counter()
    vectors = store.precompute_feature_service("vectors")
    if vectors != rows:
        raise SystemExit(f"{vectors} vectors of {rows} entities")
    print(f"{vectors} vectors pre-computed in {time.perf_counter() - began:.1f} s", flush=True)
