# What scripts/backup and scripts/restore are made of: the target's promises, what is chosen, what is lost, what is deleted.
import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

ROOM = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOM / "scripts")]

from keeping import again, archive, base, cache, cluster, forgotten, lineage, pruning, secrets, server, truth
from keeping.files import Files, bring_back
from keeping.metrics import Metrics
from keeping.target import Broken, Target

CONTENT = "Zażółć ".encode() * 100_000


@pytest.fixture(params=["plain", "sealed"])
def target(request, tmp_path):
    sealed, key = request.param == "sealed", tmp_path / "key"
    if sealed:
        subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
        public = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True).stdout
        (tmp_path / "public").write_bytes(public)
    made = Target(tmp_path / "target", tmp_path / "public" if sealed else None, key if sealed else None)
    made.make()
    return made


def backup(target, name, started_at, segment="000000010000000000000002", timeline=1, end_lsn=0x3000000, **more):
    folder = target.path / "base" / name
    folder.mkdir()
    text = json.dumps({"id": name, "started_at": started_at, "ended_at": started_at + 10, "start_segment": segment, "timeline": timeline,
                       "end_lsn": end_lsn} | more)
    (folder / "backup.json").write_text(text)


# ---- the target ----


def test_what_was_put_comes_back(target, tmp_path):
    place, size, checksum = target.put("wal/000000010000000000000001", CONTENT)
    with open(tmp_path / "out", "wb") as out:
        assert target.get(place, out) == checksum
    assert (tmp_path / "out").read_bytes() == CONTENT and place.stat().st_size == size < len(CONTENT) / 10


def test_what_is_sealed_cannot_be_read_without_its_key(target, tmp_path):
    place, _, _ = target.put("files/ab/" + "ab" * 32, CONTENT, is_packed=False)
    assert (CONTENT[:50] in place.read_bytes()) == (target.recipients is None)
    if target.recipients:
        with open(tmp_path / "out", "wb") as out, pytest.raises(Broken, match="sealed"):
            Target(target.path).get(place, out)


def test_a_changed_byte_is_seen(target, tmp_path):
    place, _, checksum = target.put("wal/000000010000000000000001", os.urandom(300_000))
    held = bytearray(place.read_bytes())
    held[150_000] ^= 1
    place.write_bytes(held)
    with open(tmp_path / "out", "wb") as out:
        try:
            assert target.get(place, out) != checksum
        except Broken:
            pass  # the seal or the compression said so


def test_what_failed_has_no_name(target):
    class Fails:
        def __init__(self):
            self.blocks = [CONTENT, CONTENT]

        def read(self, _):
            if not self.blocks:
                raise OSError("the stream broke off")
            return self.blocks.pop()

    with pytest.raises((Broken, OSError)):
        target.put("base/base.tar", Fails())
    assert not [each for each in (target.path / "base").iterdir() if not each.name.startswith(".making-")]


def test_a_half_backup_is_none(target):
    (target.path / "base/.making-2026-01-01T00-00-00Z").mkdir()
    (target.path / "base/.making-2026-01-01T00-00-00Z/backup.json").write_text("{}")
    assert target.backups() == []


def test_a_whole_segment_wins_over_the_one_being_filled(target):
    target.put("wal/000000010000000000000001.partial", b"half")
    whole, _, _ = target.put("wal/000000010000000000000001", b"whole")
    half, _, _ = target.put("wal/000000010000000000000002.partial", b"half")
    assert target.segments() == {"000000010000000000000001": whole, "000000010000000000000002": half}


# ---- which backup, until when ----


def test_the_newest_that_had_ended_by_then(target):
    for name, at in (("a", 1000), ("b", 2000), ("c", 3000)):
        backup(target, name, at)
    assert cluster.choose(target, 3010)["id"] == "c"
    assert cluster.choose(target, 3009)["id"] == "b"  # c was still being made
    with pytest.raises(Broken):
        cluster.choose(target, 1009)


