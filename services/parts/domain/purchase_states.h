/* The life of a purchase: which state may follow which. One table, here. */
#pragma once
#include <stdbool.h>

enum purchase_state {
#define STATE(constant, number, key) PURCHASE_##constant = (number),
#include "services/parts/domain/purchase_states.def"
#undef STATE
    PURCHASE_STATES_END
};

const char *purchase_state_key(enum purchase_state state);
/* Confirming again and being late again are moves, too: they bring another date. */
bool purchase_may_become(enum purchase_state from, enum purchase_state to);
/* Neither delivered nor cancelled: somebody still has to do something about it. */
bool purchase_is_open(enum purchase_state state);
