#!/bin/bash
# Makes the database: roles with random passwords, a schema a service, and the walls between them. May be run again.
#
#   scripts/bootstrap-database.sh DIR    passwords are in DIR/secrets/<role>.password; scripts/make-secrets makes those
#                                        that are not there, and the vault's key
#
# PGHOST and PGPORT name the server; PGUSER (default postgres) must be a superuser of it.
set -euo pipefail

[[ $# == 1 && $1 != -* ]] || { echo "usage: $0 DIR" >&2; exit 2; }
export PGUSER=${PGUSER:-postgres} PGAPPNAME=bootstrap-database PGOPTIONS='-c client_min_messages=warning'
readonly SECRETS=$1/secrets
readonly DATABASE=majster OWNER=majster_owner
readonly SERVICES=(intake workforce matching routing visits parts notifications surveys billing portal)

sql() { psql -X -q -v ON_ERROR_STOP=1 "$@"; }

make_role() { # role, "ROLE OPTIONS": the server's password becomes the file's
    cat <<SQL
SELECT 'CREATE ROLE $1' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$1') \gexec
\set password \`cat "$SECRETS/$1.password"\`
ALTER ROLE $1 LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION NOINHERIT PASSWORD :'password';
\unset password
SQL
}

all_roles() {
    local role
    echo "SELECT pg_advisory_lock(hashtextextended('majster bootstrap', 0)) \g /dev/null"
    # A statement that fails is logged with its text: not these.
    echo "SET log_statement = none; SET log_min_error_statement = panic; SET log_min_duration_statement = -1;"
    for role in "$OWNER" "${SERVICES[@]}"; do make_role "$role"; done
    echo "SELECT 'CREATE DATABASE $DATABASE ENCODING UTF8 TEMPLATE template0'" \
        "WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$DATABASE') \gexec"
}

whole_database() {
    local service list
    list=$(IFS=, && echo "${SERVICES[*]}")
    cat <<SQL
SELECT pg_advisory_lock(hashtextextended('majster bootstrap', 0)) \g /dev/null
BEGIN;
REVOKE ALL ON DATABASE $DATABASE FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE $DATABASE TO $OWNER, $list;
ALTER DEFAULT PRIVILEGES FOR ROLE $OWNER REVOKE ALL ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE $OWNER REVOKE ALL ON TYPES FROM PUBLIC;

CREATE SCHEMA IF NOT EXISTS extensions;
CREATE EXTENSION IF NOT EXISTS btree_gist SCHEMA extensions;
GRANT USAGE ON SCHEMA extensions TO $OWNER, $list;
ALTER ROLE $OWNER SET search_path = extensions;

CREATE SCHEMA IF NOT EXISTS person AUTHORIZATION $OWNER;
GRANT USAGE ON SCHEMA person TO $(IFS=, && echo "${SERVICES[*]}");

CREATE SCHEMA IF NOT EXISTS suite AUTHORIZATION $OWNER;
GRANT USAGE ON SCHEMA suite TO $list;
-- From machine_at on, suite time is suite_at and runs rate times as fast; no row: real time.
CREATE TABLE IF NOT EXISTS suite.clock (
    machine_at bigint PRIMARY KEY,
    suite_at bigint NOT NULL,
    rate double precision NOT NULL CHECK (rate >= 0)
);
ALTER TABLE suite.clock OWNER TO $OWNER;
GRANT SELECT ON suite.clock TO $list;
SQL
    for service in "${SERVICES[@]}"; do
        cat <<SQL
CREATE SCHEMA IF NOT EXISTS $service AUTHORIZATION $OWNER;
GRANT USAGE ON SCHEMA $service TO $service;
ALTER DEFAULT PRIVILEGES FOR ROLE $OWNER IN SCHEMA $service
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO $service;
ALTER DEFAULT PRIVILEGES FOR ROLE $OWNER IN SCHEMA $service GRANT USAGE ON SEQUENCES TO $service;
ALTER DEFAULT PRIVILEGES FOR ROLE $OWNER IN SCHEMA $service GRANT EXECUTE ON FUNCTIONS TO $service;
ALTER DEFAULT PRIVILEGES FOR ROLE $OWNER IN SCHEMA $service GRANT USAGE ON TYPES TO $service;
ALTER ROLE $service SET search_path = $service, extensions;
ALTER ROLE $service SET lock_timeout = '20ms';
ALTER ROLE $service SET statement_timeout = '5s';
ALTER ROLE $service SET idle_in_transaction_session_timeout = '10s';
SQL
    done
    echo "COMMIT;"
}

"$(dirname "${BASH_SOURCE[0]}")/make-secrets" "$1"
exec 9<"$SECRETS"
flock 9
all_roles | sql -d postgres
whole_database | sql -d "$DATABASE"
