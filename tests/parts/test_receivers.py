# The SMS gateway and the webhook receiver: what they take, note, refuse, post back, and break on order.
import base64
import hashlib
import hmac
import http.client
import json
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
OLD_SECRET = "whsec_" + base64.b64encode(b"o" * 32).decode()


def post(url, body, headers=None, method="POST"):
    where = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=5)
    connection.request(method, where.path, body, headers or {})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read() or b"null")


def journal(file):
    return [json.loads(line) for line in Path(file).read_text().splitlines()]


@pytest.fixture
def settle():
    """Writes a settings file and puts the old one back afterwards."""
    before = {}

    def write(file, **changed):
        file = Path(file)
        before.setdefault(file, file.read_text() if file.exists() else "{}")
        file.write_text(json.dumps(json.loads(before[file]) | changed))
        time.sleep(0.15)

    yield write
    for file, text in before.items():
        file.write_text(text)
    time.sleep(0.15)


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("kind", ["json", "form"])
def test_sms_is_taken_once_a_reference(env, settle, kind):
    settle(env["SMS_SETTINGS"], receipts_url=None)
    said = {"to": "+48600100200", "text": "Technik będzie o 14:15", "reference": f"r-{kind}"}
    body = json.dumps(said) if kind == "json" else urllib.parse.urlencode(said)
    headers = JSON if kind == "json" else {"Content-Type": "application/x-www-form-urlencoded"}
    status, first = post(env["SMS_GATEWAY_URL"], body, headers)
    assert status == 201
    assert post(env["SMS_GATEWAY_URL"], body, headers) == (200, first)
    noted = [each for each in journal(env["SMS_JOURNAL"]) if each["reference"] == f"r-{kind}"]
    assert [each["event"] for each in noted] == ["message", "repeat"] and noted[0]["text"] == said["text"]
    found = post(f"{env['SMS_GATEWAY_URL']}/r-{kind}", None, method="GET")
    assert found == (200, {"id": first["id"], "reference": f"r-{kind}", "status": "delivered"})


BAD = ["", "{", "[]", '{"to": "+48", "text": "a"}', '{"to": "+48", "text": "", "reference": "x"}']


@pytest.mark.parametrize("body", BAD)
def test_a_bad_sms_is_refused(env, body):
    assert post(env["SMS_GATEWAY_URL"], body, JSON)[0] == 400


class Receipts(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((json.loads(body), self.headers["X-Signature"], body))
        self.send_response(500 if len(self.server.taken) == 1 else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


def test_receipts_come_back_signed_until_they_are_taken(env, settle):
    server = HTTPServer(("127.0.0.1", 0), Receipts)
    server.taken = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settle(env["SMS_SETTINGS"], receipts_url=f"http://127.0.0.1:{server.server_port}/r", receipt_delay_ms=20,
           undeliverable=["+48600000000"])
    post(env["SMS_GATEWAY_URL"], json.dumps({"to": "+48600000000", "text": "a", "reference": "lost"}), JSON)
    deadline = time.monotonic() + 5
    while len(server.taken) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    server.shutdown()
    assert [each[0]["status"] for each in server.taken] == ["undelivered"] * 2
    secret = Path(env["SMS_RECEIPTS_SECRET_FILE"]).read_bytes()
    signature = "sha256=" + hmac.new(secret, server.taken[1][2], hashlib.sha256).hexdigest()
    assert server.taken[1][1] == signature


@pytest.mark.parametrize("fault, taken", [("fail_percent", 0), ("hang_percent", 0), ("lose_percent", 1)])
def test_a_fault_on_order(env, settle, fault, taken):
    settle(env["SMS_SETTINGS"], receipts_url=None, hang_ms=100, **{fault: 100})
    body = json.dumps({"to": "+48600100200", "text": "a", "reference": fault})
    if fault == "fail_percent":
        assert post(env["SMS_GATEWAY_URL"], body, JSON)[0] == 503
    else:
        with pytest.raises((http.client.HTTPException, ConnectionError)):
            post(env["SMS_GATEWAY_URL"], body, JSON)
    assert len([each for each in journal(env["SMS_JOURNAL"]) if each["reference"] == fault]) == taken


def signed(secret, event_id, body, at_s=None):
    at = str(int(time.time() if at_s is None else at_s))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    value = base64.b64encode(hmac.new(key, f"{event_id}.{at}.".encode() + body, hashlib.sha256).digest()).decode()
    return {"webhook-id": event_id, "webhook-timestamp": at, "webhook-signature": f"v1,{value}"}


def test_webhooks_are_verified(env, settle):
    settle(env["WEBHOOK_SETTINGS"], secrets={"/acme": [OLD_SECRET, SECRET]})
    body = '{"type":"VisitBooked","text":"ż"}'.encode()
    good = signed(SECRET, "e1", body)
    several = {"webhook-signature": "v1,xx v1a,yy " + good["webhook-signature"]}
    now = time.time()
    rows = [
        ("signed", "/acme", body, good, 204),
        ("signed with the older of two", "/acme", body, signed(OLD_SECRET, "e1", body), 204),
        ("one of several signatures", "/acme", body, good | several, 204),
        ("another body", "/acme", body + b" ", good, 401),
        ("another id", "/acme", body, good | {"webhook-id": "e2"}, 401),
        ("too old", "/acme", body, signed(SECRET, "e1", body, now - 400), 401),
        ("too early", "/acme", body, signed(SECRET, "e1", body, now + 400), 401),
        ("another's path", "/other", body, good, 401),
        ("no signature", "/acme", body, {}, 401),
    ]
    before = len(journal(env["WEBHOOK_JOURNAL"])) if Path(env["WEBHOOK_JOURNAL"]).exists() else 0
    for name, path, content, headers, status in rows:
        assert post(env["WEBHOOK_RECEIVER_URL"] + path, content, headers)[0] == status, name
    noted = journal(env["WEBHOOK_JOURNAL"])[before:]
    assert [each["verified"] for each in noted] == [row[4] == 204 for row in rows]
    assert noted[0]["body"] == body.decode() and noted[0]["id"] == "e1"
