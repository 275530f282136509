/* What routing keeps; the only way to its tables. Functions that end in an error read at once, the
 * others queue their writes with the turn. */
#pragma once
#include "lib/service/service.h"
#include "proto/matching.pb-c.h"
#include "proto/routing.pb-c.h"
#include "services/routing/domain/predict_day.h"

/* ---- the book's copies and routes ---- */
/* -1 when that day is not known. */
struct error store_load_version(struct turn *turn, const char *technician_id, int32_t day,
                                int64_t *ret_version);
void store_save_day(struct turn *turn, const TechnicianDay *day, const char *region);
/* Days of one technician, both ends included. */
struct error store_load_book(struct turn *turn, const char *technician_id, int32_t from_day,
                             int32_t until_day, TechnicianDay ***ret_days, size_t *ret_count);
struct error store_load_books_of_day(struct turn *turn, int32_t day, TechnicianDay ***ret_days,
                                     size_t *ret_count);
/* NULL when none was planned. */
struct error store_load_route(struct turn *turn, const char *technician_id, int32_t day,
                              Route **ret_route);
struct error store_load_routes(struct turn *turn, int32_t day, Route ***ret_routes,
                               size_t *ret_count);
void store_save_route(struct turn *turn, const Route *route, const char *input_hash);
struct error store_load_kilometres(struct turn *turn, int32_t from_day, int32_t until_day,
                                   DayKilometres ***ret_days, size_t *ret_count);

/* Subjects "TECHNICIAN/DAY"; a text[]. */
void store_drop_days(struct turn *turn, struct value subjects);

/* ---- work orders and the progress of visits ---- */
void store_drop_work_orders(struct turn *turn, struct value ids);
void store_save_work_order(struct turn *turn, const char *work_order_id, timestamp opened_at);
/* When each of these orders was opened; 0 where that is not known. */
struct error store_load_opened(struct turn *turn, const char *const ids[], size_t count,
                               timestamp **ret_opened_at);

struct visit_progress {
    const char *visit_id, *technician_id;
    timestamp start_at;
    enum progress progress;
    timestamp on_the_way_at, there_at, done_at; /* 0: not yet */
};
/* Moves on only: what was known stays known. */
void store_save_progress(struct turn *turn, const struct visit_progress *progress);
struct error store_load_progress(struct turn *turn, const char *const visit_ids[], size_t count,
                                 struct visit_progress **ret_list, size_t *ret_count);

/* ---- positions ---- */
struct position {
    const char *technician_id, *status;
    int64_t sequence;
    timestamp at;
    struct place place;
    timestamp heard_at; /* machine time */
};
/* All zeros when he was never seen. */
struct error store_load_position(struct turn *turn, const char *technician_id,
                                 struct position *ret_position);
/* Keeps the one with the higher sequence. */
void store_save_position(struct turn *turn, const struct position *position);
/* Heard later than that, by machine time. */
struct error store_load_positions(struct turn *turn, timestamp heard_after,
                                  struct position **ret_positions, size_t *ret_count);
/* Heard before that; told by id, so that they can be forgotten in Redis, too. */
struct error store_forget_positions(struct turn *turn, timestamp heard_before,
                                    const char ***ret_technician_ids, size_t *ret_count);
struct error store_take_lease(struct turn *turn, const char *name, timestamp until,
                              bool *ret_is_taken);
