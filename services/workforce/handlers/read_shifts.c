/* From patterns as people write them to patterns that cannot be wrong: hours on the clock, days of
 * the week or of a rule, breaks inside the hours, no two that want the same minute. */
#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "proto/workforce.pb-c.h"
#include "services/workforce/domain/check_rule.h"
#include "services/workforce/handlers.h"
#include "services/workforce/recurrence.h"

/* A rule that began longer ago is begun anew; one that begins later is none of today's concern. */
enum { BEGAN_DAYS = 3660, BEGINS_DAYS = 366 };

struct reading {
    struct turn *turn;
    const char *list; /* the request's field */
    size_t at;        /* the pattern being read */
    struct violations *violations;
    bool is_wrong; /* the pattern is */
};

static void violate(struct reading *reading, const char *field, const char *rule,
                    const char *detail)
{
    const char *pointer =
        arena_format(reading->turn->arena, "/%s/%zu%s", reading->list, reading->at, field);

    violations_add(reading->violations, (struct violation){ pointer, rule, detail });
    reading->is_wrong = true;
}

static void read_hours(struct reading *reading, const ShiftPattern *given,
                       struct shift_pattern *pattern)
{
    if (!clock_parse(text_of(given->from), &pattern->from_minute))
        violate(reading, "/from", "pattern", "Podaj godzinę jak 08:00");
    else if (!clock_parse(text_of(given->until), &pattern->until_minute))
        violate(reading, "/until", "pattern", "Podaj godzinę jak 16:00");
    else if (pattern->from_minute == pattern->until_minute)
        violate(reading, "/until", "range", "Zmiana zaczyna się i kończy o tej samej godzinie");
}

static void read_exceptions(struct reading *reading, const ShiftPattern *given,
                            struct shift_pattern *pattern)
{
    int32_t *days = ARENA_ARRAY(reading->turn->arena, int32_t, given->n_except_on + 1);

    for (size_t i = 0; i < given->n_except_on; i++)
        if (!date_parse(text_of(given->except_on[i]), &days[i])) {
            violate(reading, arena_format(reading->turn->arena, "/except_on/%zu", i), "pattern",
                    "Podaj dzień jak 2026-11-23");
            return;
        }
    pattern->except_on = days;
    pattern->except_count = given->n_except_on;
}

static void read_rule(struct reading *reading, const ShiftPattern *given,
                      struct shift_pattern *pattern)
{
    struct arena *arena = reading->turn->arena;
    const char *fault = rule_fault(text_of(given->rrule));
    int32_t today = date_from_timestamp(reading->turn->now), first;

    pattern->rrule = given->rrule;
    if (fault)
        violate(reading, "/rrule", "rrule", fault);
    else if (!date_parse(text_of(given->starts_on), &pattern->starts_on))
        violate(reading, "/starts_on", "required", "Podaj pierwszy dzień reguły jak 2026-11-23");
    else if (pattern->starts_on < today - BEGAN_DAYS || pattern->starts_on > today + BEGINS_DAYS)
        violate(reading, "/starts_on", "range",
                "Reguła zaczyna się najwyżej 10 lat temu i najpóźniej za rok");
    else if (!first_rule_day(pattern, &first))
        violate(reading, "/rrule", "rrule",
                "Reguła nie wskazuje żadnego dnia w ciągu czterech lat");
    else if (first != pattern->starts_on)
        violate(reading, "/starts_on", "rrule",
                arena_format(arena, "To nie jest dzień tej reguły; pierwszy to %s",
                             date_text(arena, first)));
    else
        read_exceptions(reading, given, pattern);
}

static void read_days(struct reading *reading, const ShiftPattern *given,
                      struct shift_pattern *pattern)
{
    static const char *const holidays[] = { "works", "off", "only" };
    bool is_known = string_empty(given->holidays);

    for (size_t i = 0; i < COUNT(holidays); i++)
        if (string_is(given->holidays, holidays[i])) {
            pattern->holidays = (enum on_holidays)i;
            is_known = true;
        }
    if (!is_known)
        violate(reading, "/holidays", "enum", "Podaj works, off albo only");
    if (!string_empty(given->rrule) && !string_empty(given->weekdays))
        violate(reading, "/rrule", "oneof", "Podaj weekdays albo rrule, nie oba");
    else if (!string_empty(given->rrule))
        read_rule(reading, given, pattern);
    else if (!string_empty(given->starts_on) || given->n_except_on)
        violate(reading, "/starts_on", "oneof", "starts_on i except_on należą do rrule");
    else if (!weekdays_parse(text_of(given->weekdays), &pattern->weekdays))
        violate(reading, "/weekdays", "pattern",
                "Podaj dni tygodnia jak 1-5 albo 1,3,6 (1 to poniedziałek)");
}

static void read_breaks(struct reading *reading, const ShiftPattern *given,
                        struct shift_pattern *pattern)
{
    if (given->on_call && (given->n_breaks || given->overtime_ms))
        violate(reading, "/on_call", "range", "Dyżur nie ma przerw ani nadgodzin");
    for (size_t i = 0; i < given->n_breaks && !reading->is_wrong; i++) {
        const char *pointer = arena_format(reading->turn->arena, "/breaks/%zu", i);
        struct text until, from = text_cut(text_of(given->breaks[i]), '-', &until);
        struct minutes added;
        if (!clock_parse(from, &added.from) || !clock_parse(until, &added.until))
            violate(reading, pointer, "pattern", "Podaj przerwę jak 12:00-12:30");
        else if (!pattern_add_break(pattern, added))
            violate(reading, pointer, "range",
                    "Przerwy leżą w godzinach zmiany i nie nakładają się; najwyżej 4");
    }
}

static bool read_pattern(struct reading *reading, const ShiftPattern *given,
                         struct shift_pattern *ret_pattern)
{
    struct shift_pattern pattern = { .on_call = given->on_call, .overtime_ms = given->overtime_ms };

    reading->is_wrong = false;
    read_days(reading, given, &pattern);
    read_hours(reading, given, &pattern);
    if (!reading->is_wrong)
        read_breaks(reading, given, &pattern);
    *ret_pattern = pattern;
    return !reading->is_wrong;
}

struct shift_pattern *read_patterns(struct turn *turn, const char *list,
                                    ShiftPattern *const given[], size_t count,
                                    struct violations *violations, size_t *ret_count)
{
    struct reading reading = { turn, list, 0, violations, false };
    struct shift_pattern *patterns = ARENA_ARRAY(turn->arena, struct shift_pattern, count + 1);

    *ret_count = 0;
    for (size_t i = 0; i < count; i++) {
        reading.at = i;
        *ret_count += read_pattern(&reading, given[i], &patterns[*ret_count]);
    }
    return patterns;
}

void read_shifts(struct turn *turn, ShiftPattern *const given[], size_t count,
                 struct violations *violations, struct technician *technician)
{
    int32_t today = date_from_timestamp(turn->now);
    size_t first, second;

    technician->patterns =
        read_patterns(turn, "shifts", given, count, violations, &technician->pattern_count);
    if (technician->pattern_count < count)
        return;
    find_rule_days(turn->arena, technician->patterns, count, today - 1, today + CLASH_DAYS);
    if (!patterns_clash(technician->patterns, count, today, &first, &second))
        return;
    struct reading reading = { turn, "shifts", second, violations, false };
    violate(&reading, "", "overlap",
            arena_format(turn->arena, "Ta zmiana nakłada się na zmianę nr %zu", first + 1));
}
