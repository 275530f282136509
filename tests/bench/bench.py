# The benchmark table: one run, on parts and services of its own, each figure beside its peer or limit. `make bench`.
#
#   orders accepted   wrk, keep-alive, every order another claim, straight to intake's port; beside it pgbench with the
#                     very statements that one such order writes, same database, 32 clients
#   fact to webhook   from the reply to the order until the receiver has its event, one at a time and under load
#   order to assigned from sending an order until the engine has booked its hour, one at a time, 200 technicians around
#   an order's trace  the page of an order that was moved 45 times, asked of portal, which asks two others
#   hours             slots.py: search and booking at 10,000 technicians and 100,000 visits
#   each service      resident memory when idle, and time from exec to ready
#
# SECONDS_EACH (default 10) is how long each load lasts; BENCH_DIR (default /tmp/majster-bench) is wiped before and after.
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psycopg2
import slots

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("BENCH_DIR", "/tmp/majster-bench"))
SECONDS = int(os.environ.get("SECONDS_EACH", "10"))
PARTNER = {
    "partner_id": "bench", "name": "Bench", "kind": "insurer",
    "contracts": [{
        "contract_id": "bench", "name": "Dom", "chooser": "by_partner", "guarantee_sum_grosz": 100000, "tolerance_ms": 900000,
        "choose_within_ms": 604800000, "answer_within_ms": 172800000,
        "services": [{"service_id": "plumbing.leak", "name": "Pęknięta rura", "skill": "plumbing", "visit_length_ms": 3600000,
                      "expected_cost_grosz": 40000, "urgency": "urgent"}],
    }],
}
# The same, but the engine picks the hour.
PARTNER["contracts"].append(PARTNER["contracts"][0] | {"contract_id": "bench-now", "chooser": "by_engine"})


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, **more).stdout


def env_of(folder):
    lines = run("bash", "-c", f'set -a; . "{folder}/env"; env -0', env={}).split("\0")
    return dict(line.split("=", 1) for line in lines if "=" in line)


def actor(kind, name, partner="-"):
    return run(ROOT / "build/bin/sign-actor", FOLDER / "keys", "intake", kind, name, partner, "-").strip()


