/* Everything that matching does, by topic; main.c's tables name them. */
#pragma once
#include "lib/service/service.h"
#include "services/matching/book.h"
#include "services/matching/domain/search_slots.h"
#include "services/matching/store.h"

struct matching_config {
    int64_t hold_ms;      /* machine time */
    int64_t days;         /* how far ahead hours are offered */
    int64_t lead_ms;      /* no start is offered sooner than so long from now */
    int64_t try_again_ms; /* an order that nobody can take is tried again after */
};
extern struct matching_config matching_config;

struct slot_choice {
    const char *technician_id;
    int32_t day;
    timestamp start_at;
};

/* handlers/days.c: a technician-day under its lock. */
struct error day_open(struct turn *turn, const char *technician_id, int32_t day,
                      TechnicianDay **ret_day);
/* One version on, saved and told; after its visits were changed. */
struct error day_tell(struct turn *turn, TechnicianDay *day);
void day_add_visit(struct turn *turn, TechnicianDay *day, Visit *visit);
void day_drop_visit(TechnicianDay *day, const char *visit_id);
/* Takes a live visit out of its day: state, day, both told but for the visit's own fact. */
struct error day_release(struct turn *turn, Visit *visit, int32_t day, VisitState state);
/* Promises one start: the day opened, every rule asked, the visit added, the day told; what is left
 * to the caller is the visit's own fact. HOUR_TAKEN when a rule or the database says no; then
 * nothing is changed. */
struct error day_promise(struct turn *turn, const struct order_copy *order,
                         const struct slot_choice *choice, VisitState state, const char *replaces,
                         Visit **ret_visit);

/* handlers/jobs.c: what an order asks of a day. */
struct error job_of(struct turn *turn, const struct order_copy *order, timestamp from,
                    timestamp until, struct visit_job *ret_job);
/* Days in memory that may hold a start of the job; the array lives until the next call. */
struct book_day *const *find_days(const struct visit_job *job, size_t *ret_count);
/* The search in memory; `one_per_hour` as in search_slots. */
void find_slots(struct turn *turn, const struct visit_job *job, bool one_per_hour, size_t most,
                struct slot_search *ret_search);
const char *slot_id_of(struct turn *turn, const struct book_day *day, timestamp start_at);
struct error slot_read(struct turn *turn, const char *slot_id, struct slot_choice *ret_choice);
extern const char says_slot[]; /* where slots come from, in Polish */
Visit *visit_make(struct turn *turn, const struct order_copy *order, const TechnicianDay *day,
                  timestamp start_at, VisitState state);
/* Checks every hard rule of the locked day, also for an hour that has passed; HOUR_TAKEN names the
 * rule that says no. Without `but_visit_id` on it, unless that is NULL. */
struct error promise_fits(struct turn *turn, const struct order_copy *order, TechnicianDay *day,
                          timestamp start_at, const char *but_visit_id);
/* The same for what is promised anew: the hour is still to come. */
struct error promise_check(struct turn *turn, const struct order_copy *order, TechnicianDay *day,
                           timestamp start_at, const char *but_visit_id);
Actor *actor_of(struct turn *turn, const char *kind);
RuleCount **rule_counts(struct turn *turn, const struct slot_search *search, size_t *ret_count);
BookingReply *booking_reply(struct turn *turn, const Visit *visit);

/* handlers/free_hours.c */
struct error look_for_free_hours(struct turn *turn, const void *message, struct reply *reply);

/* handlers/retelling.c */
struct error retell_book(struct turn *turn, const char *subject);
struct error drop_orders(struct turn *turn, struct value subjects);

/* handlers/engine.c: bookings without anybody choosing. */
struct error on_work_order_opened(struct turn *turn, const void *message);
struct error on_address_located(struct turn *turn, const void *message);
struct error on_work_order_cancelled(struct turn *turn, const void *message);
struct error on_visit_missed(struct turn *turn, const void *message);
struct error on_visit_done(struct turn *turn, const void *message);
struct error on_technician_there(struct turn *turn, const void *message);
/* Another technician, or another hour, for a promised visit whose technician cannot come any more.
 */
struct error displace_visit(struct turn *turn, struct text visit_id);
/* Looks once more at a day that a displaced visit has left: it was perhaps on the way home of the
 * one before it, whose technician would be home too late now. */
struct error displace_rest(struct turn *turn, const char *technician_id, int32_t date);
struct error displace_due(struct turn *turn, const char *work_order_id);
struct error try_again(struct turn *turn, const char *work_order_id);
struct error release_hold(struct turn *turn, const char *work_order_id);

/* handlers/bookings.c: hours asked for and chosen over HTTP. */
struct error search(struct turn *turn, const void *message, struct reply *reply);
struct error hold(struct turn *turn, const void *message, struct reply *reply);
struct error book(struct turn *turn, const void *message, struct reply *reply);
struct error move(struct turn *turn, const void *message, struct reply *reply);
struct error release(struct turn *turn, const void *message, struct reply *reply);
struct error check_book(struct turn *turn, const void *message, struct reply *reply);

/* handlers/technicians.c: who works when, and plans of routing. */
struct error on_technician_changed(struct turn *turn, const void *message);
struct error on_plan_proposed(struct turn *turn, const void *message);
struct error load_book(struct turn *turn);
void follow_technician_day(const struct fact *fact, const void *message);
