/* Bookings that nobody chooses: orders whose hour the engine picks, missed visits, displaced ones.
 */
#include "proto/visits.pb-c.h"
#include "services/matching/handlers.h"

enum { CANDIDATES = 8, REBOOK_WITHIN_DAYS = 5, FIRST_CONTACT_MINUTES = 15 };

/* The days to search, as memory has them, without those of `but_technician` (may be NULL); the
 * array is this turn's own, so that a day can be replaced. */
static struct book_day **days_to_search(struct turn *turn, const struct visit_job *job,
                                        const char *but_technician, size_t *ret_count)
{
    size_t count;
    struct book_day *const *days = find_days(job, &count);
    struct book_day **mine = ARENA_ARRAY(turn->arena, struct book_day *, count + 1);

    *ret_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!but_technician || !string_is(days[i]->technician_id.text, but_technician))
            mine[(*ret_count)++] = days[i];
    return mine;
}

/* Memory was behind: from here on the search sees the day as the database has it. */
static struct error look_again(struct turn *turn, struct book_day *days[], size_t *count,
                               struct book_day *behind)
{
    struct book_day *fresh = ARENA_NEW(turn->arena, struct book_day);
    TechnicianDay *day = NULL;
    size_t at = 0;

    while (days[at] != behind)
        at++;
    TRY(store_load_day(turn, behind->technician_id.text, behind->date, &day));
    *fresh = *behind;
    /* A day that was not behind and is refused all the same would be refused for ever. */
    if (day && day->version != behind->version && book_day_read(day, fresh))
        days[at] = fresh;
    else
        days[at] = days[--*count];
    return OK;
}

/* Promises the best start there is; NULL when nobody can come. In a burst memory lags behind what
 * was just promised: each day that turns out different is looked at afresh, and after some of them
 * the order waits a moment for memory to catch up (TEMPORARY) rather than being told that nobody
 * can come. */
static struct error promise_best(struct turn *turn, const struct order_copy *order,
                                 const struct visit_job *job, const char *but_technician,
                                 const char *replaces, Visit **ret_visit,
                                 struct slot_search *ret_search)
{
    size_t count;
    struct book_day **days = days_to_search(turn, job, but_technician, &count);

    *ret_visit = NULL;
    for (int tried = 0; tried < CANDIDATES; tried++) {
        search_slots(turn->arena, days, count, book_technician_count(), &estimated_roads, job,
                     false, 1, ret_search);
        if (ret_search->count == 0)
            return OK;
        const struct slot *slot = &ret_search->slots[0];
        struct slot_choice choice = { slot->day->technician_id.text, slot->day->date,
                                      slot->start.start_at };
        struct error error =
            day_promise(turn, order, &choice, VISIT_STATE__BOOKED, replaces, ret_visit);
        if (error.kind != ERROR_REJECTED || error.problem != PROBLEM_HOUR_TAKEN)
            return error;
        TRY(look_again(turn, days, &count, slot->day));
    }
    return temporary("memory is behind on %d technician-days", CANDIDATES);
}

static void tell_booked(struct turn *turn, const struct order_copy *order, Visit *visit)
{
    VisitBooked booked = VISIT_BOOKED__INIT;

    booked.visit = visit;
    booked.by = actor_of(turn, "engine");
    booked.first_contact = turn->now - order->opened_at <= MINUTES(FIRST_CONTACT_MINUTES);
    emit(turn, visit->work_order_id, &booked);
}

static void tell_unstaffed(struct turn *turn, const struct order_copy *order,
                           const struct slot_search *search)
{
    WorkOrderUnstaffed unstaffed = WORK_ORDER_UNSTAFFED__INIT;

    unstaffed.work_order_id = arena_string(turn->arena, order->work_order_id);
    unstaffed.partner_id = arena_string(turn->arena, order->partner_id);
    unstaffed.number = arena_string(turn->arena, order->number);
    unstaffed.refused = rule_counts(turn, search, &unstaffed.n_refused);
    emit(turn, order->work_order_id, &unstaffed);
    store_try_again(turn, order->work_order_id, turn->now + matching_config.try_again_ms);
}

static struct error book_by_engine(struct turn *turn, const struct order_copy *order,
                                   bool tells_unstaffed)
{
    struct slot_search *search = ARENA_NEW(turn->arena, struct slot_search);
    struct visit_job job;
    Visit *visit;

    TRY(job_of(turn, order, 0, 0, &job));
    TRY(promise_best(turn, order, &job, NULL, "", &visit, search));
    if (visit) {
        store_try_again(turn, order->work_order_id, 0);
        tell_booked(turn, order, visit);
    } else if (tells_unstaffed) {
        tell_unstaffed(turn, order, search);
    } else {
        store_try_again(turn, order->work_order_id, turn->now + matching_config.try_again_ms);
    }
    return OK;
}

struct error on_work_order_opened(struct turn *turn, const void *message)
{
    const WorkOrderOpened *opened = message;
    struct order_copy order;

    store_save_order(turn, opened->order);
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
        store_try_again(turn, work_order_id, turn->now + matching_config.try_again_ms);
        return OK;
    }
    if (!order.is_open || count) {
        store_try_again(turn, work_order_id, 0);
        return OK;
    }
    return book_by_engine(turn, &order, false);
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

