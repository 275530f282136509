/* How many people could begin in each hour of the coming days: the heat map, from the same rules
 * as the search. No promise. */
#pragma once
#include "services/matching/domain/candidates.h"

/* Hour i is [first + i hours, one hour more), for i < `hours`. `ret_technicians[i]`: who could
 * begin at one of its quarters, within job->starts. */
void count_free_hours(struct arena *arena, const struct roster *roster, const struct roads *roads,
                      const struct visit_job *job, timestamp first, size_t hours,
                      int32_t ret_technicians[]);
