/* What matching keeps; the only way to its tables. */
#pragma once
#include "lib/domain/window.h"
#include "lib/service/service.h"
#include "proto/intake.pb-c.h"
#include "proto/matching.pb-c.h"
#include "proto/parts.pb-c.h"
#include "services/matching/domain/chain.h"

/* Matching's copy of an order. */
struct order_copy {
    const char *work_order_id, *partner_id, *number, *service_id, *skill, *person_id;
    Place *place;
    int64_t visit_length_ms, tolerance_ms;
    timestamp earliest_at, latest_by, opened_at;
    Chooser chooser;
    Urgency urgency;
    bool is_open;
    const char *equipment;           /* words, a space between them */
    const char *again_technician_id; /* who was at this customer's last; "" nobody */
    int64_t technicians;             /* how many come together, >= 1 */
    const char *part_sku;            /* "": none is known to be needed */
    const char *after_work_order_id; /* "" none */
    struct chain chain;              /* what it comes after, and what comes after it */
    bool is_waiting;                 /* the engine waits for the hour of the one before */
    const char *continues;           /* the done visit that has left work; "" none */
    bool is_put_off;                 /* nobody has looked for its next visit yet: too far off */
};

/* What ended stays ended. */
void store_save_order(struct turn *turn, const WorkOrder *order);
struct error store_load_order(struct turn *turn, const char *work_order_id,
                              struct order_copy *ret_order);
/* Whatever waited for its hour is looked at now. */
void store_end_order(struct turn *turn, const char *work_order_id);

/* What the next visit of an order is to be like; from then on store_load_order says so. */
struct further_wish {
    const char *visit_id;      /* that has left the work */
    int64_t length_ms;         /* > 0 */
    timestamp earliest_at;     /* 0: as soon as possible */
    const char *technician_id; /* rather he; "" anybody */
    int64_t technicians;       /* so many come together at least */
    bool is_put_off;
};
void store_save_further(struct turn *turn, const char *work_order_id,
                        const struct further_wish *wish);
void store_end_put_off(struct turn *turn, const char *work_order_id);
void store_try_again(struct turn *turn, const char *work_order_id, timestamp at); /* 0: no more */

/* ---- orders in a row (store_chain.c) ---- */
/* Fills chain, and moves the order's bounds to what the one before leaves. */
struct error store_load_chain(struct turn *turn, struct order_copy *order);
/* Its hour waits for another's; looked at again at `at`, or as soon as it is woken. */
void store_wait_for_other(struct turn *turn, const char *work_order_id, timestamp at);
/* Whatever waits for this order's hour is looked at now. */
void store_wake_next(struct turn *turn, const char *work_order_id);
struct pushed {
    const char *visit_id, *work_order_id;
};
/* Promised visits that would begin too soon after `visit`. */
struct error store_load_pushed(struct turn *turn, const Visit *visit, struct pushed **ret_pushed,
                               size_t *ret_count);
struct error store_count_broken_chains(struct turn *turn, int64_t *ret_count);

/* The shape and its live visits; NULL when the technician has no such day. */
struct error store_load_day(struct turn *turn, const char *technician_id, int32_t day,
                            TechnicianDay **ret_day);
/* Shape and version; the visits stand in their own rows. */
struct error store_save_day(struct turn *turn, const TechnicianDay *day);
void store_save_version(struct turn *turn, const TechnicianDay *day);
/* Every day from `from` on, each with its visits, in order of technician and day; what `take` is
 * handed lives for that call only. Rows read in this turn before are gone afterwards. */
struct error store_walk_book(struct turn *turn, int32_t from,
                             void (*take)(const TechnicianDay *day, void *context), void *context);
/* The parts of reading that store.c and store_memory.c share. */
struct error store_read_shape(struct turn *turn, struct text shape, int64_t version,
                              TechnicianDay **ret_day);
void store_read_visits(struct turn *turn, const struct rows *rows, Visit ***ret_visits,
                       int32_t **ret_days);
/* Days of a technician that are stored, from `from` on. */
struct error store_load_day_numbers(struct turn *turn, const char *technician_id, int32_t from,
                                    int32_t **ret_days, size_t *ret_count);

/* False when the hour is taken (the database's last word). */
struct error store_add_visit(struct turn *turn, const Visit *visit, int32_t day, bool *ret_added);
struct error store_move_visit(struct turn *turn, const Visit *visit, int32_t day, bool *ret_moved);
void store_set_visit_state(struct turn *turn, const char *visit_id, VisitState state);
/* His technician cannot come any more; stays until somebody has looked for another. */
void store_want_other(struct turn *turn, const char *visit_id, bool wants);
/* NOT_FOUND when there is none. `ret_day` may be NULL. A leader's has his mates. */
struct error store_load_visit(struct turn *turn, const char *visit_id, Visit **ret_visit,
                              int32_t *ret_day);
/* Who goes along with the leader of `visit`, in that state; without a question when he is alone, or
 * goes along himself. */
