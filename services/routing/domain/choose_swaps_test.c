/* Which exchanges are asked for, on a line of places a minute apart, and on random neighbourhoods
 * with a judge that shares no code with the choice. */
#include "lib/base/array.h"
#include "lib/schedule/day.h"
#include "services/routing/domain/choose_swaps.h"
#include "services/routing/domain/random_region.h"
#include <criterion/criterion.h>
#include <math.h>

static struct arena arena;

static struct way line_way(const void *context, struct place from, struct place to)
{
    int64_t ms = MINUTES(llround(fabs(from.lat - to.lat) * 100));

    (void)context;
    return (struct way){ ms / 100, ms };
}

/* city_m holds the milliseconds: the same at every hour. */
static int64_t line_ms(const void *context, struct way way, timestamp at)
{
    (void)context, (void)at;
    return way.city_m;
}

static int64_t line_least_ms(const void *context, struct way way)
{
    return line_ms(context, way, 0);
}

static const struct roads line = { line_way, line_ms, line_least_ms, NULL };

#define AT(k)                                                                                      \
    {                                                                                              \
        50 + (k) / 100.0, 20                                                                       \
    }
/* Technician at k with these skills; visit at k, from a minute on, 20 minutes long, his. */
#define WHO(k, skills)                                                                             \
    {                                                                                              \
        AT(k), { { 0, MINUTES(600) } }, 1, skills, 0                                               \
    }
#define TO(k, minute, who)                                                                         \
    {                                                                                              \
        AT(k), MINUTES(minute), MINUTES(20), 1, who, false                                         \
    }

struct row {
    const char *name;
    struct region_technician technicians[3];
    int32_t technician_count;
    struct region_visit visits[4];
    int32_t visit_count;
    int64_t worth_min;
    int32_t wanted[4];
    int32_t swap_count;
    int64_t saved_min;
    struct swap swaps[4];
};

static const struct row rows[] = {
    { "nothing wanted, nothing asked",
      { WHO(0, 1), WHO(40, 1) },
      2,
      { TO(40, 100, 0) },
      1,
      5,
      { 0 },
      0,
      0 },
    { "left out of the plan means as it is",
      { WHO(0, 1), WHO(40, 1) },
      2,
      { TO(40, 100, 0) },
      1,
      5,
      { -1 },
      0,
      0 },
    { "who lives next door takes it over",
      { WHO(0, 1), WHO(40, 1) },
      2,
      { TO(40, 100, 0) },
      1,
      5,
      { 1 },
      1,
      80,
      { { 0, 1 } } },
    { "two who pass each other exchange at once, though neither could move alone",
      { WHO(0, 1), WHO(40, 1) },
      2,
      { TO(40, 100, 0), TO(0, 105, 1) },
      2,
      5,
      { 1, 0 },
      2,
      160,
      { { 0, 1 }, { 1, 0 } } },
    { "a ring of three",
      { WHO(0, 1), WHO(40, 1), WHO(80, 1) },
      3,
      { TO(40, 100, 0), TO(80, 100, 1), TO(0, 100, 2) },
      3,
      5,
      { 1, 2, 0 },
      3,
      320,
      { { 0, 1 }, { 1, 2 }, { 2, 0 } } },
    { "who stands in the way takes the free place, though nobody wanted it",
      { WHO(0, 1), WHO(40, 1) },
      2,
      { TO(40, 100, 0), TO(0, 105, 1) },
      2,
      5,
      { 1, 1 },
      2,
      160,
      { { 0, 1 }, { 1, 0 } } },
    { "a pinned visit stays",
      { WHO(0, 1), WHO(40, 1) },
      2,
      { { AT(40), MINUTES(100), MINUTES(20), 1, 0, true } },
      1,
      5,
      { 1 },
      0,
      0 },
    { "who lacks the skill does not get it",
      { WHO(0, 3), WHO(40, 1) },
      2,
      { { AT(40), MINUTES(100), MINUTES(20), 2, 0, false } },
      1,
      5,
      { 1 },
      0,
      0 },
    { "who may not go that far does not get it",
      { WHO(90, 1), { AT(40), { { 0, MINUTES(600) } }, 1, 1, 17999 } },
      2,
      { TO(10, 100, 0) },
      1,
      5,
      { 1 },
      0,
      0 },
    { "just as far as he may go",
      { WHO(90, 1), { AT(40), { { 0, MINUTES(600) } }, 1, 1, 18000 } },
      2,
      { TO(10, 100, 0) },
      1,
      5,
      { 1 },
      1,
      100,
      { { 0, 1 } } },
    { "outside his hours he does not get it",
      { WHO(0, 1), { AT(40), { { MINUTES(101), MINUTES(600) } }, 1, 1, 0 } },
      2,
      { TO(40, 100, 0) },
      1,
      5,
      { 1 },
      0,
      0 },
    { "in the second stretch of his work he does",
      { WHO(0, 1), { AT(40), { { 0, MINUTES(10) }, { MINUTES(100), MINUTES(600) } }, 2, 1, 0 } },
      2,
      { TO(40, 100, 0) },
      1,
      5,
      { 1 },
      1,
      80,
      { { 0, 1 } } },
    { "saving a second less than asked for is not told",
      { WHO(0, 1), WHO(4, 1) },
      2,
      { TO(4, 100, 0) },
      1,
      9,
      { 1 },
      0,
      0 },
    { "saving what is asked for is told",
      { WHO(0, 1), WHO(4, 1) },
      2,
      { TO(4, 100, 0) },
      1,
      8,
      { 1 },
      1,
      8,
      { { 0, 1 } } },
    { "what costs more is not told, whatever was wanted",
      { WHO(0, 1), WHO(40, 1) },
      2,
      { TO(10, 100, 0) },
      1,
      0,
      { 1 },
      0,
      0 },
    { "no part of a bad plan but the good part",
      { WHO(0, 1), WHO(40, 1) },
      2,
      { TO(40, 100, 0), TO(5, 300, 0) },
      2,
      5,
      { 1, 1 },
      1,
      70,
      { { 0, 1 } } },
    { "a day that does not hold anyway is left to people",
      { WHO(0, 1), WHO(60, 1) },
      2,
      { { AT(40), MINUTES(100), MINUTES(20), 1, 0, true },
        { AT(41), MINUTES(110), MINUTES(20), 1, 0, true },
        TO(60, 300, 0) },
      3,
      5,
      { 0, 0, 1 },
      0,
      0 },
};

