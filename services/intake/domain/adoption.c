/* The share of a trial is a hash of the order's id, evenly spread. */
#include "services/intake/domain/adoption.h"
#include "lib/base/array.h"
#include "lib/domain/random.h"

static const char *const names[] = {
#define STEP(constant, name) name,
    ADOPTION_STEPS(STEP)
#undef STEP
};

const char *adoption_name(enum adoption_step step)
{
    return names[step];
}

bool adoption_parse(struct text name, enum adoption_step *ret_step)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (!text_is(name, names[i]))
            continue;
        *ret_step = (enum adoption_step)i;
        return true;
    }
    return false;
}

bool trial_is_limited(const struct adoption *adoption)
{
    return adoption->trial_permille || adoption->service_count || adoption->town_count;
}

/* Ids begin with the time and differ in few bits: FNV-1a takes all of them in, splitmix64 spreads
 * them. */
static int64_t permille_of(const char *work_order_id)
{
    struct random random = { UINT64_C(1469598103934665603) };

    for (const char *at = work_order_id; *at; at++)
        random.state = (random.state ^ (unsigned char)*at) * UINT64_C(1099511628211);
    return random_below(&random, 1000);
}

static bool lets_through(const char *const names_of[], size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (string_is(names_of[i], name))
            return true;
    return count == 0;
}

enum adoption_step decide_adoption(const struct adoption *adoption, const char *work_order_id,
                                   const char *service_id, const char *town)
{
    if (adoption->step != ADOPTION_TRIAL)
        return adoption->step;
    bool is_live =
        (!adoption->trial_permille || permille_of(work_order_id) < adoption->trial_permille) &&
        lets_through(adoption->services, adoption->service_count, service_id) &&
        lets_through(adoption->towns, adoption->town_count, town);
    return is_live ? ADOPTION_LIVE : ADOPTION_SHADOW;
}
