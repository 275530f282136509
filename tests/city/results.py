# One page of results: what the day came to, and whether what must hold held.
import json
import time
from pathlib import Path

import baseline
import promises
from clock import HOUR
from database import Database
from forgetting import Forgetting
from invariants import Invariants
from partner_events import PartnerEvents

DRAIN_S = 20


def wait_until_drained(city, database):
    """What the day's end left under way gets its time: outboxes, early facts, webhooks, our own reading."""
    give_up = time.monotonic() + DRAIN_S
    while time.monotonic() < give_up:
        is_read, total = city.facts.catch_up(2), city.facts.total()
        left = sum(sum(database.in_every_schema(table).values()) for table in ("outbox", "early"))
        left += database.number("SELECT count(*) FROM notifications.stream WHERE state <> 'idle'")
        if not left and is_read and city.facts.catch_up(2) and city.facts.total() == total:
            return True
        time.sleep(0.2)
    return False


class Results:
    def __init__(self, city, folder, seconds, dead):
        """`seconds`: what each part of the demo took; `dead`: processes of the suite that have ended by themselves."""
        self.city, self.facts, self.folder, self.seconds = city, city.facts, Path(folder), seconds
        self.database = Database(city.env)
        self.is_drained = wait_until_drained(city, self.database)
        self.events = PartnerEvents(city)
        self.values = self.measure()
        self.forgetting = Forgetting(city, self.database, folder).run()
        self.is_drained = wait_until_drained(city, self.database) and self.is_drained
        self.events = PartnerEvents(city)
        checks = Invariants(city, self.database, self.events, folder, dead)
        self.invariants = checks.check()
        checks.forgotten(self.forgetting, self.values, self.measure())
        self.broken = sum(count > 0 for _, _, count, _ in self.invariants)

    # ---- figures ----

    def measure(self):
        channels = self.city.edge.get("/v1/conservation", self.city.operator).json.get("channels", [])
        total = lambda name: sum(each.get(name, 0) for each in channels)  # noqa: E731
        return {
            "seed": self.city.world.seed,
            "orders": {"in": self.city.as_sent(), "opened": total("opened"), "quarantined": total("quarantined"),
                       "refused": total("refused"), "joined": total("joined")},
            "channels": channels,
            "states": dict(self.database.rows("SELECT state::text, count(*) FROM intake.work_order GROUP BY 1 ORDER BY 1")),
            "first_contact": promises.first_contact(self.facts),
            "acts": promises.acts(self.facts),
            "promises": promises.punctuality(self.facts),
            "along": self.city.technicians.along,
            "kilometres": self.kilometres(),
            "messages": self.messages(),
            "customers": {name: getattr(self.city.customers, name) for name in ("chosen", "moved", "cancelled", "answered")},
            "calls_by_consultants": self.city.consultants.calls,
            "parts": {name: self.facts.counts[f"Part{name.capitalize()}"] for name in
                      ("ordered", "confirmed", "shipped", "delivered", "late", "cancelled")},
            "surveys": self.surveys(),
            "money": self.money(),
            "partner_events": {name: {"webhook": hook, "topic": topic} for name, (hook, topic) in self.events.count().items()},
            "facts": self.facts.total(),
            "calls": dict(self.city.edge.calls),
            "seconds": self.seconds,
            "city_cpu_seconds": round(time.process_time(), 1),
            "city_lag_suite_minutes": round(self.city.agenda.latest_ms / 60_000, 1),
            "faults": self.city.agenda.faults,
            "surprises": self.city.edge.surprises,
        }  # fmt: skip

    def kilometres(self):
        visited = [(order, order.at + (20 * HOUR if order.service.get("part_sku") else 0))
                   for order in self.city.technicians.visited]
        rule, placed = baseline.kilometres(self.city.world, visited)
        return {"driven": round(self.city.technicians.driven_m() / 1000), "nearest_free_first_come": round(rule),
                "visits": len(visited), "placed_by_the_rule": placed}  # fmt: skip

    def messages(self):
        count = {}
        for each in self.facts.all("notifications.v1.MessageSent"):
            channel = each["message"]["channel"]
            count[channel] = count.get(channel, 0) + 1
        return count | {"failed": self.facts.counts["MessageFailed"], "dropped": self.facts.counts["MessageDropped"]}

    def surveys(self):
        last = {each["survey"]["survey_id"]: each["survey"] for each in self.facts.all("surveys.v1.SurveyAnswered")}
        means = [each["mean"] for each in last.values() if each["mean"] > 0]
        return {"asked": self.facts.counts["SurveyOpened"], "answered": len(last),
                "mean": round(sum(means) / len(means), 2) if means else 0.0}  # fmt: skip

    def money(self):
        accepted = self.facts.all("intake.v1.CostLineAccepted")
        return {"lines": len(accepted), "refused": self.facts.counts["CostLineRefused"],
                "total_grosz": sum(each["total_grosz"] for each in accepted),
                "covered_grosz": sum(each["covered_grosz"] for each in accepted)}  # fmt: skip

    # ---- the page ----

    def page(self):
        v = self.values
        orders, first, acts, kept, km = (v[name] for name in ("orders", "first_contact", "acts", "promises", "kilometres"))
        parts, surveys, money, messages = v["parts"], v["surveys"], v["money"], v["messages"]
        by = ", ".join(f"{who.lower().replace('_', ' ')} {share(*pair)}" for who, pair in first["of"].items())
        events = "; ".join(f"{name} {each['webhook']} = {each['topic']}" if each["webhook"] == each["topic"] else
                           f"{name} {each['webhook']} != {each['topic']}" for name, each in v["partner_events"].items())
        rows = [
            ("orders in", f"{orders['in']} = {orders['opened']} opened + {orders['quarantined']} quarantined + "
                          f"{orders['refused']} refused" + (f" + {orders['joined']} joined" if orders["joined"] else "")),
            ("hour at first contact", f"{share(first['first'], first['orders'])} of {first['orders']}   ({by})"),
            ("no act by the partner", f"{share(acts['no_partner'], acts['orders'])}; nor by our people "
                                      f"{share(acts['no_staff'], acts['orders'])}; nor by the customer "
                                      f"{share(acts['nobody'], acts['orders'])}"),
            ("kept promises", f"{share(kept['kept'], kept['visits'])} within ±15 min, "
                              f"{share(kept['close'], kept['visits'])} within ±30 ({kept['visits']} visits, "
                              f"{kept['missed']} nobody came to, {kept['mean_off_minutes']} min off on average); two came together {v['along']} times"),
            ("kilometres", f"{km['driven']} driven; nearest free technician, first come first served: "
                           f"{km['nearest_free_first_come']} ({saved(km)}) for the same {km['visits']} visits"),
            ("messages", f"{messages.get('sms', 0)} SMS, {messages.get('email', 0)} e-mails; {messages['failed']} failed, "
                         f"{messages['dropped']} dropped as no longer true"),
            ("customers", f"{v['customers']['chosen']} chose by link, {v['customers']['moved']} moved, "
                          f"{v['customers']['cancelled']} called off; consultants called {v['calls_by_consultants']}"),
            ("parts", f"{parts['ordered']} ordered, {parts['delivered']} delivered, {parts['late']} late"),
            ("surveys", f"{surveys['answered']} of {surveys['asked']} answered, mean {surveys['mean']:.2f} of 6"),
            ("money", f"{money['lines']} lines, {zloty(money['total_grosz'])}, covered {zloty(money['covered_grosz'])}"),
            ("partner events", f"webhook = topic: {events}"),
            ("machinery", f"{v['facts']} facts, {sum(v['calls'].values())} calls; " +
                          ", ".join(f"{name} {seconds:.0f} s" for name, seconds in v["seconds"].items())),
        ]  # fmt: skip
        lines = ["", f"  One day of Majster, seed {v['seed']}", ""]
        lines += [f"  {name:>22}  {value}" for name, value in rows]
        return "\n".join(lines + ["", *self.checked(), ""])

    def checked(self):
        held = len(self.invariants) - self.broken
        late = "" if self.is_drained else "; not all was drained in time"
        yield f"  {'invariants':>22}  {held} of {len(self.invariants)} hold (each is a count, its bar is 0{late})"
        for code, what, count, detail in self.invariants:
            yield f"  {code:>16} {count:5}  {what}" + (f"  <-- BROKEN {detail}" if count else "")

    def write(self, page):
        (self.folder / "result.txt").write_text(page + "\n")
        checked = [dict(zip(("code", "what", "count", "detail"), each)) for each in self.invariants]
        whole = self.values | {"drained": self.is_drained, "broken": self.broken, "invariants": checked}
        (self.folder / "result.json").write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")


def share(part, whole):
    return f"{100 * part / whole:.1f} %" if whole else "none"


def saved(km):
    rule = km["nearest_free_first_come"]
    return f"{100 * (km['driven'] - rule) / rule:+.0f} %" if rule else "none"


def zloty(grosz):
    return f"{grosz // 100:,}".replace(",", " ") + f",{grosz % 100:02d} zł"
