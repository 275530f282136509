#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "lib/domain/random.h"
#include "services/workforce/domain/check_rule.h"
#include "services/workforce/recurrence.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int32_t date(int32_t year, int32_t month, int32_t day)
{
    int32_t made = 0;

    cr_assert(date_make(year, month, day, &made));
    return made;
}

Test(recurrence, table)
{
    const int32_t monday = date(2026, 11, 23);
    const struct {
        const char *name, *rrule;
        int32_t starts_on, first_day, last_day;
        size_t count;
        int32_t days[6];
    } rows[] = {
        { "every other week",
          "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU",
          monday,
          monday,
          monday + 20,
          4,
          { monday, monday + 1, monday + 14, monday + 15 } },
        { "the same, looked at later",
          "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU",
          monday,
          monday + 2,
          monday + 20,
          2,
          { monday + 14, monday + 15 } },
        { "nothing before its first day", "FREQ=DAILY", monday, monday - 9, monday - 1, 0, { 0 } },
        { "four on, then never again",
          "FREQ=DAILY;COUNT=4",
          monday,
          monday + 2,
          monday + 99,
          2,
          { monday + 2, monday + 3 } },
        { "the last day counts",
          "FREQ=DAILY;UNTIL=20261124",
          monday,
          monday,
          monday + 99,
          2,
          { monday, monday + 1 } },
        { "the month's last working day",
          "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
          date(2026, 11, 30),
          monday,
          date(2027, 2, 1),
          3,
          { date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 29) } },
        { "the 31st only where there is one",
          "FREQ=MONTHLY;BYMONTHDAY=31",
          date(2026, 12, 31),
          date(2027, 1, 1),
          date(2027, 6, 1),
          3,
          { date(2027, 1, 31), date(2027, 3, 31), date(2027, 5, 31) } },
        { "29 February in leap years",
          "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
          date(2028, 2, 29),
          date(2028, 1, 1),
          date(2037, 1, 1),
          3,
          { date(2028, 2, 29), date(2032, 2, 29), date(2036, 2, 29) } },
    };

    EACH (row, rows) {
        struct arena arena = { 0 };
        struct shift_pattern pattern = { .rrule = row->rrule, .starts_on = row->starts_on };
        cr_assert_null(rule_fault(text_of(row->rrule)), "%s", row->name);
        find_rule_days(&arena, &pattern, 1, row->first_day, row->last_day);
        cr_assert_eq(pattern.day_count, row->count, "%s: %zu", row->name, pattern.day_count);
        cr_expect_eq(memcmp(pattern.days, row->days, row->count * sizeof(int32_t)), 0, "%s",
                     row->name);
        arena_done(&arena);
    }
}

/* ---- against an oracle that asks every day whether the rule means it ---- */

enum { MOST = 8 };
enum frequency { DAILY, WEEKLY, MONTHLY, YEARLY };
struct rule {
    enum frequency frequency;
    int interval, count, week_start; /* 1: Monday; 0: not said */
    int32_t until;
    size_t day_count, month_day_count, month_count, position_count;
    int weekdays[MOST], ordinals[MOST], month_days[MOST], months[MOST], positions[MOST];
};

static int32_t week_of(const struct rule *rule, int32_t day)
{
    int start = rule->week_start ? rule->week_start : 1;

    return day - (date_weekday(day) - start + 7) % 7;
}

static bool is_in_step(const struct rule *rule, int32_t starts_on, int32_t day)
{
    struct civil first = date_civil(starts_on), now = date_civil(day);

    switch (rule->frequency) {
    case DAILY:
        return (day - starts_on) % rule->interval == 0;
    case WEEKLY:
        return (week_of(rule, day) - week_of(rule, starts_on)) / 7 % rule->interval == 0;
    case MONTHLY:
        return ((now.year - first.year) * 12 + now.month - first.month) % rule->interval == 0;
    default:
        return (now.year - first.year) % rule->interval == 0;
    }
}

/* The first and last day of the stretch within which "the second Monday" is counted. */
static void stretch_of(const struct rule *rule, int32_t day, int32_t *first, int32_t *last)
{
    struct civil civil = date_civil(day);
    bool is_year = rule->frequency == YEARLY && !rule->month_count;
    int next_year = civil.year + (is_year || civil.month == 12);

    *first = date(civil.year, is_year ? 1 : civil.month, 1);
    *last = date(next_year, is_year || civil.month == 12 ? 1 : civil.month + 1, 1) - 1;
}

