/* What visits tells of a promised visit: he came after all, it is done. */
#include "proto/visits.pb-c.h"
#include "services/matching/handlers.h"

/* He came after all: the old promise stands again, unless somebody is at it already. */
struct error on_technician_there(struct turn *turn, const void *message)
{
    const TechnicianThere *there = message;
    struct order_copy order;
    Visit *visit, **visits;
    TechnicianDay *technician_day;
    int32_t day, *days;
    size_t count;
    bool is_restored = false;

    TRY(store_load_visit(turn, there->course->visit_id, &visit, &day));
    if (visit->state != VISIT_STATE__MISSED)
        return OK;
    TRY(store_load_order(turn, visit->work_order_id, &order));
    if (!order.is_open)
        return OK;
    TRY(store_load_live_visits(turn, visit->work_order_id, &visits, &days, &count));
    if (count && visits[0]->start_at <= turn->now)
        return OK;
    for (size_t i = 0; i < count; i++) {
        TRY(day_release(turn, visits[i], days[i], VISIT_STATE__CANCELLED));
        VisitCancelled cancelled = VISIT_CANCELLED__INIT;
        cancelled.visit = visits[i];
        cancelled.by = actor_of(turn, "engine");
        cancelled.reason = "technician_came";
        emit(turn, visit->work_order_id, &cancelled);
    }
    TRY(day_open(turn, visit->technician_id, day, &technician_day));
    visit->state = VISIT_STATE__BOOKED;
    order.visit_length_ms = visit->length_ms;
    struct error fits = promise_fits(turn, &order, technician_day, visit->start_at, NULL, NULL);
    if (fits.kind == ERROR_NONE)
        TRY(store_move_visit(turn, visit, day, &is_restored));
    else if (fits.kind != ERROR_REJECTED)
        return fits;
    if (!is_restored)
        return OK; /* his time, or the way to whom he is promised next, is another's already; the
                      work is told by visits all the same */
    day_add_visit(turn, technician_day, visit);
    TRY(day_tell(turn, technician_day));
    TRY(crew_turn(turn, &order, visit, VISIT_STATE__MISSED, VISIT_STATE__BOOKED));
    TRY(crew_rename(turn, visit, technician_day->first_name));
    VisitBooked booked = VISIT_BOOKED__INIT;
    booked.visit = visit;
    booked.by = actor_of(turn, "technician");
    emit(turn, visit->work_order_id, &booked);
    chain_wake(turn, &order);
    return OK;
}

/* It stays in its day as done. */
static struct error finish_visit(struct turn *turn, Visit *visit, int32_t day)
{
    TechnicianDay *technician_day;

    TRY(day_open(turn, visit->technician_id, day, &technician_day));
    store_set_visit_state(turn, visit->visit_id, VISIT_STATE__DONE);
    visit->state = VISIT_STATE__DONE;
    day_drop_visit(technician_day, visit->visit_id);
    day_add_visit(turn, technician_day, visit);
    TRY(day_tell(turn, technician_day));
    TRY(crew_turn(turn, NULL, visit, VISIT_STATE__BOOKED, VISIT_STATE__DONE));
    VisitFinished finished = VISIT_FINISHED__INIT;
    finished.visit = visit;
    emit(turn, visit->work_order_id, &finished);
    return OK;
}

struct error on_visit_done(struct turn *turn, const void *message)
{
    const VisitDone *done = message;
    Visit *visit;
    int32_t day;

    TRY(store_load_visit(turn, done->course->visit_id, &visit, &day));
    bool is_first_time = visit->state != VISIT_STATE__DONE;
    keep_visit_time(turn, done->course, visit);
    if (!is_unfinished(done->course))
        store_end_order(turn, visit->work_order_id);
    if (visit->state == VISIT_STATE__BOOKED)
        TRY(finish_visit(turn, visit, day));
    return is_first_time && is_unfinished(done->course) ? continue_order(turn, done->course, visit)
                                                        : OK;
}
