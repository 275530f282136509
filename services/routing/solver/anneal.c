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
    CYCLES_MOST = 16,
    KNOWN_FROM = 7,       /* the speed is that of the steps from here */
    KNOWN_STEP = 15,      /* until here */
    PATIENT_ROUNDS = 4000 /* for each job: from so many on, all of the lists are looked at */
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
    search->beside = search->near.beside_first;
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

/* How many rounds each job will get: told by the first steps, but for those that the first plan may
 * have eaten, so that a pace tells it as well. 0 as long as it is not known. */
static double rounds_a_job(const struct search *search, const struct solver_options *options,
                           const struct pace *pace, int32_t step)
{
    double threads = options->threads > 1 ? options->threads : 1;

    if (step <= KNOWN_STEP || !search->plan.jobs)
        return 0;
    int64_t rounds = pace->until_round[KNOWN_STEP] - pace->until_round[KNOWN_FROM];
    return (double)rounds * SEARCH_STEPS * threads / (KNOWN_STEP - KNOWN_FROM) / search->plan.jobs;
}

static int32_t cycles_of(double rounds)
{
    double cycles = rounds / CYCLE_ROUNDS;

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
        double rounds = rounds_a_job(search, options, ret_pace, step);
        int32_t cycles = cycles_of(rounds);
        search->beside =
            rounds < PATIENT_ROUNDS ? search->near.beside_first : search->near.beside_count;
        double temperature = hot * pow(cold / hot, cooled(step, cycles));
        while (search->own_count && !is_step_over(search, options, step, given))
            one_round(search, temperature);
        ret_pace->until_round[step] = search->rounds;
    }
}
