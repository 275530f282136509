/* An oracle that knows nothing of the engine: every technician, every day, every quarter of an
 * hour, the whole day driven from its beginning; then the plainest sort. Ten thousand small
 * rosters.
 */
#include "lib/domain/calendar.h"
#include "services/matching/domain/oracle.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { ROSTERS = 10000 };

/* ---- the plainest choice ---- */

static int by_score(const void *a, const void *b)
{
    const struct possible *x = a, *y = b;

    if (x->score_ms != y->score_ms)
        return x->score_ms < y->score_ms ? -1 : 1;
    if (x->start_at != y->start_at)
        return x->start_at < y->start_at ? -1 : 1;
    return strcmp(x->who->id.text, y->who->id.text);
}

/* Those of one start, best first, nobody twice. False: too few. */
static bool gather(const struct possible all[], size_t count, timestamp start_at, size_t wanted,
                   struct possible *ret_together)
{
    const struct technician *taken[CREW_MOST];
    size_t found = 0;

    for (size_t i = 0; i < count && found < wanted; i++) {
        bool is_taken = false;
        for (size_t k = 0; k < found; k++)
            is_taken |= taken[k] == all[i].who;
        if (all[i].start_at != start_at || is_taken)
            continue;
        if (found == 0)
            *ret_together = all[i];
        else
            ret_together->score_ms += all[i].score_ms;
        taken[found++] = all[i].who;
    }
    return found == wanted;
}

/* From starts of one technician to starts of several; `all` is sorted. */
static size_t join_crews(size_t wanted, struct possible all[], size_t count)
{
    static struct possible crews[FOUND_MOST];
    size_t crew_count = 0;

    for (size_t i = 0; i < count; i++) {
        bool is_first = true;
        for (size_t k = 0; k < i && is_first; k++)
            is_first = all[k].start_at != all[i].start_at;
        if (is_first && gather(all, count, all[i].start_at, wanted, &crews[crew_count]))
            crew_count++;
    }
    memcpy(all, crews, crew_count * sizeof *all);
    return crew_count;
}

/* Sorts, and keeps what may stay; returns how many. */
static size_t choose(const struct search *search, size_t most, struct possible all[], size_t count)
{
    size_t kept = 0;

    qsort(all, count, sizeof *all, by_score);
    if (search->job->technicians > 1) {
        count = join_crews((size_t)search->job->technicians, all, count);
        qsort(all, count, sizeof *all, by_score);
    }
    for (size_t i = 0; i < count; i++) {
        size_t same_start = 0, same_day = 0;
        for (size_t k = 0; k < kept; k++) {
            same_start += all[k].start_at == all[i].start_at;
            same_day +=
                date_from_timestamp(all[k].start_at) == date_from_timestamp(all[i].start_at);
        }
        if ((search->one_per_start && same_start) ||
            (search->per_day && same_day >= search->per_day))
            continue;
        all[kept++] = all[i];
    }
    return kept < most || search->per_day ? kept : most;
}

struct ranked {
    const struct member *member;
    int64_t home_m;
};

static int by_home(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;

    if (x->home_m != y->home_m)
        return x->home_m < y->home_m ? -1 : 1;
    return strcmp(x->member->who->id.text, y->member->who->id.text);
}

static size_t try_everything(const struct search *search, size_t most, struct possible all[])
{
    struct ranked ranked[16];
    size_t member_count = 0, count = 0, asked = 0, kept = 0;

    for (size_t i = 0; i < search->roster->count; i++) {
        const struct member *member = &search->roster->members[i];
        if (may_come(member->who, search->job))
            ranked[member_count++] =
                (struct ranked){ member, travel_m(member->who->home, search->job->place) };
    }
    qsort(ranked, member_count, sizeof ranked[0], by_home);
    while (asked < member_count && (asked == 0 || kept < most)) {
        static struct possible copy[FOUND_MOST];
        for (int64_t i = 0; i < search->policy->candidates && asked < member_count; i++, asked++)
            for (size_t k = 0; k < ranked[asked].member->day_count; k++)
                try_day(search, ranked[asked].member, ranked[asked].member->days[k], all, &count);
        memcpy(copy, all, count * sizeof *all);
        kept = choose(search, most, copy, count);
    }
    kept = choose(search, most, all, count);
    return kept < most ? kept : most;
}

/* ---- both, side by side ---- */

static struct search random_search(struct random *random, const struct roster *roster,
                                   const struct policy *policy, const struct visit_job *job)
{
    return (struct search){ .roster = roster,
                            .roads = &estimated_roads,
                            .policy = policy,
                            .job = job,
                            .most = (size_t)random_below(random, 20),
                            .per_day = chance(random, 3) ? (size_t)random_below(random, 6) : 0,
                            .one_per_start = chance(random, 2) };
}

