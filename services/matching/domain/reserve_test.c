/* What is kept for emergencies, by example, and what no choice may do. */
#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "lib/domain/random.h"
#include "services/matching/domain/reserve.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { DATE = 20000, MOST = 60 };

static const struct place warsaw = { 52.23, 21.01 }, otwock = { 52.106, 21.261 },
                          gdansk = { 54.35, 18.65 };

static timestamp hour_at(int hour)
{
    return date_start(DATE) + HOURS(hour);
}

/* A day with what it points to; settled where it lies. */
struct own_day {
    struct technician who;
    struct stretch work;
    struct stop stop;
    struct book_day day;
};

static struct own_day day_of(int number, struct place home)
{
    struct own_day own = { .who = { .is_active = true,
                                    .is_readable = true,
                                    .skills = SKILL_BIT(SKILL_PLUMBING),
                                    .home = home },
                           .work = { .work = { hour_at(8), hour_at(18) } },
                           .day = { .date = DATE, .stretch_count = 1 } };

    snprintf(own.who.id.text, sizeof own.who.id.text, "00000000-0000-7000-8000-%012d", number);
    return own;
}

static void settle(struct own_day *own)
{
    own->day.who = &own->who;
    own->day.stretches = &own->work;
    own->day.stops = &own->stop;
}

static struct reserve_need need_at(int hour, int64_t hours)
{
    return (struct reserve_need){ .skill = SKILL_PLUMBING,
                                  .hour = { hour_at(hour), hour_at(hour + 1) },
                                  .hours = hours };
}

Test(reserve, hours)
{
    const struct {
        const char *name;
        int64_t weekly[RESERVE_WEEKS], length_ms, hours;
    } rows[] = {
        { "no emergency, no reserve", { 0 }, HOURS(1), 0 },
        { "one week in eight is no custom", { 0, 5 }, HOURS(1), 0 },
        { "two are: the second largest", { 0, 5, 0, 2 }, HOURS(1), 2 },
        { "the order of weeks does not matter", { 2, 0, 0, 0, 0, 0, 0, 5 }, HOURS(1), 2 },
        { "the same each week", { 3, 3, 3, 3, 3, 3, 3, 3 }, HOURS(1), 3 },
        { "longer visits take more hours", { 1, 1, 1, 1, 1, 1, 1, 1 }, MINUTES(90), 2 },
        { "short ones share an hour", { 3, 3, 3, 3, 3, 3, 3, 3 }, MINUTES(20), 1 },
        { "whole hours, rounded up", { 3, 3, 3, 3, 3, 3, 3, 3 }, MINUTES(21), 2 },
    };

    EACH (row, rows)
        cr_expect_eq(reserve_hours(row->weekly, row->length_ms), row->hours, "%s: %lld", row->name,
                     (long long)reserve_hours(row->weekly, row->length_ms));
}

struct town {
    struct arena arena;
    struct own_day days[MOST];
    struct reserve_candidate candidates[MOST];
    size_t count;
    struct place centres[2];
    struct reserve_need needs[48];
    size_t need_count;
    struct reserve_choice *choices;
    size_t choice_count;
};

/* `count` plumbers in Warsaw, who work from 8 to 18. */
static void make_town(struct town *town, size_t count)
{
    memset(town, 0, sizeof *town);
    town->count = count;
    town->centres[0] = warsaw;
    town->centres[1] = otwock;
    for (size_t i = 0; i < count; i++) {
        town->days[i] = day_of((int)i, warsaw);
        settle(&town->days[i]);
        town->candidates[i].day = &town->days[i].day;
    }
}

static size_t choose(struct town *town, int64_t share_permille)
{
    struct reserve_question question = { town->candidates,     town->count, town->centres,
                                         COUNT(town->centres), town->needs, town->need_count,
                                         share_permille };

    choose_reserve(&town->arena, &question, &town->choices, &town->choice_count);
    return town->choice_count;
}

Test(reserve, of_one_nobody_is_kept)
{
    static struct town town;

    for (size_t count = 0; count <= 3; count++) {
        make_town(&town, count);
        town.needs[0] = need_at(10, 5);
        town.need_count = 1;
        cr_expect_eq(choose(&town, 1000), count ? count - 1 : 0, "%zu technicians", count);
        arena_done(&town.arena);
    }
}

