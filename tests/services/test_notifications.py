# What customers and partners are told: once, about what is so now, and never lost.
import email
import email.policy
import hashlib
import json
import random
import re
import subprocess
import threading
import time
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import ROOM, Service, eventually, new_id, now_ms

WARSAW = ZoneInfo("Europe/Warsaw")
HOUR, MINUTE = 3600 * 1000, 60 * 1000
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=WARSAW)  # a Tuesday; suite time when the service starts
LINK = re.compile(r"https://majster\.test/s/([0-9A-Za-z]{22})\b")


def ms(moment):
    return int(moment.timestamp() * 1000)


def lines(file):
    return [json.loads(line) for line in Path(file).read_text().splitlines()] if Path(file).exists() else []


class Notifications(Service):
    """Starts at noon of the suite's day, whatever the machine's clock says."""

    rate = 1

    def start(self):
        self.suite.sql("DELETE FROM suite.clock")
        self.suite.sql("INSERT INTO suite.clock VALUES (%s, %s, %s)", *self.noon, self.rate)
        try:
            super().start()
        finally:
            self.suite.sql("DELETE FROM suite.clock")


@pytest.fixture(scope="module")
def parts(suite):
    """The suite with gateways besides."""
    if "SMS_GATEWAY_URL" not in suite.env:
        subprocess.run([ROOM / "scripts/parts", "up", suite.folder, "--only", "postgres,kafka,mail,sms,webhook"], check=True)
    suite.read_env()
    return suite


@pytest.fixture(scope="module")
def noon():
    return now_ms(), ms(NOON)


@pytest.fixture(scope="module")
def notifications(parts, noon):
    service = Notifications(
        parts, "notifications",
        NOTIFICATIONS_SMS_URL=parts.env["SMS_GATEWAY_URL"],
        NOTIFICATIONS_SMS_RECEIPTS_SECRET_FILE=parts.env["SMS_RECEIPTS_SECRET_FILE"],
        NOTIFICATIONS_SMTP_URL=parts.env["SMTP_URL"],
        NOTIFICATIONS_MAIL_FROM="Majster <kontakt@majster.test>",
        NOTIFICATIONS_PUBLIC_URL="https://majster.test",
        NOTIFICATIONS_ALLOW_PRIVATE_WEBHOOKS=1,
    )  # fmt: skip
    service.noon = noon
    settle(parts, "SMS_SETTINGS", receipts_url=f"http://127.0.0.1:{service.port}/v1/sms-receipts", receipt_delay_ms=50)
    service.start()
    for partner, name in (("aurora", "Aurora Ubezpieczenia"), ("borealis", "Borealis")):
        parts.tell("intake.v1.PartnerChanged", f"{partner}", partner, f'partner_id: "{partner}" name: "{name}"')
    eventually(lambda: len(parts.sql("SELECT 1 FROM notifications.partner")) >= 2, "partners are known")
    yield service
    service.stop()


def settle(parts, which, **said):
    """Changes a receiver's settings; it looks every tenth of a second."""
    file = Path(parts.env[which])
    now = json.loads(file.read_text()) if file.exists() else {}
    file.write_text(json.dumps(now | said))
    time.sleep(0.25)


class Order:
    """One order of one customer, told fact by fact."""

    def __init__(self, parts, partner="aurora", phone="+48600100200", mail="jan@example.org", chooser="BY_ENGINE", after=""):
        self.parts, self.partner, self.after = parts, partner, after
        self.id, self.person, self.visit, self.moves = new_id(), new_id(), new_id(), 0
        self.number, self.names = "M-26-" + self.id[:6], "Anna"
        self.start_at = ms(NOON + timedelta(days=2, hours=-1, minutes=-45))
        parts.sql(
            "INSERT INTO person.person VALUES (%s, %s, 'Jan', 'Kowalski', %s, %s, 'pl', false, 0)",
            self.person, partner, phone, mail,
        )  # fmt: skip
        self.tell("intake.v1.WorkOrderOpened", f"{self.order()}", chooser=chooser)

    def order(self, state="OPENED"):
        return (
            f'order {{ work_order_id: "{self.id}" number: "{self.number}" partner_id: "{self.partner}" person_id: "{self.person}" '
            f'partner_reference: "SZK/1" state: {state} chooser: CHOOSER channel: MAIL after_work_order_id: "{self.after}" }}'
        )

    def tell(self, kind, text, chooser="BY_ENGINE"):
        self.parts.tell(kind, self.id, self.partner, text.replace("CHOOSER", chooser))

    def visit_text(self, name="visit"):
        return (
            f'{name} {{ visit_id: "{self.visit}" work_order_id: "{self.id}" partner_id: "{self.partner}" technician_name: "{self.names}" '
            f'start_at: {self.start_at} tolerance_ms: {15 * MINUTE} length_ms: {90 * MINUTE} state: BOOKED moves: {self.moves} }}'
        )

    def course(self, state, **more):
        rest = " ".join(f"{key}: {value}" for key, value in more.items())
        return (
            f'course {{ visit_id: "{self.visit}" work_order_id: "{self.id}" partner_id: "{self.partner}" technician_name: "{self.names}" '
            f'start_at: {self.start_at} tolerance_ms: {15 * MINUTE} state: {state} {rest} }}'
        )

    def book(self):
        self.tell("matching.v1.VisitBooked", self.visit_text())
        return self

    def move(self, hours):
        self.start_at += hours * HOUR
        self.moves += 1
        self.tell("matching.v1.VisitMoved", self.visit_text())

    def cancel(self):
        self.tell("matching.v1.VisitCancelled", self.visit_text())

    def messages(self, template=None):
        """[(template, channel, state, body, message_id, reason)] as the ledger has them."""
        names = "queued sending sent delivered failed unknown dropped".split()
        rows = self.parts.sql(
            "SELECT template, channel, state, body, message_id::text, reason FROM notifications.message "
            "WHERE work_order_id = %s ORDER BY created_at, message_id", self.id,
        )  # fmt: skip
        return [(t, c, names[s - 1], *rest) for t, c, s, *rest in rows if template in (None, t)]

    def states(self, template=None):
        return [(each[0], each[1], each[2]) for each in self.messages(template)]

    def wait(self, template, *channels, state="delivered"):
        def ended():
            rows = [each for each in self.messages(template) if each[1] in channels]
            good = all(each[2] in (state, "sent") if each[1] == "email" else each[2] == state for each in rows)
            return rows if len(rows) == len(channels) and good else None

        return eventually(ended, f"{template} by {channels} is {state}; there is {self.messages()}")

    def sms(self):
        ids = {each[4] for each in self.messages()}
        return [each for each in lines(self.parts.env["SMS_JOURNAL"]) if each["event"] == "message" and each["reference"] in ids]

    def mails(self):
        ids = {f"<{each[4]}@majster.test>" for each in self.messages()}
        root = Path(self.parts.env["SMTP_JOURNAL"]).parent / "boxes"
        found = [each for each in lines(self.parts.env["SMTP_JOURNAL"]) if each["message_id"] in ids]
        return [email.message_from_bytes((root / each["file"]).read_bytes(), policy=email.policy.default) for each in found]

    def told(self):
        return self.parts.heard("notifications.v1", self.id)

    def events(self, notifications, partner=None):
        actor = self.parts.actor("partner", "key", partner or self.partner)
        return notifications.ask("GET", f"/v1/partner-events?work_order_id={self.id}", actor)[1].get("events", [])


