/* Deadlines of a promise, for both who gave it and who got it. */
#include "services/visits/domain/missed_due.h"

timestamp absence_from(const struct course *course)
{
    return course->start_at + course->tolerance_ms;
}

timestamp missed_due_at(const struct course *course, int64_t grace_ms)
{
    timestamp due_at = course->start_at + course->tolerance_ms + grace_ms;
    timestamp longest_at = due_at + ETA_PATIENCE_MS;
    timestamp arrival_at = course->eta_at + grace_ms;

    if (course->state != COURSE_ON_THE_WAY || arrival_at <= due_at)
        return due_at;
    return arrival_at < longest_at ? arrival_at : longest_at;
}