Test(reserve, shares)
{
    static struct town town;
    const struct {
        const char *name;
        size_t technicians;
        int64_t hours, share_permille;
        size_t needs, chosen;
    } rows[] = {
        { "a fifth of four is none", 4, 9, 200, 1, 0 },
        { "a fifth of five is one", 5, 9, 200, 1, 1 },
        { "no more than is wanted", 50, 3, 200, 1, 3 },
        { "a fifth of ten hours: two of one day each", 5, 1, 200, 10, 10 },
        { "and of two days no more than four", 10, 9, 200, 10, 20 },
        { "no share, no reserve", 50, 9, 0, 10, 0 },
    };

    EACH (row, rows) {
        make_town(&town, row->technicians);
        for (size_t i = 0; i < row->needs; i++)
            town.needs[i] = need_at(8 + (int)i, row->hours);
        town.need_count = row->needs;
        cr_expect_eq(choose(&town, row->share_permille), row->chosen, "%s: %zu", row->name,
                     town.choice_count);
        arena_done(&town.arena);
    }
}

static bool is_chosen(const struct town *town, size_t number)
{
    for (size_t i = 0; i < town->choice_count; i++)
        if (town->choices[i].day == &town->days[number].day)
            return true;
    return false;
}

Test(reserve, who_is_not_asked)
{
    static struct town town;
    const struct {
        const char *name;
        struct own_day day;
        int64_t hours_before;
        bool is_chosen;
    } rows[] = {
        { "the first by id", day_of(0, warsaw), 0, true },
        { "whose turn has been already", day_of(0, warsaw), 1, false },
        { "who lives nearer to another town", day_of(0, otwock), 0, false },
        { "who lives beyond reach", day_of(0, gdansk), 0, false },
    };

    EACH (row, rows) {
        make_town(&town, 10);
        town.days[0] = row->day;
        settle(&town.days[0]);
        town.candidates[0].hours_before = row->hours_before;
        town.needs[0] = need_at(10, 1);
        town.need_count = 1;
        cr_expect_eq(choose(&town, 200), 1, "%s", row->name);
        cr_expect_eq(is_chosen(&town, 0), row->is_chosen, "%s", row->name);
        arena_done(&town.arena);
    }
}

Test(reserve, who_cannot_is_not_kept)
{
    static struct town town;
    struct own_day inactive = day_of(0, warsaw), unskilled = inactive, visiting = inactive,
                   late = inactive, idle = inactive, called = inactive;

    inactive.who.is_active = false;
    unskilled.who.skills = SKILL_BIT(SKILL_GAS);
    visiting.stop = (struct stop){ .start_at = hour_at(9), .work_ms = HOURS(1) + 1 };
    visiting.day.stop_count = 1;
    late.work.work.from = hour_at(10) + 1;
    idle.day.stretch_count = 0;
    called.work.is_on_call = true;
    const struct {
        const char *name;
        const struct own_day *day;
    } rows[] = {
        { "is not active", &inactive },
        { "has not the skill", &unskilled },
        { "has a visit into that hour", &visiting },
        { "comes a moment later", &late },
        { "does not work", &idle },
        { "is on call: emergencies have him anyway", &called },
    };

    EACH (row, rows) {
        make_town(&town, 10);
        town.days[0] = *row->day;
        settle(&town.days[0]);
        town.needs[0] = need_at(10, 2);
        town.need_count = 1;
        choose(&town, 300);
        cr_expect_gt(town.choice_count, 0, "%s", row->name);
        cr_expect_not(is_chosen(&town, 0), "%s", row->name);
        arena_done(&town.arena);
    }
}

/* ---- properties ---- */

static void make_random(struct town *town, struct random *random)
{
    make_town(town, (size_t)random_between(random, 1, MOST));
    for (size_t i = 0; i < town->count; i++) {
        struct own_day *own = &town->days[i];
        struct window *work = &own->work.work;
        own->who.home = random_below(random, 3) ? warsaw : otwock;
        own->who.skills = (uint64_t)random_below(random, 4);
        work->from = hour_at((int)random_between(random, 6, 12));
        work->until = work->from + HOURS(random_between(random, 4, 12));
        if (random_below(random, 2)) {
            own->stop = (struct stop){
                .start_at = work->from + MINUTES(random_below(random, 300)),
                .work_ms = MINUTES(random_between(random, 30, 180)),
            };
            own->day.stop_count = 1;
        }
        town->candidates[i].hours_before = random_below(random, 4);
    }
    for (town->need_count = 0; town->need_count < COUNT(town->needs); town->need_count++) {
        struct reserve_need need =
            need_at((int)town->need_count / 2 % 24, random_between(random, 1, 4));
        need.town = (int)random_below(random, 2);
        need.skill = (enum skill)(town->need_count % 2);
        town->needs[town->need_count] = need;
    }
}

