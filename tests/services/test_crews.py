# Several who come together: one hour for all, held, moved, freed and replaced as one (MA-18).
import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import BIN, eventually, new_id
from test_matching import HOUR, Town, book_faults, overlaps

BOOKED, CANCELLED, MISSED, DONE, EXPIRED = 2, 3, 4, 5, 6


@pytest.fixture(scope="module")
def matching(run_service):
    return run_service("matching", MATCHING_LEAD_MS=0, MATCHING_HOLD_MS=60000)


def heard_order(town, technicians=2, **more):
    order = town.order(technicians=technicians, **more)
    eventually(lambda: town.heard(order), "heard")
    return order


def choose(town, order, slot=None, way="booking"):
    """A slot of those that are offered, chosen."""
    slot = slot or eventually(lambda: town.slots(order), "hours")[0]
    return town.ask("POST", f"/v1/work-orders/{order}/{way}", {"slot_id": slot["slot_id"]})


def told(suite, order):
    return [(kind, text) for kind, _, text in suite.heard("matching.v1", order)]


def away(suite, town, technician, name):
    suite.tell("workforce.v1.TechnicianChanged", technician, "",
               f'technician {{ technician_id: "{technician}" first_name: "{name}" skills: "{town.skill}" active: true home {{ lat: 52.23 lon: 21.01 }} }}')


def crew_of(text):
    """Names and ids of a fact's visit: the leader's, the mates'."""
    return re.findall(r'technician_id: "([0-9a-f-]{36})"', text.split("from_technician_id")[0])


def whole(suite, matching):
    return eventually(lambda: book_faults(suite, matching) == {}, "the book holds, memory has followed")


def test_two_come_at_one_hour_and_the_customer_hears_both_names(suite, matching):
    town = Town(suite, matching, "removals", 3)
    order = heard_order(town)
    slot = town.slots(order)[0]
    assert re.fullmatch(r"Anna\d i Anna\d", slot["technician_name"]) and ", przyjadą Anna" in slot["says"], slot
    status, booked = choose(town, order, slot)
    assert status == 201 and booked["technician_name"] == slot["technician_name"], booked
    rows = town.visits()
    assert len(rows) == 2 and len({row[0] for row in rows}) == 2 and {row[1] for row in rows} == {slot["start_at"]}
    [(kind, text)] = told(suite, order)
    assert kind == "VisitBooked" and set(crew_of(text)) == {row[0] for row in rows}
    assert choose(town, order, slot)[0] == 200, "said twice, booked once"
    whole(suite, matching)


def test_who_is_alone_takes_no_work_for_two(suite, matching):
    town = Town(suite, matching, "aerials", 1)
    order = heard_order(town)
    status, offer = town.ask("POST", "/v1/slot-searches", {"work_order_id": order})
    assert status == 200 and "slots" not in offer
    assert {each["rule"]: each["technicians"] for each in offer["refused"]}["no_mate"] == 1, offer
    alone = heard_order(town, technicians=1)
    slot = town.slots(alone)[0]
    for forged in (slot["slot_id"], f"{slot['slot_id']}_{slot['slot_id'].rsplit('.', 1)[0]}"):
        status, refused = town.ask("POST", f"/v1/work-orders/{order}/booking", {"slot_id": forged})
        assert status in (409, 422) and town.visits() == [], refused


def test_the_engine_books_for_three_or_says_why_not(suite, matching):
    town = Town(suite, matching, "carpentry", 3)
    with ThreadPoolExecutor(4) as pool:
        orders = list(pool.map(lambda _: town.order("BY_ENGINE", technicians=3), range(4)))
    eventually(lambda: len(town.visits()) == 12, "four times three", 30)
    assert overlaps(town.visits()) == []
    for order in orders:
        [(kind, text)] = told(suite, order)
        assert kind == "VisitBooked" and len(set(crew_of(text))) == 3
    whole(suite, matching)
    decision = suite.sql("SELECT decision_id::text FROM matching.decision WHERE work_order_id = %s", orders[-1])[0][0]
    again = subprocess.run([BIN / "matching", "--replay", decision], env=matching.env, capture_output=True, text=True)
    assert again.returncode == 0, again.stdout + again.stderr


def test_one_hour_of_two_for_many_hands(suite, matching):
    """Clients choose the same people at the same hour, alone and in twos: nobody is promised twice, nobody goes alone."""
    town = Town(suite, matching, "glazing", 2)
    alone, pairs = [heard_order(town, technicians=1) for _ in range(12)], [heard_order(town) for _ in range(12)]
    for_one, for_two = town.slots(alone[0]), town.slots(pairs[0])
    asked = [(order, for_one[number % 3]) for number, order in enumerate(alone)] + [(order, for_two[number % 3]) for number, order in enumerate(pairs)]
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda each: choose(town, *each), asked))
    assert {status for status, _ in answers} <= {201, 409, 503} and 201 in {status for status, _ in answers}
    assert overlaps(town.visits()) == []
    whole(suite, matching)


