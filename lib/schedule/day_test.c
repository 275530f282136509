/* The rules by example, and the same answers as an oracle that tries every departure. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "lib/schedule/day.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A straight road: places are kilometres in `lat`. A kilometre takes one unit of time outside the
 * rush and two in it; the rush takes 8 of every 20 units. FIFO, because it is driven step by step.
 */
static struct way toy_way(const void *context, struct place from, struct place to)
{
    int64_t m = llabs((int64_t)from.lat - (int64_t)to.lat) * 1000;

    (void)context;
    return (struct way){ m, m };
}

static int64_t toy_ms(const void *context, struct way way, timestamp at)
{
    int64_t left = 2 * way.m / 1000, ms = 0;

    (void)context;
    for (; left > 0; ms++)
        left -= (at + ms) % 20 < 8 ? 1 : 2;
    return ms;
}

/* A kilometre is always one unit. */
static int64_t flat_ms(const void *context, struct way way, timestamp at)
{
    (void)context;
    (void)at;
    return way.m / 1000;
}

static int64_t toy_least_ms(const void *context, struct way way)
{
    (void)context;
    return way.m / 1000;
}

static const struct roads toy_roads = { toy_way, toy_ms, toy_least_ms, NULL };
static const struct roads flat_roads = { toy_way, flat_ms, toy_least_ms, NULL };

static struct stop stop(timestamp start_at, int64_t work_ms, double km, enum stop_kind kind)
{
    return (struct stop){ start_at, work_ms, { km, 0 }, kind };
}

/* ---- The oracle: no binary search, no FIFO, every departure is tried. ---- */

static bool rests_or_works(const struct day *day, timestamp from, timestamp until)
{
    for (size_t i = 0; i < day->count; i++)
        if (day->stops[i].start_at < until && stop_end(&day->stops[i]) > from)
            return true;
    return false;
}

/* Travel time of the first departure in [free_at, limit] that meets nothing, or -1. */
static int64_t oracle_drive(const struct day *day, struct place from, struct place to,
                            timestamp free_at, timestamp limit)
{
    for (timestamp leave_at = free_at; leave_at <= limit; leave_at++) {
        int64_t ms = toy_ms(NULL, toy_way(NULL, from, to), leave_at);
        if (leave_at + ms <= limit && !rests_or_works(day, leave_at, leave_at + ms))
            return ms;
    }
    return -1;
}

static bool oracle_day(const struct day *day, int64_t *ret_travel_ms, int64_t *ret_travel_m)
{
    timestamp limit = day->shift.until + day->overtime_ms, free_at = day->shift.from;
    struct place at = day->start;
    bool moved = false;

    *ret_travel_ms = *ret_travel_m = 0;
    for (size_t i = 0; i < day->count; i++) {
        const struct stop *s = &day->stops[i];
        if (s->start_at < day->shift.from || stop_end(s) > limit)
            return false;
        for (size_t k = 0; k < i; k++)
            if (s->start_at < stop_end(&day->stops[k]))
                return false;
        if (s->kind == STOP_BREAK)
            continue;
        int64_t ms = oracle_drive(day, at, s->place, free_at, s->start_at);
        if (ms < 0)
            return false;
        *ret_travel_ms += ms;
        *ret_travel_m += toy_way(NULL, at, s->place).m;
        at = s->place;
        free_at = stop_end(s);
        moved = true;
    }
    if (!moved)
        return true;
    int64_t ms = oracle_drive(day, at, day->end, free_at, limit);
    *ret_travel_ms += ms;
    *ret_travel_m += toy_way(NULL, at, day->end).m;
    return ms >= 0;
}

/* ---- Random small days that hold. ---- */

enum { MOST_STOPS = 7 };

static struct day random_day(struct random *random, struct stop stops[MOST_STOPS + 1])
{
    struct day day = { .stops = stops, .capacity = MOST_STOPS + 1 };
    int64_t wanted = random_below(random, MOST_STOPS + 1), ms, m;

