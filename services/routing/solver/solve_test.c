/* What the solver promises, on examples and on 2,000 small random days against an exhaustive
 * search. */
#include "lib/base/array.h"
#include "services/routing/solver/random_day.h"
#include "services/routing/solver/solve.h"
#include <criterion/criterion.h>

static const struct solver_options usual = { .seed = 1, .budget_iterations = 200 };

/* ---- By example. A line: node 0 is home, node k is k minutes away. ---- */

struct line {
    int32_t travel_ms[36], travel_m[36];
};

static struct line line(void)
{
    struct line line;

    for (int32_t i = 0; i < 6; i++)
        for (int32_t k = 0; k < 6; k++) {
            line.travel_ms[i * 6 + k] = i < k ? k - i : i - k;
            line.travel_m[i * 6 + k] = 1000 * line.travel_ms[i * 6 + k];
        }
    return line;
}

Test(solve, table)
{
    enum { GAS = 1 };
    const struct line roads = line();
    const struct solver_vehicle plain = { 0, 0, { 0, 100 }, 0, 1000 },
                                gas = { 0, 0, { 0, 100 }, GAS, 1000 };
    const struct {
        const char *name;
        struct solver_job jobs[3];
        int32_t job_count;
        struct solver_vehicle vehicles[2];
        int32_t by[3]; /* which vehicle; -1 left out */
        int64_t weighted_ms;
    } rows[] = {
        { "nothing to do: nobody drives", { { 0 } }, 0, { plain, plain }, { 0 }, 0 },
        { "only who can", { { 1, -1, 1, 0, 50, 5, GAS } }, 1, { plain, gas }, { 1 }, 2 },
        { "nobody can", { { 1, -1, 1, 0, 50, 5, 2 } }, 1, { plain, gas }, { -1 }, 0 },
        { "pinned to the second", { { 1, 1, 1, 0, 50, 5, 0 } }, 1, { plain, plain }, { 1 }, 2 },
        { "the window closes before he can be there",
          { { 5, -1, 1, 0, 4, 5, 0 } },
          1,
          { plain, plain },
          { -1 },
          0 },
        { "there in the last moment",
          { { 5, -1, 1, 0, 5, 5, 0 } },
          1,
          { plain, plain },
          { 0 },
          10 },
        { "home in the last moment",
          { { 5, 0, 1, 85, 90, 10, 0 } },
          1,
          { plain, plain },
          { 0 },
          10 },
        { "not home in time", { { 5, 0, 1, 86, 90, 10, 0 } }, 1, { plain, plain }, { -1 }, 0 },
        { "two at once need two",
          { { 1, -1, 1, 10, 10, 5, 0 }, { 1, 0, 1, 10, 10, 5, 0 } },
          2,
          { plain, plain },
          { 1, 0 },
          4 },
        { "the higher priority wins the only one",
          { { 1, -1, 1, 10, 10, 5, GAS }, { 1, -1, 9, 10, 10, 5, GAS } },
          2,
          { plain, gas },
          { -1, 1 },
          2 },
        { "two small priorities beat one",
          { { 1, -1, 2, 10, 10, 5, GAS },
            { 1, -1, 2, 16, 16, 5, GAS },
            { 1, -1, 3, 10, 10, 11, GAS } },
          3,
          { plain, gas },
          { 1, 1, -1 },
          2 },
        { "a pin goes before any priority",
          { { 1, 1, 0, 10, 10, 5, 0 }, { 1, -1, 99, 10, 10, 5, GAS } },
          2,
          { plain, gas },
          { 1, -1 },
          2 },
        { "one trip is cheaper than two",
          { { 4, -1, 1, 0, 90, 5, 0 }, { 5, -1, 1, 0, 90, 5, 0 } },
          2,
          { plain, plain },
          { 0, 0 },
          10 },
    };
    struct arena arena = { 0 };

    EACH (row, rows) {
        const struct solver_input input = { row->jobs,       row->vehicles,  row->job_count, 2, 6,
                                            roads.travel_ms, roads.travel_m, NULL,           0 };
        struct solution got = solve(&arena, &input, &usual);
        int32_t by[3] = { -1, -1, -1 };
        for (int32_t v = 0; v < 2; v++)
            for (int32_t i = 0; i < got.routes[v].count; i++)
                by[got.routes[v].stops[i].job] = v;
        for (int32_t j = 0; j < row->job_count; j++)
            cr_expect_eq(by[j], row->by[j], "%s: job %d by %d", row->name, j, by[j]);
        cr_expect_eq(got.cost.weighted_ms, row->weighted_ms, "%s", row->name);
        cr_expect_eq(solution_check(&input, &got).fault, SOLUTION_HOLDS, "%s", row->name);
    }
    arena_done(&arena);
}

