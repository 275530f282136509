/* Text that is written piece by piece into an arena. */
#pragma once
#include "lib/base/arena.h"

struct growing_text {
    struct arena *arena;
    char *at; /* NULL until something was added */
    size_t length, room;
};

void grow(struct growing_text *growing, struct text more);
void grow_string(struct growing_text *growing, const char *more);
const char *grown_string(struct growing_text *growing); /* NUL-terminated; "" when empty */
struct text grown(const struct growing_text *growing);
