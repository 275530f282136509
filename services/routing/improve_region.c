/* A region_day as a problem of the solver. Starts are promised, so each departure is known: what
 * the table says of a road is what that road takes at that very hour, not a mean. */
#include "services/routing/improve_region.h"
#include "services/routing/domain/fingerprint.h"
#include "services/routing/solver/solve.h"
#include <assert.h>

/* Vehicles are stretches of work; nodes are their homes, then the visits. */
struct problem {
    const struct region_day *region;
    struct solver_vehicle *vehicles;
    int32_t *technician_of; /* of a vehicle */
    int32_t *first_vehicle; /* of a technician */
    struct solver_job *jobs;
    struct given_route *given;
    struct solver_input input;
};

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
                .start_node = count,
                .end_node = count,
                .shift = technician->work[w],
                .skills = technician->skills,
                .pace_permille = 1000,
            };
            count++;
        }
    }
    problem->input.vehicles = problem->vehicles;
    problem->input.vehicle_count = count;
}

/* The vehicle that has the visit now; NO_VEHICLE when its technician does not work that day. */
static int32_t vehicle_of(const struct problem *problem, const struct region_visit *visit)
{
    const struct region_technician *technician = &problem->region->technicians[visit->technician];
    struct workday day = { technician->home, technician->work, (size_t)technician->work_count };

    if (!technician->work_count)
        return NO_VEHICLE;
    return problem->first_vehicle[visit->technician] + (int32_t)stretch_of(&day, visit->start_at);
}

static void add_jobs(struct arena *arena, struct problem *problem)
{
    const struct region_day *region = problem->region;
    int32_t *order = ARENA_ARRAY(arena, int32_t, (size_t)region->visit_count);

    problem->jobs = ARENA_ARRAY(arena, struct solver_job, (size_t)region->visit_count);
    problem->given = ARENA_ARRAY(arena, struct given_route, (size_t)problem->input.vehicle_count);
    for (int32_t v = 0; v < region->visit_count; v++) {
        const struct region_visit *visit = &region->visits[v];
        int32_t vehicle = vehicle_of(problem, visit);
        problem->jobs[v] = (struct solver_job){
            .node = problem->input.vehicle_count + v,
            .fixed_vehicle = visit->is_pinned ? vehicle : NO_VEHICLE,
            .earliest_start_at = visit->start_at,
            .latest_start_at = visit->start_at,
            .work_ms = visit->work_ms,
            .skills = visit->skills,
        };
        order[v] = v;
        if (vehicle == NO_VEHICLE)
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

static struct place place_of(const struct problem *problem, int32_t node)
{
    int32_t vehicles = problem->input.vehicle_count;

    return node < vehicles ? problem->region->technicians[problem->technician_of[node]].home
                           : problem->region->visits[node - vehicles].place;
}

/* When the road from this node begins: with the shift, or when the work is done. */
static timestamp leave_at(const struct problem *problem, int32_t node)
{
    int32_t vehicles = problem->input.vehicle_count;

    if (node < vehicles)
        return problem->vehicles[node].shift.from;
    return problem->jobs[node - vehicles].earliest_start_at +
           problem->jobs[node - vehicles].work_ms;
}

static bool is_driven(const struct problem *problem, int32_t from, int32_t to)
{
    int32_t vehicles = problem->input.vehicle_count;

    if (to < vehicles)
        return from >= vehicles || from == to;
    return from != to && leave_at(problem, from) <= problem->jobs[to - vehicles].earliest_start_at;
}

static void add_roads(struct arena *arena, struct problem *problem, const struct roads *roads)
{
    int32_t count = problem->input.vehicle_count + problem->input.job_count;
    size_t cells = (size_t)count * (size_t)count;
    int32_t *travel_ms = ARENA_ARRAY(arena, int32_t, cells);
    int32_t *travel_m = ARENA_ARRAY(arena, int32_t, cells);

    for (int32_t from = 0, cell = 0; from < count; from++)
        for (int32_t to = 0; to < count; to++, cell++) {
            travel_ms[cell] = travel_m[cell] = NO_ROAD;
            if (!is_driven(problem, from, to))
                continue;
            struct place a = place_of(problem, from), b = place_of(problem, to);
            travel_ms[cell] = (int32_t)road_ms(roads, a, b, leave_at(problem, from));
            travel_m[cell] = (int32_t)road_m(roads, a, b);
        }
    problem->input.node_count = count;
    problem->input.travel_ms = travel_ms;
    problem->input.travel_m = travel_m;
}

/* Who should do each visit; -1 for what the plan leaves as it is. */
static int32_t *wanted_by(struct arena *arena, const struct problem *problem, uint64_t seed)
{
    int32_t *wanted = ARENA_ARRAY(arena, int32_t, (size_t)problem->region->visit_count);
    struct solver_options options = { .seed = seed, .budget_iterations = problem->region->rounds };
    struct solution solution = solve(arena, &problem->input, &options);

    for (int32_t v = 0; v < problem->region->visit_count; v++)
        wanted[v] = -1;
    for (int32_t v = 0; v < problem->input.vehicle_count; v++)
        for (int32_t i = 0; i < solution.routes[v].count; i++)
            wanted[solution.routes[v].stops[i].job] = problem->technician_of[v];
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
    struct problem problem = { .region = region };

    add_vehicles(arena, &problem);
    add_jobs(arena, &problem);
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
    *improvement = (struct region_improvement){ 0 };
    improvement->is_readable = region_day_unpack(&arena, bytes, &region);
    if (improvement->is_readable)
        improve(&arena, &region, fingerprint_of(bytes).number, improvement);
    arena_done(&arena);
}
