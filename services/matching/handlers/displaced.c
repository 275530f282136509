/* Visits whose technician cannot come any more: the same hour with another, else another hour. */
#include "services/matching/handlers.h"

enum { CANDIDATES = 8 };

/* Into the day of the first who can take it at its hour; `ret_choice` is left without technician
 * when nobody can. */
static struct error hand_over(struct turn *turn, const struct order_copy *order, Visit *visit,
                              const struct slot_search *found, TechnicianDay *from,
                              struct slot_choice *ret_choice)
{
    TechnicianDay *to;
    bool is_moved = false;

    for (size_t i = 0; i < found->count && !is_moved; i++) {
        const struct book_day *day = found->slots[i].day;
        struct slot_choice choice = { day->who->id.text, day->date, visit->start_at, NULL };
        TRY(day_open(turn, choice.technician_id, choice.day, &to));
        struct error error = promise_check(turn, order, to, visit->start_at, NULL, &choice.seen);
        if (error.kind == ERROR_REJECTED)
            continue;
        TRY(error);
        visit->technician_id = to->technician_id;
        visit->technician_name = to->first_name;
        TRY(store_move_visit(turn, visit, to->day, &is_moved));
        if (!is_moved)
            continue;
        day_drop_visit(from, visit->visit_id);
        day_add_visit(turn, to, visit);
        TRY(day_tell(turn, from));
        TRY(day_tell(turn, to));
        *ret_choice = choice;
    }
    return OK;
}

/* The same hour with another technician, when there is one; the promise is the hour and stays. */
static struct error reassign(struct turn *turn, const struct order_copy *order, Visit *visit,
                             int32_t day, bool *ret_done)
{
    const char *from_technician = visit->technician_id;
    struct slot_choice choice = { 0 };
    struct slot_search found;
    struct visit_job job;
    TechnicianDay *from;

    *ret_done = false;
    TRY(job_of(turn, order, visit->start_at, visit->start_at + 1, &job));
    job.starts = (struct window){ visit->start_at, visit->start_at + 1 };
    struct search search = search_of(turn, &job);
    search.most = CANDIDATES;
    search.but_technician = from_technician;
    search_slots(turn->arena, &search, &found);
    TRY(day_open(turn, visit->technician_id, day, &from));
    TRY(hand_over(turn, order, visit, &found, from, &choice));
    if (!choice.technician_id) {
        visit->technician_id = arena_string(turn->arena, from_technician);
        return OK;
    }
    TRY(keep_choice(turn, "reassigned", order, &choice, visit));
    VisitReassigned reassigned = VISIT_REASSIGNED__INIT;
    reassigned.visit = visit;
    reassigned.from_technician_id = arena_string(turn->arena, from_technician);
    reassigned.reason = "technician_absent";
    emit(turn, visit->work_order_id, &reassigned);
    *ret_done = true;
    return OK;
}

/* Another hour, because this one cannot be kept. */
static struct error leave(struct turn *turn, const struct order_copy *order, Visit *visit,
                          int32_t day, const char *override)
{
    TRY(day_release(turn, visit, day, VISIT_STATE__MISSED));
    TRY(displace_rest(turn, visit->technician_id, day));
    return rebook(turn, order, visit, override);
}

struct error displace_visit(struct turn *turn, struct text visit_id)
{
    struct order_copy order, same_hour;
    Visit *visit;
    int32_t day;
    bool is_done = false;

    TRY(store_load_visit(turn, arena_text(turn->arena, visit_id), &visit, &day));
    store_want_other(turn, visit->visit_id, false);
    if (visit->state != VISIT_STATE__BOOKED || visit->start_at <= turn->now)
        return OK;
    TRY(store_load_order(turn, visit->work_order_id, &order));
    turn_belongs_to(turn, order.partner_id);
    TRY(chain_lock(turn, &order));
    order.visit_length_ms = visit->length_ms;
    if (check_chain(&order.chain, visit->start_at, visit->length_ms) == CHAIN_PREDECESSOR)
        return leave(turn, &order, visit, day, "predecessor_moved");
    same_hour = order; /* whatever comes before and after stays as it is */
    same_hour.chain = (struct chain){ 0 };
    /* Asked twice, or the absence was withdrawn: his day carries the visit, and it stays. */
    TechnicianDay *his = NULL;
    TRY(day_open(turn, visit->technician_id, day, &his));
    struct error still =
        promise_check(turn, &same_hour, his, visit->start_at, visit->visit_id, NULL);
    if (still.kind != ERROR_REJECTED)
        return still;
    TRY(reassign(turn, &same_hour, visit, day, &is_done));
    if (is_done)
        return displace_rest(turn, his->technician_id, day);
    return leave(turn, &order, visit, day, "technician_absent");
}

struct error let_go(struct turn *turn, struct text visit_id)
{
    Visit *visit;
    int32_t day;

    TRY(store_load_visit(turn, arena_text(turn->arena, visit_id), &visit, &day));
    turn_belongs_to(turn, visit->partner_id);
    return visit->state == VISIT_STATE__HELD ? day_release(turn, visit, day, VISIT_STATE__EXPIRED)
                                             : OK;
}

/* What a process that ended in between has left. */
struct error displace_due(struct turn *turn, const char *work_order_id)
{
    Visit **visits;
    int32_t *days;
    size_t count;

    TRY(store_load_live_visits(turn, work_order_id, &visits, &days, &count));
    if (count == 0 || visits[0]->state != VISIT_STATE__BOOKED)
        return OK;
    return displace_visit(turn, text_of(visits[0]->visit_id));
}
