# A part from the order to the customer's address, as its supplier, its partner and a stranger see it.
import json
import random
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import BIN, Service, eventually, new_id, now_ms

HOUR = 3600 * 1000


@pytest.fixture(scope="module")
def parts(run_service):
    return run_service("parts")


@pytest.fixture(scope="module")
def pump(suite, parts):
    return enter(suite, parts, f"P-{new_id()[:8]}")


def enter(suite, parts, sku, lead_time_ms=24 * HOUR):
    item = {"sku": sku, "name": "Pompa", "supplier_id": "hydro", "price_grosz": 4500, "lead_time_ms": lead_time_ms}
    assert parts.ask("POST", "/v1/parts/catalogue", suite.actor("operator", "olga"), {"items": [item]}) == (200, {"items": 1})
    return sku


class Story:
    def __init__(self, suite, parts, sku, partner="aurora"):
        self.suite, self.parts, self.sku, self.partner = suite, parts, sku, partner
        self.order, self.now = new_id(), now_ms()

    def open(self):
        place = 'place { town: "Warszawa" district: "Wola" }'
        self.suite.tell(
            "intake.v1.WorkOrderOpened", self.order, self.partner,
            f'order {{ work_order_id: "{self.order}" number: "M-26-1" partner_id: "{self.partner}" part_sku: "{self.sku}" '
            f'person_id: "{new_id()}" {place} }}',
        )  # fmt: skip
        return self

    def visit(self, kind, visit, start_at, more="", technician="", **headers):
        body = f'visit_id: "{visit}" work_order_id: "{self.order}" partner_id: "{self.partner}" start_at: {start_at} technician_id: "{technician}"'
        self.suite.tell(f"matching.v1.{kind}", self.order, self.partner, f"visit {{ {body} }} {more}", **headers)

    def course(self, kind, visit, technician, more="", **headers):
        body = f'visit_id: "{visit}" work_order_id: "{self.order}" partner_id: "{self.partner}" technician_id: "{technician}"'
        self.suite.tell(f"visits.v1.{kind}", self.order, self.partner, f"course {{ {body} }} {more}", **headers)

    def done(self, visit, technician, used=(), **headers):
        parts = " ".join(f'parts {{ sku: "{sku}" quantity: {quantity} }}' for sku, quantity in used)
        self.course("VisitDone", visit, technician, parts, **headers)

    def reserved(self):
        """In whose van a piece is kept for this order."""
        return [row[0] for row in self.suite.sql("SELECT technician_id::text FROM parts.van_reservation WHERE work_order_id = %s", self.order)]

    def say(self, state, actor=None, **more):
        actor = actor or self.suite.actor("supplier", "hydro")
        return self.parts.ask("POST", f"/v1/purchase-orders/{self.order}/updates", actor, {"state": state} | more)

    def rows(self, column="state"):
        return [row[0] for row in self.suite.sql(f"SELECT {column} FROM parts.purchase WHERE work_order_id = %s ORDER BY ordered_at", self.order)]

    def told(self):
        return [kind for kind, _, _ in self.suite.heard("parts.v1", self.order)]

    def wait(self, states):
        eventually(lambda: self.rows() == states, f"states {states}")

    def wait_told(self, kinds):
        eventually(lambda: len(self.told()) >= len(kinds), f"told {kinds}")
        assert self.told() == kinds


ORDERED, CONFIRMED, SHIPPED, DELIVERED, LATE, CANCELLED = range(1, 7)


