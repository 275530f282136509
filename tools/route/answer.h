/* A solution as VROOM's JSON has it. */
#pragma once
#include "tools/route/problem.h"

/* {"code": 0, "summary": …, "unassigned": […], "routes": […]}; a new reference. `seed` stands in
 * the summary with the pace, so that the answer can be made again. */
json_t *answer_of(const struct problem *problem, const struct solution *solution, uint64_t seed);
/* {"code": 2, "error": …}: the input breaks a rule. */
json_t *answer_refused(const struct problem *problem);
/* Seed and pace of an earlier answer; false when it has none. */
bool answer_again(const json_t *answer, uint64_t *ret_seed, struct pace *ret_pace);
