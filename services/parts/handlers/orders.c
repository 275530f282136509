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

struct error on_work_order_cancelled(struct turn *turn, const void *message)
{
    const WorkOrderCancelled *cancelled = message;

    if (!cancelled->order)
        return rejected(PROBLEM_INVALID, "order", "cancelled without its order");
    turn_belongs_to(turn, cancelled->order->partner_id);
    store_save_ended(turn, cancelled->order->work_order_id);
    TRY(release_part(turn, cancelled->order->work_order_id, "order_cancelled"));
    return cancel_purchase(turn, cancelled->order->work_order_id, cancelled->reason);
}

/* ---- matching ---- */

/* What was told of a visit before it was done or missed, but is heard only now: its topic is not
 * the one that said so. */
static bool is_late_news(const struct turn *turn, const struct work_order *order,
                         const Visit *visit)
{
    return string_is(order->over_visit_id, visit->visit_id) && turn->fact.at <= order->over_at;
}

/* A visit has this hour and this technician now: the part has to be there by then, or lie in his
 * van; one that was called off with an earlier visit is ordered again. */
static struct error needed_for(struct turn *turn, const Visit *visit)
{
    struct work_order order;
    bool is_known;

    if (!visit)
        return rejected(PROBLEM_INVALID, "visit", "a fact without its visit");
    turn_belongs_to(turn, visit->partner_id);
    TRY(store_load_work_order(turn, visit->work_order_id, &is_known, &order));
    if (!is_known || (is_late_news(turn, &order, visit) && !turn->fact.is_retold))
        return OK;
    store_save_visit(
        turn, visit->work_order_id,
        &(struct planned_visit){ visit->visit_id, visit->technician_id, visit->start_at });
    if (turn->fact.is_retold)
        return OK;
    order.visit_id = visit->visit_id;
    order.technician_id = visit->technician_id;
    order.needed_by = visit->start_at;
    return supply_part(turn, &order);
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

struct error on_visit_reassigned(struct turn *turn, const void *message)
{
    const VisitReassigned *reassigned = message;

    return needed_for(turn, reassigned->visit);
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
    store_save_visit(turn, visit->work_order_id, &(struct planned_visit){ "", "", 0 });
    TRY(release_part(turn, visit->work_order_id, "visit_cancelled"));
    return cancel_purchase(turn, visit->work_order_id, cancelled->reason);
}
