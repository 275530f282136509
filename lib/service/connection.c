/* The loop's connection to PostgreSQL, also when it comes back. */
#include "lib/service/loop.h"
#include "lib/service/person/queries.h"
#include "lib/service/queries.h"

enum { TRY_AGAIN_MS = 250, SAY_AGAIN_MS = 5000 };

struct error connection_open(void)
{
    const struct query *const *const sets[] = { service_queries, the_service->queries,
                                                the_service->has_person ? person_queries : NULL,
                                                NULL };
    PGconn *connection = NULL;

    TRY(db_open(settings.database_url, settings.database_password, sets, &connection));
    PQsetnonblocking(connection, 1);
    PQenterPipelineMode(connection);
    pipeline_use(connection);
    metric_set("majster_connected", "to=\"postgresql\"", 1);
    return OK;
}

void connection_close(void)
{
    if (pipeline_connection())
        PQfinish(pipeline_connection());
    pipeline_use(NULL);
}

void connection_again(void)
{
    static int64_t next_ms, say_ms;
    int64_t now_ms = monotonic_clock_ms();

    if (now_ms < next_ms)
        return;
    next_ms = now_ms + TRY_AGAIN_MS;
    metric_set("majster_connected", "to=\"postgresql\"", 0);
    connection_close();
    struct error error = connection_open();
    if (error.kind == ERROR_NONE) {
        log_info("database_back");
        metric_add("majster_reconnects_total", "to=\"postgresql\"", 1);
        say_ms = 0;
    } else if (now_ms >= say_ms) {
        log_warning("database_away", TEXT("why", error.text));
        say_ms = now_ms + SAY_AGAIN_MS;
    }
}
