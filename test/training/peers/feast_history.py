"""Feast's historical features, with the offline store that is named.

usage: feast_history.py duckdb|dask DIRECTORY OUT
"""

import datetime
import sys
import tempfile
from pathlib import Path

import pandas as pd
from common import FEATURES, GROUPS, LOOK_BACK_DAYS, timed
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, RepoConfig, ValueType
from feast.data_format import ParquetFormat
from feast.types import Float64, Int64, String

engine, directory, out = sys.argv[1:]
TYPES = {"amount": Float64, "count": Int64}

with tempfile.TemporaryDirectory() as registry:
    store = FeatureStore(
        config=RepoConfig(
            project="training",
            provider="local",
            registry=str(Path(registry) / "registry.db"),
            offline_store={"type": engine},
            online_store=None,
            entity_key_serialization_version=3,
        )
    )
    views = []
    for group in GROUPS:
        entity = Entity(name=group, join_keys=[group], value_type=ValueType.STRING)
        source = FileSource(
            name=f"{group}_source",
            path=f"{directory}/{group}/*.parquet",
            file_format=ParquetFormat(),
            timestamp_field="at",
            created_timestamp_column="created",
            field_mapping={"id": group},
        )
        view = FeatureView(
            name=group,
            entities=[entity],
            ttl=datetime.timedelta(days=LOOK_BACK_DAYS),
            schema=[Field(name=group, dtype=String)] + [Field(name=name, dtype=TYPES.get(name.split("_")[0], String)) for name in FEATURES],
            source=source,
            online=False,
        )
        views += [entity, view]
    store.apply(views)
    with timed():
        labels = pd.read_parquet(f"{directory}/labels.parquet").rename(columns={"at": "event_timestamp"})
        wanted = [f"{group}:{feature}" for group in GROUPS for feature in FEATURES]
        job = store.get_historical_features(labels, wanted, full_feature_names=True)
        frame = job.to_df().rename(columns={"event_timestamp": "at"})
        frame.columns = [name.replace("__", "_") for name in frame.columns]
        frame.to_parquet(out)
