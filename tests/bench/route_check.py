# Checks generator and judge before anything is measured with them: a wrong ruler makes every figure wrong. Raises on the first.
import json
from copy import deepcopy

from route_families import FAMILIES, customers, day
from route_judge import judge
from route_problems import Problem

# A matrix of four places in a row, a minute apart; Anna is at 0 and has lunch, Jan is at 3.
MINUTE = 60


def small():
    lunch = {"id": 1, "service": 30 * MINUTE, "time_windows": [[60 * MINUTE, 90 * MINUTE]]}
    anna = {"id": 1, "start_index": 0, "end_index": 0, "skills": [1], "capacity": [2], "time_window": [0, 180 * MINUTE], "breaks": [lunch]}
    jan = {"id": 2, "start_index": 3, "end_index": 3, "skills": [1, 2], "capacity": [2], "time_window": [0, 180 * MINUTE]}
    jobs = [
        {"id": n, "location_index": n, "service": 10 * MINUTE, "delivery": [1], "skills": [1], "priority": 10 * n, "time_windows": [[0, 60 * MINUTE]]}
        for n in (1, 2, 3)
    ]
    return Problem("small", "check", [anna, jan], jobs, 4, lambda a, b: MINUTE * abs(a - b))


def answer(anna, jan=()):
    """Stops by name: a number is a job, "lunch" the break."""
    step = lambda each: {"type": "break", "id": 1} if each == "lunch" else {"type": "job", "id": each}  # noqa: E731
    routes = [{"vehicle": vehicle, "steps": [step(each) for each in stops]} for vehicle, stops in ((1, anna), (2, jan)) if stops]
    return {"routes": routes}


def changed(what, change):
    problem = deepcopy(what)
    change(problem)
    return problem


def needs_skill(problem):
    problem.jobs[0]["skills"] = [2]


def must_be_late(problem):
    problem.jobs[1]["time_windows"] = [[0, 12 * MINUTE - 1]]


def ends_early(problem):
    problem.vehicles[0]["time_window"][1] = 90 * MINUTE - 1


def lunch_is_over(problem):
    problem.vehicles[0]["breaks"][0]["time_windows"] = [[0, 22 * MINUTE - 1]]


def lunch_on_the_road(problem):
    """Lunch begins a minute into the road of two: the other minute is driven after it."""
    problem.vehicles[0]["breaks"][0]["time_windows"] = [[12 * MINUTE, 12 * MINUTE]]
    problem.jobs[2]["time_windows"] = [[43 * MINUTE, 43 * MINUTE]]


def check_judge():
    good = small()
    found = judge(good, answer([1, 2, "lunch"], [3]))
    assert found == {"errors": [], "driving": 4 * MINUTE, "left": 0, "technicians": 2, "priority": 60}, found
    found = judge(good, answer([1, "lunch"]))
    assert (found["errors"], found["left"], found["priority"], found["driving"]) == ([], 2, 10, 2 * MINUTE), found
    found = judge(changed(good, lunch_on_the_road), answer([1, "lunch", 3]))
    assert not found["errors"] and found["driving"] == 6 * MINUTE, found
    for why, problem, wrong in (
        ("late", changed(good, must_be_late), answer([1, 2, "lunch"])),
        ("break 1 late", changed(good, lunch_is_over), answer([1, 2, "lunch"])),
        ("home too late", changed(good, ends_early), answer([1, 2, "lunch"])),
        ("overloaded", good, answer([1, 2, 3, "lunch"])),
        ("served twice", good, answer([1, 2, "lunch"], [2])),
        ("served twice", good, answer([1, 1, "lunch"])),
        ("without the skill", changed(good, needs_skill), answer([1, "lunch"])),
        ("a break left out", good, answer([1])),
        ("taken twice", good, answer([1, "lunch", "lunch"])),
        ("nobody knows", good, answer([4, "lunch"])),
        ("unknown, or twice", good, {"routes": answer([1, "lunch"])["routes"] * 2}),
    ):
        errors = judge(problem, wrong)["errors"]
        assert any(why in error for error in errors), (why, errors)


def as_text(problem):
    rows = [[problem.road(a, b) for b in range(min(problem.places, 20))] for a in range(min(problem.places, 20))]
    return json.dumps([problem.name, problem.vehicles, problem.jobs, rows])


def check_customers(family, count):
    problem = customers(family, count)
    assert as_text(problem) == as_text(customers(family, count)), f"{problem.name}: one seed, two problems"
    assert as_text(problem) != as_text(customers(family, count, 2)), f"{problem.name}: two seeds, one problem"
    _, closes = problem.vehicles[0]["time_window"]
    for job in problem.jobs:
        (opens, last), there = job["time_windows"][0], problem.road(0, job["id"])
        start = max(opens, there)
        home = start + job["service"] + problem.road(job["id"], 0)
        assert start <= last and home <= closes and job["delivery"][0] <= problem.vehicles[0]["capacity"][0], (problem.name, job)


def check_day(technicians, visits):
    problem = day(technicians, visits)
    assert as_text(problem) == as_text(day(technicians, visits)) != as_text(day(technicians, visits, 2)), problem.name
    assert (len(problem.vehicles), len(problem.jobs)) == (technicians, visits)
    for job in problem.jobs:
        able = [each for each in problem.vehicles if set(job["skills"]) <= set(each["skills"])]
        assert able and all(start < end for start, end in job["time_windows"]), (problem.name, job)


def check():
    check_judge()
    for family in FAMILIES:
        check_customers(family, 100)
    check_day(20, 60)


if __name__ == "__main__":
    check()
    print("route_check: generator and judge hold")
