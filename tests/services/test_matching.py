# Promises under pressure: a burst that memory cannot follow, many hands on one hour, holds, moves, a missed visit.
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import ROOM, eventually, new_id, now_ms

WARSAW = ZoneInfo("Europe/Warsaw")
HOUR = 3_600_000


@pytest.fixture(scope="module")
def redis(suite):
    """redis-cli on the suite's own Redis."""
    if "REDIS_URL" not in suite.env:
        subprocess.run([ROOM / "scripts/parts", "up", suite.folder, "--only", "postgres,kafka,redis"], check=True)
    suite.read_env()
    port = suite.env["REDIS_URL"].rsplit(":", 1)[1].split("/")[0]
    return lambda *words: subprocess.run(["redis-cli", "-p", port, *map(str, words)], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def matching(suite, redis, run_service):
    return run_service("matching", REDIS_URL=suite.env["REDIS_URL"], MATCHING_LEAD_MS=0)


def in_days(days, hour):
    day = datetime.now(WARSAW).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return int(day.timestamp() * 1000)


def local_day(at):
    return (datetime.fromtimestamp(at / 1000, WARSAW).date() - datetime(1970, 1, 1).date()).days


class Town:
    """A skill of its own, so that nobody else's technicians can come; technicians who work one day, and their orders."""

    skills = set()

    def __init__(self, suite, matching, skill, technicians, day=2, begins=None):
        assert skill not in self.skills, "another town's technicians have it"
        self.skills.add(skill)
        self.suite, self.matching, self.skill = suite, matching, skill
        self.begins = begins or in_days(day, 8)
        self.technicians = [new_id() for _ in range(technicians)]
        followed = matching.metric("majster_watched_total")
        for number, technician in enumerate(self.technicians):
            self.tell_technician(technician, f"Anna{number}")
        eventually(lambda: self.days() == technicians, "every technician has a day")
        eventually(lambda: matching.metric("majster_watched_total") >= followed + technicians, "the book in memory has them")

    def tell_technician(self, technician, name, until_hour=8, sequence=None, from_hour=0):
        self.suite.tell(
            "workforce.v1.TechnicianChanged", technician, "",
            f'technician {{ technician_id: "{technician}" first_name: "{name}" skills: "{self.skill}" active: true '
            f'home {{ lat: 52.23 lon: 21.01 town: "Warszawa" }} '
            f"shifts {{ day: {local_day(self.begins)} from: {self.begins + int(from_hour * HOUR)} until: {self.begins + until_hour * HOUR} }} }}", sequence=sequence,
        )  # fmt: skip

    def days(self):
        return self.suite.sql("SELECT count(*) FROM matching.technician_day WHERE technician_id::text = ANY(%s)", self.technicians)[0][0]

    def order(self, chooser="BY_PARTNER", length=HOUR, lat=52.231, technicians=1, order=None, more=""):
        order = order or new_id()
        self.suite.tell(
            "intake.v1.WorkOrderOpened", order, "town",
            f'order {{ work_order_id: "{order}" number: "M-9" partner_id: "town" service_id: "s" skill: "{self.skill}" person_id: "p" '
            f"chooser: {chooser} urgency: NORMAL visit_length_ms: {length} technicians: {technicians} tolerance_ms: 900000 opened_at: {now_ms()} earliest_at: {now_ms()} "
            f'latest_by: {self.begins + 12 * HOUR} place {{ lat: {lat} lon: 21.012 town: "Warszawa" }} {more} }}',
        )  # fmt: skip
        return order

    def heard(self, order):
        return self.suite.sql("SELECT 1 FROM matching.order_copy WHERE work_order_id = %s", order)

    def visits(self, states=(2,)):
        return self.suite.sql(
            "SELECT technician_id::text, start_at, length_ms, work_order_id::text FROM matching.visit WHERE technician_id::text = ANY(%s) AND state = ANY(%s)",
            self.technicians, list(states),
        )  # fmt: skip

    def ask(self, method, path, body, **headers):
        return self.matching.ask(method, path, self.suite.actor("partner", "town", "town"), body, **headers)

    def slots(self, order, most=96):
        status, offer = self.ask("POST", "/v1/slot-searches", {"work_order_id": order, "most": most})
        assert status == 200, offer
        return offer.get("slots", [])


def overlaps(visits):
    return [(a, b) for a in visits for b in visits if a < b and a[0] == b[0] and a[1] < b[1] + b[2] and b[1] < a[1] + a[2]]


def test_a_burst_is_booked_whole_as_long_as_there_is_room(suite, matching):
    town = Town(suite, matching, "carpentry", 4)
    with ThreadPoolExecutor(8) as pool:
        orders = list(pool.map(lambda _: town.order("BY_ENGINE"), range(20)))  # 4 technicians x 8 h hold 24
    eventually(lambda: len(town.visits()) == 20, "all of the burst have an hour", 30)
    assert {visit[3] for visit in town.visits()} == set(orders)
    assert overlaps(town.visits()) == []
    for order in orders[:3]:
        told = [kind for kind, _, _ in suite.heard("matching.v1", order)]
        assert told == ["VisitBooked"], "nobody was told that nobody could come"


def test_one_hour_for_sixty_four_hands(suite, matching):
    town = Town(suite, matching, "glazing", 1)
    orders = [town.order() for _ in range(64)]
    for order in orders:
        eventually(lambda order=order: town.heard(order), "heard")
    slot = town.slots(orders[0])[0]["slot_id"]
    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(lambda order: town.ask("POST", f"/v1/work-orders/{order}/booking", {"slot_id": slot}), orders))
    kinds = sorted(status for status, _ in answers)
    assert kinds.count(201) == 1 and set(kinds) <= {201, 409, 503}, kinds
    refused = next(body for status, body in answers if status == 409)
    assert refused["type"].endswith("/hour-taken")
    assert len(town.visits()) == 1


