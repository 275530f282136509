/* What the solver decides, by example, on a line of places: place 0 is home, place k is k away, and
 * to the island leads no road. */
#include "lib/base/array.h"
#include "services/routing/solver/check.h"
#include <criterion/criterion.h>

enum { ISLAND = 9, PLACES = 10, GAS = 1, NOBODYS = 2 };

static const struct solver_options usual = { .seed = 1, .rounds = 300 };

struct line {
    int32_t durations[PLACES * PLACES];
    struct solver_roads roads;
};

static void line_init(struct line *line)
{
    for (int32_t i = 0; i < PLACES; i++)
        for (int32_t k = 0; k < PLACES; k++)
            line->durations[i * PLACES + k] =
                i != k && (i == ISLAND || k == ISLAND) ? NO_ROAD : (i < k ? k - i : i - k);
    line->roads =
        (struct solver_roads){ .durations = line->durations, .distances = line->durations };
}

static struct solver_input input_of(const struct line *line, const struct solver_job jobs[],
                                    int32_t job_count, const struct solver_vehicle vehicles[],
                                    int32_t vehicle_count)
{
    static const uint8_t allowed[] = { 1, 1, 0, 1, 0, 0 }; /* GAS needs GAS */

    return (struct solver_input){ .jobs = jobs,
                                  .vehicles = vehicles,
                                  .roads = &line->roads,
                                  .allowed = allowed,
                                  .job_count = job_count,
                                  .vehicle_count = vehicle_count,
                                  .roads_count = 1,
                                  .location_count = PLACES,
                                  .job_kinds = 3,
                                  .vehicle_kinds = 2,
                                  .amount_count = 1 };
}

#define ALONE .carried_to = NOBODY
#define WITHIN(from, until)                                                                        \
    .windows = (const struct span[]){ { from, until } }, .window_count = 1, ALONE
#define AMOUNT(number) ((const int32_t[]){ number })
#define NO_LIMIT .tasks_most = INT32_MAX, .duration_most = INT32_MAX, .distance_most = INT32_MAX
#define HOURS(from, until) .hours = { from, until }
#define BREAK(from, until, length)                                                                 \
    .break_count = 1, .breaks = (const struct solver_break[])                                      \
    {                                                                                              \
        {                                                                                          \
            (const struct span[]){ { from, until } }, 1, length, 0                                 \
        }                                                                                          \
    }
#define PLAIN                                                                                      \
    {                                                                                              \
        HOURS(0, 100), NO_LIMIT                                                                    \
    }
#define ABLE                                                                                       \
    {                                                                                              \
        HOURS(0, 100), NO_LIMIT, .kind = GAS                                                       \
    }

