/* One neighbourhood on one local day: who works, what is promised, who is to do it. As flat bytes
 * it goes to the worker pool, and lies with each proposal so that it can be made again. */
#pragma once
#include "lib/base/arena.h"
#include "services/routing/domain/plan_route.h"

enum { STRETCHES_MOST = 4, REGION_TECHNICIANS_MOST = 1000, REGION_VISITS_MOST = 20000 };

struct region_technician {
    struct place home;
    struct window work[STRETCHES_MOST];
    int32_t work_count;
    uint64_t skills;          /* with the papers they need, valid all day */
    int64_t longest_travel_m; /* from home, for what he takes over; 0: no bound */
};

struct region_visit {
    struct place place;
    timestamp start_at;
    int64_t work_ms; /* > 0 */
    uint64_t skills;
    int32_t technician;
    bool is_pinned; /* stays with him: held, under way, or nobody knows where it is */
};

/* Visits are in order of technician, then start_at. */
struct region_day {
    const struct region_technician *technicians;
    const struct region_visit *visits;
    int32_t technician_count, visit_count;
    int64_t rounds;   /* of the search */
    int64_t worth_ms; /* fewer saved is not worth telling */
};

/* The same region_day gives the same bytes, on every machine. */
struct text region_day_pack(struct arena *arena, const struct region_day *region);
/* False (ret untouched) when the bytes are no region_day. */
bool region_day_unpack(struct arena *arena, struct text bytes, struct region_day *ret_region);
