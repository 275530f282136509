# The troubles of a drill: each brings about what one or more alarms are for, on a suite that runs, and is mended as the
# runbook says. `cause` may return what `mend` needs.
import http.server
import json
import signal
import socket
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass
from typing import Callable

import psycopg2
from throwaway import processes
from whole_suite import ROOM, eventually


@dataclass
class Trouble:
    says: str
    alarms: tuple
    cause: Callable
    mend: Callable


class Night:
    """What a person on call has at hand, and what makes him get up."""

    def __init__(self, suite, day):
        self.suite, self.day = suite, day
        self.state = json.loads((suite.folder / "services.json").read_text())

    # ---- processes and parts ----
    def kill(self, process):
        state = json.loads((self.suite.folder / "services.json").read_text())
        processes.send(state[process]["pid"], signal.SIGKILL)
        eventually(lambda: not processes.is_alive(state[process]), "it has ended")

    def suite_up(self, *_):
        self.suite.run("suite", "up", self.suite.folder, capture_output=True)

    def stop_part(self, name):
        state = json.loads((self.suite.folder / "parts.json").read_text())
        processes.end(state[name]["processes"])

    def parts_up(self, *_):
        self.suite.run("parts", "up", self.suite.folder, capture_output=True)

    # ---- the database ----
    def session(self, *statements):
        """A connection of somebody else's, which keeps what the statements took."""
        where = {"host": self.suite.env["PGHOST"], "port": self.suite.env["PGPORT"], "dbname": "majster", "user": "postgres"}
        held = psycopg2.connect(**where)
        cursor = held.cursor()
        for statement in statements:
            cursor.execute(statement)
        return held

    def end_who_blocks(self, held):
        """As the runbooks say: pg_terminate_backend of the pid that they show."""
        self.suite.sql("SELECT pg_terminate_backend(%s)", held.get_backend_pid())
        held.close()

    def report(self, outcome, channel, hours_ago=0):
        made = f"{int((time.time() - 60) * 1000):012x}"
        report = f"{made[:8]}-{made[8:]}-7000-8000-{uuid.uuid4().hex[:12]}"
        at = int((time.time() - 3600 * hours_ago) * 1000)
        self.suite.sql("INSERT INTO intake.report (report_id, channel, partner_id, raw, received_at, outcome, work_order_id)"
                       " VALUES (%s, %s, '', '', %s, %s, %s)", report, channel, at, outcome, str(uuid.uuid4()) if outcome == "opened" else None)
        return report

    def drop_report(self, report):
        self.suite.sql("DELETE FROM intake.report WHERE report_id = %s", report)

    # ---- facts ----
    def tell(self, kind, subject, sequence, text=None, payload=None, **headers):
        source = kind.split(".")[0]
        payload = self.packed(kind, text) if payload is None else payload
        event, file = str(uuid.uuid4()), self.suite.folder / f"drilled-{uuid.uuid4()}"
        file.write_bytes(payload)
        named = {"ce_id": event, "ce_source": f"/{source}", "ce_type": kind, "ce_subject": subject, "ce_sequence": sequence,
                 "ce_toldat": int(time.time() * 1000), "partner": "watched"} | headers
        words = [word for name, value in named.items() for word in ("-H", f"{name}={value}")]
        subprocess.run(["kcat", "-P", "-b", self.suite.env["KAFKA_BOOTSTRAP_SERVERS"], "-t", f"{source}.v1", "-X", "partitioner=murmur2_random",
                        "-k", subject, *words, file], check=True)
        file.unlink()
        return event

    def packed(self, kind, text):
        protoc = ["protoc", "-I", ROOM, "-I", "/usr/include", f"--encode={kind}", f"proto/{kind.split('.')[0]}.proto"]
        return subprocess.run(protoc, input=text.encode(), capture_output=True, check=True, cwd=ROOM).stdout

    def an_order(self):
        order = self.day.order()
        self.day.wait_hours([order])
        eventually(lambda: self.suite.sql("SELECT 1 FROM visits.course WHERE work_order_id::text = %s", order), "visits has heard of it")
        return order

    def parked(self, *words):
        return self.suite.word("visits", "--parked", *words)


def text_of(order, more=""):
    return f'order {{ work_order_id: "{order}" number: "D-1" partner_id: "watched" service_id: "plumbing.leak" }} {more}'


# ---- processes ----

def flap(night):
    for _ in range(4):
        night.kill("surveys-0")
        night.suite_up()
        time.sleep(2)


