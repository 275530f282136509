# A leak is repaired, the wall dries for 48 hours, then it is painted: one request, and both hours are known. When the first one
# moves by consent, the second stays where it is dry; it is never before.
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from whole_suite import eventually

HOUR, DRYING = 3_600_000, 48 * 3_600_000
SERVICES = [
    {"service_id": "leak.wall", "name": "Naprawa wycieku w ścianie", "skill": "plumbing", "visit_length_ms": HOUR, "expected_cost_grosz": 40000,
     "urgency": "urgent", "followed_by": {"service_id": "paint.wall", "gap_ms": DRYING}},
    {"service_id": "paint.wall", "name": "Malowanie ściany", "skill": "painting", "visit_length_ms": 2 * HOUR, "expected_cost_grosz": 60000,
     "urgency": "normal"},
]  # fmt: skip


def key():
    return str(uuid.uuid4())


@pytest.fixture(scope="module")
def partner(suite):
    """A partner whose contract knows what follows a leak, and people of his own trades."""
    operator = suite.token("operator", "chains")
    key_of_partner = suite.partner("wilgoc", services=SERVICES, guarantee_sum_grosz=500000, answer_within_ms=72 * HOUR)
    hired = []
    for name, skill in ("Marek", "plumbing"), ("Olena", "painting"):
        technician = {"first_name": name, "skills": [skill], "shifts": [{"weekdays": "1-7", "from": "07:00", "until": "20:00"}],
                      "home": {"lat": 52.23, "lon": 21.01, "town": "Warszawa"}, "active": True}  # fmt: skip
        answer = suite.edge("POST", "/v1/technicians", technician, token=operator, idempotency_key=key())
        assert answer.status == 201, answer.body
        hired.append((answer.json["technician_id"], technician))
    place = [{"lat": 52.2297, "lon": 21.0122, "town": "Warszawa"}]
    for _, technician in hired:
        asked = {"skill": technician["skills"][0], "visit_length_ms": HOUR, "days": 5, "places": place}
        hours = lambda asked=asked: suite.edge("POST", "/v1/free-hours", asked, token=suite.token("consultant", "chains")).json  # noqa: E731
        eventually(lambda hours=hours: [each for each in hours().get("places", []) if each.get("first_at")], "the book in memory has them")
    yield key_of_partner
    for technician_id, technician in hired:
        suite.edge("PUT", f"/v1/technicians/{technician_id}", technician | {"active": False}, token=operator, idempotency_key=key())


def day_of(at):
    return (datetime.fromtimestamp(at / 1000, ZoneInfo("Europe/Warsaw")).date() - datetime(1970, 1, 1).date()).days


def booked(facts, order):
    return facts.wait(order, "VisitBooked")["visit"]


def test_a_leak_dries_before_it_is_painted(suite, partner, facts):
    order = {
        "contract_id": "wilgoc-dom", "partner_reference": key(), "service_id": "leak.wall",
        "customer": {"first_name": "Anna", "last_name": "Nowak", "phone": "600 100 200"},
        "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": "Warszawa", "lat": 52.2297, "lon": 21.0122},
    }  # fmt: skip
    made = suite.edge("POST", "/v1/work-orders", order, token=partner, idempotency_key=key())
    assert made.status == 201, made.body
    leak, (painting,) = made.json["work_order_id"], made.json["following"]
    repair, coat = booked(facts, leak), booked(facts, painting)
    assert coat["start_at"] >= repair["start_at"] + repair["length_ms"] + DRYING, "one request, both hours"
    assert not [kind for kind, _ in facts.about(painting) if kind == "WorkOrderUnstaffed"]

    def move(which, slot_id):
        return suite.edge("POST", f"/v1/work-orders/{which}/move", {"slot_id": slot_id}, token=partner, idempotency_key=key())

    def offered(which):
        return suite.edge("POST", "/v1/slot-searches", {"work_order_id": which, "most": 96}, token=partner).json["slots"]

    # The partner's consultant cannot move the repair into the drying.
    dry_by = coat["start_at"] - DRYING - repair["length_ms"]
    wet = move(leak, f"{repair['technician_id']}.{day_of(dry_by + HOUR)}.{dry_by + HOUR}")
    assert wet.status == 409 and wet.json["errors"][0]["rule"] == "successor" and "najpierw przesuń tamtą" in wet.json["detail"], wet.body

    # The painting may be later, if the customer likes that better. Then the repair may, too, so much that it dries.
    later = offered(painting)[-1]
    assert move(painting, later["slot_id"]).status == 200
    slots = offered(leak)
    assert dry_by < slots[-1]["start_at"] <= later["start_at"] - DRYING - repair["length_ms"]
    assert move(leak, slots[-1]["slot_id"]).status == 200
    eventually(lambda: (shown := suite.edge("GET", f"/v1/work-orders/{painting}", token=partner).json).get("start_at") == later["start_at"]
               and shown["after_work_order_id"] == leak, "the partner sees the new hour, and what it comes after")  # fmt: skip
    assert not [kind for kind, _ in facts.about(painting) if kind == "VisitRebooked"], "nobody was moved without being asked"
    assert suite.edge("GET", "/v1/book/check", token=suite.token("operator", "chains")).json.get("chains_broken", 0) == 0
