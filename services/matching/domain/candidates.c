/* A glance at everybody with the skill, and the rules themselves for whoever is left. */
#include "services/matching/domain/candidates.h"
#include "lib/base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool passes_glance(const struct glance *glance, const struct visit_job *job)
{
    if (job->relaxed & RELAX_TRAVEL)
        return true;
    return fabsf(glance->lat - (float)job->place.lat) <= glance->reach_lat &&
           fabsf(glance->lon - (float)job->place.lon) <= glance->reach_lon;
}

static enum slot_rule check_member(const struct member *member, const struct roads *roads,
                                   const struct visit_job *job, const char *but_technician)
{
    if (but_technician && string_is(member->who->id.text, but_technician))
        return SLOT_INACTIVE;
    return check_technician(member->who, roads, job);
}

static int by_distance(const void *a, const void *b)
{
    const struct candidate *left = a, *right = b;

    if (left->home_m != right->home_m)
        return left->home_m < right->home_m ? -1 : 1;
    return strcmp(left->member->who->id.text, right->member->who->id.text);
}

size_t find_candidates(struct arena *arena, const struct roster *roster, const struct roads *roads,
                       const struct visit_job *job, const char *but_technician,
                       const struct candidate **ret_candidates)
{
    const struct glances *list = &roster->by_skill[job->skill];
    size_t room = 64, count = 0;
    struct candidate *candidates = ARENA_ARRAY(arena, struct candidate, room);

    for (size_t i = 0; i < list->count; i++) {
        const struct member *member = &roster->members[list->at[i].member];
        if (!passes_glance(&list->at[i], job) ||
            check_member(member, roads, job, but_technician) != SLOT_FITS)
            continue;
        if (count == room) {
            struct candidate *grown = ARENA_ARRAY(arena, struct candidate, 2 * room);
            memcpy(grown, candidates, count * sizeof *grown);
            candidates = grown;
            room *= 2;
        }
        candidates[count++] =
            (struct candidate){ member, roads_way(roads, member->who->home, job->place).m };
    }
    qsort(candidates, count, sizeof *candidates, by_distance);
    *ret_candidates = candidates;
    return count;
}

void count_refused(const struct roster *roster, const struct roads *roads,
                   const struct visit_job *job, const char *but_technician,
                   int ret_technicians[SLOT_RULE_COUNT])
{
    for (size_t i = 0; i < roster->count; i++) {
        const struct member *member = &roster->members[i];
        enum slot_rule rule = check_member(member, roads, job, but_technician);
        if (rule != SLOT_FITS)
            ret_technicians[rule]++;
    }
}
