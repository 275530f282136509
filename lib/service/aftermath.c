/* What follows a batch: replies and effects after COMMIT, another try or a verdict when it did not
 * come to one. */
#include "lib/service/batch_parts.h"
#include "lib/service/queue.h"
#include <string.h>
#include <unistd.h>

static const char *const kinds[] = {
    [ITEM_MESSAGE] = "message", [ITEM_REQUEST] = "request", [ITEM_DUE] = "due",
    [ITEM_NOTE] = "note",       [ITEM_ANSWER] = "answer",   [ITEM_RESULT] = "result",
    [ITEM_COMMAND] = "command",
};

const char *turn_label(const struct turn_state *state)
{
    const char *kind = state->is_read ? "read" : kinds[state->item->kind];

    return arena_format(state->arena, "kind=\"%s\"", kind);
}

void turn_requeue(struct turn_state *state, int64_t now_ms)
{
    struct item *item = state->item;
    int tries = item->tries++;

    metric_add("majster_turns_again_total", turn_label(state), 1);

    if (item->kind == ITEM_REQUEST && now_ms >= item->deadline_ms) {
        struct error busy = temporary("busy until the deadline: %.100s", state->error.text);
        route_fail(item->exchange, &busy, NULL, state->arena);
        item_free(&item);
        return;
    }
    item->not_before_ms = now_ms + (tries < 6 ? 1 << tries : 100);
    queue_put_back(&item, 1);
}

/* One line for what took effect, so that an order can be followed through all services by its
 * trace. A timer that found nothing to tell is not worth one; a command answers whoever gave it. */
static void log_done(const struct turn_state *state)
{
    const struct item *item = state->item;
    const char *what = item->kind == ITEM_MESSAGE   ? item->record.type
                       : item->kind == ITEM_REQUEST ? item->exchange->route->path
                       : item->kind == ITEM_DUE     ? item->timer->name
                                                    : "";

    if (state->is_read || item->kind == ITEM_COMMAND ||
        (item->kind == ITEM_DUE && !state->position[0]))
        return;
    log_info("turn", TEXT("kind", kinds[item->kind]), TEXT("what", what),
             TEXT("subject", item->subject), TEXT("cause", state->cause),
             TEXT("told", state->position), TEXT("trace", item->trace), TEXT("span", state->span));
}

static void count_turn(const struct turn_state *state)
{
    metric_add("majster_turns_total", turn_label(state), 1);
    if (state->item->kind == ITEM_MESSAGE && (state->outcome == RAN || state->outcome == HEARD))
        metric_add("majster_facts_heard_total", "", 1);
}

void turn_finish(struct turn_state *state)
{
    struct item *item = state->item;

    count_turn(state);
    if (item->kind == ITEM_REQUEST) {
        if (state->outcome == FAILED)
            route_fail(item->exchange, &state->error, state->violations, state->arena);
        else if (!state->reply.pending)
            exchange_answer(item->exchange, state->stored_status, state->stored_reply,
                            state->stored_headers);
    } else if (state->outcome == RAN && item->exchange && !state->reply.pending) {
        exchange_answer(item->exchange, state->stored_status, state->stored_reply,
                        state->stored_headers);
    } else if (state->outcome == FAILED) {
        if (item->kind != ITEM_COMMAND) /* which prints it */
            turn_log(state, "turn_rejected");
        if (item->exchange)
            route_fail(item->exchange, &state->error, NULL, state->arena);
    } else if (state->outcome == PARKED) {
        turn_log(state, "message_parked");
    }
    if (item->command_error)
        *item->command_error = state->error;
    if (state->outcome == RAN) {
        log_done(state);
        effects_start(state);
    }
    item_free(&item);
}

void batch_after_commit(struct batch *in)
{
    int64_t now_ms = monotonic_clock_ms();

    FAILPOINT("after_commit");
    partition_committed();
    if (in->has_told)
        relay_wake();
    for (size_t i = in->count; i > 0; i--)
        if (in->turns[i - 1].outcome == DEFERRED)
            turn_requeue(&in->turns[i - 1], now_ms);
    for (size_t i = 0; i < in->count; i++)
        if (in->turns[i].outcome != DEFERRED)
            turn_finish(&in->turns[i]);
}

static void empty(char *string)
{
    if (string)
        string[0] = '\0';
}

/* What the database refuses in the statements of the batch itself, found alone: a request is
 * answered, a record is parked without the words that may be the trouble. */
static void end_poison(struct batch *in)
{
    struct item *item = in->turns[0].item;
    struct record *record = &item->record;

    log_error("poison", TEXT("why", in->failure.text));
    if (item->kind != ITEM_MESSAGE || record->unreadable) {
        if (item->exchange)
            route_fail(item->exchange, &in->failure, NULL, &in->arena);
        item_free(&item);
        return;
    }
    record->unreadable = "the database refuses its words";
    item->trace[0] = '\0';
    empty(item->subject);
    empty(record->subject);
    empty(record->source);
    empty(record->type);
    empty(record->partner);
    queue_put_back(&item, 1);
}

void batch_after_break(struct batch *in)
{
    struct item *again[BATCH_MOST];
    struct turn_state *culprit = in->culprit;

    if (in->failure.kind == ERROR_FATAL) {
        log_error("fatal", TEXT("why", in->failure.text));
        _exit(1);
    }
    if (culprit && culprit->item->alone) {
        culprit->item->verdict = in->failure;
        culprit->item->alone = in->failure.kind == ERROR_TEMPORARY;
        if (in->failure.kind == ERROR_TEMPORARY) {
            culprit->item->verdict = OK;
            culprit->error = in->failure;
            turn_requeue(culprit, monotonic_clock_ms());
            return;
        }
    } else if (culprit) {
        culprit->item->alone = true;
    }
    bool is_poisoned = !culprit && in->failure.kind == ERROR_REJECTED;
    if (is_poisoned && in->count == 1) {
        end_poison(in);
        return;
    }
    int64_t now_ms = monotonic_clock_ms();
    size_t count = 0;
    for (size_t i = 0; i < in->count; i++) {
        struct item *item = in->turns[i].item;
        item->alone = item->alone || is_poisoned;
        bool is_request = item->kind == ITEM_REQUEST;
        bool may_double = is_request && in->is_commit_unknown && !item->exchange->key;
        if (may_double || (is_request && now_ms >= item->deadline_ms)) {
            struct error busy = temporary("%.150s", in->failure.text);
            route_fail(item->exchange, &busy, NULL, &in->arena);
            item_free(&item);
        } else {
            item->not_before_ms = now_ms + 2;
            again[count++] = item;
        }
    }
    queue_put_back(again, count);
}
