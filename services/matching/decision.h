/* A search and its answer as messages, and back: what is kept of a decision, so that it can be
 * explained and made again. */
#pragma once
#include "proto/matching.pb-c.h"
#include "services/matching/domain/relax_search.h"

void policy_read(const Policy *message, struct policy *policy); /* fields it does not name stay */
Policy *policy_message(struct arena *arena, const struct policy *policy);

/* All that the answer hangs on: the job, the weights, whoever was asked with the days that were
 * walked. `ways_out` (may be NULL) were looked for up to `horizon`, because nothing was found. */
DecisionInput *decision_input(struct arena *arena, const struct search *search,
                              const struct slot_search *found, const struct relaxations *ways_out,
                              timestamp horizon);
/* The answer. `before`: refusals of technicians who are not in the input; may be NULL. */
DecisionResult *decision_result(struct arena *arena, const struct slot_search *found,
                                const struct relaxations *ways_out, RuleCount *const before[],
                                size_t before_count);
/* The search that an input describes, in a roster of its own. All in the arena. */
struct search *decision_search(struct arena *arena, const DecisionInput *input);
/* Made again from its input alone. */
DecisionResult *decide_again(struct arena *arena, const DecisionInput *input);
