/* The first flush of a batch: inbox claims, what was heard, parked subjects, stored replies and
 * subject locks for all turns at once; and from that, for each turn in its place, whether it may
 * run. */
#include "lib/service/batch_parts.h"
#include "lib/service/queries.h"
#include "lib/service/trace.h"
#include <string.h>

struct lists {
    const char **ids, **sources, **subjects, **locks, **actors, **keys;
    size_t messages, lock_count, request_count;
};

static const char *request_actor(const struct exchange *exchange, struct arena *arena)
{
    return arena_format(arena, "%s/%s", actor_kind_name(exchange->actor.kind), exchange->actor.id);
}

static struct lists collect(struct batch *batch)
{
    struct lists lists = { 0 };
    const char ***all[] = { &lists.ids,   &lists.sources, &lists.subjects,
                            &lists.locks, &lists.actors,  &lists.keys };

    EACH (list, all)
        **list = ARENA_ARRAY(&batch->arena, const char *, batch->count);
    for (size_t i = 0; i < batch->count; i++) {
        const struct item *item = batch->turns[i].item;
        if (item->subject[0])
            lists.locks[lists.lock_count++] = item->subject;
        if (item->kind == ITEM_REQUEST && item->exchange->key) {
            lists.actors[lists.request_count] = request_actor(item->exchange, &batch->arena);
            lists.keys[lists.request_count++] = item->exchange->key;
        }
        if (item->kind != ITEM_MESSAGE || item->record.unreadable)
            continue;
        lists.sources[lists.messages] = item->record.source;
        lists.subjects[lists.messages] = item->record.subject;
        lists.ids[lists.messages++] = item->record.id;
    }
    return lists;
}

/* Only facts from Kafka are claimed: those from `early` and replays were claimed when they first
 * came. */
static struct value claims(struct batch *batch)
{
    const char **ids = ARENA_ARRAY(&batch->arena, const char *, batch->count);
    size_t count = 0;

    for (size_t i = 0; i < batch->count; i++) {
        const struct item *item = batch->turns[i].item;
        if (item->kind == ITEM_MESSAGE && item->record.from == FROM_KAFKA &&
            !item->record.unreadable && partition_is_current(&item->record))
            ids[count++] = item->record.id;
    }
    return text_array(&batch->arena, ids, count);
}

static void read_heard(struct batch *batch)
{
    struct prologue *found = batch->prologue;

    found->heards =
        ARENA_ARRAY(&batch->arena, struct heard, (size_t)found->heard.count + batch->count);
    for (int i = 0; i < found->heard.count; i++) {
        struct row row = row_at(&found->heard, i);
        const char *source = next_text(&row), *subject = next_text(&row);
        found->heards[found->heard_count++] =
            (struct heard){ .source = source, .subject = subject, .sequence = next_int(&row) };
    }
}

/* The walls that it raised are the next turn's by the time the handler runs. */
static bool ask_ahead(struct batch *batch)
{
    bool has_asked = false;

    for (size_t i = 0; i < batch->count; i++) {
        struct turn_state *state = &batch->turns[i];
        if (state->item->kind != ITEM_REQUEST || !state->item->exchange->route->ahead ||
            state->item->verdict.kind != ERROR_NONE)
            continue;
        state->item->exchange->route->ahead(&state->turn);
        has_asked = has_asked || state->asked_query;
        state->walls_sent = false;
    }
    return has_asked;
}

void batch_prologue(struct batch *batch)
{
    struct prologue *found = batch->prologue = ARENA_NEW(&batch->arena, struct prologue);
    struct arena *arena = &batch->arena;
    struct lists lists = collect(batch);
    struct value locks = text_array(arena, lists.locks, lists.lock_count);

    SEND(NULL, begin);
    /* Locks first: who holds a subject sees everything that its last holder has committed. */
    if (lists.lock_count) {
        ASK(NULL, &found->held, lock_subjects, locks);
        ASK(NULL, &found->known, known_subjects, locks);
    }
    if (lists.messages) {
        struct value subjects = text_array(arena, lists.subjects, lists.messages);
        ASK(NULL, &found->claimed, claim_inbox, claims(batch),
            INT(batch->turns[0].turn.machine_now));
        ASK(NULL, &found->heard, load_heard, text_array(arena, lists.sources, lists.messages),
            subjects);
        ASK(NULL, &found->waiting, load_waiting, subjects);
    }
    if (lists.request_count)
        ASK(NULL, &found->requests, load_requests,
            text_array(arena, lists.actors, lists.request_count),
            text_array(arena, lists.keys, lists.request_count));
    bool has_asked = ask_ahead(batch);
    struct error error = OK;
    if (lists.messages || lists.request_count || lists.lock_count || has_asked)
        error = pipeline_wait(false, &batch->culprit);
    if (error.kind != ERROR_NONE) {
        if (!pipeline_lost()) {
            struct error ended = pipeline_wait(true, NULL);
            log_warning("prologue_failed", TEXT("why", error.text), TEXT("then", ended.text));
        }
        batch->is_broken = true;
        batch->failure = error;
        return;
    }
    FAILPOINT("after_inbox");
    for (int i = 0; i < found->held.count; i++) {
        struct row row = row_at(&found->held, i);
        const char *id = next_text(&row);
        int64_t sequence = next_int(&row);
        held_add(batch, id, sequence, next_text(&row));
    }
    read_heard(batch);
}