def test_a_hold_of_two_is_taken_or_ends_as_one(suite, matching):
    town = Town(suite, matching, "roofing", 2)
    order = heard_order(town)
    status, held = choose(town, order, way="hold")
    assert status == 201 and len(town.visits((1,))) == 2, held
    status, booked = town.ask("POST", f"/v1/work-orders/{order}/booking", {"visit_id": held["visit_id"]})
    assert status == 201 and len(town.visits()) == 2 and booked["technician_name"] == held["technician_name"], booked
    other = heard_order(town)
    assert choose(town, other, way="hold")[0] == 201
    suite.sql("UPDATE matching.visit SET hold_until = 1 WHERE work_order_id = %s AND state = 1 RETURNING 1", other)
    eventually(lambda: len(town.visits((EXPIRED,))) == 2, "both are free")
    whole(suite, matching)


def test_a_hold_that_ended_in_one_day_ends_in_the_other(suite, matching):
    town = Town(suite, matching, "gutters", 2)
    order = heard_order(town)
    assert choose(town, order, way="hold")[0] == 201
    suite.sql("UPDATE matching.visit SET state = 6, hold_until = 0 WHERE work_order_id = %s AND mate_of IS NULL RETURNING 1", order)
    suite.sql("UPDATE matching.visit SET hold_until = 1 WHERE work_order_id = %s AND state = 1 RETURNING 1", order)
    eventually(lambda: len(town.visits((EXPIRED,))) == 2, "the mate is free, too")


def test_a_move_takes_all_along_also_in_other_roles(suite, matching):
    town = Town(suite, matching, "masonry", 3)
    order = heard_order(town)
    assert choose(town, order)[0] == 201
    was = town.visits()
    moves = [each for each in eventually(lambda: town.slots(order), "hours") if each["start_at"] != was[0][1]]
    status, moved = choose(town, order, moves[-1], "move")
    assert status == 200 and {row[1] for row in town.visits()} == {moves[-1]["start_at"]} and len(town.visits()) == 2, moved
    # The same hour with the roles changed: who led goes along.
    slot = moves[-1]["slot_id"].split("_")
    first, mate = slot[0].split("."), slot[1].split(".")
    swapped = f"{mate[0]}.{mate[1]}.{first[2]}_{first[0]}.{first[1]}"
    status, moved = choose(town, order, {"slot_id": swapped}, "move")
    assert status == 200 and len(town.visits()) == 2, moved
    assert suite.sql("SELECT technician_id::text FROM matching.visit WHERE work_order_id = %s AND state = 2 AND mate_of IS NULL", order)[0][0] == mate[0]
    assert [kind for kind, _ in told(suite, order)] == ["VisitBooked", "VisitMoved", "VisitMoved"]
    whole(suite, matching)


@pytest.mark.parametrize("kind,states", [("cancelled", (CANCELLED,)), ("done", (DONE,))])
def test_what_ends_ends_for_all(suite, matching, kind, states):
    town = Town(suite, matching, "gardens" if kind == "done" else "windows", 2)
    order = heard_order(town)
    status, booked = choose(town, order)
    assert status == 201
    if kind == "done":
        suite.tell("visits.v1.VisitDone", order, "town",
                   f'course {{ visit_id: "{booked["visit_id"]}" work_order_id: "{order}" partner_id: "town" state: DONE solved: "yes" }}')
    else:
        suite.tell("intake.v1.WorkOrderCancelled", order, "town", f'order {{ work_order_id: "{order}" partner_id: "town" state: CANCELLED }} reason: "other"')
    eventually(lambda: len(town.visits(states)) == 2, kind)
    assert town.visits() == []
    whole(suite, matching)


@pytest.mark.parametrize("who", ["leader", "mate"])
def test_who_cannot_come_is_replaced_at_the_same_hour(suite, matching, who):
    town = Town(suite, matching, "floors" if who == "leader" else "furniture", 3)
    order = heard_order(town)
    status, booked = choose(town, order)
    assert status == 201
    gone = suite.sql(f"SELECT technician_id::text FROM matching.visit WHERE work_order_id = %s AND state = 2 AND mate_of IS {'' if who == 'leader' else 'NOT'} NULL", order)[0][0]
    away(suite, town, gone, "Anna")
    eventually(lambda: gone not in [row[0] for row in town.visits()], "somebody else comes")
    assert len(town.visits()) == 2 and {row[1] for row in town.visits()} == {booked["start_at"]}
    kind, text = told(suite, order)[-1]
    assert kind == "VisitReassigned" and f'from_technician_id: "{gone}"' in text
    assert set(crew_of(text)) == {row[0] for row in town.visits()}
    assert len(re.search(r' technician_name: "([^"]+ i [^"]+)"', text)[1].split(" i ")) == 2
    whole(suite, matching)


