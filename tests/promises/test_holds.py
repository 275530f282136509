# MA-03: a hold is as durable as a promise, only shorter: it outlives kill -9, keeps everybody else out until its very end, and
# what frees an hour (its end, letting go, a cancelled order, a move) is seen and taken by the next customer within a second.
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import often, say
from one_service import eventually, now_ms
from town import BOOKED, EXPIRED, HELD, MINUTE, Town

FREE_WITHIN_MS = often(1000, 3000)  # make test runs beside other work; the promise is the first
HANDS, HOURS_A_DAY, HOLD_MS = 16, 10, MINUTE


class Line(Town):
    """Technicians who live too far from each other to help out: each hour is one man's, and seen as taken or free by itself."""

    def __init__(self, suite, facts, matching, holds):
        self.own = threading.local()
        self.homes = [(50.0 + 0.7 * (number % 6), 16.0 + 1.1 * (number // 6)) for number in range(holds // HOURS_A_DAY)]
        super().__init__(suite, facts, matching, len(self.homes), hours=16, begins=6)
        hours = [self.begins[0] + 30 * MINUTE + number * 90 * MINUTE for number in range(HOURS_A_DAY)]
        self.places = [(number, at) for number in range(len(self.homes)) for at in hours]  # (technician's number, start)

    def tell_technician(self, technician, number, absences=(), **changed):
        lat, lon = self.homes[number]
        super().tell_technician(technician, number, absences, longest_travel_m=20_000, home={"lat": lat, "lon": lon, "town": "Wieś"}, **changed)

    def orders_for(self, places):
        orders = [self.order(lat=self.homes[number][0], lon=self.homes[number][1]) for number, _ in places]
        self.facts.flush()
        count = "SELECT count(*) FROM matching.order_copy WHERE work_order_id::text = ANY(%s)"
        eventually(lambda: self.sql(count, orders)[0][0] == len(orders), "matching has heard of every order", 60)
        return orders

    def slot(self, place):
        return self.slot_id(self.technicians[place[0]], place[1])

    def caller(self):
        """One a thread."""
        if not hasattr(self.own, "caller"):
            self.own.caller = super().caller()
        return self.own.caller

    def is_offered(self, order, place):
        """By both processes."""
        window = {"from": place[1], "until": place[1] + 1}
        return all(self.caller().slots(order, process, **window) for process in self.matching)

    def each(self, work, *lists):
        with ThreadPoolExecutor(HANDS) as pool:
            return list(pool.map(work, *lists))

    def hold_all(self, orders, places):
        held = self.each(lambda order, place: self.caller().post(order, "hold", {"slot_id": self.slot(place)}), orders, places)
        assert {answer.status for answer in held} == {201}, held[:3]
        return [answer.body for answer in held]

    def freed_after(self, since_ms, rival, place):
        """ms until both processes offer the hour to somebody else, and he has booked it."""
        give_up = time.monotonic() + 10
        while not self.is_offered(rival, place):
            assert time.monotonic() < give_up, f"hour {place} is not offered"
        booked = self.caller().post(rival, "booking", {"slot_id": self.slot(place)})
        assert booked.status == 201, booked
        return now_ms() - since_ms


@pytest.fixture
def line(suite, facts, processes):
    return Line(suite, facts, processes(MATCHING_HOLD_MS=HOLD_MS), often(300, 40))


def says(what, took):
    took = sorted(took)
    say(f"{what}: {len(took)} hours, free and booked by the next after p50 {took[len(took) // 2]} ms, at most {took[-1]} ms")
    return took[-1]


def kill_all(town):
    for process in town.matching:
        process.kill_and_begin()
    for process in town.matching:
        eventually(process.is_ready, "it came back")


def test_holds_outlive_every_process_and_keep_others_out(line):
    orders, rivals = line.orders_for(line.places), line.orders_for(line.places)
    held = line.hold_all(orders, line.places)
    kill_all(line)
    rows = dict(line.sql("SELECT visit_id::text, hold_until FROM matching.visit WHERE partner_id = %s AND state = %s", line.partner, HELD))
    assert rows == {each["visit_id"]: each["hold_until"] for each in held}, "as they were promised to be kept, to the millisecond"
    assert min(rows.values()) > now_ms() + 10_000, "or the test is too slow to say anything"
    assert line.each(lambda rival, place: line.is_offered(rival, place), rivals, line.places).count(True) == 0, "no held hour is offered"
    refused = line.each(lambda rival, place: line.caller().post(rival, "booking", {"slot_id": line.slot(place)}), rivals, line.places)
    assert {(answer.status, answer.problem) for answer in refused} == {(409, "hour-taken")}
    booked = line.each(lambda order, each: line.caller().post(order, "booking", {"visit_id": each["visit_id"]}), orders, held)
    assert {answer.status for answer in booked} == {201}, "and each is its holder's"
    assert {visit: row[0] for visit, row in line.visits(BOOKED).items()} == {each["visit_id"]: order for each, order in zip(held, orders)}
    say(f"{len(held)} holds outlived kill -9 of both processes, {len(refused)} others were kept out, {len(booked)} were booked by their holders")


def test_a_hold_frees_its_hour_when_its_time_is_over(line):
    orders, rivals = line.orders_for(line.places), line.orders_for(line.places)
    held = line.hold_all(orders, line.places)
    if often(False, True):  # all at one moment, soon; a full run waits for their own time
        ends = line.sql("UPDATE matching.visit SET hold_until = %s WHERE partner_id = %s AND state = %s RETURNING visit_id::text, hold_until",
                        now_ms() + 2000, line.partner, HELD)  # fmt: skip
    else:
        ends = [(each["visit_id"], each["hold_until"]) for each in held]
    until = dict(ends)
    assert set(until) == {each["visit_id"] for each in held}
    last = sorted(range(len(held)), key=lambda at: until[held[at]["visit_id"]])[-HANDS:]
    time.sleep(max(0, min(until[held[at]["visit_id"]] for at in last) - 400 - now_ms()) / 1000)
    early = line.each(lambda at: line.is_offered(rivals[at], line.places[at]), last[-2:])
    assert now_ms() > until[held[last[-1]]["visit_id"]] or not any(early), "not before its end"
    took = line.each(lambda at: line.freed_after(until[held[at]["visit_id"]], rivals[at], line.places[at]), last)
    assert says("holds that ran out", took) <= FREE_WITHIN_MS and min(took) > 0
    eventually(lambda: len(line.visits(EXPIRED)) == len(held), "all of them, also where nobody asks", 2)
    left = [at for at in range(len(held)) if at not in last]
    others = line.each(lambda at: line.caller().post(rivals[at], "booking", {"slot_id": line.slot(line.places[at])}), left)
    assert {answer.status for answer in others} == {201}
    late = line.each(lambda order, each: line.caller().post(order, "booking", {"visit_id": each["visit_id"]}).status, orders, held)
    assert set(late) == {410}, "a hold that is over is told as such"


def test_a_hold_that_ends_while_nobody_runs_is_free_when_somebody_does(line):
    places = line.places[:HANDS]
    orders, rivals = line.orders_for(places), line.orders_for(places)
    line.hold_all(orders, places)
    for process in line.matching:
        process.kill()
    line.sql("UPDATE matching.visit SET hold_until = %s WHERE partner_id = %s AND state = %s RETURNING 1", now_ms(), line.partner, HELD)
    for process in line.matching:
        process.start()
    assert says("holds that ran out while no process ran", line.each(line.freed_after, [now_ms()] * len(places), rivals, places)) <= FREE_WITHIN_MS


def free_each(line, what, hours_of, free):
    """`free` lets go of the hour at that place and says since when."""
    orders, rivals = line.orders_for(line.places), line.orders_for(line.places)
    theirs = hours_of(orders)
    wanted = range(0, len(line.places), 2)  # every second one: its neighbours stay taken

    def one(at):
        eventually(lambda: not line.is_offered(rivals[at], line.places[at]), "taken, as soon as memory has followed", 5)
        return line.freed_after(free(orders[at], theirs[at]), rivals[at], line.places[at])

    took = line.each(one, wanted)
    assert says(what, took) <= FREE_WITHIN_MS
    assert len(line.visits(HELD, BOOKED)) >= len(line.places), "and nobody else's hour was freed with it"


def book_all(line, orders, places):
    booked = line.each(lambda order, place: line.caller().post(order, "booking", {"slot_id": line.slot(place)}), orders, places)
    assert {answer.status for answer in booked} == {201}
    return [answer.body for answer in booked]


def test_letting_go_frees_the_hour(line):
    def let_go(order, _):
        assert line.caller().post(order, "release", {}).status == 204
        return now_ms()

    free_each(line, "holds let go", lambda orders: line.hold_all(orders, line.places), let_go)


@pytest.mark.parametrize("is_booked", [False, True], ids=["held", "booked"])
def test_a_cancelled_order_frees_its_hour(line, is_booked):
    def cancel(order, _):
        line.cancel(order)
        line.facts.flush()
        return now_ms()

    take = book_all if is_booked else Line.hold_all
    free_each(line, f"orders cancelled, {'booked' if is_booked else 'held'}", lambda orders: take(line, orders, line.places), cancel)


def test_a_move_frees_the_old_hour(line):
    """To the next one, which is left free."""
    first = line.places
    line.places = [place for place in first if (place[1] - line.begins[0] - 30 * MINUTE) // (90 * MINUTE) % 2 == 0]

    def move(order, booked):
        number = next(n for n, technician in enumerate(line.technicians) if technician in slots[order])
        moved = line.caller().post(order, "move", {"slot_id": line.slot((number, booked["start_at"] + 90 * MINUTE)), "reason": "praca"})
        assert moved.status == 200 and moved.body["start_at"] == booked["start_at"] + 90 * MINUTE
        return now_ms()

    slots = {}

    def take(orders):
        slots.update({order: line.slot(place) for order, place in zip(orders, line.places)})
        return book_all(line, orders, line.places)

    free_each(line, "visits moved", take, move)