struct error store_load_mates(struct turn *turn, const Visit *visit, VisitState state,
                              Visit ***ret_mates, int32_t **ret_days, size_t *ret_count);
/* Fills the mates of a leader's visit, those in its own state. */
struct error store_name_mates(struct turn *turn, Visit *visit);
struct error store_load_held_mates(struct turn *turn, const char *work_order_id, Visit ***ret_mates,
                                   int32_t **ret_days, size_t *ret_count);
/* Whether anything of his stands in those hours, on whatever day. */
struct error store_is_taken(struct turn *turn, const char *technician_id, timestamp start_at,
                            int64_t length_ms, bool *ret_taken);
/* How many come, and the name that speaks of all of them. */
void store_save_crew(struct turn *turn, const Visit *visit);
struct error store_count_broken_crews(struct turn *turn, int64_t *ret_count);
/* Booked and held visits of an order, the booked one first; leaders have their mates. */
struct error store_load_live_visits(struct turn *turn, const char *work_order_id,
                                    Visit ***ret_visits, int32_t **ret_days, size_t *ret_count);
/* All that were ever booked, in the order of booking, the one that stands or was done last. */
struct error store_load_booked_visits(struct turn *turn, const char *work_order_id,
                                      Visit ***ret_visits, size_t *ret_count);
/* Copies without a visit of ours; a text[]. */
void store_drop_orders(struct turn *turn, struct value work_order_ids);
struct error store_count_overlaps(struct turn *turn, int64_t *ret_count);
/* How many of the constraints that have the last word the database has lost, or has in other
 * words. */
struct error store_count_missing_fences(struct turn *turn, int64_t *ret_count);

/* ---- what is weighed, and what was decided (store_memory.c, store_decisions.c) ---- */
void store_save_score(struct turn *turn, const char *technician_id, int64_t answers, int64_t sum);
struct error store_walk_scores(struct turn *turn, void (*take)(const char *technician_id,
                                                               int64_t answers, int64_t sum));
void store_save_van(struct turn *turn, const VanStock *van);
struct error store_walk_vans(struct turn *turn, void (*take)(const VanStock *van));
void store_drop_vans(struct turn *turn, struct value technician_ids); /* a text[] */
/* The policy in force; NULL when nobody has ever changed it. */
struct error store_load_policy(struct turn *turn, Policy **ret_policy);
void store_save_policy(struct turn *turn, const Policy *policy);

struct decision_row {
    const char *decision_id, *work_order_id, *kind, *visit_id;
    timestamp at;
    int32_t rule_version;
    int64_t policy_version;
    struct text input_hash, input, result; /* 32 bytes; packed messages */
};
void store_save_decision(struct turn *turn, const char *partner_id, const struct decision_row *row);
struct error store_load_decisions(struct turn *turn, const char *work_order_id,
                                  struct decision_row **ret_rows, size_t *ret_count);
/* NOT_FOUND when there is none. */
struct error store_load_decision(struct turn *turn, const char *decision_id,
                                 struct decision_row *ret_row);
/* Those of [from, until), handed to `take` in order of time, one by one; each lives for that call.
 */
struct error store_walk_decisions(struct turn *turn, timestamp from, timestamp until,
                                  struct error (*take)(struct turn *turn,
                                                       const struct decision_row *row,
                                                       void *context),
                                  void *context);
void store_drop_decisions(struct turn *turn, timestamp before); /* at most 5,000 */

/* ---- store_told.c ---- */
/* Booked visits of every partner that share a moment with the window, by start, at most 200. */
struct error store_load_clashes(struct turn *turn, const char *technician_id, struct window window,
                                Clash ***ret_clashes, size_t *ret_count);

/* A technician as workforce told him last, from the next midnight's check on. */
void store_save_told(struct turn *turn, const Technician *technician, timestamp works_until);
/* NULL when nothing was told. */
struct error store_load_told(struct turn *turn, const char *technician_id, Technician **ret);
/* His stored days from `from` on, without visits, by day. */
struct error store_load_shapes(struct turn *turn, const char *technician_id, int32_t from,
                               TechnicianDay ***ret_days, size_t *ret_count);
/* How long the visits of a day are together; those that look for somebody else are left out. */
struct visits_length {
    int32_t day;
    int64_t length_ms;
};
struct error store_load_day_lengths(struct turn *turn, const char *technician_id, int32_t from,
                                    struct visits_length **ret_days, size_t *ret_count);
void store_save_checked(struct turn *turn, const char *technician_id, timestamp next_at,
                        size_t days_amiss);
/* Technicians told of, and those whose check is an hour late. */
struct error store_count_told(struct turn *turn, int64_t *ret_count, int64_t *ret_overdue);
struct error store_list_without_shift(struct turn *turn, const char ***ret_ids, size_t *ret_count);
struct error store_list_amiss(struct turn *turn, const char ***ret_ids, size_t *ret_count);