def calendar(mail):
    """The entry of a mail's calendar part, unfolded: {name: value}."""
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    text = part.get_payload(decode=True).decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    event = text.replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1]
    fields = dict(line.split(":", 1) for line in [*text.split("\r\n")[:5], *event.strip().split("\r\n")])
    assert fields["METHOD"] == part.get_param("method")
    return fields


# ---- messages ----


def test_a_booking_is_confirmed_by_sms_and_mail_with_links_of_their_own(parts, notifications):
    order = Order(parts).book()
    order.wait("booking_confirmation", "sms", "email")
    [sms], [mail] = order.sms(), order.mails()
    said = "Potwierdzamy wizytę: czwartek, 26 listopada 2026, godz. 10:15 (±15 min). Przyjedzie Anna."
    assert sms["to"] == "+48600100200" and sms["text"].startswith(said)
    assert mail["To"] == "jan@example.org" and mail["From"] == "Majster <kontakt@majster.test>"
    assert mail["Subject"] == "Wizyta czwartek, 26 listopada 2026, godz. 10:15"
    text = mail.get_body(("plain",)).get_content()
    assert "czwartek, 26 listopada 2026, godz. 10:15 (±15 min)" in text and "Aurora Ubezpieczenia" in text
    entry = calendar(mail)
    assert (entry["UID"], entry["SEQUENCE"], entry["METHOD"]) == (order.id, "1", "REQUEST")
    assert (entry["DTSTART;TZID=Europe/Warsaw"], entry["DTEND;TZID=Europe/Warsaw"]) == ("20261126T101500", "20261126T114500")
    tokens = [LINK.search(each)[1] for each in (sms["text"], text)]
    assert len(set(tokens)) == 2
    eventually(lambda: len(order.told()) == 4, "told")
    told = order.told()
    assert sorted(kind for kind, _, _ in told) == ["LinkIssued", "LinkIssued", "MessageSent", "MessageSent"]
    assert {partner for _, partner, _ in told} == {"aurora"}
    whole = "".join(text for _, _, text in told)
    assert all(hashlib.sha256(token.encode()).hexdigest() in whole and token not in whole for token in tokens)
    assert "600100200" not in whole and "jan@" not in whole and 'purpose: "visit"' in whole


def test_three_moves_and_a_cancel_are_one_calendar_entry(parts, notifications):
    order = Order(parts, phone="").book()
    for hours in (1, 24, -2):
        order.move(hours)
    order.wait("moved", "email", "email", "email", state="sent")
    order.cancel()
    order.wait("cancelled", "email", state="sent")
    eventually(lambda: len(order.mails()) == 5, "five mails")
    entries = [calendar(mail) for mail in order.mails()]
    assert {entry["UID"] for entry in entries} == {order.id}
    by_sequence = sorted(entries, key=lambda entry: int(entry["SEQUENCE"]))
    assert [entry["SEQUENCE"] for entry in by_sequence] == ["1", "2", "3", "4", "5"], "as matching's facts"
    assert [entry["METHOD"] for entry in by_sequence] == ["REQUEST"] * 4 + ["CANCEL"]
    assert by_sequence[4]["STATUS"] == "CANCELLED" and by_sequence[3]["DTSTART;TZID=Europe/Warsaw"] == "20261127T091500"


@pytest.mark.parametrize("override, template, says", [
    ("predecessor_moved", "postponed", "Przepraszamy, wcześniejsza praca u Państwa ma nową godzinę, więc następna też: "),
    ("technician_absent", "rebooked", "Przepraszamy, wizyta nie odbywa się o umówionej godzinie. Nowa godzina: "),
])  # fmt: skip
def test_a_new_hour_by_override_says_why(parts, notifications, override, template, says):
    order = Order(parts).book()
    order.wait("booking_confirmation", "sms", "email")
    missed, order.visit, order.start_at = order.visit_text("missed"), new_id(), order.start_at + 24 * HOUR
    order.tell("matching.v1.VisitRebooked", f'{order.visit_text()} {missed} override: "{override}"')
    order.wait(template, "sms", "email")
    assert order.sms()[-1]["text"].startswith(says + "piątek, 27 listopada 2026, godz. 10:15 (±15 min). Przyjedzie Anna."), order.sms()
    mail = max(order.mails(), key=lambda mail: int(calendar(mail)["SEQUENCE"]))
    assert calendar(mail)["DTSTART;TZID=Europe/Warsaw"] == "20261127T101500" and calendar(mail)["METHOD"] == "REQUEST"


