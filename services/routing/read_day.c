/* Matching's technician-day as the plain structs that the decisions take. */
#include "services/routing/read_day.h"
#include "lib/domain/calendar.h"
#include "lib/domain/skill.h"
#include <stdlib.h>
#include <string.h>

struct place place_of(const Place *place)
{
    return place ? (struct place){ place->lat, place->lon } : (struct place){ 0, 0 };
}

static int by_from(const void *left, const void *right)
{
    const struct window *a = left, *b = right;

    return a->from < b->from ? -1 : a->from > b->from;
}

struct workday workday_of(struct arena *arena, const TechnicianDay *day)
{
    struct window *work = ARENA_ARRAY(arena, struct window, day->n_work + 1);
    size_t count = 0;

    for (size_t i = 0; i < day->n_work; i++)
        work[i] = (struct window){ day->work[i]->from, day->work[i]->until };
    qsort(work, day->n_work, sizeof *work, by_from);
    for (size_t i = 0; day->active && i < day->n_work; i++) {
        struct window next = work[i];
        if (count && next.from < work[count - 1].until)
            next.from = work[count - 1].until;
        if (next.from < next.until)
            work[count++] = next;
    }
    return (struct workday){ place_of(day->home), work, count };
}

static bool has_paper(const TechnicianDay *day, enum licence licence)
{
    struct window whole = date_window(day->day);

    for (size_t i = 0; i < day->n_licences; i++) {
        const Licence *held = day->licences[i];
        if (string_is(held->kind, licence_key(licence)) && held->valid_from <= whole.from &&
            held->valid_until >= whole.until)
            return true;
    }
    return licence == LICENCE_NONE;
}

uint64_t skills_on_day(const TechnicianDay *day)
{
    uint64_t skills = 0;
    enum skill skill;

    for (size_t i = 0; i < day->n_skills; i++)
        if (skill_parse(text_of(day->skills[i]), &skill) && has_paper(day, skill_licence(skill)))
            skills |= SKILL_BIT(skill);
    return skills;
}

static int by_start(const void *left, const void *right)
{
    const Visit *a = *(Visit *const *)left, *b = *(Visit *const *)right;

    if (a->start_at != b->start_at)
        return a->start_at < b->start_at ? -1 : 1;
    return strcmp(a->visit_id, b->visit_id);
}

Visit **visits_by_start(struct arena *arena, const TechnicianDay *day)
{
    Visit **visits = ARENA_ARRAY(arena, Visit *, day->n_visits + 1);

    for (size_t i = 0; i < day->n_visits; i++)
        visits[i] = day->visits[i];
    qsort(visits, day->n_visits, sizeof *visits, by_start);
    return visits;
}

bool is_on_route(const Visit *visit)
{
    return visit->state == VISIT_STATE__BOOKED || visit->state == VISIT_STATE__DONE;
}

static struct region_technician read_technician(struct arena *arena, const TechnicianDay *day)
{
    struct workday workday = workday_of(arena, day);
    struct region_technician technician = {
        .home = workday.home,
        .skills = skills_on_day(day),
        .longest_travel_m = day->longest_travel_m,
    };

    for (size_t i = 0; i < workday.work_count && i < STRETCHES_MOST; i++)
        technician.work[technician.work_count++] = workday.work[i];
    return technician;
}

static bool is_among(const char *id, const char *const ids[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (string_is(ids[i], id))
            return true;
    return false;
}

static struct region_visit read_visit(const Visit *visit, int32_t technician)
{
    struct region_visit read = {
        .place = place_of(visit->place),
        .start_at = visit->start_at,
        .work_ms = visit->length_ms,
        .technician = technician,
    };
    enum skill skill;

    if (skill_parse(text_of(visit->skill), &skill))
        read.skills = SKILL_BIT(skill);
    read.is_pinned = visit->state != VISIT_STATE__BOOKED || visit->technicians > 1 ||
                     !read.skills || !place_valid(read.place);
    return read;
}

struct region_day read_region(struct arena *arena, TechnicianDay *const days[], size_t day_count,
                              const char *const under_way[], size_t under_way_count)
{
    struct region_technician *technicians = ARENA_ARRAY(arena, struct region_technician, day_count);
    size_t room = 0;
    int32_t count = 0;

    for (size_t i = 0; i < day_count; i++)
        room += days[i]->n_visits;
    struct region_visit *visits = ARENA_ARRAY(arena, struct region_visit, room);
    for (size_t i = 0; i < day_count; i++) {
        Visit **sorted = visits_by_start(arena, days[i]);
        technicians[i] = read_technician(arena, days[i]);
        for (size_t k = 0; k < days[i]->n_visits; k++) {
            visits[count] = read_visit(sorted[k], (int32_t)i);
            if (is_among(sorted[k]->visit_id, under_way, under_way_count))
                visits[count].is_pinned = true;
            count++;
        }
    }
    return (struct region_day){ .technicians = technicians,
                                .visits = visits,
                                .technician_count = (int32_t)day_count,
                                .visit_count = count };
}
