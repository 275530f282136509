/* An open-addressed table of technician-days in memory that lives as long as the process. */
#include "services/matching/book.h"
#include "lib/base/arena.h"
#include <stdio.h>
#include <string.h>

static struct arena process;
static struct book_day **table; /* by technician and date */
static size_t table_size, day_count;
static struct id *technicians; /* by dense number */
static size_t technician_count, technician_room;
static struct book_day **found;
static size_t found_room;

static uint64_t hash_of(const char *technician_id, int32_t date)
{
    uint64_t hash = 1469598103934665603ULL ^ (uint64_t)(uint32_t)date; /* FNV-1a */

    for (const char *at = technician_id; *at; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211ULL;
    return hash;
}

static struct book_day **place_of(const char *technician_id, int32_t date)
{
    size_t at = hash_of(technician_id, date) & (table_size - 1);

    while (table[at] &&
           (table[at]->date != date || !string_is(table[at]->technician_id.text, technician_id)))
        at = (at + 1) & (table_size - 1);
    return &table[at];
}

static void grow_table(void)
{
    struct book_day **old = table;
    size_t old_size = table_size;

    table_size = table_size ? table_size * 2 : 4096;
    table = ARENA_ARRAY(&process, struct book_day *, table_size);
    for (size_t i = 0; i < old_size; i++)
        if (old[i])
            *place_of(old[i]->technician_id.text, old[i]->date) = old[i];
}

static int number_of(const char *technician_id)
{
    for (size_t i = 0; i < technician_count; i++)
        if (string_is(technicians[i].text, technician_id))
            return (int)i;
    if (technician_count == technician_room) {
        struct id *old = technicians;
        technician_room = technician_room ? technician_room * 2 : 256;
        technicians = ARENA_ARRAY(&process, struct id, technician_room);
        if (technician_count)
            memcpy(technicians, old, technician_count * sizeof *old);
    }
    snprintf(technicians[technician_count].text, sizeof technicians[0].text, "%s", technician_id);
    return (int)technician_count++;
}

static void read_licences(const TechnicianDay *from, struct book_day *to)
{
    to->licence_count = 0;
    for (size_t i = 0; i < from->n_licences && to->licence_count < DAY_LICENCES_MOST; i++) {
        const Licence *licence = from->licences[i];
        for (int kind = 1; kind < LICENCE_COUNT; kind++)
            if (string_is(licence_key((enum licence)kind), licence->kind))
                to->licences[to->licence_count++] =
                    (struct held_licence){ (enum licence)kind,
                                           { licence->valid_from, licence->valid_until } };
    }
}

static struct stop stop_of(const Visit *visit)
{
    struct stop stop = {
        .start_at = visit->start_at,
        .work_ms = visit->length_ms,
        .place = { visit->place ? visit->place->lat : 0, visit->place ? visit->place->lon : 0 },
        .kind = visit->state == VISIT_STATE__HELD ? STOP_HOLD : STOP_VISIT,
    };

    snprintf(stop.id.text, sizeof stop.id.text, "%s", visit->visit_id);
    return stop;
}

bool book_day_read(const TechnicianDay *technician_day, struct book_day *ret_day)
{
    struct book_day day = { .date = technician_day->day,
                            .version = technician_day->version,
                            .technician = ret_day->technician,
                            .is_active = technician_day->active,
                            .longest_travel_m = technician_day->longest_travel_m };

    if (technician_day->n_visits > DAY_STOPS_MOST || technician_day->n_work > DAY_WORK_MOST ||
        !technician_day->home)
        return false;
    snprintf(day.technician_id.text, sizeof day.technician_id.text, "%s",
             technician_day->technician_id);
    snprintf(day.first_name, sizeof day.first_name, "%s", technician_day->first_name);
    day.home = (struct place){ technician_day->home->lat, technician_day->home->lon };
    for (size_t i = 0; i < technician_day->n_skills; i++) {
        enum skill skill;
        if (skill_parse(text_of(technician_day->skills[i]), &skill))
            day.skills |= SKILL_BIT(skill);
    }
    read_licences(technician_day, &day);
    for (size_t i = 0; i < technician_day->n_work; i++)
        day.work[day.work_count++] =
            (struct window){ technician_day->work[i]->from, technician_day->work[i]->until };
    for (size_t i = 0; i < technician_day->n_visits; i++)
        day.stops[day.stop_count++] = stop_of(technician_day->visits[i]);
    *ret_day = day;
    return true;
}

void book_follow(const TechnicianDay *technician_day)
{
    if (2 * (day_count + 1) > table_size)
        grow_table();
    struct book_day **place = place_of(technician_day->technician_id, technician_day->day);
    if (*place && (*place)->version >= technician_day->version)
        return;
    if (!*place) {
        struct book_day *made = ARENA_NEW(&process, struct book_day);
        made->technician = number_of(technician_day->technician_id);
        made->date = technician_day->day;
        snprintf(made->technician_id.text, sizeof made->technician_id.text, "%s",
                 technician_day->technician_id);
        *place = made;
        day_count++;
    }
    if (!book_day_read(technician_day, *place))
        (*place)->is_active = false; /* more than a day can hold is never offered */
}

int64_t book_version(const char *technician_id, int32_t date)
{
    const struct book_day *day = table_size ? *place_of(technician_id, date) : NULL;

    return day ? day->version : 0;
}

struct book_day *const *book_days(int32_t from, int32_t until, size_t *ret_count)
{
    if (found_room < day_count) {
        found_room = day_count * 2;
        found = ARENA_ARRAY(&process, struct book_day *, found_room);
    }
    *ret_count = 0;
    for (size_t i = 0; i < table_size; i++)
        if (table[i] && table[i]->date >= from && table[i]->date <= until)
            found[(*ret_count)++] = table[i];
    return found;
}

int book_technician_count(void)
{
    return (int)technician_count;
}
