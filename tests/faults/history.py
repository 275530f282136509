# What happened, in the order it happened: one JSON line an event, with monotonic nanoseconds. An operation is invoked, and
# then ok, fail or info; info is an outcome nobody knows, which may have happened or not.
import json
import threading
import time
from collections import Counter


class History:
    def __init__(self, path):
        self.file, self.lock = open(path, "w"), threading.Lock()
        self.counts, self.number = Counter(), 0
        self.begun_s = time.monotonic()

    def note(self, kind, **fields):
        with self.lock:
            self.counts[kind] += 1
            self.file.write(json.dumps({"at": time.monotonic_ns(), "kind": kind} | fields, ensure_ascii=False) + "\n")

    def invoke(self, what, **fields):
        with self.lock:
            self.number += 1
            number = self.number
        self.note("invoke", op=number, what=what, **fields)
        return number

    def second(self):
        return int(time.monotonic() - self.begun_s)

    def end(self):
        with self.lock:
            self.file.close()