static void check_day_share(const struct town *town, int64_t share_permille, uint64_t seed)
{
    for (size_t i = 0; i < town->count; i++) {
        int64_t kept_ms = 0;
        for (size_t k = 0; k < town->choice_count; k++)
            if (town->choices[k].day == &town->days[i].day)
                kept_ms += HOURS(1);
        cr_assert_leq(kept_ms * 1000, window_length_ms(town->days[i].work.work) * share_permille,
                      "seed %llu", (unsigned long long)seed);
    }
}

static void check_hour_share(const struct town *town, int64_t share_permille, uint64_t seed)
{
    for (int hour = 0; hour < 24; hour++)
        for (int number = 0; number < 2; number++) {
            struct place centre = number ? otwock : warsaw;
            struct window window = { hour_at(hour), hour_at(hour + 1) };
            int64_t kept = 0, at_work = 0;
            for (size_t i = 0; i < town->count; i++)
                at_work += place_same(town->days[i].who.home, centre) &&
                           window_covers(town->days[i].work.work, window);
            for (size_t i = 0; i < town->choice_count; i++)
                kept += town->choices[i].need.town == number &&
                        town->choices[i].need.hour.from == window.from;
            cr_assert_leq(kept * 1000, at_work * share_permille, "seed %llu, hour %d",
                          (unsigned long long)seed, hour);
        }
}

static void check_choices(const struct town *town, uint64_t seed)
{
    for (size_t i = 0; i < town->choice_count; i++) {
        const struct reserve_choice *choice = &town->choices[i];
        const struct book_day *day = choice->day;
        struct window visit = { day->stops[0].start_at,
                                day->stops[0].start_at + day->stops[0].work_ms };
        cr_assert(window_covers(day->stretches[0].work, choice->need.hour),
                  "seed %llu: outside his shift", (unsigned long long)seed);
        cr_assert(day->who->skills & SKILL_BIT(choice->need.skill), "seed %llu: no skill",
                  (unsigned long long)seed);
        cr_assert_not(day->stop_count && window_overlaps(visit, choice->need.hour),
                      "seed %llu: over a visit", (unsigned long long)seed);
        for (size_t k = 0; k < i; k++)
            cr_assert_not(town->choices[k].day == day &&
                              town->choices[k].need.hour.from == choice->need.hour.from,
                          "seed %llu: kept twice", (unsigned long long)seed);
    }
}

static void shuffle(struct town *town, struct random *random)
{
    for (size_t i = town->count - 1; i > 0; i--) {
        size_t k = (size_t)random_below(random, (int64_t)i + 1);
        struct reserve_candidate swapped = town->candidates[i];
        town->candidates[i] = town->candidates[k];
        town->candidates[k] = swapped;
    }
    for (size_t i = town->need_count - 1; i > 0; i--) {
        size_t k = (size_t)random_below(random, (int64_t)i + 1);
        struct reserve_need swapped = town->needs[i];
        town->needs[i] = town->needs[k];
        town->needs[k] = swapped;
    }
}

Test(reserve, never_too_much_and_in_any_order_the_same)
{
    static struct town town;
    size_t chosen = 0;

    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct random random = { seed };
        int64_t share_permille = random_between(&random, 0, 500);
        make_random(&town, &random);
        choose(&town, share_permille);
        check_choices(&town, seed);
        check_day_share(&town, share_permille, seed);
        check_hour_share(&town, share_permille, seed);
        struct reserve_choice *before = town.choices;
        size_t count = town.choice_count;
        for (size_t i = 0; i < town.count; i++)
            town.candidates[i].hours_of_day = 0;
        shuffle(&town, &random);
        cr_assert_eq(choose(&town, share_permille), count, "seed %llu", (unsigned long long)seed);
        for (size_t i = 0; i < count; i++)
            cr_assert(before[i].day == town.choices[i].day &&
                          before[i].need.hour.from == town.choices[i].need.hour.from,
                      "seed %llu: another order, another choice", (unsigned long long)seed);
        chosen += count;
        arena_done(&town.arena);
    }
    cr_assert_gt(chosen, 1000, "%zu", chosen);
}
