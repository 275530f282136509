# What scripts/restore is made of: which backup, which WAL, and Redis and Kafka as it meets them.
import hashlib
import json
import socket
import subprocess
import time

import pytest
from kept import backup, segment
from keeping import archive, base, cache, cluster, lineage, server, truth
from keeping.metrics import Metrics
from keeping.target import Broken

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
