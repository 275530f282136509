#include "lib/base/array.h"
#include "lib/domain/place.h"
#include "lib/domain/random.h"
#include <criterion/criterion.h>
#include <math.h>

static const struct place warsaw = { 52.2297, 21.0122 }, cracow = { 50.0647, 19.9450 };

Test(place, validity)
{
    const struct {
        const char *name;
        struct place place;
        bool valid;
    } rows[] = {
        { "Warsaw", { 52.2297, 21.0122 }, true },
        { "the southernmost point, Opołonek", { 49.002, 22.859 }, true },
        { "the easternmost point, Zosin", { 50.868, 24.146 }, true },
        { "Świnoujście in the west", { 53.91, 14.25 }, true },
        { "latitude and longitude exchanged", { 21.0122, 52.2297 }, false },
        { "null island", { 0, 0 }, false },
        { "Berlin", { 52.52, 13.40 }, false },
        { "Vilnius", { 54.69, 25.28 }, false },
        { "not a number", { NAN, 21 }, false },
        { "infinite", { 52, INFINITY }, false },
    };

    EACH (row, rows)
        cr_expect_eq(place_valid(row->place), row->valid, "%s", row->name);
}

Test(place, distances)
{
    const struct place quarter[] = { { 0, 0 }, { 0, 90 }, { 90, 0 }, { 0, 180 } };

    cr_expect_leq(llabs(distance_m(warsaw, cracow) - 252000), 500, "252 km by geodesic tables");
    cr_expect_eq(distance_m(warsaw, warsaw), 0);
    cr_expect_eq(distance_m(quarter[0], quarter[1]), 10007558, "a quarter of the circle");
    cr_expect_eq(distance_m(quarter[0], quarter[2]), 10007558);
    cr_expect_eq(distance_m(quarter[0], quarter[3]), 20015115, "antipodes");
}

Test(place, rounding_moves_by_less_than_half_a_cell)
{
    struct random random = { 7 };

    for (int round = 0; round < 5000; round++) {
        struct place place = { 49 + (double)random_below(&random, 5800000) / 1e6,
                               14 + (double)random_below(&random, 10000000) / 1e6 };
        struct place rounded = place_rounded(place);
        cr_assert_leq(distance_m(place, rounded), 67, "seed 7 round %d", round);
        cr_assert(place_same(rounded, place_rounded(rounded)), "seed 7 round %d", round);
    }
    cr_expect(place_same(place_rounded((struct place){ 52.22949, 21.0125001 }),
                         (struct place){ 52.229, 21.013 }));
}

Test(place, distance_is_a_metric)
{
    struct random random = { 11 };

    for (int round = 0; round < 5000; round++) {
        struct place p[3];
        for (int i = 0; i < 3; i++)
            p[i] = (struct place){ 49 + (double)random_below(&random, 5800) / 1e3,
                                   14 + (double)random_below(&random, 10000) / 1e3 };
        cr_assert_eq(distance_m(p[0], p[1]), distance_m(p[1], p[0]), "seed 11 round %d", round);
        cr_assert_leq(distance_m(p[0], p[2]), distance_m(p[0], p[1]) + distance_m(p[1], p[2]),
                      "seed 11 round %d", round);
    }
}
