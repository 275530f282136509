# Routing problems of our own, made from a seed: the same seed, the same bytes. Nothing of them is kept.
#
#   R C RC     customers anywhere, in clusters, half and half; 1: narrow windows, a short day and small loads, 2: wide, long, large.
#              After the families of Solomon (1987) and of Gehring and Homberger (1999).
#   days       home assistance around Warsaw: technicians with homes, shifts, one to four of eight skills and a lunch break;
#              visits with a skill or two, priorities, two-hour windows, some urgent within half an hour.
#
# Each customer and each visit can be reached in its window from the depot, or by somebody who has its skills.
from math import cos, hypot, radians
from random import Random

from route_problems import SIZES, Problem, customers_problem

FAMILIES = ("R1", "C1", "RC1", "R2", "C2", "RC2")
SIDE = {100: 100, 200: 140, 400: 200, 1000: 500}
DAYS = ((60, 300), (200, 1000), (1000, 5000))
HOUR = 3600
DAY = [8 * HOUR, 20 * HOUR]
SHIFTS = ([8 * HOUR, 16 * HOUR], [8 * HOUR, 16 * HOUR], [10 * HOUR, 18 * HOUR], [12 * HOUR, 20 * HOUR])
WARSAW, RADIUS_M, METRES_A_DEGREE = (52.23, 21.01), 15_000, 111_320
ROAD, SPEED_M_S = 1.4, 7.5  # a road is so much longer than the straight line


def clustered(random, side, count):
    centres = [(random.uniform(0.1, 0.9) * side, random.uniform(0.1, 0.9) * side) for _ in range(max(3, count // 12))]
    near = lambda: random.gauss(0, side / 40)  # noqa: E731
    return [tuple(min(side, max(0, at + near())) for at in centres[n % len(centres)]) for n in range(count)]


def anywhere(random, side, count):
    return [(random.uniform(0, side), random.uniform(0, side)) for _ in range(count)]


def points(kind, random, side, count):
    in_clusters = {"R": 0, "C": count, "RC": count // 2}[kind]
    found = clustered(random, side, in_clusters) + anywhere(random, side, count - in_clusters)
    return [(round(x), round(y)) for x, y in found]


def customers(family, count, seed=1):
    """A problem of `family` ("RC2") with `count` customers; every one can be served from the depot alone."""
    random = Random(f"{family} {count} {seed}")
    kind, is_wide = family[:-1], family[-1] == "2"
    side = SIDE[count]
    service = 90 if kind == "C" else 10
    horizon = round(side * (2.4 if count == 100 else 3.8) * (4.2 if is_wide else 1) + (10 if is_wide else 9) * (service - 10) + service)
    depot = (round(side / 2), round(side / 2))
    rows = [(*depot, 0, 0, horizon, 0)]
    for x, y in points(kind, random, side, count):
        out = hypot(x - depot[0], y - depot[1])
        first, last = int(out) + 1, int(horizon - out - service) - 1
        width = random.randint(60, 240) * (side / 100) if is_wide else random.randint(10, 60)
        middle = random.uniform(first, last)
        rows.append((x, y, random.randint(1, 29), max(first, int(middle - width / 2)), min(last, int(middle + width / 2)), service))
    return customers_problem(f"{family} {count}", f"own {SIZES[count]}", count // 3, 1000 if is_wide else 200, rows)


def around_warsaw(random):
    """[lon, lat], more of them near the middle."""
    while True:
        north, east = random.gauss(0, RADIUS_M / 2), random.gauss(0, RADIUS_M / 2)
        if hypot(north, east) <= RADIUS_M:
            lat, lon = WARSAW
            return [round(lon + east / METRES_A_DEGREE / cos(radians(lat)), 5), round(lat + north / METRES_A_DEGREE, 5)]


def technician(random, number):
    home, shift = around_warsaw(random), random.choice(SHIFTS)
    lunch = {"id": 1, "service": 1800, "time_windows": [[shift[0] + 3 * HOUR, shift[0] + 5 * HOUR]]}
    skills = sorted(random.sample(range(1, 9), random.choice((1, 2, 2, 3, 3, 4))))
    return {"id": number + 1, "start": home, "start_index": number, "end": home, "end_index": number, "skills": skills, "time_window": shift, "breaks": [lunch]}


def window(random, priority):
    if priority == 20:
        return [DAY]
    if priority == 100:
        start = DAY[0] + 900 * random.randint(2, 44)
        return [[start, start + 1800]]
    slots = [[start, start + 2 * HOUR] for start in range(DAY[0], DAY[1], 2 * HOUR)]
    if priority == 40:
        first = random.randrange(len(slots) - 2)
        return [slots[first], slots[random.randrange(first + 2, len(slots))]]
    return [random.choice(slots)]


def visit(random, number, place, technicians):
    """Asks for what somebody there can do."""
    able = random.choice(technicians)["skills"]
    priority = random.choices((100, 60, 40, 20), (4, 61, 8, 27))[0]
    return {
        "id": number + 1, "location": around_warsaw(random), "location_index": place,
        "service": random.choice((1800, 2700, 3600, 3600, 5400, 7200)), "priority": priority,
        "skills": sorted(random.sample(able, 2 if len(able) > 1 and random.random() < 0.06 else 1)), "time_windows": window(random, priority),
    }  # fmt: skip


def day(technician_count, visit_count, seed=1):
    random = Random(f"day {technician_count} {visit_count} {seed}")
    technicians = [technician(random, n) for n in range(technician_count)]
    visits = [visit(random, n, technician_count + n, technicians) for n in range(visit_count)]
    degree_m = METRES_A_DEGREE * cos(radians(WARSAW[0]))
    metres = [(lon * degree_m, lat * METRES_A_DEGREE) for lon, lat in [each["start"] for each in technicians] + [each["location"] for each in visits]]
    road = lambda a, b: int(hypot(metres[a][0] - metres[b][0], metres[a][1] - metres[b][1]) * ROAD / SPEED_M_S)  # noqa: E731
    return Problem(f"{technician_count}x{visit_count}", "own days", technicians, visits, len(metres), road, is_day=True)


def own_problems(families=FAMILIES, days=DAYS):
    """One after the other: the largest take 170 MB as text."""
    for count in SIDE:
        for family in families:
            yield customers(family, count)
    for size in days:
        yield day(*size)
