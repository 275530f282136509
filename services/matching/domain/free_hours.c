/* Every start of everybody who may come is walked; a technician counts once an hour. */
#include "services/matching/domain/free_hours.h"
#include "lib/domain/calendar.h"
#include <string.h>

struct marking {
    timestamp first;
    bool *free; /* of one technician, by hour */
};

static bool enters(void *context, int64_t least_travel_ms, struct window starts)
{
    (void)context, (void)least_travel_ms, (void)starts;
    return true;
}

static bool takes(void *context, const struct day_start *start)
{
    const struct marking *marking = context;

    marking->free[(start->start_at - marking->first) / HOURS(1)] = true;
    return true;
}

static void mark_day(const struct book_day *day, const struct roads *roads,
                     const struct visit_job *job, const struct start_visitor *visitor)
{
    if (check_technician(day->who, roads, job) != SLOT_FITS)
        return;
    const struct home_ways home = home_ways_of(day->who, roads, job);
    visit_starts(day, roads, job, &home, visitor);
}

void count_free_hours(struct arena *arena, const struct roster *roster, const struct roads *roads,
                      const struct visit_job *job, timestamp first, size_t hours,
                      int32_t ret_technicians[])
{
    struct visit_job all = *job;
    struct marking marking = { first, ARENA_ARRAY(arena, bool, hours + 1) };
    const struct start_visitor visitor = { enters, takes, &marking };
    const struct candidate *candidates;

    all.starts =
        window_intersect(job->starts, (struct window){ first, first + (int64_t)hours * HOURS(1) });
    memset(ret_technicians, 0, hours * sizeof *ret_technicians);
    size_t count = find_candidates(arena, roster, roads, &all, NULL, &candidates);
    for (size_t i = 0; i < count; i++) {
        size_t day_count;
        /* A night shift belongs to the day it begins on. */
        struct book_day *const *days =
            member_days(candidates[i].member, date_from_timestamp(all.starts.from) - 1,
                        date_from_timestamp(all.starts.until), &day_count);
        memset(marking.free, 0, hours * sizeof *marking.free);
        for (size_t k = 0; k < day_count; k++)
            mark_day(days[k], roads, &all, &visitor);
        for (size_t hour = 0; hour < hours; hour++)
            ret_technicians[hour] += marking.free[hour];
    }
}
