/* How long and how far it is by road. `struct roads` is where times come from: a road engine's
 * table, or the estimate of this file when there is none.
 *
 * The estimate, and where its numbers come from (assumptions, to be replaced by measured ones):
 * - road distance = great circle x 1.35, the middle of what is published for towns (1.2 to 1.5);
 * - city speeds by Warsaw hour of the week, after TomTom's Traffic Index for Polish cities: 10 km
 *   take up to 29 minutes in rush hours (21 km/h), free flow is about 1.5 times faster;
 * - of a drive, what is beyond 12 km is on open road, at twice the city's speed;
 * - 4 minutes to find a place for the van, take the tools and reach the door.
 * It is FIFO: who leaves later never arrives earlier. It grows with distance. */
#pragma once
#include "lib/base/time.h"
#include "lib/domain/place.h"

/* A way between two doors, whatever the hour. */
struct way {
    int64_t m;      /* by road */
    int64_t city_m; /* metres that take as long in the city; 0 takes no time */
};

/* Where ways and times come from. `ms` must be FIFO in departing_at and never less than `least_ms`;
 * all are >= 0. Functions must not block; `context` is handed to them as it is. */
struct roads {
    struct way (*way)(const void *context, struct place from, struct place to);
    int64_t (*ms)(const void *context, struct way way, timestamp departing_at);
    int64_t (*least_ms)(const void *context, struct way way); /* at the best hour there is */
    const void *context;
};

extern const struct roads estimated_roads; /* the estimate below */

static inline struct way roads_way(const struct roads *roads, struct place from, struct place to)
{
    return roads->way(roads->context, from, to);
}

static inline int64_t roads_ms(const struct roads *roads, struct way way, timestamp departing_at)
{
    return roads->ms(roads->context, way, departing_at);
}

static inline int64_t roads_least_ms(const struct roads *roads, struct way way)
{
    return roads->least_ms(roads->context, way);
}

/* The very same place is 0 metres and takes 0. */
struct way travel_way(struct place from, struct place to);
/* From closing one door to standing at the other. */
int64_t way_ms(struct way way, timestamp departing_at);
int64_t travel_ms(struct place from, struct place to, timestamp departing_at);
int64_t travel_m(struct place from, struct place to);
