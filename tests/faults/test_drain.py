# What the drain waits for: it once counted while an SMS waited for its second try, and called the customer not told.
import subprocess
import uuid

import psycopg2
import pytest

from conftest import ROOM, surroundings
from drain import OPEN_MESSAGES, cut_waiting_short

NOW = 1_700_000_000_000
QUEUED, SENDING, SENT, UNKNOWN = 1, 2, 3, 6


class Rig:
    def __init__(self, env):
        self.env = env


@pytest.fixture(scope="module")
def rig(built, parts):
    """Notifications' schema: the service migrates, and then waits for a Kafka that never comes."""
    folder, env = parts
    process = subprocess.Popen([ROOM / "build/bin/notifications"], stderr=subprocess.PIPE, text=True,
                               env=surroundings(folder, env, "notifications", KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1"))  # fmt: skip
    while '"waiting"' not in (line := process.stderr.readline()):
        assert line, "it ended before its schema was there"
    process.kill(), process.wait()
    return Rig(env)


@pytest.fixture
def messages(rig):
    connection = psycopg2.connect(host=rig.env["PGHOST"], port=rig.env["PGPORT"], dbname="majster", user="postgres")
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("TRUNCATE notifications.work_order CASCADE")

    def add(state, look_again_ms=0, send_after_ms=0):
        order = str(uuid.uuid4())
        cursor.execute("INSERT INTO notifications.work_order VALUES (%s, 'p', 'M-1', 'r', '', 1)", [order])
        cursor.execute("INSERT INTO notifications.message (message_id, work_order_id, partner_id, person_id, visit_id, template,"
                       " template_version, channel, occurrence, state, created_at, send_after, deadline_at, look_again_at)"
                       " VALUES (gen_random_uuid(), %s, 'p', '', '', 'moved', 1, 'sms', 'o', %s, 0, %s, 0, %s)",
                       [order, state, NOW + send_after_ms, NOW + look_again_ms])  # fmt: skip

    def still_open():
        cursor.execute(OPEN_MESSAGES, [NOW, NOW])
        return cursor.fetchone()[0]

    yield add, still_open, cursor
    connection.close()


@pytest.mark.parametrize("what, message, is_waited_for", [
    ("its second try is due in five seconds", (QUEUED, 5000, 0), True),
    ("it waits for the morning", (QUEUED, 0, 3_600_000), False),
    ("its gateway has not answered yet", (SENDING, 60_000, 0), True),
    ("its gateway is asked again", (UNKNOWN, 30_000, 0), True),
    ("nobody can be asked", (UNKNOWN, 2**62, 0), False),
    ("it is with the customer", (SENT, 0, 0), False),
])  # fmt: skip
def test_a_message_on_its_way_is_waited_for(messages, what, message, is_waited_for):
    add, still_open, _ = messages
    add(*message)
    assert still_open() == is_waited_for, what


def test_a_wait_is_cut_short_and_nothing_else_changes(rig, messages):
    add, _, cursor = messages
    add(QUEUED, 30_000)
    cut_waiting_short(rig, NOW)
    cursor.execute("SELECT state, attempts, look_again_at FROM notifications.message")
    assert cursor.fetchall() == [(QUEUED, 0, NOW)]
