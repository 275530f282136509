# Where technicians work, and whether every hour of a year has somebody there.
import re
from datetime import date, datetime, timedelta, timezone

import pytest
from conftest import eventually, new_id, now_ms
from test_workforce import ANNA, HOUR, WARSAW, consultant, operator, workforce  # noqa: F401: fixtures
from test_workforce_calendar import enter

WOLA = {"name": "Wola", "circles": [{"lat": 52.2361, "lon": 20.9614, "radius_m": 6000}]}
DAY_AND_NIGHT = [
    {"weekdays": "1-7", "from": "06:00", "until": "18:00"},
    {"weekdays": "1-7", "from": "18:00", "until": "06:00", "on_call": True},
]


@pytest.fixture
def wola(workforce, operator):  # noqa: F811
    territory = f"wola-{new_id()[:8]}"
    status, answer = workforce.ask("PUT", f"/v1/territories/{territory}", operator, WOLA)
    assert (status, answer["territory_id"]) == (201, territory)
    return territory


def hours(workforce, operator, territory, year):  # noqa: F811
    status, answer = workforce.ask("GET", f"/v1/territories/{territory}/hours?year={year}", operator)
    assert status == 200, answer
    answer = {"owned": 0, "closed": 0, "both": 0, "neither": 0, "gaps": []} | answer
    assert answer["owned"] + answer["closed"] + answer["both"] + answer["neither"] == answer["hours"]
    return answer


def test_a_technician_names_his_territories_and_is_told_with_their_circles(suite, workforce, operator, wola):  # noqa: F811
    technician = enter(workforce, operator, ANNA | {"territories": [wola]})
    assert technician["areas"] == [{"territory_id": wola, "lat": 52.236, "lon": 20.961, "radius_m": 6000}]
    [(_, _, told)] = eventually(lambda: suite.heard("workforce.v1", technician["technician_id"]), "told")
    assert "radius_m: 6000" in told
    assert workforce.ask("GET", f"/v1/territories/{wola}", operator)[1]["technicians"] == 1
    for territories, pointer in ((["nowhere"], "/territories/0"), ([wola, wola], "/territories/1")):
        status, problem = workforce.ask("POST", "/v1/technicians", operator, ANNA | {"territories": territories})
        assert (status, problem["errors"][0]["pointer"]) == (422, pointer)


def test_a_changed_territory_is_told_to_all_who_work_there_once(suite, workforce, operator, wola):  # noqa: F811
    technicians = [enter(workforce, operator, ANNA | {"territories": [wola]})["technician_id"] for _ in range(3)]
    stranger = enter(workforce, operator, ANNA)["technician_id"]
    asked = now_ms()
    wider = WOLA | {"circles": [WOLA["circles"][0] | {"radius_m": 9000}, {"lat": 52.1, "lon": 20.8, "radius_m": 4000}]}
    assert workforce.ask("PUT", f"/v1/territories/{wola}", operator, wider)[0] == 200
    for technician in technicians:
        told = eventually(lambda technician=technician: suite.heard("workforce.v1", technician)[1:], "told again")
        assert [re.findall(r"radius_m: (\d+)", text) for _, _, text in told] == [["9000", "4000"]]
    assert now_ms() - asked < 60_000
    eventually(lambda: suite.sql("SELECT count(*) FROM workforce.technician_territory WHERE territory_id = %s AND told_version = 2", wola) == [(3,)], "all")
    assert len(suite.heard("workforce.v1", stranger)) == 1


def test_a_territory_with_technicians_stays(workforce, operator, wola):  # noqa: F811
    technician = enter(workforce, operator, ANNA | {"territories": [wola]})["technician_id"]
    assert workforce.ask("DELETE", f"/v1/territories/{wola}", operator)[0] == 409, "without one he would work everywhere"
    assert workforce.ask("PUT", f"/v1/technicians/{technician}", operator, ANNA)[1].get("areas") is None
    assert workforce.ask("DELETE", f"/v1/territories/{wola}", operator)[0] == 204
    assert workforce.ask("GET", f"/v1/territories/{wola}", operator)[0] == 404
    assert workforce.ask("DELETE", f"/v1/territories/{wola}", operator)[0] == 404


@pytest.mark.parametrize(
    "change, pointer",
    [
        ({"name": ""}, "/name"),
        ({"circles": []}, "/circles"),
        ({"circles": [{"lat": 48.85, "lon": 2.35, "radius_m": 1000}]}, "/circles/0"),
        ({"circles": [{"lat": 52.2, "lon": 21.0, "radius_m": 0}]}, "/circles/0/radius_m"),
        ({"closed": [{"weekdays": "8", "from": "00:00", "until": "12:00"}]}, "/closed/0/weekdays"),
        ({"closed": [{"rrule": "FREQ=HOURLY", "starts_on": "2026-11-23", "from": "00:00", "until": "12:00"}]}, "/closed/0/rrule"),
        ({"closed": [{"weekdays": "7", "from": "00:00", "until": "12:00", "on_call": True}]}, "/closed/0"),
    ],
)
def test_bad_territories_name_the_field(workforce, operator, wola, change, pointer):  # noqa: F811
    status, problem = workforce.ask("PUT", f"/v1/territories/{wola}", operator, WOLA | change)
    assert (status, problem["errors"][0]["pointer"]) == (422, pointer), problem


