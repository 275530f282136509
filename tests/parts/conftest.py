# Real parts, started once for all tests of this folder, and the probes that stand behind nginx.
import os
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOM = Path(__file__).resolve().parents[2]
PARTS = ROOM / "scripts/parts"
sys.path.insert(0, str(ROOM / "scripts"))


def read_env(folder):
    words = shlex.split((folder / "env").read_text())
    return dict(word.split("=", 1) for word in words)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Of pytest's own, so closed to others: the parts that change users must cope."""
    folder = tmp_path_factory.mktemp("parts")
    subprocess.run([PARTS, "up", folder], check=True)
    yield folder
    subprocess.run([PARTS, "wipe", folder], check=True)
    assert not folder.exists()


@pytest.fixture(scope="session")
def env(folder):
    return read_env(folder)


@pytest.fixture(scope="session")
def database(folder, env):
    subprocess.run([ROOM / "scripts/bootstrap-database.sh", folder], env=os.environ | env, check=True)
    return env


class Probe(BaseHTTPRequestHandler):
    """Takes a service's place behind nginx and notes what reaches it. As a doorkeeper it knows two callers."""

    protocol_version = "HTTP/1.0"  # no connection outlives its probe

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        size = len(self.rfile.read(length))
        self.server.seen.append((self.server.name, self.command, self.path, dict(self.headers), size))
        status, headers = 200, {}
        if self.path == "/internal/auth":
            known = {"Bearer pk_good": "partner-actor", "Bearer person": "person-actor"}
            actor = known.get(self.headers.get("Authorization"))
            status, headers = (200, {"X-Actor": actor}) if actor else (401, {})
        if self.path.startswith("/v1/settlements"):
            status, headers = 503, {"Retry-After": "7"}
        self.send_response(status)
        body = self.server.name.encode()
        for name, value in (headers | {"X-Position": "probe:1", "Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def standing_probes(env):
    seen, servers = [], []
    for key, value in env.items():
        if not (key.startswith("EDGE_") and key.endswith("_PORTS")):
            continue
        for port in value.split():
            server = ThreadingHTTPServer(("127.0.0.1", int(port)), Probe)
            server.daemon_threads = True
            server.name, server.seen = key[5:-6].lower(), seen
            threading.Thread(target=server.serve_forever, daemon=True).start()
            servers.append(server)
    yield seen
    for server in servers:
        server.server_close()


@pytest.fixture
def probes(standing_probes):
    """One behind every port of a service; what they saw in this test is in the list."""
    standing_probes.clear()
    return standing_probes
