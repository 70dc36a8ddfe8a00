"""What the tests of DatasetBuilder share, of either SDK."""

import importlib.util
import random

import pytest


def pytest_addoption(parser):
    parser.addoption("--seed", default=None, help="of the histories and of what is asked; random and printed unless given")
    parser.addoption("--histories", type=int, default=1000, help="how many; 25 share a set of groups")


@pytest.fixture
def seed(request):
    return request.config.getoption("--seed") or str(random.randrange(10**9))


@pytest.fixture
def histories(request):
    return request.config.getoption("--histories")


@pytest.fixture
def say(capsys):
    """Prints, also of tests that pass."""
    def say(text):
        with capsys.disabled():
            print(text)

    return say


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    """The SDK downloads into the working directory. To find that telemetry is off, each of its calls validates the
    configuration against its schema, which is 0.1 s of Python."""
    monkeypatch.chdir(tmp_path)
    version3 = importlib.util.find_spec("sagemaker.core")
    telemetry = "sagemaker.core.telemetry" if version3 else "sagemaker.telemetry"
    monkeypatch.setattr(f"{telemetry}.telemetry_logging.resolve_value_from_config", lambda **_: True)
