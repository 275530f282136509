/* The loop's queue. */
#pragma once
#include "lib/service/loop.h"

/* Moves what other threads brought to the end of the queue. */
void queue_let_in(void);
/* Puts items back before everything else, in their order. */
void queue_put_back(struct item *items[], size_t count);
/* Takes up to `most` items that may run now, in order, passing over every subject of which an
 * earlier item has to wait. `reads`: only requests that change nothing, else only the others. An
 * item that must be alone comes alone. */
size_t queue_take(struct item *taken[], size_t most, int64_t now_ms, bool reads);
bool queue_has(const struct timer *timer, const char *subject);
bool queue_has_message(enum message_from from);
/* Requests that somebody is waiting for. */
/* While the database is away: answers 503 to requests whose deadline has passed. */
void queue_expire(int64_t now_ms);
