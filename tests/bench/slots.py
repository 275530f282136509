#!/usr/bin/python3
# Hours for a customer at the size to plan for: 10,000 technicians, 14 days, 100,000 promised visits, over HTTP, on parts and
# processes of its own. `make bench` prints its rows with the others; alone: tests/bench/slots.py [TECHNICIANS [VISITS]].
#
#   ready after      from exec until a process has the whole book in memory
#   search           wrk, keep-alive, each request another of 2,000 orders; one, two and four processes side by side
#   one more visit into a full day  the solver's own question: every start, 1,000 technicians with 5,000 visits, in memory
#   cost against size  the search alone, in one thread, for 1,000 to 30,000 technicians: processor time, no HTTP, no database
#   booking          one client after the other: the best hour of an order is booked, durably
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/bench"), str(ROOT / "scripts")]
sys.dont_write_bytecode = True

import big_book
from throwaway import services

SECONDS = int(os.environ.get("SECONDS_EACH", "10"))
ORDERS, BOOKINGS = 2000, 400


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, **more).stdout


class Matching:
    def __init__(self, folder, env, number):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = folder / f"matching-{number}.log"
        settings = services.settings(folder, env, "matching") | {"HTTP_PORT": str(self.port), "INSTANCE": str(number)}
        began = time.monotonic()
        self.process = subprocess.Popen([ROOT / "build/bin/matching"], env=settings, stderr=open(self.log, "wb"))
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > began + 120:
                sys.exit(f"bench: matching is not ready: {self.log.read_text()[-2000:]}")
            time.sleep(0.02)
        self.ready_s = time.monotonic() - began

    def is_ready(self):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2).status == 200
        except OSError:
            return False

    def cpu_s(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self):
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())[1]) / 1024

    def book(self):
        for line in self.log.read_text().splitlines():
            if '"event":"book_loaded"' in line:
                return json.loads(line)
        sys.exit("bench: no book was loaded")

    def ask(self, path, body, who):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(), method="POST")
        request.add_header("X-Actor", who)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())


def wrk(ports, connections, who, orders):
    """All ports at once: (requests/s together, p50 ms, p99 ms of the slowest)."""
    environment = os.environ | {"ACTOR": who, "ORDERS": str(orders)}
    loads = [
        subprocess.Popen(["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}", "--latency", "-s", str(ROOT / "tests/bench/slots.lua"), f"http://127.0.0.1:{port}"],
                         env=environment, stdout=subprocess.PIPE, text=True)
        for port in ports
    ]  # fmt: skip
    rate, p50, p99 = 0, [], []
    for text in [load.communicate()[0] for load in loads]:
        if "Non-2xx" in text:
            sys.exit(f"bench: not every search was answered:\n{text}")
        rate += float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
        for quantile, into in ((50, p50), (99, p99)):
            match = re.search(rf"{quantile}%\s+([\d.]+)(us|ms|s)", text)
            into.append(float(match[1]) * {"us": 0.001, "ms": 1, "s": 1000}[match[2]])
    return rate, max(p50), max(p99)


def book_best(matching, order, who):
    """ms of the booking; None when nobody can come, or somebody else's booking took the hour meanwhile."""
    slots = matching.ask("/v1/slot-searches", {"work_order_id": order, "most": 3}, who).get("slots", [])
    if not slots:
        return None
    began = time.monotonic()
    try:
        matching.ask(f"/v1/work-orders/{order}/booking", {"slot_id": slots[0]["slot_id"]}, who)
    except urllib.error.HTTPError as refused:
        if refused.code != 409:
            raise
        return None
    return 1000 * (time.monotonic() - began)


def book_all(matching, orders, who):
    return sorted(filter(None, (book_best(matching, order, who) for order in orders[:BOOKINGS])))


