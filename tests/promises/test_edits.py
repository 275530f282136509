# MA-16, I4: a promised hour moves only by consent or a named override, never silently. MA-21: consultants, engine, routing and
# workforce change the same days at once, and no edit is lost: it lands, or one clear conflict tells its author.
import time
from collections import Counter

from conftest import SEED, often, say
from edits import Editors, Papered
from judge import judge
from one_service import eventually
from town import BOOKED, DONE, HELD, HOUR, MINUTE, MISSED, Town


def everything(town, editors):
    """The witnesses, once nothing moves any more."""
    give_up = time.monotonic() + 10  # memory follows a moment later
    while any(wrong := [town.book_check(process) for process in town.matching]):
        assert time.monotonic() < give_up, f"the book's own checker, by process: {wrong}; held: {town.visits(HELD)}; booked: {town.visits(BOOKED)}"
    for process in town.matching:
        process.stop()
    told = town.told(subjects=[edit.what["plan"] for edit in editors.edits if edit.kind == "plan"])
    parked = town.sql("SELECT type, kind, reason FROM matching.parked LIMIT 3")
    assert parked == [], "nothing of it was nonsense"
    return told, {states: town.visits(*states) for states in ((BOOKED, DONE), (BOOKED,))}


def run(town, name, editors, count, **more):
    editors.run(count, **more)
    told, rows = everything(town, editors)
    editors.end()
    kinds = Counter(fact.kind for fact in told)
    answers = Counter(f"{edit.kind} {edit.answer.status}" for edit in editors.edits if edit.answer)
    say(f"{name}: {len(editors.edits)} edits, {editors.kills} kills: {dict(sorted(editors.counts().items()))}")
    say(f"{name}: answered {dict(sorted(answers.items()))}")
    say(f"{name}: told {dict(sorted(kinds.items()))}, {len(rows[BOOKED,])} visits stand")
    return told, rows, kinds, answers


def test_nobody_s_edit_is_lost_on_days_that_all_want(suite, facts, processes):
    town = Papered(suite, facts, processes(), technicians=6, days=(3, 4))
    editors = Editors(town, f"{SEED} edits")
    told, rows, kinds, answers = run(town, "edits", editors, often(10_000, 500), kills=often(20, 4))
    assert judge(editors, told, rows) == {}
    assert kinds["PlanRefused"] and answers["move 409"] + answers["book 409"], "or nobody ever met another"
    assert editors.kills >= often(20, 4) and len(editors.edits) >= often(10_000, 500)
    assert kinds["VisitMoved"] and kinds["VisitReassigned"] and kinds["VisitRebooked"] and kinds["VisitCancelled"]


def test_no_promised_hour_moves_silently(suite, facts, processes):
    """Ten thousand technician-days (fewer in make test): everything that may happen to a promise happens; then what is done is done."""
    days = often(14, 5)
    town = Papered(suite, facts, processes(), technicians=often(720, 24), days=range(3, 3 + days))
    editors = Editors(town, f"{SEED} days")
    editors.run(often(20_000, 500))
    done = {"somebody_is_done": 6, "somebody_moves": 1, "engine_books": 2}
    told, rows, kinds, answers = run(town, "days", editors, often(2_000, 60), ways=done)
    assert judge(editors, told, rows) == {}
    changed = {fact.subject for fact in told if fact.kind == "TechnicianDayChanged"}
    steps = sum(fact.kind == "TechnicianDayChanged" for fact in told)
    say(f"days: {len(changed)} technician-days in {steps} versions, each compared with the one before")
    assert len(changed) == len(town.technicians) * days and steps > 2 * len(changed)
    # In a few days with room enough somebody always can; in many, not.
    rare = often(["WorkOrderUnstaffed"], [])
    assert all(kinds[kind] for kind in ["VisitMoved", "VisitReassigned", "VisitRebooked", "VisitCancelled", "VisitFinished", *rare])


def test_who_leaves_a_day_leaves_no_broken_one_behind(suite, facts, processes):
    """The last visit falls out; the one before it was on its way home, and now its technician would be home too late: it goes, too."""
    town = Town(suite, facts, processes(count=1), 1, hours=13)
    technician, far, on_the_way = town.technicians[0], *[town.order(lat=lat) for lat in (52.50, 52.42)]
    facts.flush()
    eventually(lambda: town.sql("SELECT 1 FROM matching.order_copy WHERE work_order_id = %s", on_the_way), "heard")
    for order, hour in (far, 7), (on_the_way, 9):
        booked = town.caller().post(order, "booking", {"slot_id": town.slot_id(technician, town.begins[0] + hour * HOUR)})
        assert booked.status == 201, booked
    absent = (town.begins[0] + 9 * HOUR + 15 * MINUTE, town.begins[0] + 13 * HOUR)
    town.tell_technician(technician, 0, [absent])
    facts.flush()
    eventually(lambda: len(town.visits(MISSED)) >= 1, "who cannot be carried has left")
    eventually(lambda: town.book_check() == {}, "and what stays holds", 10)
    assert len(town.visits(MISSED)) == 2
