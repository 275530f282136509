# Everybody who changes a book of technician-days, at once and at random: consultants and partners by HTTP, the engine by orders
# that come, workforce by absences and papers, routing by plans computed from versions, visits by what happens at the door. What
# each of them was told is kept, for the judge.
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psycopg2
from one_service import eventually, new_id
from town import BOOKED, HOUR, MINUTE, Town

# A skill and the paper that it needs, another for each town: nobody helps out in the next one.
PAPERS = [("electricity", "electricity"), ("gas", "gas"), ("heat_pumps", "refrigerants"), ("chimneys", "chimneys")]
FOREVER, FACTS_AHEAD = 4_000_000_000_000, 5


@dataclass
class Edit:
    kind: str
    what: dict = field(default_factory=dict)
    answer: object = None  # of a request


class Papered(Town):
    """A town whose work asks for papers that may end."""

    papers = iter(PAPERS)

    def __init__(self, suite, facts, matching, technicians, days):
        self.trade, self.paper = next(self.papers)
        super().__init__(suite, facts, matching, technicians, hours=12, days=days, begins=7)

    def tell_technician(self, technician, number, absences=(), until=FOREVER, **changed):
        licences = [{"kind": self.paper, "number": "1", "valid_from": 0, "valid_until": until}]
        # Three that stand apart: who is far from one is near another, so that travel matters and plans are worth something.
        home = {"lat": 52.15 + 0.06 * (number % 3), "lon": 20.95 + 0.05 * (number % 4), "town": "Warszawa"}
        super().tell_technician(technician, number, absences, skills=[self.trade], licences=licences, home=home, **changed)


