# A minute of the fault run, by a fixed seed: what scripts/faults says is what counts.
import os
import subprocess

from conftest import ROOM

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "ONLY"} | {"SEED": "1"}


def test_what_must_hold_holds_after_a_short_storm(built, tmp_path_factory):
    folder = tmp_path_factory.mktemp("storm")
    done = subprocess.run([ROOM / "scripts/faults", "--short", folder], capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode == 0, done.stdout[-9000:] + done.stderr[-3000:]
    assert "all hold" in done.stdout