static void check_crew(int run, const struct search *search, const struct slot *slot)
{
    int64_t sum = 0;

    if (search->job->technicians <= 1) {
        cr_assert_eq(slot_comers(slot), 1, "roster %d", run);
        return;
    }
    cr_assert_eq(slot_comers(slot), (size_t)search->job->technicians, "roster %d", run);
    cr_assert_eq(slot_comer(slot, 0)->day, slot->day, "roster %d: the leader comes first", run);
    for (size_t i = 0; i < slot_comers(slot); i++) {
        const struct slot *mate = slot_comer(slot, i);
        struct day_start start;
        sum += mate->score.total_ms;
        cr_assert_eq(mate->start.start_at, slot->start.start_at, "roster %d", run);
        cr_assert_eq(
            check_start(mate->day, search->roads, search->job, slot->start.start_at, &start),
            SLOT_FITS, "roster %d", run);
        for (size_t k = 0; k < i; k++)
            cr_assert_str_neq(mate->day->who->id.text, slot_comer(slot, k)->day->who->id.text,
                              "roster %d: nobody comes twice", run);
    }
    cr_assert_eq(sum, slot->score.total_ms, "roster %d", run);
}

static void check_same(int run, const struct slot_search *found, const struct possible all[],
                       size_t count)
{
    cr_assert_eq(found->count, count, "roster %d: %zu of %zu", run, found->count, count);
    for (size_t i = 0; i < count; i++) {
        const struct slot *slot = &found->slots[i];
        cr_assert_eq(slot->score.total_ms, all[i].score_ms, "roster %d slot %zu: %lld, not %lld",
                     run, i, (long long)slot->score.total_ms, (long long)all[i].score_ms);
        cr_assert_eq(slot->start.start_at, all[i].start_at, "roster %d slot %zu", run, i);
        cr_assert_eq(slot->day->who, all[i].who, "roster %d slot %zu", run, i);
        cr_assert_eq(slot->day->date, all[i].date, "roster %d slot %zu", run, i);
    }
}

static void check_counts(int run, const struct search *search, const struct slot_search *found)
{
    int sum = 0, refused = 0;

    for (int rule = 0; rule < SLOT_RULE_COUNT; rule++)
        sum += found->technicians[rule];
    for (size_t i = 0; i < search->roster->count; i++)
        refused += !may_come(search->roster->members[i].who, search->job);
    if (found->count > 0)
        return;
    cr_assert_eq(sum, (int)search->roster->count, "roster %d: everybody is counted once", run);
    cr_assert_eq(found->technicians[SLOT_FITS], 0, "roster %d", run);
    int by_rule = 0;
    for (int rule = 0; rule <= SLOT_TOO_FAR; rule++)
        by_rule += found->technicians[rule];
    cr_assert_geq(by_rule, 0);
    cr_assert_geq(sum - refused, 0, "roster %d", run);
}

Test(search_slots, ten_thousand_rosters_agree_with_trying_everything, .timeout = 300)
{
    struct random random = { .state = 20261122 };
    static struct possible all[FOUND_MOST];
    struct arena arena = { 0 };
    int with_slots = 0, with_crews = 0;

    for (int run = 0; run < ROSTERS; run++) {
        struct slot_search found, again;
        arena_reset(&arena);
        bool is_crew = chance(&random, 4);
        size_t technicians = (is_crew ? 10 : 1) + (size_t)random_below(&random, 6);
        struct roster *roster = random_roster(&arena, &random, technicians);
        struct visit_job job = random_job(&random);
        job.technicians = is_crew ? random_below(&random, CREW_MOST) + 1 : 0;
        struct policy policy = random_policy(&random);
        struct search search = random_search(&random, roster, &policy, &job);
        size_t most = search.most ? search.most : SLOTS_MOST;
        size_t count = try_everything(&search, most, all);
        search_slots(&arena, &search, &found);
        check_same(run, &found, all, count);
        check_counts(run, &search, &found);
        for (size_t i = 0; i < found.count; i++)
            check_crew(run, &search, &found.slots[i]);
        search.roster = shuffled(&arena, &random, roster);
        search_slots(&arena, &search, &again);
        check_same(run, &again, all, count);
        with_slots += count > 0;
        with_crews += count > 0 && job.technicians > 1;
    }
    cr_expect_gt(with_crews, ROSTERS / 50, "crews were found, too: %d", with_crews);
    cr_expect_gt(with_slots, ROSTERS / 4, "the rosters are neither empty nor full: %d", with_slots);
    cr_expect_lt(with_slots, ROSTERS * 9 / 10, "%d", with_slots);
    arena_done(&arena);
}
