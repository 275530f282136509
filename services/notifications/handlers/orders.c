/* Orders as messages and partner events need them, and the partner's name for texts. */
#include "proto/intake.pb-c.h"
#include "services/notifications/handlers.h"

struct error order_of_fact(struct turn *turn, const char *work_order_id, const char *partner_id,
                           struct order *ret_order)
{
    if (!string_is(turn->fact.partner, partner_id))
        turn_belongs_to(turn, partner_id);
    return store_load_order(turn, work_order_id, ret_order);
}

/* Keeps the order as the fact has it, and gives it back with what we know besides. */
static struct error take_order(struct turn *turn, const WorkOrder *order, struct order *ret_order)
{
    struct order copy = {
        .work_order_id = order->work_order_id,
        .partner_id = order->partner_id,
        .number = order->number,
        .partner_reference = order->partner_reference,
        .person_id = order->person_id,
        .state = order->state,
    };

    if (!string_is(turn->fact.partner, order->partner_id))
        turn_belongs_to(turn, order->partner_id);
    store_save_order(turn, &copy);
    return store_load_order(turn, order->work_order_id, ret_order);
}

static struct error tell_plainly(struct turn *turn, const struct order *order,
                                 enum order_event_kind kind)
{
    OrderEvent event = ORDER_EVENT__INIT;
    const struct word words[] = { { 0 } };

    return partner_event_tell(turn, order, kind, &event, words);
}

struct error on_work_order_opened(struct turn *turn, const void *message)
{
    const WorkOrderOpened *opened = message;
    struct order order;

    TRY(take_order(turn, opened->order, &order));
    if (turn->fact.is_retold)
        return OK;
    TRY(tell_plainly(turn, &order, ORDER_WAS_OPENED));
    /* Whose work waits for another's is asked when that has its hour: before, there is none. */
    if (opened->order->chooser != CHOOSER__BY_CUSTOMER || opened->order->after_work_order_id[0])
        return OK;
    struct cue cue = { .template = CHOOSE_HOUR, .occurrence = "order" };
    return message_cue(turn, &order, &cue);
}

struct error on_hour_may_be_chosen(struct turn *turn, const void *message)
{
    const HourMayBeChosen *told = message;
    struct cue cue = { .template = CHOOSE_HOUR, .occurrence = "order" }; /* once, however often */
    struct order order;

    TRY(take_order(turn, told->order, &order));
    return message_cue(turn, &order, &cue);
}

struct error on_work_order_cancelled(struct turn *turn, const void *message)
{
    const WorkOrderCancelled *cancelled = message;
    const struct word words[] = { { "reason", cancel_words(cancelled->reason) }, { 0 } };
    OrderEvent event = ORDER_EVENT__INIT;
    struct order order;

    TRY(take_order(turn, cancelled->order, &order));
    TRY(partner_event_tell(turn, &order, ORDER_WAS_CANCELLED, &event, words));
    TRY(messages_drop_stale(turn, &order));
    /* Where a visit is promised, matching calls it off, and the customer is told of that. */
    if (order.visit.course != VISIT_NONE && order.visit.course != VISIT_OVER)
        return OK;
    struct cue cue = { .template = ORDER_CANCELLED, .occurrence = "order" };
    return message_cue(turn, &order, &cue);
}

struct error on_work_order_progressed(struct turn *turn, const void *message)
{
    const WorkOrderProgressed *progressed = message;
    struct order order;

    TRY(take_order(turn, progressed->order, &order));
    return tell_plainly(turn, &order, ORDER_PROGRESSED);
}

/* What he was sent stays as a line in the ledger, without its words. */
struct error on_person_forgotten(struct turn *turn, const void *message)
{
    const PersonForgotten *forgotten = message;
    struct order order;

    TRY(take_order(turn, forgotten->order, &order));
    if (!turn->fact.is_retold)
        TRY(messages_drop_all(turn, &order, "forgotten"));
    store_forget_texts(turn, order.work_order_id);
    store_forget_links(turn, order.work_order_id);
    return OK;
}

struct error on_call_task_opened(struct turn *turn, const void *message)
{
    const CallTaskOpened *opened = message;
    struct order order;

    TRY(take_order(turn, opened->order, &order));
    return tell_plainly(turn, &order, CALL_TASK_WAS_OPENED);
}

struct error on_call_task_closed(struct turn *turn, const void *message)
{
    const CallTaskClosed *closed = message;
    struct order order;

    TRY(take_order(turn, closed->order, &order));
    return tell_plainly(turn, &order, CALL_TASK_WAS_CLOSED);
}

struct error on_report_refused(struct turn *turn, const void *message)
{
    const ReportRefused *refused = message;
    const struct word words[] = { { "reason", refusal_words(refused->rule) }, { 0 } };
    struct order order = {
        .work_order_id = refused->report_id,
        .partner_id = refused->partner_id,
        .number = "",
        .partner_reference = refused->partner_reference,
    };
    OrderEvent event = ORDER_EVENT__INIT;

    if (!refused->partner_id[0])
        return OK; /* nobody knows whose it was */
    turn_belongs_to(turn, refused->partner_id);
    event.state = "refused";
    return partner_event_tell(turn, &order, ORDER_WAS_REFUSED, &event, words);
}

struct error on_partner_changed(struct turn *turn, const void *message)
{
    const PartnerChanged *changed = message;

    turn_belongs_to(turn, changed->partner_id);
    store_save_partner(turn, changed->partner_id, changed->name);
    return OK;
}
