# Orders in a row: an order's hours begin when the work before it has ended and a gap has passed, whoever books what when.
import psycopg2
from conftest import eventually, new_id
from test_matching import HOUR, Town, book_faults, local_day, matching, redis  # noqa: F401: fixtures


class Row(Town):
    """Orders of which each comes after the one before."""

    def follower(self, before, chooser="BY_PARTNER", gap=HOUR, **more):
        return self.order(chooser, more=f'after_work_order_id: "{before}" after_gap_ms: {gap}', **more)

    def heard_of(self, *orders):
        for order in orders:
            eventually(lambda order=order: self.heard(order), "heard")
        return orders

    def slot(self, hour, technician=0):
        at = self.begins + int(hour * HOUR)
        return f"{self.technicians[technician]}.{local_day(at)}.{at}"

    def hour(self, order):
        """The promised one, counted from the first of the day."""
        rows = self.suite.sql("SELECT start_at FROM matching.visit WHERE work_order_id = %s AND state = 2", order)
        return (rows[0][0] - self.begins) / HOUR if rows else None

    def hours(self, order):
        return sorted({(slot["start_at"] - self.begins) / HOUR for slot in self.slots(order)})

    def post(self, order, verb, hour, technician=0):
        status, answer = self.ask("POST", f"/v1/work-orders/{order}/{verb}", {"slot_id": self.slot(hour, technician)})
        return (status, answer["type"].rpartition("/")[2], answer.get("errors", [{"rule": ""}])[0]["rule"]) if status >= 400 else status

    def facts(self, order):
        return [kind for kind, _, _ in self.suite.heard("matching.v1", order)]

    def visit(self, order):
        return self.suite.sql("SELECT visit_id::text FROM matching.visit WHERE work_order_id = %s AND state = 2", order)[0][0]

    def miss(self, order):
        self.suite.tell("visits.v1.VisitMissed", order, "town", f'course {{ visit_id: "{self.visit(order)}" work_order_id: "{order}"'
                        ' partner_id: "town" state: MISSED missed_by: TECHNICIAN }')  # fmt: skip

    def cancel(self, order):
        self.suite.tell("intake.v1.WorkOrderCancelled", order, "town",
                        f'order {{ work_order_id: "{order}" partner_id: "town" state: CANCELLED }} reason: "other"', sequence=2)  # fmt: skip


def test_hours_begin_when_the_work_before_has_ended(suite, matching):
    town = Row(suite, matching, "sanitary", 2)
    first = town.order()
    (second,) = town.heard_of(town.follower(first))
    town.heard_of(first)
    status, offer = town.ask("POST", "/v1/slot-searches", {"work_order_id": second})
    assert status == 200 and "slots" not in offer and [each["rule"] for each in offer["refused"]] == ["waits_for_other"], offer
    for verb in "booking", "hold":
        assert town.post(second, verb, 5) == (409, "state", "waits_for_other")
    assert town.post(first, "booking", 2) == 201
    assert min(town.hours(second)) == 4, "at 2, an hour of work, an hour between"
    assert town.post(second, "booking", 3.75, 1) == (409, "hour-taken", "predecessor")
    assert town.post(second, "booking", 4, 1) == 201

    assert max(town.hours(first)) == 2, "it would end too late"
    assert town.post(first, "move", 2.25) == (409, "state", "successor")
    assert town.post(first, "move", 1) == 200 and min(town.hours(second)) == 3
    assert town.post(second, "move", 6, 1) == 200 and town.post(first, "move", 4) == 200
    assert town.post(second, "move", 5.75, 1) == (409, "hour-taken", "predecessor")
    eventually(lambda: book_faults(suite, matching) == {}, "memory has followed")

    town.cancel(first)
    eventually(lambda: town.hour(first) is None, "called off")
    assert town.hour(second) == 6, "its hour stays"
    assert min(town.hours(second)) < 2 and town.post(second, "move", 1, 1) == 200, "and waits for nobody"


def test_the_engine_books_in_a_row_in_whatever_order_it_hears(suite, matching):
    town = Row(suite, matching, "leak_detection", 1)
    first, second, third = new_id(), new_id(), new_id()
    town.heard_of(town.follower(second, "BY_ENGINE", gap=0, order=third), town.follower(first, "BY_ENGINE", gap=HOUR, order=second))
    assert town.visits() == []
    town.order("BY_ENGINE", order=first)
    hours = eventually(lambda: None not in (found := [town.hour(each) for each in (first, second, third)]) and found, "all three, soon", 10)
    assert hours[0] + 2 <= hours[1] and hours[1] + 1 <= hours[2], hours
    for order in (first, second, third):
        assert town.facts(order) == ["VisitBooked"], "nobody was told that nobody can come"


