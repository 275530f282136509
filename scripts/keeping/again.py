# Who was forgotten after the moment that was restored is forgotten once more, by the suite's own call, so that all hear it.
import json
import os
import time
import urllib.error
import urllib.request
import uuid

from keeping.target import Broken

PATIENCE_S = 30


def forget(lost, say):
    edge, token = os.environ.get("EDGE_URL"), os.environ.get("RESTORE_TOKEN")
    if not edge or not token:
        raise Broken("EDGE_URL and RESTORE_TOKEN (a consultant's) say whom to ask")
    orders, done, refused = (lost / "forget-again").read_text().split(), set(), []
    for order in orders:
        if order in done:
            continue  # went with another of the same person
        status, answer = ask(f"{edge}/v1/work-orders/{order}/forget-customer", token)
        if status in (200, 201):
            done |= {order, *json.loads(answer).get("work_order_ids", [])}
        else:
            refused.append((order, status, answer[:200]))
    say(f"{len(orders) - len(refused)} of {len(orders)} customers are forgotten again")
    for order, status, answer in refused:
        say(f"order {order} answers {status}: {answer}")
    return 1 if refused else 0


def ask(url, token):
    """A service that has just started may still be busy."""
    give_up = time.monotonic() + PATIENCE_S
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, b"{}", headers), timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            status, text = refusal.code, refusal.read().decode(errors="replace")
        except OSError as fault:
            status, text = 0, str(fault)
        if status not in (0, 502, 503, 504) or time.monotonic() > give_up:
            return status, text
        time.sleep(0.5)
