/* What the solver promises, on thousands of small random days, some against an exhaustive search.
 */
#include "services/routing/solver/check.h"
#include "services/routing/solver/exhaustive.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct solver_options usual = { .seed = 1, .rounds = 1500 };

static void expect_holds(const struct solver_input *input, const struct solution *solution,
                         int seed)
{
    struct solution_verdict verdict = solution_check(input, solution);

    cr_assert_eq(verdict.fault, SOLUTION_HOLDS, "seed %d: vehicle %d, job %d: %s", seed,
                 verdict.vehicle, verdict.job, solution_fault_text(verdict.fault));
}

static void expect_same(const struct solver_input *input, const struct solution *a,
                        const struct solution *b, int seed)
{
    cr_assert_eq(solution_compare(a, b), 0, "seed %d", seed);
    for (int32_t v = 0; v < input->vehicle_count; v++) {
        size_t size = sizeof(struct solution_stop) * (size_t)a->routes[v].count;
        cr_assert_eq(a->routes[v].count, b->routes[v].count, "seed %d", seed);
        if (size)
            cr_assert_eq(memcmp(a->routes[v].stops, b->routes[v].stops, size), 0, "seed %d", seed);
    }
}

/* < 0: the first is better, as solution_compare. */
static int compare_best(const struct solution *got, const struct exhaustive_best *best)
{
    const struct solution as = { .left_out_priority = best->left_out_priority,
                                 .left_out_count = best->left_out_count,
                                 .cost = best->cost };
    return solution_compare(got, &as);
}

Test(solve, small_days_are_optimal, .timeout = 300)
{
    struct arena arena = { 0 };
    int optimal = 0, served = 0, rounds = 1000;

    for (int round = 0; round < rounds; round += EVERY_DAY) {
        struct random random = { (uint64_t)round };
        struct random_day day = { 0 };
        random_day(&random, (int32_t)random_between(&random, 1, 6), 2, &day);
        arena_reset(&arena);
        struct solution got = solve(&arena, &day.input, &usual);
        struct exhaustive_best best = best_of_all(&day.input);
        expect_holds(&day.input, &got, round);
        int order = compare_best(&got, &best);
        cr_assert_geq(order, 0, "better than the best; seed %d", round);
        optimal += order == 0;
        served += got.left_out_priority == best.left_out_priority &&
                  got.left_out_count == best.left_out_count;
    }
    printf("solve: %d of %d small days optimal, %d serve the best set\n", optimal,
           rounds / EVERY_DAY, served);
    cr_expect_geq(optimal, rounds / EVERY_DAY * 95 / 100);
    cr_expect_geq(served, rounds / EVERY_DAY * 98 / 100);
    arena_done(&arena);
}

Test(solve, random_days_keep_every_rule_twice_the_same, .timeout = 120)
{
    const struct solver_options quick = { .seed = 7, .rounds = 150 };
    struct arena arena = { 0 };

    for (int round = 0; round < 10000; round += EVERY_DAY) {
        struct random random = { (uint64_t)round + 100000 };
        struct random_day day = { 0 };
        random_day(&random, (int32_t)random_below(&random, MOST_JOBS + 1),
                   (int32_t)random_between(&random, 1, MOST_VEHICLES), &day);
        arena_reset(&arena);
        struct solution got = solve(&arena, &day.input, &quick);
        expect_holds(&day.input, &got, round + 100000);
        struct solution again = solve(&arena, &day.input, &quick);
        expect_same(&day.input, &got, &again, round + 100000);
    }
    arena_done(&arena);
}

