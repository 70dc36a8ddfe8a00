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
