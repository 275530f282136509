/* Everything that matching does, by topic; main.c's tables name them. */
#pragma once
#include "lib/service/service.h"
#include "proto/visits.pb-c.h"
#include "services/matching/book.h"
#include "services/matching/domain/relax_search.h"
#include "services/matching/store.h"

struct matching_config {
    int64_t hold_ms;               /* machine time */
    int64_t hold_call_ms;          /* the same while somebody is on the phone */
    int64_t days;                  /* how far ahead hours are offered */
    int64_t lead_ms;               /* no start is offered sooner than so long from now */
    int64_t try_again_ms;          /* an order that nobody can take is tried again after */
    int64_t reserve_most_permille; /* of a day, and of a town's hour, for emergencies */
};
extern struct matching_config matching_config;

struct day_choice {
    const char *technician_id;
    int32_t day;
    struct book_day *seen; /* the locked day as it was before; filled by day_promise */
};

struct slot_choice {
    const char *technician_id; /* the leader's */
    int32_t day;
    timestamp start_at;
    struct book_day *seen;
    struct day_choice mates[CREW_MOST - 1]; /* nobody twice */
    size_t mate_count;
    size_t refused; /* whose day said no: 0 the leader's, then the mates' */
};

/* handlers/days.c: a technician-day under its lock. */
struct error day_open(struct turn *turn, const char *technician_id, int32_t day,
                      TechnicianDay **ret_day);
/* One version on, saved and told; after its visits were changed. */
struct error day_tell(struct turn *turn, TechnicianDay *day);
void day_add_visit(struct turn *turn, TechnicianDay *day, Visit *visit);
void day_drop_visit(TechnicianDay *day, const char *visit_id);
/* Takes a live visit, and those who go along, out of its day: state, day, both told but for the
 * visit's own fact. */
struct error day_release(struct turn *turn, Visit *visit, int32_t day, VisitState state);
/* The same of one day alone. */
struct error day_leave(struct turn *turn, Visit *visit, int32_t day, VisitState state);
/* Promises one start: the day opened, every rule asked, the visit added, the day told; what is left
 * to the caller is the visit's own fact. HOUR_TAKEN when a rule or the database says no; then
 * nothing is changed. */
struct error day_promise(struct turn *turn, const struct order_copy *order,
                         struct slot_choice *choice, VisitState state, const char *replaces,
                         Visit **ret_visit);

/* handlers/jobs.c: what an order asks of a day. */
struct error job_of(struct turn *turn, const struct order_copy *order, timestamp from,
                    timestamp until, struct visit_job *ret_job);
/* Waiting against driving: an emergency's hour counts like an hour at the wheel, a planned visit's
 * hardly. */
int64_t waiting_permille(const struct policy *policy, Urgency urgency);
/* A search in memory for all that the job allows. */
struct search search_of(const struct turn *turn, const struct visit_job *job);
Visit *visit_make(struct turn *turn, const struct order_copy *order, const TechnicianDay *day,
                  timestamp start_at, VisitState state);
/* Checks every hard rule of the locked day, also for an hour that has passed; HOUR_TAKEN names the
 * rule that says no. Without `but_visit_id` on it, unless that is NULL. `ret_seen` (may be NULL):
 * the day as it was asked. */
struct error promise_fits(struct turn *turn, const struct order_copy *order, TechnicianDay *day,
                          timestamp start_at, const char *but_visit_id, struct book_day **ret_seen);
/* The same for what is promised anew: the hour is still to come. */
struct error promise_check(struct turn *turn, const struct order_copy *order, TechnicianDay *day,
                           timestamp start_at, const char *but_visit_id,
                           struct book_day **ret_seen);
/* What a day says to a visit at its promised hour, as if the visit stood outside it; `relaxed` is a
 * set of enum relaxation. */
struct error ask_day(struct turn *turn, TechnicianDay *day, const Visit *visit, unsigned relaxed,
                     enum slot_rule *ret_rule);
Actor *actor_of(struct turn *turn, const char *kind);
BookingReply *booking_reply(struct turn *turn, const Visit *visit);

/* handlers/slots.c: slots by name. */
const char *slot_id_of(struct turn *turn, const struct slot *slot);
struct error slot_read(struct turn *turn, const char *slot_id, struct slot_choice *ret_choice);
struct slot_choice choice_of(const struct slot *slot);
extern const char says_slot[]; /* where slots come from, in Polish */
/* "Anna", "Anna i Jan", "Anna, Jan i Ewa"; count >= 1. */
const char *names_together(struct arena *arena, const char *const names[], size_t count);
/* "wtorek, 24 listopada, godz. 10:15, przyjedzie Anna" */
const char *says_who_comes(struct arena *arena, timestamp start_at, const char *names,
                           bool are_several);

