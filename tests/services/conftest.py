# Services as they are, on real parts: facts go in and out through Kafka, requests through HTTP with signed actors.
# PARTS_DIR names a folder where `scripts/parts up` and `scripts/bootstrap-database.sh` already ran; else one is made.
# BIN names another folder of binaries than build/bin (say, with sanitizers, whose settings go along).
import base64
import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import psycopg2
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOM = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOM / "scripts"))

from throwaway import services

BIN = Path(os.environ.get("BIN", ROOM / "build/bin"))
PATIENCE_S = 30


def new_id():
    return str(uuid.uuid4())


def now_ms():
    return int(time.time() * 1000)


def eventually(look, what, patience_s=PATIENCE_S):
    """The first true answer of `look`."""
    give_up = time.monotonic() + patience_s
    while not (found := look()):
        assert time.monotonic() < give_up, f"not within {patience_s} s: {what}"
        time.sleep(0.05)
    return found


class Suite:
    """The parts, and what stands in for the services that are not under test."""

    def __init__(self, folder):
        self.folder = folder
        self.read_env()
        self.keys, self.files = folder / "test-keys", folder / "test-files"
        self.keys.mkdir(exist_ok=True)
        self.files.mkdir(exist_ok=True)
        self.key = Ed25519PrivateKey.generate()
        public = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        (self.keys / "tester.public").write_bytes(public)
        self.sequences = {}

    def read_env(self):
        """Once more when further parts have come up."""
        words = shlex.split((self.folder / "env").read_text())
        self.env = dict(word.split("=", 1) for word in words)

    def sql(self, statement, *values):
        """As the database's superuser, whom no wall stops."""
        with psycopg2.connect(host=self.env["PGHOST"], port=self.env["PGPORT"], dbname="majster", user="postgres") as to:
            with to.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []

    def as_role(self, role):
        password = (self.folder / f"secrets/{role}.password").read_text()
        return psycopg2.connect(host=self.env["PGHOST"], port=self.env["PGPORT"], dbname="majster", user=role, password=password)

    def actor(self, kind, name, partner="", scope=""):
        payload = f"v1;tester;{kind};{name};{partner};{scope};{now_ms() + 60000}"
        signature = base64.urlsafe_b64encode(self.key.sign(payload.encode())).decode().rstrip("=")
        return f"{payload};{signature}"

    def tell(self, kind, subject, partner, text, event_id=None, sequence=None, change=bytes, **more_headers):
        """A fact as the relay sends it; `kind` is "intake.v1.WorkOrderOpened", `text` its protobuf text, `change` what becomes of
        its bytes."""
        package, source = kind.rsplit(".", 1)[0], kind.split(".")[0]
        protoc = ["protoc", "-I", ROOM, "-I", "/usr/include", f"--encode={kind}", f"proto/{source}.proto"]
        payload = subprocess.run(protoc, input=text.encode(), capture_output=True, check=True, cwd=ROOM).stdout
        payload = change(payload)
        if sequence is None:
            sequence = self.sequences[source, subject] = self.sequences.get((source, subject), 0) + 1
        headers = {
            "ce_id": event_id or new_id(),
            "ce_source": f"/{source}",
            "ce_type": kind,
            "ce_subject": subject,
            "ce_sequence": sequence,
            "ce_toldat": now_ms(),
            "partner": partner,
        } | more_headers
        file = self.folder / f"fact-{new_id()}"
        file.write_bytes(payload)
        named = [word for name, value in headers.items() for word in ("-H", f"{name}={value}")]
        broker = self.env["KAFKA_BOOTSTRAP_SERVERS"]
        subprocess.run(["kcat", "-P", "-b", broker, "-t", package, "-k", subject, *named, file], check=True)
        file.unlink()

    def heard(self, topic, subject):
        """What was told about a subject so far: [(type, partner, protobuf text)], in order. A fact that a crash sent twice
        has one id and counts once, as for every listener."""
        read = ["kcat", "-C", "-q", "-e", "-b", self.env["KAFKA_BOOTSTRAP_SERVERS"], "-t", topic, "-o", "beginning", "-f", "%h\n%S\n%s\n"]
        raw, facts = subprocess.run(read, capture_output=True, check=True).stdout, {}
        while raw:
            line, raw = raw.split(b"\n", 1)
            size, raw = raw.split(b"\n", 1)
            payload, raw = raw[: int(size)], raw[int(size) + 1 :]
            headers = dict(re.findall(r"(\w+)=([^,]*)", line.decode()))
            if headers["ce_subject"] == subject:
                facts[headers["ce_id"]] = (int(headers["ce_sequence"]), headers["ce_type"], headers.get("partner", ""), payload)
        told = sorted(facts.values())
        assert [fact[0] for fact in told] == list(range(1, len(told) + 1)), "gap-free"
        return [(kind.rsplit(".", 1)[1], partner, self.decoded(kind, payload)) for _, kind, partner, payload in told]

    def decoded(self, kind, payload):
        protoc = ["protoc", "-I", ROOM, "-I", "/usr/include", f"--decode={kind}", f"proto/{kind.split('.')[0]}.proto"]
        return subprocess.run(protoc, input=payload, capture_output=True, check=True, cwd=ROOM).stdout.decode()


