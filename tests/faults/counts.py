# What must hold after the storm: S1 to S12 and S14, each a count whose bar is 0, by code that shares nothing with the
# services; and the guards, each a count that must not be 0, or the storm was no storm.
import json
import re
import urllib.parse
from collections import Counter, defaultdict
from pathlib import Path

from clock import HOUR
from hammer import PARTNERS, canary
from invariants import Invariants, by_source
from live_view import read_live
from partner_events import broken_sequences
from weapons import FAILPOINTS

ORDER_MOVES = {
    "OPENED": {"SCHEDULED", "UNSTAFFED", "DONE", "CANCELLED"},
    "UNSTAFFED": {"SCHEDULED", "UNSTAFFED", "DONE", "CANCELLED"},
    "SCHEDULED": {"SCHEDULED", "OPENED", "UNSTAFFED", "UNDER_WAY", "DONE", "CANCELLED"},
    "UNDER_WAY": {"SCHEDULED", "OPENED", "UNSTAFFED", "UNDER_WAY", "DONE"},
    "DONE": {"SETTLED"},
    "CANCELLED": set(), "SETTLED": set(),
}  # fmt: skip
GAVE_UP_A_START = re.compile(r'"cannot_start".*(PostgreSQL|topic|migrat)')
SANITIZER = re.compile(r"AddressSanitizer|UndefinedBehavior|runtime error:|assertion|Assertion|stack smashing|double free|free\\(\\): |malloc\\(\\): ")


