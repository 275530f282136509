/* A connection's thread reads the request, puts it into the loop's queue, sleeps until the reply,
 * sends it. Rules, SQL and state are the loop's. */
#include "lib/service/http_door.h"
#include "lib/service/loop.h"
#include "lib/service/metrics.h"
#include "lib/service/trace.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MOST = 256 * 1024, QUEUE_FULL = 4000, PROCESS_MS = 10000, BUSY_MS = 1000 };

static const char *const method_names[] = { "GET", "POST", "PUT", "DELETE" };
static atomic_int waiting; /* requests that the loop has and has not answered */

int http_waiting(void)
{
    return atomic_load(&waiting);
}

struct incoming {
    struct exchange *exchange;
    size_t room;
    int64_t largest;
    double begun_s;
    struct error refused;
};

static void *or_die(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

/* ---- reading a request ---- */

struct header_list {
    char *text;
    size_t length;
    int hosts, lengths;
    bool has_encoding, bad_encoding;
};

/* One line each, also when a name or value has a line's end in it (a query's may: %0A). */
static char *add_line(struct header_list *list, const char *name, const char *value)
{
    list->text = or_die(realloc(list->text, list->length + strlen(name) + strlen(value) + 4));
    char *line = list->text + list->length;
    int length = sprintf(line, "%s: %s\n", name, value);
    for (int i = 0; i + 1 < length; i++)
        if (line[i] == '\n')
            line[i] = ' ';
    list->length += (size_t)length;
    return line;
}

static enum MHD_Result add_header(void *with, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    struct header_list *list = with;

    (void)kind;
    value = value ? value : "";
    for (char *at = add_line(list, name, value); *at != ':'; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at + 32 : *at);
    list->hosts += strcasecmp(name, "host") == 0;
    list->lengths += strcasecmp(name, "content-length") == 0;
    if (strcasecmp(name, "transfer-encoding") == 0) {
        list->has_encoding = true;
        list->bad_encoding = strcasecmp(value, "chunked") != 0;
    }
    return MHD_YES;
}

static enum MHD_Result add_query(void *with, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    (void)kind;
    add_line(with, name, value ? value : "");
    return MHD_YES;
}

static char *copy_line(const char *lines, const char *name)
{
    size_t length;
    const char *value = find_line(lines, name, &length);

    return value ? or_die(strndup(value, length)) : NULL;
}

/* ---- before the body ---- */

static struct error check_headers(const struct header_list *list)
{
    /* What MHD 0.9.75 lets through and a smuggler needs. */
    if (list->hosts != 1)
        return rejected(PROBLEM_MALFORMED, "Host", "%d Host headers", list->hosts);
    if (list->lengths > 1 || (list->lengths && list->has_encoding) || list->bad_encoding)
        return rejected(PROBLEM_MALFORMED, "Content-Length", "the body's length is told twice");
    return OK;
}

static struct error check_actor(struct exchange *exchange)
{
    size_t length;
    const char *header = find_line(exchange->headers, "x-actor", &length);
    const struct route *route = exchange->route;

    if (header && length) {
        struct error error = actor_verify(service_keys(), (struct text){ header, length },
                                          shared_clock(), &exchange->actor);
        if (error.kind != ERROR_NONE && route->who != ANYONE)
            return error;
    }
    if (route->who == ANYONE)
        return OK;
    if (exchange->actor.kind == ACTOR_NOBODY)
        return rejected(PROBLEM_UNAUTHENTICATED, NULL, "no actor");
    if (!(route->who & exchange->actor.kind))
        return rejected(PROBLEM_FORBIDDEN, NULL, "%s may not do this",
                        actor_kind_name(exchange->actor.kind));
    return OK;
}

static void read_trace(struct exchange *exchange)
{
    size_t length;
    const char *header = find_line(exchange->headers, "traceparent", &length);

    if (!header || !trace_read((struct text){ header, length }, exchange->trace))
        trace_new(exchange->trace);
}

static struct error open_exchange(struct incoming *incoming, struct MHD_Connection *connection,
                                  const char *path, enum method method)
{
    struct exchange *exchange = incoming->exchange;
    struct header_list headers = { 0 }, query = { 0 };
    bool other_method = false;

    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &headers);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_query, &query);
    exchange->headers = headers.text ? headers.text : or_die(strdup(""));
    exchange->query = query.text ? query.text : or_die(strdup(""));
    exchange->path = or_die(strdup(path));
    exchange->method = method;
    read_trace(exchange);
    TRY(check_headers(&headers));
    exchange->route = route_find(exchange, &other_method);
    if (!exchange->route)
        return other_method ? rejected(PROBLEM_METHOD, NULL, "another method is needed")
                            : rejected(PROBLEM_NOT_FOUND, NULL, "no such path");
    incoming->largest = exchange->route->largest ? exchange->route->largest : BODY_MOST;
    exchange->key = copy_line(exchange->headers, "idempotency-key");
    if (exchange->key && (strlen(exchange->key) == 0 || strlen(exchange->key) > 255))
        return rejected(PROBLEM_INVALID, "Idempotency-Key", "1 to 255 signs");
    /* Both go into statements of the whole batch: what PostgreSQL refuses would stop the others. */
    if (!utf8_valid(text_of(exchange->path)) ||
        (exchange->key && !utf8_valid(text_of(exchange->key))))
        return rejected(PROBLEM_MALFORMED, NULL, "path or Idempotency-Key is not UTF-8");
    return check_actor(exchange);
}

