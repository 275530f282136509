#!/usr/bin/python3
# Routes: what the solver finds in so many seconds, beside its peers. `make bench-routes`; `make bench` ends with its short form.
#
#   tests/bench/routes.py [--short]
#
# Public instances and days from the folder BENCH_ROUTING, where it is, and problems of our own from a seed. Every answer,
# whoever gave it, is driven by route_judge.py; one core, one solver after the other. What breaks a rule ends this with 1.
#
# BUDGETS (default "0.1 1"; the whole is "0.1 1 10 30") are the seconds asked for; PEERS=1 measures VROOM and PyVRP as well
# (half an hour and more), otherwise published figures stand beside ours and say so. All runs: build/bench/routes.json.
import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True

import route_check
import route_peers
import route_problems
import route_table
from route_families import DAYS, own_problems
from route_judge import judge

BUDGETS = [float(word) for word in os.environ.get("BUDGETS", "0.1 1").split()]
OUT = route_problems.ROOT / "build/bench/routes.json"
# A tenth of what VROOM x5 takes for such a day, and all of it; x5 was never waited for on the largest, where x1 takes 340 s
# and the first answer, of x0, 117 s.
DAY_BUDGETS = {"60x300": (0.74, 7.4), "200x1000": (14.5, 145), "1000x5000": (34, 117)}
VROOM_DAYS = 1000  # visits; beyond, its answers take many minutes


def solvers(problem, is_short, with_peers):
    """Name -> function, in the order of the table."""
    budgets = (DAY_BUDGETS[problem.name][: 1 if is_short else 2]) if problem.is_day else BUDGETS
    found = {f"{budget:g} s": lambda *at, budget=budget: route_peers.ours(*at, budget) for budget in budgets}
    if not with_peers:
        return found
    if not problem.is_day:
        return found | route_peers.for_customers(BUDGETS)
    return found | ({"VROOM x5": lambda *at: route_peers.vroom(*at, 5, None)} if len(problem.jobs) <= VROOM_DAYS else {})


def measure(problem, solving):
    """One row a solver."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="majster-routes.") as folder:
        file = Path(folder) / "problem.json"
        problem.write(file)
        for solver, solve in solving.items():
            run = solve(file, Path(folder))
            verdict = judge(problem, run.answer)
            whose = {"problem": problem.name, "group": problem.group, "solver": solver, "is_day": problem.is_day}
            rows.append(whose | {"wall_s": round(run.wall_s, 3), "rounds": run.rounds} | verdict | run.notes)
            said = f"driving {verdict['driving']}, left out {verdict['left']}"
            print(f"{problem.group:31} {problem.name:10} {solver:10} {run.wall_s:7.2f} s  {said}", file=sys.stderr)
    set_gaps(rows, problem.best_known)
    return rows


def set_gaps(rows, best_known):
    """In %, to the best known, or else to the best of these rows; None where somebody is left out."""
    whole = [row["driving"] for row in rows if not row["is_day"] and not row["left"] and not row["errors"]]
    for row in rows:
        is_comparable = not row["is_day"] and not row["left"] and not row["errors"]
        row["gap"] = 100 * (row["driving"] / (best_known or min(whole)) - 1) if is_comparable else None


def problems(is_short):
    """The short form: two families of ours in each size, and days of one kind."""
    yield from route_problems.public_problems()
    if is_short:
        yield from own_problems(("R1", "RC2"), () if route_problems.are_here() else DAYS[:2])
    else:
        yield from own_problems()


def main():
    options = argparse.ArgumentParser(description="measures route planning")
    options.add_argument("--short", action="store_true", help="a minute and a half, without peers")
    is_short = options.parse_args().short
    with_peers = os.environ.get("PEERS") == "1" and not is_short
    route_check.check()
    if with_peers:
        route_peers.install()
    rows = []
    for problem in problems(is_short):
        rows += measure(problem, solvers(problem, is_short, with_peers))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "load": os.getloadavg(), "rows": rows}, indent=1) + "\n")
    print(route_table.page(rows, with_peers))
    if not route_problems.are_here():
        print("public instances: not here (BENCH_ROUTING names their folder)")
    wrong = [f"{row['problem']}, {row['solver']}: {'; '.join(row['errors'])}" for row in rows if row["errors"]]
    if wrong:
        sys.exit("bench: answers that break a rule:\n" + "\n".join(wrong))


if __name__ == "__main__":
    main()
