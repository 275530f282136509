/* The parts of a recurrence rule, each read by its own grammar (RFC 5545, 3.3.10), then together:
 * parts that contradict each other would have a library search through centuries for a day. */
#include "services/workforce/domain/check_rule.h"
#include "lib/base/array.h"
#include "lib/domain/calendar.h"

enum { RULE_LENGTH_MOST = 200, INTERVAL_MOST = 60, COUNT_MOST = 400, POSITION_MOST = 4 };
/* Longer lists repeat themselves, and libical has no room for them. */
enum { MONTHS_MOST = 12, MONTH_DAYS_MOST = 31 };
enum frequency { DAILY, WEEKLY, MONTHLY, YEARLY };

struct rule {
    enum frequency frequency;
    int64_t interval, count;
    int64_t highest_ordinal;      /* of BYDAY: 2 in "-2FR"; 0: none has one */
    unsigned months;              /* bit 1 is January; 0: all */
    int64_t lowest_month_day;     /* without its sign; 0: no BYMONTHDAY */
    bool has_days, has_positions; /* BYDAY, BYSETPOS */
};

static int64_t without_sign(int64_t number)
{
    return number < 0 ? -number : number;
}

/* -most .. -1 or 1 .. most, with or without a plus. */
static bool read_ordinal(struct text text, int64_t most, int64_t *ret_ordinal)
{
    if (text_starts(text, "+") && text.length > 1 && text.at[1] != '-') {
        text.at++;
        text.length--;
    }
    return text_number(text, ret_ordinal) && *ret_ordinal && without_sign(*ret_ordinal) <= most;
}

static bool read_frequency(struct text value, struct rule *rule)
{
    static const char *const names[] = { "DAILY", "WEEKLY", "MONTHLY", "YEARLY" };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (!text_is(value, names[i]))
            continue;
        rule->frequency = (enum frequency)i;
        return true;
    }
    return false;
}

static bool read_interval(struct text value, struct rule *rule)
{
    return text_number(value, &rule->interval) && rule->interval >= 1 &&
           rule->interval <= INTERVAL_MOST;
}

static bool read_count(struct text value, struct rule *rule)
{
    return text_number(value, &rule->count) && rule->count >= 1 && rule->count <= COUNT_MOST;
}

static bool read_until(struct text value, struct rule *rule)
{
    int64_t number;
    int32_t date;

    (void)rule;
    return value.length == 8 && value.at[0] != '-' && text_number(value, &number) &&
           date_make((int32_t)(number / 10000), (int32_t)(number / 100 % 100),
                     (int32_t)(number % 100), &date);
}

static bool is_weekday(struct text text)
{
    static const char *const names[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };

    for (size_t i = 0; i < COUNT(names); i++)
        if (text_is(text, names[i]))
            return true;
    return false;
}

static bool read_week_start(struct text value, struct rule *rule)
{
    (void)rule;
    return text_is(value, "MO");
}

static bool read_days(struct text value, struct rule *rule)
{
    do {
        struct text day = text_cut(value, ',', &value);
        int64_t ordinal = 0;
        if (day.length < 2 || !is_weekday((struct text){ day.at + day.length - 2, 2 }))
            return false;
        day.length -= 2;
        if (day.length && !read_ordinal(day, 53, &ordinal))
            return false;
        if (without_sign(ordinal) > rule->highest_ordinal)
            rule->highest_ordinal = without_sign(ordinal);
    } while (value.at);
    rule->has_days = true;
    return true;
}

static bool read_month_days(struct text value, struct rule *rule)
{
    int count = 0;

    do {
        int64_t day;
        if (++count > MONTH_DAYS_MOST || !read_ordinal(text_cut(value, ',', &value), 31, &day))
            return false;
        if (!rule->lowest_month_day || without_sign(day) < rule->lowest_month_day)
            rule->lowest_month_day = without_sign(day);
    } while (value.at);
    return true;
}

static bool read_months(struct text value, struct rule *rule)
{
    int count = 0;

    do {
        int64_t month;
        if (++count > MONTHS_MOST || !text_number(text_cut(value, ',', &value), &month) ||
            month < 1 || month > 12)
            return false;
        rule->months |= 1U << month;
    } while (value.at);
    return true;
}

static bool read_positions(struct text value, struct rule *rule)
{
    int64_t position;

    do {
        if (!read_ordinal(text_cut(value, ',', &value), POSITION_MOST, &position))
            return false;
    } while (value.at);
    rule->has_positions = true;
    return true;
}

