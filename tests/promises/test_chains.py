# MA-18: visits that depend on each other keep their order, whoever books, moves, misses or calls off what, on two processes at
# once. Looked at from outside all the while: each look is one statement, so it sees what is committed together.
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg2
from conftest import SEED, often, say
from one_service import eventually, new_id
from town import BOOKED, HOUR, MINUTE, Town

BROKEN = """
SELECT s.work_order_id::text, f.start_at, b.start_at + b.length_ms + s.after_gap_ms
  FROM matching.order_copy s JOIN matching.visit f ON f.work_order_id = s.work_order_id AND f.state = 2 AND NOT f.wants_other
  JOIN matching.visit b ON b.work_order_id = s.after_work_order_id AND b.state IN (2, 5)
 WHERE s.is_open AND s.partner_id = %s AND f.start_at < b.start_at + b.length_ms + s.after_gap_ms
"""


class Rows(Town):
    """Orders in rows of three, and what happens to them."""

    def __init__(self, suite, facts, matching, seed, technicians=3):
        super().__init__(suite, facts, matching, technicians, hours=7, days=(3, 4), begins=8)
        self.seed, self.ended, self.done, self.wrong, self.looks = seed, set(), Counter(), [], 0

    def row(self, dice, length=3):
        """Told in any order: a process may hear of the last one first."""
        ids, told = [new_id() for _ in range(length)], []
        for number, order in enumerate(ids):
            after = {"after_work_order_id": ids[number - 1], "after_gap_ms": dice.choice((0, 30, 90)) * MINUTE} if number else {}
            chooser = dice.choice(("BY_ENGINE", "BY_PARTNER"))
            told.append((order, {"chooser": chooser, "length": dice.choice((30, 60)) * MINUTE, "earliest_at": self.begins[0], **after}))
        dice.shuffle(told)
        for order, more in told:
            self.order(order=order, **more)
        return ids

    def broken(self):
        return self.sql(BROKEN, self.partner)

    def watch(self, over):
        env = self.suite.env
        with psycopg2.connect(host=env["PGHOST"], port=env["PGPORT"], dbname="majster", user="postgres") as database:
            database.autocommit = True
            while not over.wait(0.002):
                with database.cursor() as cursor:
                    cursor.execute(BROKEN, [self.partner])
                    self.wrong += cursor.fetchall()
                self.looks += 1

    def hand(self, number, rows, count):
        """Each tries what he likes with orders that others are at, too."""
        dice, caller = random.Random(f"{self.seed}/{number}"), self.caller()
        for _ in range(count):
            order = dice.choice(dice.choice(rows))
            way = dice.random()
            if way < 0.7:
                self.choose(dice, caller, order)
            elif way < 0.84:
                self.stay_away(dice)
            elif way < 0.94:
                self.miss(order)
            else:
                self.call_off(order)

    def choose(self, dice, caller, order):
        verb = dice.choice(("booking", "move", "move", "hold"))
        if dice.random() < 0.5:  # what was offered; the others are made up
            slots = caller.slots(order)
            slot = dice.choice(slots)["slot_id"] if slots else self.any_slot(dice)
        else:
            slot = self.any_slot(dice)
        answer = caller.post(order, verb, {"slot_id": slot})
        rule = answer.body["errors"][0]["rule"] if answer.status == 409 else ""
        self.done[f"{verb} {answer.status} {rule}".strip()] += 1
        if verb == "hold" and answer.status == 201:
            taken = caller.post(order, "booking", {"visit_id": answer.body["visit_id"]})
            self.done[f"held {taken.status}"] += 1
            if taken.status != 201:
                caller.post(order, "release", {})

    def any_slot(self, dice):
        return self.slot_id(dice.choice(self.technicians), dice.choice(self.begins) + dice.randrange(1, 26) * 15 * MINUTE)

    def stay_away(self, dice):
        """Half a day, instead of the one before: who is displaced finds little room, and less before what comes after him."""
        number, since = dice.randrange(len(self.technicians)), dice.choice(self.begins) + dice.choice((0, 0, 3)) * HOUR
        self.tell_technician(self.technicians[number], number, [(since, since + 4 * HOUR)])
        self.done["stays away"] += 1

    def miss(self, order):
        rows = self.sql("SELECT visit_id::text FROM matching.visit WHERE work_order_id = %s AND state = 2", order)
        if rows:
            self.facts.tell("visits.v1.VisitMissed", order, self.partner, {"course": {
                "visit_id": rows[0][0], "work_order_id": order, "partner_id": self.partner, "missed_by": "CUSTOMER"}})  # fmt: skip
            self.done["missed"] += 1

    def call_off(self, order):
        with self.lock:
            is_first = order not in self.ended
            self.ended.add(order)
        if is_first:
            self.cancel(order)
            self.done["called off"] += 1

    def run(self, hands, edits, rows):
        over = threading.Event()
        watcher = threading.Thread(target=self.watch, args=(over,))
        watcher.start()
        try:
            with ThreadPoolExecutor(hands) as pool:
                for each in [pool.submit(self.hand, number, rows, edits) for number in range(hands)]:
                    each.result()
            self.settle()
        finally:
            over.set()
            watcher.join()

    def settle(self):
        self.facts.flush()
        heard = "SELECT sequence FROM matching.heard WHERE source = 'intake' AND subject = %s"
        for order in self.ended:
            eventually(lambda order=order: self.sql(heard, order) == [(self.facts.sequences["intake", order],)], "heard to the end")
        quiet = "SELECT count(*) FROM matching.visit WHERE wants_other AND state = 2"
        eventually(lambda: self.sql(quiet) == [(0,)], "everybody who was pushed has another hour", 60)

    def says(self, name):
        say(f"{name}: {dict(sorted(self.done.items()))}")
        kinds = Counter(fact.kind for fact in self.told())
        overrides = Counter(fact.message["override"] for fact in self.told() if fact.kind == "VisitRebooked")
        say(f"{name}: told {dict(sorted(kinds.items()))}, {dict(overrides)}; {len(self.visits(BOOKED))} visits stand, looked at {self.looks} times")
        return overrides


