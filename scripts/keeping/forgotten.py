# Who was forgotten, outside the database: what is restored to an earlier day would remember him. The ledger holds no word
# of his, only the order's id from PersonForgotten; it is as old as the oldest backup, and deleted with it.
import os
import subprocess
from datetime import datetime, timezone

TOPIC, FACT = "intake.v1", "intake.v1.PersonForgotten"


def headers_of(line):
    """kcat's %h, "ce_id=…,ce_source=…", as a dict; none of ours holds a comma."""
    return dict(pair.split("=", 1) for pair in line.split(",") if "=" in pair)


class Ledger:
    def __init__(self, target, servers, say):
        self.target, self.servers, self.say = target, servers, say
        self.reader, self.known, self.rest = None, None, b""

    def entries(self):
        """event -> (when it was told in ms, order)."""
        found = {}
        for file in sorted((self.target.path / "forgotten").glob("[!.]*.tsv")):
            for line in file.read_text().splitlines():
                at, event, order = line.split("\t")
                found[event] = int(at), order
        return found

    def take(self):
        """What was told since; a reader that has ended is started again, from the beginning, as what is known is not noted twice."""
        if not self.servers:
            return
        if self.known is None:
            self.known = set(self.entries())
        if not self.reader or self.reader.poll() is not None:
            self.reader = subprocess.Popen(["kcat", "-C", "-q", "-u", "-b", self.servers, "-t", TOPIC, "-o", "beginning", "-f", "%h\n"],
                                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            os.set_blocking(self.reader.stdout.fileno(), False)
            self.rest = b""
        while block := self.reader.stdout.read(1 << 16):
            *lines, self.rest = (self.rest + block).split(b"\n")
            self.note([headers_of(line.decode(errors="replace")) for line in lines if FACT.encode() in line])

    def note(self, facts):
        new = [each for each in facts if each.get("ce_type") == FACT and each["ce_id"] not in self.known]
        if not new:
            return
        day = datetime.now(timezone.utc).strftime("%Y-%m-%d")
        with open(self.target.path / "forgotten" / f"{day}.tsv", "a", encoding="ascii") as out:
            out.writelines(f"{each['ce_toldat']}\t{each['ce_id']}\t{each['ce_subject']}\n" for each in new)
            out.flush()
            os.fsync(out.fileno())
        self.known |= {each["ce_id"] for each in new}

    def end(self):
        if self.reader and self.reader.poll() is None:
            self.reader.terminate()
            self.reader.wait()
