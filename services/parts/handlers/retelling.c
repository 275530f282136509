/* The purchases of an order, told again in the state they are in; and copies dropped. */
#include "services/parts/handlers.h"

struct error retell_purchases(struct turn *turn, const char *subject)
{
    struct purchases purchases;

    if (!id_valid(subject))
        return OK;
    TRY(store_load_of_order(turn, subject, &purchases));
    for (size_t i = 0; i < purchases.count; i++) {
        turn_belongs_to(turn, purchases.at[i].partner_id);
        retell(turn, subject, state_message(turn, &purchases.at[i]),
               purchases.at[i].delivery.ordered_at);
    }
    return OK;
}

struct error drop_work_orders(struct turn *turn, struct value subjects)
{
    store_drop_work_orders(turn, subjects);
    return OK;
}
