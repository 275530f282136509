/* Bookings that nobody chooses: orders whose hour the engine picks, missed visits, displaced ones.
 */
#include "proto/visits.pb-c.h"
#include "services/matching/handlers.h"
#include "services/matching/read_day.h"
#include "services/matching/store_nightly.h"

enum { ALTERNATIVES = 5, REBOOK_WITHIN_DAYS = 5, FIRST_CONTACT_MINUTES = 15 };

static struct instead *instead_of(struct search *search, const struct book_day *day)
{
    for (size_t i = 0; i < search->instead_count; i++)
        if (search->instead[i].day == day)
            return &search->instead[i];
    struct instead *instead = &search->instead[search->instead_count++];
    instead->of = day;
    return instead;
}

/* Memory was behind: from here on the search sees the day as the database has it. */
static struct error look_again(struct turn *turn, struct search *search, const struct slot *slot,
                               size_t refused)
{
    TechnicianDay *day = NULL;
    bool was_behind = false;

    for (size_t i = 0; i < slot_comers(slot) && search->instead_count < INSTEAD_MOST; i++) {
        const struct book_day *known = slot_comer(slot, i)->day;
        TRY(store_load_day(turn, known->who->id.text, known->date, &day));
        if (day && day->version == known->version)
            continue;
        was_behind = true;
        instead_of(search, known)->day = day ? read_day_into(turn->arena, day) : NULL;
    }
    /* A day that was not behind and is refused all the same would be refused for ever. */
    if (!was_behind && search->instead_count < INSTEAD_MOST)
        instead_of(search, slot_comer(slot, refused)->day)->day = NULL;
    return OK;
}

/* Promises the best start there is; NULL when nobody can come. In a burst memory lags behind what
 * was just promised: each day that turns out different is looked at afresh, and after some of them
 * the order waits a moment for memory to catch up (TEMPORARY) rather than being told that nobody
 * can come. */
static struct error promise_best(struct turn *turn, const struct order_copy *order,
                                 struct search *search, const char *replaces, Visit **ret_visit,
                                 struct slot_search *ret_found)
{
    *ret_visit = NULL;
    search->most = ALTERNATIVES;
    for (int tried = 0; tried < INSTEAD_MOST; tried++) {
        search_slots(turn->arena, search, ret_found);
        if (ret_found->count == 0)
            return OK;
        const struct slot *slot = &ret_found->slots[0];
        struct slot_choice choice = choice_of(slot);
        struct error error =
            day_promise(turn, order, &choice, VISIT_STATE__BOOKED, replaces, ret_visit);
        if (error.kind != ERROR_REJECTED || error.problem != PROBLEM_HOUR_TAKEN)
            return error;
        TRY(look_again(turn, search, slot, choice.refused));
    }
    return temporary("memory is behind on %d technician-days", INSTEAD_MOST);
}

/* Before the promised work that comes after it, when there is such an hour; else that has to move
 * (it can only be promised already when this order had an hour before, and lost it). */
static struct error promise_in_row(struct turn *turn, const struct order_copy *order,
                                   struct visit_job *job, struct search *search,
                                   const char *replaces, Visit **ret_visit,
                                   struct slot_search *ret_found)
{
    const struct window all = job->starts;
    struct order_copy unbound = *order;

    job->starts = chain_narrow(&order->chain, all, job->length_ms);
    TRY(promise_best(turn, order, search, replaces, ret_visit, ret_found));
    if (*ret_visit || !order->chain.next_at)
        return OK;
    unbound.chain.next_at = 0;
    job->starts = all;
    TRY(promise_best(turn, &unbound, search, replaces, ret_visit, ret_found));
    return *ret_visit ? chain_push(turn, *ret_visit) : OK;
}

static void tell_booked(struct turn *turn, const struct order_copy *order, Visit *visit)
{
    VisitBooked booked = VISIT_BOOKED__INIT;

    booked.visit = visit;
    booked.by = actor_of(turn, "engine");
    booked.first_contact = string_empty(order->continues) &&
                           turn->now - order->opened_at <= MINUTES(FIRST_CONTACT_MINUTES);
    emit(turn, visit->work_order_id, &booked);
    chain_wake(turn, order);
}

