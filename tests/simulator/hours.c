/* What may happen to a promised hour: its customer moves it, its technician falls out, a plan wants
 * somebody else to come. Whatever happens, the rules are asked of the day as it is now. */
#include "tests/simulator/world.h"

enum { OUT_OF_ONE = 4 };

void tell_hour(struct world *world, enum kind kind, int visit)
{
    CHANGING(world->promised[visit]);
    world->promised[visit] = world->visits[visit].start_at;
    tell(world, (struct fact){ MATCHING, kind, world->visits[visit].order, visit, 0, 0 });
}

static struct visit_job job_of(const struct world *world, const struct visit *visit)
{
    return (struct visit_job){ .place = world->orders[visit->order].place,
                               .length_ms = HOURS(1),
                               .skill = SKILL_PLUMBING,
                               .starts = { world->now, world->now + DAYS(3) },
                               .waiting_permille = 20 };
}

/* Whether the visit may stand there, as if it stood nowhere now. */
static bool fits(struct world *world, const struct visit *visit, int number, timestamp start_at)
{
    struct visit_job job = job_of(world, visit);
    struct kept_day kept = world->days[number];
    struct book_day *day = &kept.day;

    day->stretches = &kept.stretch;
    day->stops = kept.stops;
    if (number == visit->day) {
        size_t at = 0;
        while (at < day->stop_count && day->stops[at].start_at != visit->start_at)
            at++;
        for (; at + 1 < day->stop_count; at++)
            day->stops[at] = day->stops[at + 1];
        day->stop_count--;
    }
    return day->stop_count < STOPS_MOST &&
           check_start(day, &estimated_roads, &job, start_at, NULL) == SLOT_FITS;
}

static void put(struct world *world, int number, int day, timestamp start_at)
{
    struct visit *visit = &world->visits[number];

    CHANGING(*visit);
    drop_stop(world, visit);
    visit->day = day;
    visit->start_at = start_at;
    add_stop(world, visit, HOURS(1));
    check_day(world, day);
}

/* ---- by consent ---- */

static void move_visit(struct world *world, const void *with)
{
    int number = *(const int *)with, day = below(world, DAYS_COUNT);
    const struct visit *visit = &world->visits[number];
    timestamp start_at = world->days[day].stretch.work.from +
                         MINUTES(15) * below(world, 4 * 8); /* a shift's quarters */

    if (start_at < world->now || start_at == visit->start_at || !fits(world, visit, day, start_at))
        return;
    put(world, number, day, start_at);
    tell_hour(world, VISIT_WAS_MOVED, number);
    world->moves++;
    check_promises(world);
}

/* ---- the technician falls out: the same hour with somebody else, or a new one by its name ---- */

static bool give_away(struct world *world, int number)
{
    const struct visit *visit = &world->visits[number];

    for (int day = visit->day % DATES; day < DAYS_COUNT; day += DATES) {
        if (day == visit->day || !fits(world, visit, day, visit->start_at))
            continue;
        put(world, number, day, visit->start_at);
        world->other_hands++;
        return true;
    }
    return false;
}

/* True when it left the day. */
static bool displace(struct world *world, int number)
{
    struct visit *visit = &world->visits[number];
    int order = visit->order;

    if (fits(world, visit, visit->day, visit->start_at))
        return false;
    if (give_away(world, number))
        return true;
    CHANGING(*visit);
    visit->is_live = false;
    drop_stop(world, visit);
    world->displaced++;
    if (!promise(world, order))
        tell(world, (struct fact){ MATCHING, NOBODY_WAS_FOUND, order, -1, 0, 0 });
    return true;
}

/* Who leaves was on the way home of the one before him, who may then be home too late: again, until
 * all who stay fit. */
static void settle(struct world *world, int day)
{
    bool has_left = true;

    while (has_left) {
        has_left = false;
        for (int i = 0; i < world->visit_count; i++)
            if (world->visits[i].is_live && world->visits[i].day == day)
                has_left = displace(world, i) || has_left;
    }
}

static bool has_done_work(const struct world *world, int day)
{
    for (int i = 0; i < world->visit_count; i++)
        if (world->visits[i].day == day && world->visits[i].is_done)
            return true;
    return false;
}

/* Ill from some hour on, or his papers end, or all is well again. What was done stays done. */
static void change_hours(struct world *world, const void *with)
{
    int number = *(const int *)with;
    struct kept_day *kept = &world->days[number];
    timestamp from = HOURS(480000) + DAYS(number % DATES) + HOURS(8);

    if (has_done_work(world, number))
        return;
    CHANGING(*kept);
    kept->day.is_unreadable = chance(world, 20);
    kept->stretch.work = (struct window){ from, from + HOURS(8 - below(world, 5)) };
    kept->day.version++;
    CHANGING(world->settling);
    world->settling = number + 1;
    settle(world, number);
    world->settling = 0;
    check_day(world, number);
    check_promises(world);
}

/* ---- routing's wish, computed from the day as memory had it ---- */

static void swap(struct world *world, const void *with)
{
    int number = *(const int *)with;
    const struct visit *visit = &world->visits[number];
    int to = (visit->day + DATES * (1 + below(world, TECHNICIANS - 1))) % DAYS_COUNT;

    if (world->memory[visit->day].day.version != world->days[visit->day].day.version ||
        world->memory[to].day.version != world->days[to].day.version) {
        world->plans_refused++;
        return;
    }
    if (!fits(world, visit, to, visit->start_at))
        return;
    put(world, number, to, visit->start_at);
    world->other_hands++;
    check_promises(world);
}

void hours_act(struct world *world)
{
    int visit = world->visit_count ? below(world, world->visit_count) : -1;
    bool stands = visit >= 0 && world->visits[visit].is_live && !world->visits[visit].is_done;
    int day = below(world, DAYS_COUNT);

    if (below(world, OUT_OF_ONE) == 0)
        turn(world, change_hours, &day);
    else if (stands && chance(world, 50))
        turn(world, move_visit, &visit);
    else if (stands)
        turn(world, swap, &visit);
}
