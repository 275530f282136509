# What tests of the fault run share: the proxy, and the binaries that may be told to fail.
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOM / "tests/faults"), str(ROOM / "tests/city"), str(ROOM / "scripts")]


@pytest.fixture(scope="session")
def built():
    """The proxy and the fault run's binaries, as make test has built them, or built now."""
    make = ["make", "-s", "--no-print-directory", "-C", ROOM]
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "BUILD", "SAN")}
    subprocess.run([*make, "all", "build/proxy/chaosproxy"], check=True, stdout=subprocess.DEVNULL, env=env)
    subprocess.run([*make, "FAULTS=1", "all"], check=True, stdout=subprocess.DEVNULL, env=env)
    return ROOM / "build/faults/bin"
