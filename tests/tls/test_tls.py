# Majster over a Kafka, PostgreSQL and Redis that are not ours to open: TLS alone, an account a service, certificates.
import json
import shlex
import subprocess
import time
import uuid

import psycopg2
import pytest
from conftest import wrong_file
from throwaway import certificates, questions
from whole_suite import eventually


def redis(suite, *words):
    done = subprocess.run([*shlex.split(suite.env["REDIS_CLI"]), *words], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def hire(suite):
    body = {"first_name": "Jan", "skills": ["plumbing"], "shifts": [{"weekdays": "1-7", "from": "00:00", "until": "23:59"}],
            "home": {"lat": 52.23, "lon": 21.01, "town": "Warszawa"}, "active": True}
    made = suite.edge("POST", "/v1/technicians", body, token=suite.token("operator", "tls"), idempotency_key=str(uuid.uuid4()))
    assert made.status in (200, 201), made.body
    return made.json["technician_id"]


@pytest.fixture(scope="module")
def technician(suite):
    """Told by workforce, which shows Kafka and PostgreSQL a certificate; heard by matching, which knows passwords."""
    technician = hire(suite)
    eventually(lambda: suite.sql("SELECT 1 FROM matching.technician_day WHERE technician_id = %s", technician), "matching knows him")
    return technician


# ---- what has to work ----


def order_once(suite, key):
    """(technician, e-mail) of an order that was booked; None for one that came before matching's memory had the technician."""
    reference = f"TLS/{uuid.uuid4().hex[:8]}"
    email = f"{reference[4:]}@nowak.example"
    order = {"contract_id": "aurora-dom", "partner_reference": reference, "service_id": "plumbing.leak",
             "customer": {"first_name": "Anna", "last_name": "Nowak", "phone": "22 100 20 30", "email": email},
             "address": {"street": "Prosta", "house": "5", "postcode": "00-838", "town": "Warszawa", "lat": 52.2297, "lon": 21.0122}}
    made = suite.edge("POST", "/v1/work-orders", order, token=key, idempotency_key=reference)
    assert made.status == 201, made.body
    looked_at = "SELECT try_again_at, (SELECT technician_id FROM matching.visit v WHERE v.work_order_id = o.work_order_id AND state = 2)" \
                " FROM matching.order_copy o WHERE work_order_id = %s"
    again_at, technician = eventually(lambda: [row for row in suite.sql(looked_at, made.json["work_order_id"]) if any(row)], "matching's answer")[0]
    assert technician or again_at
    return (technician, email) if technician else None


def test_an_order_becomes_a_promise_and_a_letter(suite, technician):
    key = suite.partner("aurora")

    who, email = eventually(lambda: order_once(suite, key), "an order that is booked")

    assert who == technician

    def letters():
        with open(suite.env["SMTP_JOURNAL"]) as journal:
            return [letter for letter in map(json.loads, journal) if letter["to"] == email]

    assert eventually(letters, "the letter left")[0]["tls"], "by STARTTLS"


def test_a_position_reaches_redis(suite, technician):
    token = suite.word("portal", "--issue-token", "technician", technician).split()[-1]
    point = {"lat": 52.2301, "lon": 21.0101, "at": int(time.time() * 1000), "sequence": 1, "status": "free"}

    def is_taken():
        return suite.edge("POST", "/v1/positions", {"positions": [point]}, token=token).json.get("taken")

    eventually(is_taken, "routing has heard of his day, and takes his place")
    eventually(lambda: redis(suite, "HGET", f"tech:{technician}", "lat") == "52.230100", "his place stands in Redis")
    seen = suite.edge("GET", "/v1/positions", token=suite.token("consultant", "tls"))
    assert technician in [each["technician_id"] for each in seen.json["technicians"]]


def test_every_session_of_a_service_is_encrypted(suite):
    sessions = suite.sql("SELECT a.usename, s.ssl, s.version FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid)"
                         " WHERE a.usename <> 'postgres'")

    assert {name for name, _, _ in sessions} >= {"intake", "workforce", "matching", "routing", "notifications"}
    assert {(ssl, version) for _, ssl, version in sessions} == {(True, "TLSv1.3")}


def test_nobody_answers_in_plain(suite):
    state = json.loads((suite.folder / "parts.json").read_text())
    port = {name: state[name]["ports"] for name in ("kafka", "redis")}

    for each in ("port", "certificate_port", "controller_port"):
        assert questions.kafka_brokers(port["kafka"][each]) == 0
    assert not questions.say(port["redis"]["port"], b"PING\r\n").startswith((b"+", b"-NO"))
    with pytest.raises(psycopg2.OperationalError, match="no encryption"):
        psycopg2.connect(host="127.0.0.1", port=suite.env["PGPORT"], dbname="majster", user="intake", sslmode="disable",
                         password=(suite.folder / "secrets/intake.password").read_text())
    # The same questions are answered where they may be asked.
    who = certificates.context(suite.folder, "broker")
    assert questions.kafka_brokers(port["kafka"]["certificate_port"], who) == 1
    assert questions.say(port["redis"]["port"], b"PING\r\n", who).startswith(b"-NOAUTH")


# ---- what has to be refused, and how it is said ----


def by_name(address):
    """The same server under a name that its certificate does not hold."""
    return address.replace("127.0.0.1", "localhost")


@pytest.mark.parametrize("wrong, words", [
    ("password", ["SASL authentication error"]),
    ("CA", ["certificate verify failed"]),
    ("host", ["certificate verify failed", "localhost"]),
    ("plain", ["waiting"]),
])  # fmt: skip
def test_kafka_is_not_spoken_to(suite, attempt, other, tmp_path, wrong, words):
    told = {"password": {"KAFKA_SASL_PASSWORD_FILE": wrong_file(tmp_path)}, "CA": {"KAFKA_CA_FILE": certificates.ca(other)},
            "host": {"KAFKA_BOOTSTRAP_SERVERS": by_name(suite.env["KAFKA_BOOTSTRAP_SERVERS"])},
            "plain": {"KAFKA_SECURITY_PROTOCOL": "plaintext", "KAFKA_SASL_MECHANISM": "", "KAFKA_SASL_USER": "",
                      "KAFKA_SASL_PASSWORD_FILE": "", "KAFKA_CA_FILE": ""}}[wrong]

    one = attempt("surveys", **told)

    one.waits_for("waiting" if wrong == "plain" else "kafka", *words)
    if wrong == "password":
        one.waits_for("waiting", "make topics", *words)  # what librdkafka logged is why the service waits
    assert not one.said("started")


def test_a_right_that_is_missing_in_kafka_is_named(suite, attempt):
    one = attempt("surveys", KAFKA_SASL_USER="workforce", KAFKA_SASL_PASSWORD_FILE=suite.folder / "secrets/kafka-workforce.password")

    one.waits_for("waiting", "look for topic surveys.v1", "Topic authorization failed")
    assert not one.said("started")


def test_a_certificate_of_somebody_else_is_no_way_in(suite, attempt, other):
    certificate, key = certificates.pair(other, "workforce")

    one = attempt("workforce", KAFKA_CERTIFICATE_FILE=certificate, KAFKA_KEY_FILE=key)

    one.waits_for("kafka", "SSL")
    assert not one.said("started")


@pytest.mark.parametrize("wrong, words", [
    ("password", ["password authentication failed"]),
    ("CA", ["certificate verify failed"]),
    ("host", ["does not match host name", "localhost"]),
    ("plain", ["no encryption"]),
    ("binding", ["certificate authentication failed"]),
])  # fmt: skip
def test_postgresql_is_not_spoken_to(suite, attempt, other, tmp_path, wrong, words):
    url = suite.env["DATABASE_WHERE"] + " user=surveys"
    certificate, key = certificates.pair(suite.folder, "surveys")
    told = {"password": {"DATABASE_PASSWORD_FILE": wrong_file(tmp_path)},
            "CA": {"DATABASE_URL": url.replace(str(certificates.ca(suite.folder)), str(certificates.ca(other)))},
            "host": {"DATABASE_URL": by_name(url)},
            "plain": {"DATABASE_URL": url.replace("verify-full", "disable")},
            # A certificate proves one name; it does not open another's door.
            "binding": {"DATABASE_URL": url.replace("surveys", "workforce") + f" sslcert={certificate} sslkey={key}"}}[wrong]

    one = attempt("surveys", **told)

    one.waits_for("waiting", "connect to PostgreSQL", *words)
    assert not one.said("started")


@pytest.mark.parametrize("wrong, words", [
    ("password", ["sign in as majster: WRONGPASS"]),
    ("CA", ["SSL certificate problem"]),
    ("host", ["no alternative certificate subject name matches target host name 'localhost'"]),
    ("certificate", ["redis"]),
    ("plain", ["redis"]),
])  # fmt: skip
def test_without_redis_a_service_works_and_says_why_once(suite, attempt, other, tmp_path, wrong, words):
    url = suite.env["REDIS_URL"]
    nothing = {f"REDIS_{name}_FILE": "" for name in ("CA", "CERTIFICATE", "KEY")}
    told = {"password": {"REDIS_PASSWORD_FILE": wrong_file(tmp_path)}, "CA": {"REDIS_CA_FILE": certificates.ca(other)},
            "host": {"REDIS_URL": by_name(url)}, "certificate": {"REDIS_CERTIFICATE_FILE": "", "REDIS_KEY_FILE": ""},
            "plain": {"REDIS_URL": url.replace("rediss", "redis")} | nothing}[wrong]

    one = attempt("routing", **told)

    one.waits_for("redis_away", *words)
    one.waits_for("started")
    time.sleep(1)  # it has tried again since
    assert len(one.said("redis_away")) == 1 and not one.said("redis_back")
    assert one.end() == 0


def test_a_password_that_changed_is_said_and_its_return_heals(suite, technician):
    """Redis loses the password and all it held: the suite goes on, says it, and fills Redis again."""
    log = suite.folder / "log/routing-0.log"

    def said(event):
        return [line for line in log.read_text().splitlines() if f'"{event}"' in line]

    password, before = (suite.folder / "secrets/redis-majster.password").read_text(), len(said("redis_back"))
    redis(suite, "ACL", "SETUSER", "majster", "resetpass", ">another")
    redis(suite, "CLIENT", "KILL", "USER", "majster")
    eventually(lambda: any("WRONGPASS" in line or "closed the connection" in line for line in said("redis_away")), "why it is away")
    seen = suite.edge("GET", "/v1/positions", token=suite.token("consultant", "tls"))
    assert seen.status == 200 and technician in [each["technician_id"] for each in seen.json["technicians"]]

    redis(suite, "FLUSHALL")
    redis(suite, "ACL", "SETUSER", "majster", "resetpass", f">{password}")

    eventually(lambda: len(said("redis_back")) > before, "Redis is back")
    eventually(lambda: redis(suite, "HGET", f"tech:{technician}", "lat"), "his place stands there again")


def test_a_right_that_is_missing_in_redis_is_named(suite):
    log = suite.folder / "log/routing-0.log"
    redis(suite, "ACL", "SETUSER", "majster", "-exists")  # what routing asks each second
    try:
        eventually(lambda: any('"redis_refused"' in line and "NOPERM" in line for line in log.read_text().splitlines()), "NOPERM")
    finally:
        redis(suite, "ACL", "SETUSER", "majster", "+exists")


def test_no_secret_stands_in_a_log(suite):
    secrets = [file.read_bytes() for file in (suite.folder / "secrets").iterdir()]

    for log in (suite.folder / "log").iterdir():
        assert not [secret for secret in secrets if secret in log.read_bytes()], log
