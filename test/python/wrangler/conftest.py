"""awswrangler, with the pandas and pyarrow that it brings (the environment wrangler)."""

import awswrangler as wr
import pandas as pd
import pytest


@pytest.fixture
def database(name):
    """A database of the test's own."""
    database = name.replace("-", "_")
    wr.catalog.create_database(database)
    yield database
    wr.catalog.delete_database(database)  # with its tables


@pytest.fixture
def frame():
    """All types that a column may have, and nulls."""
    return pd.DataFrame({
        "n": pd.array([1, None, -(2**63)], dtype="Int64"),
        "small": pd.array([1, 2, -3], dtype="int16"),
        "x": [0.1, None, -1e300],
        "words": ["é, \"x\"", None, ""],
        "truth": pd.array([True, False, None], dtype="boolean"),
        "at": pd.to_datetime(["2024-02-29 23:59:59.123456", None, "1969-12-31 23:59:59.001"]),
        "day": [pd.Timestamp("2024-02-29").date(), None, pd.Timestamp("1969-12-31").date()],
    })
