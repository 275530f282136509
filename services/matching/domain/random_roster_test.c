/* Linked into tests only; what is promised at random is promised by the schedule's own check. */
#include "services/matching/domain/random_roster.h"
#include <assert.h>
#include <stdio.h>

bool chance(struct random *random, int64_t of)
{
    return random_below(random, of) == 0;
}

static double unit(struct random *random)
{
    return (double)random_below(random, 1000000) / 1e6;
}

struct place random_place(struct random *random)
{
    return (struct place){ 52.1 + 0.3 * unit(random), 20.8 + 0.4 * unit(random) };
}

/* ---- by hand ---- */

struct technician plain_technician(int number)
{
    struct technician who = { .is_active = true,
                              .is_readable = true,
                              .skills = SKILL_BIT(SKILL_PLUMBING),
                              .home = { 52.23, 21.01 } };

    snprintf(who.id.text, sizeof who.id.text, "00000000-0000-7000-8000-%012d", number);
    snprintf(who.first_name, sizeof who.first_name, "Anna%d", number);
    return who;
}

struct book_day *plain_day(struct arena *arena, const struct technician *who, int32_t date)
{
    struct book_day *day = ARENA_NEW(arena, struct book_day);
    struct stretch *stretch = ARENA_ARRAY(arena, struct stretch, STRETCHES_MOST);

    stretch->work = (struct window){ DAYS(date) + HOURS(8), DAYS(date) + HOURS(16) };
    day->who = who;
    day->date = date;
    day->version = 1;
    day->stretches = stretch;
    day->stretch_count = 1;
    day->reserved = ARENA_ARRAY(arena, struct window, RESERVED_MOST);
    day->stops = ARENA_ARRAY(arena, struct stop, STOPS_MOST);
    return day;
}

void promise(struct book_day *day, timestamp start_at, int64_t work_ms, struct place place)
{
    struct day all = { .stops = day->stops, .count = day->stop_count, .capacity = STOPS_MOST };

    day_insert(&all, &(struct stop){ start_at, work_ms, place, STOP_VISIT });
    day->stop_count = (uint8_t)all.count;
}

struct roster *roster_of(struct arena *arena, struct book_day *const days[], size_t count)
{
    struct roster *roster = ARENA_NEW(arena, struct roster);

    roster->members = ARENA_ARRAY(arena, struct member, count);
    for (size_t i = 0; i < count; i++) {
        size_t at = 0;
        while (at < roster->count && roster->members[at].who != days[i]->who)
            at++;
        struct member *member = &roster->members[at];
        if (at == roster->count) {
            roster->count++;
            member->days = ARENA_ARRAY(arena, struct book_day *, count);
            member->dates = ARENA_ARRAY(arena, int32_t, count);
            member->who = days[i]->who;
            roster_list(arena, roster, at);
        }
        assert(member->day_count == 0 || member->days[member->day_count - 1]->date < days[i]->date);
        member->dates[member->day_count] = days[i]->date;
        member->days[member->day_count++] = days[i];
    }
    return roster;
}

/* ---- at random ---- */

static void random_papers(struct arena *arena, struct random *random, struct technician *who)
{
    struct area *areas = ARENA_ARRAY(arena, struct area, 2);

    who->areas = areas;
    if (chance(random, 2)) {
        timestamp from = DAYS(ROSTER_DATE - 10), until = DAYS(ROSTER_DATE) + HOURS(30);
        who->licences[who->licence_count++] =
            (struct held_licence){ LICENCE_GAS,
                                   { from, until + MINUTES(random_below(random, 2000)) } };
    }
    for (int64_t i = random_below(random, 3); i > 0; i--)
        areas[who->area_count++] =
            (struct area){ random_place(random), random_between(random, 5000, 30000) };
    for (uint64_t word = 1; word <= 3; word++)
        if (!chance(random, 4))
            who->equipment[who->equipment_count++] = word;
}

static struct technician *random_technician(struct arena *arena, struct random *random, int number)
{
    struct technician *who = ARENA_NEW(arena, struct technician);

