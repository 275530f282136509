/* How many hours of a day still have somebody who can come: for an overview, not for a promise. */
#pragma once
#include "services/matching/domain/book_day.h"

/* A count of full hours within job->starts (at most 25 of them: one local day) at which at least
 * one technician could begin. `ret_first` is the first of them, 0 when there is none. */
int count_free_hours(struct book_day *const days[], size_t day_count, const struct roads *roads,
                     const struct visit_job *job, timestamp *ret_first);
