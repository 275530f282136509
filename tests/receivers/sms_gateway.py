#!/usr/bin/python3
# Stands in for an SMS provider: takes messages over HTTP, notes each, posts delivery receipts back.
#
#   POST /messages      {to, text, reference} as JSON or form -> 201 {id}; the same reference again -> the first id
#   GET  /messages/REF  -> 200 {id, reference, status}, or 404: never taken in
#   receipts            POST receipts_url {id, reference, status, at}, X-Signature: sha256=HMAC of the body
# status is accepted, delivered or undelivered.
import hashlib
import heapq
import hmac
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import receiver

DEFAULTS = {
    "receipts_url": None,  # no receipts without it
    "receipt_delay_ms": 300,
    "receipts_secret_file": None,  # receipts are signed with its content
    "undelivered_percent": 0,
    "undeliverable": [],  # numbers that no message reaches
    "repeat_receipt_percent": 0,  # receipts that come twice
}
RETRY_S = (1, 2, 5, 10, 30)


class Receipts(threading.Thread):
    """Posts receipts when they are due; what the other side does not take is posted again later."""

    def __init__(self, settings, journal, messages):
        super().__init__(daemon=True)
        self.settings, self.journal, self.messages = settings, journal, messages
        self.due, self.changed, self.count = [], threading.Condition(), 0

    def plan(self, message, wait_s, attempt=0):
        with self.changed:
            self.count += 1
            heapq.heappush(self.due, (time.monotonic() + wait_s, self.count, attempt, message))
            self.changed.notify()

    def next(self):
        with self.changed:
            while not self.due or self.due[0][0] > time.monotonic():
                self.changed.wait(self.due[0][0] - time.monotonic() if self.due else None)
            return heapq.heappop(self.due)[2:]

    def post(self, message):
        body = json.dumps(message | {"at": receiver.now_ms()}).encode()
        headers = {"Content-Type": "application/json"}
        if secret_file := self.settings["receipts_secret_file"]:
            secret = Path(secret_file).read_bytes().strip()
            headers["X-Signature"] = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
        request = urllib.request.Request(self.settings["receipts_url"], body, headers, method="POST")
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status

    def run(self):
        while True:
            attempt, message = self.next()
            try:
                answered = self.post(message)
            except urllib.error.HTTPError as error:
                answered = error.code
            except (OSError, ValueError) as error:
                answered = str(error)
            self.journal.note(event="receipt", answered=answered, **message)
            if answered not in (200, 201, 202, 204) and attempt < len(RETRY_S):
                self.plan(message, RETRY_S[attempt], attempt + 1)


class Gateway(receiver.Handler):
    journal: receiver.Journal
    receipts: list
    messages: dict  # by reference
    lock = threading.Lock()

    def take(self, path, body):
        where = urllib.parse.urlsplit(path).path
        if self.command == "GET" and where.startswith("/messages/"):
            found = self.messages.get(urllib.parse.unquote(where.removeprefix("/messages/")))
            return (200, found) if found else (404, {"error": "no such reference"})
        if self.command != "POST" or where != "/messages":
            return 404, {"error": "POST /messages or GET /messages/REFERENCE"}
        return self.accept(self.fields(body))

    def fields(self, body):
        try:
            if "json" in self.headers.get("Content-Type", ""):
                said = json.loads(body)
            else:
                said = dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=True))
            return {name: str(said[name]) for name in ("to", "text", "reference")}
        except (ValueError, KeyError, TypeError):
            return None

    def accept(self, said):
        if not said or not all(said.values()):
            return 400, {"error": "to, text and reference are needed"}
        with self.lock:
            known = self.messages.get(said["reference"])
            if not known:
                message = {"id": uuid.uuid4().hex, "reference": said["reference"], "status": "accepted"}
                self.messages[said["reference"]] = message
        if known:
            self.journal.note(event="repeat", id=known["id"], **said)
            return 200, {"id": known["id"]}
        self.journal.note(event="message", id=message["id"], traceparent=self.headers.get("traceparent"), **said)
        self.deliver(message, said["to"])
        return 201, {"id": message["id"]}

    def deliver(self, message, to):
        settings = self.settings
        lost = to in settings["undeliverable"] or settings.chance(settings["undelivered_percent"])
        message["status"] = "undelivered" if lost else "delivered"
        if settings["receipts_url"]:
            thread = self.receipts[hash(message["reference"]) % len(self.receipts)]
            for _ in range(1 + settings.chance(settings["repeat_receipt_percent"])):
                thread.plan(dict(message), settings["receipt_delay_ms"] / 1000)


def main():
    asked = receiver.arguments("a stand-in for an SMS provider", 12000).parse_args()
    Gateway.settings = receiver.Settings(asked.settings, DEFAULTS)
    Gateway.journal = receiver.Journal(asked.journal)
    Gateway.messages = {}
    Gateway.receipts = [Receipts(Gateway.settings, Gateway.journal, Gateway.messages) for _ in range(4)]
    for thread in Gateway.receipts:
        thread.start()
    receiver.serve(asked, Gateway)


main()
