# Who was forgotten, outside the database: what is restored to an earlier day would remember him. The ledger holds no word
# of his, only the order's id from PersonForgotten; it is as old as the oldest backup, and deleted with it.
import os
import subprocess
import tempfile
from datetime import datetime, timezone

TOPIC, FACT = "intake.v1", "intake.v1.PersonForgotten"


def headers_of(line):
    """kcat's %h, "ce_id=…,ce_source=…", as a dict; none of ours holds a comma."""
    return dict(pair.split("=", 1) for pair in line.split(",") if "=" in pair)


class Ledger:
    def __init__(self, target, servers, say):
        self.target, self.servers, self.say = target, servers, say
        self.reader, self.known, self.rest, self.faults = None, None, b"", None

    def entries(self):
        """event -> (when it was told in ms, order)."""
        found = {}
        for file in sorted((self.target.path / "forgotten").glob("[!.]*.tsv")):
            for line in file.read_text(errors="replace").splitlines():
                words = line.split("\t")
                if len(words) == 3 and words[0].isdigit():  # else torn: what is told is read again, and noted whole
                    found[words[1]] = int(words[0]), words[2]
        return found

    def take(self):
        """What was told since; a reader that has ended is started again, from the beginning, as what is known is not noted twice."""
        if not self.servers:
            return
        if self.known is None:
            self.known = set(self.entries())
        if not self.reader:
            self.begin()
        try:
            while block := self.reader.stdout.read(1 << 16):
                *lines, self.rest = (self.rest + block).split(b"\n")
                self.note([headers_of(line.decode(errors="replace")) for line in lines if FACT.encode() in line])
        except OSError:
            self.end()  # what was read and not noted is read again
            raise
        if self.reader.poll() is not None:
            status, said = self.reader.returncode, self.said()
            self.end()
            raise OSError(f"kcat, which reads {TOPIC}, ended with {status}: {said}")

    def begin(self):
        """A Kafka that wants TLS or a password: KCAT_CONFIG names a file of such settings."""
        self.faults = tempfile.TemporaryFile()
        self.reader = subprocess.Popen(["kcat", "-C", "-q", "-u", "-b", self.servers, "-t", TOPIC, "-o", "beginning", "-f", "%h\n"],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.faults)
        os.set_blocking(self.reader.stdout.fileno(), False)
        self.rest = b""

    def said(self):
        self.faults.seek(0)
        return self.faults.read()[-300:].decode(errors="replace").strip()

    def note(self, facts):
        new = [each for each in facts if is_whole(each) and each["ce_id"] not in self.known]
        if not new:
            return
        day = datetime.now(timezone.utc).strftime("%Y-%m-%d")
        with open(self.target.path / "forgotten" / f"{day}.tsv", "ab+") as out:
            lines = "".join(f"{told_at(each)}\t{each['ce_id']}\t{each['ce_subject']}\n" for each in new)
            out.write(b"\n" * is_torn(out) + lines.encode())
            out.flush()
            os.fsync(out.fileno())
        self.known |= {each["ce_id"] for each in new}

    def end(self):
        if not self.reader:
            return
        if self.reader.poll() is None:
            self.reader.terminate()
        self.reader.wait()
        self.reader.stdout.close()
        self.faults.close()
        self.reader = None


def is_whole(fact):
    return fact.get("ce_type") == FACT and fact.get("ce_id") and fact.get("ce_subject")


def told_at(fact):
    """Only for the eye: a moment that cannot be read drops nobody."""
    said = fact.get("ce_toldat", "")
    return said if said.isdigit() else "0"


def is_torn(file):
    """Whoever wrote last did not come to the end of a line."""
    end = file.seek(0, os.SEEK_END)
    if end == 0:
        return False
    file.seek(end - 1)
    return file.read(1) != b"\n"
