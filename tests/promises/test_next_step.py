# MA-20: every open order has a next step with a due time, and what is due happens, or becomes somebody's task, within a minute.
import time
from datetime import datetime

import pytest
from conftest import say
from next_steps import STEPS, NextSteps
from one_service import ROOM, eventually, new_id, now_ms
from town import HOUR, WARSAW, Town

OPENED, SCHEDULED, UNDER_WAY, UNSTAFFED = 1, 2, 3, 7
SOON_S = 60


class Desk:
    """intake, matching and visits, and orders in each state that an open order can be in."""

    def __init__(self, suite, town, intake, visits):
        self.suite, self.town, self.intake, self.visits = suite, town, intake, visits
        eventually(lambda: "version_differs" not in town.book_check(), "the book in memory has his days, or the engine finds nobody", SOON_S)
        services = [{"service_id": f"{name}.any", "name": name, "skill": skill, "visit_length_ms": HOUR, "expected_cost_grosz": 1000,
                     "urgency": "normal"}
                    for name, skill in (("known", town.skill), ("unknown", "gardens"))]  # fmt: skip
        contracts = [{"contract_id": f"desk-{chooser}", "name": chooser, "chooser": chooser, "guarantee_sum_grosz": 10_000_000, "tolerance_ms": 900_000,
                      "choose_within_ms": 2 * HOUR, "answer_within_ms": 96 * HOUR, "services": services} for chooser in ("by_engine", "by_customer")]  # fmt: skip
        partner = {"partner_id": "desk", "name": "Desk", "kind": "insurer", "contracts": contracts}
        status, answer = intake.ask("POST", "/v1/partners", suite.actor("operator", "me"), partner, Idempotency_Key=new_id())
        assert status in (200, 201), answer

    def order(self, chooser, service):
        status, answer = self.intake.ask("POST", "/v1/work-orders", self.suite.actor("partner", "desk", "desk"), {
            "contract_id": f"desk-{chooser}", "partner_reference": new_id(), "service_id": f"{service}.any",
            "customer": {"first_name": "Anna", "last_name": "Nowak", "phone": "600 100 200"},
            "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": "Warszawa", "lat": 52.23, "lon": 21.01},
        }, Idempotency_Key=new_id())  # fmt: skip
        assert status == 201, answer
        return answer["work_order_id"]

    def steps(self):
        return NextSteps(self.suite.sql(STEPS), now_ms())

    def until(self, order, state, *steps):
        eventually(lambda: (found := self.steps()).state.get(order) == state and set(found.steps.get(order, ())) == set(steps),
                   f"{order} is in state {state} with {steps}", SOON_S)  # fmt: skip

    def say_at_the_door(self, order, what, body):
        status, answer = self.visits.ask("POST", f"/v1/visits/{order}/{what}", self.suite.actor("technician", self.town.technicians[0]), body,
                                         Idempotency_Key=new_id())  # fmt: skip
        assert status == 200, answer

    def take_time(self, statement, order, state, *steps):
        """Sets a moment to now; -> seconds until its step has become the next one."""
        assert self.suite.sql(statement, now_ms(), order)
        since = time.monotonic()
        self.until(order, state, *steps)
        return time.monotonic() - since


@pytest.fixture
def desk(suite, facts, processes):
    matching = processes("matching", count=1)
    intake, visits = processes("intake", count=1, INTAKE_GAZETTEER=ROOM / "data/gazetteer.tsv")[0], processes("visits", count=1)[0]
    return Desk(suite, Town(suite, facts, matching, 1, hours=20, days=(0,), begins=datetime.now(WARSAW).hour), intake, visits)


def test_every_open_order_has_a_next_step_and_what_is_due_happens(desk):
    booked, moving, there = (desk.order("by_engine", "known") for _ in range(3))
    unstaffed, choosing, ended = desk.order("by_engine", "unknown"), desk.order("by_customer", "known"), desk.order("by_customer", "known")
    for order in booked, moving, there:
        desk.until(order, SCHEDULED, "come")
    desk.until(unstaffed, UNSTAFFED, "call", "look")
    desk.until(choosing, OPENED, "choose")
    desk.say_at_the_door(moving, "on-the-way", {"at": now_ms()})
    desk.say_at_the_door(there, "there", {"at": now_ms()})
    desk.until(moving, UNDER_WAY, "come")
    desk.until(there, UNDER_WAY, "finish")
    status, _ = desk.intake.ask("POST", f"/v1/work-orders/{ended}/cancel", desk.suite.actor("consultant", "me"), {"reason": "customer"},
                                Idempotency_Key=new_id())  # fmt: skip
    assert status == 200
    found = desk.steps()
    assert (found.without, found.late) == ([], []) and len(found.state) == 5 and ended not in found.state
    finish = found.steps[there]["finish"]
    assert HOUR < finish - now_ms() <= 3 * HOUR, "an hour of work, and two more until an alarm asks"
    assert desk.suite.sql("UPDATE visits.course SET there_at = there_at - %s WHERE work_order_id = %s RETURNING 1", 4 * HOUR, there)
    eventually(lambda: desk.visits.metric("majster_visits_unfinished") == 1, "counted for the alarm", SOON_S)

    choose = "UPDATE intake.work_order SET choose_until = %s WHERE work_order_id = %s RETURNING 1"
    come = "UPDATE visits.course SET missed_due_at = %s WHERE work_order_id = %s AND state IN (1, 2) RETURNING 1"
    look = "UPDATE matching.order_copy SET try_again_at = %s WHERE work_order_id = %s RETURNING 1"
    took = {"a choice": desk.take_time(choose, choosing, OPENED, "call")}
    # Nobody else has the skill, and a missed visit is never given to who missed it: the engine looks again, and somebody calls.
    took |= {"a visit": desk.take_time(come, booked, UNSTAFFED, "call", "look"), "one on the way": desk.take_time(come, moving, UNSTAFFED, "call", "look")}
    since = time.monotonic()
    assert desk.suite.sql(look, now_ms(), unstaffed)
    eventually(lambda: desk.steps().steps[unstaffed]["look"] > now_ms(), "the engine has looked again", SOON_S)
    took["a search"] = time.monotonic() - since
    say("due, and the next step is there after " + ", ".join(f"{what} {seconds:.1f} s" for what, seconds in took.items()))
    assert max(took.values()) <= SOON_S and desk.steps().without == []

    # The check sees what nobody would.
    desk.suite.sql("DELETE FROM intake.call_task WHERE work_order_id = %s AND closed_at IS NULL RETURNING 1", choosing)
    desk.intake.stop()
    desk.suite.sql(choose, now_ms() - 2 * SOON_S * 1000, choosing)
    desk.suite.sql("UPDATE intake.work_order SET state = %s WHERE work_order_id = %s RETURNING 1", SCHEDULED, unstaffed)
    desk.suite.sql(look, None, unstaffed)
    desk.suite.sql("DELETE FROM intake.call_task WHERE work_order_id = %s RETURNING 1", unstaffed)
    found = desk.steps()
    assert [order for order, _ in found.without] == [unstaffed] and [(order, step) for order, step, _ in found.late] == [(choosing, "choose")]
