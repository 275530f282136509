/* A run of stops as six numbers, so that joining two runs, and thus pricing any move, takes a few
 * additions however long they are (Vidal, Crainic, Gendreau, Prins 2013; without time warp, because
 * only runs that keep every window exist here). */
#pragma once
#include "lib/base/time.h"
#include <stdbool.h>

/* Who starts the first work at x <= latest is done with the last at max(x, earliest) + duration. */
struct segment {
    timestamp earliest, latest; /* starts of the first work; earlier than earliest only waits */
    int64_t duration_ms;        /* work, travel and the waiting that cannot be avoided */
    int64_t travel_ms, travel_m, waiting_ms;
    int32_t first, last; /* nodes */
};

/* `a`, then `ms` and `m` of road, then `b`. False when a window would be missed. */
static inline bool segment_join(const struct segment *a, const struct segment *b, int64_t ms,
                                int64_t m, struct segment *ret)
{
    int64_t shift = a->duration_ms + ms; /* from the first start of a to the first start of b */

    if (a->earliest + shift > b->latest)
        return false;
    int64_t wait = b->earliest - shift - a->latest;
    if (wait < 0)
        wait = 0;
    timestamp earliest = b->earliest - shift > a->earliest ? b->earliest - shift : a->earliest;
    timestamp latest = b->latest - shift < a->latest ? b->latest - shift : a->latest;
    *ret = (struct segment){
        .earliest = earliest - wait,
        .latest = latest,
        .duration_ms = shift + wait + b->duration_ms,
        .travel_ms = a->travel_ms + ms + b->travel_ms,
        .travel_m = a->travel_m + m + b->travel_m,
        .waiting_ms = a->waiting_ms + wait + b->waiting_ms,
        .first = a->first,
        .last = b->last,
    };
    return true;
}
