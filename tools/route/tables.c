/* Walks the text as far as it has to: three levels of objects, and the tables themselves. */
#include "tools/route/tables.h"
#include "services/routing/solver/solve.h"
#include <stdio.h>
#include <string.h>

struct cursor {
    char *at, *end;
    bool is_lost; /* this is no JSON: somebody else will say so */
};

static char peek(struct cursor *cursor)
{
    while (cursor->at < cursor->end && strchr(" \t\r\n", *cursor->at) && *cursor->at)
        cursor->at++;
    return cursor->at < cursor->end ? *cursor->at : '\0';
}

static bool take(struct cursor *cursor, char wanted)
{
    if (peek(cursor) != wanted || !wanted)
        return false;
    cursor->at++;
    return true;
}

static struct text take_string(struct cursor *cursor)
{
    if (!take(cursor, '"')) {
        cursor->is_lost = true;
        return (struct text){ 0 };
    }
    char *from = cursor->at;
    while (cursor->at < cursor->end && *cursor->at != '"')
        cursor->at += *cursor->at == '\\' && cursor->at + 1 < cursor->end ? 2 : 1;
    struct text string = { from, (size_t)(cursor->at - from) };
    cursor->is_lost |= !take(cursor, '"');
    return string;
}

/* Past a value of any kind, by the depth of its brackets. */
static void skip_value(struct cursor *cursor)
{
    int64_t depth = 0;

    do {
        char sign = peek(cursor);
        if (sign == '"') {
            take_string(cursor);
            continue;
        }
        if (!sign || (depth == 0 && (sign == ',' || sign == '}' || sign == ']'))) {
            cursor->is_lost |= !sign;
            return;
        }
        depth += sign == '[' || sign == '{';
        depth -= sign == ']' || sign == '}';
        cursor->at++;
        /* A bare number or word ends with what follows it. */
    } while (!cursor->is_lost &&
             (depth > 0 || (peek(cursor) != ',' && peek(cursor) != '}' && peek(cursor) != ']')));
}

/* -1: no number of ours. */
static int64_t take_number(struct cursor *cursor)
{
    int64_t number = 0;
    char *from;

    peek(cursor);
    if (cursor->end - cursor->at >= 4 && memcmp(cursor->at, "null", 4) == 0) {
        cursor->at += 4;
        return NO_ROAD;
    }
    for (from = cursor->at; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
         cursor->at++)
        if (number < NO_ROAD)
            number = number * 10 + (*cursor->at - '0');
    return cursor->at == from ? -1 : number < NO_ROAD ? number : NO_ROAD;
}

/* Numbers of one row; -1 when it is none, or has more than `most`. */
static int32_t take_row(struct cursor *cursor, int32_t row[], int32_t most)
{
    int32_t count = 0;

    if (!take(cursor, '['))
        return -1;
    do {
        int64_t number = take_number(cursor);
        if (number < 0 || count == most)
            return -1;
        row[count++] = (int32_t)number;
    } while (take(cursor, ','));
    return take(cursor, ']') ? count : -1;
}

static int32_t count_first_row(struct cursor cursor)
{
    int32_t count = 1;

    for (; cursor.at < cursor.end && *cursor.at != ']'; cursor.at++)
        count += *cursor.at == ',';
    return count;
}

static bool take_table(struct arena *arena, struct cursor *cursor, struct table *ret_table)
{
    int32_t side, row = 0;

    if (!take(cursor, '['))
        return false;
    side = count_first_row(*cursor);
    if (2 * (int64_t)side * side > cursor->end - cursor->at) /* a number and what follows it */
        return false;
    int32_t *cells = ARENA_ARRAY(arena, int32_t, (size_t)side * (size_t)side);
    do {
        if (row == side || take_row(cursor, cells + (int64_t)row * side, side) != side)
            return false;
        row++;
    } while (take(cursor, ','));
    if (row != side || !take(cursor, ']'))
        return false;
    *ret_table = (struct table){ .side = side, .cells = cells };
    return true;
}

static void read_table(struct arena *arena, struct tables *tables, struct cursor *cursor)
{
    struct cursor begin = *cursor;

    if (!tables->is_over && tables->count < TABLES_MOST &&
        take_table(arena, cursor, &tables->at[tables->count])) {
        char number[12];
        int length = snprintf(number, sizeof number, "%d", tables->count++);
        memset(begin.at, ' ', (size_t)(cursor->at - begin.at));
        memcpy(begin.at, number, (size_t)length);
        return;
    }
    tables->is_over = true;
    *cursor = begin;
    skip_value(cursor);
}

static void walk(struct arena *arena, struct tables *tables, struct cursor *cursor, int level)
{
    if (!take(cursor, '{')) {
        skip_value(cursor);
        return;
    }
    while (!cursor->is_lost && !take(cursor, '}')) {
        struct text key = take_string(cursor);
        cursor->is_lost |= !take(cursor, ':');
        if (level == 2 &&
            (text_is(key, "durations") || text_is(key, "distances") || text_is(key, "costs")))
            read_table(arena, tables, cursor);
        else if (level == 1 || (level == 0 && text_is(key, "matrices")))
            walk(arena, tables, cursor, level + 1);
        else
            skip_value(cursor);
        if (!take(cursor, ',') && peek(cursor) != '}')
            cursor->is_lost = true;
    }
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the text is written to, by the cursor */
void tables_take(struct arena *arena, struct tables *tables, char *text, size_t length)
{
    struct cursor cursor = { .at = text, .end = text + length };

    walk(arena, tables, &cursor, 0);
}
