/* Who works when becomes technician-days. */
#include "lib/domain/calendar.h"
#include "lib/service/message.h"
#include "proto/workforce.pb-c.h"
#include "services/matching/handlers.h"
#include "services/matching/handlers/day_shapes.h"
#include <string.h>

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

/* Booked visits that the new day cannot carry any more look for somebody else, one turn each. What
 * was promised from the reserve, or on call, was promised. */
static struct error displace(struct turn *turn, TechnicianDay *day)
{
    for (size_t i = 0; i < day->n_visits; i++) {
        const Visit *visit = day->visits[i];
        TechnicianDay without = *day;
        enum slot_rule rule;
        if (visit->state == VISIT_STATE__DONE || visit->start_at <= turn->now)
            continue;
        without.visits = ARENA_ARRAY(turn->arena, Visit *, day->n_visits);
        memcpy(without.visits, day->visits, day->n_visits * sizeof *day->visits);
        day_drop_visit(&without, visit->visit_id);
        TRY(ask_day(turn, &without, visit, RELAX_RESERVE | RELAX_ON_CALL, &rule));
        if (rule == SLOT_FITS)
            continue;
        if (visit->state == VISIT_STATE__HELD) {
            turn_follow(turn, visit->work_order_id, let_go, text_of(visit->visit_id));
            continue;
        }
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

static struct error change_day(struct turn *turn, const struct calendar *calendar, int32_t date)
{
    TechnicianDay *fresh = calendar_day(turn, calendar, date), *stored = NULL;
    const char *subject = arena_format(turn->arena, "%s/%d", fresh->technician_id, date);
    TechnicianDayChanged changed = TECHNICIAN_DAY_CHANGED__INIT;

    TRY(subject_lock(turn, subject, NULL));
    TRY(store_load_day(turn, fresh->technician_id, date, &stored));
    reserve_survives(turn, stored, fresh);
    if (!stored && fresh->n_work == 0 && fresh->n_on_call == 0)
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
    struct calendar calendar = calendar_of(turn, technician);
    size_t count;

    /* A technician's day may hold visits of every partner. */
    turn_looks_over_walls(turn);
    note_told(turn, &calendar);
    for (size_t i = 0; i < technician->n_shifts; i++)
        if (technician->shifts[i]->day > last)
            last = technician->shifts[i]->day;
    TRY(store_load_day_numbers(turn, technician->technician_id, today, &days, &count));
    for (size_t i = 0; i < count; i++)
        if (days[i] > last)
            last = days[i];
    for (int32_t date = today - 1; date <= last; date++)
        TRY(change_day(turn, &calendar, date));
    return OK;
}
