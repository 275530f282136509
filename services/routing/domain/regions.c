/* The nearest middle decides, so a city is never cut in two by a line on a grid. */
#include "services/routing/domain/regions.h"
#include "lib/base/array.h"

struct agglomeration {
    const char *id;
    struct place middle;
};

static const struct agglomeration agglomerations[] = {
#define AGGLOMERATION(id, lat, lon) { id, { lat, lon } },
#include "services/routing/domain/agglomerations.def"
#undef AGGLOMERATION
};

const char *region_of(struct arena *arena, struct place place)
{
    const char *nearest = NULL;
    int64_t nearest_m = REGION_RADIUS_M;

    if (!place_valid(place))
        return "nowhere";
    EACH (agglomeration, agglomerations) {
        int64_t m = distance_m(place, agglomeration->middle);
        if (m <= nearest_m && (!nearest || m < nearest_m)) {
            nearest = agglomeration->id;
            nearest_m = m;
        }
    }
    return nearest ? nearest : arena_format(arena, "%dn%de", (int)place.lat, (int)place.lon);
}
