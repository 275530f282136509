/* Subtraction, and what it must not go below. */
#include "services/parts/domain/van_count.h"
#include <assert.h>

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

bool van_has_free(struct van_count count)
{
    return count.reserved < count.quantity;
}

struct van_change van_recount(struct van_count count, int64_t quantity)
{
    int64_t kept = least(count.reserved, quantity);

    assert(quantity >= 0);
    return (struct van_change){ { quantity, kept }, count.reserved - kept };
}

struct van_use van_use(struct van_count count, int64_t used, int64_t at_customer)
{
    int64_t delivered = at_customer > 0 ? least(used, at_customer) : 0;
    int64_t taken = least(used - delivered, count.quantity);

    assert(used > 0);
    return (struct van_use){ .change = van_recount(count, count.quantity - taken),
                             .delivered = delivered,
                             .beyond = used - delivered - taken };
}

bool purchase_may_be_called_off(enum purchase_state state, bool was_shipped)
{
    return purchase_is_open(state) && state != PURCHASE_SHIPPED && !was_shipped;
}
