/* Van or supplier: where the part for the present visit comes from. */
#include "services/parts/domain/van_count.h"
#include "services/parts/handlers.h"

static struct error may_take_from_van(struct turn *turn, bool is_bought,
                                      const struct purchase *purchase, bool *ret_may)
{
    bool was_shipped = false;

    if (is_bought)
        TRY(store_was_shipped(turn, purchase, &was_shipped));
    *ret_may = !is_bought || purchase_may_be_called_off(purchase->delivery.state, was_shipped);
    return OK;
}

struct error supply_part(struct turn *turn, const struct work_order *order)
{
    struct purchase purchase;
    bool is_bought, may_take, is_reserved;

    TRY(store_load_living(turn, order->id, &is_bought, &purchase));
    TRY(may_take_from_van(turn, is_bought, &purchase, &may_take));
    TRY(reserve_part(turn, order, may_take, &is_reserved));
    if (is_reserved)
        return cancel_purchase(turn, order->id, "in_van");
    if (!is_bought)
        return order_part(turn, order);
    purchase.delivery.needed_by = order->needed_by;
    tell_if_too_late(turn, &purchase);
    store_update_purchase(turn, &purchase);
    return OK;
}