def test_when_nobody_can_replace_him_all_get_another_hour(suite, matching):
    """Two days: on the first one of two falls ill."""
    town = Town(suite, matching, "painting", 2)
    later = [town.begins + 24 * HOUR, town.begins + 32 * HOUR]
    day = suite.sql("SELECT max(day) FROM matching.technician_day WHERE technician_id::text = ANY(%s)", town.technicians)[0][0]

    def shifts(technician, name, *windows):
        text = " ".join(f"shifts {{ day: {date} from: {start} until: {end} }}" for date, start, end in windows)
        suite.tell("workforce.v1.TechnicianChanged", technician, "",
                   f'technician {{ technician_id: "{technician}" first_name: "{name}" skills: "painting" active: true '
                   f'home {{ lat: 52.23 lon: 21.01 town: "Warszawa" }} {text} }}')  # fmt: skip

    first = (day, town.begins, town.begins + 8 * HOUR)
    for number, technician in enumerate(town.technicians):
        shifts(technician, f"Anna{number}", first, (day + 1, *later))
    order = heard_order(town)
    soon = eventually(lambda: [each for each in town.slots(order) if each["start_at"] < later[0]], "hours of the first day")[0]
    assert choose(town, order, soon)[0] == 201
    suite.sql("UPDATE matching.order_copy SET latest_by = %s WHERE work_order_id = %s RETURNING 1", later[1], order)
    shifts(town.technicians[0], "Anna0", (day + 1, *later))
    eventually(lambda: {row[1] for row in town.visits()} and min(row[1] for row in town.visits()) >= later[0], "another hour for both")
    assert len(town.visits()) == 2 and len(town.visits((MISSED,))) == 2
    kind, text = told(suite, order)[-1]
    assert kind == "VisitRebooked" and 'override: "technician_absent"' in text
    whole(suite, matching)


def test_a_late_arrival_brings_back_who_is_still_free(suite, matching):
    town = Town(suite, matching, "tiling", 2)
    order = heard_order(town)
    status, booked = choose(town, order)
    assert status == 201

    def tell(kind):
        suite.tell(f"visits.v1.{kind}", order, "town",
                   f'course {{ visit_id: "{booked["visit_id"]}" work_order_id: "{order}" partner_id: "town" missed_by: TECHNICIAN }}')

    tell("VisitMissed")
    eventually(lambda: len(town.visits((MISSED,))) == 2, "missed by both")
    eventually(lambda: len(told(suite, order)) >= 2, "what follows is told")
    tell("TechnicianThere")
    eventually(lambda: {row[1] for row in town.visits()} == {booked["start_at"]} and len(town.visits()) == 2, "both are back")
    kind, text = told(suite, order)[-1]
    assert kind == "VisitBooked" and len(set(crew_of(text))) == 2, json.dumps(text)
    whole(suite, matching)


def test_no_plan_tears_them_apart(suite, matching):
    town = Town(suite, matching, "cleaning", 3)
    order = heard_order(town)
    assert choose(town, order)[0] == 201
    days = suite.sql("SELECT technician_id::text, day, version FROM matching.technician_day WHERE technician_id::text = ANY(%s)", town.technicians)
    [(visit, leader)] = suite.sql("SELECT visit_id::text, technician_id::text FROM matching.visit WHERE work_order_id = %s AND state = 2 AND mate_of IS NULL", order)
    free = next(iter(set(town.technicians) - {row[0] for row in town.visits()}))
    plan, rows = new_id(), sorted(town.visits())
    versions = " ".join(f'computed_from {{ technician_id: "{who}" day: {day} version: {version} }}' for who, day, version in days)
    suite.tell("routing.v1.PlanProposed", plan, "",
               f'plan_id: "{plan}" day: {days[0][1]} {versions} swaps {{ visit_id: "{visit}" work_order_id: "{order}" '
               f'from_technician_id: "{leader}" to_technician_id: "{free}" }}')  # fmt: skip
    [(kind, _, text)] = eventually(lambda: suite.heard("matching.v1", plan), "answered")
    assert kind == "PlanRefused" and 'rule: "visit_gone"' in text, text
    assert sorted(town.visits()) == rows


def test_the_checker_sees_a_crew_that_is_not_whole(suite, matching):
    town = Town(suite, matching, "doors", 2)
    order = heard_order(town)
    assert choose(town, order)[0] == 201
    whole(suite, matching)
    suite.sql("UPDATE matching.visit SET state = 3 WHERE work_order_id = %s AND mate_of IS NOT NULL RETURNING 1", order)
    assert book_faults(suite, matching).get("crews_broken") == 1
    suite.sql("UPDATE matching.visit SET state = 2 WHERE work_order_id = %s AND mate_of IS NOT NULL RETURNING 1", order)
    whole(suite, matching)
