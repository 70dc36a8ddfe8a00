"""Makes a Feast repository of one feature view, and puts the records of a CSV file into its online store.

usage: feast_store.py REPOSITORY RECORDS.csv [--precompute]

REPOSITORY/feature_store.yaml says which store. A column's heading is its name and type, amount:Float64. The first is the
entity, the second the event time, which is a feature too. Works with Feast 0.29 and with the newest. The feature service
"all" has every feature; "vectors" too, with one pre-computed vector an entity.
"""

import argparse
import time
from pathlib import Path

import pandas as pd
from feast import Entity, FeatureService, FeatureStore, FeatureView, Field, FileSource, ValueType
from feast.types import Float64, Int64, String

TYPES = {"Float64": (Float64, "float64"), "Int64": (Int64, "int64"), "String": (String, "string")}
TIME = "event_timestamp"
CHUNK = 2000  # rows written at once

arguments = argparse.ArgumentParser()
arguments.add_argument("repository", type=Path)
arguments.add_argument("records", type=Path)
arguments.add_argument("--precompute", action="store_true")
wanted = arguments.parse_args()

columns = [heading.split(":") for heading in pd.read_csv(wanted.records, nrows=0)]
(key, _), (at, _) = columns[:2]
store = FeatureStore(repo_path=str(wanted.repository))
entity = Entity(name=key, join_keys=[key], value_type=ValueType.STRING)
view = FeatureView(
    name="records",
    entities=[entity],
    schema=[Field(name=name, dtype=TYPES[kind][0]) for name, kind in columns],
    # Nothing is read from it; a feature view must name one.
    source=FileSource(name="records", path=str(wanted.records), timestamp_field=TIME),
)
services = [FeatureService(name="all", features=[view])]
if wanted.precompute:
    services.append(FeatureService(name="vectors", features=[view], precompute_online=True))
store.apply([entity, view, *services])

began = time.perf_counter()
rows = 0
types = {f"{name}:{kind}": TYPES[kind][1] for name, kind in columns}
for chunk in pd.read_csv(wanted.records, chunksize=CHUNK, dtype=types, float_precision="round_trip"):
    chunk.columns = [name for name, _ in columns]
    chunk[TIME] = pd.to_datetime(chunk[at], utc=True)
    store.write_to_online_store(view.name, chunk)
    rows += len(chunk)
print(f"{rows} entities of {len(columns)} features written in {time.perf_counter() - began:.1f} s", flush=True)

if wanted.precompute:
    began = time.perf_counter()
    vectors = store.precompute_feature_service("vectors")
    if vectors != rows:
        raise SystemExit(f"{vectors} vectors of {rows} entities")
    print(f"{vectors} vectors pre-computed in {time.perf_counter() - began:.1f} s", flush=True)
