#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "lib/domain/random.h"
#include "services/workforce/domain/count_hours.h"
#include <criterion/criterion.h>

enum { HOUR = 60, EVERY_DAY = 0x7F, WORKING_DAYS = 0x1F, WEEKEND = 0x60 };

static int32_t date(int32_t year, int32_t month, int32_t day)
{
    int32_t made = 0;

    cr_assert(date_make(year, month, day, &made));
    return made;
}

static size_t windows_of(const struct shift_pattern patterns[], size_t count, int32_t year,
                         struct window ret_windows[])
{
    static struct shift shifts[4 * 367];
    size_t made = expand_shifts(patterns, count, date(year, 1, 1) - 1, date(year, 12, 31), shifts);

    for (size_t i = 0; i < made; i++)
        ret_windows[i] = shifts[i].work;
    return join_windows(ret_windows, made);
}

Test(count_hours, every_hour_of_three_years)
{
    const struct {
        const char *name;
        int32_t year;
        struct shift_pattern owned[3], closed[2];
        size_t owned_count, closed_count;
        struct hours_counted counted;
    } rows[] = {
        { "nobody, nothing", 2026, { { 0 } }, { { 0 } }, 0, 0, { 8760, 0, 0, 0, 8760, 1, false } },
        { "a leap year has a day more",
          2028,
          { { 0 } },
          { { 0 } },
          0,
          0,
          { 8784, 0, 0, 0, 8784, 1, false } },
        { "all hours of all days by three",
          2027,
          { { EVERY_DAY, 6 * HOUR, 14 * HOUR },
            { EVERY_DAY, 14 * HOUR, 22 * HOUR },
            { EVERY_DAY, 22 * HOUR, 6 * HOUR } },
          { { 0 } },
          3,
          0,
          { 8760, 8760, 0, 0, 0, 0, false } },
        { "nights alone: 365 times eight hours, seven once and nine once",
          2026,
          { { EVERY_DAY, 22 * HOUR, 6 * HOUR } },
          { { 0 } },
          1,
          0,
          { 8760, 2920, 0, 0, 5840, 9, true } },
        { "work on working days, closed else, also on holidays",
          2027,
          { { WORKING_DAYS, 0, 12 * HOUR, .holidays = HOLIDAYS_OFF },
            { WORKING_DAYS, 12 * HOUR, 0, .holidays = HOLIDAYS_OFF } },
          { { WEEKEND, 0, 12 * HOUR }, { WEEKEND, 12 * HOUR, 0 } },
          2,
          2,
          /* 253 working days; 104 days of weekends, which hold both clock changes; 8 holidays that
           * are neither. */
          { 8760, 6072, 2496, 0, 192, 8, false } },
        { "owned on all days, closed on holidays",
          2028,
          { { EVERY_DAY, 0, 12 * HOUR }, { EVERY_DAY, 12 * HOUR, 0 } },
          { { EVERY_DAY, 0, 12 * HOUR, .holidays = HOLIDAYS_ONLY },
            { EVERY_DAY, 12 * HOUR, 0, .holidays = HOLIDAYS_ONLY } },
          2,
          2,
          { 8784, 8448, 0, 336, 0, 0, false } },
        { "a shift that begins at half past owns no half hour",
          2026,
          { { EVERY_DAY, 8 * HOUR + 30, 11 * HOUR + 30 } },
          { { 0 } },
          1,
          0,
          { 8760, 730, 0, 0, 8030, 9, true } },
        { "two that touch own the hour together",
          2026,
          { { EVERY_DAY, 8 * HOUR, 8 * HOUR + 30 }, { EVERY_DAY, 8 * HOUR + 30, 9 * HOUR } },
          { { 0 } },
          2,
          0,
          { 8760, 365, 0, 0, 8395, 9, true } },
    };

    EACH (row, rows) {
        static struct window owned[4 * 367], closed[4 * 367];
        struct window gaps[9];
        struct window year = { date_start(date(row->year, 1, 1)),
                               date_end(date(row->year, 12, 31)) };
        size_t owned_count = windows_of(row->owned, row->owned_count, row->year, owned);
        size_t closed_count = windows_of(row->closed, row->closed_count, row->year, closed);
        struct hours_counted got =
            count_hours(year, owned, owned_count, closed, closed_count, gaps, COUNT(gaps));
        cr_expect_eq(got.hours, row->counted.hours, "%s", row->name);
        cr_expect_eq(got.owned, row->counted.owned, "%s: owned %ld", row->name, (long)got.owned);
        cr_expect_eq(got.closed, row->counted.closed, "%s: closed %ld", row->name,
                     (long)got.closed);
        cr_expect_eq(got.both, row->counted.both, "%s: both %ld", row->name, (long)got.both);
        cr_expect_eq(got.neither, row->counted.neither, "%s: neither %ld", row->name,
                     (long)got.neither);
        cr_expect_eq(got.gap_count, row->counted.gap_count, "%s: %zu gaps", row->name,
                     got.gap_count);
        cr_expect_eq(got.has_more_gaps, row->counted.has_more_gaps, "%s", row->name);
    }
}

Test(count_hours, gaps_are_the_hours_of_neither)
{
    struct random random = { 49 };
    const struct window year = { HOURS(1000), HOURS(1200) };

    for (int round = 0; round < 3000; round++) {
        struct window lists[2][20], plain[2][20], gaps[200];
        size_t counts[2];
        for (int k = 0; k < 2; k++) {
            for (int i = 0; i < 20; i++) {
                timestamp from = year.from + MINUTES(30) * random_below(&random, 400);
                plain[k][i] =
                    (struct window){ from, from + MINUTES(30) * random_below(&random, 8) };
                lists[k][i] = plain[k][i];
            }
            counts[k] = join_windows(lists[k], 20);
        }
        struct hours_counted got =
            count_hours(year, lists[0], counts[0], lists[1], counts[1], gaps, COUNT(gaps));
        cr_assert_eq(got.hours, 200);
        cr_assert_eq(got.owned + got.closed + got.both + got.neither, 200);
        for (timestamp at = year.from; at < year.until; at += HOURS(1)) {
            bool is_covered[2] = { true, true }, is_gap = false;
            for (int k = 0; k < 2; k++)
                for (timestamp half = at; half < at + HOURS(1); half += MINUTES(30)) {
                    bool is_in = false;
                    for (int i = 0; i < 20; i++)
                        is_in |= window_contains(plain[k][i], half);
                    is_covered[k] &= is_in;
                }
            for (size_t i = 0; i < got.gap_count; i++)
                is_gap |= window_contains(gaps[i], at);
            cr_assert_eq(is_gap, !is_covered[0] && !is_covered[1], "seed 49, round %d", round);
        }
    }
}
