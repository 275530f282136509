# The restore drill: a real suite under load is backed up, loses PostgreSQL, Redis and a part of its files, is brought back from
# the backup alone, and what must hold is counted. Three times: as backups flow; after they have hung for some seconds, so
# that Kafka knows what the database does not; and to an earlier moment, as after somebody's mistake.
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter, defaultdict
from datetime import datetime, timezone
from pathlib import Path

ROOM = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOM / "tests"), str(ROOM / "tests/city"), str(ROOM / "scripts")]

import psycopg2  # noqa: E402
from partner_events import broken_sequences  # noqa: E402
from pictures import signature  # noqa: E402
from keeping.cluster import ROLES, SERVICES  # noqa: E402
from keeping.forgotten import Ledger  # noqa: E402
from keeping.target import Target  # noqa: E402
from throwaway import processes  # noqa: E402
from whole_suite import Facts, Suite, eventually  # noqa: E402

LOSS_S, BACK_S = 60, 900  # the bars of the product
SLOW_S = 8  # that much a busy machine may add to a second or two
ROUNDS = ("flowing", "hung", "earlier")
MUTANTS = ("no_wal", "no_facts", "no_forget", "no_files")


class Loader:
    """Partners order, cancel and have customers forgotten; what was acknowledged is noted with its moment."""

    def __init__(self, suite, key, per_s):
        self.suite, self.key, self.pause_s = suite, key, 1 / per_s
        self.orders, self.forgotten, self.cancelled = [], {}, []  # [(id, acknowledged at)], id -> at, [id]
        self.tried, self.is_over = 0, threading.Event()
        self.token = suite.token("consultant", "drill")
        self.thread = None

    def start(self):
        self.is_over.clear()
        self.thread = threading.Thread(target=self.go, daemon=True)
        self.thread.start()

    def go(self):
        while not self.is_over.wait(self.pause_s):
            order = self.order()
            if order and len(self.orders) % 10 == 0:
                self.cancel(order)

    def stop(self):
        self.is_over.set()
        self.thread.join(40)

    def call(self, path, body, token):
        try:
            return self.suite.edge("POST", path, body, token=token, idempotency_key=str(uuid.uuid4()))
        except OSError:
            return None

    def order(self):
        self.tried += 1  # nobody is the customer of two orders: that one would have to be over, too
        body = {"contract_id": "drill-dom", "partner_reference": str(uuid.uuid4()), "service_id": "plumbing.leak",
                "customer": {"first_name": "Maria", "last_name": f"Nowak{self.tried}", "phone": f"600{self.tried:06d}"},
                "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": "Warszawa", "lat": 52.2297, "lon": 21.0122}}
        answer = self.call("/v1/work-orders", body, self.key)
        if answer and answer.status == 201:
            self.orders.append((answer.json["work_order_id"], time.time()))
            return self.orders[-1][0]
        return None

    def cancel(self, order):
        answer = self.call(f"/v1/work-orders/{order}/cancel", {"reason": "other"}, self.key)
        if answer and answer.status == 200:
            self.cancelled.append(order)

    def forget_one(self):
        """Of those that were cancelled; tried again, as the others' work on the order may not be over."""
        order, answers = self.cancelled.pop(0), []

        def is_forgotten():
            answers.append(self.call(f"/v1/work-orders/{order}/forget-customer", {}, self.token))
            return answers[-1] and answers[-1].status == 200

        try:
            eventually(is_forgotten, f"the customer of {order} is forgotten", 30)
        except AssertionError:
            said = [(each.status, each.body[:300]) for each in answers if each]
            raise AssertionError(f"the customer of {order} is not forgotten: {said[-3:]}") from None
        self.forgotten[order] = time.time()
        return order


