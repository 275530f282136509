# A town of its own for one test: technicians with a skill that nobody else has, orders, customers who ask for hours, and
# what stands in the book afterwards, by SQL that leans on no constraint.
import http.client
import itertools
import json
import re
import signal
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from one_service import ROOM, Service, eventually, new_id, now_ms

WARSAW = ZoneInfo("Europe/Warsaw")
MINUTE, HOUR = 60_000, 3_600_000
SKILL = re.compile(r'^SKILL\(\w+, "(\w+)", .*LICENCE_NONE\)', re.M)
SKILLS = SKILL.findall((ROOM / "lib/domain/skills.def").read_text())
ANSWER_S, GIVE_UP_S = 4, 60
HELD, BOOKED, CANCELLED, MISSED, DONE, EXPIRED = 1, 2, 3, 4, 5, 6


class Process(Service):
    """One that is killed and started again, also with other binaries."""

    def __init__(self, suite, name, binaries, **settings):
        super().__init__(suite, name, **settings)
        self.binaries, self.kills = binaries, 0

    def start(self):
        self.begin()
        eventually(self.is_ready, f"{self.name} is ready", 30)

    def begin(self):
        self.process = subprocess.Popen([self.binaries / self.name], env=self.env, stderr=self.log)

    def kill_and_begin(self):
        """kill -9, and started again at once, as a supervisor does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.kills += 1
        self.begin()


def local_day(at):
    return (datetime.fromtimestamp(at / 1000, WARSAW).date() - datetime(1970, 1, 1).date()).days


def day_start(days, hour):
    day = datetime.now(WARSAW).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return int(day.timestamp() * 1000)


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict
    tries: int  # more than one: the first had no answer, or 503
    unanswered: int  # tries whose outcome nobody knew
    last_sent_at: int

    @property
    def problem(self):
        return self.body.get("type", "").rpartition("/")[2] if isinstance(self.body, dict) else ""


class Caller:
    """One customer's line to whichever process answers: the same Idempotency-Key until he has an answer."""

    def __init__(self, town):
        self.town, self.lines, self.turn = town, {}, itertools.count(id(self))

    def ask(self, method, path, body, key=None, actor=None, only=None):
        give_up, tries, unanswered = time.monotonic() + GIVE_UP_S, 0, 0
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        while True:
            assert time.monotonic() < give_up, f"no answer to {method} {path} within {GIVE_UP_S} s"
            process = only or self.town.matching[next(self.turn) % len(self.town.matching)]
            headers["X-Actor"], tries, sent_at = actor or self.town.actor(), tries + 1, now_ms()
            try:
                self.town.waits(process, 1)
                status, answer = self.once(process.port, method, path, body, headers)
            except (OSError, http.client.HTTPException) as silence:
                unanswered += not isinstance(silence, ConnectionRefusedError)
                self.lines.pop(process.port, None)
                time.sleep(0.01)
                continue
            finally:
                self.town.waits(process, -1)
            if status != 503:
                return Answer(status, answer, tries, unanswered, sent_at)

    def once(self, port, method, path, body, headers):
        line = self.lines.setdefault(port, http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_S))
        line.request(method, path, None if body is None else json.dumps(body), headers)
        answer = line.getresponse()
        raw = answer.read()
        return answer.status, json.loads(raw) if "json" in (answer.headers["Content-Type"] or "") else raw

    def post(self, order, verb, body, **more):
        return self.ask("POST", f"/v1/work-orders/{order}/{verb}", body, key=new_id(), **more)

    def slots(self, order, only=None, **window):
        answer = self.ask("POST", "/v1/slot-searches", {"work_order_id": order, "most": 96} | window, only=only)
        assert answer.status == 200, answer
        return answer.body.get("slots", [])


