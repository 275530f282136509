/* Takes runs of neighbouring jobs out of a few routes and puts them back one by one, each at its
 * cheapest spot, now and then overlooking one (slack induction by string removals; Christiaens,
 * Vanden Berghe 2020). This is how jobs left out get in, and how the search leaves a dead end. */
#include "services/routing/solver/plan.h"
#include <stdlib.h>

enum { MEAN_REMOVED = 10, LONGEST_STRING = 8, MOST_WAITING = 24, BLINK = 64 };

/* How the jobs that wait are sorted before they are put back. */
enum sorting { BY_CHANCE, BY_PRIORITY, BY_WINDOW, BY_START, SORTINGS };

struct waiting {
    int64_t key, chance;
    int32_t job;
};

static int by_key(const void *left, const void *right)
{
    const struct waiting *a = left, *b = right;

    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->chance < b->chance ? -1 : a->chance > b->chance;
}

/* Takes a string of up to `most` jobs with this one among them out of its route. Where roads are
 * such that what remains could not be driven, nothing is taken. */
static void take_string(struct plan *plan, int32_t job, int64_t most)
{
    const struct seat *seat = &plan->seats[job];
    const struct plan_route *r = &plan->routes[seat->route];
    struct segment rest;
    int32_t length = (int32_t)random_between(&plan->random, 1, most < r->count ? most : r->count);
    int32_t lowest = seat->position - length + 1, highest = r->count - length;
    int32_t at = (int32_t)random_between(&plan->random, lowest > 0 ? lowest : 0,
                                         seat->position < highest ? seat->position : highest);

    if (length < r->count && !plan_join(plan, seat->route, plan_head(plan, seat->route, at),
                                        plan_home(plan, seat->route, at + length), &rest))
        return;
    int32_t count = 0;
    for (int32_t i = 0; i < r->count; i++)
        if (i < at || i >= at + length)
            plan->scratch[0][count++] = r->jobs[i];
    plan_set_route(plan, seat->route, plan->scratch[0], count);
}

/* The job around which the plan is opened: half of the time one that is left out. */
static int32_t pick_seed(struct plan *plan)
{
    if (plan->cost.left_out_count > 0 && random_below(&plan->random, 2))
        return plan->left_out[random_below(&plan->random, plan->cost.left_out_count)];
    return (int32_t)random_below(&plan->random, plan->input->job_count);
}

static void take_out(struct plan *plan)
{
    int32_t seed = pick_seed(plan), before = plan->cost.left_out_count;
    int64_t wanted = random_between(&plan->random, 2, 2 * MEAN_REMOVED - 2);

    if (plan->seats[seed].route >= 0)
        take_string(plan, seed, LONGEST_STRING);
    for (int i = 0; i < NEIGHBOURS && plan->neighbours[seed][i] >= 0; i++) {
        int32_t neighbour = plan->neighbours[seed][i];
        int64_t left = wanted - (plan->cost.left_out_count - before);
        if (left <= 0)
            return;
        if (plan->seats[neighbour].route >= 0)
            take_string(plan, neighbour, left < LONGEST_STRING ? left : LONGEST_STRING);
    }
}

static int64_t key_of(const struct solver_job *job, enum sorting sorting)
{
    switch (sorting) {
    case BY_PRIORITY:
        return -job->priority;
    case BY_WINDOW:
        return job->latest_start_at - job->earliest_start_at;
    case BY_START:
        return job->latest_start_at;
    case BY_CHANCE:
    case SORTINGS:
        break;
    }
    return 0;
}

/* The jobs to put back: those just taken out, then a sample of those that waited before. */
static int32_t line_up(struct plan *plan, int32_t before, struct waiting line[], int32_t most)
{
    enum sorting sorting = (enum sorting)random_below(&plan->random, SORTINGS);
    int32_t count = 0, taken_out = plan->cost.left_out_count - before;

    for (int32_t i = 0; i < taken_out + before && count < most; i++) {
        int32_t job = i < taken_out ? plan->left_out[before + i] : plan->left_out[i - taken_out];
        if (i >= taken_out && before > MOST_WAITING &&
            random_below(&plan->random, before) >= MOST_WAITING)
            continue;
        const struct solver_job *wanted = &plan->input->jobs[job];
        line[count++] = (struct waiting){
            .key = wanted->fixed_vehicle != NO_VEHICLE ? INT64_MIN : key_of(wanted, sorting),
            .chance = (int64_t)(random_next(&plan->random) >> 1),
            .job = job,
        };
    }
    qsort(line, (size_t)count, sizeof *line, by_key);
    return count;
}

static void put_back(struct plan *plan, int32_t job)
{
    struct spot best = { .route = -1, .added = { INT64_MAX, INT64_MAX } };

    for (int32_t v = 0; v < plan->input->vehicle_count; v++) {
        if (!plan_may(plan, v, job) || random_below(&plan->random, BLINK) == 0)
            continue;
        struct spot spot = plan_best_spot(plan, v, job);
        if (spot.route >= 0 && price_below(spot.added, best.added))
            best = spot;
    }
    if (best.route >= 0)
        plan_insert(plan, best.route, best.at, job);
}

void plan_rebuild(struct plan *plan)
{
    struct waiting line[2 * (MEAN_REMOVED + LONGEST_STRING) + 2 * MOST_WAITING];
    int32_t before = plan->cost.left_out_count;

    take_out(plan);
    int32_t count = line_up(plan, before, line, (int32_t)(sizeof line / sizeof line[0]));
    for (int32_t i = 0; i < count; i++)
        put_back(plan, line[i].job);
}
