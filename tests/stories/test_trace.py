# One order, one trace: the id that a partner's system sends along is found in everything that his order causes.
import json
import re
import secrets
import uuid
from pathlib import Path

import pytest
from whole_suite import eventually

WELL_FORMED = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def noted(file, **those):
    """Lines of a receiver's journal."""
    notes = [json.loads(line) for line in Path(file).read_text().splitlines()] if Path(file).exists() else []
    return [note for note in notes if all(note.get(name) == value for name, value in those.items())]


def logged(suite, trace):
    """service -> events that its JSON log has of that trace."""
    found = {}
    for file in (suite.folder / "log").glob("*.log"):
        for line in file.read_text().splitlines():
            if trace in line:
                event = json.loads(line)
                found.setdefault(event["program"], []).append(event)
    return found


class Order:
    """Ordered under a trace of the partner's own."""

    def __init__(self, suite, key):
        self.key, self.trace, self.phone = key, secrets.token_hex(16), f"600{uuid.uuid4().int % 10**6:06d}"
        order = {"contract_id": "tracea-dom", "partner_reference": str(uuid.uuid4()), "service_id": "plumbing.leak",
                 "customer": {"first_name": "Maria", "last_name": "Nowak", "phone": self.phone},
                 "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": "Warszawa", "lat": 52.2297, "lon": 21.0122}}
        self.reply = suite.edge("POST", "/v1/work-orders", order, token=self.key, idempotency_key=str(uuid.uuid4()),
                                traceparent=f"00-{self.trace}-{secrets.token_hex(8)}-01")
        assert self.reply.status == 201, self.reply.body
        self.id = self.reply.json["work_order_id"]


@pytest.fixture(scope="module")
def partner(suite):
    """A key, and a webhook that tells of every order."""
    key = suite.partner("tracea")
    hook = {"kind": "webhook", "url": suite.env["WEBHOOK_RECEIVER_URL"] + "/tracea"}
    told = eventually(lambda: (got := suite.edge("POST", "/v1/subscriptions", hook, token=key)).status == 201 and got, "the subscription")
    Path(suite.env["WEBHOOK_SETTINGS"]).write_text(json.dumps({"secrets": {"/tracea": [told.json["secret"]]}}))
    return key


@pytest.fixture(scope="module")
def order(suite, facts, partner):
    """Booked, and the customer was sent an SMS. What came before matching had heard of the technician is not."""
    technician = {"first_name": "Olena", "skills": ["plumbing"], "shifts": [{"weekdays": "1-7", "from": "06:00", "until": "22:00"}],
                  "home": {"lat": 52.23, "lon": 21.01, "town": "Warszawa"}, "active": True, "longest_travel_m": 60000}
    assert suite.edge("POST", "/v1/technicians", technician, token=suite.token("operator", "traces")).status == 201

    def booked():
        made = Order(suite, partner)
        end = {"VisitBooked", "WorkOrderUnstaffed"}
        told = eventually(lambda: end & {name for name, _ in facts.about(made.id)}, "matching's answer")
        return "VisitBooked" in told and made

    made = eventually(booked, "an order that is booked")
    eventually(lambda: noted(suite.env["SMS_JOURNAL"], event="message", to=f"+48{made.phone}"), "an SMS")
    return made


def test_the_reply_names_the_trace(order):
    assert order.reply.headers["Trace-Id"] == order.trace


def test_every_fact_about_the_order_carries_it(order, facts):
    def told():
        return {headers["ce_source"]: headers for headers in facts.headers_about(order.id)}.keys()

    eventually(lambda: {"/intake", "/matching", "/notifications"} <= told(), "facts of three services")
    for headers in facts.headers_about(order.id):
        assert headers["traceparent"].split("-")[1] == order.trace, headers
    spans = [headers["traceparent"].split("-")[2] for headers in facts.headers_about(order.id)]
    assert len(set(spans)) > 3, "each turn has a span of its own"


def test_every_fact_has_a_well_formed_trace(order, facts):
    facts.take()
    broken = [headers for headers, _ in facts.told.values() if "traceparent" in headers and not WELL_FORMED.fullmatch(headers["traceparent"])]
    assert not broken


def test_the_logs_of_all_who_worked_on_it_name_it(order, suite):
    eventually(lambda: {"intake", "matching", "notifications", "portal"} <= logged(suite, order.trace).keys(), "log lines of four services")
    assert all(event["subject"] for event in logged(suite, order.trace)["matching"])
    assert order.phone not in json.dumps(logged(suite, order.trace))


def test_the_customers_sms_and_the_partners_webhook_are_sent_under_it(order, suite):
    sms = noted(suite.env["SMS_JOURNAL"], event="message", to=f"+48{order.phone}")
    hooks = eventually(lambda: [each for each in noted(suite.env["WEBHOOK_JOURNAL"], path="/tracea", verified=True) if order.id in each["body"]], "a webhook")
    for call in sms + hooks:
        assert WELL_FORMED.fullmatch(call["traceparent"]) and call["traceparent"].split("-")[1] == order.trace, call


def test_a_traceparent_that_is_none_is_not_taken_over(suite, order):
    for broken in ("00-" + "0" * 32 + "-00f067aa0ba902b7-01", "ff-" + order.trace + "-00f067aa0ba902b7-01", "00-" + order.trace, "Zażółć"):
        reply = suite.edge("GET", f"/v1/work-orders/{order.id}", token=order.key, traceparent=broken.encode())
        assert reply.status == 200 and re.fullmatch("[0-9a-f]{32}", reply.headers["Trace-Id"])
        assert reply.headers["Trace-Id"] not in (order.trace, "0" * 32)
