/* Slots by example, and against an oracle that knows nothing of the engine. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/matching/domain/search_slots.h"
#include <criterion/criterion.h>
#include <stdio.h>

static const struct place centre = { 52.23, 21.01 }, near = { 52.24, 21.02 },
                          far = { 52.60, 21.60 };

static struct book_day day_of(int technician, uint64_t skills)
{
    struct book_day day = { .date = 20000,
                            .technician = technician,
                            .is_active = true,
                            .skills = skills,
                            .home = centre,
                            .work = { { HOURS(480008), HOURS(480016) } },
                            .work_count = 1 };

    snprintf(day.technician_id.text, sizeof day.technician_id.text, "00000000-0000-7000-8000-%012d",
             technician);
    return day;
}

static struct visit_job job_in(struct place place)
{
    return (struct visit_job){ .place = place,
                               .length_ms = HOURS(1),
                               .skill = SKILL_PLUMBING,
                               .starts = { HOURS(480000), HOURS(480024) },
                               .weight_permille = 20 };
}

static void add_stop(struct book_day *day, timestamp start_at, int64_t work_ms, struct place place)
{
    struct stop stop = {
        .start_at = start_at, .work_ms = work_ms, .place = place, .kind = STOP_VISIT
    };

    snprintf(stop.id.text, sizeof stop.id.text, "stop-%zu", day->stop_count);
    day->stops[day->stop_count++] = stop;
}

Test(check_start, table)
{
    const uint64_t pipes = SKILL_BIT(SKILL_PLUMBING), gas = SKILL_BIT(SKILL_GAS);
    struct book_day plain = day_of(0, pipes), inactive = plain, unskilled = day_of(0, gas),
                    bound = plain, idle = plain, busy = plain, unlicensed = day_of(0, gas),
                    licensed = unlicensed, expiring = unlicensed;
    struct visit_job pipe = job_in(near), gas_job = pipe, away = job_in(far);
    const timestamp noon = HOURS(480012);

    gas_job.skill = SKILL_GAS;
    inactive.is_active = false;
    bound.longest_travel_m = 5000;
    idle.work_count = 0;
    add_stop(&busy, noon - MINUTES(30), HOURS(1), centre);
    licensed.licences[0] = (struct held_licence){ LICENCE_GAS, { 0, HOURS(490000) } };
    licensed.licence_count = 1;
    expiring.licences[0] = (struct held_licence){ LICENCE_GAS, { 0, noon + MINUTES(30) } };
    expiring.licence_count = 1;
    const struct {
        const char *name;
        struct book_day *day;
        struct visit_job *job;
        timestamp at;
        enum slot_rule rule;
    } rows[] = {
        { "fits at noon", &plain, &pipe, noon, SLOT_FITS },
        { "not active", &inactive, &pipe, noon, SLOT_INACTIVE },
        { "has not the skill", &unskilled, &pipe, noon, SLOT_NO_SKILL },
        { "a skill of licence needs the licence", &unlicensed, &gas_job, noon, SLOT_NO_LICENCE },
        { "with the licence it fits", &licensed, &gas_job, noon, SLOT_FITS },
        { "a licence that ends during the work does not count", &expiring, &gas_job, noon,
          SLOT_NO_LICENCE },
        { "a licence that ends after the work counts", &expiring, &gas_job, noon - HOURS(1),
          SLOT_FITS },
        { "farther than he goes", &bound, &away, noon, SLOT_TOO_FAR },
        { "no shift that day", &idle, &pipe, noon, SLOT_NO_SHIFT },
        { "before the shift", &plain, &pipe, HOURS(480007), SLOT_NO_SHIFT },
        { "at the shift's first minute nobody is there yet", &plain, &pipe, HOURS(480008),
          SLOT_NO_ROOM },
        { "work that outlasts the shift", &plain, &pipe, HOURS(480015) + MINUTES(15),
          SLOT_NO_SHIFT },
        { "another promise at that time", &busy, &pipe, noon, SLOT_NO_ROOM },
        { "no time to drive there from the promise before", &busy, &pipe, noon + MINUTES(30),
          SLOT_NO_ROOM },
        { "an hour later there is", &busy, &pipe, noon + MINUTES(90), SLOT_FITS },
    };

    EACH (row, rows)
        cr_expect_eq(
            check_start(row->day, &estimated_roads, row->job, row->at, NULL), row->rule, "%s: %s",
            row->name,
            slot_rule_text(check_start(row->day, &estimated_roads, row->job, row->at, NULL)));
}

static double unit(struct random *random)
{
    return (double)random_below(random, 1000000) / 1e6;
}

/* ---- the oracle: every start of every day, one by one, sorted by the plainest sort ---- */

static struct book_day random_day(struct random *random, int technician)
{
    struct book_day day = day_of(technician, (uint64_t)random_below(random, 8));
    timestamp at = HOURS(480008) + MINUTES(45) + MINUTES(15) * random_below(random, 8);

