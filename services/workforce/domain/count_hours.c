/* A year hour by hour; the clock changes by whole hours, so every hour of Warsaw is one of UTC. */
#include "services/workforce/domain/count_hours.h"
#include <assert.h>
#include <stdlib.h>

static int by_from(const void *a, const void *b)
{
    const struct window *first = a, *second = b;

    return (first->from > second->from) - (first->from < second->from);
}

size_t join_windows(struct window windows[], size_t count)
{
    size_t kept = 0;

    qsort(windows, count, sizeof *windows, by_from);
    for (size_t i = 0; i < count; i++) {
        if (window_empty(windows[i]))
            continue;
        if (kept && windows[i].from <= windows[kept - 1].until) {
            if (windows[i].until > windows[kept - 1].until)
                windows[kept - 1].until = windows[i].until;
            continue;
        }
        windows[kept++] = windows[i];
    }
    return kept;
}

/* `at` moves on past windows that end before the hour does: hours are asked in order. */
static bool covers(const struct window windows[], size_t count, size_t *at, struct window hour)
{
    while (*at < count && windows[*at].until < hour.until)
        ++*at;
    return *at < count && window_covers(windows[*at], hour);
}

struct hours_counted count_hours(struct window year, const struct window owned[],
                                 size_t owned_count, const struct window closed[],
                                 size_t closed_count, struct window ret_gaps[], size_t most)
{
    struct hours_counted counted = { 0 };
    size_t owned_at = 0, closed_at = 0;
    bool is_gap = false, was_gap = false;

    assert(year.from % HOURS(1) == 0 && year.until % HOURS(1) == 0);
    for (timestamp at = year.from; at < year.until; at += HOURS(1), was_gap = is_gap) {
        struct window hour = { at, at + HOURS(1) };
        bool is_owned = covers(owned, owned_count, &owned_at, hour);
        bool is_closed = covers(closed, closed_count, &closed_at, hour);
        counted.hours++;
        counted.both += is_owned && is_closed;
        counted.owned += is_owned && !is_closed;
        counted.closed += !is_owned && is_closed;
        is_gap = !is_owned && !is_closed;
        if (!is_gap)
            continue;
        counted.neither++;
        if (was_gap && !counted.has_more_gaps)
            ret_gaps[counted.gap_count - 1].until = hour.until;
        else if (counted.gap_count < most)
            ret_gaps[counted.gap_count++] = hour;
        else
            counted.has_more_gaps = true;
    }
    return counted;
}
