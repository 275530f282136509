# Work that a visit has left, as intake hears of it: from two tellers, in any order; the money of all its visits.
import itertools
import time

import pytest
from conftest import eventually, new_id, now_ms
from test_intake import HOUR, an_order, intake, place, sum_of  # noqa: F401 (fixture)

VISIT_LINES = {"dojazd": 20000, "robocizna": 15000}


class Order:
    def __init__(self, suite, intake):  # noqa: F811
        self.suite, self.intake, self.policy = suite, intake, f"P-{new_id()}"
        status, answer = place(intake, "aurora", an_order(policy=self.policy))
        assert status == 201
        self.id, self.first, self.second = answer["work_order_id"], new_id(), new_id()
        self.technician = new_id()
        prices = " ".join(f'items {{ item: "{item}" price_grosz: {price} }}' for item, price in VISIT_LINES.items())
        suite.tell("billing.v1.PriceListPublished", "2026", "", f'price_list_id: "2026" valid_from: 1000 {prices}')

    def tell(self, kind, text):
        self.suite.tell(kind, self.id, "aurora", text)

    def book(self, visit, continues=""):
        self.tell(
            "matching.v1.VisitBooked",
            f'visit {{ visit_id: "{visit}" work_order_id: "{self.id}" partner_id: "aurora" start_at: {now_ms() + HOUR} technician_name: "Anna" '
            f'continues: "{continues}" }}',
        )

    def nobody(self):
        self.tell("matching.v1.WorkOrderUnstaffed", f'work_order_id: "{self.id}" partner_id: "aurora" continues: "{self.first}"')

    def course(self, visit, more=""):
        return f'course {{ visit_id: "{visit}" work_order_id: "{self.id}" partner_id: "aurora" technician_id: "{self.technician}" {more} }}'

    def there(self, visit):
        self.tell("visits.v1.TechnicianThere", self.course(visit, "state: THERE"))

    def ask_line(self, visit, item):
        line = new_id()
        self.tell("visits.v1.CostLineAsked", f'{self.course(visit)} line_id: "{line}" item: "{item}" quantity: 1000')
        return line

    def done(self, visit, lines=0, further="", solved="partly"):
        told = " ".join(f'lines {{ line_id: "{number}" }}' for number in range(lines))
        self.tell("visits.v1.VisitDone", self.course(visit, f'state: DONE solved: "{solved}" {told} {further}'))

    def charge(self, line):
        self.tell("billing.v1.CostLineBooked", f'line {{ line_id: "{line}" work_order_id: "{self.id}" partner_id: "aurora" }}')

    def row(self, columns="state, visit_id, continues"):
        return self.suite.sql(f"SELECT {columns} FROM intake.work_order WHERE work_order_id = %s", self.id)[0]

    def wait(self, what, columns="state, visit_id, continues"):
        eventually(lambda: self.row(columns) == what, f"{what}; it is {self.row(columns)}")

    def heard(self, source, count):
        """Both topics are read at their own pace."""
        rows = "SELECT coalesce(max(sequence), 0) FROM intake.heard WHERE source = %s AND subject = %s"
        eventually(lambda: self.suite.sql(rows, source, self.id)[0][0] >= count, f"{source} up to {count}")


OPENED, SCHEDULED, UNDER_WAY, DONE, SETTLED, UNSTAFFED = 1, 2, 3, 4, 5, 7
AGAIN = 'further { reason: "part" }'


def begun(suite, intake):  # noqa: F811
    order = Order(suite, intake)
    order.book(order.first)
    order.wait((SCHEDULED, order.first, ""))
    order.there(order.first)
    order.wait((UNDER_WAY, order.first, ""))
    return order


@pytest.mark.parametrize("who_first", ["visits", "matching"])
@pytest.mark.parametrize("answer", ["an hour", "nobody"])
def test_whoever_is_heard_first_the_order_ends_up_the_same(intake, suite, who_first, answer):  # noqa: F811
    order = begun(suite, intake)
    tell = {"an hour": lambda: order.book(order.second, order.first), "nobody": order.nobody}[answer]
    if who_first == "visits":
        order.done(order.first, further=AGAIN)
        order.wait((OPENED, order.first, order.first))
        tell()
        order.heard("matching", 2)
    else:
        tell()
        order.heard("matching", 2)
        order.done(order.first, further=AGAIN)
        order.heard("visits", 2)
    order.wait((SCHEDULED, order.second, order.first) if answer == "an hour" else (UNSTAFFED, order.first, order.first))
    before = order.row("choose_until")
    order.done(order.first, further=AGAIN)
    order.heard("visits", 3)
    assert order.row("state, choose_until") == ((SCHEDULED if answer == "an hour" else UNSTAFFED), *before), "again, it changes nothing"


def test_who_waits_is_called_and_told_why(intake, suite):  # noqa: F811
    order = begun(suite, intake)
    order.done(order.first, further=AGAIN)
    order.wait((OPENED, order.first, order.first))
    assert 0 < order.row("choose_until")[0] - now_ms() <= HOUR // 4
    shown = intake.ask("GET", f"/v1/work-orders/{order.id}", suite.actor("partner", "key", "aurora"))[1]
    assert shown["says"] == "Prace nie są skończone, umawiamy następną wizytę."
    late = begun(suite, intake)
    earliest = now_ms() + 40 * 24 * HOUR
    late.done(late.first, further=f'further {{ reason: "drying" earliest_at: {earliest} }}')
    late.wait((OPENED, late.first, late.first))
    assert late.row("choose_until") == (earliest - 7 * 24 * HOUR,), "not before there can be an hour"


