/* While parts are searched, what is of another part is neither read nor written (is_mine). So
 * threads share the plan's nodes without a lock, and rounds alone decide what comes out. */
#include "services/routing/solver/parts.h"
#include <stdlib.h>

enum { PERIODS = 8, PIVOTS = 4, STEPS = SEARCH_STEPS / PERIODS };

struct turn_of {
    int64_t key;
    int32_t route;
};

struct parts {
    struct search *whole, *searches;
    const struct solver_options *options;
    struct pace *paces;
    struct turn_of *turns; /* scratch, a vehicle each */
    int32_t *part_of_job, *part_of_route;
    int32_t period;
};

/* ---- how vehicles are cut ---- */

/* Of a vehicle that drives, where it goes first. */
static int32_t place_of(const struct plan *plan, int32_t route)
{
    const struct solver_vehicle *vehicle = &plan->input->vehicles[route];

    if (plan->routes[route].count)
        return node_at(plan, node_at(plan, start_of(plan, route))->next)->location;
    return vehicle->start == NOBODY ? vehicle->end : vehicle->start;
}

static int64_t middle_of(const struct solver_vehicle *vehicle)
{
    return ((int64_t)vehicle->hours.from + vehicle->hours.until) / 2;
}

/* Vehicles of several days are cut between days as well: nothing is driven across. */
static bool are_of_days(const struct plan *plan)
{
    int64_t first = INT64_MAX, last = 0, longest = 0;

    for (int32_t route = 0; route < plan->vehicles; route++) {
        const struct solver_vehicle *vehicle = &plan->input->vehicles[route];
        int64_t middle = middle_of(vehicle), length = vehicle->hours.until - vehicle->hours.from;
        first = middle < first ? middle : first;
        last = middle > last ? middle : last;
        longest = length > longest ? length : longest;
    }
    return last - first > 2 * longest;
}

/* By days every other period, if there are any; else by the road from one place or another. */
static int64_t key_of(const struct plan *plan, int32_t route, int32_t period, bool has_days)
{
    int32_t pivot = (int32_t)((int64_t)plan->vehicles * (period % PIVOTS) / PIVOTS);

    if (has_days && period % 2 == 0)
        return middle_of(&plan->input->vehicles[route]);
    return duration_between(plan, &plan->input->roads[0], place_of(plan, pivot),
                            place_of(plan, route));
}

static int compare(const void *a, const void *b)
{
    const struct turn_of *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->route < y->route ? -1 : 1;
}

/* As many jobs for each as can be. */
static void cut(struct parts *parts)
{
    const struct plan *plan = &parts->whole->plan;
    int64_t weight = plan->vehicles + plan->jobs - plan->absent_count, before = 0;
    bool has_days = are_of_days(plan);

    for (int32_t route = 0; route < plan->vehicles; route++)
        parts->turns[route] =
            (struct turn_of){ key_of(plan, route, parts->period, has_days), route };
    qsort(parts->turns, (size_t)plan->vehicles, sizeof parts->turns[0], compare);
    for (int32_t i = 0; i < plan->vehicles; i++) {
        int32_t route = parts->turns[i].route;
        int32_t part = (int32_t)(before * parts->options->threads / weight);
        parts->part_of_route[route] = part;
        before += 1 + plan->routes[route].count;
        for (int32_t job = node_at(plan, start_of(plan, route))->next; is_job(plan, job);
             job = node_at(plan, job)->next)
            parts->part_of_job[job] = part;
    }
}

/* Who is left out goes with the nearest vehicle that may take him; a shipment with its begin. */
static int32_t part_of_absent(const struct parts *parts, int32_t job)
{
    const struct search *whole = parts->whole;
    int32_t begin = whole->plan.brought_by[job] == NOBODY ? job : whole->plan.brought_by[job];
    int32_t team = whole->near.homes[(int64_t)begin * whole->near.home_count];

    return team == NOBODY ? 0 : parts->part_of_route[whole->near.team_first[team]];
}

/* ---- a period ---- */

/* Costs are counted from here on, in each part alone. */
static void begin_part(struct parts *parts, int32_t part)
{
    struct plan *plan = &parts->searches[part].plan;
    int32_t *absent = plan->absent;

    *plan = parts->whole->plan;
    plan->absent = absent;
    plan->absent_count = 0;
    plan->absent_priority = plan->absent_penalty = plan->cost = plan->looks = 0;
    plan->part_of_job = parts->part_of_job;
    plan->part_of_route = parts->part_of_route;
    plan->part = part;
    parts->searches[part].own_count = 0;
    parts->searches[part].mean_length = 1;
}

