/* Great circles against the haversine formula. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/routing/solver/points.h"
#include <criterion/criterion.h>

struct place {
    double lat, lon;
};

static double haversine_m(struct place a, struct place b)
{
    double degree = M_PI / 180, up = sin((b.lat - a.lat) * degree / 2),
           across = sin((b.lon - a.lon) * degree / 2);
    double h = up * up + cos(a.lat * degree) * cos(b.lat * degree) * across * across;

    return 2 * EARTH_RADIUS_M * asin(sqrt(fmin(h, 1)));
}

static double metres(struct place a, struct place b)
{
    return great_circle_m(point_at(a.lat, a.lon), point_at(b.lat, b.lon));
}

Test(points, between_known_places)
{
    const struct {
        const char *name;
        struct place a, b;
        double km, within_km;
    } rows[] = {
        { "nowhere", { 52.23, 21.01 }, { 52.23, 21.01 }, 0, 1e-9 },
        { "Warsaw to Cracow", { 52.2297, 21.0122 }, { 50.0647, 19.9450 }, 252, 1 },
        { "Warsaw to Berlin", { 52.2297, 21.0122 }, { 52.5200, 13.4050 }, 517, 1 },
        { "London to New York", { 51.5074, -0.1278 }, { 40.7128, -74.0060 }, 5570, 2 },
        { "over the date line", { 0, 179.5 }, { 0, -179.5 }, 111.19, 0.01 },
        { "pole to pole", { 90, 0 }, { -90, 0 }, 20015.09, 0.01 },
        { "to the other side", { 40.4, -3.7 }, { -40.4, 176.3 }, 20015.09, 0.01 },
        { "two metres", { 52.0, 21.0 }, { 52.000018, 21.0 }, 0.0020015, 1e-6 },
    };

    EACH (row, rows)
        cr_expect_float_eq(metres(row->a, row->b) / 1000, row->km, row->within_km, "%s: %f km",
                           row->name, metres(row->a, row->b) / 1000);
}

Test(points, as_the_haversine_formula)
{
    struct random random = { 1 };

    for (int i = 0; i < 100000; i++) {
        struct place a = { (double)random_between(&random, -89000, 89000) / 1000,
                           (double)random_between(&random, -180000, 180000) / 1000 },
                     b = { (double)random_between(&random, -89000, 89000) / 1000,
                           (double)random_between(&random, -180000, 180000) / 1000 };
        if (i % 2) /* as far as a day's work is */
            b = (struct place){ a.lat + (b.lat - a.lat) / 100, a.lon + (b.lon - a.lon) / 100 };
        double wanted = haversine_m(a, b);
        cr_assert_float_eq(metres(a, b), wanted, 0.01 + (wanted > 19e6 ? 1 : 0), "%d: %f", i,
                           wanted);
    }
}
