/* Sets of skills become kinds: two jobs that ask for the same are of one kind, and a small table
 * says which kind of vehicle may do which kind of job, however many skills there are. */
#pragma once
#include "tools/route/fields.h"

struct kinds {
    int32_t count;
    const struct skill_set *sets; /* of a kind */
};

struct skill_set {
    int64_t *at; /* ascending */
    int32_t count;
};

/* Of `skills` of these objects; ret_kind gets one kind per object. */
struct kinds kinds_of(const struct item items[], int32_t count, int32_t ret_kind[]);
uint8_t *kinds_allowed(struct arena *arena, const struct kinds *jobs, const struct kinds *vehicles);
