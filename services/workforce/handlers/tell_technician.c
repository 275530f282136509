/* A technician's whole state, told: after every change, and at every midnight, when the horizon of
 * shifts moves on by a day. */
#include "lib/domain/calendar.h"
#include "proto/workforce.pb-c.h"
#include "services/workforce/config.h"
#include "services/workforce/handlers.h"
#include "services/workforce/recurrence.h"

timestamp yesterday(const struct turn *turn)
{
    return date_start(date_from_timestamp(turn->now) - 1);
}

static void fill_licences(struct arena *arena, const struct technician *technician,
                          Technician *message)
{
    message->n_licences = technician->licence_count;
    message->licences = ARENA_ARRAY(arena, Licence *, technician->licence_count + 1);
    for (size_t i = 0; i < technician->licence_count; i++)
        message->licences[i] = licence_message(arena, &technician->licences[i]);
}

static void fill_breaks(struct arena *arena, const struct shift *shift, Shift *message)
{
    message->n_breaks = shift->break_count;
    message->breaks = ARENA_ARRAY(arena, Window *, shift->break_count + 1);
    for (size_t i = 0; i < shift->break_count; i++) {
        Window *window = message->breaks[i] = ARENA_NEW(arena, Window);
        *window = (Window)WINDOW__INIT;
        window->from = shift->breaks[i].from;
        window->until = shift->breaks[i].until;
    }
}

static void fill_shifts(struct turn *turn, const struct technician *technician, Technician *message)
{
    int32_t today = date_from_timestamp(turn->now), last_day = today + (int32_t)config.days;
    size_t room = technician->pattern_count * (size_t)(last_day - today + 2);
    struct shift *shifts = ARENA_ARRAY(turn->arena, struct shift, room + 1);

    find_rule_days(turn->arena, technician->patterns, technician->pattern_count, today - 1,
                   last_day);
    size_t count =
        expand_shifts(technician->patterns, technician->pattern_count, today - 1, last_day, shifts);

    message->n_shifts = count;
    message->shifts = ARENA_ARRAY(turn->arena, Shift *, count + 1);
    for (size_t i = 0; i < count; i++) {
        Shift *shift = message->shifts[i] = ARENA_NEW(turn->arena, Shift);
        *shift = (Shift)SHIFT__INIT;
        shift->day = shifts[i].day;
        shift->from = shifts[i].work.from;
        shift->until = shifts[i].work.until;
        shift->on_call = shifts[i].on_call;
        shift->overtime_ms = shifts[i].overtime_ms;
        fill_breaks(turn->arena, &shifts[i], shift);
    }
}

static void fill_absences(struct arena *arena, const struct technician *technician,
                          bool with_reasons, Technician *message)
{
    message->n_absences = technician->absence_count;
    message->absences = ARENA_ARRAY(arena, Absence *, technician->absence_count + 1);
    for (size_t i = 0; i < technician->absence_count; i++) {
        const struct absence *kept = &technician->absences[i];
        Absence *absence = message->absences[i] = ARENA_NEW(arena, Absence);
        *absence = (Absence)ABSENCE__INIT;
        absence->absence_id = kept->id;
        absence->from = kept->away.from;
        absence->until = kept->away.until;
        if (with_reasons)
            absence->reason = kept->reason;
    }
}

static void fill_areas(struct arena *arena, const struct technician *technician,
                       Technician *message)
{
    message->n_areas = technician->area_count;
    message->areas = ARENA_ARRAY(arena, Area *, technician->area_count + 1);
    for (size_t i = 0; i < technician->area_count; i++) {
        Area *area = message->areas[i] = ARENA_NEW(arena, Area);
        *area = (Area)AREA__INIT;
        area->territory_id = technician->areas[i].territory_id;
        area->lat = technician->areas[i].at.lat;
        area->lon = technician->areas[i].at.lon;
        area->radius_m = technician->areas[i].radius_m;
    }
}

const Technician *technician_message(struct turn *turn, const struct technician *technician,
                                     bool with_reasons)
{
    Technician *message = ARENA_NEW(turn->arena, Technician);
    Place *home = ARENA_NEW(turn->arena, Place);

    *message = (Technician)TECHNICIAN__INIT;
    *home = (Place)PLACE__INIT;
    home->lat = technician->home.lat;
    home->lon = technician->home.lon;
    home->town = technician->town;
    home->district = technician->district;
    home->accuracy = ACCURACY__EXACT;
    message->technician_id = technician->id;
    message->first_name = technician->first_name;
    message->n_skills = technician->skill_count;
    message->skills = technician->skills;
    message->home = home;
    message->active = technician->active;
    message->longest_travel_m = technician->longest_travel_m;
    message->n_equipment = technician->equipment_count;
    message->equipment = technician->equipment;
    fill_licences(turn->arena, technician, message);
    fill_areas(turn->arena, technician, message);
    fill_shifts(turn, technician, message);
    fill_absences(turn->arena, technician, with_reasons, message);
    return message;
}

struct error load_technician(struct turn *turn, const char *technician_id,
                             struct technician *ret_technician)
{
    struct technicians found = { .count = 0 };

    if (id_valid(technician_id))
        TRY(store_load_technicians(turn, &technician_id, 1, yesterday(turn), &found));
    if (found.count == 0)
        return rejected(PROBLEM_NOT_FOUND, "technician_id", "no technician \"%.60s\"",
                        technician_id);
    *ret_technician = found.at[0];
    return OK;
}

static void tell(struct turn *turn, const struct technician *technician)
{
    TechnicianChanged told = TECHNICIAN_CHANGED__INIT;
    Technician message = *technician_message(turn, technician, false);

    told.technician = &message;
    emit(turn, technician->id, &told);
    store_save_told(turn, technician->id, date_end(date_from_timestamp(turn->now)));
    store_save_areas_told(turn, technician);
}

struct error tell_technician(struct turn *turn, const char *technician_id)
{
    struct technician technician;

    TRY(load_technician(turn, technician_id, &technician));
    tell(turn, &technician);
    return OK;
}

struct error on_midnight(struct turn *turn, const char *technician_id)
{
    struct technician technician;

    TRY(load_technician(turn, technician_id, &technician));
    if (technician.tell_again_at <= turn->now)
        tell(turn, &technician);
    return OK;
}
