/* See json_writer.h. */
#include "lib/service/json_writer.h"
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 1024, NUMBER_BYTES = 40 };

static char *grow(struct json_writer *writer, size_t length)
{
    size_t needed = writer->length + length + 1;

    if (needed > writer->capacity) {
        size_t capacity = writer->capacity ? writer->capacity : FIRST_CAPACITY;
        while (capacity < needed)
            capacity *= 2;
        char *larger = arena_alloc(writer->arena, capacity);
        if (writer->length)
            memcpy(larger, writer->at, writer->length);
        writer->at = larger;
        writer->capacity = capacity;
    }
    char *room = writer->at + writer->length;
    writer->length += length;
    return room;
}

static void put(struct json_writer *writer, const char *bytes, size_t length)
{
    memcpy(grow(writer, length), bytes, length);
}

static void put_line(struct json_writer *writer)
{
    if (writer->is_pretty) {
        put(writer, "\n", 1);
        memset(grow(writer, (size_t)writer->depth * 2), ' ', (size_t)writer->depth * 2);
    }
}

void writer_open(struct json_writer *writer, char bracket)
{
    put(writer, &bracket, 1);
    writer->depth++;
    writer->needs_comma = false;
}

void writer_close(struct json_writer *writer, char bracket)
{
    writer->depth--;
    if (writer->needs_comma)
        put_line(writer);
    put(writer, &bracket, 1);
    writer->needs_comma = true;
}

void writer_element(struct json_writer *writer)
{
    if (writer->needs_comma)
        put(writer, ",", 1);
    put_line(writer);
    writer->needs_comma = true;
}

void writer_key(struct json_writer *writer, const char *key)
{
    writer_element(writer);
    writer_string(writer, text_of(key));
    put(writer, ": ", writer->is_pretty ? 2 : 1);
}

/* The character behind the backslash; 0 when the byte needs none; 'u' for \u00XX. */
static char escape_of(unsigned char c)
{
    static const char controls[32] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't',
    };

    if (c == '"' || c == '\\')
        return (char)c;
    if (c >= 0x20)
        return 0;
    return controls[c] ? controls[c] : 'u';
}

static void put_escaped(struct json_writer *writer, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    char escape = escape_of(c);

    put(writer, (const char[]){ '\\', escape }, 2);
    if (escape == 'u')
        put(writer, (const char[]){ '0', '0', digits[c >> 4], digits[c & 15] }, 4);
}

void writer_string(struct json_writer *writer, struct text text)
{
    size_t done = 0;

    assert(utf8_valid(text));
    put(writer, "\"", 1);
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (!escape_of(c))
            continue;
        put(writer, text.at + done, i - done);
        put_escaped(writer, c);
        done = i + 1;
    }
    if (text.length > done)
        put(writer, text.at + done, text.length - done);
    put(writer, "\"", 1);
}

char *writer_quoted(struct json_writer *writer, size_t length)
{
    char *room = grow(writer, length + 2);

    room[0] = room[length + 1] = '"';
    return room + 1;
}

void writer_word(struct json_writer *writer, const char *word)
{
    put(writer, word, strlen(word));
}

void writer_integer(struct json_writer *writer, int64_t number)
{
    char digits[NUMBER_BYTES];

    put(writer, digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, number));
}

void writer_unsigned(struct json_writer *writer, uint64_t number)
{
    char digits[NUMBER_BYTES];

    put(writer, digits, (size_t)snprintf(digits, sizeof digits, "%" PRIu64, number));
}

static void put_real(struct json_writer *writer, char *digits)
{
    /* Some locales write the point as a comma. */
    char *comma = strchr(digits, ',');
    if (comma)
        *comma = '.';
    /* Without a point, readers take -0 for an integer and drop its sign. */
    put(writer, digits, strlen(digits));
    if (strcmp(digits, "-0") == 0)
        put(writer, ".0", 2);
}

void writer_double(struct json_writer *writer, double number)
{
    char digits[NUMBER_BYTES];
    int precision = 15;

    assert(isfinite(number));
    do
        snprintf(digits, sizeof digits, "%.*g", precision, number);
    while (strtod(digits, NULL) != number && precision++ < 17);
    put_real(writer, digits);
}

void writer_float(struct json_writer *writer, float number)
{
    char digits[NUMBER_BYTES];
    int precision = 6;

    assert(isfinite(number));
    do
        snprintf(digits, sizeof digits, "%.*g", precision, (double)number);
    while ((float)strtod(digits, NULL) != number && precision++ < 9);
    put_real(writer, digits);
}

struct text writer_text(struct json_writer *writer)
{
    *grow(writer, 0) = '\0';
    return (struct text){ writer->at, writer->length };
}
