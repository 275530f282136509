# The city's own judgement, tested: what its checks count when something is wrong, and that a seed makes one world.
import subprocess
from dataclasses import dataclass
from pathlib import Path

import baseline
import clock
import pages
import promises
from partner_events import broken_sequences
from pictures import photo, signature
from protofile import Types
from world import World

ROOM = Path(__file__).resolve().parents[2]


@dataclass
class Told:
    subject: str
    sequence: int


class Facts:
    """Facts by type, as facts.Facts has them."""

    def __init__(self, *told):
        self.told = told

    def all(self, kind):
        return [fact | {"fact": Told("order", number)} for number, (name, fact) in enumerate(self.told, 1)
                if kind.endswith("." + name)]


def visit(start_at, moves=0, visit_id="v1"):
    return {"visit_id": visit_id, "start_at": start_at, "moves": moves}


CUSTOMER = {"kind": "customer", "id": "c"}
BOOKED = ("VisitBooked", {"visit": visit(100), "by": CUSTOMER, "first_contact": True})


def moved(start_at, from_start_at, by=CUSTOMER):
    return "VisitMoved", {"visit": visit(start_at, 1), "from_start_at": from_start_at, "by": by}


def test_a_move_by_consent_is_a_change_and_not_silent():
    assert promises.changes_of_hours(Facts(BOOKED, moved(200, 100))) == ([("order", "v1:1")], [])


def test_a_move_by_nobody_is_silent():
    assert promises.changes_of_hours(Facts(BOOKED, moved(200, 100, {"kind": "", "id": ""})))[1] == [("order", "VisitMoved")]


def test_a_move_from_another_hour_than_was_promised_is_silent():
    assert promises.changes_of_hours(Facts(BOOKED, moved(200, 150)))[1] == [("order", "VisitMoved")]


def test_another_technician_at_another_hour_is_silent():
    swapped = ("VisitReassigned", {"visit": visit(130), "from_technician_id": "t", "reason": "plan"})
    assert promises.changes_of_hours(Facts(BOOKED, swapped))[1] == [("order", "VisitReassigned")]


def test_a_missed_visit_rebooked_without_naming_the_override_is_silent():
    def rebooked(override):
        return "VisitRebooked", {"visit": visit(300, visit_id="v2"), "override": override}

    assert promises.changes_of_hours(Facts(BOOKED, rebooked("missed"))) == ([("order", "v2:0")], [])
    assert promises.changes_of_hours(Facts(BOOKED, rebooked("")))[1] == [("order", "VisitRebooked")]


def test_sequences_with_a_gap_a_repeat_or_a_late_start_are_broken():
    whole = [("a", 1), ("a", 3), ("a", 2), ("b", 1)]
    assert broken_sequences(whole) == 0
    assert broken_sequences([*whole, ("a", 5)]) == 1
    assert broken_sequences([*whole, ("b", 1)]) == 1
    assert broken_sequences([("c", 2), ("d", 2)]) == 2


def test_a_visit_that_nobody_came_to_is_no_kept_promise():
    def there(minutes):
        return "TechnicianThere", {"course": {"there_at": minutes * clock.MINUTE, "start_at": 0}}

    missed = ("VisitMissed", {"course": {"missed_by": "TECHNICIAN"}})
    kept = promises.punctuality(Facts(there(-5), there(15), there(16), there(31), missed))
    assert (kept["visits"], kept["kept"], kept["close"], kept["missed"]) == (5, 2, 3, 1)


def test_the_same_seed_makes_the_same_world_and_another_one_another():
    one, same, other = World(1), World(1), World(2)
    assert one.orders == same.orders and one.technician_file() == same.technician_file()
    assert one.orders != other.orders
    assert len(one.orders) == len(one.by_phone) == 300 and len(one.technicians) == 60


def test_every_service_that_is_covered_has_a_technician_in_every_city():
    world = World(1)
    skills = {each["skill"] for partner in world.partners for contract in partner["contracts"] for each in contract["services"]}
    for city in world.spots:
        assert skills <= {skill for each in world.technicians if each.agglomeration == city for skill in each.skills}


def test_suite_time_and_machine_time_are_inverse_and_the_day_is_whole():
    rows = clock.rows_of_day(1_000_000, speed=2)
    day = clock.Clock(rows)
    assert day.suite_at(0) == day.suite_at(1_000_000) == clock.BEGIN_AT
    assert rows[-1][1:] == (clock.END_AT, 1.0)
    for at in range(clock.BEGIN_AT, clock.END_AT, 17 * clock.MINUTE):
        assert abs(day.suite_at(day.machine_at(at)) - at) < clock.MINUTE
    assert all(earlier[1] < later[1] for earlier, later in zip(rows, rows[1:]))


def test_the_rule_sends_the_nearest_who_is_free_else_who_is_free_first():
    world = World(1)
    order = next(each for each in world.orders if each.service.get("skill") == "plumbing" and each.at > clock.at_hour(1, 9))
    able = [each for each in baseline.crews(world.technicians) if each.technician.agglomeration == order.spot.agglomeration
            and "plumbing" in each.technician.skills and each.free_at <= order.at < each.until - clock.HOUR]
    nearest = min(able, key=lambda crew: baseline.road_m(crew.point, order.truth))
    assert baseline.choose(able, order, order.at) == (nearest, order.at)
    for crew in able:
        crew.free_at = order.at + clock.HOUR
    nearest.free_at = order.at + 2 * clock.HOUR
    assert baseline.choose(able, order, order.at)[0] is not nearest


def test_a_message_reads_as_protoc_wrote_it():
    text = """visit { visit_id: "v" start_at: 1795526937640 state: BOOKED moves: -3 place { lat: 52.25 accuracy: DISTRICT } }
        by { kind: "engine" } first_contact: true"""
    command = ["protoc", "-I", str(ROOM), "-I", "/usr/include", "--encode=matching.v1.VisitBooked", "proto/matching.proto"]
    packed = subprocess.run(command, input=text.encode(), capture_output=True, check=True, cwd=ROOM).stdout
    booked = Types().decode("matching.v1.VisitBooked", packed)
    assert (booked["visit"]["start_at"], booked["visit"]["state"], booked["visit"]["moves"]) == (1795526937640, "BOOKED", -3)
    assert booked["visit"]["place"] == {"lat": 52.25, "lon": 0.0, "town": "", "district": "", "accuracy": "DISTRICT"}
    assert booked["by"] == {"kind": "engine", "id": ""} and booked["first_contact"]


def test_a_page_is_read_as_a_browser_would():
    page = pages.read("""<form method="post" action="/s/x/choose"><input type="hidden" name="key" value="k">
        <button name="slot_id" value="a">10:00</button></form><form action="/s/x/choose"><button name="slot_id" value="b">
        </button></form><form action="/s/x/cancel"><input type="radio" name="reason" value="r1"><input type="radio"
        name="reason" value="r2" checked></form><a href="/s/x/hours?after=1">later</a>""")
    assert [value for _, value in page.choices("/choose", "slot_id")] == ["a", "b"]
    assert page.form("/choose").fields == {"key": "k"}
    assert page.form("/cancel").values("reason") == ["r1", "r2"] and page.form("/cancel").fields == {"reason": "r2"}
    assert page.link("/hours") == "/s/x/hours?after=1"


def test_pictures_are_what_they_say():
    assert photo(1)[:2] == b"\xff\xd8" and photo(1)[-2:] == b"\xff\xd9" and photo(1) == photo(1) != photo(2)
    assert signature(1)[:8] == b"\x89PNG\r\n\x1a\n" and len(signature(1)) < 2000
