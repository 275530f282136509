/* JSON to messages and back, by protobuf-c descriptors at run time: no marshaller per type. Keys
 * are the .proto file's own names. Rules of a request are a table; whatever breaks one is told all
 * at once, each with a JSON pointer and a Polish sentence. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/error.h"
#include <protobuf-c/protobuf-c.h>

enum {
    RULE_REQUIRED = 1 << 0, /* given and not null; a text not blank, a list not empty; of a oneof's
                             * member: one of that oneof's members is given */
};

/* What one field must be like: { "note", .max = 500, .says = "Opisz krócej" }. A field that is
 * absent, null or "" without RULE_REQUIRED breaks nothing; rules below an absent sub-message sleep.
 */
struct rule {
    const char *field; /* path: "customer.phone"; "lines" is the list, "lines[]" each element of it,
                        * "lines[].amount_grosz" a field of each */
    unsigned flags;
    int64_t min, max; /* of a number, a text's characters, the bytes of `bytes`, a list's elements;
                       * both 0: no limit, max 0 below min: no upper limit */
    const char *pattern; /* POSIX extended, anchored, byte by byte (classes are ASCII) */
    const char *says;    /* Polish, for required, range, length, pattern; NULL: one is built */
};

struct message_rules {
    const ProtobufCMessageDescriptor *of;
    const struct rule *rules; /* ends with a row without field */
};

/* Tables made ready: paths resolved, patterns compiled. */
struct json_rules;

/* Called once at start. `table` ends with a row without `of`; NULL is an empty one. The result
 * lives in `process`, an arena that is never reset. FATAL when a path names no field, a rule does
 * not fit its field's type, a field has two rules, or a pattern does not compile: a typo refuses to
 * start. */
struct error json_rules_new(struct arena *process, const struct message_rules table[],
                            const struct json_rules **ret_rules);

/* What a JSON text is read as. Foreign JSON needs no rules: { .of = &x__descriptor,
 * .ignores_unknown = true }. */
struct json_shape {
    const ProtobufCMessageDescriptor *of;
    const struct rule_node *nodes; /* from json_shape_of */
    bool ignores_unknown;
};
/* The shape of `of` with its rules, if `rules` (may be NULL) has any. For start-up: it searches. */
struct json_shape json_shape_of(const struct json_rules *rules,
                                const ProtobufCMessageDescriptor *of);

enum { VIOLATIONS_MAX = 32 };

struct violation {
    const char *pointer; /* RFC 6901: "/customer/phone", "" is the whole text */
    const char *rule; /* required type range length pattern unknown enum utf8 oneof duplicate depth
                       * syntax */
    const char *detail; /* Polish */
};
struct violations {
    size_t count;
    struct violation at[VIOLATIONS_MAX];
};
/* For handlers' own findings; the strings stay where they are. Dropped when 32 are there already.
 */
void violations_add(struct violations *violations, struct violation violation);

/* Reads `json` into a message in `arena`. Integers are JSON numbers without fraction or exponent
 * (uint64 up to 2^63-1), enums their names in lower case without the type's prefix, bytes are
 * padded standard base64, null is absent. REJECTED with PROBLEM_TOO_LARGE above MESSAGE_BYTES_MAX
 * (json's bytes or the message's), PROBLEM_MALFORMED when it is no JSON (its one violation says
 * where it breaks), or PROBLEM_INVALID. `ret_violations` is always filled; error.field is its first
 * pointer. `ret_message` is untouched on failure. */
struct error json_read(struct arena *arena, const struct json_shape *shape, struct text json,
                       ProtobufCMessage **ret_message, struct violations *ret_violations);

enum {
    JSON_WRITE_ALL = 1 << 0,    /* scalars that have their default, and empty lists, too */
    JSON_WRITE_PRETTY = 1 << 1, /* for operators: one field a line, indented by two */
};
/* Keys in order of field numbers; the same message gives the same bytes, NUL-terminated, in
 * `arena`. An absent sub-message and an enum's 0 are never written; an enum number without name is
 * written as number. Asserts that texts are UTF-8 and numbers finite. */
struct text json_write(struct arena *arena, const ProtobufCMessage *message, unsigned flags);

/* RFC 9457, application/problem+json. `violations`, `instance` and `trace_id` may be NULL.
 * error.text is for the log and stays inside; people read the problem's and the violations' Polish.
 */
struct text problem_write(struct arena *arena, const struct error *error,
                          const struct violations *violations, const char *instance,
                          const char *trace_id);
