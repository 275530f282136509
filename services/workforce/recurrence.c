/* The only file that knows libical. It is outside domain/ as libical takes its own memory; what it
 * hands over is plain dates. rule_fault has to come first: on a rule that names no day libical
 * searches until the year 2582, a second long. */
#include "services/workforce/recurrence.h"
#include "lib/domain/calendar.h"
#include <assert.h>
#include <libical/ical.h>

enum { FOUR_YEARS = 1461 };

static struct icaltimetype ical_date(int32_t day)
{
    struct civil civil = date_civil(day);

    return (struct icaltimetype){
        .year = civil.year, .month = civil.month, .day = civil.day, .is_date = 1
    };
}

static bool next_day(icalrecur_iterator *iterator, int32_t *ret_day)
{
    struct icaltimetype next = icalrecur_iterator_next(iterator);

    return !icaltime_is_null_time(next) && date_make(next.year, next.month, next.day, ret_day);
}

/* NULL when the rule names no day at all, or libical does not take it. */
static icalrecur_iterator *begin(const struct shift_pattern *pattern, int32_t from)
{
    struct icalrecurrencetype rule = icalrecurrencetype_from_string(pattern->rrule);

    if (rule.freq == ICAL_NO_RECURRENCE)
        return NULL;
    icalrecur_iterator *iterator = icalrecur_iterator_new(rule, ical_date(pattern->starts_on));
    /* With COUNT it refuses to jump, and begins with the first day. */
    if (iterator && from > pattern->starts_on)
        icalrecur_iterator_set_start(iterator, ical_date(from));
    return iterator;
}

static void find_days(struct arena *arena, struct shift_pattern *pattern, int32_t first_day,
                      int32_t last_day)
{
    int32_t *days = ARENA_ARRAY(arena, int32_t, (size_t)(last_day - first_day + 1)), day;

    pattern->days = days;
    pattern->day_count = 0;
    if (last_day < pattern->starts_on)
        return;
    icalrecur_iterator *iterator = begin(pattern, first_day);
    while (iterator && next_day(iterator, &day) && day <= last_day)
        if (day >= first_day)
            days[pattern->day_count++] = day;
    if (iterator)
        icalrecur_iterator_free(iterator);
}

void find_rule_days(struct arena *arena, struct shift_pattern patterns[], size_t count,
                    int32_t first_day, int32_t last_day)
{
    assert(first_day <= last_day);
    for (size_t i = 0; i < count; i++)
        if (patterns[i].rrule)
            find_days(arena, &patterns[i], first_day, last_day);
}

bool first_rule_day(const struct shift_pattern *pattern, int32_t *ret_day)
{
    icalrecur_iterator *iterator = begin(pattern, pattern->starts_on);
    int32_t day;
    bool is_found = iterator && next_day(iterator, &day) && day <= pattern->starts_on + FOUR_YEARS;

    if (iterator)
        icalrecur_iterator_free(iterator);
    if (is_found)
        *ret_day = day;
    return is_found;
}