def test_what_lies_behind_a_fork_is_not_chosen(target):
    """Timeline 2 left 1 at 0/5000000, 3 left 1 again, earlier: 2 leads nowhere any more."""
    backup(target, "a", 1000, end_lsn=0x3000000)
    backup(target, "b", 2000, end_lsn=0x4800000)
    backup(target, "c", 3000, end_lsn=0x6000000)
    assert cluster.choose(target, 9000)["id"] == "c"
    target.put("wal/00000002.history", b"1\t0/5000000\tbefore 2026-03-01\n")
    assert cluster.choose(target, 9000)["id"] == "b"
    backup(target, "d", 4000, end_lsn=0x7000000, timeline=2)
    assert cluster.choose(target, 9000)["id"] == "d"
    target.put("wal/00000003.history", b"1\t0/4000000\tbefore 2026-03-01\n")
    assert cluster.choose(target, 9000)["id"] == "a"
    backup(target, "e", 5000, end_lsn=0x5000000, timeline=3)
    assert cluster.choose(target, 9000)["id"] == "e"


def segment(number, timeline=1):
    return f"{timeline:08X}00000000{number:08X}"


def test_a_hole_in_the_wal_is_not_restored_over(target, tmp_path):
    """From segment 2 on; timeline 2 left 1 in the middle of 5, and has reached the beginning of 8."""
    backup(target, "a", 1000, segment(2))
    (chosen,) = target.backups()
    lineage.refuse_holes(target, chosen)  # nothing was promised
    for number in (2, 3, 4):
        target.put(f"wal/{segment(number)}", b"x")
    half, _, _ = target.put(f"wal/{segment(5)}.partial", b"x")
    target.write("reached.json", json.dumps({"at": 1, "lsn": 0x5800000, "timeline": 1}))
    lineage.refuse_holes(target, chosen)
    target.put("wal/00000002.history", b"1\t0/5800000\tbefore\n")
    target.write("reached.json", json.dumps({"at": 1, "lsn": 0x8000100, "timeline": 2}))
    target.put(f"wal/{segment(6)}", b"what was given up")
    for number in (5, 6, 7, 8):
        with pytest.raises(Broken, match=segment(number, 2)):
            cluster.restore(target, tmp_path / "data", None, print)
        target.put(f"wal/{segment(number, 2)}", b"x")
    lineage.refuse_holes(target, chosen)
    half.unlink()
    lineage.refuse_holes(target, chosen)  # timeline 2's file of it holds what came before, too
    target.segments()[segment(3)].unlink()
    with pytest.raises(Broken, match=segment(3)):
        lineage.refuse_holes(target, chosen)
    assert not (tmp_path / "data").exists()


def test_recovery_that_ended_too_early_is_seen(target, tmp_path):
    (tmp_path / "pg_wal").mkdir()
    (tmp_path / "pg_wal/00000002.history").write_text("1\t0/9000000\tx\n")
    (tmp_path / "pg_wal/00000003.history").write_text("1\t0/3000000\tx\n2\t0/5000000\tx\n")
    target.write("reached.json", json.dumps({"at": 1, "lsn": 0x5000200, "timeline": 2}))
    lineage.refuse_short(target, tmp_path)
    target.write("reached.json", json.dumps({"at": 1, "lsn": 0x5800000, "timeline": 2}))
    with pytest.raises(Broken, match="ended at 5000000"):
        lineage.refuse_short(target, tmp_path)


def test_a_base_backup_needs_the_wal_of_its_own_timeline(target, monkeypatch):
    monkeypatch.setattr(base, "PATIENCE_S", 0.2)
    for reached in ({"at": 1, "lsn": 900, "timeline": 1}, {"at": 1, "lsn": 99, "timeline": 2}):
        target.write("reached.json", json.dumps(reached))
        with pytest.raises(Broken, match="has not arrived"):
            base.wait_for_wal(target, 2, 100)
    target.write("reached.json", json.dumps({"at": 1, "lsn": 100, "timeline": 2}))
    base.wait_for_wal(target, 2, 100)


def test_another_clusters_wal_does_not_go_over_what_is_kept(target, monkeypatch, tmp_path):
    monkeypatch.setenv("BACKUP_SPOOL", str(tmp_path / "spool"))
    kept = archive.Archive(target, Metrics(None), print, 13, 24)
    kept.system = "71"
    backup(target, "a", 1000, system="71")
    kept.refuse_another_cluster()
    target.write("reached.json", json.dumps({"at": 1, "lsn": 1, "timeline": 1, "system": "72"}))
    with pytest.raises(Broken, match="cluster 72"):
        kept.refuse_another_cluster()


