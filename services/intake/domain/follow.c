/* Walks from one to the next; never more than FOLLOWING_MOST steps. */
#include "services/intake/domain/follow.h"
#include <string.h>

static size_t find_service(const struct followed services[], size_t count, const char *service_id)
{
    size_t at = 0;

    while (at < count && strcmp(services[at].service_id, service_id) != 0)
        at++;
    return at;
}

enum follow check_following(const struct followed services[], size_t count, size_t at)
{
    size_t seen[FOLLOWING_MOST];
    size_t length = 0;

    for (;;) {
        for (size_t i = 0; i < length; i++)
            if (seen[i] == at)
                return FOLLOW_IN_CIRCLES;
        if (length == FOLLOWING_MOST)
            return FOLLOW_TOO_LONG;
        seen[length++] = at;
        if (!services[at].followed_by[0])
            return FOLLOW_FITS;
        at = find_service(services, count, services[at].followed_by);
        if (at == count)
            return FOLLOW_UNKNOWN;
    }
}

static timestamp later(timestamp a, timestamp b)
{
    return a > b ? a : b;
}

struct bounds bounds_after(struct bounds before, int64_t work_ms, int64_t gap_ms,
                           timestamp wanted_at, int64_t answer_within_ms)
{
    struct bounds own;

    own.earliest_at = later(wanted_at, before.earliest_at + work_ms + gap_ms);
    own.latest_by = later(own.earliest_at, before.latest_by + work_ms + gap_ms) + answer_within_ms;
    return own;
}
