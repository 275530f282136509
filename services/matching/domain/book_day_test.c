/* Each rule of a promise by example. */
#include "lib/base/array.h"
#include "services/matching/domain/random_roster.h"
#include <criterion/criterion.h>

static const struct place near = { 52.24, 21.02 }, far = { 52.60, 21.60 };
static const timestamp midnight = DAYS(ROSTER_DATE);

static struct visit_job job_in(struct place place)
{
    return (struct visit_job){ .place = place,
                               .length_ms = HOURS(1),
                               .skill = SKILL_PLUMBING,
                               .starts = { midnight, midnight + DAYS(1) },
                               .waiting_permille = 20,
                               .reserved_from = midnight };
}

static enum slot_rule ask(const struct book_day *day, const struct visit_job *job, timestamp at)
{
    return check_start(day, &estimated_roads, job, at, NULL);
}

Test(check_technician, table)
{
    const struct visit_job pipe = job_in(near), away = job_in(far),
                           nowhere = job_in((struct place){ 0 });
    struct technician plain = plain_technician(1), inactive = plain, unreadable = plain,
                      unskilled = plain, bound = plain, here = plain, elsewhere = plain,
                      equipped = plain, gas_fitter = plain;
    struct visit_job gas = pipe, camera = pipe, relaxed = away;

    inactive.is_active = false;
    unreadable.is_readable = false;
    unskilled.skills = SKILL_BIT(SKILL_GAS);
    bound.longest_travel_m = 5000;
    const struct area close_by = { near, 1000 }, away_from = { far, 1000 };
    here.areas = &close_by;
    elsewhere.areas = &away_from;
    here.area_count = elsewhere.area_count = 1;
    gas.skill = SKILL_GAS;
    camera.needs[camera.need_count++] = 7;
    equipped.equipment[equipped.equipment_count++] = 7;
    gas_fitter.skills = SKILL_BIT(SKILL_GAS);
    gas_fitter.licences[gas_fitter.licence_count++] =
        (struct held_licence){ LICENCE_GAS, { 0, midnight } };
    relaxed.relaxed = RELAX_TRAVEL | RELAX_AREA;
    const struct {
        const char *name;
        const struct technician *who;
        const struct visit_job *job;
        enum slot_rule rule;
    } rows[] = {
        { "may come", &plain, &pipe, SLOT_FITS },
        { "what cannot be read is not offered", &unreadable, &pipe, SLOT_UNREADABLE },
        { "an order without a point cannot be asked about", &plain, &nowhere, SLOT_UNREADABLE },
        { "not active", &inactive, &pipe, SLOT_INACTIVE },
        { "has not the skill", &unskilled, &pipe, SLOT_NO_SKILL },
        { "a skill of licence needs the licence", &unskilled, &gas, SLOT_NO_LICENCE },
        { "a licence is enough here, its days are asked with the hour", &gas_fitter, &gas,
          SLOT_FITS },
        { "has not the equipment", &plain, &camera, SLOT_NO_EQUIPMENT },
        { "has the equipment", &equipped, &camera, SLOT_FITS },
        { "in his territory", &here, &pipe, SLOT_FITS },
        { "not in his territory", &elsewhere, &pipe, SLOT_OUT_OF_AREA },
        { "farther than he goes", &bound, &away, SLOT_TOO_FAR },
        { "as far as he goes", &bound, &pipe, SLOT_FITS },
        { "set aside by name", &bound, &relaxed, SLOT_FITS },
    };

    EACH (row, rows) {
        enum slot_rule rule = check_technician(row->who, &estimated_roads, row->job);
        cr_expect_eq(rule, row->rule, "%s: %s", row->name, slot_rule_text(rule));
    }
}

