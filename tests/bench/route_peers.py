# The solvers: ours and its peers. Each is given a problem as a file, runs alone on one core, and gives back VROOM's JSON.
#
# With PEERS=1 VROOM 1.15 and PyVRP 0.14.1 are measured in the same run (scripts/install.sh peers installs them); without it
# PUBLISHED stands beside ours: what BENCH_ROUTING's README measured for them, on two such cores, with public instances alone.
#
# Seconds: ours from exec to exit, reading and writing included, as --time-limit has it. A peer's are its own: VROOM's loading
# and solving, PyVRP's solve(), without the start of python, by which both come.
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from route_problems import ROOT

VENV = Path(os.environ.get("MAJSTER_CACHE") or Path.home() / ".cache/majster") / "route-peers-1.15.2-0.14.1"  # as scripts/install.sh has it
CORE = max(os.sched_getaffinity(0))  # 1 of two: the kernel's own work prefers 0
VROOM_LIMIT_S = 120
PATIENCE_S = 900  # with a peer; ours has promised its time
SMALL = "Solomon 100", "Gehring & Homberger 200 to 400", "Gehring & Homberger 1000"

# Mean gap to the best known in %, seconds.
PUBLISHED = {
    "PyVRP 1 s": dict(zip(SMALL, ((0.70, 1.0), (2.06, 1.0), (10.21, 1.3)))),
    "PyVRP 10 s": dict(zip(SMALL, ((0.20, 10.0), (0.52, 10.0), (4.73, 10.3)))),
    "PyVRP 30 s": dict(zip(SMALL, ((0.04, 30.0), (0.34, 30.0), (2.56, 30.2)))),
    "VROOM x1": dict(zip(SMALL, ((4.33, 0.3), (5.34, 2.2), (5.45, 20.3)))),
    "VROOM x5": dict(zip(SMALL, ((1.29, 2.2), (3.11, 16.0), (4.44, 122.0)))),
}
# Priority served, visits left out, seconds driven, seconds taken by VROOM x5.
PUBLISHED_DAYS = {"60x300": (13680, 16, 236243, 7.4), "200x1000": (48580, 11, 453193, 145.0)}


@dataclass
class Run:
    answer: dict
    wall_s: float
    rounds: int = None
    notes: dict = field(default_factory=dict)


def execute(words, problem, folder, patience_s=PATIENCE_S):
    """(answer, seconds from exec to exit)."""
    with open(problem, "rb") as into, open(folder / "answer", "wb") as out, open(folder / "said", "wb") as said:
        began = time.monotonic()
        try:
            code = subprocess.run(["taskset", "-c", str(CORE), *map(str, words)], stdin=into, stdout=out, stderr=said, timeout=patience_s).returncode
        except subprocess.TimeoutExpired:
            sys.exit(f"bench: {' '.join(map(str, words))}: no answer after {patience_s:g} s")
        wall = time.monotonic() - began
    if code:
        sys.exit(f"bench: {' '.join(map(str, words))}: exit {code}: {(folder / 'said').read_text()[-500:]}")
    return json.loads((folder / "answer").read_bytes()), wall


def ours(problem, folder, budget_s):
    answer, wall = execute([ROOT / "build/bin/route", "--threads", 1, "--time-limit", budget_s], problem, folder, 2 * budget_s + 30)
    return Run(answer, wall, answer["summary"]["search"]["rounds"])


def vroom(problem, folder, level, limit_s=VROOM_LIMIT_S):
    words = [VENV / "bin/python", VENV / "bin/vroom", "-t", 1, "-x", level, *(["-l", limit_s] if limit_s else [])]
    answer, wall = execute(words, problem, folder)
    own = answer["summary"]["computing_times"]
    return Run(answer, (own["loading"] + own["solving"]) / 1000, notes={"with_python_s": wall})


def pyvrp(problem, folder, budget_s):
    answer, wall = execute([VENV / "bin/python", ROOT / "tests/bench/route_pyvrp.py", budget_s], problem, folder)
    return Run(answer, answer["seconds"], answer["rounds"], {"with_python_s": wall})


def for_customers(budgets):
    """Name and function of each peer for problems without breaks."""
    found = {f"PyVRP {budget:g} s": lambda *at, budget=budget: pyvrp(*at, budget) for budget in budgets if budget >= 1}
    return found | {"VROOM x1": lambda *at: vroom(*at, 1), "VROOM x5": lambda *at: vroom(*at, 5)}


def install():
    subprocess.run([ROOT / "scripts/install.sh", "peers"], check=True)
