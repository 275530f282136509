/* One row a rule, on both sides of its limit. He works from 8:00 to 16:00; last point was number 7.
 */
#include "lib/base/array.h"
#include "services/routing/domain/judge_point.h"
#include <criterion/criterion.h>

#define HERE                                                                                       \
    {                                                                                              \
        52.2, 21.0                                                                                 \
    }

Test(judge_point, table)
{
    static const struct {
        const char *name;
        struct point point;
        timestamp now;
        enum point_verdict verdict;
    } rows[] = {
        { "at work and new", { HERE, HOURS(9), 8 }, HOURS(9), POINT_TAKEN },
        { "in Berlin", { { 52.52, 13.40 }, HOURS(9), 8 }, HOURS(9), POINT_OUTSIDE_POLAND },
        { "nowhere", { { 0, 0 }, HOURS(9), 8 }, HOURS(9), POINT_OUTSIDE_POLAND },
        { "a minute ahead of our clock",
          { HERE, HOURS(9) + MINUTES(1), 8 },
          HOURS(9),
          POINT_TAKEN },
        { "more than a minute ahead",
          { HERE, HOURS(9) + MINUTES(1) + 1, 8 },
          HOURS(9),
          POINT_AHEAD_OF_TIME },
        { "twelve hours old", { HERE, HOURS(9), 8 }, HOURS(21), POINT_TAKEN },
        { "older", { HERE, HOURS(9), 8 }, HOURS(21) + 1, POINT_TOO_OLD },
        { "number zero", { HERE, HOURS(9), 0 }, HOURS(9), POINT_WITHOUT_SEQUENCE },
        { "the same number again", { HERE, HOURS(9), 7 }, HOURS(9), POINT_REPEATED },
        { "an hour before work", { HERE, HOURS(7), 8 }, HOURS(9), POINT_TAKEN },
        { "earlier than that", { HERE, HOURS(7) - 1, 8 }, HOURS(9), POINT_OFF_WORK },
        { "just within an hour after work", { HERE, HOURS(17) - 1, 8 }, HOURS(17), POINT_TAKEN },
        { "later than that", { HERE, HOURS(17), 8 }, HOURS(17), POINT_OFF_WORK },
    };
    static const struct window work[] = { { HOURS(8), HOURS(12) }, { HOURS(12), HOURS(16) } };

    EACH (row, rows)
        cr_expect_eq(judge_point(&row->point, row->now, 7, work, COUNT(work)), row->verdict, "%s",
                     row->name);
    cr_expect_eq(judge_point(&rows[0].point, HOURS(9), 7, work, 0), POINT_OFF_WORK,
                 "who does not work that day");
}

Test(judge_point, whoever_is_told_is_told_which_field_and_why)
{
    for (enum point_verdict verdict = 0; verdict < POINT_WRONG; verdict++)
        cr_expect(point_field(verdict)[0] && point_rule(verdict)[0] && point_says(verdict)[0]);
}
