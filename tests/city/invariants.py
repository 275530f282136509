# What must hold after the day, each as a count whose bar is 0: asked over HTTP, read from the database, from Kafka and
# from the logs, by code that shares nothing with the services.
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

from next_steps import STEPS, NextSteps
from partner_events import broken_sequences
from promises import changes_of_hours, punctuality

MACHINERY = {"facts", "calls", "city_cpu_seconds", "seconds"}  # not of the day: forgetting itself is told and asked for
WORD = re.compile(rb"[\w\x80-\xff]+")


class Invariants:
    def __init__(self, city, database, events, folder, dead):
        self.city, self.database, self.events, self.folder, self.dead = city, database, events, Path(folder), dead
        self.facts = city.facts
        self.found = []  # (code, what, count, detail)

    def note(self, code, what, count, detail=""):
        self.found.append((code, what, int(count), str(detail)[:300] if count else ""))

    def check(self):
        for check in (self.nothing_lost, self.next_steps, self.hours_or_calls, self.no_overlap, self.once, self.promises, self.punctual, self.sums,
                      self.order, self.nothing_left, self.no_personal_data, self.nobody_stumbled):
            try:
                check()
            except Exception as error:  # a check that cannot be made is no check that holds
                self.note("--", f"the check {check.__name__} could be made", 1, repr(error))
        return self.found

    # ---- I1 ----

    def nothing_lost(self):
        answer = self.city.edge.get("/v1/conservation", self.city.operator).json
        received, wrong = 0, []
        for channel in answer.get("channels", []):
            parts = [channel.get(name, 0) for name in
                     ("opened", "joined", "duplicate", "quarantined", "refused", "in_progress")]
            received += channel.get("received", 0)
            if channel.get("received", 0) != sum(parts) or channel.get("in_progress", 0):
                wrong.append(channel)
        self.note("I1", "per channel received = opened + joined + duplicate + quarantined + refused, none in progress",
                  len(wrong) + (not answer.get("holds")), wrong)
        self.note("I1", "every order that was sent was received", abs(self.city.as_sent() - received),
                  f"sent {self.city.as_sent()}, received {received}")

    def next_steps(self):
        found = NextSteps(self.database.rows(STEPS), self.city.clock.now())
        self.note("I1", f"every open order has a next step with a due time ({len(found.state)} open)", len(found.without), found.without[:3])

    def hours_or_calls(self):
        self.note("I1", "every open order has an hour, an open call task, or time left to choose", self.database.number(
            "SELECT count(*) FROM intake.work_order w WHERE w.state IN (1, 7) AND w.choose_until < %s AND NOT EXISTS"
            " (SELECT FROM intake.call_task t WHERE t.work_order_id = w.work_order_id AND t.closed_at IS NULL) AND NOT EXISTS"
            " (SELECT FROM intake.work_order b WHERE b.work_order_id = w.after_work_order_id AND b.state IN (1, 7))",
            self.city.clock.now() - 60_000))

    # ---- I2 ----

    def check_book(self):
        """Memory follows what is told: a process may be a moment behind, but not stay so. Each is asked in turn."""
        for _ in range(10):
            answers = [self.city.edge.get("/v1/book/check", self.city.operator).json for _ in range(4)]
            if not any(said.get("version_differs") for said in answers):
                break
            time.sleep(0.5)
        return max(answers, key=lambda said: said.get("version_differs", 0))

    def no_overlap(self):
        said = self.check_book()
        wrong = {name: count for name, count in said.items() if count and name not in ("technician_days", "visits")}
        self.note("I2", f"the book holds ({said.get('visits', 0)} visits on {said.get('technician_days', 0)} days)",
                  sum(wrong.values()) + (not said.get("visits")), wrong or "the book is empty")
        self.note("I2", "no technician is promised twice for overlapping times", self.database.number(
            "SELECT count(*) FROM matching.visit a JOIN matching.visit b ON a.technician_id = b.technician_id"
            " AND a.visit_id < b.visit_id AND a.during && b.during WHERE a.state IN (1, 2, 5) AND b.state IN (1, 2, 5)"))

    # ---- I3 ----

    def once(self):
        self.note("I3", f"a request sent twice with its key got the same answer ({self.city.partners.replays} times)",
                  self.city.partners.replays_differ)
        self.note("I3", "no report opened two orders, no claim has two open ones", self.database.number(
            "SELECT count(*) FROM (SELECT 1 FROM intake.report WHERE outcome = 'opened' GROUP BY work_order_id"
            " HAVING count(*) > 1 UNION ALL SELECT 1 FROM intake.work_order WHERE state NOT IN (4, 5, 6)"
            " GROUP BY partner_id, partner_reference, service_id HAVING count(*) > 1) twice"))
        sent = Counter((m["work_order_id"], m["template"], m["channel"], m["occurrence"])
                       for m in (each["message"] for each in self.facts.all("notifications.v1.MessageSent")))
        self.note("I3", f"no message was sent twice ({sum(sent.values())} sent)", sum(n - 1 for n in sent.values()),
                  [key for key, n in sent.items() if n > 1][:3])
        lines, _ = self.city.read_lines(self.city.env["SMS_JOURNAL"], 0)
        phones = Counter((line["to"], line["reference"]) for line in lines if line["event"] == "message")
        self.note("I3", f"no phone got the same SMS twice ({len(phones)} SMS)", sum(n - 1 for n in phones.values()))

    # ---- I4 ----

    def promises(self):
        changes, silent = changes_of_hours(self.facts)
        self.note("I4", "every change of a promised hour was told as such, by somebody or with a named override",
                  len(silent), silent[:3])
        spoken = {(m["work_order_id"], m["occurrence"]) for kind in ("MessageSent", "MessageDropped", "MessageFailed")
                  for m in (each["message"] for each in self.facts.all(f"notifications.v1.{kind}"))
                  if m["template"] in ("moved", "rebooked", "postponed")}
        mute = [change for change in changes if change not in spoken]
        self.note("I4", f"the customer was told of each ({len(changes)} changes)", len(mute), mute[:3])

    def punctual(self):
        kept = punctuality(self.facts)
        came = kept["visits"] - kept["missed"]
        for within, allowed, minutes in (("kept", 5, 15), ("close", 1, 30)):
            beyond = came - kept[within]
            self.note("MA-02", f"who comes, comes within ±{minutes} min: of {came} not more than {allowed} % otherwise",
                      max(0, beyond - came * allowed // 100), beyond)

    # ---- I5 ----

    def sums(self):
        self.note("I5", "no guarantee sum is exceeded", self.database.number(
            "SELECT count(*) FROM intake.guarantee WHERE reserved_grosz + used_grosz > sum_grosz"
            " OR reserved_grosz < 0 OR used_grosz < 0"))
        self.note("I5", "each sum equals its orders' reservations and lines", self.database.number(
            "SELECT count(*) FROM intake.guarantee g JOIN (SELECT contract_id, policy, sum(reserved_grosz) AS reserved,"
            " sum(used_grosz) AS used FROM intake.work_order GROUP BY 1, 2) w USING (contract_id, policy)"
            " WHERE g.reserved_grosz <> w.reserved OR g.used_grosz <> w.used"))
        covered = sum(each["covered_grosz"] for each in self.facts.all("intake.v1.CostLineAccepted"))
        used = self.database.number("SELECT coalesce(sum(used_grosz), 0) FROM intake.guarantee")
        self.note("I5", "what was told as covered is what was used", abs(covered - used), f"told {covered}, used {used}")
        booked = sum(each["line"]["partner_grosz"] for each in self.facts.all("billing.v1.CostLineBooked"))
        self.note("I5", "what billing booked on partners is what was covered", abs(covered - booked),
                  f"{booked} of {covered}")

    # ---- I8 ----

    def order(self):
        own = [fact for fact in self.facts.facts if not fact.topic.startswith("partner.")]
        gaps = sum(broken_sequences((fact.subject, fact.sequence) for fact in told) for told in by_source(own).values())
        self.note("I8", f"facts are gap-free per service and subject in Kafka ({len(own)} facts)", gaps)
        last = defaultdict(int)
        for fact in own:
            last[fact.source, fact.subject] = max(last[fact.source, fact.subject], fact.sequence)
        heard = self.database.heard()
        behind = [key for key, sequence in heard.items() if last[key[1:]] != sequence]
        self.note("I8", f"every listener has heard every subject to its end ({len(heard)} pairs)", len(behind), behind[:3])
        self.note("I8", "partners' events are gap-free per order, by webhook and topic", self.events.gaps())
        self.note("I8", "webhook and topic told the same events", self.events.differences(), self.events.count())

    # ---- I10 ----

    def forgotten(self, forgetting, figures_before, figures_after):
        count, before = len(forgetting.customers), forgetting.before
        self.note("I10", f"each of {count} customers was forgotten when he asked", len(forgetting.refused) + (not count), forgetting.refused)
        self.note("I10", f"the scan finds them before ({before['PostgreSQL']} times in PostgreSQL)", before["PostgreSQL"] < count, before)
        self.note("I10", "and nowhere after: PostgreSQL, Kafka, Redis, files, logs", sum(forgetting.after.values()), forgetting.after)
        differ = [name for name in figures_before if name not in MACHINERY and figures_before[name] != figures_after[name]]
        self.note("I10", "the day's figures stay what they were", len(differ), differ)

    # ---- the machinery ----

    def nothing_left(self):
        for table, what in (("parked", "nothing is parked"), ("early", "nothing waits for its opening"),
                            ("outbox", "every fact has reached Kafka")):
            left = {name: count for name, count in self.database.in_every_schema(table).items() if count}
            self.note("--", what, sum(left.values()), left)
        self.note("--", "every webhook was verified", self.events.unverified)

    def no_personal_data(self):
        names = {order.last_name.encode() for order in self.city.world.orders}
        numbers = {order.phone[3:].encode() for order in self.city.world.orders}
        found = Counter()

        def names_somebody(text):
            words = set(WORD.findall(text))
            return bool(words & names) or bool(words & numbers) or b"@poczta.example" in text

        for file in self.logs():
            with open(file, "rb") as lines:
                for line in lines:
                    found[file.name] += names_somebody(line)
        for fact in self.facts.facts:
            found[fact.topic] += names_somebody(fact.payload)
        self.note("I10", "no customer's name, phone or e-mail stands in logs or events", sum(found.values()),
                  {name: count for name, count in found.items() if count})

    def logs(self):
        return [*sorted((self.folder / "log").glob("*.log")), *sorted((self.folder / "nginx").resolve().glob("*.log")),
                *sorted((self.folder / "postgres").resolve().glob("*.log"))]

    def nobody_stumbled(self):
        agenda, edge = self.city.agenda, self.city.edge
        self.note("--", "no process of the suite has ended by itself", len(self.dead), self.dead)
        errors = [line for file in (self.folder / "log").glob("*.log") for line in file.read_text().splitlines()
                  if '"level":"error"' in line or not line.startswith("{")]
        self.note("--", "no process logged an error", len(errors), errors[:2])
        self.note("--", "nobody in the city met an error", agenda.fault_count, agenda.faults[:1])
        bad = {status: count for status, count in edge.calls.items() if status == 0 or status >= 500}
        self.note("--", f"no call failed for good ({sum(edge.calls.values())} calls)", sum(bad.values()), bad)
        if rolling := self.city.rolling:
            refused = rolling.refused() + rolling.failures
            self.note("--", f"no call failed while {rolling.processes} processes were ended and started again", len(refused)
                      + (rolling.processes == 0), refused[:3])


def by_source(facts):
    found = defaultdict(list)
    for fact in facts:
        found[fact.source].append(fact)
    return found
