"""Plain DuckDB over Parquet files: reads {version, sql, threads, memory, files, scratch, out} from standard input, runs
the statement into a CSV file and prints how many seconds that took, by the clock and of processors. A process a statement, so that what it holds at most
is the statement's. It runs where Larder's workers run: at their priority, and on every core but the first."""

import json
import os
import sys
import time

import duckdb

ask = json.load(sys.stdin)
if duckdb.__version__ != ask["version"]:
    sys.exit(f"DuckDB {duckdb.__version__}, and {ask['version']} is linked into larder: the two do not compare")
os.nice(10)
cores = sorted(os.sched_getaffinity(0))
os.sched_setaffinity(0, cores[1:] or cores)
db = duckdb.connect(config={"threads": ask["threads"], "memory_limit": ask["memory"], "temp_directory": ask["scratch"]})
db.execute("SET TimeZone='UTC'")
for table, files in ask["files"].items():
    paths = ", ".join("'" + f.replace("'", "''") + "'" for f in files)
    db.execute(f"CREATE VIEW {table} AS FROM read_parquet([{paths}])")
began, used = time.perf_counter(), time.process_time()
db.execute(f"COPY ({ask['sql']}) TO '{ask['out']}' (FORMAT csv, HEADER)")
print(time.perf_counter() - began, time.process_time() - used)
