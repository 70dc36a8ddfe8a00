"""Measures training sets: Larder and its peers, side by side, each in a process of its own. See scripts/bench-training.

Every contender makes the same rows of the same data and writes them as Parquet, ROUNDS times, cold (no file of it is in
the page cache) and warm. What each wrote is compared, value by value, with what Larder wrote. One that takes more
than LIMIT_SECONDS, or more than LIMIT_BYTES of memory, is stopped, and runs no more.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import history
import psutil
import pyarrow.compute as pc
import pyarrow.parquet as pq
from server import Server

HERE = Path(__file__).parent
LIMIT_SECONDS, LIMIT_BYTES = 600, 16 << 30
PEERS = {
    "DuckDB ASOF, offline store's files": ["duckdb_asof.py", "offline"],
    "DuckDB ASOF, prepared files": ["duckdb_asof.py", "prepared"],
    "Polars join_asof, prepared files": ["polars_asof.py"],
    "pandas merge_asof, prepared files": ["pandas_asof.py"],
    "Feast, DuckDB, prepared files": ["feast_history.py", "duckdb"],
    "Feast, Dask, prepared files": ["feast_history.py", "dask"],
}


class Stopped(Exception):
    pass


def evict(directory):
    """Takes the files below directory out of the page cache."""
    os.sync()
    for file in Path(directory).rglob("*"):
        if file.is_file():
            with open(file, "rb") as opened:
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def tree(process):
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def resident(process):
    """Bytes that a process and its children have in memory. Cheap to ask: what is measured must not wait for it."""
    total = 0
    for one in tree(process):
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            pass
    return total


class Meter:
    """The largest memory of a process and its children while it is open, and why they had to be stopped."""

    def __init__(self, pid):
        self.process, self.peak = psutil.Process(pid), 0

    def look(self):
        self.peak = max(self.peak, resident(self.process))
        if self.peak > LIMIT_BYTES:
            raise Stopped(f"more than {LIMIT_BYTES >> 30} GiB")


def peer(command, directory, out):
    """Runs a peer once. Returns seconds (whole process), seconds (without start and imports), peak bytes."""
    begin = time.perf_counter()
    timed = ["/usr/bin/time", "-v", sys.executable, HERE / "peers" / command[0], *command[1:], directory, out]
    process = subprocess.Popen(timed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    meter = Meter(process.pid)
    try:
        while process.poll() is None:
            if time.perf_counter() - begin > LIMIT_SECONDS:
                raise Stopped(f"more than {LIMIT_SECONDS} s")
            meter.look()
            try:
                said = process.communicate(timeout=0.25)
                break
            except subprocess.TimeoutExpired:
                continue
    except Stopped:
        for one in reversed(tree(psutil.Process(process.pid))):
            one.kill()
        process.wait()
        raise
    took = time.perf_counter() - begin
    if process.returncode != 0:
        raise Stopped("failed: " + said[1].strip().splitlines()[0])
    inner = float(re.search(r"^inner ([\d.]+)$", said[0], re.M)[1])
    peak = 1024 * int(re.search(r"Maximum resident set size \(kbytes\): (\d+)", said[1])[1])
    return took, inner, peak


class Larder:
    """Larder as a contender: a server that has the data, and a command that asks it."""

    def __init__(self, directory):
        self.directory, self.server, self.version = directory, None, 0

    def start(self):
        self.server = Server(self.directory / "larder")

    def once(self, out):
        self.version += 1
        pid = self.server.process.pid
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew
        took = self.server.training_set(self.directory / "labels.parquet", out, self.version)
        peak = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)[1]
        return took, took, 1024 * int(peak)


def differences(of, that):
    """How many rows and values of one file are not those of the other; rows in the order of `label`."""
    a, b = (pq.read_table(file).sort_by("label") for file in (of, that))
    if a.num_rows != b.num_rows:
        return f"{a.num_rows:,} rows instead of {b.num_rows:,}"
    unequal = 0
    for group in history.GROUPS:
        for feature in history.FEATURES:
            mine = a[f"{group}_{feature}"].combine_chunks()
            theirs = b[f"{group}_{feature}"].combine_chunks().cast(mine.type)
            same = pc.fill_null(pc.equal(mine, theirs), False)
            unequal += a.num_rows - pc.sum(pc.or_(same, pc.and_(pc.is_null(mine), pc.is_null(theirs)))).as_py()
    return f"{unequal:,} values differ" if unequal else "none"


def measure(name, run, directory, rounds, out):
    """Cold once, then warm. Returns a row of the table."""
    results, state = [], "none"
    try:
        for number in range(rounds + 1):
            if number == 0:
                evict(directory)
            results.append(run(out))
            print(f"{name}: round {number}, {results[-1][1]:.2f} s, {results[-1][2] >> 20} MiB", file=sys.stderr, flush=True)
    except Stopped as stopped:
        print(f"{name}: {stopped}", file=sys.stderr, flush=True)
        state = str(stopped)
    return results, state


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("directory", type=Path)
    asked.add_argument("--rows", type=int, default=10_000_000)
    asked.add_argument("--days", type=int, default=60)
    asked.add_argument("--like", type=int, help="as many identifiers as a history of so many rows has; default: of --rows")
    asked.add_argument("--labels", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", default="", help="peers whose name has this; 'none' for Larder alone")
    set_to = asked.parse_args()
    directory = set_to.directory
    history.write(directory, set_to.rows, set_to.days, set_to.labels, set_to.seed, set_to.like or set_to.rows)
    larder = Larder(directory)
    fresh = not (directory / "larder").exists()
    larder.start()
    try:
        if fresh:
            begin = time.perf_counter()
            larder.server.create_groups()
            for group in history.GROUPS:
                larder.server.load(group, directory / group)
            print(f"imported in {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
        peers = {name: command for name, command in PEERS.items() if set_to.only in name}
        for group in history.GROUPS if any("offline" in command for command in peers.values()) else []:
            if not (directory / "offline" / group).exists():
                n, size = larder.server.files(group, directory / "offline" / group)
                print(f"{group}: {n} files, {size >> 20} MiB in the offline store", file=sys.stderr, flush=True)
        reference = directory / "larder.parquet"
        contenders = {"Larder": larder.once}
        for name, command in peers.items():
            contenders[name] = lambda out, command=command: peer(command, directory, out)
        table = {}
        for name, run in contenders.items():
            out = reference if name == "Larder" else directory / "peer.parquet"
            out.unlink(missing_ok=True)
            results, state = measure(name, run, directory, set_to.rounds, out)
            unlike = differences(out, reference) if state == "none" and name != "Larder" else "" if name == "Larder" else state
            table[name] = results, unlike
    finally:
        larder.server.stop()
    show(table)


def show(table):
    print("| | cold s | warm s, median | worst | whole process s | peak MiB | to Larder | differences |")
    print("|---|---|---|---|---|---|---|---|")
    ours = statistics.median(inner for _, inner, _ in table["Larder"][0][1:])
    for name, (results, unlike) in table.items():
        if len(results) < 2:
            cells = [f"{results[0][1]:.1f}" if results else "", "", "", "", str(max(r[2] for r in results) >> 20) if results else "", ""]
        else:
            warm = [inner for _, inner, _ in results[1:]]
            whole = statistics.median(took for took, _, _ in results[1:])
            cells = [f"{results[0][1]:.1f}", f"{statistics.median(warm):.1f}", f"{max(warm):.1f}", f"{whole:.1f}",
                     str(max(peak for _, _, peak in results) >> 20), f"{statistics.median(warm) / ours:.1f}×"]
        print(f"| {name} | {' | '.join(cells)} | {unlike} |")


if __name__ == "__main__":
    main()
