#!/usr/bin/python3
# Measures what Majster needs: memory at 1,000 technicians, processor time, disk and connections for orders that are booked.
#
#   tests/bench/sizing.py FILE     writes the figures as JSON; `make sizing` writes deploy/sizing.json, whose tables
#                                  `make docs` puts into deploy/settings.md
#
# Everything runs on parts and services of its own. An order here is accepted, booked by the engine, told to its partner by
# webhook, and its customer is sent an SMS; visit, survey and settlement come later in its life and are not in it. What the
# idle suite takes in the same time is subtracted. TECHNICIANS, ORDERS and RATE (orders a second) change the size.
import json
import os
import subprocess
import sys
import time
import urllib.request
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]
sys.dont_write_bytecode = True

import whole_suite
from whole_suite import BIN, eventually

TECHNICIANS, ORDERS, RATE = (int(os.environ.get(name, default)) for name, default in (("TECHNICIANS", 1000), ("ORDERS", 500), ("RATE", 20)))
IDLE_S, AT_ONCE, SIGNED_FOR_S = 30, 16, 30
QUIET_S = 15
CITIES = {"Warszawa": (52.23, 21.01), "Kraków": (50.06, 19.94), "Wrocław": (51.11, 17.03), "Poznań": (52.41, 16.93), "Gdańsk": (54.35, 18.65)}
KEPT = {"inbox": "inbox", "request": "request", "outbox": "outbox", "heard": "heard", "subject": "subject"}  # the loop's own tables
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def place(number):
    town = list(CITIES)[number % len(CITIES)]
    lat, lon = CITIES[town]
    return {"town": town, "lat": round(lat + (number // 5 % 20 - 10) * 0.004, 5), "lon": round(lon + (number // 100 - 5) * 0.006, 5)}


class Machine:
    """What the processes of the suite and of its parts have taken."""

    def __init__(self, suite):
        self.suite = suite
        services = json.loads((suite.folder / "services.json").read_text())
        parts = json.loads((suite.folder / "parts.json").read_text())
        self.services = {name: each["pid"] for name, each in services.items()}
        self.parts = {name: parts[name]["processes"][0]["pid"] for name in ("postgres", "kafka", "redis", "nginx")}

    @staticmethod
    def stat(pid):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[1]), (int(fields[11]) + int(fields[12])) * TICK_S, (int(fields[13]) + int(fields[14])) * TICK_S

    def cpu_s(self):
        """By name; a part with children (PostgreSQL, nginx) with them, also with those that ended."""
        taken = {name: self.stat(pid)[1] for name, pid in self.services.items()}
        for name, leader in self.parts.items():
            taken[name] = self.stat(leader)[1] + self.stat(leader)[2]
            for each in Path("/proc").iterdir():
                try:
                    parent, own, _ = self.stat(each.name) if each.name.isdigit() else (0, 0, 0)
                except OSError:
                    continue
                taken[name] += own if parent == leader else 0
        return taken

    def resident_mb(self):
        """Memory that is the process's own, or its share of what it shares."""
        def pss(pid):
            return sum(int(line.split()[1]) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if line.startswith("Pss:")) / 1024

        return {name: round(pss(pid), 1) for name, pid in (self.services | {"kafka": self.parts["kafka"], "redis": self.parts["redis"]}).items()}

    def connections(self):
        """{service process: {"postgres": 2, "kafka": 5, "redis": 1}}"""
        ports = {f":{self.suite.env['KAFKA_BOOTSTRAP_SERVERS'].rpartition(':')[2]}": "kafka", f":{self.suite.env['REDIS_URL'].rpartition(':')[2]}": "redis"}
        lines = subprocess.run(["ss", "-tnpH", "state", "established"], capture_output=True, text=True, check=True).stdout.splitlines()
        found = {name: Counter() for name in self.services}
        for name, pid in self.services.items():
            for line in lines:
                for port, part in ports.items():
                    found[name][part] += f"pid={pid}," in line and line.split()[3].endswith(port)
        sessions = dict(self.suite.sql("SELECT usename::text, count(*) FROM pg_stat_activity WHERE usename <> 'postgres' GROUP BY 1"))
        each = Counter(name.partition("-")[0] for name in self.services)
        for name in self.services:
            service = name.rpartition("-")[0]
            found[name]["postgres"] = sessions.get(service, 0) / each[service]
        return {name: {part: count for part, count in parts.items() if count} for name, parts in found.items()}

    def disk(self, *emptied):
        """Bytes by what they are for; tables called like one of `emptied` give back what they do not need before."""
        self.psql("VACUUM")
        for schema, name in self.suite.sql("SELECT schemaname::text, tablename::text FROM pg_tables WHERE tablename = ANY (%s)", list(emptied)):
            self.psql(f"VACUUM FULL {schema}.{name}")
        rows = self.suite.sql("SELECT relname::text, sum(pg_total_relation_size(c.oid))::bigint FROM pg_class c JOIN pg_namespace n"
                              " ON n.oid = relnamespace WHERE relkind = 'r' AND nspname NOT LIKE 'pg_%%' AND nspname <> 'information_schema'"
                              " GROUP BY 1")
        sizes = Counter()
        for name, size in rows:
            sizes[KEPT.get(name, "orders")] += int(size)
        logs = (self.suite.folder / "kafka/data").resolve().glob("*.v1-*/*.log")
        wal = int(self.suite.sql("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint")[0][0])
        return dict(sizes) | {"kafka": sum(file.stat().st_size for file in logs), "wal": wal}

    def psql(self, statement):
        env = os.environ | self.suite.env
        subprocess.run(["psql", "-X", "-q", "-U", "postgres", "-c", statement], env=env, check=True, capture_output=True)


class Signer:
    """An actor's header, good for a minute; signed anew after half of it."""

    def __init__(self, folder, *words):
        self.words, self.at, self.value = [BIN / "sign-actor", folder / "keys", "intake", *words], 0, ""

    def __call__(self):
        if time.monotonic() - self.at > SIGNED_FOR_S:
            self.value = subprocess.run(self.words, capture_output=True, check=True, text=True).stdout.strip()
            self.at = time.monotonic()
        return self.value


def post(port, path, body, actor, key=None):
    headers = {"X-Actor": actor, "Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read())


def load_technicians(suite):
    begin = min(max(datetime.now(ZoneInfo("Europe/Warsaw")).hour - 4, 0), 15)  # eight hours, and now among them: places are taken
    shifts = [{"weekdays": "1-7", "from": f"{begin:02}:00", "until": f"{begin + 8:02}:00"}]
    ids = [str(uuid.uuid4()) for _ in range(TECHNICIANS)]
    file = suite.folder / "technicians.json"
    file.write_text(json.dumps({"technicians": [
        {"technician_id": one, "first_name": "Jan", "skills": ["plumbing"], "home": place(number), "shifts": shifts, "active": True}
        for number, one in enumerate(ids)]}))
    suite.word("workforce", "--load", file)
    eventually(lambda: suite.sql("SELECT count(DISTINCT technician_id) FROM matching.technician_day")[0][0] == TECHNICIANS, "all are known", 300)
    settled(suite)
    return ids


def tell_positions(suite, ids):
    port = suite.env["EDGE_ROUTING_PORTS"].split()[0]

    def tell(number):
        point = {key: place(number)[key] for key in ("lat", "lon")} | {"at": int(time.time() * 1000), "sequence": 1, "status": "free"}
        return post(port, "/v1/positions", {"positions": [point]}, Signer(suite.folder, "technician", ids[number], "-", "-")())

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(each.get("taken", 0) for each in pool.map(tell, range(TECHNICIANS)))


def settled(suite):
    """Every fact is out, and nobody works any more."""
    schemas = [name for name, in suite.sql("SELECT nspname::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relname = 'outbox'")]
    waiting = " + ".join(f"(SELECT count(*) FROM {schema}.outbox)" for schema in schemas)
    quiet = 0
    while quiet < 5:
        quiet = quiet + 1 if suite.sql(f"SELECT {waiting}")[0][0] == 0 else 0
        time.sleep(0.5)


def place_orders(suite):
    """How long they took, at RATE a second or as fast as it goes."""
    partner, port = Signer(suite.folder, "partner", "sizing", "sizing", "-"), suite.env["EDGE_INTAKE_PORTS"].split()[0]
    begun = time.monotonic()

    def order(number):
        time.sleep(max(0, begun + number / RATE - time.monotonic()))
        reference = f"SIZE/{number}"
        return post(port, "/v1/work-orders", {
            "contract_id": "sizing-dom", "partner_reference": reference, "service_id": "plumbing.leak", "description": "Cieknie pod zlewem",
            "customer": {"first_name": "Anna", "last_name": "Nowak", "phone": f"600{number:06d}"},
            "address": {"street": "Prosta", "house": str(number), "postcode": "00-838"} | place(number * 7)}, partner(), reference)["work_order_id"]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = len(set(pool.map(order, range(ORDERS))))
    took_s = time.monotonic() - begun
    assert made == ORDERS
    eventually(lambda: suite.sql("SELECT count(*) FROM matching.visit WHERE state = 2")[0][0] >= ORDERS * 0.99, "nearly all are booked", 300)
    settled(suite)
    return took_s


def redis_bytes(suite):
    said = subprocess.run([*suite.env["REDIS_CLI"].split(), "INFO", "memory"], capture_output=True, text=True, check=True).stdout
    return int(next(line for line in said.splitlines() if line.startswith("used_memory:")).split(":")[1])


def facts_told(suite):
    """Records that Kafka holds on our topics."""
    facts = whole_suite.Facts(suite.env["KAFKA_BOOTSTRAP_SERVERS"])
    counts = facts.asker.topics()
    ends = facts.asker.ends([(name, number) for name, count in counts.items() for number in range(count)])
    facts.end()
    return sum(ends.values())


def measure(suite):
    machine, load = Machine(suite), os.getloadavg()[0]
    hook_key = suite.partner("sizing", guarantee_sum_grosz=10**9)
    hook = suite.edge("POST", "/v1/subscriptions", {"kind": "webhook", "url": suite.env["WEBHOOK_RECEIVER_URL"] + "/sizing"}, token=hook_key)
    Path(suite.env["WEBHOOK_SETTINGS"]).write_text(json.dumps({"secrets": {"/sizing": [hook.json["secret"]]}}))
    empty_mb, empty_redis = machine.resident_mb(), redis_bytes(suite)
    ids = load_technicians(suite)
    taken = tell_positions(suite, ids)
    full_mb, full_redis = machine.resident_mb(), redis_bytes(suite)
    disk, facts = machine.disk("outbox"), facts_told(suite)
    time.sleep(QUIET_S)  # until what the loading left behind is swept
    idle = machine.cpu_s()
    time.sleep(IDLE_S)
    idle = {name: (after - idle[name]) / IDLE_S for name, after in machine.cpu_s().items()}
    before, begun = machine.cpu_s(), time.monotonic()
    took_s = place_orders(suite)
    all_s, after, grown = time.monotonic() - begun, machine.cpu_s(), machine.disk()
    cpu_ms = {name: max(0.0, (after[name] - before[name] - idle[name] * all_s) * 1000 / ORDERS) for name in after}
    model = next(line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    return {
        "date": date.today().isoformat(), "cores": os.cpu_count(), "processor": model, "load_before": round(load, 1),
        "technicians": TECHNICIANS, "positions": taken, "orders": ORDERS, "orders_per_s": round(ORDERS / took_s, 1),
        "facts_per_order": round((facts_told(suite) - facts) / ORDERS, 1),
        "memory_mb": {name: {"empty": empty_mb[name], "technicians": full_mb[name], "orders": mb} for name, mb in machine.resident_mb().items()},
        "idle_cpu_percent": {name: round(share * 100, 1) for name, share in idle.items()},
        "cpu_ms_per_order": {name: round(ms, 2) for name, ms in cpu_ms.items()},
        "connections": machine.connections(),
        "disk_bytes_per_order": {name: round((grown[name] - disk.get(name, 0)) / ORDERS) for name in sorted(grown)},
        "redis_bytes_per_technician": round((full_redis - empty_redis) / max(taken, 1)),
    }  # fmt: skip


def main():
    if len(sys.argv) != 2:
        raise SystemExit("usage: sizing.py FILE")
    suite = whole_suite.Suite()
    try:
        found = measure(suite)
    finally:
        suite.end(keep=False)
    Path(sys.argv[1]).write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


main()
