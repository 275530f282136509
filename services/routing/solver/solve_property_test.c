/* What the solver promises, on thousands of small random days, some against an exhaustive search.
 */
#include "services/routing/solver/random_day.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const struct solver_options usual = { .seed = 1, .budget_iterations = 200 };

static void expect_same(const struct solver_input *input, const struct solution *a,
                        const struct solution *b, const char *why)
{
    cr_assert_eq(solution_compare(&a->cost, &b->cost), 0, "%s", why);
    for (int32_t v = 0; v < input->vehicle_count; v++) {
        cr_assert_eq(a->routes[v].count, b->routes[v].count, "%s", why);
        for (int32_t i = 0; i < a->routes[v].count; i++)
            cr_assert_eq(a->routes[v].stops[i].job, b->routes[v].stops[i].job, "%s", why);
    }
}

/* ---- The exhaustive search: every order of every choice of jobs, by plain recursion. ---- */

struct exhaustive {
    const struct solver_input *input;
    bool used[MOST_JOBS];
    int32_t order[MOST_JOBS];
    struct solution_cost best;
};

/* Earliest drive of the order, then backwards the latest leave with the same end: no other leave
 * waits less. Adds to the cost; false when a rule breaks. */
static bool add_route(const struct solver_input *in, int32_t v, const int32_t order[],
                      int32_t count, struct solution_cost *cost)
{
    const struct solver_vehicle *car = &in->vehicles[v];
    int64_t travel = 0, metres = 0, work = 0, legs[MOST_JOBS + 1];
    timestamp at = car->shift.from;
    int32_t node = car->start_node;

    if (count == 0)
        return true;
    for (int32_t i = 0; i <= count; i++) {
        int32_t next = i < count ? in->jobs[order[i]].node : car->end_node;
        int64_t table = in->travel_ms[node * in->node_count + next];
        if (table < 0)
            return false;
        legs[i] = (table * car->pace_permille + 999) / 1000;
        travel += legs[i];
        metres += in->travel_m[node * in->node_count + next];
        at += legs[i];
        node = next;
        if (i == count)
            break;
        const struct solver_job *job = &in->jobs[order[i]];
        if (at < job->earliest_start_at)
            at = job->earliest_start_at;
        if (at > job->latest_start_at)
            return false;
        at += job->work_ms;
        work += job->work_ms;
    }
    if (at > car->shift.until)
        return false;
    timestamp latest = at;
    for (int32_t i = count - 1; i >= 0; i--) {
        const struct solver_job *job = &in->jobs[order[i]];
        latest -= legs[i + 1] + job->work_ms;
        if (latest > job->latest_start_at)
            latest = job->latest_start_at;
    }
    int64_t waiting = at - (latest - legs[0]) - travel - work;
    cost->weighted_ms += travel + (waiting > 0 ? waiting : 0) * in->idle_permille / 1000;
    cost->travel_m += metres;
    return true;
}

static void close_route(struct exhaustive *all, int32_t v, int32_t count,
                        struct solution_cost cost);

static void extend(struct exhaustive *all, int32_t v, int32_t count, struct solution_cost cost)
{
    const struct solver_input *in = all->input;

    close_route(all, v, count, cost);
    for (int32_t j = 0; j < in->job_count; j++) {
        const struct solver_job *job = &in->jobs[j];
        if (all->used[j] || (job->skills & ~in->vehicles[v].skills) ||
            (job->fixed_vehicle != NO_VEHICLE && job->fixed_vehicle != v))
            continue;
        all->used[j] = true;
        all->order[count] = j;
        extend(all, v, count + 1, cost);
        all->used[j] = false;
    }
}

static void close_route(struct exhaustive *all, int32_t v, int32_t count, struct solution_cost cost)
{
    const struct solver_input *in = all->input;
    int32_t kept[MOST_JOBS];

    if (!add_route(in, v, all->order, count, &cost))
        return;
    if (v + 1 < in->vehicle_count) {
        memcpy(kept, all->order, sizeof kept);
        extend(all, v + 1, 0, cost);
        memcpy(all->order, kept, sizeof kept);
        return;
    }
    for (int32_t j = 0; j < in->job_count; j++)
        if (!all->used[j]) {
            cost.left_out_count++;
            cost.left_out_priority += in->jobs[j].priority;
            cost.left_out_pinned += in->jobs[j].fixed_vehicle != NO_VEHICLE;
        }
    if (solution_compare(&cost, &all->best) < 0)
        all->best = cost;
}

static struct solution_cost best_of_all(const struct solver_input *input)
{
    struct exhaustive all = { .input = input, .best = { .left_out_pinned = INT32_MAX } };

    extend(&all, 0, 0, (struct solution_cost){ 0 });
    return all.best;
}

