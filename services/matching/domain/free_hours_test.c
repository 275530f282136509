/* Hours that somebody is free, by example. */
#include "lib/base/array.h"
#include "services/matching/domain/free_hours.h"
#include <criterion/criterion.h>

static const struct place centre = { 52.23, 21.01 }, near = { 52.24, 21.02 },
                          far = { 52.60, 21.60 };

/* Works from `from` to `until`, hours of the day. */
static struct book_day day_of(int from, int until)
{
    return (struct book_day){ .date = 20000,
                              .is_active = true,
                              .skills = SKILL_BIT(SKILL_PLUMBING),
                              .home = centre,
                              .longest_travel_m = 10000,
                              .work = { { HOURS(480000 + from), HOURS(480000 + until) } },
                              .work_count = 1 };
}

Test(count_free_hours, table)
{
    struct book_day morning = day_of(8, 12), noon = day_of(10, 14), away = day_of(8, 12),
                    busy = day_of(8, 12);
    const struct window day = { HOURS(480000), HOURS(480024) },
                        later = { HOURS(480009) + MINUTES(1), HOURS(480024) },
                        nothing = { HOURS(480024), HOURS(480024) };
    away.home = far;
    busy.stops[busy.stop_count++] = (struct stop){ .id = { "stop" },
                                                   .start_at = HOURS(480009),
                                                   .work_ms = HOURS(3),
                                                   .place = centre,
                                                   .kind = STOP_VISIT };
    const struct {
        const char *name;
        struct book_day *days[2];
        struct window starts;
        int hours;
        int first; /* hour of the day; 0: none */
    } rows[] = {
        { "driving from home takes the first hour, work the last", { &morning, &away }, day, 3, 9 },
        { "two people's hours are counted once", { &morning, &noon }, day, 5, 9 },
        { "order does not matter", { &noon, &morning }, day, 5, 9 },
        { "what has passed does not count", { &morning, &noon }, later, 4, 10 },
        { "who lives too far does not come", { &away, &away }, day, 0, 0 },
        { "a full day has none", { &busy, &away }, day, 0, 0 },
        { "no time, no hours", { &morning, &noon }, nothing, 0, 0 },
    };

    EACH (row, rows) {
        const struct visit_job job = { .place = near,
                                       .length_ms = HOURS(1) - MINUTES(15),
                                       .skill = SKILL_PLUMBING,
                                       .starts = row->starts };
        timestamp first = -1;
        int got = count_free_hours(row->days, 2, &estimated_roads, &job, &first);
        cr_expect_eq(got, row->hours, "%s: %d from %lld", row->name, got,
                     (long long)(first - HOURS(480000)) / 3600000);
        cr_expect_eq(first, row->first ? HOURS(480000 + row->first) : 0, "%s: %d from %lld",
                     row->name, got, (long long)(first - HOURS(480000)) / 3600000);
    }
}
