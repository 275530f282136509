# The city under the storm: the same people with more patience, the hammer beside them, and a reader of facts that is not
# led astray by garbage.
import json
import threading
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import edge as edge_module
from caller import TRY_S, Caller
from city import City
from facts import Fact, Facts
from hammer import Hammer
from partners import Partners

edge_module.TIMEOUT_S = TRY_S


@dataclass
class Told(Fact):
    partner: str = ""
    cause: str = ""
    key_partition: int = 0
    offset: int = 0


class StormFacts(Facts):
    """Also keeps what the counting asks for; records that the storm itself has put there are no facts."""

    def __init__(self, servers):
        self.garbage, self.copies = None, 0
        self.not_theirs = 0
        super().__init__(servers)

    def take(self, topic, partition, offset, headers, payload):
        self.read[topic, partition] = offset + 1
        try:
            sequence = int(headers["ce_sequence"])
        except (KeyError, ValueError):
            self.not_theirs += 1
            return
        fact = Told(topic, headers["ce_id"], headers["ce_source"].lstrip("/"), headers["ce_subject"], sequence,
                    headers["ce_type"], int(headers.get("ce_toldat") or 0), payload, headers.get("partner", ""),
                    headers.get("ce_causeid", ""), partition, offset)  # fmt: skip
        with self.lock:
            if self.garbage and (fact.event_id in self.garbage.ids or fact.subject in self.garbage.subjects):
                self.not_theirs += 1
            elif (topic, fact.event_id) in self.ids:
                self.repeats += 1
            else:
                self.ids.add((topic, fact.event_id))
                self.facts.append(fact)
                self.counts[fact.type.rpartition(".")[2]] += 1


class StormCity(City):
    def __init__(self, seed, env, clock_rows, history):
        super().__init__(seed, env, clock_rows)
        self.edge, self.noise = Caller(env["EDGE_URL"], history), 0
        self.facts = StormFacts(env["KAFKA_BOOTSTRAP_SERVERS"])
        self.facts.start()

    def set_up(self, issue_token, load, say, is_whole):
        """As the demo's, or only what the hammer needs."""
        operator = issue_token("operator", "storm")[0]
        if is_whole:
            reader, edge = self.facts, self.edge
            self.wait_until_listening = lambda: None
            super().set_up(issue_token, load, say)
            self.facts.end()
            self.facts, self.edge = reader, edge
        else:
            load("workforce", self.world.technician_file())
            self.operator, self.partners = operator, Partners(self, operator)
        self.hammer = Hammer(self.world, self.edge, operator, self.world.seed, self.env)
        self.hammer.sign_up()
        self.partners.topics |= self.hammer.topics
        self.partners.paths |= self.hammer.paths
        settings = Path(self.env["WEBHOOK_SETTINGS"])
        said = json.loads(settings.read_text()) if settings.exists() else {}
        said["secrets"] = said.get("secrets", {}) | self.hammer.secrets
        settings.write_text(json.dumps(said, indent=1) + "\n")
        self.edge.tokens = [*self.hammer.keys.values(), operator]
        City.wait_until_listening(self)

    def as_sent(self):
        of_city = super().as_sent() if hasattr(self, "mail") else 0
        return of_city + self.noise + sum(bool(order.replies) for order in self.hammer.orders)


class Watch(threading.Thread):
    """Looks every second at what tells how the suite is: counters that die with their process, outboxes, memory."""

    def __init__(self, rig):
        super().__init__(daemon=True, name="watch")
        self.rig = rig
        self.is_over = threading.Event()
        self.totals, self.last = {}, {}

    def run(self):
        while not self.is_over.wait(1.0):
            for process in self.rig.processes:
                if process.is_ready and not process.is_stopped:
                    self.scrape(process)

    def scrape(self, process):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{process.port}/metrics", timeout=1) as answer:
                text = answer.read().decode()
        except OSError:
            return
        pid = process.popen.pid
        for line in text.splitlines():
            name, _, value = line.rpartition(" ")
            if line.startswith("#") or "_total" not in name:
                continue
            key, value = (process.name, name), float(value)
            before_pid, before = self.last.get(key, (pid, 0.0))
            self.totals[name.partition("{")[0]] = (self.totals.get(name.partition("{")[0], 0.0) + value
                                                   - (before if before_pid == pid else 0.0))  # fmt: skip
            self.last[key] = pid, value

    def total(self, name):
        return int(self.totals.get(name, 0))