def test_from_order_to_delivery(suite, parts, pump):
    story = Story(suite, parts, pump)
    story.visit("VisitBooked", "v1", story.now + 48 * HOUR)  # heard before the order
    story.open().wait([ORDERED])
    eventually(lambda: story.rows("needed_by") == [story.now + 48 * HOUR], "the hour is known")
    status, purchase = story.say("confirmed", promised_by=story.now + 60 * HOUR, reference="Z/1")
    assert (status, purchase["state"]) == (200, "confirmed")
    assert story.say("shipped", at=story.now - HOUR)[0] == 422, "not before it was ordered"
    assert story.say("shipped")[0] == 200
    assert story.say("shipped")[0] == 409, "not twice"
    assert story.say("delivered", suite.actor("operator", "olga"))[1]["delivered_at"] > 0
    assert story.say("late", promised_by=story.now + 90 * HOUR)[0] == 409
    story.wait_told(["PartOrdered", "PartConfirmed", "PartLate", "PartShipped", "PartDelivered"])
    assert {partner for _, partner, _ in suite.heard("parts.v1", story.order)} == {"aurora"}
    events = "SELECT e.state, by_kind, reference, at <= entered_at FROM parts.purchase_event e JOIN parts.purchase p ON p.id = e.purchase_id"
    assert suite.sql(f"{events} WHERE p.work_order_id = %s ORDER BY e.id", story.order) == [
        (ORDERED, "engine", "", True),
        (CONFIRMED, "supplier", "Z/1", True),
        (SHIPPED, "supplier", "", True),
        (DELIVERED, "operator", "", True),
    ]


def test_heard_twice_it_is_ordered_once(suite, parts, pump):
    story = Story(suite, parts, pump).open()
    story.wait([ORDERED])
    suite.sequences["intake", story.order] = 0
    story.open()
    story.visit("VisitBooked", "v1", story.now + 48 * HOUR)
    eventually(lambda: story.rows("needed_by") == [story.now + 48 * HOUR], "what came after is heard")
    assert story.rows() == [ORDERED] and story.told() == ["PartOrdered"]


@pytest.mark.parametrize(
    "update, pointer",
    [
        ({"state": "confirmed"}, "/promised_by"),
        ({"state": "late"}, "/promised_by"),
        ({"state": "late", "promised_by": 1}, "/promised_by"),
        ({"state": "confirmed", "promised_by": 1}, "/promised_by"),
        ({"state": "cancelled"}, "/state"),
        ({"state": "ordered"}, "/state"),
        ({"state": "lost"}, "/state"),
        ({"state": "delivered", "at": 1}, "/at"),
        ({}, "/state"),
    ],
)
def test_bad_updates_name_the_field(suite, parts, pump, update, pointer):
    story = Story(suite, parts, pump).open()
    story.wait([ORDERED])
    status, problem = parts.ask("POST", f"/v1/purchase-orders/{story.order}/updates", suite.actor("supplier", "hydro"), update)
    assert (status, problem["errors"][0]["pointer"], story.rows()) == (422, pointer, [ORDERED])


def test_walls(suite, parts, pump):
    story = Story(suite, parts, pump).open()
    story.wait([ORDERED])
    path = f"/v1/parts?work_order_id={story.order}"

    def seen(path, *actor):
        status, answer = parts.ask("GET", path, suite.actor(*actor))
        return status if status != 200 else [each for each in answer.get("purchases", []) if each["work_order_id"] == story.order]

    assert seen(path, "partner", "key", "aurora")[0]["district"] == "Wola"
    assert seen(path, "partner", "key", "borealis") == []
    assert len(seen(path, "consultant", "ewa")) == 1
    assert len(seen(path, "customer", "zofia", "aurora", story.order)) == 1
    assert seen(path, "customer", "zofia", "aurora", new_id()) == 403
    assert seen(path, "supplier", "hydro") == 403
    [his] = seen("/v1/purchase-orders", "supplier", "hydro")
    assert his["town"] == "Warszawa" and "partner_id" not in his and "person_id" not in his
    assert seen("/v1/purchase-orders", "supplier", "other") == []
    assert seen("/v1/purchase-orders", "partner", "key", "aurora") == 403
    assert story.say("shipped", suite.actor("supplier", "other"))[0] == 404
    with suite.as_role("parts") as to, to.cursor() as cursor:
        for table in ("work_order", "purchase", "purchase_event", "part_question"):
            cursor.execute("SELECT set_config('app.partner', 'borealis', false), set_config('app.actor', 'partner', false)")
            cursor.execute(f"SELECT count(*) FROM {table} WHERE partner_id <> 'borealis'")
            assert cursor.fetchone() == (0,), table


