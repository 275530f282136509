/* From the plan that would be best to the few exchanges that are worth asking for: each set of
 * exchanges keeps every promise of every day it touches, and they are taken by what they save. */
#pragma once
#include "services/routing/domain/region_day.h"

enum {
    SWAPS_MOST = 6,
    /* A customer was told a name: nobody else is sent for less than this, each. */
    LEAST_SAVED_PER_SWAP_MS = 60 * 1000,
};

struct swap {
    int32_t visit, to; /* indexes into the region's visits and technicians */
};

struct swaps {
    struct swap at[SWAPS_MOST];
    int32_t count; /* 0: nothing that is worth it */
    int64_t saved_travel_ms, saved_travel_m;
};

/* `wanted` holds a technician for each visit, or -1 for "as it is"; who makes room for a wanted
 * move may also take the place that became free. No visit moves twice. All swaps of the answer are
 * meant together: after all of them, and only then, each touched day must hold. */
struct swaps choose_swaps(struct arena *arena, const struct region_day *region,
                          const struct roads *roads, const int32_t wanted[]);
