# The city's way to the edge, with the patience of somebody who knows that the house is on fire: asks again with the same
# key until there is an answer, and writes down what became of each try.
import threading
import time

from edge import BUSY, Answer, Edge

PATIENCE_S, TRY_S = 75, 4.0


class Caller(Edge):
    def __init__(self, url, history):
        super().__init__(url)
        self.history = history
        self.busy = self.unknown = 0
        self.good_by_second = {}
        self.is_over = threading.Event()

    def call(self, method, path, token, body, media_type, expect, key=None, position=None):
        headers = {"Accept": "application/json, text/html"}
        for name, value in (("Content-Type", media_type), ("Idempotency-Key", key), ("X-Position", position),
                            ("Authorization", token and f"Bearer {token}")):  # fmt: skip
            if value:
                headers[name] = value
        from_s, answer, wait_s = time.monotonic(), Answer(0, b"", {}), 0.05
        while time.monotonic() - from_s < PATIENCE_S:
            answer = self.try_once(method, path, body, headers, key)
            if answer.status and answer.status not in BUSY:
                break
            time.sleep(wait_s)
            wait_s = min(wait_s * 1.6, 1.0)
        self.note(method, path, answer, expect, time.monotonic() - from_s)
        return answer

    def try_once(self, method, path, body, headers, key=None):
        op = self.history.invoke(f"{method} {self.shown(path)}", key=key)
        answer = self.once(method, path, body, headers)
        if answer.status == 0:  # a changed world or not: nobody knows
            outcome = "info"
        elif answer.status in BUSY:
            outcome = "fail"
        else:
            outcome = "ok"
        self.history.note(outcome, op=op, status=answer.status)
        with self.lock:
            self.retries += outcome != "ok"
            self.busy += answer.status in BUSY
            self.unknown += answer.status == 0
            second = self.history.second()
            if outcome == "ok":
                self.good_by_second[second] = self.good_by_second.get(second, 0) + 1
        return answer

    @staticmethod
    def shown(path):
        return "/s/***" if path.startswith("/s/") else path.partition("?")[0]