/* A given plan: what another search found with another seed and hardly any budget. */
Test(solve, given_back_its_own_routes_are_taken_and_never_made_worse, .timeout = 120)
{
    struct arena arena = { 0 };

    for (int round = 0; round < 3000; round += EVERY_DAY) {
        struct random random = { (uint64_t)round + 300000 };
        const struct solver_options hurried = { .seed = random_next(&random),
                                                .rounds = random_below(&random, 30) },
                                    none = { .seed = 3 };
        int32_t jobs[MOST_VEHICLES][MOST_JOBS];
        struct given_route given[MOST_VEHICLES];
        struct random_day day = { 0 };
        random_day(&random, (int32_t)random_between(&random, 1, MOST_JOBS), MOST_VEHICLES, &day);
        arena_reset(&arena);
        struct solution plan = solve(&arena, &day.input, &hurried);
        for (int32_t v = 0; v < MOST_VEHICLES; v++) {
            given[v] = (struct given_route){ jobs[v], 0 };
            for (int32_t i = 0; i < plan.routes[v].count; i++)
                if (plan.routes[v].stops[i].kind == STOP_JOB)
                    jobs[v][given[v].count++] = plan.routes[v].stops[i].index;
        }
        day.input.given = given;
        struct solution got = solve(&arena, &day.input, &hurried);
        cr_assert_leq(solution_compare(&got, &plan), 0, "seed %d", round + 300000);
        expect_holds(&day.input, &got, round + 300000);
        struct solution kept = solve(&arena, &day.input, &none);
        cr_assert_leq(solution_compare(&kept, &plan), 0, "seed %d", round + 300000);
    }
    arena_done(&arena);
}

Test(solve, a_given_plan_that_does_not_hold_is_mended)
{
    const struct solver_options quick = { .seed = 7, .rounds = 50 };
    struct arena arena = { 0 };

    for (int round = 0; round < 2000; round += EVERY_DAY) {
        struct random random = { (uint64_t)round + 400000 };
        int32_t jobs[2][MOST_JOBS];
        struct given_route given[2] = { { jobs[0], 0 }, { jobs[1], 0 } };
        struct random_day day = { 0 };
        random_day(&random, MOST_JOBS, 2, &day);
        for (int i = 0; i < MOST_JOBS; i++) /* any job anywhere, some of them twice */
            jobs[i % 2][given[i % 2].count++] = (int32_t)random_below(&random, MOST_JOBS);
        day.input.given = given;
        arena_reset(&arena);
        struct solution got = solve(&arena, &day.input, &quick);
        expect_holds(&day.input, &got, round + 400000);
    }
    arena_done(&arena);
}

/* A clock of its own: the end comes with the thousandth question. */
static double asked_often(void *context)
{
    return (double)++*(int *)context / 1000;
}

Test(solve, the_pace_of_a_search_by_the_clock_makes_it_again)
{
    struct arena arena = { 0 };

    for (int round = 0; round < 20; round += EVERY_DAY) {
        struct random random = { (uint64_t)round + 500000 };
        int asked = 0;
        const struct solver_options timed = { .seed = 9,
                                              .elapsed = asked_often,
                                              .context = &asked };
        struct random_day day = { 0 };
        random_day(&random, MOST_JOBS, MOST_VEHICLES, &day);
        arena_reset(&arena);
        struct solution first = solve(&arena, &day.input, &timed);
        const struct solver_options again = { .seed = 9, .paces = first.paces };
        struct solution second = solve(&arena, &day.input, &again);
        cr_assert_gt(first.rounds, 0);
        cr_assert_eq(first.rounds, second.rounds);
        expect_same(&day.input, &first, &second, round + 500000);
    }
    arena_done(&arena);
}

Test(solve, parts_side_by_side_keep_every_rule_twice_the_same, .timeout = 120)
{
    struct arena arena = { 0 };

    for (int round = 0; round < 3000; round += EVERY_DAY) {
        struct random random = { (uint64_t)round + 600000 };
        const struct solver_options three = { .seed = 5, .rounds = 600, .threads = 3 };
        struct random_day day = { 0 };
        random_day(&random, (int32_t)random_below(&random, MOST_JOBS + 1), MOST_VEHICLES, &day);
        arena_reset(&arena);
        struct solution got = solve(&arena, &day.input, &three);
        expect_holds(&day.input, &got, round + 600000);
        const struct solver_options again = { .seed = 5, .threads = 3, .paces = got.paces };
        struct solution second = solve(&arena, &day.input, &again);
        expect_same(&day.input, &got, &second, round + 600000);
    }
    arena_done(&arena);
}
