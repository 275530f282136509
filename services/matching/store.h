/* What matching keeps; the only way to its tables. */
#pragma once
#include "lib/service/service.h"
#include "proto/intake.pb-c.h"
#include "proto/matching.pb-c.h"

/* Matching's copy of an order. */
struct order_copy {
    const char *work_order_id, *partner_id, *number, *service_id, *skill, *person_id;
    Place *place;
    int64_t visit_length_ms, tolerance_ms;
    timestamp earliest_at, latest_by, opened_at;
    Chooser chooser;
    Urgency urgency;
    bool is_open;
};

/* What ended stays ended. */
void store_save_order(struct turn *turn, const WorkOrder *order);
struct error store_load_order(struct turn *turn, const char *work_order_id,
                              struct order_copy *ret_order);
void store_end_order(struct turn *turn, const char *work_order_id);
void store_try_again(struct turn *turn, const char *work_order_id, timestamp at); /* 0: no more */

/* The shape and its live visits; NULL when the technician has no such day. */
struct error store_load_day(struct turn *turn, const char *technician_id, int32_t day,
                            TechnicianDay **ret_day);
/* Shape and version; the visits stand in their own rows. */
struct error store_save_day(struct turn *turn, const TechnicianDay *day);
void store_save_version(struct turn *turn, const TechnicianDay *day);
/* Every day from `from` on, each with its visits, in order of technician and day. */
struct error store_load_book(struct turn *turn, int32_t from, TechnicianDay ***ret_days,
                             size_t *ret_count);
/* Days of a technician that are stored, from `from` on. */
struct error store_load_day_numbers(struct turn *turn, const char *technician_id, int32_t from,
                                    int32_t **ret_days, size_t *ret_count);

/* False when the hour is taken (the database's last word). */
struct error store_add_visit(struct turn *turn, const Visit *visit, int32_t day, bool *ret_added);
struct error store_move_visit(struct turn *turn, const Visit *visit, int32_t day, bool *ret_moved);
void store_set_visit_state(struct turn *turn, const char *visit_id, VisitState state);
/* His technician cannot come any more; stays until somebody has looked for another. */
void store_want_other(struct turn *turn, const char *visit_id, bool wants);
/* NOT_FOUND when there is none. `ret_day` may be NULL. */
struct error store_load_visit(struct turn *turn, const char *visit_id, Visit **ret_visit,
                              int32_t *ret_day);
/* Booked and held visits of an order, the booked one first. */
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
