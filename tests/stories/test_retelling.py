# Copies that were lost are filled again: every service tells all it owns once more, and nothing else happens.
import json
import time
import uuid

import pytest
from test_trace import Order
from whole_suite import eventually

SERVICES = ["intake", "workforce", "matching", "visits", "parts", "notifications", "surveys", "billing", "routing", "portal"]

# What others keep of orders: (table, where it speaks of one of %s, columns that may differ afterwards).
COPIES = [
    ("portal.order_copy", "work_order_id = ANY(%s::uuid[])", ""),
    ("portal.visit_copy", "work_order_id = ANY(%s::uuid[])", "told"),
    ("portal.cost_copy", "work_order_id = ANY(%s::uuid[])", ""),
    ("portal.part_copy", "work_order_id = ANY(%s::uuid[])", ""),
    ("portal.link", "work_order_id = ANY(%s::uuid[])", ""),
    ("matching.technician_van", "%s IS NOT NULL", ""),
    ("routing.work_order", "id = ANY(%s::uuid[])", ""),
    ("notifications.visit", "work_order_id = ANY(%s::uuid[])", ""),
    ("portal.partner_copy", "partner_id = 'novella' AND %s IS NOT NULL", ""),
    ("portal.service_copy", "partner_id = 'novella' AND %s IS NOT NULL", ""),
    ("portal.contract_copy", "partner_id = 'novella' AND %s IS NOT NULL", ""),
    ("notifications.partner", "partner_id = 'novella' AND %s IS NOT NULL", ""),
    ("visits.protocol_rule", "partner_id = 'novella' AND %s IS NOT NULL", ""),
    ("portal.price_copy", "item IN ('dojazd', 'robocizna') AND %s IS NOT NULL", ""),
    ("intake.price", "price_list_id = 'cennik' AND %s IS NOT NULL", ""),
]
# Copies on which rows of the service's own stand: their words are wiped instead.
WIPED = [
    ("matching.order_copy", "work_order_id", "service_id = '', skill = '', person_id = '', town = '', latest_by = 0, number = ''"),
    ("visits.work_order", "work_order_id", "number = '', service_id = ''"),
    ("billing.work_order", "id", "number = '', partner_reference = ''"),
    ("notifications.work_order", "work_order_id", "partner_reference = '', person_id = '', state = 0"),
]
# What must not grow: messages, what partners are told, what is bought, asked and booked.
EFFECTS = ["notifications.message", "notifications.partner_event", "notifications.link", "parts.purchase", "parts.van_reservation", "surveys.survey",
           "billing.cost_line", "intake.cost_line", "intake.call_task", "matching.visit", "visits.course_event", "portal.event_log",
           "intake.report"]


def copies(db, orders):
    found = {}
    for table, where, but in COPIES:
        found[table] = sorted(str({k: v for k, v in row[0].items() if k != but}) for row in db(f"SELECT to_jsonb(t) FROM {table} t WHERE {where}", orders))
    for table, key, _ in WIPED:
        found[table] = sorted(str(row[0]) for row in db(f"SELECT to_jsonb(t) FROM {table} t WHERE {key} = ANY(%s::uuid[])", orders))
    return found


def lose(db, orders):
    for table, where, _ in COPIES:
        db(f"DELETE FROM {table} WHERE {where}", orders)
    for table, key, words in WIPED:
        db(f"UPDATE {table} SET {words} WHERE {key} = ANY(%s::uuid[])", orders)


def effects(db, orders):
    counts = {}
    for table in EFFECTS:
        key = next((k for k in ("work_order_id", "visit_id") if db("SELECT 1 FROM information_schema.columns WHERE table_schema || '.' || table_name = %s AND column_name = %s", table, k)), None)
        mine = {"work_order_id": "work_order_id::text = ANY(%s)", "visit_id": "visit_id IN (SELECT visit_id FROM visits.course WHERE work_order_id::text = ANY(%s))"}[key]
        counts[table] = db(f"SELECT count(*) FROM {table} WHERE {mine}", orders)[0][0]
    return counts


def retell(suite, services=SERVICES):
    for service in services:
        assert "are told again" in suite.word(service, "--retell"), service


def heard_by_all(suite, db, services=SERVICES):
    """Nothing waits in an outbox, and every listener has read to the end of what was retold."""
    def waiting():
        tables = [f"{each}.{table}" for each in services for table in ("outbox WHERE true", "early WHERE retold")]
        return {table: rows for table in tables if (rows := db(f"SELECT type, subject, sequence, told_at FROM {table} LIMIT 3"))}

    give_up = time.monotonic() + 60
    while waiting() and time.monotonic() < give_up:
        time.sleep(0.1)
    assert not waiting()


