# The whole suite on real parts, started once for all stories and pages that ask for it, ended with pytest itself.
#
# BIN names other binaries than build/bin (sanitizers), STORY_SERVICES only some services ("intake matching").
# Logs stay in the folder that is named when a test has failed.
import functools
import http.client
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import psycopg2

ROOM = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOM / "tests/city"))  # its readers of Kafka and proto/
BIN = Path(os.environ.get("BIN", ROOM / "build/bin"))

from kafka import Reader
from protofile import Types


def eventually(look, what, patience_s=60):
    """The first true answer of `look`."""
    give_up = time.monotonic() + patience_s
    while not (found := look()):
        assert time.monotonic() < give_up, f"not within {patience_s} s: {what}"
        time.sleep(0.05)
    return found


def read_env(folder):
    return dict(word.split("=", 1) for word in shlex.split((folder / "env").read_text()))


class Answer:
    def __init__(self, answer):
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()

    @property
    def json(self):
        return json.loads(self.body)


class Door:
    """An HTTP address: the edge, or a service behind it."""

    def __init__(self, port, **always):
        self.port, self.always = int(port), always

    def __call__(self, method, path, content=None, token=None, **headers):
        """`content` that is no bytes goes as JSON. Headers: idempotency_key="k-1"."""
        named = {name.replace("_", "-"): value for name, value in (self.always | headers).items()}
        if token:
            named["Authorization"] = f"Bearer {token}"
        if content is not None and not isinstance(content, bytes):
            content = json.dumps(content).encode()
            named.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, content, named)
            return Answer(connection.getresponse())
        finally:
            connection.close()


class Suite:
    def __init__(self, tls=False):
        self.folder = Path(tempfile.mkdtemp(prefix="majster-stories-"))
        names = os.environ.get("STORY_SERVICES", "").split()
        self.run("parts", "up", self.folder, *(["--tls"] if tls else []))
        self.env = read_env(self.folder)
        self.run("bootstrap-database.sh", self.folder, env=self.env)
        if tls:
            self.run("kafka-acls", "grant", self.folder, BIN)
        try:
            self.run("suite", "up", self.folder, *names)
        except subprocess.CalledProcessError:
            self.end(keep=True)
            raise
        self.edge = Door(self.env["EDGE_PORT"])
        self.partners = {}

    @staticmethod
    def run(script, *words, env=None, **how):
        return subprocess.run([ROOM / "scripts" / script, *words], env=os.environ | (env or {}), check=True, **how)

    def end(self, keep):
        self.run("suite", "down", self.folder)
        self.run("parts", "down" if keep else "wipe", self.folder)
        if keep:
            print(f"\nstories: logs are in {self.folder}", file=sys.stderr)
        else:
            subprocess.run(["rm", "-rf", self.folder], check=True)

    def word(self, service, *words):
        """What a service's own command prints: word("intake", "--parked", "list")."""
        return self.run("suite", "run", self.folder, service, *words, capture_output=True, text=True).stdout

    def sql(self, statement, *values):
        """As the database's superuser, whom no wall stops."""
        where = {"host": self.env["PGHOST"], "port": self.env["PGPORT"], "dbname": self.env["PGDATABASE"]}
        with psycopg2.connect(user="postgres", **where) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    # ---- who calls ----
    def owner(self, service, kind, name, partner="-", scope="-"):
        """A service's own door, past nginx, with an actor signed as portal and intake do it."""
        sign = [BIN / "sign-actor", self.folder / "keys", "intake", kind, name, partner, scope]
        actor = subprocess.run(sign, capture_output=True, check=True, text=True).stdout.strip()
        return Door(self.env[f"EDGE_{service.upper()}_PORTS"].split()[0], x_actor=actor)

    @functools.cache
    def token(self, role, name):
        """A person's token from portal; roles are operator, consultant, technician, supplier."""
        return self.word("portal", "--issue-token", role, name).split()[-1]

    def partner(self, partner_id, chooser="by_engine", **changed):
        """A partner's key; the first call makes the partner with one contract, `<partner_id>-dom`."""
        if partner_id in self.partners:
            return self.partners[partner_id]
        service = {"service_id": "plumbing.leak", "name": "Naprawa wycieku", "skill": "plumbing", "visit_length_ms": 3600000,
                   "expected_cost_grosz": 30000, "urgency": "normal"}
        contract = {"contract_id": f"{partner_id}-dom", "name": "Dom", "chooser": chooser, "guarantee_sum_grosz": 100000,
                    "tolerance_ms": 900000, "choose_within_ms": 7200000, "answer_within_ms": 172800000, "services": [service]}
        body = {"partner_id": partner_id, "name": partner_id.title(), "kind": "insurer", "contracts": [contract | changed]}
        made = self.owner("intake", "operator", "stories")("POST", "/v1/partners", body)
        assert made.status == 201, made.body
        self.partners[partner_id] = made.json["api_key"]
        return self.partners[partner_id]

    # ---- facts ----
    def price_list(self):
        """Prices for every test's visits, made once: a later list would hold in an hour at the earliest."""
        if not self.sql("SELECT 1 FROM billing.price_list"):
            items = [{"item": "dojazd", "name": "Dojazd", "unit": "szt.", "price_grosz": 5000, "vat_percent": 8},
                     {"item": "robocizna", "name": "Robocizna", "unit": "godz.", "price_grosz": 14000, "vat_percent": 8}]
            made = self.edge("POST", "/v1/price-lists", {"price_list_id": "cennik", "valid_from": 1, "items": items},
                             token=self.token("operator", "prices"), idempotency_key=str(uuid.uuid4()))
            assert made.status == 201, made.body
        eventually(lambda: self.sql("SELECT 1 FROM intake.price WHERE item = 'robocizna'"), "intake has heard the prices")

    def tell(self, kind, subject, text=None, payload=None, sequence=1, partition=-1, partner="", cause=""):
        """Puts a record on a service's topic as its relay would: kind "billing.v1.PriceListPublished", its protobuf text,
        or raw bytes. Returns its id."""
        package, source = kind.rsplit(".", 1)[0], kind.split(".")[0]
        if payload is None:
            protoc = ["protoc", "-I", ROOM, "-I", "/usr/include", f"--encode={kind}", f"proto/{source}.proto"]
            payload = subprocess.run(protoc, input=text.encode(), capture_output=True, check=True, cwd=ROOM).stdout
        event_id = str(uuid.uuid4())
        headers = {"ce_id": event_id, "ce_source": f"/{source}", "ce_type": kind, "ce_subject": subject, "ce_sequence": sequence,
                   "ce_toldat": int(time.time() * 1000), "partner": partner, "ce_causeid": cause}
        file = self.folder / f"fact-{event_id}"
        file.write_bytes(payload)
        named = [word for name, value in headers.items() for word in ("-H", f"{name}={value}")]
        kcat = ["kcat", "-P", "-b", self.env["KAFKA_BOOTSTRAP_SERVERS"], "-t", package, "-p", str(partition), "-k", subject]
        subprocess.run([*kcat, *named, file], check=True)
        file.unlink()
        return event_id


