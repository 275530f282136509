# What the receivers share: settings that can change while they run, a journal of JSON lines, faults on order, HTTP.
import argparse
import json
import os
import random
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# Percent of the calls that meet each fault; together at most 100.
FAULTS = {
    "fail_percent": 0,  # refused, not taken in
    "hang_percent": 0,  # no answer for hang_ms, then the connection is closed; not taken in
    "lose_percent": 0,  # taken in, but the connection is closed without an answer
    "hang_ms": 20_000,
    "seed": None,  # the same seed meets the same calls with the same faults
}


def now_ms():
    return time.time_ns() // 1_000_000


class Settings:
    """A JSON object in a file, read again when the file changes; what it leaves out has the defaults' value."""

    def __init__(self, file, defaults):
        self.file, self.defaults = file, FAULTS | defaults
        self.lock, self.looked_at, self.stamp = threading.Lock(), 0.0, None
        self.now = dict(self.defaults)
        self.dice = random.Random()
        self.read()

    def read(self):
        try:
            stat = os.stat(self.file)
        except (FileNotFoundError, TypeError):
            return
        if (stat.st_mtime_ns, stat.st_ino) == self.stamp:
            return
        self.stamp = stat.st_mtime_ns, stat.st_ino
        try:
            said = json.loads(Path(self.file).read_text())
        except ValueError:
            self.stamp = None  # half written: what was said before stays until the next look
            return
        unknown = set(said) - set(self.defaults)
        if unknown:
            print(f"{self.file}: unknown settings {sorted(unknown)}", file=sys.stderr, flush=True)
        self.now = self.defaults | said
        self.dice = random.Random(self.now["seed"])

    def __getitem__(self, name):
        with self.lock:
            if time.monotonic() - self.looked_at > 0.1:
                self.looked_at = time.monotonic()
                self.read()
            return self.now[name]

    def chance(self, percent):
        with self.lock:
            return self.dice.random() * 100 < percent

    def fault(self):
        """What this call meets: "fail", "hang", "lose", or None."""
        fail, hang, lose = (self[name] for name in ("fail_percent", "hang_percent", "lose_percent"))
        with self.lock:
            thrown = self.dice.random() * 100
        for name, percent in (("fail", fail), ("hang", hang), ("lose", lose)):
            if thrown < percent:
                return name
            thrown -= percent
        return None


class Journal:
    """One JSON line an event. A line is written whole or not at all, so that a reader may follow the file."""

    def __init__(self, file):
        self.descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def note(self, **event):
        line = json.dumps({"at": now_ms()} | event, ensure_ascii=False, separators=(",", ":"))
        os.write(self.descriptor, line.encode() + b"\n")


def arguments(purpose, port):
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--port", type=int, default=port, help="default %(default)s")
    parser.add_argument("--listen", default="127.0.0.1", help="address; default %(default)s")
    parser.add_argument("--journal", required=True, help="file of JSON lines, appended to")
    parser.add_argument("--settings", help="JSON file, read again when it changes")
    return parser


class Handler(BaseHTTPRequestHandler):
    """Answers come from `take(path, body)` -> (status, JSON or None), which the receivers write."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet an answer
    timeout = 60
    largest = 1 << 20
    settings: Settings

    def answer(self, status, content=None):
        body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
        head = [f"HTTP/1.1 {status} {self.responses[status][0]}", f"Content-Length: {len(body)}"]
        if status == 204:
            head.pop()
        if body:
            head.append("Content-Type: application/json")
        if self.close_connection:
            head.append("Connection: close")
        self.wfile.write("\r\n".join(head).encode() + b"\r\n\r\n" + body)
        self.wfile.flush()

    def body(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(min(int(self.headers.get("Content-Length", 0)), self.largest))
        whole = b""
        while size := int(self.rfile.readline(64).split(b";")[0], 16):
            whole += self.rfile.read(size)
            self.rfile.readline(8)
            if len(whole) > self.largest:
                raise ValueError("the body is too large")
        self.rfile.readline(8)
        return whole

    def handle_any(self):
        body = self.body()
        fault = self.settings.fault() if self.command != "GET" else None
        if fault == "fail":
            return self.answer(503, {"error": "on order"})
        if fault == "hang":
            time.sleep(self.settings["hang_ms"] / 1000)
            return self.leave()
        status, content = self.take(self.path, body)
        return self.leave() if fault == "lose" else self.answer(status, content)

    do_GET = do_POST = do_PUT = handle_any

    def leave(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def handle_error(self, *_):  # a caller who went away is no news
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(*_)


def serve(asked, handler):
    with Server((asked.listen, asked.port), handler) as server:
        server.serve_forever()
