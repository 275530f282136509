/* A technician-day under its lock: opened, changed, one version on, told. */
#include "lib/service/failpoint.h"
#include "services/matching/handlers.h"
#include <string.h>

static const char *subject_of(struct turn *turn, const char *technician_id, int32_t day)
{
    return arena_format(turn->arena, "%s/%d", technician_id, day);
}

/* Holds whose time is over stand in nobody's way, even before the timer has come by. */
static bool expire_holds(struct turn *turn, TechnicianDay *day)
{
    bool has_expired = false;

    for (size_t i = day->n_visits; i > 0; i--) {
        const Visit *visit = day->visits[i - 1];
        if (visit->state != VISIT_STATE__HELD || visit->hold_until > turn->machine_now)
            continue;
        store_set_visit_state(turn, visit->visit_id, VISIT_STATE__EXPIRED);
        day_drop_visit(day, visit->visit_id);
        has_expired = true;
    }
    return has_expired;
}

struct error day_open(struct turn *turn, const char *technician_id, int32_t day,
                      TechnicianDay **ret_day)
{
    if (!id_valid(technician_id))
        return rejected(PROBLEM_NOT_FOUND, "slot_id", "no technician \"%.40s\"", technician_id);
    /* A day holds visits of every partner: what the caller may ask for was decided when his order
     * was read. */
    turn_looks_over_walls(turn);
    TRY(subject_lock(turn, subject_of(turn, technician_id, day), NULL));
    TRY(store_load_day(turn, technician_id, day, ret_day));
    if (!*ret_day)
        return rejected(PROBLEM_HOUR_TAKEN, "slot_id", "the technician does not work on day %d",
                        day);
    /* Told at once: the caller may leave the day as it is. */
    return expire_holds(turn, *ret_day) ? day_tell(turn, *ret_day) : OK;
}

struct error day_tell(struct turn *turn, TechnicianDay *day)
{
    TechnicianDayChanged changed = TECHNICIAN_DAY_CHANGED__INIT;

    day->version++;
    store_save_version(turn, day);
    changed.technician_day = day;
    emit_unowned(turn, subject_of(turn, day->technician_id, day->day), &changed);
    return OK;
}

void day_add_visit(struct turn *turn, TechnicianDay *day, Visit *visit)
{
    Visit **visits = ARENA_ARRAY(turn->arena, Visit *, day->n_visits + 1);
    size_t at = 0;

    while (at < day->n_visits && day->visits[at]->start_at < visit->start_at) {
        visits[at] = day->visits[at];
        at++;
    }
    visits[at] = visit;
    for (size_t i = at; i < day->n_visits; i++)
        visits[i + 1] = day->visits[i];
    day->visits = visits;
    day->n_visits++;
}

void day_drop_visit(TechnicianDay *day, const char *visit_id)
{
    for (size_t i = 0; i < day->n_visits; i++) {
        if (!string_is(day->visits[i]->visit_id, visit_id))
            continue;
        day->n_visits--;
        memmove(&day->visits[i], &day->visits[i + 1], (day->n_visits - i) * sizeof *day->visits);
        return;
    }
}

struct error day_leave(struct turn *turn, Visit *visit, int32_t day, VisitState state)
{
    TechnicianDay *technician_day = NULL;

    TRY(day_open(turn, visit->technician_id, day, &technician_day));
    store_set_visit_state(turn, visit->visit_id, state);
    day_drop_visit(technician_day, visit->visit_id);
    visit->state = state;
    visit->hold_until = 0;
    return day_tell(turn, technician_day);
}

struct error day_release(struct turn *turn, Visit *visit, int32_t day, VisitState state)
{
    TRY(crew_release(turn, visit, state));
    return day_leave(turn, visit, day, state);
}

struct error day_promise(struct turn *turn, const struct order_copy *order,
                         struct slot_choice *choice, VisitState state, const char *replaces,
                         Visit **ret_visit)
{
    TechnicianDay *day = NULL;
    bool is_added = false;

    TRY(crew_check(turn, order, choice));
    TRY(day_open(turn, choice->technician_id, choice->day, &day));
    if (!MUTANT("no_check"))
        TRY(promise_check(turn, order, day, choice->start_at, NULL, &choice->seen));
    Visit *visit = visit_make(turn, order, day, choice->start_at, state);
    visit->replaces = arena_string(turn->arena, replaces);
    if (MUTANT("hold_in_memory") && state == VISIT_STATE__HELD)
        is_added = true;
    else
        TRY(store_add_visit(turn, visit, choice->day, &is_added));
    if (!is_added)
        return rejected(PROBLEM_HOUR_TAKEN, "/slot_id", "the hour was taken meanwhile");
    day_add_visit(turn, day, visit);
    TRY(day_tell(turn, day));
    *ret_visit = visit;
    return crew_add(turn, order, choice, visit);
}
