/* Orders whose work waits for another's: an order begins when the visit of the order before it has
 * ended, and a gap has passed. What that leaves of the hours it may begin at. */
#pragma once
#include "lib/domain/window.h"

struct chain {
    bool has_before;          /* it comes after another order */
    bool is_before_known;     /* which we have heard of, */
    bool is_before_open;      /* which wants a visit yet, */
    bool is_before_promised;  /* and has an hour for it */
    timestamp before_ends_at; /* of its last promised or done visit; 0: it has none */
    int64_t gap_ms;
    bool has_next;     /* another open order comes after it */
    timestamp next_at; /* the soonest promised hour of those, less their gap; 0: none has one */
};

#define CHAIN_RULES(RULE)                                                                          \
    RULE(CHAIN_FITS, "fits")                                                                       \
    RULE(CHAIN_WAITS, "waits_for_other")   /* the order before has no hour yet */                  \
    RULE(CHAIN_PREDECESSOR, "predecessor") /* the work before has not ended by then */             \
    RULE(CHAIN_SUCCESSOR, "successor")     /* the work after would have begun by the end of this */

enum chain_rule {
#define RULE(constant, text) constant,
    CHAIN_RULES(RULE)
#undef RULE
};

const char *chain_rule_text(enum chain_rule rule);

/* The soonest moment that the order before leaves; 0: any. */
timestamp chain_begins_at(const struct chain *chain);
/* The first rule that says no to work from `start_at` on. */
enum chain_rule check_chain(const struct chain *chain, timestamp start_at, int64_t length_ms);
/* Of `starts` ([first, last + 1)) those that check_chain has nothing against; empty when the order
 * waits. */
struct window chain_narrow(const struct chain *chain, struct window starts, int64_t length_ms);
