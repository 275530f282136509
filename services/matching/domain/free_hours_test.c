/* The heat map is what the search would answer, hour by hour. */
#include "lib/domain/calendar.h"
#include "services/matching/domain/free_hours.h"
#include "services/matching/domain/random_roster.h"
#include <criterion/criterion.h>

/* Technicians whom a search for that hour alone finds. */
static int32_t count_by_search(struct arena *arena, const struct roster *roster,
                               const struct visit_job *job, timestamp hour)
{
    struct visit_job one = *job;
    int32_t count = 0;

    one.starts = window_intersect(job->starts, (struct window){ hour, hour + HOURS(1) });
    for (size_t i = 0; i < roster->count; i++) {
        struct roster alone = { .members = &roster->members[i], .count = 1 };
        roster_list(arena, &alone, 0);
        struct search search = {
            .roster = &alone, .roads = &estimated_roads, .policy = &usual_policy, .job = &one
        };
        struct slot_search found;
        search_slots(arena, &search, &found);
        count += found.count > 0;
    }
    return count;
}

Test(count_free_hours, equals_the_search)
{
    struct random random = { .state = 19 };
    struct arena arena = { 0 };
    int free = 0;

    for (int run = 0; run < 1000; run++) {
        int32_t technicians[30];
        arena_reset(&arena);
        struct roster *roster = random_roster(&arena, &random, 3);
        struct visit_job job = random_job(&random);
        timestamp first = date_start(ROSTER_DATE + 1);
        job.starts.until = job.starts.from + DAYS(3);
        count_free_hours(&arena, roster, &estimated_roads, &job, first, 24, technicians);
        for (int hour = 0; hour < 24; hour++) {
            int32_t counted = count_by_search(&arena, roster, &job, first + HOURS(hour));
            cr_assert_eq(technicians[hour], counted, "seed 19 run %d hour %d: %d, not %d", run,
                         hour, technicians[hour], counted);
            free += counted > 0;
        }
    }
    cr_expect_gt(free, 500, "%d", free);
    arena_done(&arena);
}