def post(port, path, body, who, **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", json.dumps(body).encode(), method="POST")
    for name, value in ({"X-Actor": who, "Content-Type": "application/json"} | headers).items():
        request.add_header(name.replace("_", "-"), value)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def order(reference, contract_id="bench"):
    return {
        "contract_id": contract_id, "partner_reference": reference, "service_id": "plumbing.leak",
        "customer": {"first_name": "Anna", "last_name": "Nowak", "phone": "501 234 567"},
        "address": {"street": "Prosta", "house": "5", "postcode": "00-850", "town": "Warszawa", "lat": 52.23, "lon": 20.99},
        "description": "Cieknie rura pod zlewem",
    }


def wrk(port, connections, who):
    environment = os.environ | {"ACTOR": who, "BENCH_RUN": str(time.time_ns())}
    text = run("wrk", "-t1", f"-c{connections}", f"-d{SECONDS}", "--latency", "-s", ROOT / "tests/bench/orders.lua",
               f"http://127.0.0.1:{port}", env=environment)
    if "Non-2xx" in text:
        sys.exit(f"bench: not every order was accepted:\n{text}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    return rate, *(ms(re.search(rf"{quantile}%\s+([\d.]+)(us|ms|s)", text)) for quantile in (50, 99))


def ms(match):
    return float(match[1]) * {"us": 0.001, "ms": 1, "s": 1000}[match[2]]


def pgbench(env):
    """The same rows that one order makes, as plain inserts, one transaction each."""
    text = run("pgbench", "-h", env["PGHOST"], "-p", env["PGPORT"], "-U", "postgres", "-n", "-M", "prepared", "-c32", "-j2",
               f"-T{SECONDS}", "-f", ROOT / "tests/bench/orders.sql", "majster")
    return float(re.search(r"tps = ([\d.]+)", text)[1]), float(re.search(r"latency average = ([\d.]+)", text)[1])


def journal_times(file):
    """webhook-id -> when it arrived."""
    times = {}
    written, _, _ = file.read_text().rpartition("\n")  # the last line may be half there
    for line in written.splitlines():
        entry = json.loads(line)
        body = entry.get("body")
        body = json.loads(body) if isinstance(body, str) else body
        times.setdefault(body["work_order_id"], entry["at"])
    return times


def webhook_latency(ports, env, who, count, pause_s):
    placed = {}
    for n in range(count):
        answer = post(ports["intake"], "/v1/work-orders", order(f"W{time.time_ns()}"), who)
        placed[answer["work_order_id"]] = time.time()
        time.sleep(pause_s)
    give_up, journal = time.monotonic() + 20, Path(env["WEBHOOK_JOURNAL"])
    while time.monotonic() < give_up and not set(placed) <= set(journal_times(journal)):
        time.sleep(0.2)
    arrived = journal_times(journal)
    late = sorted(1000 * (seconds(arrived[each]) - at) for each, at in placed.items() if each in arrived)
    if len(late) < count:
        sys.exit(f"bench: {count - len(late)} of {count} orders were never told by webhook")
    return statistics.median(late), late[int(len(late) * 0.99)]


def eventually(look, patience_s=30):
    give_up = time.monotonic() + patience_s
    while not (found := look()):
        if time.monotonic() > give_up:
            sys.exit("bench: a technician or his hours do not appear")
        time.sleep(0.1)
    return found


def assigned_latency(ports, env, who, count=300):
    """Until the visit stands in matching's book, committed."""
    for n in range(200):
        technician = {"first_name": "Jan", "skills": ["plumbing"], "shifts": [{"weekdays": "1-7", "from": "00:00", "until": "23:59"}],
                      "home": {"lat": 52.13 + n % 20 / 100, "lon": 20.89 + n // 20 / 50, "town": "Warszawa"}, "active": True, "longest_travel_m": 60000}
        post(ports["workforce"], "/v1/technicians", technician, actor("operator", "bench"))
    took = []
    with psycopg2.connect(host=env["PGHOST"], port=env["PGPORT"], user="postgres", dbname=env["PGDATABASE"]) as connection, connection.cursor() as look:
        connection.autocommit = True
        known = lambda: look.execute("SELECT count(DISTINCT technician_id) FROM matching.technician_day") or look.fetchone()[0] >= 200  # noqa: E731
        eventually(known)
        time.sleep(2)  # memory follows
        hour = "SELECT 1 FROM matching.visit WHERE work_order_id = %s AND state = 2"
        is_booked = lambda order_id: look.execute(hour, [order_id]) or look.fetchone()  # noqa: E731
        for n in range(count + 20):
            began = time.monotonic()
            order_id = post(ports["intake"], "/v1/work-orders", order(f"A{time.time_ns()}", "bench-now"), who)["work_order_id"]
            while not is_booked(order_id):
                if time.monotonic() - began > 20:
                    sys.exit("bench: an order that the engine books has no hour")
            took.append(1000 * (time.monotonic() - began))
    late = sorted(took[20:])  # the first ones find everything cold
    return statistics.median(late), late[int(len(late) * 0.99)]


def trace_page(ports, who):
    """Facts on the page, and how long it takes: (count, p50, p99)."""
    technician = {"first_name": "Olena", "skills": ["plumbing"], "shifts": [{"weekdays": "1-7", "from": "00:00", "until": "23:59"}],
                  "home": {"lat": 52.23, "lon": 20.99, "town": "Warszawa"}, "active": True, "longest_travel_m": 60000}
    post(ports["workforce"], "/v1/technicians", technician, actor("operator", "bench"))
    work_order_id = post(ports["intake"], "/v1/work-orders", order(f"T{time.time_ns()}"), who)["work_order_id"]

    def slots():
        try:
            return post(ports["matching"], "/v1/slot-searches", {"work_order_id": work_order_id, "most": 96}, who).get("slots")
        except urllib.error.HTTPError:  # it has not heard of the order yet
            return None

    for n in range(46):
        slot = eventually(slots)[n % 2]
        act, more = ("move", {"reason": "bench"}) if n else ("booking", {})
        post(ports["matching"], f"/v1/work-orders/{work_order_id}/{act}", {"slot_id": slot["slot_id"]} | more, who)
    token = run(ROOT / "scripts/suite", "run", FOLDER, "portal", "--issue-token", "operator", "bench").split()[-1]
    page = urllib.request.Request(f"http://127.0.0.1:{ports['portal']}/c/orders/{work_order_id}/trace", headers={"Cookie": f"session={token}"})
    time.sleep(3)
    times = []
    for _ in range(200):
        began = time.monotonic()
        with urllib.request.urlopen(page, timeout=10) as answer:
            body = answer.read()
        times.append(1000 * (time.monotonic() - began))
    times.sort()
    return body.count(b'<tr id="f'), statistics.median(times), times[198]


def seconds(at):
    return at / 1000 if at > 1e11 else at


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def started_ms(log):
    for line in log.read_text().splitlines():
        if '"event":"started"' in line:
            return json.loads(line)["ms"]
    return None


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    rows = []
    try:
        run(ROOT / "scripts/parts", "up", FOLDER)
        env = env_of(FOLDER)
        run(ROOT / "scripts/bootstrap-database.sh", FOLDER, env=os.environ | env)
        run(ROOT / "scripts/suite", "up", FOLDER)
        time.sleep(3)
        state = json.loads((FOLDER / "services.json").read_text())
        ports = {each["service"]: each["port"] for each in state.values()}
        for name, each in state.items():
            rows.append((f"{name}: resident, idle", f"{resident_mb(each['pid']):.1f} MB", "limit 20 MB"))
            rows.append((f"{name}: ready after", f"{started_ms(FOLDER / 'log' / (name + '.log'))} ms", "limit 500 ms"))
        post(ports["intake"], "/v1/partners", PARTNER, actor("operator", "bench"))
        who = actor("partner", "bench", "bench")
        hook = post(ports["notifications"], "/v1/subscriptions", {"kind": "webhook", "url": env["WEBHOOK_RECEIVER_URL"] + "/bench"}, who)
        Path(env["WEBHOOK_SETTINGS"]).write_text(json.dumps({"secrets": {"/bench": [hook["secret"]]}}))
        time.sleep(1)
        p50, p99 = webhook_latency(ports, env, who, 200, 0.02)
        rows.append(("fact to webhook, idle, p50 / p99", f"{p50:.0f} / {p99:.0f} ms", "limit p99 50 ms"))
        p50, p99 = assigned_latency(ports, env, who)
        rows.append(("order to assigned, p50 / p99", f"{p50:.0f} / {p99:.0f} ms", "goal p99 100 ms, limit 1000 ms"))
        facts, p50, p99 = trace_page(ports, who)
        rows.append((f"an order's trace page, {facts} facts, p50 / p99", f"{p50:.0f} / {p99:.0f} ms", "limit 1000 ms"))
        subprocess.run([ROOT / "scripts/suite", "down", FOLDER, *[name for name in ports if name != "intake"]], check=True)
        for connections in (1, 16, 60):
            rate, p50, p99 = wrk(ports["intake"], connections, who)
            rows.append((f"orders accepted over HTTP, {connections} connections", f"{rate:.0f}/s, p50 {p50:.1f} p99 {p99:.1f} ms", "goal 5000/s, p99 50 ms"))
        rate, mean = pgbench(env)
        rows.append(("peer: pgbench, the same inserts, 32 clients", f"{rate:.0f}/s, mean {mean:.1f} ms", ""))
    finally:
        subprocess.run([ROOT / "scripts/suite", "down", FOLDER], check=False)
        subprocess.run([ROOT / "scripts/parts", "wipe", FOLDER], check=False, stdout=subprocess.DEVNULL)
    rows += slots.rows(FOLDER)
    width = max(len(row[0]) for row in rows)
    print(f"{'what':{width}}  {'measured':34}  beside it")
    for row in rows:
        print(f"{row[0]:{width}}  {row[1]:34}  {row[2]}")


if __name__ == "__main__":
    main()
