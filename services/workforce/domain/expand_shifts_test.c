#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "lib/domain/random.h"
#include "services/workforce/domain/expand_shifts.h"
#include <criterion/criterion.h>

enum { WORKING_DAYS = 0x1F, EVERY_DAY = 0x7F, HOUR = 60, TODAY = 20780 };

static int32_t date(int32_t year, int32_t month, int32_t day)
{
    int32_t made = 0;

    cr_assert(date_make(year, month, day, &made));
    return made;
}

static timestamp clock(int32_t day, int32_t hour, int32_t minute)
{
    struct civil civil = date_civil(day);

    civil.hour = hour;
    civil.minute = minute;
    return timestamp_from_civil(civil);
}

Test(expand_shifts, weekdays)
{
    const struct {
        const char *text;
        bool valid;
        uint8_t weekdays;
    } rows[] = {
        { "1-5", true, WORKING_DAYS },
        { "1,3,5", true, 0x15 },
        { "6", true, 0x20 },
        { "1-3,7", true, 0x47 },
        { "7,1", true, 0x41 },
        { "1-7", true, EVERY_DAY },
        { "", false, 0 },
        { "0", false, 0 },
        { "8", false, 0 },
        { "5-1", false, 0 },
        { "1-1", false, 0 },
        { "1,1", false, 0 },
        { "1-3,2", false, 0 },
        { "1,", false, 0 },
        { ",1", false, 0 },
        { "1-", false, 0 },
        { "-5", false, 0 },
        { "pn", false, 0 },
        { "1 -5", false, 0 },
    };

    EACH (row, rows) {
        uint8_t weekdays = 0;
        cr_expect_eq(weekdays_parse(text_of(row->text), &weekdays), row->valid, "\"%s\"",
                     row->text);
        cr_expect_eq(weekdays, row->weekdays, "\"%s\"", row->text);
    }
}

Test(expand_shifts, clashes)
{
    const struct shift_pattern day = { WORKING_DAYS, 8 * HOUR, 16 * HOUR };
    const struct {
        const char *name;
        struct shift_pattern a, b;
        bool clash;
    } rows[] = {
        { "other hours of the same days", day, { WORKING_DAYS, 17 * HOUR, 20 * HOUR }, false },
        { "one begins when the other ends", day, { WORKING_DAYS, 16 * HOUR, 20 * HOUR }, false },
        { "one ends when the other begins", { WORKING_DAYS, 16 * HOUR, 20 * HOUR }, day, false },
        { "one minute together", day, { WORKING_DAYS, 16 * HOUR - 1, 20 * HOUR }, true },
        { "the same hours of other days", day, { 0x60, 8 * HOUR, 16 * HOUR }, false },
        { "the same twice", day, day, true },
        { "one inside the other", day, { 0x01, 10 * HOUR, 11 * HOUR }, true },
        { "a night into the next day",
          { 0x01, 22 * HOUR, 6 * HOUR },
          { 0x02, 5 * HOUR, 9 * HOUR },
          true },
        { "a night up to the next day's start",
          { 0x01, 22 * HOUR, 6 * HOUR },
          { 0x02, 6 * HOUR, 9 * HOUR },
          false },
        { "Sunday's night into Monday",
          { 0x40, 22 * HOUR, 6 * HOUR },
          { 0x01, 5 * HOUR, 9 * HOUR },
          true },
        { "Monday into Sunday's night",
          { 0x01, 5 * HOUR, 9 * HOUR },
          { 0x40, 22 * HOUR, 6 * HOUR },
          true },
        { "until midnight, then from midnight",
          { 0x01, 16 * HOUR, 0 },
          { 0x02, 0, 8 * HOUR },
          false },
    };

    EACH (row, rows) {
        const struct shift_pattern patterns[] = { { 0x20, 60, 120 }, row->a, row->b };
        size_t first = 0, second = 0;
        cr_expect_eq(patterns_clash(patterns, 3, TODAY, &first, &second), row->clash, "%s",
                     row->name);
        if (row->clash)
            cr_expect(first == 1 && second == 2, "%s: %zu and %zu", row->name, first, second);
    }
}