    *who = plain_technician(number);
    who->skills = (uint64_t)random_between(random, 1, 7) << SKILL_GAS | SKILL_BIT(SKILL_PLUMBING);
    who->is_active = !chance(random, 12);
    who->is_readable = !chance(random, 20);
    who->home = random_place(random);
    who->longest_travel_m = chance(random, 3) ? random_between(random, 3000, 40000) : 0;
    random_papers(arena, random, who);
    return who;
}

static void random_stretches(struct random *random, struct book_day *day,
                             struct stretch stretches[STRETCHES_MOST])
{
    timestamp at = DAYS(day->date) + HOURS(5) + MINUTES(15) * random_below(random, 16);

    day->stretch_count = 0;
    for (int64_t i = random_below(random, 4); i > 0; i--) {
        int64_t length_ms = HOURS(2) + MINUTES(10) * random_below(random, 40);
        stretches[day->stretch_count++] =
            (struct stretch){ { at, at + length_ms }, 0, chance(random, 4) };
        at += length_ms + (chance(random, 2) ? 0 : MINUTES(random_below(random, 200)));
    }
    if (day->stretch_count && chance(random, 2))
        stretches[random_below(random, day->stretch_count)].overtime_ms =
            MINUTES(random_below(random, 90));
}

static void random_stop(struct random *random, struct book_day *day, enum stop_kind kind)
{
    size_t at = (size_t)random_below(random, day->stretch_count);
    struct window work = day->stretches[at].work;
    struct stop stop = {
        .start_at =
            work.from + MINUTES(5) * random_below(random, window_length_ms(work) / MINUTES(5)),
        .work_ms = MINUTES(random_between(random, 15, 90)),
        .place = random_place(random),
        .kind = kind,
    };
    struct stop before[STOPS_MOST];
    size_t count = day->stop_count;
    struct day all = { .stops = day->stops, .count = count, .capacity = STOPS_MOST };

    for (size_t i = 0; i < count; i++)
        before[i] = day->stops[i];
    day_insert(&all, &stop);
    day->stop_count = (uint8_t)all.count;
    bool holds = stop_end(&stop) <= work.until;
    for (size_t i = 0; i < day->stretch_count && holds; i++) {
        struct day shift = day_of_stretch(day, i, 0);
        holds = day_check(&shift, &estimated_roads).fit == FIT_YES;
    }
    if (holds)
        return;
    for (size_t i = 0; i < count; i++)
        day->stops[i] = before[i];
    day->stop_count = (uint8_t)count;
}

struct book_day *random_day(struct arena *arena, struct random *random,
                            const struct technician *who, int32_t date)
{
    struct book_day *day = plain_day(arena, who, date);
    struct stretch *stretches = ARENA_ARRAY(arena, struct stretch, STRETCHES_MOST);
    struct window *reserved = ARENA_ARRAY(arena, struct window, RESERVED_MOST);

    random_stretches(random, day, stretches);
    day->stretches = stretches;
    day->reserved = reserved;
    day->is_unreadable = chance(random, 25);
    for (int64_t i = day->stretch_count ? random_below(random, 5) : 0; i > 0; i--)
        random_stop(random, day, chance(random, 4) ? STOP_BREAK : STOP_VISIT);
    for (int64_t i = random_below(random, 3); i > 0; i--) {
        timestamp from = DAYS(date) + MINUTES(10) * random_below(random, 144);
        reserved[day->reserved_count++] =
            (struct window){ from, from + MINUTES(random_between(random, 20, 200)) };
    }
    return day;
}

/* Free parts are 1 to 4, pieces that are kept for somebody 101 to 104. */
static struct van_parts random_van(struct arena *arena, struct random *random)
{
    uint64_t *parts = ARENA_ARRAY(arena, uint64_t, 8);
    size_t count = 0;

    for (uint64_t part = 4; part >= 1; part--) {
        if (chance(random, 3))
            parts[count++] = part;
        if (chance(random, 6))
            parts[count++] = 100 + part;
    }
    van_parts_sort(parts, count);
    return (struct van_parts){ parts, count };
}

