#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "lib/domain/random.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int32_t date(int32_t year, int32_t month, int32_t day)
{
    int32_t made = 0;

    cr_assert(date_make(year, month, day, &made), "%d-%d-%d", year, month, day);
    return made;
}

Test(calendar, agrees_with_the_tz_database_from_1996_to_2037)
{
    struct random random = { 9 };

    if (access("/usr/share/zoneinfo/Europe/Warsaw", R_OK))
        cr_skip("no tz database on this machine");
    setenv("TZ", "Europe/Warsaw", 1);
    tzset();
    for (int round = 0; round < 200000; round++) {
        /* Half of them within two days of a change of offset. */
        timestamp at = random_between(&random, 820454400000, 2145916800000);
        if (round % 2) {
            int32_t year = (int32_t)random_between(&random, 1996, 2037);
            at = DAYS(date(year, round % 4 == 1 ? 3 : 10, 31)) - random_below(&random, DAYS(9));
        }
        time_t seconds = at / 1000;
        struct tm tm;
        localtime_r(&seconds, &tm);
        struct civil civil = civil_from_timestamp(at);
        cr_assert(civil.year == tm.tm_year + 1900 && civil.month == tm.tm_mon + 1 &&
                      civil.day == tm.tm_mday && civil.hour == tm.tm_hour &&
                      civil.minute == tm.tm_min && civil.second == tm.tm_sec &&
                      civil.weekday % 7 == tm.tm_wday && civil.ms == at % 1000,
                  "seed 9 at %lld", (long long)at);
        cr_assert_eq(hour_of_week(at), (civil.weekday - 1) * 24 + civil.hour);
    }
}

Test(calendar, there_and_back)
{
    struct random random = { 10 };

    for (int round = 0; round < 100000; round++) {
        timestamp at = random_between(&random, -HOURS(600000), HOURS(1500000));
        timestamp back = timestamp_from_civil(civil_from_timestamp(at));
        /* The second of the two October hours comes back as the first. */
        bool repeated = back == at - HOURS(1) && warsaw_offset_ms(back) == HOURS(2) &&
                        warsaw_offset_ms(at) == HOURS(1);
        cr_assert(back == at || repeated, "seed 10 at %lld", (long long)at);
        int32_t day = date_from_timestamp(at);
        cr_assert(window_contains(date_window(day), at), "seed 10 at %lld", (long long)at);
    }
}

Test(calendar, gap_and_overlap)
{
    const struct {
        const char *name;
        struct civil civil;
        timestamp at;
    } rows[] = {
        { "winter", { 2026, 1, 15, 12, 0, 0, 0, 0 }, 1768474800000 },
        { "summer", { 2026, 7, 15, 12, 0, 0, 0, 0 }, 1784109600000 },
        { "last minute before the gap", { 2026, 3, 29, 1, 59, 0, 0, 0 }, 1774745940000 },
        { "in the gap: 02:30 is 03:30", { 2026, 3, 29, 2, 30, 0, 0, 0 }, 1774747800000 },
        { "after the gap", { 2026, 3, 29, 3, 30, 0, 0, 0 }, 1774747800000 },
        { "twice: the first one", { 2026, 10, 25, 2, 30, 0, 0, 0 }, 1792888200000 },
        { "after the second one", { 2026, 10, 25, 3, 0, 0, 0, 0 }, 1792893600000 },
    };

    EACH (row, rows)
        cr_expect_eq(timestamp_from_civil(row->civil), row->at, "%s: %lld", row->name,
                     (long long)timestamp_from_civil(row->civil));
    cr_expect_eq(window_length_ms(date_window(date(2026, 3, 29))), HOURS(23));
    cr_expect_eq(window_length_ms(date_window(date(2026, 10, 25))), HOURS(25));
    cr_expect_eq(window_length_ms(date_window(date(2026, 10, 26))), HOURS(24));
}

Test(calendar, days_follow_each_other)
{
    for (int32_t day = date(1995, 12, 30); day < date(2045, 1, 3); day++) {
        struct civil civil = date_civil(day);
        cr_assert_eq(date(civil.year, civil.month, civil.day), day);
        cr_assert_eq(date_end(day), date_start(day + 1));
        cr_assert_eq(date_from_timestamp(date_start(day)), day);
        cr_assert_eq(date_from_timestamp(date_end(day) - 1), day);
        cr_assert_eq(civil_from_timestamp(date_start(day)).hour, 0);
    }
}

Test(calendar, days_that_do_not_exist)
{
    int32_t untouched = 5;

    cr_expect_not(date_make(2026, 2, 29, &untouched));
    cr_expect_not(date_make(1900, 2, 29, &untouched), "1900 was no leap year");
    cr_expect_not(date_make(2026, 4, 31, &untouched));
    cr_expect_not(date_make(2026, 13, 1, &untouched));
    cr_expect_not(date_make(2026, 0, 1, &untouched));
    cr_expect_not(date_make(0, 1, 1, &untouched));
    cr_expect_not(date_make(10000, 1, 1, &untouched));
    cr_expect_eq(untouched, 5);
    cr_expect_eq(date(1, 1, 1), DATE_MIN);
    cr_expect_eq(date(9999, 12, 31), DATE_MAX);
    cr_expect_eq(date(2000, 2, 29), 11016);
}

