# What tests of the fault run share: the proxy, and the binaries that may be told to fail.
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOM / "tests/faults"), str(ROOM / "tests/city"), str(ROOM / "scripts")]

from throwaway import services  # noqa: E402


@pytest.fixture(scope="session")
def built():
    """The proxy and the fault run's binaries, as make test has built them, or built now."""
    make = ["make", "-s", "--no-print-directory", "-C", ROOM]
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "BUILD", "SAN")}
    subprocess.run([*make, "all", "build/proxy/chaosproxy", "build/proxy/wrong_clock.so"], check=True, stdout=subprocess.DEVNULL, env=env)
    subprocess.run([*make, "FAULTS=1", "all"], check=True, stdout=subprocess.DEVNULL, env=env)
    return ROOM / "build/faults/bin"


@pytest.fixture(scope="session")
def parts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    subprocess.run([ROOM / "scripts/parts", "up", folder, "--only", "postgres,kafka,nginx"], check=True)
    try:
        env = dict(word.split("=", 1) for word in shlex.split((folder / "env").read_text()))
        subprocess.run([ROOM / "scripts/bootstrap-database.sh", folder], env=os.environ | env, check=True)
        yield folder, env
    finally:
        subprocess.run([ROOM / "scripts/parts", "down", folder], check=True)


def surroundings(folder, env, service, **faults):
    for name in ("keys", "files"):
        (folder / name).mkdir(exist_ok=True)
    return services.settings(folder, env, service) | {"HTTP_PORT": "0", "FAULTS_LOG": str(folder / "faults.jsonl")} | faults
