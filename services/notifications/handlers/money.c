/* Costs and settlements, for the partner's feed alone. */
#include "lib/domain/money.h"
#include "proto/billing.pb-c.h"
#include "proto/intake.pb-c.h"
#include "services/notifications/handlers.h"

struct error on_cost_line_accepted(struct turn *turn, const void *message)
{
    const CostLineAccepted *accepted = message;
    OrderEventCost cost = ORDER_EVENT_COST__INIT;
    OrderEvent event = ORDER_EVENT__INIT;
    struct order order;

    TRY(order_of_fact(turn, accepted->order->work_order_id, accepted->order->partner_id, &order));
    cost.line_id = accepted->line_id;
    cost.item = accepted->item;
    cost.total_grosz = accepted->total_grosz;
    cost.covered_grosz = accepted->covered_grosz;
    cost.left_grosz = accepted->left_grosz;
    event.cost = &cost;
    const struct word words[] = { { "total", money_text(turn->arena, cost.total_grosz) },
                                  { "covered", money_text(turn->arena, cost.covered_grosz) },
                                  { "left", money_text(turn->arena, cost.left_grosz) },
                                  { 0 } };
    return partner_event_tell(turn, &order, COST_WAS_ACCEPTED, &event, words);
}

struct error on_cost_line_refused(struct turn *turn, const void *message)
{
    const CostLineRefused *refused = message;
    OrderEventCost cost = ORDER_EVENT_COST__INIT;
    OrderEvent event = ORDER_EVENT__INIT;
    struct order order;

    TRY(order_of_fact(turn, refused->order->work_order_id, refused->order->partner_id, &order));
    cost.line_id = refused->line_id;
    cost.item = refused->item;
    cost.total_grosz = refused->total_grosz;
    event.cost = &cost;
    const struct word words[] = { { "total", money_text(turn->arena, cost.total_grosz) }, { 0 } };
    return partner_event_tell(turn, &order, COST_WAS_REFUSED, &event, words);
}

struct error on_settlement_made(struct turn *turn, const void *message)
{
    const SettlementMade *made = message;
    const struct word words[] = { { "total", money_text(turn->arena, made->total_grosz) }, { 0 } };
    struct order order = { .work_order_id = made->settlement_id,
                           .partner_id = made->partner_id,
                           .number = "",
                           .partner_reference = "" };
    OrderEventCost cost = ORDER_EVENT_COST__INIT;
    OrderEvent event = ORDER_EVENT__INIT;

    turn_belongs_to(turn, made->partner_id);
    cost.total_grosz = made->total_grosz;
    event.cost = &cost;
    event.state = "made";
    return partner_event_tell(turn, &order, SETTLEMENT_WAS_MADE, &event, words);
}
