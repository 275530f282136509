/* Every night, technician by technician: are his days what workforce told, and do they hold no more
 * visits than hours? One turn each, so that none is long. */
#include "lib/domain/calendar.h"
#include "services/matching/handlers.h"
#include "services/matching/handlers/day_shapes.h"

enum { NIGHT_HOUR = 3 };

/* ---- what was told ---- */

void note_told(struct turn *turn, const struct calendar *calendar)
{
    const Technician *technician = calendar->technician;
    timestamp works_until = 0;

    for (size_t i = 0; i < technician->n_shifts; i++) {
        const Shift *shift = technician->shifts[i];
        struct window whole = { shift->from, shift->until }, first;
        /* Whatever is left of a shift counts until the shift's end: the list is of those with none.
         */
        if (shift->until > works_until &&
            window_less(whole, calendar->absences, calendar->absence_count, &first, 1))
            works_until = shift->until;
    }
    store_save_told(turn, technician, works_until);
}

/* ---- the check ---- */

struct checked {
    const char *technician_id;
    TechnicianDay **stored;
    struct visits_length *visits;
    size_t stored_count, visit_count;
    int32_t first_day, last_day;
};

static int64_t sum_windows(Window *const windows[], size_t count)
{
    int64_t sum_ms = 0;

    for (size_t i = 0; i < count; i++)
        sum_ms += windows[i]->until - windows[i]->from;
    return sum_ms;
}

/* NULL: nothing is amiss. `fresh` is what the day must be. */
static DayAmiss *check_day(struct turn *turn, const struct checked *checked,
                           const TechnicianDay *fresh)
{
    static const TechnicianDay none = TECHNICIAN_DAY__INIT;
    const TechnicianDay *stored = &none;
    DayAmiss amiss = DAY_AMISS__INIT;

    for (size_t i = 0; i < checked->stored_count; i++)
        if (checked->stored[i]->day == fresh->day)
            stored = checked->stored[i];
    for (size_t i = 0; i < checked->visit_count; i++)
        if (checked->visits[i].day == fresh->day)
            amiss.visits_ms = checked->visits[i].length_ms;
    amiss.technician_id = checked->technician_id;
    amiss.day = fresh->day;
    amiss.hours_ms = sum_windows(fresh->work, fresh->n_work) +
                     sum_windows(fresh->on_call, fresh->n_on_call) + fresh->overtime_ms;
    if (!same_windows(stored->work, stored->n_work, fresh->work, fresh->n_work))
        amiss.rule = "work_differs";
    else if (!same_windows(stored->on_call, stored->n_on_call, fresh->on_call, fresh->n_on_call))
        amiss.rule = "on_call_differs";
    else if (amiss.visits_ms > amiss.hours_ms)
        amiss.rule = "over_capacity";
    else
        return NULL;
    DayAmiss *found = ARENA_NEW(turn->arena, DayAmiss);
    *found = amiss;
    return found;
}

static void reach(struct checked *checked, int32_t day)
{
    if (day > checked->last_day)
        checked->last_day = day;
}

static struct error load_checked(struct turn *turn, const Technician *technician,
                                 struct checked *ret_checked)
{
    struct checked checked = { .technician_id = technician->technician_id };

    checked.first_day = date_from_timestamp(turn->now);
    checked.last_day = checked.first_day;
    TRY(store_load_shapes(turn, checked.technician_id, checked.first_day, &checked.stored,
                          &checked.stored_count));
    TRY(store_load_day_lengths(turn, checked.technician_id, checked.first_day, &checked.visits,
                               &checked.visit_count));
    for (size_t i = 0; i < technician->n_shifts; i++)
        reach(&checked, technician->shifts[i]->day);
    for (size_t i = 0; i < checked.stored_count; i++)
        reach(&checked, checked.stored[i]->day);
    for (size_t i = 0; i < checked.visit_count; i++)
        reach(&checked, checked.visits[i].day);
    *ret_checked = checked;
    return OK;
}

/* Adds what is amiss with the technician's days from today on. */
static struct error check_technician_days(struct turn *turn, const char *technician_id,
                                          DayAmiss ***ret_amiss, size_t *ret_count)
{
    struct checked checked;
    Technician *technician;
    size_t count = 0;

    *ret_count = 0;
    TRY(store_load_told(turn, technician_id, &technician));
    if (!technician)
        return OK;
    TRY(load_checked(turn, technician, &checked));
    struct calendar calendar = calendar_of(turn, technician);
    size_t days = (size_t)checked.last_day - (size_t)checked.first_day + 1;
    DayAmiss **amiss = ARENA_ARRAY(turn->arena, DayAmiss *, days);
    for (int32_t day = checked.first_day; day <= checked.last_day; day++) {
        DayAmiss *found = check_day(turn, &checked, calendar_day(turn, &calendar, day));
        if (found)
            amiss[count++] = found;
    }
    *ret_amiss = amiss;
    *ret_count = count;
    return OK;
}

struct error check_capacity(struct turn *turn, const char *technician_id)
{
    timestamp next_at = date_start(date_from_timestamp(turn->now) + 1) + HOURS(NIGHT_HOUR);
    DayAmiss **amiss;
    size_t count;

    turn_looks_over_walls(turn);
    TRY(check_technician_days(turn, technician_id, &amiss, &count));
    store_save_checked(turn, technician_id, next_at, count);
    return OK;
}

/* ---- shown ---- */

struct error show_capacity(struct turn *turn, const void *message, struct reply *reply)
{
    CapacityReply *answer = ARENA_NEW(turn->arena, CapacityReply);
    const char **ids;
    size_t count;

    (void)message;
    turn_looks_over_walls(turn);
    capacity_reply__init(answer);
    TRY(store_count_told(turn, &answer->technicians, &answer->overdue));
    TRY(store_list_without_shift(turn, &answer->without_shift, &answer->n_without_shift));
    TRY(store_list_amiss(turn, &ids, &count));
    for (size_t i = 0; i < count; i++) {
        DayAmiss **amiss, **all;
        size_t found;
        TRY(check_technician_days(turn, ids[i], &amiss, &found));
        all = ARENA_ARRAY(turn->arena, DayAmiss *, answer->n_amiss + found + 1);
        for (size_t k = 0; k < answer->n_amiss; k++)
            all[k] = answer->amiss[k];
        for (size_t k = 0; k < found; k++)
            all[answer->n_amiss++] = amiss[k];
        answer->amiss = all;
    }
    reply->message = answer;
    return OK;
}