class Town:
    towns = itertools.count()

    def __init__(self, suite, facts, matching, technicians, hours=10, days=(3,), begins=8):
        self.number = next(self.towns)
        self.suite, self.facts, self.matching = suite, facts, matching
        self.partner, self.skill = f"town{self.number}", SKILLS[self.number]
        self.begins = [day_start(day, begins) for day in days]
        self.hours, self.in_flight, self.signed, self.lock = hours, Counter(), (0, ""), threading.Lock()
        self.technicians = [new_id() for _ in range(technicians)]
        self.orders = []
        for number, technician in enumerate(self.technicians):
            self.tell_technician(technician, number)
        facts.flush()
        wanted = technicians * len(days)
        eventually(lambda: self.sql("SELECT count(*) FROM matching.technician_day WHERE technician_id::text = ANY(%s)", self.technicians)[0][0] == wanted,
                   "every technician has his days")  # fmt: skip

    def sql(self, statement, *values):
        return self.suite.sql(statement, *values)

    def actor(self):
        """Signed for a minute, used for twenty seconds."""
        signed_at, actor = self.signed
        if time.monotonic() - signed_at > 20 or not actor:
            self.signed = signed_at, actor = time.monotonic(), self.suite.actor("partner", self.partner, self.partner)
        return actor

    def waits(self, process, more):
        """How many callers wait for that process's answer."""
        with self.lock:
            self.in_flight[process.port] += more

    def caller(self):
        return Caller(self)

    # ---- what other services tell ----

    def tell_technician(self, technician, number, absences=(), **changed):
        """His whole state, as workforce tells it."""
        shifts = [{"day": local_day(at), "from": at, "until": at + self.hours * HOUR} for at in self.begins]
        absences = [{"absence_id": new_id(), "from": since, "until": until} for since, until in absences]
        whole = {"technician_id": technician, "first_name": f"Anna{number}", "skills": [self.skill], "active": True,
                 "home": {"lat": 52.23, "lon": 21.01, "town": "Warszawa"}, "shifts": shifts, "absences": absences}  # fmt: skip
        self.facts.tell("workforce.v1.TechnicianChanged", technician, "", {"technician": whole | changed})

    def order(self, chooser="BY_PARTNER", lat=52.23, lon=21.01, length=HOUR, order=None, **changed):
        order = order or new_id()
        whole = {"work_order_id": order, "number": f"M-{len(self.orders)}", "partner_id": self.partner, "service_id": "s", "skill": self.skill,
                 "person_id": "p", "chooser": chooser, "urgency": "NORMAL", "visit_length_ms": length, "tolerance_ms": 15 * MINUTE,
                 "opened_at": now_ms(), "earliest_at": now_ms(), "latest_by": self.begins[-1] + (self.hours + 1) * HOUR,
                 "place": {"lat": lat, "lon": lon, "town": "Warszawa"}}  # fmt: skip
        self.orders.append(order)
        self.facts.tell("intake.v1.WorkOrderOpened", order, self.partner, {"order": whole | changed})
        return order

    def many_orders(self, count, **more):
        orders = [self.order(**more) for _ in range(count)]
        self.facts.flush()
        eventually(lambda: self.sql("SELECT count(*) FROM matching.order_copy WHERE work_order_id::text = ANY(%s)", orders)[0][0] == count,
                   "matching has heard of every order", 60)  # fmt: skip
        return orders

    def cancel(self, order):
        self.facts.tell("intake.v1.WorkOrderCancelled", order, self.partner,
                        {"order": {"work_order_id": order, "partner_id": self.partner, "state": "CANCELLED"}, "reason": "customer"})  # fmt: skip

    def slot_id(self, technician, start_at):
        return f"{technician}.{local_day(start_at)}.{start_at}"

    # ---- what stands in the book ----

    def visits(self, *states):
        """{visit_id: (order, technician, start_at, length)}."""
        rows = self.sql("SELECT visit_id::text, work_order_id::text, technician_id::text, start_at, length_ms FROM matching.visit"
                        " WHERE partner_id = %s AND state = ANY(%s)", self.partner, list(states))  # fmt: skip
        return {visit: tuple(rest) for visit, *rest in rows}

    def wait_told(self):
        """Until all that is decided is in Kafka."""
        eventually(lambda: not self.sql("SELECT 1 FROM matching.outbox LIMIT 1"), "the outbox is empty", 60)

    def told(self, subjects=()):
        """What matching told of this town's orders and technicians' days, and of `subjects`."""
        self.wait_told()
        mine = set(self.orders) | {f"{technician}/{local_day(at)}" for technician in self.technicians for at in self.begins}
        return self.facts.told("matching.v1", None, mine | set(subjects))

    def book_check(self, process=None):
        """What the book's own checker counts of what does not hold."""
        answer = self.caller().ask("GET", "/v1/book/check", None, actor=self.suite.actor("operator", "me"), only=process)
        assert answer.status == 200, answer
        return {name: count for name, count in answer.body.items() if name not in ("technician_days", "visits")}


def overlapping(visits):
    """Pairs of one technician whose times overlap."""
    found, by_technician = [], {}
    for visit, (_, technician, start_at, length) in visits.items():
        by_technician.setdefault(technician, []).append((start_at, length, visit))
    for work in by_technician.values():
        work.sort()
        found += [(a[2], b[2]) for a, b in itertools.combinations(work, 2) if b[0] < a[0] + a[1]]
    return found


def gaps(told):
    """Technician-days whose told versions do not go up by one from each fact to the next."""
    versions = {}
    for fact in told:
        if fact.kind == "TechnicianDayChanged":
            versions.setdefault(fact.subject, []).append(fact.message["technician_day"]["version"])
    return [(subject, seen) for subject, seen in versions.items() if seen != list(range(1, len(seen) + 1))]
