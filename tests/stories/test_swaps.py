# Somebody new works nearer to a customer than who was promised: routing proposes the exchange, matching makes it, the hour stays, and
# the plan can be computed again, byte for byte (RO-14).
import datetime
import re
import subprocess
import sys
import time
import uuid
from zoneinfo import ZoneInfo

import pytest
from whole_suite import ROOM, eventually

sys.path += [str(ROOM / "tests/pages")]

from ordering import hire, phone, place_order

PARTNER, TWO_DAYS_MS = "zamiana", 2 * 86_400_000


@pytest.fixture(scope="module")
def swapped(suite, db):
    """The order, the plan that moved it from Kaja, who lives 40 km away, to Lech, who lives around the corner, and the hour."""
    hire(suite, "Kaja", "wasps", "Zamość", 50.55, 23.05, longest_travel_m=90000)
    order, start_at = book(suite, "Rynek 1, 22-300 Krasnystaw", 50.85, 23.35, lambda at: at > time.time() * 1000 + TWO_DAYS_MS)
    lech = hire(suite, "Lech", "wasps", "Krasnystaw", 50.86, 23.36, longest_travel_m=90000)
    # Somebody's day changes: then all who work around there are looked at.
    book(suite, "Rynek 2, 22-400 Zamość", 50.56, 23.06, lambda at: day_of(at) == day_of(start_at) and abs(at - start_at) > 3 * 3_600_000)
    taken = "SELECT plan_id::text, to_technician_id::text FROM routing.plan_swap WHERE work_order_id = %s AND is_taken"
    [(plan, to)] = eventually(lambda: db(taken, order), "the exchange")
    assert to == lech
    return order, plan, start_at


def day_of(at):
    return datetime.datetime.fromtimestamp(at / 1000, ZoneInfo("Europe/Warsaw")).date()


def book(suite, address, lat, lon, suits):
    """The order, and the hour that was booked: the first of those that suit."""
    wasps = {"service_id": "wasps.nest", "name": "Gniazdo os", "skill": "wasps", "visit_length_ms": 3_600_000,
             "expected_cost_grosz": 30000, "urgency": "normal"}  # fmt: skip
    key = suite.partner(PARTNER, chooser="by_partner", answer_within_ms=7 * 86_400_000, services=[wasps])
    order = place_order(suite, key, PARTNER, "wasps.nest", "Jan Osa", phone("606"), address, lat=lat, lon=lon)["work_order_id"]
    search = {"work_order_id": order, "most": 96, "from": int(time.time() * 1000) + TWO_DAYS_MS}

    def slots():
        found = suite.edge("POST", "/v1/slot-searches", search, token=key).json.get("slots", [])
        return [slot for slot in found if suits(int(slot["start_at"]))]

    slot = eventually(slots, "an hour")[0]
    booked = suite.edge("POST", f"/v1/work-orders/{order}/booking", {"slot_id": slot["slot_id"]}, token=key, idempotency_key=str(uuid.uuid4()))
    assert booked.status == 201, booked.body
    return order, int(slot["start_at"])


def test_the_hour_stays_and_the_nearer_one_comes(suite, facts, swapped):
    order, _, start_at = swapped
    visit = facts.wait(order, "VisitReassigned")["visit"]
    assert (int(visit["start_at"]), visit["technician_name"]) == (int(start_at), "Lech")


def test_the_plan_is_computed_again_byte_for_byte(suite, swapped):
    _, plan, _ = swapped
    assert suite.word("routing", "--replay", plan).splitlines()[-1] == "plans 1, byte for byte the same 1, of another rule 0"
    today = datetime.datetime.now(ZoneInfo("Europe/Warsaw")).date().isoformat()
    plans, same, others = re.search(r"^plans (\d+), byte for byte the same (\d+), of another rule (\d+)$",
                                    suite.word("routing", "--replay", today), re.MULTILINE).groups()  # fmt: skip
    assert int(plans) >= 1 and (same, others) == (plans, "0")


def test_a_plan_whose_answer_was_changed_is_seen(suite, db, swapped):
    _, plan, _ = swapped
    turned = "UPDATE routing.plan SET answer = set_byte(answer, 0, 255 - get_byte(answer, 0)) WHERE plan_id = %s"
    db(turned, plan)
    with pytest.raises(subprocess.CalledProcessError) as seen:
        suite.word("routing", "--replay", plan)
    assert f"{plan} differs" in seen.value.stdout
    db(turned, plan)