Test(expand_shifts, table)
{
    const int32_t monday = date(2026, 11, 23), march = date(2026, 3, 28),
                  october = date(2026, 10, 24);
    const struct {
        const char *name;
        struct shift_pattern pattern;
        int32_t first_day, last_day;
        size_t count;
        timestamp from, until; /* of the first */
    } rows[] = {
        { "a working week has five",
          { WORKING_DAYS, 480, 960 },
          monday,
          monday + 6,
          5,
          clock(monday, 8, 0),
          clock(monday, 16, 0) },
        { "both ends of the range count",
          { EVERY_DAY, 480, 960 },
          monday,
          monday,
          1,
          clock(monday, 8, 0),
          clock(monday, 16, 0) },
        { "no such weekday in the range", { 0x40, 480, 960 }, monday, monday + 5, 0, 0, 0 },
        { "a night belongs to the day it starts on",
          { 0x01, 1320, 360 },
          monday,
          monday + 1,
          1,
          clock(monday, 22, 0),
          clock(monday + 1, 6, 0) },
        { "until midnight",
          { 0x01, 960, 0 },
          monday,
          monday,
          1,
          clock(monday, 16, 0),
          clock(monday + 1, 0, 0) },
        { "March's night has seven hours",
          { 0x20, 1320, 360 },
          march,
          march,
          1,
          clock(march, 22, 0),
          clock(march, 22, 0) + HOURS(7) },
        { "October's night has nine hours",
          { 0x20, 1320, 360 },
          october,
          october,
          1,
          clock(october, 22, 0),
          clock(october, 22, 0) + HOURS(9) },
        { "from an hour that March leaves out: an hour later",
          { 0x40, 150, 600 },
          march + 1,
          march + 1,
          1,
          clock(march + 1, 3, 30),
          clock(march + 1, 10, 0) },
        { "wholly around the hour left out: nothing remains",
          { 0x40, 150, 180 },
          march + 1,
          march + 1,
          0,
          0,
          0 },
        { "from the hour that October repeats: its first",
          { 0x40, 150, 600 },
          october + 1,
          october + 1,
          1,
          clock(october + 1, 1, 0) + MINUTES(90),
          clock(october + 1, 10, 0) },
    };

    EACH (row, rows) {
        struct shift shifts[16] = { 0 };
        size_t count = expand_shifts(&row->pattern, 1, row->first_day, row->last_day, shifts);
        cr_expect_eq(count, row->count, "%s: %zu", row->name, count);
        cr_expect_eq(shifts[0].work.from, row->from, "%s", row->name);
        cr_expect_eq(shifts[0].work.until, row->until, "%s", row->name);
    }
}

Test(expand_shifts, what_ends_in_the_hour_left_out_does_not_reach_into_the_next)
{
    const int32_t march = date(2026, 3, 28);
    const struct shift_pattern patterns[] = { { 0x20, 1320, 170 }, { 0x40, 180, 600 } };
    struct shift shifts[4];

    cr_assert_eq(expand_shifts(patterns, 2, march, march + 1, shifts), 2);
    cr_expect_eq(shifts[0].work.until, shifts[1].work.from);
    cr_expect_eq(shifts[1].work.from, clock(march + 1, 3, 0));
}

/* ---- against an oracle that asks of every hour what the wall clock shows ---- */

static struct shift_pattern some_pattern(struct random *random)
{
    int32_t from = (int32_t)random_below(random, 24), until;

    do
        until = (int32_t)random_below(random, 24);
    while (until == from);
    return (struct shift_pattern){ (uint8_t)random_between(random, 1, EVERY_DAY), from * HOUR,
                                   until * HOUR };
}

static bool starts_on(const struct shift_pattern *pattern, int32_t day, int32_t first_day,
                      int32_t last_day)
{
    return day >= first_day && day <= last_day && pattern->weekdays & 1U << (date_weekday(day) - 1);
}

static bool works_by_the_wall(const struct shift_pattern *pattern, timestamp at, int32_t first_day,
                              int32_t last_day)
{
    int32_t day = date_from_timestamp(at), minute = civil_from_timestamp(at).hour * HOUR;
    bool is_overnight = pattern->until_minute < pattern->from_minute;

    if (starts_on(pattern, day, first_day, last_day) && minute >= pattern->from_minute &&
        (is_overnight || minute < pattern->until_minute))
        return true;
    return is_overnight && starts_on(pattern, day - 1, first_day, last_day) &&
           minute < pattern->until_minute;
}

static bool works_by_the_shifts(const struct shift shifts[], size_t count, timestamp at)
{
    for (size_t i = 0; i < count; i++)
        if (window_contains(shifts[i].work, at))
            return true;
    return false;
}

