"""What the peers share: the names of the data, and a clock without Python's start and imports."""

import contextlib
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from history import FEATURES, GROUPS, LOOK_BACK_DAYS  # noqa: E402, F401


@contextlib.contextmanager
def timed():
    begin = time.perf_counter()
    yield
    print(f"inner {time.perf_counter() - begin:.3f}", flush=True)