static const struct example {
    const char *name;
    struct solver_job jobs[3];
    int32_t job_count;
    struct solver_vehicle vehicles[2];
    int32_t vehicle_count;
    int32_t by[3]; /* which vehicle; -1: left out */
    int64_t cost;
} examples[] = {
    { "nothing to do: nobody drives", { { 0 } }, 0, { PLAIN, PLAIN }, 2, { 0 }, 0 },
    { "only who may", { { .location = 1, .kind = GAS, ALONE } }, 1, { PLAIN, ABLE }, 2, { 1 }, 2 },
    { "nobody may",
      { { .location = 1, .kind = NOBODYS, ALONE } },
      1,
      { PLAIN, ABLE },
      2,
      { -1 },
      0 },
    { "the window closes before he can be there",
      { { .location = 5, WITHIN(0, 4) } },
      1,
      { PLAIN },
      1,
      { -1 },
      0 },
    { "there in the last moment", { { .location = 5, WITHIN(0, 5) } }, 1, { PLAIN }, 1, { 0 }, 10 },
    { "home in the last moment",
      { { .location = 5, .work = 10, WITHIN(85, 90) } },
      1,
      { PLAIN },
      1,
      { 0 },
      10 },
    { "not home in time",
      { { .location = 5, .work = 10, WITHIN(86, 90) } },
      1,
      { PLAIN },
      1,
      { -1 },
      0 },
    { "two at once need two",
      { { .location = 1, .work = 5, .kind = GAS, WITHIN(10, 10) },
        { .location = 1, .work = 5, WITHIN(10, 10) } },
      2,
      { PLAIN, ABLE },
      2,
      { 1, 0 },
      4 },
    { "the higher priority wins the only one",
      { { .location = 1, .work = 5, .priority = 1, WITHIN(10, 10) },
        { .location = 8, .work = 5, .priority = 9, WITHIN(10, 10) } },
      2,
      { PLAIN },
      1,
      { -1, 0 },
      16 },
    { "two small priorities beat one",
      { { .location = 1, .work = 5, .priority = 2, WITHIN(10, 10) },
        { .location = 1, .work = 5, .priority = 2, WITHIN(16, 16) },
        { .location = 1, .work = 11, .priority = 3, WITHIN(10, 10) } },
      3,
      { PLAIN },
      1,
      { 0, 0, -1 },
      2 },
    { "one trip is cheaper than two",
      { { .location = 4, .work = 5, .kind = GAS, ALONE }, { .location = 5, .work = 5, ALONE } },
      2,
      { PLAIN, ABLE },
      2,
      { 1, 1 },
      10 },
    { "a break during the drive",
      { { .location = 5, WITHIN(0, 13) } },
      1,
      { { HOURS(0, 100), NO_LIMIT, BREAK(3, 3, 8) } },
      1,
      { 0 },
      10 },
    { "a break during the drive makes it too late",
      { { .location = 5, WITHIN(0, 12) } },
      1,
      { { HOURS(0, 100), NO_LIMIT, BREAK(3, 3, 8) } },
      1,
      { -1 },
      0 },
    { "a break at the door",
      { { .location = 5, WITHIN(20, 20) } },
      1,
      { { HOURS(0, 100), NO_LIMIT, BREAK(10, 10, 10) } },
      1,
      { 0 },
      10 },
    { "a break before leaving",
      { { .location = 5, WITHIN(15, 15) } },
      1,
      { { HOURS(0, 100), NO_LIMIT, BREAK(0, 0, 10) } },
      1,
      { 0 },
      10 },
    { "a break until the window has closed",
      { { .location = 5, WITHIN(10, 14) } },
      1,
      { { HOURS(0, 100), NO_LIMIT, BREAK(5, 5, 10) } },
      1,
      { -1 },
      0 },
    { "the second of two windows",
      { { .location = 5,
          .windows = (const struct span[]){ { 0, 4 }, { 20, 30 } },
          .window_count = 2,
          ALONE } },
      1,
      { PLAIN },
      1,
      { 0 },
      10 },
    { "setup once at the same place",
      { { .location = 5, .setup = 5, .work = 1, ALONE },
        { .location = 5, .setup = 5, .work = 1, ALONE } },
      2,
      { { HOURS(0, 17), NO_LIMIT } },
      1,
      { 0, 0 },
      10 },
    { "setup at each of two places",
      { { .location = 5, .setup = 5, .work = 1, .priority = 1, ALONE },
        { .location = 4, .setup = 5, .work = 1, ALONE } },
      2,
      { { HOURS(0, 21), NO_LIMIT } },
      1,
      { 0, -1 },
      10 },
    { "a shipment is fetched first, far as it is",
      { { .location = 5, .carried_to = 1 }, { .location = 2, ALONE }, { .location = 3, ALONE } },
      3,
      { PLAIN },
      1,
      { 0, 0, 0 },
      10 },
    { "a shipment cannot arrive before it is fetched",
      { { .location = 5,
          .windows = (const struct span[]){ { 20, 20 } },
          .window_count = 1,
          .carried_to = 1 },
        { .location = 2, WITHIN(0, 22) } },
      2,
      { PLAIN },
      1,
      { -1, -1 },
      0 },
    { "room for what is picked up after a delivery",
      { { .location = 5, .delivery = AMOUNT(1), ALONE },
        { .location = 2, .pickup = AMOUNT(1), ALONE } },
      2,
      { { HOURS(0, 100), NO_LIMIT, .capacity = AMOUNT(1) } },
      1,
      { 0, 0 },
      10 },
    { "no room before the delivery",
      { { .location = 5, .delivery = AMOUNT(1), .priority = 1, WITHIN(20, 30) },
        { .location = 2, .pickup = AMOUNT(1), WITHIN(2, 10) } },
      2,
      { { HOURS(0, 100), NO_LIMIT, .capacity = AMOUNT(1) } },
      1,
      { 0, -1 },
      10 },
    { "as many tasks as he may",
      { { .location = 5, .priority = 1, ALONE }, { .location = 4, ALONE } },
      2,
      { { HOURS(0, 100), .tasks_most = 1, .duration_most = 10, .distance_most = 10 } },
      1,
      { 0, -1 },
      10 },
    { "further than he may drive",
      { { .location = 5, ALONE } },
      1,
      { { HOURS(0, 100), .tasks_most = 1, .duration_most = 10, .distance_most = 9 } },
      1,
      { -1 },
      0 },
    { "longer than he may drive",
      { { .location = 5, ALONE } },
      1,
      { { HOURS(0, 100), .tasks_most = 1, .duration_most = 9, .distance_most = 10 } },
      1,
      { -1 },
      0 },
    { "begins anywhere",
      { { .location = 5, ALONE } },
      1,
      { { HOURS(0, 100), NO_LIMIT, .start = NOBODY } },
      1,
      { 0 },
      5 },
    { "ends anywhere",
      { { .location = 5, ALONE }, { .location = 2, ALONE } },
      2,
      { { HOURS(0, 100), NO_LIMIT, .end = NOBODY } },
      1,
      { 0, 0 },
      5 },
    { "begins and ends anywhere",
      { { .location = 5, ALONE }, { .location = 2, ALONE } },
      2,
      { { HOURS(0, 100), NO_LIMIT, .start = NOBODY, .end = NOBODY } },
      1,
      { 0, 0 },
      3 },
    { "two are cheaper than one",
      { { .location = 1, ALONE }, { .location = 7, ALONE } },
      2,
      { { HOURS(0, 100), NO_LIMIT, .fixed_cost = 5 },
        { HOURS(0, 100), NO_LIMIT, .start = 8, .end = 8, .fixed_cost = 5 } },
      2,
      { 0, 1 },
      14 },
    { "a fixed cost keeps the second at home",
      { { .location = 1, ALONE }, { .location = 7, ALONE } },
      2,
      { { HOURS(0, 100), NO_LIMIT, .fixed_cost = 15 },
        { HOURS(0, 100), NO_LIMIT, .start = 8, .end = 8, .fixed_cost = 20 } },
      2,
      { 0, 0 },
      29 },
    { "no road there", { { .location = ISLAND, ALONE } }, 1, { PLAIN }, 1, { -1 }, 0 },
};

Test(solve, examples)
{
    struct arena arena = { 0 };
    struct line line;

    line_init(&line);
    EACH (row, examples) {
        const struct solver_input input =
            input_of(&line, row->jobs, row->job_count, row->vehicles, row->vehicle_count);
        struct solution got = solve(&arena, &input, &usual);
        int32_t by[3] = { -1, -1, -1 };
        for (int32_t v = 0; v < row->vehicle_count; v++)
            for (int32_t i = 0; i < got.routes[v].count; i++)
                if (got.routes[v].stops[i].kind == STOP_JOB)
                    by[got.routes[v].stops[i].index] = v;
        for (int32_t job = 0; job < row->job_count; job++)
            cr_expect_eq(by[job], row->by[job], "%s: job %d by %d", row->name, job, by[job]);
        cr_expect_eq(got.cost, row->cost, "%s: %lld", row->name, (long long)got.cost);
        cr_expect_eq(solution_check(&input, &got).fault, SOLUTION_HOLDS, "%s", row->name);
    }
    arena_done(&arena);
}
