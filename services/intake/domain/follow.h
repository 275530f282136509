/* Orders whose work waits for another's: which services a contract may let follow each other, and
 * between which moments an order that follows may begin. */
#pragma once
#include "lib/base/time.h"
#include <stddef.h>

enum { FOLLOWING_MOST = 10 }; /* orders one after the other, the first one included */
#define GAP_MOST_MS DAYS(60)

struct followed {
    const char *service_id;
    const char *followed_by; /* "" nothing */
};

enum follow { FOLLOW_FITS, FOLLOW_UNKNOWN, FOLLOW_IN_CIRCLES, FOLLOW_TOO_LONG };

/* One contract's services, in any order: the worst that is wrong with what follows `services[at]`.
 */
enum follow check_following(const struct followed services[], size_t count, size_t at);

/* When an order's visit may start: not before, and by contract not after. */
struct bounds {
    timestamp earliest_at, latest_by;
};

/* Of an order that follows one with the bounds `before`, whose work takes `work_ms`. `wanted_at`:
 * its own earliest moment; `answer_within_ms`: its contract's, counted from when the work before is
 * promised to have ended at the latest. */
struct bounds bounds_after(struct bounds before, int64_t work_ms, int64_t gap_ms,
                           timestamp wanted_at, int64_t answer_within_ms);
