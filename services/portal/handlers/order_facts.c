/* What intake told: orders are copied, everything is noted for the day. */
#include "lib/domain/money.h"
#include "proto/intake.pb-c.h"
#include "services/portal/domain/labels.h"
#include "services/portal/handlers.h"
#include <assert.h>
#include <string.h>

/* The page's rules are written in numbers of their own. */
static_assert((int)ORDER_OPENED == WORK_ORDER_STATE__OPENED, "as on the wire");
static_assert((int)ORDER_SCHEDULED == WORK_ORDER_STATE__SCHEDULED, "as on the wire");
static_assert((int)ORDER_UNDER_WAY == WORK_ORDER_STATE__UNDER_WAY, "as on the wire");
static_assert((int)ORDER_DONE == WORK_ORDER_STATE__DONE, "as on the wire");
static_assert((int)ORDER_SETTLED == WORK_ORDER_STATE__SETTLED, "as on the wire");
static_assert((int)ORDER_CANCELLED == WORK_ORDER_STATE__CANCELLED, "as on the wire");
static_assert((int)ORDER_UNSTAFFED == WORK_ORDER_STATE__UNSTAFFED, "as on the wire");
static_assert((int)ORDER_WAITING_FOR_PART == WORK_ORDER_STATE__WAITING_FOR_PART, "as on the wire");

void stay_behind_wall(struct turn *turn, const char *partner_id)
{
    if (!string_is(turn->fact.partner, partner_id))
        turn_belongs_to(turn, partner_id);
}

static void note_event(struct turn *turn, const struct event_row *event)
{
    const char *dot = strrchr(turn->fact.type, '.');
    struct event_row noted = *event;

    noted.type = dot ? dot + 1 : turn->fact.type;
    stay_behind_wall(turn, noted.partner_id);
    if (turn->fact.is_retold)
        return; /* it did not happen again */
    store_save_event(turn, &noted);
}

void note_fact(struct turn *turn, const char *partner_id, const char *work_order_id,
               const char *word, timestamp hour_at)
{
    note_event(turn, &(struct event_row){ .partner_id = partner_id,
                                          .work_order_id = work_order_id,
                                          .word = word,
                                          .hour_at = hour_at,
                                          .is_story = true });
}

void note_behind_the_story(struct turn *turn, const char *partner_id, const char *work_order_id,
                           const char *word)
{
    note_event(turn, &(struct event_row){
                         .partner_id = partner_id, .work_order_id = work_order_id, .word = word });
}

static struct error copy_order(struct turn *turn, const WorkOrder *order)
{
    const struct order_row row = { .work_order_id = order->work_order_id,
                                   .partner_id = order->partner_id,
                                   .number = order->number,
                                   .service_id = order->service_id,
                                   .town = order->place ? order->place->town : "",
                                   .district = order->place ? order->place->district : "",
                                   .partner_reference = order->partner_reference,
                                   .contract_id = order->contract_id,
                                   .person_id = order->person_id,
                                   .skill = order->skill,
                                   .state = (enum order_state)order->state,
                                   .opened_at = order->opened_at,
                                   .lat = order->place ? order->place->lat : 0,
                                   .lon = order->place ? order->place->lon : 0,
                                   .visit_length_ms = order->visit_length_ms };
    enum order_state before;

    stay_behind_wall(turn, order->partner_id);
    TRY(store_load_order_state(turn, order->work_order_id, &before));
    store_save_order(turn, &row);
    if (before == row.state)
        return OK;
    if (before != ORDER_STATES)
        store_add_tally(turn, "order", order_label(before)->key, -1);
    store_add_tally(turn, "order", order_label(row.state)->key, 1);
    return OK;
}

/* Every fact of intake about an order carries its whole state. */
static struct error note_order(struct turn *turn, const WorkOrder *order, const char *word)
{
    if (!order)
        return rejected(PROBLEM_INVALID, "order", "the fact carries no order");
    TRY(copy_order(turn, order));
    note_fact(turn, order->partner_id, order->work_order_id, word, 0);
    return OK;
}

struct error on_work_order_opened(struct turn *turn, const void *message)
{
    const WorkOrderOpened *opened = message;

    return note_order(turn, opened->order,
                      opened->order ? channel_name((int)opened->order->channel) : "");
}

