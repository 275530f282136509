/* An order's purchases in the state they are in and what is kept for it, or a van, told again; and
 * copies dropped. */
#include "proto/parts.pb-c.h"
#include "services/parts/handlers.h"
#include "services/parts/store_van.h"

static struct error retell_van(struct turn *turn, const char *technician_id)
{
    VanStockChanged changed = VAN_STOCK_CHANGED__INIT;

    TRY(store_load_van(turn, technician_id, &changed.van));
    if (changed.van)
        retell(turn, technician_id, &changed, changed.van->changed_at);
    return OK;
}

struct error retell_parts(struct turn *turn, const char *subject)
{
    struct purchases purchases;

    if (!id_valid(subject))
        return OK;
    TRY(retell_van(turn, subject));
    TRY(store_load_of_order(turn, subject, &purchases));
    for (size_t i = 0; i < purchases.count; i++) {
        turn_belongs_to(turn, purchases.at[i].partner_id);
        retell(turn, subject, state_message(turn, &purchases.at[i]),
               purchases.at[i].delivery.ordered_at);
    }
    return retell_reservation(turn, subject);
}

struct error drop_work_orders(struct turn *turn, struct value subjects)
{
    store_drop_work_orders(turn, subjects);
    return OK;
}