class Editor:
    """One thread of them: its own dice, lines and connection."""

    def __init__(self, editors, number):
        self.editors, self.town, self.facts = editors, editors.town, editors.town.facts
        self.dice, self.caller = random.Random(f"{editors.seed}/{number}"), editors.town.caller()
        env = self.town.suite.env
        self.database = psycopg2.connect(host=env["PGHOST"], port=env["PGPORT"], dbname="majster", user="postgres")
        self.database.autocommit = True
        self.ahead, self.booked, self.looked = [], [], 0

    def rows(self, statement, *values):
        with self.database.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def some_visit(self):
        """One that stood in the book a moment ago; by now it may have moved: that is the point."""
        self.looked -= 1
        if self.looked < 0 or not self.booked:
            self.booked = self.rows("SELECT visit_id::text, work_order_id::text, technician_id::text, day, start_at FROM matching.visit"
                                    " WHERE partner_id = %s AND state = %s", self.town.partner, BOOKED)  # fmt: skip
            self.looked = max(10, len(self.booked) // 10)
        return self.dice.choice(self.booked) if self.booked else None

    def tell(self, kind, subject, message, partner=None):
        """Nobody runs far ahead of who listens."""
        event = self.facts.tell(kind, subject, self.town.partner if partner is None else partner, message)
        self.ahead.append((kind.split(".")[0], subject, self.facts.sequences[kind.split(".")[0], subject]))
        if len(self.ahead) >= FACTS_AHEAD:
            self.wait_heard()
        return event

    def wait_heard(self):
        self.facts.flush()
        give_up, heard = time.monotonic() + 60, "SELECT 1 FROM matching.heard WHERE source = %s AND subject = %s AND sequence >= %s"
        for source, subject, sequence in self.ahead:
            while not self.rows(heard, source, subject, sequence):
                assert time.monotonic() < give_up, f"matching has not heard of {subject}"
                time.sleep(0.004)
        self.ahead = []

    # ---- orders ----

    def new_order(self, chooser):
        day = self.dice.choice(self.town.begins)
        order = self.town.order(chooser, lat=52.10 + 0.2 * self.dice.random(), lon=20.90 + 0.2 * self.dice.random(), skill=self.town.trade,
                                length=self.dice.choice((45, 60, 90)) * MINUTE, earliest_at=day, latest_by=day + 12 * HOUR)  # fmt: skip
        self.ahead.append(("intake", order, 1))
        return order

    def engine_books(self):
        order = self.new_order("BY_ENGINE")
        if len(self.ahead) >= FACTS_AHEAD:
            self.wait_heard()
        return Edit("engine", {"order": order})

    def somebody_books(self):
        order = self.new_order("BY_PARTNER")
        self.wait_heard()
        slots = self.caller.slots(order)
        if not slots:
            return Edit("no room")
        slot = self.dice.choice(slots)
        way = self.dice.random()
        if way < 0.6:
            return Edit("book", {"order": order}, self.caller.post(order, "booking", {"slot_id": slot["slot_id"]}))
        held = self.caller.post(order, "hold", {"slot_id": slot["slot_id"]})
        if held.status != 201:
            return Edit("hold", {"order": order}, held)
        if way < 0.9:
            booked = self.caller.post(order, "booking", {"visit_id": held.body["visit_id"]})
            if booked.status == 409:  # his hours have changed meanwhile: nobody waits for this hold to end
                self.caller.post(order, "release", {})
            return Edit("book", {"order": order}, booked)
        return Edit("release", {"order": order}, self.caller.post(order, "release", {}))

    def somebody_moves(self):
        visit = self.some_visit()
        if not visit:
            return Edit("nothing to move")
        visit, order, technician, _, start_at = visit
        slots = [slot for slot in self.caller.slots(order) if slot["start_at"] != start_at]
        if not slots:
            return Edit("no room")
        slot = self.dice.choice(slots)
        answer = self.caller.post(order, "move", {"slot_id": slot["slot_id"], "reason": "praca"})
        return Edit("move", {"order": order}, answer)

    def somebody_cancels(self):
        visit = self.some_visit()
        if not visit or not self.editors.ends(visit[1]):
            return Edit("nothing to cancel")
        self.tell("intake.v1.WorkOrderCancelled", visit[1], {"order": {"work_order_id": visit[1], "partner_id": self.town.partner, "state": "CANCELLED"}})
        return Edit("cancel", {"order": visit[1]})

    # ---- workforce ----

    def technician_changes(self):
        number = self.dice.randrange(len(self.town.technicians))
        technician = self.town.technicians[number]
        with self.editors.lock_of[technician]:
            absences, until = self.editors.hours_of[technician]
            way = self.dice.random()
            if way < 0.5:
                since = self.dice.choice(self.town.begins) + self.dice.randrange(0, 9) * HOUR
                absences = [*absences, (since, since + self.dice.randrange(1, 4) * HOUR)][-6:]
            elif way < 0.8:
                absences = absences[1:]
            else:
                until = FOREVER if until != FOREVER else self.dice.choice(self.town.begins) + self.dice.randrange(0, 12) * HOUR
            self.editors.hours_of[technician] = (absences, until)
            self.town.tell_technician(technician, number, absences, until)
            self.ahead.append(("workforce", technician, self.facts.sequences["workforce", technician]))
        self.wait_heard()
        return Edit("absence")

    # ---- routing ----

    def routing_proposes(self):
        """Versions first, then visits, as somebody has them who listens: by the time it arrives it may be old."""
        visit = self.some_visit()
        if not visit:
            return Edit("nothing to plan")
        day, mine, other = visit[3], visit[2], self.dice.choice(self.town.technicians)
        if other == mine:
            return Edit("nothing to plan")
        versions = self.rows("SELECT technician_id::text, version FROM matching.technician_day WHERE technician_id = ANY(%s::uuid[]) AND day = %s",
                             [mine, other], day)  # fmt: skip
        stand = self.rows("SELECT visit_id::text, work_order_id::text, technician_id::text FROM matching.visit WHERE technician_id = ANY(%s::uuid[])"
                          " AND day = %s AND state = %s", [mine, other], day, BOOKED)  # fmt: skip
        own, others = [row for row in stand if row[2] == mine], [row for row in stand if row[2] == other]
        if not own:
            return Edit("nothing to plan")
        wanted = [(self.dice.choice(own), other)] + ([(self.dice.choice(others), mine)] if others and self.dice.random() < 0.5 else [])
        plan = new_id()
        event = self.tell("routing.v1.PlanProposed", plan, {
            "plan_id": plan, "day": day, "computed_from": [{"technician_id": technician, "day": day, "version": version} for technician, version in versions],
            "swaps": [{"visit_id": visit, "work_order_id": order, "from_technician_id": now, "to_technician_id": to} for (visit, order, now), to in wanted],
        }, partner="")  # fmt: skip
        if self.dice.random() < 0.6:
            self.wait_heard()
        return Edit("plan", {"plan": plan, "event": event, "visits": [row[0] for row, _ in wanted]})

    # ---- visits ----

    def nobody_comes(self):
        """visits has one state a visit: missed, then there after all, or not."""
        visit = self.some_visit()
        if not visit:
            return Edit("nobody at any door")
        visit, order, *_ = visit
        with self.editors.lock:
            missed = [each for each in self.editors.missed if self.editors.course[each[0]] == "missed"]
            if missed and self.dice.random() < 0.4:
                (visit, order), then = self.dice.choice(missed), "there"
            elif visit in self.editors.course:
                return Edit("nobody at any door")
            else:
                then = "missed"
                self.editors.missed.append((visit, order))
            self.editors.course[visit] = then
        return self.at_the_door(visit, order, then)

    def somebody_is_done(self):
        visit = self.some_visit()
        if not visit or visit[0] in self.editors.course or not self.editors.ends(visit[1]):
            return Edit("nobody at any door")
        self.editors.course[visit[0]] = "done"
        return self.at_the_door(visit[0], visit[1], "done")

    def at_the_door(self, visit, order, then):
        by = self.dice.choice(("TECHNICIAN", "CUSTOMER"))
        kind = {"missed": "VisitMissed", "there": "TechnicianThere", "done": "VisitDone"}[then]
        self.tell(f"visits.v1.{kind}", order, {"course": {"visit_id": visit, "work_order_id": order, "partner_id": self.town.partner, "missed_by": by}})
        return Edit(then, {"order": order, "visit": visit})


class Editors:
    WAYS = {"engine_books": 26, "somebody_books": 16, "somebody_moves": 22, "somebody_cancels": 10, "technician_changes": 8,
            "routing_proposes": 12, "nobody_comes": 6}  # fmt: skip

    def __init__(self, town, seed, threads=8):
        self.town, self.seed = town, seed
        self.lock = threading.Lock()
        self.lock_of = {technician: threading.Lock() for technician in town.technicians}
        self.hours_of = {technician: ([], FOREVER) for technician in town.technicians}
        self.course, self.missed, self.ended, self.edits = {}, [], set(), []
        self.all = [Editor(self, number) for number in range(threads)]
        self.next, self.kills = 0, 0

    def ends(self, order):
        """An order is cancelled or done once: intake has one state, too."""
        with self.lock:
            is_first = order not in self.ended
            self.ended.add(order)
            return is_first

    def run(self, count, kills=0, ways=None):
        ways, self.next = ways or self.WAYS, 0
        every = count // kills if kills else 0

        def work(editor):
            while True:
                with self.lock:
                    self.next, number = self.next + 1, self.next
                if number >= count:
                    return editor.wait_heard()
                if every and number % every == every // 2:
                    self.kill_one(editor)
                way = editor.dice.choices(list(ways), list(ways.values()))[0]
                self.edits.append(getattr(editor, way)())

        with ThreadPoolExecutor(len(self.all)) as pool:
            for done in [pool.submit(work, editor) for editor in self.all]:
                done.result()
        self.settle()

    def kill_one(self, editor):
        victim = editor.dice.choice(self.town.matching)
        with self.lock:
            self.kills += 1
            victim.kill_and_begin()

    def settle(self):
        """All is heard, all that follows from it decided, and told."""
        for process in self.town.matching:
            eventually(process.is_ready, "it came back")
        look = self.all[0].rows
        quiet = ("SELECT (SELECT count(*) FROM matching.visit WHERE wants_other AND state = 2) + (SELECT count(*) FROM matching.outbox)"
                 " + (SELECT count(*) FROM matching.early)")  # fmt: skip
        eventually(lambda: look(quiet)[0][0] == 0, "matching is done with it", 60)
        time.sleep(0.3)
        eventually(lambda: look(quiet)[0][0] == 0, "matching is done with it", 60)

    def counts(self):
        return Counter(edit.kind for edit in self.edits)

    def end(self):
        for editor in self.all:
            editor.database.close()

