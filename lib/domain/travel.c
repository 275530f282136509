/* The estimate of travel by speed tables. The drive is followed from hour to hour in whole numbers,
 * each at its own speed (Ichoua, Gendreau, Potvin 2003), so FIFO holds exactly, not on average. */
#include "lib/domain/travel.h"
#include "lib/domain/calendar.h"

enum { DETOUR_PERMILLE = 1350, CITY_M = 12000, OPEN_ROAD_FACTOR = 2, FASTEST_KM_PER_HOUR = 36 };
static const int64_t ACCESS_MS = MINUTES(4);

/* km/h at each hour of the Warsaw day, none above the fastest. */
static const uint8_t speeds[][24] = {
#define NIGHT 36, 36, 36, 36, 36, 34
    { NIGHT, 29, 23, 21, 24, 26, 26, 26, 26, 24, 21, 20, 21, 25, 28, 30, 32, 34, 36 }, /* Mon-Thu */
    { NIGHT, 30, 24, 22, 24, 26, 26, 25, 24, 22, 20, 20, 22, 25, 28, 30, 32, 34, 35 }, /* Friday */
    { NIGHT, 34, 33, 32, 30, 28, 27, 26, 26, 27, 28, 28, 29, 30, 31, 32, 33, 34,
      35 }, /* Saturday */
    { NIGHT, 35, 35, 34, 33, 32, 31, 30, 30, 30, 30, 30, 29, 29, 30, 32, 33, 34, 35 }, /* Sunday */
#undef NIGHT
};

static int64_t speed_m_per_hour(timestamp at)
{
    static const uint8_t row_of_weekday[] = {
        [1] = 0, [2] = 0, [3] = 0, [4] = 0, [5] = 1, [6] = 2, [7] = 3
    };
    int hour = hour_of_week(at);

    return (int64_t)speeds[row_of_weekday[hour / 24 + 1]][hour % 24] * 1000;
}

static int64_t ms_into_hour(timestamp at)
{
    int64_t into = at % HOURS(1);
    return into < 0 ? into + HOURS(1) : into;
}

/* Smallest number of ms in which `m` metres are covered. Distances are counted in metre-ms per
 * hour, so that a speed covers a whole number of units in each ms. */
static int64_t drive_ms(int64_t m, timestamp departing_at)
{
    int64_t left = m * HOURS(1);
    timestamp at = departing_at;

    for (;;) {
        int64_t speed = speed_m_per_hour(at);
        int64_t until_next_hour = HOURS(1) - ms_into_hour(at);
        if (left <= speed * until_next_hour)
            return at - departing_at + (left + speed - 1) / speed;
        left -= speed * until_next_hour;
        at += until_next_hour;
    }
}

int64_t travel_m(struct place from, struct place to)
{
    return (distance_m(from, to) * DETOUR_PERMILLE + 999) / 1000;
}

struct way travel_way(struct place from, struct place to)
{
    int64_t m = travel_m(from, to);

    return (struct way){ m, m > CITY_M ? CITY_M + (m - CITY_M) / OPEN_ROAD_FACTOR : m };
}

int64_t way_ms(struct way way, timestamp departing_at)
{
    return way.city_m ? drive_ms(way.city_m, departing_at) + ACCESS_MS : 0;
}

int64_t travel_ms(struct place from, struct place to, timestamp departing_at)
{
    return way_ms(travel_way(from, to), departing_at);
}

static struct way estimated_way(const void *context, struct place from, struct place to)
{
    (void)context;
    return travel_way(from, to);
}

static int64_t estimated_ms(const void *context, struct way way, timestamp departing_at)
{
    (void)context;
    return way_ms(way, departing_at);
}

static int64_t estimated_least_ms(const void *context, struct way way)
{
    (void)context;
    return way.city_m ? way.city_m * HOURS(1) / (FASTEST_KM_PER_HOUR * INT64_C(1000)) + ACCESS_MS
                      : 0;
}

const struct roads estimated_roads = { estimated_way, estimated_ms, estimated_least_ms, NULL };
