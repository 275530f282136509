# What the same visits would have cost in kilometres under the rule of every call centre: the nearest technician who is
# free and able, in the order in which the orders arrived. Same technicians, shifts, roads and lengths of work.
from dataclasses import dataclass

from clock import BEGIN_AT, HOUR, MINUTE, at_hour
from technicians import drive_ms, road_m


@dataclass(eq=False)
class Crew:
    """One technician on one day."""

    technician: object
    free_at: int
    until: int
    point: tuple
    driven_m: float = 0.0

    def ready_at(self, at):
        """When he could set out for an order of that moment; None when his shift is over by then."""
        ready = max(self.free_at, at)
        return ready if ready < self.until - 30 * MINUTE else None


def crews(technicians):
    """Who works in the afternoon before and on the day."""
    made = []
    for technician in technicians:
        begin, end = (int(technician.shift[key][:2]) * HOUR for key in ("from", "until"))
        for day in (0, 1):
            free_at, until = at_hour(day, 0) + begin, at_hour(day, 0) + end
            if until > BEGIN_AT:
                made.append(Crew(technician, max(free_at, BEGIN_AT), until, technician.point))
    return made


def choose(crews_of_day, order, at):
    """The nearest of those who are free at once; when nobody is, of those who are free first."""
    ready = [(crew.ready_at(at), crew) for crew in crews_of_day if order.service["skill"] in crew.technician.skills]
    ready = [(moment, crew) for moment, crew in ready if moment is not None]
    if not ready:
        return None, 0
    first = max(min(moment for moment, _ in ready), at)
    free = [crew for moment, crew in ready if moment <= first]
    return min(free, key=lambda crew: (road_m(crew.point, order.truth), crew.technician.technician_id)), first


def send(crew, order, at):
    metres = road_m(crew.point, order.truth)
    crew.driven_m += metres
    crew.free_at = at + drive_ms(metres, at) + int(order.service["visit_length_ms"] * order.habits["work"])
    crew.point = order.truth


def kilometres(world, visited):
    """`visited`: (order, not before) of each visit that was really made. -> (km, visits that the rule could place)."""
    everybody, placed = crews(world.technicians), 0
    near = {city: [crew for crew in everybody if crew.technician.agglomeration == city] for city in world.spots}
    for order, not_before in sorted(visited, key=lambda each: (each[0].at, each[0].index)):
        came = []
        for _ in range(order.service.get("technicians", 1)):
            others = [crew for crew in near[order.spot.agglomeration] if crew not in came]
            crew, at = choose(others, order, max(order.at, not_before))
            if crew:
                send(crew, order, at)
                came.append(crew)
        placed += bool(came)
    total = sum(crew.driven_m + road_m(crew.point, crew.technician.point) for crew in everybody)
    return total / 1000, placed
