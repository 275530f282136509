# The one loop, seen from outside on matching: facts doubled, early, unreadable, read again by another, killed in between.
import http.client
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import BIN, ROOM, Service, eventually, new_id, now_ms


@pytest.fixture(scope="module")
def matching(suite, run_service):
    return run_service("matching")


class Order:
    """A work order of partner loop, as intake would tell it; its chooser books nothing by itself."""

    def __init__(self, suite):
        self.suite, self.id = suite, new_id()

    def text(self, town="Warszawa"):
        return (
            f'order {{ work_order_id: "{self.id}" number: "M-1" partner_id: "loop" service_id: "s" skill: "plumbing" person_id: "p" '
            f'chooser: BY_PARTNER visit_length_ms: 3600000 tolerance_ms: 900000 latest_by: {now_ms() + 86400000} '
            f'place {{ lat: 52.2 lon: 21.0 town: "{town}" }} }}'
        )

    def tell(self, kind, sequence, event_id=None, **words):
        self.suite.tell(f"intake.v1.{kind}", self.id, "loop", self.text(**words), event_id, sequence)

    def retell(self, sequence, **words):
        self.suite.tell("intake.v1.WorkOrderOpened", self.id, "loop", self.text(**words), sequence=sequence, retold=1)

    def copy(self):
        rows = self.suite.sql("SELECT town, is_open FROM matching.order_copy WHERE work_order_id = %s", self.id)
        return rows[0] if rows else None

    def count(self, table):
        return self.suite.sql(f"SELECT count(*) FROM matching.{table} WHERE subject = %s", self.id)[0][0]

    def heard(self):
        rows = self.suite.sql("SELECT sequence FROM matching.heard WHERE source = 'intake' AND subject = %s", self.id)
        return rows[0][0] if rows else 0


def test_a_fact_told_three_times_takes_effect_once(suite, matching):
    order, event = Order(suite), new_id()
    before = matching.metric("majster_duplicates_total")
    for town in ("Warszawa", "Radom", "Płock"):  # the same id with other words: the first one counts
        order.tell("WorkOrderOpened", 1, event, town=town)
    eventually(lambda: matching.metric("majster_duplicates_total") >= before + 2, "two duplicates are refused")
    eventually(lambda: order.copy(), "the batch that counted them is committed")
    assert order.copy() == ("Warszawa", True)
    assert order.heard() == 1


def test_what_the_next_version_tells_is_no_trouble(suite, matching):
    """Fields that are not known here, in the fact and in its state, and a fact of a type that is not: both versions run for a while."""
    order, unknown = Order(suite), b"\xa2\x38\x04next"  # number 900, a string
    parked = matching.metric("majster_parked_total")

    def extend(fact):
        """`order` is its first and only field: key, length of one byte, state."""
        assert fact[0] == 0x0A and len(fact) == 2 + fact[1] < 0x7F - len(unknown)
        state = fact[2:] + unknown
        return bytes([0x0A, len(state)]) + state + unknown

    suite.tell("intake.v1.WorkOrderOpened", order.id, "loop", order.text(), sequence=1, change=extend)
    suite.tell("intake.v1.WorkOrderOpened", order.id, "loop", order.text(), sequence=2, ce_type="intake.v1.WorkOrderWeighed")
    order.tell("AddressLocated", 3, town="Radom")
    eventually(lambda: order.copy() == ("Radom", True), "the fact behind it took effect")
    assert order.heard() == 3
    assert order.count("parked") == order.count("early") == 0 and matching.metric("majster_parked_total") == parked


def test_a_fact_before_its_opening_waits_and_then_counts(suite, matching):
    order = Order(suite)
    order.tell("WorkOrderCancelled", 3)
    order.tell("AddressLocated", 2, town="Wołomin")
    eventually(lambda: order.count("early") == 2, "both wait")
    assert order.copy() is None
    order.tell("WorkOrderOpened", 1)
    eventually(lambda: order.copy() == ("Wołomin", False), "all three took effect, in their order")
    eventually(lambda: order.count("early") == 0, "nobody waits any more")
    assert order.heard() == 3


def test_an_older_version_changes_nothing(suite, matching):
    order = Order(suite)
    order.tell("WorkOrderOpened", 1)
    order.tell("AddressLocated", 2, town="Wołomin")
    eventually(lambda: order.copy() == ("Wołomin", True), "the better point")
    order.tell("WorkOrderOpened", 1, town="Radom")  # the old fact under a new id
    other = Order(suite)
    other.tell("WorkOrderOpened", 1)
    eventually(lambda: other.copy(), "the partition has moved on")
    assert order.copy() == ("Wołomin", True)


