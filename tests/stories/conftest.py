# Fixtures of stories: suite (the whole of it), edge (nginx), db (SQL over all walls), facts (what was told on Kafka).
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))

import whole_suite


@pytest.fixture(scope="session")
def suite():
    return whole_suite.the_suite()


@pytest.fixture(scope="session")
def edge(suite):
    """edge("POST", "/v1/work-orders", {...}, token=..., idempotency_key=...) through nginx."""
    return suite.edge


@pytest.fixture(scope="session")
def db(suite):
    """db("SELECT ... WHERE id = %s", id): rows, as the superuser."""
    return suite.sql


@pytest.fixture(scope="session")
def facts(suite):
    reading = whole_suite.Facts(suite.env["KAFKA_BOOTSTRAP_SERVERS"])
    yield reading
    reading.end()


def pytest_sessionfinish(session):
    whole_suite.end_the_suite(keep=session.testsfailed > 0)