    day.shift.from = random_between(random, -40, 20); /* time may be negative */
    day.shift.until = day.shift.from + random_between(random, 20, 110);
    day.overtime_ms = random_below(random, 3) ? 0 : random_below(random, 12);
    day.start = (struct place){ (double)random_below(random, 12), 0 };
    day.end =
        random_below(random, 2) ? day.start : (struct place){ (double)random_below(random, 12), 0 };
    for (int attempt = 0; attempt < 30 && (int64_t)day.count < wanted; attempt++) {
        struct stop before[MOST_STOPS + 1];
        size_t count = day.count;
        memcpy(before, stops, sizeof before);
        enum stop_kind kind = (enum stop_kind)random_below(random, 3);
        struct stop one =
            stop(random_between(random, day.shift.from, day.shift.until + 5),
                 random_between(random, 1, 12), (double)random_below(random, 12), kind);
        day_insert(&day, &one);
        if (oracle_day(&day, &ms, &m))
            continue;
        memcpy(stops, before, sizeof before);
        day.count = count;
    }
    return day;
}

static struct day_job random_job(struct random *random)
{
    return (struct day_job){ { (double)random_below(random, 12), 0 },
                             random_between(random, 1, 15) };
}

static void check_start(const struct day *day, const struct day_job *job, timestamp at, int round)
{
    struct stop stops[MOST_STOPS + 1];
    struct day with = *day;
    int64_t before_ms, before_m, ms, m;
    struct stop one = stop(at, job->work_ms, job->place.lat, STOP_VISIT);
    struct day_start got = day_can_start(day, &toy_roads, job, at);

    memcpy(stops, day->stops, sizeof stops);
    with.stops = stops;
    with.capacity = MOST_STOPS + 1;
    day_insert(&with, &one);
    cr_assert(oracle_day(day, &before_ms, &before_m));
    bool fits = oracle_day(&with, &ms, &m);
    cr_assert_eq(got.fit == FIT_YES, fits, "seed 12 round %d at %d: %s", round, (int)at,
                 fit_text(got.fit));
    cr_assert_eq(day_check(&with, &toy_roads).fit == FIT_YES, fits, "seed 12 round %d", round);
    if (!fits)
        return;
    cr_assert_eq(got.added_travel_ms, ms - before_ms, "seed 12 round %d at %d", round, (int)at);
    cr_assert_eq(got.added_travel_m, m - before_m, "seed 12 round %d at %d", round, (int)at);
    cr_assert(got.spare_before_ms >= 0 && got.spare_after_ms >= 0, "seed 12 round %d", round);
    cr_assert_eq(day_cost(&with, &toy_roads).travel_ms, ms, "seed 12 round %d", round);
}

static bool same_start(const struct day_start *a, const struct day_start *b)
{
    return a->start_at == b->start_at && a->fit == b->fit &&
           a->added_travel_ms == b->added_travel_ms && a->added_travel_m == b->added_travel_m &&
           a->spare_before_ms == b->spare_before_ms && a->spare_after_ms == b->spare_after_ms;
}

Test(day, ten_thousand_days_agree_with_trying_every_departure)
{
    struct random random = { 12 };
    int fitting = 0;

    for (int round = 0; round < 10000; round++) {
        struct stop stops[MOST_STOPS + 1] = { 0 };
        struct day day = random_day(&random, stops);
        struct day_job job = random_job(&random);
        struct day_start starts[200];
        struct window window = { random_between(&random, -45, 60), 0 };
        window.until = window.from + random_below(&random, 90);
        int64_t grid = random_between(&random, 1, 7);
        size_t count = day_starts(&day, &toy_roads, &job, window, grid, starts, COUNT(starts));
        size_t seen = 0;

        for (timestamp at = -50; at < 150; at++) {
            check_start(&day, &job, at, round);
            struct day_start one = day_can_start(&day, &toy_roads, &job, at);
            if (one.fit != FIT_YES || !window_contains(window, at) || at % grid)
                continue;
            cr_assert(seen < count, "seed 12 round %d misses %d", round, (int)at);
            cr_assert(same_start(&one, &starts[seen]), "seed 12 round %d at %d", round, (int)at);
            seen++;
        }
        cr_assert_eq(seen, count, "seed 12 round %d", round);
        fitting += count > 0;
    }
    cr_expect_gt(fitting, 3000, "the days are neither empty nor full; %d", fitting);
}

