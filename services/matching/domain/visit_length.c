/* The 80th percentile by nearest rank, kept to what can be planned. */
#include "services/matching/domain/visit_length.h"
#include "lib/domain/calendar.h"
#include <assert.h>

enum { PERCENT = 80, STEP_MS = 5 * 60 * 1000, NIGHT_HOUR = 2 };

bool length_is_sane(int64_t length_ms)
{
    return length_ms >= MINUTES(5) && length_ms <= HOURS(12);
}

static int64_t visits_within(const struct length_count counts[], size_t count, int64_t length_ms)
{
    int64_t visits = 0;

    for (size_t i = 0; i < count; i++)
        if (counts[i].length_ms <= length_ms)
            visits += counts[i].visits;
    return visits;
}

static int64_t visits_of(const struct length_count counts[], size_t count)
{
    return visits_within(counts, count, INT64_MAX);
}

int64_t p80_ms(const struct length_count counts[], size_t count)
{
    int64_t all = visits_of(counts, count), best_ms = 0;

    assert(all >= 0);
    for (size_t i = 0; i < count; i++) {
        int64_t length_ms = counts[i].length_ms;
        if (counts[i].visits > 0 && (!best_ms || length_ms < best_ms) &&
            visits_within(counts, count, length_ms) * 100 >= all * PERCENT)
            best_ms = length_ms;
    }
    return best_ms;
}

int64_t visit_length_ms(const struct length_count counts[], size_t count, int64_t *ret_visits)
{
    int64_t rounded_ms = (p80_ms(counts, count) + STEP_MS - 1) / STEP_MS * STEP_MS;

    *ret_visits = visits_of(counts, count);
    if (*ret_visits < VISITS_NEEDED)
        return 0;
    if (rounded_ms < MINUTES(15))
        return MINUTES(15);
    return rounded_ms > HOURS(10) ? HOURS(10) : rounded_ms;
}

timestamp next_night(timestamp now)
{
    struct civil night = date_civil(date_from_timestamp(now));

    night.hour = NIGHT_HOUR;
    if (timestamp_from_civil(night) <= now) {
        night = date_civil(date_from_timestamp(now) + 1);
        night.hour = NIGHT_HOUR;
    }
    return timestamp_from_civil(night);
}
