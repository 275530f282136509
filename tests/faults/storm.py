# The fault run: everything starts, a day is replayed or a hammer swings, all that can break is broken, then it is healed,
# drained and counted. scripts/faults is its command line.
import json
import random
import re
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOM = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOM / "tests/faults"), str(ROOM / "tests/city"), str(ROOM / "scripts")]
sys.dont_write_bytecode = True

import clock  # noqa: E402
from counts import Counts  # noqa: E402
from database import Database  # noqa: E402
from drain import Drain  # noqa: E402
from forgotten import StormForgetting  # noqa: E402
from garbage import Garbage  # noqa: E402
from history import History  # noqa: E402
from op03 import what_still_works  # noqa: E402
from partner_events import PartnerEvents  # noqa: E402
from report import page  # noqa: E402
from rig import Rig, suite  # noqa: E402
from storm_city import StormCity, Watch  # noqa: E402
from weapons import Weapons, arsenal, ask_postgres, of_short_run  # noqa: E402

SETTING_UP_S = {True: 22, False: 8}
DAY_S = 155  # the city's day; faults begin and end inside it
STORM_S = {True: 135, False: 14}
WARM_S, RECOVERY_MOST_S = {True: 8, False: 3}, 25


class Storm:
    def __init__(self, folder, seed, is_whole=True, mutants="", only=None, binaries=None, repeats=1):
        self.folder, self.seed, self.is_whole, self.only, self.repeats = Path(folder), seed, is_whole, only, repeats
        self.folder.mkdir(parents=True, exist_ok=True)
        self.history = History(self.folder / "history.jsonl")
        self.rig = Rig(self.folder, seed, self.history, binaries or ROOM / "build/faults/bin", mutants)
        self.dice = random.Random(f"storm {seed}")
        self.seconds, self.since = {}, time.monotonic()
        self.used, self.recovered, self.late = [], {}, []
        self.healing = []
        self.errors, self.op03, self.is_drained, self.young, self.dwell_s = [], [], False, {}, 0

    @staticmethod
    def now_ms():
        return int(time.time() * 1000)

    def say(self, text):
        print(f"faults: {text}", flush=True)

    def lap(self, what):
        self.seconds[what] = round(time.monotonic() - self.since, 1)
        self.since = time.monotonic()
        self.say(f"{what}: {self.seconds[what]} s")

    # ---- everything starts ----

    def start(self):
        self.rig.start_parts(self.is_whole)
        self.lap("parts")
        self.write_clock()
        self.rig.open_links()
        self.rig.start_services()
        self.lap("services")
        self.describe = self.read_descriptions()
        self.city = StormCity(self.seed, self.rig.env, self.clock_rows, self.history)
        self.garbage = Garbage(self.rig, self.city.facts, random.Random(f"garbage {self.seed}"), self.describe, self.city.edge)
        self.city.facts.garbage = self.garbage
        self.watch = Watch(self.rig)
        self.watch.start()
        self.city.set_up(self.issue_token, self.load, lambda text: None, self.is_whole)
        self.forgetting = StormForgetting(self)
        self.weapons = Weapons(self.rig, self.dice, 4 if self.is_whole else 2, self.city.edge)
        self.lap("signing up")

    def write_clock(self):
        speed = sum((until[1] - since[1]) / since[2] for since, until in
                    zip(clock.rows_of_day(0), clock.rows_of_day(0)[1:])) / 1000 / DAY_S  # fmt: skip
        wait_s = max(SETTING_UP_S[self.is_whole], self.seconds["parts"] * (1.6 if self.is_whole else 0.8))
        self.clock_rows = clock.rows_of_day(self.now_ms() + int(wait_s * 1000), speed)
        values = ", ".join(f"({machine_at}, {suite_at}, {rate})" for machine_at, suite_at, rate in self.clock_rows)
        ask_postgres(self.rig, f"TRUNCATE suite.clock; INSERT INTO suite.clock (machine_at, suite_at, rate) VALUES {values}")

    def read_descriptions(self):
        """What each service says of itself, and, from its tables, which facts open a subject."""
        found = {}
        for service in suite.ORDER:
            said = json.loads(self.rig.command(service, "--describe"))
            table = (ROOM / "services" / service / "main.c").read_text()
            opening = {name.replace("_", "") for name in re.findall(r"\{ &(\w+)__descriptor,[^{}]*\.opens = true", table)}
            for each in said["listens"]:
                each["opens"] = each["type"].rpartition(".")[2].lower() in opening
            found[service] = said
        return found

    def load(self, service, content):
        file = self.folder / f"load-{service}.json"
        file.write_text(json.dumps(content, ensure_ascii=False))
        self.rig.command(service, "--load", str(file))

    def issue_token(self, kind, *ids):
        with ThreadPoolExecutor(3) as pool:
            return [said.split()[-1] for said in pool.map(lambda one: self.rig.command("portal", "--issue-token", kind, one), ids)]

    # ---- the storm ----

    def play(self):
        faults = threading.Thread(target=self.storm, daemon=True, name="storm")
        self.city.hammer.start(self.is_whole)
        self.forgetting.start()
        faults.start()
        if self.is_whole:
            self.city.plan_day()
            self.city.agenda.run(clock.END_AT, lambda: None)
        faults.join()
        self.forgetting.stop()
        self.lap("the storm")

    def storm(self):
        try:
            time.sleep(WARM_S[self.is_whole])
            self.young = self.memory()
            self.begun_s = self.history.second()
            faults = self.choose_faults()
            names = [name for name in faults if not name.startswith("F10 ")]
            self.dice.shuffle(names)
            self.until_s = time.monotonic() + STORM_S[self.is_whole]
            clocks = threading.Thread(target=self.go_round, args=[faults], daemon=True, name="clocks")
            clocks.start()
            for number, name in enumerate(names * self.repeats):
                self.use(name, faults[name], len(names) * self.repeats - number)
            clocks.join()
            time.sleep(self.dwell_s)
            for each in self.healing:
                each.join(RECOVERY_MOST_S * 2)
            if not self.only:
                self.weapons.make_sure()
            self.ended_s = self.history.second()
        except Exception as error:
            self.errors.append(f"the storm broke off: {error!r}")
            self.ended_s = self.history.second()

    def go_round(self, faults):
        """At each moment one process's clock is wrong, whatever else goes on."""
        names = [name for name in faults if name.startswith("F10 ")]
        random.Random(f"clocks {self.seed}").shuffle(names)
        for name in names:
            healed = threading.Event()
            thread = threading.Thread(target=self.hurt, args=[name, faults[name], healed], daemon=True, name=name)
            self.healing.append(thread)
            thread.start()
            healed.wait(60)

    def choose_faults(self):
        faults = arsenal(self.weapons, self.garbage)
        if not self.is_whole:
            faults = of_short_run(faults)
        if self.only:
            faults = {name: act for name, act in faults.items() if re.search(self.only, name)}
        return faults

    def use(self, name, fault, left):
        """The next fault waits until this one is over and the suite is back at work, but not longer than its share of the
        storm; those that stop processes go on beside the others."""
        healed = threading.Event()
        thread = threading.Thread(target=self.hurt, args=[name, fault, healed], daemon=True, name=name)
        self.healing.append(thread)
        thread.start()
        if not name.startswith("F2 stop") or "broker" in name:
            healed.wait(60)
        thread.join(min(max((self.until_s - time.monotonic()) / left, 0.2), 6))

    def hurt(self, name, fault, healed):
        act, bar_s = fault
        self.history.note("fault", name=name)
        from_s, healed_s = time.monotonic(), None
        try:
            healed_s = act()
            self.used.append(name)
        except Exception as error:
            self.errors.append(f"{name}: {error!r}")
        healed_s = healed_s or time.monotonic()
        healed.set()
        self.recover(random.Random(name))
        took_s = time.monotonic() - healed_s
        self.history.note("recovered", name=name, hurt_s=round(healed_s - from_s, 2), took_s=round(took_s, 2))
        self.recovered.setdefault(name, []).append(took_s)
        if took_s > bar_s:
            self.late.append(f"{name}: {took_s:.1f} s")

    def recover(self, dice):
        """Waits until every process was ready, what was committed by now was in Kafka, and an order was accepted; each at
        least once, since the next fault may have begun."""
        from_s, late, kept = time.monotonic(), set(self.rig.processes), {name: at for name, at in self.outboxes("max(id)") if at}
        order = threading.Thread(target=self.city.hammer.order, args=[dice], daemon=True)
        order.start()
        while (late or kept or order.is_alive()) and time.monotonic() - from_s < RECOVERY_MOST_S:
            late = {each for each in late if not each.is_ready or each.is_dead() or each.is_stopped}
            for name, at in self.outboxes("min(id)") if kept else []:
                if at is None or at > kept.get(name, 0):
                    kept.pop(name, None)
            time.sleep(0.1)

    def outboxes(self, what):
        sql = " UNION ALL ".join(f"SELECT '{name}', {what} FROM {name}.outbox" for name in suite.ORDER)
        return ask_postgres(self.rig, sql) or []

    # ---- peace ----

    def heal_and_drain(self):
        self.rig.heal()
        self.rig.wait_ready(60)
        self.op03 = what_still_works(self) if self.is_whole and not self.rig.mutants else []
        self.lap("what still works")
        self.city.hammer.stop()
        for _ in range(5):
            self.city.hammer.let_run_out(self.dice)
        self.city.hammer.settle()
        self.city.hammer.ask_again()
        self.database = Database(self.rig.env)
        self.is_drained = Drain(self).run()
        self.city.facts.catch_up(10)  # also what came of a drain that was not one
        self.old = self.memory()
        self.lap("drain")

    def memory(self):
        found = {}
        for each in self.rig.processes:
            try:
                text = Path(f"/proc/{each.popen.pid}/status").read_text()
                found[each.name, each.popen.pid] = int(re.search(r"VmRSS:\s+(\d+)", text)[1])
            except (OSError, TypeError):
                pass
        return found

    def growth(self):
        return [(name, young, self.old[name, pid]) for (name, pid), young in self.young.items() if (name, pid) in self.old]

    def count(self):
        counts = Counts(self, self.database, PartnerEvents(self.city))
        self.found, self.unknown = counts.check(), getattr(counts, "unknown", 0)
        self.guards = counts.guards()
        self.found.append(("--", "all was drained in time", int(not self.is_drained), ""))
        self.found.append(("--", "the storm and its hammer did what they were to do", len(self.errors + self.city.hammer.surprises),
                           str((self.errors + self.city.hammer.surprises)[:3])))  # fmt: skip
        missed = [name for name in self.choose_faults() if name not in self.used]
        self.guards.append((f"kinds of fault, none left out {missed or ''}", 0 if missed else len(set(self.used)), False))
        self.lap("counting")

    def rates(self):
        """Calls answered a second: before, during, after."""
        good = self.city.edge.good_by_second

        def mean(since, until):
            return round(statistics.mean(good.get(second, 0) for second in range(since, until)), 1) if until > since else 0.0

        last = max(good, default=0)
        return mean(self.begun_s - WARM_S[self.is_whole], self.begun_s), mean(self.begun_s, self.ended_s), mean(self.ended_s, last)

    def failures(self):
        """What makes the run red, each a line."""
        broken = [f"{code} {what}: {count} {detail}" for code, what, count, detail in self.found if count]
        broken += [f"guard: {what}: {count}" for what, count, may_be_none in self.guards if count < 1 and (self.is_whole or not may_be_none)]
        return broken + [f"OP-03 {line}" for line, holds in self.op03 if not holds]

    def end(self):
        self.city_end()
        self.rig.end()
        self.history.end()

    def city_end(self):
        if city := getattr(self, "city", None):
            city.hammer.is_over.set() if hasattr(city, "hammer") else None
            self.watch.is_over.set()
            city.facts.end()
        if getattr(self, "garbage", None) and self.garbage.writer:
            self.garbage.writer.end()


def run(folder, seed, is_whole=True, mutants="", only=None, before=None, binaries=None, repeats=1, dwell_s=0):
    """-> (the page, what failed, the storm). `before`: something done to the rig once the schema is there (a mutant)."""
    storm = Storm(folder, seed, is_whole, mutants, only, binaries, repeats)
    storm.dwell_s = dwell_s
    from_s = time.monotonic()
    try:
        storm.start()
        if before:
            before(storm.rig)
        storm.play()
        storm.heal_and_drain()
        storm.count()
        storm.seconds["all"] = round(time.monotonic() - from_s, 1)
        text = page(storm)
        (storm.folder / "report.txt").write_text(text)
        return text, storm.failures(), storm
    finally:
        storm.end()
