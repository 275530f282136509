/* What a partner's endpoint meant, and when it is asked again. Machine time. */
#pragma once
#include "lib/base/time.h"

enum webhook_verdict {
    WEBHOOK_TAKEN, /* 2xx */
    WEBHOOK_RETRY,
    WEBHOOK_GONE, /* 410: the endpoint does not want any more, ever */
};
struct webhook_step {
    enum webhook_verdict verdict;
    int64_t wait_ms; /* before the next try */
};

/* `attempts` counts this one. The schedule is 5 s, 5 min, 30 min, 2 h, 5 h, then 10 h without end:
 * nothing is dropped. Up to a tenth is added by `dice`, so that endpoints that come back are not
 * met by everything at once. `retry_after_ms` (0: not said) counts when it is longer, up to a day.
 */
struct webhook_step decide_webhook(int status, int attempts, int64_t retry_after_ms, uint64_t dice);

enum { ENDPOINT_FAILING_MS = 15 * 60 * 1000 }; /* after this long its partner is told */
