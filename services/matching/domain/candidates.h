/* Who may come at all, whatever the hour. */
#pragma once
#include "lib/base/arena.h"
#include "services/matching/domain/roster.h"

struct candidate {
    const struct member *member;
    int64_t home_m; /* road metres from his home to the job */
};

/* Everybody whom check_technician does not refuse, nearest first, then by id; but `but_technician`
 * (an id, or NULL). Lives in the arena; returns how many. */
size_t find_candidates(struct arena *arena, const struct roster *roster, const struct roads *roads,
                       const struct visit_job *job, const char *but_technician,
                       const struct candidate **ret_candidates);
/* How many the rules of technicians refuse, added to `ret_technicians`; who is left out counts as
 * inactive. */
void count_refused(const struct roster *roster, const struct roads *roads,
                   const struct visit_job *job, const char *but_technician,
                   int ret_technicians[SLOT_RULE_COUNT]);
