# What runs all the time: pg_receivewal's segments go to the target each second, also the one that is being filled; before
# them the files that they speak of, so that what is restored finds its files; once a day a base backup; what is old goes.
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import psycopg2

from keeping import base, pruning
from keeping.files import Files
from keeping.forgotten import Ledger
from keeping.server import NAME, Server, make_slot, replication_words
from keeping.target import Broken

EVERY_S = 1.0
AGAIN_S = 60  # after a base backup that failed


class Archive:
    def __init__(self, target, metrics, say, keep_days, every_h):
        self.target, self.metrics, self.say, self.keep_days, self.every_h = target, metrics, say, keep_days, every_h
        self.spool = Path(os.environ.get("BACKUP_SPOOL") or target.path / ".spool")
        if target.recipients and target.path.resolve() in [self.spool.resolve(), *self.spool.resolve().parents]:
            raise Broken(f"{self.spool} lies in {target.path}, where all is sealed, and WAL arrives unsealed: BACKUP_SPOOL names another disk")
        self.server, self.receiver, self.ending = Server(), None, threading.Event()
        self.files = Files(target, os.environ.get("FILES_DIR"))
        self.ledger = Ledger(target, os.environ.get("KAFKA_BOOTSTRAP_SERVERS"), say)
        self.asked, self.shipped, self.base, self.base_not_before_s = [], {}, None, 0.0
        self.is_mute = False  # that figures cannot be written is said once
        self.system, self.timeline, self.holes_end_s = None, None, 0.0  # no base backup from before then leads on to now

    def run(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.ending.set())
        self.spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        # 0 is long ago: an alert need not know whether there ever was one.
        self.metrics.set(last_success_timestamp_seconds=0, wal_last_archived_timestamp_seconds=self.target.reached()["at"])
        if self.target.backups():
            self.metrics.of(self.target.backups()[-1])
        self.say(f"keeps {os.environ.get('PGHOST', 'the server')} in {self.target.path}")
        try:
            while not self.ending.wait(EVERY_S):
                self.look()
        finally:
            self.ledger.end()
            self.end_receiver()
        return 0

    def look(self):
        """PostgreSQL that is away keeps nobody from being noted, Kafka that is away no backup from being made."""
        if self.has_done(self.fetch):
            self.has_done(self.begin_base)
        self.has_done(self.ledger.take)
        self.tell()

    def has_done(self, step):
        try:
            step()
        except (psycopg2.Error, OSError, Broken) as fault:
            self.failed(type(fault).__name__, fault)
            self.ending.wait(EVERY_S)
            return False
        return True

    def fetch(self):
        self.receive()
        self.ship()

    def tell(self):
        """Figures that cannot be written must not end what they speak of; an alert sees that they stand still."""
        self.metrics.set(files_kept=self.files.kept)
        try:
            self.metrics.write()
        except OSError as fault:
            if not self.is_mute:
                self.say(f"its figures cannot be written: {fault}")
            self.is_mute = True
        else:
            self.is_mute = False

    # ---- WAL ----

    def receive(self):
        if self.receiver and self.receiver.poll() is None:
            return
        self.server.forget()
        self.system, self.timeline, _ = self.server.identity()
        self.refuse_another_cluster()
        self.leave_other_timelines()
        if self.server.drop_lost_slot():
            self.say("the server has deleted WAL that was not fetched: a hole, so a new base backup")
            self.begin_anew()
        make_slot(self.spool)
        self.receiver = subprocess.Popen(["pg_receivewal", "-D", str(self.spool), *replication_words(), "--slot", NAME,
                                          "--no-loop", "--status-interval=1"], stdin=subprocess.DEVNULL)  # fmt: skip

    def refuse_another_cluster(self):
        """Its WAL files have the same names, and would go over those of the one that is kept."""
        kept = {each.get("system") for each in [self.target.reached(), *self.target.backups()]} - {None, self.system}
        if kept:
            raise Broken(f"{self.target.path} keeps cluster {kept.pop()}, the server is cluster {self.system}: "
                         "a new cluster needs an empty target and an empty spool")

    def leave_other_timelines(self):
        """After a restore the server writes another history; our reader would ask for the one that we have begun."""
        begun = [each for each in self.spool.iterdir() if len(each.name) >= 24]
        if any(int(each.name[:8], 16) != self.timeline for each in begun):
            self.say(f"the server is on timeline {self.timeline} by now: a new base backup")
            self.ship_segments()
            self.begin_anew()
        if self.target.reached().get("timeline", self.timeline) != self.timeline:
            self.target.forget_reached()

    def begin_anew(self):
        shutil.rmtree(self.spool)
        self.spool.mkdir(mode=0o700)
        self.asked, self.shipped, self.holes_end_s, self.base_not_before_s = [], {}, time.time(), 0.0

    def end_receiver(self):
        if self.receiver and self.receiver.poll() is None:
            self.receiver.terminate()
            self.receiver.wait()

    def ship(self):
        """First how far all is there, then the bytes, then their files, then they stand under their names."""
        received = self.server.received()
        safe = [each for each in self.asked if each[1] <= received]
        self.asked = [each for each in self.asked if each[1] > received][-60:] + [self.server.written()]
        self.ship_segments()
        if safe:
            self.target.write("reached.json", json.dumps({"at": safe[-1][0], "lsn": safe[-1][1], "timeline": self.timeline,
                                                            "system": self.system}))  # fmt: skip
            self.metrics.set(wal_last_archived_timestamp_seconds=round(safe[-1][0], 3))

    def ship_segments(self):
        ready = sorted(each for each in self.spool.iterdir() if not each.name.endswith(".tmp"))
        content = [(each, each.stat().st_mtime_ns, each.read_bytes()) for each in ready if self.has_changed(each)]
        self.files.copy()
        for each, written, held in content:
            self.target.put(f"wal/{each.name}", held)
            self.shipped[each.name] = written
            if not each.name.endswith(".partial"):
                self.done_with(each)

    def has_changed(self, segment):
        """One that was written a moment ago may be written again within the same tick of the file system's clock."""
        written = segment.stat().st_mtime_ns
        return self.shipped.get(segment.name) != written or time.time_ns() - written < 2_000_000_000

    def done_with(self, segment):
        """The server sends it no more; the newest one stays, as pg_receivewal goes on from there."""
        for place in (self.target.path / "wal").glob(f"{segment.name}.partial*"):
            place.unlink()
        if segment.name.endswith(".history"):
            return
        self.shipped.pop(segment.name + ".partial", None)
        for older in self.spool.iterdir():
            if len(older.name) == 24 and older.name < segment.name and older.name in self.shipped:
                older.unlink()
                self.shipped.pop(older.name)

    # ---- base backups ----

    def begin_base(self):
        if self.base and self.base.is_alive():
            return
        backups = [each for each in self.target.backups() if each["timeline"] == self.timeline and each["started_at"] > self.holes_end_s]
        if time.time() < self.base_not_before_s or (backups and time.time() - backups[-1]["started_at"] < self.every_h * 3600):
            return
        self.base_not_before_s = time.time() + AGAIN_S
        self.base = threading.Thread(target=self.make_base, daemon=True, name="base")
        self.base.start()

    def make_base(self):
        try:
            base.make(self.target, self.metrics, self.say)
        except (Broken, OSError, psycopg2.Error) as fault:
            self.failed("no base backup", fault)
            return
        try:
            pruning.prune(self.target, self.keep_days, self.say)
            self.files.still_there()
            pruning.prune_files(self.target, self.keep_days)
            self.files.is_stale = True
        except (Broken, OSError) as fault:
            self.failed("what is old is not deleted", fault)

    def failed(self, what, fault):
        self.metrics.add("failures_total")
        self.say(f"{what}: {str(fault).strip()}")
