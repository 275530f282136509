/* The retry schedule of webhooks; pure. */
#include "services/notifications/domain/webhook_retry.h"
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include <assert.h>

struct webhook_step decide_webhook(int status, int attempts, int64_t retry_after_ms, uint64_t dice)
{
    static const int64_t waits_ms[] = { SECONDS(5), MINUTES(5), MINUTES(30),
                                        HOURS(2),   HOURS(5),   HOURS(10) };
    struct random random = { dice + (uint64_t)attempts };

    assert(attempts > 0);
    if (status >= 200 && status < 300)
        return (struct webhook_step){ WEBHOOK_TAKEN, 0 };
    if (status == 410)
        return (struct webhook_step){ WEBHOOK_GONE, 0 };
    size_t step = (size_t)attempts > COUNT(waits_ms) ? COUNT(waits_ms) : (size_t)attempts;
    int64_t wait_ms = waits_ms[step - 1];
    wait_ms += random_between(&random, 0, wait_ms / 10);
    if (retry_after_ms > wait_ms)
        wait_ms = retry_after_ms < DAYS(1) ? retry_after_ms : DAYS(1);
    return (struct webhook_step){ WEBHOOK_RETRY, wait_ms };
}
