/* Rounds of ruin and recreate under a falling temperature. */
#include "services/routing/solver/search.h"
#include <math.h>

/* In mean roads to the nearest job: at first a round may make the plan three of them dearer, at
 * last hardly. */
static const double HOT = 3, COLD = 0.03;

enum {
    ASK_EVERY = 64,
    CYCLE_ROUNDS =
        10000, /* for each job: more of them are spent on another cooling, from hot again */
    CYCLES_MOST = 16
};

void search_init(struct arena *arena, struct search *search)
{
    size_t jobs = (size_t)search->plan.jobs, vehicles = (size_t)search->plan.vehicles;

    search->own = ARENA_ARRAY(arena, int32_t, jobs + 1);
    search->pool = ARENA_ARRAY(arena, int32_t, jobs + 1);
    search->keys = ARENA_ARRAY(arena, int64_t, jobs + 1);
    search->marked = ARENA_ARRAY(arena, int64_t, vehicles);
    search->kept_at = ARENA_ARRAY(arena, int64_t, vehicles);
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
    for (int32_t job = 0; job < search->plan.jobs; job++)
        search->own[search->own_count++] = job;
}

/* Every thread has its share of the rounds. */
static bool is_step_over(const struct search *search, const struct solver_options *options,
                         int32_t step, const struct pace *given)
{
    double threads = options->threads > 1 ? options->threads : 1;

    if (given)
        return search->rounds >= given->until_round[step];
    if (!options->elapsed)
        return (double)search->rounds * threads * SEARCH_STEPS >=
               (double)options->rounds * (step + 1);
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

/* How often it is cooled: told by the rounds of the first step, so that a pace tells it as well. */
static int32_t cycles_of(const struct search *search, const struct solver_options *options,
                         const struct pace *pace)
{
    double threads = options->threads > 1 ? options->threads : 1;
    double rounds = (double)pace->until_round[0] * SEARCH_STEPS * threads;
    double cycles = rounds / ((double)CYCLE_ROUNDS * search->plan.jobs);

    return cycles < 1 ? 1 : cycles < CYCLES_MOST ? (int32_t)cycles : CYCLES_MOST;
}

/* How far the cooling of its cycle has come at this step, from 0. */
static double cooled(int32_t step, int32_t cycles)
{
    int32_t length = SEARCH_STEPS / cycles, cycle = step / length;

    if (cycle >= cycles - 1) { /* what does not divide goes to the last */
        cycle = cycles - 1;
        return (double)(step - cycle * length) / (SEARCH_STEPS - cycle * length);
    }
    return (double)(step - cycle * length) / length;
}

void anneal(struct search *search, const struct solver_options *options, int32_t first,
            int32_t count, const struct pace *given, struct pace *ret_pace)
{
    double hot = HOT * (double)search->near.edge, cold = COLD * (double)search->near.edge;

    for (int32_t step = first; step < first + count; step++) {
        int32_t cycles = step ? cycles_of(search, options, ret_pace) : 1;
        double temperature = hot * pow(cold / hot, cooled(step, cycles));
        while (search->own_count && !is_step_over(search, options, step, given))
            one_round(search, temperature);
        ret_pace->until_round[step] = search->rounds;
    }
}
