# A part from the order to the customer's address, as its supplier, its partner and a stranger see it.
import json
import subprocess

import pytest
from conftest import BIN, eventually, new_id, now_ms

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

    def visit(self, kind, visit, start_at, more=""):
        body = f'visit_id: "{visit}" work_order_id: "{self.order}" partner_id: "{self.partner}" start_at: {start_at}'
        self.suite.tell(f"matching.v1.{kind}", self.order, self.partner, f"visit {{ {body} }} {more}")

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
