/* Hours kept for emergencies. Every night each of the coming two weeks is planned, a turn a day;
 * then each technician-day that it changed gets its windows, a turn each, under its own lock. The
 * search for hours plans nothing but emergencies into them until shortly before they begin. */
#include "lib/domain/calendar.h"
#include "services/matching/handlers.h"
#include "services/matching/handlers/day_shapes.h"
#include "services/matching/store_nightly.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { RESERVE_DAYS = 14 };

/* ---- planning one day ---- */

static int by_technician(const void *a, const void *b)
{
    const struct reserve_candidate *left = a, *right = b;

    return strcmp(left->day->who->id.text, right->day->who->id.text);
}

/* Everybody whose day this process's memory has; whoever got a visit meanwhile is passed over when
 * his day is changed. */
static struct reserve_candidate *candidates_of(struct turn *turn, int32_t date, size_t *ret_count)
{
    const struct roster *roster = book_roster(date_from_timestamp(turn->now));
    struct reserve_candidate *candidates =
        ARENA_ARRAY(turn->arena, struct reserve_candidate, roster->count + 1);

    *ret_count = 0;
    for (size_t i = 0; i < roster->count; i++) {
        size_t count;
        struct book_day *const *days = member_days(&roster->members[i], date, date, &count);
        if (count)
            candidates[(*ret_count)++].day = days[0];
    }
    if (*ret_count)
        qsort(candidates, *ret_count, sizeof *candidates, by_technician);
    return candidates;
}

static struct error plan_day(struct turn *turn, int32_t day)
{
    struct reserve_question question = { .share_permille = matching_config.reserve_most_permille };
    struct reserve_choice *choices;
    struct demand demand;
    size_t count;

    store_clear_reserve(turn, day);
    TRY(store_load_demand(turn, day, &demand));
    if (demand.need_count == 0)
        return OK;
    question.candidates = candidates_of(turn, day, &question.candidate_count);
    TRY(store_count_reserve(turn, day, question.candidates, question.candidate_count));
    question.centres = demand.centres;
    question.centre_count = demand.town_count;
    question.needs = demand.needs;
    question.need_count = demand.need_count;
    choose_reserve(turn->arena, &question, &choices, &count);
    store_save_reserve(turn, day, choices, count, demand.towns);
    return OK;
}

/* One day a turn, until none is left. */
static struct error plan_next(struct turn *turn, struct text nothing)
{
    bool is_found = false;
    int32_t day = 0;

    (void)nothing;
    TRY(store_take_reserve_day(turn, &is_found, &day));
    if (!is_found)
        return OK;
    turn_follow(turn, "", plan_next, NO_TEXT);
    return plan_day(turn, day);
}

struct error plan_reserve(struct turn *turn, const char *nothing)
{
    int32_t today = date_from_timestamp(turn->now);
    bool is_due = false;

    TRY(store_take_reserve_night(turn, &is_due));
    if (is_due) {
        store_drop_demand(turn, turn->now - DAYS(7 * RESERVE_WEEKS));
        store_end_reserve_night(turn, next_night(turn->now), today + 1, today + RESERVE_DAYS);
    }
    return plan_next(turn, text_of(nothing));
}

/* ---- one technician-day gets its windows ---- */

static bool is_covered(Window *const windows[], size_t count, struct window hour)
{
    for (size_t i = 0; i < count; i++)
        if (window_covers((struct window){ windows[i]->from, windows[i]->until }, hour))
            return true;
    return false;
}

static bool is_touched(Window *const windows[], size_t count, struct window hour)
{
    for (size_t i = 0; i < count; i++)
        if (window_overlaps((struct window){ windows[i]->from, windows[i]->until }, hour))
            return true;
    return false;
}

static bool is_visiting(const TechnicianDay *day, struct window hour)
{
    for (size_t i = 0; i < day->n_visits; i++) {
        const Visit *visit = day->visits[i];
        if (window_overlaps((struct window){ visit->start_at, visit->start_at + visit->length_ms },
                            hour))
            return true;
    }
    return false;
}

/* Whether the day still has that hour: at work, no break, and no visit that came before it. An hour
 * that was kept already may hold one: it is what it was kept for, or it was let go. */
