/* Great circles against the haversine formula, and what of it is near. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/routing/solver/grid.h"
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

enum { MANY = 10000, PLACES = 2 * MANY };

Test(grid, finds_the_nearest_of_many)
{
    struct arena arena = { 0 };
    struct random random = { 2 };
    struct point *places = ARENA_ARRAY(&arena, struct point, PLACES);
    int32_t *locations = ARENA_ARRAY(&arena, int32_t, MANY), count = 0;
    struct solver_roads roads = { .places = places, .per_metre = 1 };
    struct grid grid;

    for (int32_t i = 0; i < PLACES; i++)
        places[i] = point_at(49 + (double)random_below(&random, 600000) / 1e5,
                             14 + (double)random_below(&random, 1000000) / 1e5);
    for (int32_t i = 0; i < MANY; i++)
        locations[i] = 2 * i;
    grid_init(&arena, &grid, &roads, locations, MANY);
    for (int query = 0; query < 1000; query++) {
        int32_t from = 2 * (int32_t)random_below(&random, MANY) + 1, best = 0;
        for (int32_t i = 0; i < MANY; i++)
            if (great_circle_m(places[from], places[locations[i]]) <
                great_circle_m(places[from], places[locations[best]]))
                best = i;
        int32_t *found = grid_around(&grid, from, &count);
        bool is_there = false;
        for (int32_t i = 0; i < count; i++)
            is_there |= found[i] == best;
        cr_assert(is_there, "query %d: nearest %d is not among %d", query, best, count);
        cr_assert_lt(count, MANY / 2, "no choice at all");
    }
    arena_done(&arena);
}

Test(grid, everything_is_near_by_tables_or_when_there_is_little)
{
    static const int32_t table[] = { 0, 1, 1, 0 }, locations[] = { 1, 0, 1 };
    const struct point places[] = { point_at(50, 20), point_at(51, 21) };
    const struct solver_roads by_tables = { .durations = table }, by_places = { .places = places };
    struct arena arena = { 0 };
    struct grid grid;
    int32_t count;

    grid_init(&arena, &grid, &by_tables, locations, 3);
    cr_expect_eq(grid_around(&grid, 0, &count)[2], 2);
    cr_expect_eq(count, 3);
    grid_init(&arena, &grid, &by_places, locations, 3);
    grid_around(&grid, 0, &count);
    cr_expect_eq(count, 3);
    arena_done(&arena);
}
