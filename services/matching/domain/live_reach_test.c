/* Where he is against where he should be. */
#include "lib/base/array.h"
#include "services/matching/domain/live_reach.h"
#include <criterion/criterion.h>

enum { NINE = 480009 };
static const struct place here = { 52.23, 21.01 }, far = { 54.35, 18.65 }; /* many hours by road */

Test(can_be_there, table)
{
    const timestamp now = HOURS(NINE);
    struct stop busy_stops[1], done_stops[1], later_stops[1], rest[1];
    struct book_day free = { 0 }, busy = { .stops = busy_stops }, done = { .stops = done_stops },
                    later = { .stops = later_stops }, resting = { .stops = rest };
    const struct visit_job job = { .place = here, .length_ms = HOURS(1) };
    const struct live_place away = { far, now - MINUTES(1) }, near = { here, now },
                            unknown = { far, 0 }, old = { far, now - LIVE_FRESH_MS - 1 },
                            early = { far, now + 1 };

    busy.stops[busy.stop_count++] =
        (struct stop){ .start_at = now, .work_ms = MINUTES(30), .place = here };
    done.stops[done.stop_count++] =
        (struct stop){ .start_at = now - HOURS(1), .work_ms = HOURS(1), .place = here };
    later.stops[later.stop_count++] =
        (struct stop){ .start_at = now + HOURS(2), .work_ms = HOURS(1), .place = here };
    resting.stops[resting.stop_count++] =
        (struct stop){ .start_at = now, .work_ms = MINUTES(30), .kind = STOP_BREAK };
    const struct {
        const char *name;
        const struct book_day *day;
        const struct live_place *live;
        timestamp start_at;
        bool can;
    } rows[] = {
        { "too far away for the next hour", &free, &away, now + MINUTES(45), false },
        { "near enough", &free, &near, now + MINUTES(45), true },
        { "on the very spot at once", &free, &near, now, true },
        { "nobody knows where he is", &free, &unknown, now + MINUTES(45), true },
        { "seen too long ago", &free, &old, now + MINUTES(45), true },
        { "a clock that runs ahead proves nothing", &free, &early, now + MINUTES(45), true },
        { "the start is far off", &free, &away, now + LIVE_WITHIN_MS + 1, true },
        { "he comes from a visit that is under way", &busy, &away, now + MINUTES(45), true },
        { "a visit that is over does not count", &done, &away, now + MINUTES(45), false },
        { "a break is nowhere else", &resting, &away, now + MINUTES(45), false },
        { "nor one behind the start", &later, &away, now + MINUTES(45), false },
    };

    EACH (row, rows)
        cr_expect_eq(can_be_there(row->day, row->live, now, &estimated_roads, &job, row->start_at),
                     row->can, "%s", row->name);
}
