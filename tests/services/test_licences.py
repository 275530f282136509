# Papers with an end: told in time and once; nobody is sent without one, and who was to come is replaced.
import re
from contextlib import contextmanager

import pytest
from conftest import Service, eventually, new_id, now_ms
from test_matching import HOUR, Town, in_days, local_day, matching, redis  # noqa: F401: fixtures
from test_workforce import ANNA, DAY, consultant, operator, workforce  # noqa: F401: fixtures
from test_workforce_calendar import enter

# ---- workforce: reminders ----


def with_licence(valid_until, number="G3/E/1", **more):
    return ANNA | {"licences": [{"kind": "gas", "number": number, "valid_from": 1, "valid_until": valid_until}]} | more


@contextmanager
def days_later(suite, days):
    """A second process, whose clock stands ahead."""
    later = Service(suite, "workforce", INSTANCE=1)
    suite.sql("DELETE FROM suite.clock")
    suite.sql("INSERT INTO suite.clock VALUES (%s, %s, 1)", now_ms(), now_ms() + days * DAY)
    try:
        later.start()
    finally:
        suite.sql("DELETE FROM suite.clock")
    try:
        yield later
    finally:
        later.stop()


def reminders(suite, technician):
    told = [(kind, text) for kind, _, text in suite.heard("workforce.v1", technician) if kind != "TechnicianChanged"]
    return [(kind, int((re.findall(r"days_left: (\d+)", text) or [0])[0])) for kind, text in told]


def passes(suite, later, operator):  # noqa: F811
    """One licence that is surely due is told by `later`: its timer has looked at all of them."""
    witness = enter(later, operator, with_licence(now_ms() + 400 * DAY))["technician_id"]
    suite.sql("UPDATE workforce.licence SET valid_until = 2 WHERE technician_id = %s", witness)
    eventually(lambda: reminders(suite, witness) == [("LicenceEnded", 0)], "the timer came by")


def test_an_end_is_told_45_14_and_3_days_before_and_when_it_comes(suite, workforce, operator):  # noqa: F811
    technician = enter(workforce, operator, with_licence(now_ms() + 50 * DAY))["technician_id"]
    expected = []
    for days, told in ((0, None), (6, ("LicenceEnding", 44)), (37, ("LicenceEnding", 13)), (48, ("LicenceEnding", 2)), (51, ("LicenceEnded", 0))):
        if told:
            expected.append(told)
        for _ in range(1 + (days == 51)):  # a second process finds it told
            with days_later(suite, days) as later:
                passes(suite, later, operator)
                assert reminders(suite, technician) == expected, days


def test_what_was_slept_through_is_told_once_and_a_renewed_one_anew(suite, workforce, operator):  # noqa: F811
    technician = enter(workforce, operator, with_licence(now_ms() + 2 * DAY))["technician_id"]
    eventually(lambda: reminders(suite, technician), "told")
    assert reminders(suite, technician) == [("LicenceEnding", 2)], "one, not three"
    again = with_licence(now_ms() + 2 * DAY, number="G3/E/2")
    assert workforce.ask("PUT", f"/v1/technicians/{technician}", operator, again)[0] == 200
    eventually(lambda: len(reminders(suite, technician)) == 2, "another paper is another end")
    renewed = with_licence(now_ms() + 30 * DAY, number="G3/E/2")
    assert workforce.ask("PUT", f"/v1/technicians/{technician}", operator, renewed)[0] == 200
    eventually(lambda: len(reminders(suite, technician)) == 3, "told")
    assert reminders(suite, technician)[2] == ("LicenceEnding", 30)
    assert workforce.ask("PUT", f"/v1/technicians/{technician}", operator, renewed | {"first_name": "Anka"})[0] == 200
    with days_later(suite, 0) as later:
        passes(suite, later, operator)
    assert len(reminders(suite, technician)) == 3, "the same licence, saved again, is not told again"


def test_licences_are_listed_by_their_end(suite, workforce, operator, consultant):  # noqa: F811
    def listed(query=""):
        answer = workforce.ask("GET", f"/v1/licences{query}", consultant)[1].get("licences", [])
        return [(each["licence"]["number"], each.get("days_left", 0)) for each in answer if each["technician_id"] in (technician, idle)]

    soon, late = now_ms() + 20 * DAY, now_ms() + 200 * DAY
    both = [{"kind": "gas", "number": number, "valid_from": 1, "valid_until": end} for number, end in (("late", late), ("soon", soon), ("old", 2))]
    technician = enter(workforce, operator, ANNA | {"licences": both})["technician_id"]
    idle = enter(workforce, operator, with_licence(soon, "idle", active=False))["technician_id"]
    assert listed() == [("soon", 20)]
    assert listed("?ending_within_days=300") == [("soon", 20), ("late", 200)]
    assert listed("?ending_within_days=0") == [], "an ended one that another replaces is history"
    assert workforce.ask("PUT", f"/v1/technicians/{technician}", operator, ANNA | {"licences": both[2:]})[0] == 200
    assert listed("?ending_within_days=0") == [("old", 0)]
    for query in ("?ending_within_days=401", "?ending_within_days=x"):
        assert workforce.ask("GET", f"/v1/licences{query}", consultant)[0] == 422


