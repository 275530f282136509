# A part in the van: who carries it comes, nobody sends it, and what he uses is gone from the count.
import time
import uuid

import pytest
from test_trace import Order
from whole_suite import eventually

SKU = "rynna-100"


@pytest.fixture(scope="module")
def gutters(suite):
    """A partner whose contract needs the part, and the only technician who can do it."""
    item = {"sku": SKU, "name": "Rynna 100 mm", "supplier_id": "hydro", "price_grosz": 2500, "lead_time_ms": 86400000}
    operator = suite.token("operator", "van")
    made = suite.edge("POST", "/v1/parts/catalogue", {"items": [item]}, token=operator, idempotency_key=str(uuid.uuid4()))
    assert made.status in (200, 201), made.body
    services = [{"service_id": "plumbing.leak", "name": "Naprawa rynny", "skill": "gutters", "visit_length_ms": 1800000, "part_sku": SKU,
                 "expected_cost_grosz": 30000, "urgency": "normal"}]
    technician = {"first_name": "Rafał", "skills": ["gutters"], "shifts": [{"weekdays": "1-7", "from": "00:00", "until": "23:59"}],
                  "home": {"lat": 52.23, "lon": 21.01, "town": "Warszawa"}, "active": True}
    hired = suite.edge("POST", "/v1/technicians", technician, token=operator, idempotency_key=str(uuid.uuid4()))
    assert hired.status == 201, hired.body
    return suite.partner("rynnex", services=services), hired.json["technician_id"]


def van_of(suite, technician, **who):
    answer = suite.edge("GET", f"/v1/technicians/{technician}/van-stock", token=suite.token("technician", technician))
    assert answer.status == 200, answer.body
    return [(each["sku"], each.get("quantity", 0), each.get("reserved", 0)) for each in answer.json.get("items", [])]


def test_what_lies_in_the_van_is_not_sent(suite, facts, db, gutters):
    key, technician = gutters
    path, stock = f"/v1/technicians/{technician}/van-stock", {"items": [{"sku": SKU, "quantity": 2}]}
    assert suite.edge("PUT", path, stock, token=suite.token("technician", technician)).status == 403
    counted = suite.edge("PUT", path, stock, token=suite.token("operator", "van"), idempotency_key=str(uuid.uuid4()))
    assert counted.status == 200 and van_of(suite, technician) == [(SKU, 2, 0)], counted.body
    eventually(lambda: db("SELECT 1 FROM matching.technician_day WHERE technician_id = %s", technician), "matching has heard of him")
    order = eventually(lambda: booked(suite, facts, key), "an order that is booked")
    assert facts.wait(order.id, "VisitBooked")["visit"]["technician_id"] == technician
    reserved = facts.wait(order.id, "PartReserved")["reservation"]
    assert (reserved["technician_id"], reserved["name"]) == (technician, "Rynna 100 mm")
    assert facts.wait(order.id, "PartCancelled")["reason"] == "in_van"
    eventually(lambda: van_of(suite, technician) == [(SKU, 2, 1)], "one is kept")

    def told():
        events = suite.edge("GET", f"/v1/partner-events?work_order_id={order.id}", token=key).json["events"]
        return [each["says"] for each in events if each["type"] == "part.in_van"]

    assert eventually(told, "the partner is told") == ["Część „Rynna 100 mm” ma technik w aucie."]
    eventually(lambda: "technik ma ją w aucie" in page(suite, technician, order.id), "his page says so")
    assert "odwołana" not in page(suite, technician, order.id), "what was called off is not shown beside it"
    finish(suite, technician, order.id)
    eventually(lambda: van_of(suite, technician) == [(SKU, 1, 0)], "used")
    assert facts.wait(order.id, "PartReleased")["reason"] == "visit_done"


def booked(suite, facts, key):
    order, end = Order(suite, key, "rynnex"), {"VisitBooked", "WorkOrderUnstaffed"}
    told = eventually(lambda: end & {name for name, _ in facts.about(order.id)}, "matching's answer")
    return "VisitBooked" in told and order


def page(suite, technician, order):
    return suite.edge("GET", f"/t/{order}", token=suite.token("technician", technician)).body.decode()


def finish(suite, technician, order):
    token = suite.token("technician", technician)

    def say(step, said):
        path = f"/v1/visits/{order}/{step}"
        return eventually(lambda: suite.edge("POST", path, said | {"at": int(time.time() * 1000)}, token=token).status in (200, 201), step)

    say("on-the-way", {"eta_at": int(time.time() * 1000) + 60000})
    say("there", {"lat": 52.2297, "lon": 21.0122})
    say("done", {"findings": "Pęknięta rynna", "work_done": "Wymiana rynny", "solved": "yes", "card_payment_offered": True,
                 "signer_name": "Nowak", "parts": [{"sku": SKU, "quantity": 1}]})
