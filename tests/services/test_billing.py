# What it costs and who pays: priced twice, booked once, settled once, to the grosz.
import csv
import hashlib
import io
import json
import subprocess
import time

import psycopg2
import pytest
from conftest import BIN, eventually, new_id, now_ms

HOUR = 3600 * 1000
ITEMS = [
    {"item": "work.hour", "name": "Robocizna", "unit": "godz.", "price_grosz": 12001, "vat_percent": 8},
    {"item": "drive", "name": "Dojazd; miasto", "unit": "szt.", "price_grosz": 6000, "vat_percent": 23},
]
FIRST = {"price_list_id": "2026", "valid_from": 1000, "items": ITEMS}


@pytest.fixture(scope="module")
def billing(suite, run_service):
    service = run_service("billing")
    assert service.ask("POST", "/v1/price-lists", suite.actor("operator", "olga"), FIRST)[0] in (200, 201)
    return service


@pytest.fixture
def operator(suite):
    return suite.actor("operator", "olga")


class Story:
    """One order of a partner of its own, so that settlements do not meet."""

    def __init__(self, suite, billing, partner=None, reference="=SZK;1"):
        self.suite, self.billing = suite, billing
        self.partner, self.order = partner or f"p{new_id()[:8]}", new_id()
        self.text = f'order {{ work_order_id: "{self.order}" partner_id: "{self.partner}" number: "M-{self.order[:4]}" partner_reference: {json.dumps(reference)} }}'
        suite.tell("intake.v1.WorkOrderOpened", self.order, self.partner, self.text)

    def line(self, item, quantity, total, covered=None, line=None):
        """Accepted when `covered` says how much, else refused."""
        line = line or new_id()
        kind, last = ("CostLineRefused", 'rule: "guarantee_sum"') if covered is None else ("CostLineAccepted", f"covered_grosz: {covered}")
        self.suite.tell(
            f"intake.v1.{kind}", self.order, self.partner,
            f'{self.text} line_id: "{line}" visit_id: "v" item: "{item}" quantity: {quantity} total_grosz: {total} technician_id: "t" {last}',
        )  # fmt: skip
        return line

    def done(self):
        course = f'course {{ visit_id: "v" work_order_id: "{self.order}" partner_id: "{self.partner}" }}'
        self.suite.tell("visits.v1.VisitDone", self.order, self.partner, course)
        eventually(lambda: self.suite.sql("SELECT 1 FROM billing.work_order WHERE id = %s AND closed_at > 0", self.order), "closed")

    def lines(self, *actor):
        return self.billing.ask("GET", f"/v1/cost-lines?work_order_id={self.order}", self.suite.actor(*(actor or ("consultant", "ewa"))))

    def wait(self, count):
        return eventually(lambda: len(self.lines()[1].get("lines", [])) == count and self.lines()[1], f"{count} lines")

    def settle(self, start=0, **headers):
        time.sleep(0.005)
        body = {"partner_id": self.partner, "from": start, "until": now_ms()}
        return self.billing.ask("POST", "/v1/settlements", self.suite.actor("operator", "olga"), body, **headers)


def grosze(cell):
    zlote, rest = cell.split(",")
    return int(zlote) * 100 + int(rest)


def test_a_line_is_split_between_partner_and_customer(suite, billing):
    story = Story(suite, billing)
    story.line("work.hour", 1500, 18002, 18002)
    story.line("drive", 1000, 6000, 1000)
    story.line("drive", 2000, 12000)
    story.line("gold", 1000, 0)
    booked = story.wait(4)
    assert (booked["total_grosz"], booked["partner_grosz"], booked["customer_grosz"]) == (36002, 19002, 17000)
    eventually(lambda: len(suite.heard("billing.v1", story.order)) == 4, "told")
    assert {told[:2] for told in suite.heard("billing.v1", story.order)} == {("CostLineBooked", story.partner)}


def test_a_line_id_books_once(suite, billing):
    story = Story(suite, billing)
    line = story.line("drive", 1000, 6000, 6000)
    story.line("drive", 1000, 6000, 6000, line)
    story.line("work.hour", 1000, 12001, 0)
    story.wait(2)