def test_the_customer_is_asked_for_an_hour_when_he_chooses(parts, notifications):
    began = time.monotonic()
    order = Order(parts, mail="", chooser="BY_CUSTOMER")
    [(_, _, _, body, *_)] = order.wait("choose_hour", "sms")
    assert time.monotonic() - began < 10
    assert LINK.search(body) and f"Aurora Ubezpieczenia: przyjęto zlecenie {order.number}" in body
    assert Order(parts).messages() == [], "nobody else is asked"


def test_who_waits_for_another_s_hour_is_asked_when_that_has_one(parts, notifications):
    order = Order(parts, mail="", chooser="BY_CUSTOMER", after=new_id())
    Order(parts, mail="", chooser="BY_CUSTOMER").wait("choose_hour", "sms")
    assert order.messages() == []
    for _ in range(2):
        order.tell("intake.v1.HourMayBeChosen", order.order(), chooser="BY_CUSTOMER")
    order.wait("choose_hour", "sms")
    eventually(lambda: parts.sql("SELECT 1 FROM notifications.heard WHERE subject = %s AND sequence = 3", order.id), "both were heard")
    assert len(order.messages()) == 1, "once"


def test_a_person_without_any_way_to_be_told_is_counted(parts, notifications):
    order = Order(parts, phone="+48221234567", mail="not an address").book()
    eventually(lambda: order.messages(), "the ledger has it")
    assert [(*each[:3], each[5]) for each in order.messages()] == [("booking_confirmation", "none", "dropped", "no_channel")]
    eventually(lambda: [kind for kind, _, _ in order.told()] == ["MessageDropped"], "told")


def due(order, which, ago_ms=0):
    """The reminder's time has come."""
    order.parts.sql(
        f"UPDATE notifications.visit SET remind_{which}_at = %s WHERE work_order_id = %s AND remind_{which}_at IS NOT NULL",
        ms(NOON) - ago_ms, order.id,
    )  # fmt: skip


def reminders_were_looked_for(parts):
    """A reminder of another order, due by now, has been sent."""
    other = Order(parts, mail="").book()
    other.wait("booking_confirmation", "sms")
    due(other, "day")
    other.wait("reminder_day_before", "sms")


def test_reminders_are_built_from_the_live_visit_once_a_version(parts, notifications):
    order = Order(parts, mail="").book()
    order.wait("booking_confirmation", "sms")
    due(order, "day")
    [(_, _, _, body, *_)] = order.wait("reminder_day_before", "sms")
    assert "26 listopada 2026, godz. 10:15" in body
    order.move(2)
    order.wait("moved", "sms")
    due(order, "day")
    rows = order.wait("reminder_day_before", "sms", "sms")
    assert "godz. 12:15" in rows[1][3]
    order.tell("matching.v1.VisitReassigned", order.visit_text().replace("Anna", "Basia"))
    eventually(lambda: order.parts.sql("SELECT 1 FROM notifications.visit WHERE technician_name = 'Basia' AND work_order_id = %s", order.id), "reassigned")
    due(order, "hour")
    [(_, _, _, body, *_)] = order.wait("reminder_hour_before", "sms")
    assert body.startswith("Już za chwilę: Basia będzie u Państwa o godz. 12:15")
    reminders_were_looked_for(parts)
    assert len(order.sms()) == 5 and len({each["text"] for each in order.sms()}) == 5


def test_no_reminder_after_a_cancel(parts, notifications):
    order = Order(parts, mail="").book()
    order.wait("booking_confirmation", "sms")
    order.cancel()
    order.wait("cancelled", "sms")
    due(order, "day")
    due(order, "hour")
    reminders_were_looked_for(parts)
    assert [each[0] for each in order.messages()] == ["booking_confirmation", "cancelled"]


def test_what_is_too_late_is_dropped_and_counted(parts, notifications):
    order = Order(parts, mail="")
    order.start_at = ms(NOON - timedelta(hours=1))
    order.book()
    eventually(lambda: order.messages(), "the ledger has it")
    assert [(each[2], each[5]) for each in order.messages()] == [("dropped", "too_late")]


def test_on_the_way_is_told_with_its_eta(parts, notifications):
    order = Order(parts).book()
    order.wait("booking_confirmation", "sms", "email")
    eta = ms(NOON + timedelta(days=1, hours=22, minutes=5))
    order.tell("visits.v1.TechnicianOnTheWay", order.course("ON_THE_WAY", eta_at=eta))
    [(_, _, _, body, *_)] = order.wait("on_the_way", "sms")
    assert body == f"Anna jest w drodze i będzie u Państwa około 10:05. Zlecenie {order.number}."