def test_cancelled_with_its_visit_and_ordered_for_the_next(suite, parts, pump):
    story = Story(suite, parts, pump).open()
    story.wait([ORDERED])
    story.visit("VisitBooked", "v1", story.now + 48 * HOUR)
    eventually(lambda: story.rows("needed_by") == [story.now + 48 * HOUR], "booked")
    story.visit("VisitCancelled", "v0", 0)
    story.visit("VisitCancelled", "v1", 0, 'reason: "customer"')
    story.wait([CANCELLED])
    assert story.told() == ["PartOrdered", "PartCancelled"], "another visit's end is not this one's"
    assert story.say("shipped")[0] == 409, "the supplier learns that it was called off"
    story.visit("VisitBooked", "v2", story.now + 50 * HOUR)
    story.wait([CANCELLED, ORDERED])
    cancel = f'order {{ work_order_id: "{story.order}" partner_id: "aurora" }} reason: "partner"'
    suite.tell("intake.v1.WorkOrderCancelled", story.order, "aurora", cancel)
    story.wait([CANCELLED, CANCELLED])
    story.visit("VisitBooked", "v3", story.now + 51 * HOUR)
    eventually(lambda: suite.sql("SELECT 1 FROM parts.work_order WHERE id = %s AND visit_id = 'v3'", story.order), "heard")
    assert story.rows() == [CANCELLED, CANCELLED], "nothing for an order that has ended"


def test_a_delivered_part_stays(suite, parts, pump):
    story = Story(suite, parts, pump).open()
    story.wait([ORDERED])
    assert story.say("delivered")[0] == 200
    suite.tell("intake.v1.WorkOrderCancelled", story.order, "aurora", f'order {{ work_order_id: "{story.order}" partner_id: "aurora" }}')
    eventually(lambda: suite.sql("SELECT 1 FROM parts.work_order WHERE id = %s AND ended", story.order), "heard")
    assert story.rows() == [DELIVERED]


def test_an_unknown_part_is_a_question_until_it_is_entered(suite, parts):
    sku = f"U-{new_id()[:8]}"
    story = Story(suite, parts, sku).open()

    def asked():
        listed = parts.ask("GET", "/v1/parts/questions", suite.actor("consultant", "ewa"))[1]
        return sku in [each["sku"] for each in listed.get("questions", [])]

    eventually(asked, "a person is asked")
    assert story.rows() == [] and story.told() == []
    enter(suite, parts, sku)
    story.wait([ORDERED])
    assert not asked()


def test_late_is_told_once_a_date(suite, parts):
    story = Story(suite, parts, enter(suite, parts, f"L-{new_id()[:8]}", lead_time_ms=0)).open()
    story.wait([LATE])
    assert story.say("late", promised_by=now_ms() + 1200)[0] == 200
    eventually(lambda: len(story.told()) == 4, "that date has passed, too")
    assert story.told() == ["PartOrdered", "PartLate", "PartLate", "PartLate"]
    assert story.say("confirmed", promised_by=now_ms() + 20 * HOUR)[0] == 200
    story.visit("VisitBooked", "v1", story.now + 10 * HOUR)
    eventually(lambda: len(story.told()) == 6, "too late for the visit")
    story.visit("VisitMoved", "v1", story.now + 30 * HOUR)
    story.visit("VisitMoved", "v1", story.now + 15 * HOUR)
    eventually(lambda: len(story.told()) == 7, "moved, but not far enough")
    assert story.told()[-4:] == ["PartLate", "PartConfirmed", "PartLate", "PartLate"]


def test_the_catalogue_is_loaded_all_or_nothing(suite, parts, tmp_path):
    mark, file = new_id()[:8], tmp_path / "catalogue.json"
    rows = [{"sku": f"{mark}-{i}", "name": "Część", "supplier_id": "hydro", "price_grosz": i, "lead_time_ms": 1} for i in range(2000)]

    def load():
        file.write_text(json.dumps({"items": rows}, ensure_ascii=False))
        done = subprocess.run([BIN / "parts", "--load", file], env=parts.env, capture_output=True, text=True)
        count = suite.sql("SELECT count(*) FROM parts.catalogue_item WHERE sku LIKE %s", f"{mark}-%")
        return done.returncode, done.stderr, count[0][0]

    rows[1500]["price_grosz"] = -1
    code, says, count = load()
    assert (code, count) == (1, 0) and "/items/1500/price_grosz" in says
    rows[1500]["price_grosz"] = 1
    assert load() == (0, "", 2000)


