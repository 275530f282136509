# Base backups: one stream from pg_basebackup into one sealed file, whole only when the WAL that it needs is kept, too.
import json
import os
import re
import subprocess
import time
from datetime import datetime, timezone

from keeping.server import NAME, Server, number_of, segment_of
from keeping.target import Broken, sync_folder

LABEL_BYTES = 1024  # of the stream: a header of 512, then backup_label
PATIENCE_S = 300  # until the WAL that was written meanwhile has arrived


def make(target, metrics, say):
    """-> what backup.json says of it."""
    from_s = time.time()
    clear_halves(target)
    name = datetime.fromtimestamp(from_s, timezone.utc).strftime("%Y-%m-%dT%H-%M-%SZ")
    making = f"base/.making-{name}"
    (target.path / making).mkdir(mode=0o700)
    server = Server()
    system, timeline, segment_bytes = server.identity()
    size, checksum, start = fetch(target, making)
    _, end = server.written()
    server.forget()
    made = {
        "id": name, "started_at": from_s, "ended_at": time.time(), "seconds": round(time.time() - from_s, 1),
        "bytes": size, "sha256": checksum, "system": system, "timeline": timeline,
        "segment_bytes": segment_bytes,
        "start_segment": segment_of(timeline, start, segment_bytes), "end_lsn": end,
    }  # fmt: skip
    wait_for_wal(target, timeline, end)
    target.write(f"{making}/backup.json", json.dumps(made, indent=1) + "\n")
    (target.path / making).rename(target.path / "base" / name)
    sync_folder(target.path / "base")
    metrics.of(made)
    say(f"base backup {name}, {size / 1e6:.1f} MB in {made['seconds']} s, from {made['start_segment']}")
    return made


def clear_halves(target):
    """What was being made by somebody who is not there any more."""
    for folder in (target.path / "base").glob(".making-*"):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


class Begun:
    """A stream whose first bytes were read already."""

    def __init__(self, stream, size):
        self.stream, self.head = stream, stream.read(size)
        self.first = self.head

    def read(self, size):
        head, self.head = self.head, b""
        return head or self.stream.read(size)


def fetch(target, making):
    """-> (bytes, their SHA-256, LSN at which recovery will begin: backup_label, the first file of the stream, names it)."""
    words = ["pg_basebackup", "-d", f"application_name={NAME}_base", "--no-password", "-D", "-", "-F", "tar", "-X", "none",
             "-c", "fast", "--manifest-checksums=SHA256"]
    if rate := os.environ.get("BACKUP_RATE"):
        words += ["--max-rate", rate]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as taking:
        stream = Begun(taking.stdout, LABEL_BYTES)
        _, size, checksum = target.put(f"{making}/base.tar", stream)
        said = taking.stderr.read().decode()
    begins = re.search(rb"START WAL LOCATION: ([0-9A-F]+/[0-9A-F]+)", stream.first)
    if taking.returncode or not begins:
        raise Broken(f"pg_basebackup: {said.strip()[-300:] or 'no backup_label comes first'}")
    return size, checksum, number_of(begins[1].decode())


def wait_for_wal(target, timeline, lsn):
    """The same place in the WAL of another timeline holds something else."""
    give_up = time.monotonic() + PATIENCE_S
    while (reached := target.reached())["lsn"] < lsn or reached.get("timeline") != timeline:
        if time.monotonic() > give_up:
            raise Broken(f"the WAL of this base backup has not arrived within {PATIENCE_S} s: does `backup run` run?")
        time.sleep(0.1)
