"""pandas' merge_asof, a group after the other.

usage: pandas_asof.py DIRECTORY OUT
"""

import sys

import pandas as pd
from common import FEATURES, GROUPS, LOOK_BACK_DAYS, timed

directory, out = sys.argv[1:]

with timed():
    joined = pd.read_parquet(f"{directory}/labels.parquet").sort_values("at", kind="stable")
    for group in GROUPS:
        history = pd.read_parquet(f"{directory}/{group}").sort_values(["at", "created"], kind="stable").drop(columns="created")
        history = history.rename(columns={"id": group} | {feature: f"{group}_{feature}" for feature in FEATURES})
        joined = pd.merge_asof(joined, history, on="at", by=group, tolerance=pd.Timedelta(days=LOOK_BACK_DAYS))
    joined.to_parquet(out)