def test_who_may_change_territories(suite, workforce, consultant, wola):  # noqa: F811
    assert workforce.ask("GET", "/v1/territories", consultant)[0] == 200
    assert workforce.ask("PUT", f"/v1/territories/{wola}", consultant, WOLA)[0] == 403
    assert workforce.ask("PUT", "/v1/territories/Wola%20", suite.actor("operator", "me"), WOLA)[0] == 422
    assert workforce.ask("GET", "/v1/territories", suite.actor("partner", "key", "aurora"))[0] == 403


@pytest.mark.parametrize("year, hours_of_year", [(2026, 8760), (2027, 8760), (2028, 8784)])
def test_every_hour_of_a_year_has_an_owner_or_is_closed(workforce, operator, wola, year, hours_of_year):  # noqa: F811
    assert hours(workforce, operator, wola, year) | {"gaps": 0} == {
        "territory_id": wola, "year": year, "hours": hours_of_year, "owned": 0, "closed": 0, "both": 0, "neither": hours_of_year, "gaps": 0
    }  # fmt: skip
    enter(workforce, operator, ANNA | {"territories": [wola], "shifts": DAY_AND_NIGHT})
    enter(workforce, operator, ANNA | {"shifts": DAY_AND_NIGHT, "active": True})
    assert hours(workforce, operator, wola, year)["owned"] == hours_of_year, "over both nights of the clock change"


def wall(at):
    return datetime.fromtimestamp(at / 1000, WARSAW)


@pytest.mark.parametrize("year", [2026, 2027, 2028])
def test_days_off_are_closed_or_they_are_gaps(workforce, operator, wola, year):  # noqa: F811
    """Against a count hour by hour with the machine's own time zone tables."""
    working = [{"weekdays": "1-5", "from": "00:00", "until": "12:00", "holidays": "off"}, {"weekdays": "1-5", "from": "12:00", "until": "00:00", "holidays": "off"}]
    sundays = [{"weekdays": "7", "from": "00:00", "until": "12:00"}, {"weekdays": "7", "from": "12:00", "until": "00:00"}]
    enter(workforce, operator, ANNA | {"territories": [wola], "shifts": working})
    enter(workforce, operator, ANNA | {"territories": [wola], "active": False, "shifts": DAY_AND_NIGHT})
    assert workforce.ask("PUT", f"/v1/territories/{wola}", operator, WOLA | {"closed": sundays})[0] == 200
    easter = {2026: date(2026, 4, 5), 2027: date(2027, 3, 28), 2028: date(2028, 4, 16)}[year]
    fixed = [(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 24), (12, 25), (12, 26)]
    holidays = {date(year, *day) for day in fixed} | {easter + timedelta(days=n) for n in (0, 1, 49, 60)}
    counted = {"owned": 0, "closed": 0, "neither": 0}
    gaps = []
    at = datetime(year, 1, 1, tzinfo=WARSAW).astimezone(timezone.utc)
    until = datetime(year + 1, 1, 1, tzinfo=WARSAW).astimezone(timezone.utc)
    while at < until:
        day = at.astimezone(WARSAW).date()
        kind = "closed" if day.isoweekday() == 7 else "owned" if day.isoweekday() < 6 and day not in holidays else "neither"
        counted[kind] += 1
        if kind == "neither":
            gaps.append(int(at.timestamp() * 1000))
        at += timedelta(hours=1)
    answer = hours(workforce, operator, wola, year)
    assert {kind: answer[kind] for kind in counted} == counted
    assert [hour for gap in answer["gaps"] for hour in range(gap["from"], gap["until"], HOUR)] == gaps
    assert "has_more_gaps" not in answer


def test_gaps_are_bounded_and_the_year_is_asked_for(workforce, operator, wola):  # noqa: F811
    enter(workforce, operator, ANNA | {"territories": [wola], "shifts": [{"weekdays": "1-7", "from": "08:00", "until": "16:00"}]})
    answer = hours(workforce, operator, wola, 2027)
    assert (len(answer["gaps"]), answer["has_more_gaps"], answer["owned"]) == (200, True, 365 * 8)
    assert wall(answer["gaps"][1]["from"]).hour == 16 and wall(answer["gaps"][1]["until"]).hour == 8
    for query in ("", "?year=", "?year=1999", "?year=x"):
        assert workforce.ask("GET", f"/v1/territories/{wola}/hours{query}", operator)[0] == 422
    assert workforce.ask("GET", "/v1/territories/nowhere/hours?year=2027", operator)[0] == 404
