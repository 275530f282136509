/* The judge: simulates the routes from the input alone. Must not include anything of the search. */
#include "lib/base/array.h"
#include "services/routing/solver/solve.h"

static const struct solution_verdict HOLDS = { SOLUTION_HOLDS, -1, -1 };

const char *solution_fault_text(enum solution_fault fault)
{
    static const char *const texts[] = {
#define FAULT(constant, text) [constant] = (text),
        SOLUTION_FAULTS(FAULT)
#undef FAULT
    };

    return texts[fault];
}

/* Travel of a vehicle in ms, or NO_ROAD. */
static int64_t drive_ms(const struct solver_input *input, int32_t vehicle, int32_t from, int32_t to)
{
    int64_t ms = input->travel_ms[(int64_t)from * input->node_count + to];
    return ms < 0 ? NO_ROAD : (ms * input->vehicles[vehicle].pace_permille + 999) / 1000;
}

static int64_t drive_m(const struct solver_input *input, int32_t from, int32_t to)
{
    return input->travel_m[(int64_t)from * input->node_count + to];
}

static enum solution_fault check_stop(const struct solver_input *input, int32_t vehicle,
                                      const struct route_stop *stop, int32_t from,
                                      timestamp leave_at)
{
    const struct solver_job *job = &input->jobs[stop->job];
    int64_t ms = drive_ms(input, vehicle, from, job->node);

    if (job->skills & ~input->vehicles[vehicle].skills)
        return SOLUTION_SKILL;
    if (job->fixed_vehicle != NO_VEHICLE && job->fixed_vehicle != vehicle)
        return SOLUTION_PIN;
    if (ms == NO_ROAD || stop->arrive_at < leave_at + ms)
        return SOLUTION_TRAVEL;
    if (stop->start_at < stop->arrive_at || stop->start_at < job->earliest_start_at ||
        stop->start_at > job->latest_start_at)
        return SOLUTION_WINDOW;
    if (stop->travel_ms != ms || stop->travel_m != drive_m(input, from, job->node) ||
        stop->waiting_ms != stop->start_at - stop->arrive_at)
        return SOLUTION_SUMS;
    return SOLUTION_HOLDS;
}

static enum solution_fault check_way_home(const struct solver_input *input, int32_t vehicle,
                                          const struct route *route, int32_t from,
                                          const struct route *sums)
{
    const struct solver_vehicle *car = &input->vehicles[vehicle];
    const struct route_stop *last = &route->stops[route->count - 1];
    int64_t ms = drive_ms(input, vehicle, from, car->end_node);

    if (ms == NO_ROAD || route->home_at < last->start_at + input->jobs[last->job].work_ms + ms)
        return SOLUTION_TRAVEL;
    if (route->leave_at < car->shift.from || route->home_at > car->shift.until)
        return SOLUTION_SHIFT;
    if (route->travel_ms != sums->travel_ms + ms || route->waiting_ms != sums->waiting_ms ||
        route->travel_m != sums->travel_m + drive_m(input, from, car->end_node))
        return SOLUTION_SUMS;
    return SOLUTION_HOLDS;
}

static struct solution_verdict check_route(const struct solver_input *input, int32_t vehicle,
                                           const struct route *route)
{
    int32_t node = input->vehicles[vehicle].start_node;
    timestamp leave_at = route->leave_at;
    struct route sums = { 0 };

    if (route->count == 0)
        return route->travel_ms || route->travel_m || route->waiting_ms
                   ? (struct solution_verdict){ SOLUTION_SUMS, vehicle, -1 }
                   : HOLDS;
    for (int32_t i = 0; i < route->count; i++) {
        const struct route_stop *stop = &route->stops[i];
        if (stop->job < 0 || stop->job >= input->job_count)
            return (struct solution_verdict){ SOLUTION_JOB_LOST, vehicle, stop->job };
        enum solution_fault fault = check_stop(input, vehicle, stop, node, leave_at);
        if (fault != SOLUTION_HOLDS)
            return (struct solution_verdict){ fault, vehicle, stop->job };
        sums.travel_ms += stop->travel_ms;
        sums.travel_m += stop->travel_m;
        sums.waiting_ms += stop->waiting_ms;
        node = input->jobs[stop->job].node;
        leave_at = stop->start_at + input->jobs[stop->job].work_ms;
    }
    return (struct solution_verdict){ check_way_home(input, vehicle, route, node, &sums), vehicle,
                                      -1 };
}

/* How often a job stands in the solution. */
static int32_t count_job(const struct solver_input *input, const struct solution *solution,
                         int32_t job)
{
    int32_t count = 0;

    for (int32_t v = 0; v < input->vehicle_count; v++)
        for (int32_t i = 0; i < solution->routes[v].count; i++)
            count += solution->routes[v].stops[i].job == job;
    for (int32_t i = 0; i < solution->left_out_count; i++)
        count += solution->left_out[i] == job;
    return count;
}

int solution_compare(const struct solution_cost *a, const struct solution_cost *b)
{
    int64_t differences[] = {
        (int64_t)a->left_out_pinned - b->left_out_pinned,
        a->left_out_priority - b->left_out_priority,
        (int64_t)a->left_out_count - b->left_out_count,
        a->weighted_ms - b->weighted_ms,
        a->travel_m - b->travel_m,
    };

    EACH (difference, differences)
        if (*difference)
            return *difference < 0 ? -1 : 1;
    return 0;
}

static bool sums_hold(const struct solver_input *input, const struct solution *solution)
{
    struct solution_cost sums = { .left_out_count = solution->left_out_count };

    for (int32_t i = 0; i < solution->left_out_count; i++) {
        const struct solver_job *job = &input->jobs[solution->left_out[i]];
        sums.left_out_pinned += job->fixed_vehicle != NO_VEHICLE;
        sums.left_out_priority += job->priority;
    }
    for (int32_t v = 0; v < input->vehicle_count; v++) {
        const struct route *route = &solution->routes[v];
        sums.weighted_ms += route->travel_ms + route->waiting_ms * input->idle_permille / 1000;
        sums.travel_m += route->travel_m;
    }
    return solution_compare(&sums, &solution->cost) == 0;
}

struct solution_verdict solution_check(const struct solver_input *input,
                                       const struct solution *solution)
{
    for (int32_t v = 0; v < input->vehicle_count; v++) {
        struct solution_verdict verdict = check_route(input, v, &solution->routes[v]);
        if (verdict.fault != SOLUTION_HOLDS)
            return verdict;
    }
    for (int32_t i = 0; i < solution->left_out_count; i++)
        if (solution->left_out[i] < 0 || solution->left_out[i] >= input->job_count)
            return (struct solution_verdict){ SOLUTION_JOB_LOST, -1, solution->left_out[i] };
    for (int32_t job = 0; job < input->job_count; job++) {
        int32_t count = count_job(input, solution, job);
        if (count != 1)
            return (struct solution_verdict){ count ? SOLUTION_JOB_TWICE : SOLUTION_JOB_LOST, -1,
                                              job };
    }
    if (!sums_hold(input, solution))
        return (struct solution_verdict){ SOLUTION_SUMS, -1, -1 };
    return HOLDS;
}
