# Hours kept for emergencies: planned at night from what came before, told with the technician's day, counted afterwards.
import re
from datetime import datetime

from conftest import eventually, new_id, now_ms
from test_matching import HOUR, WARSAW, Town, local_day, matching, redis  # noqa: F401 (fixtures)

DAY = 24 * HOUR
WEEK = 7 * DAY


def hour_of_week(at):
    local = datetime.fromtimestamp(at / 1000, WARSAW)
    return local.weekday() * 24 + local.hour


class FarTown(Town):
    """Beyond reach of every other test's technicians."""

    def __init__(self, suite, matching, skill, technicians, place):  # noqa: F811
        self.name, self.lat, self.lon = place
        super().__init__(suite, matching, skill, technicians, day=3)
        self.technicians.sort()

    def tell_technician(self, technician, name, until_hour=8, sequence=None, absence=""):
        self.suite.tell(
            "workforce.v1.TechnicianChanged", technician, "",
            f'technician {{ technician_id: "{technician}" first_name: "{name}" skills: "{self.skill}" active: true '
            f'home {{ lat: {self.lat} lon: {self.lon} town: "{self.name}" }} {absence} '
            f"shifts {{ day: {local_day(self.begins)} from: {self.begins} until: {self.begins + until_hour * HOUR} }} }}",
        )  # fmt: skip

    def order(self, urgency="NORMAL", chooser="BY_PARTNER"):
        order = new_id()
        self.suite.tell(
            "intake.v1.WorkOrderOpened", order, "town",
            f'order {{ work_order_id: "{order}" number: "M-9" partner_id: "town" service_id: "s" skill: "{self.skill}" person_id: "p" '
            f"chooser: {chooser} urgency: {urgency} visit_length_ms: {HOUR} tolerance_ms: 900000 opened_at: {now_ms()} earliest_at: {now_ms()} "
            f'latest_by: {self.begins + 12 * HOUR} place {{ lat: {self.lat} lon: {self.lon} town: "{self.name}" accuracy: EXACT }} }}',
        )  # fmt: skip
        eventually(lambda: self.heard(order), "heard")
        return order

    def had_emergencies(self, at, a_week):
        """So many in that hour of the week, in each of the eight weeks that are counted."""
        for week in range(1, 9):
            for number in range(a_week):
                self.suite.sql(
                    "INSERT INTO matching.demand (work_order_id, town, skill, lat, lon, visit_length_ms, opened_at, hour_of_week)"
                    " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, %s)",
                    self.name, self.skill, self.lat, self.lon, HOUR, at - week * WEEK + number, hour_of_week(at),
                )  # fmt: skip

    def reserved(self):
        rows = self.suite.sql("SELECT technician_id::text, from_at FROM matching.reserve WHERE town = %s ORDER BY 1, 2", self.name)
        return [(technician, at) for technician, at in rows]

    def told(self, technician):
        """What the last fact of his day says is reserved."""
        facts = self.suite.heard("matching.v1", f"{technician}/{local_day(self.begins)}")
        return [tuple(map(int, found)) for found in re.findall(r"reserved \{\s+from: (\d+)\s+until: (\d+)", facts[-1][2])]

    def version(self, technician):
        return self.suite.sql("SELECT version FROM matching.technician_day WHERE technician_id = %s AND day = %s", technician, local_day(self.begins))[0][0]

    def report(self, at):
        day = datetime.fromtimestamp(at / 1000, WARSAW).strftime("%Y-%m-%d")
        status, report = self.matching.ask("GET", f"/v1/reserve?day={day}", self.suite.actor("operator", "me"))
        assert status == 200 and report["day"] == day, report
        return {hour["from"]: hour for hour in report.get("hours", []) if hour["town"] == self.name}


def run_night(suite):
    suite.sql("UPDATE matching.reserve_night SET due_at = 1")
    ended = "SELECT 1 FROM matching.reserve_night WHERE due_at > 1 AND NOT EXISTS (SELECT FROM matching.reserve_plan)"
    eventually(lambda: suite.sql(ended) and not suite.sql("SELECT 1 FROM matching.reserve_due"), "planned and told")


def test_hours_are_kept_from_what_came_before(suite, matching):  # noqa: F811
    town = FarTown(suite, matching, "wasps", 10, ("Augustów", 53.84, 22.98))
    at = town.begins + 2 * HOUR
    town.had_emergencies(at, 2)

    # The first by id has promised that hour; he is not asked, though his turn it is.
    order = town.order()
    slot = f"{town.technicians[0]}.{local_day(at)}.{at}"
    assert town.ask("POST", f"/v1/work-orders/{order}/booking", {"slot_id": slot})[0] == 201
    run_night(suite)
    chosen = [(technician, at) for technician in town.technicians[1:3]]
    assert town.reserved() == chosen, "a fifth of ten, fewest hours first, then by id"
    for technician, _ in chosen:
        assert town.told(technician) == [(at, at + HOUR)]
    assert town.told(town.technicians[0]) == [] and town.told(town.technicians[3]) == []
    assert town.report(at)[at]["reserved"] == 2 and town.report(at)[at].get("idle", 0) == 0
    eventually(lambda: matching.metric("majster_reserve_hours_ahead") >= 2, "counted")
    due_at = suite.sql("SELECT due_at FROM matching.reserve_night")[0][0]
    assert datetime.fromtimestamp(due_at / 1000, WARSAW).hour == 2 and due_at > now_ms()

    # Planned on a memory that had not heard of the visit yet: under the day's lock it is seen.
    suite.sql("INSERT INTO matching.reserve VALUES (%s, %s, %s, %s, %s, 'wasps', 1)", town.technicians[0], local_day(at), at, at + HOUR, town.name)
    suite.sql("INSERT INTO matching.reserve_due VALUES (%s, %s)", town.technicians[0], local_day(at))
    eventually(lambda: town.reserved() == chosen, "taken back")
    assert town.told(town.technicians[0]) == []

    # The next night finds the same and tells nobody.
    versions = [town.version(technician) for technician in town.technicians]
    run_night(suite)
    assert town.reserved() == chosen and [town.version(technician) for technician in town.technicians] == versions


