/* What an order keeps of a guarantee sum while nothing is spent: given back when nobody books it in
 * its time, taken again when somebody does (decision 0006). */
#include "services/intake/handlers.h"

static void tell_change(struct turn *turn, WorkOrder *order, int64_t before_grosz,
                        const char *reason)
{
    ReservationChanged changed = RESERVATION_CHANGED__INIT;

    changed.order = order;
    changed.before_grosz = before_grosz;
    changed.reason = arena_string(turn->arena, reason);
    emit(turn, order->work_order_id, &changed);
}

struct error release_unbooked(struct turn *turn, const char *work_order_id)
{
    struct order_record record;
    struct sum sum;

    TRY(store_load_order(turn, work_order_id, &record));
    WorkOrder *order = record.order;
    int64_t before_grosz = order->reserved_grosz;
    if (!order_wants_hour(order) || before_grosz == 0 || order->latest_by > turn->now)
        return OK;
    turn_belongs_to(turn, order->partner_id);
    TRY(store_lock_guarantee(turn, order->contract_id, record.policy, &sum));
    store_move_guarantee(turn, order->contract_id, record.policy, -before_grosz, 0);
    order->reserved_grosz = 0;
    store_save_progress(turn, &record);
    tell_change(turn, order, before_grosz, "unbooked");
    return OK;
}

struct error reserve_again(struct turn *turn, struct order_record *record)
{
    WorkOrder *order = record->order;
    int64_t expected_cost_grosz;
    struct sum sum;

    if (!order_wants_hour(order) || order->reserved_grosz > 0 || order->used_grosz > 0)
        return OK;
    TRY(store_load_expected_cost(turn, order->contract_id, order->service_id,
                                 &expected_cost_grosz));
    TRY(store_lock_guarantee(turn, order->contract_id, record->policy, &sum));
    struct cover_verdict verdict = decide_cover(true, &sum, expected_cost_grosz);
    if (verdict.reserve_grosz == 0)
        return OK; /* others have used it up meanwhile: the customer's own share */
    store_move_guarantee(turn, order->contract_id, record->policy, verdict.reserve_grosz, 0);
    order->reserved_grosz = verdict.reserve_grosz;
    tell_change(turn, order, 0, "booked");
    return OK;
}
