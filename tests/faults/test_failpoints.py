# Failpoints end a process where they say and nowhere else; a name that is none refuses to start; a normal binary has none.
import json
import os
import signal
import subprocess
import time
import uuid

import pytest

from conftest import ROOM, surroundings


def workforce(folder, env, **faults):
    return surroundings(folder, env, "workforce", **faults)


def load(built, folder, env, **faults):
    """One technician by workforce --load; -> its exit status."""
    technician = {"technician_id": str(uuid.uuid4()), "first_name": "Anna", "skills": ["plumbing"], "active": True,
                  "longest_travel_m": 30000, "home": {"lat": 52.2, "lon": 21.0, "town": "Warszawa", "accuracy": "exact"},
                  "shifts": [{"weekdays": "1-5", "from": "08:00", "until": "16:00"}]}  # fmt: skip
    file = folder / "technicians.json"
    file.write_text(json.dumps({"technicians": [technician]}))
    done = subprocess.run([built / "workforce", "--load", file], env=workforce(folder, env, **faults),
                          capture_output=True, text=True)  # fmt: skip
    return done.returncode, done.stderr


def rows(env, table):
    asked = ["psql", "-XAtq", "-U", "postgres", "-d", "majster", "-c", f"SELECT count(*) FROM workforce.{table}"]
    return int(subprocess.run(asked, env=os.environ | env, capture_output=True, check=True).stdout)


def said(folder):
    file = folder / "faults.jsonl"
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    file.unlink(missing_ok=True)
    return [(line["failpoint"], line["service"]) for line in lines]


@pytest.mark.parametrize("failpoint, kept", [("after_inbox", 0), ("before_commit", 0), ("after_commit", 1)])
def test_a_failpoint_ends_the_process_where_it_says(built, parts, failpoint, kept):
    folder, env = parts
    assert load(built, folder, env)[0] == 0, "the schema is there, nothing dies"
    before = rows(env, "technician"), rows(env, "outbox")
    status, _ = load(built, folder, env, FAULTS_FAILPOINTS=f"{failpoint}=1000")
    assert status == -signal.SIGKILL
    assert said(folder) == [(failpoint, "workforce")]
    assert (rows(env, "technician") - before[0], rows(env, "outbox") - before[1]) == (kept, kept)


@pytest.mark.parametrize("failpoint, left", [("before_produce", 1), ("before_delete", 1)])
def test_the_relay_dies_with_the_fact_in_the_outbox(built, parts, failpoint, left):
    folder, env = parts
    assert load(built, folder, env)[0] == 0
    assert rows(env, "outbox") >= left
    process = subprocess.Popen([built / "workforce"], stderr=subprocess.DEVNULL,
                               env=workforce(folder, env, FAULTS_FAILPOINTS=f"{failpoint}=1000"))  # fmt: skip
    assert process.wait(60) == -signal.SIGKILL
    assert said(folder) == [(failpoint, "workforce")]
    assert rows(env, "outbox") >= left, "told or not, it will be told again"


def test_without_a_chance_nothing_dies(built, parts):
    folder, env = parts
    assert load(built, folder, env, FAULTS_FAILPOINTS="before_commit=0,after_commit=0")[0] == 0
    process = subprocess.Popen([built / "workforce"], stderr=subprocess.DEVNULL, env=workforce(folder, env))
    give_up = time.monotonic() + 60
    while rows(env, "outbox") and time.monotonic() < give_up:
        time.sleep(0.1)
    process.terminate()
    assert (process.wait(20), rows(env, "outbox"), said(folder)) == (0, 0, [])


def tell_surveys(env, folder, order):
    """An opened order, as intake's relay sends it."""
    text = f'order {{ work_order_id: "{order}" partner_id: "aurora" number: "M-1" }}'
    protoc = ["protoc", "-I", ROOM, "-I", "/usr/include", "--encode=intake.v1.WorkOrderOpened", "proto/intake.proto"]
    (folder / "fact").write_bytes(subprocess.run(protoc, input=text.encode(), capture_output=True, check=True, cwd=ROOM).stdout)
    headers = {"ce_id": str(uuid.uuid4()), "ce_source": "/intake", "ce_type": "intake.v1.WorkOrderOpened", "ce_subject": order,
               "ce_sequence": 1, "ce_toldat": int(time.time() * 1000), "partner": "aurora"}
    named = [word for name, value in headers.items() for word in ("-H", f"{name}={value}")]
    broker = env["KAFKA_BOOTSTRAP_SERVERS"]
    subprocess.run(["kcat", "-P", "-b", broker, "-t", "intake.v1", "-k", order, *named, folder / "fact"], check=True)


def test_a_fact_that_kills_three_processes_is_put_aside_and_may_come_back(built, parts):
    folder, env = parts
    psql = ["psql", "-XAtq", "-U", "postgres", "-d", "majster", "-c"]
    ask = lambda sql: subprocess.run([*psql, sql], env=os.environ | env, capture_output=True, check=True, text=True).stdout.strip()  # noqa: E731

    def run(**faults):
        return subprocess.Popen([built / "surveys"], stderr=open(folder / "surveys.log", "ab"), env=surroundings(folder, env, "surveys", **faults))

    def wait_for(sql, answer):
        give_up = time.monotonic() + 60
        while ask(sql) != answer:
            assert time.monotonic() < give_up, (sql, ask(sql))
            time.sleep(0.2)

    first = run()
    order = str(uuid.uuid4())
    wait_for("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'surveys' AND table_name = 'survey'", "1")
    time.sleep(3)  # the topics are made
    first.terminate()
    first.wait(20)
    tell_surveys(env, folder, order)
    for _ in range(3):
        assert run(FAULTS_FAILPOINTS="in_fact=1000").wait(60) == -signal.SIGKILL
    assert said(folder) == [("in_fact", "surveys")] * 3
    fourth = run(FAULTS_FAILPOINTS="in_fact=1000")
    wait_for(f"SELECT kind FROM surveys.parked WHERE subject = '{order}'", "crashed")
    assert fourth.poll() is None, "it lives on"
    fourth.terminate()
    fourth.wait(20)

    mended = run()
    event = ask(f"SELECT event_id FROM surveys.parked WHERE subject = '{order}'")
    subprocess.run([built / "surveys", "--parked", "replay", event], env=surroundings(folder, env, "surveys"), check=True, capture_output=True)
    wait_for(f"SELECT count(*) FROM surveys.parked WHERE subject = '{order}'", "0")
    assert ask(f"SELECT count(*) FROM surveys.subject WHERE id = '{order}'") == "1", "it took effect"
    mended.terminate()
    mended.wait(20)


@pytest.mark.parametrize("setting", [{"FAULTS_FAILPOINTS": "before_lunch=10"}, {"FAULTS_FAILPOINTS": "before_commit"},
                                     {"FAULTS_MUTANTS": "no_coffee"}, {"FAULTS_SPEED": "3"}])  # fmt: skip
def test_an_unknown_name_refuses_to_start(built, parts, setting):
    status, words = load(built, *parts, **setting)
    assert status == 1 and ("no such" in words or "unknown name" in words)


def test_a_normal_binary_has_neither_failpoints_nor_mutants(built):
    normal = [ROOM / "build/bin/intake", ROOM / "build/bin/matching"]
    assert subprocess.run([ROOM / "scripts/check-failpoints", *normal], capture_output=True).returncode == 0
    for each in ("intake", "matching"):
        assert subprocess.run([ROOM / "scripts/check-failpoints", built / each], capture_output=True).returncode == 1