    day.is_active = random_below(random, 10) > 0;
    day.home = (struct place){ 52.1 + 0.3 * unit(random), 20.8 + 0.4 * unit(random) };
    for (int64_t i = random_below(random, 4); i > 0; i--) {
        add_stop(&day, at, HOURS(1),
                 (struct place){ 52.1 + 0.3 * unit(random), 20.8 + 0.4 * unit(random) });
        at += HOURS(2) + MINUTES(15) * random_below(random, 6);
    }
    return day;
}

static size_t count_by_hand(struct book_day *days, size_t count, const struct visit_job *job,
                            int64_t *ret_best)
{
    size_t fits = 0;

    *ret_best = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        for (timestamp at = job->starts.from; at < job->starts.until; at += SLOT_GRID_MS) {
            struct day_start start;
            if (check_start(&days[i], &estimated_roads, job, at, &start) != SLOT_FITS)
                continue;
            fits++;
            if (slot_score(job, &start) < *ret_best)
                *ret_best = slot_score(job, &start);
        }
    }
    return fits;
}

Test(search_slots, agrees_with_trying_every_start)
{
    struct random random = { .state = 20261122 };
    struct arena arena = { 0 };

    for (int run = 0; run < 1000; run++) {
        struct book_day days[6], *forth[6], *back[6];
        struct visit_job job =
            job_in((struct place){ 52.1 + 0.3 * unit(&random), 20.8 + 0.4 * unit(&random) });
        struct slot_search found, again;
        int64_t best;
        arena_reset(&arena);
        job.skill = (enum skill)random_below(&random, 3);
        for (int i = 0; i < 6; i++) {
            days[i] = random_day(&random, i);
            forth[i] = &days[i];
            back[5 - i] = &days[i];
        }
        size_t fits = count_by_hand(days, 6, &job, &best);
        search_slots(&arena, forth, 6, 6, &estimated_roads, &job, false, 0, &found);
        search_slots(&arena, back, 6, 6, &estimated_roads, &job, false, 0, &again);
        cr_assert_eq(found.count, fits < SLOTS_MOST ? fits : SLOTS_MOST, "run %d: %zu of %zu", run,
                     found.count, fits);
        cr_assert_eq(found.count, again.count, "run %d: the order of days does not matter", run);
        for (size_t i = 0; i < found.count; i++) {
            cr_assert_eq(found.slots[i].day, again.slots[i].day, "run %d slot %zu", run, i);
            cr_assert_eq(found.slots[i].start.start_at, again.slots[i].start.start_at,
                         "run %d slot %zu", run, i);
            cr_assert(i == 0 || found.slots[i - 1].score_ms <= found.slots[i].score_ms,
                      "run %d: best first", run);
        }
        if (found.count)
            cr_assert_eq(found.slots[0].score_ms, best, "run %d: the best is found", run);
        int sum = 0;
        for (int rule = 0; rule < SLOT_RULE_COUNT; rule++)
            sum += found.technicians[rule];
        cr_assert_eq(sum, 6, "run %d: every technician is counted once", run);
    }
    arena_done(&arena);
}

Test(search_slots, one_per_hour_keeps_the_best_of_each_start)
{
    struct random random = { .state = 7 };
    struct arena arena = { 0 };

    for (int run = 0; run < 300; run++) {
        struct book_day days[5], *list[5];
        struct visit_job job = job_in(near);
        struct slot_search all, hours;
        arena_reset(&arena);
        job.starts = (struct window){ HOURS(480010), HOURS(480013) };
        for (int i = 0; i < 5; i++) {
            days[i] = random_day(&random, i);
            days[i].skills = SKILL_BIT(SKILL_PLUMBING);
            list[i] = &days[i];
        }
        search_slots(&arena, list, 5, 5, &estimated_roads, &job, false, 0, &all);
        search_slots(&arena, list, 5, 5, &estimated_roads, &job, true, 0, &hours);
        for (size_t i = 0; i < hours.count; i++) {
            for (size_t k = 0; k < i; k++)
                cr_assert_neq(hours.slots[i].start.start_at, hours.slots[k].start.start_at,
                              "run %d: twice", run);
            for (size_t k = 0; k < all.count; k++)
                if (all.slots[k].start.start_at == hours.slots[i].start.start_at)
                    cr_assert_leq(hours.slots[i].score_ms, all.slots[k].score_ms,
                                  "run %d: not the best", run);
        }
        for (size_t k = 0; k < all.count; k++) {
            bool offered = false;
            for (size_t i = 0; i < hours.count; i++)
                offered = offered || hours.slots[i].start.start_at == all.slots[k].start.start_at;
            cr_assert(offered, "run %d: an hour was lost", run);
        }
    }
    arena_done(&arena);
}
