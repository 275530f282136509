/* The book knows where he should be; this looks at where he is. */
#include "services/matching/domain/live_reach.h"

static bool comes_from_elsewhere(const struct book_day *day, timestamp now, timestamp start_at)
{
    for (size_t i = 0; i < day->stop_count; i++) {
        const struct stop *stop = &day->stops[i];
        if (stop->kind != STOP_BREAK && stop->start_at < start_at &&
            stop->start_at + stop->work_ms > now)
            return true;
    }
    return false;
}

bool can_be_there(const struct book_day *day, const struct live_place *live, timestamp now,
                  const struct roads *roads, const struct visit_job *job, timestamp start_at)
{
    bool is_fresh = live->at > 0 && now - live->at <= LIVE_FRESH_MS && live->at <= now;

    if (!is_fresh || start_at - now > LIVE_WITHIN_MS || comes_from_elsewhere(day, now, start_at))
        return true;
    return now + roads_ms(roads, roads_way(roads, live->place, job->place), now) <= start_at;
}
