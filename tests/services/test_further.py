# Work that a done visit has left: the engine books the next visit of the same order, by its wishes, once, also after a restart.
import pytest
from conftest import eventually, new_id, now_ms
from test_matching import HOUR, Town, in_days, local_day, matching, redis  # noqa: F401 (fixtures)

MINUTE = 60_000
DAY = 24 * HOUR


@pytest.fixture(scope="module")
def town(suite, matching):  # noqa: F811
    """Where somebody can always come."""
    return Town(suite, matching, "gutters", 6)


def booked_visit(town, chooser="BY_ENGINE", length=HOUR):
    """An order and its first visit."""
    order = town.order(chooser, length)
    if chooser != "BY_ENGINE":
        eventually(lambda: town.heard(order), "heard")
        assert town.ask("POST", f"/v1/work-orders/{order}/booking", {"slot_id": town.slots(order)[0]["slot_id"]})[0] == 201
    return order, eventually(lambda: standing(town, order), "the first visit")


def standing(town, order):
    rows = town.suite.sql(
        "SELECT visit_id::text, technician_id::text, start_at, length_ms, continues FROM matching.visit WHERE work_order_id = %s AND state = 2", order
    )
    return rows[0] if rows else None


def tell_done(town, order, visit, further='further { reason: "part" }', solved="partly", **headers):
    at = now_ms()
    town.suite.tell(
        "visits.v1.VisitDone", order, "town",
        f'course {{ visit_id: "{visit[0]}" work_order_id: "{order}" partner_id: "town" technician_id: "{visit[1]}" state: DONE '
        f'there_at: {at - HOUR} done_at: {at} solved: "{solved}" {further} }}', **headers,
    )  # fmt: skip


def next_visit(town, order, before):
    return eventually(lambda: (found := standing(town, order)) and found[0] != before[0] and found, "the next visit")


def told(suite, order):
    return [(kind, text) for kind, _, text in suite.heard("matching.v1", order)]


def order_row(suite, order, columns):
    return suite.sql(f"SELECT {columns} FROM matching.order_copy WHERE work_order_id = %s", order)[0]


def settle(town, suite):
    """Until what was told before has been heard: an order of its own comes after it."""
    marker = town.order()
    eventually(lambda: town.heard(marker), "what was told before is heard")


@pytest.mark.parametrize("chooser", ["BY_ENGINE", "BY_CUSTOMER", "BY_PARTNER"])
def test_unfinished_work_has_its_next_hour_at_once_whoever_chose_the_first(suite, town, chooser):
    order, first = booked_visit(town, "BY_PARTNER" if chooser == "BY_CUSTOMER" else chooser)
    if chooser == "BY_CUSTOMER":
        suite.sql("UPDATE matching.order_copy SET chooser = 3 WHERE work_order_id = %s", order)
    tell_done(town, order, first)
    second = next_visit(town, order, first)
    assert second[4] == first[0] and second[3] == first[3], "the same again"
    assert second[1] == first[1], "and by whom the customer knows"
    assert suite.sql("SELECT state FROM matching.visit WHERE visit_id = %s", first[0]) == [(5,)], "what is done stays in its day"
    assert suite.sql("SELECT length_ms FROM matching.visit_time WHERE visit_id = %s", first[0]) == [(HOUR,)], "and is learned from"
    last = eventually(lambda: (found := told(suite, order)) and len(found) == 3 and found, "told")
    assert [kind for kind, _ in last] == ["VisitBooked", "VisitFinished", "VisitBooked"]
    assert f'continues: "{first[0]}"' in last[2][1] and 'kind: "engine"' in last[2][1] and "first_contact" not in last[2][1]
    assert "continues" not in last[0][1]
    kinds = suite.sql("SELECT kind FROM matching.decision WHERE work_order_id = %s ORDER BY at, decision_id", order)
    assert kinds[-1] == ("further",)


