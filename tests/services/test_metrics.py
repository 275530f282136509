# /metrics of a service: each figure moves when the thing happens, and only then. Seen on matching.
import time

import psycopg2
import pytest
from conftest import eventually, new_id, now_ms


@pytest.fixture(scope="module")
def matching(suite, run_service):
    return run_service("matching")


def figures(service):
    """series, as it is written, without `service` -> value"""
    text = service.ask("GET", "/metrics", "")[1].decode()
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name.replace(f'{{service="{service.name}"', "{").replace("{,", "{").replace("{}", ""): float(value) for name, value in lines}


class Order:
    def __init__(self, suite):
        self.suite, self.id = suite, new_id()

    def tell(self, kind="WorkOrderOpened", sequence=1, text=None, **headers):
        said = (f'order {{ work_order_id: "{self.id}" number: "M-1" partner_id: "loop" service_id: "s" skill: "plumbing" person_id: "p" '
                f'chooser: BY_PARTNER visit_length_ms: 3600000 tolerance_ms: 900000 latest_by: {now_ms() + 86400000} '
                f'place {{ lat: 52.2 lon: 21.0 town: "Warszawa" }} }}')
        self.suite.tell(f"intake.v1.{kind}", self.id, "loop", said if text is None else text, sequence=sequence, **headers)


def grown(service, before, name):
    return figures(service).get(name, 0) - before.get(name, 0)


def test_a_request_counts_by_its_route_and_class_and_nobody_names_a_route(suite, matching):
    before = figures(matching)
    matching.ask("GET", "/v1/book/check", suite.actor("operator", "op"))
    matching.ask("GET", "/v1/book/check", suite.actor("partner", "p", "p"))
    matching.ask("GET", f"/v1/{new_id()}", "")
    route = 'method="GET",route="/v1/book/check"'
    assert grown(matching, before, f'majster_http_replies_total{{{route},status="2xx"}}') == 1
    assert grown(matching, before, f'majster_http_replies_total{{{route},status="4xx"}}') == 1
    assert grown(matching, before, 'majster_http_replies_total{method="",route="none",status="4xx"}') == 1
    assert grown(matching, before, f"majster_http_request_seconds_count{{{route}}}") == 2
    assert grown(matching, before, f'majster_http_request_seconds_bucket{{{route},le="+Inf"}}') == 2
    assert 0 < grown(matching, before, f"majster_http_request_seconds_sum{{{route}}}") < 10


def test_a_fact_counts_once_as_heard_and_its_turn_is_timed(suite, matching):
    before, order = figures(matching), Order(suite)
    order.tell()
    eventually(lambda: grown(matching, before, "majster_facts_heard_total") == 1, "heard")
    assert grown(matching, before, 'majster_turns_total{kind="message"}') == 1
    assert grown(matching, before, 'majster_turn_seconds_count{kind="message"}') == 1
    assert grown(matching, before, "majster_batch_turns_sum") >= 1


def test_what_nobody_can_do_now_shows_as_lag_and_as_turns_again(suite, matching):
    before, order = figures(matching), Order(suite)
    order.tell()
    eventually(lambda: grown(matching, before, "majster_facts_heard_total") == 1, "heard")
    with psycopg2.connect(host=suite.env["PGHOST"], port=suite.env["PGPORT"], dbname="majster", user="postgres") as other:
        with other.cursor() as cursor:
            cursor.execute("SELECT 1 FROM matching.subject WHERE id = %s FOR UPDATE", (order.id,))
            order.tell("WorkOrderCancelled", 2)
            behind = 'majster_consumer_behind_{}{{topic="intake.v1"}}'
            eventually(lambda: figures(matching)[behind.format("facts")] == 1, "one fact behind")
            eventually(lambda: figures(matching)[behind.format("seconds")] > 1.5, "for more than a second")
            assert grown(matching, before, 'majster_turns_again_total{kind="message"}') > 5
    eventually(lambda: figures(matching)[behind.format("facts")] == 0, "and then none")
    assert figures(matching)[behind.format("seconds")] == 0


def test_what_is_put_aside_shows_by_kind_with_its_age(suite, matching):
    order, other = Order(suite), Order(suite)
    assert figures(matching)["majster_parked_oldest_seconds"] == 0
    order.tell(text="order { }")  # without its id: refused
    eventually(lambda: figures(matching)['majster_parked{kind="rejected"}'] == 1, "parked as rejected")
    order.tell("WorkOrderCancelled", 2)
    eventually(lambda: figures(matching)['majster_parked{kind="behind"}'] == 1, "and what comes after it as behind")
    eventually(lambda: figures(matching)["majster_parked_oldest_seconds"] > 1, "it grows older")
    other.tell("WorkOrderCancelled", 2)
    eventually(lambda: figures(matching)["majster_early"] == 1, "early")
    eventually(lambda: figures(matching)["majster_early_oldest_seconds"] > 1, "it grows older, too")
    suite.sql("DELETE FROM matching.parked WHERE subject = %s", order.id)
    suite.sql("DELETE FROM matching.early WHERE subject = %s", other.id)
    eventually(lambda: figures(matching)["majster_parked_oldest_seconds"] == figures(matching)["majster_early"] == 0, "gone")


def test_a_parked_erasure_is_told_apart(suite, matching):
    suite.sql("INSERT INTO matching.parked (event_id, source, subject, sequence, type, partner, trace, told_at, payload, topic, partition,"
              " record_offset, kind, reason, parked_at) VALUES ('e', 'intake', 's', 1, 'intake.v1.PersonForgotten', '', '', 0, '', '', 0, 0,"
              " 'rejected', 'test', 1)")
    eventually(lambda: figures(matching)["majster_erasures_waiting"] == 1, "counted")
    suite.sql("DELETE FROM matching.parked WHERE event_id = 'e'")
    eventually(lambda: figures(matching)["majster_erasures_waiting"] == 0, "done")


def test_a_lost_database_shows_while_it_is_away_and_as_one_reconnect(suite, matching):
    before = figures(matching)
    assert before['majster_connected{to="postgresql"}'] == before['majster_connected{to="kafka"}'] == 1
    suite.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'matching'")
    eventually(lambda: grown(matching, before, 'majster_reconnects_total{to="postgresql"}') >= 1, "one reconnect")
    eventually(lambda: figures(matching)['majster_connected{to="postgresql"}'] == 1, "back")


def test_the_process_tells_of_itself(matching):
    said = figures(matching)
    assert said["majster_ready"] == 1
    assert abs(said["majster_loop_timestamp_seconds"] - time.time()) < 3
    assert 0 < time.time() - said["process_start_time_seconds"] < 600
    assert 5e6 < said["process_resident_memory_bytes"] < 2e8
    assert 10 < said["process_open_fds"] < said["process_max_fds"]
    assert said["majster_consumer_partitions"] > 0


def test_every_series_has_words_and_no_label_names_anybody(matching):
    text = matching.ask("GET", "/metrics", "")[1].decode()
    told = {line.split()[2] for line in text.splitlines() if line.startswith("# HELP")}
    named = {line.partition("{")[0] for line in text.splitlines() if not line.startswith("#")}
    assert {name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") for name in named} <= told
    labels = {word.split("=")[0] for line in text.splitlines() if "{" in line for word in line.partition("{")[2].rpartition("}")[0].split(",")}
    assert labels <= {"service", "kind", "method", "route", "status", "topic", "to", "result", "type", "le", "state"}
