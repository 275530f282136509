# A mail that goes out over SMTP is read over IMAP.
import imaplib
import json
import smtplib
import time
import urllib.parse
from email.message import EmailMessage
from pathlib import Path

import pytest


def send(env, to, subject):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "jan@klient.example", ", ".join(to), subject
    message.set_content("Cieknie kran w łazience.")
    with smtplib.SMTP("127.0.0.1", urllib.parse.urlsplit(env["SMTP_URL"]).port, timeout=10) as smtp:
        smtp.send_message(message)


def fetch(env, which):
    with imaplib.IMAP4("127.0.0.1", urllib.parse.urlsplit(env["IMAP_URL"]).port, timeout=10) as imap:
        imap.login(env[f"IMAP_{which}USER"], Path(env[f"IMAP_{which}PASSWORD_FILE"]).read_text())
        imap.select()
        numbers = imap.search(None, "UNSEEN")[1][0].split()
        return [imap.fetch(number, "(RFC822)")[1][0][1].decode() for number in numbers]


def test_orders_and_others_come_apart(env):
    send(env, ["Zlecenia@majster.example", "anna@klient.example"], "Awaria kranu")
    send(env, ["ola@klient.example"], "Potwierdzenie wizyty")
    orders, others = fetch(env, ""), fetch(env, "OTHERS_")
    assert len(orders) == 1 and "Delivered-To: Zlecenia@majster.example" in orders[0]
    delivered_to = [each.splitlines()[1] for each in others]
    assert delivered_to == ["Delivered-To: anna@klient.example", "Delivered-To: ola@klient.example"]
    assert fetch(env, "") == []
    noted = [json.loads(line) for line in Path(env["SMTP_JOURNAL"]).read_text().splitlines()]
    assert [each["subject"] for each in noted] == ["Awaria kranu"] * 2 + ["Potwierdzenie wizyty"]


def test_a_wrong_password_is_refused(env):
    with imaplib.IMAP4("127.0.0.1", urllib.parse.urlsplit(env["IMAP_URL"]).port, timeout=10) as imap:
        with pytest.raises(imaplib.IMAP4.error):
            imap.login(env["IMAP_USER"], "wrong")


@pytest.mark.parametrize("fault, taken", [("fail_percent", False), ("lose_percent", True)])
def test_mail_can_be_told_to_fail(env, fault, taken):
    settings = Path(env["SMTP_SETTINGS"])
    settings.write_text(json.dumps({fault: 100}))
    time.sleep(0.15)
    try:
        with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPServerDisconnected)):
            send(env, ["ewa@klient.example"], fault)
        assert (fault in Path(env["SMTP_JOURNAL"]).read_text()) == taken
    finally:
        settings.unlink()
        settings.write_text("{}")
        time.sleep(0.15)
