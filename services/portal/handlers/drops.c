/* Copies of what its owner knows no more go, and are counted no more. */
#include "services/portal/domain/labels.h"
#include "services/portal/handlers.h"

struct error drop_orders(struct turn *turn, struct value subjects)
{
    int *states, count;

    store_drop_partners(turn, subjects);
    TRY(store_drop_orders(turn, subjects, &states, &count));
    for (int i = 0; i < count; i++)
        store_add_tally(turn, "order", order_label((enum order_state)states[i])->key, -1);
    return OK;
}

struct error drop_visits(struct turn *turn, struct value subjects)
{
    int *shown, count;

    TRY(store_drop_visits(turn, subjects, &shown, &count));
    for (int i = 0; i < count; i++)
        store_add_tally(turn, "visit", visit_label((enum visit_shown)shown[i])->key, -1);
    return OK;
}

struct error drop_parts(struct turn *turn, struct value subjects)
{
    store_drop_parts(turn, subjects);
    return OK;
}

struct error drop_links(struct turn *turn, struct value subjects)
{
    store_drop_links(turn, subjects);
    return OK;
}