@pytest.fixture(scope="module")
def orders(suite, facts, db):
    """One done with a line of cost and a survey, one with an hour, one cancelled; their partner's contract needs a part."""
    item = {"sku": "syfon-32", "name": "Syfon 32 mm", "supplier_id": "hydro", "price_grosz": 2500, "lead_time_ms": 3600000}
    made = suite.owner("parts", "operator", "retelling")("POST", "/v1/parts/catalogue", {"items": [item]})
    assert made.status in (200, 201), made.body
    services = [{"service_id": "plumbing.leak", "name": "Naprawa wycieku", "skill": "plumbing", "visit_length_ms": 1800000,
                 "part_sku": "syfon-32", "expected_cost_grosz": 30000, "urgency": "normal"}]
    key = suite.partner("novella", services=services)
    technician = {"first_name": "Olena", "skills": ["plumbing"], "shifts": [{"weekdays": "1-7", "from": "00:00", "until": "23:59"}],
                  "home": {"lat": 52.23, "lon": 21.01, "town": "Warszawa"}, "active": True, "longest_travel_m": 60000}
    hired = suite.edge("POST", "/v1/technicians", technician, token=suite.token("operator", "retelling"))
    assert hired.status == 201
    counted = suite.edge("PUT", f"/v1/technicians/{hired.json['technician_id']}/van-stock", {"items": [{"sku": "syfon-32", "quantity": 9}]},
                         token=suite.token("operator", "retelling"))
    assert counted.status == 200, counted.body
    eventually(lambda: db("SELECT 1 FROM matching.technician_van WHERE technician_id = %s", hired.json["technician_id"]), "the van")

    def booked():
        order = Order(suite, key, "novella")
        end = {"VisitBooked", "WorkOrderUnstaffed"}
        told = eventually(lambda: end & {name for name, _ in facts.about(order.id)}, "matching's answer")
        return "VisitBooked" in told and order

    done, planned, cancelled = (eventually(booked, "an order that is booked") for _ in range(3))
    visitor = facts.wait(done.id, "VisitBooked")["visit"]["technician_id"]
    done.attend(suite, visitor)
    gone = suite.edge("POST", f"/v1/work-orders/{cancelled.id}/cancel", {"reason": "other"}, token=key, idempotency_key=str(uuid.uuid4()))
    assert gone.status == 200, gone.body
    eventually(lambda: db("SELECT 1 FROM billing.cost_line WHERE work_order_id = %s", done.id)
               and db("SELECT 1 FROM portal.cost_copy WHERE work_order_id = %s", done.id), "the line")
    eventually(lambda: db("SELECT 1 FROM surveys.survey WHERE work_order_id = %s", done.id), "the survey")
    eventually(lambda: db("SELECT 1 FROM portal.part_copy WHERE work_order_id = %s", planned.id), "the part")
    eventually(lambda: db("SELECT 1 FROM portal.visit_copy WHERE work_order_id = %s AND booked = 5 AND course = 4", done.id), "done, for all")
    eventually(lambda: db("SELECT 1 FROM portal.visit_copy WHERE work_order_id = %s AND booked = 3", cancelled.id), "called off")
    eventually(lambda: db("SELECT 1 FROM notifications.visit WHERE work_order_id = %s AND course = 4", cancelled.id), "called off")
    eventually(lambda: db("SELECT 1 FROM portal.order_copy WHERE work_order_id = %s AND state >= 4", done.id), "the order is done")
    return [done, planned, cancelled]


def settled(look, still_s=2.0, patience_s=60):
    """The value of `look` once it has not changed for a while."""
    give_up, last, since = time.monotonic() + patience_s, look(), time.monotonic()
    while time.monotonic() - since < still_s:
        assert time.monotonic() < give_up, "it never rests"
        time.sleep(0.2)
        now = look()
        if now != last:
            last, since = now, time.monotonic()
    return last


def test_lost_copies_are_filled_and_nothing_else_happens(suite, db, facts, orders):
    ids = [order.id for order in orders]
    before, done_before = settled(lambda: copies(db, ids)), settled(lambda: effects(db, ids))
    assert all(before.values()), {table for table, rows in before.items() if not rows}
    lose(db, ids)
    assert copies(db, ids) != before

    def same(tables=tuple(before)):
        now = copies(db, ids)
        return {table: sorted(set(before[table]) ^ set(now[table])) for table in tables if before[table] != now[table]}

    retell(suite, ["intake"])
    of_orders = [table for table, _, _ in WIPED]
    eventually(lambda: not same(of_orders), "the others know the orders again")  # of which they tell next
    retell(suite, [service for service in SERVICES if service != "intake"])
    heard_by_all(suite, db)

    give_up = time.monotonic() + 60
    while same() and time.monotonic() < give_up:
        time.sleep(0.2)
    assert not same(), "\n".join(row for rows in same().values() for row in rows)
    assert settled(lambda: effects(db, ids)) == done_before
    for order in orders:
        told = [headers for headers in facts.headers_about(order.id) if headers.get("retold") == "1"]
        assert {"/intake", "/matching"} <= {headers["ce_source"] for headers in told}


