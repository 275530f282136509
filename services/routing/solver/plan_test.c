/* Segments against plain simulation, and a plan that can be taken back. */
#include "services/routing/solver/plan.h"
#include "services/routing/solver/random_day.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* When the last work is done if the first would start at `start_at`; -1 when a window is missed. */
static timestamp simulate(const struct solver_job jobs[], const int64_t legs[], int count,
                          timestamp start_at)
{
    timestamp at = start_at;

    for (int i = 0; i < count; i++) {
        at += i > 0 ? legs[i] : 0;
        if (at < jobs[i].earliest_start_at)
            at = jobs[i].earliest_start_at;
        if (at > jobs[i].latest_start_at)
            return -1;
        at += jobs[i].work_ms;
    }
    return at;
}

/* Joins jobs [from, until) in a random tree of joins. */
static bool join_some(struct random *random, const struct solver_job jobs[], const int64_t legs[],
                      int from, int until, struct segment *ret)
{
    struct segment left, right;

    if (until - from == 1) {
        *ret = (struct segment){ .earliest = jobs[from].earliest_start_at,
                                 .latest = jobs[from].latest_start_at,
                                 .duration_ms = jobs[from].work_ms };
        return true;
    }
    int middle = (int)random_between(random, from + 1, until - 1);
    return join_some(random, jobs, legs, from, middle, &left) &&
           join_some(random, jobs, legs, middle, until, &right) &&
           segment_join(&left, &right, legs[middle], legs[middle] * 10, ret);
}

Test(segment, says_what_a_simulation_of_every_start_says)
{
    enum { RUN = 5, HORIZON = 200 };
    int joined = 0;

    for (int round = 0; round < 20000; round++) {
        struct random random = { (uint64_t)round };
        struct solver_job jobs[RUN] = { 0 };
        int64_t legs[RUN], work = 0, travel = 0, shortest = INT64_MAX;
        for (int i = 0; i < RUN; i++) {
            jobs[i].earliest_start_at = random_below(&random, 100);
            jobs[i].latest_start_at = jobs[i].earliest_start_at + random_below(&random, 60);
            jobs[i].work_ms = random_below(&random, 10);
            legs[i] = random_below(&random, 12);
            work += jobs[i].work_ms;
            travel += i > 0 ? legs[i] : 0;
        }
        struct segment run = { 0 };
        bool joins = join_some(&random, jobs, legs, 0, RUN, &run);
        joined += joins;
        for (timestamp at = 0; at < HORIZON; at++) {
            timestamp end = simulate(jobs, legs, RUN, at);
            if (end >= 0 && at >= jobs[0].earliest_start_at && end - at < shortest)
                shortest = end - at;
            bool fits = joins && at <= run.latest;
            cr_assert_eq(end >= 0, fits, "seed %d at %d", round, (int)at);
            if (fits)
                cr_assert_eq(end, (at > run.earliest ? at : run.earliest) + run.duration_ms,
                             "seed %d at %d", round, (int)at);
        }
        if (!joins)
            continue;
        cr_assert_eq(run.duration_ms, shortest, "seed %d", round);
        cr_assert_eq(run.waiting_ms, shortest - work - travel, "seed %d", round);
        cr_assert_eq(run.travel_m, travel * 10, "seed %d", round);
    }
    cr_expect_gt(joined, 1000);
}

Test(plan, what_was_undone_never_was)
{
    struct arena arena = { 0 };
    const struct solver_options options = { .seed = 3 };

    for (int round = 0; round < 1000; round++) {
        struct random random = { (uint64_t)round };
        struct random_day day;
        int32_t counts[MOST_VEHICLES], orders[MOST_VEHICLES][MOST_JOBS];
        arena_reset(&arena);
        random_day(&random, MOST_JOBS, MOST_VEHICLES, &day);
        struct plan *plan = plan_new(&arena, &day.input, &options);
        plan_fill(plan);
        plan_descend(plan);
        struct solution_cost before = plan->cost;
        for (int32_t v = 0; v < MOST_VEHICLES; v++) {
            counts[v] = plan->routes[v].count;
            for (int32_t i = 0; i < counts[v]; i++)
                orders[v][i] = plan->routes[v].jobs[i];
        }
        plan_begin(plan);
        for (int i = 0; i < 5; i++)
            plan_rebuild(plan);
        plan_descend(plan);
        plan_undo(plan);
        cr_assert_eq(solution_compare(&plan->cost, &before), 0, "seed %d", round);
        for (int32_t v = 0; v < MOST_VEHICLES; v++) {
            struct price price;
            cr_assert_eq(plan->routes[v].count, counts[v], "seed %d", round);
            cr_assert(counts[v] == 0 || memcmp(plan->routes[v].jobs, orders[v],
                                               (size_t)counts[v] * sizeof(int32_t)) == 0);
            cr_assert(plan_try_route(plan, v, orders[v], counts[v], &price));
            cr_assert_eq(price.ms, plan->routes[v].price.ms, "seed %d", round);
            for (int32_t i = 0; i < counts[v]; i++)
                cr_assert_eq(plan->seats[orders[v][i]].route, v, "seed %d", round);
        }
    }
    arena_done(&arena);
}

/* Each kind of move alone can mend a plan that was spoilt for it. */
Test(plan, descent_finds_each_move)
{
    /* Two clusters, 1..4 near home 0 and 5..8 near home 9, a minute between neighbours. */
    enum { NODES = 10 };
    static const int32_t x[NODES] = { 0, 1, 2, 3, 4, 50, 51, 52, 53, 54 };
    int32_t travel[NODES * NODES];
    struct solver_job jobs[8];
    const struct solver_vehicle vehicles[] = { { 0, 0, { 0, 1000 }, 0, 1000 },
                                               { 9, 9, { 0, 1000 }, 0, 1000 } };
    const int32_t spoilt[][2][9] = {
        /* relocate */ { { 0, 1, 2, 4, 3, -1 }, { 5, 6, 7, -1 } },
        /* run of three */ { { 0, 3, 4, 5, 6, -1 }, { 7, 1, 2, -1 } },
        /* swap */ { { 0, 1, 2, 7, -1 }, { 4, 5, 6, 3, -1 } },
        /* tails */ { { 0, 1, 6, 7, -1 }, { 5, 4, 3, 2, -1 } },
        /* order inside */ { { 3, 0, 2, 1, -1 }, { 4, 6, 5, 7, -1 } },
    };
    const struct solver_options options = { .seed = 3 };
    struct arena arena = { 0 };

    for (int i = 0; i < NODES * NODES; i++)
        travel[i] = abs(x[i / NODES] - x[i % NODES]);
    for (int j = 0; j < 8; j++)
        jobs[j] = (struct solver_job){ j + 1, NO_VEHICLE, 1, 0, 900, 1, 0 };
    const struct solver_input input = { jobs, vehicles, 8, 2, NODES, travel, travel, NULL, 0 };
    for (size_t row = 0; row < sizeof spoilt / sizeof spoilt[0]; row++) {
        struct plan *plan = plan_new(&arena, &input, &options);
        for (int32_t v = 0; v < 2; v++) {
            int32_t count = 0;
            while (spoilt[row][v][count] >= 0)
                count++;
            plan_set_route(plan, v, spoilt[row][v], count);
        }
        plan_descend(plan);
        cr_expect_eq(plan->cost.weighted_ms, 8 + 8, "row %zu: %d", row,
                     (int)plan->cost.weighted_ms);
    }
    arena_done(&arena);
}
