# The faults, each a function that does its harm and heals it; where healing takes its time, it returns when the harm was
# over. `bar_s` is how soon the suite has to be back at work afterwards; what takes longer is told in the report.
import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from collections import Counter

import psycopg2

AT = {"after_inbox": "intake", "before_commit": "matching", "after_commit": "matching", "before_produce": "intake",
      "before_delete": "notifications"}  # fmt: skip
FAILPOINTS = tuple(AT)
FULL_S = 8
STOP_S = 12  # a consumer's session is 10 s
HOUR_MS = 3_600_000
CLOCKS = [(HOUR_MS, 3), (-HOUR_MS, 3), *[(3000, 0.5), (-3000, 0.5)] * 2]  # how far ahead, for how many seconds


def ask_postgres(rig, sql, *values):
    """As the superuser, past all proxies; None when PostgreSQL is away."""
    try:
        connection = psycopg2.connect(host=rig.env["PGHOST"], port=rig.env["PGPORT"], dbname="majster", user="postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()
    except psycopg2.Error:
        return None


class Weapons:
    def __init__(self, rig, dice, hurt, edge):
        """`hurt`: seconds that links stay cut and parts stay away."""
        self.rig, self.dice, self.hurt, self.edge = rig, dice, hurt, edge
        self.hasty = Counter()

    def a_process(self, service=None):
        alive = [each for each in self.rig.processes if not each.is_stopped and each.is_ready and service in (None, each.service)]
        return self.dice.choice(alive) if alive else None

    # ---- F1: processes ----

    def kill(self, name):
        process = next(each for each in self.rig.processes if each.name == name)
        process.send(signal.SIGKILL)

    def at_failpoint(self, failpoint, service):
        """The next process of that service dies there, as soon as it comes by."""
        self.until(lambda: self.a_process(service), 15)
        process, before = self.a_process(service), self.hits(failpoint)
        if not process:
            return
        process.failpoint = f"{failpoint}=300"
        process.send(signal.SIGKILL)
        self.until(lambda: self.hits(failpoint) > before, 8)

    def make_sure(self):
        """Every failpoint was met: one whose process had other troubles gets another chance."""
        for failpoint, service in AT.items():
            for _ in range(3):
                if not self.hits(failpoint):
                    self.at_failpoint(failpoint, service)

    def hits(self, failpoint):
        file = self.rig.folder / "failpoints.jsonl"
        return file.read_text().count(f'"{failpoint}"') if file.exists() else 0

    # ---- F2: stopped for longer than a session ----

    def stop(self, *services):
        stopped = [each for each in self.rig.processes if each.service in services]
        for each in stopped:
            each.send(signal.SIGSTOP)

        time.sleep(STOP_S)
        for each in stopped:
            each.send(signal.SIGCONT)

    def stop_part(self, name, seconds):
        self.rig.signal_part(name, signal.SIGSTOP)
        time.sleep(seconds)
        self.rig.signal_part(name, signal.SIGCONT)

    # ---- F3, F4, F5: parts ----

    def kill_part(self, name, away_s=0.0, by=signal.SIGKILL):
        self.rig.signal_part(name, by)
        self.rig.wait_part_gone(name)
        time.sleep(away_s)
        self.rig.part(name)

    def flush_redis(self):
        port = self.rig.parts_state()["redis"]["ports"]["port"]
        subprocess.run(["redis-cli", "-p", str(port), "FLUSHALL"], check=True, capture_output=True)

    def terminate_backends(self):
        ask_postgres(self.rig, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> 'postgres'")

    def kill_backend(self):
        pids = ask_postgres(self.rig, "SELECT pid FROM pg_stat_activity WHERE usename = 'intake' AND backend_type = 'client backend'")
        if pids:
            os.kill(pids[0][0], signal.SIGKILL)
        self.until(lambda: ask_postgres(self.rig, "SELECT 1"), 20)

    # ---- F6: links ----

    def link(self, names, how, seconds):
        for name in names:
            self.rig.proxy.tell(name, how)
        time.sleep(seconds)
        for name in names:
            self.rig.proxy.tell(name, "pass")

    # ---- F9: disks ----

    def fill_disk(self, name):
        """Nothing fits on it any more; then there is room again, and whatever died of it is started again. PostgreSQL would
        outlive so short a time on its spare segments: half of the time it does, then they are used up."""
        disk, from_s = self.rig.disks[name], time.monotonic()
        try:
            while time.monotonic() < from_s + FULL_S:
                disk.fill()
                if name == "postgres" and time.monotonic() > from_s + FULL_S / 2:
                    ask_postgres(self.rig, "SELECT pg_switch_wal()")
                time.sleep(0.2)
        finally:
            disk.clear()
        over_s = time.monotonic()
        self.rig.revive(name)
        return over_s

    # ---- F10: clocks ----

    def wrong_clock(self, name):
        """An hour ahead from its start on, then an hour behind, then to and fro by seconds; then right again."""
        process = next(each for each in self.rig.processes if each.name == name)
        process.set_clock(CLOCKS[0][0])
        process.send(signal.SIGKILL)
        self.until(lambda: process.is_dead() or not process.is_ready, 2)
        self.until(lambda: process.is_ready, 5)
        for ahead_ms, seconds in CLOCKS:
            process.set_clock(ahead_ms)
            time.sleep(seconds)
        process.set_clock(0)

    # ---- F11: too many, too slow ----

    def overload(self, seconds):
        """Three hundred callers who send a byte now and then, and a dozen who ask as fast as they are answered."""
        edge, give_up = self.edge, time.monotonic() + seconds
        slow = []
        for number in range(300):
            caller = socket.socket()
            caller.bind((f"127.9.{number // 250}.{number % 250 + 1}", 0))
            caller.settimeout(1)
            try:
                caller.connect((edge.host, edge.port))
                slow.append(caller)
            except OSError:
                caller.close()
        hasty = [threading.Thread(target=self.ask_hastily, args=[number, give_up], daemon=True) for number in range(12)]
        for each in hasty:
            each.start()
        for byte in b"POST /v1/work-orders HTTP/1.1\r\nHost: a":
            for caller in slow:
                try:
                    caller.send(bytes([byte]))
                except OSError:
                    pass
            if time.monotonic() > give_up:
                break
            time.sleep(0.1)
        for each in hasty:
            each.join(30)
        for caller in slow:
            caller.close()

    def ask_hastily(self, number, give_up):
        token = self.edge.tokens[number % len(self.edge.tokens)]
        while time.monotonic() < give_up:
            connection = http.client.HTTPConnection(self.edge.host, self.edge.port, timeout=10)
            try:
                connection.request("GET", "/v1/work-orders", headers={"Authorization": f"Bearer {token}"})
                self.hasty[connection.getresponse().status] += 1
            except (OSError, http.client.HTTPException):
                self.hasty[0] += 1
            finally:
                connection.close()

    # ---- F7: again and backwards ----

    def rewind(self, by):
        """Consumers' committed offsets go back under their feet: compare and swap must refuse, the inbox what comes again.
        Who is being given his partitions at that moment reads the new ones and never knows: then once more."""
        before, give_up = self.refusals(), time.monotonic() + 10
        while self.refusals() == before and time.monotonic() < give_up:
            for service in self.services_that_listen():
                ask_postgres(self.rig, f"UPDATE {service}.consumer_offset SET next = greatest(next - %s, 0)", by)
            self.until(lambda: self.refusals() > before, 2.5)

    def refusals(self):
        return sum(file.read_bytes().count(b'"offsets_refused"') for file in (self.rig.folder / "log").glob("*.log"))

    def services_that_listen(self):
        return [each.service for each in self.rig.processes if each.instance == 0 and each.service not in ("workforce",)]

    def until(self, look, patience_s):
        give_up = time.monotonic() + patience_s
        while not look() and time.monotonic() < give_up:
            time.sleep(0.05)


def arsenal(weapons, garbage):
    """name -> (act, bar in seconds), in no order; every one is used at least once."""
    w, hurt = weapons, weapons.hurt
    every, edge = w.rig.links_to("pg-"), w.rig.links_to("edge-")
    some = [f"pg-{name}" for name in ("intake", "matching")]
    faults = {}
    for process in w.rig.processes:
        faults[f"F1 kill -9 {process.name}"] = (lambda name=process.name: w.kill(name), 3)
        faults[f"F10 {process.name}'s clock is wrong"] = (lambda name=process.name: w.wrong_clock(name), 5)
    for failpoint, service in AT.items():
        faults[f"F1 kill -9 at {failpoint} ({service})"] = (lambda f=failpoint, s=service: w.at_failpoint(f, s), 3)
    faults |= {
        f"F2 stop intake, matching, notifications {STOP_S} s": (lambda: w.stop("intake", "matching", "notifications"), 15),
        f"F2 stop visits, routing, billing, portal {STOP_S} s": (lambda: w.stop("visits", "routing", "billing", "portal"), 15),
        f"F2 stop workforce, parts, surveys {STOP_S} s": (lambda: w.stop("workforce", "parts", "surveys"), 15),
        f"F2 stop the broker {hurt + 5} s": (lambda: w.stop_part("kafka", hurt + 5), 15),
        "F3 kill -9 the broker": (lambda: w.kill_part("kafka"), 15),
        "F3 kill -9 the broker, again": (lambda: w.kill_part("kafka"), 15),
        "F4 Redis FLUSHALL": (w.flush_redis, 5),
        "F4 kill -9 Redis": (lambda: w.kill_part("redis", 1), 5),
        "F4 stop Redis 5 s": (lambda: w.stop_part("redis", 5), 5),
        "F5 terminate all backends": (w.terminate_backends, 5),
        "F5 kill -9 a backend": (w.kill_backend, 10),
        "F5 PostgreSQL restarts at once": (lambda: w.kill_part("postgres", 1, signal.SIGQUIT), 10),
        f"F6 Kafka unheard {hurt} s": (lambda: w.link(["kafka"], "hole both", hurt), 10),
        f"F6 Kafka hears, is not heard {hurt} s": (lambda: w.link(["kafka"], "hole down", hurt), 10),
        "F6 Kafka reset": (lambda: w.link(["kafka"], "reset", 1), 10),
        f"F6 Kafka in slices of a byte {hurt} s": (lambda: w.link(["kafka"], "slice", hurt), 10),
        f"F6 PostgreSQL unheard by intake, matching {hurt} s": (lambda: w.link(some, "hole both", hurt), 10),
        f"F6 PostgreSQL hears intake, matching, is not heard {hurt} s": (lambda: w.link(some, "hole down", hurt), 10),
        "F6 PostgreSQL reset": (lambda: w.link(every, "reset", 0.5), 10),
        f"F6 PostgreSQL 40 ms away {hurt} s": (lambda: w.link(every, "delay 40", hurt), 10),
        f"F6 PostgreSQL in slices of a byte {hurt} s": (lambda: w.link(some, "slice", hurt), 10),
        f"F6 Redis unheard {hurt} s": (lambda: w.link(["redis"], "hole both", hurt), 5),
        "F6 Redis reset": (lambda: w.link(["redis"], "reset", 1), 5),
        f"F6 edge hears nothing of intake, matching, portal {hurt} s": (lambda: w.link(edge, "hole down", hurt), 10),
        "F6 edge reset": (lambda: w.link(edge, "reset", 1), 5),
        **{f"F9 {name}'s disk is full {FULL_S} s": (lambda name=name: w.fill_disk(name), 20) for name in w.rig.disks},
        "F11 slow callers and a burst": (lambda: w.overload(hurt), 5),
        "F7 duplicates and old versions": (garbage.duplicates, 5),
        "F7 offsets rewound": (lambda: w.rewind(500), 10),
        "F8 garbage on every topic": (garbage.on_topics, 5),
        "F8 garbage at every door": (garbage.at_doors, 5),
    }  # fmt: skip
    return faults


SHORT = ("F1 kill -9 intake-0", "F1 kill -9 matching-0", "F1 kill -9 notifications-0", "F1 kill -9 at", "F3 kill -9 the broker",
         "F4 Redis FLUSHALL", "F5 terminate all", "F6 Kafka reset", "F6 PostgreSQL reset", "F7", "F8")  # fmt: skip


def of_short_run(faults):
    names = [name for name in faults if name.startswith(SHORT) and not name.endswith("again")]
    return {name: faults[name] for name in names}
