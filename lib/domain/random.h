/* Numbers that look random and are the same for the same seed (splitmix64, Steele et al. 2014): for
 * searches that must be repeatable and for tests. Never for secrets. */
#pragma once
#include <stdint.h>

struct random {
    uint64_t state; /* the seed; any value will do */
};

static inline uint64_t random_next(struct random *random)
{
    uint64_t z = (random->state += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* 0 .. bound-1; bound > 0. The bias is below bound / 2^64. */
static inline int64_t random_below(struct random *random, int64_t bound)
{
    return (int64_t)(random_next(random) % (uint64_t)bound);
}

/* from .. until, both included. */
static inline int64_t random_between(struct random *random, int64_t from, int64_t until)
{
    return from + random_below(random, until - from + 1);
}
