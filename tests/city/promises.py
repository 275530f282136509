# What was promised, changed and kept, read from matching's and visits' facts alone.
from collections import Counter, defaultdict

KEPT_MS, CLOSE_MS = 15 * 60_000, 30 * 60_000
HOUR_FACTS = ("VisitBooked", "VisitMoved", "VisitReassigned", "VisitRebooked")
# Whose act it was when an order was changed after it came in.
PARTNERS, OURS = {"partner"}, {"consultant", "operator"}


def changes_of_hours(facts):
    """-> ([(order, occurrence) of each told change], [what changed silently])."""
    told = [(each["fact"].subject, each["fact"].sequence, kind, each)
            for kind in HOUR_FACTS for each in facts.all(f"matching.v1.{kind}")]
    start_at, changes, silent = {}, [], []
    for order, _, kind, fact in sorted(told, key=lambda each: each[:2]):
        visit = fact["visit"]
        known = start_at.get(visit["visit_id"])
        if kind in ("VisitBooked", "VisitReassigned") and known not in (None, visit["start_at"]):
            silent.append((order, kind))
        if kind == "VisitMoved":
            changes.append((order, f"{visit['visit_id']}:{visit['moves']}"))
            if not (fact["by"] and fact["by"]["kind"]) or known not in (None, fact["from_start_at"]):
                silent.append((order, kind))
        if kind == "VisitRebooked":
            changes.append((order, f"{visit['visit_id']}:{visit['moves']}"))
            if not fact["override"]:
                silent.append((order, kind))
        start_at[visit["visit_id"]] = visit["start_at"]
    return changes, silent


def punctuality(facts):
    """Of every visit that somebody came to, or that nobody came to: how far from the promised hour."""
    off = [each["course"]["there_at"] - each["course"]["start_at"] for each in facts.all("visits.v1.TechnicianThere")]
    missed = sum(each["course"]["missed_by"] == "TECHNICIAN" for each in facts.all("visits.v1.VisitMissed"))
    count = len(off) + missed
    return {
        "visits": count,
        "kept": sum(abs(each) <= KEPT_MS for each in off),
        "close": sum(abs(each) <= CLOSE_MS for each in off),
        "missed": missed,
        "mean_off_minutes": round(sum(abs(each) for each in off) / len(off) / 60_000, 1) if off else 0.0,
        "latest_minutes": round(max(off, default=0) / 60_000),
    }


def acts(facts):
    """Per opened order, who acted on it by hand after it came in (PE-24). -> counts of orders."""
    opened = {each["order"]["work_order_id"]: each["order"] for each in facts.all("intake.v1.WorkOrderOpened")}
    who = defaultdict(set)
    for kind in ("matching.v1.VisitBooked", "matching.v1.VisitMoved", "matching.v1.VisitCancelled",
                 "intake.v1.WorkOrderCancelled", "intake.v1.CallTaskClosed"):  # fmt: skip
        for each in facts.all(kind):
            if each["by"] and each["by"]["kind"]:
                who[each["fact"].subject].add(each["by"]["kind"])
    for order_id, order in opened.items():
        if order["channel"] == "CONSULTANT":
            who[order_id].add("consultant")
    none_by_partner = sum(not who[each] & PARTNERS for each in opened)
    none_by_staff = sum(not who[each] & (PARTNERS | OURS) for each in opened)
    none_at_all = sum(not who[each] & (PARTNERS | OURS | {"customer"}) for each in opened)
    return {"orders": len(opened), "no_partner": none_by_partner, "no_staff": none_by_staff, "nobody": none_at_all}


def first_contact(facts):
    """Orders whose hour stood at first contact, by who chooses."""
    chooser = {each["order"]["work_order_id"]: each["order"]["chooser"] for each in facts.all("intake.v1.WorkOrderOpened")}
    booked = {each["fact"].subject for each in facts.all("matching.v1.VisitBooked") if each["first_contact"]}
    return {"orders": len(chooser), "first": len(booked),
            "of": {each: (sum(order in booked for order in chooser if chooser[order] == each), count)
                   for each, count in sorted(Counter(chooser.values()).items())}}  # fmt: skip
