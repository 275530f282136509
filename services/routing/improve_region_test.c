/* From flat bytes to flat bytes: what the solver and the choice of swaps find together. */
#include "services/routing/domain/random_region.h"
#include "services/routing/improve_region.h"
#include <criterion/criterion.h>
#include <string.h>

static struct region_improvement run(const struct region_day *region)
{
    struct arena arena = { 0 };
    struct region_improvement improvement;
    struct text bytes = region_day_pack(&arena, region);

    improve_region(bytes.at, bytes.length, &improvement, sizeof improvement);
    arena_done(&arena);
    return improvement;
}

static const timestamp morning = 1795503600000; /* Tuesday, 24 November 2026, 08:00 in Warsaw */

/* Two who live at opposite ends of Warsaw, each with the other's neighbours to visit. */
static struct region_improvement run_opposite(bool last_is_pinned, int64_t worth_ms)
{
    const struct place north = { 52.33, 20.95 }, south = { 52.14, 21.05 };
    const struct region_technician technicians[] = {
        { north, { { morning, morning + HOURS(8) } }, 1, 1, 0 },
        { south, { { morning, morning + HOURS(8) } }, 1, 1, 0 },
    };
    const struct region_visit visits[] = {
        { south, morning + HOURS(2), HOURS(1), 1, 0, false },
        { south, morning + HOURS(5), HOURS(1), 1, 0, false },
        { north, morning + HOURS(2), HOURS(1), 1, 1, false },
        { north, morning + HOURS(5), HOURS(1), 1, 1, last_is_pinned },
    };
    const struct region_day region = { technicians, visits,        2,
                                       4,           .rounds = 100, .worth_ms = worth_ms };

    return run(&region);
}

Test(improve_region, finds_the_exchange_that_everybody_sees)
{
    struct region_improvement found = run_opposite(false, MINUTES(5));
    bool moved[4] = { false };

    cr_assert(found.is_readable);
    cr_expect_eq(found.count, 4, "%d swaps", found.count);
    for (int32_t i = 0; i < found.count; i++) {
        cr_expect_eq(found.swaps[i].to, 1 - found.swaps[i].from);
        moved[2 * found.swaps[i].from + found.swaps[i].nth] = true;
    }
    cr_expect(moved[0] && moved[1] && moved[2] && moved[3]);
    cr_expect_gt(found.saved_travel_ms, MINUTES(100));
    cr_expect_gt(found.saved_travel_m, 100000);
    cr_expect_eq(run_opposite(false, found.saved_travel_ms + 1).count, 0, "less than asked for");
}

Test(improve_region, exchanges_around_a_pinned_visit)
{
    struct region_improvement found = run_opposite(true, MINUTES(1));

    cr_assert_eq(found.count, 2, "%d swaps", found.count);
    cr_expect(found.swaps[0].nth == 0 && found.swaps[1].nth == 0);
}

Test(improve_region, bytes_that_are_no_region_are_told)
{
    struct region_improvement improvement;

    improve_region("nothing", 7, &improvement, sizeof improvement);
    cr_expect_not(improvement.is_readable);
    cr_expect_eq(improvement.count, 0);
}

Test(improve_region, same_input_gives_the_same_bytes)
{
    int32_t found = 0;

    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct random_region made;
        random_region(seed, &made);
        struct region_improvement once = run(&made.region), again = run(&made.region);
        cr_assert_eq(memcmp(&once, &again, sizeof once), 0, "seed %d", (int)seed);
        for (int32_t i = 0; i < once.count; i++)
            cr_assert(once.swaps[i].from != once.swaps[i].to, "seed %d", (int)seed);
        found += once.count;
    }
    cr_expect_gt(found, 30, "%d swaps in all", found);
}

Test(improve_region, lives_with_odd_days)
{
    const struct region_technician technicians[] = {
        { { 52.2, 21.0 }, { { 0, 0 } }, 0, 1, 0 }, /* does not work any more */
        { { 52.2, 21.0 },
          { { morning, morning + HOURS(2) }, { morning + HOURS(4), morning + HOURS(8) } },
          2,
          1,
          0 },
    };
    const struct region_visit visits[] = {
        { { 52.2, 21.1 }, morning + HOURS(5), HOURS(1), 1, 0, false },
        { { 0, 0 }, morning + HOURS(6), HOURS(1), 1, 0, true },
        { { 52.2, 21.1 }, morning + HOURS(1), HOURS(3), 1, 1, false },
    };
    const struct region_day region = { technicians, visits, 2, 3, .rounds = 50, .worth_ms = 1 };
    const struct region_day empty = { technicians, visits, 0, 0, .rounds = 50 };

    cr_expect(run(&region).is_readable);
    cr_expect(run(&empty).is_readable);
}
