/* Inside of the JSON reader: where it stands, the rules made ready, and how a finding is told. */
#pragma once
#include "lib/service/json.h"
#include <jansson.h>
#include <regex.h>

/* A step of the way from the outermost object; lives on the stack of whoever walks. */
struct spot {
    const struct spot *parent; /* NULL: the whole text */
    const char *name;          /* NULL: an element of a list */
    size_t index;
};

struct reader {
    struct arena *arena;
    struct violations *violations;
    bool ignores_unknown;
    unsigned depth; /* objects around what is being read */
};

/* ---- violations.c ---- */
/* `detail` is Polish and lives at least as long as the reader's arena. */
void reader_violate(struct reader *reader, const struct spot *place, const char *rule,
                    const char *detail);
bool reader_is_full(const struct reader *reader); /* further findings would be dropped */
/* "Dozwolone wartości: od 1 do 5", or "co najmniej 1" without an upper limit. */
const char *reader_limits(struct reader *reader, const char *what, const struct rule *rule);
/* A stranger's text, fit to be shown back: at most `size` bytes of it, "?" for what is not UTF-8.
 */
const char *text_excerpt(struct arena *arena, struct text text, size_t size);
enum { NAME_SHOWN = 64 };

/* ---- rules.c ---- */
struct rule_check {
    const struct rule *rule; /* NULL: none */
    regex_t *pattern;        /* NULL: none */
};
struct rule_node {
    struct rule_check whole;   /* of the field */
    struct rule_check element; /* of each element, when it is a list */
    struct rule_node *fields;  /* one per field of the sub-message; NULL: no rules below */
};
bool rule_has_limits(const struct rule *rule);
bool rule_has_upper_limit(const struct rule *rule);
bool rule_is_within(const struct rule *rule, int64_t amount);
/* What an amount is of: the name of the broken rule, and the start of the Polish sentence. */
struct measure {
    const char *rule, *says;
};
void rule_check_amount(struct reader *reader, const struct spot *place,
                       const struct rule_check *check, int64_t amount,
                       const struct measure *measure);
void rule_check_text(struct reader *reader, const struct spot *place,
                     const struct rule_check *check, const char *text);

/* ---- json_values.c ---- */
/* One value on its way into the message. */
struct item {
    struct spot place;
    const ProtobufCFieldDescriptor *field;
    const struct rule_check *check;
    const struct rule_node *below; /* rules of the sub-message's fields; NULL: none */
    json_t *value;
    void *slot; /* where the message keeps it */
};
/* Everything but sub-messages. An empty text or `bytes` is checked by no rule. */
void reader_read_scalar(struct reader *reader, const struct item *item);
void reader_expected(struct reader *reader, const struct item *item, const char *expected);

/* ---- json_syntax.c ---- */
/* The parsed text, which the caller gives back with json_decref; NULL after one violation that
 * tells where it broke. Numbers too large for any field, keys that stand twice and bytes that are
 * not UTF-8 break it, too: `ret_problem` tells PROBLEM_INVALID from PROBLEM_MALFORMED. */
json_t *json_parse(struct reader *reader, struct text json, enum problem *ret_problem);
