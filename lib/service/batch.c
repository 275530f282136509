/* A batch: what is ready, at most 60 turns, one transaction, a savepoint each. Effects, inbox,
 * offsets and outbox commit together; replies, calls and the relay come after. A statement that
 * fails late breaks the batch: it is rolled back, the turn whose statement it was runs alone, the
 * others run again. */
#include "lib/service/batch_parts.h"
#include "lib/service/guard.h"
#include "lib/service/queries.h"
#include "lib/service/queue.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static struct batch current;
static struct turn_state states[BATCH_MOST];

static void begin_actor(struct turn_state *state)
{
    const struct item *item = state->item;

    state->actor_name = "engine";
    if (item->kind == ITEM_MESSAGE) {
        state->actor_name = "fact";
        snprintf(state->partner, sizeof state->partner, "%s", item->record.partner);
    } else if (item->exchange) {
        /* Also the answer to a call that a request waits for: it sees no more than the request. */
        state->turn.actor = item->exchange->actor;
        state->actor_name = actor_kind_name(state->turn.actor.kind);
        snprintf(state->partner, sizeof state->partner, "%s", state->turn.actor.partner);
    } else if (item->kind == ITEM_DUE) {
        state->actor_name = "timer";
    }
}

void turn_begin(struct turn_state *state, struct item *item, struct batch *batch)
{
    const struct record *record = &item->record;
    unsigned char span[8];

    *state = (struct turn_state){ .item = item, .batch = batch, .arena = &batch->arena };
    state->effects_end = &state->effects;
    if (getrandom(span, sizeof span, 0) != (ssize_t)sizeof span)
        abort();
    for (size_t i = 0; i < sizeof span; i++)
        snprintf(state->span + 2 * i, 3, "%02x", span[i]);
    state->turn = (struct turn){ .arena = &batch->arena,
                                 .machine_now = machine_clock(),
                                 .subject = item->subject,
                                 .state = state };
    state->turn.now = suite_clock(state->turn.machine_now);
    if (item->kind == ITEM_MESSAGE) {
        state->turn.fact =
            (struct fact){ record->id,   record->source,  record->subject, record->sequence,
                           record->type, record->partner, record->told_at };
        snprintf(state->cause, sizeof state->cause, "%s", record->id);
    }
    begin_actor(state);
}

void turn_defer(struct turn_state *state, struct error why)
{
    state->outcome = DEFERRED;
    state->error = why;
}

void turn_park(struct turn_state *state, const char *kind, struct error why)
{
    state->outcome = PARKED;
    state->park_kind = kind;
    state->error = why;
}

/* ---- running ---- */

static void log_turn(const struct turn_state *state, const char *event)
{
    log_warning(event, TEXT("subject", state->item->subject), TEXT("trace", state->item->trace),
                TEXT("type", state->item->record.type), TEXT("why", state->error.text));
}

static void judge(struct turn_state *state, struct error error)
{
    state->error = error;
    state->effects = NULL;
    if (error.kind == ERROR_FATAL) {
        log_turn(state, "fatal");
        _exit(1);
    }
    if (error.kind == ERROR_TEMPORARY)
        turn_defer(state, error);
    else if (state->item->kind == ITEM_MESSAGE)
        turn_park(state, "rejected", error);
    else
        state->outcome = FAILED;
}

/* Runs one turn inside its savepoint; what it queued is undone when it did not go well. */
static void run_turn(struct turn_state *state, struct held_subject *snapshot)
{
    struct batch *in = state->batch;
    size_t held_before = in->held_count;

    if (held_before)
        memcpy(snapshot, in->held, held_before * sizeof *snapshot);
    in->running = state;
    SEND(state, savepoint);
    if (state->opens_subject)
        subject_open(&state->turn, state->item->subject);
    struct error error = turn_handle(state);
    if (in->is_broken)
        return;
    if (error.kind == ERROR_NONE) {
        subjects_save(state);
        state->outcome = RAN;
        SEND(state, release);
        return;
    }
    SEND(state, undo);
    in->held_count = held_before;
    if (held_before)
        memcpy(in->held, snapshot, held_before * sizeof *snapshot);
    judge(state, error);
}

/* A turn that dies comes back under the same name: "" when it does not come back by itself. */
static const char *guard_name(const struct turn_state *state)
{
    const struct item *item = state->item;

    if (item->kind == ITEM_MESSAGE)
        return arena_format(state->arena, "fact %s", item->record.id);
    if (item->kind == ITEM_REQUEST && item->exchange->key)
        return arena_format(state->arena, "request %s %s", item->exchange->actor.id,
                            item->exchange->key);
    if (item->kind == ITEM_DUE)
        return arena_format(state->arena, "timer %s %s", item->timer->name, item->subject);
    return "";
}

static void put_aside(struct turn_state *state, const char *name)
{
    struct error why =
        rejected(PROBLEM_INTERNAL, NULL, "it has killed %d processes in a row", GUARD_DEATHS_MOST);

    log_error("crashed", TEXT("turn", name), TEXT("subject", state->item->subject));
    metric_add("majster_crashed_total", "", 1);
    judge(state, why);
    if (state->outcome != PARKED)
        return;
    state->park_kind = "crashed";
    guard_forgive(name); /* parked: whoever replays it may try again */
}

static void run_guarded(struct turn_state *state, struct held_subject *snapshot)
{
    const char *name = guard_name(state);

    if (guard_is_deadly(name, state->turn.machine_now)) {
        put_aside(state, name);
        return;
    }
    guard_enter(name);
    run_turn(state, snapshot);
    guard_leave();
}