static void hand_out(struct parts *parts)
{
    const struct plan *whole = &parts->whole->plan;

    for (int32_t part = 0; part < parts->options->threads; part++)
        begin_part(parts, part);
    for (int32_t i = 0; i < whole->absent_count; i++) {
        int32_t job = whole->absent[i], part = part_of_absent(parts, job);
        struct plan *plan = &parts->searches[part].plan;
        parts->part_of_job[job] = part;
        plan->absent_at[job] = plan->absent_count;
        plan->absent[plan->absent_count++] = job;
        plan->absent_priority += plan->input->jobs[job].priority;
        plan->absent_penalty += plan->penalty[job];
    }
    for (int32_t job = 0; job < whole->jobs; job++) {
        struct search *search = &parts->searches[parts->part_of_job[job]];
        search->own[search->own_count++] = job;
    }
    for (int32_t part = 0; part < parts->options->threads; part++) {
        parts->searches[part].began_penalty = parts->searches[part].plan.absent_penalty;
        search_remember_all(&parts->searches[part]);
    }
}

static void search_part(void *of, int32_t part)
{
    struct parts *parts = of;
    const struct pace *given = parts->options->paces;

    anneal(&parts->searches[part], parts->options, parts->period * STEPS, STEPS,
           given ? &given[part] : NULL, &parts->paces[part]);
}

/* The parts as they stand are the plan again; the best of each together are one, too. */
static void bring_in(struct parts *parts)
{
    struct search *whole = parts->whole;
    struct rank best = { .cost = whole->plan.cost - whole->plan.absent_penalty };

    whole->plan.absent_count = 0;
    whole->plan.absent_priority = whole->plan.absent_penalty = 0;
    for (int32_t part = 0; part < parts->options->threads; part++) {
        const struct search *search = &parts->searches[part];
        const struct plan *plan = &search->plan;
        whole->plan.cost += plan->cost;
        whole->plan.looks += plan->looks;
        whole->plan.absent_priority += plan->absent_priority;
        whole->plan.absent_penalty += plan->absent_penalty;
        for (int32_t i = 0; i < plan->absent_count; i++) {
            whole->plan.absent_at[plan->absent[i]] = whole->plan.absent_count;
            whole->plan.absent[whole->plan.absent_count++] = plan->absent[i];
        }
        best.priority += search->best.priority;
        best.absent += search->best.absent;
        best.cost += search->best.cost + search->began_penalty;
    }
    if (rank_compare(&best, &whole->best) >= 0)
        return;
    whole->best = best;
    memcpy(whole->best_next, parts->searches[0].best_next,
           sizeof(int32_t) * (size_t)(whole->plan.jobs + 2 * whole->plan.vehicles));
}

static void run(const struct solver_options *options, void (*work)(void *of, int32_t which),
                void *of)
{
    if (options->run) {
        options->run(work, of, options->threads);
        return;
    }
    for (int32_t part = 0; part < options->threads; part++)
        work(of, part);
}

/* All write their best into one array: each where its own routes and jobs are. */
static void init_searches(struct arena *arena, struct parts *parts)
{
    struct search *whole = parts->whole;

    for (int32_t part = 0; part < parts->options->threads; part++) {
        struct search *search = &parts->searches[part];
        *search = (struct search){ .plan = whole->plan,
                                   .near = whole->near,
                                   .random = { random_next(&whole->random) } };
        search_init(arena, search);
        search->plan.absent = ARENA_ARRAY(arena, int32_t, (size_t)whole->plan.jobs + 1);
        search->best_next = parts->searches[0].best_next;
    }
}

void search_in_parts(struct arena *arena, struct search *whole,
                     const struct solver_options *options, struct pace ret_paces[])
{
    size_t jobs = (size_t)whole->plan.jobs, vehicles = (size_t)whole->plan.vehicles;
    struct parts parts = {
        .whole = whole,
        .searches = ARENA_ARRAY(arena, struct search, (size_t)options->threads),
        .options = options,
        .paces = ret_paces,
        .turns = ARENA_ARRAY(arena, struct turn_of, vehicles),
        .part_of_job = ARENA_ARRAY(arena, int32_t, jobs),
        .part_of_route = ARENA_ARRAY(arena, int32_t, vehicles),
    };

    init_searches(arena, &parts);
    for (parts.period = 0; parts.period < PERIODS; parts.period++) {
        cut(&parts);
        hand_out(&parts);
        run(options, search_part, &parts);
        bring_in(&parts);
    }
    for (int32_t part = 0; part < options->threads; part++)
        whole->rounds += parts.searches[part].rounds;
}
