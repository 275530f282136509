# Technicians: each does his day through his own API, from his own list, as it is when he looks. He sets out in time,
# tells where he is, works, proves it and goes on. One of them does not come to a visit in the morning.
from clock import DAY, HOUR, MINUTE, at_hour, moment
from pictures import photo, signature
from world import distance_m

DETOUR = 1.35
LOOKS_EACH_MS, EARLY_MS, ACCESS_MS, POSITION_EACH_MS = 6 * MINUTE, 6 * MINUTE, 4 * MINUTE, 6 * MINUTE
# km/h by hour of the day from 5 to 21, slower in rush hours; this is the city's truth, the suite has its own estimate.
SPEEDS = dict(zip(range(5, 22), (34, 29, 23, 21, 24, 26, 26, 26, 26, 24, 21, 20, 21, 25, 28, 30, 32)))
LIVE = {"planned", "on_the_way", "there"}


def road_m(a, b):
    return distance_m(a, b) * DETOUR


def drive_ms(metres, at):
    speed = SPEEDS.get(moment(at).hour, 36)
    slow = min(metres, 12_000) + max(metres - 12_000, 0) / 2
    return int(slow / (speed * 1000) * HOUR) + ACCESS_MS


class Technicians:
    def __init__(self, city, tokens):
        self.city, self.edge, self.agenda = city, city.edge, city.agenda
        self.all = [Person(self, each, tokens[each.technician_id]) for each in city.world.technicians]
        self.photos, self.signatures = [photo(n) for n in range(4)], [signature(n) for n in range(4)]
        self.nobody_came_to = None  # the visit that was not attended
        self.done, self.visited = 0, []  # every visit that somebody came to
        self.along = 0  # how often somebody went along with who led
        self.left = set()  # orders whose first visit has left work

    def plan(self):
        for person in self.all:
            self.agenda.at(self.city.clock.now() + person.offset_ms, person.look)

    def driven_m(self):
        """With the way home of those who are still out."""
        return sum(person.driven_m + road_m(person.at, person.technician.point) for person in self.all)

    def leaves_work(self, order):
        """One in twenty-five is not finished at the first visit."""
        leaves = order.index % 25 == 7 and order.index not in self.left
        if leaves:
            self.left.add(order.index)
        return leaves

    def stays_away(self, visit):
        """The first who has a visit about ten o'clock does not go, and says nothing."""
        start_at = visit["course"]["start_at"]
        if self.nobody_came_to is None and at_hour(1, 9, 45) <= start_at <= at_hour(1, 10, 45):
            self.nobody_came_to = visit["course"]["visit_id"]
        return visit["course"]["visit_id"] == self.nobody_came_to


