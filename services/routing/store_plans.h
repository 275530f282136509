/* What routing keeps of its improvements; the other half of store.h. */
#pragma once
#include "services/routing/store.h"

/* The region's day is to be looked at again. */
void store_save_change(struct turn *turn, const char *region, const TechnicianDay *day);
/* Days before this one are not improved any more. */
void store_forget_changes(struct turn *turn, int32_t before_day);

/* A region to improve: the first day with changes, and whose change was first. */
struct change {
    const char *region; /* "" when nothing is due */
    int32_t day;
    const char *technician_id;
};
/* Takes the region's lock, unless its rest, computation or proposal is not over. */
struct error store_take_region(struct turn *turn, int32_t first_day, struct change *ret_change);
/* The changed technician and those of his region who work that day and live nearest, `most` in all,
 * sorted by id. */
struct error store_load_neighbours(struct turn *turn, const struct change *change, int64_t most,
                                   TechnicianDay ***ret_days, size_t *ret_count);
/* Visits of the day that have begun. */
struct error store_load_under_way(struct turn *turn, TechnicianDay *const days[], size_t count,
                                  int32_t day, const char ***ret_visit_ids, size_t *ret_count);

void store_save_computing(struct turn *turn, const struct change *change,
                          TechnicianDay *const days[], size_t count, const char *input_hash,
                          timestamp until);
struct computing {
    bool is_found; /* false: another computation took its place */
    int32_t day;
    timestamp taken_at;
};
struct error store_load_computing(struct turn *turn, const char *region, const char *input_hash,
                                  struct computing *ret_computing);
/* Days that the computation used, by their number in it; NULL where the book has moved on. */
struct error store_load_computed_days(struct turn *turn, const char *region,
                                      const int64_t numbers[], size_t count,
                                      TechnicianDay **ret_days);
/* The changes that the computation has seen are dealt with. */
void store_end_changes(struct turn *turn, const char *region);
void store_rest_region(struct turn *turn, const char *region, timestamp until);

struct error store_is_refused(struct turn *turn, const char *input_hash, bool *ret_is_refused);
/* The plan with its swaps, what it was computed from and what came out, as bytes; the region waits
 * for the answer until then. */
void store_save_plan(struct turn *turn, const char *region, const PlanProposed *plan,
                     struct text input, struct text answer, timestamp wait_until);
/* Plans proposed within [from, until), in order. */
struct error store_load_plans_of(struct turn *turn, timestamp from, timestamp until,
                                 const char ***ret_plan_ids, size_t *ret_count);
struct kept_plan {
    int64_t rule_version;
    struct text input, answer; /* answer: empty when nobody kept it then */
};
/* Rejected when there is no such plan. */
struct error store_load_plan(struct turn *turn, const char *plan_id, struct kept_plan *ret_plan);
void store_expire_plans(struct turn *turn, const char *region);
/* Counts a swap that matching has made; its plan's region rests when it was the last. */
struct error store_accept_swap(struct turn *turn, const char *visit_id, const char *technician_id,
                               int64_t rest_ms);
void store_refuse_plan(struct turn *turn, const PlanRefused *refused, int64_t rest_ms);
