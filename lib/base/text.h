/* Bytes with a length: borrowed, not NUL-terminated. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *at;
    size_t length;
};

#define NO_TEXT ((struct text){ NULL, 0 })

struct text text_of(const char *string); /* NULL gives NO_TEXT */
bool text_is(struct text text, const char *string);
bool text_starts(struct text text, const char *prefix);
/* Cuts `text` at the first `separator`: returns what stood before it and moves `rest` behind it
 * (NO_TEXT when it does not occur, and then all of `text` is returned). */
struct text text_cut(struct text text, char separator, struct text *rest);
struct text text_trim(struct text text);
bool string_is(const char *a, const char *b); /* equal, NULL counts as "" */
bool string_empty(const char *string);        /* NULL or "" */
/* Whole decimal number, optional minus; false (ret untouched) on anything else or overflow. */
bool text_number(struct text text, int64_t *ret_number);
bool utf8_valid(struct text text); /* well-formed UTF-8 without NUL, as PostgreSQL demands */
void utf8_mend(char *string);      /* every byte that belongs to no letter becomes '?' */