def test_a_hold_keeps_the_hour_until_it_is_taken_or_let_go(suite, matching):
    town = Town(suite, matching, "roofing", 1)
    first, second = town.order(), town.order()
    eventually(lambda: town.heard(second), "heard")
    slot = town.slots(first)[0]["slot_id"]
    status, held = town.ask("POST", f"/v1/work-orders/{first}/hold", {"slot_id": slot})
    assert status == 201 and held["state"] == "held" and held["technician_name"] == "Anna0"
    assert town.ask("POST", f"/v1/work-orders/{second}/booking", {"slot_id": slot})[0] == 409
    assert town.ask("POST", f"/v1/work-orders/{first}/release", {})[0] == 204
    assert town.ask("POST", f"/v1/work-orders/{second}/booking", {"slot_id": slot})[0] == 201
    assert town.ask("POST", f"/v1/work-orders/{first}/booking", {"visit_id": held["visit_id"]})[0] == 410


def test_what_is_no_slot_is_told_where_slots_come_from(suite, matching):
    town = Town(suite, matching, "windows", 1)
    order = town.order()
    eventually(lambda: town.heard(order), "heard")
    for verb, body in [("booking", {}), ("booking", {"slot_id": "tomorrow"}), ("hold", {}), ("move", {"slot_id": "x" * 50})]:
        status, problem = town.ask("POST", f"/v1/work-orders/{order}/{verb}", body)
        assert status == 422 and problem["errors"][0]["pointer"] == "/slot_id", (verb, problem)
        assert "slot_id z odpowiedzi na zapytanie o wolne terminy" in problem["detail"], (verb, problem)


