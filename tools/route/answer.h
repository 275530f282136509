/* A solution as VROOM's JSON has it. */
#pragma once
#include "tools/route/problem.h"

enum { THREADS_MOST = 64 };

/* {"code": 0, "summary": …, "unassigned": […], "routes": […]}; a new reference. The seed stands in
 * the summary with the paces, so that the answer can be made again. */
json_t *answer_of(const struct problem *problem, const struct solution *solution,
                  const struct solver_options *options);
/* {"code": 2, "error": …}: the input breaks a rule. */
json_t *answer_refused(const struct problem *problem);
/* Seed, threads and paces of an earlier answer; false when it has none. */
bool answer_again(struct arena *arena, const json_t *answer, struct solver_options *options);