def test_those_who_come_together_are_told_as_several(parts, notifications):
    order = Order(parts)
    order.names = "Anna i Jan"
    order.book().wait("booking_confirmation", "sms", "email")
    assert "(±15 min). Przyjadą Anna i Jan. " in order.sms()[-1]["text"]
    assert ".\nPrzyjadą Anna i Jan.\n" in order.mails()[-1].get_body(("plain",)).get_content()
    assert calendar(order.mails()[-1])["DESCRIPTION"].startswith("Przyjadą Anna i Jan.")
    order.tell("visits.v1.TechnicianOnTheWay", order.course("ON_THE_WAY", eta_at=ms(NOON + timedelta(days=1, hours=22, minutes=5))))
    [(_, _, _, body, *_)] = order.wait("on_the_way", "sms")
    assert body == f"Anna i Jan są w drodze i będą u Państwa około 10:05. Zlecenie {order.number}."


def test_a_survey_goes_by_one_channel_and_its_link_is_for_that(parts, notifications):
    order = Order(parts, phone="").book()
    survey = new_id()
    order.tell("surveys.v1.SurveyOpened", f'survey {{ survey_id: "{survey}" work_order_id: "{order.id}" partner_id: "aurora" }}')
    order.wait("survey_invitation", "email", state="sent")
    eventually(lambda: any('purpose: "survey"' in text for _, _, text in order.told()), "a survey's link is told")


UNFINISHED = {"solved": '"partly"', "further": '{ reason: "part" }'}


def book_next(order):
    """The visit that goes on with the one that stands."""
    first, order.visit = order.visit, new_id()
    order.start_at += 26 * HOUR
    order.tell("matching.v1.VisitBooked", order.visit_text().replace("moves:", f'continues: "{first}" moves:'))
    return first


@pytest.mark.parametrize("who_first", ["visits", "matching"])
def test_unfinished_work_is_told_with_its_next_hour_in_one_message(parts, notifications, who_first):
    order = Order(parts).book()
    order.wait("booking_confirmation", "sms", "email")
    order.tell("visits.v1.TechnicianThere", order.course("THERE"))
    done = order.course("DONE", number=f'"{order.number}"', **UNFINISHED)
    if who_first == "visits":
        order.tell("visits.v1.VisitDone", done)
        first = book_next(order)
    else:
        first = book_next(order)
        order.wait("further_visit", "sms", "email")
        order.tell("visits.v1.VisitDone", done)
    order.wait("further_visit", "sms", "email")
    eventually(lambda: any(event["type"] == "visit.unfinished" for event in order.events(notifications)), "the partner knows")
    [text] = [each["text"] for each in order.sms() if "skończone" in each["text"]]
    assert text.startswith("Prace nie są jeszcze skończone. Następna wizyta: piątek, 27 listopada 2026, godz. 12:15 (±15 min). Przyjedzie Anna.")
    assert "/s/" in text, "with the link to move it"
    assert sorted(each[:2] for each in order.states()) == sorted(
        [(name, way) for name in ("booking_confirmation", "further_visit") for way in ("sms", "email")]
    ), "one message, not two"
    entries = [calendar(mail) for mail in order.mails()]
    assert {entry["UID"] for entry in entries} == {order.id} and len({entry["SEQUENCE"] for entry in entries}) == 2, "the entry moves along"
    events = order.events(notifications)
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    told = {event["type"]: event for event in events}
    assert [event["type"] for event in events].count("visit.booked") == 1 and "visit.done" not in told
    assert told["visit.unfinished"]["says"] == f"Wizyta w zleceniu {order.number} jest zakończona, ale prace jeszcze nie: brakuje części."
    assert told["visit.continued"]["says"] == "Następna wizyta, na dokończenie prac: piątek, 27 listopada 2026, godz. 12:15, przyjedzie Anna."
    assert (told["visit.continued"]["visit"]["continues"], told["visit.continued"]["visit"]["visit_id"]) == (first, order.visit)
    reminders = "SELECT visit_id::text, remind_day_at, remind_hour_at FROM notifications.visit WHERE work_order_id = %s"
    assert parts.sql(reminders, order.id) == [(order.visit, order.start_at - 24 * HOUR, order.start_at - HOUR)]


def test_who_gives_up_on_the_rest_is_told_that_the_order_is_cancelled(parts, notifications):
    order = Order(parts, mail="").book()
    order.wait("booking_confirmation", "sms")
    order.tell("visits.v1.VisitDone", order.course("DONE", **UNFINISHED))
    order.tell("matching.v1.WorkOrderUnstaffed", f'work_order_id: "{order.id}" partner_id: "{order.partner}" continues: "{order.visit}"')
    eventually(lambda: order.events(notifications)[-1]["type"] == "order.unstaffed", "nobody can come")
    assert [each[0] for each in order.states()] == ["booking_confirmation"], "somebody calls instead"
    order.tell("intake.v1.WorkOrderCancelled", order.order("CANCELLED") + ' reason: "other"')
    order.wait("order_cancelled", "sms")


def test_nothing_more_to_do_is_a_visit_done(parts, notifications):
    order = Order(parts, mail="").book()
    order.tell("visits.v1.VisitDone", order.course("DONE", solved='"no"', further='{ reason: "irreparable" none: true }'))
    eventually(lambda: order.events(notifications)[-1]["type"] == "visit.done", "done")
    assert order.events(notifications)[-1]["visit"]["reason"] == "nie da się naprawić"


def test_receipts_settle_and_never_go_back(parts, notifications):
    settle(parts, "SMS_SETTINGS", undeliverable=["+48600000001"], repeat_receipt_percent=100)
    order = Order(parts, phone="+48600000001", mail="").book()
    [(_, _, _, _, message_id, reason)] = order.wait("booking_confirmation", "sms", state="failed")
    assert reason == "undelivered"
    eventually(lambda: "MessageFailed" in [kind for kind, _, _ in order.told()], "told")
    assert [kind for kind, _, _ in order.told()].count("MessageFailed") == 1, "though the receipt came twice"
    forged = json.dumps({"id": "x", "reference": message_id, "status": "delivered", "at": 1}).encode()
    for signature in ({}, {"X_Signature": "sha256=" + "0" * 64}):
        assert notifications.ask("POST", "/v1/sms-receipts", "", forged, Content_Type="application/json", **signature)[0] == 401
    assert order.states() == [("booking_confirmation", "sms", "failed")]
    settle(parts, "SMS_SETTINGS", undeliverable=[], repeat_receipt_percent=0)


