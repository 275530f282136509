/* How long a visit of a service takes, from the visits that were finished: what new ones are booked
 * with, so that at most every fifth lasts longer than it was planned for. */
#pragma once
#include "lib/base/time.h"
#include <stdbool.h>
#include <stddef.h>

/* Told with every length that was computed; another rule gets another number. */
enum { VISIT_LENGTH_RULE = 1, VISITS_NEEDED = 20, LENGTH_HISTORY_DAYS = 365 };

/* Visits that took exactly so long on site. */
struct length_count {
    int64_t length_ms;
    int64_t visits;
};

/* Whether a time on site says something of the work: from 5 minutes to 12 hours. Less is a button
 * pressed twice, more one that was forgotten. */
bool length_is_sane(int64_t length_ms);

/* The nearest rank: the shortest length in `counts` that at least 80 % of all visits did not
 * exceed. Lengths may come in any order and several times. 0 when there is no visit. */
int64_t p80_ms(const struct length_count counts[], size_t count);

/* The length to book with: p80_ms rounded up to 5 minutes, at least 15 minutes and at most 10
 * hours; 0 for fewer than VISITS_NEEDED visits: then the contract's own length stands. */
int64_t visit_length_ms(const struct length_count counts[], size_t count, int64_t *ret_visits);

/* The next 02:00 in Warsaw after `now`. In the night when summer time begins that is 03:00. */
timestamp next_night(timestamp now);
