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

const void *state_message(struct turn *turn, const struct purchase *purchase)
{
    struct {
        PartOrdered ordered;
        PartConfirmed confirmed;
        PartShipped shipped;
        PartDelivered delivered;
        PartLate late;
        PartCancelled cancelled;
    } *facts = arena_alloc(turn->arena, sizeof *facts);
    const void *told[PURCHASE_STATES_END] = {
        [PURCHASE_ORDERED] = &facts->ordered, [PURCHASE_CONFIRMED] = &facts->confirmed,
        [PURCHASE_SHIPPED] = &facts->shipped, [PURCHASE_DELIVERED] = &facts->delivered,
        [PURCHASE_LATE] = &facts->late,       [PURCHASE_CANCELLED] = &facts->cancelled,
    };

    part_ordered__init(&facts->ordered);
    part_confirmed__init(&facts->confirmed);
    part_shipped__init(&facts->shipped);
    part_delivered__init(&facts->delivered);
    part_late__init(&facts->late);
    part_cancelled__init(&facts->cancelled);
    facts->ordered.purchase = facts->confirmed.purchase = facts->shipped.purchase =
        facts->delivered.purchase = facts->late.purchase = facts->cancelled.purchase =
            purchase_message(turn, purchase);
    return told[purchase->delivery.state];
}

void tell_state(struct turn *turn, const struct purchase *purchase)
{
    turn_belongs_to(turn, purchase->partner_id);
    emit(turn, purchase->work_order_id, state_message(turn, purchase));
}

void tell_if_too_late(struct turn *turn, struct purchase *purchase)
{
    if (!is_too_late(&purchase->delivery))
        return;
    purchase->delivery = told_too_late(purchase->delivery);
    tell_late(turn, purchase);
}
