# Which WAL leads from a base backup to the place that was reached: timelines leave each other, and a file that is missing ends
# recovery without a word, as if there were no more.
import io

from keeping.server import number_of, segment_of
from keeping.target import Broken

LONGEST_RECORD = 1 << 20  # what was reached may end within a record whose end was never written


def read_forks(target):
    """timeline -> {each one that it came from: the place in the WAL where it left that one}."""
    found = {}
    for name, place in target.segments().items():
        if name.endswith(".history"):
            held = io.BytesIO()
            target.get(place, held)
            found[int(name[:8], 16)] = forks_in(held.getvalue().decode(errors="replace"))
    return found


def forks_in(history):
    lines = [line.split() for line in history.splitlines()]
    return {int(line[0]): number_of(line[1]) for line in lines if line and line[0].isdigit()}


def leads_on(backup, newest, left_at):
    """One that was made behind the place where its timeline was left holds what was given up, and ends in it."""
    return backup["timeline"] >= newest or backup["end_lsn"] <= left_at.get(backup["timeline"], -1)


def refuse_holes(target, chosen):
    """Each WAL file from the base backup's first to the one that was reached, of the timeline that it then belongs to."""
    reached, there = target.reached(), target.segments()
    if not reached["lsn"]:
        return  # a timeline that has just begun has promised nothing
    segment_bytes = chosen.get("segment_bytes", 16 << 20)
    per_file = (1 << 32) // segment_bytes
    last = (reached["lsn"] - 1) // segment_bytes
    left_at = read_forks(target).get(reached["timeline"], {})
    ends = sorted((timeline, lsn // segment_bytes) for timeline, lsn in left_at.items()) + [(reached["timeline"], last + 1)]
    first = chosen["start_segment"]
    for number in range(int(first[8:16], 16) * per_file + int(first[16:24], 16), last + 1):
        timeline = next(timeline for timeline, end in ends if number < end)
        name = segment_of(timeline, number * segment_bytes, segment_bytes)
        if name not in there:
            raise Broken(f"WAL file {name} is not in {target.path}, so recovery would end before it. Bring it; or --as-far-as-it-goes; or --until "
                         "an earlier moment")


def refuse_short(target, data):
    """After recovery: a new timeline's history says where it left the one that was read."""
    reached = target.reached()
    newest = max((data / "pg_wal").glob("[0-9A-F]*.history"), key=lambda each: each.name)
    left_at = max(forks_in(newest.read_text()).values())
    if left_at < reached["lsn"] - LONGEST_RECORD:
        raise Broken(f"recovery ended at {left_at:X} of the WAL, but {reached['lsn']:X} had been reached: a file in between cannot be read. {data} holds "
                     "what comes before; empty it and begin again, with --as-far-as-it-goes if that is all there is")
