# SCRAM, on the last broker whose SCRAM Debian's librdkafka 2.0.2 speaks, and what is said on one that is newer.
import ctypes
import os
import subprocess

import pytest
import whole_suite
from conftest import Attempt, wrong_file

OLDER = "3.9.1"
KAFKA_4_AS_IT_WANTS_IT = 0x02060100  # librdkafka 2.6.1


@pytest.fixture(scope="module")
def older(tmp_path_factory):
    """(folder, env) of a broker of Kafka 3 and a database."""
    folder = tmp_path_factory.mktemp("scram")
    parts = [whole_suite.ROOM / "scripts/parts"]
    subprocess.run([*parts, "up", folder, "--tls", "--only", "postgres,kafka"], env=os.environ | {"MAJSTER_KAFKA": OLDER}, check=True)
    try:
        env = whole_suite.read_env(folder)
        subprocess.run([whole_suite.ROOM / "scripts/bootstrap-database.sh", folder], env=os.environ | env, check=True)
        subprocess.run([whole_suite.ROOM / "scripts/kafka-acls", "grant", folder, whole_suite.BIN], check=True)
        yield folder, env
    finally:
        subprocess.run([*parts, "wipe", folder], check=True)


def by_scram(folder, env):
    """What workforce is told instead of its certificate."""
    return {"KAFKA_BOOTSTRAP_SERVERS": env["KAFKA_BOOTSTRAP_SERVERS"], "KAFKA_SECURITY_PROTOCOL": "sasl_ssl",
            "KAFKA_SASL_MECHANISM": "SCRAM-SHA-512", "KAFKA_SASL_USER": "workforce", "KAFKA_CERTIFICATE_FILE": "",
            "KAFKA_KEY_FILE": "", "KAFKA_SASL_PASSWORD_FILE": folder / "secrets/kafka-workforce.password"}


def test_who_knows_the_password_is_let_in(older):
    one = Attempt(*older, "workforce", **by_scram(*older))

    one.waits_for("started")

    assert one.end() == 0 and not [line for line in one.said("kafka") if "credentials" in line["text"]]


def test_who_does_not_is_not(older, tmp_path):
    one = Attempt(*older, "workforce", **by_scram(*older) | {"KAFKA_SASL_PASSWORD_FILE": wrong_file(tmp_path)})

    one.waits_for("kafka", "invalid credentials with SASL mechanism SCRAM-SHA-512")

    assert not one.said("started")
    one.process.kill()
    one.process.wait()


def test_a_broker_of_kafka_4_wants_a_newer_library_and_the_log_says_so(suite, attempt):
    one = attempt("workforce", **by_scram(suite.folder, suite.env))

    if ctypes.CDLL("librdkafka.so.1").rd_kafka_version() < KAFKA_4_AS_IT_WANTS_IT:
        one.waits_for("kafka", "invalid credentials", "PLAIN over TLS and certificates work")
    else:
        one.waits_for("started")
