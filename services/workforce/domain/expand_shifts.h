/* From "Monday to Friday, 08:00 to 16:00" to stretches of time: what a technician's week means on
 * given days, on the wall clock of Warsaw. */
#pragma once
#include "lib/base/text.h"
#include "lib/domain/window.h"

enum { MINUTES_A_DAY = 1440, BREAKS_MOST = 4, CLASH_DAYS = 400 };

/* On the days that lib/domain/calendar.h calls free from work. */
enum on_holidays { HOLIDAYS_AS_EVER, HOLIDAYS_OFF, HOLIDAYS_ONLY };

struct minutes {
    int32_t from, until; /* of the day, 0..1439, never equal; until before from ends on the next
                          * day */
};

struct shift_pattern {
    uint8_t weekdays;                  /* bit 0 is Monday; 0: the rule says */
    int32_t from_minute, until_minute; /* as in struct minutes */
    const char *rrule;                 /* RFC 5545, of days; NULL: the weekdays say */
    int32_t starts_on;                 /* the rule's first day */
    const int32_t *except_on;          /* days on which the rule does not hold */
    size_t except_count;
    enum on_holidays holidays;
    bool on_call; /* at home, called out for emergencies only */
    struct minutes breaks[BREAKS_MOST];
    size_t break_count;
    int64_t overtime_ms;
    const int32_t *days; /* of the rule, in order, for the days in question: recurrence.h */
    size_t day_count;
};

/* One stretch of work; it belongs to the local day on which it starts. */
struct shift {
    int32_t day; /* days since 1970-01-01 in Warsaw */
    struct window work;
    bool on_call;
    int64_t overtime_ms;
    struct window breaks[BREAKS_MOST]; /* inside `work`, in order */
    size_t break_count;
};

/* "1-5", "1,3,5", "6", "1-3,7": 1 is Monday. False (ret untouched) on anything else, also on a day
 * named twice or a range that runs backwards. */
bool weekdays_parse(struct text text, uint8_t *ret_weekdays);

/* True when two of the patterns share a minute; `ret_first` < `ret_second` then say which. A
 * pattern that ends when another begins shares nothing with it, and nobody's hours on call clash
 * with his work. Patterns of weekdays alone are compared for ever; where a rule or a holiday has a
 * say, on CLASH_DAYS days from `today`, for which the rules' days have to be there. */
bool patterns_clash(const struct shift_pattern patterns[], size_t count, int32_t today,
                    size_t *ret_first, size_t *ret_second);

/* False when the break does not lie inside the pattern's hours, or overlaps one that is there;
 * else it is added. */
bool pattern_add_break(struct shift_pattern *pattern, struct minutes added);

/* Does the pattern name that day? For a rule, `days` must reach over it. */
bool pattern_falls_on(const struct shift_pattern *pattern, int32_t day);

/* Shifts that start on the local days first_day..last_day, both included, by start; none is empty,
 * none overlaps another of its kind (work, on call) if no patterns clash. `ret_shifts` has room for
 * `count` a day. Returns how many. An hour that the night of a clock change leaves out or repeats
 * is read as in lib/domain/calendar.h, so a night shift lasts an hour less in March and one more in
 * October. */
size_t expand_shifts(const struct shift_pattern patterns[], size_t count, int32_t first_day,
                     int32_t last_day, struct shift ret_shifts[]);

/* Does any moment of the shifts remain when the absences (in any order, overlapping or not) are
 * taken out? */
bool works_at_all(const struct shift shifts[], size_t shift_count, const struct window absences[],
                  size_t absence_count);