static struct error rebook(struct turn *turn, const struct order_copy *order, Visit *missed,
                           const char *override)
{
    struct slot_search *search = ARENA_NEW(turn->arena, struct slot_search);
    struct visit_job job;
    Visit *visit;

    TRY(job_of(turn, order, 0, turn->now + DAYS(REBOOK_WITHIN_DAYS), &job));
    job.weight_permille =
        1000; /* the customer has waited once already: as soon as anyhow possible */
    TRY(promise_best(turn, order, &job, missed->technician_id, missed->visit_id, &visit, search));
    if (!visit) {
        tell_unstaffed(turn, order, search);
        return OK;
    }
    VisitRebooked rebooked = VISIT_REBOOKED__INIT;
    rebooked.visit = visit;
    rebooked.missed = missed;
    rebooked.override = arena_string(turn->arena, override);
    emit(turn, visit->work_order_id, &rebooked);
    return OK;
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
    TRY(day_release(turn, visit, day, VISIT_STATE__MISSED));
    if (!order.is_open)
        return OK;
    return rebook(turn, &order, visit,
                  missed->course->missed_by == MISSED_BY__CUSTOMER ? "customer_absent"
                                                                   : "technician_missing");
}

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
    struct error fits = promise_fits(turn, &order, technician_day, visit->start_at, NULL);
    if (fits.kind == ERROR_NONE)
        TRY(store_move_visit(turn, visit, day, &is_restored));
    else if (fits.kind != ERROR_REJECTED)
        return fits;
    if (!is_restored)
        return OK; /* his time, or the way to whom he is promised next, is another's already; the
                      work is told by visits all the same */
    day_add_visit(turn, technician_day, visit);
    TRY(day_tell(turn, technician_day));
    VisitBooked booked = VISIT_BOOKED__INIT;
    booked.visit = visit;
    booked.by = actor_of(turn, "technician");
    emit(turn, visit->work_order_id, &booked);
    return OK;
}

struct error on_visit_done(struct turn *turn, const void *message)
{
    const VisitDone *done = message;
    TechnicianDay *technician_day;
    Visit *visit;
    int32_t day;

    TRY(store_load_visit(turn, done->course->visit_id, &visit, &day));
    store_end_order(turn, visit->work_order_id);
    if (visit->state != VISIT_STATE__BOOKED)
        return OK;
    TRY(day_open(turn, visit->technician_id, day, &technician_day));
    store_set_visit_state(turn, visit->visit_id, VISIT_STATE__DONE);
    visit->state = VISIT_STATE__DONE;
    day_drop_visit(technician_day, visit->visit_id);
    day_add_visit(turn, technician_day, visit);
    TRY(day_tell(turn, technician_day));
    VisitFinished finished = VISIT_FINISHED__INIT;
    finished.visit = visit;
    emit(turn, visit->work_order_id, &finished);
    return OK;
}

/* The same hour with another technician, when there is one; the promise is the hour and stays. */
static struct error reassign(struct turn *turn, const struct order_copy *order, Visit *visit,
                             int32_t day, bool *ret_done)
{
    struct slot_search *search = ARENA_NEW(turn->arena, struct slot_search);
    TechnicianDay *from, *to;
    struct visit_job job;
    bool is_moved = false;
    const char *from_technician = visit->technician_id;

    *ret_done = false;
    TRY(job_of(turn, order, visit->start_at, visit->start_at + 1, &job));
    job.starts = (struct window){ visit->start_at, visit->start_at + 1 };
    find_slots(turn, &job, false, CANDIDATES, search);
    TRY(day_open(turn, visit->technician_id, day, &from));
    for (size_t i = 0; i < search->count && !is_moved; i++) {
        const struct book_day *book_day = search->slots[i].day;
        if (string_is(book_day->technician_id.text, from_technician))
            continue;
        TRY(day_open(turn, book_day->technician_id.text, book_day->date, &to));
        struct error error = promise_check(turn, order, to, visit->start_at, NULL);
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
    }
    if (!is_moved) {
        visit->technician_id = arena_string(turn->arena, from_technician);
        return OK;
    }
    VisitReassigned reassigned = VISIT_REASSIGNED__INIT;
    reassigned.visit = visit;
    reassigned.from_technician_id = arena_string(turn->arena, from_technician);
    reassigned.reason = "technician_absent";
    emit(turn, visit->work_order_id, &reassigned);
    *ret_done = true;
    return OK;
}

struct error displace_visit(struct turn *turn, struct text visit_id)
{
    struct order_copy order;
    Visit *visit;
    int32_t day;
    bool is_done = false;

    TRY(store_load_visit(turn, arena_text(turn->arena, visit_id), &visit, &day));
    store_want_other(turn, visit->visit_id, false);
    if (visit->state != VISIT_STATE__BOOKED || visit->start_at <= turn->now)
        return OK;
    TRY(store_load_order(turn, visit->work_order_id, &order));
    turn_belongs_to(turn, order.partner_id);
    /* Asked twice, or the absence was withdrawn: his day carries the visit, and it stays. */
    TechnicianDay *his = NULL;
    TRY(day_open(turn, visit->technician_id, day, &his));
    struct error still = promise_check(turn, &order, his, visit->start_at, visit->visit_id);
    if (still.kind != ERROR_REJECTED)
        return still;
    TRY(reassign(turn, &order, visit, day, &is_done));
    if (is_done)
        return displace_rest(turn, his->technician_id, day);
    TRY(day_release(turn, visit, day, VISIT_STATE__MISSED));
    TRY(displace_rest(turn, his->technician_id, day));
    return rebook(turn, &order, visit, "technician_absent");
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
