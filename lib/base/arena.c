/* A chain of growing chunks; the first one stays over resets, so a usual turn never asks malloc. */
#include "lib/base/arena.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_SIZE = 64 * 1024, ALIGNMENT = 16 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t size, used;
    _Alignas(ALIGNMENT) char bytes[];
};

static struct arena_chunk *new_chunk(size_t size)
{
    struct arena_chunk *chunk = malloc(sizeof *chunk + size);

    if (!chunk)
        abort();
    *chunk = (struct arena_chunk){ .size = size };
    return chunk;
}

static void free_from(struct arena_chunk *chunk)
{
    while (chunk) {
        struct arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
}

void arena_done(struct arena *arena)
{
    free_from(arena->first);
    *arena = (struct arena){ 0 };
}

void arena_reset(struct arena *arena)
{
    if (!arena->first)
        return;
    free_from(arena->first->next);
    arena->first->next = NULL;
    arena->first->used = 0;
    arena->chunk = arena->first;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!arena->chunk || arena->chunk->size - arena->chunk->used < size) {
        struct arena_chunk *chunk = new_chunk(size > CHUNK_SIZE ? size : CHUNK_SIZE);
        if (arena->chunk)
            arena->chunk->next = chunk;
        else
            arena->first = chunk;
        arena->chunk = chunk;
    }
    void *memory = arena->chunk->bytes + arena->chunk->used;
    arena->chunk->used += size;
    return memset(memory, 0, size);
}

char *arena_text(struct arena *arena, struct text text)
{
    char *copy = arena_alloc(arena, text.length + 1);

    if (text.length)
        memcpy(copy, text.at, text.length);
    return copy;
}

char *arena_string(struct arena *arena, const char *string)
{
    return arena_text(arena, text_of(string));
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *result = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(result, (size_t)length + 1, format, again);
    va_end(again);
    return result;
}