def test_facts_go_on_behind_the_baseline(suite, db, facts, orders):
    planned = orders[1]
    gone = suite.edge("POST", f"/v1/work-orders/{planned.id}/cancel", {"reason": "other"}, token=planned.key, idempotency_key=str(uuid.uuid4()))
    assert gone.status == 200, gone.body
    eventually(lambda: db("SELECT 1 FROM portal.order_copy WHERE work_order_id = %s AND state = 6", planned.id), "portal hears it")
    eventually(lambda: db("SELECT 1 FROM notifications.visit WHERE work_order_id = %s AND course = 4", planned.id), "the visit is called off")
    for service in SERVICES:
        assert not db(f"SELECT 1 FROM {service}.early WHERE subject = %s", planned.id), service


def test_who_hears_nothing_of_the_past_begins_at_the_baseline(suite, db, orders):
    """As if all facts before had been deleted: the next one is neither early nor lost."""
    done = orders[0]
    suite.sql("DELETE FROM routing.heard WHERE source = 'visits' AND subject = %s", done.id)
    retell(suite, ["visits"])
    last = db("SELECT sequence FROM visits.subject WHERE id = %s", done.id)[0][0]
    eventually(lambda: db("SELECT 1 FROM routing.heard WHERE source = 'visits' AND subject = %s AND sequence = %s", done.id, last), "the baseline")


def test_what_its_owner_knows_no_more_is_dropped(suite, db, orders):
    """An order that intake does not have (its database was restored, say), long heard of."""
    lost, kept = str(uuid.uuid4()), orders[0].id
    db("INSERT INTO portal.order_copy (work_order_id, partner_id, number, state, service_id, town, district) VALUES (%s, 'novella', 'M-0', 1, '', '', '')", lost)
    db("INSERT INTO portal.visit_copy SELECT gen_random_uuid(), %s, 'novella', '', 'Ola', 1, 1, 2, 1, 0, 0, 1", lost)
    for source in ("intake", "matching"):
        db("INSERT INTO portal.heard (source, subject, sequence, moved_at) VALUES (%s, %s, 3, 1)", source, lost)
    counted = "SELECT coalesce((SELECT sum(delta) FROM portal.tally WHERE kind = 'order'), 0) + (SELECT sum(count) FROM portal.state_count WHERE kind = 'order')"
    before = db(counted)[0][0]
    retell(suite, ["intake", "matching"])
    eventually(lambda: not db("SELECT 1 FROM portal.order_copy WHERE work_order_id = %s", lost), "the order")
    eventually(lambda: not db("SELECT 1 FROM portal.visit_copy WHERE work_order_id = %s", lost), "its visit")
    eventually(lambda: not db("SELECT 1 FROM portal.heard WHERE subject = %s", lost), "how far it was heard")
    assert db("SELECT 1 FROM portal.order_copy WHERE work_order_id = %s", kept)
    eventually(lambda: db(counted)[0][0] == before - 1, "it is counted no more")


def test_who_was_forgotten_is_not_remembered_by_it(suite, db, orders):
    """Notifications and portal restored to a day before the customer asked: they hear of it again."""
    order = orders[0].id
    links = "SELECT count(*) FROM {}.link WHERE work_order_id = %s"
    link = db("SELECT to_jsonb(l) FROM notifications.link l WHERE work_order_id = %s LIMIT 1", order)[0][0]
    forgot = suite.edge("POST", f"/v1/work-orders/{order}/forget-customer", {}, token=suite.token("consultant", "retelling"), idempotency_key=str(uuid.uuid4()))
    assert forgot.status == 200 and order in forgot.json["work_order_ids"], forgot.body
    for service in ("notifications", "portal"):
        eventually(lambda service=service: db(links.format(service), order)[0][0] == 0, f"{service} forgot its links")

    def restore():
        db("INSERT INTO notifications.link SELECT (jsonb_populate_record(NULL::notifications.link, %s)).* ON CONFLICT DO NOTHING", json.dumps(link))

    restore()
    db("UPDATE portal.heard SET moved_at = 1 WHERE source = 'notifications' AND subject = %s", order)
    retell(suite, ["notifications"])
    eventually(lambda: db("SELECT 1 FROM portal.heard WHERE source = 'notifications' AND subject = %s AND moved_at > 1", order), "portal heard")
    assert db(links.format("portal"), order)[0][0] == 0, "a link of nobody opens nothing"
    restore()
    retell(suite, ["intake"])
    eventually(lambda: db(links.format("notifications"), order)[0][0] == 0, "forgotten again")
