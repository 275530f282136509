# What nginx does before and instead of the services.
import contextlib
import functools
import http.client
import json
import os
import re
import socket
import subprocess
import time
from pathlib import Path

import pytest
from conftest import ROOM

BIN = Path(os.environ.get("BIN", ROOM / "build/bin"))
PARTNER, PERSON = {"Authorization": "Bearer pk_good"}, {"Authorization": "Bearer person"}


def ask(port, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    answer.content = answer.read()
    connection.close()
    return answer


@pytest.fixture
def call(env):
    return functools.partial(ask, env["EDGE_PORT"])


def raw(env, request):
    """Bytes as they are; the whole answer as text."""
    with socket.create_connection(("127.0.0.1", int(env["EDGE_PORT"])), 10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while more := connection.recv(65536):
            answer += more
    return answer.decode()


@contextlib.contextmanager
def edge_alone(env, folder, **limits):
    """The port of another edge, with nobody behind it; `nginx -t` likes what was rendered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    behind = {key: "1" for key in env if key.startswith("EDGE_") and key.endswith("_PORTS")}
    settings = behind | {"EDGE_HOME": str(folder), "EDGE_PORT": str(port)} | limits
    config, log = folder / "nginx.conf", folder / "error.log"
    subprocess.run([ROOM / "scripts/render-nginx", config], env=os.environ | settings, check=True)
    subprocess.run(["/usr/sbin/nginx", "-t", "-q", "-c", config, "-e", log], check=True)
    nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", config, "-e", log, "-g", "daemon off;"])
    try:
        until(lambda: socket.create_connection(("127.0.0.1", port), 1).close())
        yield port
    finally:
        nginx.terminate()
        nginx.wait()


def until(attempt):
    for _ in range(100):
        try:
            return attempt()
        except ConnectionError:
            time.sleep(0.05)
    return attempt()


def routes():
    """Every route of every service that is built, as a path somebody might ask for."""
    for program in sorted(path.parent.name for path in (ROOM / "services").glob("*/main.c")):
        said = subprocess.run([BIN / program, "--describe"], capture_output=True, check=True)
        for route in json.loads(said.stdout)["routes"]:
            if not route["path"].startswith("/internal/"):
                yield route["method"], re.sub(r"\{\w+\}", "7", route["path"]), program


ODD_ONES = [
    ("GET", "/v1/work-orders/7/costs", "intake"),
    ("GET", "/v1/work-orders/booking", "intake"),
    ("GET", "/v1/partner-events?after=4", "notifications"),
    ("GET", "/v1/book/check?why=a%2Fb", "matching"),
]


@pytest.mark.parametrize("method, path, owner", [*routes(), *ODD_ONES])
def test_a_path_reaches_its_owner_unchanged(probes, call, method, path, owner):
    assert call(method, path, PERSON).content == owner.encode()
    assert probes[-1][:3] == (owner, method, path)


@pytest.mark.parametrize("path", ["/", "/day", "/sign-in", "/static/a.css", "/s/abcdefghijklmnopqrstuv", "/orders/1"])
def test_pages_are_portals_without_a_doorkeeper(probes, call, path):
    assert call("GET", path, {"X-Actor": "forged"}).content == b"portal"
    assert [each[2] for each in probes] == [path]
    assert "X-Actor" not in probes[0][3]


CALLERS = [(PARTNER, "intake", "partner-actor"), (PERSON, "portal", "person-actor")]


@pytest.mark.parametrize("who, doorkeeper, actor", CALLERS, ids=["partner", "person"])
def test_the_doorkeeper_names_the_actor(probes, call, who, doorkeeper, actor):
    passing = {"X-Position": "intake:7:3", "traceparent": "00-aa-bb-01", "Cookie": "session=1"}
    answer = call("POST", "/v1/slot-searches", who | passing | {"X-Actor": "forged"}, b"{}")
    asked, passed = probes
    assert asked[0] == doorkeeper and asked[2] == "/internal/auth" and asked[1] == "GET" and asked[4] == 0
    assert asked[3]["X-Original-URI"] == "/v1/slot-searches" and asked[3]["X-Original-Method"] == "POST"
    assert asked[3]["Cookie"] == "session=1" and "X-Actor" not in asked[3]
    assert passed[3]["X-Actor"] == actor and passed[3]["X-Position"] == "intake:7:3"
    assert passed[3]["traceparent"] == "00-aa-bb-01" and passed[4] == 2
    assert answer.getheader("X-Position") == "probe:1" and answer.getheader("X-Actor") is None


def test_the_sms_provider_needs_no_session(probes, call):
    assert call("POST", "/v1/sms-receipts", {"X-Actor": "forged"}, b"{}").status == 200
    assert [each[0] for each in probes] == ["notifications"] and "X-Actor" not in probes[0][3]


def expect_problem(answer, status, slug):
    problem = json.loads(answer.content)
    assert answer.status == status == problem["status"]
    assert answer.getheader("Content-Type") == "application/problem+json"
    assert answer.getheader("Content-Language") == "pl"
    assert problem["type"] == "https://majster.example/problems/" + slug
    assert problem["title"] and problem["detail"]
    assert answer.getheader("X-Content-Type-Options") == "nosniff"


def test_no_key_is_401(probes, call):
    expect_problem(call("GET", "/v1/work-orders"), 401, "unauthenticated")


@pytest.mark.parametrize("path", ["/v1/unknown", "/v1", "/v1/work-orders/../partners", "/v1//partners", "/v1/%70artners",
                                  "/v1/partners/..%2f..%2finternal/auth", "/v1/techniciansx", "/v1/persons/7"])
def test_what_nobody_owns_is_404(probes, call, path):
    expect_problem(call("GET", path, PERSON), 404, "not-found")
    assert not [each for each in probes if each[2] != "/internal/auth"]


@pytest.mark.parametrize("path", ["/internal/auth", "/internal", "/.auth", "/.error/page", "/a/../internal/auth",
                                  "//internal/auth", "/%69nternal/auth", "/metrics", "/healthz", "/readyz"])
def test_inside_is_not_reached_from_outside(probes, call, path):
    answer = call("GET", path, PERSON)
    assert answer.status == 404 and "Nie znaleziono" in answer.content.decode() and not probes
    assert answer.getheader("Content-Type") == "text/html; charset=utf-8"


def test_a_large_body_is_413_before_anybody_is_asked(probes, call):
    expect_problem(call("POST", "/v1/work-orders", PERSON, b"x" * 263_000), 413, "too-large")
    assert not probes
    assert call("POST", "/v1/work-orders", PERSON, b"x" * 262_000).status == 200
    assert call("POST", "/v1/visits/1/photos", PERSON, b"x" * 9_000_000).status == 200
    assert probes[-1][4] == 9_000_000
    expect_problem(call("POST", "/v1/visits/1/photos", PERSON, b"x" * 11_000_000), 413, "too-large")


def test_a_service_that_is_away_is_502(env, tmp_path):
    with edge_alone(env, tmp_path) as port:
        expect_problem(ask(port, "POST", "/v1/sms-receipts", {}, b"{}"), 502, "busy")
        answer = ask(port, "GET", "/day")
    assert answer.status == 502 and "Chwilowo zajęte" in answer.content.decode()
    assert answer.getheader("Retry-After") == "1"


def test_a_doorkeeper_that_is_away_is_503(env, tmp_path):
    with edge_alone(env, tmp_path) as port:
        answer = ask(port, "GET", "/v1/work-orders", PERSON)
    expect_problem(answer, 503, "busy")
    assert answer.getheader("Retry-After") == "1"


def test_a_services_own_answer_passes_as_it_is(probes, call):
    answer = call("GET", "/v1/settlements", PERSON)
    assert (answer.status, answer.content) == (503, b"billing")
    assert answer.headers.get_all("Retry-After") == ["7"] and answer.getheader("Content-Language") is None


POST_PARTS = b"POST /v1/parts HTTP/1.1\r\nHost: a\r\n"
BROKEN = [
    ("two lengths", POST_PARTS + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    ("length and chunks", POST_PARTS + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("no host", b"GET /v1/parts HTTP/1.1\r\n\r\n", 400),
    ("two hosts", b"GET /v1/parts HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ("trace", b"TRACE /v1/parts HTTP/1.1\r\nHost: a\r\n\r\n", 405),
    ("long address", b"GET /v1/parts?" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    ("long header", b"GET /v1/parts HTTP/1.1\r\nHost: a\r\nX-A: " + b"a" * 9000 + b"\r\n\r\n", 400),
]  # fmt: skip


@pytest.mark.parametrize("name, request_bytes, status", BROKEN, ids=[each[0] for each in BROKEN])
def test_a_broken_request_gets_a_problem(probes, env, name, request_bytes, status):
    head, _, body = raw(env, request_bytes).partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} "), name
    assert "application/problem+json" in head and json.loads(body)["status"] == status, name
    assert not probes, name


def test_a_browser_is_told_what_it_may_do(probes, call):
    for path in ("/day", "/internal"):
        answer = call("GET", path)
        assert answer.getheader("Content-Security-Policy").startswith("default-src 'none'; script-src 'self';")
        assert answer.getheader("Referrer-Policy") == "no-referrer"
        assert answer.getheader("Strict-Transport-Security").startswith("max-age=")


def test_a_flood_gets_429(env, tmp_path):
    with edge_alone(env, tmp_path, EDGE_RATE="1", EDGE_BURST="3") as port:
        answers = [ask(port, "GET", "/v1/partners") for _ in range(10)]
    assert [each.status for each in answers[:4]] == [503] * 4  # nobody stands behind
    expect_problem(answers[-1], 429, "too-many-requests")
    assert answers[-1].getheader("Retry-After") == "1"


def test_what_is_not_set_is_said(tmp_path):
    said = subprocess.run([ROOM / "scripts/render-nginx", tmp_path / "x"], env={}, capture_output=True, text=True)
    assert said.returncode == 1 and "EDGE_HOME" in said.stderr and "EDGE_PORTAL_PORTS" in said.stderr


def test_no_log_holds_a_link(probes, folder, call):
    token = "SecretSecretSecretSecr"
    for path in (f"/s/{token}", f"/s/{token}/photo?x={token}", f"/%73/{token}", f"//s/{token}", f"/day?t={token}"):
        call("GET", path)
    time.sleep(1.5)
    logs = (folder / "nginx/access.log").read_text()
    assert '"/s/***"' in logs and '"/s/***/photo"' in logs and '"crooked"' in logs
    assert token not in logs
    assert token not in (folder / "nginx/nginx.log").read_text()
