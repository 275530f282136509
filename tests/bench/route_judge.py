# Drives every route of an answer by the problem alone, whoever gave it; what a solver says of itself is not read.
#
# VROOM's rules: a window limits when service starts, waiting costs nothing; a break has no place and may interrupt a road,
# whose rest is driven after it; who has a visit takes all his breaks. The schedule is the earliest one: whatever starts later
# can only be late. Fields that are not known here are refused, so no rule is passed over in silence.
JOB_FIELDS = {"id", "location", "location_index", "service", "delivery", "skills", "priority", "time_windows", "description"}
VEHICLE_FIELDS = {"id", "start", "start_index", "end", "end_index", "capacity", "skills", "time_window", "breaks", "description"}
NEVER = float("inf")


def earliest(windows, at):
    """The first moment not before `at` in one of `windows`, NEVER if there is none; no windows allow all."""
    return min((max(at, start) for start, end in windows if at <= end), default=NEVER) if windows else at


def drive(problem, vehicle, stops):
    """Of one route, stops being ("job" or "break", its row): (what it breaks or None, seconds driven)."""
    opens, closes = vehicle.get("time_window", (0, NEVER))
    visited = [row for kind, row in stops if kind == "job"]
    places = [row["location_index"] for row in visited] + [vehicle["end_index"]]
    at, here, driven, visits = opens, vehicle["start_index"], 0, 0
    left = problem.road(here, places[0])  # of the road to the next place
    for kind, row in stops:
        if kind == "break":
            start = earliest(row.get("time_windows"), at)
            left = max(0, left - (start - at)) if start < NEVER else left
        else:
            driven += problem.road(here, places[visits])
            start = earliest(row.get("time_windows"), at + left)
            here, visits = places[visits], visits + 1
            left = problem.road(here, places[visits])
        if start == NEVER:
            return f"{kind} {row['id']} late", driven
        at = start + row.get("service", 0)
    driven += problem.road(here, places[-1])
    return ("home too late" if at + left > closes else None), driven


def broken(vehicle, stops):
    """What needs no clock: skills, loads, each break once."""
    visited = [row for kind, row in stops if kind == "job"]
    breaks = sorted(row["id"] for kind, row in stops if kind == "break")
    for row in visited:
        if not set(row.get("skills", [])) <= set(vehicle.get("skills", [])):
            return f"job {row['id']} without the skill"
    for n, room in enumerate(vehicle.get("capacity", [])):
        if sum(row.get("delivery", [0] * (n + 1))[n] for row in visited) > room:
            return "overloaded"
    if breaks != sorted(row["id"] for row in vehicle.get("breaks", [])) and (visited or breaks):
        return "a break left out, or taken twice"
    return None


def judge(problem, answer):
    """{"errors", "driving", "left", "priority", "technicians"} of an answer in VROOM's JSON."""
    jobs = {row["id"]: row for row in problem.jobs}
    vehicles = {row["id"]: row for row in problem.vehicles}
    for rows, known in ((problem.jobs, JOB_FIELDS), (problem.vehicles, VEHICLE_FIELDS)):
        if unknown := set().union(*rows) - known:
            raise ValueError(f"{problem.name}: the judge knows nothing of {sorted(unknown)}")
    errors, served, driving = [], set(), 0
    for route in answer["routes"]:
        vehicle = vehicles.pop(route["vehicle"], None)
        if not vehicle:
            errors.append(f"vehicle {route['vehicle']}: unknown, or twice")
            continue
        rows = {"job": jobs, "break": {row["id"]: row for row in vehicle.get("breaks", [])}}
        steps = [(step["type"], step.get("id", step.get("job"))) for step in route["steps"] if step["type"] in rows]
        stops = [(kind, rows[kind].get(number)) for kind, number in steps]
        if None in [row for _, row in stops]:
            errors.append(f"vehicle {route['vehicle']}: a stop that nobody knows")
            continue
        numbers = [number for kind, number in steps if kind == "job"]
        if len(set(numbers)) < len(numbers) or served & set(numbers):
            errors.append(f"vehicle {route['vehicle']}: a job served twice")
        served |= set(numbers)
        late, driven = drive(problem, vehicle, stops)
        driving += driven
        errors += [f"vehicle {route['vehicle']}: {why}" for why in (broken(vehicle, stops), late) if why]
    return {
        "errors": errors[:5], "driving": driving, "left": len(jobs) - len(served), "technicians": len(problem.vehicles) - len(vehicles),
        "priority": sum(jobs[number].get("priority", 0) for number in served),
    }  # fmt: skip
