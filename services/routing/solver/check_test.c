/* The judge finds every kind of fault: a good solution is spoilt in one place at a time. */
#include "lib/base/array.h"
#include "services/routing/solver/solve.h"
#include <criterion/criterion.h>

static const int32_t travel_ms[] = { 0, 5, 7, 5, 0, 3, 7, 3, 0 };
static const int32_t travel_m[] = { 0, 50, 70, 50, 0, 30, 70, 30, 0 };
static const struct solver_job jobs[] = {
    { 1, NO_VEHICLE, 2, 10, 20, 10, 1 },
    { 2, 0, 3, 30, 40, 10, 0 },
    { 2, NO_VEHICLE, 4, 0, 5, 10, 4 },
};
static const struct solver_vehicle vehicles[] = { { 0, 0, { 0, 60 }, 1, 1000 },
                                                  { 0, 0, { 0, 60 }, 0, 1000 } };
static const struct solver_input input = {
    jobs, vehicles, 3, 2, 3, travel_ms, travel_m, NULL, 500
};

struct sample {
    struct route_stop stops[2];
    struct route routes[2];
    int32_t left_out[1];
    struct solution solution;
};

/* Leaves at 5, is at node 1 at 10 and done at 20, at node 2 at 23, waits to 30, home at 47. */
static void good(struct sample *sample)
{
    *sample = (struct sample){
        .stops = { { 0, 10, 10, 5, 50, 0 }, { 1, 23, 30, 3, 30, 7 } },
        .left_out = { 2 },
        .routes = { { sample->stops, 2, 5, 47, 15, 150, 7 }, { 0 } },
        .solution = { sample->routes, sample->left_out, 1, { 0, 4, 1, 18, 150 }, 0 },
    };
}

Test(check, every_fault_is_found)
{
    struct sample s;
    const struct {
        const char *name;
        enum solution_fault fault;
        int64_t *at64, value;
        int32_t *at32;
    } rows[] = {
        { "nothing spoilt", SOLUTION_HOLDS, NULL, 0, NULL },
        { "a job that was there is not", SOLUTION_JOB_LOST, NULL, 0, &s.solution.left_out_count },
        { "one twice, one never", SOLUTION_JOB_TWICE, NULL, 0, &s.left_out[0] },
        { "a job that does not exist", SOLUTION_JOB_LOST, NULL, 3, &s.left_out[0] },
        { "a skill he has not", SOLUTION_SKILL, NULL, 2, &s.stops[0].job },
        { "there sooner than the road allows", SOLUTION_TRAVEL, &s.stops[1].arrive_at, 22, NULL },
        { "left later than he could", SOLUTION_TRAVEL, &s.routes[0].leave_at, 6, NULL },
        { "starts before the window", SOLUTION_WINDOW, &s.stops[1].start_at, 29, NULL },
        { "starts after the window", SOLUTION_WINDOW, &s.stops[1].start_at, 41, NULL },
        { "starts before he is there", SOLUTION_WINDOW, &s.stops[0].arrive_at, 11, NULL },
        { "home sooner than the road allows", SOLUTION_TRAVEL, &s.routes[0].home_at, 46, NULL },
        { "home after the shift", SOLUTION_SHIFT, &s.routes[0].home_at, 61, NULL },
        { "leaves before the shift", SOLUTION_SHIFT, &s.routes[0].leave_at, -1, NULL },
        { "travel of a stop", SOLUTION_SUMS, &s.stops[0].travel_ms, 4, NULL },
        { "metres of a stop", SOLUTION_SUMS, &s.stops[0].travel_m, 4, NULL },
        { "waiting of a stop", SOLUTION_SUMS, &s.stops[0].waiting_ms, 4, NULL },
        { "travel of the route", SOLUTION_SUMS, &s.routes[0].travel_ms, 14, NULL },
        { "metres of the route", SOLUTION_SUMS, &s.routes[0].travel_m, 14, NULL },
        { "waiting of the route", SOLUTION_SUMS, &s.routes[0].waiting_ms, 0, NULL },
        { "an empty route that drives", SOLUTION_SUMS, &s.routes[1].travel_ms, 1, NULL },
        { "cost: priority", SOLUTION_SUMS, &s.solution.cost.left_out_priority, 3, NULL },
        { "cost: time", SOLUTION_SUMS, &s.solution.cost.weighted_ms, 17, NULL },
        { "cost: metres", SOLUTION_SUMS, &s.solution.cost.travel_m, 17, NULL },
        { "cost: pinned", SOLUTION_SUMS, NULL, 1, &s.solution.cost.left_out_pinned },
    };

    EACH (row, rows) {
        good(&s);
        if (row->at64)
            *row->at64 = row->value;
        if (row->at32)
            *row->at32 = (int32_t)row->value;
        struct solution_verdict verdict = solution_check(&input, &s.solution);
        cr_expect_eq(verdict.fault, row->fault, "%s: %s", row->name,
                     solution_fault_text(verdict.fault));
    }
    good(&s);
    s.routes[1] = s.routes[0];
    s.routes[0] = (struct route){ 0 };
    s.stops[0].job = 1;
    cr_expect_eq(solution_check(&input, &s.solution).fault, SOLUTION_PIN);
}

Test(check, no_road_is_no_way)
{
    const int32_t blocked[] = { 0, NO_ROAD, 7, 5, 0, 3, 7, 3, 0 };
    struct solver_input without = input;
    struct sample s;

    good(&s);
    without.travel_ms = blocked;
    cr_expect_eq(solution_check(&without, &s.solution).fault, SOLUTION_TRAVEL);
}

Test(check, cost_is_compared_tier_by_tier)
{
    const struct solution_cost rising[] = {
        { 0, 5, 9, 90, 1 }, { 0, 5, 9, 90, 2 }, { 0, 5, 9, 91, 0 },
        { 0, 5, 10, 0, 0 }, { 0, 6, 0, 0, 0 },  { 1, 0, 0, 0, 0 },
    };

    for (size_t i = 0; i < COUNT(rising); i++)
        for (size_t k = 0; k < COUNT(rising); k++)
            cr_expect_eq(solution_compare(&rising[i], &rising[k]), (i > k) - (i < k), "%zu %zu", i,
                         k);
}
