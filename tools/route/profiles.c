/* A vehicle's manner to drive: its tables, its speed, what an hour and a kilometre of it cost. */
#include "tools/route/profiles.h"
#include "lib/base/text.h"
#include <math.h>

/* Without tables: a road is 1.35 times the great circle, driven at 36 km/h. */
static const double DETOUR = 1.35, METRES_PER_SECOND = 10;

enum { SECONDS_IN_HOUR = 3600, METRES_IN_KM = 1000, COST_MOST = 1000000 };

struct manner {
    const char *profile;
    double speed_factor;
    int64_t per_hour, per_km;
};

void profiles_init(struct profiles *profiles, struct problem *problem, size_t room)
{
    *profiles = (struct profiles){
        .problem = problem,
        .roads = ARENA_ARRAY(&problem->arena, struct solver_roads, room + 1),
        .manners = ARENA_ARRAY(&problem->arena, struct manner, room + 1),
    };
}

/* NULL when the profile has no such table. */
static const int32_t *table_of(struct problem *problem, const struct item *profile, const char *key)
{
    json_t *value = json_object_get(profile->json, key);
    int64_t index = json_integer_value(value);

    if (!value)
        return NULL;
    if (!json_is_integer(value) || index < 0 || index >= problem->tables.count) {
        refuse(profile, key, "is no square of whole numbers, 0 or more");
        return NULL;
    }
    struct table *table = &problem->tables.at[index];
    if (table->claimed_by &&
        table->claimed_by != value) { /* a number that was in the text before */
        refuse(profile, key, "is no square of whole numbers, 0 or more");
        return NULL;
    }
    table->claimed_by = value;
    if (problem->tables.at[index].side != problem->tables.at[0].side) {
        refuse(profile, key, "is not as large as the other matrices");
        return NULL;
    }
    return problem->tables.at[index].cells;
}

static int64_t cells_of(const struct problem *problem)
{
    return (int64_t)problem->tables.at[0].side * problem->tables.at[0].side;
}

static int32_t scaled(double value)
{
    return value < NO_ROAD ? (int32_t)lround(value) : NO_ROAD;
}

static const int32_t *at_speed(struct problem *problem, const int32_t *durations, double factor)
{
    if (!durations || factor == 1)
        return durations;
    int64_t cells = cells_of(problem);
    int32_t *slower = ARENA_ARRAY(&problem->arena, int32_t, (size_t)cells);
    for (int64_t i = 0; i < cells; i++)
        slower[i] = durations[i] >= NO_ROAD ? NO_ROAD : scaled(durations[i] / factor);
    return slower;
}

/* By the hour and the kilometre; NULL: what a second costs is 1, and nothing else. */
static const int32_t *costs_by(struct problem *problem, const struct solver_roads *roads,
                               const struct manner *manner)
{
    if ((manner->per_hour == SECONDS_IN_HOUR && !manner->per_km) || !roads->durations)
        return NULL;
    int64_t cells = cells_of(problem);
    int32_t *costs = ARENA_ARRAY(&problem->arena, int32_t, (size_t)cells);
    for (int64_t i = 0; i < cells; i++) {
        double hours = (double)roads->durations[i] / SECONDS_IN_HOUR;
        double km = roads->distances ? (double)roads->distances[i] / METRES_IN_KM : 0;
        costs[i] = roads->durations[i] >= NO_ROAD
                       ? NO_ROAD
                       : scaled(hours * (double)manner->per_hour + km * (double)manner->per_km);
    }
    return costs;
}

static void add_tables(struct profiles *profiles, const struct item *vehicle,
                       const struct manner *manner, struct solver_roads *roads)
{
    struct problem *problem = profiles->problem;
    json_t *matrices = json_object_get(problem->root, "matrices");
    json_t *found = json_object_get(matrices, manner->profile);

    if (!found) {
        refuse(vehicle, "profile", "is not among the matrices");
        return;
    }
    struct item profile = item_of(problem, found, "matrices.%s", manner->profile);
    const int32_t *durations = table_of(problem, &profile, "durations");
    if (!durations) {
        refuse(&profile, "durations", "is needed");
        return;
    }
    roads->durations = at_speed(problem, durations, manner->speed_factor);
    roads->distances = table_of(problem, &profile, "distances");
    roads->costs = table_of(problem, &profile, "costs");
    if (!roads->costs)
        roads->costs = costs_by(problem, roads, manner);
    if (manner->per_km && !roads->distances)
        refuse(&profile, "distances", "are needed for costs.per_km");
}

static void refuse_costs_of_points(const struct item *vehicle, const struct manner *manner)
{
    if (manner->per_hour != SECONDS_IN_HOUR || manner->per_km)
        refuse(vehicle, "costs", "by the hour or kilometre need matrices");
}

int32_t profiles_of(struct profiles *profiles, const struct item *vehicle)
{
    struct problem *problem = profiles->problem;
    json_t *given = json_object_get(vehicle->json, "costs");
    struct item costs = given ? item_of(problem, given, "%s.costs", vehicle->place) : *vehicle;
    struct manner manner = {
        .profile = field_string(vehicle, "profile", "car"),
        .speed_factor = field_real(vehicle, "speed_factor", 1, 0),
        .per_hour = given ? field_whole(&costs, "per_hour", SECONDS_IN_HOUR, 0, COST_MOST)
                          : SECONDS_IN_HOUR,
        .per_km = given ? field_whole(&costs, "per_km", 0, 0, COST_MOST) : 0,
    };

    for (int32_t i = 0; i < profiles->count; i++) {
        const struct manner *other = &profiles->manners[i];
        if (string_is(other->profile, manner.profile) &&
            other->speed_factor == manner.speed_factor && other->per_hour == manner.per_hour &&
            other->per_km == manner.per_km)
            return i;
    }
    profiles->manners[profiles->count] = manner;
    if (problem->tables.count) {
        add_tables(profiles, vehicle, &manner, &profiles->roads[profiles->count]);
    } else {
        refuse_costs_of_points(vehicle, &manner);
        profiles->roads[profiles->count].per_metre =
            (float)(DETOUR / METRES_PER_SECOND / manner.speed_factor);
    }
    return profiles->count++;
}
