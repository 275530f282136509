# How long visits take: timed, computed every night, and what new orders are booked with from then on.
import math
import random
from datetime import datetime, timedelta

from conftest import eventually, new_id, now_ms
from test_matching import HOUR, WARSAW, Town, matching, redis  # noqa: F401 (fixtures)

MINUTE = 60_000
DAY = 24 * HOUR


def an_order(town, service, length=HOUR, kind="WorkOrderOpened", order=None, chooser="BY_ENGINE"):
    order = order or new_id()
    town.suite.tell(
        f"intake.v1.{kind}", order, "town",
        f'order {{ work_order_id: "{order}" number: "M-9" partner_id: "town" service_id: "{service}" skill: "{town.skill}" person_id: "p" '
        f"chooser: {chooser} urgency: NORMAL visit_length_ms: {length} tolerance_ms: 900000 opened_at: {now_ms()} earliest_at: {now_ms()} "
        f'latest_by: {town.begins + 12 * HOUR} place {{ lat: 52.231 lon: 21.012 town: "Warszawa" }} }}',
    )  # fmt: skip
    return order


def visit_of(suite, order):
    rows = suite.sql("SELECT visit_id::text, length_ms FROM matching.visit WHERE work_order_id = %s AND state = 2", order)
    return rows[0] if rows else None


def tell_done(suite, order, visit, there_at, done_at):
    suite.tell(
        "visits.v1.VisitDone", order, "town",
        f'course {{ visit_id: "{visit}" work_order_id: "{order}" partner_id: "town" there_at: {there_at} done_at: {done_at} }}',
    )  # fmt: skip


def seed_visits(suite, service, lengths, promised):
    """Finished visits of the last weeks, as save_visit_time keeps them."""
    ats = [now_ms() - 60 * DAY + number * HOUR for number in range(len(lengths))]
    suite.sql(
        "INSERT INTO matching.visit_time SELECT gen_random_uuid(), %s, l, %s, %s, a, true FROM unnest(%s::bigint[], %s::bigint[]) AS s (l, a)",
        service, promised, HOUR, lengths, ats,
    )  # fmt: skip


def run_night(suite, service):
    """As if 02:00 had come."""
    before = suite.sql("UPDATE matching.visit_length SET due_at = 1 WHERE service_id = %s RETURNING computed_at", service)[0][0]
    computed = lambda: suite.sql("SELECT due_at FROM matching.visit_length WHERE service_id = %s AND computed_at > %s", service, before)  # noqa: E731
    return eventually(computed, "the night has run")[0][0]


def length_of(suite, matching, service):  # noqa: F811
    status, answer = matching.ask("GET", "/v1/visit-lengths", suite.actor("operator", "me"))
    assert status == 200, answer
    return next(each for each in answer["services"] if each["service_id"] == service)


def skewed(chance, count):
    """Half an hour at least, and a long tail; below twelve hours."""
    return [min(int(30 * MINUTE + chance.expovariate(1 / (45 * MINUTE))), 12 * HOUR) for _ in range(count)]


