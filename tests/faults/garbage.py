# What no teller would say: noise on every topic, records that came before, old versions after new ones, nonsense at every
# door. It counts what it put in, so that what was parked or refused can be held against it.
import ctypes
import http.client
import json
import random
import threading
import uuid
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_size_t, c_void_p

from kafka import library

PRODUCER = 0
V_END, V_TOPIC, V_VALUE, V_KEY, V_FLAGS, V_HEADER = 0, 1, 4, 5, 7, 9
COPY = 2


class Message(ctypes.Structure):
    """As far as a delivery report is asked."""

    _fields_ = [("err", c_int), ("rkt", c_void_p), ("partition", ctypes.c_int32), ("payload", c_void_p), ("len", c_size_t),
                ("key", c_void_p), ("key_len", c_size_t), ("offset", ctypes.c_int64), ("private", c_void_p)]  # fmt: skip


REPORT = CFUNCTYPE(None, c_void_p, POINTER(Message), c_void_p)


class Writer:
    """Puts records on Kafka as they are told to be, past the proxy. Every one has to get there: what was injected is counted."""

    def __init__(self, servers):
        self.lib = library()
        self.waiting, self.refused = 0, set()  # records without a good report; the reasons of the bad ones
        self.on_report = REPORT(self.report)
        for name, result, arguments in (("rd_kafka_poll", c_int, [c_void_p, c_int]), ("rd_kafka_flush", c_int, [c_void_p, c_int])):
            function = getattr(self.lib, name)
            function.restype, function.argtypes = result, arguments
        why = ctypes.create_string_buffer(256)
        # A batch is what a topic's max.message.bytes is held against: two large records in one would both be refused.
        conf = self.lib.rd_kafka_conf_new()
        for name, value in (("bootstrap.servers", servers), ("enable.idempotence", "true"), ("linger.ms", "2"), ("log_level", "2"),
                            ("partitioner", "murmur2_random"), ("message.max.bytes", "260000")):  # fmt: skip
            if self.lib.rd_kafka_conf_set(conf, name.encode(), value.encode(), why, 256) != 0:
                raise OSError(f"librdkafka: {name}: {why.value.decode()}")
        self.lib.rd_kafka_conf_set_dr_msg_cb.argtypes = [c_void_p, REPORT]
        self.lib.rd_kafka_conf_set_dr_msg_cb(conf, self.on_report)
        self.handle = self.lib.rd_kafka_new(PRODUCER, conf, why, 256)
        if not self.handle:
            raise OSError(f"librdkafka: {why.value.decode()}")

    def report(self, handle, message, opaque):
        if message.contents.err == 0:
            self.waiting -= 1
        else:
            self.refused.add(message.contents.err)

    def put(self, topic, key, payload, headers):
        """`payload` None is a NULL value. Raises when the client does not take it."""
        self.waiting += 1
        words = [c_int(V_TOPIC), c_char_p(topic.encode()), c_int(V_KEY), c_char_p(key), c_size_t(len(key)),
                 c_int(V_VALUE), c_char_p(payload), c_size_t(len(payload or b"")), c_int(V_FLAGS), c_int(COPY)]  # fmt: skip
        for name, value in headers.items():
            words += [c_int(V_HEADER), c_char_p(name.encode()), c_char_p(value), ctypes.c_ssize_t(len(value))]
        error = self.lib.rd_kafka_producev(c_void_p(self.handle), *words, c_int(V_END))
        if error:
            raise OSError(f"kafka: not taken: {error}")

    def flush(self):
        """Until Kafka has said of each record that it has it; a broker that was killed may need a while."""
        self.lib.rd_kafka_flush(self.handle, 60000)
        if self.waiting:
            raise OSError(f"kafka: {self.waiting} records not taken, errors {sorted(self.refused)}")

    def end(self):
        self.lib.rd_kafka_flush(self.handle, 1000)
        self.lib.rd_kafka_destroy(self.handle)


