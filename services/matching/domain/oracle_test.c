/* Every quarter of an hour, the whole day driven from its beginning. */
#include "services/matching/domain/oracle.h"
#include <criterion/criterion.h>
#include <string.h>

/* ---- the rules of technicians, in plain words ---- */

bool may_come(const struct technician *who, const struct visit_job *job)
{
    bool has_needs = true, is_near = who->longest_travel_m == 0, is_in = who->area_count == 0;
    bool has_paper = skill_licence(job->skill) == LICENCE_NONE;

    for (size_t i = 0; i < who->licence_count; i++)
        has_paper |= who->licences[i].kind == skill_licence(job->skill);

    for (size_t i = 0; i < job->need_count; i++) {
        bool has = false;
        for (size_t k = 0; k < who->equipment_count; k++)
            has |= who->equipment[k] == job->needs[i];
        has_needs &= has;
    }
    for (size_t i = 0; i < who->area_count; i++)
        is_in |= distance_m(job->place, who->areas[i].centre) <= who->areas[i].radius_m;
    is_near |= travel_m(who->home, job->place) <= who->longest_travel_m;
    return who->is_active && who->is_readable && (who->skills >> job->skill & 1) && has_paper &&
           has_needs && is_in && is_near;
}

static bool is_licensed(const struct technician *who, enum skill skill, timestamp from,
                        timestamp until)
{
    if (skill_licence(skill) == LICENCE_NONE)
        return true;
    for (size_t i = 0; i < who->licence_count; i++)
        if (who->licences[i].kind == skill_licence(skill) && who->licences[i].valid.from <= from &&
            who->licences[i].valid.until >= until)
            return true;
    return false;
}

/* ---- a whole day, driven ---- */

struct driven {
    int64_t ms, m;
    int64_t spare_before_ms, spare_after_ms; /* of the new stop */
    bool holds;
};

/* One drive in [free_at, ...], whole before, between or after the breaks that begin after free_at
 * and lie before the stop `at`. */
static timestamp arrive(const struct stop stops[], size_t breaks_from, size_t at, struct place from,
                        struct place to, timestamp free_at, int64_t *ms)
{
    timestamp leave_at = free_at;

    for (size_t i = breaks_from; i < at; i++) {
        if (leave_at + travel_ms(from, to, leave_at) <= stops[i].start_at)
            break;
        leave_at = stops[i].start_at + stops[i].work_ms;
    }
    *ms = travel_ms(from, to, leave_at);
    return leave_at + *ms;
}

/* `fresh`: index of the new stop, or -1. */
static struct driven drive_day(const struct stop stops[], size_t count, struct place home,
                               struct window shift, int64_t overtime_ms, int fresh)
{
    struct driven day = { .holds = true };
    struct place at = home;
    timestamp free_at = shift.from, limit = shift.until + overtime_ms;
    size_t breaks_from = 0;
    bool moved = false;
    int64_t ms;

    for (size_t i = 0; i < count; i++) {
        timestamp end = stops[i].start_at + stops[i].work_ms;
        day.holds &= stops[i].start_at >= shift.from && end <= limit;
        day.holds &= i == 0 || stops[i].start_at >= stops[i - 1].start_at + stops[i - 1].work_ms;
        if (stops[i].kind == STOP_BREAK)
            continue;
        timestamp there = arrive(stops, breaks_from, i, at, stops[i].place, free_at, &ms);
        timestamp ready = i > breaks_from && stops[i - 1].start_at + stops[i - 1].work_ms > there
                              ? stops[i - 1].start_at + stops[i - 1].work_ms
                              : there;
        day.holds &= there <= stops[i].start_at;
        if ((int)i == fresh)
            day.spare_before_ms = stops[i].start_at - ready;
        day.ms += ms;
        day.m += travel_m(at, stops[i].place);
        at = stops[i].place;
        free_at = end;
        breaks_from = i + 1;
        moved = true;
    }
    if (moved) {
        day.holds &= arrive(stops, breaks_from, count, at, home, free_at, &ms) <= limit;
        day.ms += ms;
        day.m += travel_m(at, home);
    }
    return day;
}

/* How much longer the new work could take if he left for what follows as planned. */
static int64_t spare_after(const struct stop stops[], size_t count, size_t fresh, struct place home,
                           timestamp limit)
{
    timestamp done_at = stops[fresh].start_at + stops[fresh].work_ms;
    size_t next = fresh + 1;
    int64_t ms;

    while (next < count && stops[next].kind == STOP_BREAK)
        next++;
    struct place to = next < count ? stops[next].place : home;
    timestamp there = arrive(stops, fresh + 1, next, stops[fresh].place, to, done_at, &ms);
    if (next > fresh + 1) /* a break comes first */
        return stops[fresh + 1].start_at - (there <= stops[fresh + 1].start_at ? there : done_at);
    return (next < count ? stops[next].start_at : limit) - there;
}

/* ---- the score, in plain words ---- */

static bool has_it_with_him(const struct member *member, const struct visit_job *job)
{
    for (size_t i = 0; i < member->van.count; i++)
        if (member->van.parts[i] == job->part || member->van.parts[i] == job->own_part)
            return true;
    return false;
}

