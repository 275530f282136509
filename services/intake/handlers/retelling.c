/* What intake owns, told again: partners with their contracts, work orders with their lines. */
#include "lib/service/person/person.h"
#include "services/intake/handlers.h"

static struct error retell_partner(struct turn *turn, const char *partner_id)
{
    PartnerChanged partner = PARTNER_CHANGED__INIT;
    bool is_known;

    TRY(store_load_partner(turn, partner_id, &is_known, &partner));
    if (!is_known)
        return OK;
    turn_belongs_to(turn, partner_id);
    retell(turn, partner_id, &partner, turn->now);
    return OK;
}

/* Who was restored to a day before it has to forget him again. */
static struct error retell_forgotten(struct turn *turn, WorkOrder *order)
{
    PersonForgotten forgotten = PERSON_FORGOTTEN__INIT;
    struct person customer;

    if (!order->person_id[0])
        return OK;
    struct error error = person_customer(turn, order->person_id, &customer);
    if (error.kind != ERROR_REJECTED || error.problem != PROBLEM_NOT_FOUND)
        return error;
    forgotten.order = order;
    forgotten.person_id = order->person_id;
    retell(turn, order->work_order_id, &forgotten, turn->now);
    return OK;
}

static struct error retell_order(struct turn *turn, WorkOrder *order)
{
    WorkOrderOpened opened = WORK_ORDER_OPENED__INIT;
    struct answered_line *lines;
    size_t count;

    turn_belongs_to(turn, order->partner_id);
    opened.order = order;
    retell(turn, order->work_order_id, &opened, order->opened_at);
    TRY(store_load_lines(turn, order->work_order_id, &lines, &count));
    for (size_t i = 0; i < count; i++)
        retell(turn, order->work_order_id, line_message(turn, order, &lines[i]),
               lines[i].answered_at);
    return retell_forgotten(turn, order);
}

/* A partner, a work order; or a report, of which nobody keeps a copy. */
struct error retell_intake(struct turn *turn, const char *subject)
{
    struct order_record record;

    if (!id_valid(subject))
        return retell_partner(turn, subject);
    struct error error = store_load_order(turn, subject, &record);
    if (error.kind == ERROR_REJECTED && error.problem == PROBLEM_NOT_FOUND)
        return OK;
    TRY(error);
    return retell_order(turn, record.order);
}
