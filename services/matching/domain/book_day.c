/* The hard rules of a promise: active, skilled, licensed at that hour, equipped, in his territory,
 * near enough, in shift, room and travel, nothing that is kept for emergencies. */
#include "services/matching/domain/book_day.h"
#include <assert.h>
#include <math.h>

const char *slot_rule_text(enum slot_rule rule)
{
    static const char *const texts[] = {
#define RULE(constant, text) text,
        SLOT_RULES(RULE)
#undef RULE
    };

    return texts[rule];
}

/* ---- the technician ---- */

static bool has_licence(const struct technician *who, enum skill skill)
{
    enum licence needed = skill_licence(skill);

    for (size_t i = 0; i < who->licence_count; i++)
        if (who->licences[i].kind == needed)
            return true;
    return needed == LICENCE_NONE;
}

static bool is_licensed(const struct technician *who, enum skill skill, struct window work)
{
    enum licence needed = skill_licence(skill);

    for (size_t i = 0; needed != LICENCE_NONE && i < who->licence_count; i++)
        if (who->licences[i].kind == needed && window_covers(who->licences[i].valid, work))
            return true;
    return needed == LICENCE_NONE;
}

static bool has_all(const struct technician *who, const struct visit_job *job)
{
    size_t found = 0;

    for (size_t i = 0; i < job->need_count; i++) {
        size_t at = 0;
        while (at < who->equipment_count && who->equipment[at] != job->needs[i])
            at++;
        found += at < who->equipment_count;
    }
    return found == job->need_count;
}

static bool is_in_area(const struct technician *who, struct place place)
{
    for (size_t i = 0; i < who->area_count; i++)
        if (distance_m(who->areas[i].centre, place) <= who->areas[i].radius_m)
            return true;
    return who->area_count == 0;
}

/* No road is shorter than the way as the crow flies; a degree is never less than this in Poland. */
static bool is_surely_too_far(const struct technician *who, struct place place)
{
    static const double LAT_DEGREE_M = 110000, LON_DEGREE_M = 62000;
    double bound_m = (double)who->longest_travel_m;

    return fabs(who->home.lat - place.lat) * LAT_DEGREE_M > bound_m ||
           fabs(who->home.lon - place.lon) * LON_DEGREE_M > bound_m;
}

static bool is_too_far(const struct technician *who, const struct roads *roads, struct place place)
{
    return who->longest_travel_m > 0 &&
           (is_surely_too_far(who, place) ||
            roads_way(roads, who->home, place).m > who->longest_travel_m);
}

enum slot_rule check_technician(const struct technician *who, const struct roads *roads,
                                const struct visit_job *job)
{
    if (!who->is_readable || !place_valid(job->place))
        return SLOT_UNREADABLE;
    if (!who->is_active)
        return SLOT_INACTIVE;
    if (!skills_include(who->skills, SKILL_BIT(job->skill)))
        return SLOT_NO_SKILL;
    if (!has_licence(who, job->skill))
        return SLOT_NO_LICENCE;
    if (!(job->relaxed & RELAX_EQUIPMENT) && !has_all(who, job))
        return SLOT_NO_EQUIPMENT;
    if (!(job->relaxed & RELAX_AREA) && !is_in_area(who, job->place))
        return SLOT_OUT_OF_AREA;
    if (!(job->relaxed & RELAX_TRAVEL) && is_too_far(who, roads, job->place))
        return SLOT_TOO_FAR;
    return SLOT_FITS;
}

/* ---- the hour ---- */

struct day day_of_stretch(const struct book_day *day, size_t stretch, unsigned relaxed)
{
    const struct stretch *of = &day->stretches[stretch];
    bool is_last = stretch + 1 == day->stretch_count;
    int64_t overtime_ms = of->overtime_ms;
    size_t first = 0, count = 0;

    /* Each stretch begins and ends at home: overtime ends where the next one begins. */
    if (is_last)
        overtime_ms += relaxed & RELAX_OVERTIME ? RELAXED_OVERTIME_MS : 0;
    else if (overtime_ms > of[1].work.from - of->work.until)
        overtime_ms = of[1].work.from - of->work.until;

    /* Work that began before this stretch and reaches into it still binds him. */
    while (first < day->stop_count && stop_end(&day->stops[first]) <= of->work.from)
        first++;
    while (first + count < day->stop_count && day->stops[first + count].start_at < of->work.until)
        count++;
    return (struct day){
        .shift = of->work,
        .overtime_ms = overtime_ms,
        .start = day->who->home,
        .end = day->who->home,
        .stops = day->stops + first,
        .count = count,
        .capacity = count,
    };
}

static bool may_use(const struct stretch *stretch, const struct visit_job *job)
{
    return !stretch->is_on_call || job->is_emergency || job->relaxed & RELAX_ON_CALL;
}

/* A window is let go hour by hour. */
static struct window kept_of(struct window reserved, timestamp reserved_from)
{
    if (reserved.from < reserved_from)
        reserved.from =
            reserved.from + (reserved_from - reserved.from + HOURS(1) - 1) / HOURS(1) * HOURS(1);
    if (reserved.from > reserved.until)
        reserved.from = reserved.until;
    return reserved;
}

/* The end of what is kept for emergencies in these hours; 0 when nothing is. */
static timestamp reserved_until(const struct book_day *day, const struct visit_job *job,
                                struct window during)
{
    if (job->is_emergency || job->relaxed & RELAX_RESERVE)
        return 0;
    for (size_t i = 0; i < day->reserved_count; i++)
        if (window_overlaps(kept_of(day->reserved[i], job->reserved_from), during))
            return day->reserved[i].until;
    return 0;
}

