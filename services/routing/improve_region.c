/* A region_day as a problem of the solver. Starts are promised, so each departure is known: what
 * the table says of a road is what that road takes at that very hour, not a mean. */
#include "services/routing/improve_region.h"
#include "services/routing/domain/fingerprint.h"
#include "services/routing/solver/solve.h"
#include <assert.h>
#include <string.h>

/* Vehicles are stretches of work; locations are their homes, then the visits. Moments are counted
 * from the first minute that anybody works. */
struct problem {
    const struct region_day *region;
    timestamp origin;
    struct solver_vehicle *vehicles;
    int32_t *technician_of; /* of a vehicle */
    int32_t *first_vehicle; /* of a technician */
    struct solver_job *jobs;
    struct span *starts; /* of each job its only one */
    struct given_route *given;
    struct solver_roads roads;
    struct solver_input input;
};

static int32_t moment(const struct problem *problem, timestamp at)
{
    int64_t moment = at - problem->origin;

    return moment < 0 ? 0 : moment < HORIZON ? (int32_t)moment : HORIZON - 1;
}

static timestamp first_minute(const struct region_day *region)
{
    timestamp first = INT64_MAX;

    for (int32_t t = 0; t < region->technician_count; t++)
        for (int32_t w = 0; w < region->technicians[t].work_count; w++)
            if (region->technicians[t].work[w].from < first)
                first = region->technicians[t].work[w].from;
    return first;
}

static void add_vehicles(struct arena *arena, struct problem *problem)
{
    const struct region_day *region = problem->region;
    size_t room = (size_t)region->technician_count * STRETCHES_MOST;
    int32_t count = 0;

    problem->vehicles = ARENA_ARRAY(arena, struct solver_vehicle, room);
    problem->technician_of = ARENA_ARRAY(arena, int32_t, room);
    problem->first_vehicle = ARENA_ARRAY(arena, int32_t, (size_t)region->technician_count);
    for (int32_t t = 0; t < region->technician_count; t++) {
        const struct region_technician *technician = &region->technicians[t];
        problem->first_vehicle[t] = count;
        for (int32_t w = 0; w < technician->work_count; w++) {
            problem->technician_of[count] = t;
            problem->vehicles[count] = (struct solver_vehicle){
                .start = count,
                .end = count,
                .hours = { moment(problem, technician->work[w].from),
                           moment(problem, technician->work[w].until) },
                .kind = count,
                .tasks_most = INT32_MAX,
                .duration_most = INT32_MAX,
                .distance_most = INT32_MAX,
            };
            count++;
        }
    }
    problem->input.vehicles = problem->vehicles;
    problem->input.vehicle_count = problem->input.vehicle_kinds = count;
}

/* The vehicle that has the visit now; NOBODY when its technician does not work that day. */
static int32_t vehicle_of(const struct problem *problem, const struct region_visit *visit)
{
    const struct region_technician *technician = &problem->region->technicians[visit->technician];
    struct workday day = { technician->home, technician->work, (size_t)technician->work_count };

    if (!technician->work_count)
        return NOBODY;
    return problem->first_vehicle[visit->technician] + (int32_t)stretch_of(&day, visit->start_at);
}

static void add_jobs(struct arena *arena, struct problem *problem)
{
    const struct region_day *region = problem->region;
    size_t count = (size_t)region->visit_count;
    int32_t *order = ARENA_ARRAY(arena, int32_t, count);

    problem->jobs = ARENA_ARRAY(arena, struct solver_job, count);
    problem->starts = ARENA_ARRAY(arena, struct span, count);
    problem->given = ARENA_ARRAY(arena, struct given_route, (size_t)problem->input.vehicle_count);
    for (int32_t v = 0; v < region->visit_count; v++) {
        const struct region_visit *visit = &region->visits[v];
        int32_t vehicle = vehicle_of(problem, visit), start = moment(problem, visit->start_at);
        problem->starts[v] = (struct span){ start, start };
        problem->jobs[v] = (struct solver_job){
            .location = problem->input.vehicle_count + v,
            .work = (int32_t)visit->work_ms,
            .windows = &problem->starts[v],
            .window_count = 1,
            .carried_to = NOBODY,
        };
        order[v] = v;
        if (vehicle == NOBODY)
            continue;
        /* Visits are sorted by technician and start: a vehicle's are neighbours. */
        if (!problem->given[vehicle].count)
            problem->given[vehicle].jobs = &order[v];
        problem->given[vehicle].count++;
    }
    problem->input.jobs = problem->jobs;
    problem->input.job_count = region->visit_count;
    problem->input.given = problem->given;
}

/* Who else may do a visit: of a pinned one only he who has it. */
struct kind {
    uint64_t skills;
    int32_t only; /* a vehicle; ANYBODY; or NOBODY, when who has it does not work */
};

enum { ANYBODY = -2 };

static int32_t kind_of(struct kind kinds[], int32_t *count, struct kind wanted)
{
    for (int32_t k = 0; k < *count; k++)
        if (kinds[k].skills == wanted.skills && kinds[k].only == wanted.only)
            return k;
    kinds[*count] = wanted;
    return (*count)++;
}

/* What one has promised he keeps, also when a paper of his has ended: matching sees to that. */
static bool may_do(const struct problem *problem, int32_t vehicle, struct kind kind)
{
    if (kind.only != ANYBODY)
        return kind.only == vehicle;
    uint64_t skills = problem->region->technicians[problem->technician_of[vehicle]].skills;
    return !(kind.skills & ~skills);
}

