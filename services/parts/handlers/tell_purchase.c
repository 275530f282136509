/* A purchase's whole state as a fact. */
#include "proto/parts.pb-c.h"
#include "services/parts/handlers.h"

_Static_assert((int)PURCHASE_ORDERED == PURCHASE_STATE__ORDERED, "as told");
_Static_assert((int)PURCHASE_CONFIRMED == PURCHASE_STATE__CONFIRMED, "as told");
_Static_assert((int)PURCHASE_SHIPPED == PURCHASE_STATE__SHIPPED, "as told");
_Static_assert((int)PURCHASE_DELIVERED == PURCHASE_STATE__DELIVERED, "as told");
_Static_assert((int)PURCHASE_LATE == PURCHASE_STATE__LATE, "as told");
_Static_assert((int)PURCHASE_CANCELLED == PURCHASE_STATE__CANCELLED, "as told");

PurchaseOrder *purchase_message(struct turn *turn, const struct purchase *purchase)
{
    PurchaseOrder *message = ARENA_NEW(turn->arena, PurchaseOrder);
    const struct delivery *delivery = &purchase->delivery;

    *message = (PurchaseOrder)PURCHASE_ORDER__INIT;
    message->purchase_order_id = purchase->id;
    message->work_order_id = purchase->work_order_id;
    message->partner_id = purchase->partner_id;
    message->supplier_id = purchase->supplier_id;
    message->sku = purchase->sku;
    message->name = purchase->name;
    message->quantity = purchase->quantity;
    message->state = (PurchaseState)delivery->state;
    message->promised_by = delivery->promised_by;
    message->needed_by = delivery->needed_by;
    message->delivered_at = delivery->delivered_at;
    message->price_grosz = purchase->price_grosz;
    message->person_id = purchase->person_id;
    message->ordered_at = delivery->ordered_at;
    message->town = purchase->town;
    message->district = purchase->district;
    message->number = purchase->number;
    return message;
}

void tell_late(struct turn *turn, const struct purchase *purchase)
{
    PartLate told = PART_LATE__INIT;

    told.purchase = purchase_message(turn, purchase);
    turn_belongs_to(turn, purchase->partner_id);
    emit(turn, purchase->work_order_id, &told);
}

void tell_cancelled(struct turn *turn, const struct purchase *purchase, const char *reason)
{
    PartCancelled told = PART_CANCELLED__INIT;

    told.purchase = purchase_message(turn, purchase);
    told.reason = reason;
    turn_belongs_to(turn, purchase->partner_id);
    emit(turn, purchase->work_order_id, &told);
}

void tell_state(struct turn *turn, const struct purchase *purchase)
{
    PartOrdered ordered = PART_ORDERED__INIT;
    PartConfirmed confirmed = PART_CONFIRMED__INIT;
    PartShipped shipped = PART_SHIPPED__INIT;
    PartDelivered delivered = PART_DELIVERED__INIT;
    const void *told[PURCHASE_STATES_END] = {
        [PURCHASE_ORDERED] = &ordered,
        [PURCHASE_CONFIRMED] = &confirmed,
        [PURCHASE_SHIPPED] = &shipped,
        [PURCHASE_DELIVERED] = &delivered,
    };

    if (purchase->delivery.state == PURCHASE_LATE) {
        tell_late(turn, purchase);
        return;
    }
    ordered.purchase = confirmed.purchase = shipped.purchase = delivered.purchase =
        purchase_message(turn, purchase);
    turn_belongs_to(turn, purchase->partner_id);
    emit(turn, purchase->work_order_id, told[purchase->delivery.state]);
}

void tell_if_too_late(struct turn *turn, struct purchase *purchase)
{
    if (!is_too_late(&purchase->delivery))
        return;
    purchase->delivery = told_too_late(purchase->delivery);
    tell_late(turn, purchase);
}