/* ---- admitting one turn ---- */

/* Busy: another process holds the subject. New: nobody has made it yet. */
static void admit_subject(struct batch *batch, struct turn_state *state)
{
    const char *subject = state->item->subject;
    struct held_subject *held = subject[0] ? held_find(batch, subject) : NULL;

    if (!subject[0])
        return;
    if (!held && rows_have(&batch->prologue->known, subject)) {
        turn_defer(state, temporary("%.60s is busy in another process", subject));
        return;
    }
    state->opens_subject = state->turn.is_new_subject = !held;
    if (held && !state->item->trace[0])
        memcpy(state->item->trace, held->trace,
               strnlen(held->trace, sizeof state->item->trace - 1));
}

static void admit_message(struct batch *batch, size_t at)
{
    struct turn_state *state = &batch->turns[at];
    struct record *record = &state->item->record;

    if (record->from == FROM_KAFKA && !partition_is_current(record)) {
        record->partition = NULL; /* somebody else reads it now */
        state->outcome = SKIPPED;
        return;
    }
    if (record->unreadable) {
        turn_park(state, "unreadable", rejected(PROBLEM_MALFORMED, NULL, "%s", record->unreadable));
        return;
    }
    state->outcome = place_fact(batch, at);
    if (state->outcome == READY && is_retell_end(record->type) && !partition_is_done_before(record))
        turn_defer(state, temporary("what was retold before its end is not done yet"));
    if (state->outcome != READY || is_retell_end(record->type))
        return;
    if (fact_is_behind(batch, at)) {
        turn_park(state, "behind",
                  rejected(PROBLEM_STATE, NULL, "an earlier fact of it is parked"));
        return;
    }
    admit_subject(batch, state);
    if (state->outcome == READY && state->opens_subject && !subscription_of(record->type)->opens)
        state->outcome = EARLY;
}

static void admit_stored(struct batch *batch, struct turn_state *state)
{
    const struct exchange *exchange = state->item->exchange;
    const char *actor = request_actor(exchange, &batch->arena);

    for (int i = 0; i < batch->prologue->requests.count; i++) {
        struct row row = row_at(&batch->prologue->requests, i);
        char **headers;
        if (!string_is(next_text(&row), actor) || !string_is(next_text(&row), exchange->key))
            continue;
        if (!string_is(next_text(&row), exchange->hash)) {
            state->outcome = FAILED;
            state->error = rejected(PROBLEM_KEY_REUSED, "Idempotency-Key",
                                    "the key was used before with another body");
            return;
        }
        state->outcome = STORED;
        state->stored_status = (int)next_int(&row);
        state->stored_headers = next_text_array(&row, &batch->arena, &headers) ? headers[0] : "";
        state->stored_reply = next_bytes(&row, &batch->arena);
        return;
    }
}

static bool same_key_before(const struct batch *batch, size_t at)
{
    const struct exchange *exchange = batch->turns[at].item->exchange;

    for (size_t i = 0; i < at; i++) {
        const struct item *item = batch->turns[i].item;
        if (item->kind == ITEM_REQUEST && item->exchange->key &&
            string_is(item->exchange->key, exchange->key) && batch->turns[i].outcome != FAILED)
            return true;
    }
    return false;
}

/* Read your writes: the fact that the caller has seen told will come; until then there is no such
 * subject. */
static bool brings_position(const struct exchange *exchange)
{
    return exchange->route->must_exist && strstr(exchange->headers, "x-position: ");
}

static void admit_request(struct batch *batch, size_t at)
{
    struct turn_state *state = &batch->turns[at];
    const struct exchange *exchange = state->item->exchange;

    if (exchange->key && same_key_before(batch, at))
        turn_defer(state, temporary("the same Idempotency-Key is being answered"));
    else if (exchange->key)
        admit_stored(batch, state);
    if (state->outcome == READY)
        admit_subject(batch, state);
    if (state->outcome == READY && state->opens_subject && brings_position(exchange)) {
        turn_waits_to_hear(&state->turn);
        turn_defer(state, temporary("%.60s has not been heard of yet", state->item->subject));
    } else if (state->outcome == READY && state->opens_subject && exchange->route->must_exist) {
        state->outcome = FAILED;
        state->error = rejected(PROBLEM_NOT_FOUND, exchange->route->subject,
                                "nothing is known of %.80s", state->item->subject);
    }
}

void turn_admit(struct batch *batch, size_t at)
{
    struct turn_state *state = &batch->turns[at];

    if (turn_earlier(batch, at, DEFERRED))
        turn_defer(state, temporary("an earlier turn of the subject waits"));
    else if (state->item->kind == ITEM_MESSAGE)
        admit_message(batch, at);
    else if (state->item->kind == ITEM_REQUEST)
        admit_request(batch, at);
    else
        admit_subject(batch, state);
    if (state->outcome == READY && state->item->kind == ITEM_DUE && state->opens_subject)
        state->outcome = SKIPPED;
    /* What begins here and has no subject that others spoke of before. */
    if (!state->item->trace[0])
        trace_new(state->item->trace);
}
