/* Nobody can come: what it would take, by example. */
#include "lib/base/array.h"
#include "services/matching/domain/random_roster.h"
#include "services/matching/domain/relax_search.h"
#include <criterion/criterion.h>

static const struct place near = { 52.24, 21.02 };
static const timestamp midnight = DAYS(ROSTER_DATE);

struct row {
    const char *name;
    void (*change)(struct technician *who, struct book_day *day, struct visit_job *job);
    bool helps;
    enum relaxed_rule rule;
    int64_t amount; /* -1: any that is above 0 */
};

static void too_far(struct technician *who, struct book_day *day, struct visit_job *job)
{
    (void)day;
    who->longest_travel_m = travel_m(who->home, job->place) - 300;
}

static void elsewhere(struct technician *who, struct book_day *day, struct visit_job *job)
{
    static const struct area cracow = { { 50.0, 20.0 }, 1000 };

    (void)day, (void)job;
    who->areas = &cracow;
    who->area_count = 1;
}

static void unequipped(struct technician *who, struct book_day *day, struct visit_job *job)
{
    (void)who, (void)day;
    job->needs[job->need_count++] = 1;
}

static void unskilled(struct technician *who, struct book_day *day, struct visit_job *job)
{
    (void)day, (void)job;
    who->skills = SKILL_BIT(SKILL_GAS);
}

static void reserved(struct technician *who, struct book_day *day, struct visit_job *job)
{
    static const struct window all_day[] = { { DAYS(ROSTER_DATE), DAYS(ROSTER_DATE + 1) } };

    (void)who, (void)job;
    day->reserved = all_day;
    day->reserved_count = 1;
}

static void on_call(struct technician *who, struct book_day *day, struct visit_job *job)
{
    static const struct stretch called[] = {
        { { DAYS(ROSTER_DATE) + HOURS(8), DAYS(ROSTER_DATE) + HOURS(16) }, 0, true }
    };

    (void)who, (void)job;
    day->stretches = called;
}

static void too_early(struct technician *who, struct book_day *day, struct visit_job *job)
{
    (void)who, (void)day;
    job->starts.until = midnight + HOURS(7);
}

static void too_late(struct technician *who, struct book_day *day, struct visit_job *job)
{
    (void)who, (void)day;
    job->starts.from = midnight + HOURS(15) + MINUTES(30);
}

static const struct row rows[] = {
    { "three hundred metres too far", too_far, true, RELAXED_TRAVEL, 300 },
    { "not in his territory", elsewhere, true, RELAXED_AREA, 1 },
    { "without the equipment", unequipped, true, RELAXED_EQUIPMENT, 1 },
    { "all kept for emergencies", reserved, true, RELAXED_RESERVE, HOURS(1) },
    { "on call only", on_call, true, RELAXED_ON_CALL, HOURS(1) },
    { "before the shift begins", too_early, true, RELAXED_LATER, -1 },
    { "after the last start: overtime", too_late, true, RELAXED_OVERTIME, -1 },
    { "the law is not relaxed", unskilled, false, 0, 0 },
};

Test(relax_search, table)
{
    struct arena arena = { 0 };

    EACH (row, rows) {
        struct technician who = plain_technician(1);
        struct visit_job job = { .place = near,
                                 .length_ms = HOURS(1),
                                 .skill = SKILL_PLUMBING,
                                 .starts = { midnight, midnight + DAYS(1) },
                                 .waiting_permille = 20,
                                 .reserved_from = midnight };
        arena_reset(&arena);
        struct book_day *day = plain_day(&arena, &who, ROSTER_DATE);
        row->change(&who, day, &job);
        struct roster *roster = roster_of(&arena, &day, 1);
        struct search search = {
            .roster = roster, .roads = &estimated_roads, .policy = &usual_policy, .job = &job
        };
        struct slot_search found;
        struct relaxations all;
        search_slots(&arena, &search, &found);
        cr_expect_eq(found.count, 0, "%s", row->name);
        relax_search(&arena, &search, midnight + DAYS(1), &all);
        cr_expect_eq(all.cheapest != NULL, row->helps, "%s", row->name);
        if (!all.cheapest)
            continue;
        cr_expect_eq(all.cheapest->rule, row->rule, "%s: %s", row->name,
                     relaxed_rule_text(all.cheapest->rule));
        if (row->amount >= 0)
            cr_expect_eq(all.cheapest->amount, row->amount, "%s: %lld", row->name,
                         (long long)all.cheapest->amount);
        else
            cr_expect_gt(all.cheapest->amount, 0, "%s", row->name);
    }
    arena_done(&arena);
}

Test(relax_search, of_a_crew_whoever_stretches_it_counts)
{
    struct technician leader = plain_technician(1), mate = plain_technician(2);
    struct visit_job job = { .place = near,
                             .length_ms = HOURS(1),
                             .skill = SKILL_PLUMBING,
                             .technicians = 2,
                             .starts = { midnight, midnight + DAYS(1) },
                             .reserved_from = midnight };
    struct arena arena = { 0 };
    struct relaxations all;

    mate.home.lat += 0.2; /* some thirty kilometres of road */
    mate.longest_travel_m = 10000;
    struct book_day *days[] = { plain_day(&arena, &leader, ROSTER_DATE),
                                plain_day(&arena, &mate, ROSTER_DATE) };
    struct roster *roster = roster_of(&arena, days, 2);
    struct search search = {
        .roster = roster, .roads = &estimated_roads, .policy = &usual_policy, .job = &job
    };
    relax_search(&arena, &search, midnight + DAYS(1), &all);
    cr_assert_not_null(all.cheapest);
    cr_expect_eq(all.cheapest->rule, RELAXED_TRAVEL);
    cr_expect_eq(all.cheapest->slot.day->who, &leader, "who is near leads");
    cr_expect_eq(all.cheapest->amount, travel_m(mate.home, near) - 10000);
    arena_done(&arena);
}

Test(relax_search, the_cheapest_of_those_that_help)
{
    struct random random = { .state = 31 };
    struct arena arena = { 0 };
    int several = 0;

    for (int run = 0; run < 2000; run++) {
        struct slot_search found;
        struct relaxations all;
        arena_reset(&arena);
        struct roster *roster = random_roster(&arena, &random, 4);
        struct visit_job job = random_job(&random);
        struct policy policy = random_policy(&random);
        struct search search = {
            .roster = roster, .roads = &estimated_roads, .policy = &policy, .job = &job
        };
        search_slots(&arena, &search, &found);
        if (found.count)
            continue;
        relax_search(&arena, &search, job.starts.until + DAYS(1), &all);
        for (size_t i = 0; i < all.count; i++)
            cr_assert_leq(all.cheapest->cost_ms, all.tried[i].cost_ms, "seed 31 run %d", run);
        several += all.count > 1;
    }
    cr_expect_gt(several, 50);
    arena_done(&arena);
}