@pytest.mark.parametrize("fault", ["fail_percent", "lose_percent"])
def test_a_gateway_in_trouble_loses_and_doubles_nothing(parts, notifications, fault):
    settle(parts, "SMS_SETTINGS", **{fault: 100})
    order = Order(parts, mail="").book()
    state = "queued" if fault == "fail_percent" else "delivered"
    eventually(lambda: order.states() and (order.states()[0][2] == state or order.states()[0][2] == "unknown"), "it met the fault")
    settle(parts, "SMS_SETTINGS", **{fault: 0})
    order.wait("booking_confirmation", "sms")
    assert len(order.sms()) == 1
    assert [kind for kind, _, _ in order.told()].count("MessageSent") == 1


def test_a_mail_server_in_trouble(parts, notifications):
    settle(parts, "SMTP_SETTINGS", fail_percent=100)
    order = Order(parts, phone="").book()
    eventually(lambda: order.messages() and order.messages()[0][5] == "status_451", "refused for now")
    settle(parts, "SMTP_SETTINGS", fail_percent=0)
    order.wait("booking_confirmation", "email", state="sent")
    assert len(order.mails()) == 1


def test_a_crash_while_sending_loses_and_doubles_nothing(parts, notifications):
    settle(parts, "SMS_SETTINGS", hang_percent=100, hang_ms=9000)
    order = Order(parts, mail="").book()
    eventually(lambda: order.states() == [("booking_confirmation", "sms", "sending")], "it is being sent")
    notifications.kill()
    settle(parts, "SMS_SETTINGS", hang_percent=0)
    notifications.start()
    time.sleep(1)
    assert order.states() == [("booking_confirmation", "sms", "sending")], "its answer may still come"
    parts.sql("UPDATE notifications.message SET look_again_at = 0 WHERE work_order_id = %s", order.id)
    order.wait("booking_confirmation", "sms")
    assert len(order.sms()) == 1


def test_the_log_shows_texts_without_tokens_to_those_who_may(parts, notifications):
    order = Order(parts, mail="").book()
    order.wait("booking_confirmation", "sms")
    path = f"/v1/messages?work_order_id={order.id}"
    for actor in (parts.actor("consultant", "ewa"), parts.actor("partner", "key", "aurora")):
        status, log = notifications.ask("GET", path, actor)
        assert status == 200 and log["messages"][0]["state"] == "delivered" and log["messages"][0]["template"] == "booking_confirmation"
        assert "godz. 10:15" in log["texts"][0]["text"] and "/s/…" in log["texts"][0]["text"]
        assert "600100200" not in json.dumps(log) and not LINK.search(log["texts"][0]["text"])
    assert notifications.ask("GET", path, parts.actor("partner", "key", "borealis")) == (200, {})
    assert notifications.ask("GET", path, parts.actor("technician", new_id()))[0] == 403
    assert notifications.ask("GET", "/v1/messages?work_order_id=1", parts.actor("consultant", "ewa"))[0] == 422


def quiet_until(at):
    local = datetime.fromtimestamp(at / 1000, WARSAW)
    if 7 <= local.hour < 21:
        return at
    return ms((local + timedelta(days=local.hour >= 21)).replace(hour=7, minute=0, second=0, microsecond=0))


@pytest.mark.once
def test_random_days_at_1500_times_the_speed_have_no_stale_missing_or_double_reminder(parts, notifications):
    """A day and a half in a minute: visits are booked, moved and called off while their reminders fall due."""
    seed = random.randrange(1 << 32)
    dice = random.Random(seed)
    notifications.stop()
    was, notifications.noon, notifications.rate = notifications.noon, (now_ms(), ms(NOON)), 1500
    try:
        notifications.start()
        orders, versions, margin = [Order(parts, mail="") for _ in range(24)], {}, 90 * MINUTE
        end = ms(NOON) + 34 * HOUR

        def suite_now():
            return ms(NOON) + (now_ms() - notifications.noon[0]) * 1500

        def promise(order):
            quarter = 15 * MINUTE
            order.start_at = (suite_now() + dice.randrange(2 * HOUR, 30 * HOUR)) // quarter * quarter
            versions[order.id, order.visit, order.moves] = order.start_at

        for order in orders:
            promise(order)
            order.book()
        while suite_now() < end - 6 * HOUR:
            time.sleep(dice.uniform(0, 3))  # mostly long enough for a reminder to be sent between two changes
            order = dice.choice(orders)
            if order.start_at < suite_now() + 2 * HOUR:
                continue
            if dice.random() < 0.3:
                order.cancel()
                order.visit, order.moves = new_id(), 0
                promise(order)
                order.book()
            else:
                order.moves += 1
                promise(order)
                order.tell("matching.v1.VisitMoved", order.visit_text())
        time.sleep(max(0, (end - suite_now()) / 1500 / 1000))
        eventually(lambda: not parts.sql("SELECT 1 FROM notifications.message WHERE state IN (1, 2, 6) AND work_order_id::text = ANY (%s) AND send_after < %s", [o.id for o in orders], end), "all settled")
    finally:
        notifications.stop()
        notifications.noon, notifications.rate = was, 1
        notifications.start()
    sent, reminders = 0, {"reminder_day_before": 24 * HOUR, "reminder_hour_before": HOUR}
    for order in orders:
        rows = parts.sql("SELECT template, occurrence, state, created_at, sent_at, body FROM notifications.message WHERE work_order_id = %s ORDER BY created_at", order.id)
        told = {row[:2]: row for row in rows}
        assert len(told) == len(rows), "double"
        accepted = [(row[3], row[1]) for row in rows if row[0] in ("booking_confirmation", "moved")]
        ended = {row[1]: row[3] for row in rows if row[0] == "cancelled"}
        for i, (at, occurrence) in enumerate(accepted):
            visit, moves = occurrence.split(":")
            start = versions[order.id, visit, int(moves)]
            until = ended.get(occurrence, accepted[i + 1][0] if i + 1 < len(accepted) else end)
            for template, before in reminders.items():
                row, due_at = told.get((template, occurrence)), start - before
                if row and row[2] in (3, 4):
                    sent += 1
                    hour = datetime.fromtimestamp(start / 1000, WARSAW).strftime("%H:%M")
                    assert f"godz. {hour}" in row[5] and at <= due_at <= row[4] < until, f"stale, seed {seed}"
                    assert row[4] < start and (before == HOUR or row[4] >= quiet_until(due_at)), f"at night, seed {seed}"
                is_wanted = due_at >= at + HOUR and due_at + margin < until
                leaves_at = quiet_until(due_at) if template == "reminder_day_before" else due_at
                if is_wanted and leaves_at + margin < min(until, start - 3 * HOUR * (before > HOUR)):
                    assert row and row[2] in (3, 4), f"missing {template} of {occurrence}, seed {seed}"
    assert sent > 5, "the days had reminders in them"


