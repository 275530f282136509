/* The right to be forgotten (CO-01): the vault deletes the person, everybody else hears which
 * orders were his. A person whose order is still open is needed to do it. */
#include "lib/service/person/person.h"
#include "services/intake/handlers.h"

static bool is_over(const WorkOrder *order)
{
    return order->state == WORK_ORDER_STATE__DONE || order->state == WORK_ORDER_STATE__SETTLED ||
           order->state == WORK_ORDER_STATE__CANCELLED;
}

static struct error check_over(const struct order_record records[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_over(records[i].order))
            return rejected(PROBLEM_STATE, "work_order_id",
                            "order %s of the same customer is not over yet",
                            records[i].order->number);
    return OK;
}

static struct error forget_order(struct turn *turn, struct order_record *record, Actor *by)
{
    WorkOrder *order = record->order;
    PersonForgotten forgotten = PERSON_FORGOTTEN__INIT;

    TRY(subject_lock(turn, order->work_order_id, NULL));
    turn_belongs_to(turn, order->partner_id);
    order->description_key = "";
    store_forget_words(turn, order->work_order_id);
    forgotten.order = order;
    forgotten.person_id = order->person_id;
    forgotten.by = by;
    emit(turn, order->work_order_id, &forgotten);
    return OK;
}

struct error forget_customer(struct turn *turn, const void *message, struct reply *reply)
{
    struct order_record asked, *records;
    const char *const *persons;
    ForgetReply *answer = ARENA_NEW(turn->arena, ForgetReply);
    size_t person_count, count;

    (void)message;
    forget_reply__init(answer);
    TRY(store_load_order(turn, turn->subject, &asked));
    TRY(person_same(turn, asked.order->person_id, &persons, &person_count));
    TRY(store_load_orders_of(turn, persons, person_count, &records, &count));
    TRY(check_over(records, count));
    answer->work_order_ids = ARENA_ARRAY(turn->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        TRY(forget_order(turn, &records[i], actor_message(turn)));
        answer->work_order_ids[answer->n_work_order_ids++] = records[i].order->work_order_id;
    }
    person_forget(turn, persons, person_count);
    answer->persons = (int64_t)person_count;
    reply->message = answer;
    return OK;
}

struct error forget_ownerless(struct turn *turn, const char *nothing)
{
    (void)nothing;
    person_forget_ownerless(turn);
    return OK;
}
