/* Who works when becomes technician-days; plans of routing become other technicians for the same
 * hours. */
#include "lib/domain/calendar.h"
#include "lib/service/message.h"
#include "proto/routing.pb-c.h"
#include "proto/workforce.pb-c.h"
#include "services/matching/handlers.h"
#include <stdlib.h>
#include <string.h>

/* ---- shifts less absences ---- */

static Window *make_window(struct turn *turn, timestamp from, timestamp until)
{
    Window *window = ARENA_NEW(turn->arena, Window);

    window__init(window);
    window->from = from;
    window->until = until;
    return window;
}

static int by_from(const void *a, const void *b)
{
    const struct window *left = a, *right = b;

    return left->from < right->from ? -1 : left->from > right->from;
}

/* What is left of a shift when the absences are taken out, added to the day's work. */
static void add_work(struct turn *turn, const Technician *technician, const Shift *shift,
                     TechnicianDay *day)
{
    struct window *absences = ARENA_ARRAY(turn->arena, struct window, technician->n_absences + 1);
    timestamp from = shift->from;

    for (size_t i = 0; i < technician->n_absences; i++)
        absences[i] =
            (struct window){ technician->absences[i]->from, technician->absences[i]->until };
    qsort(absences, technician->n_absences, sizeof *absences, by_from);
    for (size_t i = 0; i < technician->n_absences; i++) {
        if (absences[i].until <= from || absences[i].from >= shift->until)
            continue;
        if (absences[i].from > from && day->n_work < DAY_WORK_MOST)
            day->work[day->n_work++] = make_window(turn, from, absences[i].from);
        if (absences[i].until > from)
            from = absences[i].until;
    }
    if (from < shift->until && day->n_work < DAY_WORK_MOST)
        day->work[day->n_work++] = make_window(turn, from, shift->until);
}

static TechnicianDay *shape_of(struct turn *turn, const Technician *technician, int32_t date)
{
    TechnicianDay *day = ARENA_NEW(turn->arena, TechnicianDay);

    technician_day__init(day);
    day->technician_id = technician->technician_id;
    day->day = date;
    day->first_name = technician->first_name;
    day->n_skills = technician->n_skills;
    day->skills = technician->skills;
    day->n_licences = technician->n_licences;
    day->licences = technician->licences;
    day->home = technician->home;
    day->active = technician->active;
    day->longest_travel_m = technician->longest_travel_m;
    day->work = ARENA_ARRAY(turn->arena, Window *, DAY_WORK_MOST + 1);
    for (size_t i = 0; i < technician->n_shifts; i++)
        if (technician->shifts[i]->day == date)
            add_work(turn, technician, technician->shifts[i], day);
    return day;
}

