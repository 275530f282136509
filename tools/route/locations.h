/* Where things are: indexes into the given tables, or, without tables, points of their own. */
#pragma once
#include "tools/route/fields.h"

struct locations {
    struct problem *problem;
    bool has_tables;
    int32_t count, room;
    int32_t *slots, slot_count; /* of points, by open addressing */
    double *lon, *lat;
};

void locations_init(struct locations *locations, struct problem *problem, size_t room);
/* The location under `point_key` and `index_key`; NOBODY when neither is there. */
int32_t location_in(struct locations *locations, const struct item *item, const char *point_key,
                    const char *index_key);
/* The points, for solver_roads.places; NULL with tables. */
struct point *locations_places(const struct locations *locations);
