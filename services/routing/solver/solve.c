/* The search from its first plan to the solution: rounds of ruin and recreate under a falling
 * temperature. */
#include "services/routing/solver/solve.h"
#include "services/routing/solver/itinerary.h"
#include "services/routing/solver/search.h"
#include <math.h>

/* In mean roads to the nearest job: at first a round may make the plan three of them dearer, at
 * last hardly. */
static const double HOT = 3, COLD = 0.03;

/* To leave a job out costs as much as serving it alone and so many of these roads; each step of
 * priority counts PRIORITY times that. */
static const double LEFT_OUT = 20, PRIORITY = 100;

enum { ASK_EVERY = 64 };

int solution_compare(const struct solution *a, const struct solution *b)
{
    if (a->left_out_priority != b->left_out_priority)
        return a->left_out_priority < b->left_out_priority ? -1 : 1;
    if (a->left_out_count != b->left_out_count)
        return a->left_out_count < b->left_out_count ? -1 : 1;
    return (a->cost > b->cost) - (a->cost < b->cost);
}

static void search_init(struct arena *arena, struct search *search,
                        const struct solver_input *input, uint64_t seed)
{
    size_t jobs = (size_t)input->job_count, vehicles = (size_t)input->vehicle_count;

    *search = (struct search){ .random = { seed } };
    plan_init(arena, &search->plan, input);
    neighbours_init(arena, &search->near, &search->plan);
    search->pool = ARENA_ARRAY(arena, int32_t, jobs + 1);
    search->keys = ARENA_ARRAY(arena, int64_t, jobs + 1);
    search->marked = ARENA_ARRAY(arena, int32_t, vehicles);
    search->kept_at = ARENA_ARRAY(arena, int32_t, vehicles);
    search->kept_routes = ARENA_ARRAY(arena, int32_t, vehicles);
    search->kept_from = ARENA_ARRAY(arena, int32_t, vehicles + 1);
    search->kept_jobs = ARENA_ARRAY(arena, int32_t, jobs + 1);
    search->kept_absent = ARENA_ARRAY(arena, int32_t, jobs + 1);
    search->best_next = ARENA_ARRAY(arena, int32_t, jobs + 2 * vehicles);
    search->stale_routes = ARENA_ARRAY(arena, int32_t, vehicles);
    search->is_stale = ARENA_ARRAY(arena, bool, vehicles);
    search->idle = ARENA_ARRAY(arena, int32_t, vehicles);
    for (int32_t team = 0; team < search->near.team_count; team++)
        search->idle[team] = search->near.team_first[team];
    search->best_priority = INT64_MAX;
    for (int32_t job = 0; job < input->job_count; job++) {
        double once = (double)search->near.alone[job] + LEFT_OUT * (double)search->near.edge;
        search->plan.penalty[job] = (int64_t)(once * (1 + PRIORITY * input->jobs[job].priority));
        search->plan.cost += search->plan.penalty[job];
        search->plan.absent_penalty += search->plan.penalty[job];
    }
}

/* ---- the plan to start from ---- */

static bool is_free(const struct plan *plan, int32_t job, int32_t route)
{
    return job >= 0 && job < plan->jobs && node_at(plan, job)->route == NOBODY &&
           may_do(plan, plan->needs[job].kind, plan->routes[route].kind);
}

static int32_t last_of(const struct plan *plan, int32_t route)
{
    return node_at(plan, end_of(plan, route))->previous;
}

static void empty_route(struct plan *plan, int32_t route)
{
    while (!is_empty(plan, route))
        plan_take(plan, last_of(plan, route));
    route_refresh(plan, route);
}

/* Both ends of a shipment, in order, or neither. */
static bool is_whole(const struct plan *plan, int32_t route)
{
    for (int32_t job = node_at(plan, start_of(plan, route))->next; is_job(plan, job);
         job = node_at(plan, job)->next) {
        int32_t end = plan->input->jobs[job].carried_to, at = job;
        if (plan->brought_by[job] != NOBODY && node_at(plan, plan->brought_by[job])->route != route)
            return false;
        while (end != NOBODY && at != end && is_job(plan, at))
            at = node_at(plan, at)->next;
        if (end != NOBODY && at != end)
            return false;
    }
    return true;
}