def test_a_service_is_booked_for_what_four_of_five_of_its_visits_took(suite, matching):  # noqa: F811
    town, service, chance = Town(suite, matching, "floors", 2), f"floors.{new_id()}", random.Random(20261122)
    first, second = an_order(town, service), an_order(town, service)
    visit, length = eventually(lambda: visit_of(suite, first), "booked")
    other, _ = eventually(lambda: visit_of(suite, second), "booked")
    assert length == HOUR, "nothing is known: the contract's own stands"

    # The first was heard of by the version before this one, which ran beside it (docs/decisions/0012).
    suite.sql("UPDATE matching.order_copy SET contract_length_ms = NULL WHERE work_order_id = %s", first)

    # One visit of an hour and a half; one whose end was pressed at once, which is kept and not counted.
    tell_done(suite, first, visit, now_ms() - 90 * MINUTE, now_ms())
    tell_done(suite, second, other, now_ms() - MINUTE, now_ms())
    times = "SELECT promised_ms, contract_ms, counts FROM matching.visit_time WHERE service_id = %s ORDER BY length_ms"
    timed = lambda: suite.sql(times, service)  # noqa: E731
    assert eventually(lambda: len(timed()) == 2 and timed(), "timed") == [(HOUR, HOUR, False), (HOUR, HOUR, True)]
    suite.sql("UPDATE matching.order_copy SET contract_length_ms = %s WHERE work_order_id = %s", HOUR, first)
    assert length_of(suite, matching, service).get("length_ms", 0) == 0
    assert run_night(suite, service) and length_of(suite, matching, service)["visits"] == 1
    assert length_of(suite, matching, service).get("length_ms", 0) == 0, "one visit says too little"
    assert eventually(lambda: matching.metric("majster_visit_times_left_out") >= 1, "counted")

    history = skewed(chance, 499)
    seed_visits(suite, service, history, HOUR)
    due_at = run_night(suite, service)
    tonight = datetime.fromtimestamp(due_at / 1000, WARSAW)
    assert (tonight.hour, tonight.minute) == (2, 0) and now_ms() < due_at <= now_ms() + 25 * HOUR, "and once a night"
    ranked = sorted(history + [90 * MINUTE])
    p80 = math.ceil(ranked[math.ceil(0.8 * len(ranked)) - 1] / (5 * MINUTE)) * 5 * MINUTE
    told = length_of(suite, matching, service)
    assert (told["length_ms"], told["visits"], told["contract_least_ms"], told["rule_version"]) == (p80, 500, HOUR, 1)
    assert told["overruns"] == sum(each > HOUR for each in ranked) and told["overrun_permille"] > 400, "the contract's hour was too short"

    third = an_order(town, service)
    assert eventually(lambda: visit_of(suite, third), "booked")[1] == p80
    for order in (first, third):
        an_order(town, service, kind="AddressLocated", order=order)
    eventually(lambda: suite.sql("SELECT 1 FROM matching.heard WHERE source = 'intake' AND subject = %s AND sequence = 2", third), "heard")
    kept = suite.sql("SELECT visit_length_ms, contract_length_ms, own_length_ms FROM matching.order_copy WHERE work_order_id = ANY(%s::uuid[])", [first, third])
    assert sorted(kept, key=lambda row: row[0]) == [(HOUR, HOUR, None), (p80, HOUR, p80)]

    # The visits booked since. Their share of overruns deviates by sqrt(0.16 / 500 + 0.16 / 1000) around a fifth
    # (domain/visit_length_test.c); four of these, and the computation survives an end of the process.
    suite.sql("UPDATE matching.visit_time SET at = at - %s WHERE service_id = %s RETURNING 1", 100 * DAY, service)
    seed_visits(suite, service, skewed(chance, 1000), p80)
    matching.stop()
    suite.sql("UPDATE matching.visit_length SET due_at = 1, computed_at = 0 WHERE service_id = %s RETURNING 1", service)
    matching.start()
    eventually(lambda: length_of(suite, matching, service).get("computed_at"), "computed by the next process")
    told = length_of(suite, matching, service)
    assert told["recent_visits"] == 1000 and told["visits"] == 1500
    assert told["overrun_permille"] <= 200 + 4 * 1000 * math.sqrt(0.16 / 500 + 0.16 / 1000), told


def test_a_year_is_remembered(suite, matching):  # noqa: F811
    service = f"old.{new_id()}"
    for days, length in [(366, 3 * HOUR), (364, HOUR)]:
        suite.sql(
            "INSERT INTO matching.visit_time SELECT gen_random_uuid(), %s, %s, %s, %s, %s, true FROM generate_series(1, 20)",
            service, length, HOUR, HOUR, now_ms() - days * DAY,
        )  # fmt: skip
    suite.sql("INSERT INTO matching.visit_length (service_id, due_at) VALUES (%s, 1)", service)
    eventually(lambda: length_of(suite, matching, service).get("computed_at"), "the night has run")
    told = length_of(suite, matching, service)
    assert (told["length_ms"], told["visits"]) == (HOUR, 20)
    assert suite.sql("SELECT count(*) FROM matching.visit_time WHERE service_id = %s", service) == [(20,)]


def test_an_order_without_a_length_is_put_aside(suite, matching):  # noqa: F811
    town = Town(suite, matching, "tiling", 1, begins=int((datetime.now(WARSAW) + timedelta(days=2)).timestamp()) // 3600 * HOUR)
    order = an_order(town, "tiling", length=0)
    reason = eventually(lambda: suite.sql("SELECT kind, reason FROM matching.parked WHERE subject = %s", order), "parked")[0]
    assert reason[0] == "rejected" and "order_has_visit_length" in reason[1], reason
    assert matching.is_ready(), "and nothing has crashed"
    assert not town.heard(order)
    suite.sql("DELETE FROM matching.parked WHERE subject = %s", order)


def test_partners_do_not_see_how_long_visits_take(suite, matching):  # noqa: F811
    assert matching.ask("GET", "/v1/visit-lengths", suite.actor("partner", "town", "town"))[0] == 403
