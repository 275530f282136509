/* Full hours only, and nobody is asked any more once all of them are taken care of. */
#include "services/matching/domain/free_hours.h"
#include <assert.h>

enum { HOUR_MS = 60 * 60 * 1000, HOURS_MOST = 25 };

static uint32_t hours_of_day(struct book_day *day, const struct roads *roads,
                             const struct visit_job *job, timestamp first)
{
    const struct day_job work = { job->place, job->length_ms };
    struct day_start starts[HOURS_MOST];
    uint32_t hours = 0;

    if (check_technician(day, job) != SLOT_FITS)
        return 0;
    for (size_t i = 0; i < day->work_count; i++) {
        struct day shift = day_of_work(day, i);
        if (!window_overlaps(day->work[i], job->starts))
            continue;
        size_t count = day_starts(&shift, roads, &work, job->starts, HOUR_MS, starts, HOURS_MOST);
        for (size_t k = 0; k < count; k++)
            if (check_start(day, roads, job, starts[k].start_at, NULL) == SLOT_FITS)
                hours |= 1U << ((starts[k].start_at - first) / HOUR_MS);
    }
    return hours;
}

int count_free_hours(struct book_day *const days[], size_t day_count, const struct roads *roads,
                     const struct visit_job *job, timestamp *ret_first)
{
    timestamp first = (job->starts.from + HOUR_MS - 1) / HOUR_MS * HOUR_MS;
    int64_t count =
        job->starts.until > first ? (job->starts.until - first + HOUR_MS - 1) / HOUR_MS : 0;
    uint32_t all = (1U << count) - 1, free = 0;

    assert(job->length_ms > 0 && count <= HOURS_MOST);
    for (size_t i = 0; i < day_count && free != all; i++)
        free |= hours_of_day(days[i], roads, job, first);
    int hours = 0;
    *ret_first = 0;
    for (int64_t i = count - 1; i >= 0; i--) {
        if (!(free & 1U << i))
            continue;
        hours++;
        *ret_first = first + i * HOUR_MS;
    }
    return hours;
}
