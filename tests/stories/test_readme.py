# What the README tells a stranger to type works as it stands there: an order by curl, and how to follow it.
import re
import subprocess

import pytest
from whole_suite import BIN, ROOM

NIGHT = {"weekdays": "7", "from": "02:00", "until": "03:00"}


def commands(heading):
    part = (ROOM / "README.md").read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return "".join(re.findall(r"```bash\n(.*?)```", part, re.S))


@pytest.fixture
def typed(suite):
    """What the stranger types and sees; the other stories get their town back without his technician."""
    words = (commands("Order a repair") + commands("Follow it")).replace("make up\n", "")
    words = re.sub(r"^sleep \d", "sleep 8", words, flags=re.M)  # a machine with other work
    words = re.sub(r"(?<![\w/])\.run\b", str(suite.folder), words)
    yield subprocess.run(["bash", "-euo", "pipefail", "-c", words], cwd=ROOM, capture_output=True, text=True)
    for each in suite.edge("GET", "/v1/technicians", token=suite.token("operator", "readme")).json["technicians"]:
        if each["first_name"] == "Jan":
            rest = {"first_name": "Jan", "skills": ["plumbing"], "home": each["home"], "active": False, "shifts": [NIGHT]}
            gone = suite.edge("PUT", f"/v1/technicians/{each['technician_id']}", rest, suite.token("operator", "readme"), idempotency_key="jan-goes")
            assert gone.status == 200, gone.body


def test_an_order_by_curl_and_how_to_follow_it(suite, typed):
    assert typed.returncode == 0, typed.stderr[-2000:]
    said = typed.stdout
    assert '"partner_reference": "SZK/1"' in said and '"state": "opened"' in said, said
    assert re.search(r"^Wizyta jest umówiona: .*, przyjedzie \w+\.$", said, re.M), said
    assert re.search(r"^visit\.booked  Umówiono wizytę: ", said, re.M), said
    assert re.search(rf"^Potwierdzamy wizytę: .* {re.escape(suite.env['EDGE_URL'])}/s/\w{{22}}$", said, re.M), said
    assert " WorkOrderOpened " in said and " VisitBooked " in said and "booking_confirmation, sms, " in said, said
    keys = re.findall(r"^tk_\S{43}$", said, re.M)
    pages = [suite.edge("GET", page, token=key).status for key, page in zip(keys, ("/c", "/p", "/t"), strict=True)]
    assert pages == [200, 200, 200]


def test_a_day_planned_by_route():
    words = commands("Plan routes with it").replace("make\n", "", 1)
    words = words.replace("build/bin/", f"{BIN}/")
    typed = subprocess.run(["bash", "-euo", "pipefail", "-c", words], cwd=ROOM, capture_output=True, text=True)
    assert typed.returncode == 0, typed.stderr[-2000:]
    stops = [line.split("  ") for line in typed.stdout.splitlines()]
    assert [stop.strip() for _, stop in stops] == ["start", "job 2", "job 3", "job 1", "break 1", "end"], typed.stdout
    assert [at for at, _ in stops] == sorted(at for at, _ in stops) and "08:00" <= stops[0][0] <= stops[1][0] <= "10:00", typed.stdout


def test_route_ends_also_when_its_time_was_over_before_it_had_read():
    problem = '{"vehicles": [{"id": 1, "start": [21, 52]}], "jobs": [{"id": 1, "location": [21.1, 52]}]}'
    subprocess.run([f"{BIN}/route", "--time-limit", "0.001"], input=problem, text=True, cwd=ROOM, check=True, timeout=20, stdout=subprocess.DEVNULL)
