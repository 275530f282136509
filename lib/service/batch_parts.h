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
    struct rows claimed, heard, waiting, held, known, requests;
    struct heard *heards; /* room for one per turn beside those found */
    size_t heard_count;
};

/* Decides, from what the prologue found and what this batch did so far, whether turn `at` may run:
 * sets its outcome. READY means run it. */
void turn_admit(struct batch *batch, size_t at);
/* Whether one of the rows begins with that text. */
bool rows_have(const struct rows *rows, const char *text);
/* An earlier turn of the batch with the same subject and that outcome; NULL when there is none. */
const struct turn_state *turn_earlier(const struct batch *batch, size_t at, enum outcome outcome);
/* Where the readable fact of turn `at` stands: READY, HEARD, SKIPPED or EARLY. */
enum outcome place_fact(struct batch *batch, size_t at);
/* It would run, but an earlier one of its subject is parked. */
bool fact_is_behind(struct batch *batch, size_t at);
/* Notes that a fact counts as heard; one that was skipped only that somebody told of its subject.
 */
void heard_move(struct batch *batch, const struct turn_state *state);

/* After COMMIT: offsets, the relay's wake-up, replies and effects. */
void batch_after_commit(struct batch *in);
/* The transaction is gone: everything runs again; the culprit alone, or judged when it already was.
 */
void batch_after_break(struct batch *in);
void turn_requeue(struct turn_state *state, int64_t now_ms);
/* Replies, starts what was queued, frees the item. */
void turn_finish(struct turn_state *state);
void turn_log(const struct turn_state *state, const char *event);