def test_the_engine_waits_for_an_hour_that_somebody_chooses_or_for_none(suite, matching):
    town = Row(suite, matching, "ventilation", 1)
    chosen, gone = town.heard_of(town.order(), town.order())
    waiting = town.heard_of(*(town.follower(before, "BY_ENGINE", gap=2 * HOUR) for before in (chosen, gone)))
    unstaffed = matching.metric("majster_orders_unstaffed")
    assert town.post(chosen, "booking", 1) == 201
    town.cancel(gone)
    hours = eventually(lambda: None not in (found := [town.hour(each) for each in waiting]) and found, "both", 10)
    assert hours[0] >= 4 and hours[1] < 4, hours
    assert [town.facts(each) for each in waiting] == [["VisitBooked"]] * 2
    assert matching.metric("majster_orders_unstaffed") == unstaffed


def test_who_waited_and_finds_nobody_is_told(suite, matching):
    town = Row(suite, matching, "furniture", 1)
    (first,) = town.heard_of(town.order())
    (second,) = town.heard_of(town.follower(first, "BY_ENGINE", gap=8 * HOUR))
    assert town.post(first, "booking", 6.5) == 201
    eventually(lambda: town.facts(second) == ["WorkOrderUnstaffed"], "nobody works that late")


def test_a_missed_visit_is_made_up_for_before_what_comes_after_it(suite, matching):
    town = Row(suite, matching, "gutters", 2)
    (first,) = town.heard_of(town.order())
    (second,) = town.heard_of(town.follower(first))
    assert town.post(first, "booking", 2) == town.post(second, "booking", 5) == 201
    town.miss(first)
    eventually(lambda: town.facts(first) == ["VisitBooked", "VisitRebooked"], "made up for")
    assert town.hour(first) <= 3 and town.hour(second) == 5 and town.facts(second) == ["VisitBooked"]


def test_without_an_hour_before_it_the_work_after_moves_by_name(suite, matching):
    """The technician comes an hour later: no hour is left for the first, and the others go after it, one after the other."""
    town = Row(suite, matching, "appliances", 1)
    (first,) = town.heard_of(town.order())
    (second,) = town.heard_of(town.follower(first, gap=0))
    (third,) = town.heard_of(town.follower(second, gap=0))
    for hour, order in enumerate((first, second, third)):
        assert town.post(order, "booking", 0.25 + hour * 1.25) == 201
    town.tell_technician(town.technicians[0], "Anna", from_hour=1)
    eventually(lambda: all("VisitRebooked" in town.facts(each) for each in (first, second, third)), "all three have other hours")
    hours = eventually(lambda: None not in (found := [town.hour(each) for each in (first, second, third)]) and found, "and have them")
    assert hours[0] + 1 <= hours[1] and hours[1] + 1 <= hours[2], hours
    overrides = ["technician_absent", "predecessor_moved", "predecessor_moved"]
    for order, override in zip((first, second, third), overrides):
        assert f'override: "{override}"' in suite.heard("matching.v1", order)[-1][2]
    eventually(lambda: book_faults(suite, matching) == {}, "nothing is broken")


def test_whose_work_before_has_lost_its_hour_waits_again(suite, matching):
    town = Row(suite, matching, "washing_machines", 1)
    (first,) = town.heard_of(town.order())
    (second,) = town.heard_of(town.follower(first))
    assert town.post(first, "booking", 1) == town.post(second, "booking", 4) == 201
    town.miss(first)
    eventually(lambda: "WorkOrderUnstaffed" in town.facts(first), "its only technician did not come: nobody else can")
    assert town.hour(second) == 4, "a promise stays"
    assert town.post(second, "move", 6) == (409, "state", "waits_for_other")