static bool is_named_weekday(const struct rule *rule, int32_t day)
{
    int32_t first, last;

    stretch_of(rule, day, &first, &last);
    for (size_t i = 0; i < rule->day_count; i++) {
        int ordinal = rule->ordinals[i];
        if (date_weekday(day) != rule->weekdays[i])
            continue;
        if (ordinal == 0 || (ordinal > 0 && (day - first) / 7 + 1 == ordinal) ||
            (ordinal < 0 && (last - day) / 7 + 1 == -ordinal))
            return true;
    }
    return false;
}

static bool is_named_month_day(const struct rule *rule, int32_t day)
{
    struct civil civil = date_civil(day);
    int32_t next =
        civil.month == 12 ? date(civil.year + 1, 1, 1) : date(civil.year, civil.month + 1, 1);
    int length = next - date(civil.year, civil.month, 1);

    for (size_t i = 0; i < rule->month_day_count; i++)
        if (rule->month_days[i] == civil.day || length + 1 + rule->month_days[i] == civil.day)
            return true;
    return false;
}

static bool is_named_month(const struct rule *rule, int32_t day)
{
    for (size_t i = 0; i < rule->month_count; i++)
        if (rule->months[i] == date_civil(day).month)
            return true;
    return false;
}

/* But for positions and count. */
static bool is_meant(const struct rule *rule, int32_t starts_on, int32_t day)
{
    struct civil first = date_civil(starts_on), now = date_civil(day);
    bool says_day = rule->day_count || rule->month_day_count;

    if (!is_in_step(rule, starts_on, day) || (rule->month_count && !is_named_month(rule, day)) ||
        (rule->day_count && !is_named_weekday(rule, day)) ||
        (rule->month_day_count && !is_named_month_day(rule, day)))
        return false;
    if (says_day || rule->frequency == DAILY)
        return true;
    if (rule->frequency == WEEKLY)
        return date_weekday(day) == date_weekday(starts_on);
    return now.day == first.day &&
           (rule->frequency == MONTHLY || rule->month_count || now.month == first.month);
}

static bool has_position(const struct rule *rule, int32_t starts_on, int32_t day)
{
    int32_t first, last;
    int before = 0, after = 0;

    stretch_of(rule, day, &first, &last);
    for (int32_t other = first; other <= last; other++) {
        before += other < day && is_meant(rule, starts_on, other);
        after += other > day && is_meant(rule, starts_on, other);
    }
    for (size_t i = 0; i < rule->position_count; i++)
        if (rule->positions[i] == before + 1 || rule->positions[i] == -after - 1)
            return true;
    return rule->position_count == 0;
}

/* ---- random rules ---- */

static void write_list(char *text, const char *name, const int numbers[], size_t count)
{
    if (count)
        sprintf(text + strlen(text), ";%s=", name);
    for (size_t i = 0; i < count; i++)
        sprintf(text + strlen(text), i ? ",%d" : "%d", numbers[i]);
}

static const char *const weekdays[] = { "", "MO", "TU", "WE", "TH", "FR", "SA", "SU" };

static void write_rule(const struct rule *rule, char *text)
{
    static const char *const names[] = { "DAILY", "WEEKLY", "MONTHLY", "YEARLY" };

    sprintf(text, "FREQ=%s", names[rule->frequency]);
    if (rule->interval > 1)
        write_list(text, "INTERVAL", &rule->interval, 1);
    if (rule->count)
        write_list(text, "COUNT", &rule->count, 1);
    if (rule->until) {
        struct civil until = date_civil(rule->until);
        sprintf(text + strlen(text), ";UNTIL=%04d%02d%02d", until.year, until.month, until.day);
    }
    if (rule->week_start)
        sprintf(text + strlen(text), ";WKST=%s", weekdays[rule->week_start]);
    write_list(text, "BYMONTH", rule->months, rule->month_count);
    write_list(text, "BYMONTHDAY", rule->month_days, rule->month_day_count);
    for (size_t i = 0; i < rule->day_count; i++) {
        strcat(text, i ? "," : ";BYDAY=");
        if (rule->ordinals[i])
            sprintf(text + strlen(text), "%d", rule->ordinals[i]);
        strcat(text, weekdays[rule->weekdays[i]]);
    }
    write_list(text, "BYSETPOS", rule->positions, rule->position_count);
}

static size_t some_numbers(struct random *random, int64_t most, bool is_signed, int ret[])
{
    size_t count = (size_t)random_between(random, 1, 3), made = 0;

    for (size_t i = 0; i < count; i++) {
        int number = (int)random_between(random, 1, most);
        bool is_there = false;
        if (is_signed && random_below(random, 3) == 0)
            number = -number;
        for (size_t k = 0; k < made; k++)
            is_there |= ret[k] == number;
        if (!is_there)
            ret[made++] = number;
    }
    return made;
}

