/* Roads where no table was given: great circle between two points, exact for any two on earth. */
#pragma once
#include "services/routing/solver/solve.h"
#include <math.h>

enum { EARTH_RADIUS_M = 6371000 };

struct point { /* on the unit sphere */
    double x, y, z;
};

struct point point_at(double lat, double lon); /* degrees */

/* asin(x) = x + x^3/6 + 3 x^5/40 + …; half a chord of 0.05 is 640 km, where what is left out is
 * below a millimetre. */
static inline double great_circle_m(struct point a, struct point b)
{
    double dx = a.x - b.x, dy = a.y - b.y, dz = a.z - b.z;
    double half = sqrt(dx * dx + dy * dy + dz * dz) / 2, square = half * half;

    if (half > 0.05)
        return 2 * EARTH_RADIUS_M * asin(half < 1 ? half : 1);
    return 2 * EARTH_RADIUS_M * half *
           (1 + square * (1.0 / 6 + square * (3.0 / 40 + square * (15.0 / 336))));
}

static inline int32_t estimate_between(const struct solver_roads *roads, int32_t from, int32_t to)
{
    double length = great_circle_m(roads->places[from], roads->places[to]) * roads->per_metre;

    return length < NO_ROAD ? (int32_t)(length + 0.5) : NO_ROAD;
}