Test(solve, hours_of_a_route)
{
    const struct line roads = line();
    const struct solver_vehicle vehicle = { 0, 0, { 0, 100 }, 0, 1000 };
    const struct solver_job jobs[] = { { 2, -1, 1, 30, 40, 10, 0 }, { 3, -1, 1, 60, 60, 5, 0 } };
    const struct solver_input input = { jobs,           &vehicle, 2,  1, 6, roads.travel_ms,
                                        roads.travel_m, NULL,     500 };
    struct arena arena = { 0 };
    struct solution got = solve(&arena, &input, &usual);

    cr_assert_eq(got.routes[0].count, 2);
    cr_expect_eq(got.routes[0].leave_at, 38, "he leaves late, because waiting is spared");
    cr_expect_eq(got.routes[0].stops[0].start_at, 40);
    cr_expect_eq(got.routes[0].stops[1].arrive_at, 51);
    cr_expect_eq(got.routes[0].stops[1].waiting_ms, 9);
    cr_expect_eq(got.routes[0].home_at, 68);
    cr_expect_eq(got.cost.weighted_ms, 6 + 9 * 500 / 1000);
    cr_expect_eq(got.cost.travel_m, 6000);
    arena_done(&arena);
}

/* From 0 only to 1, from 1 only to 2, from 2 only home: no job can be planned alone. */
Test(solve, a_given_route_that_holds_only_as_a_whole_is_kept)
{
    const int32_t one_way[] = { 0, 4, NO_ROAD, NO_ROAD, 0, 4, 4, NO_ROAD, 0 };
    const struct solver_vehicle vehicle = { 0, 0, { 0, 100 }, 0, 1000 };
    const struct solver_job jobs[] = { { 2, -1, 1, 0, 90, 5, 0 }, { 1, -1, 1, 0, 90, 5, 0 } };
    const int32_t order[] = { 1, 0 };
    const struct given_route given = { order, 2 };
    const struct solver_input input = { jobs, &vehicle, 2, 1, 3, one_way, one_way, &given, 0 };
    struct arena arena = { 0 };
    struct solution got = solve(&arena, &input, &usual);

    cr_expect_eq(got.left_out_count, 0);
    cr_expect_eq(got.cost.weighted_ms, 12);
    cr_expect_eq(solution_check(&input, &got).fault, SOLUTION_HOLDS);
    arena_done(&arena);
}

static bool five_times(void *context)
{
    return ++*(int *)context <= 5;
}

Test(solve, stops_when_told_and_within_its_budget)
{
    struct random random = { 5 };
    struct random_day day;
    struct arena arena = { 0 };
    int asked = 0;
    const struct solver_options told = { 1, INT64_MAX, five_times, &asked };
    const struct solver_options budget = { 1, 17, NULL, NULL };

    random_day(&random, MOST_JOBS, MOST_VEHICLES, &day);
    struct solution got = solve(&arena, &day.input, &told);
    cr_expect_eq(asked, 6, "not asked again after the no");
    cr_expect_eq(solution_check(&day.input, &got).fault, SOLUTION_HOLDS);
    cr_expect_eq(solve(&arena, &day.input, &budget).iterations, 17);
    arena_done(&arena);
}
