# What a target would hold: base backups and the names of WAL files.
import json
import sys
from pathlib import Path

ROOM = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOM / "scripts")]

from keeping.target import Target  # noqa: E402, F401


def backup(target, name, started_at, segment="000000010000000000000002", timeline=1, end_lsn=0x3000000, **more):
    folder = target.path / "base" / name
    folder.mkdir()
    text = json.dumps({"id": name, "started_at": started_at, "ended_at": started_at + 10, "start_segment": segment, "timeline": timeline,
                       "end_lsn": end_lsn} | more)
    (folder / "backup.json").write_text(text)


def segment(number, timeline=1):
    return f"{timeline:08X}00000000{number:08X}"
