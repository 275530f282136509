/* The table of moves. */
#include "services/parts/domain/purchase_states.h"
#include "lib/base/array.h"
#include <assert.h>

static const struct {
    enum purchase_state from, to;
} moves[] = {
    { PURCHASE_ORDERED, PURCHASE_CONFIRMED }, { PURCHASE_ORDERED, PURCHASE_SHIPPED },
    { PURCHASE_ORDERED, PURCHASE_DELIVERED }, { PURCHASE_ORDERED, PURCHASE_LATE },
    { PURCHASE_ORDERED, PURCHASE_CANCELLED }, { PURCHASE_CONFIRMED, PURCHASE_CONFIRMED },
    { PURCHASE_CONFIRMED, PURCHASE_SHIPPED }, { PURCHASE_CONFIRMED, PURCHASE_DELIVERED },
    { PURCHASE_CONFIRMED, PURCHASE_LATE },    { PURCHASE_CONFIRMED, PURCHASE_CANCELLED },
    { PURCHASE_SHIPPED, PURCHASE_DELIVERED }, { PURCHASE_SHIPPED, PURCHASE_LATE },
    { PURCHASE_SHIPPED, PURCHASE_CANCELLED }, { PURCHASE_LATE, PURCHASE_CONFIRMED },
    { PURCHASE_LATE, PURCHASE_SHIPPED },      { PURCHASE_LATE, PURCHASE_DELIVERED },
    { PURCHASE_LATE, PURCHASE_LATE },         { PURCHASE_LATE, PURCHASE_CANCELLED },
};

const char *purchase_state_key(enum purchase_state state)
{
    static const char *const keys[] = {
#define STATE(constant, number, key) [PURCHASE_##constant] = (key),
#include "services/parts/domain/purchase_states.def"
#undef STATE
    };

    assert(state >= PURCHASE_ORDERED && state < PURCHASE_STATES_END);
    return keys[state];
}

bool purchase_may_become(enum purchase_state from, enum purchase_state to)
{
    EACH (move, moves)
        if (move->from == from && move->to == to)
            return true;
    return false;
}

bool purchase_is_open(enum purchase_state state)
{
    return state != PURCHASE_DELIVERED && state != PURCHASE_CANCELLED;
}