static bool is_same_shape(struct turn *turn, const TechnicianDay *stored,
                          const TechnicianDay *fresh)
{
    TechnicianDay plain = *stored;

    plain.n_visits = 0;
    plain.visits = NULL;
    plain.version = fresh->version;
    struct text a = message_pack(turn->arena, &plain.base),
                b = message_pack(turn->arena, &fresh->base);
    return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

/* Booked visits that the new day cannot carry any more look for somebody else, one turn each. */
static struct error displace(struct turn *turn, TechnicianDay *day)
{
    struct book_day *book_day = ARENA_NEW(turn->arena, struct book_day);

    for (size_t i = 0; i < day->n_visits; i++) {
        const Visit *visit = day->visits[i];
        TechnicianDay without = *day;
        if (visit->state != VISIT_STATE__BOOKED || visit->start_at <= turn->now)
            continue;
        without.visits = ARENA_ARRAY(turn->arena, Visit *, day->n_visits);
        memcpy(without.visits, day->visits, day->n_visits * sizeof *day->visits);
        day_drop_visit(&without, visit->visit_id);
        struct visit_job job = { .place = { visit->place->lat, visit->place->lon },
                                 .length_ms = visit->length_ms };
        bool fits =
            skill_parse(text_of(visit->skill), &job.skill) && book_day_read(&without, book_day) &&
            check_start(book_day, &estimated_roads, &job, visit->start_at, NULL) == SLOT_FITS;
        if (fits)
            continue;
        /* Kept with the visit, for the timer; the turn that follows is only the quick way. */
        store_want_other(turn, visit->visit_id, true);
        turn_follow(turn, visit->work_order_id, displace_visit, text_of(visit->visit_id));
    }
    return OK;
}

struct error displace_rest(struct turn *turn, const char *technician_id, int32_t date)
{
    TechnicianDay *rest = NULL;

    TRY(day_open(turn, technician_id, date, &rest));
    return displace(turn, rest);
}

static struct error change_day(struct turn *turn, const Technician *technician, int32_t date)
{
    TechnicianDay *fresh = shape_of(turn, technician, date), *stored = NULL;
    const char *subject = arena_format(turn->arena, "%s/%d", technician->technician_id, date);
    TechnicianDayChanged changed = TECHNICIAN_DAY_CHANGED__INIT;

    TRY(subject_lock(turn, subject, NULL));
    TRY(store_load_day(turn, technician->technician_id, date, &stored));
    if (!stored && fresh->n_work == 0)
        return OK;
    if (stored && is_same_shape(turn, stored, fresh))
        return OK;
    fresh->version = stored ? stored->version + 1 : 1;
    TRY(store_save_day(turn, fresh));
    if (stored) {
        fresh->n_visits = stored->n_visits;
        fresh->visits = stored->visits;
    }
    changed.technician_day = fresh;
    emit_unowned(turn, subject, &changed);
    return displace(turn, fresh);
}

struct error on_technician_changed(struct turn *turn, const void *message)
{
    const TechnicianChanged *changed = message;
    const Technician *technician = changed->technician;
    int32_t today = date_from_timestamp(turn->now), last = today - 1, *days;
    size_t count;

    /* A technician's day may hold visits of every partner. */
    turn_looks_over_walls(turn);
    for (size_t i = 0; i < technician->n_shifts; i++)
        if (technician->shifts[i]->day > last)
            last = technician->shifts[i]->day;
    TRY(store_load_day_numbers(turn, technician->technician_id, today, &days, &count));
    for (size_t i = 0; i < count; i++)
        if (days[i] > last)
            last = days[i];
    for (int32_t date = today - 1; date <= last; date++)
        TRY(change_day(turn, technician, date));
    return OK;
}

/* ---- plans ---- */

enum { EVENING_HOUR = 18, SWAPS_MOST = 16 };

static struct error refuse_plan(struct turn *turn, const PlanProposed *plan, const char *rule)
{
    PlanRefused refused = PLAN_REFUSED__INIT;

    refused.plan_id = plan->plan_id;
    refused.rule = arena_string(turn->arena, rule);
    emit(turn, plan->plan_id, &refused);
    return OK;
}

struct opened_days {
    TechnicianDay *days[2 * SWAPS_MOST];
    size_t count;
};

static TechnicianDay *find_day(const struct opened_days *opened, const char *technician_id)
{
    for (size_t i = 0; i < opened->count; i++)
        if (string_is(opened->days[i]->technician_id, technician_id))
            return opened->days[i];
    return NULL;
}

/* Opens every day the plan was computed from; false when one has changed since. */
static struct error open_days(struct turn *turn, const PlanProposed *plan,
                              struct opened_days *ret_opened, bool *ret_current)
{
    *ret_current = plan->n_computed_from <= COUNT(ret_opened->days);
    for (size_t i = 0; *ret_current && i < plan->n_computed_from; i++) {
        const TechnicianDayVersion *from = plan->computed_from[i];
        TechnicianDay *day;
        struct error error = day_open(turn, from->technician_id, from->day, &day);
        if (error.kind == ERROR_REJECTED)
            *ret_current = false;
        else
            TRY(error);
        if (*ret_current && day->version != from->version)
            *ret_current = false;
        if (*ret_current)
            ret_opened->days[ret_opened->count++] = day;
    }
    return OK;
}

static Visit *take_out(const struct opened_days *opened, const ProposedSwap *swap)
{
    TechnicianDay *from = find_day(opened, swap->from_technician_id);

    for (size_t k = 0; from && k < from->n_visits; k++) {
        Visit *visit = from->visits[k];
        if (!string_is(visit->visit_id, swap->visit_id) || visit->state != VISIT_STATE__BOOKED)
            continue;
        day_drop_visit(from, visit->visit_id);
        return visit;
    }
    return NULL;
}

/* Into the other's day, at the same hour; NULL, or the rule that says no. */
static const char *put_in(struct turn *turn, const struct opened_days *opened,
                          const ProposedSwap *swap, Visit *visit)
{
    TechnicianDay *to = find_day(opened, swap->to_technician_id);
    struct book_day *book_day = ARENA_NEW(turn->arena, struct book_day);
    struct visit_job job = { .place = { visit->place->lat, visit->place->lon },
                             .length_ms = visit->length_ms };

    if (!to)
        return "day_not_named";
    if (!skill_parse(text_of(visit->skill), &job.skill) || !book_day_read(to, book_day))
        return "day_full";
    enum slot_rule rule = check_start(book_day, &estimated_roads, &job, visit->start_at, NULL);
    if (rule != SLOT_FITS)
        return slot_rule_text(rule);
    visit->technician_id = to->technician_id;
    visit->technician_name = to->first_name;
    day_add_visit(turn, to, visit);
    return NULL;
}

/* All out before any goes in: two may change places. NULL, or the rule that says no. */
static const char *apply_swaps(struct turn *turn, const PlanProposed *plan,
                               const struct opened_days *opened, Visit *visits[])
{
    const char *rule = NULL;

    for (size_t i = 0; i < plan->n_swaps; i++) {
        visits[i] = take_out(opened, plan->swaps[i]);
        if (!visits[i])
            return "visit_gone";
    }
    for (size_t i = 0; i < plan->n_swaps && !rule; i++)
        rule = put_in(turn, opened, plan->swaps[i], visits[i]);
    return rule;
}

static struct error save_swaps(struct turn *turn, const PlanProposed *plan,
                               const struct opened_days *opened, Visit *visits[])
{
    bool is_moved;

    /* Two may change places: between the two statements neither stands in the way of the other. */
    for (size_t i = 0; i < plan->n_swaps; i++)
        store_set_visit_state(turn, visits[i]->visit_id, VISIT_STATE__VISIT_STATE_UNSPECIFIED);
    for (size_t i = 0; i < plan->n_swaps; i++) {
        visits[i]->state = VISIT_STATE__BOOKED;
        TRY(store_move_visit(turn, visits[i], plan->day, &is_moved));
        if (!is_moved)
            return temporary("the plan's hour of visit %s is taken", visits[i]->visit_id);
        TRY(subject_lock(turn, visits[i]->work_order_id, NULL));
        turn_belongs_to(turn, visits[i]->partner_id);
        VisitReassigned reassigned = VISIT_REASSIGNED__INIT;
        reassigned.visit = visits[i];
        reassigned.from_technician_id = plan->swaps[i]->from_technician_id;
        reassigned.reason = "shorter_routes";
        emit(turn, visits[i]->work_order_id, &reassigned);
        turn_belongs_to(turn, "");
    }
    for (size_t i = 0; i < opened->count; i++)
        TRY(day_tell(turn, opened->days[i]));
    return OK;
}

struct error on_plan_proposed(struct turn *turn, const void *message)
{
    const PlanProposed *plan = message;
    struct opened_days *opened = ARENA_NEW(turn->arena, struct opened_days);
    Visit *visits[SWAPS_MOST];
    bool is_current = false;

    turn_looks_over_walls(turn);
    if (plan->n_swaps == 0 || plan->n_swaps > SWAPS_MOST)
        return refuse_plan(turn, plan, "size");
    /* People may be swapped until the evening before, after that only to repair. */
    if (turn->now >= date_start(plan->day) - HOURS(24 - EVENING_HOUR))
        return refuse_plan(turn, plan, "too_late");
    TRY(open_days(turn, plan, opened, &is_current));
    if (!is_current)
        return refuse_plan(turn, plan, "changed_since");
    const char *rule = apply_swaps(turn, plan, opened, visits);
    if (rule)
        return refuse_plan(turn, plan, rule);
    return save_swaps(turn, plan, opened, visits);
}

/* ---- the book in memory ---- */

struct error load_book(struct turn *turn)
{
    TechnicianDay **days;
    size_t count;

    turn_looks_over_walls(turn);
    TRY(store_load_book(turn, date_from_timestamp(turn->now) - 1, &days, &count));
    for (size_t i = 0; i < count; i++)
        book_follow(days[i]);
    log_info("book_loaded", NUMBER("technician_days", count),
             NUMBER("technicians", book_technician_count()));
    return OK;
}

void follow_technician_day(const struct fact *fact, const void *message)
{
    const TechnicianDayChanged *changed = message;

    (void)fact;
    if (changed->technician_day)
        book_follow(changed->technician_day);
}