/* handlers/crews.c: several who come together. The leader's visit is the promise; each mate's own
 * row holds his hours. `visit` is always a leader's. */
/* Every rule of each mate's day, nothing written: HOUR_TAKEN when one says no, or when too few were
 * chosen. Fills what was seen. */
struct error crew_check(struct turn *turn, const struct order_copy *order,
                        struct slot_choice *choice);
/* Puts them into their days beside the leader, who is in his already; names them all. */
struct error crew_add(struct turn *turn, const struct order_copy *order,
                      const struct slot_choice *choice, Visit *visit);
/* Takes those who are in `visit`'s state out of their days. */
struct error crew_release(struct turn *turn, const Visit *visit, VisitState state);
/* Those in state `was` become `state` in their days; with an `order` only where they (still) fit.
 */
struct error crew_turn(struct turn *turn, const struct order_copy *order, Visit *visit,
                       VisitState was, VisitState state);
/* The leader or a mate was replaced: who comes is read anew. `leader_name`: his first name. */
struct error crew_rename(struct turn *turn, Visit *visit, const char *leader_name);
/* HOUR_TAKEN when somebody of the crew could not be turned. */
struct error crew_complete(struct turn *turn, Visit *visit);

/* handlers/reasons.c: why, in messages. */
RuleCount **rule_counts(struct arena *arena, const int technicians[SLOT_RULE_COUNT],
                        size_t *ret_count);
ScorePart **score_parts(struct arena *arena, const struct score *score, size_t *ret_count);
/* NULL when no rule alone would help. */
Relaxation *relaxation_of(struct arena *arena, const struct relaxations *ways_out);
/* Because the search found nobody; later starts are looked for up to `horizon`. */
struct relaxations *find_ways_out(struct turn *turn, const struct search *search,
                                  timestamp horizon);
timestamp ways_out_until(const struct turn *turn);

/* handlers/policy.c: the weights of the objective. */
const struct policy *policy_now(void); /* as this process last heard of them */
struct error load_policy(struct turn *turn);
void follow_policy(const struct fact *fact, const void *message);
struct error show_policy(struct turn *turn, const void *message, struct reply *reply);
struct error change_policy(struct turn *turn, const void *message, struct reply *reply);

/* handlers/decisions.c: what was decided, kept with all it hung on. `ways_out` may be NULL. */
struct error keep_decision(struct turn *turn, const char *kind, const struct order_copy *order,
                           const struct search *search, const struct slot_search *found,
                           const struct relaxations *ways_out, const Visit *visit);
/* The same for a start that somebody chose: of the one day it stands in. */
struct error keep_choice(struct turn *turn, const char *kind, const struct order_copy *order,
                         const struct slot_choice *choice, const Visit *visit);
struct error show_decisions(struct turn *turn, const void *message, struct reply *reply);
struct error forget_decisions(struct turn *turn, const char *subject);

/* handlers/replay.c */
struct error replay(struct turn *turn, int count, char **words);

/* handlers/memory.c: what every process follows. */
struct error load_book(struct turn *turn);
void follow_technician_day(const struct fact *fact, const void *message);
struct error on_technician_scored(struct turn *turn, const void *message);
void follow_technician_scored(const struct fact *fact, const void *message);
struct error on_van_stock_changed(struct turn *turn, const void *message);
void follow_van_stock(const struct fact *fact, const void *message);

/* handlers/free_hours.c */
struct error look_for_free_hours(struct turn *turn, const void *message, struct reply *reply);

/* handlers/retelling.c */
struct error retell_book(struct turn *turn, const char *subject);
struct error drop_orders(struct turn *turn, struct value subjects);
struct error drop_vans(struct turn *turn, struct value subjects);

/* handlers/courses.c: what visits tells of a visit's course. */
struct error on_technician_there(struct turn *turn, const void *message);
struct error on_visit_done(struct turn *turn, const void *message);

/* handlers/engine.c: bookings without anybody choosing. */
struct error on_work_order_opened(struct turn *turn, const void *message);
struct error on_address_located(struct turn *turn, const void *message);
struct error on_work_order_cancelled(struct turn *turn, const void *message);
struct error on_visit_missed(struct turn *turn, const void *message);
struct error try_again(struct turn *turn, const char *work_order_id);
struct error release_hold(struct turn *turn, const char *work_order_id);
/* A new visit of the same order in place of `missed`, by the override so named. */
struct error rebook(struct turn *turn, const struct order_copy *order, Visit *missed,
                    const char *override);

