/* What matching learns from days that are over: how long visits took, when emergencies come. */
#pragma once
#include "services/matching/domain/reserve.h"
#include "services/matching/domain/visit_length.h"
#include "services/matching/store.h"

/* The order's copy is there already; what was decided for it once stays. */
void store_take_visit_length(struct turn *turn, const WorkOrder *order);
/* Of a finished visit; its service gets a row of its own, due at `due_at`, when it is new. */
void store_save_visit_time(struct turn *turn, const Visit *visit, int64_t length_ms, timestamp at,
                           timestamp due_at);
/* One that is due and in no other process's hands, until the turn ends; "" when there is none. */
struct error store_take_due_length(struct turn *turn, const char **ret_service_id);
void store_drop_visit_times(struct turn *turn, const char *service_id, timestamp until);
/* Sane ones that ended after `from`, lengths rounded up to five minutes. */
struct error store_count_visit_times(struct turn *turn, const char *service_id, timestamp from,
                                     struct length_count **ret_counts, size_t *ret_count);
/* `length_ms` 0: too few. Overruns are counted over visits that ended after `recent_from`. */
struct service_length {
    const char *service_id;
    int64_t length_ms, visits;
    timestamp due_at, recent_from;
};
void store_save_visit_length(struct turn *turn, const struct service_length *length);
struct error store_load_visit_lengths(struct turn *turn, VisitLengthList *ret_list);

/* ---- the reserve ---- */

/* The order's copy is there; nothing unless it is an emergency at a known place. */
void store_save_demand(struct turn *turn, const WorkOrder *order);
/* Nobody could come; the first time counts. */
void store_refuse_demand(struct turn *turn, const char *work_order_id);
/* Whether the night's work is due and in no other process's hands, until the turn ends. */
struct error store_take_reserve_night(struct turn *turn, bool *ret_is_due);
void store_end_reserve_night(struct turn *turn, timestamp due_at, int32_t first_day,
                             int32_t last_day);
/* What is older says nothing any more. */
void store_drop_demand(struct turn *turn, timestamp until);
/* The next day to plan; false when there is none. */
struct error store_take_reserve_day(struct turn *turn, bool *ret_found, int32_t *ret_day);

/* Where emergencies come from, and how many, of the hours of the week that `day` has. */
struct demand {
    size_t town_count;
    const char **towns;
    struct place *centres; /* mean of the orders' points */
    struct reserve_need *needs;
    size_t need_count;
};
struct error store_load_demand(struct turn *turn, int32_t day, struct demand *ret_demand);
/* Takes back what was kept on that day and is not in use. */
void store_clear_reserve(struct turn *turn, int32_t day);
/* Fills hours_before and hours_of_day of candidates, which are in order of their ids. */
struct error store_count_reserve(struct turn *turn, int32_t day,
                                 struct reserve_candidate candidates[], size_t count);
void store_save_reserve(struct turn *turn, int32_t day, const struct reserve_choice choices[],
                        size_t count, const char *const towns[]);
/* A technician-day whose shape has to be compared with its hours, and the end of that. */
void store_want_reserve(struct turn *turn, const char *technician_id, int32_t day);
void store_end_reserve_due(struct turn *turn, const char *technician_id, int32_t day);
struct error store_load_reserve(struct turn *turn, const char *technician_id, int32_t day,
                                struct window **ret_hours, size_t *ret_count);
void store_drop_reserve_hour(struct turn *turn, const char *technician_id, int32_t day,
                             timestamp from);
struct error store_report_reserve(struct turn *turn, struct window day, ReserveReport *ret_report);