Test(day, spare_time_is_what_may_be_lost)
{
    struct random random = { 13 };

    for (int round = 0; round < 3000; round++) {
        struct stop stops[MOST_STOPS + 1] = { 0 };
        struct day day = random_day(&random, stops);
        struct day_job job = random_job(&random);
        struct day_start start =
            day_can_start(&day, &toy_roads, &job, random_between(&random, -40, 120));
        if (start.fit != FIT_YES)
            continue;
        timestamp earliest_at = start.start_at - start.spare_before_ms;
        cr_assert_eq(day_can_start(&day, &toy_roads, &job, earliest_at).fit, FIT_YES,
                     "seed 13 round %d", round);
        cr_assert_neq(day_can_start(&day, &toy_roads, &job, earliest_at - 1).fit, FIT_YES,
                      "seed 13 round %d", round);
        /* Where travel does not hang on the hour, the work may take all that is spare. */
        start = day_can_start(&day, &flat_roads, &job, start.start_at);
        struct day_job longer = { job.place, job.work_ms + start.spare_after_ms };
        cr_assert_eq(day_can_start(&day, &flat_roads, &longer, start.start_at).fit, FIT_YES,
                     "seed 13 round %d", round);
    }
}

Test(day, no_start_costs_less_than_its_opening_says)
{
    struct random random = { 14 };

    for (int round = 0; round < 3000; round++) {
        struct stop stops[MOST_STOPS + 1] = { 0 };
        struct day day = random_day(&random, stops);
        struct day_job job = random_job(&random);
        struct opening opening = { 0 };
        while (day_next_opening(&day, &toy_roads, &job, (struct window){ -45, 150 }, 1, &opening))
            for (timestamp at = opening.first; at <= opening.last; at++) {
                struct day_start start = opening_start(&day, &toy_roads, &job, &opening, at);
                if (start.fit == FIT_YES)
                    cr_assert_geq(start.added_travel_ms, opening_least_ms(&opening, &toy_roads),
                                  "seed 14 round %d at %d", round, (int)at);
            }
    }
}

/* ---- The rules by example: 10:00 is 600, a kilometre is a minute. ---- */

Test(day, rules)
{
    /* Shift 8:00-16:00 from home at km 0; a visit at 10:00-11:00 at km 20, lunch 12:00-12:30, a
     * visit at 14:00-15:00 at km 30. */
    struct stop stops[8] = { stop(600, 60, 20, STOP_VISIT), stop(720, 30, 0, STOP_BREAK),
                             stop(840, 60, 30, STOP_VISIT) };
    const struct day day = { { 480, 960 }, 0, { 0, 0 }, { 0, 0 }, stops, 3, 8 };
    const struct {
        const char *name;
        double km;
        int64_t work_ms;
        timestamp start_at;
        enum fit fit;
        int64_t added_ms, before_ms, after_ms;
    } rows[] = {
        { "on the way", 10, 60, 490, FIT_YES, 0, 0, 40 },
        { "a minute too early from home", 10, 60, 489, FIT_TRAVEL_BEFORE, 0, 0, 0 },
        { "before the shift", 0, 10, 479, FIT_OUTSIDE_SHIFT, 0, 0, 0 },
        { "next stop just reached", 10, 60, 530, FIT_YES, 0, 40, 0 },
        { "next stop missed by a minute", 10, 60, 531, FIT_TRAVEL_AFTER, 0, 0, 0 },
        { "the same minutes as a visit", 20, 30, 630, FIT_OVERLAP, 0, 0, 0 },
        { "runs into the break", 20, 30, 700, FIT_OVERLAP, 0, 0, 0 },
        { "next door, done when lunch begins", 20, 60, 660, FIT_YES, 0, 0, 0 },
        { "drives before lunch, too", 20, 45, 660, FIT_YES, 0, 0, 5 },
        { "after lunch, came before it", 40, 30, 750, FIT_YES, 20, 0, 50 },
        { "after lunch, could not come before it", 90, 30, 820, FIT_OVERLAP, 0, 0, 0 },
        { "home in time", 30, 30, 900, FIT_YES, 0, 0, 0 },
        { "home a minute late", 30, 31, 900, FIT_HOME_LATE, 0, 0, 0 },
        { "work after the end", 0, 30, 940, FIT_OUTSIDE_SHIFT, 0, 0, 0 },
        { "work a minute after the end", 0, 30, 931, FIT_OUTSIDE_SHIFT, 0, 0, 0 },
        { "begins a minute before the visit ends", 20, 30, 659, FIT_OVERLAP, 0, 0, 0 },
    };

    cr_assert_eq(day_check(&day, &flat_roads).fit, FIT_YES);
    EACH (row, rows) {
        struct day_job job = { { row->km, 0 }, row->work_ms };
        struct day_start got = day_can_start(&day, &flat_roads, &job, row->start_at);
        cr_expect_eq(got.fit, row->fit, "%s: %s", row->name, fit_text(got.fit));
        cr_expect_eq(got.added_travel_ms, row->added_ms, "%s", row->name);
        cr_expect_eq(got.spare_before_ms, row->before_ms, "%s: %d", row->name,
                     (int)got.spare_before_ms);
        cr_expect_eq(got.spare_after_ms, row->after_ms, "%s: %d", row->name,
                     (int)got.spare_after_ms);
    }
}

