"""The data of the bench of training sets: histories of three feature groups, and labels that name all three.

A history is Parquet files in the order of time, as a log of them would be: `id`, `at` (UTC, to the
millisecond), `created` (when the row was written: the tie-breaker of the peers; Larder has the order of import), ten
features. One row in a hundred has the identifier and the time of one in the file before it, with other features: it
was corrected. All is made from a seed.
"""

import datetime
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

BEGIN = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
PER_FILE = 1_000_000
PER_DAY = 1000 * 86_400  # milliseconds
LOOK_BACK_DAYS = 30

# Group, its identifiers for a million rows, and how its event time is kept in Larder.
GROUPS = {"customers": (100_000, "String"), "merchants": (2_000, "Fractional"), "devices": (300_000, "Fractional")}
FEATURES = [*(f"amount_{n}" for n in range(5)), *(f"count_{n}" for n in range(3)), "segment", "country"]
SEGMENTS = np.array([f"segment {n}" for n in range(20)])
COUNTRIES = np.array([f"{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(200)])


def identifiers(group, rows):
    """How many identifiers a group of so many rows has."""
    return max(1, GROUPS[group][0] * rows // 1_000_000)


def names(group, numbers):
    return np.char.add(group[0] + "-", np.char.zfill(numbers.astype(str), 8))


def write(directory, rows, days, labels, seed, like):
    """Writes all below directory, unless the same is there. The identifiers are as many as a history of `like` rows has."""
    settings = {"rows": rows, "days": days, "labels": labels, "seed": seed, "like": like}
    directory = Path(directory)
    note = directory / "settings.json"
    if note.exists() and json.loads(note.read_text()) == settings:
        return
    for n, group in enumerate(GROUPS):
        write_group(directory / group, group, rows, days, np.random.default_rng([seed, n]), like)
    write_labels(directory / "labels.parquet", like, days, labels, np.random.default_rng([seed, len(GROUPS)]))
    note.write_text(json.dumps(settings))


def write_group(directory, group, rows, days, random, like=None):
    directory.mkdir(parents=True, exist_ok=True)
    begin = int(BEGIN.timestamp() * 1000)
    former = None
    for number, first in enumerate(range(0, rows, PER_FILE)):
        n = min(PER_FILE, rows - first)
        low, high = (begin + days * PER_DAY * k // rows for k in (first, first + n))
        ids = random.integers(0, identifiers(group, like or rows), n)
        at = np.sort(random.integers(low, max(high, low + 1), n))
        if former:
            again = random.choice(n, n // 100, replace=False)
            which = random.integers(0, len(former[0]), len(again))
            ids[again], at[again] = former[0][which], former[1][which]
        former = ids, at
        columns = {
            "id": names(group, ids),
            "at": pa.array(at * 1000, pa.timestamp("us", "UTC")),
            "created": pa.array(np.full(n, (begin + (days + 1 + number) * PER_DAY) * 1000), pa.timestamp("us", "UTC")),
        }
        for feature in FEATURES:
            columns[feature] = values(feature, n, random)
        pq.write_table(pa.table(columns), directory / f"{number:05d}.parquet", compression="snappy")


def values(feature, n, random):
    kind = feature.split("_")[0]
    if kind == "amount":
        drawn = np.round(random.gamma(2, 50, n), 2)
        return pa.array(drawn, mask=random.random(n) < 0.02)
    if kind == "count":
        return pa.array(random.poisson(20, n))
    texts = SEGMENTS if feature == "segment" else COUNTRIES
    return pa.array(texts[random.integers(0, len(texts), n)])


def write_labels(path, rows, days, labels, random):
    """Labels over all but the first tenth of the days, in no order; one identifier in twenty has no rows."""
    begin = int(BEGIN.timestamp() * 1000)
    at = random.integers(begin + days * PER_DAY // 10, begin + days * PER_DAY, labels)
    columns = {"label": np.arange(labels), "at": pa.array(at * 1000, pa.timestamp("us", "UTC"))}
    for group in GROUPS:
        columns[group] = names(group, random.integers(0, identifiers(group, rows) * 20 // 19 + 1, labels))
    columns["fraud"] = random.integers(0, 2, labels)
    pq.write_table(pa.table(columns), path, compression="snappy")
