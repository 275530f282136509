/* From the input to the solution: a first plan, the rounds, the hours. */
#include "services/routing/solver/solve.h"
#include "services/routing/solver/given.h"
#include "services/routing/solver/itinerary.h"
#include "services/routing/solver/parts.h"

/* To leave a job out costs as much as serving it alone and so many mean roads to the nearest job;
 * each step of priority counts PRIORITY times that. */
static const double LEFT_OUT = 20, PRIORITY = 100;

int solution_compare(const struct solution *a, const struct solution *b)
{
    if (a->left_out_priority != b->left_out_priority)
        return a->left_out_priority < b->left_out_priority ? -1 : 1;
    if (a->left_out_count != b->left_out_count)
        return a->left_out_count < b->left_out_count ? -1 : 1;
    return (a->cost > b->cost) - (a->cost < b->cost);
}

static void set_penalties(struct search *search)
{
    struct plan *plan = &search->plan;

    for (int32_t job = 0; job < plan->jobs; job++) {
        double once = (double)search->near.alone[job] + LEFT_OUT * (double)search->near.edge;
        plan->penalty[job] = (int64_t)(once * (1 + PRIORITY * plan->input->jobs[job].priority));
        plan->absent_penalty += plan->penalty[job];
    }
    plan->cost += plan->absent_penalty;
}

static void first_plan(struct search *search)
{
    take_given_routes(&search->plan);
    search_begin_round(search);
    recreate_all(search);
    search_remember_all(search);
}

static struct pace *search_all(struct arena *arena, struct search *search,
                               const struct solver_options *options)
{
    size_t threads = options->threads > 1 ? (size_t)options->threads : 1;
    struct pace *paces = ARENA_ARRAY(arena, struct pace, threads);

    if (threads > 1 && search->plan.jobs)
        search_in_parts(arena, search, options, paces);
    else
        anneal(search, options, 0, SEARCH_STEPS, options->paces, paces);
    return paces;
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
    struct search search = { .random = { options->seed } };

    plan_init(arena, &search.plan, input);
    neighbours_init(arena, &search.near, &search.plan);
    search_init(arena, &search);
    set_penalties(&search);
    first_plan(&search);
    struct pace *paces = search_all(arena, &search, options);
    search_restore_best(&search);
    search_begin_round(&search);
    recreate_all(&search);
    struct solution solution = write_solution(arena, &search);
    solution.paces = paces;
    return solution;
}
