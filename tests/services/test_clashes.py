# Before time off: the visits that stand in it.
from conftest import eventually, new_id
from test_licences import Sweeps
from test_matching import HOUR, in_days, matching, redis  # noqa: F401: fixtures


def test_a_technician_sees_what_his_absence_would_hit(suite, matching):  # noqa: F811
    town = Sweeps(suite, matching, 50.9)
    technician = town.enter()
    order, start_at = town.book(in_days(3, 8))
    other_order, other_start = town.book(in_days(2, 8))
    himself = suite.actor("technician", technician)

    def clashes(from_at, until_at, actor=himself):
        return matching.ask("GET", f"/v1/technicians/{technician}/clashes?from={from_at}&until={until_at}", actor)

    status, answer = clashes(in_days(3, 0), in_days(4, 0))
    assert status == 200
    [(visit,)] = suite.sql("SELECT visit_id::text FROM matching.visit WHERE work_order_id = %s", order)
    assert answer["clashes"] == [{"visit_id": visit, "number": "M-7", "start_at": start_at, "length_ms": HOUR}], "and nothing of the customer"
    assert [each["start_at"] for each in clashes(in_days(2, 0), in_days(4, 0))[1]["clashes"]] == [other_start, start_at]
    assert clashes(start_at + HOUR, in_days(4, 0))[1] == {}, "what only touches is not hit"
    assert len(clashes(start_at + HOUR - 1, in_days(4, 0))[1]["clashes"]) == 1
    assert clashes(in_days(1, 0), other_start)[1] == {}
    for actor in (suite.actor("consultant", "ewa"), suite.actor("operator", "olga")):
        assert clashes(in_days(3, 0), in_days(4, 0), actor)[1] == answer
    for actor in (suite.actor("technician", new_id()), suite.actor("partner", "town", "town"), suite.actor("customer", "c", "town")):
        assert clashes(in_days(3, 0), in_days(4, 0), actor)[0] == 403
    for from_at, until_at in (("", 5), (5, "x"), (7, 7), (7, 6), (1, 401 * 24 * HOUR)):
        assert clashes(from_at, until_at)[0] == 422
    assert matching.ask("GET", "/v1/technicians/anna/clashes?from=1&until=2", suite.actor("operator", "olga"))[0] == 404
    suite.sql("UPDATE matching.visit SET state = 3 WHERE work_order_id = %s", other_order)
    eventually(lambda: len(clashes(in_days(2, 0), in_days(4, 0))[1]["clashes"]) == 1, "a cancelled one is no clash")