@pytest.mark.parametrize("further, solved", [("", "yes"), ("", "partly"), ('further { reason: "irreparable" none: true }', "no")])
def test_solved_given_up_or_said_by_the_version_before_it_is_done(intake, suite, further, solved):  # noqa: F811
    order = begun(suite, intake)
    order.done(order.first, further=further, solved=solved)
    order.wait((SETTLED, order.first, ""))
    assert sum_of(suite, order.policy) == (0, 0), "what it kept of the sum is given back"


def test_the_money_of_both_visits_is_one_and_is_closed_once(intake, suite):  # noqa: F811
    order = begun(suite, intake)
    assert sum_of(suite, order.policy) == (60000, 0)
    first = order.ask_line(order.first, "dojazd")
    order.done(order.first, 1, AGAIN)
    order.wait((OPENED, order.first, order.first))
    suite.sql("UPDATE intake.work_order SET latest_by = 1 WHERE work_order_id = %s", order.id)
    time.sleep(1.5)  # the timer that gives back what is not booked has looked
    order.charge(first)
    order.wait((1, 1, -1), "lines_answered, lines_booked, lines_expected")
    other = place(intake, "aurora", an_order(policy=order.policy))[1]
    assert other["reserved_grosz"] == 40000, "what is left beside the 20000 used and the 40000 kept"
    assert order.row("reserved_grosz, used_grosz") == (40000, 20000), "kept, though latest_by is over"
    order.book(order.second, order.first)
    order.there(order.second)
    order.wait((UNDER_WAY, order.second, order.first))
    lines = [order.ask_line(order.second, "dojazd"), order.ask_line(order.second, "robocizna"), order.ask_line(order.second, "robocizna")]
    order.done(order.second, 3, solved="yes")
    order.wait((DONE, order.second, order.first))
    assert order.row("lines_expected, lines_answered") == (4, 4)
    covered = suite.sql("SELECT sum(covered_grosz) FROM intake.cost_line WHERE work_order_id = %s", order.id)[0][0]
    assert covered == 60000 and sum_of(suite, order.policy) == (40000, 60000), "not a grosz of what the other order keeps (I5)"
    for line in lines:
        assert order.row("state") == (DONE,), "not before the last line is booked"
        order.charge(line)
    order.wait((SETTLED, order.second, order.first))
    told = [kind for kind, _, text in suite.heard("intake.v1", order.id) if kind == "WorkOrderProgressed" and "state: SETTLED" in text]
    assert len(told) == 1


def test_every_interleaving_of_the_two_tellers_ends_the_same(intake, suite):  # noqa: F811
    """visits: there, line, done; matching: the next hour. The next hour may come between any two of them."""
    for place_of_hour in range(4):
        order = Order(suite, intake)
        order.book(order.first)
        order.wait((SCHEDULED, order.first, ""))
        steps = [lambda o=order: o.there(o.first), lambda o=order: o.ask_line(o.first, "dojazd"), lambda o=order: o.done(o.first, 1, AGAIN)]
        steps.insert(place_of_hour, lambda o=order: o.book(o.second, o.first))
        heard = itertools.count(1)
        for number, step in enumerate(steps):
            step()
            if number == place_of_hour:
                order.heard("matching", 2)
            else:
                order.heard("visits", next(heard))
        order.wait((SCHEDULED, order.second, order.first, 40000, 20000, -1), "state, visit_id, continues, reserved_grosz, used_grosz, lines_expected")


@pytest.mark.parametrize("history", ["missed, nobody, there, done", "missed, another, called off, done", "done before it is booked"])
def test_a_visit_that_is_done_after_all_ends_the_order(suite, intake, history):  # noqa: F811
    """The book may have no room to restore it: the work is done all the same, and nobody looks for an hour any more."""
    order = Order(suite, intake)
    if history.startswith("missed"):
        order.book(order.first)
        order.wait((SCHEDULED, order.first, ""))
        order.tell("visits.v1.VisitMissed", order.course(order.first, "state: MISSED missed_by: TECHNICIAN"))
        eventually(lambda: order.row("state") == (OPENED,), "looks for an hour again")
    if "nobody" in history:
        order.tell("matching.v1.WorkOrderUnstaffed", f'work_order_id: "{order.id}" partner_id: "aurora"')
        eventually(lambda: suite.sql("SELECT 1 FROM intake.call_task WHERE work_order_id = %s AND closed_at IS NULL", order.id), "somebody is to call")
    if "another" in history:
        order.book(order.second)
        order.wait((SCHEDULED, order.second, ""))
        order.tell("matching.v1.VisitCancelled", f'visit {{ visit_id: "{order.second}" work_order_id: "{order.id}" partner_id: "aurora" }} reason: "technician_came"')
        eventually(lambda: order.row("state") == (OPENED,), "called off")
    line = order.ask_line(order.first, "dojazd")
    eventually(lambda: suite.sql("SELECT 1 FROM intake.cost_line WHERE line_id = %s", line), "priced")
    order.done(order.first, lines=1, solved="yes")
    eventually(lambda: order.row("state") == (DONE,), "done")
    if "before" in history:
        order.book(order.first)
        order.heard("matching", 1)
    order.charge(line)
    eventually(lambda: order.row("state, reserved_grosz") == (SETTLED, 0), "settled, and what was kept is free")
    assert not suite.sql("SELECT 1 FROM intake.call_task WHERE work_order_id = %s AND closed_at IS NULL", order.id)
