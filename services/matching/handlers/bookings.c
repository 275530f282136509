/* Hours chosen over HTTP: hold, book, move, release. */
#include "services/matching/handlers.h"
#include "services/matching/store_shadow.h"

enum { FIRST_CONTACT_MINUTES = 15 };

static struct error load_open_order(struct turn *turn, struct order_copy *ret_order)
{
    TRY(load_own_order(turn, turn->subject, ret_order));
    if (!ret_order->is_open)
        return rejected(PROBLEM_STATE, "work_order_id", "order %s has ended", ret_order->number);
    return chain_lock(turn, ret_order);
}

/* A slot's name may be old or written by hand: what the search would not offer now is not promised,
 * but for the time that a customer may think. Our own people may go beyond what the contract
 * promises. */
static struct error check_choice(struct turn *turn, const struct order_copy *order,
                                 const struct slot_choice *choice)
{
    timestamp soonest = turn->now + matching_config.lead_ms - matching_config.hold_ms;

    TRY(chain_allows(turn, order, choice->start_at));
    if (turn->actor.kind == ACTOR_CONSULTANT)
        return OK;
    if (choice->start_at < soonest || choice->start_at > order->latest_by)
        return rejected(PROBLEM_HOUR_TAKEN, "/slot_id", "the hour is not offered any more");
    return OK;
}

/* ---- hold, book, release ---- */

static struct error drop_holds(struct turn *turn, Visit *visits[], const int32_t days[],
                               size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (visits[i]->state == VISIT_STATE__HELD)
            TRY(day_release(turn, visits[i], days[i], VISIT_STATE__EXPIRED));
    return OK;
}

struct error hold(struct turn *turn, const void *message, struct reply *reply)
{
    const HoldRequest *request = message;
    struct order_copy order;
    struct slot_choice choice;
    Visit **visits, *visit;
    int32_t *days;
    size_t count;

    TRY(load_open_order(turn, &order));
    TRY(slot_read(turn, request->slot_id, &choice));
    TRY(check_choice(turn, &order, &choice));
    TRY(store_load_live_visits(turn, order.work_order_id, &visits, &days, &count));
    if (count && visits[0]->state == VISIT_STATE__BOOKED)
        return rejected(PROBLEM_STATE, "work_order_id", "order %s has an hour: move it",
                        order.number);
    TRY(drop_holds(turn, visits, days, count));
    TRY(day_promise(turn, &order, &choice, VISIT_STATE__HELD, "", &visit));
    TRY(keep_choice(turn, "held", &order, &choice, visit));
    reply->is_new = true;
    reply->message = booking_reply(turn, visit);
    return OK;
}

struct error release(struct turn *turn, const void *message, struct reply *reply)
{
    struct order_copy order;
    Visit **visits;
    int32_t *days;
    size_t count;

    (void)message;
    TRY(load_open_order(turn, &order));
    TRY(store_load_live_visits(turn, order.work_order_id, &visits, &days, &count));
    TRY(drop_holds(turn, visits, days, count));
    reply->status = 204;
    return OK;
}

static struct error take_hold(struct turn *turn, const struct order_copy *order, Visit *visits[],
                              const int32_t days[], size_t count, const char *visit_id,
                              Visit **ret_visit)
{
    struct order_copy held = *order;
    TechnicianDay *day;

    for (size_t i = 0; i < count; i++) {
        if (!string_is(visits[i]->visit_id, visit_id) || visits[i]->state != VISIT_STATE__HELD ||
            visits[i]->hold_until <= turn->machine_now)
            continue;
        TRY(day_open(turn, visits[i]->technician_id, days[i], &day));
        held.visit_length_ms = visits[i]->length_ms;
        TRY(promise_check(turn, &held, day, visits[i]->start_at, visit_id, NULL));
        store_set_visit_state(turn, visit_id, VISIT_STATE__BOOKED);
        visits[i]->state = VISIT_STATE__BOOKED;
        visits[i]->hold_until = 0;
        visits[i]->booked_at = turn->now;
        day_drop_visit(day, visit_id);
        day_add_visit(turn, day, visits[i]);
        *ret_visit = visits[i];
        TRY(day_tell(turn, day));
        TRY(crew_turn(turn, order, visits[i], VISIT_STATE__HELD, VISIT_STATE__BOOKED));
        return crew_complete(turn, visits[i]);
    }
    return rejected(PROBLEM_GONE, "/visit_id", "the hold is over");
}

static bool is_this_slot(const Visit *visit, const struct slot_choice *choice)
{
    return string_is(visit->technician_id, choice->technician_id) &&
           visit->start_at == choice->start_at;
}

struct error book(struct turn *turn, const void *message, struct reply *reply)
{
    const BookingRequest *request = message;
    struct order_copy order;
    struct slot_choice choice = { 0 };
    Visit **visits, *visit;
    int32_t *days;
    size_t count;

