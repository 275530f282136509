# Who may work: entered one by one or by the file, told whole, retold at midnight.
import json
import subprocess
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import BIN, Service, eventually, new_id, now_ms

HOUR, DAY = 3600 * 1000, 24 * 3600 * 1000
WARSAW = ZoneInfo("Europe/Warsaw")
ANNA = {
    "first_name": "Anna",
    "skills": ["plumbing", "gas"],
    "licences": [{"kind": "gas", "number": "G3/E/1", "valid_from": 0, "valid_until": 4102444800000}],
    "home": {"lat": 52.22981, "lon": 21.01179, "town": "Warszawa", "district": "Śródmieście"},
    "shifts": [{"weekdays": "1-5", "from": "08:00", "until": "16:00"}, {"weekdays": "6", "from": "22:00", "until": "06:00"}],
    "active": True,
    "longest_travel_m": 30000,
}


@pytest.fixture(scope="module")
def workforce(run_service):
    return run_service("workforce")


@pytest.fixture
def operator(suite):
    return suite.actor("operator", "olga")


@pytest.fixture
def consultant(suite):
    return suite.actor("consultant", "ewa")


@pytest.fixture
def anna(workforce, operator):
    status, technician = workforce.ask("POST", "/v1/technicians", operator, ANNA)
    assert status == 201
    return technician["technician_id"]


def local(day, hour):
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=WARSAW).timestamp() * 1000)


def test_a_technician_is_told_whole_from_yesterday_to_the_horizon(suite, workforce, operator, anna):
    technician = workforce.ask("GET", f"/v1/technicians/{anna}", operator)[1]
    assert (technician["home"]["lat"], technician["home"]["lon"]) == (52.23, 21.012), "rounded"
    today = datetime.now(WARSAW).date()
    expected = []
    for offset in range(-1, 17):
        day = today + timedelta(days=offset)
        if day.isoweekday() <= 5:
            expected.append((local(day, 8), local(day, 16)))
        if day.isoweekday() == 6:
            expected.append((local(day, 22), local(day + timedelta(days=1), 6)))
    assert [(shift["from"], shift["until"]) for shift in technician["shifts"]] == expected
    assert technician["shifts"][0]["day"] == (datetime.fromtimestamp(expected[0][0] / 1000, WARSAW).date() - date(1970, 1, 1)).days
    [(kind, partner, text)] = eventually(lambda: suite.heard("workforce.v1", anna), "told")
    assert (kind, partner, text.count("shifts {")) == ("TechnicianChanged", "", len(expected))


def test_the_same_id_replaces(suite, workforce, operator, anna):
    again = ANNA | {"technician_id": anna, "first_name": "Anka", "licences": [], "skills": ["plumbing"]}
    status, technician = workforce.ask("POST", "/v1/technicians", operator, again)
    assert (status, technician["first_name"], technician.get("licences")) == (200, "Anka", None)
    status, technician = workforce.ask("PUT", f"/v1/technicians/{anna}", operator, ANNA)
    assert (status, technician["first_name"]) == (200, "Anna")
    assert suite.sql("SELECT version FROM workforce.technician WHERE id = %s", anna) == [(3,)]
    assert workforce.ask("PUT", f"/v1/technicians/{new_id()}", operator, again)[0] == 422
    assert workforce.ask("PUT", "/v1/technicians/anna", operator, ANNA)[0] == 404


@pytest.mark.parametrize(
    "change, pointers",
    [
        ({"licences": []}, ["/licences"]),
        ({"skills": ["juggling"]}, ["/skills/0"]),
        ({"skills": []}, ["/skills"]),
        ({"shifts": []}, ["/shifts"]),
        ({"shifts": [{"weekdays": "5-1", "from": "08:00", "until": "16:00"}]}, ["/shifts/0/weekdays"]),
        ({"shifts": [{"weekdays": "1", "from": "08:00", "until": "08:00"}]}, ["/shifts/0/until"]),
        ({"shifts": ANNA["shifts"] + [{"weekdays": "7", "from": "05:00", "until": "07:00"}]}, ["/shifts/2"]),
        ({"home": {"lat": 48.85, "lon": 2.35, "town": "Paryż"}}, ["/home"]),
        ({"active": None}, ["/active"]),
        ({"licences": [{"kind": "gas", "number": "1", "valid_from": 9, "valid_until": 9}]}, ["/licences/0/valid_until", "/licences"]),
        ({"licences": ANNA["licences"] * 2}, ["/licences/1"]),
    ],
)
def test_bad_input_names_the_field(workforce, operator, change, pointers):
    status, problem = workforce.ask("POST", "/v1/technicians", operator, ANNA | change)
    assert (status, [error["pointer"] for error in problem["errors"]]) == (422, pointers)


def test_the_missing_licence_is_named(workforce, operator):
    problem = workforce.ask("POST", "/v1/technicians", operator, ANNA | {"licences": []})[1]
    assert "gas (instalacje" in problem["detail"].replace("„", "").replace("”", "") and "uprawnień: gas" in problem["detail"]


def test_who_may_look(suite, workforce, operator, consultant, anna):
    himself, another = suite.actor("technician", anna), suite.actor("technician", new_id())
    assert workforce.ask("GET", f"/v1/technicians/{anna}", himself)[0] == 200
    assert workforce.ask("GET", f"/v1/technicians/{anna}", another)[0] == 403
    assert workforce.ask("GET", f"/v1/technicians/{anna}", suite.actor("partner", "key", "aurora"))[0] == 403
    assert workforce.ask("GET", f"/v1/technicians/{new_id()}", consultant)[0] == 404
    assert workforce.ask("POST", "/v1/technicians", consultant, ANNA)[0] == 403


