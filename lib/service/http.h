/* What a service can be asked over HTTP: a table of routes with typed requests and replies. */
#pragma once
#include "lib/service/json.h"
#include "lib/service/turn.h"

enum method { GET, POST, PUT, DELETE };

struct reply {
    int status; /* 0: 200, or 201 when `is_new` */
    bool is_new;
    const void *message;       /* written as JSON by its descriptor */
    struct text body;          /* instead of `message`: ready bytes … */
    const char *content_type;  /* … of this type */
    const char *headers[8][2]; /* name, value; name NULL ends */
    bool pending;              /* the answer to a call will reply; see reply_later */
};

/* `message` is the decoded request body (NULL when the route has no request descriptor). */
typedef struct error (*handle_request)(struct turn *turn, const void *message, struct reply *reply);

struct route {
    enum method method;
    const char *path; /* "/v1/work-orders/{work_order_id}/booking" */
    const ProtobufCMessageDescriptor *request, *reply; /* NULL: none, or raw bytes */
    handle_request handler;
    unsigned who;        /* actor kinds, or ANYONE */
    const char *subject; /* name of the path parameter that is locked; NULL: none */
    bool reads;          /* POST that changes nothing: no transaction, like every GET */
    bool must_exist;     /* 404 when no row stands for the subject */
    int64_t largest;     /* of the body in bytes; 0: 256 KiB */
    void (*ahead)(
        struct turn *turn); /* asks ahead (db_ask_ahead); not of requests that only read */
    const char *says;       /* one English line for --describe */
    /* What raw bytes have to hold that the handler parses itself; for --describe. */
    const ProtobufCMessageDescriptor *raw_request;
};

const char *path_parameter(const struct turn *turn, const char *name);
const char *query_parameter(const struct turn *turn, const char *name); /* "" when absent */
const char *form_field(const struct turn *turn, const char *name);      /* urlencoded body; "" */
const char *request_header(const struct turn *turn, const char *name);  /* "" when absent */
struct text request_body(const struct turn *turn);
void reply_header(struct reply *reply, const char *name, const char *value);

/* For handlers that keep a request even when it is refused: parse it themselves (with the rules of
 * main.c's table) and answer with a problem while the turn still takes effect. */
struct error request_parse(struct turn *turn, const ProtobufCMessageDescriptor *type,
                           struct text json, ProtobufCMessage **ret_message,
                           struct violations *ret_violations);
void reply_problem(struct turn *turn, struct reply *reply, const struct error *error,
                   const struct violations *violations);
/* What a handler itself finds wrong with its request goes here (violations_add) before it returns
 * REJECTED: the problem it ends with lists it. Lives with the turn. */
struct violations *request_violations(struct turn *turn);
/* Rejects a request because of one field: a JSON pointer into its body, or the name of a parameter.
 * The answer names it, the rule and the Polish sentence; all three are borrowed. */
struct error refuse_field(struct turn *turn, const char *field, const char *rule, const char *says);
/* JSON of somebody else (a gateway, a supplier): no rules, unknown fields are passed over. */
struct error foreign_parse(struct turn *turn, const ProtobufCMessageDescriptor *type,
                           struct text json, ProtobufCMessage **ret_message);

/* For a handler whose reply has to wait for a call (portal's forms): set reply->pending and return
 * OK; in the answering turn fill the reply that this returns (NULL when the caller has gone). */
struct reply *reply_later(struct turn *turn);