static struct rule some_rule(struct random *random, int32_t starts_on)
{
    struct rule rule = { .frequency = (enum frequency)random_below(random, 4), .interval = 1 };
    bool has_ordinals = random_below(random, 2);

    if (random_below(random, 2))
        rule.interval = (int)random_between(random, 1, 5);
    if (random_below(random, 4) == 0)
        rule.count = (int)random_between(random, 1, 40);
    else if (random_below(random, 4) == 0)
        rule.until = starts_on + (int32_t)random_below(random, 900);
    if (random_below(random, 4) == 0)
        rule.week_start = (int)random_between(random, 1, 2);
    if (random_below(random, 3) == 0)
        rule.month_count = some_numbers(random, 12, false, rule.months);
    if (random_below(random, 3) == 0)
        rule.month_day_count = some_numbers(random, 31, true, rule.month_days);
    if (random_below(random, 2))
        rule.day_count = some_numbers(random, 7, false, rule.weekdays);
    for (size_t i = 0; has_ordinals && i < rule.day_count; i++)
        rule.ordinals[i] = (int)random_between(random, -5, 5);
    if (random_below(random, 4) == 0)
        rule.position_count = some_numbers(random, 4, true, rule.positions);
    return rule;
}

Test(recurrence, agrees_with_an_oracle_day_by_day)
{
    struct random random = { 45 };
    int compared = 0, of_frequency[4] = { 0 }, named = 0;

    for (int round = 0; compared < 6000; round++) {
        int32_t starts_on = date(2026, 1, 1) + (int32_t)random_below(&random, 1200);
        struct rule rule = some_rule(&random, starts_on);
        char text[400];
        write_rule(&rule, text);
        bool starts_well = is_meant(&rule, starts_on, starts_on) &&
                           has_position(&rule, starts_on, starts_on) &&
                           (!rule.until || starts_on <= rule.until);
        if (rule_fault(text_of(text)) || !starts_well)
            continue;
        struct arena arena = { 0 };
        struct shift_pattern pattern = { .rrule = text, .starts_on = starts_on };
        int32_t first_day = starts_on - 20 + (int32_t)random_below(&random, 700), of_rule = 0;
        size_t found = 0;
        int32_t first = 0;
        find_rule_days(&arena, &pattern, 1, first_day, first_day + 420);
        for (int32_t day = starts_on; day <= first_day + 420; day++) {
            bool is_day = (!rule.until || day <= rule.until) && is_meant(&rule, starts_on, day) &&
                          has_position(&rule, starts_on, day) &&
                          (!rule.count || of_rule < rule.count);
            of_rule += is_day;
            if (day < first_day)
                continue;
            bool is_found = found < pattern.day_count && pattern.days[found] == day;
            cr_assert_eq(is_found, is_day, "seed 45, round %d: %s from %d: %d", round, text,
                         starts_on, day);
            found += is_found;
        }
        cr_assert_eq(found, pattern.day_count, "seed 45, round %d: %s", round, text);
        cr_assert(first_rule_day(&pattern, &first) && first == starts_on, "seed 45, %s", text);
        arena_done(&arena);
        compared++;
        of_frequency[rule.frequency]++;
        named += found > 0;
    }
    EACH (count, of_frequency)
        cr_expect(*count > 300, "each frequency is drawn: %d", *count);
    cr_expect(named > 3000, "and most name days: %d", named);
}

/* ---- a rule that passes cannot run away ---- */

Test(recurrence, no_rule_that_passes_takes_long)
{
    struct random random = { 46 };
    const int32_t today = date(2026, 11, 23);
    int tried = 0;

    while (tried < 1000) {
        struct rule rule = some_rule(&random, today);
        struct arena arena = { 0 };
        struct timespec from, until;
        char text[400];
        int32_t day;
        rule.interval = (int)random_between(&random, 1, 60);
        write_rule(&rule, text);
        if (rule_fault(text_of(text)))
            continue;
        struct shift_pattern pattern = { .rrule = text, .starts_on = today };
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
        first_rule_day(&pattern, &day);
        find_rule_days(&arena, &pattern, 1, today, today + 400);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &until);
        long took_ms =
            (until.tv_sec - from.tv_sec) * 1000 + (until.tv_nsec - from.tv_nsec) / 1000000;
        cr_assert_lt(took_ms, 500, "seed 46: %s took %ld ms", text, took_ms);
        arena_done(&arena);
        tried++;
    }
}
