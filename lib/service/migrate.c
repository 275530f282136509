/* Brings a service's schema to the binary's version: files in order, once each, forward only, in
 * one transaction under an advisory lock, as the owner of the schemas; the connection ends with it.
 */
#include "lib/service/loop.h"
#include "lib/service/person/queries.h"
#include "lib/service/queries.h"
#include <stdio.h>

static struct error run(PGconn *to, const char *sql, const char *what)
{
    PGresult *result = PQexec(to, sql);
    ExecStatusType status = PQresultStatus(result);

    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return fatal("migration %s: %s", what, PQerrorMessage(to));
    return OK;
}

static struct error is_applied(PGconn *to, const char *name, bool *ret_applied)
{
    PGresult *result =
        PQexecParams(to, "SELECT 1 FROM migration WHERE name = $1", 1, NULL, &name, NULL, NULL, 0);
    bool is_good = PQresultStatus(result) == PGRES_TUPLES_OK;

    *ret_applied = PQntuples(result) > 0;
    PQclear(result);
    return is_good ? OK : fatal("migration %s: %s", name, PQerrorMessage(to));
}

static struct error note_applied(PGconn *to, const char *name)
{
    PGresult *result =
        PQexecParams(to, "INSERT INTO migration (name) VALUES ($1)", 1, NULL, &name, NULL, NULL, 0);
    bool is_good = PQresultStatus(result) == PGRES_COMMAND_OK;

    PQclear(result);
    return is_good ? OK : fatal("migration %s: %s", name, PQerrorMessage(to));
}

static struct error apply(PGconn *to, const char *prefix, const struct migration *migration)
{
    for (; migration->name; migration++) {
        char name[128];
        bool applied;
        snprintf(name, sizeof name, "%s/%s", prefix, migration->name);
        TRY(is_applied(to, name, &applied));
        if (applied)
            continue;
        TRY(run(to, migration->sql, name));
        TRY(note_applied(to, name));
    }
    return OK;
}

static struct error apply_schema(PGconn *to, const char *schema,
                                 const struct migration *const sets[], const char *const prefixes[])
{
    char sql[256];

    snprintf(sql, sizeof sql,
             "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('migrate %s', 0));"
             "SET LOCAL search_path = %s, extensions;"
             "CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY,"
             " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())",
             schema, schema);
    TRY(run(to, sql, schema));
    for (int i = 0; sets[i]; i++)
        TRY(apply(to, prefixes[i], sets[i]));
    return run(to, "COMMIT", schema);
}

static struct error migrate_with(PGconn *to, const struct service *service)
{
    const struct migration *const own[] = { service_migrations, service->migrations, NULL };
    const struct migration *const vault[] = { person_migrations, NULL };

    TRY(apply_schema(to, "person", vault, (const char *const[]){ "person" }));
    return apply_schema(to, service->name, own, (const char *const[]){ "service", service->name });
}

struct error migrate(const struct service *service)
{
    PGconn *to = NULL;

    if (string_empty(settings.migrate_url))
        return OK; /* migrations are somebody else's job here */
    TRY(db_open(settings.migrate_url, settings.migrate_password, NULL, &to));
    /* The owner waits for its turn: the short lock_timeout is for the loop. */
    PQclear(PQexec(to, "SET lock_timeout = 0; SET client_min_messages = warning"));
    struct error error = migrate_with(to, service);
    PQfinish(to);
    return error;
}
