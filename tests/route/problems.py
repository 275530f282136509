# Random problems in VROOM's JSON, with each of the features, or without it, by a seed.
import random


def windows(rng, origin):
    begin = rng.randrange(0, 5000)
    told = [[origin + begin, origin + begin + rng.randrange(0, 3000)]]
    if rng.random() < 0.3:
        told.append([told[0][1] + 500, told[0][1] + 1500])
    return told


def table(rng, places, stretch, with_null):
    cells = [[round((abs(a[0] - b[0]) + abs(a[1] - b[1])) * 20000 * stretch * rng.uniform(1, 1.2)) for b in places] for a in places]
    for i in range(len(places)):
        cells[i][i] = 0
        if with_null and rng.random() < 0.3:
            cells[i][rng.randrange(len(places))] = None
            cells[i][i] = 0
    return cells


def random_problem(seed, jobs=None):
    rng = random.Random(seed)

    def now_and_then(share=0.4):
        return rng.random() < share

    with_tables, with_amounts, origin = now_and_then(0.6), rng.choice([0, 0, 1, 2]), rng.choice([0, 0, 30000, 1_700_000_000])
    places = [[round(21 + rng.random() / 10, 5), round(52 + rng.random() / 10, 5)] for _ in range(rng.randrange(2, 16 if not jobs else jobs))]
    chances = {key: now_and_then() for key in "windows setup skills priority breaks limits costs shipments profiles speed null".split()}

    def where(key="location"):
        place = rng.randrange(len(places))
        return {f"{key}_index": place} if with_tables else {key: places[place]}

    def amount(most):
        return [rng.randrange(most) for _ in range(with_amounts)]

    def step(number):
        made = {"id": number, "service": rng.randrange(0, 600), **where()}
        made |= {"time_windows": windows(rng, origin)} if chances["windows"] and now_and_then(0.6) else {}
        return made | ({"setup": rng.randrange(0, 300)} if chances["setup"] else {})

    def demand():
        made = {"skills": [rng.randrange(3)]} if chances["skills"] and now_and_then() else {}
        return made | ({"priority": rng.randrange(101)} if chances["priority"] else {})

    def vehicle(number):
        made = {"id": number, "time_window": [origin, origin + rng.randrange(3000, 15000)]}
        for end in "start", "end":
            made |= where(end) if now_and_then(0.85) else {}
        if not {"start", "end", "start_index", "end_index"} & set(made):
            made |= where("start")
        made |= {"skills": [rng.randrange(3), rng.randrange(3)]} if chances["skills"] else {}
        made |= {"capacity": amount(12)} if with_amounts and now_and_then(0.8) else {}
        if chances["breaks"]:
            made["breaks"] = [{"id": k, "service": rng.randrange(0, 900), "time_windows": [[origin + 4000 * k, origin + 4000 * k + rng.randrange(3000)]]}
                              for k in range(rng.randrange(3))]
        if chances["limits"]:
            made |= {"max_tasks": rng.randrange(1, 8), "max_travel_time": rng.randrange(1000, 9000)}
            made |= {"max_distance": rng.randrange(5000, 90000)} if with_tables else {}
        if chances["costs"]:
            made["costs"] = {"fixed": rng.randrange(3000)} | ({"per_hour": rng.randrange(7200), "per_km": rng.randrange(200)} if with_tables else {})
        made |= {"profile": rng.choice(["car", "bike"])} if chances["profiles"] and with_tables else {}
        return made | ({"speed_factor": rng.choice([0.5, 1, 1.3, 2])} if chances["speed"] else {})

    problem = {"vehicles": [vehicle(number) for number in range(10, 10 + rng.randrange(1, 5 if not jobs else 12))],
               "jobs": [step(number) | demand() | ({"delivery": amount(4), "pickup": amount(4)} if with_amounts and now_and_then(0.7) else {})
                        for number in range(jobs or rng.randrange(0, 14))]}
    if chances["shipments"]:
        problem["shipments"] = [{"pickup": step(k), "delivery": step(k), **({"amount": amount(5)} if with_amounts else {}), **demand()}
                                for k in range(rng.randrange(1, 5))]
    if with_tables:
        problem["matrices"] = {profile: {"durations": table(rng, places, stretch, chances["null"]), "distances": table(rng, places, 10, False)}
                               for profile, stretch in (("car", 1), ("bike", 2.5))}
        if now_and_then(0.2):
            problem["matrices"]["bike"]["costs"] = table(rng, places, 3, False)
    return problem
