/* Which jobs and vehicles lie near a job, in space and time: made once, so that a round looks at a
 * few dozen places however large the day. */
#pragma once
#include "services/routing/solver/plan.h"

struct near_job {
    int32_t job;      /* NOBODY ends a list that is not full */
    int32_t duration; /* of the road between the two, by the first roads */
};

struct neighbours {
    int32_t beside_first; /* of beside_count: enough where there is little time */
    int32_t around_count, beside_count, home_count; /* room in each list */
    const int32_t *around; /* whose strings are taken out together; nearest first */
    const struct near_job *before, *behind; /* who may well come just before or behind it */
    const int32_t *homes; /* teams that may do it, whose start and end lie nearest */
    const int32_t *reach; /* of a job: how many vehicles may do it */
    const int64_t *alone; /* of a job: cost of the cheapest vehicle that does nothing else */
    int32_t *team_of;     /* of a vehicle; those of a team are alike in everything */
    int32_t *team_first, *team_next; /* a team's vehicles, as a chain ended by NOBODY */
    int32_t team_count;
    int64_t edge; /* mean cost of the road to the nearest job, >= 1 */
};

void neighbours_init(struct arena *arena, struct neighbours *near, const struct plan *plan);
