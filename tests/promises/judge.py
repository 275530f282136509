# What a run of edits must leave behind, by three witnesses: the facts of each order, the facts of each technician-day (every
# version of it), and the rows. A promised hour may only change by a fact that says so and a consent that was given.
from collections import Counter, defaultdict

from town import BOOKED, DONE, gaps, overlapping

OVERRIDES = {"technician_missing", "customer_absent", "technician_absent"}
STANDS = ("BOOKED", "DONE")


class Orders:
    """Each order's visits as its facts tell them, one after the other."""

    def __init__(self, told):
        self.visits, self.of_order = {}, defaultdict(dict)  # visit -> [order, technician, start, state]
        self.places, self.wrong = set(), []  # (visit, technician, start): where it was ever promised
        self.moves, self.counts, self.by_cause = Counter(), Counter(), defaultdict(list)
        self.kept, self.plan_answers = 0, Counter()  # hours that a fact left as they were
        for fact in told:
            handler = getattr(self, f"on_{fact.kind}", None)
            if handler:
                self.counts[fact.kind] += 1
                self.by_cause[fact.cause].append(fact)
                handler(fact, fact.message)

    def blame(self, why, fact):
        self.wrong.append((why, fact.subject, fact.sequence, fact.kind))

    def live(self, order):
        return [visit for visit, (_, _, state) in self.of_order[order].items() if state == "BOOKED"]

    def place(self, order, visit, state="BOOKED"):
        self.of_order[order][visit["visit_id"]] = (visit["technician_id"], visit["start_at"], state)
        self.places.add((visit["visit_id"], visit["technician_id"], visit["start_at"]))

    def end(self, order, visit, state):
        technician, start_at, _ = self.of_order[order][visit]
        self.of_order[order][visit] = (technician, start_at, state)

    def on_VisitBooked(self, fact, message):
        visit, order = message["visit"], fact.subject
        if self.live(order):
            self.blame("a second hour for one order", fact)
        known = self.of_order[order].get(visit["visit_id"])
        if known and (message["by"]["kind"] != "technician" or known[:2] != (visit["technician_id"], visit["start_at"])):
            self.blame("an old visit stands again, but not as it was", fact)
        self.place(order, visit)

    def on_VisitMoved(self, fact, message):
        visit, order = message["visit"], fact.subject
        if self.of_order[order].get(visit["visit_id"]) != (message["from_technician_id"], message["from_start_at"], "BOOKED"):
            self.blame("moved from where it did not stand", fact)
        self.moves[visit["visit_id"], visit["start_at"]] += 1
        self.place(order, visit)

    def on_VisitReassigned(self, fact, message):
        visit, order = message["visit"], fact.subject
        technician, start_at, state = self.of_order[order].get(visit["visit_id"], ("", 0, ""))
        if (technician, state) != (message["from_technician_id"], "BOOKED"):
            self.blame("taken from who did not have it", fact)
        if start_at != visit["start_at"]:
            self.blame("SILENT: another hour with another technician", fact)
        self.kept += 1
        self.place(order, visit)

    def on_VisitRebooked(self, fact, message):
        order, missed = fact.subject, message["missed"]["visit_id"]
        if self.live(order) != [missed]:
            self.blame("booked again for one that did not stand", fact)
        if message["override"] not in OVERRIDES:
            self.blame("SILENT: another hour, and no override is named", fact)
        if missed in self.of_order[order]:
            self.end(order, missed, "MISSED")
        self.place(order, message["visit"])

    def on_VisitCancelled(self, fact, message):
        if message["visit"]["visit_id"] not in self.live(fact.subject):
            self.blame("cancelled, and did not stand", fact)
        else:
            self.end(fact.subject, message["visit"]["visit_id"], "CANCELLED")

    def on_VisitFinished(self, fact, message):
        self.place(fact.subject, message["visit"], "DONE")

    def on_WorkOrderUnstaffed(self, fact, message):
        for visit in self.live(fact.subject):
            self.end(fact.subject, visit, "MISSED")

    def on_PlanRefused(self, fact, message):
        self.plan_answers[fact.subject] += 1

    def standing(self):
        return {(visit, technician, start_at) for visits in self.of_order.values()
                for visit, (technician, start_at, state) in visits.items() if state in STANDS}  # fmt: skip


