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

static const void *refused_message(struct turn *turn, WorkOrder *order,
                                   const struct answered_line *line)
{
    CostLineRefused *refused = ARENA_NEW(turn->arena, CostLineRefused);

    cost_line_refused__init(refused);
    refused->order = order;
    refused->line_id = line->line_id;
    refused->visit_id = line->visit_id;
    refused->item = line->item;
    refused->quantity = line->quantity;
    refused->total_grosz = line->total_grosz;
    refused->technician_id = line->technician_id;
    refused->rule = line->rule;
    return refused;
}

const void *line_message(struct turn *turn, WorkOrder *order, const struct answered_line *line)
{
    CostLineAccepted *accepted = ARENA_NEW(turn->arena, CostLineAccepted);

    if (!line->is_accepted)
        return refused_message(turn, order, line);
    cost_line_accepted__init(accepted);
    accepted->order = order;
    accepted->line_id = line->line_id;
    accepted->visit_id = line->visit_id;
    accepted->item = line->item;
    accepted->quantity = line->quantity;
    accepted->total_grosz = line->total_grosz;
    accepted->covered_grosz = line->covered_grosz;
    accepted->technician_id = line->technician_id;
    accepted->left_grosz = line->left_grosz;
    return accepted;
}

/* Against the sum; what the sum does not cover at all is refused. */
static struct error use_sum(struct turn *turn, struct order_record *record,
                            struct answered_line *line)
{
    WorkOrder *order = record->order;
    struct sum sum;

    TRY(store_lock_guarantee(turn, order->contract_id, record->policy, &sum));
    struct line_verdict verdict = decide_line(&sum, order->reserved_grosz, line->total_grosz);
    store_move_guarantee(turn, order->contract_id, record->policy, -verdict.from_reserved_grosz,
                         verdict.covered_grosz);
    order->reserved_grosz -= verdict.from_reserved_grosz;
    order->used_grosz += verdict.covered_grosz;
    line->covered_grosz = verdict.covered_grosz;
    line->left_grosz = verdict.left_grosz;
    line->is_accepted = verdict.covered_grosz > 0 || line->total_grosz == 0;
    if (!line->is_accepted)
        line->rule = "guarantee_sum";
    return OK;
}

struct error on_cost_line_asked(struct turn *turn, const void *message)
{
    const CostLineAsked *asked = message;
    struct answered_line line = { .line_id = asked->line_id,
                                  .visit_id = asked->course->visit_id,
                                  .technician_id = asked->course->technician_id,
                                  .item = asked->item,
                                  .quantity = asked->quantity,
                                  .rule = "",
                                  .answered_at = turn->now };
    struct order_record record;
    bool has_line = false, has_price = false;
    int64_t price_grosz = 0;

    TRY(store_load_order(turn, asked->course->work_order_id, &record));
    TRY(store_has_line(turn, asked->line_id, &has_line));
    if (has_line)
        return OK;
    record.lines_answered++;
    TRY(store_load_price(turn, asked->item, &has_price, &price_grosz));
    if (has_price && price_line(price_grosz, asked->quantity, &line.total_grosz))
        TRY(use_sum(turn, &record, &line));
    else
        line.rule = "price_unknown";
    store_save_line(turn, record.order, &line);
    emit(turn, record.order->work_order_id, line_message(turn, record.order, &line));
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
