/* The same coordinates are the same location: no setup is needed twice there. */
#include "tools/route/locations.h"
#include "services/routing/solver/points.h"

void locations_init(struct locations *locations, struct problem *problem, size_t room)
{
    struct arena *arena = &problem->arena;

    *locations =
        (struct locations){ .problem = problem,
                            .has_tables = problem->tables.count > 0,
                            .count = problem->tables.count ? problem->tables.at[0].side : 0,
                            .room = (int32_t)room };
    if (locations->has_tables)
        room = (size_t)locations->count;
    problem->location_of = ARENA_ARRAY(arena, json_t *, room + 1);
    if (locations->has_tables)
        return;
    locations->slot_count = (int32_t)(2 * room + 1);
    locations->slots = ARENA_ARRAY(arena, int32_t, (size_t)locations->slot_count);
    locations->lon = ARENA_ARRAY(arena, double, room + 1);
    locations->lat = ARENA_ARRAY(arena, double, room + 1);
}

/* Slots hold location + 1. */
static int32_t find_point(struct locations *locations, json_t *point)
{
    double lon = json_number_value(json_array_get(point, 0));
    double lat = json_number_value(json_array_get(point, 1));
    uint64_t hash = (uint64_t)(int64_t)(lon * 1e7) * 0x9E3779B97F4A7C15ULL +
                    (uint64_t)(int64_t)(lat * 1e7) * 0xC2B2AE3D27D4EB4FULL;
    int32_t slot = (int32_t)((hash >> 32) % (uint64_t)locations->slot_count);

    for (; locations->slots[slot]; slot = (slot + 1) % locations->slot_count) {
        int32_t found = locations->slots[slot] - 1;
        if (locations->lon[found] == lon && locations->lat[found] == lat)
            return found;
    }
    locations->lon[locations->count] = lon;
    locations->lat[locations->count] = lat;
    locations->problem->location_of[locations->count] = point;
    locations->slots[slot] = locations->count + 1;
    return locations->count++;
}

static bool is_point(json_t *point)
{
    double lon = json_number_value(json_array_get(point, 0));
    double lat = json_number_value(json_array_get(point, 1));

    return json_array_size(point) == 2 && json_is_number(json_array_get(point, 0)) &&
           json_is_number(json_array_get(point, 1)) && lon >= -180 && lon <= 180 && lat >= -90 &&
           lat <= 90;
}

int32_t location_in(struct locations *locations, const struct item *item, const char *point_key,
                    const char *index_key)
{
    json_t *point = json_object_get(item->json, point_key);
    int64_t index = field_whole(item, index_key, NOBODY, 0, INT32_MAX);

    if (point && !is_point(point)) {
        refuse(item, point_key, "is no [lon, lat]");
        return NOBODY;
    }
    if (!locations->has_tables)
        return point ? find_point(locations, point) : NOBODY;
    if (index == NOBODY && point)
        refuse(item, index_key, "is needed, since there are matrices");
    if (index >= locations->count) {
        refuse(item, index_key, "is not in the matrices");
        return NOBODY;
    }
    if (index != NOBODY)
        locations->problem->location_of[index] = point;
    return (int32_t)index;
}

struct point *locations_places(const struct locations *locations)
{
    if (locations->has_tables)
        return NULL;
    struct point *places =
        ARENA_ARRAY(&locations->problem->arena, struct point, (size_t)locations->count + 1);
    for (int32_t i = 0; i < locations->count; i++)
        places[i] = point_at(locations->lat[i], locations->lon[i]);
    return places;
}
