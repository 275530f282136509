/* What another machine's clock said between two moments of ours is all that is known of it. */
#include "lib/service/loop.h"
#include <criterion/criterion.h>

enum { ASKED_MS = 5000 };

static const timestamp said = 1795000000000;

/* How far the shared clock is ahead of our monotonic one. */
static int64_t ahead_ms(void)
{
    int64_t before_ms, ahead;

    do {
        before_ms = monotonic_clock_ms();
        ahead = shared_clock() - before_ms;
    } while (monotonic_clock_ms() != before_ms);
    return ahead;
}

Test(clock, is_the_machines_until_it_was_compared)
{
    int64_t apart_ms = shared_clock() - machine_clock();

    cr_expect(-1000 < apart_ms && apart_ms <= 0, "%lld ms apart", (long long)apart_ms);
}

Test(clock, is_what_was_said_by_the_time_it_was_heard)
{
    clock_compare(said, ASKED_MS, ASKED_MS + 3);
    cr_expect_eq(ahead_ms(), said - ASKED_MS - 3);
}

Test(clock, a_slow_answer_makes_it_no_worse)
{
    clock_compare(said, ASKED_MS, ASKED_MS);
    clock_compare(said + 1400, ASKED_MS + 1000, ASKED_MS + 1900);
    cr_expect_eq(ahead_ms(), said - ASKED_MS);
}

Test(clock, a_quick_answer_makes_it_better)
{
    clock_compare(said, ASKED_MS, ASKED_MS + 900);
    clock_compare(said + 1000, ASKED_MS + 1000, ASKED_MS + 1002);
    cr_expect_eq(ahead_ms(), said - ASKED_MS - 2);
}

Test(clock, follows_a_step_both_ways)
{
    clock_compare(said, ASKED_MS, ASKED_MS);
    clock_compare(said + HOURS(1), ASKED_MS, ASKED_MS);
    cr_expect_eq(ahead_ms(), said + HOURS(1) - ASKED_MS);
    clock_compare(said - SECONDS(3), ASKED_MS, ASKED_MS);
    cr_expect_eq(ahead_ms(), said - SECONDS(3) - ASKED_MS);
}
