/* The planned course follows what matching promises. A plan is true only when matching says so; a
 * fact about a visit that is under way or over changes nothing. */
#include "services/visits/domain/missed_due.h"
#include "services/visits/handlers.h"

void call_off(struct turn *turn, struct course *course)
{
    enum course_state was = course->state;

    if (!course_move(was, EVENT_CALL_OFF, &course->state))
        return;
    course->ended_at = turn->now;
    store_save_course(turn, course);
    store_save_event(
        turn, course,
        &(struct course_entry){ .event = EVENT_CALL_OFF, .was = was, .at = turn->now });
}

/* The order's words that every visit of it carries. */
static struct error start_course(struct turn *turn, const Visit *visit, struct course *ret_course)
{
    struct order_copy order;
    bool is_known;

    TRY(store_load_work_order(turn, visit->work_order_id, &is_known, &order));
    if (!is_known)
        return rejected(PROBLEM_CONFLICT, "work_order_id",
                        "visit %.40s of partner %.30s: the order "
                        "is another partner's",
                        visit->visit_id, visit->partner_id);
    *ret_course = (struct course){
        .visit_id = visit->visit_id,
        .work_order_id = visit->work_order_id,
        .partner_id = order.partner_id,
        .person_id = order.person_id,
        .description_key = order.description_key,
        .contract_id = order.contract_id,
        .service_id = order.service_id,
        .number = order.number,
    };
    return OK;
}

/* Others come with him now; he himself is on his way, or there, as he was. */
static bool is_about_mates(const struct course *course, const Visit *visit)
{
    return (course->state == COURSE_ON_THE_WAY || course->state == COURSE_THERE) &&
           course->start_at == visit->start_at &&
           string_is(course->technician_id, visit->technician_id);
}

static struct error plan_course(struct turn *turn, const Visit *visit)
{
    struct course course = { 0 };

    turn_belongs_to(turn, visit->partner_id);
    TRY(store_load_course(turn, visit->visit_id, &course));
    if (course.state == COURSE_NONE)
        TRY(start_course(turn, visit, &course));
    if (is_about_mates(&course, visit)) {
        course.technician_name = visit->technician_name;
        store_save_course(turn, &course);
        store_save_mates(turn, visit);
        return OK;
    }
    enum course_state was = course.state;
    if (!course_move(was, EVENT_PLAN, &course.state))
        return OK;
    course.technician_id = visit->technician_id;
    course.technician_name = visit->technician_name;
    course.start_at = visit->start_at;
    course.tolerance_ms = visit->tolerance_ms;
    course.length_ms = visit->length_ms;
    course.on_the_way_at = course.eta_at = 0;
    course.missed_due_at = missed_due_at(&course, missed_after_ms);
    store_save_course(turn, &course);
    store_save_mates(turn, visit);
    store_save_event(turn, &course,
                     &(struct course_entry){ .event = EVENT_PLAN, .was = was, .at = turn->now });
    return OK;
}

struct error on_visit_booked(struct turn *turn, const void *message)
{
    const VisitBooked *booked = message;

    return plan_course(turn, booked->visit);
}

struct error on_visit_moved(struct turn *turn, const void *message)
{
    const VisitMoved *moved = message;

    return plan_course(turn, moved->visit);
}

struct error on_visit_reassigned(struct turn *turn, const void *message)
{
    const VisitReassigned *reassigned = message;

    return plan_course(turn, reassigned->visit);
}

static struct error cancel_course(struct turn *turn, const Visit *visit)
{
    struct course course = { 0 };

    turn_belongs_to(turn, visit->partner_id);
    TRY(store_load_course(turn, visit->visit_id, &course));
    call_off(turn, &course);
    return OK;
}

/* The new visit is another one; the missed one stays missed. One that we did not see missed is not
 * promised any more. */
struct error on_visit_rebooked(struct turn *turn, const void *message)
{
    const VisitRebooked *rebooked = message;

    TRY(plan_course(turn, rebooked->visit));
    return rebooked->missed ? cancel_course(turn, rebooked->missed) : OK;
}

struct error on_visit_cancelled(struct turn *turn, const void *message)
{
    const VisitCancelled *cancelled = message;

    return cancel_course(turn, cancelled->visit);
}
