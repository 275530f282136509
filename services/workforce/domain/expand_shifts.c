/* Patterns on the days of the calendar. */
#include "services/workforce/domain/expand_shifts.h"
#include "lib/domain/calendar.h"
#include <assert.h>
#include <stdlib.h>

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

static int by_day(const void *a, const void *b)
{
    const int32_t *first = a, *second = b;

    return (*first > *second) - (*first < *second);
}

bool pattern_falls_on(const struct shift_pattern *pattern, int32_t day)
{
    if (pattern->holidays != HOLIDAYS_AS_EVER &&
        (holiday_name(day) != NULL) != (pattern->holidays == HOLIDAYS_ONLY))
        return false;
    if (!pattern->rrule)
        return pattern->weekdays & 1U << (date_weekday(day) - 1);
    for (size_t i = 0; i < pattern->except_count; i++)
        if (pattern->except_on[i] == day)
            return false;
    return pattern->day_count &&
           bsearch(&day, pattern->days, pattern->day_count, sizeof day, by_day);
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
    struct shift shift = { .day = day,
                           .work = { moment(day, pattern->from_minute),
                                     moment(day + is_overnight, pattern->until_minute) },
                           .on_call = pattern->on_call,
                           .overtime_ms = pattern->overtime_ms };

    for (size_t i = 0; i < pattern->break_count; i++) {
        struct minutes pause = pattern->breaks[i];
        shift.breaks[shift.break_count++] =
            (struct window){ moment(day + (pause.from < pattern->from_minute), pause.from),
                             moment(day + (pause.until <= pattern->from_minute), pause.until) };
    }
    return shift;
}

static int by_start(const void *a, const void *b)
{
    const struct shift *first = a, *second = b;

    if (first->work.from != second->work.from)
        return first->work.from < second->work.from ? -1 : 1;
    return first->on_call - second->on_call;
}

/* A break in the hour that March leaves out is empty, or reaches into what follows. */
static void trim_breaks(struct shift *shift)
{
    size_t kept = 0;

    for (size_t i = 0; i < shift->break_count; i++) {
        struct window pause = window_intersect(shift->breaks[i], shift->work);
        if (kept && pause.from < shift->breaks[kept - 1].until)
            pause.from = shift->breaks[kept - 1].until;
        if (pause.from < pause.until)
            shift->breaks[kept++] = pause;
    }
    shift->break_count = kept;
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
        trim_breaks(&shift);
        if (shift.work.from < shift.work.until)
            shifts[kept++] = shift;
    }
    return kept;
}

/* Of one kind, work or on call. */
static size_t expand_kind(const struct shift_pattern patterns[], size_t count, bool on_call,
                          int32_t first_day, int32_t last_day, struct shift ret_shifts[])
{
    size_t made = 0;

    for (int32_t day = first_day; day <= last_day; day++) {
        for (size_t i = 0; i < count; i++) {
            assert(patterns[i].from_minute != patterns[i].until_minute);
            if (patterns[i].on_call != on_call || !pattern_falls_on(&patterns[i], day))
                continue;
            struct shift shift = shift_on(&patterns[i], day);
            if (shift.work.from < shift.work.until)
                ret_shifts[made++] = shift;
        }
    }
    qsort(ret_shifts, made, sizeof *ret_shifts, by_start);
    return trim(ret_shifts, made);
}

size_t expand_shifts(const struct shift_pattern patterns[], size_t count, int32_t first_day,
                     int32_t last_day, struct shift ret_shifts[])
{
    size_t made = expand_kind(patterns, count, false, first_day, last_day, ret_shifts);

    made += expand_kind(patterns, count, true, first_day, last_day, ret_shifts + made);
    qsort(ret_shifts, made, sizeof *ret_shifts, by_start);
    return made;
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