def start_without_kafka(night):
    night.stop_part("kafka")
    night.kill("billing-0")
    state = json.loads((night.suite.folder / "services.json").read_text())["billing-0"]
    started = subprocess.Popen([ROOM / "scripts/suite", "up", night.suite.folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(6):  # orders are taken all the same, and wait in the outbox
        night.day.try_order()
    return started, state


def kafka_back(night, held):
    night.parts_up()
    held[0].wait(90)
    night.suite_up()


def stop_database(night):
    night.stop_part("postgres")
    ends = threading.Event()

    def keep_ordering():
        while not ends.is_set():
            night.day.try_order()
            time.sleep(0.3)

    threading.Thread(target=keep_ordering, daemon=True).start()
    return ends


def database_back(night, ends):
    night.parts_up()
    ends.set()


def cut_connections(night):
    for _ in range(9):
        night.suite.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'visits'")
        time.sleep(2)


# ---- facts ----

def lock_in_visits(night):
    order = night.an_order()
    held = night.session(f"SELECT 1 FROM visits.subject WHERE id = '{order}' FOR UPDATE")
    night.day.post(f"/v1/work-orders/{order}/cancel", {"reason": "other"}, night.day.key)
    return held


def take_relay(night):
    """As a machine that was cut off and whose connection PostgreSQL still holds."""
    lock = "hashtextextended('relay surveys', 0)"
    holder = night.suite.sql("SELECT l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE locktype = 'advisory' AND usename = 'surveys'")[0][0]
    threading.Timer(0.5, lambda: night.suite.sql("SELECT pg_terminate_backend(%s)", holder)).start()
    return night.session(f"SELECT pg_advisory_lock({lock})")  # waits, so it is the next


def park_one(night):
    order = str(uuid.uuid4())
    event = night.tell("intake.v1.WorkOrderOpened", order, 1, payload=b"\xff\xfe\x00")
    eventually(lambda: event in night.parked("list"), "visits has parked it")
    return event, order


def replay_one(night, which):
    """The bytes are mended wherever it is parked; the word --parked shows and replays."""
    event, order = which
    assert "WorkOrderOpened" in night.parked("show", event)
    for service in "intake workforce matching routing visits parts notifications surveys billing portal".split():
        good = night.packed("intake.v1.WorkOrderOpened", text_of(order))
        if night.suite.sql(f"UPDATE {service}.parked SET payload = %s, seal_id = NULL WHERE event_id = %s RETURNING 1", good, event):
            night.suite.word(service, "--parked", "replay", event)
    left = [name for name in ("visits", "portal") if event in night.suite.word(name, "--parked", "list")]
    for service in "intake workforce matching routing visits parts notifications surveys billing portal".split():
        night.suite.sql(f"DELETE FROM {service}.parked WHERE event_id = %s", event)  # who needs more of an order than this one says
    return left


def forget_too_early(night):
    """A fact is missing before it, in everybody's ears."""
    order = night.an_order()
    eventually(lambda: night.suite.sql("SELECT state FROM intake.work_order WHERE work_order_id = %s", order) == [(2,)], "intake has no more to tell")
    # It has told both; Kafka has lost the first.
    told = night.suite.sql("UPDATE intake.subject SET sequence = sequence + 2 WHERE id = %s RETURNING sequence", order)[0][0]
    night.tell("intake.v1.PersonForgotten", order, told, text_of(order, 'person_id: "11111111-1111-1111-1111-111111111111"'))
    return order


def retell(night, _):
    night.suite.word("intake", "--retell")


def crash_row(night):
    night.suite.sql("INSERT INTO visits.parked (event_id, source, subject, sequence, type, partner, trace, told_at, payload, topic, partition,"
                    " record_offset, kind, reason, parked_at) VALUES ('drilled', 'intake', 'drilled', 1, 'intake.v1.WorkOrderOpened', '', '', 0,"
                    " '', '', 0, 0, 'crashed', 'drill', 1)")


def crash_gone(night, _):
    assert "drilled" in night.parked("list")
    night.suite.sql("DELETE FROM visits.parked WHERE event_id = 'drilled'")


def refuse_retold(night):
    for _ in range(2):
        night.tell("intake.v1.WorkOrderOpened", str(uuid.uuid4()), 1, "order { }", retold=1)
        time.sleep(2)


# ---- business ----

def overdue_calls(night):
    """Eight orders that nobody chose an hour for, and whose call is late."""
    key = night.suite.partner("drilled", chooser="by_customer")
    orders = []
    for _ in range(8):
        body = {"contract_id": "drilled-dom", "partner_reference": str(uuid.uuid4()), "service_id": "plumbing.leak",
                "customer": {"first_name": "Anna", "last_name": "Nowak", "phone": f"601{uuid.uuid4().int % 10**6:06d}"},
                "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": "Warszawa", "lat": 52.2297, "lon": 21.0122}}
        orders.append(night.day.post("/v1/work-orders", body, key)["work_order_id"])
    ago = int((time.time() - 7200) * 1000)
    night.suite.sql("UPDATE intake.work_order SET choose_until = %s WHERE work_order_id::text = ANY (%s)", ago, orders)
    eventually(lambda: night.suite.sql("SELECT count(*) FROM intake.call_task WHERE closed_at IS NULL AND work_order_id::text = ANY (%s)", orders)
               == [(8,)], "each has its call task")
    night.suite.sql("UPDATE intake.call_task SET due_at = %s WHERE work_order_id::text = ANY (%s)", ago, orders)
    return orders


def call_them(night, orders):
    for order in orders:
        done = night.suite.edge("POST", f"/v1/call-tasks/{order}/close", {"outcome": "reached"},
                                token=night.suite.token("consultant", "night"), idempotency_key=str(uuid.uuid4()))
        assert done.status == 200, done.body


def hinder_calls(night):
    key = night.suite.partner("drilled", chooser="by_customer")
    body = {"contract_id": "drilled-dom", "partner_reference": str(uuid.uuid4()), "service_id": "plumbing.leak",
            "customer": {"first_name": "Ewa", "last_name": "Nowak", "phone": "601999999"},
            "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": "Warszawa", "lat": 52.2297, "lon": 21.0122}}
    order = night.day.post("/v1/work-orders", body, key)["work_order_id"]
    held = night.session(f"SELECT 1 FROM intake.subject WHERE id = '{order}' FOR UPDATE")
    night.suite.sql("UPDATE intake.work_order SET choose_until = %s WHERE work_order_id = %s", int((time.time() - 7200) * 1000), order)
    return held


