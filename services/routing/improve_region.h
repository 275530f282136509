/* The heavy part of the continuous improvement, as the worker pool runs it: flat bytes of a
 * region_day in, flat bytes of a region_improvement out. Pure: the same input gives the same
 * answer. */
#pragma once
#include "services/routing/domain/choose_swaps.h"

/* Of the search and the choice that find swaps; a plan keeps it. 2: ruin and recreate. */
enum { SWAP_RULE_VERSION = 2 };

/* A visit is named by its place in its technician's day, so that the answer can be read without the
 * rest of the region. */
struct region_swap {
    int32_t from, nth, to; /* technicians; nth visit of `from`, by start */
};

struct region_improvement {
    struct region_swap swaps[SWAPS_MOST];
    int32_t count; /* 0: nothing worth telling */
    bool is_readable;
    int64_t saved_travel_ms, saved_travel_m;
};

/* A `pure_work` (lib/service/turn.h); result_size is sizeof(struct region_improvement). */
void improve_region(const void *input, size_t size, void *result, size_t result_size);