static bool can_keep(const TechnicianDay *day, struct window hour)
{
    return is_covered(day->work, day->n_work, hour) &&
           !is_touched(day->breaks, day->n_breaks, hour) &&
           (is_covered(day->reserved, day->n_reserved, hour) || !is_visiting(day, hour));
}

static void add_hour(struct turn *turn, Window *windows[], size_t *count, struct window hour)
{
    if (*count && windows[*count - 1]->until == hour.from) {
        windows[*count - 1]->until = hour.until;
        return;
    }
    Window *window = windows[(*count)++] = ARENA_NEW(turn->arena, Window);
    window__init(window);
    window->from = hour.from;
    window->until = hour.until;
}

static void drop_hours(struct turn *turn, const char *technician_id, int32_t day,
                       const struct window hours[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        store_drop_reserve_hour(turn, technician_id, day, hours[i].from);
}

static struct error keep_hours(struct turn *turn, const char *technician_id, int32_t date)
{
    TechnicianDay *day = NULL;
    struct window *hours;
    size_t count, kept = 0;

    store_end_reserve_due(turn, technician_id, date);
    TRY(store_load_reserve(turn, technician_id, date, &hours, &count));
    struct error opened = day_open(turn, technician_id, date, &day);
    if (opened.kind == ERROR_REJECTED) { /* he has no such day any more */
        drop_hours(turn, technician_id, date, hours, count);
        return OK;
    }
    TRY(opened);
    Window **windows = ARENA_ARRAY(turn->arena, Window *, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (can_keep(day, hours[i]))
            add_hour(turn, windows, &kept, hours[i]);
        else
            store_drop_reserve_hour(turn, technician_id, date, hours[i].from);
    }
    if (same_windows(windows, kept, day->reserved, day->n_reserved))
        return OK;
    day->reserved = windows;
    day->n_reserved = kept;
    TRY(store_save_day(turn, day));
    return day_tell(turn, day);
}

struct error apply_reserve(struct turn *turn, const char *subject)
{
    struct text rest, technician = text_cut(text_of(subject), '/', &rest);
    int64_t day = 0;
    bool is_day = text_number(rest, &day);

    assert(is_day); /* as due_reserves writes it */
    return keep_hours(turn, arena_text(turn->arena, technician), (int32_t)day);
}

void reserve_survives(struct turn *turn, const TechnicianDay *stored, TechnicianDay *fresh)
{
    if (!stored || stored->n_reserved == 0)
        return;
    fresh->reserved = ARENA_ARRAY(turn->arena, Window *, stored->n_reserved);
    for (size_t i = 0; i < stored->n_reserved; i++) {
        struct window kept = { stored->reserved[i]->from, stored->reserved[i]->until };
        if (is_covered(fresh->work, fresh->n_work, kept) &&
            !is_touched(fresh->breaks, fresh->n_breaks, kept))
            fresh->reserved[fresh->n_reserved++] = stored->reserved[i];
    }
    if (fresh->n_reserved < stored->n_reserved)
        store_want_reserve(turn, fresh->technician_id, fresh->day);
}

/* ---- what became of it ---- */

struct error report_reserve(struct turn *turn, const void *message, struct reply *reply)
{
    ReserveReport *report = ARENA_NEW(turn->arena, ReserveReport);
    const char *asked = query_parameter(turn, "day");
    int32_t day = date_from_timestamp(turn->now);

    (void)message;
    if (asked[0] && !date_parse(text_of(asked), &day))
        return refuse_field(turn, "day", "pattern", "Podaj dzień jak 2026-11-23.");
    reserve_report__init(report);
    report->day = arena_string(turn->arena, date_text(turn->arena, day));
    TRY(store_report_reserve(turn, date_window(day), report));
    for (size_t i = 0; i < report->n_hours; i++) {
        report->reserved += report->hours[i]->reserved;
        report->used += report->hours[i]->used;
        report->given_away += report->hours[i]->given_away;
        report->idle += report->hours[i]->idle;
        report->emergencies += report->hours[i]->emergencies;
        report->refused += report->hours[i]->refused;
    }
    reply->message = report;
    return OK;
}