def test_on_the_phone_a_hold_is_shorter_and_an_absence_ends_it(suite, matching):
    town = Town(suite, matching, "alarms", 1)
    orders = [town.order(), town.order()]
    for order in orders:
        eventually(lambda order=order: town.heard(order), "heard")
    held = []
    for order, kind, slot in zip(orders, ("partner", "consultant"), (0, 8)):
        actor = suite.actor(kind, "town", "town" if kind == "partner" else "")
        status, reply = matching.ask("POST", f"/v1/work-orders/{order}/hold", actor, {"slot_id": town.slots(order)[slot]["slot_id"]})
        assert status == 201, reply
        held.append((reply["visit_id"], reply["hold_until"] - now_ms()))
    assert 7 * 60_000 < held[0][1] <= 8 * 60_000 and 4 * 60_000 < held[1][1] <= 5 * 60_000, held
    town.tell_technician(town.technicians[0], "Anna0", until_hour=0)
    eventually(lambda: not town.visits((1,)), "nobody is there: both are let go")
    status, problem = town.ask("POST", f"/v1/work-orders/{orders[0]}/booking", {"visit_id": held[0][0]})
    assert status == 410, problem


def test_a_hold_whose_time_is_over_frees_its_hour(suite, matching):
    town = Town(suite, matching, "pests", 1)
    order = town.order()
    eventually(lambda: town.heard(order), "heard")
    status, held = town.ask("POST", f"/v1/work-orders/{order}/hold", {"slot_id": town.slots(order)[0]["slot_id"]})
    assert status == 201
    suite.sql("UPDATE matching.visit SET hold_until = 1 WHERE visit_id = %s RETURNING 1", held["visit_id"])
    eventually(lambda: town.visits((6,)), "the hold has expired")
    assert town.ask("POST", f"/v1/work-orders/{order}/booking", {"visit_id": held["visit_id"]})[0] == 410


def test_a_move_is_told_and_another_partner_sees_nothing(suite, matching):
    town = Town(suite, matching, "cleaning", 2)
    order = town.order()
    eventually(lambda: town.heard(order), "heard")
    slots = town.slots(order)
    status, booked = town.ask("POST", f"/v1/work-orders/{order}/booking", {"slot_id": slots[0]["slot_id"]}, Idempotency_Key=order)
    assert status == 201
    assert town.ask("POST", f"/v1/work-orders/{order}/booking", {"slot_id": slots[0]["slot_id"]}, Idempotency_Key=order) == (201, booked)
    status, moved = town.ask("POST", f"/v1/work-orders/{order}/move", {"slot_id": slots[8]["slot_id"], "reason": "praca"})
    assert status == 200 and moved["start_at"] == slots[8]["start_at"] and moved["visit_id"] == booked["visit_id"]
    stranger = suite.actor("partner", "other", "other")
    for path in ("booking", "move", "hold"):
        assert matching.ask("POST", f"/v1/work-orders/{order}/{path}", stranger, {"slot_id": slots[3]["slot_id"]})[0] == 404
    customer = suite.actor("customer", "p", "town", scope=new_id())
    assert matching.ask("POST", f"/v1/work-orders/{order}/move", customer, {"slot_id": slots[3]["slot_id"]})[0] == 404
    told = suite.heard("matching.v1", order)
    assert [kind for kind, _, _ in told] == ["VisitBooked", "VisitMoved"] and f"from_start_at: {booked['start_at']}" in told[1][2]


def test_a_missed_visit_is_booked_again_inside_the_order_with_somebody_else(suite, matching):
    town = Town(suite, matching, "locks", 2)
    order = town.order("BY_ENGINE")
    eventually(lambda: town.visits(), "booked")
    missed = town.visits()[0]
    visit = suite.sql("SELECT visit_id::text FROM matching.visit WHERE work_order_id = %s", order)[0][0]
    suite.tell(
        "visits.v1.VisitMissed", order, "town",
        f'course {{ visit_id: "{visit}" work_order_id: "{order}" partner_id: "town" state: MISSED missed_by: TECHNICIAN }}',
    )  # fmt: skip
    eventually(lambda: town.visits((4,)) and town.visits(), "missed, and booked again")
    assert town.visits()[0][0] != missed[0], "never with the one who did not come"
    kind, _, text = suite.heard("matching.v1", order)[-1]
    assert kind == "VisitRebooked" and 'override: "technician_missing"' in text


