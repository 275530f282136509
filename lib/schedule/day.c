/* The day as an array of stops; the drives between them are asked of the roads. */
#include "lib/schedule/day.h"
#include <assert.h>
#include <string.h>

const char *fit_text(enum fit fit)
{
    static const char *const texts[] = {
#define FIT(constant, text) [constant] = (text),
        FITS(FIT)
#undef FIT
    };

    return texts[fit];
}

timestamp stop_end(const struct stop *stop)
{
    return stop->start_at + stop->work_ms;
}

static timestamp home_limit(const struct day *day)
{
    return day->shift.until + day->overtime_ms;
}

static timestamp latest(timestamp a, timestamp b)
{
    return a > b ? a : b;
}

struct drive {
    timestamp arrive_at;
    int64_t ms;
};

/* Leaves at `free_at` or after the first of the breaks [first, last) before which it does not
 * fit. */
static struct drive drive(const struct day *day, const struct roads *roads, struct way way,
                          timestamp free_at, size_t first, size_t last)
{
    for (size_t i = first;; i++) {
        int64_t ms = roads_ms(roads, way, free_at);
        if (i >= last || free_at + ms <= day->stops[i].start_at)
            return (struct drive){ free_at + ms, ms };
        free_at = stop_end(&day->stops[i]);
    }
}

static struct gap find_gap(const struct day *day, size_t at)
{
    struct gap gap = { .at = at, .first = at, .last = at };

    while (gap.first > 0 && day->stops[gap.first - 1].kind == STOP_BREAK)
        gap.first--;
    while (gap.last < day->count && day->stops[gap.last].kind == STOP_BREAK)
        gap.last++;
    const struct stop *before = gap.first > 0 ? &day->stops[gap.first - 1] : NULL;
    const struct stop *behind = gap.last < day->count ? &day->stops[gap.last] : NULL;
    gap.from = before ? before->place : day->start;
    gap.free_at = before ? stop_end(before) : day->shift.from;
    gap.to = behind ? behind->place : day->end;
    gap.limit = behind ? behind->start_at : home_limit(day);
    gap.has_drive = before || behind;
    return gap;
}

/* When the job can begin at the earliest: there, and done with the breaks before it. */
static timestamp ready_at(const struct day *day, const struct gap *gap, timestamp arrive_at)
{
    return gap->at > gap->first ? latest(arrive_at, stop_end(&day->stops[gap->at - 1])) : arrive_at;
}

/* The way to the job, when it can begin, and what it adds to the driving. */
static void approach_job(const struct day *day, const struct roads *roads,
                         const struct day_job *job, struct opening *opening)
{
    const struct gap *gap = &opening->gap;
    struct way into = gap->first == 0 && job->from_start ? *job->from_start
                                                         : roads_way(roads, gap->from, job->place);
    struct drive in = drive(day, roads, into, gap->free_at, gap->first, gap->at);

    opening->out_of = gap->last == day->count && job->to_end
                          ? *job->to_end
                          : roads_way(roads, job->place, gap->to);
    opening->ready_at = ready_at(day, gap, in.arrive_at);
    opening->travel_ms = in.ms;
    opening->travel_m = into.m + opening->out_of.m;
    if (gap->has_drive) {
        struct way past = roads_way(roads, gap->from, gap->to);
        opening->travel_ms -= drive(day, roads, past, gap->free_at, gap->first, gap->last).ms;
        opening->travel_m -= past.m;
    }
}

int64_t opening_least_ms(const struct opening *opening, const struct roads *roads)
{
    return opening->travel_ms + roads_least_ms(roads, opening->out_of);
}

struct day_start opening_start(const struct day *day, const struct roads *roads,
                               const struct day_job *job, const struct opening *opening,
                               timestamp start_at)
{
    const struct gap *gap = &opening->gap;
    timestamp done_at = start_at + job->work_ms;
    struct drive out = drive(day, roads, opening->out_of, done_at, gap->at, gap->last);

    if (out.arrive_at > gap->limit) {
        bool homeward = gap->last == day->count;
        return (struct day_start){ start_at, .fit = homeward ? FIT_HOME_LATE : FIT_TRAVEL_AFTER };
    }
    timestamp next_at = gap->limit, ready = out.arrive_at;
    if (gap->last > gap->at) {
        next_at = day->stops[gap->at].start_at;
        if (out.arrive_at > next_at)
            ready = done_at; /* he drives after the break, so only the work is before it */
    }
    return (struct day_start){
        .start_at = start_at,
        .fit = FIT_YES,
        .added_travel_ms = opening->travel_ms + out.ms,
        .added_travel_m = opening->travel_m,
        .spare_before_ms = start_at - opening->ready_at,
        .spare_after_ms = next_at - ready,
    };
}

