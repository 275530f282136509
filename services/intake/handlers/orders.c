/* Orders over HTTP: received, shown, listed, cancelled. */
#include "lib/domain/calendar.h"
#include "lib/domain/names.h"
#include "services/intake/domain/work_order_states.h"
#include "services/intake/handlers.h"

WorkOrderReply *order_reply(struct turn *turn, const struct order_record *record)
{
    const WorkOrder *order = record->order;
    WorkOrderReply *reply = ARENA_NEW(turn->arena, WorkOrderReply);

    work_order_reply__init(reply);
    reply->work_order_id = order->work_order_id;
    reply->number = order->number;
    reply->state = order->state;
    reply->chooser = order->chooser;
    reply->reserved_grosz = order->reserved_grosz;
    reply->service_id = order->service_id;
    reply->place = order->place;
    reply->partner_reference = order->partner_reference;
    reply->partner_id = order->partner_id;
    reply->channel = order->channel;
    reply->opened_at = order->opened_at;
    reply->after_work_order_id = order->after_work_order_id;
    reply->after_gap_ms = order->after_gap_ms;
    reply->says = arena_string(turn->arena, order_says((enum order_state)order->state));
    reply->technician_name = arena_string(turn->arena, record->technician_name);
    if (order->state == WORK_ORDER_STATE__SCHEDULED || order->state == WORK_ORDER_STATE__UNDER_WAY)
        reply->start_at = record->start_at;
    if (order->state == WORK_ORDER_STATE__OPENED && !string_empty(record->continues))
        reply->says = "Prace nie są skończone, umawiamy następną wizytę.";
    if (order->state == WORK_ORDER_STATE__SCHEDULED)
        reply->says = arena_format(turn->arena, "Wizyta jest umówiona: %s, %s %s.",
                                   moment_text_long(turn->arena, record->start_at),
                                   agreed(record->technician_name, "przyjedzie", "przyjadą"),
                                   record->technician_name);
    return reply;
}

static WorkOrderReply *opening_reply(struct turn *turn, const struct opening *opening)
{
    WorkOrderReply *reply = order_reply(turn, &opening->record);

    reply->following = ARENA_ARRAY(turn->arena, const char *, FOLLOWING_MOST);
    for (size_t i = 0; i < opening->following_count; i++)
        reply->following[reply->n_following++] = opening->following[i];
    if (opening->not_followed)
        reply->not_followed = arena_string(turn->arena, opening->not_followed);
    return reply;
}

static void tell_refusal(struct turn *turn, struct reply *reply, const struct refusal *refusal)
{
    struct violations *violations = ARENA_NEW(turn->arena, struct violations);
    struct error error =
        rejected(refusal->problem, refusal->pointer, "refused by rule %s", refusal->rule);

    violations_add(violations,
                   (struct violation){ refusal->pointer, refusal->rule, refusal->says });
    reply_problem(turn, reply, &error, violations);
}

/* What the order's turn will have to know, asked before it runs. */
struct asked_order {
    struct error error;
    struct violations violations;
    ProtobufCMessage *request;
};

void ask_order_terms(struct turn *turn)
{
    struct asked_order *asked = ARENA_NEW(turn->arena, struct asked_order);

    asked->error = request_parse(turn, &work_order_request__descriptor, request_body(turn),
                                 &asked->request, &asked->violations);
    turn->prepared = asked;
    if (asked->error.kind == ERROR_NONE)
        store_ask_terms(turn, (const WorkOrderRequest *)asked->request);
}

/* The report is kept whatever becomes of it: a refusal is an answer, not an undone turn (I1). */
struct error receive_order(struct turn *turn, const void *message, struct reply *reply)
{
    const struct asked_order *asked = turn->prepared;
    const struct report report = {
        .report_id = arena_string(turn->arena, new_id(turn).text),
        .channel = turn->actor.kind == ACTOR_PARTNER ? CHANNEL__API : CHANNEL__CONSULTANT,
        .raw = request_body(turn),
    };
    struct opening opening = { 0 };

