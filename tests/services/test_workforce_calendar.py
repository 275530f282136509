# When technicians work, in full: rules, hours on call, breaks, what they carry.
from datetime import date, datetime, timedelta

import pytest
from conftest import eventually, new_id
from test_workforce import ANNA, HOUR, WARSAW, anna, consultant, local, operator, workforce  # noqa: F401: fixtures

TODAY = datetime.now(WARSAW).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())
EVERY_OTHER_WEEK = {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU", "starts_on": str(MONDAY), "from": "08:00", "until": "16:00"}


def number_of(day):
    return (day - date(1970, 1, 1)).days


def with_shifts(*shifts):
    return ANNA | {"shifts": list(shifts)}


def enter(workforce, operator, technician):
    status, answer = workforce.ask("POST", "/v1/technicians", operator, technician)
    assert status == 201, answer
    return answer


def test_a_rule_of_every_other_week_is_told_as_days(suite, workforce, operator):
    excepted = MONDAY + timedelta(days=14)
    technician = enter(workforce, operator, with_shifts(EVERY_OTHER_WEEK | {"except_on": [str(excepted)]}))
    window = range(number_of(TODAY) - 1, number_of(TODAY) + 17)
    wanted = [number_of(MONDAY + timedelta(days=offset)) for offset in (0, 1, 14, 15, 28, 29)]
    wanted = [day for day in wanted if day in window and day != number_of(excepted)]
    assert [shift["day"] for shift in technician.get("shifts", [])] == wanted
    shown = workforce.ask("GET", f"/v1/technicians/{technician['technician_id']}/shifts", operator)[1]["shifts"]
    assert shown == [EVERY_OTHER_WEEK | {"except_on": [str(excepted)], "holidays": "works"}]


def test_on_call_breaks_overtime_and_equipment_are_told(suite, workforce, operator):
    technician = enter(
        workforce,
        operator,
        with_shifts(
            {"weekdays": "1-7", "from": "08:00", "until": "16:00", "breaks": ["14:00-14:15", "12:00-12:30"], "overtime_ms": HOUR},
            {"weekdays": "1-7", "from": "00:00", "until": "23:45", "on_call": True},
        )
        | {"equipment": ["press_tool", "ladder"]},
    )
    of_today = [shift for shift in technician["shifts"] if shift["day"] == number_of(TODAY)]
    [work] = [shift for shift in of_today if not shift.get("on_call")]
    [on_call] = [shift for shift in of_today if shift.get("on_call")]
    assert work["breaks"] == [
        {"from": local(TODAY, 12), "until": local(TODAY, 12) + HOUR // 2},
        {"from": local(TODAY, 14), "until": local(TODAY, 14) + HOUR // 4},
    ]
    assert (work["overtime_ms"], on_call["from"]) == (HOUR, local(TODAY, 0))
    assert "breaks" not in on_call and "overtime_ms" not in on_call
    assert technician["equipment"] == ["press_tool", "ladder"]
    [(_, _, told)] = eventually(lambda: suite.heard("workforce.v1", technician["technician_id"]), "told")
    assert told.count("on_call: true") == told.count("overtime_ms: 3600000") == 18 and 'equipment: "ladder"' in told
    # What the version before must not take for work of every day names no day there.
    assert suite.sql("SELECT weekdays FROM workforce.shift_pattern WHERE technician_id = %s ORDER BY place", technician["technician_id"]) == [(127,), (0,)]


def test_holidays_take_and_give(workforce, operator):
    work = {"weekdays": "1-7", "from": "08:00", "until": "16:00", "holidays": "off"}
    duty = {"weekdays": "1-7", "from": "10:00", "until": "12:00", "holidays": "only"}
    technician = enter(workforce, operator, with_shifts(work, duty))
    assert len(technician["shifts"]) == 18, "each day is the one or the other"
    status, problem = workforce.ask("POST", "/v1/technicians", operator, with_shifts(work | {"holidays": "works"}, duty))
    assert (status, problem["errors"][0]["pointer"], problem["errors"][0]["rule"]) == (422, "/shifts/1", "overlap")


@pytest.mark.parametrize(
    "shift, pointer, says",
    [
        ({"rrule": "FREQ=SECONDLY"}, "/rrule", "DAILY, WEEKLY"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "/rrule", "Żaden z tych"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=" + ",".join("1" * 20)}, "/rrule", "BYMONTH:"),
        ({"rrule": "FREQ=YEARLY;INTERVAL=60;BYMONTH=2;BYMONTHDAY=29"}, "/rrule", "czterech lat"),
        ({"rrule": "FREQ=WEEKLY;BYDAY=MO", "starts_on": str(MONDAY + timedelta(days=1))}, "/starts_on", str(MONDAY + timedelta(days=7))),
        ({"starts_on": ""}, "/starts_on", "pierwszy dzień"),
        ({"starts_on": "2026-02-30"}, "/starts_on", "pierwszy dzień"),
        ({"starts_on": "2001-01-01"}, "/starts_on", "10 lat"),
        ({"except_on": ["jutro"]}, "/except_on/0", "dzień jak"),
        ({"weekdays": "1"}, "/rrule", "nie oba"),
        ({"rrule": ""}, "/starts_on", "należą do rrule"),
        ({"rrule": "", "starts_on": ""}, "/weekdays", "dni tygodnia"),
        ({"breaks": ["12:00"]}, "/breaks/0", "12:00-12:30"),
        ({"breaks": ["12:00-12:30", "07:30-08:30"]}, "/breaks/1", "w godzinach zmiany"),
        ({"on_call": True, "overtime_ms": HOUR}, "/on_call", "Dyżur"),
        ({"overtime_ms": 5 * HOUR}, "/overtime_ms", "Nadgodziny"),
        ({"holidays": "maybe"}, "/holidays", "only"),
    ],
)
def test_a_bad_shift_names_the_field(workforce, operator, shift, pointer, says):
    status, problem = workforce.ask("POST", "/v1/technicians", operator, with_shifts(EVERY_OTHER_WEEK | shift))
    assert (status, problem["errors"][0]["pointer"]) == (422, f"/shifts/0{pointer}"), problem
    assert says in problem["errors"][0]["detail"]


def test_rules_clash_only_on_days_they_share(workforce, operator):
    other_weeks = EVERY_OTHER_WEEK | {"starts_on": str(MONDAY + timedelta(days=7))}
    enter(workforce, operator, with_shifts(EVERY_OTHER_WEEK, other_weeks))
    first_of_month = {"rrule": "FREQ=MONTHLY;BYDAY=1MO", "from": "15:00", "until": "18:00"}
    first_of_month["starts_on"] = str(next(day for day in (TODAY + timedelta(days=n) for n in range(40)) if day.weekday() == 0 and day.day <= 7))
    status, problem = workforce.ask("POST", "/v1/technicians", operator, with_shifts(EVERY_OTHER_WEEK, first_of_month))
    assert (status, problem["errors"][0]["pointer"]) == (422, "/shifts/1"), "somewhere in the coming 400 days"


def test_a_technician_changes_his_own_shifts_alone(suite, workforce, operator, consultant, anna):
    path, himself = f"/v1/technicians/{anna}/shifts", suite.actor("technician", anna)
    shifts = {"shifts": [{"weekdays": "1-3", "from": "10:00", "until": "18:00", "breaks": ["13:00-13:30"]}]}
    status, answer = workforce.ask("PUT", path, himself, shifts)
    assert (status, answer["shifts"][0]["weekdays"]) == (200, "1,2,3")
    assert workforce.ask("GET", path, himself)[1] == answer
    technician = workforce.ask("GET", f"/v1/technicians/{anna}", himself)[1]
    assert {datetime.fromtimestamp(shift["from"] / 1000, WARSAW).hour for shift in technician["shifts"]} == {10}
    assert technician["skills"] == ANNA["skills"] and technician["licences"], "and nothing else"
    eventually(lambda: len(suite.heard("workforce.v1", anna)) == 2, "told again")
    assert workforce.ask("PUT", path, suite.actor("technician", new_id()), shifts)[0] == 403
    assert workforce.ask("GET", path, suite.actor("technician", new_id()))[0] == 403
    assert workforce.ask("PUT", path, consultant, shifts)[0] == 403
    assert workforce.ask("PUT", f"/v1/technicians/{new_id()}/shifts", operator, shifts)[0] == 404
    status, problem = workforce.ask("PUT", path, himself, {"shifts": [shifts["shifts"][0], shifts["shifts"][0]]})
    assert (status, problem["errors"][0]["pointer"]) == (422, "/shifts/1")
    assert workforce.ask("GET", path, himself)[1] == answer, "refused: as before"


@pytest.mark.parametrize(
    "equipment, pointer",
    [(["Młot"], "/equipment/0"), (["a" * 41], "/equipment/0"), (["ladder", ""], "/equipment/1"), (["ladder", "ladder"], "/equipment/1"), ([f"x{'y' * n}" for n in range(31)], "/equipment")],
)
def test_equipment_is_plain_words(workforce, operator, equipment, pointer):
    status, problem = workforce.ask("POST", "/v1/technicians", operator, ANNA | {"equipment": equipment})
    assert (status, problem["errors"][0]["pointer"]) == (422, pointer)