struct error on_address_located(struct turn *turn, const void *message)
{
    const AddressLocated *located = message;

    return note_order(turn, located->order, "");
}

struct error on_work_order_cancelled(struct turn *turn, const void *message)
{
    const WorkOrderCancelled *cancelled = message;

    return note_order(turn, cancelled->order, "");
}

/* His links open nothing any more. */
struct error on_person_forgotten(struct turn *turn, const void *message)
{
    const PersonForgotten *forgotten = message;

    TRY(note_order(turn, forgotten->order, ""));
    store_forget_links(turn, forgotten->order->work_order_id);
    return OK;
}

struct error on_work_order_progressed(struct turn *turn, const void *message)
{
    const WorkOrderProgressed *progressed = message;
    const WorkOrder *order = progressed->order;

    return note_order(turn, order,
                      order ? order_label((enum order_state)order->state)->polish : "");
}

struct error on_reservation_changed(struct turn *turn, const void *message)
{
    const ReservationChanged *changed = message;

    TRY(copy_order(turn, changed->order));
    note_behind_the_story(turn, changed->order->partner_id, changed->order->work_order_id,
                          money_text(turn->arena, changed->order->reserved_grosz));
    return OK;
}

struct error on_call_task_opened(struct turn *turn, const void *message)
{
    const CallTaskOpened *opened = message;

    return note_order(turn, opened->order, "");
}

struct error on_call_task_closed(struct turn *turn, const void *message)
{
    const CallTaskClosed *closed = message;

    return note_order(turn, closed->order, "");
}

struct error on_cost_line_accepted(struct turn *turn, const void *message)
{
    const CostLineAccepted *accepted = message;
    const WorkOrder *order = accepted->order;

    TRY(note_order(turn, order, money_text(turn->arena, accepted->total_grosz)));
    store_save_cost(turn, &(struct cost_row){ .line_id = accepted->line_id,
                                              .work_order_id = order->work_order_id,
                                              .partner_id = order->partner_id,
                                              .item = accepted->item,
                                              .quantity = accepted->quantity,
                                              .total_grosz = accepted->total_grosz,
                                              .covered_grosz = accepted->covered_grosz,
                                              .is_accepted = true,
                                              .at = turn->fact.at });
    return OK;
}

struct error on_cost_line_refused(struct turn *turn, const void *message)
{
    const CostLineRefused *refused = message;
    const WorkOrder *order = refused->order;

    TRY(note_order(turn, order, money_text(turn->arena, refused->total_grosz)));
    store_save_cost(turn, &(struct cost_row){ .line_id = refused->line_id,
                                              .work_order_id = order->work_order_id,
                                              .partner_id = order->partner_id,
                                              .item = refused->item,
                                              .quantity = refused->quantity,
                                              .total_grosz = refused->total_grosz,
                                              .at = turn->fact.at });
    return OK;
}

/* ---- facts about no order ---- */

struct error on_report_refused(struct turn *turn, const void *message)
{
    const ReportRefused *refused = message;

    note_fact(turn, refused->partner_id, "", rule_label(refused->rule), 0);
    return OK;
}

struct error on_report_quarantined(struct turn *turn, const void *message)
{
    const ReportQuarantined *quarantined = message;

    note_fact(turn, quarantined->partner_id, "", quarantined->rule, 0);
    return OK;
}

static void copy_contract(struct turn *turn, const char *partner_id, const Contract *contract)
{
    store_forget_contract(turn, contract->contract_id);
    for (size_t i = 0; i < contract->n_services; i++) {
        const CoveredService *service = contract->services[i];
        store_save_service(turn, partner_id, service->service_id, service->name);
        store_save_offer(turn, &(struct offer_row){ .contract_id = contract->contract_id,
                                                    .service_id = service->service_id,
                                                    .partner_id = partner_id,
                                                    .contract_name = contract->name,
                                                    .service_name = service->name });
    }
}

struct error on_partner_changed(struct turn *turn, const void *message)
{
    const PartnerChanged *changed = message;

    stay_behind_wall(turn, changed->partner_id);
    store_save_partner(turn, changed->partner_id, changed->name);
    for (size_t i = 0; i < changed->n_contracts; i++)
        copy_contract(turn, changed->partner_id, changed->contracts[i]);
    return OK;
}
