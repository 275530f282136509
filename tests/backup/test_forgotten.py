# Who was forgotten stays so: the ledger in the target, and what reads Kafka for it.
import os
import time

import pytest
from keeping import again, archive, forgotten, truth
from keeping.metrics import Metrics
from keeping.target import Broken

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
