/* Small floats are enough to pass over who is far away; the rules themselves are asked exactly. */
#include "services/matching/domain/roster.h"
#include <stdlib.h>
#include <string.h>

static struct glance glance_of(const struct technician *who, size_t member)
{
    /* A degree is never less than this in Poland; a little is added for the floats. */
    static const double LAT_DEGREE_M = 110000, LON_DEGREE_M = 62000, SLACK = 0.01;
    bool is_bound = who->longest_travel_m > 0;
    double far_m = (double)who->longest_travel_m;

    return (struct glance){
        .member = (uint32_t)member,
        .lat = (float)who->home.lat,
        .lon = (float)who->home.lon,
        .reach_lat = (float)(is_bound ? far_m / LAT_DEGREE_M + SLACK : 360),
        .reach_lon = (float)(is_bound ? far_m / LON_DEGREE_M + SLACK : 360),
    };
}

static void take_out(struct glances *list, size_t member)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->at[i].member != member)
            continue;
        list->at[i] = list->at[--list->count];
        return;
    }
}

static void put_in(struct arena *arena, struct glances *list, const struct glance *glance)
{
    if (list->count == list->room) {
        list->room = list->room ? 2 * list->room : 16;
        struct glance *grown = ARENA_ARRAY(arena, struct glance, list->room);
        if (list->count)
            memcpy(grown, list->at, list->count * sizeof *grown);
        list->at = grown;
    }
    list->at[list->count++] = *glance;
}

void roster_list(struct arena *arena, struct roster *roster, size_t member)
{
    const struct technician *who = roster->members[member].who;
    const struct glance glance = glance_of(who, member);
    bool is_listed = who->is_active && who->is_readable, is_new = member >= roster->count;

    for (int skill = 0; skill < SKILL_COUNT; skill++) {
        if (!is_new)
            take_out(&roster->by_skill[skill], member);
        if (is_listed && skills_include(who->skills, SKILL_BIT(skill)))
            put_in(arena, &roster->by_skill[skill], &glance);
    }
}

struct book_day *const *member_days(const struct member *member, int32_t from, int32_t until,
                                    size_t *ret_count)
{
    size_t first = 0, after;

    while (first < member->day_count && member->dates[first] < from)
        first++;
    after = first;
    while (after < member->day_count && member->dates[after] <= until)
        after++;
    *ret_count = after - first;
    return member->days + first;
}

static int by_hash(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

void van_parts_sort(uint64_t parts[], size_t count)
{
    if (count)
        qsort(parts, count, sizeof *parts, by_hash);
}

static bool has_part(const struct van_parts *van, uint64_t part)
{
    return van->count && bsearch(&part, van->parts, van->count, sizeof part, by_hash);
}

bool lacks_part(const struct member *member, const struct visit_job *job)
{
    return job->part && !has_part(&member->van, job->part) &&
           !(job->own_part && has_part(&member->van, job->own_part));
}