class Counts(Invariants):
    """The city's invariants, as far as they hold in a storm, and the storm's own."""

    def __init__(self, storm, database, events):
        super().__init__(storm.city, database, events, storm.rig.folder, [])
        self.storm, self.rig, self.hammer, self.garbage = storm, storm.rig, storm.city.hammer, storm.garbage
        self.logs_text = {file.name: file.read_text(errors="replace") for file in (self.folder / "log").glob("*.log")}

    def check(self):
        # Nonsense that knocked with a partner's key is a report, too: kept, and refused.
        self.city.noise = self.database.number("SELECT count(*) FROM intake.report WHERE outcome = 'refused' AND partner_id LIKE"
                                               " 'storm-%%' AND rule NOT IN ('guarantee_sum', 'not_covered')")  # fmt: skip
        checks = [self.s1, self.s2, self.s3, self.s4, self.s5, self.s6, self.s7, self.s8, self.s9, self.s10, self.s11,
                  self.s12, self.s14, self.next_steps, self.sums, self.order, self.no_personal_data, self.forgotten, self.bad_input,
                  self.no_key_refused]  # fmt: skip
        if self.storm.is_whole:
            checks += [self.hours_or_calls, self.once, self.promises]
        checks += [self.rig.thaw, self.nothing_lost, self.no_overlap]  # those ask the services themselves
        for check in checks:
            try:
                check()
            except Exception as error:  # a check that cannot be made is no check that holds
                self.note("--", f"the check {check.__name__} could be made", 1, repr(error))
        return self.found

    # ---- S1 … S4: orders and hours ----

    def s1(self):
        known = {str(row[0]): row[1] for row in self.database.rows("SELECT work_order_id, partner_reference FROM intake.work_order")}
        acked = [order for order in self.hammer.orders if order.id]
        lost = [order.id for order in acked if known.get(order.id) != order.body["partner_reference"]]
        self.note("S1", f"acknowledged orders are in PostgreSQL, as they were ({len(acked)})", len(lost), lost[:3])
        silent = [order.number for order in self.hammer.orders if not order.replies]
        self.note("S1", "every order that was sent got an answer in the end", len(silent), silent[:3])
        visits = {str(row[0]) for row in self.database.rows("SELECT visit_id FROM matching.visit")}
        hours = [(what, visit) for order in acked for what, visit, _ in order.hours]
        gone = [each for each in hours if each[1] not in visits]
        self.note("S1", f"acknowledged hours and holds are in PostgreSQL ({len(hours)})", len(gone), gone[:3])

    def s2(self):
        differ = [order.key for order in self.hammer.orders if len(order.replies) > 1]
        self.note("S2", f"one key, one answer ({sum(bool(o.replies) for o in self.hammer.orders)} keys)", len(differ),
                  [sorted(order.replies)[:2] for order in self.hammer.orders if len(order.replies) > 1][:1])  # fmt: skip
        self.note("S2", "one key, one order", self.database.number(
            "SELECT count(*) FROM (SELECT 1 FROM intake.work_order WHERE partner_id LIKE 'storm-%%'"
            " GROUP BY partner_id, partner_reference HAVING count(*) > 1) twice"))  # fmt: skip

    def s3(self):
        self.note("S3", "no technician is promised twice for overlapping times", self.database.number(
            "SELECT count(*) FROM matching.visit a JOIN matching.visit b ON a.technician_id = b.technician_id"
            " AND a.visit_id < b.visit_id AND a.during && b.during WHERE a.state IN (1, 2, 5) AND b.state IN (1, 2, 5)"))
        self.note("S3", "no order has two hours", self.database.number(
            "SELECT count(*) FROM (SELECT 1 FROM matching.visit WHERE state = 2 AND mate_of IS NULL GROUP BY work_order_id HAVING count(*) > 1) twice"))
        self.note("S3", "nor was one ever promised twice, by the facts", self.overlaps_told())

    def overlaps_told(self):
        """The same from the history: every state of every day that was told."""
        found = 0
        for each in self.facts.all("matching.v1.TechnicianDayChanged"):
            visits = sorted((visit["start_at"], visit["length_ms"]) for visit in each["technician_day"]["visits"])
            found += any(a + length > b for (a, length), (b, _) in zip(visits, visits[1:]))
        return found

    def s4(self):
        state, wrong, moves = {}, [], []
        for kind in ("WorkOrderOpened", "WorkOrderProgressed", "WorkOrderCancelled"):
            moves += [(each["fact"].subject, each["fact"].sequence, each["order"]["state"]) for each in self.facts.all(f"intake.v1.{kind}")]
        for subject, sequence, to in sorted(moves):
            before = state.get(subject)
            if before is not None and to not in ORDER_MOVES.get(before, set()):
                wrong.append((subject, sequence, before, to))
            state[subject] = to
        self.note("S4", f"orders move as their table says ({len(moves)} moves)", len(wrong), wrong[:3])
        stored = {str(key): value for key, value in self.database.rows("SELECT work_order_id, state FROM intake.work_order")}
        names = self.facts.types.enums["intake.v1.WorkOrderState"]
        differ = [key for key, value in stored.items() if state.get(key) != names.get(value)]
        self.note("S4", f"each order is in the state that was told last ({len(stored)})", len(differ), differ[:3])

    # ---- S5, S6, S10: facts ----

    def s5(self):
        left = {name: count for name, count in self.database.in_every_schema("outbox").items() if count}
        self.note("S5", "every committed fact has left its outbox", sum(left.values()), left)
        told = defaultdict(int)
        for fact in self.own():
            told[fact.source, fact.subject] = max(told[fact.source, fact.subject], fact.sequence)
        committed = {}
        for name in self.database.in_every_schema("subject"):
            for subject, sequence in self.database.rows(f"SELECT id, sequence FROM {name}.subject WHERE sequence > 0"):
                committed[name, subject] = sequence
        missing = [key for key, sequence in committed.items() if told.get(key, 0) < sequence]
        self.note("S5", f"committed facts are in Kafka ({sum(committed.values())})", len(missing), missing[:3])
        made_up = [key for key, sequence in told.items() if committed.get(key, 0) < sequence]
        self.note("S5", "facts in Kafka were committed", len(made_up), made_up[:3])

    def own(self):
        return [fact for fact in self.facts.facts if not fact.topic.startswith("partner.")]

    def s6(self):
        effects = Counter((fact.source, fact.cause, fact.subject, fact.type, fact.topic) for fact in self.facts.facts if fact.cause)
        told = {fact.event_id for fact in self.facts.facts}
        twice = [key for key, count in effects.items() if count > 1 and key[1] in told and not self.may_repeat(key)]
        self.note("S6", f"no fact had an effect twice ({len(effects)} effects with a cause)", len(twice), twice[:3])
        missing = Counter()
        for name, said in self.storm.describe.items():
            topics = {each["topic"] for each in said["listens"]}
            if topics:
                claimed = {str(row[0]) for row in self.database.rows(f"SELECT event_id FROM {name}.inbox")}
                missing[name] = sum(fact.topic in topics and fact.event_id not in claimed for fact in self.own())
        self.note("S6", "no listener has left out a fact", sum(missing.values()), +missing)

    @staticmethod
    def may_repeat(key):
        """A day is told again when holds on it expire; a fact may cause an SMS and an e-mail (S7 and I3 count those)."""
        return key[3].endswith(("TechnicianDayChanged", "LinkIssued", "MessageSent", "MessageDropped", "MessageFailed"))

    def s10(self):
        last, wrong = {}, []
        for fact in self.own():
            key = fact.topic, fact.subject
            if fact.sequence < last.get(key, 0):
                wrong.append((key, fact.sequence, last[key]))
            last[key] = max(last.get(key, 0), fact.sequence)
        self.note("S10", f"no subject's facts overtake each other in Kafka ({len(last)} subjects)", len(wrong), wrong[:3])

    # ---- S7, S8, S9 ----

    def s7(self):
        lines, _ = self.city.read_lines(self.city.env["SMS_JOURNAL"], 0)
        phones = Counter((line["to"], line["reference"]) for line in lines if line["event"] == "message")
        keys = self.database.rows("SELECT count(*) FROM (SELECT 1 FROM notifications.message GROUP BY work_order_id, template,"
                                  " occurrence, channel HAVING count(*) > 1) twice")[0][0]  # fmt: skip
        self.note("S7", f"nobody got the same SMS twice ({len(phones)} SMS)", sum(n - 1 for n in phones.values()) + keys)
        sent = Counter((m["work_order_id"], m["template"], m["channel"], m["occurrence"])
                       for m in (each["message"] for each in self.facts.all("notifications.v1.MessageSent")))  # fmt: skip
        self.note("S7", f"nor was one told as sent twice ({sum(sent.values())})", sum(n - 1 for n in sent.values()))
        self.unknown = self.database.number("SELECT count(*) FROM notifications.message WHERE state = 6")

    def s8(self):
        leaks = list(self.hammer.leaks)
        lines, _ = self.city.read_lines(self.city.env["WEBHOOK_JOURNAL"], 0)
        for line in lines:
            leaks += self.others(line["path"].strip("/"), line["body"].encode(), "webhook")
        for fact in self.facts.facts:
            if fact.topic.startswith("partner."):
                leaks += self.others(fact.topic.split(".")[1], fact.payload, fact.topic)
        self.note("S8", f"no partner saw another's canary ({self.hammer.over_the_wall} looks over the wall)", len(leaks), leaks[:3])
        logged = [name for name, text in self.logs_text.items() if any(canary(each) in text for each in PARTNERS)]
        self.note("S8", "no canary sings in a log", len(logged), logged)

    @staticmethod
    def others(partner, body, where):
        return [f"{partner} saw {other} in its {where}" for other in PARTNERS if other != partner and canary(other).encode() in body]

    def s9(self):
        self.note("S9", f"no hold was taken after its time ({self.hammer.expired} tries)", self.hammer.late_takes)
        stale = self.database.number("SELECT count(*) FROM matching.technician_day d WHERE version <> (SELECT s.sequence FROM"
                                     " matching.subject s WHERE s.id = d.technician_id || '/' || d.day)")  # fmt: skip
        self.note("S9", "each technician-day has the version that its facts have", stale)

    # ---- S11, S12, S14 ----

    def s11(self):
        wrong = {}
        for name, count in self.database.in_every_schema("parked").items():
            wanted = self.garbage.parked.get(name, 0)
            if count != wanted:
                kinds = self.database.rows(f"SELECT kind, reason, type, count(*) FROM {name}.parked GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 6")
                wrong[name] = f"{count} parked, {wanted} injected: {kinds}"
        total = sum(self.garbage.parked.values())
        self.note("S11", f"parked is what was injected as garbage ({total})", len(wrong), wrong)
        early = {name: count for name, count in self.database.in_every_schema("early").items() if count}
        self.note("S11", "nothing waits for its opening", sum(early.values()), early)

    def s12(self):
        stored = {str(row[0]): row[1:] for row in self.database.rows(
            "SELECT technician_id, sequence, lat, lon, heard_at FROM routing.last_position")}  # fmt: skip
        port = urllib.parse.urlsplit(self.city.env["REDIS_URL"]).port
        live, wrong = read_live(port), []
        for technician, (sequence, _, _, heard_at) in stored.items():
            if heard_at > self.storm.now_ms() - 240_000 and live.get(technician) != sequence:
                wrong.append((technician, sequence, live.get(technician)))
        wrong += [(each, "only in Redis") for each in live if each not in stored]
        self.note("S12", f"Redis shows what PostgreSQL has ({len(live)} technicians)", len(wrong), wrong[:3])

    def s14(self):
        crashed = [(each.name, status) for each in self.rig.processes for status, by_us in each.ends
                   if isinstance(status, int) and status < 0 and not by_us]  # fmt: skip
        self.note("S14", "no process crashed", len(crashed), crashed[:3])
        ended = [(each.name, status, self.last_words(each.name)) for each in self.rig.processes for status, by_us in each.ends
                 if isinstance(status, int) and status > 0]  # fmt: skip
        # Who loses PostgreSQL or Kafka in the middle of a start ends and is started again: that is what supervisors are for.
        # A join that was sent twice over a slow link fences its own sender; he cannot know that nobody else has his INSTANCE.
        ended = [each for each in ended if not GAVE_UP_A_START.search(each[2]) and '"event":"fenced"' not in each[2]]
        self.note("S14", "no process that had started gave up by itself", len(ended), ended[:2])
        reports = [(name, found[0]) for name, text in self.logs_text.items() if (found := SANITIZER.search(text))]
        self.note("S14", "no sanitizer and no assertion spoke", len(reports), reports[:3])
        grown = [each for each in self.storm.growth() if each[2] > 1.5 * each[1] + 8000]
        self.note("S14", "no process kept growing", len(grown), grown[:3])

    def last_words(self, name):
        lines = [line for line in self.logs_text[f"{name}.log"].splitlines() if '"level":"error"' in line]
        return lines[-1][:200] if lines else ""

    # ---- F10, I8, I10, I11 ----

    def no_key_refused(self):
        calls = self.city.edge.calls
        self.note("F10", f"no good key was refused by a wrong clock ({sum(calls.values())} calls)", calls[401])

    def order(self):
        gaps = sum(broken_sequences((fact.subject, fact.sequence) for fact in told) for told in by_source(self.own()).values())
        self.note("I8", f"facts are gap-free per service and subject in Kafka ({len(self.own())} facts)", gaps)
        last = defaultdict(int)
        for fact in self.own():
            last[fact.source, fact.subject] = max(last[fact.source, fact.subject], fact.sequence)
        heard = {key: sequence for key, sequence in self.database.heard().items() if key[2] not in self.garbage.subjects}
        behind = [key for key, sequence in heard.items() if last[key[1:]] != sequence]
        self.note("I8", f"every listener has heard every subject to its end ({len(heard)} pairs)", len(behind), behind[:3])
        self.note("I8", "partners' events are gap-free per order, by webhook and topic", self.events.gaps())
        self.note("I8", "webhook and topic told the same events", self.events.differences(), self.events.count())

    def forgotten(self):
        forgetting = self.storm.forgetting
        forgetting.look()
        self.note("I10", f"who asked to be forgotten in the storm was ({len(forgetting.customers)} customers)", len(forgetting.refused),
                  forgetting.refused[:3])  # fmt: skip
        self.note("I10", "and is nowhere any more: PostgreSQL, Kafka, Redis, files, logs", sum(forgetting.after.values()), forgetting.after)

    def bad_input(self):
        doors = self.garbage.doors
        self.note("I11", f"nonsense at the doors gets a clear answer ({doors['asked']} calls, {doors['refused']} refused)",
                  len(doors["wrong"]), doors["wrong"][:3])  # fmt: skip

    def logs(self):
        return [*super().logs(), *self.folder.glob("*.log")]

    # ---- the guards ----

    def guards(self):
        """[(what, count, whether 0 is allowed in a short run)]: a storm that met none of this proves nothing."""
        text = "\n".join(self.logs_text.values())
        hits = (self.folder / "failpoints.jsonl")
        passed = Counter(json.loads(line)["failpoint"] for line in hits.read_text().splitlines()) if hits.exists() else Counter()
        assigned, processes = text.count('"partitions_assigned"'), len([name for name in self.logs_text if "workforce" not in name])
        found = [
            ("duplicates refused by an inbox", self.storm.watch.total("majster_duplicates_total"), False),
            ("offsets refused by compare and swap", text.count('"offsets_refused"'), False),
            ("hours that somebody else had taken", self.hammer.conflicts, False),
            ("holds that had run out", self.hammer.expired, True),
            ("records that a relay sent again", self.facts.repeats - self.garbage.again, False),
            ("assignments of partitions after the first", assigned - processes, False),
            ("producers made anew", text.count('"producer_made"') - sum(1 + len(each.ends) for each in self.rig.processes), False),
            ("calls answered 503 or 502", self.city.edge.busy, False),
            ("calls whose outcome nobody knew", self.city.edge.unknown, True),
            ("forgotten customers whom the vault had known", self.storm.forgetting.found_before, False),
            ("times the same scan finds some who did not ask", self.storm.forgetting.before["PostgreSQL"], False),
        ]
        found += [(f"times {name} found no room on its disk", (self.folder / f"{name}.log").read_text(errors="replace").count("No space left"),
                   False) for name in self.rig.disks]  # fmt: skip
        found.append(("processes whose log has a wrong clock's lines", self.wrong_clocks(), True))
        return found + [(f"kills at {name}", passed[name], False) for name in FAILPOINTS]

    def wrong_clocks(self):
        now = self.storm.now_ms()
        return sum(any(abs(int(at) - now) > HOUR / 2 for at in re.findall(r'^{"at":(\d+)', text, re.M)) for text in self.logs_text.values())
