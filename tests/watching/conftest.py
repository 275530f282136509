# The suite that test_watching.py stands on ends with pytest.
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

import whole_suite


def pytest_configure(config):
    config.addinivalue_line("markers", "once: of no binary of ours alone; left out when all runs again with sanitizers")


def pytest_sessionfinish(session):
    whole_suite.end_the_suite(keep=session.testsfailed > 0)
