/* Memory of a turn: taken in one direction, given back all at once. */
#pragma once
#include "lib/base/text.h"

struct arena_chunk;
struct arena {
    struct arena_chunk *first; /* the first chunk is kept over resets */
    struct arena_chunk *chunk; /* the one being filled */
};

void arena_done(struct arena *arena);  /* gives everything back; the arena may be used again */
void arena_reset(struct arena *arena); /* forgets everything, keeps the first chunk */

/* Zeroed, aligned to 16, valid until the reset. Dies when memory is out, never returns NULL. */
void *arena_alloc(struct arena *arena, size_t size);
#define ARENA_NEW(arena, type) ((type *)arena_alloc(arena, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc(arena, sizeof(type) * (count)))

char *arena_string(struct arena *arena, const char *string); /* NULL is copied as "" */
char *arena_text(struct arena *arena, struct text text);     /* adds the NUL */
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
