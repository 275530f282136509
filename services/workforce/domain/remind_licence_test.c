#include "lib/base/array.h"
#include "services/workforce/domain/remind_licence.h"
#include <criterion/criterion.h>

Test(remind_licence, table)
{
    const timestamp end = DAYS(1000);
    const struct {
        const char *name;
        timestamp now;
        int stage, days_left;
    } rows[] = {
        { "long before", end - DAYS(100), LICENCE_NOT_YET, 100 },
        { "a moment too early", end - DAYS(45) - 1, LICENCE_NOT_YET, 46 },
        { "45 days before", end - DAYS(45), 45, 45 },
        { "between", end - DAYS(20), 45, 20 },
        { "almost two weeks", end - DAYS(14) - 1, 45, 15 },
        { "14 days before", end - DAYS(14), 14, 14 },
        { "3 days before", end - DAYS(3), 3, 3 },
        { "the last moment", end - 1, 3, 1 },
        { "the end", end, 0, 0 },
        { "long after", end + DAYS(500), 0, 0 },
    };

    EACH (row, rows) {
        cr_expect_eq(licence_stage(end, row->now), row->stage, "%s", row->name);
        cr_expect_eq(licence_days_left(end, row->now), row->days_left, "%s", row->name);
    }
}

Test(remind_licence, stages_come_in_order_and_once)
{
    const timestamp end = DAYS(1000);
    int last = LICENCE_NOT_YET, changes = 0;

    for (timestamp now = end - DAYS(60); now < end + DAYS(2); now += MINUTES(7)) {
        int stage = licence_stage(end, now);
        cr_assert(stage <= last);
        changes += stage != last;
        last = stage;
    }
    cr_expect_eq(changes, 4);
}
