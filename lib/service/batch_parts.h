/* Between the files of the batch. */
#pragma once
#include "lib/service/loop.h"

/* How far one teller's subject has been heard, as this batch sees it. */
struct heard {
    const char *source, *subject;
    int64_t sequence;
    bool is_moved;    /* in this batch: to be saved */
    bool is_baseline; /* by a retold fact */
};

/* What the first flush found; lives with the batch. */
struct prologue {
    struct rows claimed, heard, parked, held, known, requests;
    struct heard *heards; /* room for one per turn beside those found */
    size_t heard_count;
};

/* Decides, from what the prologue found and what this batch did so far, whether turn `at` may run:
 * sets its outcome. READY means run it. */
void turn_admit(struct batch *batch, size_t at);
/* Notes that a fact counts as heard. */
void heard_move(struct batch *batch, const struct record *record);

/* After COMMIT: offsets, the relay's wake-up, replies and effects. */
void batch_after_commit(struct batch *in);
/* The transaction is gone: everything runs again; the culprit alone, or judged when it already was.
 */
void batch_after_break(struct batch *in);
void turn_requeue(struct turn_state *state, int64_t now_ms);
/* Replies, starts what was queued, frees the item. */
void turn_finish(struct turn_state *state);
void turn_log(const struct turn_state *state, const char *event);
