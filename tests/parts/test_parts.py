# scripts/parts itself: what it starts serves, it may be said twice, it ends what it started and nothing else.
import json
import os
import signal
import socket
import struct
import subprocess
import time

import pytest
from conftest import PARTS, read_env
from throwaway import processes


def parts(*words):
    return subprocess.run([PARTS, *words], capture_output=True, text=True)


def test_all_of_it_serves(folder, env):
    said = parts("status", folder)
    assert said.returncode == 0 and said.stdout.count(" serves ") == 7


def test_up_twice_starts_nothing_new(folder, env):
    before = (folder / "parts.json").read_text()
    said = parts("up", folder)
    assert said.returncode == 0 and said.stdout.count("runs already") == 7
    assert (folder / "parts.json").read_text() == before and read_env(folder) == env


def make_topic(port, name):
    """CreateTopics, version 2, by hand: kcat cannot make one."""
    topic = struct.pack(">h", len(name)) + name.encode() + struct.pack(">ihii", 12, 1, 0, 0)
    request = struct.pack(">hhih", 19, 2, 1, -1) + struct.pack(">i", 1) + topic + struct.pack(">i?", 5000, False)
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        answer = connection.recv(4096)
    error = struct.unpack_from(">h", answer, 4 + 4 + 4 + 4 + 2 + len(name))[0]
    assert error == 0


def kcat(env, *words, **how):
    return subprocess.run(["kcat", "-q", "-b", env["KAFKA_BOOTSTRAP_SERVERS"], *words], capture_output=True, **how)


def test_kafka_keeps_a_message(env):
    make_topic(int(env["KAFKA_BOOTSTRAP_SERVERS"].partition(":")[2]), "probe.v1")
    kcat(env, "-P", "-t", "probe.v1", "-K:", "-X", "enable.idempotence=true", input=b"order-7:opened", check=True)
    read = kcat(env, "-C", "-t", "probe.v1", "-e", "-f", "%k=%s/%p", check=True).stdout
    assert read.startswith(b"order-7=opened/")
    topics = json.loads(kcat(env, "-L", "-J", check=True).stdout)["topics"]
    assert [len(topic["partitions"]) for topic in topics if topic["topic"] == "probe.v1"] == [12]


def test_a_topic_is_made_on_purpose_only(env):
    assert kcat(env, "-P", "-t", "never-made", "-X", "message.timeout.ms=1000", input=b"x").returncode != 0


@pytest.fixture
def small(tmp_path):
    yield tmp_path / "small"
    parts("wipe", tmp_path / "small")


def test_a_taken_port_is_said_and_another_used(small):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        parts("up", small, "--only", "redis")
        port = read_env(small)["REDIS_URL"].rpartition(":")[2]
        parts("down", small)
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.1", int(port)))
            other.listen()
            said = parts("up", small, "--only", "redis").stdout
            assert f"port {port} is taken, redis port gets " in said
            assert parts("status", small).returncode == 0


def test_down_ends_its_own_and_may_be_said_twice(small):
    assert parts("up", small, "--only", "redis,webhook").returncode == 0
    started = [each for part in json.loads((small / "parts.json").read_text()).values()
               for each in part.get("processes", [])]
    assert len(started) == 2 and all(processes.is_alive(each) for each in started)
    from_s = time.monotonic()
    assert parts("down", small).returncode == 0 and time.monotonic() - from_s < 5
    assert not any(processes.is_alive(each) for each in started)
    assert parts("down", small).returncode == 0
    assert parts("status", small).returncode == 3


def test_a_pid_that_another_has_now_is_left_alone(small):
    assert parts("up", small, "--only", "redis").returncode == 0
    file = small / "parts.json"
    state = json.loads(file.read_text())
    real = dict(state["redis"]["processes"][0])
    bystander = subprocess.Popen(["sleep", "30"])
    try:
        state["redis"]["processes"][0]["pid"] = bystander.pid
        file.write_text(json.dumps(state))
        parts("down", small)
        assert bystander.poll() is None
    finally:
        bystander.kill()
        state["redis"]["processes"][0] = real
        file.write_text(json.dumps(state))


def test_what_was_killed_comes_up_again_on_its_ports(small):
    some = "postgres,redis,mail,nginx"
    parts("up", small, "--only", some)
    before = read_env(small)
    for part in json.loads((small / "parts.json").read_text()).values():
        for each in part.get("processes", []):
            os.kill(each["pid"], signal.SIGKILL)
    assert parts("status", small).returncode == 3
    said = parts("up", small, "--only", some)
    assert said.returncode == 0, said.stdout
    assert parts("status", small).returncode == 0 and read_env(small) == before
    state = json.loads((small / "parts.json").read_text())
    parts("down", small)
    assert not [pid for part in state.values() for each in part.get("processes", [])
                for pid in processes.left_in_session(each)]


def test_what_cannot_start_says_why_and_leaves_nothing(small):
    said = subprocess.run([PARTS, "up", small, "--only", "redis,kafka"], capture_output=True, text=True,
                          env=os.environ | {"MAJSTER_CACHE": "/nowhere"})
    assert said.returncode == 1 and "scripts/install.sh run brings it" in said.stdout
    assert parts("status", small).returncode == 3


def test_what_ran_before_outlives_anothers_failure(small):
    assert parts("up", small, "--only", "redis").returncode == 0
    assert subprocess.run([PARTS, "up", small, "--only", "redis,kafka"], capture_output=True,
                          env=os.environ | {"MAJSTER_CACHE": "/nowhere"}).returncode == 1
    assert "redis      serves" in parts("status", small).stdout


def test_an_unknown_part_is_refused(small):
    assert parts("up", small, "--only", "mysql").returncode == 2
