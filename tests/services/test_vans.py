# A part in the van, from the count to the promise: parts keeps vans, matching prefers who has the part with him.
import contextlib
import subprocess

import pytest
from conftest import BIN, Service, eventually, new_id, now_ms
from test_matching import HOUR, Town, local_day
from test_offers import offer, order_decision, replay
from test_parts import Van, enter

PART_MS = 30 * 60 * 1000  # policy: for a part that is not in the van
NEAR, FARTHER, FAR = 52.232, 52.25, 52.38  # 0.1, 2.1 and 17 km north of the customer: 9, 23 and far over 39 minutes there and back


@pytest.fixture(scope="module")
def parts(run_service):
    return run_service("parts")


@pytest.fixture(scope="module")
def matching(run_service):
    return run_service("matching", MATCHING_LEAD_MS=0)


class Street(Town):
    """One technician at each latitude, and orders that need a part."""

    def __init__(self, suite, matching, parts, skill, *homes):
        self.homes, self.sku = homes, enter(suite, parts, f"V{new_id()[:8]}")
        super().__init__(suite, matching, skill, len(homes))
        self.parts = parts

    def tell_technician(self, technician, name, until_hour=8, sequence=None):
        lat = self.homes[int(name.removeprefix("Anna"))]
        self.suite.tell(
            "workforce.v1.TechnicianChanged", technician, "",
            f'technician {{ technician_id: "{technician}" first_name: "{name}" skills: "{self.skill}" active: true '
            f'home {{ lat: {lat} lon: 21.012 town: "Warszawa" }} '
            f"shifts {{ day: {local_day(self.begins)} from: {self.begins} until: {self.begins + until_hour * HOUR} }} }}", sequence=sequence,
        )  # fmt: skip

    def fill(self, number, quantity):
        """That technician's van has so many, and matching has heard of it."""
        van, followed = Van(self.suite, self.parts), self.matching.metric("majster_watched_total")
        van.technician = self.technicians[number]
        assert van.count((self.sku, quantity))[0] == 200
        eventually(lambda: self.matching.metric("majster_watched_total") > followed, "memory has heard of the van")
        return van

    def order(self, chooser="BY_PARTNER", sku=None):
        order = new_id()
        self.suite.tell(
            "intake.v1.WorkOrderOpened", order, "town",
            f'order {{ work_order_id: "{order}" number: "M-9" partner_id: "town" service_id: "s" skill: "{self.skill}" person_id: "p" '
            f"chooser: {chooser} urgency: NORMAL visit_length_ms: {HOUR} tolerance_ms: 900000 opened_at: {now_ms()} earliest_at: {now_ms()} "
            f'latest_by: {self.begins + 12 * HOUR} part_sku: "{self.sku if sku is None else sku}" '
            f'place {{ lat: 52.231 lon: 21.012 town: "Warszawa" }} }}',
        )  # fmt: skip
        eventually(lambda: self.heard(order), "heard")
        return order

    def best(self, order):
        """(number of the technician, {part: ms}) of the cheapest start."""
        slot = min(offer(self, order)["slots"], key=lambda slot: slot["score_ms"])
        because = {each["part"]: each.get("ms", 0) for each in slot["because"]}
        assert sum(because.values()) == slot["score_ms"]
        return int(slot["technician_name"].removeprefix("Anna")), because

    def booked(self, order):
        """The technician who was promised."""
        return eventually(lambda: [each[0] for each in self.visits() if each[3] == order], "promised")[0]


def test_who_has_the_part_wins_though_farther_away(suite, matching, parts):
    street = Street(suite, matching, parts, "cookers", NEAR, FARTHER)
    order, plain = street.order(), street.order(sku="")
    number, because = street.best(order)
    assert (number, because["part"]) == (0, PART_MS), "nobody has it: the nearest"
    street.fill(1, 1)
    number, because = street.best(order)
    assert number == 1 and "part" not in because and 0 < because["travel"] < PART_MS
    assert street.best(plain)[0] == 0 and "part" not in street.best(plain)[1], "who needs no part gets the nearest"
    street.fill(1, 0)
    assert street.best(order)[0] == 0


