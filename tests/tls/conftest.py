# The whole suite over parts that speak TLS alone and ask who is there, and single processes that are told something wrong.
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))
sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts"))

import whole_suite
from throwaway import certificates, services
from whole_suite import eventually


@pytest.fixture(scope="session")
def suite(request):
    suite = whole_suite.Suite(tls=True)
    yield suite
    suite.end(keep=request.session.testsfailed > 0)


@pytest.fixture(scope="session")
def other(tmp_path_factory):
    """The folder of an authority that nobody trusts."""
    folder = tmp_path_factory.mktemp("other")
    certificates.make(folder)
    return folder


class Attempt:
    """One process more of a service, told something else than it needs."""

    def __init__(self, folder, env, service, **changed):
        self.file = folder / f"log/attempt-{service}-{os.urandom(4).hex()}.log"
        self.file.parent.mkdir(exist_ok=True)
        told = services.settings(folder, env, service) | {"INSTANCE": "7", "HTTP_PORT": "0"} | {k: str(v) for k, v in changed.items()}
        self.process = subprocess.Popen([whole_suite.BIN / service], env=told, stderr=open(self.file, "wb"), cwd=folder)

    def lines(self):
        return [json.loads(line) for line in self.file.read_text().splitlines() if line.startswith("{")]

    def said(self, event):
        return [line for line in self.lines() if line["event"] == event]

    def waits_for(self, event, *words):
        """The first line of that event with all these words in it."""
        return eventually(lambda: [line for line in self.said(event) if all(word in json.dumps(line) for word in words)],
                          f"{event} with {words} in {self.file}", 25)[0]

    def end(self):
        self.process.terminate()
        return self.process.wait(15)


@pytest.fixture
def attempt(suite):
    running = []

    def begin(service, **changed):
        running.append(Attempt(suite.folder, suite.env, service, **changed))
        return running[-1]

    yield begin
    for each in running:
        each.process.kill()  # one that waits for Kafka takes four seconds to end gently
        each.process.wait()


def wrong_file(tmp_path):
    file = tmp_path / "wrong"
    file.write_text("not the password")
    return file
