/* Wrong guesses by caller, in a fixed room: whoever guessed wrong too often waits out the minute.
 * Two callers that fall on one place count together, which errs on the safe side. */
#pragma once
#include "lib/base/text.h"
#include "lib/base/time.h"

enum { TRIES_MOST = 10, TRIES_PLACES = 4096, TRIES_PERIOD_MS = 60 * 1000 };

/* Zeroed is empty. Keeps no caller's name: a place is a hash of it. */
struct tries {
    struct tries_place {
        int64_t period; /* number of the minute that `count` is of */
        int count;
    } at[TRIES_PLACES];
};

/* Whether the caller still has a try in this minute. `now` is machine time. */
bool tries_left(const struct tries *tries, struct text caller, timestamp now);
/* Notes a wrong one. */
void tries_count(struct tries *tries, struct text caller, timestamp now);
