/* The grid of starts on the wall clock, on the day of 25 hours. */
#include "lib/domain/calendar.h"
#include "lib/schedule/day.h"
#include <criterion/criterion.h>

Test(day, starts_stand_on_the_quarters_of_warsaw)
{
    const struct place home = { 52.23, 21.01 }, customer = { 52.20, 21.05 };
    int32_t date = 0;

    cr_assert(date_make(2026, 10, 25, &date)); /* the day of 25 hours */
    timestamp midnight = date_start(date);
    struct day day = { { midnight + HOURS(9), midnight + HOURS(17) }, 0, home, home, NULL, 0, 0 };
    struct day_job job = { customer, HOURS(2) };
    struct day_start starts[64];
    size_t count = day_starts(&day, &estimated_roads, &job, day.shift, MINUTES(15), starts, 64);

    cr_assert_gt(count, 15);
    for (size_t i = 0; i < count; i++) {
        struct civil civil = civil_from_timestamp(starts[i].start_at);
        cr_expect_eq(civil.minute % 15, 0);
        cr_expect_eq(civil.second, 0);
        cr_expect_eq(i > 0 && starts[i].start_at != starts[i - 1].start_at + MINUTES(15), 0);
    }
    cr_expect_eq(day_starts(&day, &estimated_roads, &job, day.shift, MINUTES(15), starts, 3), 3,
                 "no more than asked for");
}
