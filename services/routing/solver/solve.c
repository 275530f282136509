/* The order of events: canonical input, given plan, first fill, descent, then rounds of rebuilding
 * with late acceptance (Burke, Bykov 2017), the best plan kept aside. */
#include "services/routing/solver/plan.h"
#include <assert.h>
#include <stdlib.h>

enum { HISTORY = 50 };

/* ---- Canonical order: jobs are sorted by what they are, so that their order in the input cannot
 * matter; jobs alike in everything may be exchanged freely. ---- */

struct numbered_job {
    struct solver_job job;
    int32_t index;
};

static int by_content(const void *left, const void *right)
{
    const struct numbered_job *x = left, *y = right;
    const struct solver_job *a = &x->job, *b = &y->job;
    const int64_t pairs[][2] = {
        { a->earliest_start_at, b->earliest_start_at },
        { a->latest_start_at, b->latest_start_at },
        { a->node, b->node },
        { a->work_ms, b->work_ms },
        { a->priority, b->priority },
        { a->fixed_vehicle, b->fixed_vehicle },
        { (int64_t)(a->skills >> 1), (int64_t)(b->skills >> 1) },
        { (int64_t)(a->skills & 1), (int64_t)(b->skills & 1) },
        { x->index, y->index },
    };

    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (pairs[i][0] != pairs[i][1])
            return pairs[i][0] < pairs[i][1] ? -1 : 1;
    return 0;
}

/* A copy of the input with sorted jobs; ret_original says which job each of them was. */
static struct solver_input *canonical(struct arena *arena, const struct solver_input *input,
                                      int32_t **ret_original)
{
    size_t count = (size_t)input->job_count;
    struct solver_input *copy = ARENA_NEW(arena, struct solver_input);
    struct numbered_job *numbered = ARENA_ARRAY(arena, struct numbered_job, count);
    struct solver_job *jobs = ARENA_ARRAY(arena, struct solver_job, count);
    int32_t *original = ARENA_ARRAY(arena, int32_t, count);

    for (int32_t i = 0; i < input->job_count; i++)
        numbered[i] = (struct numbered_job){ input->jobs[i], i };
    qsort(numbered, count, sizeof *numbered, by_content);
    for (int32_t i = 0; i < input->job_count; i++) {
        jobs[i] = numbered[i].job;
        original[i] = numbered[i].index;
    }
    *copy = *input;
    copy->jobs = jobs;
    *ret_original = original;
    return copy;
}

static void check_input(const struct solver_input *input)
{
    for (int32_t i = 0; i < input->job_count; i++) {
        const struct solver_job *job = &input->jobs[i];
        assert(job->node >= 0 && job->node < input->node_count);
        assert(job->earliest_start_at <= job->latest_start_at && job->work_ms >= 0);
        assert(job->fixed_vehicle >= NO_VEHICLE && job->fixed_vehicle < input->vehicle_count);
        assert(job->priority >= 0);
    }
    for (int32_t v = 0; v < input->vehicle_count; v++) {
        const struct solver_vehicle *vehicle = &input->vehicles[v];
        assert(vehicle->start_node >= 0 && vehicle->start_node < input->node_count);
        assert(vehicle->end_node >= 0 && vehicle->end_node < input->node_count);
        assert(window_valid(vehicle->shift) && vehicle->pace_permille > 0);
    }
}

/* ---- The given plan. ---- */

static bool has_twice(const int32_t jobs[], int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        for (int32_t k = 0; k < i; k++)
            if (jobs[i] == jobs[k])
                return true;
    return false;
}

/* Keeps a given route whole if it holds, else as much of its beginning and of what follows as can
 * be driven in this order. */
static void take_given(struct plan *plan, int32_t route, const int32_t sorted[],
                       const struct given_route *given)
{
    int32_t *jobs = plan->scratch[1], count = 0;
    struct price price;

    for (int32_t i = 0; i < given->count; i++) {
        assert(given->jobs[i] >= 0 && given->jobs[i] < plan->input->job_count);
        int32_t job = sorted[given->jobs[i]];
        if (plan->seats[job].route < 0 && count < plan->input->job_count)
            jobs[count++] = job;
    }
    bool twice = count != given->count || has_twice(jobs, count);
    if (!twice && plan_try_route(plan, route, jobs, count, &price)) {
        plan_set_route(plan, route, jobs, count);
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        int32_t kept = plan->routes[route].count;
        for (int32_t k = 0; k < kept; k++)
            plan->scratch[0][k] = plan->routes[route].jobs[k];
        plan->scratch[0][kept] = jobs[i];
        if (plan->seats[jobs[i]].route < 0 &&
            plan_try_route(plan, route, plan->scratch[0], kept + 1, &price))
            plan_set_route(plan, route, plan->scratch[0], kept + 1);
    }
}

static void take_all_given(struct plan *plan, const int32_t original[])
{
    const struct solver_input *input = plan->input;

    if (!input->given)
        return;
    int32_t *sorted = ARENA_ARRAY(plan->arena, int32_t, (size_t)input->job_count);
    for (int32_t i = 0; i < input->job_count; i++)
        sorted[original[i]] = i;
    for (int32_t v = 0; v < input->vehicle_count; v++)
        take_given(plan, v, sorted, &input->given[v]);
}

