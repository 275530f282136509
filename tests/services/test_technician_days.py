# What matching makes of a technician's calendar: the shape of each of his days.
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import eventually, new_id
from test_matching import HOUR, in_days, local_day, matching, redis  # noqa: F401: fixtures

MINUTE = 60_000


@pytest.fixture
def shape(suite, matching):  # noqa: F811
    """Tells a technician; answers the day after tomorrow's shape: {"work": [(from, until)], …}, hours since its midnight."""

    def tell(*parts, day=2):
        technician, midnight = new_id(), in_days(day, 0)

        def hours(match):
            return f"from: {midnight + int(float(match[1]) * HOUR)} until: {midnight + int(float(match[2]) * HOUR)}"

        text = " ".join(re.sub(r"(-?[\d.]+)\.\.([\d.]+)", hours, part) for part in parts)
        text = text.replace("shifts {", f"shifts {{ day: {local_day(midnight)}")
        suite.tell(
            "workforce.v1.TechnicianChanged", technician, "",
            f'technician {{ technician_id: "{technician}" first_name: "Ola" skills: "painting" active: true home {{ lat: 52.23 lon: 21.01 }} {text} }}',
        )  # fmt: skip
        [(raw,)] = eventually(
            lambda: suite.sql("SELECT shape FROM matching.technician_day WHERE technician_id = %s AND day = %s", technician, local_day(midnight)), "a day"
        )
        day_text = suite.decoded("matching.v1.TechnicianDay", bytes(raw))
        answer = {"text": day_text, "overtime_ms": int((re.findall(r"^overtime_ms: (\d+)", day_text, re.M) or [0])[0])}
        for name in ("work", "on_call", "breaks"):
            found = re.findall(rf"^{name} {{\n  from: (\d+)\n  until: (\d+)", day_text, re.M)
            answer[name] = [tuple((int(at) - midnight) / HOUR for at in pair) for pair in found]
        return answer

    return tell


def test_work_is_shifts_less_absences(shape):
    day = shape("shifts { 8..16 }", "absences { 10..11 }", "absences { 10.5..12 }")
    assert (day["work"], day["on_call"]) == ([(8, 10), (12, 16)], [])


def test_on_call_gives_way_to_work_and_absences(shape):
    day = shape("shifts { 0..23 on_call: true }", "shifts { 8..16 }", "absences { 18..19 }", "absences { 9..10 }")
    assert day["work"] == [(8, 9), (10, 16)]
    assert day["on_call"] == [(0, 8), (16, 18), (19, 23)], "in an absence from work he is not on call either"


def test_a_day_on_call_alone_is_a_day(shape):
    assert shape("shifts { 0..23 on_call: true }")["on_call"] == [(0, 23)]


def test_breaks_lie_inside_the_work_that_is_left(shape):
    day = shape("shifts { 8..16 breaks { 12..13 } breaks { 14..14.5 } }", "absences { 12.5..13.5 }")
    assert day["work"] == [(8, 12.5), (13.5, 16)]
    assert day["breaks"] == [(12, 12.5), (14, 14.5)]
    assert shape("shifts { 8..16 breaks { 12..13 } }", "absences { 11..14 }")["breaks"] == []


def test_overtime_is_that_of_the_last_work(shape):
    shifts = ("shifts { 6..10 overtime_ms: 60000 }", f"shifts {{ 12..16 overtime_ms: {HOUR} }}")
    assert shape(*shifts)["overtime_ms"] == HOUR
    assert shape(*shifts, "absences { 15..16 }")["overtime_ms"] == 0, "an absence ended it"
    assert shape(*shifts, "absences { 11..17 }")["overtime_ms"] == 60000, "the last that is left"
    assert shape(*shifts, "absences { 16.5..20 }")["overtime_ms"] == HOUR // 2, "not into an absence"
    assert shape(*shifts, "absences { 16..20 }")["overtime_ms"] == 0
    assert shape(*shifts, "absences { 9..10 }")["overtime_ms"] == HOUR, "an earlier absence changes nothing"


def test_what_he_carries_and_where_he_works_stand_in_the_day(shape):
    text = shape("shifts { 8..16 }", 'equipment: "ladder"', 'areas { territory_id: "t" lat: 52.2 lon: 21.0 radius_m: 9000 }')["text"]
    assert 'equipment: "ladder"' in text and "radius_m: 9000" in text


def test_a_batch_may_hold_any_number_of_days(suite, matching):  # noqa: F811
    """Sixty facts that wait are one transaction, and each of these locks a hundred days."""
    technicians, at = [new_id() for _ in range(60)], in_days(100, 8)

    def tell(technician):
        suite.tell(
            "workforce.v1.TechnicianChanged", technician, "",
            f'technician {{ technician_id: "{technician}" first_name: "Ola" skills: "painting" active: true home {{ lat: 52.23 lon: 21.01 }} '
            f"shifts {{ day: {local_day(at)} from: {at} until: {at + HOUR} }} }}",
        )  # fmt: skip

    matching.stop()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tell, technicians))
    matching.start()
    stored = "SELECT count(*) FROM matching.technician_day WHERE technician_id = ANY (%s::uuid[])"
    eventually(lambda: suite.sql(stored, technicians) == [(60,)], "all have their day")
