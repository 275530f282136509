# The suite's clock of a demo day: rows of (machine_at, suite_at, rate) as every service reads them, and their inverse.
import time
from datetime import datetime, timedelta, timezone

WARSAW = timezone(timedelta(hours=1))  # in November; the demo's day has no change of the clocks
MINUTE, HOUR = 60_000, 3_600_000
BEGIN = datetime(2026, 11, 24, 14, tzinfo=WARSAW)  # a Tuesday afternoon
HOURS_LONG = 30
# From that hour on (14:00, 18:00, 22:00, 6:00, 9:00, 15:30) so many suite seconds pass in one of the machine's: nights fly
# by, the hours with most orders and visits take half of the time.
RATES = [(0, 700), (4, 1600), (8, 4800), (16, 800), (19, 360), (25.5, 720)]


def suite_ms(moment):
    return int(moment.timestamp() * 1000)


BEGIN_AT = suite_ms(BEGIN)
END_AT = BEGIN_AT + HOURS_LONG * HOUR
DAY = (BEGIN + timedelta(days=1)).date().isoformat()  # the day that is replayed


def moment(at):
    return datetime.fromtimestamp(at / 1000, WARSAW)


def at_hour(day, hour, minute=0):
    """`day` 0 is the afternoon before, 1 the day."""
    return suite_ms(BEGIN.replace(hour=0)) + day * 24 * HOUR + hour * HOUR + minute * MINUTE


def rows_of_day(machine_begin_ms, speed=1.0):
    """Rows for suite.clock; before the first one suite time stands still. After the day it is real time, so that a person
    can look around in peace."""
    ends = [hour for hour, _ in RATES[1:]] + [HOURS_LONG]
    rows, machine_at = [], machine_begin_ms
    for (from_hour, rate), until_hour in zip(RATES, ends):
        rows.append((machine_at, BEGIN_AT + int(from_hour * HOUR), rate * speed))
        machine_at += round((until_hour - from_hour) * HOUR / (rate * speed))
    return rows + [(machine_at, END_AT, 1.0)]


class Clock:
    """Reads the same rows as the services do."""

    def __init__(self, rows):
        self.rows = rows

    def suite_at(self, machine_ms):
        reached = [row for row in self.rows if row[0] <= machine_ms]
        if not reached:
            return self.rows[0][1]
        machine_at, suite_at, rate = reached[-1]
        return suite_at + int((machine_ms - machine_at) * rate)

    def machine_at(self, suite_ms):
        """When suite time `suite_ms` comes, in ms of the machine."""
        reached = [row for row in self.rows if row[1] <= suite_ms] or self.rows[:1]
        machine_at, suite_at, rate = reached[-1]
        return machine_at + max(0, suite_ms - suite_at) / rate

    def now(self):
        return self.suite_at(time.time() * 1000)

    def in_machine_ms(self, wait_ms):
        """What suite time it will be when so much of the machine's has passed."""
        return self.suite_at(time.time() * 1000 + wait_ms)

    def seconds_until(self, suite_ms):
        return self.machine_at(suite_ms) / 1000 - time.time()
