# A partner's system orders a repair over HTTP: once is once, a mistake is named, and what cannot be read does not stop
# what can.
import uuid

import pytest
from whole_suite import eventually


def an_order(**changed):
    return {
        "contract_id": "aurora-dom",
        "partner_reference": f"SZK/{uuid.uuid4()}",
        "service_id": "plumbing.leak",
        "customer": {"first_name": "Anna", "last_name": "Nowak", "phone": "600 100 200"},
        "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": "Warszawa", "lat": 52.2297, "lon": 21.0122},
        "description": "Cieknie pod zlewem",
    } | changed


@pytest.fixture(scope="module")
def aurora(suite):
    return suite.partner("aurora")


def test_an_order_sent_twice_is_one_order(edge, facts, aurora):
    order, key = an_order(), str(uuid.uuid4())

    first = edge("POST", "/v1/work-orders", order, token=aurora, idempotency_key=key)
    again = edge("POST", "/v1/work-orders", order, token=aurora, idempotency_key=key)

    assert first.status == 201 and first.json["state"] == "opened"
    assert (again.status, again.body) == (first.status, first.body)
    opened = facts.wait(first.json["work_order_id"], "WorkOrderOpened")
    assert opened["order"]["partner_reference"] == order["partner_reference"]
    told = [name for name, _ in facts.about(first.json["work_order_id"])]
    assert told.count("WorkOrderOpened") == 1
    listed = edge("GET", f"/v1/work-orders?partner_reference={order['partner_reference']}", token=aurora)
    assert len(listed.json["orders"]) == 1


def test_the_key_of_one_order_does_not_open_another(edge, aurora):
    key = str(uuid.uuid4())

    first = edge("POST", "/v1/work-orders", an_order(), token=aurora, idempotency_key=key)
    other = edge("POST", "/v1/work-orders", an_order(), token=aurora, idempotency_key=key)

    assert (first.status, other.status) == (201, 422)
    assert other.headers["Content-Type"].startswith("application/problem+json")
    assert other.json["type"].endswith("/idempotency-key-reused")


def test_an_unknown_field_is_named(edge, aurora):
    refused = edge("POST", "/v1/work-orders", an_order(urgentcy="normal"), token=aurora, idempotency_key=str(uuid.uuid4()))

    assert refused.status in (400, 422)
    assert refused.headers["Content-Type"].startswith("application/problem+json")
    assert "/urgentcy" in [each["pointer"] for each in refused.json["errors"]]


def test_no_key_no_order(edge):
    refused = edge("POST", "/v1/work-orders", an_order(), token="pk_nobody", idempotency_key=str(uuid.uuid4()))

    assert refused.status == 401 and refused.json["status"] == 401


def test_garbage_is_parked_and_the_partition_goes_on(suite, db):
    broken, good = str(uuid.uuid4()), str(uuid.uuid4())

    parked = suite.tell("billing.v1.PriceListPublished", broken, payload=b"\xff\xff garbage", partition=3)
    text = f'price_list_id: "{good}" valid_from: 1 items {{ item: "probe" price_grosz: 4200 }}'
    suite.tell("billing.v1.PriceListPublished", good, text, partition=3)

    eventually(lambda: db("SELECT 1 FROM intake.price WHERE price_list_id = %s AND price_grosz = 4200", good), "the good one")
    assert parked in suite.word("intake", "--parked", "list")
    shown = suite.word("intake", "--parked", "show", parked)
    assert f"subject: {broken}" in shown and "type: billing.v1.PriceListPublished" in shown and "unreadable" in shown