/* ---- The search. ---- */

struct best { /* a copy of the routes of the best plan so far */
    struct solution_cost cost;
    int32_t *jobs, *counts;
};

static void keep_best(const struct plan *plan, struct best *best)
{
    int32_t used = 0;

    for (int32_t v = 0; v < plan->input->vehicle_count; v++) {
        const struct plan_route *r = &plan->routes[v];
        for (int32_t i = 0; i < r->count; i++)
            best->jobs[used++] = r->jobs[i];
        best->counts[v] = r->count;
    }
    best->cost = plan->cost;
}

/* Rounds until the budget is used up; returns how many. */
static int64_t search(struct plan *plan, struct best *best)
{
    struct solution_cost history[HISTORY];
    int64_t round = 0;

    for (int i = 0; i < HISTORY; i++)
        history[i] = plan->cost;
    for (; round < plan->options->budget_iterations && plan_goes_on(plan); round++) {
        struct solution_cost before = plan->cost, *late = &history[round % HISTORY];
        plan_begin(plan);
        plan_rebuild(plan);
        if (solution_compare(&plan->cost, &best->cost) < 0) {
            plan_descend(plan);
            keep_best(plan, best);
        } else if (solution_compare(&plan->cost, late) > 0 &&
                   solution_compare(&plan->cost, &before) > 0) {
            plan_undo(plan);
        }
        if (solution_compare(&plan->cost, late) < 0)
            *late = plan->cost;
    }
    return round;
}

/* ---- The answer. ---- */

/* Hours of a route: he leaves at the latest moment that delays nothing, then waits where he must.
 */
static void tell_route(struct arena *arena, const struct solver_input *input, int32_t vehicle,
                       const int32_t jobs[], struct route *route, timestamp leave_at)
{
    const struct solver_vehicle *car = &input->vehicles[vehicle];
    int32_t node = car->start_node;
    timestamp at = leave_at;

    route->leave_at = leave_at;
    route->stops = ARENA_ARRAY(arena, struct route_stop, (size_t)route->count);
    for (int32_t i = 0; i <= route->count; i++) {
        const struct solver_job *job = i < route->count ? &input->jobs[jobs[i]] : NULL;
        int64_t cell = (int64_t)node * input->node_count + (job ? job->node : car->end_node);
        int64_t ms = ((int64_t)input->travel_ms[cell] * car->pace_permille + 999) / 1000;
        at += ms;
        route->travel_ms += ms;
        route->travel_m += input->travel_m[cell];
        if (!job)
            break;
        timestamp start_at = at > job->earliest_start_at ? at : job->earliest_start_at;
        route->stops[i] =
            (struct route_stop){ jobs[i], at, start_at, ms, input->travel_m[cell], start_at - at };
        route->waiting_ms += start_at - at;
        at = start_at + job->work_ms;
        node = job->node;
    }
    route->home_at = at;
}

static int by_number(const void *left, const void *right)
{
    const int32_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static struct solution tell(struct plan *plan, const struct best *best, const int32_t original[])
{
    const struct solver_input *input = plan->input;
    struct solution solution = { .cost = best->cost, .left_out_count = best->cost.left_out_count };
    bool *served = ARENA_ARRAY(plan->arena, bool, (size_t)input->job_count);
    const int32_t *jobs = best->jobs;
    int32_t found = 0;

    solution.routes = ARENA_ARRAY(plan->arena, struct route, (size_t)input->vehicle_count);
    solution.left_out = ARENA_ARRAY(plan->arena, int32_t, (size_t)solution.left_out_count);
    for (int32_t v = 0; v < input->vehicle_count; jobs += best->counts[v++]) {
        struct route *route = &solution.routes[v];
        route->count = best->counts[v];
        if (route->count == 0)
            continue;
        tell_route(plan->arena, input, v, jobs, route, plan_leave_at(plan, v, jobs, route->count));
        for (int32_t i = 0; i < route->count; i++) {
            served[jobs[i]] = true;
            route->stops[i].job = original[jobs[i]];
        }
    }
    for (int32_t i = 0; i < input->job_count; i++)
        if (!served[i])
            solution.left_out[found++] = original[i];
    qsort(solution.left_out, (size_t)found, sizeof *solution.left_out, by_number);
    return solution;
}

struct solution solve(struct arena *arena, const struct solver_input *input,
                      const struct solver_options *options)
{
    int32_t *original;

    check_input(input);
    struct solver_input *sorted = canonical(arena, input, &original);
    struct plan *plan = plan_new(arena, sorted, options);
    struct best best = {
        .jobs = ARENA_ARRAY(arena, int32_t, (size_t)input->job_count),
        .counts = ARENA_ARRAY(arena, int32_t, (size_t)input->vehicle_count),
    };
    take_all_given(plan, original);
    plan_fill(plan);
    plan_look_everywhere(plan);
    plan_descend(plan);
    keep_best(plan, &best);
    int64_t rounds = input->job_count > 0 && input->vehicle_count > 0 ? search(plan, &best) : 0;
    struct solution solution = tell(plan, &best, original);
    solution.iterations = rounds;
    return solution;
}