static void add_kinds(struct arena *arena, struct problem *problem)
{
    const struct region_day *region = problem->region;
    int32_t count = 0, vehicles = problem->input.vehicle_count;
    struct kind *kinds = ARENA_ARRAY(arena, struct kind, (size_t)region->visit_count);

    for (int32_t v = 0; v < region->visit_count; v++) {
        const struct region_visit *visit = &region->visits[v];
        int32_t only = visit->is_pinned ? vehicle_of(problem, visit) : ANYBODY;
        problem->jobs[v].kind = kind_of(kinds, &count, (struct kind){ visit->skills, only });
    }
    uint8_t *allowed = ARENA_ARRAY(arena, uint8_t, (size_t)count * (size_t)vehicles);
    for (int32_t k = 0; k < count; k++)
        for (int32_t v = 0; v < vehicles; v++)
            allowed[k * vehicles + v] = may_do(problem, v, kinds[k]);
    problem->input.allowed = allowed;
    problem->input.job_kinds = count;
}

static struct place place_of(const struct problem *problem, int32_t location)
{
    int32_t vehicles = problem->input.vehicle_count;

    return location < vehicles ? problem->region->technicians[problem->technician_of[location]].home
                               : problem->region->visits[location - vehicles].place;
}

/* When the road from this location begins: with the work, or when the visit is done. */
static timestamp leave_at(const struct problem *problem, int32_t location)
{
    int32_t vehicles = problem->input.vehicle_count;

    if (location < vehicles)
        return problem->origin + problem->vehicles[location].hours.from;
    const struct region_visit *visit = &problem->region->visits[location - vehicles];
    return visit->start_at + visit->work_ms;
}

static bool is_driven(const struct problem *problem, int32_t from, int32_t to)
{
    int32_t vehicles = problem->input.vehicle_count;

    if (to < vehicles)
        return from >= vehicles || from == to;
    return from != to && leave_at(problem, from) <= problem->region->visits[to - vehicles].start_at;
}

static void add_roads(struct arena *arena, struct problem *problem, const struct roads *roads)
{
    int32_t count = problem->input.vehicle_count + problem->input.job_count;
    int32_t *durations = ARENA_ARRAY(arena, int32_t, (size_t)count * (size_t)count);

    for (int32_t from = 0, cell = 0; from < count; from++)
        for (int32_t to = 0; to < count; to++, cell++) {
            struct place a = place_of(problem, from), b = place_of(problem, to);
            durations[cell] = is_driven(problem, from, to)
                                  ? (int32_t)road_ms(roads, a, b, leave_at(problem, from))
                                  : NO_ROAD;
        }
    problem->roads = (struct solver_roads){ .durations = durations };
    problem->input.roads = &problem->roads;
    problem->input.roads_count = 1;
    problem->input.location_count = count;
}

/* Who should do each visit; -1 for what the plan leaves as it is. */
static int32_t *wanted_by(struct arena *arena, const struct problem *problem, uint64_t seed)
{
    int32_t *wanted = ARENA_ARRAY(arena, int32_t, (size_t)problem->region->visit_count);
    struct solver_options options = { .seed = seed, .rounds = problem->region->rounds };
    struct solution solution = solve(arena, &problem->input, &options);

    for (int32_t v = 0; v < problem->region->visit_count; v++)
        wanted[v] = -1;
    for (int32_t v = 0; v < problem->input.vehicle_count; v++)
        for (int32_t i = 0; i < solution.routes[v].count; i++)
            wanted[solution.routes[v].stops[i].index] = problem->technician_of[v];
    return wanted;
}

static int32_t nth_of(const struct region_day *region, int32_t visit)
{
    int32_t first = visit;

    while (first > 0 && region->visits[first - 1].technician == region->visits[visit].technician)
        first--;
    return visit - first;
}

static void improve(struct arena *arena, const struct region_day *region, uint64_t seed,
                    struct region_improvement *ret)
{
    struct problem problem = { .region = region, .origin = first_minute(region) };

    add_vehicles(arena, &problem);
    add_jobs(arena, &problem);
    add_kinds(arena, &problem);
    add_roads(arena, &problem, &estimated_roads);
    struct swaps swaps =
        choose_swaps(arena, region, &estimated_roads, wanted_by(arena, &problem, seed));
    ret->count = swaps.count;
    ret->saved_travel_ms = swaps.saved_travel_ms;
    ret->saved_travel_m = swaps.saved_travel_m;
    for (int32_t i = 0; i < swaps.count; i++)
        ret->swaps[i] = (struct region_swap){
            .from = region->visits[swaps.at[i].visit].technician,
            .nth = nth_of(region, swaps.at[i].visit),
            .to = swaps.at[i].to,
        };
}

void improve_region(const void *input, size_t size, void *result, size_t result_size)
{
    struct text bytes = { input, size };
    struct region_improvement *improvement = result;
    struct region_day region;
    struct arena arena = { 0 };

    assert(result_size == sizeof *improvement);
    memset(result, 0, result_size); /* to the last byte: answers are compared as bytes */
    improvement->is_readable = region_day_unpack(&arena, bytes, &region);
    if (improvement->is_readable)
        improve(&arena, &region, fingerprint_of(bytes).number, improvement);
    arena_done(&arena);
}
