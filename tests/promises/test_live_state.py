# MA-20, I7: where 2,000 technicians are stands in Redis and may be lost at any moment: wiped, it is there again within 30 s, the
# same to the last field; until then everybody is shown the committed state, never half of it.
import hashlib
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import often, say
from one_service import eventually, new_id, now_ms
from town import HOUR, Caller, local_day

TECHNICIANS, BACK_WITHIN_S = often(2000, 600), 30
STATES = ("free", "working", "driving")


class Live:
    """The technicians, and three views of where they are: Redis, PostgreSQL, and what the screens ask for."""

    def __init__(self, suite, facts, routing, dice):
        self.suite, self.facts, self.matching, self.dice = suite, facts, routing, dice
        self.in_flight, self.sequence = {process.port: 0 for process in routing}, 0
        self.technicians = sorted(new_id() for _ in range(TECHNICIANS))
        self.port = suite.env["REDIS_URL"].rsplit(":", 1)[1].split("/")[0]

    def waits(self, process, more):
        self.in_flight[process.port] += more

    def tell_days(self):
        """They work now: what was outside work would be dropped."""
        since, day = now_ms() - 2 * HOUR, local_day(now_ms())
        for technician in self.technicians:
            self.facts.tell("matching.v1.TechnicianDayChanged", f"{technician}/{day}", "", {"technician_day": {
                "technician_id": technician, "day": day, "version": 1, "first_name": "Anna", "active": True,
                "home": {"lat": 52.23, "lon": 21.01}, "work": [{"from": since, "until": since + 8 * HOUR}]}})  # fmt: skip
        self.facts.flush()
        count = "SELECT count(*) FROM routing.technician_day WHERE technician_id::text = ANY(%s)"
        eventually(lambda: self.suite.sql(count, self.technicians)[0][0] == TECHNICIANS, "routing has heard of their days", 60)

    def report(self, technicians):
        """A new point of each of them, as their telephones send it."""
        own, self.sequence = threading.local(), self.sequence + 1
        some = lambda: {"lat": 49.2 + 5 * self.dice.random(), "lon": 14.5 + 9 * self.dice.random(), "status": self.dice.choice(STATES)}  # noqa: E731
        points = {technician: some() | {"sequence": self.sequence} for technician in technicians}

        def one(technician):
            if not hasattr(own, "caller"):
                own.caller = Caller(self)
            point = points[technician] | {"at": now_ms()}
            answer = own.caller.ask("POST", "/v1/positions", {"positions": [point]}, actor=self.suite.actor("technician", technician), key=new_id())
            assert answer.status == 200 and answer.body.get("taken") == 1, answer

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(one, technicians))

    # ---- the views ----

    def redis(self, *commands):
        text = "\n".join(commands) + "\n"
        return subprocess.run(["redis-cli", "-p", self.port], input=text, check=True, capture_output=True, text=True).stdout

    def in_redis(self):
        """{key: what it holds}, of every key; when Redis was filled, which its own key says, is no state."""
        keys = sorted(self.redis("KEYS *").split())
        found = {key: self.redis(f"ZRANGE {key} 0 -1 WITHSCORES") for key in keys if key in ("geo:all", "seen:all")}
        hashes = [key for key in keys if key.startswith("tech:")]
        assert set(keys) <= set(hashes) | set(found) | {"boot:epoch"}, "a key that nobody knows"
        words = self.redis("MULTI", *(f"HGETALL {key}" for key in hashes), "EXEC").splitlines() if hashes else []
        fields = [word for word in words if word not in ("OK", "QUEUED")]
        for key, at in zip(hashes, range(0, len(fields), 10)):
            found[key] = dict(zip(fields[at : at + 10 : 2], fields[at + 1 : at + 10 : 2]))
        return found

    def committed(self):
        """The same hashes, from PostgreSQL."""
        rows = self.suite.sql("SELECT technician_id::text, lat, lon, at, sequence, status FROM routing.last_position")
        return {f"tech:{technician}": {"lat": f"{lat:.6f}", "lon": f"{lon:.6f}", "at": str(at), "sequence": str(sequence), "status": status}
                for technician, lat, lon, at, sequence, status in rows}  # fmt: skip

    def shown(self, caller):
        answer = caller.ask("GET", "/v1/positions", None, actor=self.suite.actor("consultant", "me"))
        assert answer.status == 200, answer
        return {each["technician_id"]: (round(each["lat"], 6), round(each["lon"], 6), each["at"], each["status"])
                for each in answer.body["technicians"] if each["technician_id"] in self.known}  # fmt: skip

    @property
    def known(self):
        return set(self.technicians)

    def watch_screens(self, before, stop, seen):
        caller = Caller(self)
        while not stop.is_set():
            seen.append(self.shown(caller) == before)

    def back_after(self, wanted):
        """Wipes Redis; -> seconds until it holds `wanted` again. All the while screens show exactly what is committed."""
        stop, seen = threading.Event(), []
        watching = threading.Thread(target=self.watch_screens, args=(self.shown(Caller(self)), stop, seen))
        watching.start()
        try:
            assert self.redis("FLUSHALL") == "OK\n"
            wiped = time.monotonic()
            eventually(lambda: "1" in self.redis("EXISTS boot:epoch"), "somebody fills it", BACK_WITHIN_S)
            took_s = time.monotonic() - wiped
            assert self.in_redis() == wanted, "filled is whole, at once"
        finally:
            stop.set()
            watching.join()
        assert len(seen) > 1 and all(seen), f"{seen.count(False)} of {len(seen)} looks at the screens showed something else"
        return took_s, len(seen)


def digest(state):
    return hashlib.sha256(repr(sorted((key, sorted(value.items()) if isinstance(value, dict) else value) for key, value in state.items())).encode()).hexdigest()


@pytest.fixture
def live(suite, facts, processes, dice):
    live = Live(suite, facts, processes("routing"), dice)
    live.redis("FLUSHALL")
    live.tell_days()
    live.report(live.technicians)
    eventually(lambda: "1" in live.redis("EXISTS boot:epoch"), "Redis was filled once")
    return live


def test_all_technicians_are_back_and_the_same(live):
    before = live.in_redis()
    hashes = {key: value for key, value in before.items() if key.startswith("tech:")}
    assert hashes == live.committed() and len(hashes) == TECHNICIANS and before["geo:all"] and before["seen:all"]
    took_s, looks = live.back_after(before)
    after = live.in_redis()
    say(f"{TECHNICIANS} technicians back {took_s:.1f} s after FLUSHALL, screens right in all of {looks} looks; sha256 before {digest(before)[:16]},"
        f" after {digest(after)[:16]}")  # fmt: skip
    assert digest(after) == digest(before)

    # Wiped while they drive on, and while the one that fills it dies.
    moving = live.dice.sample(live.technicians, 200)
    live.redis("FLUSHALL")
    reporting = threading.Thread(target=live.report, args=(moving,))
    reporting.start()
    for process in live.matching:
        time.sleep(live.dice.uniform(0.1, 0.6))
        process.kill_and_begin()
    reporting.join()
    wiped = time.monotonic()
    same = lambda: {key: value for key, value in live.in_redis().items() if key.startswith("tech:")} == live.committed()  # noqa: E731
    eventually(lambda: "1" in live.redis("EXISTS boot:epoch") and same(), "what they said last, and nothing older", BACK_WITHIN_S)
    say(f"and with 200 new points and both processes killed meanwhile: the same as PostgreSQL {time.monotonic() - wiped:.1f} s later")
    assert len([key for key, value in live.in_redis().items() if isinstance(value, dict) and value["sequence"] == "2"]) == len(moving)