enum slot_rule check_start(const struct book_day *day, const struct roads *roads,
                           const struct visit_job *job, timestamp start_at,
                           struct day_start *ret_start)
{
    struct day_job work = { job->place, job->length_ms };
    struct window during = { start_at, start_at + job->length_ms };
    enum slot_rule rule = check_technician(day->who, roads, job);
    size_t at = 0;

    if (rule != SLOT_FITS)
        return rule;
    if (day->is_unreadable)
        return SLOT_UNREADABLE;
    while (at < day->stretch_count && !window_contains(day->stretches[at].work, start_at))
        at++;
    if (at == day->stretch_count)
        return SLOT_NO_SHIFT;
    if (!may_use(&day->stretches[at], job))
        return SLOT_ON_CALL;
    struct day shift = day_of_stretch(day, at, job->relaxed);
    struct day_start start = day_can_start(&shift, roads, &work, start_at);
    if (start.fit != FIT_YES)
        return SLOT_NO_ROOM;
    if (reserved_until(day, job, during))
        return SLOT_RESERVED;
    if (!is_licensed(day->who, job->skill, during))
        return SLOT_LICENCE_ENDS;
    if (ret_start)
        *ret_start = start;
    return SLOT_FITS;
}

static enum slot_rule further(enum slot_rule a, enum slot_rule b)
{
    return a > b ? a : b;
}

/* One day while its starts are walked. */
struct walk {
    const struct book_day *day;
    const struct roads *roads;
    const struct visit_job *job;
    const struct start_visitor *visitor;
    const struct home_ways *home;
    struct day shift;
    struct day_job work;
};

static enum slot_rule visit_opening(const struct walk *walk, const struct opening *opening)
{
    enum slot_rule rule = SLOT_NO_ROOM;

    for (timestamp at = opening->first; at <= opening->last; at += SLOT_GRID_MS) {
        struct window during = { at, at + walk->job->length_ms };
        struct day_start start = opening_start(&walk->shift, walk->roads, &walk->work, opening, at);
        if (start.fit != FIT_YES)
            break; /* who leaves later is not there earlier */
        timestamp kept_until = reserved_until(walk->day, walk->job, during);
        if (kept_until) {
            rule = further(rule, SLOT_RESERVED);
            at = next_on_grid(kept_until, SLOT_GRID_MS) - SLOT_GRID_MS;
            continue;
        }
        if (!is_licensed(walk->day->who, walk->job->skill, during)) {
            rule = further(rule, SLOT_LICENCE_ENDS);
            continue;
        }
        rule = SLOT_FITS;
        if (!walk->visitor->takes(walk->visitor->context, &start))
            break;
    }
    return rule;
}

static enum slot_rule visit_window(struct walk *walk, struct window window)
{
    const struct start_visitor *visitor = walk->visitor;
    struct opening opening = { 0 };
    enum slot_rule rule = SLOT_NO_ROOM;

    /* Without stops he comes from home and goes back there: no need to look closer to know that. */
    if (walk->shift.count == 0 &&
        !visitor->enters(visitor->context, walk->home->least_ms,
                         (struct window){ window.from, window.until - 1 }))
        return SLOT_NO_ROOM;
    while (day_next_opening(&walk->shift, walk->roads, &walk->work, window, SLOT_GRID_MS, &opening))
        if (visitor->enters(visitor->context, opening_least_ms(&opening, walk->roads),
                            (struct window){ opening.first, opening.last }))
            rule = further(rule, visit_opening(walk, &opening));
    return rule;
}

static enum slot_rule visit_stretch(struct walk *walk, size_t stretch)
{
    const struct visit_job *job = walk->job;
    struct window window = window_intersect(walk->day->stretches[stretch].work, job->starts);
    enum slot_rule rule = SLOT_NO_SHIFT;

    if (window_empty(window))
        return SLOT_NO_SHIFT;
    if (!may_use(&walk->day->stretches[stretch], job))
        return SLOT_ON_CALL;
    walk->shift = day_of_stretch(walk->day, stretch, job->relaxed);
    if (job->window_count == 0)
        return visit_window(walk, window);
    for (size_t i = 0; i < job->window_count; i++) {
        struct window part = window_intersect(window, job->windows[i]);
        if (!window_empty(part))
            rule = further(rule, visit_window(walk, part));
    }
    return rule;
}

struct home_ways home_ways_of(const struct technician *who, const struct roads *roads,
                              const struct visit_job *job)
{
    struct way there = roads_way(roads, who->home, job->place),
               back = roads_way(roads, job->place, who->home);

    return (struct home_ways){ there, back,
                               roads_least_ms(roads, there) + roads_least_ms(roads, back) };
}

enum slot_rule visit_starts(const struct book_day *day, const struct roads *roads,
                            const struct visit_job *job, const struct home_ways *home,
                            const struct start_visitor *visitor)
{
    struct walk walk = { .day = day,
                         .roads = roads,
                         .job = job,
                         .visitor = visitor,
                         .home = home,
                         .work = { job->place, job->length_ms, &home->there, &home->back } };
    enum slot_rule rule = SLOT_NO_SHIFT;

    assert(job->length_ms > 0);
    for (size_t i = 0; !day->is_unreadable && i < day->stretch_count; i++)
        rule = further(rule, visit_stretch(&walk, i));
    return day->is_unreadable ? SLOT_UNREADABLE : rule;
}