@pytest.mark.parametrize("total, covered", [(18001, 18001), (18002, 18003), (18001, None)])
def test_a_difference_waits_for_a_person(suite, billing, total, covered):
    story = Story(suite, billing)
    story.line("work.hour", 1500, total, covered)
    parked = "SELECT reason FROM billing.parked WHERE subject = %s"
    [(reason,)] = eventually(lambda: suite.sql(parked, story.order), "parked")
    assert "grosz" in reason and story.lines()[1].get("lines", []) == []


def test_an_order_with_work_left_is_settled_after_its_last_visit_with_all_its_lines(suite, billing):
    story = Story(suite, billing)
    story.line("drive", 1000, 6000, 6000)
    course = f'visit_id: "v" work_order_id: "{story.order}" partner_id: "{story.partner}"'
    suite.tell("visits.v1.VisitDone", story.order, story.partner, f'course {{ {course} solved: "partly" further {{ reason: "part" }} }}')
    heard = "SELECT 1 FROM billing.heard WHERE source = 'visits' AND subject = %s"
    eventually(lambda: suite.sql(heard, story.order), "heard")
    story.wait(1)
    assert suite.sql("SELECT closed_at FROM billing.work_order WHERE id = %s", story.order) == [(0,)]
    assert story.settle()[1].get("lines", 0) == 0, "nothing is due yet"
    start = now_ms()
    story.line("drive", 1000, 6000, 6000)
    story.wait(2)
    story.done()
    status, settled = story.settle(start)
    assert (status, settled["lines"], settled["orders"], settled["total_grosz"]) == (201, 2, 1, 12000)


def test_the_value_of_a_parameter_holds_no_second_one(suite, billing):
    status, _ = billing.ask("GET", f"/v1/cost-lines?x=1%0Awork_order_id:%20{new_id()}", suite.actor("consultant", "ewa"))
    assert status == 422, "there is no work_order_id"


def test_walls(suite, billing):
    story = Story(suite, billing)
    story.line("drive", 1000, 6000, 6000)
    story.wait(1)
    assert len(story.lines("partner", "key", story.partner)[1]["lines"]) == 1
    assert story.lines("partner", "key", "borealis") == (200, {})
    assert len(story.lines("customer", "zofia", story.partner, story.order)[1]["lines"]) == 1
    assert story.lines("customer", "zofia", story.partner, new_id())[0] == 403
    story.done()
    file = story.settle()[1]["file"]
    assert billing.ask("GET", file, suite.actor("partner", "key", story.partner))[0] == 200
    assert billing.ask("GET", file, suite.actor("partner", "key", "borealis"))[0] == 404
    assert billing.ask("GET", file, suite.actor("supplier", "hydro"))[0] == 403
    with suite.as_role("billing") as to, to.cursor() as cursor:
        cursor.execute("SELECT set_config('app.partner', 'borealis', false), set_config('app.actor', 'partner', false)")
        for table in ("work_order", "cost_line", "settlement", "settlement_line"):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE partner_id <> 'borealis'")
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize("table", ["price_list", "price_item", "cost_line", "settlement", "settlement_line"])
def test_the_books_are_written_once(suite, billing, table):
    with suite.as_role("billing") as to, to.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(f"DELETE FROM {table}")


def test_a_settlement_sums_to_its_lines_and_takes_each_once(suite, billing, operator):
    story = Story(suite, billing)
    second = Story(suite, billing, story.partner, 'dwa " i\nwiersz')
    story.line("work.hour", 1500, 18002, 18002)
    story.line("drive", 1000, 6000, 1000)
    second.line("drive", 500, 3000)
    story.wait(2)
    second.wait(1)
    story.done()
    status, made = story.settle(Idempotency_Key=f"k-{story.partner}")
    assert {each["settlement_id"] for each in story.lines()[1]["settlements"]} == {made["settlement_id"]}
    assert (status, made["orders"], made["lines"], made["total_grosz"]) == (201, 1, 2, 19002), "the second is still open"
    assert story.settle()[0] == 422, "nothing is left of it"
    second.done()
    status, rest = story.settle()
    assert (status, rest["orders"], rest["lines"], rest.get("total_grosz", 0)) == (201, 1, 1, 0)

    body = billing.ask("GET", made["file"], operator)[1]
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert body.startswith(b"\xef\xbb\xbfZlecenie;") and len(rows) == 2
    assert sum(grosze(row["Płaci partner zł"]) for row in rows) == 19002
    assert sum(grosze(row["Wartość brutto zł"]) for row in rows) == 24002
    assert rows[0]["Numer partnera"] == "'=SZK;1", "no formula"
    other = list(csv.DictReader(io.StringIO(billing.ask("GET", rest["file"], operator)[1].decode("utf-8-sig"), newline=""), delimiter=";"))
    assert other[0]["Numer partnera"] == 'dwa " i\nwiersz'
    told = eventually(lambda: len(facts := suite.heard("billing.v1", story.partner)) == 2 and facts, "told")
    assert told[0][:2] == ("SettlementMade", story.partner) and hashlib.sha256(body).hexdigest() in told[0][2]


