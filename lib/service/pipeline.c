/* libpq in pipeline mode: statements are queued, answers come back in order, a read waits for its
 * own. One connection, the loop's thread only. */
#include "lib/service/loop.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARAMETERS_MOST = 64 };

static PGconn *connection;
static bool is_lost;
static struct pending *waiting;
static size_t waiting_first, waiting_count, waiting_room;
static PGresult **kept;
static size_t kept_count, kept_room;

static void *grown(void *memory, size_t *room, size_t size)
{
    *room = *room ? *room * 2 : 256;
    memory = realloc(memory, *room * size);
    if (!memory)
        abort();
    return memory;
}

void pipeline_use(PGconn *used)
{
    connection = used;
    is_lost = false;
    waiting_first = waiting_count = 0;
}

PGconn *pipeline_connection(void)
{
    return connection;
}

bool pipeline_lost(void)
{
    return is_lost || !connection;
}

static struct error prepare_all(PGconn *to, const struct query *const *queries)
{
    for (; queries && *queries; queries++) {
        PGresult *result = PQprepare(to, (*queries)->name, (*queries)->sql, 0, NULL);
        bool is_good = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
        if (!is_good && PQstatus(to) != CONNECTION_OK)
            return temporary("prepare %s: %s", (*queries)->name, PQerrorMessage(to));
        if (!is_good)
            return fatal("prepare %s: %s", (*queries)->name, PQerrorMessage(to));
    }
    return OK;
}

struct error db_open(const char *url, const char *password,
                     const struct query *const *const queries[], PGconn **ret_connection)
{
    const char *names[] = { "dbname",
                            "password",
                            "connect_timeout",
                            "keepalives_idle",
                            "tcp_user_timeout",
                            "fallback_application_name",
                            NULL };
    const char *values[] = {
        url, string_empty(password) ? NULL : password, "5", "5", "10000", the_service->name, NULL
    };
    PGconn *to = PQconnectdbParams(names, values, 1);
    struct error error = OK;

    if (PQstatus(to) != CONNECTION_OK)
        error = temporary("connect to PostgreSQL: %s", PQerrorMessage(to));
    for (; error.kind == ERROR_NONE && queries && *queries; queries++)
        error = prepare_all(to, *queries);
    if (error.kind != ERROR_NONE) {
        PQfinish(to);
        return error;
    }
    *ret_connection = to;
    return OK;
}

static void push(struct turn_state *owner, const struct query *query, struct rows *rows,
                 bool is_sync)
{
    if (waiting_first + waiting_count == waiting_room) {
        if (waiting_first) {
            memmove(waiting, waiting + waiting_first, waiting_count * sizeof *waiting);
            waiting_first = 0;
        } else {
            waiting = grown(waiting, &waiting_room, sizeof *waiting);
        }
    }
    waiting[waiting_first + waiting_count++] =
        (struct pending){ .owner = owner, .query = query, .rows = rows, .is_sync = is_sync };
}

/* As libpq wants one value; `number` is room for its digits, a text is copied into *ret_copy. */
static const char *write_value(const struct value *value, char number[static 32], char **ret_copy)
{
    const char *at = value->text.at ? value->text.at : "";

    switch (value->kind) {
    case VALUE_NULL:
        return NULL;
    case VALUE_INT:
        snprintf(number, 32, "%lld", (long long)value->number);
        return number;
    case VALUE_REAL:
        snprintf(number, 32, "%.17g", value->real);
        return number;
    case VALUE_BYTES:
        return at;
    case VALUE_TEXT:
        break;
    }
    return *ret_copy = strndup(at, value->text.length);
}

static void queue_up(struct turn_state *owner, const struct query *query,
                     const struct value values[], size_t count, struct rows *rows)
{
    const char *texts[PARAMETERS_MOST] = { NULL };
    int lengths[PARAMETERS_MOST] = { 0 }, formats[PARAMETERS_MOST] = { 0 };
    char numbers[PARAMETERS_MOST][32];
    char *copies[PARAMETERS_MOST] = { NULL };

    assert(count == (size_t)query->parameters && count <= PARAMETERS_MOST);
    for (size_t i = 0; i < count; i++) {
        const struct value *value = &values[i + 1]; /* the first element is the macro's own */
        texts[i] = write_value(value, numbers[i], &copies[i]);
        formats[i] = value->kind == VALUE_BYTES;
        lengths[i] = formats[i] ? (int)value->text.length : 0;
    }
    if (!is_lost &&
        !PQsendQueryPrepared(connection, query->name, (int)count, texts, lengths, formats, 0))
        is_lost = true;
    for (size_t i = 0; i < count; i++)
        free(copies[i]);
    push(owner, query, rows, false);
}

void pipeline_send(struct turn_state *owner, const struct query *query, const struct value values[],
                   size_t count)
{
    queue_up(owner, query, values, count, NULL);
}

void pipeline_ask(struct turn_state *owner, struct rows *rows, const struct query *query,
                  const struct value values[], size_t count)
{
    *rows = (struct rows){ 0 };
    queue_up(owner, query, values, count, rows);
}

