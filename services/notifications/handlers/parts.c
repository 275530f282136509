/* Parts on their way to the customer, or in a technician's van: the partner sees each step, the
 * customer hears when one will not be there in time. */
#include "lib/domain/calendar.h"
#include "proto/parts.pb-c.h"
#include "services/notifications/handlers.h"

static struct error tell(struct turn *turn, const PurchaseOrder *purchase,
                         enum order_event_kind kind, struct order *ret_order)
{
    const char *date = purchase->promised_by
                           ? date_text_long(turn->arena, date_from_timestamp(purchase->promised_by))
                           : "";
    const struct word words[] = { { "part", purchase->name }, { "date", date }, { 0 } };
    OrderEventPart told = ORDER_EVENT_PART__INIT;
    OrderEvent event = ORDER_EVENT__INIT;

    TRY(order_of_fact(turn, purchase->work_order_id, purchase->partner_id, ret_order));
    told.purchase_order_id = purchase->purchase_order_id;
    told.name = purchase->name;
    told.promised_by = purchase->promised_by;
    told.delivered_at = purchase->delivered_at;
    event.part = &told;
    return partner_event_tell(turn, ret_order, kind, &event, words);
}

struct error on_part_ordered(struct turn *turn, const void *message)
{
    const PartOrdered *ordered = message;
    struct order order;
    return tell(turn, ordered->purchase, PART_WAS_ORDERED, &order);
}

struct error on_part_confirmed(struct turn *turn, const void *message)
{
    const PartConfirmed *confirmed = message;
    struct order order;
    return tell(turn, confirmed->purchase, PART_WAS_CONFIRMED, &order);
}

struct error on_part_shipped(struct turn *turn, const void *message)
{
    const PartShipped *shipped = message;
    struct order order;
    return tell(turn, shipped->purchase, PART_WAS_SHIPPED, &order);
}

struct error on_part_delivered(struct turn *turn, const void *message)
{
    const PartDelivered *delivered = message;
    struct order order;
    return tell(turn, delivered->purchase, PART_WAS_DELIVERED, &order);
}

struct error on_part_late(struct turn *turn, const void *message)
{
    const PartLate *late = message;
    struct order order;

    TRY(tell(turn, late->purchase, PART_IS_LATE, &order));
    if (order.visit.course != VISIT_PROMISED)
        return OK; /* there is no hour to move */
    struct cue cue = { .template = PART_LATE,
                       .occurrence = visit_occurrence(turn, &order.visit),
                       .part = late->purchase->name };
    return message_cue(turn, &order, &cue);
}

struct error on_part_cancelled(struct turn *turn, const void *message)
{
    const PartCancelled *cancelled = message;
    struct order order;
    return tell(turn, cancelled->purchase, PART_WAS_CANCELLED, &order);
}

struct error on_part_reserved(struct turn *turn, const void *message)
{
    const PartReservation *reservation = ((const PartReserved *)message)->reservation;
    const struct word words[] = { { "part", reservation->name }, { 0 } };
    OrderEventPart told = ORDER_EVENT_PART__INIT;
    OrderEvent event = ORDER_EVENT__INIT;
    struct order order;

    TRY(order_of_fact(turn, reservation->work_order_id, reservation->partner_id, &order));
    told.name = reservation->name;
    event.part = &told;
    return partner_event_tell(turn, &order, PART_IS_IN_VAN, &event, words);
}
