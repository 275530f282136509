#!/usr/bin/python3
# Stands in for a partner's system: takes webhooks on any path, verifies their Standard Webhooks signature, notes them.
#
# Answers 204 when a secret of that path has signed it in the last five minutes, 401 otherwise. Secrets: --secret
# PATH=whsec_… (may be given again, two for one path while keys rotate), or "secrets": {"PATH": ["whsec_…"]} in the
# settings file.
import base64
import binascii
import hashlib
import hmac
import time
import urllib.parse

import receiver

TOLERANCE_S = 300


def signature(secret, event_id, timestamp, body):
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = f"{event_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def why_refused(headers, body, secrets, now_s):
    """None when the signature is good, else the reason."""
    event_id, timestamp, given = (headers.get("webhook-" + name, "") for name in ("id", "timestamp", "signature"))
    if not event_id or not given or not timestamp.isdigit():
        return "webhook-id, webhook-timestamp or webhook-signature is missing"
    if abs(now_s - int(timestamp)) > TOLERANCE_S:
        return "the timestamp is too far from now"
    if not secrets:
        return "no secret for this path"
    signatures = [each[3:] for each in given.split() if each.startswith("v1,")]
    for secret in secrets:
        try:
            expected = signature(secret, event_id, timestamp, body)
        except binascii.Error:
            return "a secret of this path is not base64"
        if any(hmac.compare_digest(expected, each) for each in signatures):
            return None
    return "no signature matches"


class Webhooks(receiver.Handler):
    journal: receiver.Journal
    given: dict

    def take(self, path, body):
        where = urllib.parse.urlsplit(path).path
        if self.command != "POST":
            return 405, None
        secrets = self.given.get(where, []) + self.settings["secrets"].get(where, [])
        refused = why_refused(self.headers, body, secrets, time.time())
        note = {"path": where, "id": self.headers.get("webhook-id"), "verified": refused is None, "traceparent": self.headers.get("traceparent")}
        if refused:
            note["reason"] = refused
        try:
            note["body"] = body.decode()
        except UnicodeDecodeError:
            note["body_base64"] = base64.b64encode(body).decode()
        self.journal.note(**note)
        return (401, {"error": refused}) if refused else (204, None)


def main():
    parser = receiver.arguments("a stand-in for a partner's webhook endpoint", 12001)
    parser.add_argument("--secret", action="append", default=[], metavar="PATH=whsec_…")
    asked = parser.parse_args()
    Webhooks.given = {}
    for each in asked.secret:
        path, _, secret = each.partition("=")
        Webhooks.given.setdefault(path, []).append(secret)
    Webhooks.settings = receiver.Settings(asked.settings, {"secrets": {}})
    Webhooks.journal = receiver.Journal(asked.journal)
    receiver.serve(asked, Webhooks)


if __name__ == "__main__":
    main()
