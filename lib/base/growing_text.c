/* Doubles its room; what was outgrown stays in the arena until the turn ends. */
#include "lib/base/growing_text.h"
#include <string.h>

void grow(struct growing_text *growing, struct text more)
{
    if (!growing->at || growing->length + more.length + 1 > growing->room) {
        size_t room = growing->room * 2 + more.length + 64;
        char *bigger = arena_alloc(growing->arena, room);
        if (growing->at)
            memcpy(bigger, growing->at, growing->length);
        growing->at = bigger;
        growing->room = room;
    }
    if (more.length)
        memcpy(growing->at + growing->length, more.at, more.length);
    growing->length += more.length;
    growing->at[growing->length] = '\0';
}

void grow_string(struct growing_text *growing, const char *more)
{
    grow(growing, text_of(more));
}

const char *grown_string(struct growing_text *growing)
{
    if (!growing->at)
        grow(growing, NO_TEXT);
    return growing->at;
}

struct text grown(const struct growing_text *growing)
{
    return (struct text){ growing->at, growing->length };
}
