/* Numbers of eight bytes, lowest first; a place's degrees as the bits of their double. */
#include "services/routing/domain/region_day.h"
#include <assert.h>
#include <string.h>

enum {
    FORMAT = 1,
    HEAD = 5,
    PER_TECHNICIAN = 5 + 2 * STRETCHES_MOST,
    PER_VISIT = 7,
};

static char *put(char *at, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        *at++ = (char)(number >> (8 * i) & 255);
    return at;
}

static char *put_place(char *at, struct place place)
{
    uint64_t lat, lon;

    memcpy(&lat, &place.lat, sizeof lat);
    memcpy(&lon, &place.lon, sizeof lon);
    return put(put(at, lat), lon);
}

static char *put_technician(char *at, const struct region_technician *technician)
{
    at = put_place(at, technician->home);
    at = put(at, technician->skills);
    at = put(at, (uint64_t)technician->longest_travel_m);
    at = put(at, (uint64_t)technician->work_count);
    for (int32_t i = 0; i < STRETCHES_MOST; i++) {
        bool is_there = i < technician->work_count;
        at = put(at, is_there ? (uint64_t)technician->work[i].from : 0);
        at = put(at, is_there ? (uint64_t)technician->work[i].until : 0);
    }
    return at;
}

static char *put_visit(char *at, const struct region_visit *visit)
{
    at = put_place(at, visit->place);
    at = put(at, (uint64_t)visit->start_at);
    at = put(at, (uint64_t)visit->work_ms);
    at = put(at, visit->skills);
    at = put(at, (uint64_t)visit->technician);
    return put(at, visit->is_pinned);
}

static size_t length_of(size_t technicians, size_t visits)
{
    return 8 * (HEAD + technicians * PER_TECHNICIAN + visits * PER_VISIT);
}

struct text region_day_pack(struct arena *arena, const struct region_day *region)
{
    size_t length = length_of((size_t)region->technician_count, (size_t)region->visit_count);
    char *bytes = arena_alloc(arena, length), *at = bytes;

    at = put(at, FORMAT);
    at = put(at, (uint64_t)region->technician_count);
    at = put(at, (uint64_t)region->visit_count);
    at = put(at, (uint64_t)region->rounds);
    at = put(at, (uint64_t)region->worth_ms);
    for (int32_t i = 0; i < region->technician_count; i++)
        at = put_technician(at, &region->technicians[i]);
    for (int32_t i = 0; i < region->visit_count; i++)
        at = put_visit(at, &region->visits[i]);
    assert(at == bytes + length);
    return (struct text){ bytes, length };
}

/* ---- reading; the length is known to be right ---- */

static uint64_t take(const char **at)
{
    uint64_t number = 0;

    for (int i = 0; i < 8; i++)
        number |= (uint64_t)(uint8_t) * (*at)++ << (8 * i);
    return number;
}

static struct place take_place(const char **at)
{
    uint64_t lat = take(at), lon = take(at);
    struct place place;

    memcpy(&place.lat, &lat, sizeof place.lat);
    memcpy(&place.lon, &lon, sizeof place.lon);
    return place;
}

static bool take_technician(const char **at, struct region_technician *technician)
{
    technician->home = take_place(at);
    technician->skills = take(at);
    technician->longest_travel_m = (int64_t)take(at);
    uint64_t count = take(at);
    for (size_t i = 0; i < STRETCHES_MOST; i++) {
        technician->work[i].from = (timestamp)take(at);
        technician->work[i].until = (timestamp)take(at);
        if (i < count && (!window_valid(technician->work[i]) ||
                          (i && technician->work[i].from < technician->work[i - 1].until)))
            return false;
    }
    technician->work_count = (int32_t)count;
    return count <= STRETCHES_MOST && technician->longest_travel_m >= 0;
}

static bool take_visit(const char **at, uint64_t technician_count, struct region_visit *visit)
{
    visit->place = take_place(at);
    visit->start_at = (timestamp)take(at);
    visit->work_ms = (int64_t)take(at);
    visit->skills = take(at);
    uint64_t technician = take(at), pinned = take(at);
    visit->technician = (int32_t)technician;
    visit->is_pinned = pinned == 1 || !place_valid(visit->place);
    return visit->work_ms > 0 && visit->work_ms <= DAYS(2) && technician < technician_count &&
           pinned <= 1;
}

static bool is_in_order(const struct region_visit *before, const struct region_visit *visit)
{
    return before->technician < visit->technician ||
           (before->technician == visit->technician && before->start_at <= visit->start_at);
}

bool region_day_unpack(struct arena *arena, struct text bytes, struct region_day *ret_region)
{
    const char *at = bytes.at;

    if (bytes.length < length_of(0, 0) || take(&at) != FORMAT)
        return false;
    uint64_t technician_count = take(&at), visit_count = take(&at);
    if (technician_count > REGION_TECHNICIANS_MOST || visit_count > REGION_VISITS_MOST ||
        bytes.length != length_of(technician_count, visit_count))
        return false;
    struct region_technician *technicians =
        ARENA_ARRAY(arena, struct region_technician, technician_count);
    struct region_visit *visits = ARENA_ARRAY(arena, struct region_visit, visit_count);
    int64_t rounds = (int64_t)take(&at), worth_ms = (int64_t)take(&at);
    if (rounds < 0 || worth_ms < 0)
        return false;
    for (uint64_t i = 0; i < technician_count; i++)
        if (!take_technician(&at, &technicians[i]))
            return false;
    for (uint64_t i = 0; i < visit_count; i++)
        if (!take_visit(&at, technician_count, &visits[i]) ||
            (i && !is_in_order(&visits[i - 1], &visits[i])))
            return false;
    *ret_region = (struct region_day){
        .technicians = technicians,
        .visits = visits,
        .technician_count = (int32_t)technician_count,
        .visit_count = (int32_t)visit_count,
        .rounds = rounds,
        .worth_ms = worth_ms,
    };
    return true;
}