def test_it_is_as_long_and_as_late_as_was_said(suite, matching):  # noqa: F811
    town = Town(suite, matching, "disinfection", 1, day=1)
    order, first = booked_visit(town)
    earliest = town.begins + 2 * HOUR
    tell_done(town, order, first, f'further {{ reason: "drying" length_ms: {2 * HOUR} earliest_at: {earliest} }}')
    second = next_visit(town, order, first)
    assert second[3] == 2 * HOUR and second[2] >= earliest
    # Whoever looks for another hour finds none before, and moves it with its own length.
    slots = town.slots(order)
    assert slots and min(slot["start_at"] for slot in slots) >= earliest
    latest = max(slots, key=lambda slot: slot["start_at"])
    status, moved = town.ask("POST", f"/v1/work-orders/{order}/move", {"slot_id": latest["slot_id"]})
    assert status == 200, moved
    assert standing(town, order)[2:] == (latest["start_at"], 2 * HOUR, first[0])
    assert f'continues: "{first[0]}"' in told(suite, order)[-1][1], "every fact carries the whole visit"


def test_the_promise_to_the_partner_was_about_the_first_visit(suite, town):
    order, first = booked_visit(town)
    suite.sql("UPDATE matching.order_copy SET latest_by = %s WHERE work_order_id = %s", now_ms() - DAY, order)
    tell_done(town, order, first)
    assert next_visit(town, order, first)[2] > now_ms()


def test_solved_or_given_up_the_order_ends(suite, town):
    for further, solved in (("", "yes"), ("", "partly"), ('further { reason: "irreparable" none: true }', "no")):
        order, visit = booked_visit(town)
        tell_done(town, order, visit, further, solved)
        eventually(lambda order=order: not order_row(suite, order, "is_open")[0], "it has ended")
        assert standing(town, order) is None
        assert [kind for kind, _ in told(suite, order)] == ["VisitBooked", "VisitFinished"]


def test_heard_twice_it_is_booked_once(suite, town):
    order, first = booked_visit(town)
    event = new_id()
    tell_done(town, order, first, event_id=event, sequence=1)
    second = next_visit(town, order, first)
    tell_done(town, order, first, event_id=event, sequence=1)
    tell_done(town, order, first, sequence=2)
    settle(town, suite)
    assert standing(town, order) == second
    tell_done(town, order, second, f'further {{ reason: "drying" earliest_at: {now_ms() + 30 * DAY} }}', sequence=3)
    eventually(lambda: order_row(suite, order, "further_put_off")[0], "the second visit has left work for later")
    tell_done(town, order, first, sequence=4)
    settle(town, suite)
    assert order_row(suite, order, "further_of, further_put_off") == (second[0], True), "old news"
    assert [kind for kind, _ in told(suite, order)] == ["VisitBooked", "VisitFinished", "VisitBooked", "VisitFinished"]


def test_a_third_visit_goes_on_with_the_second(suite, town):
    order, first = booked_visit(town)
    tell_done(town, order, first, f'further {{ reason: "time" length_ms: {30 * MINUTE} }}')
    second = next_visit(town, order, first)
    tell_done(town, order, second, 'further { reason: "time" }')
    third = next_visit(town, order, second)
    assert (second[3:], third[3:]) == ((30 * MINUTE, first[0]), (30 * MINUTE, second[0]))


def test_nobody_is_told_once_and_tried_again_by_the_same_wishes_after_a_restart(suite, matching):  # noqa: F811
    town = Town(suite, matching, "cookers", 1, day=1)
    order, first = booked_visit(town)
    earliest = in_days(3, 8)
    tell_done(town, order, first, f'further {{ reason: "part" length_ms: {2 * HOUR} earliest_at: {earliest} }}')
    last = eventually(lambda: (found := told(suite, order)) and found[-1][0] == "WorkOrderUnstaffed" and found[-1][1], "nobody can come")
    assert f'work_order_id: "{order}"' in last and standing(town, order) is None
    assert order_row(suite, order, "is_open, try_again_at > 0") == (True, True)
    matching.kill()
    matching.start()
    day = local_day(earliest)
    suite.tell(
        "workforce.v1.TechnicianChanged", town.technicians[0], "",
        f'technician {{ technician_id: "{town.technicians[0]}" first_name: "Anna0" skills: "{town.skill}" active: true '
        f'home {{ lat: 52.23 lon: 21.01 town: "Warszawa" }} '
        f"shifts {{ day: {day - 2} from: {town.begins} until: {town.begins + 8 * HOUR} }} "
        f"shifts {{ day: {day - 1} from: {earliest - DAY} until: {earliest - DAY + 8 * HOUR} }} "
        f"shifts {{ day: {day} from: {earliest} until: {earliest + 8 * HOUR} }} }}",
    )  # fmt: skip
    eventually(lambda: suite.sql("SELECT 1 FROM matching.technician_day WHERE technician_id = %s AND day = %s", town.technicians[0], day), "days")
    look = lambda: suite.sql("UPDATE matching.order_copy SET try_again_at = 1 WHERE work_order_id = %s AND is_open", order) or standing(town, order)  # noqa: E731
    second = eventually(look, "the next visit, once memory has the new days")
    assert second[2] >= earliest and second[3:] == (2 * HOUR, first[0]), "not the free day before"
    assert [kind for kind, _ in told(suite, order)].count("WorkOrderUnstaffed") == 1