# ---- partner events ----


class Endpoint(BaseHTTPRequestHandler):
    """A partner's system that answers as it is told and keeps what came."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server, status = self.server, self.server.status
        with server.lock:
            server.busy += 1
            server.most = max(server.most, server.busy)
        time.sleep(server.delay_s)
        with server.lock:
            server.busy -= 1
        self.server.seen.append((time.time(), dict(self.headers), body, status))
        self.send_response(status)
        if self.server.retry_after:
            self.send_header("Retry-After", str(self.server.retry_after))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def endpoint():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.status, server.seen, server.retry_after, server.delay_s = 204, [], 0, 0
    server.lock, server.busy, server.most = threading.Lock(), 0, 0
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def url(endpoint):
    return f"http://127.0.0.1:{endpoint.server_port}/hooks"


def subscribe(parts, notifications, partner, **body):
    status, told = notifications.ask("POST", "/v1/subscriptions", parts.actor("partner", "key", partner), body)
    assert status in (200, 201), told
    return told


@pytest.fixture
def partner(parts):
    """A partner of this test's own."""
    name = "p" + new_id()[:8]
    parts.tell("intake.v1.PartnerChanged", name, name, f'partner_id: "{name}" name: "Partner {name}"')
    return name


def unsubscribe(parts, notifications, partner):
    actor = parts.actor("partner", "key", partner)
    for each in notifications.ask("GET", "/v1/subscriptions", actor)[1].get("subscriptions", []):
        assert notifications.ask("DELETE", f"/v1/subscriptions/{each['subscription_id']}", actor)[0] == 204


def test_webhook_topic_and_feed_tell_the_same_under_one_gap_free_sequence(parts, notifications, partner):
    told = subscribe(parts, notifications, partner, kind="webhook", url=parts.env["WEBHOOK_RECEIVER_URL"] + f"/{partner}")
    settle(parts, "WEBHOOK_SETTINGS", secrets={f"/{partner}": [told["secret"]]})
    topic = subscribe(parts, notifications, partner, kind="topic")
    assert topic["topic"] == f"partner.{partner}.v1" and not topic.get("secret")
    assert subscribe(parts, notifications, partner, kind="topic")["subscription_id"] == topic["subscription_id"]
    order = Order(parts, partner=partner, mail="").book()
    order.wait("booking_confirmation", "sms")
    order.move(1)
    order.wait("moved", "sms")
    order.tell("visits.v1.TechnicianOnTheWay", order.course("ON_THE_WAY", eta_at=order.start_at))
    order.tell("visits.v1.TechnicianThere", order.course("THERE"))
    order.tell("intake.v1.CostLineAccepted", order.order("UNDER_WAY") + ' line_id: "l" item: "robocizna" total_grosz: 12000 covered_grosz: 10000 left_grosz: 38000')
    order.tell("parts.v1.PartOrdered", f'purchase {{ purchase_order_id: "{new_id()}" work_order_id: "{order.id}" partner_id: "{partner}" name: "Wąż" }}')
    order.tell("visits.v1.VisitDone", order.course("DONE"))
    order.tell("surveys.v1.SurveyAnswered", f'survey {{ work_order_id: "{order.id}" partner_id: "{partner}" mean: 5.5 answers {{ key: "a" value: 6 }} answers {{ key: "b" value: 5 }} }}')
    eventually(lambda: len(order.events(notifications)) == 12, "twelve events", 20)
    feed = order.events(notifications)
    assert [event["sequence"] for event in feed] == list(range(1, 13))
    assert sorted(event["type"] for event in feed) == sorted(
        "order.opened visit.booked message.sent visit.moved message.sent technician.on_the_way message.sent technician.there "
        "cost.accepted part.ordered visit.done survey.answered".split()
    )  # fmt: skip
    says = {event["type"]: event["says"] for event in feed}
    assert says["visit.booked"] == "Umówiono wizytę: czwartek, 26 listopada 2026, godz. 10:15, przyjedzie Anna."
    assert says["cost.accepted"] == "Koszt 120,00 zł przyjęto, z sumy gwarancyjnej 100,00 zł; zostaje 380,00 zł."
    assert says["survey.answered"] == "Klient ocenił wizytę, średnia 5,5."

    def taken():
        return [each for each in lines(parts.env["WEBHOOK_JOURNAL"]) if each["path"] == f"/{partner}"]

    eventually(lambda: len(taken()) == 12, "twelve webhooks")
    assert all(each["verified"] for each in taken())
    assert [json.loads(each["body"]) for each in taken()] == feed, "in order"
    assert [each["id"] for each in taken()] == [event["event_id"] for event in feed]
    actor = parts.actor("partner", "key", partner)
    raw = json.dumps(notifications.ask("GET", f"/v1/partner-events?limit=1000", actor)[1], ensure_ascii=False, separators=(",", ":"))
    assert all(each["body"] in raw for each in taken()), "the same bytes"
    read = ["kcat", "-C", "-q", "-e", "-b", parts.env["KAFKA_BOOTSTRAP_SERVERS"], "-t", topic["topic"], "-o", "beginning", "-f", "%h\n"]
    headers = eventually(lambda: (got := subprocess.run(read, capture_output=True, text=True).stdout.splitlines()) and len(got) == 12 and got, "the topic")
    assert [re.search(r"ce_id=([^,]*)", each)[1] for each in headers] == [event["event_id"] for event in feed]
    assert [int(re.search(r"ce_sequence=([^,]*)", each)[1]) for each in headers] == list(range(1, 13))