def stop_sms(night):
    night.stop_part("sms")
    night.day.wait_hours([night.day.order() for _ in range(14)])


def deaf_webhook(night):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    hook = {"kind": "webhook", "url": f"http://127.0.0.1:{port}/deaf"}
    made = night.suite.edge("POST", "/v1/subscriptions", hook, token=night.day.key)
    assert made.status == 201, made.body
    night.day.wait_hours([night.day.order()])
    return port


class Accepts(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def webhook_listens(night, port):
    threading.Thread(target=http.server.ThreadingHTTPServer(("127.0.0.1", port), Accepts).serve_forever, daemon=True).start()
    night.day.order()  # whose first event is the next attempt; the others are due in minutes


def none(night, _):
    """It was over as soon as it had happened."""


# What may be in trouble at the same time stands together.
SETS = [
    [Trouble("a report says that it opened an order which is not there", ("MajsterConservationBroken",), lambda n: n.report("opened", 1), Night.drop_report),
     Trouble("a report of a channel that nobody reads is in progress", ("MajsterReportsStuck",), lambda n: n.report("in_progress", 0, 2), Night.drop_report),
     Trouble("a report is in quarantine for two hours", ("MajsterQuarantineOld",), lambda n: n.report("quarantined", 1, 2), Night.drop_report),
     Trouble("eight customers are called too late", ("MajsterCallTasksOverdue",), overdue_calls, call_them),
     Trouble("an order's row is locked while its call task is due", ("MajsterOrdersWithoutHour",), hinder_calls, Night.end_who_blocks),
     Trouble("a fact that nobody can read is told", ("MajsterFactsParked",), park_one, replay_one),
     Trouble("a fact is missing before PersonForgotten", ("MajsterFactsEarly", "MajsterErasureIncomplete"), forget_too_early, retell),
     Trouble("a crashed turn is put aside", ("MajsterTurnCrashes",), crash_row, crash_gone),
     Trouble("another session holds the lock of a relay", ("MajsterNoRelay",), take_relay, Night.end_who_blocks),
     Trouble("another session locks an order that facts come about", ("MajsterConsumerBehind",), lock_in_visits, Night.end_who_blocks),
     Trouble("a partner's endpoint is away", ("MajsterWebhooksBehind",), deaf_webhook, webhook_listens)],
    [Trouble("the SMS gateway is away", ("MajsterMessagesFail", "MajsterMessagesOverdue"), stop_sms, Night.parts_up),
     Trouble("a service's only process is killed", ("MajsterProcessDown", "MajsterServiceGone"), lambda n: n.kill("visits-0"), Night.suite_up),
     Trouble("one of matching's two processes is killed", ("MajsterSecondProcessMissing",), lambda n: n.kill("matching-1"), Night.suite_up),
     Trouble("Redis is away", ("MajsterRedisAway",), lambda n: n.stop_part("redis"), Night.parts_up)],
    [Trouble("a process is killed again and again", ("MajsterProcessFlaps",), flap, none),
     Trouble("connections to PostgreSQL are cut again and again", ("MajsterConnectionsBreak",), cut_connections, none),
     Trouble("retold facts cannot fill a copy", ("MajsterRetoldRefused",), refuse_retold, none)],
    [Trouble("Kafka is away, and a process starts without it", ("MajsterKafkaAway", "MajsterOutboxOld", "MajsterProcessNotReady"),
             start_without_kafka, kafka_back)],
    [Trouble("PostgreSQL is away while orders come in", ("MajsterDatabaseAway", "MajsterIntakeRefuses", "MajsterAnswersFail"),
             stop_database, database_back)],
]
DRILLED = {alarm for each in SETS for trouble in each for alarm in trouble.alarms}