def test_who_comes_after_all_has_his_hour_again_if_the_day_still_fits(suite, matching):
    """Not if the way from there to whom he was promised meanwhile takes longer than there is time (I2)."""
    town = Town(suite, matching, "drying", 1)

    def tell(kind, order, visit):
        suite.tell(f"visits.v1.{kind}", order, "town", f'course {{ visit_id: "{visit}" work_order_id: "{order}" partner_id: "town" missed_by: TECHNICIAN }}')

    def book(order, start_at):
        eventually(lambda: town.heard(order), "heard")
        # Memory follows what was promised and let go a moment later.
        slot = eventually(lambda: [each for each in town.slots(order) if each["start_at"] == start_at], "offered")[0]
        status, booked = town.ask("POST", f"/v1/work-orders/{order}/booking", {"slot_id": slot["slot_id"]})
        assert status == 201, booked
        return booked["visit_id"]

    at = town.begins + 3 * HOUR
    first, far = town.order(), town.order(lat=52.45)  # 24 km to the north
    visit = book(first, at)
    tell("VisitMissed", first, visit)
    eventually(lambda: town.visits((4,)), "missed")
    tell("TechnicianThere", first, visit)
    eventually(lambda: town.visits(), "he came: the old promise stands again")
    tell("VisitMissed", first, visit)
    eventually(lambda: not town.visits(), "missed again")
    book(far, at + HOUR)
    tell("TechnicianThere", first, visit)
    heard = lambda: suite.sql("SELECT sequence FROM matching.heard WHERE source = 'visits' AND subject = %s", first)[0][0]  # noqa: E731
    eventually(lambda: heard() == 4, "heard")
    assert [row[3] for row in town.visits()] == [far]
    status, check = matching.ask("GET", "/v1/book/check", suite.actor("operator", "me"))
    assert status == 200 and check.get("travel_too_short", 0) == 0, check


def test_an_absence_finds_somebody_else_for_the_same_hour(suite, matching):
    town = Town(suite, matching, "drains", 2)
    order = town.order("BY_ENGINE")
    eventually(lambda: town.visits(), "booked")
    technician, start_at, _, _ = town.visits()[0]
    suite.tell(
        "workforce.v1.TechnicianChanged", technician, "",
        f'technician {{ technician_id: "{technician}" first_name: "Anna" skills: "{town.skill}" active: true home {{ lat: 52.23 lon: 21.01 }} }}',
    )  # fmt: skip
    eventually(lambda: town.visits() and town.visits()[0][0] != technician, "somebody else comes")
    assert town.visits()[0][1] == start_at, "the promised hour stays"
    assert suite.heard("matching.v1", order)[-1][0] == "VisitReassigned"


def test_an_absence_that_nobody_makes_up_for_is_told_as_such(suite, matching):
    """The customer, and whoever has the visit on his list, hear that it is off; not only that nobody can come."""
    town = Town(suite, matching, "furniture", 1)
    order = town.order("BY_ENGINE")
    eventually(lambda: town.visits(), "booked")
    suite.tell(
        "workforce.v1.TechnicianChanged", town.technicians[0], "",
        f'technician {{ technician_id: "{town.technicians[0]}" first_name: "Anna" skills: "{town.skill}" active: true home {{ lat: 52.23 lon: 21.01 }} }}',
    )  # fmt: skip
    eventually(lambda: len(suite.heard("matching.v1", order)) == 3, "told")
    assert [kind for kind, _, _ in suite.heard("matching.v1", order)] == ["VisitBooked", "VisitCancelled", "WorkOrderUnstaffed"]
    assert 'reason: "technician_absent"' in suite.heard("matching.v1", order)[1][2]


def book_faults(suite, matching):
    """What the checker counts of days that do not hold."""
    status, check = matching.ask("GET", "/v1/book/check", suite.actor("operator", "me"))
    assert status == 200, check
    return {name: count for name, count in check.items() if name not in ("technician_days", "visits")}


