# What holds of every service's schema: it comes up from nothing, every named query fits it, and its walls stand.
import pytest
from conftest import SERVICES

READ_PERSONS = {"intake", "notifications", "visits", "portal"}


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_run_once_and_may_be_said_twice(migrated, service):
    store, answers = migrated
    for answer in answers[service]:
        assert answer.returncode == 0, answer.stderr
    applied = store.rows(f"SELECT count(*), count(DISTINCT name) FROM {service}.migration")
    assert applied[0][0] == applied[0][1] > 0


@pytest.mark.parametrize("service", SERVICES)
def test_every_named_query_fits_the_schema(migrated, service):
    """A service prepares all of its queries before it answers anything."""
    store, _ = migrated
    answer = store.word(service, "--parked", "list")
    assert answer.returncode == 0 and answer.stdout.endswith("0 parked\n"), answer.stderr


@pytest.mark.parametrize("schema", [*SERVICES, "person"])
def test_rows_of_partners_stand_behind_a_wall(migrated, schema):
    store, _ = migrated
    open_tables = store.rows(
        """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'partner_id' AND NOT a.attisdropped
            WHERE n.nspname = %s AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity
              AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)) ORDER BY 1""",
        schema,
    )
    assert [name for name, in open_tables] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_nobody_elses_tables(migrated, service):
    store, _ = migrated
    reachable = store.rows(
        """SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname NOT IN (%s, 'suite', 'person', 'extensions', 'pg_catalog', 'information_schema', 'pg_toast')
              AND c.relkind IN ('r', 'p', 'v', 'm') AND has_schema_privilege(%s, n.oid, 'USAGE')
              AND has_any_column_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES') ORDER BY 1""",
        service, service, service,
    )  # fmt: skip
    assert reachable == []


@pytest.mark.parametrize("service", SERVICES)
def test_the_vault_is_open_to_its_readers_alone(migrated, service):
    store, _ = migrated
    written = store.rows(
        """SELECT c.relname, has_any_column_privilege(%s, c.oid, 'SELECT'),
                  has_any_column_privilege(%s, c.oid, 'INSERT, UPDATE') OR has_table_privilege(%s, c.oid, 'DELETE')
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'person' AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('migration', 'seal')""",
        service, service, service,
    )  # fmt: skip
    assert service in READ_PERSONS or not any(reads for _, reads, _ in written)
    assert service == "intake" or not any(writes for _, _, writes in written)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_owns_nothing_and_passes_no_wall(migrated, service):
    store, _ = migrated
    role = store.rows("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s", service)
    assert role == [(False, False, False, False)]
    owned = store.rows("SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = %s", service)
    assert owned == [(0,)]