void batch_run_turns(struct batch *batch)
{
    struct held_subject *snapshot = ARENA_ARRAY(&batch->arena, struct held_subject,
                                                batch->held_count + (size_t)64 * BATCH_MOST + 1);

    for (size_t i = 0; i < batch->count && !batch->is_broken; i++) {
        struct turn_state *state = &batch->turns[i];
        turn_admit(batch, i);
        if (state->outcome == READY && state->item->verdict.kind != ERROR_NONE)
            judge(state, state->item->verdict);
        else if (state->outcome == READY)
            run_guarded(state, snapshot);
        bool is_heard =
            state->outcome == RAN || state->outcome == HEARD || state->outcome == PARKED;
        if (state->item->kind == ITEM_MESSAGE && is_heard)
            heard_move(batch, &state->item->record);
    }
}

/* ---- after COMMIT, or after it did not come to one ---- */

static void requeue(struct turn_state *state, int64_t now_ms)
{
    struct item *item = state->item;
    int tries = item->tries++;

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
 * trace. A timer that found nothing to tell is not worth one. */
static void log_done(const struct turn_state *state)
{
    static const char *const kinds[] = {
        [ITEM_MESSAGE] = "message", [ITEM_REQUEST] = "request", [ITEM_DUE] = "due",
        [ITEM_NOTE] = "note",       [ITEM_ANSWER] = "answer",   [ITEM_RESULT] = "result",
        [ITEM_COMMAND] = "command",
    };
    const struct item *item = state->item;
    const char *what = item->kind == ITEM_MESSAGE   ? item->record.type
                       : item->kind == ITEM_REQUEST ? item->exchange->route->path
                       : item->kind == ITEM_DUE     ? item->timer->name
                                                    : "";

    if (state->is_read || (item->kind == ITEM_DUE && !state->position[0]))
        return;
    log_info("turn", TEXT("kind", kinds[item->kind]), TEXT("what", what),
             TEXT("subject", item->subject), TEXT("cause", state->cause),
             TEXT("told", state->position), TEXT("trace", item->trace), TEXT("span", state->span));
}

static void finish(struct turn_state *state)
{
    struct item *item = state->item;

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
        log_turn(state, "turn_rejected");
        if (item->exchange)
            route_fail(item->exchange, &state->error, NULL, state->arena);
    } else if (state->outcome == PARKED) {
        log_turn(state, "message_parked");
    }
    if (item->command_error)
        *item->command_error = state->error;
    if (state->outcome == RAN) {
        log_done(state);
        effects_start(state);
    }
    item_free(&item);
}

static void after_commit(struct batch *in)
{
    int64_t now_ms = monotonic_clock_ms();

    FAILPOINT("after_commit");
    partition_committed(in);
    if (in->has_told)
        relay_wake();
    for (size_t i = in->count; i > 0; i--)
        if (in->turns[i - 1].outcome == DEFERRED)
            requeue(&in->turns[i - 1], now_ms);
    for (size_t i = 0; i < in->count; i++)
        if (in->turns[i].outcome != DEFERRED)
            finish(&in->turns[i]);
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

/* The transaction is gone: everything runs again; the culprit alone, or judged when it already was.
 */
static void after_break(struct batch *in)
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
            requeue(culprit, monotonic_clock_ms());
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

static void roll_back(void)
{
    SEND(NULL, rollback);
    struct error error = pipeline_wait(true, NULL);
    if (error.kind != ERROR_NONE)
        log_warning("rollback_failed", TEXT("why", error.text));
}

/* A mutant: what was read counts as done before it has taken effect. */
static void commit_offsets(struct batch *in)
{
    partition_offsets(in);
    struct error error = pipeline_wait(true, NULL);
    if (error.kind == ERROR_NONE)
        partition_committed(in);
}

static void run_batch(struct item *taken[], size_t count)
{
    arena_reset(&current.arena);
    current = (struct batch){ .arena = current.arena, .turns = states, .count = count };
    for (size_t i = 0; i < count; i++)
        turn_begin(&states[i], taken[i], &current);
    if (MUTANT("offset_first"))
        commit_offsets(&current);
    batch_prologue(&current);
    if (!current.is_broken)
        batch_run_turns(&current);
    if (!current.is_broken)
        batch_epilogue(&current);
    metric_add("majster_turns_total", "", (double)count);
    metric_add("majster_batches_total", "", 1);
    if (!current.is_broken) {
        after_commit(&current);
    } else {
        log_warning("batch_broken", NUMBER("turns", count), TEXT("why", current.failure.text));
        if (!pipeline_lost())
            roll_back();
        after_break(&current);
    }
    rows_free_all();
}

/* ---- requests that change nothing: no transaction, one by one ---- */

static void run_read(struct item *item)
{
    struct turn_state *state = &states[0];

    arena_reset(&current.arena);
    current = (struct batch){ .arena = current.arena, .turns = states, .count = 1 };
    turn_begin(state, item, &current);
    state->is_read = true;
    struct error error = turn_handle(state);
    state->error = error;
    if (error.kind == ERROR_NONE)
        state->outcome = RAN;
    else if (error.kind == ERROR_TEMPORARY)
        turn_defer(state, error);
    else
        state->outcome = FAILED;
    if (error.kind == ERROR_FATAL)
        log_turn(state, "read_failed");
    if (state->outcome == DEFERRED)
        requeue(state, monotonic_clock_ms());
    else
        finish(state);
    rows_free_all();
}

void batch_run(void)
{
    struct item *taken[BATCH_MOST];

    queue_let_in();
    size_t count = queue_take(taken, BATCH_MOST, monotonic_clock_ms(), true);
    for (size_t i = 0; i < count; i++)
        run_read(taken[i]);
    count = queue_take(taken, BATCH_MOST, monotonic_clock_ms(), false);
    if (count)
        run_batch(taken, count);
}
