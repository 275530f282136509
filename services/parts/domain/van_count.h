/* Counting pieces of one part in one van: how many are free, what use and a recount leave of them,
 * and whether a purchase may still be called off for one. */
#pragma once
#include "services/parts/domain/purchase_states.h"
#include <stdint.h>

enum { VAN_QUANTITY_MOST = 10000 };

struct van_count {
    int64_t quantity; /* pieces in the van */
    int64_t reserved; /* of these, kept for orders */
};

bool van_has_free(struct van_count count);

/* What becomes of a count; `lost`: reservations that it cannot keep. */
struct van_change {
    struct van_count count;
    int64_t lost;
};
/* Somebody counted `quantity` pieces: that is what is there. */
struct van_change van_recount(struct van_count count, int64_t quantity);

struct van_use {
    struct van_change change;
    int64_t delivered; /* of what was used: lay at the customer's */
    int64_t beyond;    /* of what was used: more than the van's count had */
};
/* `used` > 0 pieces went into the work; `at_customer` of them can have come from a purchase, which
 * is used first. The count never falls below 0. */
struct van_use van_use(struct van_count count, int64_t used, int64_t at_customer);

/* The supplier has sent nothing yet: calling it off harms nobody. `was_shipped`: it ever was. */
bool purchase_may_be_called_off(enum purchase_state state, bool was_shipped);