# ---- vans ----


class Van:
    """A technician's van, as the operator counts it."""

    def __init__(self, suite, parts, *stock):
        self.suite, self.parts, self.technician = suite, parts, new_id()
        if stock:
            assert self.count(*stock)[0] == 200

    def count(self, *stock, actor=None):
        items = [{"sku": sku, "quantity": quantity} for sku, quantity in stock]
        return self.parts.ask("PUT", self.path, actor or self.suite.actor("operator", "olga"), {"items": items})

    @property
    def path(self):
        return f"/v1/technicians/{self.technician}/van-stock"

    def holds(self):
        """{sku: (quantity, reserved)}"""
        rows = self.suite.sql("SELECT sku, quantity, reserved FROM parts.van_stock WHERE technician_id = %s", self.technician)
        return {sku: (quantity, reserved) for sku, quantity, reserved in rows}

    def wait(self, **holds):
        eventually(lambda: self.holds() == holds, f"the van holds {holds}, not {self.holds()}")

    def told(self):
        return self.suite.heard("parts.v1", self.technician)


@pytest.fixture
def seal(suite, parts):
    return enter(suite, parts, f"S{new_id()[:8]}")


def test_a_van_is_counted_shown_and_told(suite, parts, pump, seal):
    van, operator = Van(suite, parts), suite.actor("operator", "olga")
    assert parts.ask("GET", van.path, operator) == (200, {"technician_id": van.technician})
    status, stock = van.count((pump, 2), (seal, 0))
    assert status == 200 and {(each["sku"], each.get("quantity", 0), each["name"]) for each in stock["items"]} == {(pump, 2, "Pompa"), (seal, 0, "Pompa")}
    assert van.count((seal, 4), actor=suite.actor("consultant", "ewa"))[0] == 200
    assert van.holds() == {seal: (4, 0)}, "what is not listed does not lie there"
    may, may_not = [("technician", van.technician), ("consultant", "ewa")], [("technician", new_id()), ("partner", "key", "aurora")]
    for actor, answer in [(each, 200) for each in may] + [(each, 403) for each in may_not]:
        assert parts.ask("GET", van.path, suite.actor(*actor))[0] == answer, actor
    for actor in [("technician", van.technician), ("partner", "key", "aurora"), ("supplier", "hydro")]:
        assert van.count((seal, 1), actor=suite.actor(*actor))[0] == 403, actor
    eventually(lambda: len(van.told()) == 2, "both counts are told")
    kind, partner, text = van.told()[-1]
    assert (kind, partner) == ("VanStockChanged", "") and f'sku: "{seal}"' in text and pump not in text and "quantity: 4" in text


@pytest.mark.parametrize(
    "items, pointer, rule",
    [
        ([], "/items", "required"),
        ([{"sku": "SEAL", "quantity": 1}, {"sku": "nobody-sells-it", "quantity": 1}], "/items/1/sku", "catalogue"),
        ([{"sku": "SEAL", "quantity": 1}, {"sku": "SEAL", "quantity": 1}], "/items/1/sku", "duplicate"),
        ([{"sku": "SEAL", "quantity": -1}], "/items/0/quantity", "range"),
        ([{"sku": "SEAL", "quantity": 10001}], "/items/0/quantity", "range"),
        ([{"sku": "SEAL"}], "/items/0/quantity", "required"),
        ([{"quantity": 1}], "/items/0/sku", "required"),
        ([{"sku": "ba d", "quantity": 1}], "/items/0/sku", "pattern"),
    ],
)
def test_a_bad_count_names_the_field(suite, parts, seal, items, pointer, rule):
    van = Van(suite, parts, (seal, 1))
    items = [each | {"sku": seal} if each.get("sku") == "SEAL" else each for each in items]
    status, problem = parts.ask("PUT", van.path, suite.actor("operator", "olga"), {"items": items})
    assert (status, problem["errors"][0]["pointer"], problem["errors"][0]["rule"]) == (422, pointer, rule)
    assert van.holds() == {seal: (1, 0)}
    path = "/v1/technicians/nobody/van-stock"
    assert parts.ask("PUT", path, suite.actor("operator", "olga"), {"items": [{"sku": seal, "quantity": 1}]})[0] == 422


