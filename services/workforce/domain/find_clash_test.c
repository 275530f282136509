#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "lib/domain/random.h"
#include "services/workforce/domain/expand_shifts.h"
#include <criterion/criterion.h>

enum { HOUR = 60, WORKING_DAYS = 0x1F, EVERY_DAY = 0x7F };

static int32_t date(int32_t year, int32_t month, int32_t day)
{
    int32_t made = 0;

    cr_assert(date_make(year, month, day, &made));
    return made;
}

Test(find_clash, beyond_the_plain_week)
{
    const int32_t monday = date(2026, 11, 23);
    const int32_t odd[] = { monday, monday + 14, monday + 28 };
    const int32_t even[] = { monday + 7, monday + 21, monday + 35 };
    const int32_t late[] = { monday + CLASH_DAYS }, far[] = { monday + CLASH_DAYS - 1 };
    const struct shift_pattern weeks = {
        .from_minute = 480, .until_minute = 960, .rrule = "x", .days = odd, .day_count = 3
    };
    struct shift_pattern others = weeks, nights = weeks, excepted = weeks, once = weeks;
    struct shift_pattern daily = { EVERY_DAY, 480, 960 }, free = daily, only = daily;
    struct shift_pattern on_call = daily;
    others.days = even;
    nights.days = even;
    nights.from_minute = 22 * HOUR;
    nights.until_minute = 9 * HOUR;
    excepted.except_on = odd;
    excepted.except_count = 3;
    once.days = far;
    once.day_count = 1;
    free.holidays = HOLIDAYS_OFF;
    only.holidays = HOLIDAYS_ONLY;
    on_call.on_call = true;
    struct shift_pattern too_late = once, next_day = weeks;
    too_late.days = late;
    int32_t tuesdays[] = { monday + 8 };
    next_day.days = tuesdays;
    next_day.day_count = 1;
    const struct {
        const char *name;
        struct shift_pattern a, b;
        bool clash;
    } rows[] = {
        { "odd and even weeks share nothing", weeks, others, false },
        { "the same weeks do", weeks, weeks, true },
        { "a rule against the weekdays it falls on", weeks, { 0x01, 900, 1000 }, true },
        { "a rule against other weekdays", weeks, { 0x02, 900, 1000 }, false },
        { "a rule's night into a rule's next morning", nights, next_day, true },
        { "the same the other way round", next_day, nights, true },
        { "days excepted are free", excepted, weeks, false },
        { "on the last day looked at", daily, once, true },
        { "and not beyond", daily, too_late, false },
        { "off on holidays, and only on holidays", free, only, false },
        { "every day, and only on holidays", daily, only, true },
        { "on call beside work", daily, on_call, false },
        { "on call twice", on_call, on_call, true },
    };

    EACH (row, rows) {
        const struct shift_pattern patterns[] = { row->a, row->b };
        size_t first = 9, second = 9;
        cr_expect_eq(patterns_clash(patterns, 2, monday, &first, &second), row->clash, "%s",
                     row->name);
        cr_expect(!row->clash || (first == 0 && second == 1), "%s", row->name);
    }
}

/* Patterns of weekdays, once as they are and once as days of a rule, clash alike. */
Test(find_clash, a_week_and_its_days_answer_alike)
{
    struct random random = { 47 };
    const int32_t today = date(2026, 11, 23);
    static int32_t days[2][CLASH_DAYS + 4];

    for (int round = 0; round < 3000; round++) {
        struct shift_pattern week[2], rule[2];
        size_t first, second;
        for (int i = 0; i < 2; i++) {
            week[i] = (struct shift_pattern){ (uint8_t)random_between(&random, 1, EVERY_DAY),
                                              (int32_t)random_below(&random, 1440), 0 };
            week[i].until_minute =
                (week[i].from_minute + (int32_t)random_between(&random, 1, 1439)) % 1440;
            rule[i] = week[i];
            rule[i].weekdays = 0;
            rule[i].rrule = "x";
            rule[i].days = days[i];
            for (int32_t day = today - 1; day <= today + CLASH_DAYS; day++)
                if (pattern_falls_on(&week[i], day))
                    days[i][rule[i].day_count++] = day;
        }
        cr_assert_eq(patterns_clash(week, 2, today, &first, &second),
                     patterns_clash(rule, 2, today, &first, &second), "seed 47, round %d", round);
    }
}

Test(find_clash, breaks)
{
    const struct shift_pattern day = { WORKING_DAYS, 8 * HOUR, 16 * HOUR },
                               night = { WORKING_DAYS, 22 * HOUR, 6 * HOUR };
    const struct {
        const char *name;
        const struct shift_pattern *pattern;
        struct minutes added[3];
        size_t count;
        bool fits; /* the last one */
    } rows[] = {
        { "inside", &day, { { 720, 750 } }, 1, true },
        { "at the start", &day, { { 480, 490 } }, 1, true },
        { "at the end", &day, { { 900, 960 } }, 1, true },
        { "before the start", &day, { { 470, 490 } }, 1, false },
        { "beyond the end", &day, { { 950, 961 } }, 1, false },
        { "backwards", &day, { { 750, 720 } }, 1, false },
        { "two apart", &day, { { 720, 750 }, { 600, 610 } }, 2, true },
        { "two that touch", &day, { { 720, 750 }, { 750, 760 } }, 2, true },
        { "two that overlap", &day, { { 720, 750 }, { 749, 760 } }, 2, false },
        { "one around another", &day, { { 720, 750 }, { 700, 800 } }, 2, false },
        { "after midnight", &night, { { 120, 150 } }, 1, true },
        { "over midnight", &night, { { 1430, 10 } }, 1, true },
        { "in the morning after", &night, { { 350, 370 } }, 1, false },
    };

    EACH (row, rows) {
        struct shift_pattern pattern = *row->pattern;
        for (size_t i = 0; i < row->count; i++)
            cr_expect_eq(pattern_add_break(&pattern, row->added[i]),
                         i + 1 < row->count || row->fits, "%s", row->name);
    }
    struct shift_pattern pattern = day;
    for (int i = 0; i < BREAKS_MOST; i++)
        cr_expect(pattern_add_break(&pattern, (struct minutes){ 900 - i * 60, 930 - i * 60 }));
    cr_expect_not(pattern_add_break(&pattern, (struct minutes){ 490, 500 }), "one too many");
    for (int i = 1; i < BREAKS_MOST; i++)
        cr_expect_lt(pattern.breaks[i - 1].from, pattern.breaks[i].from, "kept in order");
}