Test(expand_shifts, agrees_with_the_wall_clock_hour_by_hour)
{
    struct random random = { 41 };
    const int32_t middles[] = { date(2026, 3, 29),  date(2026, 10, 25), date(2027, 3, 28),
                                date(2027, 10, 31), date(2026, 12, 31), date(2028, 2, 29) };

    for (int round = 0; round < 3000; round++) {
        int32_t middle = middles[random_below(&random, COUNT(middles))];
        int32_t first_day = middle - (int32_t)random_below(&random, 9);
        int32_t last_day = first_day + (int32_t)random_below(&random, 18);
        size_t count = (size_t)random_between(&random, 1, 3), first, second;
        struct shift_pattern patterns[3];
        struct shift shifts[3 * 18];
        for (size_t i = 0; i < count; i++)
            patterns[i] = some_pattern(&random);
        if (patterns_clash(patterns, count, TODAY, &first, &second))
            continue;
        size_t made = expand_shifts(patterns, count, first_day, last_day, shifts);
        for (timestamp at = date_start(first_day - 1); at < date_end(last_day + 1);
             at += HOURS(1)) {
            bool expected = false;
            for (size_t i = 0; i < count; i++)
                expected |= works_by_the_wall(&patterns[i], at, first_day, last_day);
            cr_assert_eq(works_by_the_shifts(shifts, made, at), expected,
                         "seed 41, round %d, at %lld", round, (long long)at);
        }
    }
}

Test(expand_shifts, shifts_are_in_order_and_apart_at_any_minute)
{
    struct random random = { 42 };

    for (int round = 0; round < 20000; round++) {
        int32_t first_day = date(2026, 3, 22) + (int32_t)random_below(&random, 8);
        struct shift_pattern patterns[3];
        struct shift shifts[3 * 10], again[3 * 10];
        size_t first, second;
        for (size_t i = 0; i < 3; i++) {
            patterns[i] = some_pattern(&random);
            patterns[i].from_minute += (int32_t)random_below(&random, HOUR);
            patterns[i].until_minute += (int32_t)random_below(&random, HOUR);
        }
        if (patterns_clash(patterns, 3, TODAY, &first, &second))
            continue;
        size_t made = expand_shifts(patterns, 3, first_day, first_day + 9, shifts);
        for (size_t i = 0; i < made; i++) {
            cr_assert(shifts[i].work.from < shifts[i].work.until, "seed 42, round %d", round);
            cr_assert(i == 0 || shifts[i - 1].work.until <= shifts[i].work.from,
                      "seed 42, round %d: %zu overlaps", round, i);
            cr_assert_eq(date_from_timestamp(shifts[i].work.from), shifts[i].day,
                         "seed 42, round %d", round);
        }
        const struct shift_pattern turned[] = { patterns[2], patterns[0], patterns[1] };
        cr_assert_eq(expand_shifts(turned, 3, first_day, first_day + 9, again), made);
        for (size_t i = 0; i < made; i++)
            cr_assert_eq(again[i].work.from, shifts[i].work.from,
                         "order does not matter: seed 42, round %d", round);
    }
}

Test(works_at_all, table)
{
    const struct shift shifts[] = { { 0, { HOURS(8), HOURS(16) } },
                                    { 1, { HOURS(32), HOURS(40) } } };
    const struct {
        const char *name;
        size_t shift_count, absence_count;
        struct window absences[3];
        bool works;
    } rows[] = {
        { "no shift, no work", 0, 0, { { 0 } }, false },
        { "no absence", 2, 0, { { 0 } }, true },
        { "away for all of it", 2, 1, { { HOURS(8), HOURS(40) } }, false },
        { "away for one of two", 2, 1, { { HOURS(8), HOURS(32) } }, true },
        { "a minute remains at the end", 1, 1, { { 0, HOURS(16) - 1 } }, true },
        { "a minute remains at the start", 1, 1, { { HOURS(8) + 1, HOURS(16) } }, true },
        { "pieces that cover it, out of order",
          1,
          3,
          { { HOURS(12), HOURS(16) }, { HOURS(7), HOURS(10) }, { HOURS(9), HOURS(13) } },
          false },
        { "pieces with a gap", 1, 2, { { HOURS(8), HOURS(10) }, { HOURS(11), HOURS(16) } }, true },
    };

    EACH (row, rows)
        cr_expect_eq(works_at_all(shifts, row->shift_count, row->absences, row->absence_count),
                     row->works, "%s", row->name);
}

/* ---- breaks, on call, holidays, rules ---- */

