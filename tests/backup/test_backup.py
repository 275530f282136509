# What scripts/backup is made of: the target's promises, files, what is deleted, secrets, figures.
import hashlib
import os
import subprocess
import time

import pytest
import yaml
from kept import ROOM, Target, backup
from keeping import archive, base, pruning, secrets
from keeping.files import Files, bring_back
from keeping.metrics import Metrics
from keeping.target import Broken

CONTENT = "Zażółć ".encode() * 100_000


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
