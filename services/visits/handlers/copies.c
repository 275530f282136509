/* Copies of what intake says: orders, what a partner wants proven, what it pays. */
#include "lib/service/service.h"
#include "services/visits/handlers.h"

struct error on_partner_changed(struct turn *turn, const void *message)
{
    const PartnerChanged *changed = message;

    turn_belongs_to(turn, changed->partner_id);
    store_save_protocol_rules(turn, changed);
    return OK;
}

struct error on_work_order_opened(struct turn *turn, const void *message)
{
    const WorkOrderOpened *opened = message;

    turn_belongs_to(turn, opened->order->partner_id);
    store_save_work_order(turn, opened->order);
    return OK;
}

/* Matching cancels the visit, too; whichever is heard first, nobody drives there. */
struct error on_work_order_cancelled(struct turn *turn, const void *message)
{
    const WorkOrderCancelled *cancelled = message;
    struct course_list courses = { 0 };

    turn_belongs_to(turn, cancelled->order->partner_id);
    TRY(store_load_courses(turn, cancelled->order->work_order_id, &courses));
    for (size_t i = 0; i < courses.count; i++)
        call_off(turn, &courses.at[i]);
    return OK;
}

struct error on_cost_line_accepted(struct turn *turn, const void *message)
{
    const CostLineAccepted *accepted = message;

    turn_belongs_to(turn, accepted->order->partner_id);
    store_accept_line(turn, accepted);
    return OK;
}

struct error on_cost_line_refused(struct turn *turn, const void *message)
{
    const CostLineRefused *refused = message;

    turn_belongs_to(turn, refused->order->partner_id);
    store_refuse_line(turn, refused);
    return OK;
}

/* What technicians wrote and photographed of him goes; times, lines and counts stay. */
struct error on_person_forgotten(struct turn *turn, const void *message)
{
    const PersonForgotten *forgotten = message;
    const char **stored;
    size_t count;

    turn_belongs_to(turn, forgotten->order->partner_id);
    TRY(store_forget_proof(turn, forgotten->order->work_order_id, &stored, &count));
    for (size_t i = 0; i < count; i++)
        file_forget(stored[i]);
    return OK;
}
