/* What visits tells of a visit's course; the forecast of its day is made from it when it is asked
 * for. */
#include "proto/intake.pb-c.h"
#include "services/routing/handlers.h"
#include "services/routing/store.h"

struct error on_work_order_opened(struct turn *turn, const void *message)
{
    const WorkOrderOpened *opened = message;

    store_save_work_order(turn, opened->order->work_order_id, opened->order->opened_at);
    return OK;
}

struct error drop_work_orders(struct turn *turn, struct value subjects)
{
    store_drop_work_orders(turn, subjects);
    return OK;
}

static void save(struct turn *turn, const Course *course, enum progress progress)
{
    store_save_progress(turn, &(struct visit_progress){
                                  .visit_id = course->visit_id,
                                  .technician_id = course->technician_id,
                                  .start_at = course->start_at,
                                  .progress = progress,
                                  .on_the_way_at = course->on_the_way_at,
                                  .there_at = course->there_at,
                                  .done_at = course->done_at,
                              });
}

struct error on_technician_on_the_way(struct turn *turn, const void *message)
{
    const TechnicianOnTheWay *told = message;

    save(turn, told->course, ON_HIS_WAY);
    return OK;
}

struct error on_technician_there(struct turn *turn, const void *message)
{
    const TechnicianThere *told = message;

    save(turn, told->course, AT_THE_DOOR);
    return OK;
}

struct error on_visit_done(struct turn *turn, const void *message)
{
    const VisitDone *told = message;

    save(turn, told->course, FINISHED);
    return OK;
}
