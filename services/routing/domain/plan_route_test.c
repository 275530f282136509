/* The road between promised hours, on a line of places one minute apart each. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/routing/domain/plan_route.h"
#include <criterion/criterion.h>
#include <math.h>

/* lat 50 + k/100 is k minutes and k hundred metres from lat 50. */
static int64_t steps(struct place from, struct place to)
{
    return (int64_t)llround(fabs(from.lat - to.lat) * 100);
}

static struct way line_way(const void *context, struct place from, struct place to)
{
    (void)context;
    return (struct way){ 100 * steps(from, to), MINUTES(steps(from, to)) };
}

/* city_m holds the milliseconds: the same at every hour. */
static int64_t line_ms(const void *context, struct way way, timestamp at)
{
    (void)context, (void)at;
    return way.city_m;
}

static int64_t line_least_ms(const void *context, struct way way)
{
    return line_ms(context, way, 0);
}

static const struct roads line = { line_way, line_ms, line_least_ms, NULL };

#define AT(k) ((struct place){ 50 + (k) / 100.0, 20 })

struct row {
    const char *name;
    struct window work[2];
    size_t work_count;
    struct promised_visit visits[3];
    size_t count;
    timestamp leave[3];
    int64_t travel_min, home_min, idle_min;
};

Test(plan_route, table)
{
    static const struct row rows[] = {
        { "nobody asks for him: he stays at home",
          { { 0, MINUTES(600) } },
          1,
          { { { 0 } } },
          0,
          { 0 },
          0,
          0,
          0 },
        { "leaves home as late as fits",
          { { 0, MINUTES(600) } },
          1,
          { { { 50.3, 20 }, MINUTES(100), MINUTES(20) } },
          1,
          { MINUTES(70) },
          60,
          30,
          0 },
        { "waits where he is, then drives",
          { { 0, MINUTES(600) } },
          1,
          { { { 50.3, 20 }, MINUTES(100), MINUTES(20) },
            { { 50.4, 20 }, MINUTES(200), MINUTES(10) } },
          2,
          { MINUTES(70), MINUTES(190) },
          80,
          40,
          70 },
        { "what cannot be reached in time is left for at once",
          { { 0, MINUTES(600) } },
          1,
          { { { 50.3, 20 }, MINUTES(100), MINUTES(20) },
            { { 50.4, 20 }, MINUTES(125), MINUTES(10) } },
          2,
          { MINUTES(70), MINUTES(120) },
          80,
          40,
          0 },
        { "does not leave home before his hours begin",
          { { MINUTES(80), MINUTES(600) } },
          1,
          { { { 50.3, 20 }, MINUTES(100), MINUTES(20) } },
          1,
          { MINUTES(80) },
          60,
          30,
          0 },
        { "each stretch of work begins and ends at home",
          { { 0, MINUTES(200) }, { MINUTES(300), MINUTES(600) } },
          2,
          { { { 50.3, 20 }, MINUTES(100), MINUTES(20) },
            { { 50.4, 20 }, MINUTES(400), MINUTES(10) } },
          2,
          { MINUTES(70), MINUTES(360) },
          140,
          70,
          0 },
        { "an unknown place costs no road and is no waypoint",
          { { 0, MINUTES(600) } },
          1,
          { { { 50.3, 20 }, MINUTES(100), MINUTES(20) },
            { { 0, 0 }, MINUTES(130), MINUTES(10) },
            { { 50.4, 20 }, MINUTES(150), MINUTES(10) } },
          3,
          { MINUTES(70), MINUTES(130), MINUTES(140) },
          80,
          40,
          10 },
    };

    EACH (row, rows) {
        struct workday day = { AT(0), row->work, row->work_count };
        struct leg legs[3];
        struct route_sums sums = plan_route(&day, &line, row->visits, row->count, legs);
        for (size_t i = 0; i < row->count; i++)
            cr_expect_eq(legs[i].leave_at, row->leave[i], "%s: leaves %zu at %lld", row->name, i,
                         (long long)legs[i].leave_at);
        cr_expect_eq(sums.travel_ms, MINUTES(row->travel_min), "%s: travel %lld", row->name,
                     (long long)sums.travel_ms);
        cr_expect_eq(sums.home_travel_ms, MINUTES(row->home_min), "%s: home", row->name);
        cr_expect_eq(sums.idle_ms, MINUTES(row->idle_min), "%s: idle %lld", row->name,
                     (long long)sums.idle_ms);
    }
}

static int64_t road(struct place from, struct place to, timestamp at)
{
    return road_ms(&estimated_roads, from, to, at);
}

Test(plan_route, properties_over_random_days)
{
    for (uint64_t seed = 1; seed <= 500; seed++) {
        struct random random = { seed };
        timestamp at = 1795420800000 + MINUTES(random_below(&random, 600));
        struct window work = { at, at + HOURS(10) };
        struct workday day = { { 52.2, 21.0 }, &work, 1 };
        struct promised_visit visits[6];
        struct leg legs[6];
        int64_t travel_ms = 0, travel_m = 0;
        for (size_t i = 0; i < COUNT(visits); i++) {
            at += MINUTES(random_between(&random, 40, 100));
            visits[i] = (struct promised_visit){
                { 52.2 + (double)random_below(&random, 200) / 1000,
                  21.0 + (double)random_below(&random, 200) / 1000 },
                at,
                MINUTES(random_between(&random, 10, 40)),
            };
        }
        struct route_sums sums = plan_route(&day, &estimated_roads, visits, COUNT(visits), legs);
        for (size_t i = 0; i < COUNT(visits); i++) {
            timestamp free_at = i ? visits[i - 1].start_at + visits[i - 1].work_ms : work.from;
            struct place from = i ? visits[i - 1].place : day.home;
            bool in_time = free_at + road(from, visits[i].place, free_at) <= visits[i].start_at;
            cr_assert(legs[i].leave_at >= free_at, "seed %llu: leaves while working",
                      (unsigned long long)seed);
            cr_assert_eq(in_time, legs[i].arrive_at <= visits[i].start_at,
                         "seed %llu: in time if he can", (unsigned long long)seed);
            if (in_time)
                cr_assert(legs[i].leave_at + 1 + road(from, visits[i].place, legs[i].leave_at + 1) >
                              visits[i].start_at,
                          "seed %llu: could leave later", (unsigned long long)seed);
            travel_ms += legs[i].travel_ms;
            travel_m += legs[i].travel_m;
        }
        cr_assert_eq(sums.travel_ms, travel_ms + sums.home_travel_ms, "seed %llu",
                     (unsigned long long)seed);
        cr_assert_eq(sums.travel_m, travel_m + sums.home_travel_m, "seed %llu",
                     (unsigned long long)seed);
    }
}
