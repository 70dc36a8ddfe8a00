"""Polars' join_asof, lazy, a group after the other.

usage: polars_asof.py DIRECTORY OUT
"""

import datetime
import sys

import polars as pl
from common import FEATURES, GROUPS, LOOK_BACK_DAYS, timed

directory, out = sys.argv[1:]

with timed():
    joined = pl.scan_parquet(f"{directory}/labels.parquet").sort("at")
    for group in GROUPS:
        history = pl.scan_parquet(f"{directory}/{group}/*.parquet").sort("at", "created")
        history = history.rename({feature: f"{group}_{feature}" for feature in FEATURES}).drop("created")
        joined = joined.join_asof(history, on="at", by_left=group, by_right="id", tolerance=datetime.timedelta(days=LOOK_BACK_DAYS), check_sortedness=False)
    joined.sink_parquet(out)