struct roster *random_roster(struct arena *arena, struct random *random, size_t technicians)
{
    struct book_day **days = ARENA_ARRAY(arena, struct book_day *, technicians * ROSTER_DAYS);
    size_t count = 0;

    for (size_t i = 0; i < technicians; i++) {
        struct technician *who = random_technician(arena, random, (int)i);
        for (int32_t date = ROSTER_DATE; date < ROSTER_DATE + ROSTER_DAYS; date++)
            if (count == 0 || days[count - 1]->who != who || !chance(random, 5))
                days[count++] = random_day(arena, random, who, date);
    }
    struct roster *roster = roster_of(arena, days, count);
    for (size_t i = 0; i < roster->count; i++)
        roster->members[i].standing =
            (struct standing){ random_below(random, 60), 0, HOURS(random_below(random, 60)),
                               HOURS(random_below(random, 100)) };
    for (size_t i = 0; i < roster->count; i++)
        roster->members[i].standing.sum =
            roster->members[i].standing.answers * random_between(random, 3, 6);
    for (size_t i = 0; i < roster->count; i++)
        roster->members[i].van = random_van(arena, random);
    return roster;
}

struct visit_job random_job(struct random *random)
{
    static const enum skill skills[] = { SKILL_PLUMBING, SKILL_GAS, SKILL_HEATING };
    timestamp from = DAYS(ROSTER_DATE) + MINUTES(random_below(random, 2880));
    struct visit_job job = { .place = random_place(random),
                             .length_ms = MINUTES(random_between(random, 10, 180)),
                             .skill = skills[random_below(random, 3)],
                             .starts = { from, from + MINUTES(random_below(random, 2000)) },
                             .is_emergency = chance(random, 4),
                             .waiting_permille = random_below(random, 1001),
                             .reserved_from = from + MINUTES(random_below(random, 300)) };
    timestamp at = from;

    if (chance(random, 4))
        job.needs[job.need_count++] = (uint64_t)random_between(random, 1, 3);
    if (chance(random, 4))
        job.again = plain_technician((int)random_below(random, 4)).id;
    for (int64_t i = chance(random, 3) ? random_between(random, 1, 3) : 0; i > 0; i--) {
        timestamp begins = at + MINUTES(random_below(random, 300));
        at = begins + MINUTES(random_between(random, 1, 400));
        job.windows[job.window_count++] = (struct window){ begins, at };
    }
    if (chance(random, 2))
        job.part = (uint64_t)random_between(random, 1, 4);
    if (job.part && chance(random, 2))
        job.own_part = 100 + job.part;
    return job;
}

struct policy random_policy(struct random *random)
{
    struct policy policy = usual_policy;

    policy.travel_permille = random_below(random, 2000);
    policy.risk_permille = random_below(random, 1000);
    policy.risk_spare_ms = MINUTES(random_below(random, 60));
    policy.quality_ms = MINUTES(random_below(random, 30));
    policy.quality_most_ms = MINUTES(random_below(random, 20));
    policy.load_ms = MINUTES(random_below(random, 60));
    policy.again_ms = MINUTES(random_below(random, 90));
    policy.part_ms = MINUTES(random_below(random, 60));
    policy.candidates = chance(random, 2) ? 64 : random_between(random, 1, 3);
    return policy;
}

struct roster *shuffled(struct arena *arena, struct random *random, const struct roster *roster)
{
    struct roster *other = ARENA_NEW(arena, struct roster);

    other->members = ARENA_ARRAY(arena, struct member, roster->count + 1);
    for (size_t i = 0; i < roster->count; i++) {
        size_t at = (size_t)random_below(random, (int64_t)i + 1);
        other->members[i] = other->members[at];
        other->members[at] = roster->members[i];
    }
    other->count = roster->count;
    for (size_t i = 0; i < other->count; i++)
        roster_list(arena, other, i);
    return other;
}
