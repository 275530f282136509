# Processes end and start again while the day goes on, as when a new version is deployed; the edge's log says whose call
# was refused meanwhile.
import json
import os
import subprocess
import time
from datetime import datetime
from pathlib import Path

from clock import at_hour

HOURS = (9, 11, 13, 15)
AFTER_S = 3  # a call that waits for its answer when the last process is back


class Rolling:
    def __init__(self, agenda, suite, folder, before=""):
        """`suite`: the script that rolls the suite in `folder`; `before`: the folder of binaries with which the day began,
        when they are another version's."""
        self.suite, self.folder = str(suite), Path(folder)
        self.windows, self.processes, self.failures = [], 0, []
        anew = [{"WAVE": "0"}, {"WAVE": "1"}, {"WAVE": "0", "BIN": before}, {"WAVE": "0"}] if before else [{}] * len(HOURS)
        for hour, how in zip(HOURS, anew):
            agenda.at(at_hour(1, hour), self.roll, how)

    def roll(self, how):
        from_at = time.time()
        done = subprocess.run([self.suite, "roll", str(self.folder)], env=os.environ | how, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        (self.folder / f"roll-{len(self.windows) + 1}.log").write_text(done.stdout)
        self.windows.append((from_at, time.time() + AFTER_S))
        replaced = done.stdout.count("ready again")
        self.processes += replaced
        if done.returncode:
            self.failures.append(done.stdout[-500:])
        print(f"demo: {replaced} processes were ended and started again in {time.time() - from_at:.0f} s", flush=True)

    def refused(self):
        """What the edge answered 5xx meanwhile."""
        found = []
        for line in (self.folder / "nginx/access.log").read_text().splitlines():
            if '"status":"5' not in line:
                continue
            call = json.loads(line)
            at = datetime.fromisoformat(call["at"]).timestamp() + 1  # written as whole seconds, cut off
            if any(from_at <= at and at - 1 <= until for from_at, until in self.windows):
                found.append(f"{call['status']} {call['method']} {call['path']} after {call['seconds']} s from {call['upstream']}")
        return found