def test_the_checker_finds_nothing_and_a_forged_slot_is_refused(suite, matching):
    town = Town(suite, matching, "doors", 1)
    order = town.order()
    eventually(lambda: town.heard(order), "heard")
    for slot in ("", "x", f"{town.technicians[0]}.1", f"{new_id()}.{local_day(town.begins)}.{town.begins + HOUR}",
                 f"{town.technicians[0]}.{local_day(town.begins)}.{town.begins + HOUR + 60000}", f"{town.technicians[0]}.{local_day(town.begins)}.{town.begins}"):
        status, _ = town.ask("POST", f"/v1/work-orders/{order}/booking", {"slot_id": slot})
        assert status in (409, 422), slot
    assert eventually(lambda: book_faults(suite, matching) == {}, "memory has followed") and town.visits() == []
    suite.sql("UPDATE matching.technician_day SET version = version + 1 WHERE technician_id = %s RETURNING 1", town.technicians[0])
    assert set(book_faults(suite, matching)) == {"version_differs"}, "nobody was told"
    suite.sql("UPDATE matching.technician_day SET version = version - 1 WHERE technician_id = %s RETURNING 1", town.technicians[0])


def test_a_visit_that_still_fits_is_not_taken_away(suite, matching):
    town = Town(suite, matching, "intercoms", 2)
    order = town.order("BY_ENGINE")
    eventually(lambda: town.visits(), "booked")
    before = town.visits()
    suite.sql("UPDATE matching.visit SET wants_other = true WHERE work_order_id = %s RETURNING 1", order)
    eventually(lambda: suite.sql("SELECT 1 FROM matching.visit WHERE work_order_id = %s AND NOT wants_other", order), "looked at")
    assert town.visits() == before
    assert [kind for kind, _, _ in suite.heard("matching.v1", order)] == ["VisitBooked"]


def test_an_absence_is_not_forgotten_by_a_process_that_ends(suite, matching):
    town = Town(suite, matching, "gates", 2)
    order = town.order("BY_ENGINE")
    eventually(lambda: town.visits(), "booked")
    technician, start_at, _, _ = town.visits()[0]
    matching.stop()
    # As it is left behind when the process ends between the new shape's COMMIT and the look for somebody else.
    shape = f'technician_id: "{technician}" day: {local_day(town.begins)} first_name: "Anna" skills: "gates" active: true home {{ lat: 52.23 lon: 21.01 }}'
    packed = subprocess.run(["protoc", "-I", ROOM, "-I", "/usr/include", "--encode=matching.v1.TechnicianDay", "proto/matching.proto"],
                            input=shape.encode(), capture_output=True, check=True, cwd=ROOM).stdout
    suite.sql("UPDATE matching.technician_day SET shape = %s, version = version + 1 WHERE technician_id = %s RETURNING 1", packed, technician)
    suite.sql("UPDATE matching.visit SET wants_other = true WHERE work_order_id = %s RETURNING 1", order)
    matching.start()
    eventually(lambda: town.visits() and town.visits()[0][0] != technician, "somebody else comes")
    assert town.visits()[0][1] == start_at, "the promised hour stays"


def test_who_is_seen_too_far_away_is_not_offered_for_the_next_hour(suite, matching, redis):
    """Live state is routing's, in Redis; wiped, nothing but this knowledge is lost."""
    town = Town(suite, matching, "painting", 1, begins=(now_ms() // HOUR) * HOUR)
    order = town.order()
    eventually(lambda: town.heard(order), "heard")
    soon = lambda: [slot["start_at"] for slot in town.slots(order) if slot["start_at"] < now_ms() + 30 * 60_000]  # noqa: E731
    eventually(soon, "with no place known, the next half hour is offered")
    key = f"tech:{town.technicians[0]}"
    redis("HSET", key, "lat", "54.35", "lon", "18.65", "at", now_ms())  # at the seaside
    assert soon() == [] and town.slots(order), "but later hours are"
    redis("HSET", key, "lat", "52.231", "lon", "21.012", "at", now_ms())
    assert soon(), "he is round the corner"
    redis("HSET", key, "lat", "54.35", "lon", "18.65", "at", now_ms() - 6 * 60_000)
    assert soon(), "what was seen six minutes ago says nothing"
    redis("FLUSHALL")
    assert soon()