static int64_t score_of(const struct policy *policy, const struct visit_job *job,
                        const struct member *member, const struct driven *with,
                        const struct driven *without, timestamp start_at)
{
    const struct standing *s = &member->standing;
    bool is_new = s->answers == 0 || s->answers < policy->newcomer_answers;
    int64_t mean = is_new ? policy->newcomer_mean_permille : 0, risk = 0;
    int64_t quality = 6000 - (is_new ? mean : s->sum * 1000 / s->answers);

    quality = quality * policy->quality_ms / 1000;
    if (quality > policy->quality_most_ms)
        quality = policy->quality_most_ms;
    int64_t promised = s->promised_ms < s->work_ms ? s->promised_ms : s->work_ms;
    int64_t load = s->work_ms ? promised * policy->load_ms / s->work_ms : 0;
    if (with->spare_before_ms < policy->risk_spare_ms)
        risk += policy->risk_spare_ms - with->spare_before_ms;
    if (with->spare_after_ms < policy->risk_spare_ms)
        risk += policy->risk_spare_ms - with->spare_after_ms;
    bool is_again = strcmp(member->who->id.text, job->again.text) == 0;
    int64_t part = job->part && !has_it_with_him(member, job) ? policy->part_ms : 0;
    return part + (with->ms - without->ms) * policy->travel_permille / 1000 +
           (start_at - job->starts.from) / 1000 * job->waiting_permille +
           risk * policy->risk_permille / 1000 + quality + load - (is_again ? policy->again_ms : 0);
}

/* ---- everything that is possible ---- */

static bool is_wanted(const struct visit_job *job, timestamp at)
{
    bool is_in = job->window_count == 0;

    for (size_t i = 0; i < job->window_count; i++)
        is_in |= at >= job->windows[i].from && at < job->windows[i].until;
    return is_in && at >= job->starts.from && at < job->starts.until;
}

static bool is_reserved(const struct book_day *day, const struct visit_job *job, timestamp at)
{
    bool is_kept = false;

    /* Hour by hour from the window's beginning, those that begin too soon are let go. */
    for (size_t i = 0; i < day->reserved_count; i++)
        for (timestamp hour = day->reserved[i].from; hour < day->reserved[i].until;
             hour += HOURS(1))
            is_kept |= hour >= job->reserved_from && hour < at + job->length_ms &&
                       at < hour + HOURS(1) && at < day->reserved[i].until;
    return is_kept && !job->is_emergency;
}

/* Stops that touch the stretch, with the new one among them; returns its index. */
static int stops_with(const struct book_day *day, struct window work, const struct visit_job *job,
                      timestamp at, bool with, struct stop stops[], size_t *count)
{
    int fresh = -1;

    *count = 0;
    for (size_t i = 0; i < day->stop_count; i++) {
        const struct stop *stop = &day->stops[i];
        if (stop->start_at + stop->work_ms <= work.from || stop->start_at >= work.until)
            continue;
        if (with && fresh < 0 && stop->start_at >= at) {
            fresh = (int)*count;
            stops[(*count)++] = (struct stop){ at, job->length_ms, job->place, STOP_VISIT };
        }
        stops[(*count)++] = *stop;
    }
    if (with && fresh < 0) {
        fresh = (int)*count;
        stops[(*count)++] = (struct stop){ at, job->length_ms, job->place, STOP_VISIT };
    }
    return fresh;
}

static void try_start(const struct search *search, const struct member *member,
                      const struct book_day *day, size_t stretch, timestamp at,
                      struct possible all[], size_t *count)
{
    const struct visit_job *job = search->job;
    struct stop stops[STOPS_MOST + 1];
    struct window work = day->stretches[stretch].work;
    int64_t overtime_ms = day->stretches[stretch].overtime_ms;
    if (stretch + 1 < day->stretch_count &&
        overtime_ms > day->stretches[stretch + 1].work.from - work.until)
        overtime_ms = day->stretches[stretch + 1].work.from - work.until;
    size_t stop_count;
    struct place home = member->who->home;

    stops_with(day, work, job, at, false, stops, &stop_count);
    struct driven without = drive_day(stops, stop_count, home, work, overtime_ms, -1);
    int fresh = stops_with(day, work, job, at, true, stops, &stop_count);
    struct driven with = drive_day(stops, stop_count, home, work, overtime_ms, fresh);
    if (!with.holds)
        return;
    with.spare_after_ms =
        spare_after(stops, stop_count, (size_t)fresh, home, work.until + overtime_ms);
    cr_assert_lt(*count, FOUND_MOST);
    all[(*count)++] =
        (struct possible){ member->who, day->date, at,
                           score_of(search->policy, job, member, &with, &without, at) };
}

void try_day(const struct search *search, const struct member *member, const struct book_day *day,
             struct possible all[], size_t *count)
{
    const struct visit_job *job = search->job;

    for (size_t i = 0; i < day->stretch_count && !day->is_unreadable; i++) {
        struct window work = day->stretches[i].work;
        if (day->stretches[i].is_on_call && !job->is_emergency)
            continue;
        timestamp at = (work.from + SLOT_GRID_MS - 1) / SLOT_GRID_MS * SLOT_GRID_MS;
        for (; at < work.until; at += SLOT_GRID_MS)
            if (is_wanted(job, at) && !is_reserved(day, job, at) &&
                is_licensed(member->who, job->skill, at, at + job->length_ms))
                try_start(search, member, day, i, at, all, count);
    }
}
