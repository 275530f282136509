/* The promise: matching's facts about visits become messages and partner events. The last fact
 * says which visit stands. */
#include "lib/domain/calendar.h"
#include "lib/domain/names.h"
#include "proto/matching.pb-c.h"
#include "services/notifications/handlers.h"

const char *visit_occurrence(struct turn *turn, const struct visit *visit)
{
    return arena_format(turn->arena, "%s:%lld", visit->visit_id, (long long)visit->moves);
}

static struct error tell(struct turn *turn, const struct order *order, enum order_event_kind kind,
                         const Visit *visit, const char *reason)
{
    const struct word words[] = { { "moment", moment_text_long(turn->arena, visit->start_at) },
                                  { "name", visit->technician_name },
                                  { "comes",
                                    agreed(visit->technician_name, "przyjedzie", "przyjadą") },
                                  { 0 } };
    OrderEventVisit told = ORDER_EVENT_VISIT__INIT;
    OrderEvent event = ORDER_EVENT__INIT;

    told.visit_id = visit->visit_id;
    told.start_at = visit->start_at;
    told.from = visit->start_at - visit->tolerance_ms;
    told.until = visit->start_at + visit->tolerance_ms;
    told.technician_name = visit->technician_name;
    told.reason = reason;
    told.continues = kind == VISIT_CONTINUES ? visit->continues : "";
    event.visit = &told;
    return partner_event_tell(turn, order, kind, &event, words);
}

/* A new hour stands: reminders begin anew, the calendar entry changes, older words are stale. */
static struct error take_promise(struct turn *turn, struct order *order, const Visit *visit)
{
    order->visit = (struct visit){
        .visit_id = visit->visit_id,
        .moves = visit->moves,
        .course = VISIT_PROMISED,
        .start_at = visit->start_at,
        .tolerance_ms = visit->tolerance_ms,
        .length_ms = visit->length_ms,
        .technician_name = visit->technician_name,
        .reminders = plan_reminders(turn->now, visit->start_at),
    };
    order->calendar_sequence = turn->fact.sequence;
    store_save_visit(turn, order);
    store_save_calendar_sequence(turn, order);
    return messages_drop_stale(turn, order);
}

static struct error promise(struct turn *turn, const Visit *visit, enum order_event_kind kind,
                            enum template_name template, const char *reason)
{
    struct order order;

    TRY(order_of_fact(turn, visit->work_order_id, visit->partner_id, &order));
    TRY(tell(turn, &order, kind, visit, reason));
    TRY(take_promise(turn, &order, visit));
    struct cue cue = { .template = template, .occurrence = visit_occurrence(turn, &order.visit) };
    return message_cue(turn, &order, &cue);
}

static enum visit_course course_of(const Visit *visit)
{
    return visit->state == VISIT_STATE__BOOKED      ? VISIT_PROMISED
           : visit->state == VISIT_STATE__CANCELLED ? VISIT_CALLED_OFF
                                                    : VISIT_OVER;
}

/* Told again: the promise as it stands. Where we knew of it, its course and reminders stay ours. */
static struct error refill(struct turn *turn, const Visit *visit)
{
    struct order order;

    TRY(order_of_fact(turn, visit->work_order_id, visit->partner_id, &order));
    bool is_known = string_is(order.visit.visit_id, visit->visit_id);
    enum visit_course course = course_of(visit), was = order.visit.course;
    /* Of one that was replaced we may know more by its successor. */
    if (!is_known && (was == VISIT_PROMISED || was == VISIT_UNDER_WAY) &&
        visit->state != VISIT_STATE__BOOKED && visit->state != VISIT_STATE__DONE)
        return OK;
    bool is_same_hour = is_known && order.visit.start_at == visit->start_at;
    bool stays = is_known && (course == VISIT_PROMISED || order.visit.course == course);
    order.visit = (struct visit){
        .visit_id = visit->visit_id,
        .moves = visit->moves,
        .course = stays ? order.visit.course : course,
        .start_at = visit->start_at,
        .tolerance_ms = visit->tolerance_ms,
        .length_ms = visit->length_ms,
        .technician_name = visit->technician_name,
        .reminders = stays ? order.visit.reminders : (struct reminders){ 0 },
    };
    if (!is_same_hour && order.visit.course == VISIT_PROMISED)
        order.visit.reminders = plan_reminders(turn->now, visit->start_at);
    store_save_visit(turn, &order);
    return OK;
}

struct error on_visit_booked(struct turn *turn, const void *message)
{
    const VisitBooked *booked = message;

    if (turn->fact.is_retold)
        return refill(turn, booked->visit);
    if (!string_empty(booked->visit->continues))
        return promise(turn, booked->visit, VISIT_CONTINUES, FURTHER_VISIT, "");
    return promise(turn, booked->visit, VISIT_WAS_BOOKED, BOOKING_CONFIRMATION, "");
}

struct error on_visit_moved(struct turn *turn, const void *message)
{
    const VisitMoved *moved = message;
    return promise(turn, moved->visit, VISIT_WAS_MOVED, MOVED, moved->reason);
}

struct error on_visit_rebooked(struct turn *turn, const void *message)
{
    const VisitRebooked *rebooked = message;
    bool is_postponed = string_is(rebooked->override, "predecessor_moved");

    return promise(turn, rebooked->visit, VISIT_WAS_REBOOKED, is_postponed ? POSTPONED : REBOOKED,
                   rebooked->override);
}

/* The hour stays, so the customer is not told again; reminders name who comes by then. */
struct error on_visit_reassigned(struct turn *turn, const void *message)
{
    const VisitReassigned *reassigned = message;
    const Visit *visit = reassigned->visit;
    struct order order;

    TRY(order_of_fact(turn, visit->work_order_id, visit->partner_id, &order));
    TRY(tell(turn, &order, VISIT_WAS_REASSIGNED, visit, reassigned->reason));
    if (!string_is(order.visit.visit_id, visit->visit_id))
        return OK;
    order.visit.technician_name = visit->technician_name;
    store_save_visit(turn, &order);
    return OK;
}

struct error on_visit_cancelled(struct turn *turn, const void *message)
{
    const VisitCancelled *cancelled = message;
    const Visit *visit = cancelled->visit;
    struct order order;

    TRY(order_of_fact(turn, visit->work_order_id, visit->partner_id, &order));
    TRY(tell(turn, &order, VISIT_WAS_CANCELLED, visit, cancelled->reason));
    bool stood = string_is(order.visit.visit_id, visit->visit_id) &&
                 (order.visit.course == VISIT_PROMISED || order.visit.course == VISIT_UNDER_WAY);
    if (!stood)
        return OK;
    order.visit.course = VISIT_CALLED_OFF;
    order.visit.reminders = (struct reminders){ 0 };
    order.calendar_sequence = turn->fact.sequence;
    store_save_visit(turn, &order);
    store_save_calendar_sequence(turn, &order);
    TRY(messages_drop_stale(turn, &order));
    struct cue cue = { .template = CANCELLED, .occurrence = visit_occurrence(turn, &order.visit) };
    return message_cue(turn, &order, &cue);
}

struct error on_work_order_unstaffed(struct turn *turn, const void *message)
{
    const WorkOrderUnstaffed *unstaffed = message;
    const struct word words[] = { { 0 } };
    OrderEvent event = ORDER_EVENT__INIT;
    struct order order;

    TRY(order_of_fact(turn, unstaffed->work_order_id, unstaffed->partner_id, &order));
    return partner_event_tell(turn, &order, ORDER_IS_UNSTAFFED, &event, words);
}
