# Everything the suite tells on Kafka, followed while the day runs: counts for the progress screen, and all facts, each
# once, for the results and invariants.
import threading
import time
from collections import Counter
from dataclasses import dataclass

from kafka import Reader
from protofile import Types


@dataclass
class Fact:
    topic: str
    event_id: str
    source: str
    subject: str
    sequence: int
    type: str
    told_at: int
    payload: bytes


class Facts(threading.Thread):
    def __init__(self, servers, config=None):
        super().__init__(daemon=True, name="facts")
        self.reader, self.asker, self.types = Reader(servers, config), Reader(servers, config), Types()
        self.lock, self.is_over = threading.Lock(), False
        self.facts, self.ids, self.counts, self.repeats = [], set(), Counter(), 0
        self.read = {}  # (topic, partition) -> offset of the next
        self.told = {}  # type -> decoded, filled by all()
        self.look_for_topics()

    def look_for_topics(self):
        """Partners' topics are made when they subscribe, a moment later."""
        topics = self.asker.topics()
        if {name for name, _ in self.reader.partitions} != set(topics):
            self.reader.follow(topics, dict(self.read))

    def run(self):
        while not self.is_over:
            record = self.reader.poll(100)
            if record:
                self.take(*record)

    def take(self, topic, partition, offset, headers, payload):
        self.read[topic, partition] = offset + 1
        if "ce_type" not in headers:
            return
        kind = headers["ce_type"]
        fact = Fact(topic, headers["ce_id"], headers["ce_source"].lstrip("/"), headers["ce_subject"],
                    int(headers["ce_sequence"]), kind, int(headers.get("ce_toldat") or 0), payload)  # fmt: skip
        with self.lock:
            # A relay that was not sure may send a record twice; its id tells.
            if (topic, fact.event_id) in self.ids:
                self.repeats += 1
                return
            self.ids.add((topic, fact.event_id))
            self.facts.append(fact)
            self.counts[kind.rpartition(".")[2]] += 1

    def total(self):
        return len(self.facts)

    def catch_up(self, patience_s):
        """True when everything that Kafka holds by now was read."""
        self.look_for_topics()
        give_up, ends = time.monotonic() + patience_s, self.asker.ends(self.reader.partitions)
        while time.monotonic() < give_up:
            if all(self.read.get(where, 0) >= end for where, end in ends.items()):
                return True
            time.sleep(0.05)
        return False

    def end(self):
        self.is_over = True
        self.join(5)
        self.reader.close()
        self.asker.close()

    def all(self, kind):
        """The decoded facts of a type ("matching.v1.VisitBooked") in the order they were told, each with its `fact`."""
        if kind not in self.told:
            of_kind = [each for each in self.facts if each.type == kind]
            of_kind.sort(key=lambda each: (each.told_at, each.sequence))
            self.told[kind] = [self.types.decode(kind, each.payload) | {"fact": each} for each in of_kind]
        return self.told[kind]