Test(day, violations)
{
    const struct {
        const char *name;
        struct stop stops[3];
        size_t count;
        enum fit fit;
        size_t index;
        int64_t late_ms;
    } rows[] = {
        { "an empty day holds", { { 0 } }, 0, FIT_YES, 0, 0 },
        { "only a break: nobody drives", { stop(500, 30, 0, STOP_BREAK) }, 1, FIT_YES, 1, 0 },
        { "the first is too far", { stop(490, 30, 20, STOP_VISIT) }, 1, FIT_TRAVEL_BEFORE, 0, 10 },
        { "before the shift", { stop(470, 30, 0, STOP_VISIT) }, 1, FIT_OUTSIDE_SHIFT, 0, 10 },
        { "a break behind the shift",
          { stop(940, 30, 0, STOP_BREAK) },
          1,
          FIT_OUTSIDE_SHIFT,
          0,
          10 },
        { "two at once",
          { stop(600, 30, 0, STOP_VISIT), stop(625, 30, 0, STOP_HOLD) },
          2,
          FIT_OVERLAP,
          1,
          5 },
        { "out of order",
          { stop(600, 30, 0, STOP_VISIT), stop(560, 30, 0, STOP_VISIT) },
          2,
          FIT_OVERLAP,
          1,
          70 },
        { "the drive meets the break, but fits behind it",
          { stop(500, 30, 5, STOP_VISIT), stop(535, 10, 0, STOP_BREAK),
            stop(555, 30, 15, STOP_VISIT) },
          3,
          FIT_YES,
          3,
          0 },
        { "the drive fits on neither side of the break",
          { stop(500, 30, 5, STOP_VISIT), stop(535, 10, 0, STOP_BREAK),
            stop(554, 30, 15, STOP_VISIT) },
          3,
          FIT_TRAVEL_BEFORE,
          2,
          1 },
        { "late home", { stop(900, 50, 20, STOP_VISIT) }, 1, FIT_HOME_LATE, 1, 10 },
    };

    EACH (row, rows) {
        struct stop stops[3];
        memcpy(stops, row->stops, sizeof stops);
        struct day day = { { 480, 960 }, 0, { 0, 0 }, { 0, 0 }, stops, row->count, 3 };
        struct day_violation got = day_check(&day, &flat_roads);
        cr_expect_eq(got.fit, row->fit, "%s: %s", row->name, fit_text(got.fit));
        cr_expect_eq(got.index, row->index, "%s", row->name);
        cr_expect_eq(got.late_ms, row->late_ms, "%s: %d", row->name, (int)got.late_ms);
    }
    struct stop last[1] = { stop(900, 50, 20, STOP_VISIT) };
    struct day overtime = { { 480, 960 }, 10, { 0, 0 }, { 0, 0 }, last, 1, 1 };
    cr_expect_eq(day_check(&overtime, &flat_roads).fit, FIT_YES, "overtime lets him be late home");
}

Test(day, cost_and_order)
{
    struct stop stops[3];
    struct day day = { { 480, 960 }, 0, { 0, 0 }, { 0, 0 }, stops, 0, 3 };
    const struct stop late = stop(840, 60, 30, STOP_VISIT);
    const struct stop early = stop(600, 60, 20, STOP_HOLD);
    const struct stop lunch = stop(720, 30, 0, STOP_BREAK);

    cr_expect(day_insert(&day, &late));
    cr_expect(day_insert(&day, &early));
    cr_expect(day_insert(&day, &lunch));
    cr_expect_not(day_insert(&day, &lunch), "the array is full");
    cr_expect_eq(stops[0].start_at, early.start_at);
    cr_expect_eq(stops[1].start_at, lunch.start_at);
    cr_expect_eq(stops[2].start_at, late.start_at);
    struct day_cost cost = day_cost(&day, &flat_roads);
    cr_expect_eq(cost.travel_ms, 20 + 10 + 30);
    cr_expect_eq(cost.travel_m, 60000);
    cr_expect_eq(cost.work_ms, 120);
    cr_expect_eq(cost.idle_ms, 840 - 660 - 30 - 10, "waiting, neither lunch nor drive");
}
