/* How far a partner has come with hours of ours, step by step, and which path an order of his
 * takes. A step is changed without a restart and holds for the next order. */
#pragma once
#include "lib/base/text.h"

#define ADOPTION_STEPS(STEP)                                                                       \
    STEP(ADOPTION_MAIL, "mail")     /* our people agree every hour with the customer */            \
    STEP(ADOPTION_SHADOW, "shadow") /* the same, and the hour we would have promised is logged */  \
    STEP(ADOPTION_TRIAL, "trial")   /* some orders as live, the others as shadow */                \
    STEP(ADOPTION_LIVE, "live")     /* as the contract says */

enum adoption_step {
#define STEP(constant, name) constant,
    ADOPTION_STEPS(STEP)
#undef STEP
};

struct adoption {
    enum adoption_step step;
    /* Which orders of a trial are live: all that each of the three lets through. */
    int64_t trial_permille;      /* share of the orders; 0: not asked */
    const char *const *services; /* none: every service */
    size_t service_count;
    const char *const *towns; /* folded names; none: every town */
    size_t town_count;
};

const char *adoption_name(enum adoption_step step);
/* False (ret untouched) when it is no step. */
bool adoption_parse(struct text name, enum adoption_step *ret_step);
/* A trial that lets everything through is none. */
bool trial_is_limited(const struct adoption *adoption);
/* Mail, shadow or live; of a trial one of the last two. The share is taken by the order's id: the
 * same order has the same answer always, and a larger share has all of a smaller one. `town` is
 * folded. */
enum adoption_step decide_adoption(const struct adoption *adoption, const char *work_order_id,
                                   const char *service_id, const char *town);
