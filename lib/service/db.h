/* PostgreSQL as a service sees it: named statements with $1, typed values in, rows read in order.
 * Statements live in sql/queries.sql and nowhere else; a value never enters SQL text. */
#pragma once
#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/time.h"

struct turn;

/* Made from sql/queries.sql by scripts/queries.awk. */
struct query {
    const char *name;
    const char *sql;
    int parameters;
};

/* Made from sql/NNNN_*.sql; they run forward, once each, under an advisory lock. */
struct migration {
    const char *name;
    const char *sql;
};

struct value {
    enum { VALUE_NULL, VALUE_TEXT, VALUE_INT, VALUE_REAL, VALUE_BYTES } kind;
    struct text text;
    int64_t number;
    double real;
};

#define NIL ((struct value){ .kind = VALUE_NULL })
#define STR(string) ((struct value){ .kind = VALUE_TEXT, .text = text_of(string) })
#define STR_OR_NIL(string) (string_empty(string) ? NIL : STR(string))
#define TXT(bytes) ((struct value){ .kind = VALUE_TEXT, .text = (bytes) })
#define INT(n) ((struct value){ .kind = VALUE_INT, .number = (int64_t)(n) })
#define REAL(x) ((struct value){ .kind = VALUE_REAL, .real = (x) })
#define BYTES(bytes) ((struct value){ .kind = VALUE_BYTES, .text = (bytes) })

/* Result of a read; lives until the turn ends. */
struct rows {
    int count;
    void *result; /* PGresult, the turn frees it */
};

/* Sends what is queued, waits for the answer. Use for everything whose rows decide something.
 * REJECTED when PostgreSQL refuses the values (classes 22, 23), TEMPORARY when a lock or the server
 * is busy: return it as it is, the loop knows what to do.
 *     struct rows rows;
 *     TRY(db_read(turn, &rows, load_pool, STR(service_id), INT(from)));                       */
#define db_read(turn, ret_rows, query, ...)                                                        \
    db_read_values(turn, ret_rows, &QUERY_##query, (const struct value[]){ { 0 }, __VA_ARGS__ },   \
                   sizeof((const struct value[]){ { 0 }, __VA_ARGS__ }) / sizeof(struct value) -   \
                       1)

/* For route.ahead only, once: asks before the handler runs, for all turns of a batch in one flush,
 * so that no turn waits for its own answer. Nothing of the batch's own turns is in the answer: what
 * has to be sure stands in a constraint. The handler reads it with db_asked: false when it was not
 * asked (another channel, another query), then it reads by itself. */
#define db_ask_ahead(turn, query, ...)                                                             \
    db_ask_ahead_values(                                                                           \
        turn, &QUERY_##query, (const struct value[]){ { 0 }, __VA_ARGS__ },                        \
        sizeof((const struct value[]){ { 0 }, __VA_ARGS__ }) / sizeof(struct value) - 1)
#define db_asked(turn, ret_rows, query) db_asked_of(turn, ret_rows, &QUERY_##query)

/* For a walk through more than memory should hold at once: rows read since the mark are given back.
 */
size_t db_mark_rows(void);
void db_drop_rows(size_t mark);

/* Queues a statement whose rows nobody needs; it is sent with the next read or at the end of the
 * turn. Errors come back later and undo the turn. */
#define db_write(turn, query, ...)                                                                 \
    db_write_values(turn, &QUERY_##query, (const struct value[]){ { 0 }, __VA_ARGS__ },            \
                    sizeof((const struct value[]){ { 0 }, __VA_ARGS__ }) / sizeof(struct value) -  \
                        1)

/* Both take the values behind a first, unused element, so that a statement may have none. */
struct error db_read_values(struct turn *turn, struct rows *ret_rows, const struct query *query,
                            const struct value values[], size_t count);
void db_ask_ahead_values(struct turn *turn, const struct query *query, const struct value values[],
                         size_t count);
bool db_asked_of(struct turn *turn, struct rows *ret_rows, const struct query *query);
void db_write_values(struct turn *turn, const struct query *query, const struct value values[],
                     size_t count);

/* Reads one row's columns from left to right, in the order of the select list. */
struct row {
    const struct rows *rows;
    int at, column;
};
struct row row_at(const struct rows *rows, int at);
const char *next_text(struct row *row); /* NULL column gives "" */
int64_t next_int(struct row *row);      /* NULL column gives 0 */
double next_real(struct row *row);
bool next_bool(struct row *row);
bool next_is_null(struct row *row);                           /* asks, does not move on */
struct text next_bytes(struct row *row, struct arena *arena); /* bytea */
/* text[] and int8[] as PostgreSQL writes them, for `= ANY($1)` and unnest($1). */
struct value text_array(struct arena *arena, const char *const strings[], size_t count);
struct value int_array(struct arena *arena, const int64_t numbers[], size_t count);
/* Reads a text[] column; the strings live in `arena`. */
size_t next_text_array(struct row *row, struct arena *arena, char ***ret_strings);
/* The same as messages take it. */
const char **next_strings(struct row *row, struct arena *arena, size_t *ret_count);
