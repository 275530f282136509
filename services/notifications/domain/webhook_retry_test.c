/* The schedule of webhooks' retries, and what endpoints' answers mean. */
#include "lib/base/array.h"
#include "services/notifications/domain/webhook_retry.h"
#include <criterion/criterion.h>

Test(webhook_retry, table)
{
    const struct {
        const char *name;
        int status, attempts;
        int64_t retry_after_ms;
        enum webhook_verdict verdict;
        int64_t least_ms;
    } rows[] = {
        { "200 is taken", 200, 1, 0, WEBHOOK_TAKEN, 0 },
        { "204 is taken", 204, 7, 0, WEBHOOK_TAKEN, 0 },
        { "a redirect is not followed", 302, 1, 0, WEBHOOK_RETRY, SECONDS(5) },
        { "410 ends it", 410, 1, 0, WEBHOOK_GONE, 0 },
        { "401 is asked again", 401, 1, 0, WEBHOOK_RETRY, SECONDS(5) },
        { "no answer", 0, 1, 0, WEBHOOK_RETRY, SECONDS(5) },
        { "the second try", 500, 2, 0, WEBHOOK_RETRY, MINUTES(5) },
        { "the third", 500, 3, 0, WEBHOOK_RETRY, MINUTES(30) },
        { "the fourth", 500, 4, 0, WEBHOOK_RETRY, HOURS(2) },
        { "the fifth", 500, 5, 0, WEBHOOK_RETRY, HOURS(5) },
        { "the sixth", 500, 6, 0, WEBHOOK_RETRY, HOURS(10) },
        { "never an end", 500, 99, 0, WEBHOOK_RETRY, HOURS(10) },
        { "Retry-After that is longer", 503, 1, MINUTES(2), WEBHOOK_RETRY, MINUTES(2) },
        { "Retry-After that is shorter", 503, 2, SECONDS(2), WEBHOOK_RETRY, MINUTES(5) },
        { "Retry-After of a year is a day", 503, 1, DAYS(365), WEBHOOK_RETRY, DAYS(1) },
    };

    EACH (row, rows)
        for (uint64_t dice = 0; dice < 50; dice++) {
            struct webhook_step got =
                decide_webhook(row->status, row->attempts, row->retry_after_ms, dice);
            cr_expect_eq(got.verdict, row->verdict, "%s", row->name);
            cr_expect(got.wait_ms >= row->least_ms && got.wait_ms <= row->least_ms * 11 / 10,
                      "%s: waits %lld ms", row->name, (long long)got.wait_ms);
        }
}

Test(webhook_retry, goes_on_for_three_days_and_more)
{
    int64_t waited_ms = 0;

    for (int attempts = 1; attempts <= 14; attempts++)
        waited_ms += decide_webhook(500, attempts, 0, 7).wait_ms;
    cr_expect_geq(waited_ms, HOURS(72));
}

Test(webhook_retry, dice_part_those_that_failed_together)
{
    int64_t first_ms = decide_webhook(500, 2, 0, 1).wait_ms;
    int others = 0;

    for (uint64_t dice = 2; dice < 20; dice++)
        others += decide_webhook(500, 2, 0, dice).wait_ms != first_ms;
    cr_expect_gt(others, 15);
}
