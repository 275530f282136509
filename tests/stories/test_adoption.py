# A partner who has always agreed his hours by mail tries us: first in the shadow, then for one town, then for all.
import uuid

import pytest
from whole_suite import eventually

TOWNS = {"Warszawa": (52.2297, 21.0122), "Otwock": (52.106, 21.261)}


class Shade:
    """The partner, and what an operator and a consultant of ours do for him."""

    def __init__(self, suite):
        self.suite, self.key = suite, suite.partner("shade")
        self.operator, self.consultant = suite.token("operator", "shade"), suite.token("consultant", "shade")

    def step(self, step, **limits):
        path = "/v1/partners/shade/adoption"
        changed = self.suite.edge("PUT", path, {"step": step, **limits}, token=self.operator, idempotency_key=str(uuid.uuid4()))
        assert changed.status == 200 and changed.json["step"] == step, changed.body

    def order(self, town="Warszawa"):
        lat, lon = TOWNS[town]
        order = {
            "contract_id": "shade-dom", "partner_reference": str(uuid.uuid4()), "service_id": "plumbing.leak",
            "customer": {"first_name": "Anna", "last_name": "Nowak", "phone": "600 100 200"},
            "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": town, "lat": lat, "lon": lon},
        }  # fmt: skip
        made = self.suite.edge("POST", "/v1/work-orders", order, token=self.key, idempotency_key=str(uuid.uuid4()))
        assert made.status == 201, made.body
        return made.json

    def shadow(self):
        return self.suite.edge("GET", "/v1/partners/shade/shadow", token=self.key).json

    def agree(self, order):
        """Our consultant finds an hour with the customer: the last one that is offered."""
        offered = self.suite.edge("POST", "/v1/slot-searches", {"work_order_id": order["work_order_id"]}, token=self.consultant)
        slot = offered.json["slots"][-1]
        path, key = f"/v1/work-orders/{order['work_order_id']}/booking", str(uuid.uuid4())
        booked = self.suite.edge("POST", path, {"slot_id": slot["slot_id"]}, token=self.consultant, idempotency_key=key)
        assert booked.status == 201, booked.body
        return slot["start_at"]


@pytest.fixture(scope="module")
def shade(suite):
    """With a technician of his own, who leaves when the story is over."""
    technician = {"first_name": "Wit", "skills": ["plumbing"], "shifts": [{"weekdays": "1-7", "from": "06:00", "until": "22:00"}],
                  "home": {"lat": 52.23, "lon": 21.01, "town": "Warszawa"}, "active": True}  # fmt: skip
    hired = suite.edge("POST", "/v1/technicians", technician, token=suite.token("operator", "shade"))
    assert hired.status == 201, hired.body
    made = Shade(suite)
    where = [{"lat": lat, "lon": lon, "town": town} for town, (lat, lon) in TOWNS.items()]
    asked = {"skill": "plumbing", "visit_length_ms": 3600000, "days": 2, "places": where}
    places = lambda: suite.edge("POST", "/v1/free-hours", asked, token=made.consultant).json.get("places", [])  # noqa: E731
    eventually(lambda: all(place.get("first_at") for place in places()), "the book in memory has him")
    yield made
    path, key = f"/v1/technicians/{hired.json['technician_id']}", str(uuid.uuid4())
    gone = suite.edge("PUT", path, technician | {"active": False}, token=made.operator, idempotency_key=key)
    assert gone.status == 200, gone.body


def test_a_partner_comes_to_our_hours_step_by_step(shade, facts):
    shade.step("shadow")
    order = shade.order()
    seen = eventually(lambda: shade.shadow().get("hours"), "the hour that would have been")[0]
    assert seen["work_order_id"] == order["work_order_id"] and seen["would_start_at"] > order["opened_at"]
    assert order["chooser"] == "by_customer", "whatever the contract says"
    assert not [kind for kind, _ in facts.about(order["work_order_id"]) if kind == "VisitBooked"]

    start_at = shade.agree(order)
    compared = eventually(lambda: (report := shade.shadow()).get("compared") and report, "compared")
    assert compared["orders"] == compared["compared"] == 1
    assert compared["hours"][0]["later_ms"] == start_at - seen["would_start_at"] > 0
    assert compared["hours"][0]["agreed_by"] == "consultant"

    shade.step("trial", towns=["Otwock"])
    tried, waiting = shade.order("Otwock"), shade.order("Warszawa")
    assert facts.wait(tried["work_order_id"], "VisitBooked")["by"]["kind"] == "engine"
    eventually(lambda: shade.shadow()["orders"] == 2, "the other is in the shadow")
    assert (tried["chooser"], waiting["chooser"]) == ("by_engine", "by_customer")

    shade.step("live")
    assert facts.wait(shade.order()["work_order_id"], "VisitBooked")["by"]["kind"] == "engine"
    assert shade.shadow()["orders"] == 2
    steps = [fact["adoption"]["step"] for kind, fact in facts.about("shade") if kind == "PartnerChanged"]
    assert steps == ["live", "shadow", "trial", "live"]