class Facts:
    """Everything told on Kafka so far, read from the beginning: each fact a dict of its fields, each once."""

    def __init__(self, servers, config=None):
        # Questions on a handle that follows wait behind its fetches.
        self.reader, self.asker = Reader(servers, config), Reader(servers, config)
        self.types, self.told = Types(), {}
        self.read = {}

    def take(self):
        self.reader.follow(self.asker.topics(), dict(self.read))
        while record := self.reader.poll(300):
            topic, partition, offset, headers, payload = record
            self.read[topic, partition] = offset + 1
            if headers.get("ce_id") not in self.told and headers.get("ce_type") in self.types.messages:
                self.told[headers["ce_id"]] = headers, payload

    def headers_about(self, subject):
        """The headers of what was told about that subject, and on partners' topics, by teller and sequence."""
        self.take()
        found = [headers for headers, _ in self.told.values() if headers["ce_subject"] == subject]
        return sorted(found, key=lambda headers: (headers["ce_source"], int(headers["ce_sequence"])))

    def about(self, subject):
        """[(type, fields)] about that subject, by teller and sequence: ("VisitBooked", {...})."""
        self.take()
        found = [(headers["ce_source"], int(headers["ce_sequence"]), headers["ce_type"], payload)
                 for headers, payload in self.told.values() if headers["ce_subject"] == subject]
        return [(kind.rpartition(".")[2], self.types.decode(kind, payload)) for _, _, kind, payload in sorted(found)]

    def wait(self, subject, kind):
        """The fields of the newest fact of that type about that subject, once there is one."""
        return eventually(lambda: [fields for name, fields in self.about(subject) if name == kind],
                          f"{kind} about {subject}")[-1]

    def end(self):
        self.reader.close()
        self.asker.close()


@functools.cache
def the_suite():
    """Stories and pages share one."""
    return Suite()


def end_the_suite(keep):
    if the_suite.cache_info().currsize:
        the_suite().end(keep)
        the_suite.cache_clear()
