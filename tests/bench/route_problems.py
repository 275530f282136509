# A routing problem as VROOM's JSON, and where public ones are read from: the folder BENCH_ROUTING, whose files are never copied.
#
#   instances/*.txt        Solomon's format; bks_dimacs.csv: the best distance anyone knows
#   days/NAME.json.gz      days of home assistance, in VROOM's JSON already
#
# DIMACS' convention for the first: the whole distance alone counts, d = floor(10 · euclid) is road and time, vehicles are
# bounded and not minimised.
import csv
import gzip
import json
import os
from dataclasses import dataclass, field
from math import hypot
from pathlib import Path
from typing import Callable

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("BENCH_ROUTING") or ROOT.parent / "shared/bench/routing")
SIZES = {100: "100", 200: "200 to 400", 400: "200 to 400", 1000: "1000"}
SOLOMON = {100: "Solomon 100", 200: "Gehring & Homberger 200 to 400", 400: "Gehring & Homberger 200 to 400", 1000: "Gehring & Homberger 1000"}


@dataclass
class Problem:
    name: str
    group: str
    vehicles: list
    jobs: list
    places: int  # locations, numbered from 0
    road: Callable  # (from, to) -> s, which is its length as well
    best_known: float = None  # in tenths; None: nobody published one
    is_day: bool = False
    _text: bytes = field(default=None, repr=False)  # as it was read

    def write(self, path):
        """The problem for a solver's stdin, its matrix row by row: of 1,000 technicians it is 170 MB."""
        if self._text:
            path.write_bytes(self._text)
            return
        with open(path, "w") as file:
            file.write(json.dumps({"vehicles": self.vehicles, "jobs": self.jobs})[:-1])
            file.write(',"matrices":{"car":{"durations":[')
            for a in range(self.places):
                file.write("[" if a == 0 else ",[")
                file.write(",".join([str(self.road(a, b)) for b in range(self.places)]) + "]")
            file.write("]}}}")


def customers_problem(name, group, vehicles, capacity, rows, best_known=None):
    """`rows`: x, y, demand, ready, due, service; the depot first."""
    places = [(row[0], row[1]) for row in rows]
    windows = [[int(10 * row[3]), int(10 * row[4])] for row in rows]
    return Problem(
        name, group, best_known=best_known, places=len(rows),
        vehicles=[{"id": n + 1, "start_index": 0, "end_index": 0, "capacity": [capacity], "time_window": windows[0]} for n in range(vehicles)],
        jobs=[
            {"id": n, "location_index": n, "service": int(10 * rows[n][5]), "delivery": [int(rows[n][2])], "time_windows": [windows[n]]}
            for n in range(1, len(rows))
        ],
        road=lambda a, b: int(10 * hypot(places[a][0] - places[b][0], places[a][1] - places[b][1])),
    )  # fmt: skip


def read_customers(path, best_known):
    lines = [line.split() for line in path.read_text().splitlines()]
    numbers = [[float(word) for word in words] for words in lines if words and all(word.replace(".", "", 1).isdigit() for word in words)]
    vehicles, capacity = next(row for row in numbers if len(row) == 2)
    rows = [row[1:] for row in numbers if len(row) == 7]
    best = best_known.get(path.stem)
    return customers_problem(path.stem, SOLOMON[len(rows) - 1], int(vehicles), int(capacity), rows, best and round(10 * best))


def read_day(path):
    text = gzip.decompress(path.read_bytes())
    day = json.loads(text)
    matrix = day["matrices"]["car"]["durations"]
    name = path.name.removesuffix(".json.gz").removeprefix("ha_")
    return Problem(name, "public days", day["vehicles"], day["jobs"], len(matrix), lambda a, b: matrix[a][b], is_day=True, _text=text)


def are_here():
    return (FOLDER / "instances").is_dir()


def public_problems():
    """One after the other, small ones first; nothing where they are not."""
    if not are_here():
        return
    with open(FOLDER / "instances/bks_dimacs.csv", newline="") as file:
        best_known = {row["instance"]: float(row["cost_dimacs"]) for row in csv.DictReader(file)}
    for path in sorted((FOLDER / "instances").glob("*.txt"), key=lambda path: (path.stat().st_size, path.name)):
        yield read_customers(path, best_known)
    for path in sorted((FOLDER / "days").glob("*.json.gz"), key=lambda path: path.stat().st_size):
        yield read_day(path)
