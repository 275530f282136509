# Why this hour and this person: parts of a score, weights that are data, ways out when nobody can come, decisions made again.
import json
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import BIN, eventually, new_id, now_ms
from test_matching import HOUR, Town, in_days, local_day

OPERATOR = ("operator", "op")


@pytest.fixture(scope="module")
def matching(run_service):
    return run_service("matching", MATCHING_LEAD_MS=0)


@pytest.fixture
def policy(suite, matching):
    """Changes weights; puts the usual ones back."""
    usual = {each["name"]: each["value"] for each in matching.ask("GET", "/v1/policy", suite.actor(*OPERATOR))[1]["weights"]}

    def change(**weights):
        body = {"weights": [{"name": name, "value": value} for name, value in weights.items()], "reason": "test"}
        status, reply = matching.ask("PUT", "/v1/policy", suite.actor(*OPERATOR), body, Idempotency_Key=new_id())
        return status, reply

    yield change
    assert change(**usual)[0] == 200


def offer(town, order, **more):
    status, body = town.ask("POST", "/v1/slot-searches", {"work_order_id": order, "most": 96} | more)
    assert status == 200, body
    return body


def heard_order(town, **more):
    order = town.order(**more)
    eventually(lambda: town.heard(order), "heard")
    return order


def test_an_offer_says_what_it_costs_and_why(suite, matching):
    town = Town(suite, matching, "pests", 2)
    body = offer(town, heard_order(town))
    assert body["slots"] and body["asked"] == 2
    for slot in body["slots"]:
        parts = {each["part"]: each.get("ms", 0) for each in slot["because"]}
        assert set(parts) == {"travel", "waiting", "risk", "quality", "load", "again"}
        assert sum(parts.values()) == slot["score_ms"]
        assert parts["travel"] == slot["added_travel_ms"]
    starts = [slot["start_at"] for slot in body["slots"]]
    assert starts == sorted(set(starts)), "one technician a start, in order of time"
    best = min(body["slots"], key=lambda slot: slot["score_ms"])
    assert offer(town, body["work_order_id"], most=1)["slots"] == [best]


