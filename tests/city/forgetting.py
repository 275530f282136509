# Some customers of the day ask to be forgotten: what the whole suite held of them is looked for before and after.
import shlex
import subprocess
import time
from pathlib import Path

PATIENCE_S = 15
MOST = 8
# Words of a person stand in vault and services' schemas; the loop's own tables are looked through, too.
SCHEMAS = "person intake workforce matching routing visits parts notifications surveys billing portal suite".split()
REDIS_READS = {"hash": ["HGETALL"], "zset": ["ZRANGE", "0", "-1"], "string": ["GET"], "list": ["LRANGE", "0", "-1"],
               "set": ["SMEMBERS"], "stream": ["XRANGE", "-", "+"]}  # fmt: skip


class Forgetting:
    def __init__(self, city, database, folder):
        self.city, self.database, self.folder = city, database, Path(folder)
        self.customers = self.choose()
        self.before, self.after, self.refused = {}, {}, []

    def choose(self):
        """Of those whose visit is done, by every channel; with a protocol, a photo, messages and mostly a survey behind them."""
        ended = {row[0] for row in self.database.rows("SELECT work_order_id::text FROM intake.work_order WHERE state IN (4, 5)")}
        chosen = {}
        for work_order_id, order in sorted(self.city.orders.items()):
            if work_order_id in ended and sum(each.channel == order.channel for each in chosen.values()) < MOST // 3 + 1:
                chosen[work_order_id] = order
        return chosen

    def words(self):
        """What is surely his alone: the number, the address of his mailbox, the code of his gate."""
        found = set()
        for order in self.customers.values():
            found |= {order.phone[3:], order.email, order.gate_code}
        return {word.encode() for word in found if word}

    def run(self):
        self.before = self.scan()
        for work_order_id in self.customers:
            path = f"/v1/work-orders/{work_order_id}/forget-customer"
            answer = self.city.edge.post(path, self.city.consultant, {}, (200, 201))
            if not answer.is_good:
                self.refused.append((work_order_id, answer.status))
        give_up = time.monotonic() + PATIENCE_S
        self.after = self.scan()
        while any(self.after.values()) and time.monotonic() < give_up:
            time.sleep(0.5)
            self.after = self.scan()
        return self

    # ---- looking ----

    def scan(self):
        """place -> how often one of the words stands there."""
        found = {"PostgreSQL": self.in_database(), "Redis": self.in_redis(), "files": self.in_files()}
        found["facts"] = sum(self.hits(fact.payload) for fact in list(self.city.facts.facts))
        return found

    def hits(self, text):
        return sum(word in text for word in self.words())

    def in_database(self):
        """Every row that can be read, as text; bytes as they are and as PostgreSQL writes them."""
        schemas = [word for name in SCHEMAS for word in ("-n", name)]
        env = {key: self.city.env[key] for key in ("PGHOST", "PGPORT")} | {"PATH": "/usr/bin:/bin:/usr/local/bin", "PGUSER": "postgres"}
        dump = subprocess.run(["pg_dump", "--data-only", *schemas, self.city.env["PGDATABASE"]], env=env, check=True, capture_output=True).stdout
        return sum(dump.count(word) + dump.count(word.hex().encode()) for word in self.words())

    def in_redis(self):
        cli = shlex.split(self.city.env["REDIS_CLI"])

        def redis(*words):
            return subprocess.run([*cli, *words], check=True, capture_output=True).stdout

        found = 0
        for key in redis("--scan").splitlines():
            kind = redis("TYPE", key).decode().strip()
            first, *rest = REDIS_READS.get(kind, ["DUMP"])
            found += self.hits(key + redis(first, key, *rest))
        return found

    def in_files(self):
        places = [self.folder / "files", self.folder / "log", (self.folder / "nginx").resolve(), (self.folder / "postgres").resolve()]
        files = [file for place in places[:2] for file in place.rglob("*") if file.is_file()]
        files += [file for place in places[2:] for file in place.glob("*.log")]
        return sum(self.hits(file.read_bytes()) + self.hits(file.name.encode()) for file in files)
