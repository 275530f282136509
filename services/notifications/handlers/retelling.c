/* The links of an order, told again, so that they open in a portal that lost them; and copies
 * dropped. */
#include "services/notifications/handlers.h"

struct error retell_links(struct turn *turn, const char *subject)
{
    LinkIssued *links;
    timestamp *issued_at;
    size_t count;

    if (!id_valid(subject))
        return OK;
    TRY(store_load_links(turn, subject, &links, &issued_at, &count));
    for (size_t i = 0; i < count; i++) {
        turn_belongs_to(turn, links[i].partner_id);
        retell(turn, subject, &links[i], issued_at[i]);
    }
    return OK;
}

struct error drop_orders_and_partners(struct turn *turn, struct value subjects)
{
    store_drop_orders(turn, subjects);
    store_drop_partners(turn, subjects);
    return OK;
}

struct error drop_visits(struct turn *turn, struct value subjects)
{
    store_drop_visits(turn, subjects);
    return OK;
}

struct error links_prune(struct turn *turn, const char *nothing)
{
    (void)nothing;
    store_prune_links(turn);
    return OK;
}
