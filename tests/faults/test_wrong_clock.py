# One process's clock is wrong: it lives by PostgreSQL's, as all others do.
import base64
import socket
import struct
import subprocess
import time
import urllib.error
import urllib.request

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from conftest import ROOM, surroundings
from test_failpoints import load, rows

HOUR_MS = 3_600_000
WRONG_CLOCK = ROOM / "build/proxy/wrong_clock.so"


class Workforce:
    def __init__(self, folder, env):
        (folder / "keys").mkdir(exist_ok=True)
        self.key, self.clock, self.log = Ed25519PrivateKey.generate(), folder / "clock", folder / "wrong-clock.log"
        public = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        (folder / "keys/tester.public").write_bytes(public)
        self.while_starting = set()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.set_clock(HOUR_MS)
        settings = surroundings(folder, env, "workforce", HTTP_PORT=str(self.port), LD_PRELOAD=str(WRONG_CLOCK), WRONG_CLOCK=str(self.clock))
        with open(self.log, "wb") as output:
            self.process = subprocess.Popen([ROOM / "build/bin/workforce"], env=settings, stderr=output)

    def set_clock(self, ahead_ms):
        with open(self.clock, "r+b" if self.clock.exists() else "wb") as file:
            file.write(struct.pack("q", ahead_ms))

    def ask(self, path, until_s=60):
        """As an operator whose header is good for so long, by a right clock; -> status."""
        payload = f"v1;tester;operator;olga;;;{int((time.time() + until_s) * 1000)}"
        actor = f"{payload};" + base64.urlsafe_b64encode(self.key.sign(payload.encode())).decode().rstrip("=")
        try:
            request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"X-Actor": actor})
            return urllib.request.urlopen(request, timeout=15).status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0


@pytest.fixture(scope="module")
def workforce(built, parts):
    service = Workforce(*parts)
    try:
        give_up = time.monotonic() + 60
        while service.ask("/readyz") != 200:
            service.while_starting.add(service.ask("/v1/technicians"))
            assert time.monotonic() < give_up and service.process.poll() is None, service.log.read_text()
            time.sleep(0.01)
        yield service
    finally:
        service.process.terminate()
        service.process.wait(20)


def test_the_clock_of_its_log_is_wrong(workforce):
    """Or the others prove nothing."""
    started_at = int(workforce.log.read_text().split('"at":', 1)[1].split(",", 1)[0])
    assert 0.9 * HOUR_MS < started_at - time.time() * 1000 < 1.1 * HOUR_MS


def test_nobody_is_refused_while_the_right_time_is_not_known_yet(workforce):
    assert not workforce.while_starting & {200, 401}, "nobody is let in before"


@pytest.mark.parametrize("ahead_ms", [HOUR_MS, -HOUR_MS, 3000, -3000])
def test_who_may_and_until_when_is_judged_by_the_right_time(workforce, ahead_ms):
    workforce.set_clock(ahead_ms)
    assert workforce.ask("/v1/technicians") == 200
    assert workforce.ask("/v1/technicians", until_s=-1) == 401, "the header's time is over"
    assert workforce.ask("/v1/technicians", until_s=2) == 200, "and not yet"


def test_a_request_waits_for_its_answer_whatever_the_clock_does(workforce):
    """It once waited until a moment of the wall clock: set back by an hour, every call was "too late" at once."""
    workforce.set_clock(-HOUR_MS)
    assert {workforce.ask("/v1/technicians") for _ in range(20)} == {200}


def test_facts_are_told_by_the_right_time(workforce, parts):
    """Kafka refuses records from more than an hour ahead, and forgets them by their time."""
    folder, env = parts
    workforce.set_clock(3 * HOUR_MS)
    assert load(ROOM / "build/bin", folder, env)[0] == 0
    give_up = time.monotonic() + 15
    while rows(env, "outbox"):
        assert time.monotonic() < give_up, "they wait in the outbox"
        time.sleep(0.1)