def test_a_part_in_the_van_is_kept_and_not_bought(suite, parts, seal):
    van, story = Van(suite, parts, (seal, 2)), Story(suite, parts, seal).open()
    story.wait([ORDERED])
    story.visit("VisitBooked", "v1", story.now + 48 * HOUR, technician=van.technician)
    story.wait([CANCELLED])
    assert van.holds() == {seal: (2, 1)} and story.reserved() == [van.technician]
    assert story.told() == ["PartOrdered", "PartReserved", "PartCancelled"]
    assert 'reason: "in_van"' in suite.heard("parts.v1", story.order)[2][2]
    [item] = parts.ask("GET", van.path, suite.actor("technician", van.technician))[1]["items"]
    assert (item["reserved"], item["work_order_ids"]) == (1, [story.order])
    story.visit("VisitMoved", "v1", story.now + 50 * HOUR, technician=van.technician)
    story.visit("VisitBooked", "v1", story.now + 49 * HOUR, technician=van.technician)
    needed_by = "SELECT needed_by FROM parts.van_reservation WHERE work_order_id = %s"
    eventually(lambda: suite.sql(needed_by, story.order) == [(story.now + 49 * HOUR,)], "heard")
    assert van.holds() == {seal: (2, 1)} and len(story.told()) == 3, "one piece, told once"


def test_what_is_sent_already_is_used(suite, parts, seal):
    van, shipped, late = Van(suite, parts, (seal, 5)), Story(suite, parts, seal).open(), Story(suite, parts, seal).open()
    for story in (shipped, late):
        story.wait([ORDERED])
        assert story.say("shipped")[0] == 200
    assert late.say("late", promised_by=late.now + 90 * HOUR)[0] == 200
    for story in (shipped, late):
        story.visit("VisitBooked", "v1", story.now + 48 * HOUR, technician=van.technician)
        eventually(lambda story=story: story.rows("needed_by") == [story.now + 48 * HOUR], "the visit is heard")
    assert (shipped.rows(), late.rows(), van.holds()) == ([SHIPPED], [LATE], {seal: (5, 0)})


def test_a_late_part_that_was_never_sent_is_called_off(suite, parts, seal):
    van, story = Van(suite, parts, (seal, 1)), Story(suite, parts, seal).open()
    story.wait([ORDERED])
    assert story.say("late", promised_by=story.now + 90 * HOUR)[0] == 200
    story.visit("VisitBooked", "v1", story.now + 48 * HOUR, technician=van.technician)
    story.wait([CANCELLED])
    assert van.holds() == {seal: (1, 1)}


@pytest.mark.parametrize("kind", ["VisitMoved", "VisitReassigned", "VisitRebooked"])
def test_another_technician_takes_it_out_of_his_own_van(suite, parts, seal, kind):
    first, second, without = Van(suite, parts, (seal, 1)), Van(suite, parts, (seal, 1)), Van(suite, parts)
    story = Story(suite, parts, seal).open()
    visits = ["v1", "v2", "v3"] if kind == "VisitRebooked" else ["v1"] * 3
    story.visit("VisitBooked", visits[0], story.now + 48 * HOUR, technician=first.technician)
    first.wait(**{seal: (1, 1)})
    story.visit(kind, visits[1], story.now + 48 * HOUR, technician=second.technician)
    second.wait(**{seal: (1, 1)})
    assert first.holds() == {seal: (1, 0)} and story.rows() == [CANCELLED]
    story.visit(kind, visits[2], story.now + 48 * HOUR, technician=without.technician)
    story.wait([CANCELLED, ORDERED])
    assert second.holds() == {seal: (1, 0)} and story.reserved() == []
    assert story.told() == ["PartOrdered", "PartReserved", "PartCancelled", "PartReleased", "PartReserved", "PartReleased", "PartOrdered"]


