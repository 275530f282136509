#include "services/parts/domain/purchase_states.h"
#include <criterion/criterion.h>

/* Every pair, written down a second time: rows are from, columns to. */
Test(purchase_states, every_pair)
{
    static const char *const expected[PURCHASE_STATES_END] = {
        /*                       O  C  S  D  L  X */
        [PURCHASE_ORDERED] = " . y y y y y", [PURCHASE_CONFIRMED] = " . y y y y y",
        [PURCHASE_SHIPPED] = " . . . y y y", [PURCHASE_DELIVERED] = " . . . . . .",
        [PURCHASE_LATE] = " . y y y y y",    [PURCHASE_CANCELLED] = " . . . . . .",
    };

    for (enum purchase_state from = PURCHASE_ORDERED; from < PURCHASE_STATES_END; from++)
        for (enum purchase_state to = PURCHASE_ORDERED; to < PURCHASE_STATES_END; to++)
            cr_expect_eq(purchase_may_become(from, to), expected[from][2 * to - 1] == 'y',
                         "%s -> %s", purchase_state_key(from), purchase_state_key(to));
}

Test(purchase_states, what_ended_stays_ended)
{
    for (enum purchase_state from = PURCHASE_ORDERED; from < PURCHASE_STATES_END; from++) {
        bool leads_on = false;
        for (enum purchase_state to = PURCHASE_ORDERED; to < PURCHASE_STATES_END; to++)
            leads_on |= purchase_may_become(from, to);
        cr_expect_eq(leads_on, purchase_is_open(from), "%s", purchase_state_key(from));
        if (purchase_is_open(from)) {
            cr_expect(purchase_may_become(from, PURCHASE_DELIVERED), "%s can arrive",
                      purchase_state_key(from));
            cr_expect(purchase_may_become(from, PURCHASE_CANCELLED), "%s can be called off",
                      purchase_state_key(from));
        }
    }
}
