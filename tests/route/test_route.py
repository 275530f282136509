# build/bin/route by itself: what it plans is judged by judge.py, what it refuses by its words. BIN names another folder of binaries.
import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from judge import faults
from problems import random_problem

ROOM = Path(__file__).resolve().parents[2]
ROUTE = Path(os.environ.get("BIN", ROOM / "build/bin")) / "route"
SANITIZED = "san" in ROUTE.parts  # the folder of binaries with sanitizers


def run(problem, *options):
    text = problem if isinstance(problem, str) else json.dumps(problem)
    return subprocess.run([ROUTE, *options], input=text, capture_output=True, text=True, timeout=60)


def plan(problem, *options):
    done = run(problem, *options)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    answer = json.loads(done.stdout)
    assert answer["code"] == 0
    return answer


def served(answer):
    return {(step["type"], step["id"]) for route in answer["routes"] for step in route["steps"] if step["type"] in ("job", "pickup", "delivery")}


def handed_back(problem, answer):
    steps = {route["vehicle"]: route["steps"] for route in answer["routes"]}
    return problem | {"vehicles": [vehicle | {"steps": steps.get(vehicle["id"], [])} for vehicle in problem["vehicles"]]}


@pytest.mark.parametrize("hundred", range(4))
def test_random_problems_are_planned_by_every_rule(hundred):
    tasks = 0
    for seed in range(100 * hundred, 100 * hundred + 100):
        problem = random_problem(seed)
        answer = plan(problem, "--rounds", "200")
        assert faults(problem, answer) == [], f"seed {seed}"
        tasks += len(served(answer))
    assert tasks > 200, "hardly anything was served: the problems are too hard to tell"


def test_own_routes_are_taken_back_and_never_made_worse():
    for seed in range(1000, 1150):
        problem = random_problem(seed)
        first = plan(problem, "--rounds", "20")
        again = handed_back(problem, first)
        for rounds in "0", "30":
            second = plan(again, "--rounds", rounds)
            assert faults(problem, second) == [], f"seed {seed}"
            worth = [(-answer["summary"]["priority"], answer["summary"]["unassigned"], answer["summary"]["cost"]) for answer in (first, second)]
            assert worth[1] <= worth[0], f"seed {seed}: dearer"
            assert rounds != "0" or served(first) <= served(second), f"seed {seed}: one is not served any more"


@pytest.mark.parametrize("threads", ["1", "2", "5"])
def test_the_same_seed_and_rounds_give_the_same_bytes(threads):
    """Also side by side: parts share nothing, and each makes its share of the rounds."""
    for seed in range(2000, 2020):
        problem = random_problem(seed, 30)
        first, second = (run(problem, "--rounds", "500", "--seed", "7", "--threads", threads).stdout for _ in range(2))
        assert first == second
        assert faults(problem, json.loads(first)) == []


@pytest.mark.parametrize("threads", ["1", "2"])
def test_again_makes_what_a_time_limit_ended(tmp_path, threads):
    problem = random_problem(3, 60)
    first = run(problem, "--time-limit", "0.3", "--seed", "5", "--threads", threads)
    (tmp_path / "solution.json").write_text(first.stdout)
    assert json.loads(first.stdout)["summary"]["search"]["rounds"] > 0
    assert run(problem, "--again", tmp_path / "solution.json").stdout == first.stdout


@pytest.mark.skipif(SANITIZED, reason="sanitizers are slow")
def test_a_time_limit_is_kept():
    problem = random_problem(4, 300)
    read_and_planned, took = [], []
    for _ in range(5):  # the machine may be busy with others: how a run without a search fares there is allowed for
        began = time.monotonic()
        run(problem, "--rounds", "0")
        between = time.monotonic()
        done = run(problem, "--time-limit", "0.5", "--times")
        took.append(time.monotonic() - between - (between - began))
        assert faults(problem, json.loads(done.stdout)) == []
        read_and_planned.append(sum(map(float, re.findall(r"([0-9.]+) s", done.stderr))))
    assert 0.45 <= min(read_and_planned) <= 0.5, read_and_planned
    assert min(took) <= 0.55, took


def square(side, far=100):
    return [[far * abs(i - k) for k in range(side)] for i in range(side)]


def line(**more):
    """Five places in a row, a vehicle at home in the first, two jobs."""
    return {"vehicles": [{"id": 1, "start_index": 0, "end_index": 0}], "jobs": [{"id": 1, "location_index": 2}, {"id": 2, "location_index": 4}],
            "matrices": {"car": {"durations": square(5)}}} | more


def test_where_no_road_is_nobody_drives():
    problem = line()
    for i in range(4):
        problem["matrices"]["car"]["durations"][i][4] = None
    answer = plan(problem)
    assert [left["id"] for left in answer["unassigned"]] == [2]
    assert answer["summary"]["cost"] == 400 and faults(problem, answer) == []


