/* Which exact starts can be promised, best first, and why the others cannot. */
#pragma once
#include "lib/base/arena.h"
#include "services/matching/domain/book_day.h"

enum { SLOT_GRID_MS = 15 * 60 * 1000, SLOTS_MOST = 96 };

struct slot {
    struct book_day *day;
    struct day_start start;
    int64_t score_ms; /* slot_score; lower is better */
};

struct slot_search {
    struct slot slots[SLOTS_MOST]; /* best first: score, then start, then technician id */
    size_t count;
    int technicians[SLOT_RULE_COUNT]; /* how many each rule refused; SLOT_FITS: can come; sums to
                                         all of them */
};

/* `days` may hold several days of a technician, in any order; `technician_count` is one above the
 * largest day->technician. At most `most` slots (0: SLOTS_MOST); with `one_per_hour`, one slot per
 * start, the best technician's. The same input gives the same answer whatever the order of `days`.
 */
void search_slots(struct arena *arena, struct book_day *const days[], size_t day_count,
                  int technician_count, const struct roads *roads, const struct visit_job *job,
                  bool one_per_hour, size_t most, struct slot_search *ret_search);
