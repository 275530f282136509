# The short drill: a suite whose backup hung, and whose database, Redis and files are gone, is brought back.
import subprocess
from pathlib import Path

ROOM = Path(__file__).resolve().parents[2]


def test_what_was_destroyed_is_brought_back():
    done = subprocess.run([ROOM / "scripts/drill-restore", "--short"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "drill: everything holds" in done.stdout and "RED" not in done.stdout