def test_speed_profile_and_costs_count():
    problem = line()
    problem["matrices"]["bike"] = {"durations": square(5, 300), "distances": square(5, 1000)}
    problem["vehicles"] = [{"id": 1, "start_index": 0, "end_index": 0, "profile": "bike", "speed_factor": 2,
                            "costs": {"fixed": 7, "per_hour": 36, "per_km": 5}}]
    summary = plan(problem)["summary"]
    assert (summary["duration"], summary["distance"]) == (8 * 150, 8000)
    assert summary["cost"] == 7 + 8 * 150 // 100 + 8 * 5
    assert faults(problem, plan(problem)) == []


def test_hours_of_today_are_told_as_they_are():
    now = 1_700_000_000
    problem = line(vehicles=[{"id": 1, "start_index": 0, "end_index": 0, "time_window": [now, now + 9000]}])
    problem["jobs"][0]["time_windows"] = [[now + 3000, now + 3000]]
    answer = plan(problem)
    begun = {step["id"]: step["arrival"] + step["waiting_time"] for step in answer["routes"][0]["steps"] if step["type"] == "job"}
    assert begun[1] == now + 3000 and faults(problem, answer) == []


def test_a_vehicle_without_hours_works_today():
    now = 1_700_000_000
    problem = line()
    problem["jobs"][0]["time_windows"] = [[now + 3000, now + 3100]]
    answer = plan(problem)
    assert len(served(answer)) == 2 and faults(problem, answer) == []


def test_a_break_before_the_hours_cannot_be_taken():
    rest = {"id": 1, "service": 5, "time_windows": [[0, 500]]}
    answer = plan(line(vehicles=[{"id": 1, "start_index": 0, "time_window": [1000, 3000], "breaks": [rest]}]))
    assert answer["routes"] == [] and answer["summary"]["unassigned"] == 2


def test_nothing_to_do():
    answer = plan({"vehicles": [{"id": 1, "start": [21, 52]}]})
    assert answer["routes"] == [] and answer["unassigned"] == [] and answer["summary"]["cost"] == 0


def refused(problem):
    done = run(problem)
    assert done.returncode == 2, done.stdout
    answer = json.loads(done.stdout)
    assert answer["code"] == 2
    return answer["error"]


def with_job(**more):
    return line(jobs=[{"id": 1, "location_index": 1}, {"id": 2, "location_index": 2} | more])


def with_vehicle(**more):
    return line(vehicles=[{"id": 1, "start_index": 0} | more])


REFUSED = [
    ("", "line 1"),
    ('{"vehicles": [', "line 1"),
    ("[1, 2", "line 1"),
    ("{}", "vehicles: there are none"),
    ("[]", "vehicles: there are none"),
    (line(vehicles=[]), "vehicles: there are none"),
    (line(vehicles=[7]), "vehicles[0]: is no object"),
    (with_job(id=-1), "jobs[1].id: is no whole number"),
    (line(jobs=[{"location_index": 1}]), "jobs[0].id: is needed"),
    (line(vehicles=[{"start_index": 0}]), "vehicles[0].id: is needed"),
    (with_job(id=1), "job 1 is there twice"),
    (with_job(location_index=5), "jobs[1].location_index: is not in the matrices"),
    (with_job(location_index="2"), "jobs[1].location_index: is no whole number"),
    (line(jobs=[{"id": 1}]), "jobs[0].location_index: is needed"),
    ({"vehicles": [{"id": 1, "start": [21, 52]}], "jobs": [{"id": 1}]}, "jobs[0].location: is needed"),
    ({"vehicles": [{"id": 1, "start": [21, 95]}]}, "vehicles[0].start: is no [lon, lat]"),
    (with_job(service=-5), "jobs[1].service: is no whole number"),
    (with_job(service=1.5), "jobs[1].service: is no whole number"),
    (with_job(setup="long"), "jobs[1].setup: is no whole number"),
    (with_job(priority=101), "jobs[1].priority: is no whole number from 0 to 100"),
    (with_job(skills=["gas"]), "jobs[1].skills: are no whole numbers"),
    (with_job(skills=3), "jobs[1].skills: is no array"),
    (with_job(time_windows=[[20, 10]]), "jobs[1].time_windows: are no [from, until] in order"),
    (with_job(time_windows=[[10, 20], [15, 30]]), "jobs[1].time_windows: are no [from, until] in order"),
    (with_job(time_windows=[[10]]), "jobs[1].time_windows: are no [from, until] in order"),
    (with_vehicle(time_window=[0, 10**12]) | {"jobs": [{"id": 1, "location_index": 1, "time_windows": [[10**9, 10**9]]}]},
     "jobs[0].time_windows: begin too long after"),
    (line(vehicles=[{"id": 1, "start_index": 0, "time_window": [at, at + 9]} for at in (0, 10**9)]), "vehicles[1].time_window: begins too long after"),
    (with_vehicle(time_window=[-9 * 10**18, 9 * 10**18]), "vehicles[0].time_window: is no [from, until]"),
    (with_job(time_windows=[[-1, 10]]), "jobs[1].time_windows: are no [from, until] in order"),
    (with_vehicle(time_window=[9, 3]), "vehicles[0].time_window: is no [from, until]"),
    (with_vehicle(capacity=[1]) | {"jobs": [{"id": 1, "location_index": 1, "delivery": [1, 2]}]}, "jobs[0].delivery: has not as many amounts"),
    (with_vehicle(capacity=[-1]), "vehicles[0].capacity: is no whole number"),
    (with_vehicle(max_tasks=-1), "vehicles[0].max_tasks: is no whole number"),
    (with_vehicle(max_distance=9), "vehicles[0].max_distance: needs a matrix of distances"),
    (with_vehicle(speed_factor=0), "vehicles[0].speed_factor: is no number greater than 0"),
    (with_vehicle(profile="boat"), "vehicles[0].profile: is not among the matrices"),
    (with_vehicle(costs={"per_km": 3}), "matrices.car.distances: are needed"),
    (with_vehicle(steps=[{"type": "job", "id": 99}]), "vehicles[0].steps[0].id: names no job"),
    (with_vehicle(steps=[{"type": "pickup", "id": 1}]), "vehicles[0].steps[0].id: names no job"),
    (line(shipments=[{"pickup": {"id": 1, "location_index": 1}}]), "shipments[0].delivery: is no object"),
    (line(matrices={"car": {"durations": [[0, 1], [1]]}}), "matrices.car.durations: is no square"),
    (line(matrices={"car": {"durations": [[0, -1], [1, 0]]}}), "matrices.car.durations: is no square"),
    (line(matrices={"car": {"durations": square(5)}, "bike": {"durations": square(4)}}, vehicles=[{"id": 1, "profile": "bike"}]),
     "matrices.bike.durations: is not as large"),
    ({"vehicles": [{"id": 1, "start": [21, 52]}], "matrices": {"car": {"durations": [[0.5]]}}}, "matrices.car.durations: is no square"),
]


