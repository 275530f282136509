/* Geometry of points: the only file that knows the radius of the Earth. */
#include "lib/domain/place.h"
#include <assert.h>
#include <math.h>

static const double EARTH_RADIUS_M = 6371008.8; /* mean radius, IUGG */
static const double RADIANS = 3.14159265358979323846 / 180;

bool place_valid(struct place place)
{
    /* NaN compares false, infinity is outside. */
    return place.lat >= 48.9 && place.lat <= 55.0 && place.lon >= 14.0 && place.lon <= 24.3;
}

bool place_same(struct place a, struct place b)
{
    return !(a.lat < b.lat) && !(a.lat > b.lat) && !(a.lon < b.lon) && !(a.lon > b.lon);
}

int64_t distance_m(struct place from, struct place to)
{
    /* Written so that NaN fails. */
    assert(fabs(from.lat) <= 90 && fabs(from.lon) <= 180);
    assert(fabs(to.lat) <= 90 && fabs(to.lon) <= 180);
    double half_lat = sin((to.lat - from.lat) * RADIANS / 2);
    double half_lon = sin((to.lon - from.lon) * RADIANS / 2);
    double square =
        half_lat * half_lat + cos(from.lat * RADIANS) * cos(to.lat * RADIANS) * half_lon * half_lon;

    /* Rounding may push antipodes past 1, where asin is not defined. */
    return (int64_t)ceil(2 * EARTH_RADIUS_M * asin(fmin(1, sqrt(square))));
}

struct place place_rounded(struct place place)
{
    return (struct place){ round(place.lat * 1000) / 1000, round(place.lon * 1000) / 1000 };
}
