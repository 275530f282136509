/* Civil time of Warsaw from UTC and back, in whole numbers. Day numbers after Howard Hinnant's
 * "chrono-compatible low-level date algorithms". */
#include "lib/domain/calendar.h"
#include <assert.h>

static int64_t floor_divide(int64_t number, int64_t by)
{
    int64_t quotient = number / by;
    return number % by < 0 ? quotient - 1 : quotient;
}

/* Years are counted from March, so that the leap day is the last one. */
static int32_t day_number(int32_t year, int32_t month, int32_t day)
{
    int32_t march_year = month <= 2 ? year - 1 : year;
    int32_t era = (int32_t)floor_divide(march_year, 400);
    int32_t year_of_era = march_year - era * 400;
    int32_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

int32_t date_weekday(int32_t date)
{
    return (int32_t)(((int64_t)date + 3) % 7 + 7) % 7 + 1; /* 1970-01-01 was a Thursday */
}

struct civil date_civil(int32_t date)
{
    int32_t shifted = date + 719468;
    int32_t era = (int32_t)floor_divide(shifted, 146097);
    int32_t day_of_era = shifted - era * 146097;
    int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t march_month = (5 * day_of_year + 2) / 153;
    int32_t month = march_month < 10 ? march_month + 3 : march_month - 9;

    return (struct civil){
        .year = year_of_era + era * 400 + (month <= 2),
        .month = month,
        .day = day_of_year - (153 * march_month + 2) / 5 + 1,
        .weekday = date_weekday(date),
    };
}

#define MEAN_YEAR_MS INT64_C(31556952000) /* 365.2425 days */

static timestamp last_sunday_at_one(int32_t year, int32_t month)
{
    int32_t last = day_number(year, month, 31); /* March and October both have 31 days */
    return DAYS(last - date_weekday(last) % 7) + HOURS(1);
}

int64_t warsaw_offset_ms(timestamp at)
{
    /* The year to within days: near New Year it does not matter, it is winter on both sides. */
    int64_t years = floor_divide(at, MEAN_YEAR_MS);
    int64_t into = at - years * MEAN_YEAR_MS;
    int32_t year = 1970 + (int32_t)years;

    /* Away from March and October nothing has to be reckoned. */
    if (into < DAYS(80) || into > DAYS(308))
        return HOURS(1);
    if (into > DAYS(95) && into < DAYS(290))
        return HOURS(2);
    bool summer = at >= last_sunday_at_one(year, 3) && at < last_sunday_at_one(year, 10);
    return HOURS(summer ? 2 : 1);
}

static int64_t local_ms(timestamp at)
{
    return at + warsaw_offset_ms(at);
}

int32_t date_from_timestamp(timestamp at)
{
    return (int32_t)floor_divide(local_ms(at), DAYS(1));
}

int hour_of_week(timestamp at)
{
    int64_t hours = floor_divide(local_ms(at), HOURS(1)) + 72; /* the epoch's Thursday, 00:00 */
    int64_t hour = hours % 168;
    return (int)(hour < 0 ? hour + 168 : hour);
}

struct civil civil_from_timestamp(timestamp at)
{
    int64_t local = local_ms(at);
    int64_t days = floor_divide(local, DAYS(1));
    int32_t ms = (int32_t)(local - DAYS(days));
    struct civil civil = date_civil((int32_t)days);

    civil.hour = ms / 3600000;
    civil.minute = ms / 60000 % 60;
    civil.second = ms / 1000 % 60;
    civil.ms = ms % 1000;
    return civil;
}

timestamp timestamp_from_civil(struct civil civil)
{
    int32_t date;
    bool exists = date_make(civil.year, civil.month, civil.day, &date);

    assert(exists && civil.hour >= 0 && civil.hour < 24 && civil.minute >= 0 && civil.minute < 60);
    assert(civil.second >= 0 && civil.second < 60 && civil.ms >= 0 && civil.ms < 1000);
    if (!exists)
        return 0;
    int64_t local =
        DAYS(date) + HOURS(civil.hour) + MINUTES(civil.minute) + SECONDS(civil.second) + civil.ms;
    /* Summer time first: in October it is the first of the two. In March, where neither fits, the
     * offset before the gap is winter's. */
    timestamp summer = local - HOURS(2);
    return warsaw_offset_ms(summer) == HOURS(2) ? summer : local - HOURS(1);
}

bool date_make(int32_t year, int32_t month, int32_t day, int32_t *ret_date)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    int32_t date = day_number(year, month, day);
    if (date_civil(date).day != day) /* 31 April came out as 1 May */
        return false;
    *ret_date = date;
    return true;
}

timestamp date_start(int32_t date)
{
    assert(date >= DATE_MIN && date <= DATE_MAX);
    timestamp winter = DAYS(date) - HOURS(1);
    /* Midnight is never in a gap nor repeated, so one of the two offsets is right. */
    return warsaw_offset_ms(winter) == HOURS(1) ? winter : winter - HOURS(1);
}

timestamp date_end(int32_t date)
{
    return date_start(date + 1);
}

struct window date_window(int32_t date)
{
    return (struct window){ date_start(date), date_end(date) };
}
