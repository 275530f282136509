/* Fields of a JSON object, each with its rule. The first that breaks one is told, by its place. */
#pragma once
#include "tools/route/problem.h"

struct item { /* an object of the problem, and its place in it */
    struct problem *problem;
    json_t *json;
    const char *place; /* "jobs[3]" */
};

struct item item_of(struct problem *problem, json_t *json, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void refuse(const struct item *item, const char *key, const char *rule);

/* A whole number, `fallback` when it is not there. */
int64_t field_whole(const struct item *item, const char *key, int64_t fallback, int64_t least,
                    int64_t most);
double field_real(const struct item *item, const char *key, double fallback, double above);
const char *field_string(const struct item *item, const char *key, const char *fallback);
json_t *field_array(const struct item *item, const char *key); /* NULL when it is not there */

/* amount_count numbers, NULL when there are none. */
const int32_t *field_amounts(const struct item *item, const char *key, int32_t amount_count);
/* [from, until] pairs in order and apart, in the solver's time; NULL when there are none. */
const struct span *field_windows(const struct item *item, const char *key, int32_t *ret_count);
/* The solver's time of a moment of the problem's. */
int32_t time_of(const struct problem *problem, int64_t at);
