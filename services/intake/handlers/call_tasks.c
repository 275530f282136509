/* No order stays without an agreed hour or somebody who calls. */
#include "lib/service/person/person.h"
#include "services/intake/handlers.h"

bool order_wants_hour(const WorkOrder *order)
{
    return order->state == WORK_ORDER_STATE__OPENED || order->state == WORK_ORDER_STATE__UNSTAFFED;
}

struct error open_due_call_task(struct turn *turn, const char *work_order_id)
{
    struct order_record record;
    const char *task_id, *open_task;

    TRY(store_load_order(turn, work_order_id, &record));
    TRY(store_load_open_task(turn, work_order_id, &open_task));
    if (!order_wants_hour(record.order) || record.choose_until > turn->now || open_task[0])
        return OK;
    turn_belongs_to(turn, record.order->partner_id);
    task_id = arena_string(turn->arena, new_id(turn).text);
    const char *reason =
        record.order->state == WORK_ORDER_STATE__UNSTAFFED ? "unstaffed" : "no_choice";
    timestamp due_at = turn->now + intake_config.call_within_ms;
    store_save_call_task(turn, task_id, record.order, reason, due_at);
    CallTaskOpened opened = CALL_TASK_OPENED__INIT;
    opened.order = record.order;
    opened.task_id = arena_string(turn->arena, task_id);
    opened.reason = arena_string(turn->arena, reason);
    opened.due_at = due_at;
    emit(turn, work_order_id, &opened);
    return OK;
}

struct error end_call_task(struct turn *turn, const WorkOrder *order, const char *outcome)
{
    const char *task_id;

    TRY(store_load_open_task(turn, order->work_order_id, &task_id));
    if (!task_id[0])
        return OK;
    store_close_call_task(turn, order->work_order_id, outcome);
    CallTaskClosed closed = CALL_TASK_CLOSED__INIT;
    closed.order = (WorkOrder *)(uintptr_t)order;
    closed.task_id = arena_string(turn->arena, task_id);
    closed.outcome = arena_string(turn->arena, outcome);
    emit(turn, order->work_order_id, &closed);
    return OK;
}

struct error list_call_tasks(struct turn *turn, const void *message, struct reply *reply)
{
    CallTaskList *list = ARENA_NEW(turn->arena, CallTaskList);
    const char **person_ids;

    (void)message;
    call_task_list__init(list);
    TRY(store_load_call_tasks(turn, list, &person_ids));
    for (size_t i = 0; i < list->n_tasks; i++) {
        struct person person;
        struct error error = person_contact(turn, person_ids[i], &person);
        if (error.kind == ERROR_REJECTED)
            continue; /* forgotten meanwhile */
        TRY(error);
        list->tasks[i]->phone = arena_string(turn->arena, person.phone);
        list->tasks[i]->first_name = arena_string(turn->arena, person.first_name);
    }
    reply->message = list;
    return OK;
}

/* Closed by an outcome; the hour itself is booked with matching, which closes the task, too. */
struct error close_call_task(struct turn *turn, const void *message, struct reply *reply)
{
    const CallTaskCloseRequest *request = message;
    struct order_record record;

    TRY(store_load_order(turn, turn->subject, &record));
    turn_belongs_to(turn, record.order->partner_id);
    TRY(end_call_task(turn, record.order, request->outcome));
    record.choose_until =
        turn->now + HOURS(2); /* still without an hour by then: somebody calls again */
    store_save_progress(turn, &record);
    reply->message = order_reply(turn, &record);
    return OK;
}
