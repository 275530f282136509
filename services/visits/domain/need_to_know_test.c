#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "services/visits/domain/need_to_know.h"
#include <criterion/criterion.h>

static timestamp moment(int month, int day, int hour, int minute)
{
    return timestamp_from_civil(
        (struct civil){ .year = 2026, .month = month, .day = day, .hour = hour, .minute = minute });
}

Test(need_to_know, table)
{
    const struct course monday = { .start_at = moment(11, 23, 10, 0), .length_ms = HOURS(2) };
    /* The clock goes back on Sunday, 25 October: that day has 25 hours. */
    const struct course after_the_long_day = { .start_at = moment(10, 26, 10, 0) };
    const struct {
        const char *name;
        const struct course *course;
        timestamp now;
        bool sees;
    } rows[] = {
        { "two days before: no", &monday, moment(11, 21, 23, 59), false },
        { "from the day before, its first minute", &monday, moment(11, 22, 0, 0), true },
        { "at the visit", &monday, moment(11, 23, 10, 0), true },
        { "a day after the work, nearly", &monday, moment(11, 24, 11, 59), true },
        { "a day after the work: no more", &monday, moment(11, 24, 12, 0), false },
        { "the long Sunday begins at its own midnight", &after_the_long_day, moment(10, 25, 0, 0),
          true },
        { "a minute before that it is Saturday", &after_the_long_day, moment(10, 24, 23, 59),
          false },
    };

    EACH (row, rows)
        cr_expect_eq(window_contains(need_to_know(row->course), row->now), row->sees, "%s",
                     row->name);
}
