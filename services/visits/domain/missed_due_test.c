#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/visits/domain/missed_due.h"
#include <criterion/criterion.h>

/* Ten o'clock, promised plus or minus 15 minutes, 15 minutes of grace. */
static const timestamp ten_at = HOURS(1000);

Test(missed_due, table)
{
    const struct {
        const char *name;
        enum course_state state;
        int64_t eta_after_ms; /* after ten; -1: none was given */
        int64_t due_after_ms;
    } rows[] = {
        { "nobody set out: the promise's end and the grace", COURSE_PLANNED, -1, MINUTES(30) },
        { "on the way without a word: the same", COURSE_ON_THE_WAY, -1, MINUTES(30) },
        { "an arrival inside the promise changes nothing", COURSE_ON_THE_WAY, MINUTES(5),
          MINUTES(30) },
        { "an arrival at the promise's end changes nothing", COURSE_ON_THE_WAY, MINUTES(15),
          MINUTES(30) },
        { "a late arrival is waited for, with the grace", COURSE_ON_THE_WAY, MINUTES(16),
          MINUTES(31) },
        { "an hour longer is the longest", COURSE_ON_THE_WAY, MINUTES(75), MINUTES(90) },
        { "more than an hour is not waited for", COURSE_ON_THE_WAY, MINUTES(76), MINUTES(90) },
        { "an arrival that was said for a plan since changed does not count", COURSE_PLANNED,
          MINUTES(45), MINUTES(30) },
    };

    EACH (row, rows) {
        struct course course = { .state = row->state,
                                 .start_at = ten_at,
                                 .tolerance_ms = MINUTES(15),
                                 .eta_at = row->eta_after_ms < 0 ? 0 : ten_at + row->eta_after_ms };
        cr_expect_eq(missed_due_at(&course, MINUTES(15)), ten_at + row->due_after_ms, "%s",
                     row->name);
        cr_expect_eq(absence_from(&course), ten_at + MINUTES(15), "%s", row->name);
    }
}

Test(missed_due, never_inside_the_promise_and_never_far_behind_it)
{
    const uint64_t seed = 20261122;
    struct random random = { seed };

    for (int round = 0; round < 20000; round++) {
        struct course course = {
            .state = random_below(&random, 2) ? COURSE_PLANNED : COURSE_ON_THE_WAY,
            .start_at = ten_at,
            .tolerance_ms = random_below(&random, MINUTES(60)),
            .eta_at = random_below(&random, 2)
                          ? 0
                          : ten_at + random_between(&random, -HOURS(3), HOURS(9)),
        };
        int64_t grace_ms = random_below(&random, MINUTES(60));
        timestamp due_at = missed_due_at(&course, grace_ms);
        timestamp earliest_at = absence_from(&course) + grace_ms;
        cr_assert_geq(due_at, earliest_at, "seed %lu round %d", seed, round);
        cr_assert_leq(due_at, earliest_at + HOURS(1), "seed %lu round %d", seed, round);
        struct course later = course;
        later.eta_at += MINUTES(7);
        cr_assert_geq(missed_due_at(&later, grace_ms), due_at,
                      "a later arrival is never due earlier: seed %lu round %d", seed, round);
    }
}