def test_what_follows_waits_for_work_that_is_put_off(suite, matching):
    """Drying takes a month: the painting of this afternoon is off, and waits for the hour of the rest."""
    town = Row(suite, matching, "masonry", 2)
    first = town.order()
    first, second = town.heard_of(first, town.follower(first))
    assert town.post(first, "booking", 1) == 201 and town.post(second, "booking", 5, 1) == 201
    suite.tell("visits.v1.VisitDone", first, "town", f'course {{ visit_id: "{town.visit(first)}" work_order_id: "{first}" partner_id: "town" state: DONE '
               f'solved: "partly" further {{ reason: "drying" earliest_at: {town.begins + 30 * 24 * HOUR} }} }}')  # fmt: skip
    eventually(lambda: town.hour(second) is None, "it does not stand any more")
    eventually(lambda: town.facts(second)[-2:] == ["VisitCancelled", "WorkOrderUnstaffed"], "and that is told")
    assert 'reason: "predecessor_moved"' in suite.heard("matching.v1", second)[-2][2]


def test_one_s_booking_takes_the_other_s_lock(suite, matching):
    """Or two who book at once would each see the other's old hour."""
    town = Row(suite, matching, "dishwashers", 2)
    (first,) = town.heard_of(town.order())
    (second,) = town.heard_of(town.follower(first))
    assert town.post(first, "booking", 1) == 201
    with psycopg2.connect(host=suite.env["PGHOST"], port=suite.env["PGPORT"], dbname="majster", user="postgres") as somebody:
        with somebody.cursor() as cursor:
            cursor.execute("SELECT 1 FROM matching.subject WHERE id = %s FOR UPDATE", [first])
            assert town.post(second, "booking", 4, 1)[:2] == (503, "busy")
            assert town.post(town.heard_of(town.order())[0], "booking", 6, 1) == 201, "nobody else waits"
    assert town.post(second, "booking", 4, 1) == 201


def test_the_checker_sees_a_broken_row(suite, matching):
    town = Row(suite, matching, "cookers", 1)
    (first,) = town.heard_of(town.order())
    (second,) = town.heard_of(town.follower(first))
    assert town.post(first, "booking", 1) == town.post(second, "booking", 4) == 201
    eventually(lambda: book_faults(suite, matching) == {}, "memory has followed")
    change = "UPDATE matching.order_copy SET after_gap_ms = %s WHERE work_order_id = %s RETURNING 1"
    suite.sql(change, 2 * HOUR + 1, second)
    assert book_faults(suite, matching) == {"chains_broken": 1}
    suite.sql(change, 2 * HOUR, second)
    assert book_faults(suite, matching) == {}


def test_a_plan_swaps_people_and_leaves_rows_alone(suite, matching):
    town = Row(suite, matching, "small_appliances", 2)
    (first,) = town.heard_of(town.order())
    (second,) = town.heard_of(town.follower(first))
    assert town.post(first, "booking", 1) == town.post(second, "booking", 4) == 201
    mine, other = town.technicians
    versions = dict(suite.sql("SELECT technician_id::text, version FROM matching.technician_day WHERE technician_id::text = ANY (%s)", town.technicians))
    day = local_day(town.begins)
    based = " ".join(f'computed_from {{ technician_id: "{who}" day: {day} version: {version} }}' for who, version in versions.items())
    swap = f'swaps {{ visit_id: "{town.visit(first)}" work_order_id: "{first}" from_technician_id: "{mine}" to_technician_id: "{other}" }}'
    suite.tell("routing.v1.PlanProposed", (plan := new_id()), "", f'plan_id: "{plan}" day: {day} {based} {swap}')
    eventually(lambda: town.facts(first) == ["VisitBooked", "VisitReassigned"], "somebody else comes")
    assert (town.hour(first), town.hour(second)) == (1, 4) and town.facts(second) == ["VisitBooked"]
    eventually(lambda: book_faults(suite, matching) == {}, "nothing is broken")


def test_work_that_may_begin_late_is_made_up_for_from_then_on(suite, matching):
    """A week ahead: five days to make up for it are counted from when the work before has ended."""
    town = Row(suite, matching, "disinfection", 1, day=7)
    (first,) = town.heard_of(town.order())
    (second,) = town.heard_of(town.follower(first, gap=0))
    assert town.post(first, "booking", 0.25) == town.post(second, "booking", 1.5) == 201
    town.tell_technician(town.technicians[0], "Anna", from_hour=1)
    eventually(lambda: "WorkOrderUnstaffed" in town.facts(first), "nobody works in the next five days")
    suite.sql("UPDATE matching.order_copy SET try_again_at = 1 WHERE work_order_id = %s", first)
    eventually(lambda: "VisitRebooked" in town.facts(second), "the engine found an hour for the first, later than the second's")
    assert town.hour(second) >= town.hour(first) + 1
    assert 'override: "predecessor_moved"' in suite.heard("matching.v1", second)[-1][2]