Test(solve, small_days_are_optimal, .timeout = 120)
{
    struct arena arena = { 0 };
    int optimal = 0, served = 0, same_tier = 0, rounds = 2000;
    double gap = 0;

    for (int round = 0; round < rounds; round++) {
        struct random random = { (uint64_t)round };
        struct random_day day;
        random_day(&random, (int32_t)random_between(&random, 1, 6), 2, &day);
        arena_reset(&arena);
        struct solution got = solve(&arena, &day.input, &usual);
        struct solution_cost best = best_of_all(&day.input);
        int order = solution_compare(&got.cost, &best);
        cr_assert_geq(order, 0, "better than the best; seed %d", round);
        optimal += order == 0;
        served += got.cost.left_out_pinned == best.left_out_pinned &&
                  got.cost.left_out_priority == best.left_out_priority &&
                  got.cost.left_out_count == best.left_out_count;
        if (order != 0 && got.cost.left_out_count == best.left_out_count && best.weighted_ms > 0) {
            gap += (double)(got.cost.weighted_ms - best.weighted_ms) / (double)best.weighted_ms;
            same_tier++;
        }
    }
    printf(
        "solve: %d of %d small days optimal, %d serve the best set, mean gap of the rest %.2f %%\n",
        optimal, rounds, served, same_tier ? 100 * gap / same_tier : 0);
    cr_expect_geq(optimal, rounds * 9 / 10);
    cr_expect_geq(served, rounds * 99 / 100);
    arena_done(&arena);
}

Test(solve, random_days_keep_every_rule, .timeout = 120)
{
    struct arena arena = { 0 };

    for (int round = 0; round < 2000; round++) {
        struct random random = { (uint64_t)round + 100000 };
        struct random_day day;
        random_day(&random, (int32_t)random_below(&random, MOST_JOBS + 1),
                   (int32_t)random_between(&random, 1, MOST_VEHICLES), &day);
        arena_reset(&arena);
        struct solution got = solve(&arena, &day.input, &usual);
        struct solution_verdict verdict = solution_check(&day.input, &got);
        cr_assert_eq(verdict.fault, SOLUTION_HOLDS, "seed %d: %s", round + 100000,
                     solution_fault_text(verdict.fault));
        struct solution again = solve(&arena, &day.input, &usual);
        expect_same(&day.input, &got, &again, "twice gives the same");
    }
    arena_done(&arena);
}

/* The tolerance is 0: jobs are sorted by what they are before anything is decided. */
Test(solve, order_of_jobs_does_not_matter, .timeout = 120)
{
    struct arena arena = { 0 };

    for (int round = 0; round < 1000; round++) {
        struct random random = { (uint64_t)round + 200000 };
        struct random_day day;
        random_day(&random, (int32_t)random_between(&random, 2, MOST_JOBS), 3, &day);
        arena_reset(&arena);
        struct solution_cost before = solve(&arena, &day.input, &usual).cost;
        for (int32_t i = day.input.job_count - 1; i > 0; i--) {
            int64_t k = random_below(&random, i + 1);
            struct solver_job job = day.jobs[i];
            day.jobs[i] = day.jobs[k];
            day.jobs[k] = job;
        }
        struct solution_cost after = solve(&arena, &day.input, &usual).cost;
        cr_assert_eq(solution_compare(&before, &after), 0, "seed %d", round + 200000);
    }
    arena_done(&arena);
}

/* A given plan: what another search found with another seed and hardly any budget. */
Test(solve, never_worse_than_the_given_plan, .timeout = 120)
{
    struct arena arena = { 0 };

    for (int round = 0; round < 2000; round++) {
        struct random random = { (uint64_t)round + 300000 };
        const struct solver_options hurried = { .seed = random_next(&random),
                                                .budget_iterations = random_below(&random, 3) };
        int32_t jobs[MOST_VEHICLES][MOST_JOBS];
        struct given_route given[MOST_VEHICLES];
        struct random_day day;
        random_day(&random, (int32_t)random_between(&random, 1, MOST_JOBS), MOST_VEHICLES, &day);
        arena_reset(&arena);
        struct solution plan = solve(&arena, &day.input, &hurried);
        for (int32_t v = 0; v < MOST_VEHICLES; v++) {
            given[v] = (struct given_route){ jobs[v], plan.routes[v].count };
            for (int32_t i = 0; i < plan.routes[v].count; i++)
                jobs[v][i] = plan.routes[v].stops[i].job;
        }
        day.input.given = given;
        struct solution got = solve(&arena, &day.input, &hurried);
        cr_assert_leq(solution_compare(&got.cost, &plan.cost), 0, "seed %d", round + 300000);
        cr_assert_eq(solution_check(&day.input, &got).fault, SOLUTION_HOLDS);
    }
    arena_done(&arena);
}

Test(solve, a_given_plan_that_does_not_hold_is_mended)
{
    struct arena arena = { 0 };

    for (int round = 0; round < 1000; round++) {
        struct random random = { (uint64_t)round + 400000 };
        int32_t jobs[2][MOST_JOBS];
        struct given_route given[2] = { { jobs[0], 0 }, { jobs[1], 0 } };
        struct random_day day;
        random_day(&random, MOST_JOBS, 2, &day);
        for (int i = 0; i < MOST_JOBS; i++) /* any job anywhere, some of them twice */
            jobs[i % 2][given[i % 2].count++] = (int32_t)random_below(&random, MOST_JOBS);
        day.input.given = given;
        arena_reset(&arena);
        struct solution got = solve(&arena, &day.input, &usual);
        cr_assert_eq(solution_check(&day.input, &got).fault, SOLUTION_HOLDS, "seed %d",
                     round + 400000);
    }
    arena_done(&arena);
}