def test_who_never_heard_of_a_subject_begins_with_what_is_retold(suite, matching):
    order = Order(suite)
    order.retell(7, town="Radom")
    eventually(lambda: order.copy() == ("Radom", True), "filled at once")
    assert order.heard() == 7
    order.tell("WorkOrderCancelled", 8)
    eventually(lambda: order.copy() == ("Radom", False), "facts go on")
    late = Order(suite)
    late.tell("WorkOrderCancelled", 5)  # and nothing before it
    eventually(lambda: late.count("early") == 1, "it waits")
    late.retell(5, town="Radom")
    eventually(lambda: late.copy() == ("Radom", True) and late.heard() == 5 and late.count("early") == 0, "filled")


def test_what_waits_takes_its_effect_before_a_retold_fact_ends_the_gap(suite, matching):
    order = Order(suite)
    order.tell("WorkOrderOpened", 1)
    order.tell("AddressLocated", 4, town="Wołomin")  # what was between is lost for good
    order.tell("WorkOrderCancelled", 5)
    eventually(lambda: order.count("early") == 2, "both wait")
    order.retell(5, town="Radom")
    order.tell("AddressLocated", 6, town="Otwock")
    eventually(lambda: order.heard() == 6 and order.count("early") == 0, "all are done")
    assert order.copy() == ("Otwock", False), "cancelled, filled, located"


def test_a_retold_fact_that_is_refused_holds_up_nothing(suite, matching):
    order = Order(suite)
    before = matching.metric("majster_retold_refused_total")
    suite.tell("intake.v1.WorkOrderOpened", order.id, "loop", "order { }", sequence=1, retold=1)  # without its id
    eventually(lambda: matching.metric("majster_retold_refused_total") > before, "refused")
    order.tell("WorkOrderOpened", 2)
    eventually(lambda: order.copy() == ("Warszawa", True), "what comes after takes effect")
    assert order.count("parked") == 0


def test_an_owner_restored_to_an_earlier_day_is_heard_again(suite, matching):
    order = Order(suite)
    order.tell("WorkOrderOpened", 1)
    order.tell("AddressLocated", 2, town="Wołomin")
    order.tell("AddressLocated", 3, town="Otwock")
    eventually(lambda: order.heard() == 3, "all three")
    order.retell(1)
    eventually(lambda: order.heard() == 1 and order.copy() == ("Warszawa", True), "back where its owner is")
    order.tell("WorkOrderCancelled", 2)
    eventually(lambda: order.copy() == ("Warszawa", False), "the second fact is another one now")