def test_an_absence_is_told_without_its_reason(suite, workforce, consultant, anna):
    himself, now = suite.actor("technician", anna), now_ms()
    path = f"/v1/technicians/{anna}/absences"
    status, absence = workforce.ask("POST", path, himself, {"from": now, "until": now + HOUR, "reason": "lekarz"})
    assert status == 201
    assert workforce.ask("POST", path, suite.actor("technician", new_id()), {"from": now, "until": now + HOUR})[0] == 403
    assert workforce.ask("POST", path, himself, {"from": now, "until": now - 1})[0] == 422
    assert workforce.ask("POST", path, himself, {"from": now - 2 * DAY, "until": now - DAY})[0] == 422
    assert workforce.ask("POST", f"/v1/technicians/{new_id()}/absences", consultant, {"from": now, "until": now + HOUR})[0] == 404
    assert workforce.ask("GET", f"/v1/technicians/{anna}", himself)[1]["absences"][0]["reason"] == "lekarz"
    told = eventually(lambda: [text for _, _, text in suite.heard("workforce.v1", anna) if absence["absence_id"] in text], "told")
    assert not any("lekarz" in text for text in told)
    assert workforce.ask("DELETE", f"{path}/{absence['absence_id']}", consultant)[0] == 204
    assert workforce.ask("DELETE", f"{path}/{absence['absence_id']}", consultant)[0] == 404
    eventually(lambda: "absences" not in suite.heard("workforce.v1", anna)[-1][2], "taken back")


def test_nobody_without_a_shift_goes_unlisted(workforce, operator, consultant, anna):
    def listed():
        return [each["technician_id"] for each in workforce.ask("GET", "/v1/technicians?without_shift=1", consultant)[1].get("technicians", [])]

    assert anna not in listed()
    now = now_ms()
    leave = {"from": now - 3 * DAY, "until": now + 60 * DAY}
    assert workforce.ask("POST", f"/v1/technicians/{anna}/absences", consultant, leave)[0] == 201
    assert anna in listed()
    assert workforce.ask("PUT", f"/v1/technicians/{anna}", operator, ANNA | {"active": False})[0] == 200
    assert anna not in listed(), "who is not active is not missed"


def test_pages(workforce, consultant, anna):
    def page(query):
        return [each["technician_id"] for each in workforce.ask("GET", f"/v1/technicians{query}", consultant)[1].get("technicians", [])]

    first = page("?most=2")
    assert first == sorted(first) and len(first) <= 2
    assert page(f"?most=500&after={first[0]}") == page("?most=500")[1:]
    assert workforce.ask("GET", "/v1/technicians?most=0", consultant)[0] == 422
    assert workforce.ask("GET", "/v1/technicians?after=x", consultant)[0] == 422


def load(workforce, path):
    done = subprocess.run([BIN / "workforce", "--load", path], env=workforce.env, capture_output=True, text=True)
    return done.returncode, done.stderr


def test_a_file_larger_than_a_message_is_loaded_all_or_nothing(suite, workforce, tmp_path):
    rows = [ANNA | {"technician_id": new_id(), "first_name": f"T{i}"} for i in range(800)]
    file = tmp_path / "technicians.json"
    file.write_text(json.dumps({"technicians": rows}, ensure_ascii=False))
    assert file.stat().st_size > 256 * 1024
    assert load(workforce, file)[0] == 0
    ids = [row["technician_id"] for row in rows]
    assert suite.sql("SELECT count(*) FROM workforce.technician WHERE id = ANY (%s::uuid[])", ids) == [(800,)]
    eventually(lambda: suite.heard("workforce.v1", ids[-1]), "the last row is told")
    for change, where in (
        ({"skills": ["gas", "nic"]}, "/technicians/7/skills/1"),
        ({"first_name": ""}, "/technicians/7/first_name"),
        ({"technician_id": ""}, "/technicians/7/technician_id"),
    ):
        rows = [ANNA | {"technician_id": new_id()} for _ in range(10)]
        rows[7] |= change
        file.write_text(json.dumps({"technicians": rows}))
        code, says = load(workforce, file)
        assert code == 1 and where in says
        assert suite.sql("SELECT count(*) FROM workforce.technician WHERE id = %s", rows[0]["technician_id"]) == [(0,)]


def test_midnight_moves_the_horizon(suite, anna, workforce):
    fast = Service(suite, "workforce", INSTANCE=1)
    suite.sql("DELETE FROM suite.clock")
    suite.sql("INSERT INTO suite.clock VALUES (%s, %s, 1)", now_ms(), now_ms() + 3 * DAY)
    try:
        fast.start()
    finally:
        suite.sql("DELETE FROM suite.clock")
    try:
        told = eventually(lambda: [text for _, _, text in suite.heard("workforce.v1", anna)][1:], "told again")
        first_day = (datetime.now(WARSAW).date() - date(1970, 1, 1)).days + 2
        assert f"day: {first_day - 1}\n" not in told[-1], "what lies before yesterday is dropped"
        assert f"day: {first_day + 17}\n" in told[-1] or f"day: {first_day + 16}\n" in told[-1], "and new days come"
    finally:
        fast.stop()