# ---- matching: nobody comes without ----


class Sweeps:
    """Technicians who sweep chimneys, which needs a paper, and lay bricks, which needs none; days 2 and 3, 8 to 16."""

    def __init__(self, suite, matching, lat):  # noqa: F811
        self.suite, self.matching, self.lat = suite, matching, lat
        self.begins = in_days(2, 8)

    def enter(self, technician=None, licensed_until=None, days=(2, 3)):
        technician = technician or new_id()
        shifts = " ".join(f"shifts {{ day: {local_day(at)} from: {at} until: {at + 8 * HOUR} }}" for at in (in_days(day, 8) for day in days))
        self.suite.tell(
            "workforce.v1.TechnicianChanged", technician, "",
            f'technician {{ technician_id: "{technician}" first_name: "Ewa" skills: "chimneys" skills: "masonry" active: true '
            f'longest_travel_m: 20000 home {{ lat: {self.lat} lon: 21.01 town: "Tu" }} '
            f'licences {{ kind: "chimneys" number: "1" valid_from: 1 valid_until: {licensed_until or in_days(90, 0)} }} {shifts} }}',
        )  # fmt: skip
        known = "SELECT count(*) FROM matching.technician_day WHERE technician_id = %s"
        eventually(lambda: self.suite.sql(known, technician) == [(len(days),)], "his days")
        return technician

    def order(self, skill):
        order = new_id()
        self.suite.tell(
            "intake.v1.WorkOrderOpened", order, "town",
            f'order {{ work_order_id: "{order}" number: "M-7" partner_id: "town" service_id: "s" skill: "{skill}" person_id: "p" '
            f"chooser: BY_PARTNER urgency: NORMAL visit_length_ms: {HOUR} tolerance_ms: 900000 opened_at: {now_ms()} earliest_at: {now_ms()} "
            f'latest_by: {in_days(3, 20)} place {{ lat: {self.lat} lon: 21.012 town: "Tu" }} }}',
        )  # fmt: skip
        eventually(lambda: self.suite.sql("SELECT 1 FROM matching.order_copy WHERE work_order_id = %s", order), "heard")
        return order

    def ask(self, method, path, body):
        return self.matching.ask(method, path, self.suite.actor("partner", "town", "town"), body)

    def slots(self, skill):
        order = self.order(skill)
        return [slot["start_at"] for slot in self.ask("POST", "/v1/slot-searches", {"work_order_id": order, "most": 96})[1].get("slots", [])]

    def book(self, at_least):
        order = self.order("chimneys")

        def slot():
            offer = self.ask("POST", "/v1/slot-searches", {"work_order_id": order, "from": at_least, "most": 96})[1]
            return [slot["slot_id"] for slot in offer.get("slots", [])]

        status, booked = self.ask("POST", f"/v1/work-orders/{order}/booking", {"slot_id": eventually(slot, "a slot")[0]})
        assert status == 201, booked
        return order, booked["start_at"]

    def booked(self, order):
        return self.suite.sql("SELECT technician_id::text, start_at FROM matching.visit WHERE work_order_id = %s AND state = 2", order)


def test_a_shortened_licence_brings_another_technician_at_the_same_hour(suite, matching):  # noqa: F811
    town = Sweeps(suite, matching, 49.6)
    first = town.enter()
    order, start_at = town.book(in_days(3, 8))
    second = town.enter()
    town.enter(first, licensed_until=in_days(3, 0))
    eventually(lambda: town.booked(order) == [(second, start_at)], "somebody with a paper, at the promised hour")
    assert "VisitReassigned" in [kind for kind, _, _ in eventually(lambda: suite.heard("matching.v1", order)[1:], "told")]


def test_a_shortened_licence_moves_the_visit_when_nobody_else_can_come_then(suite, matching):  # noqa: F811
    town = Sweeps(suite, matching, 54.2)
    first = town.enter()
    order, start_at = town.book(in_days(3, 8))
    second = town.enter(days=(2,))
    eventually(lambda: any(at >= in_days(3, 0) for at in town.slots("chimneys")), "offered so far")
    town.enter(first, licensed_until=in_days(3, 0))
    eventually(lambda: [technician for technician, at in town.booked(order) if at != start_at] == [second], "another hour")
    assert town.booked(order)[0][1] + HOUR <= in_days(3, 0)
    chimneys = town.slots("chimneys")
    assert chimneys and all(at + HOUR <= in_days(3, 0) for at in chimneys), "nothing is offered from that day on"
    assert any(at >= in_days(3, 0) for at in town.slots("masonry")), "his other skills still are"