    (void)message;
    if (asked->error.kind == ERROR_REJECTED) {
        store_end_report(turn, &report, "refused",
                         asked->violations.count ? asked->violations.at[0].rule : "syntax",
                         turn->actor.partner, NULL);
        reply_problem(turn, reply, &asked->error, &asked->violations);
        return OK;
    }
    TRY(asked->error);
    TRY(open_order(turn, &report, (const WorkOrderRequest *)asked->request, &opening));
    if (opening.refusal.rule) {
        tell_refusal(turn, reply, &opening.refusal);
        return OK;
    }
    reply->is_new = !opening.is_joined;
    reply->message = opening_reply(turn, &opening);
    return OK;
}

struct error show_order(struct turn *turn, const void *message, struct reply *reply)
{
    const char *work_order_id = path_parameter(turn, "work_order_id");
    struct order_record record;

    (void)message;
    if (turn->actor.kind == ACTOR_CUSTOMER && !string_is(turn->actor.scope, work_order_id))
        return rejected(PROBLEM_NOT_FOUND, "work_order_id", "the link is another order's");
    TRY(store_load_order(turn, work_order_id, &record));
    reply->message = order_reply(turn, &record);
    return OK;
}

struct error list_orders(struct turn *turn, const void *message, struct reply *reply)
{
    WorkOrderList *list = ARENA_NEW(turn->arena, WorkOrderList);
    struct order_record *records = NULL;

    (void)message;
    work_order_list__init(list);
    TRY(store_load_orders(turn, query_parameter(turn, "partner_reference"), &records,
                          &list->n_orders));
    list->orders = ARENA_ARRAY(turn->arena, WorkOrderReply *, list->n_orders + 1);
    for (size_t i = 0; i < list->n_orders; i++)
        list->orders[i] = order_reply(turn, &records[i]);
    reply->message = list;
    return OK;
}

Actor *actor_message(struct turn *turn)
{
    Actor *actor = ARENA_NEW(turn->arena, Actor);

    actor__init(actor);
    actor->kind = arena_string(turn->arena, actor_kind_name(turn->actor.kind));
    actor->id = arena_string(turn->arena, turn->actor.id);
    return actor;
}

struct error cancel_order(struct turn *turn, const void *message, struct reply *reply)
{
    const CancelRequest *request = message;
    struct order_record record;
    enum order_state state;

    if (turn->actor.kind == ACTOR_CUSTOMER && !string_is(turn->actor.scope, turn->subject))
        return rejected(PROBLEM_NOT_FOUND, "work_order_id", "the link is another order's");
    TRY(store_load_order(turn, turn->subject, &record));
    WorkOrder *order = record.order;
    if (order->state == WORK_ORDER_STATE__CANCELLED) {
        reply->message = order_reply(turn, &record);
        return OK;
    }
    if (!order_move((enum order_state)order->state, ORDER_IS_CANCELLED, &state))
        return rejected(PROBLEM_STATE, "state", "order %s cannot be cancelled any more",
                        order->number);
    turn_belongs_to(turn, order->partner_id);
    TRY(store_lock_guarantee(turn, order->contract_id, record.policy, &(struct sum){ 0 }));
    store_move_guarantee(turn, order->contract_id, record.policy, -order->reserved_grosz, 0);
    order->reserved_grosz = 0;
    order->state = (WorkOrderState)state;
    order->cancel_reason = request->reason;
    store_save_progress(turn, &record);
    TRY(let_next_choose(turn, order));
    TRY(end_call_task(turn, order, "cancelled"));
    WorkOrderCancelled cancelled = WORK_ORDER_CANCELLED__INIT;
    cancelled.order = order;
    cancelled.reason = request->reason;
    cancelled.by = actor_message(turn);
    emit(turn, order->work_order_id, &cancelled);
    reply->message = order_reply(turn, &record);
    return OK;
}