class Drill:
    def __init__(self, say, mutant=None, lag_s=3.0, load_s=8.0, per_s=10):
        self.say, self.mutant, self.lag_s, self.load_s = say, mutant, lag_s, load_s
        self.suite = Suite()
        self.folder, self.env = self.suite.folder, self.suite.env
        self.target, self.backup = self.folder / "backup", None
        self.found, self.lost_orders, self.lost_facts, self.rounds, self.signed = [], set(), set(), [], {}
        self.services = {"FILES_DIR": str(self.folder / "files"), "FILES_OWNER": f"{os.getuid()}:{os.getgid()}", "PGUSER": "postgres"}
        self.key = self.prepare()
        self.loader = Loader(self.suite, self.key, per_s)

    def prepare(self):
        self.run("age-keygen", "-o", self.folder / "backup.key")
        public = self.run("age-keygen", "-y", self.folder / "backup.key").stdout
        (self.folder / "backup.pub").write_text(public)
        key = self.suite.partner("drill", guarantee_sum_grosz=100_000_000_000)
        operator = self.suite.token("operator", "drill")
        for name in ("Olena", "Jan", "Ewa", "Piotr", "Hanna", "Marek"):
            technician = {"first_name": name, "skills": ["plumbing"], "shifts": [{"weekdays": "1-7", "from": "00:00", "until": "23:59"}],
                          "home": {"lat": 52.23, "lon": 21.01, "town": "Warszawa"}, "active": True, "longest_travel_m": 60000}
            hired = self.suite.edge("POST", "/v1/technicians", technician, token=operator)
            assert hired.status == 201, hired.body
        return key

    # ---- the pieces ----

    def run(self, *words, **env):
        done = subprocess.run([str(word) for word in words], env=os.environ | self.env | env, capture_output=True, text=True)
        if done.returncode:
            raise OSError(f"{' '.join(map(str, words[:3]))} ended with {done.returncode}\n{done.stdout[-1500:]}{done.stderr[-3000:]}")
        return done

    def restore(self, *words, **env):
        done = self.run(ROOM / "scripts/restore", *words, "--identity", self.folder / "backup.key", **(self.services | env))
        for line in done.stdout.splitlines():
            self.say(f"    {line}")

    def start_backup(self):
        env = os.environ | self.env | self.services | {"BACKUP_RECIPIENTS": str(self.folder / "backup.pub"),
                                                       "BACKUP_SPOOL": str(self.folder / "spool"), "BACKUP_METRICS": str(self.folder / "backup.prom")}
        with open(self.folder / "backup.log", "ab") as log:
            self.backup = subprocess.Popen([ROOM / "scripts/backup", "run", self.target], env=env, stdout=log, stderr=log, start_new_session=True)

    def wait_for_base(self, count):
        eventually(lambda: len(list((self.target / "base").glob("[!.]*/backup.json"))) >= count, "a base backup", 120)

    def signal_backup(self, number):
        os.killpg(self.backup.pid, number)

    def sign(self):
        """Makes a file: somebody is at a customer's, who signs."""
        def visit():
            found = self.suite.sql("SELECT v.work_order_id::text, v.technician_id::text FROM matching.visit v JOIN visits.course c USING (visit_id)"
                                   " WHERE v.state IN (1, 2) ORDER BY lower(v.during)")
            return [each for each in found if each[0] not in self.signed]

        order, technician = eventually(visit, "a visit to sign for")[0]
        token, at = self.suite.token("technician", technician), int(time.time() * 1000)
        for step, said in (("on-the-way", {"eta_at": at + 60000}), ("there", {"lat": 52.2297, "lon": 21.0122})):
            told = self.suite.edge("POST", f"/v1/visits/{order}/{step}", said | {"at": at}, token=token)
            assert told.status in (200, 201), told.body
        picture = signature(len(self.signed))
        kept = self.suite.edge("POST", f"/v1/visits/{order}/signature", picture, token=token, content_type="image/png")
        assert kept.status in (200, 201), kept.body
        self.signed[order] = kept.json["sha256"], picture

    def unreadable(self):
        """Signatures that cannot be had any more: the file, its seal and the vault's key are needed for each."""
        operator, wrong = self.suite.token("consultant", "drill"), []
        for order, (name, picture) in self.signed.items():
            got = self.suite.edge("GET", f"/v1/visits/{order}/files/{name}", token=operator)
            wrong += [] if got.status == 200 and got.body == picture else [(order, got.status)]
        return wrong

    # ---- one disaster ----

    def round(self, name, lag_s):
        bases = len(list((self.target / "base").glob("[!.]*/backup.json")))
        self.start_backup()
        self.loader.start()
        self.wait_for_base(bases + 1)
        self.say(f"{name}: a base backup was taken while {len(self.loader.orders)} orders came in")
        time.sleep(self.load_s)
        if self.mutant == "no_wal":
            self.signal_backup(signal.SIGSTOP)
            time.sleep(15)
        eventually(lambda: len(self.loader.cancelled) >= 2, "orders that were cancelled")
        self.sign()
        until = time.time() if name == "earlier" else None
        time.sleep(1)
        self.loader.forget_one()
        time.sleep(2)
        if lag_s:
            self.signal_backup(signal.SIGSTOP)
            time.sleep(lag_s / 2)
            self.loader.forget_one()  # in Kafka, and nowhere else
            time.sleep(lag_s / 2)
        elif self.mutant != "no_wal":
            noted = Ledger(Target(self.target), None, None)
            eventually(lambda: set(self.loader.forgotten) <= {order for _, order in noted.entries().values()}, "the ledger has them all", 20)
        reached = until or json.loads((self.target / "reached.json").read_text())["at"]
        destroyed_at = self.destroy()
        self.loader.is_over.set()
        self.bring_back(name, until)
        self.loader.stop()
        back_s = self.wait_for_an_order(destroyed_at)
        self.count(name, destroyed_at, reached, back_s)

    def destroy(self):
        state = json.loads((self.folder / "parts.json").read_text())
        at = time.time()
        for part in ("postgres", "redis"):
            for each in state[part]["processes"]:
                processes.send(each["pid"], signal.SIGKILL)
        data = (self.folder / "postgres").resolve() / "data"
        eventually(lambda: not processes.working_in(data), "the last backend is gone", 20)
        shutil.rmtree(data)
        rooms = sorted(each for each in (self.folder / "files").iterdir() if each.is_dir())
        going = {*rooms[: len(rooms) // 2], max(rooms, key=lambda room: room.stat().st_mtime_ns)}
        for room in going:
            shutil.rmtree(room)
        self.signal_backup(signal.SIGKILL)
        self.backup.wait()
        self.say(f"  PostgreSQL, Redis, {len(going)} of {len(rooms)} folders of files: gone")
        return at

    def bring_back(self, name, until):
        lost = self.folder / f"lost-{len(self.rounds)}"
        self.run(ROOM / "scripts/suite", "down", self.folder)
        moment = ["--until", datetime.fromtimestamp(until, timezone.utc).isoformat()] if until else []
        self.restore("database", self.target, (self.folder / "postgres").resolve() / "data", *moment)
        if self.mutant != "no_files":
            self.restore("files", self.target, self.folder / "files")
        self.run(ROOM / "scripts/parts", "up", self.folder, "--only", "postgres,redis")
        self.open_roles = self.suite.sql("SELECT rolname::text FROM pg_roles WHERE rolname = ANY (%s) AND rolconnlimit <> 0", ROLES)
        if self.mutant == "no_facts":
            for role in ROLES:
                self.suite.sql(f"ALTER ROLE {role} CONNECTION LIMIT -1")
            lost.mkdir()
            (lost / "forget-again").write_text("")
            (lost / "facts.jsonl").write_text("")
        else:
            try:
                self.restore("facts", self.target, lost)
            except OSError as fault:  # files are missing: the count says so, too
                self.say(f"    {fault}")
        self.run(ROOM / "scripts/suite", "up", self.folder)
        if self.mutant != "no_forget":
            self.restore("forget", lost, RESTORE_TOKEN=self.suite.token("consultant", "drill"), EDGE_URL=self.env["EDGE_URL"])
        self.lost_facts |= {json.loads(line)["ce_id"] for line in (lost / "facts.jsonl").read_text().splitlines()}
        self.rounds.append(name)

    def wait_for_an_order(self, destroyed_at):
        eventually(self.loader.order, "the edge takes orders again", BACK_S)
        return time.time() - destroyed_at

    # ---- what must hold ----

    def note(self, what, count, detail=""):
        self.found.append((f"{self.rounds[-1]}: {what}", int(count)))
        self.say(f"  {'ok ' if not count else 'RED'} {what}{f': {count} {str(detail)[:300]}' if count else ''}")

    def count(self, name, destroyed_at, reached, back_s):
        there = {row[0] for row in self.suite.sql("SELECT work_order_id::text FROM intake.work_order")}
        missing = [(order, at) for order, at in self.loader.orders if order not in there and order not in self.lost_orders]
        present = [at for order, at in self.loader.orders if order in there and at < destroyed_at]
        loss_s = destroyed_at - min((at for _, at in missing), default=destroyed_at)
        self.lost_orders |= {order for order, _ in missing}
        self.say(f"  lost: {len(missing)} of {len(self.loader.orders)} acknowledged orders, {loss_s:.2f} s; takes orders again after {back_s:.1f} s")
        hung_s = {"hung": self.lag_s, "earlier": destroyed_at - reached}.get(name, 0)
        most_s = min(LOSS_S, hung_s + SLOW_S)
        self.note(f"loss is {most_s:.0f} s at most", loss_s > most_s, f"{loss_s:.1f} s")
        self.note(f"back within {BACK_S} s", back_s > BACK_S)
        self.note("no service may enter before `restore facts`", len(self.open_roles), self.open_roles)
        islands = [order for order, at in missing if at < max(present) - 0.5]
        self.note("what was acknowledged before the loss is there", len(islands), islands)
        lies = [order for order, at in missing if at < reached - 0.1]
        self.note("nothing is missing that the metric called archived", len(lies), lies)
        if hung_s:
            self.note("orders were lost, so that the other counts say something", not missing)
        self.count_suite()

    def count_suite(self):
        booked = self.loader.order()
        self.wait_until_heard()
        left = {f"{each}.{table}": n for each in SERVICES for table in ("parked", "early", "outbox")
                if (n := self.suite.sql(f"SELECT count(*) FROM {each}.{table}")[0][0])}
        self.note("nothing is parked, early or untold", len(left), left)
        differ = self.heard_otherwise()
        self.note("everybody has heard each subject to where its teller stands", len(differ), differ[:3])
        ghosts = self.rows_about(self.lost_orders)
        self.note("nobody holds a row about an order that was lost", sum(ghosts.values()), ghosts)
        self.note("facts carry gap-free sequences, each once", *self.broken_facts())
        said = self.suite.edge("GET", "/v1/conservation", token=self.suite.token("operator", "drill")).json
        self.note("received = opened + joined + duplicate + quarantined + refused", not said.get("holds"), said)
        again = self.suite.sql("SELECT count(*) FROM intake.work_order w JOIN person.person p ON p.id = w.person_id WHERE w.work_order_id::text = ANY (%s)",
                               list(self.loader.forgotten))[0][0]
        self.note(f"{len(self.loader.forgotten)} who were forgotten stay forgotten", again)
        wrong = self.unreadable()
        self.note(f"{len(self.signed)} signatures can be read", len(wrong) + (not self.signed), wrong)
        has_hour = eventually(lambda: self.suite.sql("SELECT state FROM matching.visit WHERE work_order_id = %s", booked)
                              or self.suite.sql("SELECT 1 FROM intake.call_task WHERE work_order_id = %s", booked), "a new order is booked", 30)
        self.note("a new order gets an hour", not has_hour)

    def wait_until_heard(self):
        give_up, since, last = time.monotonic() + 40, time.monotonic(), None
        while time.monotonic() < give_up and time.monotonic() - since < 2:
            now = [self.suite.sql(f"SELECT (SELECT count(*) FROM {each}.outbox), (SELECT coalesce(sum(next), 0) FROM {each}.consumer_offset),"
                                  f" (SELECT count(*) FROM {each}.inbox)") for each in SERVICES]
            if now != last:
                since, last = time.monotonic(), now
            time.sleep(0.2)

    def heard_otherwise(self):
        """Listeners that stand elsewhere than the teller, above or below."""
        stands = {(each, row[0]): row[1] for each in SERVICES for row in self.suite.sql(f"SELECT id, sequence FROM {each}.subject")}
        return [(each, source, subject, sequence, stands.get((source.strip("/"), subject), 0)) for each in SERVICES
                for source, subject, sequence in self.suite.sql(f"SELECT source, subject, sequence FROM {each}.heard")
                if sequence != stands.get((source.strip("/"), subject), 0)]

    def rows_about(self, orders):
        found, tables = Counter(), self.suite.sql(
            "SELECT table_schema || '.' || table_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE column_name = 'work_order_id' AND table_type = 'BASE TABLE' AND table_schema = ANY (%s)", SERVICES)
        for (table,) in tables:
            found[table] = self.suite.sql(f"SELECT count(*) FROM {table} WHERE work_order_id::text = ANY (%s)", list(orders))[0][0]
        return {table: count for table, count in found.items() if count}

    def broken_facts(self):
        """Of what is not known as lost: gaps, and numbers that two facts carry."""
        facts = Facts(self.env["KAFKA_BOOTSTRAP_SERVERS"])
        facts.take()
        told, of = defaultdict(list), defaultdict(set)
        for headers, _ in facts.told.values():
            if headers["ce_id"] in self.lost_facts or headers.get("retold") or headers["ce_source"].strip("/") not in SERVICES:
                continue
            if headers["ce_type"].startswith("partner."):
                continue
            told[headers["ce_source"]].append((headers["ce_subject"], int(headers["ce_sequence"])))
            of[headers["ce_source"], headers["ce_subject"], headers["ce_sequence"]].add(headers["ce_id"])
        facts.end()
        twice = [key for key, ids in of.items() if len(ids) > 1]
        gaps = sum(broken_sequences(pairs) for pairs in told.values())
        return gaps + len(twice), f"{gaps} gaps, {len(twice)} twice: {twice[:2]}"

    # ---- the whole ----

    def play(self, rounds):
        for name in rounds:
            self.round(name, self.lag_s if name == "hung" else 0)
        return [what for what, count in self.found if count]

    def end(self, keep):
        if self.backup and self.backup.poll() is None:
            self.signal_backup(signal.SIGCONT)
            self.signal_backup(signal.SIGTERM)
            self.backup.wait()
        self.loader.is_over.set()
        self.suite.end(keep)


def run(say, mutant=None, rounds=ROUNDS):
    """-> what did not hold."""
    drill = Drill(say, mutant)
    red = ["the drill did not come to its end"]
    try:
        red = drill.play(rounds)
    except (AssertionError, OSError, psycopg2.Error) as fault:
        say(f"  RED {fault}")
    finally:
        drill.end(keep=bool(red) and not mutant)
    return red