def test_what_is_kept_survives_a_change_of_the_day_and_ends_with_an_absence(suite, matching):  # noqa: F811
    town = FarTown(suite, matching, "gardens", 6, ("Rzeszów", 50.04, 22.0))
    at = town.begins + 2 * HOUR
    town.had_emergencies(at, 1)
    run_night(suite)
    (technician, _), = town.reserved()
    version = town.version(technician)
    town.tell_technician(technician, "Barbara")
    eventually(lambda: town.version(technician) > version, "the day has another name")
    assert town.told(technician) == [(at, at + HOUR)] and town.reserved() == [(technician, at)]
    town.tell_technician(technician, "Barbara", absence=f"absences {{ from: {at - HOUR} until: {at + HOUR // 2} }}")
    eventually(lambda: not town.reserved(), "nothing is kept of an hour he is not there")
    assert town.told(technician) == []
    run_night(suite)
    (another, _), = town.reserved()
    assert another != technician, "somebody else"


def test_the_reserve_reports_what_became_of_it(suite, matching):  # noqa: F811
    town = FarTown(suite, matching, "heating", 1, ("Koszalin", 54.19, 16.18))
    at = now_ms() // DAY * DAY - DAY + 12 * HOUR  # yesterday
    day = local_day(at)
    for number, urgency in enumerate([1, 3, None]):
        technician, order = new_id(), new_id()
        suite.sql("INSERT INTO matching.reserve VALUES (%s, %s, %s, %s, %s, 'aerials', 1)", technician, day, at, at + HOUR, town.name)
        if urgency:
            suite.sql(
                "INSERT INTO matching.order_copy (work_order_id, partner_id, number, service_id, skill, person_id, lat, lon, town, district, accuracy,"
                " visit_length_ms, earliest_at, latest_by, tolerance_ms, chooser, urgency, opened_at, is_open)"
                " VALUES (%s, 'town', 'M-1', 's', 'aerials', 'p', 53.8, 23.2, 'x', '', 1, %s, 0, 0, 0, 1, %s, 0, false)", order, HOUR, urgency)  # fmt: skip
            suite.sql(
                "INSERT INTO matching.visit (visit_id, work_order_id, partner_id, technician_id, day, start_at, length_ms, tolerance_ms, state,"
                " hold_until, moves, replaces, technician_name, booked_at) VALUES (gen_random_uuid(), %s, 'town', %s, %s, %s, %s, 0, 5, 0, 0, '', 'A', 1)",
                order, technician, day, at + number * 60_000, HOUR)  # fmt: skip
    hour = town.report(at)[at]
    assert [hour.get(name, 0) for name in ("reserved", "used", "given_away", "idle")] == [3, 1, 1, 1]

    # The only one has a day off: an emergency is refused, and that is counted once, in the hour it came.
    town.tell_technician(town.technicians[0], "Anna", absence=f"absences {{ from: {town.begins} until: {town.begins + DAY} }}")
    eventually(lambda: town.version(town.technicians[0]) == 2, "heard")
    order = town.order("EMERGENCY", "BY_ENGINE")
    refused = lambda: sum(hour.get("refused", 0) for hour in town.report(now_ms()).values())  # noqa: E731
    eventually(lambda: refused() == 1, "refused")
    row = suite.sql("SELECT hour_of_week, opened_at FROM matching.demand WHERE work_order_id = %s", order)[0]
    assert row[0] == hour_of_week(row[1])
    assert town.order("NORMAL", "BY_ENGINE") and refused() == 1, "only emergencies are counted"


def test_what_is_kept_is_for_emergencies(suite, matching):  # noqa: F811
    town = FarTown(suite, matching, "locks", 6, ("Zamość", 50.72, 23.25))
    at = town.begins + 2 * HOUR
    town.had_emergencies(at, 1)
    run_night(suite)
    (technician, _), = town.reserved()
    slot = {"slot_id": f"{technician}.{local_day(at)}.{at}"}
    planned, burst = town.order(), town.order("EMERGENCY")
    status, problem = town.ask("POST", f"/v1/work-orders/{planned}/booking", slot)
    assert status == 409 and problem["type"].endswith("/hour-taken"), problem
    offered = [each["slot_id"] for each in town.slots(planned)]
    assert not [each for each in offered if each.startswith(technician) and at - HOUR < int(each.rsplit(".", 1)[1]) < at + HOUR]
    assert town.ask("POST", f"/v1/work-orders/{burst}/booking", slot)[0] == 201
    assert town.report(at)[at]["used"] == 1


def test_who_may_look_and_what_is_no_day(suite, matching):  # noqa: F811
    assert matching.ask("GET", "/v1/reserve", suite.actor("partner", "town", "town"))[0] == 403
    status, problem = matching.ask("GET", "/v1/reserve?day=tomorrow", suite.actor("consultant", "me"))
    assert status == 422 and "2026-11-23" in problem["errors"][0]["detail"], problem