static struct error take_body(struct incoming *incoming, const char *bytes, size_t size)
{
    struct exchange *exchange = incoming->exchange;

    if (exchange->body_length + size > (size_t)incoming->largest)
        return rejected(PROBLEM_TOO_LARGE, NULL, "the body is longer than %lld bytes",
                        (long long)incoming->largest);
    if (exchange->body_length + size > incoming->room) {
        incoming->room = incoming->room * 2 + size + 1024;
        exchange->body = or_die(realloc(exchange->body, incoming->room));
    }
    memcpy(exchange->body + exchange->body_length, bytes, size);
    exchange->body_length += size;
    return OK;
}

/* ---- handing over and answering ---- */

static void hash_request(struct exchange *exchange)
{
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)exchange->path,
                              strlen(exchange->path) + 1);
    crypto_hash_sha256_update(&state, (const unsigned char *)exchange->body, exchange->body_length);
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(exchange->hash, sizeof exchange->hash, hash, sizeof hash);
}

static void hand_over(struct exchange *exchange)
{
    const char *subject = exchange->route->subject;
    struct item *item = item_new(ITEM_REQUEST, "", exchange->trace);

    for (int i = 0; subject && i < exchange->parameter_count; i++) {
        if (!string_is(exchange->parameters[i][0], subject))
            continue;
        free(item->subject);
        item->subject = or_die(strdup(exchange->parameters[i][1]));
    }
    item->exchange = exchange;
    item->arrived_ms = monotonic_clock_ms();
    item->deadline_ms = item->arrived_ms + BUSY_MS;
    pthread_mutex_lock(&exchange->mutex);
    exchange->owners++;
    pthread_mutex_unlock(&exchange->mutex);
    atomic_fetch_add(&waiting, 1);
    loop_add_from_thread(item);
    bool is_answered = exchange_wait(exchange, PROCESS_MS);
    atomic_fetch_sub(&waiting, 1);
    if (!is_answered) {
        struct error late = temporary("no answer in %d ms", PROCESS_MS);
        struct arena arena = { 0 };
        route_fail(exchange, &late, NULL, &arena);
        arena_done(&arena);
    }
}

