/* What matching learns from days that are over: how long visits took. */
#pragma once
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
