/* Compared member by member: what lies between members in memory is nobody's. */
#include "services/matching/domain/technician.h"
#include "lib/base/text.h"

static bool has_same_papers(const struct technician *a, const struct technician *b)
{
    if (a->licence_count != b->licence_count || a->skills != b->skills)
        return false;
    for (size_t i = 0; i < a->licence_count; i++) {
        const struct held_licence *left = &a->licences[i], *right = &b->licences[i];
        if (left->kind != right->kind || left->valid.from != right->valid.from ||
            left->valid.until != right->valid.until)
            return false;
    }
    return true;
}

static bool goes_to_same_places(const struct technician *a, const struct technician *b)
{
    if (!place_same(a->home, b->home) || a->longest_travel_m != b->longest_travel_m ||
        a->area_count != b->area_count)
        return false;
    for (size_t i = 0; i < a->area_count; i++)
        if (!place_same(a->areas[i].centre, b->areas[i].centre) ||
            a->areas[i].radius_m != b->areas[i].radius_m)
            return false;
    return true;
}

static bool has_same_equipment(const struct technician *a, const struct technician *b)
{
    if (a->equipment_count != b->equipment_count)
        return false;
    for (size_t i = 0; i < a->equipment_count; i++)
        if (a->equipment[i] != b->equipment[i])
            return false;
    return true;
}

bool technician_same(const struct technician *a, const struct technician *b)
{
    return string_is(a->id.text, b->id.text) && string_is(a->first_name, b->first_name) &&
           a->is_active == b->is_active && a->is_readable == b->is_readable &&
           has_same_papers(a, b) && goes_to_same_places(a, b) && has_same_equipment(a, b);
}