/* A given route holds as a whole, or job by job as far as it does. */
static void take_given(struct plan *plan, int32_t route, const struct given_route *given)
{
    for (int32_t i = 0; i < given->count; i++)
        if (is_free(plan, given->jobs[i], route))
            plan_put(plan, given->jobs[i], last_of(plan, route), route);
    route_refresh(plan, route);
    if (route_holds(plan, route) && is_whole(plan, route))
        return;
    empty_route(plan, route);
    for (int32_t i = 0; i < given->count; i++) {
        int32_t job = given->jobs[i];
        if (!is_free(plan, job, route) || plan->brought_by[job] != NOBODY ||
            plan->input->jobs[job].carried_to != NOBODY)
            continue;
        plan_put(plan, job, last_of(plan, route), route);
        route_refresh(plan, route);
        if (route_holds(plan, route))
            continue;
        plan_take(plan, job);
        route_refresh(plan, route);
    }
}

static void first_plan(struct search *search)
{
    struct plan *plan = &search->plan;

    for (int32_t route = 0; plan->input->given && route < plan->vehicles; route++)
        take_given(plan, route, &plan->input->given[route]);
    search_begin_round(search);
    recreate_all(search);
    for (int32_t route = 0; route < plan->vehicles; route++) {
        search->is_stale[route] = true;
        search->stale_routes[search->stale_count++] = route;
    }
    search->kept_count = 0;
    search_accept(search);
}

/* ---- the rounds ---- */

static bool is_step_over(const struct search *search, const struct solver_options *options,
                         int32_t step)
{
    if (options->pace)
        return search->rounds >= options->pace->until_round[step];
    if (!options->elapsed)
        return (double)search->rounds * SEARCH_STEPS >= (double)options->rounds * (step + 1);
    return search->rounds % ASK_EVERY == 0 &&
           options->elapsed(options->context) * SEARCH_STEPS >= step + 1;
}

static void one_round(struct search *search, double temperature)
{
    const struct plan *plan = &search->plan;
    double dearer = -temperature * log(random_share(&search->random) + 1e-300);

    search_begin_round(search);
    int64_t limit = plan->cost + (int64_t)dearer;
    ruin(search);
    if (recreate(search, limit))
        search_accept(search);
    else
        search_go_back(search);
    search->rounds++;
}

static void anneal(struct search *search, const struct solver_options *options,
                   struct pace *ret_pace)
{
    double hot = HOT * (double)search->near.edge, cold = COLD * (double)search->near.edge;

    for (int32_t step = 0; step < SEARCH_STEPS; step++) {
        double temperature = hot * pow(cold / hot, (double)step / SEARCH_STEPS);
        while (search->plan.jobs && !is_step_over(search, options, step))
            one_round(search, temperature);
        ret_pace->until_round[step] = search->rounds;
    }
}

static struct solution write_solution(struct arena *arena, const struct search *search)
{
    const struct plan *plan = &search->plan;
    struct solution solution = {
        .routes = ARENA_ARRAY(arena, struct solution_route, (size_t)plan->vehicles + 1),
        .left_out = ARENA_ARRAY(arena, int32_t, (size_t)plan->absent_count + 1),
        .left_out_priority = plan->absent_priority,
        .rounds = search->rounds,
        .looks = plan->looks,
    };

    for (int32_t route = 0; route < plan->vehicles; route++) {
        solution.routes[route] = itinerary_of(arena, plan, route);
        solution.cost += solution.routes[route].cost;
    }
    for (int32_t job = 0; job < plan->jobs; job++)
        if (node_at(plan, job)->route == NOBODY)
            solution.left_out[solution.left_out_count++] = job;
    return solution;
}

struct solution solve(struct arena *arena, const struct solver_input *input,
                      const struct solver_options *options)
{
    struct search search;
    struct pace pace;

    search_init(arena, &search, input, options->seed);
    first_plan(&search);
    anneal(&search, options, &pace);
    search_restore_best(&search);
    search_begin_round(&search);
    recreate_all(&search);
    struct solution solution = write_solution(arena, &search);
    solution.pace = pace;
    return solution;
}