/* Where a stop with this start would stand: before the first that does not start earlier. */
static size_t position_of(const struct day *day, timestamp start_at)
{
    size_t low = 0, high = day->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (day->stops[middle].start_at < start_at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* When the work of a stop at this position may begin and must be done, drives aside. */
static struct window room_at(const struct day *day, size_t at)
{
    return (struct window){
        at > 0 ? stop_end(&day->stops[at - 1]) : day->shift.from,
        at < day->count ? day->stops[at].start_at : home_limit(day),
    };
}

struct day_start day_can_start(const struct day *day, const struct roads *roads,
                               const struct day_job *job, timestamp start_at)
{
    size_t at = position_of(day, start_at);
    struct window room = room_at(day, at);
    timestamp done_at = start_at + job->work_ms;
    enum fit fit = FIT_YES;

    assert(job->work_ms > 0);
    if (start_at < day->shift.from || done_at > home_limit(day))
        fit = FIT_OUTSIDE_SHIFT;
    else if (start_at < room.from || done_at > room.until)
        fit = FIT_OVERLAP;
    if (fit != FIT_YES)
        return (struct day_start){ start_at, .fit = fit };
    struct opening opening = { .gap = find_gap(day, at) };
    approach_job(day, roads, job, &opening);
    if (opening.ready_at > start_at)
        return (struct day_start){ start_at, .fit = FIT_TRAVEL_BEFORE };
    return opening_start(day, roads, job, &opening, start_at);
}

timestamp next_on_grid(timestamp at, int64_t grid_ms)
{
    int64_t over = at % grid_ms;
    return over == 0 ? at : at - over + (at > 0 ? grid_ms : 0);
}

bool day_next_opening(const struct day *day, const struct roads *roads, const struct day_job *job,
                      struct window window, int64_t grid_ms, struct opening *opening)
{
    size_t at = opening->is_found ? opening->gap.at + 1 : position_of(day, window.from);

    assert(job->work_ms > 0 && grid_ms > 0);
    for (; at <= day->count; at++) {
        struct window room = room_at(day, at);
        timestamp first = next_on_grid(latest(room.from, window.from), grid_ms);
        timestamp last = room.until - job->work_ms;
        if (room.from >= window.until)
            break;
        if (last >= window.until)
            last = window.until - 1;
        if (first > last)
            continue;
        *opening = (struct opening){ .is_found = true, .gap = find_gap(day, at) };
        approach_job(day, roads, job, opening);
        opening->first = next_on_grid(latest(first, opening->ready_at), grid_ms);
        opening->last = last;
        if (opening->first <= last)
            return true;
    }
    return false;
}

size_t day_starts(const struct day *day, const struct roads *roads, const struct day_job *job,
                  struct window window, int64_t grid_ms, struct day_start ret_starts[], size_t max)
{
    struct opening opening = { 0 };
    size_t count = 0;

    while (count < max && day_next_opening(day, roads, job, window, grid_ms, &opening))
        for (timestamp at = opening.first; at <= opening.last && count < max; at += grid_ms) {
            struct day_start start = opening_start(day, roads, job, &opening, at);
            if (start.fit != FIT_YES)
                break; /* who leaves later is not there earlier */
            ret_starts[count++] = start;
        }
    return count;
}

/* What is wrong with the hours of a stop, drives aside. */
static struct day_violation check_hours(const struct day *day, size_t at)
{
    const struct stop *stop = &day->stops[at];
    timestamp free_at = at > 0 ? stop_end(&day->stops[at - 1]) : day->shift.from;
    int64_t early_ms = day->shift.from - stop->start_at;
    int64_t late_ms = stop_end(stop) - home_limit(day);

    if (early_ms > 0 || late_ms > 0)
        return (struct day_violation){ FIT_OUTSIDE_SHIFT, at, latest(early_ms, late_ms) };
    if (stop->start_at < free_at)
        return (struct day_violation){ FIT_OVERLAP, at, free_at - stop->start_at };
    return (struct day_violation){ FIT_YES, at, 0 };
}

/* The drive that ends at position `at` (a stop with a place, or `count` for home), added to the
 * cost; returns by how much it is late. */
static int64_t add_drive(const struct day *day, const struct roads *roads, size_t at,
                         struct day_cost *cost)
{
    struct gap gap = find_gap(day, at);
    struct way way = roads_way(roads, gap.from, gap.to);
    struct drive in = drive(day, roads, way, gap.free_at, gap.first, at);

    cost->travel_ms += in.ms;
    cost->travel_m += way.m;
    if (gap.first > 0 && at < day->count) {
        cost->idle_ms += gap.limit - gap.free_at - in.ms;
        for (size_t rest = gap.first; rest < at; rest++)
            cost->idle_ms -= day->stops[rest].work_ms;
    }
    return in.arrive_at - gap.limit;
}

/* Walks the day once, up to the first violation; the cost is what was seen until there. */
static struct day_violation walk(const struct day *day, const struct roads *roads,
                                 struct day_cost *cost)
{
    bool has_drives = false;

    for (size_t i = 0; i < day->count; i++) {
        struct day_violation violation = check_hours(day, i);
        if (violation.fit != FIT_YES)
            return violation;
        if (day->stops[i].kind == STOP_BREAK)
            continue;
        has_drives = true;
        int64_t late_ms = add_drive(day, roads, i, cost);
        if (late_ms > 0)
            return (struct day_violation){ FIT_TRAVEL_BEFORE, i, late_ms };
        cost->work_ms += day->stops[i].work_ms;
    }
    int64_t late_ms = has_drives ? add_drive(day, roads, day->count, cost) : 0;
    if (late_ms > 0)
        return (struct day_violation){ FIT_HOME_LATE, day->count, late_ms };
    return (struct day_violation){ FIT_YES, day->count, 0 };
}

struct day_violation day_check(const struct day *day, const struct roads *roads)
{
    struct day_cost unused = { 0 };
    return walk(day, roads, &unused);
}

struct day_cost day_cost(const struct day *day, const struct roads *roads)
{
    struct day_cost cost = { 0 };

    walk(day, roads, &cost);
    return cost;
}

bool day_insert(struct day *day, const struct stop *stop)
{
    if (day->count == day->capacity)
        return false;
    struct stop *place = day->stops + position_of(day, stop->start_at);
    memmove(place + 1, place, (size_t)(day->stops + day->count - place) * sizeof *place);
    *place = *stop;
    day->count++;
    return true;
}
