/* Hours are spread over those who work in a zone, and a newcomer gets his share: a fortnight of one
 * zone, order after order, each booked at its best start (MA-13). */
#include "services/matching/domain/random_roster.h"
#include <criterion/criterion.h>
#include <stdlib.h>

/* Half of all hours are promised in the end: where all are, nothing is left to be fair with. */
enum { PEOPLE = 20, NEWCOMERS = 4, FORTNIGHT = 14, ORDERS = 600, SEEDS = 10 };

struct zone {
    struct technician people[PEOPLE];
    struct book_day *days[PEOPLE * FORTNIGHT];
    struct roster *roster;
    int64_t offers[PEOPLE]; /* starts in which he was the one named */
};

static void open_zone(struct arena *arena, struct random *random, struct zone *zone)
{
    for (int i = 0; i < PEOPLE; i++) {
        zone->people[i] = plain_technician(i);
        zone->people[i].home = random_place(random);
        for (int day = 0; day < FORTNIGHT; day++)
            zone->days[i * FORTNIGHT + day] = plain_day(arena, &zone->people[i], ROSTER_DATE + day);
    }
    zone->roster = roster_of(arena, zone->days, (size_t)PEOPLE * FORTNIGHT);
    for (int i = 0; i < PEOPLE; i++) {
        bool is_new = i < NEWCOMERS;
        int64_t answers = is_new ? 0 : 60;
        zone->roster->members[i].standing =
            (struct standing){ answers, is_new ? 0 : 360 - random_below(random, 15), 0,
                               FORTNIGHT * HOURS(8) };
    }
}

static void book_next(struct arena *arena, struct random *random, struct zone *zone,
                      const struct policy *policy, int number)
{
    timestamp from = DAYS(ROSTER_DATE) + HOURS(6) + DAYS(FORTNIGHT - 3) / ORDERS * number;
    struct visit_job job = { .place = random_place(random),
                             .length_ms = HOURS(1),
                             .skill = SKILL_PLUMBING,
                             .starts = { from, from + DAYS(3) },
                             .waiting_permille = policy->normal_permille };
    struct search search = { .roster = zone->roster,
                             .roads = &estimated_roads,
                             .policy = policy,
                             .job = &job,
                             .most = 12,
                             .one_per_start = true };
    struct slot_search found;

    search_slots(arena, &search, &found);
    if (found.count == 0)
        return;
    for (size_t i = 0; i < found.count; i++)
        zone->offers[found.slots[i].day->who - zone->people]++;
    const struct slot *best = &found.slots[0];
    int who = (int)(best->day->who - zone->people);
    promise(zone->days[who * FORTNIGHT + best->day->date - ROSTER_DATE], best->start.start_at,
            job.length_ms, job.place);
    zone->roster->members[who].standing.promised_ms += job.length_ms;
}

static int by_number(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* Gini's coefficient by its definition: mean difference of all pairs over twice the mean. */
static double gini(const struct zone *zone)
{
    double difference = 0, sum = 0;

    for (int i = 0; i < PEOPLE; i++) {
        double mine = (double)zone->roster->members[i].standing.promised_ms;
        sum += mine;
        for (int k = 0; k < PEOPLE; k++)
            difference += (double)llabs(zone->roster->members[i].standing.promised_ms -
                                        zone->roster->members[k].standing.promised_ms);
    }
    return difference / (2 * PEOPLE * sum);
}

static double run_zone(uint64_t seed, const struct policy *policy, struct zone *zone)
{
    struct random random = { .state = seed };
    struct arena kept = { 0 }, turn = { 0 };

    *zone = (struct zone){ 0 };
    open_zone(&kept, &random, zone);
    for (int i = 0; i < ORDERS; i++) {
        arena_reset(&turn);
        book_next(&turn, &random, zone, policy, i);
    }
    double spread = gini(zone);
    arena_done(&kept);
    arena_done(&turn);
    return spread;
}

Test(fairness, hours_are_spread_and_newcomers_get_their_share)
{
    struct policy careless = usual_policy;
    static struct zone zone;
    int64_t newcomers = 0, medians = 0;
    double with = 0, without = 0;

    careless.load_ms = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        int64_t sorted[PEOPLE];
        without += run_zone(seed, &careless, &zone);
        double spread = run_zone(seed, &usual_policy, &zone);
        with += spread;
        cr_expect_leq(spread, 0.2, "seed %d: %.3f", (int)seed, spread);
        for (int i = 0; i < NEWCOMERS; i++)
            newcomers += zone.offers[i];
        memcpy(sorted, zone.offers, sizeof sorted);
        qsort(sorted, PEOPLE, sizeof sorted[0], by_number);
        medians += NEWCOMERS * (sorted[PEOPLE / 2 - 1] + sorted[PEOPLE / 2]) / 2;
    }
    cr_expect_geq(newcomers * 100, medians * 80, "%d of %d", (int)newcomers, (int)medians);
    cr_expect_lt(with, 0.8 * without, "with the weight %.3f, without %.3f", with / SEEDS,
                 without / SEEDS);
}
