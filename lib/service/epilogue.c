/* The last flush of a batch: what was heard, parked, early or put off, the offsets, COMMIT. */
#include "lib/service/batch_parts.h"
#include "lib/service/person/seal.h"
#include "lib/service/queries.h"
#include <string.h>

/* A baseline also lowers what was heard: the teller's word on where its subject stands. */
static void save_heard(struct batch *batch, bool is_baseline)
{
    const struct prologue *found = batch->prologue;
    const char **sources = ARENA_ARRAY(&batch->arena, const char *, found->heard_count + 1);
    const char **subjects = ARENA_ARRAY(&batch->arena, const char *, found->heard_count + 1);
    int64_t *sequences = ARENA_ARRAY(&batch->arena, int64_t, found->heard_count + 1);
    size_t count = 0;

    for (size_t i = 0; i < found->heard_count; i++) {
        if (!found->heards[i].is_moved || found->heards[i].is_baseline != is_baseline)
            continue;
        sources[count] = found->heards[i].source;
        subjects[count] = found->heards[i].subject;
        sequences[count++] = found->heards[i].sequence;
    }
    const struct value values[] = { { 0 },
                                    text_array(&batch->arena, sources, count),
                                    text_array(&batch->arena, subjects, count),
                                    int_array(&batch->arena, sequences, count),
                                    INT(batch->turns[0].turn.machine_now) };
    if (count)
        pipeline_send(NULL, is_baseline ? &QUERY_save_baseline : &QUERY_save_heard, values,
                      COUNT(values) - 1);
}

static void park(struct turn_state *state)
{
    const struct record *record = &state->item->record;
    struct text payload = { record->payload, record->payload_length };

    struct sealed sealed = seal_bytes(state->arena, payload);

    metric_add("majster_parked_total", "", 1);
    SEND(NULL, park, STR(record->id), STR(record->source), STR(record->subject),
         INT(record->sequence), STR(record->type), STR(record->partner), STR(state->item->trace),
         INT(record->told_at), BYTES(sealed.bytes), STR(record->topic),
         INT(record->partition_number), INT(record->offset), STR(state->park_kind),
         STR(state->error.text), INT(state->turn.machine_now), STR(sealed.id),
         BYTES(sealed.wrapped_key), STR(record->cause), STR(record->is_retold ? "true" : "false"));
}

static void keep_early(struct turn_state *state)
{
    const struct record *record = &state->item->record;
    struct text payload = { record->payload, record->payload_length };

    SEND(NULL, save_early, STR(record->id), STR(record->source), STR(record->subject),
         INT(record->sequence), STR(record->type), STR(record->partner), STR(state->item->trace),
         INT(record->told_at), BYTES(payload), INT(state->turn.machine_now), STR(record->cause),
         STR(record->is_retold ? "true" : "false"));
}

static void settle_message(struct turn_state *state)
{
    const struct record *record = &state->item->record;

    if (state->outcome == PARKED)
        park(state);
    if (state->outcome == EARLY && record->from == FROM_KAFKA)
        keep_early(state);
    else if (state->outcome != EARLY && record->from == FROM_EARLY)
        SEND(NULL, delete_early, STR(record->id));
}

static void settle_messages(struct batch *batch)
{
    const char **released = ARENA_ARRAY(&batch->arena, const char *, batch->count);
    size_t count = 0;

    for (size_t i = 0; i < batch->count; i++) {
        struct turn_state *state = &batch->turns[i];
        const struct record *record = &state->item->record;
        if (state->item->kind != ITEM_MESSAGE)
            continue;
        if (state->outcome != DEFERRED)
            settle_message(state);
        else if (record->from == FROM_KAFKA)
            released[count++] = record->id;
    }
    if (count)
        SEND(NULL, release_inbox, text_array(&batch->arena, released, count));
}

void batch_epilogue(struct batch *batch)
{
    struct turn_state *culprit = NULL;

    settle_messages(batch);
    save_heard(batch, false);
    save_heard(batch, true);
    partition_offsets(batch);
    FAILPOINT("before_commit");
    SEND(NULL, commit);
    struct error error = pipeline_wait(true, &culprit);
    if (error.kind == ERROR_NONE)
        return;
    batch->is_broken = true;
    batch->culprit = culprit;
    batch->failure = error;
    batch->is_commit_unknown = pipeline_lost();
    /* advance_offsets (0001_spine.sql): another process has read on in our place. */
    if (strstr(error.text, "MJ001"))
        partitions_lost();
}