def test_pages_of_the_feed_miss_and_double_nothing(parts, notifications, partner):
    orders = [Order(parts, partner=partner, phone="", mail="") for _ in range(7)]
    for order in orders:
        eventually(lambda: order.events(notifications), "told")
    actor, seen, after = parts.actor("partner", "key", partner), [], ""
    while True:
        status, page = notifications.ask("GET", f"/v1/partner-events?limit=2&after={after}", actor)
        assert status == 200
        if not page.get("events"):
            break
        seen += [event["work_order_id"] for event in page["events"]]
        after = page["next"]
    assert sorted(seen) == sorted(order.id for order in orders)
    assert page["next"] == after, "nothing new: the same place"
    assert orders[0].events(notifications, "borealis") == [], "another partner's order is not there"
    own = parts.actor("partner", "key", "borealis")
    assert not any(e["work_order_id"] in seen for e in notifications.ask("GET", "/v1/partner-events?limit=1000", own)[1].get("events", []))
    bad = {"limit=0": ("limit", "range"), "limit=x": ("limit", "pattern"), "after=1": ("after", "pattern"),
           "after_sequence=3": ("work_order_id", "required"), "from=-1": ("from", "pattern")}
    for query, (parameter, rule) in bad.items():
        status, problem = notifications.ask("GET", f"/v1/partner-events?{query}", own)
        assert status == 422 and (problem["errors"][0]["parameter"], problem["errors"][0]["rule"]) == (parameter, rule), (query, problem)
        assert problem["detail"].startswith(("Podaj ", "Numery zdarzeń ")), (query, problem)


def test_an_order_waits_for_its_refused_event_and_others_do_not(parts, notifications, partner, endpoint):
    subscribe(parts, notifications, partner, kind="webhook", url=url(endpoint))
    endpoint.status = 500
    first = Order(parts, partner=partner, phone="", mail="").book()
    eventually(lambda: endpoint.seen, "the first try")
    eventually(lambda: len(first.events(notifications)) == 2, "two events")
    endpoint.status = 204
    other = Order(parts, partner=partner, phone="", mail="")
    eventually(lambda: len(endpoint.seen) >= 2, "another order's event")
    eventually(lambda: len(endpoint.seen) == 4, "the refused one and its next, after 5 s", 12)
    bodies = [json.loads(body) for _, _, body, _ in endpoint.seen]
    assert [(body["work_order_id"], body["sequence"]) for body in bodies if body["work_order_id"] == first.id] == [(first.id, 1), (first.id, 1), (first.id, 2)]
    assert len({headers["webhook-id"] for _, headers, body, _ in endpoint.seen if b'"sequence":1' in body and first.id.encode() in body}) == 1
    assert parts.sql("SELECT attempts, status FROM notifications.delivery WHERE event_id = %s", bodies[0]["event_id"]) == [(2, 204)]
    assert other.id in [body["work_order_id"] for body in bodies]
    unsubscribe(parts, notifications, partner)


def test_retry_after_is_kept_to(parts, notifications, partner, endpoint):
    subscribe(parts, notifications, partner, kind="webhook", url=url(endpoint))
    endpoint.status, endpoint.retry_after = 503, 60
    order = Order(parts, partner=partner, phone="", mail="")
    eventually(lambda: endpoint.seen, "the first try")
    eventually(lambda: parts.sql("SELECT 1 FROM notifications.stream WHERE work_order_id = %s AND state = 'waiting'", order.id), "it waits")
    [(due_at,)] = parts.sql("SELECT due_at FROM notifications.stream WHERE work_order_id = %s", order.id)
    assert 55_000 < due_at - now_ms() <= 60_000
    unsubscribe(parts, notifications, partner)


def test_an_endpoint_that_is_gone_is_left_alone_and_its_partner_told(parts, notifications, partner, endpoint):
    subscription = subscribe(parts, notifications, partner, kind="webhook", url=url(endpoint))["subscription_id"]
    endpoint.status = 410
    order = Order(parts, partner=partner, phone="", mail="").book()
    eventually(lambda: [kind for kind, _, _ in parts.heard("notifications.v1", partner)] == ["EndpointFailing"], "told")
    eventually(lambda: len(order.events(notifications)) == 2, "the feed goes on")
    actor = parts.actor("partner", "key", partner)
    [kept] = notifications.ask("GET", "/v1/subscriptions", actor)[1]["subscriptions"]
    assert (kept["subscription_id"], kept["state"]) == (subscription, "disabled") and "secret" not in kept
    time.sleep(0.5)
    assert len(endpoint.seen) == 1


