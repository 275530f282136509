/* From what workforce tells of a technician to the shape of his days: work and hours on call
 * without the absences, breaks, and how late he may be home. */
#include "services/matching/handlers/day_shapes.h"
#include <stdlib.h>

static int by_from(const void *a, const void *b)
{
    const struct window *left = a, *right = b;

    return left->from < right->from ? -1 : left->from > right->from;
}

struct calendar calendar_of(struct turn *turn, const Technician *technician)
{
    size_t most = technician->n_absences + technician->n_shifts;
    struct calendar calendar = { technician, .absence_count = technician->n_absences };

    calendar.absences = ARENA_ARRAY(turn->arena, struct window, technician->n_absences + 1);
    calendar.busy = ARENA_ARRAY(turn->arena, struct window, most + 1);
    for (size_t i = 0; i < technician->n_absences; i++) {
        const Absence *absence = technician->absences[i];
        calendar.absences[i] = (struct window){ absence->from, absence->until };
        calendar.busy[calendar.busy_count++] = calendar.absences[i];
    }
    for (size_t i = 0; i < technician->n_shifts; i++) {
        const Shift *shift = technician->shifts[i];
        if (!shift->on_call)
            calendar.busy[calendar.busy_count++] = (struct window){ shift->from, shift->until };
    }
    qsort(calendar.absences, calendar.absence_count, sizeof *calendar.absences, by_from);
    qsort(calendar.busy, calendar.busy_count, sizeof *calendar.busy, by_from);
    return calendar;
}

static void add_window(struct turn *turn, Window **windows, size_t *count, struct window added)
{
    Window *window = windows[(*count)++] = ARENA_NEW(turn->arena, Window);

    window__init(window);
    window->from = added.from;
    window->until = added.until;
}

/* How much later than its last work he may be home, not into an absence: nothing when one ended
 * that work. */
static int64_t overtime_of(const struct calendar *calendar, const Shift *shift, struct window last)
{
    int64_t overtime_ms = shift->overtime_ms;

    for (size_t i = 0; i < calendar->absence_count; i++) {
        struct window absence = calendar->absences[i];
        if (absence.until > last.until && absence.from - last.until < overtime_ms)
            overtime_ms = absence.from - last.until;
    }
    return overtime_ms;
}

/* What is left of a shift when the absences are taken out, added to the day's work, with the breaks
 * that lie in it. */
static void add_work(struct turn *turn, const struct calendar *calendar, const Shift *shift,
                     TechnicianDay *day)
{
    struct window left[DAY_WORK_MOST];
    size_t count = window_less((struct window){ shift->from, shift->until }, calendar->absences,
                               calendar->absence_count, left, DAY_WORK_MOST - day->n_work);

    for (size_t i = 0; i < count; i++) {
        add_window(turn, day->work, &day->n_work, left[i]);
        for (size_t k = 0; k < shift->n_breaks; k++) {
            struct window pause = { shift->breaks[k]->from, shift->breaks[k]->until };
            if (window_overlaps(pause, left[i]))
                add_window(turn, day->breaks, &day->n_breaks, window_intersect(pause, left[i]));
        }
    }
    if (count)
        day->overtime_ms = overtime_of(calendar, shift, left[count - 1]);
}

static void add_on_call(struct turn *turn, const struct calendar *calendar, const Shift *shift,
                        TechnicianDay *day)
{
    struct window left[DAY_WORK_MOST];
    size_t count = window_less((struct window){ shift->from, shift->until }, calendar->busy,
                               calendar->busy_count, left, DAY_WORK_MOST - day->n_on_call);

    for (size_t i = 0; i < count; i++)
        add_window(turn, day->on_call, &day->n_on_call, left[i]);
}

static size_t count_breaks(const Technician *technician)
{
    size_t count = 0;

    for (size_t i = 0; i < technician->n_shifts; i++)
        count += technician->shifts[i]->n_breaks;
    return count;
}

TechnicianDay *calendar_day(struct turn *turn, const struct calendar *calendar, int32_t date)
{
    const Technician *technician = calendar->technician;
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
    day->n_areas = technician->n_areas;
    day->areas = technician->areas;
    day->n_equipment = technician->n_equipment;
    day->equipment = technician->equipment;
    day->work = ARENA_ARRAY(turn->arena, Window *, DAY_WORK_MOST);
    day->on_call = ARENA_ARRAY(turn->arena, Window *, DAY_WORK_MOST);
    day->breaks = ARENA_ARRAY(turn->arena, Window *, count_breaks(technician) * DAY_WORK_MOST + 1);
    for (size_t i = 0; i < technician->n_shifts; i++) {
        const Shift *shift = technician->shifts[i];
        if (shift->day != date)
            continue;
        if (shift->on_call)
            add_on_call(turn, calendar, shift, day);
        else
            add_work(turn, calendar, shift, day);
    }
    return day;
}

bool same_windows(Window *const a[], size_t a_count, Window *const b[], size_t b_count)
{
    for (size_t i = 0; i < a_count && a_count == b_count; i++)
        if (a[i]->from != b[i]->from || a[i]->until != b[i]->until)
            return false;
    return a_count == b_count;
}
