/* The order's part is ordered at once, to the customer's address, and once; and called off. */
#include "services/parts/handlers.h"

static struct purchase new_purchase(struct turn *turn, const struct work_order *order,
                                    const struct catalogue_item *item)
{
    return (struct purchase){
        .id = arena_string(turn->arena, new_id(turn).text),
        .work_order_id = order->id,
        .partner_id = order->partner_id,
        .supplier_id = item->supplier_id,
        .sku = item->sku,
        .name = item->name,
        .quantity = 1,
        .price_grosz = item->price_grosz,
        .delivery = { .state = PURCHASE_ORDERED,
                      .ordered_at = turn->now,
                      .promised_by = turn->now + item->lead_time_ms,
                      .needed_by = order->needed_by },
        .person_id = order->person_id,
        .number = order->number,
        .town = order->town,
        .district = order->district,
    };
}

struct error order_part(struct turn *turn, const struct work_order *order)
{
    const struct purchase_event event = { turn->now, "", "engine", "" };
    struct catalogue_item item = { .sku = "" };
    struct purchase purchase;
    bool is_known, is_bought;

    if (string_empty(order->part_sku) || order->ended)
        return OK;
    TRY(store_load_living(turn, order->id, &is_bought, &purchase));
    if (is_bought)
        return OK;
    TRY(store_load_catalogue_item(turn, order->part_sku, &is_known, &item));
    if (!is_known) {
        store_save_question(turn, order);
        return OK;
    }
    purchase = new_purchase(turn, order, &item);
    store_save_purchase(turn, &purchase);
    store_save_event(turn, &purchase, &event);
    store_close_question(turn, order->id);
    tell_state(turn, &purchase);
    tell_if_too_late(turn, &purchase);
    store_update_purchase(turn, &purchase);
    return OK;
}

struct error cancel_purchase(struct turn *turn, const char *work_order_id, const char *reason)
{
    const struct purchase_event event = { turn->fact.at ? turn->fact.at : turn->now, "", "engine",
                                          "" };
    struct purchase purchase;
    bool is_bought;

    store_close_question(turn, work_order_id);
    TRY(store_load_living(turn, work_order_id, &is_bought, &purchase));
    if (!is_bought || !purchase_may_become(purchase.delivery.state, PURCHASE_CANCELLED))
        return OK;
    purchase.delivery.state = PURCHASE_CANCELLED;
    store_update_purchase(turn, &purchase);
    store_save_event(turn, &purchase, &event);
    tell_cancelled(turn, &purchase, reason);
    return OK;
}