def test_what_ends_lets_go(suite, parts, seal):
    van, stories = Van(suite, parts, (seal, 9)), [Story(suite, parts, seal).open() for _ in range(3)]
    for story in stories:
        story.visit("VisitBooked", "v1", story.now + 48 * HOUR, technician=van.technician)
    van.wait(**{seal: (9, 3)})
    cancelled, missed, ended = stories
    missed.course("VisitMissed", "v0", van.technician)
    cancelled.visit("VisitCancelled", "v1", 0, technician=van.technician)
    van.wait(**{seal: (9, 2)})
    assert missed.reserved() == [van.technician], "another visit's end is not this one's"
    missed.course("VisitMissed", "v1", van.technician)
    suite.tell("intake.v1.WorkOrderCancelled", ended.order, "aurora", f'order {{ work_order_id: "{ended.order}" partner_id: "aurora" }}')
    van.wait(**{seal: (9, 0)})
    assert [story.told()[-1] for story in stories] == ["PartReleased"] * 3
    missed.visit("VisitRebooked", "v2", missed.now + 60 * HOUR, technician=van.technician)
    van.wait(**{seal: (9, 1)})
    missed.done("v2", van.technician)
    van.wait(**{seal: (9, 0)})


def test_what_was_used_goes_down_once(suite, parts, pump, seal):
    van, story = Van(suite, parts, (seal, 5), (pump, 1)), Story(suite, parts, seal).open()
    story.visit("VisitBooked", "v1", story.now + 48 * HOUR, technician=van.technician)
    van.wait(**{seal: (5, 1), pump: (1, 0)})
    event, used = new_id(), [(seal, 1), (pump, 3), (seal, 1)]
    before = parts.metric("majster_duplicates_total")
    story.done("v1", van.technician, used, event_id=event, sequence=1)
    van.wait(**{seal: (3, 0), pump: (0, 0)})
    story.done("v1", van.technician, used, event_id=event, sequence=1)
    story.done("v1", van.technician, used, sequence=2)  # a teller that says it once more, as a new fact
    story.done("v1", van.technician, [(seal, 9)], sequence=1)
    late = Story(suite, parts, seal).open()
    late.visit("VisitBooked", "v9", late.now, technician=van.technician)
    van.wait(**{seal: (3, 1), pump: (0, 0)})
    assert parts.metric("majster_duplicates_total") >= before + 1
    assert suite.sql("SELECT 1 FROM parts.parked WHERE subject = %s", story.order) == []
    assert suite.sql("SELECT sum(quantity), sum(beyond) FROM parts.van_use WHERE work_order_id = %s", story.order) == [(5, 2)]
    eventually(lambda: parts.metric("majster_van_parts_beyond") >= 2, "told for operators", 40)


def test_a_piece_that_was_delivered_is_not_the_vans(suite, parts, seal):
    van, story = Van(suite, parts, (seal, 5)), Story(suite, parts, seal).open()
    story.wait([ORDERED])
    assert story.say("delivered")[0] == 200
    story.visit("VisitBooked", "v1", story.now, technician=van.technician)
    story.done("v1", van.technician, [(seal, 1)])
    eventually(lambda: suite.sql("SELECT 1 FROM parts.van_use WHERE work_order_id = %s AND delivered = 1", story.order), "heard")
    assert van.holds() == {seal: (5, 0)}
    story.done("v2", van.technician, [(seal, 1)])
    van.wait(**{seal: (4, 0)})


