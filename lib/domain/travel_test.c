#include "lib/domain/calendar.h"
#include "lib/domain/random.h"
#include "lib/domain/travel.h"
#include <criterion/criterion.h>

static const struct place centre = { 52.23, 21.01 };

static timestamp at(int32_t month, int32_t day, int32_t hour, int32_t minute)
{
    return timestamp_from_civil((struct civil){ 2026, month, day, hour, minute, 0, 0, 0 });
}

/* A place so far to the north. */
static struct place north(double m)
{
    return (struct place){ centre.lat + m / 111195.0, centre.lon };
}

static struct place somewhere(struct random *random)
{
    return (struct place){ 49.2 + (double)random_below(random, 500000) / 1e5,
                           14.5 + (double)random_below(random, 900000) / 1e5 };
}

Test(travel, by_hour)
{
    struct place far = north(5000);
    int64_t monday_rush = travel_ms(centre, far, at(11, 23, 7, 15));
    int64_t monday_night = travel_ms(centre, far, at(11, 23, 2, 0));
    int64_t sunday_noon = travel_ms(centre, far, at(11, 22, 12, 0));

    cr_expect_leq(llabs(travel_m(centre, far) - 6750), 5, "5 km as the crow flies x 1.35");
    /* 6750 m at 21 km/h (8 o'clock), 36 km/h and 30 km/h, and 4 minutes of access. */
    cr_expect_leq(llabs(travel_ms(centre, far, at(11, 23, 8, 0)) - MINUTES(4) - 1157143), 2000);
    cr_expect_leq(llabs(monday_night - MINUTES(4) - 675000), 1000);
    cr_expect_leq(llabs(sunday_noon - MINUTES(4) - 810000), 1000);
    cr_expect_gt(monday_rush, sunday_noon);
    cr_expect_eq(travel_ms(centre, centre, at(11, 23, 8, 0)), 0, "the same door takes no time");
    cr_expect_geq(travel_ms(centre, north(1), at(11, 23, 8, 0)), MINUTES(4),
                  "the next door takes the access time");
    cr_expect_lt(travel_ms(centre, north(60000), at(11, 23, 10, 0)), MINUTES(120),
                 "the country is faster than the city");
}

Test(travel, follows_warsaw_and_not_utc)
{
    struct place far = north(5000);

    /* 08:00 in Warsaw is 07:00 UTC in winter and 06:00 UTC in summer; both are Mondays. */
    cr_expect_eq(travel_ms(centre, far, at(1, 12, 8, 0)), travel_ms(centre, far, at(7, 13, 8, 0)));
}

Test(travel, before_1970_as_today)
{
    struct random random = { 3 };
    timestamp monday_1962 = timestamp_from_civil((struct civil){ 1962, 1, 15, 0, 0, 0, 0, 0 });

    for (int round = 0; round < 2000; round++) {
        int64_t into = random_below(&random, DAYS(1));
        struct place far = north((double)random_below(&random, 30000));
        cr_assert_eq(travel_ms(centre, far, at(1, 12, 0, 0) + into),
                     travel_ms(centre, far, monday_1962 + into), "seed 3 round %d", round);
    }
}

Test(travel, leaving_later_never_arrives_earlier)
{
    struct random random = { 1 };

    for (int round = 0; round < 20000; round++) {
        struct place from = somewhere(&random), to = somewhere(&random);
        timestamp first = at(3, 23, 0, 0) + random_below(&random, DAYS(14));
        timestamp second = first + random_below(&random, HOURS(3));
        cr_assert_leq(first + travel_ms(from, to, first), second + travel_ms(from, to, second),
                      "seed 1 round %d", round);
    }
}

Test(travel, farther_never_takes_less)
{
    struct random random = { 2 };

    for (int round = 0; round < 20000; round++) {
        int64_t near = random_below(&random, 80000);
        int64_t far = near + random_below(&random, 20000);
        timestamp leaving = at(3, 23, 0, 0) + random_below(&random, DAYS(14));
        cr_assert_leq(travel_ms(centre, north((double)near), leaving),
                      travel_ms(centre, north((double)far), leaving), "seed 2 round %d", round);
        cr_assert_leq(travel_m(centre, north((double)near)), travel_m(centre, north((double)far)));
    }
}

Test(travel, the_provider_is_the_same_estimate)
{
    timestamp leaving = at(11, 23, 9, 0);

    struct way way = roads_way(&estimated_roads, centre, north(3000));

    cr_expect_eq(roads_ms(&estimated_roads, way, leaving), travel_ms(centre, north(3000), leaving));
    cr_expect_eq(way.m, travel_m(centre, north(3000)));
    for (timestamp hour = 0; hour < 168; hour++)
        cr_expect_leq(roads_least_ms(&estimated_roads, way),
                      roads_ms(&estimated_roads, way, leaving + HOURS(hour)));
}