def measure(folder, technicians, visits):
    run(ROOT / "scripts/parts", "up", folder, "--only", "postgres,kafka,redis")
    env = services_env(folder)
    run(ROOT / "scripts/bootstrap-database.sh", folder, env=os.environ | env)
    run(ROOT / "build/bin/matching", "--migrate", env=services.settings(folder, env, "matching"))
    now = int(time.time() * 1000)
    today = (datetime.now(ZoneInfo("Europe/Warsaw")).date() - datetime(1970, 1, 1).date()).days
    with psycopg2.connect(host=env["PGHOST"], port=env["PGPORT"], dbname="majster", user="postgres") as connection:
        orders = big_book.fill(connection, technicians, visits, ORDERS, today + 1, now)
    (folder / "keys").mkdir(exist_ok=True)
    ids = folder / "orders"
    ids.write_text("".join(each + "\n" for each in orders))
    who = run(ROOT / "build/bin/sign-actor", folder / "keys", "intake", "partner", "bench", "bench", "-").strip()
    return load(folder, env, orders, ids, who)


def load(folder, env, orders, ids, who):
    rows, running = [], []
    try:
        for count in (1, 2, 4):
            while len(running) < count:
                running.append(Matching(folder, env, len(running)))
            if count == 1:
                rows += describe(running[0])
                for connections in (1, 4, 16):
                    rows.append(search_row(running, connections, who, ids, "goal p50 2 ms, p99 10 ms, 1000/s"))
            else:
                rows.append(search_row(running, 4, who, ids, "no lock between them: the same work for each"))
        times = book_all(running[0], orders, who)
        rows.append((f"booking, {len(times)} one after the other, p50 / p99", f"{statistics.median(times):.1f} / {times[int(len(times) * 0.99)]:.1f} ms", "goal p99 100 ms"))
    finally:
        for each in running:
            each.process.terminate()
            each.process.wait(30)
    return rows


def describe(matching):
    book = matching.book()
    return [
        (f"book of {book['technicians']} technicians, {book['technician_days']} days, {book['stops']} stops: ready after", f"{matching.ready_s:.1f} s", "seconds"),
        ("  memory: a technician-day / the process", f"{book['bytes'] / book['technician_days']:.0f} bytes / {matching.resident_mb():.0f} MB", ""),
    ]


def search_row(running, connections, who, ids, beside):
    before = sum(each.cpu_s() for each in running)
    rate, p50, p99 = wrk([each.port for each in running], connections, who, ids)
    cpu_ms = 1000 * (sum(each.cpu_s() for each in running) - before) / (rate * SECONDS)
    what = f"search, {len(running)} process{'es' if len(running) > 1 else ''}, {connections} connection{'s' if connections > 1 else ''} each"
    return (what, f"{rate:.0f}/s, p50 {p50:.1f} p99 {p99:.1f} ms, {cpu_ms:.2f} ms CPU each", beside)


def services_env(folder):
    lines = run("bash", "-c", f'set -a; . "{folder}/env"; env -0', env={}).split("\0")
    return dict(line.split("=", 1) for line in lines if "=" in line)


def cost_rows():
    text = run(ROOT / "build/bench/slots_cost", "1000", "3000", "10000", "30000")
    return [
        (f"the search alone, {each['technicians']} technicians, {each['asked']} asked, p50 / p99", f"{each['p50_us']} / {each['p99_us']} µs of CPU", "should hardly grow")
        for each in map(json.loads, text.splitlines())
    ]


def full_day_row():
    """Into a day that is planned as a whole: the solver's own question, every start of the day."""
    day = json.loads(run(ROOT / "build/bench/offers_cost"))
    return (f"one more visit into a full day of {day['technicians']} x {day['visits']}, all starts, with breaks, p50 / p99",
            f"{day['p50_us']:.0f} / {day['p99_us']:.0f} µs of CPU", "goal p99 1 ms")


def rows(folder, technicians=10_000, visits=100_000):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        return measure(folder, technicians, visits) + cost_rows() + [full_day_row()]
    finally:
        subprocess.run([ROOT / "scripts/parts", "wipe", folder], check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    size = [int(word) for word in sys.argv[1:]]
    for row in rows(Path(os.environ.get("BENCH_DIR", "/tmp/majster-bench-slots")), *size):
        print(f"{row[0]:80}  {row[1]:48}  {row[2]}")