/* A path of no route is anybody's guess, and would be a label of anybody's choice. */
static void count_reply(const struct exchange *exchange, double took_s)
{
    const struct route *route = exchange->route;
    char label[120], by_status[160];

    snprintf(label, sizeof label, "method=\"%s\",route=\"%s\"",
             route ? method_names[route->method] : "", route ? route->path : "none");
    snprintf(by_status, sizeof by_status, "%s,status=\"%dxx\"", label, exchange->status / 100);
    metric_add("majster_http_replies_total", by_status, 1);
    metric_observe(HTTP_SECONDS, label, took_s);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct incoming *incoming)
{
    struct exchange *exchange = incoming->exchange;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        exchange->reply_length, exchange->reply, MHD_RESPMEM_MUST_COPY);
    char *save = NULL;

    for (char *line = strtok_r(exchange->reply_headers, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save)) {
        char *value = strstr(line, ": ");
        if (!value)
            continue;
        *value = '\0';
        MHD_add_response_header(response, line, value + 2);
    }
    if (http_is_closing())
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    count_reply(exchange, metric_clock() - incoming->begun_s);
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)exchange->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_text(struct MHD_Connection *connection, int status, const char *text,
                                 const char *type)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);

    MHD_add_response_header(response, "Content-Type", type);
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_own(struct MHD_Connection *connection, const char *path)
{
    if (string_is(path, "/healthz"))
        return send_text(connection, 200, "ok\n", "text/plain");
    if (string_is(path, "/readyz"))
        return loop_is_ready() ? send_text(connection, 200, "ready\n", "text/plain")
                               : send_text(connection, 503, "not ready\n", "text/plain");
    char *text = metrics_text();
    enum MHD_Result result = send_text(connection, 200, text, "text/plain; version=0.0.4");
    free(text);
    return result;
}

static bool is_own(const char *path)
{
    return string_is(path, "/healthz") || string_is(path, "/readyz") || string_is(path, "/metrics");
}

static enum MHD_Result refuse(struct MHD_Connection *connection, struct incoming *incoming)
{
    struct arena arena = { 0 };

    route_fail(incoming->exchange, &incoming->refused, NULL, &arena);
    arena_done(&arena);
    return send_reply(connection, incoming);
}

static struct incoming *incoming_new(void)
{
    struct incoming *incoming = or_die(calloc(1, sizeof *incoming));

    incoming->exchange = exchange_new();
    incoming->begun_s = metric_clock();
    return incoming;
}

static int method_of(const char *name)
{
    for (int i = 0; i < (int)COUNT(method_names); i++)
        if (string_is(method_names[i], name))
            return i;
    return -1;
}

static void begin_request(struct incoming *incoming, struct MHD_Connection *connection,
                          const char *path, const char *method)
{
    int known = method_of(method);

    incoming->refused =
        open_exchange(incoming, connection, path, known < 0 ? GET : (enum method)known);
    if (incoming->refused.kind != ERROR_NONE)
        return;
    if (known < 0)
        incoming->refused = rejected(PROBLEM_METHOD, NULL, "method %s", method);
    else if (queue_length() > QUEUE_FULL)
        incoming->refused = temporary("the queue is full");
}

enum MHD_Result http_on_request(void *nothing, struct MHD_Connection *connection, const char *path,
                                const char *method, const char *version, const char *bytes,
                                size_t *size, void **state)
{
    struct incoming *incoming = *state;

    (void)nothing;
    (void)version;
    if (is_own(path) && string_is(method, "GET"))
        return send_own(connection, path);
    if (!incoming) {
        incoming = *state = incoming_new();
        begin_request(incoming, connection, path, method);
        return incoming->refused.kind == ERROR_NONE ? MHD_YES : refuse(connection, incoming);
    }
    if (*size) {
        if (incoming->refused.kind == ERROR_NONE)
            incoming->refused = take_body(incoming, bytes, *size);
        *size = 0;
        return MHD_YES;
    }
    if (incoming->refused.kind != ERROR_NONE)
        return refuse(connection, incoming);
    hash_request(incoming->exchange);
    hand_over(incoming->exchange);
    return send_reply(connection, incoming);
}

void http_on_completed(void *nothing, struct MHD_Connection *connection, void **state,
                       enum MHD_RequestTerminationCode code)
{
    struct incoming *incoming = *state;

    (void)nothing;
    (void)connection;
    (void)code;
    if (!incoming)
        return;
    exchange_release(&incoming->exchange);
    free(incoming);
    *state = NULL;
}
