/* Values into and out of PostgreSQL's text forms. */
#include "lib/service/db.h"
#include <assert.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row row_at(const struct rows *rows, int at)
{
    assert(at >= 0 && at < rows->count);
    return (struct row){ .rows = rows, .at = at, .column = 0 };
}

static const char *next_column(struct row *row, int *ret_length)
{
    const PGresult *result = row->rows->result;
    int column = row->column++;

    assert(column < PQnfields(result));
    if (ret_length)
        *ret_length = PQgetlength(result, row->at, column);
    return PQgetisnull(result, row->at, column) ? NULL : PQgetvalue(result, row->at, column);
}

const char *next_text(struct row *row)
{
    const char *text = next_column(row, NULL);

    return text ? text : "";
}

int64_t next_int(struct row *row)
{
    const char *text = next_column(row, NULL);

    return text ? strtoll(text, NULL, 10) : 0;
}

double next_real(struct row *row)
{
    const char *text = next_column(row, NULL);

    return text ? strtod(text, NULL) : 0;
}

bool next_bool(struct row *row)
{
    const char *text = next_column(row, NULL);

    return text && text[0] == 't';
}

bool next_is_null(struct row *row)
{
    return PQgetisnull(row->rows->result, row->at, row->column);
}

struct text next_bytes(struct row *row, struct arena *arena)
{
    const char *text = next_column(row, NULL);
    size_t length = 0;

    if (!text)
        return NO_TEXT;
    unsigned char *bytes = PQunescapeBytea((const unsigned char *)text, &length);
    struct text result = { arena_text(arena, (struct text){ (const char *)bytes, length }),
                           length };
    PQfreemem(bytes);
    return result;
}

struct value text_array(struct arena *arena, const char *const strings[], size_t count)
{
    size_t room = 3;

    for (size_t i = 0; i < count; i++)
        room += 2 * strlen(strings[i]) + 3;
    char *array = arena_alloc(arena, room), *at = array;
    *at++ = '{';
    for (size_t i = 0; i < count; i++) {
        if (i)
            *at++ = ',';
        *at++ = '"';
        for (const char *from = strings[i]; *from; from++) {
            if (*from == '"' || *from == '\\')
                *at++ = '\\';
            *at++ = *from;
        }
        *at++ = '"';
    }
    *at++ = '}';
    return TXT(((struct text){ array, (size_t)(at - array) }));
}

struct value int_array(struct arena *arena, const int64_t numbers[], size_t count)
{
    char *array = arena_alloc(arena, count * 21 + 3), *at = array;

    *at++ = '{';
    for (size_t i = 0; i < count; i++)
        at += sprintf(at, "%s%lld", i ? "," : "", (long long)numbers[i]);
    *at++ = '}';
    return TXT(((struct text){ array, (size_t)(at - array) }));
}

/* One element of an array's text form, quoted or plain; moves `at` behind it and its comma. */
static char *array_element(const char **at, struct arena *arena)
{
    char *element = arena_alloc(arena, strlen(*at) + 1), *to = element;
    bool quoted = **at == '"';

    *at += quoted;
    while (**at && (quoted ? **at != '"' : **at != ',' && **at != '}')) {
        if (**at == '\\')
            ++*at;
        *to++ = *(*at)++;
    }
    *at += quoted;
    if (**at == ',')
        ++*at;
    return element;
}

size_t next_text_array(struct row *row, struct arena *arena, char ***ret_strings)
{
    const char *at = next_text(row);
    size_t room = 1, count = 0;

    for (const char *c = at; *c; c++)
        room += *c == ',';
    *ret_strings = ARENA_ARRAY(arena, char *, room);
    if (*at == '{')
        at++;
    while (*at && *at != '}')
        (*ret_strings)[count++] = array_element(&at, arena);
    return count;
}

const char **next_strings(struct row *row, struct arena *arena, size_t *ret_count)
{
    char **read;
    size_t count = next_text_array(row, arena, &read);
    const char **strings = ARENA_ARRAY(arena, const char *, count + 1);

    for (size_t i = 0; i < count; i++)
        strings[i] = read[i];
    *ret_count = count;
    return strings;
}