def parked(service, *words):
    run = subprocess.run([ROOM / "build/bin" / service.name, "--parked", *words], env=service.env, capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


def test_what_cannot_be_read_is_parked_and_the_rest_flows(suite, matching):
    order, other, event = Order(suite), Order(suite), new_id()
    garbage = suite.folder / "garbage"
    garbage.write_bytes(b"\xff\xfe\x00 not protobuf")
    headers = {"ce_id": event, "ce_source": "/intake", "ce_type": "intake.v1.WorkOrderOpened", "ce_subject": order.id,
               "ce_sequence": 1, "ce_toldat": now_ms(), "partner": "loop"}
    named = [word for name, value in headers.items() for word in ("-H", f"{name}={value}")]
    broker = ["kcat", "-P", "-b", suite.env["KAFKA_BOOTSTRAP_SERVERS"], "-t", "intake.v1"]
    subprocess.run([*broker, "-k", order.id, *named, garbage], check=True)
    subprocess.run([*broker, "-k", "nobody", garbage], check=True)  # without any header
    order.tell("AddressLocated", 2, town="Wołomin")
    other.tell("WorkOrderOpened", 1)
    eventually(lambda: other.copy(), "another order is not held up")
    eventually(lambda: order.count("parked") == 2, "the later fact parks behind")
    kinds = suite.sql("SELECT kind FROM matching.parked WHERE subject = %s ORDER BY sequence", order.id)
    assert [kind for kind, in kinds] == ["rejected", "behind"]
    assert suite.sql("SELECT count(*) FROM matching.parked WHERE kind = 'unreadable'")[0][0] >= 1
    code, listed = parked(matching, "list")
    assert code == 0 and event in listed and "unreadable" in listed
    kept = suite.sql("SELECT s.service, position(%s IN p.payload) FROM matching.parked p JOIN person.seal s ON s.id = p.seal_id WHERE event_id = %s",
                     b"not protobuf", event)
    assert kept == [("matching", 0)], "sealed"
    code, shown = parked(matching, "show", event)
    assert code == 0 and "type: intake.v1.WorkOrderOpened" in shown and "unreadable" in shown

    # An operator mends the bytes; the replay takes the subject's facts in their order.
    good = subprocess.run(["protoc", "-I", ROOM, "-I", "/usr/include", "--encode=intake.v1.WorkOrderOpened", "proto/intake.proto"],
                          input=order.text().encode(), capture_output=True, check=True, cwd=ROOM).stdout
    suite.sql("UPDATE matching.parked SET payload = %s, seal_id = NULL WHERE event_id = %s RETURNING 1", good, event)
    code, shown = parked(matching, "show", event)
    assert '"work_order_id": "' + order.id in shown
    assert parked(matching, "replay", event)[0] == 0
    eventually(lambda: order.copy() == ("Wołomin", True), "both took effect")
    eventually(lambda: order.count("parked") == 0, "nothing is parked any more")
    assert parked(matching, "show", new_id())[0] == 1


def test_a_backlog_of_large_facts_is_told(suite, matching):
    """Kafka holds max.message.bytes of a topic against a whole batch: six facts of 100 kB in one were refused for good."""
    subject, rows = new_id(), []
    for sequence in range(1, 7):
        rows += [new_id(), subject, subject, sequence, os.urandom(100_000)]
    row = "(%s, 'matching.v1', %s, %s, %s, 'matching.v1.Noise', '', '', '', 0, %s)"
    suite.sql("INSERT INTO matching.outbox (event_id, topic, key, subject, sequence, type, partner, trace, cause, told_at, payload)"
              f" VALUES {', '.join([row] * 6)}", *rows)  # fmt: skip
    eventually(lambda: suite.sql("SELECT count(*) FROM matching.outbox WHERE subject = %s", subject)[0][0] == 0, "all are told")
    read = ["kcat", "-C", "-q", "-e", "-b", suite.env["KAFKA_BOOTSTRAP_SERVERS"], "-t", "matching.v1", "-o", "beginning", "-f", "%k\n"]
    assert subprocess.run(read, capture_output=True, check=True, text=True).stdout.count(subject) == 6


def test_another_process_has_read_on_in_our_place(suite, matching):
    before = matching.metric("majster_offset_refusals_total")
    orders = [Order(suite) for _ in range(8)]
    # Every offset is moved under the service's feet, as a process that was thought dead would do it.
    suite.sql("UPDATE matching.consumer_offset SET next = greatest(next - 3, 0) WHERE topic = 'intake.v1' RETURNING 1")
    for order in orders:
        order.tell("WorkOrderOpened", 1)
    eventually(lambda: matching.metric("majster_offset_refusals_total") > before, "the compare and swap refuses")
    for order in orders:
        eventually(lambda order=order: order.copy() == ("Warszawa", True), "it reads again from what PostgreSQL has")
        assert order.heard() == 1


def test_lost_connections_lose_nothing(suite, matching):
    orders = [Order(suite) for _ in range(30)]

    def cut():
        for _ in range(6):
            suite.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'matching'")
            time.sleep(0.25)

    with ThreadPoolExecutor(2) as pool:
        cutting = pool.submit(cut)
        for order in orders:
            order.tell("WorkOrderOpened", 1)
            order.tell("AddressLocated", 2, town="Wołomin")
        cutting.result()
    for order in orders:
        eventually(lambda order=order: order.copy() == ("Wołomin", True), "every fact took effect")
        assert order.heard() == 2


def test_a_killed_process_is_followed_by_the_other(suite, matching):
    second = Service(suite, "matching", INSTANCE=1)
    second.start()
    orders = [Order(suite) for _ in range(40)]
    for at, order in enumerate(orders):
        order.tell("WorkOrderOpened", 1)
        if at == 20:
            second.process.send_signal(signal.SIGKILL)
            second.process.wait()
    second.start()  # a static member: its partitions are its own again at once
    for order in orders:
        eventually(lambda order=order: order.copy() == ("Warszawa", True), "both halves took effect", 30)
        assert order.heard() == 1
    second.stop()


def test_who_ends_gives_its_partitions_away_at_once(suite, matching):
    """Not when its session ends, ten seconds later: it may not come back."""
    second = Service(suite, "matching", INSTANCE=1)
    second.start()
    assigned = lambda: (suite.folder / "matching.log").read_text().count("partitions_assigned")  # noqa: E731
    warm = [Order(suite) for _ in range(24)]
    for order in warm:
        order.tell("WorkOrderOpened", 1)
    for order in warm:
        eventually(lambda order=order: order.copy(), "both read", 30)
    before = assigned()
    second.stop()
    eventually(lambda: assigned() > before, "the other has them", 5)
    orders = [Order(suite) for _ in range(24)]
    for order in orders:
        order.tell("WorkOrderOpened", 1)
    for order in orders:
        eventually(lambda order=order: order.copy(), "all partitions are read", 3)


def test_who_was_let_in_is_answered_and_nobody_else_is(suite, matching):
    second = Service(suite, "matching", INSTANCE=2, LINGER_MS=700)
    second.start()
    kept, idle = (http.client.HTTPConnection("127.0.0.1", second.port, timeout=5) for _ in range(2))
    ask = lambda connection: connection.request("GET", "/v1/book/check", headers={"X-Actor": suite.actor("operator", "me")})  # noqa: E731
    for connection in (kept, idle):
        ask(connection)
        assert (answer := connection.getresponse()).status == 200 and answer.read() and connection.sock
    second.process.terminate()

    def ask_anew():
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{second.port}/readyz").status
        except urllib.error.HTTPError as answer:
            return answer.code
        except OSError:
            return 0

    statuses = [200]
    while statuses[-1]:  # until it has closed its door
        statuses.append(ask_anew())
    assert 503 in statuses, "not ready, and still there"
    assert second.process.poll() is None
    ask(kept)
    answer = kept.getresponse()
    assert answer.status == 200 and answer.headers["Connection"] == "close", "for the last time"
    assert second.process.wait(10) == 0


def test_a_second_signal_ends_it_at_once(suite, matching):
    service = Service(suite, "matching", INSTANCE=3, LINGER_MS=60000)
    service.start()
    service.process.terminate()
    time.sleep(0.5)
    assert service.process.poll() is None, "it lingers"
    service.process.terminate()
    assert service.process.wait(5) == 0


def test_what_waits_for_its_database_says_so_seldom_and_can_be_ended(suite, tmp_path):
    env = Service(suite, "matching").env | {"MIGRATE_DATABASE_URL": "host=/nowhere", "HTTP_PORT": "0"}
    with open(tmp_path / "log", "wb") as log:
        process = subprocess.Popen([BIN / "matching"], env=env, stderr=log)
    said = lambda: [json.loads(line)["event"] for line in (tmp_path / "log").read_text().splitlines()]
    eventually(lambda: "waiting" in said(), "it waits")
    time.sleep(1)
    process.terminate()
    assert process.wait(2) == 0
    assert said() == ["waiting", "stopped"]


def test_a_health_check_is_a_word_of_the_binary(suite):
    """For containers, whose image has no shell: 0 only while the one that listens there is ready."""
    service = Service(suite, "matching", INSTANCE=2)
    check = lambda **settings: subprocess.run([BIN / "matching", "--healthy"], env=service.env | settings, capture_output=True, text=True)
    nobody = check()
    assert nobody.returncode == 1 and f"nobody answers on 127.0.0.1:{service.port}" in nobody.stderr
    starting = Service(suite, "matching", MIGRATE_DATABASE_URL="host=/nowhere", HTTP_PORT=service.port)
    process = subprocess.Popen([BIN / "matching"], env=starting.env, stderr=starting.log)
    time.sleep(0.5)  # it waits for its database and lets nobody in
    assert check().returncode == 1 and process.poll() is None
    process.terminate()
    assert process.wait(5) == 0
    service.start()
    assert check().returncode == 0 and check(HTTP_LISTEN="0.0.0.0").returncode == 0
    service.process.send_signal(signal.SIGSTOP)
    hanging = check()
    service.process.send_signal(signal.SIGCONT)
    assert hanging.returncode == 1 and "not ready" in hanging.stderr
    service.stop()
