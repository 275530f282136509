/* Writes JSON token by token into an arena: escaping, commas and indentation are here and nowhere
 * else. Not jansson's dump: that prints 52.23 as 52.229999999999997 and allocates every value
 * twice. */
#pragma once
#include "lib/base/arena.h"
#include <protobuf-c/protobuf-c.h>

struct json_writer {
    struct arena *arena;
    char *at; /* NUL-terminated by writer_text */
    size_t length, capacity;
    bool is_pretty;
    bool needs_comma; /* something of this object or list stands already */
    unsigned depth;
};

void writer_open(struct json_writer *writer, char bracket);
void writer_close(struct json_writer *writer, char bracket);
void writer_key(struct json_writer *writer, const char *key); /* a value follows */
void writer_element(struct json_writer *writer);              /* of a list; a value follows */
/* Values. A text has to be UTF-8, a number finite: asserted. */
void writer_string(struct json_writer *writer, struct text text);
void writer_integer(struct json_writer *writer, int64_t number);
void writer_unsigned(struct json_writer *writer, uint64_t number);
void writer_float(struct json_writer *writer, float number); /* shortest that reads back the same */
void writer_double(struct json_writer *writer, double number);
void writer_word(struct json_writer *writer, const char *word); /* true, false */
/* Room for `length` bytes that the caller fills at once, between quotes. */
char *writer_quoted(struct json_writer *writer, size_t length);
struct text writer_text(struct json_writer *writer);
