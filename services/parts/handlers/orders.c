/* Facts about work orders and their visits: what is needed, by when, and whether still. */
#include "proto/intake.pb-c.h"
#include "proto/matching.pb-c.h"
#include "services/parts/handlers.h"

/* ---- intake ---- */

static const char *town_of(const WorkOrder *order)
{
    return order->place ? order->place->town : "";
}

static const char *district_of(const WorkOrder *order)
{
    return order->place ? order->place->district : "";
}

struct error on_work_order_opened(struct turn *turn, const void *message)
{
    const WorkOrder *told = ((const WorkOrderOpened *)message)->order;
    struct work_order order;
    bool is_kept;

    if (!told)
        return rejected(PROBLEM_INVALID, "order", "opened without its order");
    turn_belongs_to(turn, told->partner_id);
    const struct work_order opened = {
        .id = told->work_order_id,
        .number = told->number,
        .partner_id = told->partner_id,
        .person_id = told->person_id,
        .part_sku = told->part_sku,
        .town = town_of(told),
        .district = district_of(told),
    };
    store_save_work_order(turn, &opened);
    if (turn->fact.is_retold) {
        if (told->state == WORK_ORDER_STATE__CANCELLED)
            store_save_ended(turn, opened.id);
        return OK;
    }
    TRY(store_load_work_order(turn, opened.id, &is_kept, &order));
    return order_part(turn, is_kept ? &order : &opened);
}

struct error on_address_located(struct turn *turn, const void *message)
{
    const WorkOrder *told = ((const AddressLocated *)message)->order;

    if (!told)
        return rejected(PROBLEM_INVALID, "order", "located without its order");
    turn_belongs_to(turn, told->partner_id);
    store_save_place(turn, told->work_order_id, town_of(told), district_of(told));
    return OK;
}

/* Delivered stays delivered: the part is at the customer's. */
static struct error cancel_purchase(struct turn *turn, const char *work_order_id,
                                    const char *reason)
{
    const struct purchase_event event = { turn->fact.at, "", "engine", "" };
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

struct error on_work_order_cancelled(struct turn *turn, const void *message)
{
    const WorkOrderCancelled *cancelled = message;

    if (!cancelled->order)
        return rejected(PROBLEM_INVALID, "order", "cancelled without its order");
    turn_belongs_to(turn, cancelled->order->partner_id);
    store_save_ended(turn, cancelled->order->work_order_id);
    return cancel_purchase(turn, cancelled->order->work_order_id, cancelled->reason);
}

/* ---- matching ---- */

/* A visit has this hour now: the part has to be there by then; one that was called off with an
 * earlier visit is ordered again. */
static struct error needed_for(struct turn *turn, const Visit *visit)
{
    struct work_order order;
    struct purchase purchase;
    bool is_known, is_bought;

    if (!visit)
        return rejected(PROBLEM_INVALID, "visit", "a fact without its visit");
    turn_belongs_to(turn, visit->partner_id);
    store_save_visit(turn, visit->work_order_id, visit->visit_id, visit->start_at);
    if (turn->fact.is_retold)
        return OK;
    TRY(store_load_work_order(turn, visit->work_order_id, &is_known, &order));
    if (!is_known)
        return OK;
    TRY(store_load_living(turn, visit->work_order_id, &is_bought, &purchase));
    if (!is_bought)
        return order_part(turn, &order);
    purchase.delivery.needed_by = visit->start_at;
    tell_if_too_late(turn, &purchase);
    store_update_purchase(turn, &purchase);
    return OK;
}

struct error on_visit_booked(struct turn *turn, const void *message)
{
    const VisitBooked *booked = message;
    const Visit *visit = booked->visit;

    if (turn->fact.is_retold && visit && visit->state != VISIT_STATE__BOOKED)
        return OK; /* of before: another may stand in its place */
    return needed_for(turn, visit);
}

struct error on_visit_moved(struct turn *turn, const void *message)
{
    const VisitMoved *moved = message;

    return needed_for(turn, moved->visit);
}

struct error on_visit_rebooked(struct turn *turn, const void *message)
{
    const VisitRebooked *rebooked = message;

    return needed_for(turn, rebooked->visit);
}

struct error on_visit_cancelled(struct turn *turn, const void *message)
{
    const VisitCancelled *cancelled = message;
    const Visit *visit = cancelled->visit;
    struct work_order order;
    bool is_known;

    if (!visit)
        return rejected(PROBLEM_INVALID, "visit", "cancelled without its visit");
    turn_belongs_to(turn, visit->partner_id);
    TRY(store_load_work_order(turn, visit->work_order_id, &is_known, &order));
    /* Another visit of the order may have taken its place. */
    if (!is_known || !string_is(order.visit_id, visit->visit_id))
        return OK;
    store_save_visit(turn, visit->work_order_id, "", 0);
    return cancel_purchase(turn, visit->work_order_id, cancelled->reason);
}
