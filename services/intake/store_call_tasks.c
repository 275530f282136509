/* With the other store files the only ones of intake that know SQL: who has to be called. */
#include "services/intake/queries.h"
#include "services/intake/store.h"

void store_save_call_task(struct turn *turn, const char *task_id, const WorkOrder *order,
                          const char *reason, timestamp due_at)
{
    db_write(turn, save_call_task, STR(task_id), STR(order->work_order_id), STR(order->partner_id),
             STR(reason), INT(turn->now), INT(due_at));
}

struct error store_load_open_task(struct turn *turn, const char *work_order_id,
                                  const char **ret_task_id)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_open_task, STR(work_order_id)));
    *ret_task_id = "";
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_task_id = next_text(&row);
    }
    return OK;
}

void store_close_call_task(struct turn *turn, const char *work_order_id, const char *outcome)
{
    db_write(turn, close_call_task, STR(work_order_id), INT(turn->now), STR(outcome));
}

struct error store_load_call_tasks(struct turn *turn, CallTaskList *ret_list,
                                   const char ***ret_person_ids)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_call_tasks));
    ret_list->n_tasks = (size_t)rows.count;
    ret_list->tasks = ARENA_ARRAY(turn->arena, CallTask *, ret_list->n_tasks + 1);
    *ret_person_ids = ARENA_ARRAY(turn->arena, const char *, ret_list->n_tasks + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        CallTask *task = ret_list->tasks[i] = ARENA_NEW(turn->arena, CallTask);
        call_task__init(task);
        task->task_id = arena_string(turn->arena, next_text(&row));
        task->work_order_id = arena_string(turn->arena, next_text(&row));
        task->number = arena_string(turn->arena, next_text(&row));
        task->partner_id = arena_string(turn->arena, next_text(&row));
        task->reason = arena_string(turn->arena, next_text(&row));
        task->opened_at = next_int(&row);
        task->due_at = next_int(&row);
        task->state = arena_string(turn->arena, "open");
        (*ret_person_ids)[i] = next_text(&row);
    }
    return OK;
}
