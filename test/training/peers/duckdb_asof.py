"""DuckDB's ASOF join: of the corrected rows the newest, then one join a group.

usage: duckdb_asof.py prepared|offline DIRECTORY OUT

prepared reads the histories as they were generated, with timestamps; offline the files of Larder's offline store.
"""

import sys

import duckdb
from common import FEATURES, GROUPS, LOOK_BACK_DAYS, timed

layout, directory, out = sys.argv[1:]

SOURCES = {
    "prepared": lambda group: f"""SELECT id, "at", created, {', '.join(FEATURES)} FROM '{directory}/{group}/*.parquet'""",
    "offline": lambda group: f"""SELECT id, {instant(group)} AS "at", write_time AS created, {', '.join(FEATURES)} """
    f"FROM read_parquet('{directory}/offline/{group}/**/*.parquet', hive_partitioning = false) WHERE NOT is_deleted",
}


def instant(group):
    return '"at"::TIMESTAMPTZ' if GROUPS[group][1] == "String" else 'make_timestamptz(("at" * 1e6)::BIGINT)'


def history(group):
    source = SOURCES[layout](group)
    return f'SELECT * FROM ({source}) QUALIFY row_number() OVER (PARTITION BY id, "at" ORDER BY created DESC) = 1'


columns, joins = ["l.*"], []
for group in GROUPS:
    known = f'{group}."at" >= l."at" - INTERVAL {LOOK_BACK_DAYS} DAY'
    columns += [f"CASE WHEN {known} THEN {group}.{feature} END AS {group}_{feature}" for feature in FEATURES]
    joins.append(f'ASOF LEFT JOIN ({history(group)}) AS {group} ON l.{group} = {group}.id AND l."at" >= {group}."at"')

with timed():
    duckdb.execute("SET threads = 2; SET memory_limit = '14GB'; SET preserve_insertion_order = false; SET TimeZone = 'UTC'")
    duckdb.execute(f"SET temp_directory = '{out}.spill'")
    duckdb.execute(f"COPY (SELECT {', '.join(columns)} FROM '{directory}/labels.parquet' AS l {' '.join(joins)}) TO '{out}' (FORMAT parquet)")