def test_a_line_that_came_late_settles_in_the_next_window(suite, billing):
    story = Story(suite, billing)
    story.line("drive", 1000, 6000, 6000)
    story.wait(1)
    story.done()
    assert story.settle()[0] == 201
    until = suite.sql("SELECT until_at FROM billing.settlement WHERE partner_id = %s", story.partner)[0][0]
    story.line("drive", 1000, 6000, 5000)
    story.wait(2)
    status, made = story.settle(until)
    assert (status, made["lines"], made["total_grosz"]) == (201, 1, 5000)


def test_only_a_window_that_is_over_is_settled(suite, billing, operator):
    def settle(**change):
        return billing.ask("POST", "/v1/settlements", operator, {"partner_id": "aurora", "from": 1, "until": 2} | change)

    assert "trwa" in settle(until=now_ms() + HOUR)[1]["detail"]
    assert settle(**{"from": 5})[0] == 422
    assert "nie ma pozycji" in settle(partner_id="nobody")[1]["detail"]
    assert settle(partner_id="")[0] == 422
    assert billing.ask("POST", "/v1/settlements", suite.actor("consultant", "ewa"), {})[0] == 403


def test_a_price_list_is_never_changed(suite, billing, operator):
    def publish(**change):
        return billing.ask("POST", "/v1/price-lists", operator, FIRST | change)

    story = Story(suite, billing)
    story.line("drive", 1000, 6000, 6000)
    story.wait(1)
    assert publish()[0] == 200, "the same again changes nothing"
    assert publish(items=ITEMS[:1])[0] == 409
    assert publish(price_list_id="twin")[1]["errors"][0]["detail"].startswith("Inny cennik")
    assert "godzinę" in publish(price_list_id="backdated", valid_from=now_ms())[1]["detail"]
    problem = publish(price_list_id="twice", valid_from=now_ms() + 9 * HOUR, items=ITEMS + [ITEMS[0] | {"vat_percent": 7}])[1]
    assert [error["pointer"] for error in problem["errors"]] == ["/items/2/vat_percent", "/items/2/item"]
    name = f"next-{new_id()[:8]}"
    status, told = publish(price_list_id=name, valid_from=now_ms() + 2 * HOUR, items=[ITEMS[1] | {"price_grosz": 7000}])
    assert status == 201 and told["version"] > 1
    eventually(lambda: suite.heard("billing.v1", name), "told")
    story.line("drive", 1000, 6000, 6000)
    story.wait(2)


def test_lists_are_loaded_all_or_nothing(suite, billing, tmp_path):
    file, mark = tmp_path / "lists.json", new_id()[:8]

    def load(*lists):
        file.write_text(json.dumps({"price_lists": lists}, ensure_ascii=False))
        done = subprocess.run([BIN / "billing", "--load", file], env=billing.env, capture_output=True, text=True)
        return done.returncode, done.stderr, suite.sql("SELECT count(*) FROM billing.price_list WHERE id LIKE %s", f"{mark}%")[0][0]

    good = FIRST | {"price_list_id": f"{mark}-a", "valid_from": now_ms() + 30 * HOUR}
    bad = FIRST | {"price_list_id": f"{mark}-b", "valid_from": now_ms() + 40 * HOUR, "items": [ITEMS[0] | {"vat_percent": 7}]}
    code, says, count = load(good, bad)
    assert (code, count) == (1, 0) and "/price_lists/1/items/0/vat_percent" in says
    assert load(good) == (0, "", 1)
    assert load(good) == (0, "", 1)
