/* The days that rules of RFC 5545 name, as libical reads them. */
#pragma once
#include "lib/base/arena.h"
#include "services/workforce/domain/expand_shifts.h"

/* Fills `days` of every pattern that has a rule with those of first_day..last_day; they live in
 * `arena`. The rules have passed rule_fault (domain/check_rule.h). Dates are the wall calendar's:
 * no time zone is asked. */
void find_rule_days(struct arena *arena, struct shift_pattern patterns[], size_t count,
                    int32_t first_day, int32_t last_day);

/* The first day that the rule names from its starts_on on; false (ret untouched) when there is none
 * within four years. */
bool first_rule_day(const struct shift_pattern *pattern, int32_t *ret_day);
