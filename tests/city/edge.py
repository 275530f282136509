# Calls through nginx, as everybody outside makes them: a bearer token, JSON, an Idempotency-Key on what creates.
# Asks again (same key) what was answered "busy", as a good caller does.
import collections
import http.client
import json
import threading
import time
import urllib.parse
import uuid

BUSY = {429, 502, 503, 504}
TRIES, TIMEOUT_S = 6, 12
SURPRISES_KEPT = 40


class Answer:
    def __init__(self, status, body, headers):
        self.status, self.body, self.headers = status, body, headers
        self.is_good = 200 <= status < 300

    @property
    def json(self):
        return json.loads(self.body) if self.body else {}

    @property
    def text(self):
        return self.body.decode(errors="replace")


class Edge:
    def __init__(self, url):
        where = urllib.parse.urlsplit(url)
        self.host, self.port = where.hostname, where.port
        self.mine = threading.local()
        self.lock = threading.Lock()
        self.calls, self.retries, self.slowest_s = collections.Counter(), 0, 0.0
        self.seconds, self.surprises = 0.0, []

    def get(self, path, token=None, expect=(200,), **query):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        return self.call("GET", path, token, None, None, expect)

    def post(self, path, token, content, expect=(200, 201), key=None, position=None):
        """`key`: the Idempotency-Key; a new one each time unless the caller repeats himself on purpose. `position`: the
        X-Position of an earlier answer, so that this owner has heard of it before it answers."""
        body = json.dumps(content, ensure_ascii=False).encode()
        return self.call("POST", path, token, body, "application/json", expect, key or str(uuid.uuid4()), position)

    def upload(self, path, token, content, media_type):
        return self.call("POST", path, token, content, media_type, (200, 201), str(uuid.uuid4()))

    def call(self, method, path, token, body, media_type, expect, key=None, position=None):
        headers = {"Accept": "application/json, text/html"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        if media_type:
            headers["Content-Type"] = media_type
        if key:
            headers["Idempotency-Key"] = key
        if position:
            headers["X-Position"] = position
        from_s, answer = time.monotonic(), None
        for attempt in range(TRIES):
            answer = self.once(method, path, body, headers)
            if answer.status and answer.status not in BUSY:
                break
            with self.lock:
                self.retries += 1
            time.sleep(0.03 * 2**attempt)
        self.note(method, path, answer, expect, time.monotonic() - from_s)
        return answer

    def once(self, method, path, body, headers):
        connection = getattr(self.mine, "connection", None)
        if connection is None:
            connection = self.mine.connection = http.client.HTTPConnection(self.host, self.port, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, body, headers)
            answered = connection.getresponse()
            return Answer(answered.status, answered.read(), answered.headers)
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self.mine.connection = None
            return Answer(0, str(error).encode(), {})

    def note(self, method, path, answer, expect, took_s):
        with self.lock:
            self.calls[answer.status] += 1
            self.seconds += took_s
            self.slowest_s = max(self.slowest_s, took_s)
            if answer.status not in expect and len(self.surprises) < SURPRISES_KEPT:
                shown = "/s/***" if path.startswith("/s/") else path
                self.surprises.append(f"{method} {shown} -> {answer.status} {answer.text[:300]}")
