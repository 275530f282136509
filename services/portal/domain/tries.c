/* A minute is a period of the clock, not a sliding one: at most twice the limit in any 60 s. */
#include "services/portal/domain/tries.h"

/* FNV-1a, 64 bits. */
static size_t place_of(struct text caller)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);

    for (size_t i = 0; i < caller.length; i++)
        hash = (hash ^ (unsigned char)caller.at[i]) * UINT64_C(0x100000001B3);
    return (size_t)(hash % TRIES_PLACES);
}

bool tries_left(const struct tries *tries, struct text caller, timestamp now)
{
    const struct tries_place *place = &tries->at[place_of(caller)];

    return place->period != now / TRIES_PERIOD_MS || place->count < TRIES_MOST;
}

void tries_count(struct tries *tries, struct text caller, timestamp now)
{
    struct tries_place *place = &tries->at[place_of(caller)];

    if (place->period != now / TRIES_PERIOD_MS)
        *place = (struct tries_place){ .period = now / TRIES_PERIOD_MS };
    place->count++;
}
