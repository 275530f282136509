# In the shadow: the hour we would have promised is written down, nothing of it is held or told, and it is compared with what was agreed.
from conftest import eventually, new_id, now_ms
from test_matching import HOUR, Town, matching, redis  # noqa: F401 (fixtures)

MINUTE = 60_000


def an_order(town, adoption, partner):
    order = new_id()
    town.suite.tell(
        "intake.v1.WorkOrderOpened", order, partner,
        f'order {{ work_order_id: "{order}" number: "M-9" partner_id: "{partner}" service_id: "s" skill: "{town.skill}" person_id: "p" '
        f'chooser: BY_CUSTOMER adoption: "{adoption}" urgency: NORMAL visit_length_ms: {HOUR} tolerance_ms: 900000 opened_at: {now_ms()} '
        f'earliest_at: {now_ms()} latest_by: {town.begins + 30 * HOUR} place {{ lat: 52.231 lon: 21.012 town: "Warszawa" }} }}',
    )  # fmt: skip
    eventually(lambda: town.heard(order), "heard")
    return order


def report(suite, matching, partner, actor=None):  # noqa: F811
    status, told = matching.ask("GET", f"/v1/partners/{partner}/shadow", actor or suite.actor("operator", "me"))
    assert status == 200 and told["partner_id"] == partner, told
    return told


def book(town, order, at):
    consultant = town.suite.actor("consultant", "ewa")
    technician = town.technicians[0]
    day = town.suite.sql("SELECT day FROM matching.technician_day WHERE technician_id = %s", technician)[0][0]
    status, booked = town.matching.ask("POST", f"/v1/work-orders/{order}/booking", consultant, {"slot_id": f"{technician}.{day}.{at}"})
    assert status == 201, booked


def test_the_hour_that_would_have_been_is_compared_with_the_one_that_is(suite, matching):  # noqa: F811
    town, partner = Town(suite, matching, "masonry", 1), f"nimbus-{new_id()}"
    first, second, third = [an_order(town, "shadow", partner) for _ in range(3)]
    told = report(suite, matching, partner)
    assert told["orders"] == 3 and "nobody" not in told and "agreed" not in told
    would = {hour["work_order_id"]: hour for hour in told["hours"]}
    assert {hour["would_technician_id"] for hour in would.values()} == set(town.technicians)
    starts = {hour["would_start_at"] for hour in would.values()}
    assert len(starts) == 1, "nothing is held: the next order would have had the same hour"
    start = starts.pop()
    assert start >= town.begins and would[first]["score_ms"] > 0

    # Nobody hears of it, and the hour is free.
    assert suite.sql("SELECT count(*) FROM matching.visit WHERE partner_id = %s", partner) == [(0,)]
    assert suite.heard("matching.v1", first) == []

    book(town, first, start + 15 * MINUTE)
    book(town, second, start + 3 * HOUR)
    told = report(suite, matching, partner)
    names = ("orders", "agreed", "compared", "same_day", "within_hour", "later", "sooner")
    assert [told.get(name, 0) for name in names] == [3, 2, 2, 2, 1, 1, 0]
    assert (told["same_day_permille"], told["within_hour_permille"], told["later_permille"]) == (1000, 500, 500)
    agreed = {hour["work_order_id"]: hour for hour in told["hours"]}
    assert agreed[second]["later_ms"] == 3 * HOUR and agreed[second]["agreed_by"] == "consultant"
    assert agreed[second]["agreed_technician_id"] == town.technicians[0] and "agreed_at" not in agreed[third]

    # What the hour is moved to says nothing of the shadow's, nor does another one after that visit was missed.
    day = suite.sql("SELECT day FROM matching.visit WHERE work_order_id = %s", second)[0][0]
    body = {"slot_id": f"{town.technicians[0]}.{day}.{start + 5 * HOUR}", "reason": "praca"}
    assert matching.ask("POST", f"/v1/work-orders/{second}/move", suite.actor("consultant", "ewa"), body)[0] == 200
    assert report(suite, matching, partner)["hours"] == told["hours"]
    visit = suite.sql("SELECT visit_id::text FROM matching.visit WHERE work_order_id = %s", second)[0][0]
    missed = f'course {{ visit_id: "{visit}" work_order_id: "{second}" partner_id: "{partner}" missed_by: TECHNICIAN }}'
    suite.tell("visits.v1.VisitMissed", second, partner, missed)
    eventually(lambda: suite.sql("SELECT 1 FROM matching.visit WHERE visit_id = %s AND state = 4", visit), "missed")
    book(town, second, start + 4 * HOUR)
    assert report(suite, matching, partner)["hours"] == told["hours"]


def test_an_order_that_nobody_could_take_is_counted(suite, matching):  # noqa: F811
    town, partner = Town(suite, matching, "chimneys", 1, day=3), f"stratus-{new_id()}"  # without the licence that chimneys need
    order = an_order(town, "shadow", partner)
    told = report(suite, matching, partner)
    assert (told["orders"], told["nobody"], told["nobody_permille"]) == (1, 1, 1000)
    assert told["hours"][0]["work_order_id"] == order and "would_start_at" not in told["hours"][0]
    assert suite.heard("matching.v1", order) == [], "nor is it told that nobody could come"


def test_other_steps_cast_no_shadow(suite, matching):  # noqa: F811
    town, partner = Town(suite, matching, "phones", 1), f"cirrus-{new_id()}"
    for adoption in ("mail", "live", ""):
        an_order(town, adoption, partner)
    assert "orders" not in report(suite, matching, partner)


def test_a_partner_sees_his_own_shadow_alone(suite, matching):  # noqa: F811
    town, partner = Town(suite, matching, "networks", 1), f"alto-{new_id()}"[:30]
    an_order(town, "shadow", partner)
    assert report(suite, matching, partner, suite.actor("partner", partner, partner))["orders"] == 1
    assert matching.ask("GET", f"/v1/partners/{partner}/shadow", suite.actor("partner", "other", "other"))[0] == 404
    assert matching.ask("GET", f"/v1/partners/{partner}/shadow", suite.actor("customer", "p", partner, scope=new_id()))[0] == 403
