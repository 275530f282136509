# When the storm is over, everything on its way arrives: facts leave outboxes and are heard, messages and webhooks go out.
# What is counted afterwards is one moment, with all processes frozen.
import time

from weapons import ask_postgres

DRAIN_S = 45
# What the suite itself will do something about within its patience: send, ask the gateway, give up an answer.
OPEN_MESSAGES = """SELECT count(*) FROM notifications.message WHERE state IN (1, 2, 6) AND look_again_at < %s + 120000
    AND (state <> 1 OR send_after <= %s)"""


class Drain:
    def __init__(self, storm):
        self.storm, self.rig, self.city, self.database = storm, storm.rig, storm.city, storm.database

    def run(self):
        give_up = time.monotonic() + DRAIN_S
        time.sleep(1)
        while time.monotonic() < give_up:
            cut_waiting_short(self.rig, self.storm.now_ms())
            if self.is_quiet():
                self.rig.freeze()  # timers go on telling: what is counted must be one moment
                time.sleep(0.3)
                if self.is_quiet():
                    return True
                self.rig.thaw()
            time.sleep(0.3)
        return False

    def is_quiet(self):
        left = sum(sum(self.database.in_every_schema(table).values()) for table in ("outbox", "early"))
        left += self.database.number("SELECT count(*) FROM notifications.stream WHERE state <> 'idle'")
        left += self.database.number(OPEN_MESSAGES, self.storm.now_ms(), self.city.clock.now())
        return not left and not self.behind() and self.city.facts.catch_up(3)

    def behind(self):
        """Records that some listener has not finished, by committed offsets."""
        ends = self.city.facts.asker.ends([where for where in self.city.facts.reader.partitions if not where[0].startswith("partner.")])
        count = 0
        for service, said in self.storm.describe.items():
            topics = {each["topic"] for each in said["listens"]}
            at = {(topic, number): at for topic, number, at in self.database.rows(f"SELECT topic, partition, next FROM {service}.consumer_offset")} if topics else {}
            count += sum(end > at.get(where, 0) for where, end in ends.items() if where[0] in topics)
        return count


def cut_waiting_short(rig, now):
    """Nobody waits five minutes for a webhook's third try, or half of one for an SMS's: what waits is due now. The time,
    and nothing else."""
    ask_postgres(rig, "UPDATE notifications.stream SET due_at = %s WHERE state <> 'idle' AND due_at > %s + 2000"
                      " AND (state = 'waiting' OR due_at < %s + 57000)", now, now, now)  # fmt: skip
    ask_postgres(rig, "UPDATE notifications.message SET look_again_at = %s WHERE state IN (1, 2, 6)"
                      " AND look_again_at BETWEEN %s AND %s + 45000", now, now, now)  # fmt: skip
