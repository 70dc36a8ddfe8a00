"""The example programs, as a user starts them."""

import pathlib
import re
import subprocess
import sys

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples"


def run(*command):
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, timeout=600)
    print(done.stdout, done.stderr)  # shown by pytest if the test fails
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_walkthrough():
    assert "All of it was right" in run(EXAMPLES / "walkthrough" / "walkthrough.py")


def test_flight_delays_of_two_weeks():
    out = run(EXAMPLES / "flight_delays" / "flight_delays.py", "--days", "14")
    hours, flights = re.search(r"loaded ([\d,]+) hours of weather, [\d,]+ of traffic, and ([\d,]+) flights", out).groups()
    assert f"SQL counts {hours} rows" in out
    assert f"training set: {flights} rows, one a flight" in out
    assert len(re.findall(r"model .*: AUC 0\.\d{3}", out)) == 3
    promised, kept = map(float, re.search(r"naive join: AUC (0\.\d{3}) promised, (0\.\d{3}) with", out).groups())
    assert promised > kept