def test_the_customer_is_there_only_at_times(suite, matching):
    town = Town(suite, matching, "wasps", 1)
    order = heard_order(town)
    noon, three = town.begins + 4 * HOUR, town.begins + 7 * HOUR
    windows = [{"from": noon, "until": noon + HOUR // 2}, {"from": three, "until": three + 1}]
    starts = [slot["start_at"] for slot in offer(town, order, windows=windows)["slots"]]
    assert set(starts) <= {noon, noon + HOUR // 4, three} and noon in starts
    assert len(offer(town, order, per_day=2)["slots"]) == 2
    for wrong in ([windows[1], windows[0]], [{"from": noon, "until": noon}]):
        status, problem = town.ask("POST", "/v1/slot-searches", {"work_order_id": order, "windows": wrong})
        assert status == 422 and problem["errors"][0]["pointer"] == "/windows", problem


def test_nobody_can_come_and_what_it_would_take(suite, matching):
    town = Town(suite, matching, "gardens", 3)
    order = heard_order(town, length=9 * HOUR)
    body = offer(town, order)
    everybody = matching.ask("GET", "/v1/book/check", suite.actor(*OPERATOR))[1]
    assert "slots" not in body or not body["slots"]
    refused = {each["rule"]: each["technicians"] for each in body["refused"]}
    assert refused["no_room"] == 3, "nine hours of work in a shift of eight"
    known = suite.sql("SELECT count(DISTINCT technician_id) FROM matching.technician_day")[0][0]
    assert sum(refused.values()) == known, (refused, everybody)
    assert body["relaxation"]["rule"] == "overtime" and body["relaxation"]["amount"] > 0, body["relaxation"]
    assert body["relaxation"]["technician_name"].startswith("Anna")


def test_the_engine_says_so_too_and_keeps_why(suite, matching):
    town = Town(suite, matching, "removals", 1)
    order = town.order("BY_ENGINE", length=9 * HOUR)
    eventually(lambda: suite.sql("SELECT 1 FROM matching.decision WHERE work_order_id = %s", order), "decided")
    told = [text for kind, _, text in suite.heard("matching.v1", order) if kind == "WorkOrderUnstaffed"]
    assert len(told) == 1 and 'rule: "overtime"' in told[0]
    kind, visit = suite.sql("SELECT kind, visit_id FROM matching.decision WHERE work_order_id = %s", order)[0]
    assert (kind, visit) == ("unstaffed", "")
    assert replay(matching, order_decision(suite, order)).returncode == 0


def order_decision(suite, order):
    return suite.sql("SELECT decision_id::text FROM matching.decision WHERE work_order_id = %s ORDER BY at, decision_id", order)[0][0]


def replay(matching, *words):
    return subprocess.run([BIN / "matching", "--replay", *words], env=matching.env, capture_output=True, text=True)


def leaves(value):
    if isinstance(value, dict):
        return sum(leaves(each) for each in value.values())
    return sum(leaves(each) for each in value) if isinstance(value, list) else 1


def test_a_decision_is_kept_with_all_it_hung_on_and_can_be_made_again(suite, matching, tmp_path):
    town = Town(suite, matching, "aerials", 16)
    with ThreadPoolExecutor(4) as pool:
        orders = list(pool.map(lambda _: town.order("BY_ENGINE"), range(8)))
    eventually(lambda: len(town.visits()) == 8, "all have an hour")
    status, found = matching.ask("GET", f"/v1/work-orders/{orders[0]}/decisions", suite.actor("consultant", "me"))
    assert status == 200 and [each["kind"] for each in found["decisions"]] == ["engine"]
    decision = found["decisions"][0]
    assert len(decision["input_hash"]) == 64 and decision["rule_version"] >= 1
    assert leaves(decision["input"]) > 100, "hundreds of facts with their values"
    chosen, (technician, start_at) = decision["result"]["slots"][0], suite.sql("SELECT technician_id::text, start_at FROM matching.visit WHERE work_order_id = %s", orders[0])[0]
    assert (chosen["technician_id"], chosen["start_at"]) == (technician, start_at)
    assert matching.ask("GET", f"/v1/work-orders/{orders[0]}/decisions", suite.actor("partner", "other", "other"))[0] == 404
    theirs = matching.ask("GET", f"/v1/work-orders/{orders[0]}/decisions", suite.actor("partner", "town", "town"))[1]["decisions"][0]
    assert "input" not in theirs and theirs["result"] == decision["result"], "what others have promised is not a partner's to see"
    for order in orders:
        again = replay(matching, order_decision(suite, order))
        assert again.returncode == 0 and "byte for byte the same 1" in again.stdout, again.stdout + again.stderr
    suite.sql("UPDATE matching.decision SET result = result || '\\x0a00'::bytea WHERE work_order_id = %s", orders[1])
    other = replay(matching, order_decision(suite, orders[1]))
    assert other.returncode == 1 and "came out otherwise" in other.stderr
    suite.sql("DELETE FROM matching.decision WHERE work_order_id = %s", orders[1])


def test_a_day_under_other_weights(suite, matching, tmp_path):
    town = Town(suite, matching, "phones", 3)
    orders = [town.order("BY_ENGINE") for _ in range(4)]
    eventually(lambda: len(town.visits()) == 4, "all have an hour")
    today = suite.sql("SELECT to_char(to_timestamp(%s / 1000.0) AT TIME ZONE 'Europe/Warsaw', 'YYYY-MM-DD')", now_ms())[0][0]
    file = tmp_path / "weights.json"
    file.write_text(json.dumps({"weights": [{"name": "normal_permille", "value": 1000}, {"name": "travel_permille", "value": 0}]}))
    first, second = replay(matching, today, file), replay(matching, today, file)
    assert first.returncode == 0 and first.stdout == second.stdout, first.stderr
    assert "waiting for the hour" in first.stdout and len(orders) == 4
    assert replay(matching, "2026-13-45").returncode == 1
    file.write_text(json.dumps({"weights": [{"name": "travel_permille", "value": -1}]}))
    assert "travel_permille" in replay(matching, today, file).stderr


def test_weights_are_data_and_in_force_at_once(suite, matching, policy):
    town = Town(suite, matching, "tv_audio", 1)
    order = heard_order(town)
    waiting = {each["part"]: each.get("ms", 0) for each in offer(town, order)["slots"][4]["because"]}["waiting"]
    status, reply = policy(normal_permille=40)
    assert status == 200 and {each["name"]: each["value"] for each in reply["weights"]}["normal_permille"] == 40
    eventually(lambda: offer(town, order).get("policy_version") == reply["version"], "in force", 2)
    twice = {each["part"]: each.get("ms", 0) for each in offer(town, order)["slots"][4]["because"]}["waiting"]
    assert abs(twice - 2 * waiting) <= 2 * 40 * 60, (waiting, twice)
    for name, value, pointer in (("normal_permille", 10001, "value"), ("nonsense", 1, "name")):
        status, problem = policy(**{name: value})
        assert status == 422 and problem["errors"][0]["pointer"] == f"/weights/0/{pointer}", problem
    assert matching.ask("PUT", "/v1/policy", suite.actor("consultant", "c"), {"weights": [{"name": "load_ms", "value": 1}], "reason": "x"})[0] == 403


def test_who_was_there_before_and_who_is_rated_better(suite, matching, policy):
    town = Town(suite, matching, "computers", 2)
    person, (first, second) = new_id(), sorted(town.technicians)
    names = {technician: f"Anna{number}" for number, technician in enumerate(town.technicians)}
    done = in_days(-3, 10)
    suite.sql("INSERT INTO matching.order_copy (work_order_id, partner_id, number, service_id, skill, person_id, lat, lon, town, district, accuracy, visit_length_ms, "
              "earliest_at, latest_by, tolerance_ms, chooser, urgency, opened_at, is_open) VALUES (%s, 'town', 'M-1', 's', 'computers', %s, 52.2, 21.0, '', '', 1, 3600000, "
              "0, 0, 0, 1, 3, 0, false)", earlier := new_id(), person)  # fmt: skip
    suite.sql("INSERT INTO matching.visit (visit_id, work_order_id, partner_id, technician_id, day, start_at, length_ms, tolerance_ms, state, hold_until, moves, replaces, "
              "technician_name, booked_at) VALUES (%s, %s, 'town', %s, %s, %s, 3600000, 0, 5, 0, 0, '', 'Anna1', 1)", new_id(), earlier, second, local_day(done), done)  # fmt: skip
    order = new_id()
    suite.tell(
        "intake.v1.WorkOrderOpened", order, "town",
        f'order {{ work_order_id: "{order}" number: "M-9" partner_id: "town" service_id: "s" skill: "computers" person_id: "{person}" chooser: BY_PARTNER '
        f"urgency: NORMAL visit_length_ms: {HOUR} tolerance_ms: 900000 opened_at: {now_ms()} earliest_at: {now_ms()} latest_by: {town.begins + 12 * HOUR} "
        f'place {{ lat: 52.231 lon: 21.012 town: "Warszawa" }} }}',
    )  # fmt: skip
    eventually(lambda: town.heard(order), "heard")
    assert {slot["technician_name"] for slot in offer(town, order)["slots"]} == {names[second]}, "the same person again, at every start"
    assert policy(again_ms=0)[0] == 200
    eventually(lambda: {slot["technician_name"] for slot in offer(town, order)["slots"]} == {names[first]}, "equal ones: the lower id", 2)
    suite.tell("surveys.v1.TechnicianScored", first, "", f'technician_id: "{first}" answers: 40 sum: 200 surveys: 10')
    eventually(lambda: {slot["technician_name"] for slot in offer(town, order)["slots"]} == {names[second]}, "five of six costs ten minutes", 5)


def test_the_heat_map_is_what_the_search_answers(suite, matching):
    town = Town(suite, matching, "networks", 2)
    order = heard_order(town)
    booked = offer(town, order)["slots"][6]
    assert town.ask("POST", f"/v1/work-orders/{order}/booking", {"slot_id": booked["slot_id"]})[0] == 201
    other = heard_order(town)
    request = {"skill": "networks", "visit_length_ms": HOUR, "days": 3, "places": [{"lat": 52.231, "lon": 21.012, "town": "Warszawa"}]}

    def hours():
        status, answer = town.ask("POST", "/v1/free-hours", request)
        assert status == 200, answer
        return {day["from"] + n * HOUR: count for day in answer["places"][0]["days"] for n, count in enumerate(day["technicians"])}

    def by_search(hour):
        body = offer(town, other, **{"from": hour, "until": hour + HOUR})
        return bool(body.get("slots"))

    eventually(lambda: sum(hours().values()) > 0, "the map is there", 5)
    free = hours()
    asked = [hour for hour in free if town.begins - HOUR <= hour < town.begins + 12 * HOUR]
    assert len(asked) == 13 and [free[hour] > 0 for hour in asked] == [by_search(hour) for hour in asked]
    assert max(free.values()) == 2
