# The walls that scripts/bootstrap-database.sh builds: each service sees its own schema and nothing of another's.
import os
import subprocess

import psycopg2
import pytest
from conftest import ROOM

SERVICES = "intake workforce matching routing visits parts notifications surveys billing portal".split()


@pytest.fixture(scope="module")
def connect(database, folder):
    opened = []

    def connection(role, host="127.0.0.1"):
        password = (folder / f"secrets/{role}.password").read_text()
        where = {"host": host, "port": database["PGPORT"], "dbname": "majster"}
        opened.append(psycopg2.connect(user=role, password=password, **where))
        opened[-1].autocommit = True
        return opened[-1].cursor()

    yield connection
    for each in opened:
        each.close()


@pytest.fixture(scope="module")
def tables(connect):
    owner = connect("majster_owner")
    for schema in SERVICES + ["person"]:
        owner.execute(f"CREATE TABLE IF NOT EXISTS {schema}.probe (id bigint GENERATED ALWAYS AS IDENTITY, word text)")
    for schema in ("intake", "suite"):
        owner.execute(f"CREATE OR REPLACE FUNCTION {schema}.one() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    owner.execute(
        "CREATE TABLE IF NOT EXISTS matching.slot (technician uuid, during int8range,"
        " EXCLUDE USING gist (technician extensions.gist_uuid_ops WITH =, during WITH &&))"
    )


def refused(cursor, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(statement)
    return True


@pytest.mark.parametrize("role", SERVICES)
def test_a_service_reads_and_writes_its_own_tables(connect, tables, role):
    cursor = connect(role)
    cursor.execute("INSERT INTO probe (word) VALUES ('a') RETURNING id")
    cursor.execute("UPDATE probe SET word = 'b'")
    cursor.execute("DELETE FROM probe")


@pytest.mark.parametrize("role", SERVICES)
def test_a_service_reaches_no_other_schema(connect, tables, role):
    cursor = connect(role)
    others = [each for each in SERVICES if each != role]
    assert all(refused(cursor, f"SELECT * FROM {other}.probe") for other in others)
    assert refused(cursor, "SELECT * FROM person.probe")  # columns are granted one by one, by the vault's migrations


@pytest.mark.parametrize("role", SERVICES)
def test_a_service_makes_and_owns_nothing(connect, tables, role):
    cursor = connect(role)
    for statement in (f"CREATE TABLE {role}.own ()", "CREATE TABLE public.own ()", "CREATE TEMP TABLE own ()",
                      "CREATE SCHEMA own", f"TRUNCATE {role}.probe", "CREATE ROLE own"):
        assert refused(cursor, statement)
    assert refused(cursor, "SET ROLE majster_owner")


@pytest.mark.parametrize("role", SERVICES)
def test_the_vault_is_nobodys_to_build_in(connect, role):
    """Everybody seals; who may read which table of persons stands in tests/store."""
    cursor = connect(role)
    cursor.execute("SELECT has_schema_privilege('person', 'USAGE'), has_schema_privilege('person', 'CREATE')")
    assert cursor.fetchone() == (True, False)


@pytest.mark.parametrize("role", SERVICES)
def test_a_service_starts_with_its_settings(connect, role):
    cursor = connect(role)
    expected = {"search_path": f"{role}, extensions", "lock_timeout": "20ms", "statement_timeout": "5s",
                "idle_in_transaction_session_timeout": "10s"}
    for name, value in expected.items():
        cursor.execute(f"SHOW {name}")
        assert cursor.fetchone()[0] == value
    cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
                   " WHERE rolname = current_user")
    assert cursor.fetchone() == (False, False, False, False)


def test_all_read_the_clock_and_none_sets_it(connect):
    for role in SERVICES:
        cursor = connect(role)
        cursor.execute("SELECT machine_at, suite_at, rate FROM suite.clock")
        assert refused(cursor, "INSERT INTO suite.clock VALUES (1, 1, 1)")


def test_functions_are_not_for_everybody(connect, tables):
    connect("intake").execute("SELECT intake.one()")
    assert refused(connect("intake"), "SELECT suite.one()")  # all reach that schema, so only the grant says no


def test_the_exclusion_constraint_works_for_a_service(connect, tables):
    cursor = connect("matching")
    hour = "INSERT INTO slot VALUES ('00000000-0000-7000-8000-000000000001', int8range(%s, %s)) ON CONFLICT DO NOTHING"
    cursor.execute("DELETE FROM slot")
    taken = []
    for window in ((0, 10), (5, 15), (10, 20)):
        cursor.execute(hour, window)
        taken.append(cursor.rowcount)
    assert taken == [1, 0, 1]


def test_it_takes_a_password(database, folder):
    for host in ("127.0.0.1", database["PGHOST"]):
        for password in ("", "wrong"):
            where = {"host": host, "port": database["PGPORT"], "dbname": "majster"}
            with pytest.raises(psycopg2.OperationalError):
                psycopg2.connect(user="matching", password=password, **where)


def test_a_second_run_changes_nothing(database, folder, connect):
    before = {file.name: file.read_text() for file in (folder / "secrets").glob("*.password")}
    subprocess.run([ROOM / "scripts/bootstrap-database.sh", folder], env=os.environ | database, check=True)
    assert before == {file.name: file.read_text() for file in (folder / "secrets").glob("*.password")}
    assert all(file.stat().st_mode & 0o777 == 0o400 for file in (folder / "secrets").glob("*.password"))
    connect("billing", database["PGHOST"])