def test_a_new_timeline_has_reached_nothing_yet(target, monkeypatch, tmp_path):
    monkeypatch.setenv("BACKUP_SPOOL", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    kept = archive.Archive(target, Metrics(None), lambda text: None, 13, 24)
    target.write("reached.json", json.dumps({"at": 1, "lsn": 900, "timeline": 1}))
    kept.timeline = 1
    kept.leave_other_timelines()
    assert target.reached()["lsn"] == 900
    kept.timeline = 2
    kept.leave_other_timelines()
    assert target.reached()["lsn"] == 0


@pytest.mark.parametrize("text, seconds", [("2026-03-01T09:30:00+01:00", 1772353800), ("2026-03-01T08:30:00Z", 1772353800)])
def test_a_moment_has_a_zone(text, seconds):
    assert cluster.moment(text) == seconds


@pytest.mark.parametrize("text", ["2026-03-01T09:30:00", "yesterday", ""])
def test_a_moment_without_a_zone_is_none(text):
    with pytest.raises(Broken):
        cluster.moment(text)


def test_nothing_is_restored_over_what_is_there(target, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/PG_VERSION").write_text("15")
    with pytest.raises(Broken, match="not empty"):
        cluster.restore(target, tmp_path / "data", None, print)
    assert (tmp_path / "data/PG_VERSION").read_text() == "15"


@pytest.mark.parametrize("lsn, name", [("0/1000000", "000000010000000000000001"), ("0/FFFFFFFF", "0000000100000000000000FF"),
                                       ("1/0", "000000010000000100000000"), ("2A/41000028", "000000010000002A00000041")])
def test_the_wal_file_of_a_place(lsn, name):
    assert server.segment_of(1, server.number_of(lsn), 16 << 20) == name


# ---- files ----


def test_files_are_copied_once_and_brought_back(target, tmp_path, monkeypatch):
    contents = {hashlib.sha256(body).hexdigest(): body for body in (b"a", b"b", b"c")}
    for name, body in contents.items():
        (tmp_path / "files" / name[:2]).mkdir(parents=True, exist_ok=True)
        (tmp_path / "files" / name[:2] / name).write_bytes(body)
    (tmp_path / "files" / name[:2] / f"{name}.half").write_bytes(b"not whole yet")
    monkeypatch.setenv("FILES_OWNER", f"{os.getuid()}:{os.getgid()}")
    files = Files(target, tmp_path / "files")
    files.copy()
    files.copy()
    assert files.kept == 3
    bring_back(target, tmp_path / "again", lambda text: None)
    assert {each.name: each.read_bytes() for each in (tmp_path / "again").glob("*/*")} == contents


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_files_are_given_to_those_who_read_them(target, tmp_path, monkeypatch):
    name = hashlib.sha256(b"a").hexdigest()
    target.put(f"files/{name[:2]}/{name}", b"a", is_packed=False)
    monkeypatch.delenv("FILES_OWNER", raising=False)
    (tmp_path / "files").mkdir()
    with pytest.raises(Broken, match="FILES_OWNER"):
        bring_back(target, tmp_path / "files", print)
    monkeypatch.setenv("FILES_OWNER", "10001:10002")
    bring_back(target, tmp_path / "files", lambda text: None)
    for place in (tmp_path / "files", tmp_path / "files" / name[:2], tmp_path / "files" / name[:2] / name):
        assert (place.stat().st_uid, place.stat().st_gid) == (10001, 10002)
    monkeypatch.delenv("FILES_OWNER")
    (tmp_path / "files" / name[:2] / name).unlink()
    bring_back(target, tmp_path / "files", lambda text: None)
    assert (tmp_path / "files" / name[:2] / name).stat().st_uid == 10001


def test_a_copy_that_is_not_what_its_name_says_is_not_taken(target, tmp_path, monkeypatch):
    monkeypatch.setenv("FILES_OWNER", f"{os.getuid()}")
    target.put("files/ab/" + "ab" * 32, b"something else", is_packed=False)
    with pytest.raises(Broken, match="not what its name says"):
        bring_back(target, tmp_path / "again", print)
    assert not [each for each in (tmp_path / "again").glob("*/*") if each.is_file()]


def test_an_unmounted_folder_forgets_no_copy(target, tmp_path):
    target.put("files/ab/" + "ab" * 32, b"x", is_packed=False)
    (tmp_path / "files").mkdir()
    with pytest.raises(Broken, match="mounted"):
        Files(target, tmp_path / "files").still_there()


# ---- what goes ----


def test_what_is_old_goes_but_never_the_newest(target):
    now = time.time()
    for name, days, segment in (("old", 20, "01"), ("older", 30, "00"), ("new", 3, "05")):
        backup(target, name, now - days * 86400, "0000000100000000000000" + segment)
    for number in range(8):
        target.put(f"wal/0000000100000000000000{number:02X}", b"x")
    target.put("wal/00000002.history", b"x")
    pruning.prune(target, 13, lambda text: None)
    assert [each["id"] for each in target.backups()] == ["new"]
    assert set(target.segments()) == {"00000002.history"} | {f"0000000100000000000000{number:02X}" for number in (5, 6, 7)}
    assert not list((target.path / "base").glob(".making-*"))
    target.path.joinpath("base/new/backup.json").write_text(
        target.path.joinpath("base/new/backup.json").read_text().replace(str(now - 3 * 86400), str(now - 40 * 86400)))
    pruning.prune(target, 13, lambda text: None)
    assert len(target.backups()) == 1


def test_a_copy_goes_when_its_file_has_been_gone_for_so_long(target):
    backup(target, "new", time.time())
    gone, _, _ = target.put("files/ab/" + "ab" * 32, b"x", is_packed=False)
    there, _, _ = target.put("files/ac/" + "ac" * 32, b"x", is_packed=False)
    os.utime(gone, (time.time() - 15 * 86400,) * 2)
    os.utime(there, (time.time() - 12 * 86400,) * 2)
    pruning.prune(target, 13, lambda text: None)
    assert gone.exists()  # nobody has looked
    pruning.prune_files(target, 13)
    assert not gone.exists() and there.exists()


def test_an_unmounted_folder_keeps_only_the_copies(target, monkeypatch, tmp_path):
    """And what went as it was gone is copied again when it comes again."""
    name = hashlib.sha256(b"x").hexdigest()
    monkeypatch.setenv("FILES_DIR", str(tmp_path / "files"))
    monkeypatch.setattr(base, "make", lambda *_: None)
    monkeypatch.setenv("BACKUP_SPOOL", str(tmp_path / "spool"))
    (tmp_path / "files").mkdir()
    kept = archive.Archive(target, Metrics(None), lambda text: None, 13, 24)
    days_ago = (time.time() - 15 * 86400,) * 2
    copy, _, _ = target.put(f"files/{name[:2]}/{name}", b"x", is_packed=False)
    os.utime(copy, days_ago)
    target.write("forgotten/2026-01-01.tsv", "1000\ta\to\n")
    os.utime(target.path / "forgotten/2026-01-01.tsv", days_ago)
    kept.files.copy()
    kept.make_base()
    assert copy.exists() and not (target.path / "forgotten/2026-01-01.tsv").exists()
    assert kept.metrics.values["majster_backup_failures_total"] == 1
    (tmp_path / "files/ab").mkdir()
    (tmp_path / "files/ab" / ("ab" * 32)).write_bytes(b"another")
    kept.make_base()
    assert not copy.exists() and kept.metrics.values["majster_backup_failures_total"] == 1
    (tmp_path / "files" / name[:2]).mkdir()
    (tmp_path / "files" / name[:2] / name).write_bytes(b"x")
    kept.files.copy()
    assert copy.exists()


# ---- who was forgotten ----


def test_the_ledger_holds_each_once_and_no_more_than_its_order(target):
    fact = {"ce_type": forgotten.FACT, "ce_id": "11111111-1111-1111-1111-111111111111", "ce_subject": "o-1", "ce_toldat": "1000", "partner": "x"}
    other = fact | {"ce_type": "intake.v1.WorkOrderOpened", "ce_id": "2"}
    for _ in range(2):
        ledger = forgotten.Ledger(target, None, print)
        ledger.known = set(ledger.entries())
        ledger.note([fact, other])
    assert ledger.entries() == {fact["ce_id"]: (1000, "o-1")}
    assert "".join(each.read_text() for each in (target.path / "forgotten").iterdir()).count("\n") == 1


TOLD = f"ce_type={forgotten.FACT},ce_id={{}},ce_subject=o-{{}},ce_toldat=1000"


def ledger_with(target, monkeypatch, tmp_path, kcat):
    """kcat is played: what it would print, and how it would end."""
    (tmp_path / "bin").mkdir(exist_ok=True)
    (tmp_path / "bin/kcat").write_text(f"#!/bin/sh\n{kcat}\n")
    (tmp_path / "bin/kcat").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    return forgotten.Ledger(target, "kafka:9092", print)


def take_until(ledger, is_over):
    give_up = time.monotonic() + 10
    while not is_over() and time.monotonic() < give_up:
        ledger.take()
        time.sleep(0.02)
    assert is_over()


def test_a_reader_that_died_is_said_and_begun_again(target, monkeypatch, tmp_path):
    dies = ledger_with(target, monkeypatch, tmp_path, f"echo {TOLD.format('a', 1)}; echo 'no SASL here' >&2; exit 3")
    with pytest.raises(OSError, match="ended with 3: no SASL here"):
        take_until(dies, lambda: False)
    lives = ledger_with(target, monkeypatch, tmp_path, f"echo {TOLD.format('b', 2)}; exec sleep 60")
    dies.servers = "kafka:9092"
    take_until(dies, lambda: "b" in dies.entries())
    dies.end()
    assert lives.entries() == {"a": (1000, "o-1"), "b": (1000, "o-2")}


def test_what_could_not_be_noted_is_read_again(target, monkeypatch, tmp_path):
    ledger = ledger_with(target, monkeypatch, tmp_path, f"echo {TOLD.format('a', 1)}; exec sleep 60")
    place = target.path / "forgotten"
    place.rename(tmp_path / "away")
    with pytest.raises(OSError, match="forgotten"):
        take_until(ledger, lambda: False)
    (tmp_path / "away").rename(place)
    take_until(ledger, lambda: "a" in ledger.entries())
    ledger.end()


def test_a_torn_line_ends_nothing(target):
    """The machine went down while it was written; what was told is read again, and noted on a line of its own."""
    day = time.strftime("%Y-%m-%d", time.gmtime())
    (target.path / f"forgotten/{day}.tsv").write_text("1000\ta\to-1\n1000\tb")
    ledger = forgotten.Ledger(target, None, print)
    assert ledger.entries() == {"a": (1000, "o-1")}
    ledger.known = set(ledger.entries())
    ledger.note([{"ce_type": forgotten.FACT, "ce_id": "b", "ce_subject": "o-2"}])
    assert ledger.entries() == {"a": (1000, "o-1"), "b": (0, "o-2")}


def test_a_kafka_that_is_away_keeps_no_backup_from_being_made(target, monkeypatch, tmp_path):
    monkeypatch.setenv("BACKUP_SPOOL", str(tmp_path / "spool"))
    monkeypatch.setattr(archive, "EVERY_S", 0.01)
    kept, begun = archive.Archive(target, Metrics(None), lambda text: None, 13, 24), []
    kept.fetch, kept.begin_base = lambda: None, lambda: begun.append(1)
    kept.ledger = ledger_with(target, monkeypatch, tmp_path, "exit 1")
    for _ in range(20):
        kept.look()
        time.sleep(0.01)
    assert len(begun) == 20 and kept.metrics.values["majster_backup_failures_total"] > 0


def test_kcats_headers_are_read():
    assert forgotten.headers_of("ce_id=a,partner=,traceparent=00-1-2-01") == {"ce_id": "a", "partner": "", "traceparent": "00-1-2-01"}


def test_a_record_that_is_no_fact_is_left_to_the_services():
    fact = {"ce_id": "01a2043c-b26c-79aa-bfe1-4e7246a7d7b9", "ce_source": "/intake", "ce_subject": "o", "ce_type": "t", "ce_sequence": "3"}
    assert truth.is_fact(fact)
    for name, value in (("ce_id", "x"), ("ce_sequence", "three"), ("ce_sequence", "-1"), ("ce_source", "")):
        assert not truth.is_fact(fact | {name: value})
    assert not truth.is_fact({})


def test_forgetting_again_needs_somebody_to_ask(tmp_path, monkeypatch):
    monkeypatch.delenv("EDGE_URL", raising=False)
    (tmp_path / "forget-again").write_text("o-1\n")
    with pytest.raises(Broken):
        again.forget(tmp_path, print)


# ---- Redis and Kafka as `restore facts` meets them ----


@pytest.fixture
def redis(tmp_path, monkeypatch):
    """A real one, with TLS beside the plain port and a user whose password needs encoding in a URL."""
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        plain, tls = one.getsockname()[1], two.getsockname()[1]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=x",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / "redis.key", "-out", tmp_path / "redis.pem"],
                   check=True, capture_output=True)
    password = "a@b:c/ d"
    (tmp_path / "password").write_text(password + "\n")
    (tmp_path / "conf").write_text(
        f"bind 127.0.0.1\nport {plain}\ntls-port {tls}\ntls-cert-file {tmp_path}/redis.pem\ntls-key-file {tmp_path}/redis.key\n"
        f"tls-ca-cert-file {tmp_path}/redis.pem\ntls-auth-clients no\nsave \"\"\ndir {tmp_path}\n"
        f"user majster on #{hashlib.sha256(password.encode()).hexdigest()} ~* +@all\nuser default on nopass ~* +get +set +ping\n")
    for name in ("USER", "PASSWORD_FILE", "CA_FILE", "CERTIFICATE_FILE"):
        monkeypatch.delenv(f"REDIS_{name}", raising=False)

    def held(*words):
        done = subprocess.run(["redis-cli", "-p", str(plain), *words], capture_output=True, text=True)
        return done.stdout.strip()

    with subprocess.Popen(["redis-server", tmp_path / "conf"], stdout=subprocess.DEVNULL) as server_:
        try:
            give_up = time.monotonic() + 20
            while held("ping") != "PONG" and time.monotonic() < give_up:
                time.sleep(0.05)
            yield plain, tls, held
        finally:
            server_.terminate()


@pytest.mark.parametrize("way", ["plain", "tls", "file"])
def test_redis_is_emptied_as_services_reach_it(redis, way, tmp_path, monkeypatch):
    plain, tls, held = redis
    held("set", "a", "b")
    assert held("get", "a") == "b"
    user = "majster:a%40b%3Ac%2F%20d@"
    monkeypatch.setenv("REDIS_URL", {"plain": f"redis://{user}127.0.0.1:{plain}", "tls": f"rediss://{user}127.0.0.1:{tls}",
                                     "file": f"rediss://127.0.0.1:{tls}"}[way])
    monkeypatch.setenv("REDIS_CA_FILE", str(tmp_path / "redis.pem"))
    if way == "file":
        monkeypatch.setenv("REDIS_USER", "majster")
        monkeypatch.setenv("REDIS_PASSWORD_FILE", str(tmp_path / "password"))
    cache.empty_redis(print)
    assert held("get", "a") == ""


def test_redis_that_refuses_is_named_without_its_password(redis, tmp_path, monkeypatch):
    plain, tls, _ = redis
    for url in (f"redis://majster:wrong-secret@127.0.0.1:{plain}", f"rediss://majster:wrong-secret@127.0.0.1:{tls}", f"redis://127.0.0.1:{plain}"):
        monkeypatch.setenv("REDIS_URL", url)  # the second: nobody vouches for its certificate
        with pytest.raises(Broken, match="Redis at 127.0.0.1") as refusal:
            cache.empty_redis(print)
        assert "secret" not in str(refusal.value)


def test_without_redis_somebody_is_told_to_empty_it(monkeypatch):
    monkeypatch.delenv("REDIS_URL", raising=False)
    said = []
    cache.empty_redis(said.append)
    assert "by hand" in said[0]


def test_a_kafka_without_our_topics_is_not_taken_for_nothing_lost(monkeypatch, tmp_path):
    said = []
    monkeypatch.delenv("KAFKA_IS_LOST", raising=False)
    truth.refuse_strange_kafka(["intake.v1"], said.append)
    every = [f"{each}.v1" for each in truth.SERVICES]
    with pytest.raises(Broken, match="KAFKA_IS_LOST=1"):
        truth.refuse_strange_kafka(every, said.append)
    monkeypatch.setenv("KAFKA_IS_LOST", "1")
    truth.refuse_strange_kafka(every, said.append)
    assert len(said) == 2


# ---- secrets and figures ----


def test_what_is_sealed_has_no_unsealed_wal_beside_it(target, monkeypatch, tmp_path):
    for spool in (None, target.path / "spool", tmp_path / "target/../target/spool", tmp_path / "spool"):
        monkeypatch.setenv("BACKUP_SPOOL", str(spool or ""))
        if target.recipients and spool != tmp_path / "spool":
            with pytest.raises(Broken, match="BACKUP_SPOOL"):
                archive.Archive(target, Metrics(None), print, 13, 24)
        else:
            archive.Archive(target, Metrics(None), print, 13, 24)


@pytest.mark.parametrize("place", ["backup", "kept/elsewhere"])
def test_wipe_deletes_no_backups(tmp_path, place):
    Target(tmp_path / place).make()
    done = subprocess.run([ROOM / "scripts/containers", "wipe", tmp_path], capture_output=True, text=True)
    assert done.returncode == 1 and "holds backups" in done.stdout and (tmp_path / place / "base").exists()


def test_secrets_are_kept_sealed_and_elsewhere_or_not_at_all(target, tmp_path):
    (tmp_path / "suite/secrets").mkdir(parents=True)
    (tmp_path / "suite/secrets/vault.key").write_text("ab" * 32)
    if not target.recipients:
        with pytest.raises(Broken, match="sealed or not at all"):
            secrets.keep(tmp_path / "suite", tmp_path / "elsewhere/safe", None)
        return
    with pytest.raises(Broken, match="lies with"):
        secrets.keep(tmp_path / "suite", target.path / "secrets", target.recipients)
    secrets.keep(tmp_path / "suite", tmp_path / "elsewhere/safe", target.recipients)
    (kept,) = (tmp_path / "elsewhere/safe").iterdir()
    with open(tmp_path / "out.tar", "wb") as out:
        target.get(kept, out)
    assert b"ab" * 32 in (tmp_path / "out.tar").read_bytes() and b"ab" * 32 not in kept.read_bytes()


def test_figures_are_a_file_for_prometheus(tmp_path):
    metrics = Metrics(tmp_path / "backup.prom")
    metrics.of({"ended_at": 12.5, "bytes": 7, "seconds": 3.0})
    metrics.set(wal_last_archived_timestamp_seconds=11.25)
    metrics.write()
    text = (tmp_path / "backup.prom").read_text()
    assert "\nmajster_backup_last_success_timestamp_seconds 12.5\n" in text
    assert "\nmajster_backup_wal_last_archived_timestamp_seconds 11.25\n" in text
    assert text.count("# TYPE") == text.count("# HELP") == 5


def test_figures_that_cannot_be_written_end_nothing(target, tmp_path, monkeypatch):
    monkeypatch.setenv("BACKUP_SPOOL", str(tmp_path / "spool"))
    said = []
    kept = archive.Archive(target, Metrics(tmp_path / "nowhere/backup.prom"), said.append, 13, 24)
    for _ in range(2):
        kept.tell()
    assert len(said) == 1 and "nowhere" in said[0]
    (tmp_path / "nowhere").mkdir()
    kept.tell()
    assert "majster_backup_files_kept 0" in (tmp_path / "nowhere/backup.prom").read_text()


def test_the_pod_names_what_the_suite_has():
    """The claim is the suite's, and where nobody may talk the pod is let out to what it reads."""
    made = {each["kind"]: each for each in yaml.safe_load_all((ROOM / "deploy/backup/kubernetes.yaml").read_text())}
    pod = made["StatefulSet"]["spec"]["template"]
    volumes = {each["name"]: each for each in pod["spec"]["volumes"]}
    claim = yaml.safe_load((ROOM / "deploy/kubernetes/base/files.yaml").read_text())
    assert volumes["files"]["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    assert not [each for each in volumes.values() if "hostPath" in each]  # the namespace is `restricted`
    policy = made["NetworkPolicy"]["spec"]
    assert policy["podSelector"]["matchLabels"].items() <= pod["metadata"]["labels"].items()
    assert {port["port"] for rule in policy["egress"] for port in rule["ports"]} == {5432, 9092}


def test_words_it_does_not_know_are_answered_with_its_usage():
    for script, words in (("backup", ["stop", "x"]), ("backup", ["run"]), ("restore", ["database", "x"])):
        done = subprocess.run([ROOM / "scripts" / script, *words], capture_output=True, text=True)
        assert done.returncode == 2 and ("which places" if script == "restore" else "scripts/backup run TARGET") in done.stderr
