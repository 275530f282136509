/* Does every hour of a year have somebody who works in it, or is it closed on purpose? */
#pragma once
#include "services/workforce/domain/expand_shifts.h"

/* hours == owned + closed + both + neither */
struct hours_counted {
    int64_t hours;
    int64_t owned; /* wholly inside `owned` windows, whoever's */
    int64_t closed, both, neither;
    size_t gap_count;
    bool has_more_gaps;
};

/* Sorts the windows and joins those that touch or overlap, in place; none is empty. Returns how
 * many are left. */
size_t join_windows(struct window windows[], size_t count);

/* Counts the whole hours of `year`, which begins and ends on a full hour; both lists as
 * join_windows leaves them. `ret_gaps` takes at most `most` stretches of hours that have neither.
 */
struct hours_counted count_hours(struct window year, const struct window owned[],
                                 size_t owned_count, const struct window closed[],
                                 size_t closed_count, struct window ret_gaps[], size_t most);
