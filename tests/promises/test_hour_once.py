# MA-04, I2: an hour is promised once, however many ask for it and whoever dies meanwhile. 64 customers ask for 50 hours, with
# and without a hold before, of two processes of matching that are killed under way; then everything is counted: rows, facts
# and what each customer was told. The same counts are red where the rules are left out.
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import ROOM, often, say
from one_service import eventually, new_id
from town import BOOKED, CANCELLED, HELD, MINUTE, Town, gaps, overlapping

HANDS, HOURS, TECHNICIANS = 64, 50, 5
CONSTRAINT = "EXCLUDE USING gist (technician_id WITH =, during WITH &&) WHERE (state IN (1, 2, 5))"


class Rush:
    """Volleys of 64 customers at once; each remembers what he asked for and what he was told."""

    def __init__(self, town, dice, orders):
        self.town, self.dice = town, dice
        self.callers = [town.caller() for _ in range(HANDS)]
        self.orders, self.booked = list(orders), set()
        # Half an hour is left between two hours, so each can begin a quarter later, too: never both.
        self.starts = [(technician, town.begins[0] + 30 * MINUTE + number * 90 * MINUTE)
                       for number in range(HOURS // TECHNICIANS) for technician in town.technicians]  # fmt: skip
        self.told = []  # (what, order, Answer)
        self.tries, self.replays, self.differing, self.kills_in_flight = 0, 0, [], 0
        self.lock = threading.Lock()

    def note(self, what, order, answer):
        with self.lock:
            self.told.append((what, order, answer))
            self.tries += answer.tries
            if what == "booking" and answer.status in (200, 201):
                self.booked.add(order)
        return answer

    def ask(self, caller, order, verb, body, again):
        """Now and then somebody asks the same again of either process, and must hear the same."""
        key = new_id()
        answer = self.note(verb, order, caller.ask("POST", f"/v1/work-orders/{order}/{verb}", body, key))
        if again and answer.status in (200, 201):
            repeated = caller.ask("POST", f"/v1/work-orders/{order}/{verb}", body, key)
            with self.lock:
                self.replays += 1
                if (repeated.status, repeated.body) != (answer.status, answer.body):
                    self.differing.append((order, answer, repeated))
        return answer

    def one(self, hand, order, wanted, way):
        caller, again = self.callers[hand], way % 5 == 0
        if way < 12:
            return self.ask(caller, order, "booking", {"slot_id": wanted}, again)
        held = self.ask(caller, order, "hold", {"slot_id": wanted}, again)
        if held.status == 201 and way < 17:
            return self.ask(caller, order, "booking", {"visit_id": held.body["visit_id"]}, again)
        return self.ask(caller, order, "release", {}, False) if held.status == 201 else held

    def volley(self, pool, starts):
        free = [order for order in self.orders if order not in self.booked]
        asking = []
        for hand in range(HANDS):
            technician, start_at = self.dice.choice(starts)
            slot = self.town.slot_id(technician, start_at + self.dice.choice((0, 15 * MINUTE)))
            asking.append(pool.submit(self.one, hand, self.dice.choice(free), slot, self.dice.randrange(20)))
        return asking

    def kill_one(self):
        """While somebody waits for its answer, or soon after."""
        victims = eventually(lambda: [process for process in self.town.matching if process.is_ready()], "one of the two is back")
        victim, wait_s = self.dice.choice(victims), self.dice.uniform(0, 0.06)
        stop = threading.Event()
        stop.wait(wait_s)
        self.kills_in_flight += self.town.in_flight[victim.port] > 0
        victim.kill_and_begin()

    def run(self, volleys, kill_share):
        with ThreadPoolExecutor(HANDS) as pool:
            for number in range(volleys):
                newest = (number + 1) * HOURS // volleys
                starts = self.starts[max(0, newest - 4) : newest] or self.starts[:1]
                is_killing = self.dice.random() < kill_share
                if is_killing:
                    eventually(lambda: any(process.is_ready() for process in self.town.matching), "one of the two is back")
                asking = self.volley(pool, starts if self.dice.random() < 0.8 else self.starts[: max(1, newest)])
                if is_killing:
                    self.kill_one()
                for each in asking:
                    each.result()
            for _ in range(40):  # hours that nobody got yet: let go, or never asked for
                taken = {(technician, start_at // (90 * MINUTE) * 90 * MINUTE) for _, technician, start_at, _ in self.town.visits(BOOKED).values()}
                left = [each for each in self.starts if (each[0], each[1] // (90 * MINUTE) * 90 * MINUTE) not in taken]
                if not left or len(self.booked) == len(self.orders):
                    return
                for each in self.volley(pool, left):
                    each.result()

    # ---- the counts: all must be empty ----

    def wrong(self):
        rows, held = self.town.visits(BOOKED), self.town.visits(HELD)
        told = self.town.told()
        orders = Counter(order for order, *_ in rows.values())
        facts = Counter(fact.message["visit"]["visit_id"] for fact in told if fact.kind == "VisitBooked")
        promised = [(order, answer.body["visit_id"], answer.body["start_at"]) for what, order, answer in self.told
                    if what == "booking" and answer.status in (200, 201)]  # fmt: skip
        kinds = {fact.kind for fact in told}
        days = [(fact.subject, fact.sequence, {visit["visit_id"]: ("", fact.subject, visit["start_at"], visit["length_ms"])
                                               for visit in fact.message["technician_day"]["visits"]})
                for fact in told if fact.kind == "TechnicianDayChanged"]  # fmt: skip
        found = {
            "not as many bookings as hours": [] if len(rows) == HOURS else [len(rows)],
            "overlaps in the rows": overlapping(rows),
            "overlaps in a day as it was told": [(subject, sequence) for subject, sequence, visits in days if overlapping(visits)],
            "orders with two hours": [order for order, count in orders.items() if count > 1],
            "holds that nobody has": list(held),
            "promised to a customer, and not in the book for him": [each for each in promised if rows.get(each[1], ("",) * 4)[::2] != (each[0], each[2])],
            "rows that are not told once": [visit for visit in rows if facts[visit] != 1],
            "facts without a row": [visit for visit in facts if visit not in rows],
            "facts that nobody caused": sorted(kinds - {"VisitBooked", "TechnicianDayChanged"}),
            "days whose versions are not told one by one": gaps(told),
            "refused, and not told that the hour is taken": [each for each in self.told if not self.is_clear(*each, orders)],
            "the same key, another answer": self.differing,
        }
        return {what: each[:3] for what, each in found.items() if each}

    @staticmethod
    def is_clear(what, order, answer, orders):
        """Hour taken; or the order has an hour by then, or the hold that he had was replaced by his other hand."""
        if answer.status in (200, 201, 204):
            return True
        if answer.status == 409:
            return answer.problem == "hour-taken" or (answer.problem == "state" and order in orders)
        return answer.status == 410 and what == "booking"

    def says(self):
        answers = Counter(f"{answer.status} {answer.problem}".strip() for _, _, answer in self.told)
        return ", ".join(f"{count} x {what}" for what, count in sorted(answers.items()))


def rush(town, dice, orders, volleys, kill_share=0.0):
    rush = Rush(town, dice, orders)
    rush.run(volleys, kill_share)
    return rush


def a_town(suite, facts, matching):
    return Town(suite, facts, matching, TECHNICIANS, hours=16, begins=6)


def test_fifty_hours_for_ten_thousand_hands(suite, facts, dice, processes):
    town = a_town(suite, facts, processes(MATCHING_HOLD_MS=MINUTE))
    done = rush(town, dice, town.many_orders(often(1000, 300)), often(160, 14), kill_share=0.75)
    kills = sum(process.kills for process in town.matching)
    died_with_it = sum(answer.unanswered for _, _, answer in done.told)
    say(f"{len(done.told)} requests of {HANDS} hands for {HOURS} hours in {done.tries} tries, {kills} kills, {done.kills_in_flight} with"
        f" requests in flight, {died_with_it} answers that never came, {done.replays} keys used again: {done.says()}")  # fmt: skip
    for process in town.matching:
        eventually(process.is_ready, "it came back")
    assert done.wrong() == {}
    refused = Counter(answer.problem for _, _, answer in done.told if answer.status == 409)
    assert len(done.told) >= often(10_000, 800) and kills >= often(100, 6), "or it was no rush"
    assert done.kills_in_flight > kills / 4 and died_with_it > kills, "kills that nobody noticed prove nothing"
    assert refused["hour-taken"] > HOURS and done.replays > 5
    eventually(lambda: all(town.book_check(process) == {} for process in town.matching), "the book's own checker finds nothing")


@pytest.fixture
def without_constraint(suite):
    suite.sql("ALTER TABLE matching.visit DROP CONSTRAINT no_double_booking")
    yield
    suite.sql("ALTER TABLE matching.visit DROP CONSTRAINT IF EXISTS no_double_booking")
    suite.sql(f"UPDATE matching.visit SET state = {CANCELLED}, hold_until = 0 WHERE state IN (1, 2, 5)")
    suite.sql(f"ALTER TABLE matching.visit ADD CONSTRAINT no_double_booking {CONSTRAINT}")


def test_without_check_and_constraint_the_counts_are_red(suite, facts, dice, processes, faulty, without_constraint):
    town = a_town(suite, facts, processes(binaries=faulty, FAULTS_MUTANTS="no_check"))
    wrong = rush(town, dice, town.many_orders(150), 4).wrong()
    assert {"overlaps in the rows", "overlaps in a day as it was told"} <= set(wrong), wrong
    assert town.book_check()["overlaps"] > 0


def test_without_the_constraint_the_day_s_lock_holds_and_the_checker_tells(suite, facts, dice, processes, without_constraint):
    """Two fences: one alone is enough, and that it is alone is seen."""
    town = a_town(suite, facts, processes())
    done = rush(town, dice, town.many_orders(200), 6)
    assert done.wrong() == {}
    assert eventually(lambda: set(town.book_check()) == {"constraint_missing"}, "nothing else is wrong")


def test_a_weaker_constraint_is_no_constraint(suite, facts, processes, without_constraint):
    town = a_town(suite, facts, processes(count=1))
    suite.sql("ALTER TABLE matching.visit ADD CONSTRAINT no_double_booking EXCLUDE USING gist (technician_id WITH =, during WITH &&) WHERE (state = 1)")
    assert town.book_check() == {"constraint_missing": 1}


def test_the_constraint_here_is_the_one_of_the_migration():
    """What the fixture puts back must be what was there."""
    schema = " ".join((ROOM / "services/matching/sql/0001_book.sql").read_text().split())
    assert f"CONSTRAINT no_double_booking {CONSTRAINT}" in schema
