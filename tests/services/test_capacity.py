# Every night: capacity is shifts less absences less visits, and nobody without a shift goes unlisted.
from conftest import eventually, new_id
from test_licences import Sweeps
from test_matching import HOUR, in_days, local_day, matching, redis  # noqa: F401: fixtures


def capacity(suite, matching):  # noqa: F811
    status, answer = matching.ask("GET", "/v1/book/capacity", suite.actor("operator", "olga"))
    assert status == 200, answer
    return answer


def checked(suite, technician):
    suite.sql("UPDATE matching.technician_told SET check_at = 0 WHERE technician_id = %s", technician)
    look = "SELECT days_amiss FROM matching.technician_told WHERE technician_id = %s AND check_at > 0"
    return eventually(lambda: suite.sql(look, technician), "checked")[0][0]


def amiss(suite, matching, technician):  # noqa: F811
    found = [day for day in capacity(suite, matching).get("amiss", []) if day["technician_id"] == technician]
    return [(day["day"], day["rule"], day.get("hours_ms", 0), day.get("visits_ms", 0)) for day in found]


def test_days_are_what_workforce_told_and_hold_what_they_can(suite, matching):  # noqa: F811
    town = Sweeps(suite, matching, 52.9)
    technician = town.enter()
    order, start_at = town.book(in_days(3, 8))
    second, third = local_day(in_days(2, 8)), local_day(in_days(3, 8))
    assert checked(suite, technician) == 0 and amiss(suite, matching, technician) == []
    suite.sql("UPDATE matching.visit SET length_ms = %s WHERE work_order_id = %s", 8 * HOUR + 1, order)
    assert checked(suite, technician) == 1
    assert amiss(suite, matching, technician) == [(third, "over_capacity", 8 * HOUR, 8 * HOUR + 1)]
    suite.sql("UPDATE matching.visit SET length_ms = %s WHERE work_order_id = %s", 8 * HOUR, order)
    assert checked(suite, technician) == 0, "full is not too much"
    shape = "UPDATE matching.technician_day SET shape = (SELECT shape FROM matching.technician_day WHERE technician_id = %s AND day = %s) WHERE technician_id = %s AND day = %s"
    [(kept,)] = suite.sql("SELECT shape FROM matching.technician_day WHERE technician_id = %s AND day = %s", technician, second)
    suite.sql(shape, technician, third, technician, second)
    assert checked(suite, technician) == 1
    assert amiss(suite, matching, technician) == [(second, "work_differs", 8 * HOUR, 0)]
    suite.sql("DELETE FROM matching.technician_day WHERE technician_id = %s AND day = %s", technician, second)
    assert checked(suite, technician) == 1, "a day that is gone"
    suite.sql("INSERT INTO matching.technician_day VALUES (%s, %s, 1, %s)", technician, second, bytes(kept))
    assert checked(suite, technician) == 0 and amiss(suite, matching, technician) == []
    metrics = matching.ask("GET", "/metrics", "")[1].decode()
    for name in ("majster_technicians_without_shift", "majster_technician_days_amiss", "majster_technicians_unchecked"):
        assert f"\n{name}{{" in metrics or f"\n{name} " in metrics


def test_a_check_comes_every_night(suite, matching):  # noqa: F811
    technician = Sweeps(suite, matching, 53.4).enter()
    checked(suite, technician)
    [(next_at,)] = suite.sql("SELECT check_at FROM matching.technician_told WHERE technician_id = %s", technician)
    assert next_at == in_days(1, 3)


def test_nobody_without_a_shift_goes_unlisted(suite, matching):  # noqa: F811
    def told(technician, active, *more):
        suite.tell(
            "workforce.v1.TechnicianChanged", technician, "",
            f'technician {{ technician_id: "{technician}" first_name: "Ola" skills: "painting" active: {active} home {{ lat: 51 lon: 20 }} {" ".join(more)} }}',
        )  # fmt: skip

    shift = f"shifts {{ day: {local_day(in_days(2, 8))} from: {in_days(2, 8)} until: {in_days(2, 16)} }}"
    leave = f"absences {{ from: {in_days(1, 0)} until: {in_days(5, 0)} }}"
    idle, away, gone, busy = (new_id() for _ in range(4))
    told(idle, "true")
    told(away, "true", shift, leave)
    told(gone, "false")
    told(busy, "true", shift)
    eventually(lambda: suite.sql("SELECT 1 FROM matching.technician_told WHERE technician_id = %s", busy), "heard")
    eventually(lambda: {idle, away} <= set(capacity(suite, matching).get("without_shift", [])), "both are listed")
    assert not {gone, busy} & set(capacity(suite, matching)["without_shift"])
    told(away, "true", shift)
    eventually(lambda: away not in capacity(suite, matching)["without_shift"], "back from leave")
    assert matching.ask("GET", "/v1/book/capacity", suite.actor("partner", "key", "aurora"))[0] == 403
