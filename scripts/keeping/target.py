# The place that backups are kept in: what is written there is compressed, sealed when there is somebody to seal it for,
# and stands under its name only when it is whole and synced.
#
#   base/ID/base.tar.zst[.age], base/ID/backup.json     a whole base backup; one that is being made is called .making-…
#   wal/SEGMENT[.partial].zst[.age], wal/*.history…     what was written since; .partial is the segment that is being filled
#   files/ab/SHA256[.age]                               photos, signatures, papers; their names are their checksums
#   forgotten/DAY.tsv                                   orders whose customers were forgotten: when told, event, order
#   reached.json                                        up to when all is here, and which place in the WAL that is
import hashlib
import io
import json
import os
import subprocess
import threading
from pathlib import Path

CHUNK = 1 << 20


class Broken(Exception):
    """What is kept cannot be read, or is not what was put there."""


class Target:
    def __init__(self, path, recipients=None, identity=None):
        """`recipients` is a file of age's public keys, `identity` one with a secret key."""
        self.path, self.recipients, self.identity = Path(path), recipients, identity

    def make(self):
        for name in ("base", "wal", "files", "forgotten"):
            (self.path / name).mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.recipients:
            seal = subprocess.run(["age", "-R", self.recipients], input=b"", capture_output=True)
            if seal.returncode:
                raise Broken(f"{self.recipients}: {seal.stderr.decode().strip()}")

    # ---- writing ----

    def suffix(self, is_packed=True):
        return (".zst" if is_packed else "") + (".age" if self.recipients else "")

    def put(self, name, source, is_packed=True):
        """Keeps what `source` (an open file or bytes) holds as `name` and its suffix; -> (its path, bytes, sha256)."""
        place = self.path / (name + self.suffix(is_packed))
        place.parent.mkdir(exist_ok=True, mode=0o700)
        making = place.with_name(f".making-{place.name}")
        steps = [["zstd", "-q", "-1", "-c"]] if is_packed else []
        steps += [["age", "-R", str(self.recipients)]] if self.recipients else []
        with open(making, "wb") as out:
            size, checksum = through(steps, source, out)
            os.fsync(out.fileno())
        making.rename(place)
        sync_folder(place.parent)
        return place, size, checksum

    def write(self, name, text):
        place = self.path / name
        making = place.with_name(f".making-{place.name}")
        with open(making, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        making.rename(place)
        sync_folder(place.parent)

    # ---- reading ----

    def get(self, place, out):
        """Writes what was put as `place` to the open file `out`; -> the sha256 of what is kept."""
        steps = []
        if place.suffix == ".age":
            if not self.identity:
                raise Broken(f"{place.name} is sealed: --identity FILE names the secret key")
            steps.append(["age", "-d", "-i", str(self.identity)])
        if ".zst" in place.suffixes:
            steps.append(["zstd", "-q", "-d", "-c"])
        with open(place, "rb") as source:
            kept = Hashed(source)
            through(steps, kept, out)
        return kept.checksum()

    def backups(self):
        """Whole base backups, oldest first."""
        found = [json.loads(each.read_text()) for each in (self.path / "base").glob("[!.]*/backup.json")]
        return sorted(found, key=lambda each: each["started_at"])

    def segments(self):
        """name without suffixes -> its file; a whole segment wins over the same one being filled."""
        found = {}
        for place in sorted((self.path / "wal").glob("[!.]*"), key=lambda each: ".partial" not in each.name):
            found[place.name.split(".zst")[0].removesuffix(".partial")] = place
        return found

    def reached(self):
        place = self.path / "reached.json"
        return json.loads(place.read_text()) if place.exists() else {"at": 0, "lsn": 0}

    def forget_reached(self):
        """A place in the WAL of a timeline that is left says nothing of the next one."""
        (self.path / "reached.json").unlink(missing_ok=True)
        sync_folder(self.path)


class Hashed:
    """A file that is read, and its checksum."""

    def __init__(self, file):
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size):
        block = self.file.read(size)
        self.hash.update(block)
        return block

    def checksum(self):
        return self.hash.hexdigest()


def through(steps, source, out):
    """`source` through some programs into `out`; -> (bytes, sha256) of what came out."""
    if isinstance(source, bytes):
        source = io.BytesIO(source)
    if not steps:
        return pour(source, out)
    programs, faults = [], []
    for step in steps:
        before = programs[-1].stdout if programs else subprocess.PIPE
        programs.append(subprocess.Popen(step, stdin=before, stdout=subprocess.PIPE))
        if len(programs) > 1:
            before.close()

    def feed():
        try:
            pour(source, programs[0].stdin)
        except (OSError, ValueError) as fault:
            faults.append(str(fault))
        finally:
            close_quietly(programs[0].stdin)

    feeder = threading.Thread(target=feed)  # the pipe is filled and emptied at once
    feeder.start()
    try:
        result = pour(programs[-1].stdout, out)
    finally:
        programs[-1].stdout.close()
        feeder.join()
        statuses = [program.wait() for program in programs]
    if faults or any(statuses):
        raise Broken(f"{' | '.join(step[0] for step in steps)} ended with {statuses} {' '.join(faults)}")
    return result


def pour(source, out):
    size, checksum = 0, hashlib.sha256()
    while block := source.read(CHUNK):
        out.write(block)
        size += len(block)
        checksum.update(block)
    return size, checksum.hexdigest()


def close_quietly(file):
    try:
        file.close()
    except OSError:
        pass  # who should have read it has ended; its status says so


def sync_folder(place):
    folder = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