def test_the_course_is_heard_before_the_booking(suite, parts, seal):
    van, story = Van(suite, parts, (seal, 5)), Story(suite, parts, seal).open()
    story.wait([ORDERED])
    booked_at = now_ms()
    story.done("v1", van.technician, [(seal, 1)])
    van.wait(**{seal: (4, 0)})
    story.visit("VisitBooked", "v1", story.now + 5 * HOUR, technician=van.technician, ce_toldat=booked_at)
    other = Story(suite, parts, seal).open()
    other.visit("VisitBooked", "v2", other.now + 5 * HOUR, technician=van.technician)
    van.wait(**{seal: (4, 1)})
    assert story.reserved() == [] and other.reserved() == [van.technician]
    # Missed, and then there after all: told later, it stands again.
    other.course("VisitMissed", "v2", van.technician)
    van.wait(**{seal: (4, 0)})
    other.visit("VisitBooked", "v2", other.now + 5 * HOUR, technician=van.technician)
    van.wait(**{seal: (4, 1)})


def test_two_orders_at_once_for_the_last_piece(suite, parts, seal):
    van, stories = Van(suite, parts, (seal, 3)), [Story(suite, parts, seal).open() for _ in range(12)]
    for story in stories:
        story.wait([ORDERED])
    second = Service(suite, "parts", INSTANCE=1)
    second.start()
    try:
        with ThreadPoolExecutor(12) as pool:
            list(pool.map(lambda story: story.visit("VisitBooked", "v1", story.now + 48 * HOUR, technician=van.technician), stories))
        eventually(lambda: all(story.rows("needed_by") == [story.now + 48 * HOUR] or story.rows() == [CANCELLED] for story in stories), "all are heard")
    finally:
        second.stop()
    assert van.holds() == {seal: (3, 3)}
    assert sorted(story.rows() for story in stories) == [[ORDERED]] * 9 + [[CANCELLED]] * 3
    assert sorted(len(story.reserved()) for story in stories) == [0] * 9 + [1] * 3


def test_a_van_that_holds_less_than_was_kept(suite, parts, seal):
    van, stories = Van(suite, parts, (seal, 3)), [Story(suite, parts, seal).open() for _ in range(3)]
    for number, story in enumerate(stories):
        story.visit("VisitBooked", "v1", story.now + (48 + number) * HOUR, technician=van.technician)
    van.wait(**{seal: (3, 3)})
    assert van.count((seal, 2))[0] == 200
    stories[2].wait([CANCELLED, ORDERED])
    assert van.holds() == {seal: (2, 2)} and stories[2].told()[-2:] == ["PartReleased", "PartOrdered"], "the latest visit waits for a new one"
    other = Story(suite, parts, seal).open()
    other.visit("VisitBooked", "v7", other.now + HOUR, technician=van.technician)
    other.done("v7", van.technician, [(seal, 1)])  # what was kept for somebody else
    stories[1].wait([CANCELLED, ORDERED])
    assert van.holds() == {seal: (1, 1)} and stories[0].reserved() == [van.technician]
    new = enter(suite, parts, f"N{new_id()[:8]}")
    assert van.count((new, 1))[0] == 200
    stories[0].wait([CANCELLED, ORDERED])
    assert van.holds() == {new: (1, 0)}


@pytest.mark.once
def test_a_thousand_uses_that_come_late_twice_and_in_any_order(suite, parts, seal):
    """Phones that were without a network tell their visits when they are back; two processes hear them."""
    van, lottery = Van(suite, parts, (seal, 3000)), random.Random(20261122)
    stories = [Story(suite, parts, "").open() for _ in range(250)]
    uses = [(story, number) for story in stories for number in range(1, 5)]
    uses += lottery.sample(uses, 200)
    lottery.shuffle(uses)
    ids = {}
    second = Service(suite, "parts", INSTANCE=1)
    second.start()

    def tell(use):
        story, number = use
        story.done(f"{story.order}-{number}", van.technician, [(seal, 1 + number % 2)], event_id=ids.setdefault(use, new_id()), sequence=number)

    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(tell, uses))
        eventually(lambda: suite.sql("SELECT count(*) FROM parts.van_use WHERE technician_id = %s", van.technician) == [(1000,)], "all are heard", 60)
    finally:
        second.stop()
    assert van.holds() == {seal: (3000 - 250 * (2 + 1 + 2 + 1), 0)}
    assert suite.sql("SELECT count(*) FROM parts.parked WHERE subject = ANY(%s)", [story.order for story in stories]) == [(0,)]
