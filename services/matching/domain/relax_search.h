/* Nobody can come: which one rule, set aside or stretched, would help most cheaply. */
#pragma once
#include "services/matching/domain/search_slots.h"

#define RELAXATIONS(RELAXATION)                                                                    \
    RELAXATION(RELAXED_LATER, "later")          /* ms after the last start that was asked for */   \
    RELAXATION(RELAXED_TRAVEL, "farther")       /* road metres beyond what he goes */              \
    RELAXATION(RELAXED_AREA, "other_territory") /* 1 */                                            \
    RELAXATION(RELAXED_EQUIPMENT, "without_equipment") /* 1 */                                     \
    RELAXATION(RELAXED_OVERTIME, "overtime")           /* ms at home beyond what he may be */      \
    RELAXATION(RELAXED_RESERVE, "from_reserve")        /* ms of work from the reserve */           \
    RELAXATION(RELAXED_ON_CALL, "on_call")             /* ms of work on call */

enum relaxed_rule {
#define RELAXATION(constant, text) constant,
    RELAXATIONS(RELAXATION)
#undef RELAXATION
        RELAXED_COUNT
};

const char *relaxed_rule_text(enum relaxed_rule rule);

struct relaxed {
    enum relaxed_rule rule;
    int64_t amount;  /* in the rule's own unit, see above */
    int64_t cost_ms; /* the slot's score and what the policy adds for the exception */
    struct slot slot;
};

/* What each rule by itself would give. */
struct relaxations {
    struct relaxed tried[RELAXED_COUNT]; /* those that help, in the order of the rules */
    size_t count;
    const struct relaxed *cheapest; /* NULL: none alone is enough */
};

/* Only the nearest policy->candidates are asked. Later starts are looked for up to `horizon`.
 * Skills and licences are never set aside: the law asks for them. */
void relax_search(struct arena *arena, const struct search *search, timestamp horizon,
                  struct relaxations *ret_relaxations);