static void flush(void)
{
    struct pollfd poll_for = { .fd = PQsocket(connection) };

    while (!is_lost) {
        int more = PQflush(connection);
        if (more == 0)
            return;
        poll_for.events = POLLIN | POLLOUT;
        if (more < 0 || poll(&poll_for, 1, 10000) <= 0 ||
            ((poll_for.revents & POLLIN) && !PQconsumeInput(connection)))
            is_lost = true;
    }
}

static PGresult *next_result(void)
{
    struct pollfd poll_for = { .fd = PQsocket(connection), .events = POLLIN };

    while (!is_lost && PQisBusy(connection)) {
        /* statement_timeout is 5 s; silence for longer means the server is gone. */
        if (poll(&poll_for, 1, 15000) <= 0 || !PQconsumeInput(connection))
            is_lost = true;
    }
    return is_lost ? NULL : PQgetResult(connection);
}

static struct error sql_error(const PGresult *result, const char *query)
{
    static const struct {
        const char *class;
        enum error_kind kind;
    } classes[] = {
        { "08", ERROR_TEMPORARY }, { "40", ERROR_TEMPORARY }, { "53", ERROR_TEMPORARY },
        { "55", ERROR_TEMPORARY }, { "57", ERROR_TEMPORARY }, { "MJ", ERROR_TEMPORARY },
        { "22", ERROR_REJECTED },  { "23", ERROR_REJECTED },  { "42501", ERROR_REJECTED },
        { "54", ERROR_REJECTED },
    };
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *says = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

    state = state ? state : "08000";
    says = says ? says : "no answer";
    /* Two processes opened the same subject at once: the second looks again. */
    if (string_is(query, "service_open_subject") || string_is(query, "service_save_request"))
        return temporary("%s: %s %s", query, state, says);
    EACH (row, classes) {
        if (strncmp(row->class, state, strlen(row->class)) != 0)
            continue;
        if (row->kind == ERROR_TEMPORARY)
            return temporary("%s: %s %s", query, state, says);
        return rejected(PROBLEM_CONFLICT, NULL, "%s: %s %s", query, state, says);
    }
    return fatal("%s: %s %s", query, state, says);
}

static void keep(PGresult *result)
{
    if (kept_count == kept_room)
        kept = grown(kept, &kept_room, sizeof(PGresult *));
    kept[kept_count++] = result;
}

size_t db_mark_rows(void)
{
    return kept_count;
}

void db_drop_rows(size_t mark)
{
    for (size_t i = mark; i < kept_count; i++)
        PQclear(kept[i]);
    kept_count = mark;
}

void rows_free_all(void)
{
    db_drop_rows(0);
}

/* Takes the answer to one statement; an error only when it is the first of its segment. */
static struct error take(const struct pending *entry)
{
    PGresult *result = next_result();
    ExecStatusType status = PQresultStatus(result);
    struct error error = OK;

    if (!result) {
        is_lost = true;
        return temporary("%s: connection to PostgreSQL lost",
                         entry->query ? entry->query->name : "sync");
    }
    if (entry->is_sync) {
        PQclear(result);
        return OK;
    }
    if (status == PGRES_TUPLES_OK && entry->rows) {
        *entry->rows = (struct rows){ .count = PQntuples(result), .result = result };
        keep(result);
    } else {
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK &&
            status != PGRES_PIPELINE_ABORTED)
            error = sql_error(result, entry->query->name);
        PQclear(result);
    }
    result = next_result(); /* the NULL that ends one statement's results */
    PQclear(result);
    return error;
}

static void end_segment(bool sync)
{
    bool is_sent = is_lost || (sync ? PQpipelineSync(connection) : PQsendFlushRequest(connection));

    if (!is_sent)
        is_lost = true;
    if (sync)
        push(NULL, NULL, NULL, true);
    flush();
}

struct error pipeline_wait(bool sync, struct turn_state **ret_owner)
{
    struct error first = OK;

    end_segment(sync);
    while (waiting_count && !is_lost) {
        struct pending entry = waiting[waiting_first++];
        waiting_count--;
        struct error error = take(&entry);
        if (error.kind != ERROR_NONE && first.kind == ERROR_NONE) {
            first = error;
            if (ret_owner)
                *ret_owner = entry.owner;
        }
    }
    if (is_lost) {
        waiting_first = waiting_count = 0;
        if (ret_owner)
            *ret_owner = NULL;
        return temporary("connection to PostgreSQL lost");
    }
    if (!waiting_count)
        waiting_first = 0;
    return first;
}

struct error pipeline_read(struct turn_state *owner, struct rows *ret_rows,
                           const struct query *query, const struct value values[], size_t count)
{
    struct turn_state *failed = NULL;
    struct rows rows = { 0 };

    queue_up(owner, query, values, count, &rows);
    struct error error = pipeline_wait(false, &failed);
    if (error.kind == ERROR_NONE) {
        *ret_rows = rows;
        return OK;
    }
    /* The segment is void up to the next Sync: end it, so that ROLLBACK TO SAVEPOINT gets through.
     */
    struct error ended = pipeline_wait(true, NULL);
    if (ended.kind != ERROR_NONE)
        return ended;
    if (failed == owner)
        return error;
    if (owner && owner->batch) {
        owner->batch->is_broken = true;
        owner->batch->culprit = failed;
        owner->batch->failure = error;
    }
    return temporary("another turn of the batch failed");
}
