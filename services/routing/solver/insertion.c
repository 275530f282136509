/* Where a job goes at the least cost, and the first fill by regret: next is the job that would lose
 * most if its best vehicle were taken (Potvin, Rousseau 1993). On days that are too full a fill by
 * priority competes with it. */
#include "services/routing/solver/plan.h"
#include <string.h>

static const struct spot NOWHERE = { .route = -1, .added = { INT64_MAX, INT64_MAX } };

struct spot plan_best_spot(const struct plan *plan, int32_t route, int32_t job)
{
    const struct plan_route *r = &plan->routes[route];
    const struct segment *alone = &plan->alone[job];
    struct spot best = NOWHERE;

    for (int32_t at = 0; at <= r->count; at++) {
        const struct segment *head = plan_head(plan, route, at);
        const struct segment *home = plan_home(plan, route, at);
        struct segment reached, whole;
        if (head->earliest + head->duration_ms > alone->latest)
            break; /* later positions are only later */
        if (alone->earliest + alone->duration_ms > home->latest ||
            !plan_join(plan, route, head, alone, &reached) ||
            !plan_join(plan, route, &reached, home, &whole))
            continue;
        struct price price = plan_price(plan, &whole);
        struct price added = { price.ms - r->price.ms, price.m - r->price.m };
        if (price_below(added, best.added))
            best = (struct spot){ route, at, added };
    }
    return best;
}

/* Of each job left out and each vehicle: the best spot. */
struct choices {
    struct spot *spots; /* row x vehicle */
    int32_t *row;       /* per job; those left out at the start have one */
    int32_t *best;      /* per job: the vehicle with the best spot, -1 for none */
    int32_t *second;    /* per job: the next best vehicle */
    int32_t vehicles;
};

static struct spot *spot_of(const struct choices *choices, int32_t job, int32_t vehicle)
{
    return &choices->spots[(int64_t)choices->row[job] * choices->vehicles + vehicle];
}

static bool spot_below(const struct choices *choices, int32_t job, int32_t a, int32_t b)
{
    return b < 0 || price_below(spot_of(choices, job, a)->added, spot_of(choices, job, b)->added);
}

static void rank(struct choices *choices, int32_t job)
{
    int32_t best = -1, second = -1;

    for (int32_t v = 0; v < choices->vehicles; v++) {
        if (spot_of(choices, job, v)->route < 0)
            continue;
        if (spot_below(choices, job, v, best)) {
            second = best;
            best = v;
        } else if (spot_below(choices, job, v, second)) {
            second = v;
        }
    }
    choices->best[job] = best;
    choices->second[job] = second;
}

static void look_again(const struct plan *plan, struct choices *choices, int32_t job,
                       int32_t vehicle)
{
    if (!plan_may(plan, vehicle, job))
        return;
    struct spot *spot = spot_of(choices, job, vehicle);
    *spot = plan_best_spot(plan, vehicle, job);
    bool was_ranked = choices->best[job] == vehicle || choices->second[job] == vehicle;
    if (was_ranked || (spot->route >= 0 && spot_below(choices, job, vehicle, choices->second[job])))
        rank(choices, job);
}

static struct choices first_choices(struct plan *plan)
{
    size_t jobs = (size_t)plan->input->job_count, rows = (size_t)plan->cost.left_out_count;
    size_t vehicles = (size_t)plan->input->vehicle_count;
    struct choices choices = {
        .spots = ARENA_ARRAY(plan->arena, struct spot, rows * vehicles),
        .row = ARENA_ARRAY(plan->arena, int32_t, jobs),
        .best = ARENA_ARRAY(plan->arena, int32_t, jobs),
        .second = ARENA_ARRAY(plan->arena, int32_t, jobs),
        .vehicles = plan->input->vehicle_count,
    };

    for (int32_t i = 0; i < plan->cost.left_out_count; i++) {
        int32_t job = plan->left_out[i];
        choices.row[job] = i;
        for (int32_t v = 0; v < choices.vehicles; v++)
            *spot_of(&choices, job, v) =
                plan_may(plan, v, job) ? plan_best_spot(plan, v, job) : NOWHERE;
        rank(&choices, job);
    }
    return choices;
}

enum order_of_fill { BY_REGRET, BY_PRIORITY };

static int64_t regret_ms(const struct plan *plan, const struct choices *choices, int32_t job)
{
    int32_t best = choices->best[job], second = choices->second[job];

    if (plan->input->jobs[job].fixed_vehicle != NO_VEHICLE)
        return INT64_MAX; /* pinned jobs come first */
    if (second < 0)
        return DAYS(30);
    return spot_of(choices, job, second)->added.ms - spot_of(choices, job, best)->added.ms;
}

/* Whether `a` is to be placed before `b`. */
static bool is_more_urgent(const struct plan *plan, const struct choices *choices,
                           enum order_of_fill order, int32_t a, int32_t b)
{
    const struct solver_job *job_a = &plan->input->jobs[a], *job_b = &plan->input->jobs[b];
    bool pinned_a = job_a->fixed_vehicle != NO_VEHICLE,
         pinned_b = job_b->fixed_vehicle != NO_VEHICLE;
    int64_t regret_a = regret_ms(plan, choices, a), regret_b = regret_ms(plan, choices, b);

    if (pinned_a != pinned_b)
        return pinned_a;
    if (order == BY_PRIORITY && job_a->priority != job_b->priority)
        return job_a->priority > job_b->priority;
    if (regret_a != regret_b)
        return regret_a > regret_b;
    if (job_a->priority != job_b->priority)
        return job_a->priority > job_b->priority;
    return a < b;
}

static void fill_in_order(struct plan *plan, enum order_of_fill order)
{
    struct choices choices = first_choices(plan);

    while (plan_goes_on(plan)) {
        int32_t next = -1;
        for (int32_t i = 0; i < plan->cost.left_out_count; i++) {
            int32_t job = plan->left_out[i];
            if (choices.best[job] >= 0 &&
                (next < 0 || is_more_urgent(plan, &choices, order, job, next)))
                next = job;
        }
        if (next < 0)
            return;
        int32_t vehicle = choices.best[next];
        plan_insert(plan, vehicle, spot_of(&choices, next, vehicle)->at, next);
        for (int32_t i = 0; i < plan->cost.left_out_count; i++)
            look_again(plan, &choices, plan->left_out[i], vehicle);
    }
}

void plan_fill(struct plan *plan)
{
    if (plan->cost.left_out_count == 0)
        return;
    plan_begin(plan);
    fill_in_order(plan, BY_REGRET);
    if (plan->cost.left_out_count == 0 || !plan_goes_on(plan))
        return;
    /* There is more work than time: who comes first matters more than the road. */
    struct solution_cost by_regret = plan->cost;
    plan_undo(plan);
    fill_in_order(plan, BY_PRIORITY);
    if (solution_compare(&plan->cost, &by_regret) > 0) {
        plan_undo(plan);
        fill_in_order(plan, BY_REGRET);
    }
}