def test_no_part_is_worth_more_than_half_an_hour(suite, matching, parts):
    street = Street(suite, matching, parts, "furniture", NEAR, FAR)
    street.fill(1, 5)
    number, because = street.best(street.order())
    assert (number, because["part"]) == (0, PART_MS)


def test_a_kept_piece_is_nobody_elses_and_a_decision_is_made_again(suite, matching, parts):
    street = Street(suite, matching, parts, "dishwashers", NEAR, FARTHER)
    van = street.fill(1, 1)
    first = street.order("BY_ENGINE")
    assert street.booked(first) == street.technicians[1]
    eventually(lambda: van.holds() == {street.sku: (1, 1)}, "the piece is kept")
    eventually(lambda: suite.sql("SELECT version FROM matching.technician_van WHERE technician_id = %s", street.technicians[1]) ==
               suite.sql("SELECT version FROM parts.van WHERE technician_id = %s", street.technicians[1]), "matching keeps what was told")  # fmt: skip
    eventually(lambda: street.best(street.order())[0] == 0, "another order finds none free")
    second = street.order("BY_ENGINE")
    assert street.booked(second) == street.technicians[0]
    assert street.best(first)[0] == 1, "whose piece it is may move to another hour of the same technician"
    rows = suite.sql("SELECT state, count(*) FROM parts.purchase WHERE work_order_id::text = ANY(%s) GROUP BY state ORDER BY state", [first, second])
    assert rows == [(1, 1), (6, 1)], "one is bought, one called off"
    for order in (first, second):
        again = replay(matching, order_decision(suite, order))
        assert again.returncode == 0 and "byte for byte the same 1" in again.stdout, again.stdout + again.stderr
    decision = matching.ask("GET", f"/v1/work-orders/{first}/decisions", suite.actor("consultant", "me"))[1]["decisions"][0]
    assert decision["rule_version"] == 3 and decision["input"]["job"]["part"]
    have = {each["technician_id"]: each.get("part_in_van", False) for each in decision["input"]["technicians"]}
    assert have == {street.technicians[0]: False, street.technicians[1]: True}
    # Done with it: the van is empty, and whoever comes next has none.
    suite.tell("visits.v1.VisitDone", first, "town", f'course {{ visit_id: "{visit_of(suite, first)}" work_order_id: "{first}" partner_id: "town" '
               f'technician_id: "{street.technicians[1]}" }} parts {{ sku: "{street.sku}" quantity: 1 }}')  # fmt: skip
    eventually(lambda: van.holds() == {street.sku: (0, 0)}, "used")


def visit_of(suite, order):
    return suite.sql("SELECT visit_id::text FROM matching.visit WHERE work_order_id = %s AND state = 2", order)[0][0]


def test_vans_are_known_after_a_start_and_after_a_retelling(suite, matching, parts):
    street = Street(suite, matching, parts, "handyman", NEAR, FARTHER)
    street.fill(1, 1)
    order = street.order()
    assert street.best(order)[0] == 1

    def kept():
        return [bytes(van) for (van,) in suite.sql("SELECT van FROM matching.technician_van WHERE technician_id = %s", street.technicians[1])]

    known = eventually(kept, "the van is kept")
    suite.sql("DELETE FROM matching.technician_van")
    with started(suite) as street.matching:
        assert street.best(order)[0] == 0, "nothing is known of any van"
        subprocess.run([BIN / "parts", "--retell"], env=parts.env, check=True, capture_output=True)
        eventually(lambda: street.best(order)[0] == 1, "told again")
        eventually(lambda: kept() == known, "kept again")
    with started(suite) as street.matching:
        assert street.best(order)[0] == 1, "read at the start"


@contextlib.contextmanager
def started(suite):
    """One more process of matching, ended also when it disappoints."""
    service = Service(suite, "matching", INSTANCE=5, MATCHING_LEAD_MS=0)
    service.start()
    try:
        yield service
    finally:
        service.stop()