class Days:
    """Each technician-day as its facts tell it, version by version."""

    def __init__(self, told):
        self.places, self.last, self.overlaps, self.versions, self.hours = set(), {}, [], 0, defaultdict(list)
        for fact in told:
            if fact.kind != "TechnicianDayChanged":
                continue
            day, self.versions = fact.message["technician_day"], self.versions + 1
            stands = {(visit["visit_id"], day["technician_id"], visit["start_at"]) for visit in day["visits"] if visit["state"] in STANDS}
            self.places |= stands
            self.last[fact.subject] = stands
            if overlapping({visit["visit_id"]: ("", fact.subject, visit["start_at"], visit["length_ms"]) for visit in day["visits"]}):
                self.overlaps.append((fact.subject, fact.sequence))

    def standing(self):
        return set().union(*self.last.values()) if self.last else set()


def judge(editors, told, rows):
    """-> {what does not hold: examples}; empty when all does. `rows`: {visit: (order, technician, start, length)} of BOOKED and DONE."""
    orders, days, edits = Orders(told), Days(told), editors.edits
    stored = {(visit, technician, start_at) for visit, (_, technician, start_at, _) in rows[BOOKED, DONE].items()}
    booked = rows[BOOKED,]
    found = {
        "facts of orders that do not follow from each other": orders.wrong,
        "days whose versions are not told one by one": gaps(told),
        "overlaps in a day as it was told": days.overlaps,
        "a place in a day that no order was told of": days.places - orders.places,
        "told to an order, and in no version of the day": orders.places - days.places,
        "rows, and the last facts of orders": stored ^ orders.standing(),
        "rows, and the last facts of days": stored ^ days.standing(),
        "overlaps in the rows": overlapping(rows[BOOKED, DONE]),
        "moves that nobody asked for": orders.moves - accepted_moves(edits),
        **of_requests(edits, orders, booked),
        **of_facts(edits, editors, orders, rows),
    }
    return {what: list(each)[:3] for what, each in found.items() if each}


def accepted_moves(edits):
    """Of the visit that the order had by then."""
    return Counter((edit.answer.body["visit_id"], edit.answer.body["start_at"]) for edit in edits if edit.kind == "move" and edit.answer.status == 200)


def of_requests(edits, orders, booked):
    """Each landed, or had one clear conflict."""
    asked = [edit for edit in edits if edit.answer]
    clear = {("book", 409), ("book", 410), ("hold", 409), ("move", 409)}
    landed = [edit for edit in asked if edit.answer.status in (200, 201)]
    starts = {(visit, start_at) for visit, _, start_at in orders.places}
    return {
        "an answer that says neither yes nor clearly no": [edit for edit in asked if edit not in landed and edit.answer.status != 204 and
                                                           ((edit.kind, edit.answer.status) not in clear or
                                                            edit.answer.problem not in ("hour-taken", "state", "gone"))],
        "lost: accepted, and told to nobody": [edit for edit in landed if edit.kind == "book" and
                                               (edit.answer.body["visit_id"], edit.answer.body["start_at"]) not in starts],
        "lost: moved, and never stood there": accepted_moves(edits).keys() - starts,
    }  # fmt: skip


def of_facts(edits, editors, orders, rows):
    """Each took effect, or was answered, or came too late for what another had told."""
    of_kind = defaultdict(list)
    for edit in edits:
        of_kind[edit.kind].append(edit)
    cancelled = {edit.what["order"] for edit in of_kind["cancel"]}
    still = {visit: row for visit, row in rows[BOOKED,].items()}
    plans = {}
    for edit in of_kind["plan"]:
        answers = orders.by_cause[edit.what["event"]]
        refused = [fact for fact in answers if fact.kind == "PlanRefused"]
        moved = [fact.message["visit"]["visit_id"] for fact in answers if fact.kind == "VisitReassigned"]
        if not (len(refused) == 1 and refused[0].message["rule"] and not moved) and not (not refused and sorted(moved) == sorted(edit.what["visits"])):
            plans[edit.what["plan"]] = (refused, moved)
    return {
        "lost: cancelled, and still booked": [visit for visit, row in still.items() if row[0] in cancelled],
        "lost: done, and still only booked": [edit.what for edit in of_kind["done"] if edit.what["visit"] in still],
        "lost: missed, and still booked": [visit for visit, state in editors.course.items() if state == "missed" and visit in still],
        "a plan without one answer": plans,
    }
