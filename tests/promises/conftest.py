# Promises on real parts, as their customers meet them: facts and requests in, rows and facts out, processes killed in between.
# PROMISES=full asks for the full counts (make promises), SEED for another run; both are printed with what was found.
import os
import random
import subprocess
import sys
from importlib import machinery, util
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOM / "tests/city"), str(ROOM / "tests/faults"), str(ROOM / "scripts"), str(ROOM / "tests/promises")]


def of_services():
    """One process of a service under test, as tests/services has it."""
    loader = machinery.SourceFileLoader("one_service", str(ROOM / "tests/services/conftest.py"))
    module = util.module_from_spec(util.spec_from_loader("one_service", loader))
    sys.modules["one_service"] = module
    loader.exec_module(module)
    return module


one_service = of_services()
import town  # noqa: E402: it stands on the line above
from facts_by_hand import FactsByHand  # noqa: E402

FULL = os.environ.get("PROMISES") == "full"
SEED = int(os.environ.get("SEED", "1"))


def often(full, short):
    return full if FULL else short


def say(text):
    """A line for who runs `make promises`."""
    print(f"promises: {text}", flush=True)


def pytest_collection_modifyitems(items):
    """First those that start services that start nowhere else: later they would first have to hear all that the large runs told."""
    items.sort(key=lambda item: item.path.name not in ("test_live_state.py", "test_next_step.py"))


@pytest.fixture(scope="session")
def suite(tmp_path_factory):
    folder = tmp_path_factory.mktemp("promises")
    subprocess.run([ROOM / "scripts/parts", "up", folder, "--only", "postgres,kafka,redis"], check=True)
    try:
        suite = one_service.Suite(folder)
        subprocess.run([ROOM / "scripts/bootstrap-database.sh", folder], env=os.environ | suite.env, check=True)
        yield suite
    finally:
        subprocess.run([ROOM / "scripts/parts", "down", folder], check=True)


@pytest.fixture(scope="session")
def facts(suite):
    facts = FactsByHand(suite.env["KAFKA_BOOTSTRAP_SERVERS"])
    yield facts
    facts.end()


@pytest.fixture(scope="session")
def faulty():
    """The fault run's binaries, which may be told to leave a rule out; as make test has built them, or built now."""
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "BUILD", "SAN")}
    subprocess.run(["make", "-s", "--no-print-directory", "-C", ROOM, "FAULTS=1", "all"], check=True, stdout=subprocess.DEVNULL, env=env)
    return ROOM / "build/faults/bin"


@pytest.fixture
def dice(request):
    """Its own row of random numbers for each test, the same for the same SEED."""
    say(f"{request.node.name}: SEED={SEED}")
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture
def processes(suite):
    """Starts processes of a service for one test: two of matching unless told otherwise."""
    started = []

    def start(name="matching", count=2, binaries=None, **settings):
        own = {"HTTP_THREADS": 200} | ({"MATCHING_LEAD_MS": 0} if name == "matching" else {})  # every caller keeps a line to each
        new = [town.Process(suite, name, binaries or one_service.BIN, INSTANCE=number, **(own | settings)) for number in range(count)]
        started.extend(new)
        for process in new:
            process.start()
        return new

    yield start
    for process in started:
        if process.process and process.process.poll() is None:
            process.stop()
