/* Whether a technician can still be somewhere in time, by where he was last seen. */
#pragma once
#include "services/matching/domain/book_day.h"

/* LIVE_FRESH_MS: an older place says nothing. LIVE_WITHIN_MS: nor does any place of later starts.
 */
enum { LIVE_FRESH_MS = 5 * 60 * 1000, LIVE_WITHIN_MS = 3 * 60 * 60 * 1000 };

struct live_place {
    struct place place;
    timestamp at; /* when he was there, suite time; 0: not known */
};

/* True when nothing speaks against it: the place is unknown or too old, the start is far off, or he
 * has another visit before it and comes from there. */
bool can_be_there(const struct book_day *day, const struct live_place *live, timestamp now,
                  const struct roads *roads, const struct visit_job *job, timestamp start_at);
