/* May this line of cost be spent: each line of a visit, priced by the list, against the guarantee
 * sum (I5). */
#include "lib/domain/price.h"
#include "proto/billing.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/intake/domain/decide_cover.h"
#include "services/intake/domain/work_order_states.h"
#include "services/intake/handlers.h"

struct error on_price_list_published(struct turn *turn, const void *message)
{
    const PriceListPublished *list = message;

    for (size_t i = 0; i < list->n_items; i++)
        store_save_price(turn, list->price_list_id, list->items[i]->item, list->valid_from,
                         list->items[i]->price_grosz);
    return OK;
}

/* What the order reserved and will not use goes back to the sum; then it waits for billing. */
struct error close_money(struct turn *turn, struct order_record *record)
{
    WorkOrder *order = record->order;

    if (record->lines_expected < 0 || record->lines_answered < record->lines_expected)
        return OK;
    if (order->reserved_grosz > 0) {
        TRY(store_lock_guarantee(turn, order->contract_id, record->policy, &(struct sum){ 0 }));
        store_move_guarantee(turn, order->contract_id, record->policy, -order->reserved_grosz, 0);
        order->reserved_grosz = 0;
        store_save_progress(turn, record);
    }
    if (record->lines_booked >= record->lines_expected)
        return progress_order(turn, record, ORDER_IS_SETTLED);
    return OK;
}

static void tell_refused(struct turn *turn, const CostLineAsked *asked, const WorkOrder *order,
                         int64_t total_grosz, const char *rule)
{
    CostLineRefused refused = COST_LINE_REFUSED__INIT;

    refused.order = (WorkOrder *)(uintptr_t)order;
    refused.line_id = asked->line_id;
    refused.visit_id = asked->course->visit_id;
    refused.item = asked->item;
    refused.quantity = asked->quantity;
    refused.total_grosz = total_grosz;
    refused.technician_id = asked->course->technician_id;
    refused.rule = arena_string(turn->arena, rule);
    emit(turn, order->work_order_id, &refused);
}

static void tell_accepted(struct turn *turn, const CostLineAsked *asked, const WorkOrder *order,
                          int64_t total_grosz, const struct line_verdict *verdict)
{
    CostLineAccepted accepted = COST_LINE_ACCEPTED__INIT;

    accepted.order = (WorkOrder *)(uintptr_t)order;
    accepted.line_id = asked->line_id;
    accepted.visit_id = asked->course->visit_id;
    accepted.item = asked->item;
    accepted.quantity = asked->quantity;
    accepted.total_grosz = total_grosz;
    accepted.covered_grosz = verdict->covered_grosz;
    accepted.technician_id = asked->course->technician_id;
    accepted.left_grosz = verdict->left_grosz;
    emit(turn, order->work_order_id, &accepted);
}

static struct error use_sum(struct turn *turn, const CostLineAsked *asked,
                            struct order_record *record, int64_t total_grosz)
{
    WorkOrder *order = record->order;
    struct sum sum;

    TRY(store_lock_guarantee(turn, order->contract_id, record->policy, &sum));
    struct line_verdict verdict = decide_line(&sum, order->reserved_grosz, total_grosz);
    store_move_guarantee(turn, order->contract_id, record->policy, -verdict.from_reserved_grosz,
                         verdict.covered_grosz);
    order->reserved_grosz -= verdict.from_reserved_grosz;
    order->used_grosz += verdict.covered_grosz;
    store_save_line(turn, asked->line_id, order, total_grosz, verdict.covered_grosz);
    if (verdict.covered_grosz == 0 && total_grosz > 0)
        tell_refused(turn, asked, order, total_grosz, "guarantee_sum");
    else
        tell_accepted(turn, asked, order, total_grosz, &verdict);
    return OK;
}

struct error on_cost_line_asked(struct turn *turn, const void *message)
{
    const CostLineAsked *asked = message;
    struct order_record record;
    bool has_line = false, has_price = false;
    int64_t price_grosz = 0, total_grosz = 0;

    TRY(store_load_order(turn, asked->course->work_order_id, &record));
    TRY(store_has_line(turn, asked->line_id, &has_line));
    if (has_line)
        return OK;
    record.lines_answered++;
    TRY(store_load_price(turn, asked->item, &has_price, &price_grosz));
    if (has_price && !price_line(price_grosz, asked->quantity, &total_grosz))
        has_price = false;
    if (has_price) {
        TRY(use_sum(turn, asked, &record, total_grosz));
    } else {
        store_save_line(turn, asked->line_id, record.order, 0, 0);
        tell_refused(turn, asked, record.order, 0, "price_unknown");
    }
    store_save_progress(turn, &record);
    return close_money(turn, &record);
}

struct error on_cost_line_booked(struct turn *turn, const void *message)
{
    const CostLineBooked *booked = message;
    struct order_record record;

    TRY(store_load_order(turn, booked->line->work_order_id, &record));
    record.lines_booked++;
    store_save_progress(turn, &record);
    return close_money(turn, &record);
}
