/* An order that was called off, or ended without a visit, holds nobody up. */
#include "services/matching/domain/chain.h"

const char *chain_rule_text(enum chain_rule rule)
{
    static const char *const texts[] = {
#define RULE(constant, text) [constant] = (text),
        CHAIN_RULES(RULE)
#undef RULE
    };

    return texts[rule];
}

static bool waits(const struct chain *chain)
{
    if (!chain->has_before)
        return false;
    return !chain->is_before_known || (chain->is_before_open && !chain->is_before_promised);
}

timestamp chain_begins_at(const struct chain *chain)
{
    return chain->has_before && chain->before_ends_at ? chain->before_ends_at + chain->gap_ms : 0;
}

enum chain_rule check_chain(const struct chain *chain, timestamp start_at, int64_t length_ms)
{
    if (waits(chain))
        return CHAIN_WAITS;
    if (start_at < chain_begins_at(chain))
        return CHAIN_PREDECESSOR;
    return chain->next_at && start_at + length_ms > chain->next_at ? CHAIN_SUCCESSOR : CHAIN_FITS;
}

struct window chain_narrow(const struct chain *chain, struct window starts, int64_t length_ms)
{
    timestamp begins_at = chain_begins_at(chain);

    if (starts.from < begins_at)
        starts.from = begins_at;
    if (chain->next_at && starts.until > chain->next_at - length_ms + 1)
        starts.until = chain->next_at - length_ms + 1;
    if (waits(chain) || starts.until < starts.from)
        starts.until = starts.from;
    return starts;
}
