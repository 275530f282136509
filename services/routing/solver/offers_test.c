/* Offers are what trying every place at every start finds, one by one. */
#include "services/routing/solver/exhaustive.h"
#include "services/routing/solver/offers.h"
#include <criterion/criterion.h>
#include <string.h>

enum { STARTS = 40, STEP = 15 };

struct made {
    struct random_day day;
    int32_t jobs[MOST_VEHICLES][MOST_JOBS];
    struct given_route given[MOST_VEHICLES];
    struct span start;
};

/* A plan of all jobs but the last, which is the one that is asked about. */
static void make(struct arena *arena, struct random *random, struct made *made)
{
    const struct solver_options quick = { .seed = 2, .rounds = 60 };
    struct solver_input *input = &made->day.input;

    random_day(random, MOST_JOBS, MOST_VEHICLES, &made->day);
    for (int32_t j = 0; j < MOST_JOBS; j++)
        made->day.jobs[j].carried_to = NOBODY;
    input->job_count--;
    struct solution plan = solve(arena, input, &quick);
    input->job_count++;
    for (int32_t v = 0; v < MOST_VEHICLES; v++) {
        made->given[v] = (struct given_route){ made->jobs[v], 0 };
        for (int32_t i = 0; i < plan.routes[v].count; i++)
            if (plan.routes[v].stops[i].kind == STOP_JOB)
                made->jobs[v][made->given[v].count++] = plan.routes[v].stops[i].index;
    }
    input->given = made->given;
}

/* By inserting it everywhere, with that start as its only window. */
static struct offer by_trial(struct made *made, int32_t start)
{
    const struct solver_input *input = &made->day.input;
    struct solver_job *job = &made->day.jobs[MOST_JOBS - 1];
    struct offer best = { NOBODY, 0 };

    made->start = (struct span){ start, start };
    job->windows = &made->start;
    job->window_count = 1;
    for (int32_t v = 0; v < MOST_VEHICLES; v++) {
        int64_t before, with;
        if (!input->allowed[job->kind * input->vehicle_kinds + input->vehicles[v].kind])
            continue;
        cr_assert(route_cost(input, v, made->jobs[v], made->given[v].count, &before));
        for (int32_t at = 0; at <= made->given[v].count; at++) {
            int32_t order[MOST_JOBS + 1];
            memcpy(order, made->jobs[v], sizeof(int32_t) * (size_t)at);
            order[at] = MOST_JOBS - 1;
            memcpy(order + at + 1, made->jobs[v] + at,
                   sizeof(int32_t) * (size_t)(made->given[v].count - at));
            if (route_cost(input, v, order, made->given[v].count + 1, &with) &&
                (best.vehicle == NOBODY || with - before < best.added))
                best = (struct offer){ v, with - before };
        }
    }
    return best;
}

Test(offers, are_what_trying_every_place_finds, .timeout = 120)
{
    const struct starts starts = { 20, STEP, STARTS };
    struct arena arena = { 0 };
    int found = 0;

    for (int round = 0; round < 2000; round += EVERY_DAY) {
        struct random random = { (uint64_t)round + 700000 };
        struct made made = { 0 };
        struct offer offers[STARTS];
        arena_reset(&arena);
        make(&arena, &random, &made);
        struct standing *standing = standing_new(&arena, &made.day.input);
        standing_offers(standing, MOST_JOBS - 1, &starts, offers);
        for (int32_t i = 0; i < STARTS; i++) {
            struct offer tried = by_trial(&made, starts.from + i * STEP);
            cr_assert_eq(offers[i].vehicle == NOBODY, tried.vehicle == NOBODY, "seed %d, start %d",
                         round + 700000, starts.from + i * STEP);
            cr_assert_eq(offers[i].added, tried.added, "seed %d, start %d", round + 700000,
                         starts.from + i * STEP);
            found += tried.vehicle != NOBODY;
        }
    }
    cr_expect_gt(found, 5000 / EVERY_DAY, "%d", found);
    arena_done(&arena);
}