/* Gauss's rule with Kinkelin's corrections: another road to the same Sunday. */
static int32_t easter_by_gauss(int32_t year)
{
    int32_t a = year % 19, k = year / 100;
    int32_t m = 15 + (3 * k + 3) / 4 - (8 * k + 13) / 25, s = 2 - (3 * k + 3) / 4;
    int32_t d = (19 * a + m) % 30;
    int32_t r = (d + a / 11) / 29;
    int32_t og = 21 + d - r;
    int32_t sz = 7 - (((year + year / 4 + s) % 7) + 7) % 7;
    int32_t oe = 7 - (((og - sz) % 7) + 7) % 7;

    return date(year, 3, 1) + og + oe - 1;
}

Test(calendar, easter)
{
    const struct {
        int32_t year, month, day;
    } rows[] = {
        { 2008, 3, 23 }, { 2011, 4, 24 }, { 2019, 4, 21 }, { 2024, 3, 31 },
        { 2025, 4, 20 }, { 2026, 4, 5 },  { 2027, 3, 28 }, { 2038, 4, 25 },
    };

    EACH (row, rows)
        cr_expect_eq(easter_sunday(row->year), date(row->year, row->month, row->day), "%d",
                     row->year);
    for (int32_t year = 1583; year < 5000; year++) {
        cr_assert_eq(easter_sunday(year), easter_by_gauss(year), "%d", year);
        cr_assert_eq(date_weekday(easter_sunday(year)), 7, "%d", year);
    }
}

Test(calendar, working_days)
{
    const struct {
        const char *name;
        int32_t year, month, day;
        bool works;
    } rows[] = {
        { "a Monday", 2026, 11, 23, true },
        { "a Saturday", 2026, 11, 28, false },
        { "a Sunday", 2026, 11, 29, false },
        { "Epiphany", 2026, 1, 6, false },
        { "Epiphany before 2011", 2010, 1, 6, true },
        { "Easter Monday", 2026, 4, 6, false },
        { "Good Friday is worked", 2026, 4, 3, true },
        { "Corpus Christi", 2026, 6, 4, false },
        { "the Friday after Corpus Christi", 2026, 6, 5, true },
        { "2 May is worked when it is a weekday", 2025, 5, 2, true },
        { "3 May", 2027, 5, 3, false },
        { "Christmas Eve since 2025", 2025, 12, 24, false },
        { "Christmas Eve in 2024", 2024, 12, 24, true },
        { "once, on 12 November 2018", 2018, 11, 12, false },
        { "12 November 2019", 2019, 11, 12, true },
    };

    EACH (row, rows)
        cr_expect_eq(is_working_day(date(row->year, row->month, row->day)), row->works, "%s",
                     row->name);
    cr_expect_str_eq(holiday_name(date(2026, 6, 4)), "dzień Bożego Ciała");
    cr_expect_str_eq(holiday_name(date(2026, 5, 24)), "pierwszy dzień Zielonych Świątek");
    cr_expect_null(holiday_name(date(2026, 6, 5)));
    int working = 0;
    for (int32_t day = date(2026, 1, 1); day < date(2027, 1, 1); day++)
        working += is_working_day(day);
    /* 261 weekdays, 8 of them holidays; the published 251 grants days for two Saturdays. */
    cr_expect_eq(working, 253, "%d", working);
}

Test(calendar, texts)
{
    struct arena arena = { 0 };
    timestamp at = timestamp_from_civil((struct civil){ 2026, 11, 23, 13, 15, 0, 0, 0 });

    cr_expect_str_eq(date_text(&arena, date_from_timestamp(at)), "2026-11-23");
    cr_expect_str_eq(clock_text(&arena, at), "13:15");
    cr_expect_str_eq(moment_text_long(&arena, at), "poniedziałek, 23 listopada 2026, godz. 13:15");
    cr_expect_str_eq(date_text_long(&arena, date(2026, 3, 1)), "niedziela, 1 marca 2026");
    cr_expect_str_eq(clock_text(&arena, date_start(date(2026, 3, 1)) + MINUTES(5)), "00:05");
    arena_done(&arena);
}

Test(calendar, reading)
{
    const struct {
        const char *name, *text;
        bool valid;
    } dates[] = {
        { "a day", "2026-11-23", true },
        { "a leap day", "2028-02-29", true },
        { "no such day", "2026-02-29", false },
        { "one digit", "2026-1-05", false },
        { "another order", "23-11-2026", false },
        { "dots", "2026.11.23", false },
        { "something behind", "2026-11-23 ", false },
        { "empty", "", false },
        { "a sign", "2026-11-+3", false },
        { "four parts", "2026-11-23-1", false },
    };
    const struct {
        const char *text;
        bool valid;
        int32_t minutes;
    } clocks[] = {
        { "00:00", true, 0 },     { "13:15", true, 795 }, { "23:59", true, 1439 },
        { "24:00", false, 0 },    { "12:60", false, 0 },  { "9:15", false, 0 },
        { "12:15:00", false, 0 }, { "1215", false, 0 },   { "", false, 0 },
    };
    struct arena arena = { 0 };

    EACH (row, dates) {
        int32_t read = 0;
        cr_expect_eq(date_parse(text_of(row->text), &read), row->valid, "%s", row->name);
        if (row->valid)
            cr_expect_str_eq(date_text(&arena, read), row->text);
    }
    EACH (row, clocks) {
        int32_t minutes = 0;
        cr_expect_eq(clock_parse(text_of(row->text), &minutes), row->valid, "%s", row->text);
        cr_expect_eq(minutes, row->minutes, "%s", row->text);
    }
    arena_done(&arena);
}