static const struct part {
    const char *name;
    bool (*read)(struct text value, struct rule *rule);
    const char *says;
} parts[] = {
    { "FREQ", read_frequency, "FREQ: DAILY, WEEKLY, MONTHLY albo YEARLY" },
    { "INTERVAL", read_interval, "INTERVAL: liczba od 1 do 60" },
    { "COUNT", read_count, "COUNT: liczba od 1 do 400" },
    { "UNTIL", read_until, "UNTIL: dzień jak 20271231, bez godziny" },
    { "WKST", read_week_start, "WKST: tydzień zaczyna się w poniedziałek (MO)" },
    { "BYDAY", read_days, "BYDAY: dni jak MO,TU albo 1MO,-1FR" },
    { "BYMONTHDAY", read_month_days, "BYMONTHDAY: dni miesiąca od 1 do 31 albo od -31 do -1" },
    { "BYMONTH", read_months, "BYMONTH: miesiące od 1 do 12" },
    { "BYSETPOS", read_positions, "BYSETPOS: liczby od 1 do 4 albo od -4 do -1" },
};
enum { HAS_FREQ = 1 << 0, HAS_COUNT = 1 << 2, HAS_UNTIL = 1 << 3 };

static const char *read_part(struct text part, struct rule *rule, unsigned *seen)
{
    struct text value, name = text_cut(part, '=', &value);

    for (size_t i = 0; i < COUNT(parts); i++) {
        if (!text_is(name, parts[i].name))
            continue;
        if (*seen & 1U << i)
            return "Reguła wymienia tę samą część dwa razy";
        *seen |= 1U << i;
        return value.length && parts[i].read(value, rule) ? NULL : parts[i].says;
    }
    return "Reguła ma część, której tu nie rozumiemy (RFC 5545: FREQ, INTERVAL, COUNT, UNTIL, "
           "WKST, "
           "BYDAY, BYMONTHDAY, BYMONTH, BYSETPOS)";
}

/* No month of the rule has so many days. */
static bool names_no_month_day(const struct rule *rule)
{
    static const int days[] = { 0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    for (unsigned month = 1; month <= 12; month++)
        if ((!rule->months || rule->months & 1U << month) && days[month] >= rule->lowest_month_day)
            return false;
    return true;
}

static const char *ordinal_fault(const struct rule *rule)
{
    if (rule->frequency != MONTHLY && rule->frequency != YEARLY)
        return "Dni jak 1MO są tylko w regule MONTHLY albo YEARLY";
    if (rule->lowest_month_day || rule->has_positions)
        return "Dni jak 1MO nie łączą się z BYMONTHDAY ani z BYSETPOS";
    if (rule->highest_ordinal > 5 && (rule->frequency == MONTHLY || rule->months))
        return "Miesiąc nie ma tylu takich dni";
    return NULL;
}

static const char *month_day_fault(const struct rule *rule)
{
    /* Programs differ in what it means elsewhere: the month of the first day, or every month. */
    if (rule->frequency != MONTHLY && (rule->frequency != YEARLY || !rule->months))
        return "BYMONTHDAY jest tylko w regule MONTHLY albo YEARLY z BYMONTH";
    return names_no_month_day(rule) ? "Żaden z tych miesięcy nie ma takiego dnia" : NULL;
}

/* Steps that may never meet the days. */
static const char *interval_fault(const struct rule *rule)
{
    if (rule->frequency == DAILY && (rule->has_days || rule->months))
        return "DAILY z INTERVAL nie łączy się z BYDAY ani z BYMONTH";
    if (rule->frequency == MONTHLY && rule->months)
        return "MONTHLY z INTERVAL nie łączy się z BYMONTH";
    return NULL;
}

static const char *position_fault(const struct rule *rule)
{
    if (rule->frequency != MONTHLY || !rule->has_days || rule->lowest_month_day)
        return "BYSETPOS jest tylko w regule MONTHLY z BYDAY i bez BYMONTHDAY";
    return NULL;
}

static const char *contradiction(const struct rule *rule, unsigned seen)
{
    const char *fault = NULL;

    if (!(seen & HAS_FREQ))
        return "Reguła musi mieć FREQ";
    if (seen & HAS_COUNT && seen & HAS_UNTIL)
        return "COUNT i UNTIL wykluczają się";
    if (rule->interval > 1)
        fault = interval_fault(rule);
    if (!fault && rule->lowest_month_day)
        fault = month_day_fault(rule);
    if (!fault && rule->highest_ordinal)
        fault = ordinal_fault(rule);
    if (!fault && rule->has_positions)
        fault = position_fault(rule);
    return fault;
}

const char *rule_fault(struct text text)
{
    struct rule rule = { .interval = 1 };
    unsigned seen = 0;

    if (text.length > RULE_LENGTH_MOST)
        return "Reguła ma najwyżej 200 znaków";
    do {
        const char *fault = read_part(text_cut(text, ';', &text), &rule, &seen);
        if (fault)
            return fault;
    } while (text.at);
    return contradiction(&rule, seen);
}
