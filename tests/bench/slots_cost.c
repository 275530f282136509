/* What a search costs as the number of technicians grows, in one thread, without HTTP or database:
 * 14 days each, ten visits a technician, homes where people live. Prints one JSON line a size. */
#include "lib/base/arena.h"
#include "lib/domain/calendar.h"
#include "lib/domain/random.h"
#include "services/matching/domain/search_slots.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DATE = 20800, DAYS_EACH = 14, SEARCHES = 3000, TRADES = 13 };

/* Where 40 of a hundred live; the others anywhere in the country. */
static const struct place cities[] = { { 52.23, 21.01 }, { 50.06, 19.94 }, { 51.11, 17.03 },
                                       { 51.76, 19.46 }, { 52.41, 16.93 }, { 54.35, 18.65 },
                                       { 53.43, 14.55 }, { 51.25, 22.57 }, { 53.12, 18.01 },
                                       { 53.13, 23.16 }, { 50.26, 19.02 } };

static double unit(struct random *random)
{
    return (double)random_below(random, 1000000) / 1e6;
}

/* Roughly a bell: the mean of four. */
static double bell(struct random *random)
{
    return unit(random) + unit(random) + unit(random) + unit(random) - 2;
}

static struct place some_place(struct random *random)
{
    struct place city = cities[random_below(random, (int64_t)(sizeof cities / sizeof cities[0]))];

    if (random_below(random, 10) >= 4)
        return (struct place){ 49.5 + 5 * unit(random), 15.0 + 8 * unit(random) };
    return place_rounded(
        (struct place){ city.lat + 0.1 * bell(random), city.lon + 0.16 * bell(random) });
}

static void fill_day(struct random *random, struct book_day *day)
{
    timestamp at = day->stretches[0].work.from + HOURS(1);

    for (int64_t visits = random_between(random, -1, 2); visits > 0; visits--) {
        struct place home = day->who->home;
        day->stops[day->stop_count++] = (struct stop){ at,
                                                       HOURS(1),
                                                       { home.lat + 0.06 * (unit(random) - 0.5),
                                                         home.lon + 0.09 * (unit(random) - 0.5) },
                                                       STOP_VISIT };
        at += HOURS(2);
    }
}

static struct book_day *make_day(struct arena *arena, struct random *random,
                                 const struct technician *who, int32_t date)
{
    struct book_day *day = ARENA_NEW(arena, struct book_day);
    struct stretch *work = ARENA_NEW(arena, struct stretch);
    timestamp from = date_start(date) + HOURS(random_below(random, 5) ? 8 : 12);

    work->work = (struct window){ from, from + HOURS(8) };
    day->who = who;
    day->date = date;
    day->stretches = work;
    day->stretch_count = 1;
    day->stops = ARENA_ARRAY(arena, struct stop, 3);
    fill_day(random, day);
    return day;
}

static struct member make_member(struct arena *arena, struct random *random, int number)
{
    struct technician *who = ARENA_NEW(arena, struct technician);
    struct member member = { .who = who,
                             .days = ARENA_ARRAY(arena, struct book_day *, DAYS_EACH),
                             .dates = ARENA_ARRAY(arena, int32_t, DAYS_EACH),
                             .standing = { 40, 230, HOURS(10), HOURS(112) } };

    snprintf(who->id.text, sizeof who->id.text, "00000000-0000-7000-8000-%012d", number);
    who->is_active = who->is_readable = true;
    who->home = some_place(random);
    who->longest_travel_m = 30000 + 10000 * random_below(random, 4);
    /* A trade has three skills of which somebody has most. */
    who->skills = (UINT64_C(1) + 2 * (uint64_t)random_below(random, 4))
                  << 3 * random_below(random, TRADES);
    for (int32_t date = DATE; date < DATE + DAYS_EACH; date++) {
        member.dates[member.day_count] = date;
        member.days[member.day_count++] = make_day(arena, random, who, date);
    }
    return member;
}

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int by_number(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* One order, as they come: mostly urgent and usual ones, without a licence. */
static struct visit_job some_job(struct random *random)
{
    static const struct {
        int64_t permille, days;
    } urgencies[] = { { 1000, 1 }, { 200, 2 }, { 200, 2 }, { 20, 7 },
                      { 20, 7 },   { 20, 7 },  { 5, 14 } };
    int64_t at = random_below(random, 7);
    timestamp from = date_start(DATE) + HOURS(8) + MINUTES(random_below(random, 600));
    struct visit_job job = { .place = some_place(random),
                             .length_ms = HOURS(1),
                             .starts = { from, from + DAYS(urgencies[at].days) },
                             .waiting_permille = urgencies[at].permille };

    do
        job.skill = (enum skill)(3 * random_below(random, TRADES));
    while (skill_licence(job.skill) != LICENCE_NONE);
    return job;
}

static void measure(size_t technicians)
{
    struct random random = { .state = 1 };
    struct arena arena = { 0 }, turn = { 0 };
    struct roster roster = { .members = ARENA_ARRAY(&arena, struct member, technicians) };
    static int64_t times[SEARCHES];
    int64_t asked = 0, found_none = 0;

    for (; roster.count < technicians; roster.count++) {
        roster.members[roster.count] = make_member(&arena, &random, (int)roster.count);
        roster_list(&arena, &roster, roster.count);
    }
    for (int i = 0; i < SEARCHES; i++) {
        struct visit_job job = some_job(&random);
        struct search search = { .roster = &roster,
                                 .roads = &estimated_roads,
                                 .policy = &usual_policy,
                                 .job = &job,
                                 .most = 12,
                                 .one_per_start = true };
        struct slot_search found;
        arena_reset(&turn);
        int64_t began = now_ns();
        search_slots(&turn, &search, &found);
        times[i] = now_ns() - began;
        asked += (int64_t)found.asked_count;
        found_none += found.count == 0;
    }
    qsort(times, SEARCHES, sizeof times[0], by_number);
    int64_t middle_ns = times[SEARCHES / 2], slow_ns = times[SEARCHES * 99 / 100];
    printf("{\"technicians\": %zu, \"p50_us\": %.0f, \"p99_us\": %.0f, \"asked\": %.0f, "
           "\"without\": %lld}\n",
           technicians, (double)middle_ns / 1e3, (double)slow_ns / 1e3, (double)asked / SEARCHES,
           (long long)found_none);
    arena_done(&arena);
    arena_done(&turn);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        measure((size_t)strtoul(argv[i], NULL, 10));
    return argc > 1 ? 0 : 2;
}
