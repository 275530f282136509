# A visit from its booking to its proof, as its technician, his customer's partner and a stranger see it.
import hashlib
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from conftest import eventually, new_id, now_ms

MINUTE = 60_000
WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.fixture(scope="module")
def visits(run_service):
    return run_service("visits")


def png(width=640, height=480, salt=b""):
    """Whole but for its pixels, which nobody here decodes; `salt` makes it another file."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"salt\0" + salt) + chunk(b"IEND", b"")


class Story:
    """One order of partner aurora and the visits that matching promises for it."""

    def __init__(self, suite, visits, protocol="photo,signature", partner="aurora"):
        self.suite, self.visits, self.partner = suite, visits, partner
        self.order, self.person, self.words = new_id(), new_id(), new_id()
        self.technician = new_id()
        self.put_person()
        # Contracts differ by protocol, so each story brings its own.
        self.contract = new_id()
        suite.tell(
            "intake.v1.PartnerChanged", f"{partner}-{self.contract}", partner,
            f'partner_id: "{partner}" contracts {{ contract_id: "{self.contract}" services {{ service_id: "plumbing.leak" protocol: "{protocol}" }} }}',
        )  # fmt: skip
        suite.tell("intake.v1.WorkOrderOpened", self.order, partner, f"order {{ {self.order_text()} }}")

    def order_text(self):
        return (
            f'work_order_id: "{self.order}" number: "M-26-000123" partner_id: "{self.partner}" contract_id: "{self.contract}" '
            f'service_id: "plumbing.leak" person_id: "{self.person}" description_key: "{self.words}"'
        )

    def visit_text(self, visit, start_at, technician=None, mates=()):
        along = " ".join(f'mates {{ technician_id: "{mate}" technician_name: "Jan" }}' for mate in mates)
        return (
            f'visit_id: "{visit}" work_order_id: "{self.order}" partner_id: "{self.partner}" '
            f'technician_id: "{technician or self.technician}" technician_name: "Anna" start_at: {start_at} '
            f"tolerance_ms: {15 * MINUTE} length_ms: {60 * MINUTE} state: BOOKED {along}"
        )

    def book(self, start_at, technician=None, kind="VisitBooked", visit=None, mates=()):
        visit = visit or new_id()
        self.suite.tell(f"matching.v1.{kind}", self.order, self.partner, f"visit {{ {self.visit_text(visit, start_at, technician, mates)} }}")
        eventually(lambda: self.row(visit, "start_at") == start_at, f"{kind} is heard")
        return visit

    def row(self, visit, column):
        rows = self.suite.sql(f"SELECT {column} FROM visits.course WHERE visit_id = %s", visit)
        return rows[0][0] if rows else None

    def as_technician(self, technician=None):
        return self.suite.actor("technician", technician or self.technician)

    def post(self, step, body=None, technician=None, **headers):
        return self.visits.ask("POST", f"/v1/visits/{self.order}/{step}", self.as_technician(technician), body or {}, **headers)

    def picture(self, path, body, kind="image/png"):
        return self.visits.ask("POST", f"/v1/visits/{self.order}/{path}", self.as_technician(), body, Content_Type=kind)

    def told(self):
        return [(kind, text) for kind, _, text in self.suite.heard("visits.v1", self.order)]

    def wait_told(self, kind):
        return eventually(lambda: [text for told, text in self.told() if told == kind], f"{kind} is told")

    def put_person(self):
        self.suite.sql(
            "INSERT INTO person.person VALUES (%s, %s, 'Zofia', 'Nowak', '+48601602603', '', 'pl', false, 0)", self.person, self.partner
        )
        self.suite.sql(
            "INSERT INTO person.address VALUES (%s, %s, 'Prosta', '5', '7', '00-838', 'Warszawa', 'Wola', 52.23, 20.99)",
            self.person, self.partner,
        )  # fmt: skip
        self.suite.sql("INSERT INTO person.words VALUES (%s, %s, %s, 'Cieknie pod zlewem')", self.words, self.person, self.partner)


DONE = {"findings": "pęknięty wężyk", "work_done": "wymiana wężyka", "solved": "yes", "signer_name": "Zofia N."}


def test_a_visit_is_done_only_with_the_proof_that_the_contract_asks_for(suite, visits):
    story = Story(suite, visits)
    visit = story.book(now_ms() + 5 * MINUTE)
    eta = now_ms() + 10 * MINUTE
    status, course = story.post("on-the-way", {"eta_at": eta})
    assert (status, course["state"], course["eta_at"]) == (200, "on_the_way", eta)
    assert story.post("done", DONE)[0] == 409, "not before the arrival"
    status, course = story.post("there", {"lat": 52.23456, "lon": 20.99})
    assert (status, course["state"]) == (200, "there")
    assert suite.sql("SELECT lat FROM visits.course_event WHERE visit_id = %s AND event = 'come'", visit) == [(52.235,)]

    status, problem = story.post("done", DONE)
    assert status == 422
    assert [(each["pointer"], each["rule"]) for each in problem["errors"]] == [("/photos", "photo"), ("/signature", "signature")]
    status, kept = story.picture("photos?kind=before", png())
    assert (status, kept["media_type"]) == (201, "image/png")
    assert [each["rule"] for each in story.post("done", DONE)[1]["errors"]] == ["signature"]
    assert story.picture("signature", png(salt=b"s"))[0] == 201

    lines = [{"item": "robocizna", "quantity": 1500}, {"item": "dojazd", "quantity": 1000}]
    status, course = story.post("done", DONE | {"lines": lines, "parts": [{"sku": "WZ-40", "quantity": 1}]})
    assert (status, course["state"], course["solved"]) == (200, "done", "yes")
    assert [file["kind"] for file in course["files"]] == ["before", "signature"]
    story.wait_told("VisitDone")
    told = story.told()
    assert [kind for kind, _ in told] == ["TechnicianOnTheWay", "TechnicianThere", "CostLineAsked", "CostLineAsked", "VisitDone"]
    assert all(partner == "aurora" for _, partner, _ in suite.heard("visits.v1", story.order))
    assert not any(word in text for _, text in told for word in ("wężyk", "Zofia")), "no personal words in facts"

    line = course["lines"][0]
    suite.tell(
        "intake.v1.CostLineAccepted", story.order, "aurora",
        f'order {{ {story.order_text()} }} line_id: "{line["line_id"]}" total_grosz: 30000 covered_grosz: 25000 left_grosz: 0',
    )  # fmt: skip
    path, partner = f"/v1/visits/{story.order}/protocol", suite.actor("partner", "key", "aurora")
    read = lambda: visits.ask("GET", path, partner)[1]
    eventually(lambda: read()["lines"][0]["answer"] == "accepted", "the answer is heard")
    protocol = read()
    assert protocol["lines"][0]["covered_grosz"] == 25000 and protocol["lines"][1]["answer"] == "asked"
    assert protocol["work_done"] == "wymiana wężyka" and protocol["parts"] == [{"sku": "WZ-40", "quantity": 1}]
    file = visits.ask("GET", f"/v1/visits/{story.order}/files/{kept['sha256']}", partner)
    assert file == (200, png()), "byte-equal"
    for path in (f"/v1/visits/{story.order}/files/{kept['sha256']}", path):
        assert visits.ask("GET", path, story.as_technician())[0] == 200, "he made it"
        assert visits.ask("GET", path, story.as_technician(new_id()))[0] == 404
        assert visits.ask("GET", path, suite.actor("partner", "key", "borealis"))[0] == 404
    suite.sql("UPDATE visits.course SET start_at = start_at - %s WHERE visit_id = %s", 26 * 60 * MINUTE, visit)
    assert visits.ask("GET", path, story.as_technician())[0] == 404, "a day later it is nobody's business"


def test_a_written_refusal_stands_for_the_signature_and_nothing_asked_is_nothing_needed(suite, visits):
    story = Story(suite, visits, protocol="signature")
    story.book(now_ms())
    story.post("there")
    assert story.post("done", DONE | {"refusal_reason": "klient nie chce podpisywać"})[0] == 200
    free = Story(suite, visits, protocol="")
    free.book(now_ms())
    free.post("there")
    assert free.post("done", DONE)[0] == 200


def test_what_a_phone_says_twice_takes_effect_once(suite, visits):
    story = Story(suite, visits, protocol="")
    story.book(now_ms())
    at = now_ms() - MINUTE
    for step in ("on-the-way", "there", "on-the-way", "there"):
        assert story.post(step, {"at": at})[0] == 200
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: story.post("done", DONE | {"at": at, "lines": [{"item": "dojazd", "quantity": 1000}]}), range(40)))
    assert {status for status, _ in answers} == {200}
    assert len({course["lines"][0]["line_id"] for _, course in answers}) == 1
    story.wait_told("VisitDone")
    assert [kind for kind, _ in story.told()] == ["TechnicianOnTheWay", "TechnicianThere", "CostLineAsked", "VisitDone"]


def test_nobody_there_in_time_is_missed_and_a_late_there_restores(suite, visits):
    story = Story(suite, visits, protocol="")
    promised = now_ms() - 31 * MINUTE
    first = story.book(promised)
    text = story.wait_told("VisitMissed")[0]
    assert "missed_by: TECHNICIAN" in text and "state: MISSED" in text
    other = new_id()
    second = new_id()
    suite.tell(
        "matching.v1.VisitRebooked", story.order, "aurora",
        f"visit {{ {story.visit_text(second, now_ms() + 60 * MINUTE, other)} }} missed {{ {story.visit_text(first, promised)} }}",
    )  # fmt: skip
    eventually(lambda: story.row(second, "state") == 1, "the new visit is planned")
    assert story.row(first, "state") == 5, "the missed one stays missed"
    status, course = story.post("there")
    assert (status, course["state"], course["visit_id"]) == (200, "there", first)
    assert story.row(second, "state") == 6, "what was planned instead is called off"
    story.wait_told("TechnicianThere")
    assert [kind for kind, _ in story.told()] == ["VisitMissed", "TechnicianThere"]
    assert story.post("there", technician=other)[0] == 409


def test_a_replacement_that_has_begun_is_not_undone(suite, visits):
    story = Story(suite, visits, protocol="")
    story.book(now_ms() - 31 * MINUTE)
    story.wait_told("VisitMissed")
    other = new_id()
    story.book(now_ms() + MINUTE, technician=other)
    assert story.post("on-the-way", technician=other)[0] == 200
    assert story.post("there")[0] == 409


def test_who_said_when_he_will_be_there_is_waited_for(suite, visits):
    story = Story(suite, visits, protocol="")
    visit = story.book(now_ms() - 29 * MINUTE)
    assert story.post("on-the-way", {"eta_at": now_ms() + 20 * MINUTE})[0] == 200
    assert story.row(visit, "missed_due_at") > now_ms() + 30 * MINUTE


def test_an_absent_customer_has_the_whole_promise_to_be_at_home(suite, visits):
    story = Story(suite, visits)
    story.book(now_ms() - 5 * MINUTE)
    status, problem = story.post("customer-absent")
    assert (status, problem["errors"][0]["rule"]) == (422, "too_early")
    late = Story(suite, visits)
    late.book(now_ms() - 16 * MINUTE)
    late.post("there")
    status, course = late.post("customer-absent", {"note": "nikt nie otwiera"})
    assert (status, course["state"], course["missed_by"]) == (200, "missed", "customer")
    assert "missed_by: CUSTOMER" in late.wait_told("VisitMissed")[0]
    assert late.post("there")[0] == 409, "that visit is over"


def test_times_of_a_phone_are_believed_within_bounds(suite, visits):
    story = Story(suite, visits)
    visit = story.book(now_ms() - 10 * MINUTE)
    assert story.post("there", {"at": now_ms() + 6 * MINUTE})[1]["errors"][0]["pointer"] == "/at"
    assert story.post("there", {"at": now_ms() - 13 * 60 * MINUTE})[0] == 422
    at = now_ms() - 8 * MINUTE
    assert story.post("there", {"at": at})[1]["there_at"] == at
    [(said_at, entered_at)] = suite.sql("SELECT at, entered_at FROM visits.course_event WHERE visit_id = %s AND event = 'come'", visit)
    assert said_at == at and entered_at > at


def test_moved_reassigned_cancelled(suite, visits):
    story = Story(suite, visits)
    visit = story.book(now_ms() + 60 * MINUTE)
    story.post("on-the-way")
    story.book(now_ms() + 90 * MINUTE, kind="VisitMoved", visit=visit)
    assert story.row(visit, "state") == 1, "nobody has set out for the new hour"
    other = new_id()
    story.suite.tell("matching.v1.VisitReassigned", story.order, "aurora", f"visit {{ {story.visit_text(visit, now_ms() + 90 * MINUTE, other)} }}")
    eventually(lambda: str(story.row(visit, "technician_id")) == other, "another technician")
    assert story.post("on-the-way")[0] == 404, "not his any more"
    suite.tell("intake.v1.WorkOrderCancelled", story.order, "aurora", f"order {{ {story.order_text()} }}")
    eventually(lambda: story.row(visit, "state") == 6, "cancelled with its order")
    assert story.post("there", technician=other)[0] == 409


def test_what_was_written_and_photographed_of_a_person_is_forgotten_with_him(suite, visits):
    story, partner = Story(suite, visits), suite.actor("partner", "key", "aurora")
    visit = story.book(now_ms() + 5 * MINUTE)
    assert story.post("there")[0] == 200
    photo = png(salt=b"of a bathroom")
    sha256 = story.picture("photos?kind=before", photo)[1]["sha256"]
    assert story.picture("photos?kind=before", photo)[1]["sha256"] == sha256 == hashlib.sha256(photo).hexdigest()
    story.picture("signature", png(salt=b"Zofia"))
    assert story.post("done", DONE)[0] == 200
    path = f"/v1/visits/{story.order}/files/{sha256}"
    assert visits.ask("GET", path, partner) == (200, photo)
    files = [suite.files / stored[:2] / stored for (stored,) in suite.sql("SELECT stored FROM visits.proof_file WHERE visit_id = %s", visit)]
    assert len(files) == 2 and not any(photo[8:40] in file.read_bytes() for file in files), "sealed"
    owners = suite.sql("SELECT count(*) FROM person.seal WHERE person_id = %s AND service = 'visits'", story.person)
    assert owners == [(2,)]

    suite.sql("DELETE FROM person.person WHERE id = %s", story.person)
    assert visits.ask("GET", path, partner)[0] == 404, "with the key gone nobody reads it, wherever copies lie"
    suite.tell("intake.v1.PersonForgotten", story.order, "aurora", f'order {{ {story.order_text()} }} person_id: "{story.person}"')
    eventually(lambda: not any(file.exists() for file in files), "the files are deleted")
    words = suite.sql("SELECT findings || work_done || signer_name || refusal_reason || absence_note, solved FROM visits.protocol WHERE visit_id = %s", visit)
    assert words == [("", "yes")], "numbers and times stay"
    assert suite.sql("SELECT count(*) FROM visits.proof_file WHERE visit_id = %s", visit) == [(0,)]


def test_the_day_shows_whom_and_where_and_only_to_whom_it_concerns(suite, visits):
    story = Story(suite, visits)
    today = datetime.now(WARSAW)
    noon = int(today.replace(hour=12, minute=0, second=0, microsecond=0).timestamp() * 1000)
    later = Story(suite, visits)
    later.technician = story.technician
    suite.sql("DELETE FROM person.person WHERE id = %s", later.person)
    later.book(noon + 120 * MINUTE)
    story.book(noon + 60 * MINUTE)
    in_two_days = Story(suite, visits)
    in_two_days.technician = story.technician
    in_two_days.book(noon + 2 * 24 * 60 * MINUTE)

    def mine(day, technician=None):
        status, reply = visits.ask("GET", f"/v1/visits/mine?day={day:%Y-%m-%d}", story.as_technician(technician))
        assert status == 200
        return reply.get("visits", [])

    first, second = mine(today)
    assert first["course"]["work_order_id"] == story.order and second["course"]["work_order_id"] == later.order
    assert (first["first_name"], first["phone"], first["street"], first["house"]) == ("Zofia", "+48601602603", "Prosta", "5")
    assert first["description"] == "Cieknie pod zlewem"
    assert "phone" not in second, "a forgotten customer leaves the visit"
    assert mine(today + timedelta(days=2)) == [], "two days before is nobody's business yet"
    assert mine(today, technician=new_id()) == []
    assert visits.ask("GET", "/v1/visits/mine?day=tomorrow", story.as_technician())[0] == 422

    path = f"/v1/visits/{story.order}"
    assert visits.ask("GET", path, suite.actor("consultant", "ewa"))[1]["technician_name"] == "Anna"
    assert visits.ask("GET", path, suite.actor("partner", "key", "aurora"))[0] == 200
    assert "Zofia" not in str(visits.ask("GET", path, suite.actor("partner", "key", "aurora"))[1])
    assert visits.ask("GET", path, suite.actor("partner", "key", "borealis"))[0] == 404
    assert visits.ask("GET", path, story.as_technician(new_id()))[0] == 404
    assert visits.ask("GET", path, suite.actor("customer", "someone"))[0] == 403


def test_who_goes_along_sees_the_visit_and_its_leader_tells_the_course(suite, visits):
    story, jan, ewa = Story(suite, visits), new_id(), new_id()
    visit = story.book(now_ms() + MINUTE, mates=[jan])

    def mine(technician):
        status, reply = visits.ask("GET", "/v1/visits/mine", story.as_technician(technician))
        assert status == 200
        return [each for each in reply.get("visits", []) if each["course"]["work_order_id"] == story.order]

    [leads], [goes] = mine(None), mine(jan)
    assert leads["together"] == goes["together"] == "Anna" and goes["along"] and not leads.get("along")
    assert goes["phone"] == leads["phone"] and mine(ewa) == []
    path = f"/v1/visits/{story.order}"
    assert visits.ask("GET", path, story.as_technician(jan))[0] == 200
    assert visits.ask("GET", path, story.as_technician(ewa))[0] == 404
    assert story.post("there", technician=jan)[0] == 404, "one tells for all"
    assert visits.ask("POST", f"{path}/photos?kind=before", story.as_technician(jan), png(), Content_Type="image/png")[0] == 404
    assert story.post("on-the-way", {"eta_at": now_ms() + 40 * MINUTE})[0] == 200
    due = story.row(visit, "missed_due_at")
    text = story.visit_text(visit, story.row(visit, "start_at"), mates=[ewa])
    suite.tell("matching.v1.VisitReassigned", story.order, story.partner, f"visit {{ {text} }}")
    eventually(lambda: len(mine(ewa)) == 1, "somebody else goes along")
    assert (story.row(visit, "state"), story.row(visit, "missed_due_at")) == (2, due), "the leader drives on"
    assert mine(jan) == [] and len(mine(ewa)) == 1
    assert visits.ask("GET", path, story.as_technician(jan))[0] == 404
    assert story.post("there")[0] == 200


def test_pictures_are_what_they_say(suite, visits):
    story = Story(suite, visits)
    story.book(now_ms())
    story.post("there")
    assert story.picture("photos?kind=after", b"<html>")[0] == 415
    assert story.picture("photos?kind=after", png(), "image/jpeg")[0] == 415
    assert story.picture("photos?kind=after", png(9000, 9000))[1]["errors"][0]["rule"] == "pixels"
    assert story.picture("photos?kind=after", png()[:20])[1]["errors"][0]["rule"] == "picture"
    assert story.picture("photos?kind=during", png())[0] == 422
    assert story.picture("photos?kind=after", png(salt=b"x" * 10 * 1024 * 1024))[0] == 413
    big = png(salt=b"y" * (10 * 1024 * 1024 - 200))
    assert story.picture("photos?kind=after", big)[1]["size"] == len(big)
    again = [story.picture("photos?kind=after", png())[1]["sha256"] for _ in range(2)]
    assert again[0] == again[1]
    assert len(visits.ask("GET", f"/v1/visits/{story.order}", suite.actor("consultant", "ewa"))[1]["files"]) == 2


def test_a_crash_loses_nothing_and_doubles_nothing(suite, visits):
    story = Story(suite, visits, protocol="")
    story.book(now_ms())
    story.post("there", Idempotency_Key=new_id())
    key = new_id()
    first = story.post("done", DONE, Idempotency_Key=key)
    visits.kill()
    visits.start()
    assert story.post("done", DONE, Idempotency_Key=key) == first
    story.wait_told("VisitDone")
    assert [kind for kind, _ in story.told()] == ["TechnicianThere", "VisitDone"]


def test_walls_hold_for_the_service_itself(suite, visits):
    """Without a partner, the role sees not one row of any table of a partner."""
    with suite.as_role("visits") as to, to.cursor() as cursor:
        for table in ("work_order", "protocol_rule", "course", "course_event", "proof_file", "protocol", "protocol_line", "used_part"):
            cursor.execute(f"SELECT count(*) FROM visits.{table}")
            assert cursor.fetchone() == (0,), table
            assert suite.sql(f"SELECT count(*) > 0 FROM visits.{table}") == [(True,)], f"{table} has rows to hide"


def test_nothing_was_parked(suite, visits):
    assert suite.sql("SELECT type, reason FROM visits.parked") == []


# ---- what is left to do ----


def test_work_that_is_left_is_told_with_its_wishes(suite, visits):
    story = Story(suite, visits, protocol="")
    story.book(now_ms())
    story.post("there")
    earliest = now_ms() + 24 * 60 * MINUTE
    further = {"reason": "part", "length_ms": 90 * MINUTE, "earliest_at": earliest}
    status, course = story.post("done", DONE | {"solved": "partly", "further": further})
    assert (status, course["state"], course["further"]) == (200, "done", further)
    told = story.wait_told("VisitDone")[0]
    wishes = [f"length_ms: {90 * MINUTE}", f"earliest_at: {earliest}"]
    assert 'reason: "part"' in told and all(wish in told for wish in wishes) and "none" not in told
    again = story.post("done", DONE | {"at": now_ms() - MINUTE, "solved": "yes"})
    assert (again[0], again[1]["solved"]) == (200, "partly"), "what was said first stands"
    assert len(story.wait_told("VisitDone")) == 1


@pytest.mark.parametrize(
    "said, told",
    [
        ({"solved": "no"}, {}),
        ({"solved": "no", "further": {"reason": "irreparable", "none": True}}, {"reason": "irreparable", "none": True}),
        ({"solved": "yes"}, None),
    ],
)
def test_unsolved_work_goes_on_unless_it_is_said_that_it_ends(suite, visits, said, told):
    story = Story(suite, visits, protocol="")
    story.book(now_ms())
    story.post("there")
    status, course = story.post("done", DONE | said)
    assert status == 200
    assert course.get("further") == told
    fact = story.wait_told("VisitDone")[0]
    assert ("further {" in fact) == (told is not None)


def test_what_cannot_be_left_to_do_is_refused_by_field_and_rule(suite, visits):
    story = Story(suite, visits, protocol="")
    story.book(now_ms())
    story.post("there")
    wrong = [
        ("yes", {"reason": "time"}, "/further", "absent"),
        ("partly", {"length_ms": 60 * MINUTE}, "/further/reason", "pattern"),
        ("partly", {"reason": "rain"}, "/further/reason", "pattern"),
        ("no", {"reason": "time", "length_ms": 17 * MINUTE}, "/further/length_ms", "grid"),
        ("no", {"reason": "time", "length_ms": 11 * 60 * MINUTE}, "/further/length_ms", "range"),
        ("no", {"reason": "drying", "earliest_at": now_ms() - 60 * MINUTE}, "/further/earliest_at", "range"),
        ("no", {"reason": "drying", "earliest_at": now_ms() + 61 * 24 * 60 * MINUTE}, "/further/earliest_at", "range"),
        ("no", {"reason": "irreparable"}, "/further/reason", "pattern"),
        ("no", {"reason": "irreparable", "none": True, "length_ms": 60 * MINUTE}, "/further/length_ms", "absent"),
    ]
    for solved, further, pointer, rule in wrong:
        status, problem = story.post("done", DONE | {"solved": solved, "further": further})
        assert (status, [(each["pointer"], each["rule"]) for each in problem["errors"]]) == (422, [(pointer, rule)]), further
        assert problem["errors"][0]["detail"]
    assert [kind for kind, _ in story.told()] == ["TechnicianThere"], "nothing is half done"
    assert story.post("done", DONE | {"solved": "partly"})[0] == 200


def test_a_second_visit_of_the_order_has_a_course_of_its_own(suite, visits):
    story = Story(suite, visits, protocol="")
    first = story.book(now_ms())
    story.post("there")
    story.post("done", DONE | {"solved": "partly"})
    second = story.book(now_ms() + 2 * MINUTE)
    assert story.post("there")[1]["visit_id"] == second
    assert story.post("done", DONE)[1]["visit_id"] == second
    told = eventually(lambda: (found := story.wait_told("VisitDone")) and len(found) == 2 and found, "both are told")
    assert "further {" in told[0] and "further {" not in told[1]
    assert [story.row(visit, "solved") for visit in (first, second)] == ["partly", "yes"]
    ask = lambda query: visits.ask("GET", f"/v1/visits/{story.order}/protocol{query}", suite.actor("partner", "key", "aurora"))
    assert ask("")[1]["course"]["visit_id"] == second
    assert ask(f"?visit_id={first}")[1]["course"]["visit_id"] == first, "each visit has its own"
    assert ask(f"?visit_id={new_id()}")[0] == 404