class Garbage:
    def __init__(self, rig, facts, dice, describe, edge):
        """`describe`: service -> what it says of itself."""
        self.rig, self.facts, self.dice, self.describe, self.edge = rig, facts, dice, describe, edge
        self.writer = None
        self.lock = threading.Lock()
        self.parked = {}  # (service, id or None) -> how many records must be parked there
        self.ids, self.subjects = set(), set()  # of what is not the suite's
        self.again = 0  # records put on a second time
        self.doors = {"asked": 0, "refused": 0, "wrong": []}

    def open(self):
        self.writer = self.writer or Writer(self.rig.env["KAFKA_BOOTSTRAP_SERVERS"])
        return self.writer

    def listeners(self, topic):
        return [name for name, said in self.describe.items() if any(each["topic"] == topic for each in said["listens"])]

    def takers(self, kind):
        return [name for name, said in self.describe.items() if any(each["type"] == kind for each in said["listens"])]

    # ---- F7 ----

    def duplicates(self, share=0.3):
        """What came before comes again, the newest first: the same ids, old versions behind new ones."""
        writer = self.open()
        facts = [each for each in list(self.facts.facts) if not each.topic.startswith("partner.") and each.event_id not in self.ids]
        chosen = self.dice.sample(facts, min(int(len(facts) * share) + 1, 600, len(facts)))
        for fact in reversed(chosen):
            headers = {"ce_id": fact.event_id, "ce_source": f"/{fact.source}", "ce_type": fact.type, "ce_subject": fact.subject,
                       "ce_sequence": str(fact.sequence), "ce_toldat": str(fact.told_at), "partner": fact.partner}  # fmt: skip
            writer.put(fact.topic, fact.subject.partition("/")[0].encode(), fact.payload,
                       {name: value.encode() for name, value in headers.items()})  # fmt: skip
            self.again += 1
        writer.flush()

    # ---- F8 on Kafka ----

    def on_topics(self):
        writer, dice = self.open(), self.dice
        for topic in sorted({each["topic"] for said in self.describe.values() for each in said["emits"] if said["emits"]}):
            if topic.startswith("partner."):
                continue
            everybody = self.listeners(topic)
            for headers, payload in self.unreadable(topic.partition(".")[0]):
                writer.put(topic, b"garbage", payload, headers)
                self.expect(everybody)
            for kind in sorted({each["type"] for name in everybody for each in self.describe[name]["listens"] if each["topic"] == topic}):
                self.malformed(writer, topic, kind)
        writer.flush()

    def unreadable(self, source):
        """Records whose headers name nothing that could be known."""
        dice, good = self.dice, self.headers(source, "x", str(uuid.uuid4()))
        yield {}, dice.randbytes(200)
        yield {}, None
        yield good | {"ce_id": b"not-a-uuid"}, b"x"
        yield good | {"ce_sequence": b"-7"}, b"x"
        yield good | {"ce_sequence": b"99999999999999999999"}, b"x"
        yield good | {"ce_subject": b""}, b"x"
        yield good | {"ce_subject": b"\xff\xfe bad utf-8"}, b"x"
        yield good | {"partner": b"p" * 300}, b"x"
        yield good | {"ce_type": b""}, None

    def headers(self, source, kind, subject, sequence=1, partner="storm-a"):
        event_id = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
        with self.lock:
            self.ids.add(event_id)
            self.subjects.add(subject)
        headers = {"ce_id": event_id, "ce_source": f"/{source}", "ce_type": kind, "ce_subject": subject,
                   "ce_sequence": str(sequence), "ce_toldat": "1", "partner": partner}  # fmt: skip
        return {name: value.encode() for name, value in headers.items()}

    def malformed(self, writer, topic, kind):
        """Well named, of a subject nobody knows; its bytes are noise, cut off, bent or too many. Who does not open on it
        cannot know the subject and keeps it as early; so only the openings are thrown."""
        takers = [name for name in self.takers(kind) if any(each["type"] == kind and each.get("opens") for each in self.describe[name]["listens"])]
        others = [name for name in self.takers(kind) if name not in takers]
        if not takers or others:
            return
        for payload in (b"\xff" * 40, b"\x0a\xff\xff\x7f" + self.dice.randbytes(300), b"\x0a\xff\xff\xff\x7f", b"z" * 240_000):
            subject = str(uuid.UUID(int=self.dice.getrandbits(128), version=4))
            writer.put(topic, subject.encode(), payload, self.headers(topic.partition(".")[0], kind, subject))
            self.expect(takers)

    def expect(self, services):
        with self.lock:
            for name in services:
                self.parked[name] = self.parked.get(name, 0) + 1

    # ---- F8 at the doors ----

    def at_doors(self):
        """Every route of every service through the edge: nonsense gets a clear 4xx, or the door's own word, never a crash."""
        for service, said in sorted(self.describe.items()):
            for route in said["routes"]:
                path = route["path"]
                while "{" in path:
                    name = path[path.index("{") : path.index("}") + 1]
                    path = path.replace(name, self.dice.choice(("1", "%00", "..%2f..%2f", "x" * 300, str(uuid.uuid4()))), 1)
                for body, kind in self.bodies():
                    self.knock(service, route["method"], path, body, kind)

    def bodies(self):
        dice = self.dice
        yield b"{" * 5000, "application/json"
        yield dice.choice((b'{"a": 1e999999, "a": "\\ud800"}', b"\xff\xfe{}", b"null", b'{"x":' + b"[" * 900 + b"]" * 900 + b"}")), "application/json"

    def knock(self, service, method, path, body, kind):
        token = self.dice.choice((None, *self.edge.tokens))
        headers = {"Content-Type": kind, "Idempotency-Key": "'; DROP TABLE x; --", "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection = http.client.HTTPConnection(self.edge.host, self.edge.port, timeout=20)
        try:
            connection.request(method, path, body if method != "GET" else None, headers)
            answer = connection.getresponse()
            status, said = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as error:
            status, said = 0, repr(error).encode()
        finally:
            connection.close()
        with self.lock:
            self.doors["asked"] += 1
            self.doors["refused"] += 400 <= status < 500
            is_clear = status in (200, 204, 303, 502, 503, 504) or 400 <= status < 500
            if not is_clear or (b"Traceback" in said or b"at 0x" in said):
                self.doors["wrong"].append(f"{method} {path[:60]} -> {status} {said[:80]!r}")
