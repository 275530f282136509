/* A batch: what is ready, at most 60 turns, one transaction, a savepoint each. Effects, inbox,
 * offsets and outbox commit together; replies, calls and the relay come after. A statement that
 * fails late breaks the batch: it is rolled back, the turn whose statement it was runs alone, the
 * others run again. */
#include "lib/service/batch_parts.h"
#include "lib/service/guard.h"
#include "lib/service/metrics.h"
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
                                 .machine_now = shared_clock(),
                                 .subject = item->subject,
                                 .state = state };
    state->turn.now = suite_clock(state->turn.machine_now);
    if (item->kind == ITEM_MESSAGE) {
        state->turn.fact = (struct fact){
            .id = record->id,
            .source = record->source,
            .subject = record->subject,
            .sequence = record->sequence,
            .type = record->type,
            .partner = record->partner,
            .at = record->told_at,
            .trace = item->trace,
            .cause = record->cause,
            .is_retold = record->is_retold,
        };
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

void turn_log(const struct turn_state *state, const char *event)
{
    log_warning(event, TEXT("subject", state->item->subject), TEXT("trace", state->item->trace),
                TEXT("type", state->item->record.type), TEXT("why", state->error.text));
}

/* A copy that cannot be filled is filled by the next retelling; parked, it would hold up what is
 * said of its subject from now on. */
static void pass_over(struct turn_state *state)
{
    state->outcome = HEARD;
    metric_add("majster_retold_refused_total", "", 1);
    turn_log(state, "retold_refused");
}

static void judge(struct turn_state *state, struct error error)
{
    state->error = error;
    state->effects = NULL;
    if (error.kind == ERROR_FATAL) {
        turn_log(state, "fatal");
        _exit(1);
    }
    if (error.kind == ERROR_TEMPORARY)
        turn_defer(state, error);
    else if (state->item->kind == ITEM_MESSAGE && state->item->record.is_retold)
        pass_over(state);
    else if (state->item->kind == ITEM_MESSAGE)
        turn_park(state, "rejected", error);
    else
        state->outcome = FAILED;
}

/* The subjects held before a turn, to go back to; one for all turns of a batch. */
struct snapshot {
    struct held_subject *held;
    size_t room;
};

static void take_snapshot(struct batch *batch, struct snapshot *snapshot)
{
    if (snapshot->room < batch->held_count) {
        snapshot->room = 2 * batch->held_count;
        snapshot->held = ARENA_ARRAY(&batch->arena, struct held_subject, snapshot->room);
    }
    if (batch->held_count)
        memcpy(snapshot->held, batch->held, batch->held_count * sizeof *batch->held);
}

/* Runs one turn inside its savepoint; what it queued is undone when it did not go well. */
static void run_turn(struct turn_state *state, struct snapshot *snapshot)
{
    struct batch *in = state->batch;
    size_t held_before = in->held_count;

    take_snapshot(in, snapshot);
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
        memcpy(in->held, snapshot->held, held_before * sizeof *in->held);
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

static void run_guarded(struct turn_state *state, struct snapshot *snapshot)
{
    const char *name = guard_name(state);

    if (guard_is_deadly(name, machine_clock())) {
        put_aside(state, name);
        return;
    }
    double begun_s = metric_clock();
    guard_enter(name);
    run_turn(state, snapshot);
    guard_leave();
    metric_observe(TURN_SECONDS, turn_label(state), metric_clock() - begun_s);
}

void batch_run_turns(struct batch *batch)
{
    struct snapshot snapshot = { NULL, 0 };

    for (size_t i = 0; i < batch->count && !batch->is_broken; i++) {
        struct turn_state *state = &batch->turns[i];
        turn_admit(batch, i);
        if (state->outcome == READY && state->item->verdict.kind != ERROR_NONE)
            judge(state, state->item->verdict);
        else if (state->outcome == READY)
            run_guarded(state, &snapshot);
        bool is_heard = state->outcome == RAN || state->outcome == HEARD ||
                        state->outcome == PARKED ||
                        (state->outcome == SKIPPED && state->item->record.is_retold);
        if (state->item->kind == ITEM_MESSAGE && is_heard)
            heard_move(batch, state);
    }
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
        partition_committed();
}

static void run_batch(struct item *taken[], size_t count)
{
    double begun_s = metric_clock();
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
    metric_observe(BATCH_TURNS, "", (double)count);
    metric_observe(BATCH_SECONDS, "", metric_clock() - begun_s);
    if (!current.is_broken) {
        batch_after_commit(&current);
    } else {
        metric_add("majster_batches_broken_total", "", 1);
        log_warning("batch_broken", NUMBER("turns", count), TEXT("why", current.failure.text));
        if (!pipeline_lost())
            roll_back();
        batch_after_break(&current);
    }
    rows_free_all();
}

/* ---- requests that change nothing: no transaction, one by one ---- */

static void run_read(struct item *item)
{
    struct turn_state *state = &states[0];
    double begun_s = metric_clock();

    arena_reset(&current.arena);
    current = (struct batch){ .arena = current.arena, .turns = states, .count = 1 };
    turn_begin(state, item, &current);
    state->is_read = true;
    struct error error = turn_handle(state);
    const char *label = turn_label(state);
    state->error = error;
    if (error.kind == ERROR_NONE)
        state->outcome = RAN;
    else if (error.kind == ERROR_TEMPORARY)
        turn_defer(state, error);
    else
        state->outcome = FAILED;
    if (error.kind == ERROR_FATAL)
        turn_log(state, "read_failed");
    if (state->outcome == DEFERRED)
        turn_requeue(state, monotonic_clock_ms());
    else
        turn_finish(state);
    metric_observe(TURN_SECONDS, label, metric_clock() - begun_s);
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