def test_a_long_failure_is_told_and_the_first_success_lets_everything_flow(parts, notifications, partner, endpoint):
    subscription = subscribe(parts, notifications, partner, kind="webhook", url=url(endpoint))["subscription_id"]
    endpoint.status = 500
    orders = [Order(parts, partner=partner, phone="", mail="") for _ in range(4)]
    eventually(lambda: len(endpoint.seen) == 4, "all were tried")
    parts.sql("UPDATE notifications.subscription SET failing_since_machine = failing_since_machine - 900000 WHERE subscription_id = %s", subscription)
    eventually(lambda: [kind for kind, _, _ in parts.heard("notifications.v1", partner)] == ["EndpointFailing"], "told")
    [(_, _, text)] = parts.heard("notifications.v1", partner)
    assert "waiting: 4" in text
    parts.sql("UPDATE notifications.stream SET due_at = due_at + 3600000 WHERE subscription_id = %s", subscription)
    endpoint.status = 204
    parts.sql("UPDATE notifications.stream SET due_at = 0 WHERE work_order_id = %s", orders[0].id)
    eventually(lambda: len(endpoint.seen) == 8, "one success wakes the others")
    eventually(lambda: [kind for kind, _, _ in parts.heard("notifications.v1", partner)] == ["EndpointFailing", "EndpointRecovered"], "told")
    unsubscribe(parts, notifications, partner)


def test_more_orders_than_may_fly_at_once_all_arrive(parts, notifications, partner, endpoint):
    subscription = subscribe(parts, notifications, partner, kind="webhook", url=url(endpoint))["subscription_id"]
    endpoint.delay_s = 0.05
    ids = [new_id() for _ in range(80)]
    # Told by hand: orders whose first event waits; the event is packed by hand, too (event_id, sequence, work_order_id).
    bodies = [b"\x0a\x24" + each.encode() + b"\x10\x01\x2a\x24" + each.encode() for each in ids]
    parts.sql("INSERT INTO notifications.subject SELECT unnest(%s), 0, ''", ids)
    parts.sql(
        "INSERT INTO notifications.partner_event (event_id, partner_id, work_order_id, sequence, type, at, body) "
        "SELECT o::uuid, %s, o, 1, 'order.opened', 1, b FROM unnest(%s, %s) AS t (o, b)", partner, ids, bodies,
    )  # fmt: skip
    parts.sql("INSERT INTO notifications.stream SELECT %s, unnest(%s), %s, 1, 'waiting', 0, 0", subscription, ids, partner)
    eventually(lambda: len(endpoint.seen) >= 80, "all arrived")
    time.sleep(0.3)
    assert sorted(headers["webhook-id"] for _, headers, _, _ in endpoint.seen) == sorted(ids), "each once"
    assert 1 < endpoint.most <= 16, "at once"
    unsubscribe(parts, notifications, partner)


def test_subscriptions_are_checked_and_behind_the_wall(parts, notifications, partner):
    actor = parts.actor("partner", "key", partner)
    for body in ({"kind": "carrier pigeon"}, {"kind": "webhook"}, {"kind": "webhook", "url": "ftp://x"}, {"kind": "topic", "url": "https://x"}, {}):
        assert notifications.ask("POST", "/v1/subscriptions", actor, body)[0] == 422, body
    told = subscribe(parts, notifications, partner, kind="webhook", url="https://example.org/hooks")
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", told["secret"])
    other = parts.actor("partner", "key", "borealis")
    path = f"/v1/subscriptions/{told['subscription_id']}"
    assert notifications.ask("DELETE", path, other)[0] == 404
    assert notifications.ask("DELETE", "/v1/subscriptions/1", actor)[0] == 404
    assert notifications.ask("POST", "/v1/subscriptions", parts.actor("consultant", "ewa"), {"kind": "topic"})[0] == 403
    assert notifications.ask("DELETE", path, actor)[0] == 204
    assert notifications.ask("GET", "/v1/subscriptions", actor) == (200, {})


def test_no_role_sees_through_the_wall(parts, notifications):
    Order(parts).book()
    with parts.as_role("notifications") as to, to.cursor() as cursor:
        for table in "partner work_order visit message partner_sequence partner_event subscription stream delivery".split():
            cursor.execute("SELECT set_config('app.partner', '', false), set_config('app.actor', 'partner', false)")
            cursor.execute(f"SELECT count(*) FROM notifications.{table}")
            assert cursor.fetchone() == (0,), table


def test_settlements_and_refused_reports_have_sequences_of_their_own(parts, notifications, partner):
    settlement, report = new_id(), new_id()
    parts.tell("billing.v1.SettlementMade", settlement, partner, f'settlement_id: "{settlement}" partner_id: "{partner}" total_grosz: 123456')
    parts.tell("intake.v1.ReportRefused", report, partner, f'report_id: "{report}" partner_id: "{partner}" rule: "not_covered"')
    actor = parts.actor("partner", "key", partner)
    events = eventually(lambda: (got := notifications.ask("GET", "/v1/partner-events", actor)[1].get("events", [])) and len(got) == 2 and got, "both")
    assert {(event["type"], event["sequence"], event["says"]) for event in events} == {
        ("settlement.made", 1, "Rozliczenie jest gotowe, razem 1 234,56 zł."),
        ("order.refused", 1, "Zgłoszenie nie zostało przyjęte: usługa nie jest objęta umową."),
    }
