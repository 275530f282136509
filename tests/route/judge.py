# Judges a solution of `route` by the problem alone, from VROOM's rules: shares nothing with the solver, nor with check.c.
import math


def spans(item, key):
    return item.get(key) or [[-math.inf, math.inf]]


class Judge:
    """`faults` is what is wrong; empty when all holds."""

    def __init__(self, problem, answer):
        self.problem, self.answer, self.faults = problem, answer, []
        self.tasks = {("job", job["id"]): (job, job) for job in problem.get("jobs", [])}
        for shipment in problem.get("shipments", []):
            for end in "pickup", "delivery":
                self.tasks[end, shipment[end]["id"]] = shipment[end], shipment
        self.vehicles = {vehicle["id"]: vehicle for vehicle in problem["vehicles"]}
        self.amounts = len(answer["summary"].get("delivery", []))
        self.check_each_once()
        for route in answer["routes"]:
            self.check_route(route)
        self.check_summary()

    def expect(self, holds, *what):
        if not holds:
            self.faults.append(" ".join(map(str, what)))

    def check_each_once(self):
        seen = [(step["type"], step["id"]) for route in self.answer["routes"] for step in route["steps"] if (step["type"], step.get("id")) in self.tasks]
        seen += [(left["type"], left["id"]) for left in self.answer["unassigned"]]
        self.expect(sorted(seen) == sorted(self.tasks), "not each task once:", sorted(seen))

    def check_summary(self):
        summary, routes = self.answer["summary"], self.answer["routes"]
        for key in "cost", "setup", "service", "duration", "waiting_time", "priority", "distance":
            self.expect(summary[key] == sum(route[key] for route in routes), "summary's", key)
        for key in "delivery", "pickup":
            self.expect(summary.get(key, []) == [sum(route[key][a] for route in routes) for a in range(self.amounts)], "summary's", key)
        self.expect(summary["routes"] == len(routes), "count of routes")
        self.expect(summary["unassigned"] == len(self.answer["unassigned"]), "count of unassigned")

    def road(self, vehicle, origin, to):
        """Seconds, metres and cost of a road; seconds is None where there is none."""
        if origin is None or to is None:
            return 0, 0, 0
        factor, costs = vehicle.get("speed_factor", 1), vehicle.get("costs", {})
        if "matrices" not in self.problem:
            seconds = great_circle_m(origin, to) * 1.35 / 10 / factor
            return seconds, 0, seconds
        tables = self.problem["matrices"][vehicle.get("profile", "car")]
        told = tables["durations"][origin][to]
        if told is None:
            return None, 0, 0
        seconds = told if factor == 1 else math.floor(told / factor + 0.5)
        metres = tables["distances"][origin][to] if "distances" in tables else 0
        if "costs" in tables:
            return seconds, metres, tables["costs"][origin][to]
        return seconds, metres, math.floor(seconds / 3600 * costs.get("per_hour", 3600) + metres / 1000 * costs.get("per_km", 0) + 0.5)

    def check_route(self, route):
        vehicle = self.vehicles[route["vehicle"]]
        self.name = f"vehicle {vehicle['id']}:"
        self.check_frame(vehicle, route)
        self.check_times(vehicle, route)
        self.check_roads(vehicle, route)
        self.check_loads(vehicle, route)
        tasks = [(step["type"], step["id"]) for step in route["steps"] if step["type"] in ("job", "pickup", "delivery")]
        self.expect(len(tasks) <= vehicle.get("max_tasks", math.inf), self.name, "max_tasks")
        for at, task in enumerate(tasks):
            needs = self.tasks[task][1]
            self.expect(set(needs.get("skills", [])) <= set(vehicle.get("skills", [])), self.name, "skills of", task)
            if task[0] == "delivery":
                self.expect(("pickup", needs["pickup"]["id"]) in tasks[:at], self.name, task, "before its pickup")
            if task[0] == "pickup":
                self.expect(("delivery", needs["delivery"]["id"]) in tasks[at:], self.name, task, "without its delivery")
        priority = sum(self.tasks[task][1].get("priority", 0) for task in tasks if task[0] != "delivery")
        self.expect(priority == route["priority"], self.name, "priority", route["priority"], "is", priority)

    def check_frame(self, vehicle, route):
        """Start and end are there where the vehicle has them; breaks all, in order."""
        kinds = [step["type"] for step in route["steps"]]
        key = "_index" if "matrices" in self.problem else ""
        self.expect(kinds.count("start") == (vehicle.get("start" + key) is not None) and "start" not in kinds[1:], self.name, "start")
        self.expect(kinds.count("end") == (vehicle.get("end" + key) is not None) and "end" not in kinds[:-1], self.name, "end")
        taken = [step["id"] for step in route["steps"] if step["type"] == "break"]
        self.expect(sorted(taken) == sorted(rest["id"] for rest in vehicle.get("breaks", [])), self.name, "breaks", taken)

    def check_times(self, vehicle, route):
        from_at, until = vehicle.get("time_window", [0, math.inf])
        breaks = {rest["id"]: rest for rest in vehicle.get("breaks", [])}
        steps, last_location, driven = route["steps"], None, 0
        left_at = steps[0]["arrival"]
        self.expect(left_at - steps[0]["duration"] >= from_at, self.name, "leaves at", left_at)
        for step in steps:
            what = f"{self.name} {step['type']} {step.get('id', '')}:"
            begins = step["arrival"] + step["waiting_time"]
            self.expect(step["arrival"] == left_at + step["duration"] - driven, what, "arrival", step["arrival"])
            self.expect(step["waiting_time"] >= 0 and step["duration"] >= driven, what, "back in time")
            item, setup, service = {}, 0, 0
            if step["type"] == "break":
                item = breaks.get(step["id"], {})
                service = item.get("service", 0)
            elif "id" in step:
                item = self.tasks[step["type"], step["id"]][0]
                location = self.location(item)
                setup, service = 0 if location == last_location else item.get("setup", 0), item.get("service", 0)
                last_location = location
            self.expect(any(a <= begins <= b for a, b in spans(item, "time_windows")), what, "begins at", begins)
            self.expect((step["setup"], step["service"]) == (setup, service), what, "setup, service", step["setup"], step["service"])
            left_at, driven = begins + setup + service, step["duration"]
        self.expect(left_at <= until, self.name, "ends at", left_at)
        for key in "setup", "service", "waiting_time":
            self.expect(route[key] == sum(step[key] for step in steps), self.name, "sum of", key)
        self.expect(route["duration"] == driven, self.name, "duration")

    def location(self, item, key="location"):
        return item.get(f"{key}_index") if "matrices" in self.problem else item.get(key)

    def check_roads(self, vehicle, route):
        at, left_driven, metres, cost = self.location(vehicle, "start"), 0, 0, vehicle.get("costs", {}).get("fixed", 0)
        rough = 0 if "matrices" in self.problem else 1  # estimates are rounded
        places = [(self.location(self.tasks[step["type"], step["id"]][0]), step["duration"]) for step in route["steps"]
                  if step["type"] in ("job", "pickup", "delivery")]
        for to, driven in places + [(self.location(vehicle, "end"), route["duration"])]:
            seconds, length, price = self.road(vehicle, at, to)
            self.expect(seconds is not None and abs(driven - left_driven - seconds) <= rough, self.name, "drives", driven - left_driven, "not", seconds)
            at, left_driven, metres, cost = to, driven, metres + length, cost + price
        self.expect(abs(route["cost"] - cost) <= rough * (len(places) + 1), self.name, "cost", route["cost"], "is", cost)
        self.expect(route["distance"] == metres, self.name, "distance", route["distance"], "is", metres)
        self.expect(route["duration"] <= vehicle.get("max_travel_time", math.inf), self.name, "max_travel_time")
        self.expect(metres <= vehicle.get("max_distance", math.inf), self.name, "max_distance")

    def check_loads(self, vehicle, route):
        def amounts(item, key):
            return item.get(key) or [0] * self.amounts

        def add(to, more, sign):
            return [a + sign * b for a, b in zip(to, more)]

        tasks = [(step, *self.tasks[step["type"], step["id"]]) for step in route["steps"] if step["type"] in ("job", "pickup", "delivery")]
        load, sums = [0] * self.amounts, {"delivery": [0] * self.amounts, "pickup": [0] * self.amounts}
        for step, item, _ in tasks:
            if step["type"] == "job":
                load = add(load, amounts(item, "delivery"), 1)
        most = vehicle.get("capacity") or [math.inf] * self.amounts
        self.expect(all(a <= b for a, b in zip(load, most)), self.name, "leaves with", load)
        for step, item, whole in tasks:
            down = amounts(whole, "amount") if step["type"] == "delivery" else amounts(item, "delivery") if step["type"] == "job" else [0] * self.amounts
            up = amounts(whole, "amount") if step["type"] == "pickup" else amounts(item, "pickup") if step["type"] == "job" else [0] * self.amounts
            load = add(add(load, down, -1), up, 1)
            sums = {"delivery": add(sums["delivery"], down, 1), "pickup": add(sums["pickup"], up, 1)}
            self.expect(all(0 <= a <= b for a, b in zip(load, most)), self.name, "carries", load)
            self.expect(step.get("load", []) == load, self.name, "load", step.get("load"), "is", load)
        for key, sum_of in sums.items():
            self.expect(route.get(key, []) == sum_of, self.name, "sum of", key)


def great_circle_m(a, b):
    lon, lat, other_lon, other_lat = map(math.radians, (*a, *b))
    h = math.sin((other_lat - lat) / 2) ** 2 + math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * 6371000 * math.asin(math.sqrt(min(h, 1)))


def faults(problem, answer):
    return Judge(problem, answer).faults
