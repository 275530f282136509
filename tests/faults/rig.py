# What a fault run stands on: real parts, all links of the suite through chaosproxy, and the services under a supervisor
# that starts again whatever ends, as production does.
import json
import os
import signal
import struct
import subprocess
import threading
import time
from importlib import machinery, util
from pathlib import Path

from disks import SIZES_MB, Disk
from proxy import Proxy

ROOM = Path(__file__).resolve().parents[2]
WRONG_CLOCK = ROOM / "build/proxy/wrong_clock.so"
MATCHING_HOLD_MS = 60_000
LINKED_TO_EDGE = ("intake", "matching", "portal")


def script(name):
    """One of our scripts as a module."""
    loader = machinery.SourceFileLoader(name, str(ROOM / "scripts" / name))
    module = util.module_from_spec(util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


parts, suite = script("parts"), script("suite")

from throwaway import ports, processes  # noqa: E402
from throwaway.parts import PARTS, Kafka, Part, Postgres  # noqa: E402


class LoggedElsewhere:
    """What a part says when its disk is full must find room."""

    @property
    def log(self):
        return self.folder / f"{self.name}.log"


class LoggedPostgres(LoggedElsewhere, Postgres):
    pass


class LinkedKafka(LoggedElsewhere, Kafka):
    """With a second door for the suite: it sends its callers to the proxy."""

    default_ports = Kafka.default_ports | {"behind": 19094}
    link = 0  # the proxy's port

    def make(self, template, file, **values):
        made = Part.make(self, template, file, **values)
        if file == "kafka.properties":
            here, link = f"127.0.0.1:{self.port}", f"127.0.0.1:{self.link}"
            with open(made, "a") as out:
                out.write(f"listeners=PLAINTEXT://{here},LINK://127.0.0.1:{self.ports['behind']},"
                          f"CONTROLLER://127.0.0.1:{self.ports['controller_port']}\n"
                          f"advertised.listeners=PLAINTEXT://{here},LINK://{link}\n"
                          "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,LINK:PLAINTEXT,CONTROLLER:PLAINTEXT\n")
        return made


PARTS |= {"kafka": LinkedKafka, "postgres": LoggedPostgres}


class Process:
    """One process of the suite, started again when it ends."""

    def __init__(self, rig, name, service, instance, port):
        self.rig, self.name, self.service, self.instance, self.port = rig, name, service, instance, port
        self.popen, self.started_s, self.ended_s, self.failpoint = None, 0.0, 0.0, None
        self.is_ready, self.is_stopped, self.by_us = False, False, False
        self.ends, self.back_s = [], []  # (exit status, by us) of each end; seconds from each to ready again
        self.clock_file, self.is_clock_wrong = rig.folder / "clocks" / name, False

    def set_clock(self, ahead_ms):
        """How far its clock is ahead from now on; one that was started with a right clock is wrong from its next start on."""
        self.clock_file.parent.mkdir(exist_ok=True)
        with open(self.clock_file, "r+b" if self.clock_file.exists() else "wb") as file:
            file.write(struct.pack("q", ahead_ms))
        self.is_clock_wrong = ahead_ms != 0

    def start(self):
        log = self.rig.folder / "log" / f"{self.name}.log"
        env = suite.surroundings(self.rig.folder, self.service, self.instance, self.port) | self.rig.links_of(self.service)
        env |= {"FAULTS_LOG": str(self.rig.folder / "failpoints.jsonl"), "FAULTS_SEED": str(self.rig.seed + len(self.ends)),
                "FAULTS_MUTANTS": self.rig.mutants}  # fmt: skip
        if self.service == "matching":
            env["MATCHING_HOLD_MS"] = str(MATCHING_HOLD_MS)
        if self.failpoint:
            env["FAULTS_FAILPOINTS"], self.failpoint = self.failpoint, None
        if self.is_clock_wrong:
            env |= {"LD_PRELOAD": str(WRONG_CLOCK), "WRONG_CLOCK": str(self.clock_file)}
        with open(log, "ab") as output:
            self.popen = subprocess.Popen([str(self.rig.bin / self.service)], env=env, cwd="/", stdin=subprocess.DEVNULL,
                                          stdout=output, stderr=subprocess.STDOUT, start_new_session=True)  # fmt: skip
        self.started_s, self.is_ready, self.is_stopped, self.by_us = time.monotonic(), False, False, False

    def send(self, number):
        """A signal; what it ends is no end by itself."""
        if self.popen and self.popen.poll() is None:
            self.by_us = self.by_us or number in (signal.SIGKILL, signal.SIGTERM)
            self.is_stopped = number == signal.SIGSTOP or (self.is_stopped and number != signal.SIGCONT)
            self.popen.send_signal(number)
            return True
        return False

    def look(self):
        """The supervisor comes by."""
        status = self.popen.poll()
        if status is None:
            if not self.is_ready and suite.is_ready(self.port):
                self.is_ready = True
                if self.ended_s:
                    self.back_s.append(time.monotonic() - self.ended_s)
            return
        if status == -signal.SIGKILL and not self.by_us:
            status = "failpoint"
        if not self.is_dead():
            self.ends.append((status, self.by_us))
            self.ended_s = time.monotonic()
            self.rig.say_end(self, status)
            self.start_after_s = self.ended_s + (0.1 if self.ended_s - self.started_s > 2 else 1.0)
        if not self.rig.is_ending and time.monotonic() >= self.start_after_s:
            self.start()

    def is_dead(self):
        return self.ended_s > self.started_s


class Rig:
    """`history` is told each event that somebody may want afterwards."""

    def __init__(self, folder, seed, history, binaries, mutants=""):
        self.folder, self.seed, self.history, self.bin = Path(folder), seed, history, Path(binaries)
        self.mutants = mutants
        self.processes, self.is_ending, self.proxy, self.keeper = [], False, None, None
        self.env, self.lock = {}, threading.Lock()
        self.disks, self.no_disks = {}, "only a whole run has disks to fill"  # or why it has none

    # ---- parts ----

    def part(self, *names):
        """Starts what of them does not run."""
        with self.lock, open(self.folder / "parts.log", "a") as log:
            parts.say = lambda text: print(text, file=log, flush=True)
            folder = parts.Folder(self.folder)
            try:
                parts.up(folder, list(names))
            finally:
                folder.lock.close()
        self.env = suite.read_env(self.folder)

    def pids_of(self, name):
        return [each["pid"] for each in self.parts_state()[name]["processes"]]

    def parts_state(self):
        return json.loads((self.folder / "parts.json").read_text())

    def signal_part(self, name, number):
        for pid in self.pids_of(name):
            processes.send(pid, number)

    def wait_part_gone(self, name):
        """Also from its ports: the last thread of a killed process closes them, not the first."""
        state, give_up = self.parts_state()[name], time.monotonic() + 20
        while (any(processes.is_alive(each) for each in state["processes"]) or not all(map(ports.is_free, state["ports"].values()))
               ) and time.monotonic() < give_up:  # fmt: skip
            time.sleep(0.02)

    def serves(self, name):
        part, state = PARTS[name](self.folder), self.parts_state()[name]
        part.ports, part.processes, part.home = state["ports"], state["processes"], self.folder / name
        return all(processes.is_alive(each) for each in state["processes"]) and part.serves()

    def revive(self, name, patience_s=5):
        """As a supervisor, and after him an operator: what has died is started, what only hangs is killed and started."""
        give_up = time.monotonic() + patience_s
        while not self.serves(name):
            if not all(map(processes.is_alive, self.parts_state()[name]["processes"])):
                self.part(name)
            elif time.monotonic() > give_up:
                self.signal_part(name, signal.SIGKILL)
                self.wait_part_gone(name)
            time.sleep(0.1)

    def make_disks(self):
        """Before the parts start. Where nobody may mount, a run goes on without them, and says so."""
        for name in SIZES_MB:
            processes.home(self.folder, name, PARTS[name](self.folder).user)
            disk = Disk(self.folder, name)
            self.no_disks = disk.mount()
            if self.no_disks:
                return
            self.disks[name] = disk

    def start_parts(self, has_disks):
        if (self.folder / "parts.json").exists():
            if processes.any_alive(self.folder / "parts.json"):
                raise SystemExit(f"faults: {self.folder} is in use: scripts/parts down {self.folder} ends what is left there")
            for name in SIZES_MB:
                Disk(self.folder, name).unmount()  # of a run that was killed
            subprocess.run([ROOM / "scripts/parts", "wipe", self.folder], check=True, capture_output=True)
            for name in ("keys", "files", "log", "l", "clocks", "failpoints.jsonl", "postgres.log", "kafka.log"):
                subprocess.run(["rm", "-rf", self.folder / name], check=True)
        self.link_ports = ports.choose(self.folder, "link", {"kafka": 19095, "redis": 16380}, None, lambda text: None)
        LinkedKafka.link = self.link_ports["kafka"]
        if has_disks:
            self.make_disks()
        self.part(*PARTS)
        own = {name: 18151 + number for number, name in enumerate(self.edge_ports())}
        self.own_ports = ports.choose(self.folder, "own", own, None, lambda text: None)
        bootstrap = [ROOM / "scripts/bootstrap-database.sh", self.folder]
        subprocess.run(bootstrap, env=os.environ | self.env, check=True, capture_output=True)

    # ---- links ----

    def open_links(self):
        state = self.parts_state()
        links = {"kafka": (self.link_ports["kafka"], state["kafka"]["ports"]["behind"]),
                 "redis": (self.link_ports["redis"], state["redis"]["ports"]["port"])}  # fmt: skip
        socket = f".s.PGSQL.{self.env['PGPORT']}"
        for service in suite.ORDER:
            (self.folder / "l" / service).mkdir(parents=True, exist_ok=True)
            links[f"pg-{service}"] = (self.folder / "l" / service / socket, Path(self.env["PGHOST"]) / socket)
        links |= {f"edge-{name}": (port, self.own_ports[name]) for name, port in self.edge_ports().items()}
        self.proxy, self.link_names = Proxy(links), list(links)

    def edge_ports(self):
        """process -> where nginx, and portal, look for it: the proxy stands there for those that the edge needs most."""
        found = {}
        for service in LINKED_TO_EDGE:
            for instance, port in enumerate(self.env[f"EDGE_{service.upper()}_PORTS"].split()):
                found[f"{service}-{instance}"] = int(port)
        return found

    def links_of(self, service):
        env = self.env
        where = f"host={self.folder / 'l' / service} port={env['PGPORT']} dbname={env['PGDATABASE']} user="
        return {"DATABASE_URL": where + service, "MIGRATE_DATABASE_URL": where + "majster_owner",
                "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{self.link_ports['kafka']}",
                "REDIS_URL": f"redis://127.0.0.1:{self.link_ports['redis']}"}  # fmt: skip

    def links_to(self, what):
        return [name for name in self.link_names if name.startswith(what)]

    # ---- services ----

    def start_services(self):
        for name in ("keys", "files", "log"):
            (self.folder / name).mkdir(exist_ok=True, mode=0o750)
        for service in suite.ORDER:
            for instance, port in enumerate(self.env[f"EDGE_{service.upper()}_PORTS"].split()):
                name = f"{service}-{instance}"
                self.processes.append(Process(self, name, service, instance, self.own_ports.get(name, int(port))))
        for each in self.processes:
            each.start()
        self.keeper = threading.Thread(target=self.keep, daemon=True, name="supervisor")
        self.keeper.start()
        self.wait_ready(60)

    def keep(self):
        while not self.is_ending:
            for each in self.processes:
                each.look()
            time.sleep(0.05)

    def wait_ready(self, patience_s):
        give_up = time.monotonic() + patience_s
        while not all(each.is_ready and not each.is_dead() for each in self.processes):
            if time.monotonic() > give_up:
                late = [each.name for each in self.processes if not each.is_ready or each.is_dead()]
                raise TimeoutError(f"not ready within {patience_s} s: {' '.join(late)}; logs are in {self.folder}/log")
            time.sleep(0.02)

    def say_end(self, process, status):
        self.history.note("end", process=process.name, status=str(status), by_us=process.by_us)

    def command(self, service, *words):
        """A service's own word on the command line; -> what it printed."""
        env = suite.surroundings(self.folder, service, 0, 0)
        done = subprocess.run([str(self.bin / service), *words], env=env, capture_output=True, text=True)
        if done.returncode:
            raise OSError(f"{service} {words[0]} ended with {done.returncode}\n{done.stderr[-2000:]}")
        return done.stdout

    # ---- the end ----

    def freeze(self):
        for each in self.processes:
            each.send(signal.SIGSTOP)

    def thaw(self):
        for each in self.processes:
            each.send(signal.SIGCONT)

    def heal(self):
        """Links, stopped processes, parts: as if nothing had been."""
        if self.proxy:
            self.proxy.tell("all", "pass")
        for each in self.processes:
            each.send(signal.SIGCONT)
        for name in PARTS:
            self.signal_part(name, signal.SIGCONT)
        self.part(*PARTS)

    def end(self):
        self.is_ending = True
        if self.keeper:
            self.keeper.join(5)
        for each in self.processes:
            each.send(signal.SIGCONT)
            each.send(signal.SIGTERM)
        give_up = time.monotonic() + 5
        for each in self.processes:
            try:
                each.popen.wait(max(give_up - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                each.popen.kill()
        if self.proxy:
            self.proxy.end()
        if (self.folder / "parts.json").exists():
            subprocess.run([ROOM / "scripts/parts", "down", self.folder], capture_output=True)
        for disk in self.disks.values():
            disk.end()