class Person:
    def __init__(self, crew, technician, token):
        self.crew, self.city, self.edge, self.agenda = crew, crew.city, crew.edge, crew.agenda
        self.technician, self.token = technician, token
        self.dice = self.city.dice(technician.technician_id)
        self.offset_ms = self.dice.randint(0, LOOKS_EACH_MS)
        self.at, self.driven_m, self.sequence = technician.point, 0.0, 0
        self.left_out = set()  # visits he does not attend

    # ---- what next ----

    def look(self):
        """Reads his list and sets out when it is time; otherwise looks again."""
        now = self.city.clock.now()
        today = self.edge.get("/v1/visits/mine", self.token, day=moment(now).date().isoformat()).json
        visits = [each for each in today.get("visits", []) if each["course"].get("state") in LIVE]
        for visit in sorted(visits, key=lambda each: each["course"]["start_at"]):
            if visit["course"]["visit_id"] not in self.left_out and not self.may_stay_away(visit, now):
                return self.decide(visit, now)
        self.rest(now)

    def may_stay_away(self, visit, now):
        if visit["course"]["start_at"] - now > HOUR or not self.crew.stays_away(visit):
            return False
        self.left_out.add(visit["course"]["visit_id"])
        return True

    def decide(self, visit, now):
        order = self.order_of(visit)
        metres = road_m(self.at, order.truth)
        leave_at = visit["course"]["start_at"] - EARLY_MS - int(drive_ms(metres, now) * 1.1)
        if leave_at > now:
            return self.agenda.at(min(leave_at, now + LOOKS_EACH_MS), self.look)
        if visit.get("along"):
            return self.go_along(visit, order, metres, now)
        self.set_out(visit, order, metres, now)

    def go_along(self, visit, order, metres, now):
        """He comes at the same hour and helps; who leads tells the rest."""
        self.left_out.add(visit["course"]["visit_id"])
        self.report(self.at, now, "on_the_way")
        self.driven_m += metres
        self.at = order.truth
        takes_ms = max(int(drive_ms(metres, now) * order.habits["travel"]), MINUTE)
        done_at = max(now + takes_ms, visit["course"]["start_at"]) + int(order.service["visit_length_ms"] * order.habits["work"])
        self.crew.along += 1
        self.agenda.at(now + takes_ms, self.report, self.at, now + takes_ms, "there")
        self.agenda.at(done_at, self.report, self.at, done_at, "free")
        self.agenda.at(done_at + 2 * MINUTE, self.look)

    def order_of(self, visit):
        """He drives to where the customer lives, whatever point the suite has."""
        order = self.city.world.by_phone[visit["phone"]]
        self.city.opened(order, visit["course"]["work_order_id"])
        return order

    def rest(self, now):
        """Nothing to do: he looks again soon while his shift lasts, else an hour before the next; then he is at home."""
        day = moment(now).date().isoformat() == DAY
        begin, end = (at_hour(day, int(self.technician.shift[key][:2])) for key in ("from", "until"))
        if begin - HOUR <= now < end:
            return self.agenda.at(now + LOOKS_EACH_MS, self.look)
        if now >= end:
            self.driven_m += road_m(self.at, self.technician.point)
            self.at = self.technician.point
        self.agenda.at((begin if now < begin else begin + 24 * HOUR) - HOUR + self.offset_ms, self.look)

    # ---- a visit ----

    def post(self, visit, step, content, expect=(200, 201)):
        return self.edge.post(f"/v1/visits/{visit['course']['work_order_id']}/{step}", self.token, content, expect)

    def set_out(self, visit, order, metres, now):
        takes_ms = max(int(drive_ms(metres, now) * order.habits["travel"]), MINUTE)
        answer = self.post(visit, "on-the-way", {"eta_at": now + drive_ms(metres, now), "at": now}, (200, 201, 404, 409))
        if not answer.is_good:  # taken from him while he looked
            return self.agenda.after(LOOKS_EACH_MS, self.look)
        self.report(self.at, now, "on_the_way")
        steps = max(takes_ms // POSITION_EACH_MS, 1)
        for step in range(1, int(steps)):
            part = step / steps
            point = tuple(a + (b - a) * part for a, b in zip(self.at, order.truth))
            at = now + int(takes_ms * part)
            self.agenda.at(at, self.report, point, at, "on_the_way")
        self.driven_m += metres
        # Who comes early waits in the van: he was promised for the hour.
        there_at = max(now + takes_ms, visit["course"]["start_at"] - 10 * MINUTE)
        self.agenda.at(there_at, self.arrive, visit, order, there_at)

    def report(self, point, at, status):
        self.sequence += 1
        position = {"lat": round(point[0], 5), "lon": round(point[1], 5), "at": at, "sequence": self.sequence,
                    "status": status}
        self.edge.post("/v1/positions", self.token, {"positions": [position]})

    def arrive(self, visit, order, at):
        """`at` is when he came; the phone says so even when the network took its time."""
        self.at = order.truth
        self.report(self.at, at, "there")
        answer = self.post(visit, "there", {"at": at, "lat": self.at[0], "lon": self.at[1]}, (200, 201, 404, 409))
        if not answer.is_good:
            return self.agenda.after(LOOKS_EACH_MS, self.look)
        self.crew.visited.append(order)
        work_ms = int(order.service["visit_length_ms"] * order.habits["work"])
        self.agenda.at(at + work_ms, self.finish, visit, order, at + work_ms)

    def finish(self, visit, order, at):
        work_order_id, needs = visit["course"]["work_order_id"], order.service["protocol"]
        if "photo" in needs:
            for number, kind in enumerate(("before", "after")):
                picture = self.crew.photos[(order.index + number) % 4]
                self.edge.upload(f"/v1/visits/{work_order_id}/photos?kind={kind}", self.token, picture, "image/jpeg")
        signs = order.habits["signs"]
        if "signature" in needs and signs:
            picture = self.crew.signatures[order.index % 4]
            self.edge.upload(f"/v1/visits/{work_order_id}/signature", self.token, picture, "image/png")
        answer = self.post(visit, "done", self.protocol(order, signs, at))
        self.crew.done += answer.is_good
        self.report(self.at, at, "free")
        self.agenda.after(2 * MINUTE, self.look)

    def protocol(self, order, signs, at):
        rest = {"solved": "partly", "further": {"reason": "part"}} if self.crew.leaves_work(order) else {"solved": "yes"}
        return rest | {
            "findings": f"Usterka potwierdzona: {order.words.lower()}",
            "work_done": "Usterka usunięta, sprawdzono działanie",
            "card_payment_offered": True,
            "signer_name": order.last_name if signs else "",
            "refusal_reason": "" if signs else "Klient nie chciał podpisać",
            "lines": self.lines(order),
            "parts": [{"sku": order.service["part_sku"], "quantity": 1}] if order.service.get("part_sku") else [],
            "at": at,
        }

    def lines(self, order):
        hours = order.service["visit_length_ms"] * order.habits["work"] / HOUR
        lines = [{"item": "dojazd", "quantity": 1000}, {"item": "robocizna-godzina", "quantity": round(hours * 4) * 250}]
        usual = self.city.world.services[order.service["service_id"]]["lines"]
        for (item, least, most), chance in zip(usual, order.habits["lines"]):
            if chance < 0.7:
                lines.append({"item": item, "quantity": least + int(chance / 0.7 * (most - least) / 100) * 100})
        return lines
