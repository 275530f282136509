/* From a path to a route, from a body to a message, from a reply to bytes. */
#include "lib/service/loop.h"
#include <stdio.h>
#include <string.h>

static const struct json_rules *rules;
static struct json_shape shapes[128]; /* by the route's place in the table */

struct error routes_prepare(void)
{
    static struct arena process;
    size_t i = 0;

    TRY(json_rules_new(&process, the_service->rules, &rules));
    for (const struct route *route = the_service->routes; route && route->path; route++, i++) {
        assert(i < COUNT(shapes));
        if (route->request)
            shapes[i] = json_shape_of(rules, route->request);
    }
    return OK;
}

/* "/v1/work-orders/{id}/booking" against a path; notes the parameters when asked to. */
static bool matches(const char *pattern, const char *path, struct exchange *exchange)
{
    while (*pattern && *path) {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t name = strcspn(pattern + 1, "}"), value = strcspn(path, "/");
        if (value == 0 || value > 200)
            return false;
        if (exchange && exchange->parameter_count < (int)COUNT(exchange->parameters)) {
            exchange->parameters[exchange->parameter_count][0] = strndup(pattern + 1, name);
            exchange->parameters[exchange->parameter_count++][1] = strndup(path, value);
        }
        pattern += name + 2;
        path += value;
    }
    return !*pattern && !*path;
}

const struct route *route_find(struct exchange *exchange, bool *ret_other_method)
{
    for (const struct route *route = the_service->routes; route && route->path; route++) {
        if (!matches(route->path, exchange->path, NULL))
            continue;
        if (route->method != exchange->method) {
            *ret_other_method = true;
            continue;
        }
        matches(route->path, exchange->path, exchange);
        return route;
    }
    return NULL;
}

struct error route_decode(struct turn_state *state, const ProtobufCMessage **ret_message)
{
    struct exchange *exchange = state->item->exchange;
    const struct route *route = exchange->route;
    struct text body = { exchange->body, exchange->body_length };
    ProtobufCMessage *message = NULL;

    if (!route->request)
        return OK;
    state->violations = ARENA_NEW(state->arena, struct violations);
    if (!body.length)
        body = text_of("{}");
    TRY(json_read(state->arena, &shapes[route - the_service->routes], body, &message,
                  state->violations));
    *ret_message = message;
    return OK;
}

struct error request_parse(struct turn *turn, const ProtobufCMessageDescriptor *type,
                           struct text json, ProtobufCMessage **ret_message,
                           struct violations *ret_violations)
{
    struct json_shape shape = json_shape_of(rules, type);

    return json_read(turn->arena, &shape, json, ret_message, ret_violations);
}

struct violations *request_violations(struct turn *turn)
{
    struct turn_state *state = turn->state;

    if (!state->violations)
        state->violations = ARENA_NEW(turn->arena, struct violations);
    return state->violations;
}

struct error refuse_field(struct turn *turn, const char *field, const char *rule, const char *says)
{
    violations_add(request_violations(turn), (struct violation){ field, rule, says });
    return rejected(PROBLEM_INVALID, field, "%s broken", rule);
}

struct error foreign_parse(struct turn *turn, const ProtobufCMessageDescriptor *type,
                           struct text json, ProtobufCMessage **ret_message)
{
    struct json_shape shape = { .of = type, .ignores_unknown = true };
    struct violations violations = { 0 };

    return json_read(turn->arena, &shape, json, ret_message, &violations);
}

void reply_header(struct reply *reply, const char *name, const char *value)
{
    for (size_t i = 0; i + 1 < COUNT(reply->headers); i++) {
        if (reply->headers[i][0])
            continue;
        reply->headers[i][0] = name;
        reply->headers[i][1] = value;
        return;
    }
    assert(false && "more headers than a reply has room for");
}

void reply_problem(struct turn *turn, struct reply *reply, const struct error *error,
                   const struct violations *violations)
{
    const struct item *item = turn->state->item;

    reply->status = problem_status(error->problem);
    reply->message = NULL;
    reply->body = problem_write(turn->arena, error, violations,
                                item->exchange ? item->exchange->path : NULL, item->trace);
    reply->content_type = "application/problem+json";
}

void route_reply(struct turn_state *state)
{
    struct reply *reply = &state->reply;
    struct arena *arena = state->arena;
    const char *type = reply->content_type ? reply->content_type : "application/json";
    const char *lines = "";

    state->stored_status = reply->status ? reply->status : reply->is_new ? 201 : 200;
    state->stored_reply = reply->message ? json_write(arena, reply->message, 0) : reply->body;
    if (state->stored_reply.length)
        lines = arena_format(arena, "Content-Type: %s%s\n", type,
                             text_starts(text_of(type), "text/") ? "; charset=utf-8" : "");
    for (size_t i = 0; reply->headers[i][0]; i++)
        lines =
            arena_format(arena, "%s%s: %s\n", lines, reply->headers[i][0], reply->headers[i][1]);
    if (state->position[0])
        lines = arena_format(arena, "%sX-Position: %s\n", lines, state->position);
    state->stored_headers = arena_format(arena, "%sTrace-Id: %s\n", lines, state->item->trace);
}

void route_fail(struct exchange *exchange, const struct error *error,
                const struct violations *violations, struct arena *arena)
{
    struct error told = *error;

    if (told.kind == ERROR_TEMPORARY)
        told.problem = PROBLEM_BUSY;
    struct text body = problem_write(arena, &told, violations, exchange->path, exchange->trace);
    const char *headers = arena_format(
        arena, "Content-Type: application/problem+json\nContent-Language: pl\nTrace-Id: %s\n%s",
        exchange->trace, told.problem == PROBLEM_BUSY ? "Retry-After: 1\n" : "");
    exchange_answer(exchange, problem_status(told.problem), body, headers);
}