def test_what_is_too_far_off_is_waited_for_in_silence(suite, matching):  # noqa: F811
    town = Town(suite, matching, "handyman", 1)
    order, first = booked_visit(town)
    earliest = now_ms() + 30 * DAY
    tell_done(town, order, first, f'further {{ reason: "drying" earliest_at: {earliest} }}')
    eventually(lambda: order_row(suite, order, "further_put_off")[0], "put off")
    assert order_row(suite, order, "is_open, try_again_at") == (True, earliest - 13 * DAY), "when there is a day of hours to look at"
    assert [kind for kind, _ in told(suite, order)] == ["VisitBooked", "VisitFinished"]
    suite.sql("UPDATE matching.order_copy SET try_again_at = 1 WHERE work_order_id = %s", order)
    eventually(lambda: told(suite, order)[-1][0] == "WorkOrderUnstaffed", "then it is told that nobody can")
    assert not order_row(suite, order, "further_put_off")[0]


def test_a_cancelled_order_books_nothing(suite, town):
    order, first = booked_visit(town)
    suite.tell("intake.v1.WorkOrderCancelled", order, "town", f'order {{ work_order_id: "{order}" partner_id: "town" }} reason: "other"')
    eventually(lambda: standing(town, order) is None, "called off")
    tell_done(town, order, first)
    eventually(lambda: suite.sql("SELECT 1 FROM matching.visit_time WHERE visit_id = %s", first[0]), "the visit is heard of")
    assert [kind for kind, _ in told(suite, order)] == ["VisitBooked", "VisitCancelled"]


def test_other_work_is_not_for_who_was_there(suite, town):
    order, first = booked_visit(town)
    tell_done(town, order, first, 'further { reason: "other_trade" }')
    next_visit(town, order, first)
    assert order_row(suite, order, "further_technician_id") == ("",)


def test_who_needs_a_second_person_comes_with_one(suite, town):
    order, first = booked_visit(town)
    tell_done(town, order, first, 'further { reason: "second_person" }')
    second = next_visit(town, order, first)
    last = told(suite, order)[-1][1]
    assert "technicians: 2" in last and last.count("mates {") == 1 and f'continues: "{first[0]}"' in last
    assert second[1] == first[1] or first[1] in last, "who was there comes again, as leader or beside"


def test_as_many_come_again_as_came(suite, town):
    order, first = booked_visit(town)
    tell_done(town, order, first, 'further { reason: "second_person" }')
    second = next_visit(town, order, first)
    tell_done(town, order, second, 'further { reason: "time" }')
    next_visit(town, order, second)
    assert "technicians: 2" in told(suite, order)[-1][1]


def test_a_missed_next_visit_is_booked_again_as_long_as_it_was(suite, town):
    order, first = booked_visit(town)
    tell_done(town, order, first, f'further {{ reason: "time" length_ms: {2 * HOUR} }}')
    second = next_visit(town, order, first)
    suite.tell(
        "visits.v1.VisitMissed", order, "town",
        f'course {{ visit_id: "{second[0]}" work_order_id: "{order}" partner_id: "town" state: MISSED missed_by: CUSTOMER }}',
    )  # fmt: skip
    third = next_visit(town, order, second)
    assert third[3:] == (2 * HOUR, first[0])
    assert told(suite, order)[-1][0] == "VisitRebooked"