    TRY(load_open_order(turn, &order));
    if (string_empty(request->slot_id) == string_empty(request->visit_id))
        return refuse_field(turn, "/slot_id", "required", says_slot);
    if (request->slot_id[0])
        TRY(slot_read(turn, request->slot_id, &choice));
    TRY(store_load_live_visits(turn, order.work_order_id, &visits, &days, &count));
    if (count && visits[0]->state == VISIT_STATE__BOOKED) {
        bool is_same = choice.technician_id ? is_this_slot(visits[0], &choice)
                                            : string_is(visits[0]->visit_id, request->visit_id);
        if (!is_same)
            return rejected(PROBLEM_STATE, "work_order_id", "order %s has an hour: move it",
                            order.number);
        reply->message = booking_reply(turn, visits[0]);
        return OK;
    }
    if (choice.technician_id) {
        TRY(check_choice(turn, &order, &choice));
        TRY(drop_holds(turn, visits, days, count));
        TRY(day_promise(turn, &order, &choice, VISIT_STATE__BOOKED, "", &visit));
        TRY(keep_choice(turn, "chosen", &order, &choice, visit));
    } else {
        TRY(take_hold(turn, &order, visits, days, count, request->visit_id, &visit));
    }
    store_try_again(turn, order.work_order_id, 0);
    chain_wake(turn, &order);
    VisitBooked booked = VISIT_BOOKED__INIT;
    booked.visit = visit;
    booked.by = actor_of(turn, NULL);
    booked.first_contact = turn->now - order.opened_at <= MINUTES(FIRST_CONTACT_MINUTES);
    store_agree_shadow(turn, visit, booked.by);
    emit(turn, order.work_order_id, &booked);
    reply->is_new = true;
    reply->message = booking_reply(turn, visit);
    return OK;
}

/* ---- move: the customer's or a partner's consent is this very call ---- */

static struct error place_moved(struct turn *turn, const struct order_copy *order, Visit *visit,
                                int32_t from_day, struct slot_choice *choice)
{
    TechnicianDay *from, *to;
    bool is_same_day, is_moved = false;

    TRY(crew_release(turn, visit, VISIT_STATE__CANCELLED));
    is_same_day = string_is(visit->technician_id, choice->technician_id) && from_day == choice->day;
    TRY(day_open(turn, visit->technician_id, from_day, &from));
    if (is_same_day)
        to = from;
    else
        TRY(day_open(turn, choice->technician_id, choice->day, &to));
    TRY(promise_check(turn, order, to, choice->start_at, visit->visit_id, &choice->seen));
    day_drop_visit(from, visit->visit_id);
    visit->technician_id = to->technician_id;
    visit->technician_name = to->first_name;
    visit->start_at = choice->start_at;
    visit->moves++;
    TRY(store_move_visit(turn, visit, choice->day, &is_moved));
    if (!is_moved)
        return rejected(PROBLEM_HOUR_TAKEN, "/slot_id", "the hour was taken meanwhile");
    day_add_visit(turn, to, visit);
    if (!is_same_day)
        TRY(day_tell(turn, from));
    TRY(day_tell(turn, to));
    TRY(crew_check(turn, order, choice));
    return crew_add(turn, order, choice, visit);
}

struct error move(struct turn *turn, const void *message, struct reply *reply)
{
    const MoveRequest *request = message;
    struct order_copy order;
    struct slot_choice choice;
    Visit **visits;
    int32_t *days;
    size_t count;

    TRY(load_open_order(turn, &order));
    TRY(slot_read(turn, request->slot_id, &choice));
    TRY(check_choice(turn, &order, &choice));
    TRY(store_load_live_visits(turn, order.work_order_id, &visits, &days, &count));
    if (!count || visits[0]->state != VISIT_STATE__BOOKED)
        return rejected(PROBLEM_STATE, "work_order_id", "order %s has no hour yet: book one",
                        order.number);
    Visit *visit = visits[0];
    if (is_this_slot(visit, &choice)) {
        reply->message = booking_reply(turn, visit);
        return OK;
    }
    if (visit->start_at - visit->tolerance_ms <= turn->now)
        return rejected(PROBLEM_STATE, "work_order_id", "the visit is about to begin");
    order.visit_length_ms = visit->length_ms;
    VisitMoved moved = VISIT_MOVED__INIT;
    moved.from_start_at = visit->start_at;
    moved.from_technician_id = visit->technician_id;
    TRY(place_moved(turn, &order, visit, days[0], &choice));
    TRY(keep_choice(turn, "moved", &order, &choice, visit));
    moved.visit = visit;
    moved.by = actor_of(turn, NULL);
    moved.reason = request->reason;
    emit(turn, order.work_order_id, &moved);
    reply->message = booking_reply(turn, visit);
    return OK;
}
