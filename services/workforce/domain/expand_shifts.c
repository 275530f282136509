/* A week's patterns on the days of the calendar. */
#include "services/workforce/domain/expand_shifts.h"
#include "lib/domain/calendar.h"
#include <assert.h>
#include <stdlib.h>

enum { MINUTES_A_WEEK = 7 * MINUTES_A_DAY };

/* "3" or "1-5". */
static bool parse_range(struct text range, uint8_t *weekdays)
{
    bool is_one = range.length == 1, is_range = range.length == 3 && range.at[1] == '-';

    if (!is_one && !is_range)
        return false;
    int first = range.at[0] - '0', last = range.at[range.length - 1] - '0';
    if (first < 1 || last > 7 || first > last || (is_range && first == last))
        return false;
    for (int day = first; day <= last; day++) {
        uint8_t bit = (uint8_t)(1U << (day - 1));
        if (*weekdays & bit)
            return false;
        *weekdays |= bit;
    }
    return true;
}

bool weekdays_parse(struct text text, uint8_t *ret_weekdays)
{
    uint8_t weekdays = 0;

    do {
        if (!parse_range(text_cut(text, ',', &text), &weekdays))
            return false;
    } while (text.at);
    *ret_weekdays = weekdays;
    return true;
}

static int32_t length_minutes(const struct shift_pattern *pattern)
{
    int32_t length = pattern->until_minute - pattern->from_minute;

    return length > 0 ? length : length + MINUTES_A_DAY;
}

static bool pair_clashes(const struct shift_pattern *a, const struct shift_pattern *b)
{
    for (int day = 0; day < 49; day++) {
        int a_day = day / 7, b_day = day % 7;
        if (!(a->weekdays & 1U << a_day) || !(b->weekdays & 1U << b_day))
            continue;
        int32_t a_from = a_day * MINUTES_A_DAY + a->from_minute;
        int32_t b_from = b_day * MINUTES_A_DAY + b->from_minute;
        /* How long after a's start b begins, around the week; Sunday's night ends on Monday. */
        int32_t later = (b_from - a_from + MINUTES_A_WEEK) % MINUTES_A_WEEK;
        if (later < length_minutes(a) || MINUTES_A_WEEK - later < length_minutes(b))
            return true;
    }
    return false;
}

bool patterns_clash(const struct shift_pattern patterns[], size_t count, size_t *ret_first,
                    size_t *ret_second)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            if (!pair_clashes(&patterns[i], &patterns[j]))
                continue;
            *ret_first = i;
            *ret_second = j;
            return true;
        }
    }
    return false;
}

static timestamp moment(int32_t day, int32_t minute)
{
    struct civil civil = date_civil(day);

    civil.hour = minute / 60;
    civil.minute = minute % 60;
    return timestamp_from_civil(civil);
}

static struct shift shift_on(const struct shift_pattern *pattern, int32_t day)
{
    bool is_overnight = pattern->until_minute < pattern->from_minute;

    return (struct shift){ .day = day,
                           .work = { moment(day, pattern->from_minute),
                                     moment(day + is_overnight, pattern->until_minute) } };
}

static int by_start(const void *a, const void *b)
{
    const struct shift *first = a, *second = b;

    return (first->work.from > second->work.from) - (first->work.from < second->work.from);
}

/* In March 02:30 is read as 03:30, so what ended before 03:00 may reach into what begins then; and
 * what lay in the hour left out may be empty. */
static size_t trim(struct shift shifts[], size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        struct shift shift = shifts[i];
        if (i + 1 < count && shift.work.until > shifts[i + 1].work.from)
            shift.work.until = shifts[i + 1].work.from;
        if (shift.work.from < shift.work.until)
            shifts[kept++] = shift;
    }
    return kept;
}

size_t expand_shifts(const struct shift_pattern patterns[], size_t count, int32_t first_day,
                     int32_t last_day, struct shift ret_shifts[])
{
    size_t made = 0;

    for (int32_t day = first_day; day <= last_day; day++) {
        unsigned bit = 1U << (date_weekday(day) - 1);
        for (size_t i = 0; i < count; i++) {
            assert(patterns[i].from_minute != patterns[i].until_minute);
            if (!(patterns[i].weekdays & bit))
                continue;
            struct shift shift = shift_on(&patterns[i], day);
            if (shift.work.from < shift.work.until)
                ret_shifts[made++] = shift;
        }
    }
    qsort(ret_shifts, made, sizeof *ret_shifts, by_start);
    return trim(ret_shifts, made);
}

bool works_at_all(const struct shift shifts[], size_t shift_count, const struct window absences[],
                  size_t absence_count)
{
    for (size_t i = 0; i < shift_count; i++) {
        timestamp at = shifts[i].work.from;
        /* Walk on through every absence that holds `at`; the walk ends where none does. */
        for (size_t j = 0; j < absence_count && at < shifts[i].work.until; j++) {
            if (!window_contains(absences[j], at))
                continue;
            at = absences[j].until;
            j = (size_t)-1;
        }
        if (at < shifts[i].work.until)
            return true;
    }
    return false;
}