def test_rows_keep_their_order_whatever_happens_to_whom(suite, facts, dice, processes):
    """Once more, with new orders, as long as one of the rules was met by nobody."""
    town = Rows(suite, facts, processes(), f"{SEED} rows", technicians=often(8, 3))  # days that are nearly full
    heard = "SELECT count(*) FROM matching.order_copy WHERE partner_id = %s"
    for runs in range(1, 6):
        rows = [town.row(dice) for _ in range(often(40, 14))]
        facts.flush()
        eventually(lambda: town.sql(heard, town.partner)[0][0] == len(town.orders), "heard")
        town.run(8, often(400, 45), rows)
        overrides = town.says(f"rows, run {runs}")
        refused = {what.rpartition(" ")[2] for what in town.done}
        if {"waits_for_other", "predecessor", "successor"} <= refused and overrides["predecessor_moved"]:
            break
    assert town.wrong == [] and town.broken() == [] and town.looks > 100
    eventually(lambda: all(town.book_check(process) == {} for process in town.matching), "the book's own checker finds nothing")
    assert {"waits_for_other", "predecessor", "successor"} <= refused and overrides["predecessor_moved"], "or nobody ever met a rule"
    assert town.done["move 200"] and town.done["booking 201"], "or nothing ever moved"


def duel(town, rounds):
    """The first of two orders moves to the end of the day, the other to its beginning, both at the same moment: one of them must not."""
    first_caller, second_caller = town.caller(), town.caller()
    first_at, early, late = (town.begins[0] + int(hour * HOUR) for hour in (0.5, 2, 5.5))
    outcomes, wrong = Counter(), []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            first = town.order()
            order = town.order(after_work_order_id=first)
            town.facts.flush()
            eventually(lambda order=order: town.sql("SELECT count(*) FROM matching.order_copy WHERE work_order_id::text = ANY (%s)", [first, order])[0][0] == 2, "heard")
            assert first_caller.post(first, "booking", {"slot_id": town.slot_id(town.technicians[0], first_at)}).status == 201
            assert second_caller.post(order, "booking", {"slot_id": town.slot_id(town.technicians[1], late)}).status == 201
            moves = [pool.submit(caller.post, which, "move", {"slot_id": town.slot_id(technician, at)}, only=process)
                     for caller, which, technician, at, process in
                     ((first_caller, first, town.technicians[0], early + HOUR, town.matching[0]),
                      (second_caller, order, town.technicians[1], early, town.matching[1]))]  # fmt: skip
            outcomes[tuple(move.result().status for move in moves)] += 1
            wrong += town.broken()
            for each in (order, first):
                town.cancel(each)
            town.facts.flush()
            eventually(lambda each=first: not town.visits(BOOKED), "called off")
    return outcomes, wrong


def test_two_moves_at_the_same_moment_never_cross(suite, facts, processes):
    town = Rows(suite, facts, processes(), f"{SEED} duel", technicians=2)
    outcomes, wrong = duel(town, often(200, 25))
    say(f"duel: the first and the other were answered {dict(outcomes)}")
    assert wrong == [] and set(outcomes) <= {(200, 409), (409, 200)}, outcomes
    eventually(lambda: town.book_check() == {}, "memory follows")


def test_without_the_other_s_lock_they_cross_and_the_checker_tells(suite, facts, processes, faulty):
    town = Rows(suite, facts, processes(binaries=faulty, FAULTS_MUTANTS="no_chain_lock"), f"{SEED} crossing", technicians=2)
    give_up, wrong = time.monotonic() + 120, []
    while not wrong:
        assert time.monotonic() < give_up, "the lock is what keeps them apart"
        _, wrong = duel(town, 5)
    say(f"without the lock: {len(wrong)} rows crossed")
