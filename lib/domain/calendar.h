/* Time for people: Europe/Warsaw, by the EU's rule and not by the machine's tables. Summer time
 * runs from the last Sunday of March, 01:00 UTC, to the last Sunday of October, 01:00 UTC
 * (Directive 2000/84/EC). The rule is applied to every year; true for Poland since 1996. */
#pragma once
#include "lib/base/arena.h"
#include "lib/domain/window.h"

struct civil {
    int32_t year;
    int32_t month, day;   /* from 1 */
    int32_t hour, minute; /* 0..23, 0..59 */
    int32_t second, ms;   /* 0..59, 0..999 */
    int32_t weekday;      /* ISO 8601: 1 Monday .. 7 Sunday; ignored when read */
};

/* A date is a day number: days since 1970-01-01 on the wall calendar of Warsaw. */
enum { DATE_MIN = -719162, DATE_MAX = 2932896 }; /* 0001-01-01 .. 9999-12-31 */

/* What must be added to UTC to have Warsaw's time at that moment: one hour or two. */
int64_t warsaw_offset_ms(timestamp at);
struct civil civil_from_timestamp(timestamp at);
/* An hour that does not exist (02:xx in March) is read with the offset before the gap: 02:30 is
 * 03:30. An hour that comes twice (02:xx in October) is the first one. As RFC 5545, 3.3.5. The
 * fields must be in range. */
timestamp timestamp_from_civil(struct civil civil);
int hour_of_week(timestamp at); /* 0 Monday 00:00 .. 167 Sunday 23:00, in Warsaw */

int32_t date_from_timestamp(timestamp at);
/* False (ret untouched) when there is no such day. */
bool date_make(int32_t year, int32_t month, int32_t day, int32_t *ret_date);
struct civil date_civil(int32_t date);   /* midnight of that day */
timestamp date_start(int32_t date);      /* its first moment */
timestamp date_end(int32_t date);        /* the first moment of the next day */
struct window date_window(int32_t date); /* 23, 24 or 25 hours */
int32_t date_weekday(int32_t date);      /* 1 Monday .. 7 Sunday */

/* Days free from work by the law of 18 January 1951 as it stands: 6 January since 2011, Christmas
 * Eve since 2025, and once 12 November 2018. Polish name, or NULL on a usual day. */
const char *holiday_name(int32_t date);
bool is_working_day(int32_t date);   /* Monday to Friday and no holiday */
int32_t easter_sunday(int32_t year); /* as a date; Gregorian */

/* Texts live in the arena. */
const char *date_text(struct arena *arena, int32_t date);  /* "2026-11-23" */
const char *clock_text(struct arena *arena, timestamp at); /* "13:15" */
const char *date_text_long(struct arena *arena,
                           int32_t date); /* "poniedziałek, 23 listopada 2026" */
/* "poniedziałek, 23 listopada 2026, godz. 13:15" */
const char *moment_text_long(struct arena *arena, timestamp at);
/* "2026-11-23" and "13:15" (minutes since midnight); false (ret untouched) on anything else. */
bool date_parse(struct text text, int32_t *ret_date);
bool clock_parse(struct text text, int32_t *ret_minutes);
