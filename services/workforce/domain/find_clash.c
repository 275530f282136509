/* Do two patterns want the same minute? Asked on the wall clock, where every day has 24 hours. */
#include "services/workforce/domain/expand_shifts.h"

enum { MINUTES_A_WEEK = 7 * MINUTES_A_DAY };

static int32_t length_minutes(const struct shift_pattern *pattern)
{
    int32_t length = pattern->until_minute - pattern->from_minute;

    return length > 0 ? length : length + MINUTES_A_DAY;
}

static bool week_clashes(const struct shift_pattern *a, const struct shift_pattern *b)
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

/* a's hours of one day against b's of the day before, the same day and the next. */
static bool day_clashes(const struct shift_pattern *a, const struct shift_pattern *b, int32_t day)
{
    if (!pattern_falls_on(a, day))
        return false;
    for (int32_t offset = -1; offset <= 1; offset++) {
        int32_t b_from = offset * MINUTES_A_DAY + b->from_minute;
        bool meets = a->from_minute < b_from + length_minutes(b) &&
                     b_from < a->from_minute + length_minutes(a);
        if (meets && pattern_falls_on(b, day + offset))
            return true;
    }
    return false;
}

static bool is_weekly(const struct shift_pattern *pattern)
{
    return !pattern->rrule && pattern->holidays == HOLIDAYS_AS_EVER;
}

static bool pair_clashes(const struct shift_pattern *a, const struct shift_pattern *b,
                         int32_t today)
{
    if (a->on_call != b->on_call)
        return false;
    if (is_weekly(a) && is_weekly(b))
        return week_clashes(a, b);
    for (int32_t day = today; day < today + CLASH_DAYS; day++)
        if (day_clashes(a, b, day))
            return true;
    return false;
}

bool patterns_clash(const struct shift_pattern patterns[], size_t count, int32_t today,
                    size_t *ret_first, size_t *ret_second)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            if (!pair_clashes(&patterns[i], &patterns[j], today))
                continue;
            *ret_first = i;
            *ret_second = j;
            return true;
        }
    }
    return false;
}

bool pattern_add_break(struct shift_pattern *pattern, struct minutes added)
{
    int32_t start = pattern->from_minute;
    int32_t from = (added.from - start + MINUTES_A_DAY) % MINUTES_A_DAY;
    int32_t until = (added.until - start + MINUTES_A_DAY) % MINUTES_A_DAY;
    size_t at = pattern->break_count;

    if (from >= until || until > length_minutes(pattern) || at >= BREAKS_MOST)
        return false;
    for (size_t i = 0; i < pattern->break_count; i++) {
        struct minutes other = pattern->breaks[i];
        int32_t other_from = (other.from - start + MINUTES_A_DAY) % MINUTES_A_DAY;
        int32_t other_until = (other.until - start + MINUTES_A_DAY) % MINUTES_A_DAY;
        if (from < other_until && other_from < until)
            return false;
        if (from < other_from && i < at)
            at = i;
    }
    for (size_t i = pattern->break_count; i > at; i--)
        pattern->breaks[i] = pattern->breaks[i - 1];
    pattern->breaks[at] = added;
    pattern->break_count++;
    return true;
}