Test(check_start, table)
{
    struct arena arena = { 0 };
    struct technician who = plain_technician(1), papers = who;
    const timestamp noon = midnight + HOURS(12);
    struct visit_job pipe = job_in(near), gas = pipe, emergency = pipe, late = pipe, nearly = pipe;
    struct book_day *plain = plain_day(&arena, &who, ROSTER_DATE),
                    *busy = plain_day(&arena, &who, ROSTER_DATE),
                    *idle = plain_day(&arena, &who, ROSTER_DATE),
                    *kept = plain_day(&arena, &who, ROSTER_DATE),
                    *called = plain_day(&arena, &who, ROSTER_DATE),
                    *longer = plain_day(&arena, &who, ROSTER_DATE),
                    *expiring = plain_day(&arena, &papers, ROSTER_DATE);
    static const struct window lunch[] = { { DAYS(ROSTER_DATE) + HOURS(11),
                                             DAYS(ROSTER_DATE) + HOURS(13) } };
    static const struct stretch night[] = {
        { { DAYS(ROSTER_DATE) + HOURS(8), DAYS(ROSTER_DATE) + HOURS(16) }, 0, true }
    };
    static const struct stretch overtime[] = {
        { { DAYS(ROSTER_DATE) + HOURS(8), DAYS(ROSTER_DATE) + HOURS(16) }, HOURS(1), false }
    };

    promise(busy, noon - MINUTES(30), HOURS(1), who.home);
    idle->stretch_count = 0;
    kept->reserved = lunch;
    kept->reserved_count = 1;
    called->stretches = night;
    longer->stretches = overtime;
    papers.skills = SKILL_BIT(SKILL_GAS);
    papers.licences[papers.licence_count++] =
        (struct held_licence){ LICENCE_GAS, { 0, noon + MINUTES(30) } };
    gas.skill = SKILL_GAS;
    emergency.is_emergency = true;
    late.reserved_from = noon + 1;
    nearly.reserved_from = noon;
    const struct {
        const char *name;
        const struct book_day *day;
        const struct visit_job *job;
        timestamp at;
        enum slot_rule rule;
    } rows[] = {
        { "fits at noon", plain, &pipe, noon, SLOT_FITS },
        { "no shift that day", idle, &pipe, noon, SLOT_NO_SHIFT },
        { "before the shift", plain, &pipe, midnight + HOURS(7), SLOT_NO_SHIFT },
        { "at the shift's end", plain, &pipe, midnight + HOURS(16), SLOT_NO_SHIFT },
        { "in the first minute nobody is there yet", plain, &pipe, midnight + HOURS(8),
          SLOT_NO_ROOM },
        { "work that outlasts the shift", plain, &pipe, midnight + MINUTES(15 * 60 + 15),
          SLOT_NO_ROOM },
        { "overtime carries it", longer, &pipe, midnight + MINUTES(15 * 60 + 15), SLOT_FITS },
        { "but nothing begins in overtime", longer, &pipe, midnight + HOURS(16), SLOT_NO_SHIFT },
        { "another promise at that time", busy, &pipe, noon, SLOT_NO_ROOM },
        { "no time to drive there from the promise before", busy, &pipe, noon + MINUTES(30),
          SLOT_NO_ROOM },
        { "an hour later there is", busy, &pipe, noon + MINUTES(90), SLOT_FITS },
        { "kept for emergencies", kept, &pipe, noon, SLOT_RESERVED },
        { "its edge is kept, too", kept, &pipe, midnight + HOURS(10) + MINUTES(15), SLOT_RESERVED },
        { "before it", kept, &pipe, midnight + HOURS(10), SLOT_FITS },
        { "an emergency may", kept, &emergency, noon, SLOT_FITS },
        { "released when its hour is near", kept, &late, noon, SLOT_FITS },
        { "hour by hour: the first is let go", kept, &nearly, noon - HOURS(1), SLOT_FITS },
        { "the second is kept", kept, &nearly, noon, SLOT_RESERVED },
        { "on call is for emergencies", called, &pipe, noon, SLOT_ON_CALL },
        { "which come", called, &emergency, noon, SLOT_FITS },
        { "a licence that ends during the work does not count", expiring, &gas, noon,
          SLOT_LICENCE_ENDS },
        { "one that ends after it counts", expiring, &gas, noon - HOURS(1), SLOT_FITS },
    };

    EACH (row, rows)
        cr_expect_eq(ask(row->day, row->job, row->at), row->rule, "%s: %s", row->name,
                     slot_rule_text(ask(row->day, row->job, row->at)));
    busy->is_unreadable = true;
    cr_expect_eq(ask(busy, &pipe, noon + MINUTES(90)), SLOT_UNREADABLE,
                 "a day with more than it can hold is not offered");
    arena_done(&arena);
}

/* What a walk takes is what check_start allows, start by start. */
struct taking {
    const struct book_day *day;
    const struct visit_job *job;
    size_t taken;
};

static bool enters(void *context, int64_t least_travel_ms, struct window starts)
{
    (void)context, (void)least_travel_ms;
    cr_assert_leq(starts.from, starts.until);
    return true;
}

static bool takes(void *context, const struct day_start *start)
{
    struct taking *taking = context;
    struct day_start checked;

    cr_assert_eq(check_start(taking->day, &estimated_roads, taking->job, start->start_at, &checked),
                 SLOT_FITS);
    cr_assert_eq(checked.added_travel_ms, start->added_travel_ms);
    cr_assert_eq(checked.spare_after_ms, start->spare_after_ms);
    taking->taken++;
    return true;
}

Test(visit_starts, takes_what_check_start_allows_and_nothing_else)
{
    struct random random = { .state = 77 };
    struct arena arena = { 0 };
    size_t all = 0;

    for (int run = 0; run < 10000; run++) {
        arena_reset(&arena);
        struct roster *roster = random_roster(&arena, &random, 1);
        struct visit_job job = random_job(&random);
        const struct member *member = &roster->members[0];
        if (check_technician(member->who, &estimated_roads, &job) != SLOT_FITS)
            continue;
        job.window_count = 0;
        for (size_t i = 0; i < member->day_count; i++) {
            struct taking taking = { member->days[i], &job, 0 };
            const struct start_visitor visitor = { enters, takes, &taking };
            const struct home_ways home = home_ways_of(member->who, &estimated_roads, &job);
            size_t allowed = 0;
            enum slot_rule rule =
                visit_starts(member->days[i], &estimated_roads, &job, &home, &visitor);
            timestamp at = next_on_grid(job.starts.from, SLOT_GRID_MS);
            for (; at < job.starts.until; at += SLOT_GRID_MS)
                allowed += ask(member->days[i], &job, at) == SLOT_FITS;
            cr_assert_eq(taking.taken, allowed, "seed 77 run %d", run);
            cr_assert_eq(rule == SLOT_FITS, allowed > 0, "seed 77 run %d", run);
            all += allowed;
        }
    }
    cr_expect_gt(all, 5000, "%zu", all);
    arena_done(&arena);
}