class Service:
    """One process of a service under test."""

    def __init__(self, suite, name, **settings):
        self.suite, self.name = suite, name
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.env = services.settings(suite.folder, suite.env, name) | {
            "ACTOR_KEYS_DIR": str(suite.keys),
            "FILES_DIR": str(suite.files),
            "HTTP_PORT": str(self.port),
        } | {key: str(value) for key, value in settings.items()}
        self.log = open(suite.folder / f"{name}.log", "ab")
        self.process = None

    def start(self):
        self.process = subprocess.Popen([BIN / self.name], env=self.env, stderr=self.log)
        eventually(lambda: self.is_ready(), f"{self.name} is ready", 30)

    def is_ready(self):
        assert self.process.poll() is None, f"{self.name} ended; see {self.log.name}"
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz").status == 200
        except OSError:
            return False

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        assert self.process.wait(10) == 0

    def metric(self, name):
        text = self.ask("GET", "/metrics", "")[1].decode()
        return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name + "{"))

    def ask(self, method, path, actor, body=None, **headers):
        """(status, decoded JSON or bytes)."""
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, method=method)
        for name, value in ({"X-Actor": actor} | headers).items():
            request.add_header(name.replace("_", "-"), value)
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as refused:
            answer = refused
        raw = answer.read()
        is_json = "json" in (answer.headers["Content-Type"] or "")
        return answer.status, json.loads(raw) if is_json else raw


def pytest_configure(config):
    config.addinivalue_line("markers", "once: takes a minute of the clock; left out when all runs again with sanitizers")


@pytest.fixture(scope="session")
def suite(tmp_path_factory):
    if os.environ.get("PARTS_DIR"):
        yield Suite(Path(os.environ["PARTS_DIR"]))
        return
    folder = tmp_path_factory.mktemp("services")
    subprocess.run([ROOM / "scripts/parts", "up", folder, "--only", "postgres,kafka"], check=True)
    try:
        suite = Suite(folder)
        subprocess.run([ROOM / "scripts/bootstrap-database.sh", folder], env=os.environ | suite.env, check=True)
        yield suite
    finally:
        subprocess.run([ROOM / "scripts/parts", "down", folder], check=True)


@pytest.fixture(scope="session")
def run_service(suite):
    """Starts a service for the whole session; ends it when all is tested."""
    running = {}

    def run(name, **settings):
        if name not in running:
            running[name] = Service(suite, name, **settings)
            running[name].start()
        return running[name]

    yield run
    for service in running.values():
        service.stop()
