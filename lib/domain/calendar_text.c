/* Dates and hours as machines and as Polish people write them. */
#include "lib/domain/calendar.h"

static const char *const weekdays[] = {
    "", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela",
};
static const char *const months_genitive[] = {
    "",      "stycznia", "lutego",   "marca",        "kwietnia",  "maja",    "czerwca",
    "lipca", "sierpnia", "września", "października", "listopada", "grudnia",
};

const char *date_text(struct arena *arena, int32_t date)
{
    struct civil civil = date_civil(date);
    return arena_format(arena, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

const char *clock_text(struct arena *arena, timestamp at)
{
    struct civil civil = civil_from_timestamp(at);
    return arena_format(arena, "%02d:%02d", civil.hour, civil.minute);
}

const char *date_text_long(struct arena *arena, int32_t date)
{
    struct civil civil = date_civil(date);
    return arena_format(arena, "%s, %d %s %d", weekdays[civil.weekday], civil.day,
                        months_genitive[civil.month], civil.year);
}

const char *moment_text_long(struct arena *arena, timestamp at)
{
    return arena_format(arena, "%s, godz. %s", date_text_long(arena, date_from_timestamp(at)),
                        clock_text(arena, at));
}

/* A part of exactly `width` digits. */
static bool read_part(struct text part, size_t width, int32_t *ret_number)
{
    int32_t number = 0;

    if (part.length != width)
        return false;
    for (size_t i = 0; i < width; i++) {
        if (part.at[i] < '0' || part.at[i] > '9')
            return false;
        number = number * 10 + part.at[i] - '0';
    }
    *ret_number = number;
    return true;
}

bool date_parse(struct text text, int32_t *ret_date)
{
    struct text rest, last;
    struct text first = text_cut(text, '-', &rest);
    struct text middle = text_cut(rest, '-', &last);
    int32_t year, month, day;

    return read_part(first, 4, &year) && read_part(middle, 2, &month) && read_part(last, 2, &day) &&
           date_make(year, month, day, ret_date);
}

bool clock_parse(struct text text, int32_t *ret_minutes)
{
    struct text last;
    struct text first = text_cut(text, ':', &last);
    int32_t hour, minute;

    if (!read_part(first, 2, &hour) || !read_part(last, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *ret_minutes = hour * 60 + minute;
    return true;
}
