/* Polish days free from work: fixed ones from a table, movable ones from Easter. */
#include "lib/base/array.h"
#include "lib/domain/calendar.h"

static const struct {
    int32_t month, day;
    int32_t since, until; /* years, inclusive */
    const char *name;
} fixed[] = {
    { 1, 1, 1, 9999, "Nowy Rok" },
    { 1, 6, 2011, 9999, "Święto Trzech Króli" },
    { 5, 1, 1, 9999, "Święto Państwowe" },
    { 5, 3, 1, 9999, "Święto Narodowe Trzeciego Maja" },
    { 8, 15, 1, 9999, "Wniebowzięcie Najświętszej Maryi Panny" },
    { 11, 1, 1, 9999, "Wszystkich Świętych" },
    { 11, 11, 1, 9999, "Narodowe Święto Niepodległości" },
    { 11, 12, 2018, 2018, "Święto Narodowe z okazji Setnej Rocznicy Odzyskania Niepodległości" },
    { 12, 24, 2025, 9999, "Wigilia Bożego Narodzenia" },
    { 12, 25, 1, 9999, "pierwszy dzień Bożego Narodzenia" },
    { 12, 26, 1, 9999, "drugi dzień Bożego Narodzenia" },
};

static const struct {
    int32_t days_after_easter;
    const char *name;
} movable[] = {
    { 0, "pierwszy dzień Wielkiej Nocy" },
    { 1, "drugi dzień Wielkiej Nocy" },
    { 49, "pierwszy dzień Zielonych Świątek" },
    { 60, "dzień Bożego Ciała" },
};

int32_t easter_sunday(int32_t year)
{
    /* Anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8). */
    int32_t golden = year % 19, century = year / 100, rest = year % 100;
    int32_t correction = (century - (century + 8) / 25 + 1) / 3;
    int32_t epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    int32_t to_sunday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    int32_t late = (golden + 11 * epact + 22 * to_sunday) / 451;
    int32_t sum = epact + to_sunday - 7 * late + 114;
    int32_t date = 0;

    date_make(year, sum / 31, sum % 31 + 1, &date);
    return date;
}

const char *holiday_name(int32_t date)
{
    struct civil civil = date_civil(date);
    int32_t after_easter = date - easter_sunday(civil.year);

    EACH (row, movable)
        if (row->days_after_easter == after_easter)
            return row->name;
    EACH (row, fixed)
        if (row->month == civil.month && row->day == civil.day && row->since <= civil.year &&
            civil.year <= row->until)
            return row->name;
    return NULL;
}

bool is_working_day(int32_t date)
{
    return date_weekday(date) <= 5 && !holiday_name(date);
}
