/* Facts of matching and visits move the order along its table. A move that the table does not have
 * is stale news (a booking told while the order was being cancelled): it changes nothing. */
#include "proto/matching.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/intake/domain/work_order_states.h"
#include "services/intake/handlers.h"

/* Work that goes on much later has an hour by then, or somebody calls. */
enum { CALL_DAYS_BEFORE = 7 };

/* Moves, saves and tells; without a move in the table, does nothing. */
struct error progress_order(struct turn *turn, struct order_record *record, int event)
{
    WorkOrder *order = record->order;
    WorkOrderState before = order->state;
    enum order_state state;

    if (!order_move((enum order_state)before, (enum order_event)event, &state))
        return OK;
    order->state = (WorkOrderState)state;
    store_save_progress(turn, record);
    if (order->state == before)
        return OK;
    WorkOrderProgressed progressed = WORK_ORDER_PROGRESSED__INIT;
    progressed.order = order;
    progressed.before = before;
    emit(turn, order->work_order_id, &progressed);
    return OK;
}

static struct error take_hour(struct turn *turn, const Visit *visit)
{
    struct order_record record;

    TRY(store_load_order(turn, visit->work_order_id, &record));
    if (string_is(record.continues, visit->visit_id))
        return OK; /* late news: this visit is done, and has left work */
    TRY(reserve_again(turn, &record));
    record.visit_id = visit->visit_id;
    record.start_at = visit->start_at;
    record.technician_name = visit->technician_name;
    if (!string_empty(visit->continues))
        record.continues = visit->continues;
    TRY(end_call_task(turn, record.order, "hour_agreed"));
    if (order_wants_hour(record.order))
        TRY(let_next_choose(turn, record.order));
    return progress_order(turn, &record, ORDER_GETS_HOUR);
}

struct error on_visit_booked(struct turn *turn, const void *message)
{
    const VisitBooked *booked = message;

    return take_hour(turn, booked->visit);
}

struct error on_visit_moved(struct turn *turn, const void *message)
{
    const VisitMoved *moved = message;

    return take_hour(turn, moved->visit);
}

struct error on_visit_reassigned(struct turn *turn, const void *message)
{
    const VisitReassigned *reassigned = message;

    return take_hour(turn, reassigned->visit);
}

struct error on_visit_rebooked(struct turn *turn, const void *message)
{
    const VisitRebooked *rebooked = message;

    return take_hour(turn, rebooked->visit);
}

/* The visit has gone, the order stays: it wants another hour, or a call. */
struct error on_visit_cancelled(struct turn *turn, const void *message)
{
    const VisitCancelled *cancelled = message;
    struct order_record record;

    TRY(store_load_order(turn, cancelled->visit->work_order_id, &record));
    if (!string_is(record.visit_id, cancelled->visit->visit_id))
        return OK;
    record.choose_until = turn->now + MINUTES(30);
    return progress_order(turn, &record, ORDER_LOSES_HOUR);
}

struct error on_work_order_unstaffed(struct turn *turn, const void *message)
{
    const WorkOrderUnstaffed *unstaffed = message;
    struct order_record record;

    TRY(store_load_order(turn, unstaffed->work_order_id, &record));
    record.choose_until = turn->now; /* a consultant looks at it at once */
    if (!string_empty(unstaffed->continues))
        record.continues = unstaffed->continues;
    return progress_order(turn, &record, ORDER_FINDS_NOBODY);
}

static struct error on_course(struct turn *turn, const Course *course, enum order_event event,
                              struct order_record *ret_record)
{
    TRY(store_load_order(turn, course->work_order_id, ret_record));
    if (!string_is(ret_record->visit_id, course->visit_id) && event != ORDER_IS_DONE)
        return OK; /* of a visit that was replaced meanwhile */
    return progress_order(turn, ret_record, (int)event);
}

struct error on_technician_on_the_way(struct turn *turn, const void *message)
{
    const TechnicianOnTheWay *told = message;

    return on_course(turn, told->course, ORDER_IS_WORKED_ON, &(struct order_record){ 0 });
}

struct error on_technician_there(struct turn *turn, const void *message)
{
    const TechnicianThere *told = message;

    return on_course(turn, told->course, ORDER_IS_WORKED_ON, &(struct order_record){ 0 });
}

struct error on_visit_missed(struct turn *turn, const void *message)
{
    const VisitMissed *missed = message;
    struct order_record record;

    TRY(store_load_order(turn, missed->course->work_order_id, &record));
    if (!string_is(record.visit_id, missed->course->visit_id))
        return OK;
    /* Matching re-books by itself; a consultant looks only when that has not happened soon.
     */
    record.choose_until = turn->now + MINUTES(15);
    return progress_order(turn, &record, ORDER_IS_MISSED);
}

/* Its order waits for the next visit, which matching books by itself. What matching answers may
 * have been heard before: then the order has its hour, or nobody who can come, already. */
static struct error keep_open(struct turn *turn, const Course *course)
{
    timestamp soon = turn->now + MINUTES(15),
              week_before = course->further->earliest_at - DAYS(CALL_DAYS_BEFORE);
    struct order_record record;

    TRY(store_load_order(turn, course->work_order_id, &record));
    /* Without a visit, its booking is heard of later. */
    if (!string_empty(record.visit_id) && !string_is(record.visit_id, course->visit_id))
        return OK;
    record.visit_id = record.continues = course->visit_id;
    if (order_wants_hour(record.order)) {
        store_save_progress(turn, &record);
        return OK;
    }
    record.choose_until = week_before > soon ? week_before : soon;
    return progress_order(turn, &record, ORDER_IS_UNFINISHED);
}

/* A missed visit was done after all: nobody has to look for an hour any more. */
static struct error end_looking(struct turn *turn, const char *work_order_id)
{
    struct order_record record;

    TRY(store_load_order(turn, work_order_id, &record));
    if (!order_wants_hour(record.order))
        return OK;
    TRY(end_call_task(turn, record.order, "visit_done"));
    return let_next_choose(turn, record.order);
}

struct error on_visit_done(struct turn *turn, const void *message)
{
    const VisitDone *done = message;
    struct order_record record;
    int64_t lines_before;

    if (done->course->further && !done->course->further->none)
        return keep_open(turn, done->course);

    TRY(end_looking(turn, done->course->work_order_id));
    TRY(on_course(turn, done->course, ORDER_IS_DONE, &record));
    if (record.order->state != WORK_ORDER_STATE__DONE || record.lines_expected >= 0)
        return OK;
    TRY(store_count_other_lines(turn, done->course->work_order_id, done->course->visit_id,
                                &lines_before));
    record.lines_expected = lines_before + (int64_t)done->course->n_lines;
    store_save_progress(turn, &record);
    return close_money(turn, &record);
}
