/* The dispatcher with map and telephone, on a line of places a minute and a kilometre apart. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/routing/domain/nearest_free.h"
#include <criterion/criterion.h>
#include <math.h>

static struct arena arena;

static int64_t steps(struct place from, struct place to)
{
    return llround(fabs(from.lat - to.lat) * 100);
}

static struct way line_way(const void *context, struct place from, struct place to)
{
    (void)context;
    return (struct way){ 1000 * steps(from, to), MINUTES(steps(from, to)) };
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

#define PLACE(k)                                                                                   \
    {                                                                                              \
        50 + (k) / 100.0, 20                                                                       \
    }
/* Arrived as the nth, at place k, 30 minutes of work, wanted at minute m, at the latest at `last`.
 */
#define ORDER(nth, k, m, last)                                                                     \
    {                                                                                              \
        nth, PLACE(k), MINUTES(30), 1, MINUTES(m), MINUTES(last)                                   \
    }

static const struct window all_day = { 0, MINUTES(600) },
                           afternoon = { MINUTES(300), MINUTES(600) };

Test(nearest_free, table)
{
    static const struct {
        const char *name;
        struct free_technician technicians[2];
        size_t technician_count;
        struct arriving_order orders[3];
        size_t order_count;
        int32_t who[3];
        int32_t minute[3];
        int64_t km;
    } rows[] = {
        { "no orders, no road",
          { { PLACE(0), &all_day, 1, 1 } },
          1,
          { { 0 } },
          0,
          { 0 },
          { 0 },
          0 },
        { "the nearest from home",
          { { PLACE(0), &all_day, 1, 1 }, { PLACE(10), &all_day, 1, 1 } },
          2,
          { ORDER(1, 8, 60, 60) },
          1,
          { 1 },
          { 60 },
          4 },
        { "equally near: the first",
          { { PLACE(0), &all_day, 1, 1 }, { PLACE(10), &all_day, 1, 1 } },
          2,
          { ORDER(1, 5, 60, 60) },
          1,
          { 0 },
          { 60 },
          10 },
        { "the nearest has not the skill",
          { { PLACE(0), &all_day, 1, 1 }, { PLACE(10), &all_day, 1, 2 } },
          2,
          { ORDER(1, 8, 60, 60) },
          1,
          { 0 },
          { 60 },
          16 },
        { "the nearest does not work then",
          { { PLACE(0), &all_day, 1, 1 }, { PLACE(10), &afternoon, 1, 1 } },
          2,
          { ORDER(1, 8, 60, 60) },
          1,
          { 0 },
          { 60 },
          16 },
        { "the nearest is busy",
          { { PLACE(0), &all_day, 1, 1 }, { PLACE(10), &all_day, 1, 1 } },
          2,
          { ORDER(1, 9, 60, 60), ORDER(2, 10, 75, 75) },
          2,
          { 1, 0 },
          { 60, 75 },
          22 },
        { "who was told first is served first, not who is wanted first",
          { { PLACE(0), &all_day, 1, 1 }, { PLACE(10), &all_day, 1, 1 } },
          2,
          { ORDER(2, 9, 60, 60), ORDER(1, 10, 75, 75) },
          2,
          { 0, 1 },
          { 60, 75 },
          18 },
        { "from where he last was, not from home",
          { { PLACE(0), &all_day, 1, 1 }, { PLACE(30), &all_day, 1, 1 } },
          2,
          { ORDER(1, 14, 60, 60), ORDER(2, 20, 120, 120) },
          2,
          { 0, 0 },
          { 60, 120 },
          40 },
        { "nobody then: as soon as somebody is",
          { { PLACE(0), &all_day, 1, 1 } },
          1,
          { ORDER(1, 5, 60, 60), ORDER(2, 15, 60, 300) },
          2,
          { 0, 0 },
          { 60, 105 },
          30 },
        { "nobody at all",
          { { PLACE(0), &all_day, 1, 1 } },
          1,
          { ORDER(1, 5, 60, 60), ORDER(2, 15, 60, 90) },
          2,
          { 0, NOBODY_FREE },
          { 60, 0 },
          10 },
    };

    EACH (row, rows) {
        struct assignment assignments[3];
        int64_t m = nearest_free(&arena, &line, row->orders, row->order_count, row->technicians,
                                 row->technician_count, assignments);
        cr_expect_eq(m, row->km * 1000, "%s: %lld m", row->name, (long long)m);
        for (size_t i = 0; i < row->order_count; i++) {
            cr_expect_eq(assignments[i].technician, row->who[i], "%s: order %zu", row->name, i);
            cr_expect_eq(assignments[i].start_at, MINUTES(row->minute[i]), "%s: order %zu at %lld",
                         row->name, i, (long long)assignments[i].start_at / 60000);
        }
        arena_reset(&arena);
    }
}

/* Every promise is kept, and the order of the list does not matter. */
Test(nearest_free, properties_over_random_days)
{
    enum { ORDERS = 20, TECHNICIANS = 4 };

    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct random random = { seed };
        struct arriving_order orders[ORDERS], turned[ORDERS];
        struct free_technician technicians[TECHNICIANS];
        struct assignment given[ORDERS], given_turned[ORDERS];
        for (size_t i = 0; i < TECHNICIANS; i++)
            technicians[i] =
                (struct free_technician){ PLACE((double)random_below(&random, 60)), &all_day, 1,
                                          (uint64_t)random_between(&random, 1, 3) };
        for (size_t i = 0; i < ORDERS; i++) {
            int64_t minute = 15 * random_between(&random, 2, 30);
            orders[i] = (struct arriving_order){ (timestamp)i,
                                                 PLACE((double)random_below(&random, 60)),
                                                 MINUTES(15 * random_between(&random, 1, 4)),
                                                 (uint64_t)random_between(&random, 0, 3),
                                                 MINUTES(minute),
                                                 MINUTES(minute + 15 * random_below(&random, 10)) };
            turned[ORDERS - 1 - i] = orders[i];
        }
        int64_t m = nearest_free(&arena, &line, orders, ORDERS, technicians, TECHNICIANS, given);
        cr_assert_eq(
            m, nearest_free(&arena, &line, turned, ORDERS, technicians, TECHNICIANS, given_turned),
            "seed %d", (int)seed);
        for (size_t i = 0; i < ORDERS; i++) {
            cr_assert_eq(given[i].technician, given_turned[ORDERS - 1 - i].technician, "seed %d",
                         (int)seed);
            if (given[i].technician == NOBODY_FREE)
                continue;
            cr_assert(given[i].start_at >= orders[i].first_start_at &&
                          given[i].start_at <= orders[i].last_start_at,
                      "seed %d: window", (int)seed);
            cr_assert(!(orders[i].skills & ~technicians[given[i].technician].skills),
                      "seed %d: skill", (int)seed);
            for (size_t k = 0; k < ORDERS; k++) {
                if (k == i || given[k].technician != given[i].technician ||
                    given[k].start_at > given[i].start_at)
                    continue;
                cr_assert_leq(given[k].start_at + orders[k].work_ms +
                                  line_way(NULL, orders[k].place, orders[i].place).city_m,
                              given[i].start_at, "seed %d: travel", (int)seed);
            }
        }
        arena_reset(&arena);
    }
}