Test(choose_swaps, table)
{
    EACH (row, rows) {
        struct region_day region = { row->technicians, row->visits, row->technician_count,
                                     row->visit_count, .worth_ms = MINUTES(row->worth_min) };
        struct swaps swaps = choose_swaps(&arena, &region, &line, row->wanted);
        cr_expect_eq(swaps.count, row->swap_count, "%s: %d swaps", row->name, swaps.count);
        cr_expect_eq(swaps.saved_travel_ms, MINUTES(row->saved_min), "%s: saved %lld", row->name,
                     (long long)swaps.saved_travel_ms / 60000);
        for (int32_t i = 0; i < swaps.count; i++) {
            bool is_expected = false;
            for (int32_t k = 0; k < row->swap_count; k++)
                is_expected = is_expected || (row->swaps[k].visit == swaps.at[i].visit &&
                                              row->swaps[k].to == swaps.at[i].to);
            cr_expect(is_expected, "%s: %d to %d", row->name, swaps.at[i].visit, swaps.at[i].to);
        }
        arena_reset(&arena);
    }
}

/* Travel of a whole region and whether every day holds, counted plainly. */
static int64_t region_travel(const struct region_day *region, const int32_t by[], bool *ret_holds)
{
    int64_t travel_ms = 0;

    for (int32_t t = 0; t < region->technician_count; t++) {
        const struct region_technician *who = &region->technicians[t];
        struct stop stops[RANDOM_VISITS];
        struct promised_visit visits[RANDOM_VISITS];
        struct leg legs[RANDOM_VISITS];
        struct day day = { who->work[0], 0, who->home, who->home, stops, 0, RANDOM_VISITS };
        for (int32_t v = 0; v < region->visit_count; v++)
            if (by[v] == t)
                day_insert(&day,
                           &(struct stop){ region->visits[v].start_at, region->visits[v].work_ms,
                                           region->visits[v].place });
        for (size_t i = 0; i < day.count; i++)
            visits[i] =
                (struct promised_visit){ stops[i].place, stops[i].start_at, stops[i].work_ms };
        struct workday workday = { who->home, who->work, 1 };
        travel_ms += plan_route(&workday, &estimated_roads, visits, day.count, legs).travel_ms;
        *ret_holds = *ret_holds && day_check(&day, &estimated_roads).fit == FIT_YES;
    }
    return travel_ms;
}

Test(choose_swaps, properties_over_random_wishes)
{
    int32_t told = 0;

    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct random_region made;
        struct random random = { seed * 7 };
        int32_t wanted[RANDOM_VISITS], by[RANDOM_VISITS];
        bool held = true, holds = true;
        random_region(seed, &made);
        for (int32_t v = 0; v < made.region.visit_count; v++) {
            by[v] = made.visits[v].technician;
            wanted[v] = (int32_t)random_between(&random, -1, RANDOM_TECHNICIANS - 1);
        }
        int64_t before_ms = region_travel(&made.region, by, &held);
        cr_assert(held, "seed %d: the random days hold", (int)seed);
        struct swaps swaps = choose_swaps(&arena, &made.region, &estimated_roads, wanted);
        struct swaps again = choose_swaps(&arena, &made.region, &estimated_roads, wanted);
        cr_assert_eq(swaps.saved_travel_ms, again.saved_travel_ms, "seed %d: the same twice",
                     (int)seed);
        cr_assert_leq(swaps.count, SWAPS_MOST);
        for (int32_t i = 0; i < swaps.count; i++) {
            int32_t visit = swaps.at[i].visit, to = swaps.at[i].to;
            cr_assert_not(made.visits[visit].is_pinned, "seed %d: pinned", (int)seed);
            cr_assert(!(made.visits[visit].skills & ~made.technicians[to].skills), "seed %d: skill",
                      (int)seed);
            cr_assert_neq(made.visits[visit].technician, to, "seed %d: to another", (int)seed);
            cr_assert_eq(by[visit], made.visits[visit].technician, "seed %d: twice", (int)seed);
            by[visit] = to;
        }
        int64_t after_ms = region_travel(&made.region, by, &holds);
        cr_assert(holds, "seed %d: a day does not hold", (int)seed);
        cr_assert_eq(before_ms - after_ms, swaps.saved_travel_ms, "seed %d: the sum", (int)seed);
        cr_assert_geq(swaps.saved_travel_ms, swaps.count * (int64_t)LEAST_SAVED_PER_SWAP_MS);
        told += swaps.count;
        arena_reset(&arena);
    }
    cr_assert_gt(told, 100, "the wishes were never worth anything");
}
