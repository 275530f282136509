/* From "Monday to Friday, 08:00 to 16:00" to stretches of time: what a technician's week means on
 * given days, on the wall clock of Warsaw. */
#pragma once
#include "lib/base/text.h"
#include "lib/domain/window.h"

enum { MINUTES_A_DAY = 1440 };

struct shift_pattern {
    uint8_t weekdays;                  /* bit 0 is Monday */
    int32_t from_minute, until_minute; /* of the day, 0..1439, never equal; until before from ends
                                        * on the next day */
};

/* One stretch of work; it belongs to the local day on which it starts. */
struct shift {
    int32_t day; /* days since 1970-01-01 in Warsaw */
    struct window work;
};

/* "1-5", "1,3,5", "6", "1-3,7": 1 is Monday. False (ret untouched) on anything else, also on a day
 * named twice or a range that runs backwards. */
bool weekdays_parse(struct text text, uint8_t *ret_weekdays);

/* True when two of the patterns share a minute of some week; `ret_first` < `ret_second` then say
 * which. A pattern that ends when another begins shares nothing with it. */
bool patterns_clash(const struct shift_pattern patterns[], size_t count, size_t *ret_first,
                    size_t *ret_second);

/* Shifts that start on the local days first_day..last_day, both included, by start; none is empty,
 * none overlaps another if no patterns clash. `ret_shifts` has room for `count` a day. Returns how
 * many. An hour that the night of a clock change leaves out or repeats is read as in
 * lib/domain/calendar.h, so a night shift lasts an hour less in March and one more in October. */
size_t expand_shifts(const struct shift_pattern patterns[], size_t count, int32_t first_day,
                     int32_t last_day, struct shift ret_shifts[]);

/* Does any moment of the shifts remain when the absences (in any order, overlapping or not) are
 * taken out? */
bool works_at_all(const struct shift shifts[], size_t shift_count, const struct window absences[],
                  size_t absence_count);
