# A real suite with a few orders in it, watched by a real Prometheus: every alarm reads figures that exist, every panel has
# something to show.
import json
import re
import sys
import threading
import time
from pathlib import Path

import pytest
import yaml

ROOM = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOM / "tests"), str(ROOM / "tests/watching")]

import whole_suite
from day import Day
from prometheus import ALERTS, Prometheus

# Not ours: node_exporter's, the blackbox exporter's, the textfile that the backup writes, Prometheus' own.
OTHERS = re.compile(r"^(node_|probe_|majster_backup_|ALERTS|up$)")
WORDS = re.compile(r"(?<![\w:])(?:(?:\w+:)+\w+|(?:majster|process|node|probe)_[a-z_]+|up)(?![\w:])")
# Rightly empty while nothing is wrong, each with its reason.
EMPTY = {
}
DASHBOARDS = sorted((ROOM / "deploy/dashboards").glob("*.json"))


@pytest.fixture(scope="module")
def suite():
    return whole_suite.the_suite()


@pytest.fixture(scope="module")
def prometheus(suite, tmp_path_factory):
    started, is_over = Prometheus(tmp_path_factory.mktemp("prometheus"), suite.folder), threading.Event()
    try:
        started.wait_until_scraped()
        day = Day(suite)
        orders = [day.order() for _ in range(3)]
        day.wait_hours(orders)
        day.attend(orders[0])
        whole_suite.eventually(lambda: suite.sql("SELECT 1 FROM billing.cost_line"), "a line of cost is booked")
        suite.edge("GET", f"/v1/work-orders/{orders[1]}", token=day.key)
        live = threading.Thread(target=go_on, args=(suite, day, orders[1], is_over), daemon=True)
        live.start()
        time.sleep(17)  # what is counted in tables is counted every 15 s
        yield started
    finally:
        is_over.set()
        started.end()


def go_on(suite, day, known, is_over):
    """A rate needs something to happen between two looks, whenever it is asked for."""
    while not is_over.wait(1):
        day.try_order()
        suite.edge("GET", f"/v1/work-orders/{known}", token=day.key)


def rules():
    return [(file.name, rule) for file in sorted(ALERTS.glob("*.yml")) for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]


@pytest.mark.once
def test_every_rule_reads_figures_that_exist(prometheus):
    there = {name + end for name, kinds in prometheus.ask("metadata").items()
             for end in (("_bucket", "_sum", "_count") if kinds[0]["type"] == "histogram" else ("",))}
    recorded = {rule["record"] for _, rule in rules() if "record" in rule}
    missing = {(rule.get("alert") or rule["record"], name) for _, rule in rules()
               for name in WORDS.findall(re.sub(r'"[^"]*"', "", rule["expr"])) if name not in there | recorded and not OTHERS.match(name)}
    assert not missing


@pytest.mark.once
def test_nothing_fires_on_a_healthy_suite(prometheus):
    assert [(name, notes) for name, state, _, notes in prometheus.alarms() if state == "firing"] == []


def questions():
    return [pytest.param(board.stem, panel["title"], target["expr"], id=f"{board.stem}-{panel['title']}-{target['refId']}")
            for board in DASHBOARDS for panel in json.loads(board.read_text())["panels"] for target in panel.get("targets", [])]


@pytest.mark.once
@pytest.mark.parametrize("board, title, expression", questions())
def test_every_panel_has_something_to_show(prometheus, board, title, expression):
    asked = expression.replace("$__rate_interval", "1m").replace("$service", "intake")
    found = prometheus.query(asked)
    if (board, title) in EMPTY:
        assert not found, f"not empty any more: {found}"
    else:
        assert found, f"{asked}: nothing"
        assert all(value == value for _, value in found), f"{asked}: {found}"  # NaN: divided by nothing
