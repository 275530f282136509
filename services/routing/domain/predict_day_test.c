/* What is expected of a day at a moment in it. Places lie on a line, a minute apart; minutes count
 * from an hour that does not matter. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/routing/domain/predict_day.h"
#include <criterion/criterion.h>
#include <math.h>

static struct way line_way(const void *context, struct place from, struct place to)
{
    int64_t ms = MINUTES(llround(fabs(from.lat - to.lat) * 100));

    (void)context;
    return (struct way){ ms, ms };
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

enum { BASE = 60 };
#define MIN(m) MINUTES(BASE + (m))
#define PLACE(k)                                                                                   \
    {                                                                                              \
        50 + (k) / 100.0, 20                                                                       \
    }
/* At place k, promised at minute m, 30 minutes of work, to be left for at `leave`. */
#define STOP(k, m, leave, ...)                                                                     \
    {                                                                                              \
        { PLACE(k), MIN(m), MINUTES(30) }, MIN(leave), __VA_ARGS__                                 \
    }

Test(predict_day, table)
{
    static const struct {
        const char *name;
        int32_t now;
        struct last_point point;
        struct stop_progress stops[3];
        size_t count;
        int32_t eta[3], late[3];
    } rows[] = {
        { "before he leaves all is as planned",
          0,
          { { 0 }, 0 },
          { STOP(10, 30, 20, AHEAD), STOP(20, 100, 90, AHEAD) },
          2,
          { 30, 100 },
          { 0 } },
        { "he should have left ten minutes ago",
          30,
          { { 0 }, 0 },
          { STOP(10, 30, 20, AHEAD), STOP(20, 100, 90, AHEAD) },
          2,
          { 40, 100 },
          { 10, 0 } },
        { "lateness runs on to the next stop",
          60,
          { { 0 }, 0 },
          { STOP(10, 30, 20, AHEAD), STOP(20, 70, 60, AHEAD) },
          2,
          { 70, 110 },
          { 40, 40 } },
        { "on the way: by the hour he left",
          25,
          { { 0 }, 0 },
          { STOP(10, 30, 20, ON_HIS_WAY, .on_the_way_at = MIN(22)) },
          1,
          { 32 },
          { 2 } },
        { "on the way and should be there: not before now",
          50,
          { { 0 }, 0 },
          { STOP(10, 30, 20, ON_HIS_WAY, .on_the_way_at = MIN(22)) },
          1,
          { 50 },
          { 20 } },
        { "a fresh point knows better",
          25,
          { PLACE(4), MIN(24) },
          { STOP(10, 30, 20, ON_HIS_WAY, .on_the_way_at = MIN(22)) },
          1,
          { 30 },
          { 0 } },
        { "a point from before he left does not",
          25,
          { PLACE(4), MIN(21) },
          { STOP(10, 30, 20, ON_HIS_WAY, .on_the_way_at = MIN(22)) },
          1,
          { 32 },
          { 2 } },
        { "nor does an old one",
          34,
          { PLACE(9), MIN(28) },
          { STOP(20, 30, 10, ON_HIS_WAY, .on_the_way_at = MIN(22)) },
          1,
          { 42 },
          { 12 } },
        { "just fresh enough",
          33,
          { PLACE(9), MIN(28) },
          { STOP(20, 30, 10, ON_HIS_WAY, .on_the_way_at = MIN(22)) },
          1,
          { 39 },
          { 9 } },
        { "there: as it was",
          40,
          { { 0 }, 0 },
          { STOP(10, 30, 20, AT_THE_DOOR, .there_at = MIN(28)) },
          1,
          { 28 },
          { 0 } },
        { "work that takes long makes the next late",
          75,
          { { 0 }, 0 },
          { STOP(10, 30, 20, AT_THE_DOOR, .there_at = MIN(28)), STOP(20, 70, 60, AHEAD) },
          2,
          { 28, 85 },
          { 0, 15 } },
        { "who began early is free early, and leaves by the plan",
          40,
          { { 0 }, 0 },
          { STOP(10, 30, 20, AT_THE_DOOR, .there_at = MIN(20)), STOP(20, 70, 60, AHEAD) },
          2,
          { 20, 70 },
          { 0 } },
        { "done early",
          45,
          { { 0 }, 0 },
          { STOP(10, 30, 20, FINISHED, .there_at = MIN(28), .done_at = MIN(40)),
            STOP(20, 70, 60, AHEAD) },
          2,
          { 28, 70 },
          { 0 } },
        { "done late",
          65,
          { { 0 }, 0 },
          { STOP(10, 30, 20, FINISHED, .there_at = MIN(28), .done_at = MIN(65)),
            STOP(20, 70, 60, AHEAD) },
          2,
          { 28, 75 },
          { 0, 5 } },
        { "a fresh point that says he should be there: not before now",
          33,
          { PLACE(9), MIN(28) },
          { STOP(10, 30, 20, ON_HIS_WAY, .on_the_way_at = MIN(22)) },
          1,
          { 33 },
          { 3 } },
        { "who began early may be in time for what follows closely",
          40,
          { { 0 }, 0 },
          { STOP(10, 30, 20, AT_THE_DOOR, .there_at = MIN(20)), STOP(20, 65, 55, AHEAD) },
          2,
          { 20, 65 },
          { 0 } },
    };
    static const struct window work = { MIN(0), MIN(600) };
    static const struct workday day = { PLACE(0), &work, 1 };

    EACH (row, rows) {
        struct stop_forecast forecasts[3];
        predict_day(&day, &line, &row->point, row->stops, row->count, MIN(row->now), forecasts);
        for (size_t i = 0; i < row->count; i++) {
            cr_expect_eq(forecasts[i].eta_at, MIN(row->eta[i]), "%s: stop %zu at %lld", row->name,
                         i, (long long)forecasts[i].eta_at / 60000 - BASE);
            cr_expect_eq(forecasts[i].late_ms, MINUTES(row->late[i]), "%s: stop %zu late",
                         row->name, i);
        }
    }
}

/* Who is delayed is never expected earlier anywhere. */
Test(predict_day, property_of_delay)
{
    static const struct window work = { 0, DAYS(1) };
    static const struct workday day = { { 52.2, 21.0 }, &work, 1 };

    for (uint64_t seed = 1; seed <= 500; seed++) {
        struct random random = { seed };
        struct stop_progress stops[4] = { 0 };
        struct stop_forecast early[4], late[4];
        timestamp at = HOURS(7);
        for (size_t i = 0; i < COUNT(stops); i++) {
            at += MINUTES(random_between(&random, 40, 120));
            stops[i].visit = (struct promised_visit){
                { 52.2 + (double)random_below(&random, 100) / 1000, 21.0 }, at, MINUTES(30)
            };
            stops[i].leave_at = at - MINUTES(random_between(&random, 5, 40));
        }
        timestamp now = HOURS(7) + MINUTES(random_below(&random, 300));
        struct last_point never = { 0 };
        predict_day(&day, &estimated_roads, &never, stops, COUNT(stops), now, early);
        predict_day(&day, &estimated_roads, &never, stops, COUNT(stops), now + MINUTES(10), late);
        for (size_t i = 0; i < COUNT(stops); i++) {
            cr_assert_geq(late[i].eta_at, early[i].eta_at, "seed %d", (int)seed);
            cr_assert_geq(early[i].eta_at, now, "seed %d: in the past", (int)seed);
        }
    }
}