/* The best start for an order that wants one, promised and told; without one it is looked for again
 * soon, and it is told that nobody can come when `tells_unstaffed`. */
struct error book_by_engine(struct turn *turn, struct order_copy *order, bool tells_unstaffed);

/* handlers/further.c: work that a done visit has left. */
bool is_unfinished(const Course *course);
/* The next visit of the order of `done`; nothing when it was looked for before, when one stands, or
 * when the order has ended. */
struct error continue_order(struct turn *turn, const Course *course, const Visit *done);

/* handlers/displaced.c: another technician, or another hour, for a promised visit whose technician
 * cannot come any more. */
struct error displace_visit(struct turn *turn, struct text visit_id);
struct error displace_due(struct turn *turn, const char *work_order_id);
/* A hold whose hour is gone. */
struct error let_go(struct turn *turn, struct text visit_id);
/* handlers/technicians.c: looks once more at a day that a displaced visit has left: it was perhaps
 * on the way home of the one before it, whose technician would be home too late now. */
struct error displace_rest(struct turn *turn, const char *technician_id, int32_t date);

/* handlers/chain.c: orders whose work waits for another's. */
/* Takes the lock of the order before, and reads both again: from here on no hour of either changes.
 * Before anything of `order` is promised, and before any day is opened. TEMPORARY when somebody
 * else has it. */
struct error chain_lock(struct turn *turn, struct order_copy *order);
/* Rejects a start that comes too soon after the work before, or too late for the work after, with
 * the rule: HOUR_TAKEN for the first, STATE for the others. */
struct error chain_allows(struct turn *turn, const struct order_copy *order, timestamp start_at);
/* There is no hour to look for yet: the one before has none, or one that ends too far ahead. */
bool chain_waits(const struct turn *turn, const struct order_copy *order);
void chain_wait(struct turn *turn, const struct order_copy *order);
/* This order has its hour, or needs none: whatever waits for it is looked at within a second. */
void chain_wake(struct turn *turn, const struct order_copy *order);
RuleCount **chain_refusal(struct turn *turn, enum chain_rule rule, size_t *ret_count);
/* Leaves of job->starts what the chain does; true, with the offer's refusal, when that is nothing.
 */
bool chain_leaves_none(struct turn *turn, const struct order_copy *order, struct visit_job *job,
                       Offer *offer);
/* Promised visits that would begin too soon after `visit` look for another hour. */
struct error chain_push(struct turn *turn, const Visit *visit);

/* handlers/lengths.c: how long visits take. */
void keep_visit_time(struct turn *turn, const Course *course, const Visit *visit);
struct error compute_lengths(struct turn *turn, const char *nothing);
struct error list_visit_lengths(struct turn *turn, const void *message, struct reply *reply);

/* handlers/reserve.c: hours kept for emergencies. */
struct error plan_reserve(struct turn *turn, const char *nothing);
struct error apply_reserve(struct turn *turn, const char *subject);
struct error report_reserve(struct turn *turn, const void *message, struct reply *reply);
/* A day that workforce changed keeps what was reserved of it, as far as it is still at work. */
void reserve_survives(struct turn *turn, const TechnicianDay *stored, TechnicianDay *fresh);

/* handlers/shadow.c: what is learned from orders as they come. The order's copy is there. */
struct error learn_from_opening(struct turn *turn, const WorkOrder *order);
struct error report_shadow(struct turn *turn, const void *message, struct reply *reply);

/* handlers/offers.c: hours asked for over HTTP. */
struct error search(struct turn *turn, const void *message, struct reply *reply);
/* A customer's link opens one order; everybody else's wall is the partner's. */
struct error load_own_order(struct turn *turn, const char *work_order_id,
                            struct order_copy *ret_order);

/* handlers/bookings.c: hours chosen over HTTP. */
struct error hold(struct turn *turn, const void *message, struct reply *reply);
struct error book(struct turn *turn, const void *message, struct reply *reply);
struct error move(struct turn *turn, const void *message, struct reply *reply);
struct error release(struct turn *turn, const void *message, struct reply *reply);

/* handlers/check.c */
struct error check_book(struct turn *turn, const void *message, struct reply *reply);

/* handlers/technicians.c: who works when. */
struct error on_technician_changed(struct turn *turn, const void *message);

/* handlers/plans.c: plans of routing. */
struct error on_plan_proposed(struct turn *turn, const void *message);

/* handlers/clashes.c */
struct error list_clashes(struct turn *turn, const void *message, struct reply *reply);

/* handlers/capacity.c */
struct error check_capacity(struct turn *turn, const char *technician_id);
struct error show_capacity(struct turn *turn, const void *message, struct reply *reply);