Test(expand_shifts, breaks_are_hours_too)
{
    const int32_t march = date(2026, 3, 28), october = date(2026, 10, 24);
    const struct {
        const char *name;
        struct shift_pattern pattern;
        int32_t day;
        size_t count;
        timestamp from;
        int64_t length_ms;
    } rows[] = {
        { "at noon",
          { EVERY_DAY, 480, 960, .breaks = { { 720, 750 } }, .break_count = 1 },
          march,
          1,
          clock(march, 12, 0),
          MINUTES(30) },
        { "after midnight",
          { EVERY_DAY, 1320, 360, .breaks = { { 60, 90 } }, .break_count = 1 },
          march,
          1,
          clock(march + 1, 1, 0),
          MINUTES(30) },
        { "until midnight",
          { EVERY_DAY, 1320, 360, .breaks = { { 1380, 0 } }, .break_count = 1 },
          march,
          1,
          clock(march, 23, 0),
          HOURS(1) },
        { "until the shift's own end, a day on",
          { EVERY_DAY, 1320, 1260, .breaks = { { 1200, 1260 } }, .break_count = 1 },
          march - 3,
          1,
          clock(march - 2, 20, 0),
          HOURS(1) },
        { "in the hour left out: none",
          { EVERY_DAY, 1320, 360, .breaks = { { 120, 180 } }, .break_count = 1 },
          march,
          0,
          0,
          0 },
        { "over the hour that comes twice: one more",
          { EVERY_DAY, 1320, 360, .breaks = { { 90, 210 } }, .break_count = 1 },
          october,
          1,
          clock(october + 1, 1, 30),
          HOURS(3) },
    };

    EACH (row, rows) {
        struct shift shifts[2];
        cr_assert_eq(expand_shifts(&row->pattern, 1, row->day, row->day, shifts), 1);
        cr_expect_eq(shifts[0].break_count, row->count, "%s", row->name);
        if (!row->count)
            continue;
        cr_expect_eq(shifts[0].breaks[0].from, row->from, "%s", row->name);
        cr_expect_eq(window_length_ms(shifts[0].breaks[0]), row->length_ms, "%s", row->name);
    }
}

Test(expand_shifts, on_call_stands_beside_work)
{
    const int32_t monday = date(2026, 11, 23);
    const struct shift_pattern patterns[] = {
        { EVERY_DAY, 0, 1439, .on_call = true },
        { WORKING_DAYS, 480, 960, .overtime_ms = MINUTES(30) },
    };
    struct shift shifts[4];

    cr_assert_eq(expand_shifts(patterns, 2, monday, monday, shifts), 2);
    cr_expect(shifts[0].on_call && !shifts[1].on_call);
    cr_expect_eq(shifts[0].work.until, clock(monday, 23, 59), "work does not cut it");
    cr_expect_eq(shifts[1].overtime_ms, MINUTES(30));
}

Test(expand_shifts, holidays)
{
    const int32_t first = date(2027, 1, 1), last = date(2027, 12, 31);
    static struct shift shifts[366];
    struct shift_pattern pattern = { WORKING_DAYS, 480, 960 };

    cr_expect_eq(expand_shifts(&pattern, 1, first, last, shifts), 261);
    pattern.holidays = HOLIDAYS_OFF;
    /* 1 and 6 January, Easter Monday, 3 May, Corpus Christi, 1 and 11 November, Christmas Eve:
     * eight holidays of 2027 are no Saturday and no Sunday. */
    cr_expect_eq(expand_shifts(&pattern, 1, first, last, shifts), 253);
    pattern.holidays = HOLIDAYS_ONLY;
    cr_expect_eq(expand_shifts(&pattern, 1, first, last, shifts), 8);
    cr_expect_eq(shifts[0].day, first);
}

Test(expand_shifts, a_rule_falls_on_its_days_but_for_exceptions)
{
    const int32_t monday = date(2026, 11, 23);
    const int32_t days[] = { monday, monday + 2, monday + 9 }, excepted[] = { monday + 2 };
    const struct shift_pattern pattern = { .from_minute = 480,
                                           .until_minute = 960,
                                           .rrule = "x",
                                           .days = days,
                                           .day_count = 3,
                                           .except_on = excepted,
                                           .except_count = 1 };
    struct shift shifts[16];

    cr_assert_eq(expand_shifts(&pattern, 1, monday, monday + 14, shifts), 2);
    cr_expect_eq(shifts[0].day, monday);
    cr_expect_eq(shifts[1].day, monday + 9);
    cr_expect_eq(expand_shifts(&pattern, 1, monday + 1, monday + 8, shifts), 0);
}
