/* Visits whose technician cannot come any more: the same hour with another, else another hour. */
#include "services/matching/handlers.h"

enum { CANDIDATES = 8 };

/* Who cannot come any more, and the visit he was promised for: his own, or his leader's. */
struct displaced {
    Visit *visit, *leader;
    int32_t day, leader_day;
};

/* Into the day of the first who can take it at its hour; `ret_choice` is left without technician
 * when nobody can. */
static struct error hand_over(struct turn *turn, const struct order_copy *order,
                              const struct displaced *displaced, const struct slot_search *found,
                              TechnicianDay *from, struct slot_choice *ret_choice)
{
    Visit *visit = displaced->visit;
    TechnicianDay *to;
    bool is_moved = false;

    for (size_t i = 0; i < found->count && !is_moved; i++) {
        struct slot_choice choice = choice_of(&found->slots[i]);
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

static struct error name_crew(struct turn *turn, const struct displaced *displaced)
{
    Visit *leader = displaced->leader;
    TechnicianDay *day = NULL;

    if (displaced->visit == leader)
        return crew_rename(turn, leader, leader->technician_name);
    TRY(day_open(turn, leader->technician_id, displaced->leader_day, &day));
    return crew_rename(turn, leader, day->first_name);
}

/* The same hour with another technician, when there is one; the promise is the hour and stays. */
static struct error reassign(struct turn *turn, const struct order_copy *order,
                             const struct displaced *displaced, bool *ret_done)
{
    Visit *visit = displaced->visit;
    char *from_technician = arena_string(turn->arena, visit->technician_id);
    struct slot_choice choice = { 0 };
    struct slot_search found;
    struct visit_job job;
    TechnicianDay *from;

    *ret_done = false;
    TRY(job_of(turn, order, visit->start_at, visit->start_at + 1, &job));
    job.starts = (struct window){ visit->start_at, visit->start_at + 1 };
    job.technicians = 1;
    struct search search = search_of(turn, &job);
    search.most = CANDIDATES;
    search.but_technician = from_technician;
    search_slots(turn->arena, &search, &found);
    TRY(day_open(turn, visit->technician_id, displaced->day, &from));
    TRY(hand_over(turn, order, displaced, &found, from, &choice));
    if (!choice.technician_id) {
        visit->technician_id = from_technician;
        return OK;
    }
    TRY(name_crew(turn, displaced));
    TRY(keep_choice(turn, "reassigned", order, &choice, displaced->leader));
    VisitReassigned reassigned = VISIT_REASSIGNED__INIT;
    reassigned.visit = displaced->leader;
    reassigned.from_technician_id = from_technician;
    reassigned.reason = "technician_absent";
    emit(turn, visit->work_order_id, &reassigned);
    *ret_done = true;
    return OK;
}

static struct error load_displaced(struct turn *turn, struct text visit_id,
                                   struct displaced *ret_displaced)
{
    struct displaced displaced;

    TRY(store_load_visit(turn, arena_text(turn->arena, visit_id), &displaced.visit,
                         &displaced.day));
    displaced.leader = displaced.visit;
    displaced.leader_day = displaced.day;
    if (!string_empty(displaced.visit->mate_of))
        TRY(store_load_visit(turn, displaced.visit->mate_of, &displaced.leader,
                             &displaced.leader_day));
    *ret_displaced = displaced;
    return OK;
}

/* Another hour, because this one cannot be kept. */
static struct error leave(struct turn *turn, const struct order_copy *order,
                          const struct displaced *displaced, const char *override)
{
    Visit **mates;
    int32_t *days;
    size_t count;

    TRY(store_load_mates(turn, displaced->leader, VISIT_STATE__BOOKED, &mates, &days, &count));
    TRY(day_release(turn, displaced->leader, displaced->leader_day, VISIT_STATE__MISSED));
    TRY(displace_rest(turn, displaced->leader->technician_id, displaced->leader_day));
    for (size_t i = 0; i < count; i++)
        TRY(displace_rest(turn, mates[i]->technician_id, days[i]));
    return rebook(turn, order, displaced->leader, override);
}

struct error displace_visit(struct turn *turn, struct text visit_id)
{
    struct displaced displaced;
    struct order_copy order, same_hour;
    bool is_done = false;

    TRY(load_displaced(turn, visit_id, &displaced));
    Visit *visit = displaced.visit;
    store_want_other(turn, visit->visit_id, false);
    if (visit->state != VISIT_STATE__BOOKED || visit->start_at <= turn->now)
        return OK;
    TRY(store_load_order(turn, visit->work_order_id, &order));
    turn_belongs_to(turn, order.partner_id);
    TRY(chain_lock(turn, &order));
    order.visit_length_ms = visit->length_ms;
    if (visit->start_at < chain_begins_at(&order.chain))
        return leave(turn, &order, &displaced, "predecessor_moved");
    same_hour = order; /* whatever comes before and after stays as it is */
    same_hour.chain = (struct chain){ 0 };
    /* Asked twice, or the absence was withdrawn: his day carries the visit, and it stays. */
    TechnicianDay *his = NULL;
    TRY(day_open(turn, visit->technician_id, displaced.day, &his));
    struct error still =
        promise_check(turn, &same_hour, his, visit->start_at, visit->visit_id, NULL);
    if (still.kind != ERROR_REJECTED)
        return still;
    TRY(reassign(turn, &same_hour, &displaced, &is_done));
    if (is_done)
        return displace_rest(turn, his->technician_id, displaced.day);
    return leave(turn, &order, &displaced, "technician_absent");
}

struct error let_go(struct turn *turn, struct text visit_id)
{
    struct displaced hold;

    TRY(load_displaced(turn, visit_id, &hold));
    turn_belongs_to(turn, hold.leader->partner_id);
    return hold.leader->state == VISIT_STATE__HELD
               ? day_release(turn, hold.leader, hold.leader_day, VISIT_STATE__EXPIRED)
               : OK;
}

/* What a process that ended in between has left. */
struct error displace_due(struct turn *turn, const char *work_order_id)
{
    Visit **visits, **mates;
    int32_t *days;
    size_t count, mate_count;

    TRY(store_load_live_visits(turn, work_order_id, &visits, &days, &count));
    if (count == 0 || visits[0]->state != VISIT_STATE__BOOKED)
        return OK;
    TRY(store_load_mates(turn, visits[0], VISIT_STATE__BOOKED, &mates, &days, &mate_count));
    TRY(displace_visit(turn, text_of(visits[0]->visit_id)));
    for (size_t i = 0; i < mate_count; i++)
        TRY(displace_visit(turn, text_of(mates[i]->visit_id)));
    return OK;
}
