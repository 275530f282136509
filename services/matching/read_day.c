/* Nothing is left out in silence: a licence or a stop too many makes the whole day unreadable. */
#include "services/matching/read_day.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash_on(uint64_t hash, const char *word)
{
    for (const char *at = word; *at; at++)
        hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
    return hash;
}

uint64_t text_hash(const char *word)
{
    return hash_on(UINT64_C(1469598103934665603), word);
}

uint64_t part_kept_for(uint64_t part, const char *work_order_id)
{
    return hash_on(hash_on(part, " "), work_order_id); /* no sku has a blank in it */
}

/* ---- the technician ---- */

static bool read_licences(const TechnicianDay *from, struct technician *who)
{
    if (from->n_licences > LICENCES_MOST)
        return false;
    for (size_t i = 0; i < from->n_licences; i++) {
        const Licence *licence = from->licences[i];
        enum licence kind;
        if (licence_parse(text_of(licence->kind), &kind))
            who->licences[who->licence_count++] =
                (struct held_licence){ kind, { licence->valid_from, licence->valid_until } };
    }
    return true;
}

static bool read_areas(const TechnicianDay *from, struct area areas[], struct technician *who)
{
    if (from->n_areas > AREAS_MOST || from->n_equipment > EQUIPMENT_MOST)
        return false;
    for (size_t i = 0; i < from->n_areas; i++)
        areas[who->area_count++] =
            (struct area){ { from->areas[i]->lat, from->areas[i]->lon }, from->areas[i]->radius_m };
    for (size_t i = 0; i < from->n_equipment; i++)
        who->equipment[who->equipment_count++] = text_hash(from->equipment[i]);
    return true;
}

static void read_technician(const TechnicianDay *from, struct area areas[], struct technician *who)
{
    memset(who, 0, sizeof *who);
    who->areas = areas;
    snprintf(who->id.text, sizeof who->id.text, "%s", from->technician_id);
    snprintf(who->first_name, sizeof who->first_name, "%s", from->first_name);
    who->is_active = from->active;
    who->longest_travel_m = from->longest_travel_m;
    for (size_t i = 0; i < from->n_skills; i++) {
        enum skill skill;
        if (skill_parse(text_of(from->skills[i]), &skill))
            who->skills |= SKILL_BIT(skill);
    }
    who->is_readable = read_licences(from, who) && read_areas(from, areas, who) && from->home;
    if (from->home)
        who->home = (struct place){ from->home->lat, from->home->lon };
    who->is_readable = who->is_readable && place_valid(who->home);
}

/* ---- the day ---- */

static struct window window_of(const Window *window)
{
    return (struct window){ window->from, window->until };
}

static int by_from(const void *a, const void *b)
{
    const struct stretch *left = a, *right = b;

    return left->work.from < right->work.from ? -1 : left->work.from > right->work.from;
}

static bool read_stretches(const TechnicianDay *from, struct day_read *read)
{
    size_t count = 0;

    if (from->n_work + from->n_on_call > STRETCHES_MOST || from->n_reserved > RESERVED_MOST)
        return false;
    for (size_t i = 0; i < from->n_work; i++)
        read->stretches[count++] =
            (struct stretch){ window_of(from->work[i]),
                              i + 1 == from->n_work ? from->overtime_ms : 0, false };
    for (size_t i = 0; i < from->n_on_call; i++)
        read->stretches[count++] = (struct stretch){ window_of(from->on_call[i]), 0, true };
    qsort(read->stretches, count, sizeof read->stretches[0], by_from);
    for (size_t i = 0; i < from->n_reserved; i++)
        read->reserved[i] = window_of(from->reserved[i]);
    read->day.stretch_count = (uint8_t)count;
    read->day.reserved_count = (uint8_t)from->n_reserved;
    return true;
}

static bool meets_visit(const TechnicianDay *from, struct window pause)
{
    for (size_t i = 0; i < from->n_visits; i++) {
        const Visit *visit = from->visits[i];
        if (window_overlaps(pause,
                            (struct window){ visit->start_at, visit->start_at + visit->length_ms }))
            return true;
    }
    return false;
}

/* As far as it lies in his work. A promise stands, even in what has become a break since. */
static bool read_break(const TechnicianDay *from, const struct day_read *read, struct window pause,
                       struct day *stops)
{
    for (size_t i = 0; i < read->day.stretch_count; i++) {
        struct window part = window_intersect(pause, read->stretches[i].work);
        struct stop stop = { .start_at = part.from,
                             .work_ms = window_length_ms(part),
                             .kind = STOP_BREAK };
        if (!window_empty(part) && !read->stretches[i].is_on_call && !meets_visit(from, part) &&
            !day_insert(stops, &stop))
            return false;
    }
    return true;
}

static bool read_stops(const TechnicianDay *from, struct day_read *read)
{
    struct day stops = { .stops = read->stops, .capacity = STOPS_MOST };

    for (size_t i = 0; i < from->n_visits; i++) {
        const Visit *visit = from->visits[i];
        struct stop stop = {
            .start_at = visit->start_at,
            .work_ms = visit->length_ms,
            .place = { visit->place ? visit->place->lat : 0, visit->place ? visit->place->lon : 0 },
            .kind = visit->state == VISIT_STATE__HELD ? STOP_HOLD : STOP_VISIT,
        };
        if (!day_insert(&stops, &stop))
            return false;
    }
    for (size_t i = 0; i < from->n_breaks; i++)
        if (!read_break(from, read, window_of(from->breaks[i]), &stops))
            return false;
    read->day.stop_count = (uint8_t)stops.count;
    return true;
}

void read_day(const TechnicianDay *technician_day, struct day_read *ret_read)
{
    struct day_read *read = ret_read;

    read_technician(technician_day, read->areas, &read->who);
    read->day = (struct book_day){ .who = &read->who,
                                   .version = technician_day->version,
                                   .date = technician_day->day,
                                   .stretches = read->stretches,
                                   .reserved = read->reserved,
                                   .stops = read->stops };
    if (!read_stretches(technician_day, read) || !read_stops(technician_day, read))
        read->day.is_unreadable = true;
}

struct book_day *read_day_into(struct arena *arena, const TechnicianDay *technician_day)
{
    struct day_read *read = ARENA_NEW(arena, struct day_read);

    read_day(technician_day, read);
    return &read->day;
}
