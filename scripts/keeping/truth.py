# After a restore Kafka knows more than the database: facts whose tellers lost the memory of them. They must take no effect,
# as what their tellers say next carries the same sequences. A teller's row of a subject says how far he has told of it, so
# what goes beyond that is such a fact; every service is told that it has heard it already (docs/decisions/0014).
import json
import os
import re
import subprocess
import time
from pathlib import Path

import psycopg2
import psycopg2.extras

from keeping.cache import empty_redis
from keeping.cluster import ROLES, SERVICES
from keeping.forgotten import FACT, Ledger, headers_of
from keeping.target import Broken

CLOCKS_DIFFER_S = 600  # Kafka's records carry their producers' time
EVENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RESTORED = re.compile(r"restored (\d+\.\d+)")


def make(target, lost, say):
    with connected() as database:
        since = restored_at(database)
        refuse_company(database)
        facts = told_since(since - CLOCKS_DIFFER_S, say)
        strangers = find_unknown(database, facts)
        for each in SERVICES:
            if has_spine(database, each):
                take_no_effect(database, each, [fact["ce_id"] for fact in strangers])
        again = to_forget(database, strangers, target)
        missing = missing_files(database)
        lost.mkdir(parents=True, exist_ok=True)
        write_lists(lost, strangers, again, missing)
        empty_redis(say)
        unlock(database)
    say(f"{len(facts)} facts read, {len(strangers)} of them are known to their tellers no more and will take no effect")
    for kind, count in sorted(counted(strangers).items()):
        say(f"  {count:6} {kind}")
    say(f"{len(again)} customers to be forgotten again, {len(missing)} files missing; lists are in {lost}")
    return 1 if missing else 0


def connected():
    connection = psycopg2.connect(dbname=os.environ.get("PGDATABASE", "majster"), user=os.environ.get("PGUSER", "postgres"))
    psycopg2.extras.register_uuid(conn_or_curs=connection)
    rows(connection, "SET row_security = off")  # who may not see all rows gets an error, not fewer rows
    return connection


def rows(database, statement, *values):
    with database.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def restored_at(database):
    found = RESTORED.fullmatch(comment_of(database))
    if given := os.environ.get("RESTORED_AT"):
        return float(given)
    if not found:
        raise Broken("this database does not say that it was restored; RESTORED_AT, seconds since 1970, says it for one that "
                     "others have restored")
    return float(found[1])


def comment_of(database):
    return rows(database, "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = current_database()")[0][0]


def refuse_company(database):
    there = rows(database, "SELECT DISTINCT usename::text FROM pg_stat_activity WHERE usename = ANY (%s)", SERVICES)
    if there:
        raise Broken(f"these run already: {' '.join(row[0] for row in there)}")


def told_since(at_s, say):
    servers = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if not servers:
        raise Broken("KAFKA_BOOTSTRAP_SERVERS says where the facts are")
    found, unknown = [], []
    for topic in [f"{each}.v1" for each in SERVICES]:
        read = subprocess.run(["kcat", "-C", "-q", "-e", "-b", servers, "-t", topic, "-o", f"s@{max(int(at_s * 1000), 0)}", "-f", "%h\n"],
                              capture_output=True, text=True, errors="replace")
        if read.returncode:
            if "Unknown topic" in read.stderr:
                unknown.append(topic)
                continue
            raise Broken(f"kcat {topic}: {read.stderr.strip()[-300:]}")
        found += [headers for line in read.stdout.splitlines() if is_fact(headers := headers_of(line))]
    refuse_strange_kafka(unknown, say)
    return found


def refuse_strange_kafka(unknown, say):
    """A Kafka that is empty, or another one, would say that nothing was lost."""
    if len(unknown) == len(SERVICES) and os.environ.get("KAFKA_IS_LOST") != "1":
        raise Broken("this Kafka knows none of our topics: is it the right one? If it was lost, too, KAFKA_IS_LOST=1 says so; "
                     "then what was lost is not listed, and takes no effect as nobody can hear it")
    if unknown:
        say(f"Kafka does not know {' '.join(unknown)}")


def is_fact(headers):
    """Anything else is unreadable to the services, too, and is put aside by them."""
    return bool(EVENT.fullmatch(headers.get("ce_id", "")) and headers.get("ce_source") and "ce_subject" in headers and "ce_type" in headers
                and re.fullmatch(r"\d{1,18}", headers.get("ce_sequence", "")))


def has_spine(database, service):
    return rows(database, "SELECT to_regclass(%s) IS NOT NULL", f"{service}.subject")[0][0]


def find_unknown(database, facts):
    """Facts of which their tellers' restored rows know nothing."""
    found = []
    for service in SERVICES:
        told = [fact for fact in facts if fact["ce_source"] == f"/{service}"]
        known = {}
        if told and has_spine(database, service):
            known = dict(rows(database, f"SELECT id, sequence FROM {service}.subject WHERE id = ANY (%s)",
                              list({fact["ce_subject"] for fact in told})))
        found += [fact for fact in told if int(fact["ce_sequence"]) > known.get(fact["ce_subject"], 0)]
    return found


def take_no_effect(database, service, events):
    now_ms = int(time.time() * 1000)
    rows(database, f"INSERT INTO {service}.inbox (event_id, heard_at) SELECT unnest(%s::uuid[]), %s ON CONFLICT DO NOTHING", events, now_ms)


def to_forget(database, strangers, target):
    """Orders whose customer was forgotten, as Kafka or the ledger says, and who is there again."""
    orders = {fact["ce_subject"] for fact in strangers if fact["ce_type"] == FACT}
    orders |= {order for _, order in Ledger(target, None, None).entries().values()}
    if not orders or not has_spine(database, "intake"):
        return []
    return [row[0] for row in rows(
        database, "SELECT w.work_order_id::text FROM intake.work_order w JOIN person.person p ON p.id = w.person_id"
                  " WHERE w.work_order_id::text = ANY (%s) ORDER BY 1", list(orders))]


def missing_files(database):
    if not os.environ.get("FILES_DIR"):
        return []
    folder, named = Path(os.environ["FILES_DIR"]), []
    for table, column in (("visits.proof_file", "coalesce(nullif(stored, ''), sha256)"), ("billing.settlement", "sha256")):
        if rows(database, "SELECT to_regclass(%s) IS NOT NULL", table)[0][0]:
            named += [(table, row[0]) for row in rows(database, f"SELECT DISTINCT {column} FROM {table}")]
    return [(table, name) for table, name in named if not (folder / name[:2] / name).is_file()]


def counted(facts):
    found = {}
    for fact in facts:
        found[fact["ce_type"]] = found.get(fact["ce_type"], 0) + 1
    return found


def write_lists(lost, strangers, again, missing):
    names = ("ce_type", "ce_subject", "ce_sequence", "partner", "ce_time", "ce_id")
    (lost / "facts.jsonl").write_text("".join(json.dumps({name: fact.get(name, "") for name in names}) + "\n" for fact in strangers))
    (lost / "forget-again").write_text("".join(order + "\n" for order in again))
    (lost / "missing-files").write_text("".join(f"{table}\t{name}\n" for table, name in missing))


def unlock(database):
    for role in ROLES:
        rows(database, f"ALTER ROLE {role} CONNECTION LIMIT -1")
    if RESTORED.fullmatch(comment_of(database)):
        name = rows(database, "SELECT quote_ident(current_database())")[0][0]
        rows(database, f"COMMENT ON DATABASE {name} IS NULL")