static struct error tell_unstaffed(struct turn *turn, const struct order_copy *order,
                                   const struct search *search, const struct slot_search *found)
{
    WorkOrderUnstaffed unstaffed = WORK_ORDER_UNSTAFFED__INIT;
    struct relaxations *ways_out = find_ways_out(turn, search, ways_out_until(turn));

    unstaffed.work_order_id = arena_string(turn->arena, order->work_order_id);
    unstaffed.partner_id = arena_string(turn->arena, order->partner_id);
    unstaffed.number = arena_string(turn->arena, order->number);
    unstaffed.continues = arena_string(turn->arena, order->continues);
    unstaffed.refused = rule_counts(turn->arena, found->technicians, &unstaffed.n_refused);
    unstaffed.relaxation = relaxation_of(turn->arena, ways_out);
    emit(turn, order->work_order_id, &unstaffed);
    if (string_empty(order->continues)) /* counted is who came, not who comes again */
        store_refuse_demand(turn, order->work_order_id);
    store_try_again(turn, order->work_order_id, turn->now + matching_config.try_again_ms);
    return keep_decision(turn, "unstaffed", order, search, found, ways_out, NULL);
}

struct error book_by_engine(struct turn *turn, struct order_copy *order, bool tells_unstaffed)
{
    const char *kind = string_empty(order->continues) ? "engine" : "further";
    struct slot_search found;
    struct visit_job job;
    Visit *visit;

    TRY(chain_lock(turn, order));
    if (chain_waits(turn, order)) {
        chain_wait(turn, order);
        return OK;
    }
    if (order->is_put_off)
        store_end_put_off(turn, order->work_order_id);
    TRY(job_of(turn, order, 0, 0, &job));
    struct search search = search_of(turn, &job);
    TRY(promise_in_row(turn, order, &job, &search, "", &visit, &found));
    if (visit) {
        store_try_again(turn, order->work_order_id, 0);
        tell_booked(turn, order, visit);
        return keep_decision(turn, kind, order, &search, &found, NULL, visit);
    }
    if (tells_unstaffed)
        return tell_unstaffed(turn, order, &search, &found);
    store_try_again(turn, order->work_order_id, turn->now + matching_config.try_again_ms);
    return OK;
}

struct error on_work_order_opened(struct turn *turn, const void *message)
{
    const WorkOrderOpened *opened = message;
    struct order_copy order;

    store_save_order(turn, opened->order);
    TRY(learn_from_opening(turn, opened->order));
    if (turn->fact.is_retold)
        return OK;
    if (opened->order->chooser != CHOOSER__BY_ENGINE)
        return OK;
    TRY(store_load_order(turn, opened->order->work_order_id, &order));
    return book_by_engine(turn, &order, true);
}

struct error on_address_located(struct turn *turn, const void *message)
{
    const AddressLocated *located = message;

    store_save_order(turn, located->order);
    return OK;
}

/* Nobody could come, or the engine lost its hour: looked at again, as long as the order wants one.
 */
struct error try_again(struct turn *turn, const char *work_order_id)
{
    struct order_copy order;
    Visit **visits;
    int32_t *days;
    size_t count;

    TRY(store_load_order(turn, work_order_id, &order));
    turn_belongs_to(turn, order.partner_id);
    TRY(store_load_live_visits(turn, work_order_id, &visits, &days, &count));
    if (order.is_open && count && visits[0]->state == VISIT_STATE__HELD) {
        timestamp again_at = turn->now + matching_config.try_again_ms;
        if (order.is_waiting) /* and was not told yet that nobody can come */
            store_wait_for_other(turn, work_order_id, again_at);
        else
            store_try_again(turn, work_order_id, again_at);
        return OK;
    }
    if (!order.is_open || count) {
        store_try_again(turn, work_order_id, 0);
        return OK;
    }
    /* Who waited for another's hour, or was put off, was not told yet that nobody can come. */
    return book_by_engine(turn, &order, order.is_waiting || order.is_put_off);
}

struct error release_hold(struct turn *turn, const char *work_order_id)
{
    Visit **visits;
    int32_t *days;
    size_t count;

    TRY(store_load_live_visits(turn, work_order_id, &visits, &days, &count));
    for (size_t i = 0; i < count; i++)
        if (visits[i]->state == VISIT_STATE__HELD && visits[i]->hold_until <= turn->machine_now)
            TRY(day_release(turn, visits[i], days[i], VISIT_STATE__EXPIRED));
    /* A leader's hold may have ended in his own day before. */
    TRY(store_load_held_mates(turn, work_order_id, &visits, &days, &count));
    for (size_t i = 0; i < count; i++)
        if (visits[i]->hold_until <= turn->machine_now)
            TRY(day_leave(turn, visits[i], days[i], VISIT_STATE__EXPIRED));
    return OK;
}

