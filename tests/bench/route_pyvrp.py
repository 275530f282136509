# PyVRP as a command: a problem of ours (VROOM's JSON; capacities and one window a job, no skills, no breaks) on stdin, VROOM's
# JSON on stdout. Runs in the environment of the peers.
#
#   route_pyvrp.py SECONDS
import json
import sys
import time

import numpy
import pyvrp
from pyvrp.stop import MaxRuntime


def problem_data(problem):
    first, jobs = problem["vehicles"][0], problem["jobs"]
    matrix = numpy.array(problem["matrices"]["car"]["durations"])
    clients = [
        pyvrp.Client(job["location_index"], delivery=job["delivery"], service_duration=job["service"], tw_early=start, tw_late=end)
        for job in jobs
        for start, end in job["time_windows"]
    ]
    opens, closes = first["time_window"]
    vehicles = [pyvrp.VehicleType(len(problem["vehicles"]), first["capacity"], tw_early=opens, tw_late=closes)]
    return pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0) for _ in range(len(matrix))], clients=clients, depots=[pyvrp.Depot(first["start_index"])],
        vehicle_types=vehicles, distance_matrices=[matrix], duration_matrices=[matrix],
    )  # fmt: skip


def main():
    problem = json.load(sys.stdin)
    data = problem_data(problem)
    began = time.monotonic()
    found = pyvrp.solve(data, MaxRuntime(float(sys.argv[1])), seed=1, collect_stats=False, display=False)
    seconds = time.monotonic() - began
    routes = [
        {"vehicle": vehicle["id"], "steps": [{"type": "job", "id": problem["jobs"][stop.idx]["id"]} for stop in route if stop.is_client()]}
        for vehicle, route in zip(problem["vehicles"], found.best.routes())
    ]
    json.dump({"routes": routes, "seconds": seconds, "rounds": found.num_iterations}, sys.stdout)


if __name__ == "__main__":
    main()
