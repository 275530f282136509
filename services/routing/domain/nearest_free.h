/* What a dispatcher with a map and a telephone would do, and what our plans are measured against:
 * orders are given out in order of arrival, each to the nearest technician who is free then, from
 * where he last was; nothing is exchanged later. Every promise is kept here, too. */
#pragma once
#include "lib/base/arena.h"
#include "lib/domain/travel.h"
#include "lib/domain/window.h"
#include <stddef.h>

enum { NOBODY_FREE = -1 };

struct arriving_order {
    timestamp opened_at;
    struct place place;
    int64_t work_ms; /* > 0 */
    uint64_t skills;
    timestamp first_start_at, last_start_at; /* the first that somebody is free for is taken */
};

struct free_technician {
    struct place home;
    const struct window *work; /* in order, apart from each other */
    size_t work_count;
    uint64_t skills;
};

struct assignment {
    int32_t technician; /* or NOBODY_FREE */
    timestamp start_at;
};

/* Fills one assignment for each order; starts lie on quarters of an hour. Returns the metres that
 * are driven in all, ways home included. Between equally near technicians the first of the list
 * goes; the order of `orders` does not matter. */
int64_t nearest_free(struct arena *arena, const struct roads *roads,
                     const struct arriving_order orders[], size_t order_count,
                     const struct free_technician technicians[], size_t technician_count,
                     struct assignment ret_assignments[]);