struct error on_work_order_cancelled(struct turn *turn, const void *message)
{
    const WorkOrderCancelled *cancelled = message;
    Visit **visits;
    int32_t *days;
    size_t count;

    TRY(store_load_live_visits(turn, cancelled->order->work_order_id, &visits, &days, &count));
    for (size_t i = 0; i < count; i++) {
        bool was_booked = visits[i]->state == VISIT_STATE__BOOKED;
        TRY(day_release(turn, visits[i], days[i], VISIT_STATE__CANCELLED));
        VisitCancelled told = VISIT_CANCELLED__INIT;
        told.visit = visits[i];
        told.by = cancelled->by;
        told.reason = cancelled->reason;
        if (was_booked)
            emit(turn, visits[i]->work_order_id, &told);
    }
    store_end_order(turn, cancelled->order->work_order_id);
    return OK;
}

/* ---- missed and displaced visits: a new one inside the same order, by a named override (I4) ----
 */

/* Nobody else has said that it is over: technician and customer hear it here. */
static void tell_gone(struct turn *turn, Visit *gone, const char *override)
{
    VisitCancelled cancelled = VISIT_CANCELLED__INIT;

    if (string_is(override, "technician_missing") || string_is(override, "customer_absent"))
        return; /* visits said so */
    cancelled.visit = gone;
    cancelled.by = actor_of(turn, "engine");
    cancelled.reason = arena_string(turn->arena, override);
    emit(turn, gone->work_order_id, &cancelled);
}

/* The order before has lost its hour, too: this one has its new one soon after that does. */
static struct error tell_waits(struct turn *turn, const struct order_copy *order)
{
    WorkOrderUnstaffed unstaffed = WORK_ORDER_UNSTAFFED__INIT;

    unstaffed.work_order_id = arena_string(turn->arena, order->work_order_id);
    unstaffed.partner_id = arena_string(turn->arena, order->partner_id);
    unstaffed.number = arena_string(turn->arena, order->number);
    unstaffed.refused = chain_refusal(turn, CHAIN_WAITS, &unstaffed.n_refused);
    emit(turn, order->work_order_id, &unstaffed);
    chain_wait(turn, order);
    return OK;
}

struct error rebook(struct turn *turn, const struct order_copy *order, Visit *missed,
                    const char *override)
{
    struct slot_search found;
    struct visit_job job;
    Visit *visit;

    if (chain_waits(turn, order)) {
        tell_gone(turn, missed, override);
        return tell_waits(turn, order);
    }
    timestamp from = order->earliest_at > turn->now ? order->earliest_at : turn->now;
    TRY(job_of(turn, order, 0, from + DAYS(REBOOK_WITHIN_DAYS), &job));
    /* The customer has waited once already: as soon as anyhow possible. */
    job.waiting_permille = policy_now()->emergency_permille;
    job.urgency = URGENCY__EMERGENCY;
    struct search search = search_of(turn, &job);
    /* Who did not come is not sent again; who is off that day, or was let in by nobody, may be. */
    if (string_is(override, "technician_missing"))
        search.but_technician = missed->technician_id;
    TRY(promise_in_row(turn, order, &job, &search, missed->visit_id, &visit, &found));
    if (!visit) {
        tell_gone(turn, missed, override);
        return tell_unstaffed(turn, order, &search, &found);
    }
    VisitRebooked rebooked = VISIT_REBOOKED__INIT;
    rebooked.visit = visit;
    rebooked.missed = missed;
    rebooked.override = arena_string(turn->arena, override);
    emit(turn, visit->work_order_id, &rebooked);
    chain_wake(turn, order);
    return keep_decision(turn, "rebooked", order, &search, &found, NULL, visit);
}

struct error on_visit_missed(struct turn *turn, const void *message)
{
    const VisitMissed *missed = message;
    struct order_copy order;
    Visit *visit;
    int32_t day;

    TRY(store_load_visit(turn, missed->course->visit_id, &visit, &day));
    if (visit->state != VISIT_STATE__BOOKED)
        return OK;
    TRY(store_load_order(turn, visit->work_order_id, &order));
    TRY(chain_lock(turn, &order));
    TRY(day_release(turn, visit, day, VISIT_STATE__MISSED));
    if (!order.is_open)
        return OK;
    return rebook(turn, &order, visit,
                  missed->course->missed_by == MISSED_BY__CUSTOMER ? "customer_absent"
                                                                   : "technician_missing");
}
