/* A stretch of time, half-open: `from` belongs to it, `until` does not. */
#pragma once
#include "lib/base/time.h"
#include <stdbool.h>
#include <stddef.h>

struct window {
    timestamp from, until; /* from <= until; equal means empty */
};

bool window_valid(struct window window); /* from <= until */
bool window_empty(struct window window);
int64_t window_length_ms(struct window window);
bool window_contains(struct window window, timestamp at);
bool window_covers(struct window outer,
                   struct window inner);                /* every moment of inner is in outer */
bool window_overlaps(struct window a, struct window b); /* they share at least one moment */
/* What both share; empty (from == until) when they share nothing. */
struct window window_intersect(struct window a, struct window b);
/* What is left of `whole` when `taken` (by from, overlapping or not) is taken out: the pieces in
 * order, at most the first `most`, none empty. Returns how many. */
size_t window_less(struct window whole, const struct window taken[], size_t count,
                   struct window ret_left[], size_t most);