@pytest.mark.parametrize("problem, word", REFUSED, ids=[word for _, word in REFUSED])
def test_what_is_no_problem_is_told_by_its_place(problem, word):
    assert word in refused(problem)


@pytest.mark.parametrize("options, word", [
    (["--rounds", "x"], "--rounds x: no whole number"), (["--seed", "-1"], "--seed -1: no whole number"), (["--threads", "65"], "--threads 65"),
    (["--time-limit", "0"], "--time-limit 0: no seconds"), (["--time-limit", "soon"], "--time-limit soon: no seconds"),
    (["--again", "/dev/null"], "--again /dev/null: no solution of ours"), (["--wrong"], "--rounds N"), (["file.json"], "--rounds N")])
def test_settings_that_are_none(options, word):
    done = run(line(), *options)
    assert done.returncode == 2 and word in done.stderr


def test_amounts_beyond_32_bits_are_added_up():
    """Sixteen times 2^28 on a vehicle that carries 1: nothing wraps around to nothing."""
    jobs = [{"id": n, "location": [21, 52], "delivery": [2**28]} for n in range(16)]
    vehicle = {"id": 1, "start": [21, 52], "end": [21, 52], "steps": [{"type": "job", "id": n} for n in range(16)]}
    full = json.loads(run({"vehicles": [vehicle | {"capacity": [1]}], "jobs": jobs}, "--rounds", "10").stdout)
    assert full["summary"]["unassigned"] == 16
    any_load = json.loads(run({"vehicles": [vehicle], "jobs": jobs}, "--rounds", "10").stdout)
    assert (any_load["summary"]["unassigned"], any_load["summary"]["delivery"]) == (0, [2**32])


def test_what_would_exhaust_memory_or_threads_is_refused(tmp_path):
    commas = '{"vehicles": [{"id": 1}], "matrices": {"car": {"durations": [[' + "," * 200_000
    refused = subprocess.run([ROUTE], input=commas, capture_output=True, text=True)
    assert refused.returncode == 2 and json.loads(refused.stdout)["code"] == 2
    far = {"vehicles": [{"id": 1, "start": [21, 52], "max_distance": 1}], "jobs": [{"id": 1, "location": [21, 53]}]}
    assert "vehicles[0].max_distance: needs a matrix of distances" in run(far).stdout
    many = {"summary": {"search": {"seed": 1, "paces": [[0] * 256] * 65}}}
    (tmp_path / "many.json").write_text(json.dumps(many))
    assert run(random_problem(1, 5), "--again", tmp_path / "many.json").returncode == 2
    forged = {"vehicles": [{"id": 1, "profile": "other", "start_index": 0}, {"id": 2, "start_index": 0}], "jobs": [],
              "matrices": {"car": {"durations": [[0]]}, "other": {"durations": 0}}}  # fmt: skip
    assert "is no square of whole numbers" in run(forged).stdout
