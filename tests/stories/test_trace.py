# One order, one trace: the id that a partner's system sends along is found in everything that his order causes.
import json
import re
import secrets
import subprocess
import time
import uuid
from pathlib import Path

import pytest
from whole_suite import ROOM, eventually

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
    """Ordered under a trace of the partner's own; a technician does it, and it is settled."""

    def __init__(self, suite, key, partner_id="tracea"):
        self.key, self.trace, self.phone = key, secrets.token_hex(16), f"600{uuid.uuid4().int % 10**6:06d}"
        order = {"contract_id": f"{partner_id}-dom", "partner_reference": str(uuid.uuid4()), "service_id": "plumbing.leak",
                 "customer": {"first_name": "Maria", "last_name": "Nowak", "phone": self.phone},
                 "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": "Warszawa", "lat": 52.2297, "lon": 21.0122}}
        self.reply = suite.edge("POST", "/v1/work-orders", order, token=self.key, idempotency_key=str(uuid.uuid4()),
                                traceparent=f"00-{self.trace}-{secrets.token_hex(8)}-01")
        assert self.reply.status == 201, self.reply.body
        self.id = self.reply.json["work_order_id"]

    def attend(self, suite, technician_id):
        """From the way to the customer to the protocol, with one line of cost."""
        suite.price_list()
        token = suite.token("technician", technician_id)

        def say(step, said):
            path = f"/v1/visits/{self.id}/{step}"
            return eventually(lambda: suite.edge("POST", path, said | {"at": int(time.time() * 1000)}, token=token).status in (200, 201), step)

        say("on-the-way", {"eta_at": int(time.time() * 1000) + 60000})
        say("there", {"lat": 52.2297, "lon": 21.0122})
        say("done", {"findings": "Nieszczelny syfon", "work_done": "Wymiana uszczelki", "solved": "yes", "card_payment_offered": True,
                     "signer_name": "Nowak", "lines": [{"item": "dojazd", "quantity": 1000}]})

    def settle(self, suite):
        now = int(time.time() * 1000)
        body = {"partner_id": "tracea", "from": now - 3600_000, "until": now + 1}
        assert suite.edge("POST", "/v1/settlements", body, token=suite.token("operator", "traces"), idempotency_key=str(uuid.uuid4())).status == 201


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
    hired = suite.edge("POST", "/v1/technicians", technician, token=suite.token("operator", "traces"))
    assert hired.status == 201

    def booked():
        made = Order(suite, partner)
        end = {"VisitBooked", "WorkOrderUnstaffed"}
        told = eventually(lambda: end & {name for name, _ in facts.about(made.id)}, "matching's answer")
        return "VisitBooked" in told and made

    made = eventually(booked, "an order that is booked")
    made.technician_id = facts.wait(made.id, "VisitBooked")["visit"]["technician_id"]
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


def test_one_command_shows_the_whole_life_of_an_order(suite, order, facts, db):
    facts.wait(order.id, "MessageSent")
    order.attend(suite, order.technician_id)
    eventually(lambda: db("SELECT 1 FROM billing.cost_line JOIN billing.work_order ON id = work_order_id WHERE id = %s AND closed_at > 0", order.id), "the line is booked, the order closed")
    order.settle(suite)
    eventually(lambda: db("SELECT 1 FROM intake.work_order WHERE work_order_id = %s AND state = 5", order.id), "it is settled")
    next_sequence = max(int(headers["ce_sequence"]) for headers in facts.headers_about(order.id) if headers["ce_source"] == "/billing") + 1
    suite.tell("billing.v1.CostLineBooked", order.id, payload=b"\xff garbage", sequence=next_sequence)
    eventually(lambda: db("SELECT 1 FROM intake.parked WHERE subject = %s", order.id), "garbage is parked")

    number = db("SELECT number FROM intake.work_order WHERE work_order_id = %s", order.id)[0][0]
    shown = subprocess.run([ROOM / "scripts/trace", number, suite.folder], capture_output=True, text=True, check=True).stdout

    lines = shown.splitlines()
    assert lines[0].startswith(f"{number}  {order.id}  settled, of tracea as ")
    told = ["WorkOrderOpened", "VisitBooked", "MessageSent", "TechnicianOnTheWay", "TechnicianThere", "VisitDone", "CostLineAccepted", "CostLineBooked"]
    assert all(f" {name} " in shown for name in told), shown
    where = [next(n for n, line in enumerate(lines) if f" {name} " in line) for name in told]
    assert where == sorted(where), shown
    booked = lines[where[1]].split()
    assert booked[2:5] == ["matching", "1", "VisitBooked"] and order.trace in booked and "intake 1 " in lines[where[1]]
    assert re.search(r"dojazd, 50,00 zł, the partner 50,00 zł, settled in [0-9a-f-]{36}", shown), shown
    assert re.search(r"intake +billing \d+ CostLineBooked, rejected: ", shown), shown
    assert "1 order.opened" in shown and "booking_confirmation, sms, " in shown
    for personal in (order.phone, "Nowak", "Maria", "Prosta", "Olena"):
        assert personal not in shown
    print(shown)
    assert len(lines) < 70, "one screen"
    assert subprocess.run([ROOM / "scripts/trace", "M-999999", suite.folder], capture_output=True).returncode == 1
