/* What a handler may do, and what it leaves to be started after COMMIT. */
#include "lib/service/loop.h"
#include "lib/service/message.h"
#include "lib/service/queries.h"
#include <stdio.h>
#include <string.h>

enum effect_kind { EFFECT_CALL, EFFECT_WORK, EFFECT_LIVE, EFFECT_NOTE };

/* What starts after COMMIT; lives in the batch's arena. */
struct effect {
    struct effect *next;
    enum effect_kind kind;
    struct call call;
    struct work work;
    const char **command;
    const char *subject;
    handle_note on_note;
    struct text note;
};

struct id new_id(struct turn *turn)
{
    return id_new(turn->machine_now);
}

/* ---- reading and writing ---- */

static void raise_walls(struct turn_state *state)
{
    SEND(state, walls, STR(state->partner), STR(MUTANT("no_wall") ? "engine" : state->actor_name),
         STR(state->turn.actor.id));
    state->walls_sent = true;
}

struct error db_read_values(struct turn *turn, struct rows *ret_rows, const struct query *query,
                            const struct value values[], size_t count)
{
    struct turn_state *state = turn->state;

    if (!state->walls_sent)
        raise_walls(state);
    if (!state->is_read)
        return pipeline_read(state, ret_rows, query, values, count);
    /* Without a transaction each read is its own segment. */
    pipeline_ask(state, ret_rows, query, values, count);
    return pipeline_wait(true, NULL);
}

void db_write_values(struct turn *turn, const struct query *query, const struct value values[],
                     size_t count)
{
    struct turn_state *state = turn->state;

    assert(!state->is_read);
    if (!state->walls_sent)
        raise_walls(state);
    pipeline_send(state, query, values, count);
}

void db_ask_ahead_values(struct turn *turn, const struct query *query, const struct value values[],
                         size_t count)
{
    struct turn_state *state = turn->state;

    assert(!state->asked_query);
    raise_walls(state);
    state->asked_query = query;
    pipeline_ask(state, &state->asked, query, values, count);
}

bool db_asked_of(struct turn *turn, struct rows *ret_rows, const struct query *query)
{
    if (turn->state->asked_query != query)
        return false;
    *ret_rows = turn->state->asked;
    return true;
}

void turn_waits_to_hear(struct turn *turn)
{
    struct item *item = turn->state->item;

    item->deadline_ms = item->arrived_ms + POSITION_WAIT_MS;
}

void turn_belongs_to(struct turn *turn, const char *partner_id)
{
    struct turn_state *state = turn->state;

    if (state->walls_sent && string_is(state->partner, partner_id ? partner_id : ""))
        return;
    snprintf(state->partner, sizeof state->partner, "%s", partner_id ? partner_id : "");
    raise_walls(state);
}

void turn_looks_over_walls(struct turn *turn)
{
    turn->state->actor_name = "engine";
    raise_walls(turn->state);
}

/* ---- subjects ---- */

struct held_subject *held_find(struct batch *batch, const char *id)
{
    for (size_t i = 0; i < batch->held_count; i++)
        if (string_is(batch->held[i].id, id))
            return &batch->held[i];
    return NULL;
}

struct held_subject *held_add(struct batch *batch, const char *id, int64_t sequence,
                              const char *trace)
{
    if (batch->held_count == batch->held_room) {
        size_t room = batch->held_room ? batch->held_room * 2 : 128;
        struct held_subject *more = ARENA_ARRAY(&batch->arena, struct held_subject, room);
        if (batch->held_count)
            memcpy(more, batch->held, batch->held_count * sizeof *more);
        batch->held = more;
        batch->held_room = room;
    }
    struct held_subject *held = &batch->held[batch->held_count++];
    *held = (struct held_subject){ .id = arena_string(&batch->arena, id),
                                   .sequence = sequence,
                                   .trace = arena_string(&batch->arena, trace) };
    return held;
}

struct error subject_lock(struct turn *turn, const char *subject, int64_t *ret_sequence)
{
    struct turn_state *state = turn->state;
    struct held_subject *held = held_find(state->batch, subject);
    struct rows rows;

    if (!held) {
        TRY(db_read(turn, &rows, open_or_lock_subject, STR(subject), STR(state->item->trace)));
        struct row row = row_at(&rows, 0);
        held = held_add(state->batch, subject, next_int(&row), state->item->trace);
    }
    if (ret_sequence)
        *ret_sequence = held->sequence;
    return OK;
}

void subject_open(struct turn *turn, const char *subject)
{
    struct turn_state *state = turn->state;

    if (!held_find(state->batch, subject))
        held_add(state->batch, subject, 0, state->item->trace)->is_unsaved = true;
}

void subjects_save(struct turn_state *state)
{
    for (size_t i = 0; i < state->batch->held_count; i++) {
        struct held_subject *held = &state->batch->held[i];
        if (held->is_unsaved)
            db_write(&state->turn, open_subject, STR(held->id), STR(held->trace));
        held->is_unsaved = false;
    }
}

/* ---- telling ---- */

static bool is_told_here(event_type type)
{
    for (const event_type *told = the_service->emits; told && *told; told++)
        if (*told == type)
            return true;
    return false;
}

static int64_t tell_as(struct turn *turn, const char *partner, const char *subject,
                       const void *message)
{
    struct turn_state *state = turn->state;
    const ProtobufCMessage *body = message;
    struct held_subject *held = held_find(state->batch, subject);
    struct text rest, key = text_cut(text_of(subject), '/', &rest);
    struct text package = text_of(body->descriptor->package_name);

    assert(is_told_here(body->descriptor)); /* it stands in main.c's emits table */
    assert(!turn->fact.is_retold);          /* such a fact fills copies, nothing else */
    assert(held);                           /* the subject was locked by this turn */
    held->sequence++;
    state->batch->has_told = true;
    const struct value values[] = {
        { 0 },
        STR(new_id(turn).text),
        TXT(package),
        TXT(key),
        STR(subject),
        INT(held->sequence),
        STR(body->descriptor->name),
        STR(partner),
        STR(arena_format(turn->arena, "%s-%s", state->item->trace, state->span)),
        STR(state->cause),
        INT(turn->now),
        BYTES(message_pack(turn->arena, body)),
        STR(held->trace),
    };
    if (held->is_unsaved)
        db_write_values(turn, &QUERY_open_and_tell, values, COUNT(values) - 1);
    else
        db_write_values(turn, &QUERY_tell, values, COUNT(values) - 2);
    held->is_unsaved = false;
    snprintf(state->position, sizeof state->position, "%s:%s:%lld", the_service->name, subject,
             (long long)held->sequence);
    return held->sequence;
}

int64_t emit(struct turn *turn, const char *subject, const void *message)
{
    return tell_as(turn, turn->state->partner, subject, message);
}

int64_t emit_unowned(struct turn *turn, const char *subject, const void *message)
{
    return tell_as(turn, "", subject, message);
}

void publish(struct turn *turn, const char *topic, const char *key, const char *subject,
             int64_t sequence, const char *event_id, const void *message)
{
    struct turn_state *state = turn->state;
    const ProtobufCMessage *body = message;

    assert(!turn->fact.is_retold);
    state->batch->has_told = true;
    db_write(turn, publish, STR(event_id), STR(topic), STR(key), STR(subject), INT(sequence),
             STR(body->descriptor->name), STR(state->partner),
             STR(arena_format(turn->arena, "%s-%s", state->item->trace, state->span)),
             STR(state->cause), INT(turn->now), BYTES(message_pack(turn->arena, body)));
}

/* ---- after COMMIT ---- */

static struct effect *add_effect(struct turn *turn, enum effect_kind kind)
{
    struct turn_state *state = turn->state;
    struct effect *effect = ARENA_NEW(turn->arena, struct effect);

    assert(!turn->fact.is_retold || kind == EFFECT_LIVE);
    effect->kind = kind;
    *state->effects_end = effect;
    state->effects_end = &effect->next;
    return effect;
}

static struct text keep_text(struct turn *turn, struct text text)
{
    return (struct text){ arena_text(turn->arena, text), text.length };
}

void turn_follow(struct turn *turn, const char *subject, handle_note handler, struct text note)
{
    struct effect *effect = add_effect(turn, EFFECT_NOTE);

    effect->subject = arena_string(turn->arena, subject);
    effect->on_note = handler;
    effect->note = keep_text(turn, note);
}

static const char *keep_string(struct turn *turn, const char *string)
{
    return string ? arena_string(turn->arena, string) : NULL;
}

void call_after_commit(struct turn *turn, const struct call *call)
{
    struct effect *effect = add_effect(turn, EFFECT_CALL);
    struct call *kept = &effect->call;
    size_t headers = 0;

    *kept = *call;
    while (call->headers && call->headers[headers])
        headers++;
    const char **copies = ARENA_ARRAY(turn->arena, const char *, headers + 1);
    for (size_t i = 0; i < headers; i++)
        copies[i] = arena_string(turn->arena, call->headers[i]);
    kept->headers = copies;
    kept->url = arena_string(turn->arena, call->url);
    kept->method = keep_string(turn, call->method);
    kept->mail_from = keep_string(turn, call->mail_from);
    kept->mail_to = keep_string(turn, call->mail_to);
    kept->user = keep_string(turn, call->user);
    kept->password = keep_string(turn, call->password);
    kept->custom = keep_string(turn, call->custom);
    kept->subject = arena_string(turn->arena, call->subject);
    kept->body = keep_text(turn, call->body);
    kept->note = keep_text(turn, call->note);
}

void work_after_commit(struct turn *turn, const struct work *work)
{
    struct effect *effect = add_effect(turn, EFFECT_WORK);
    struct text input = { work->input, work->input_size };

    effect->work = *work;
    effect->work.input = arena_text(turn->arena, input);
    effect->work.subject = arena_string(turn->arena, work->subject);
    effect->work.note = keep_text(turn, work->note);
}

void live_after_commit(struct turn *turn, const char *const command[])
{
    struct effect *effect = add_effect(turn, EFFECT_LIVE);
    size_t count = 0;

    while (command[count])
        count++;
    effect->command = ARENA_ARRAY(turn->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        effect->command[i] = arena_string(turn->arena, command[i]);
}

static void begin_note(const struct turn_state *state, const struct effect *effect)
{
    struct item *item = item_new(ITEM_NOTE, effect->subject, state->item->trace);

    item->run.on_note = effect->on_note;
    item_set_note(item, effect->note);
    loop_add(item);
}

void effects_start(struct turn_state *state)
{
    for (struct effect *effect = state->effects; effect; effect = effect->next) {
        struct exchange *exchange = state->reply.pending ? state->item->exchange : NULL;
        if (effect->kind == EFFECT_CALL)
            outgoing_begin(&effect->call, state->item->trace, state->span, exchange);
        else if (effect->kind == EFFECT_WORK)
            work_begin(&effect->work, state->item->trace);
        else if (effect->kind == EFFECT_LIVE)
            live_send(effect->command);
        else
            begin_note(state, effect);
    }
}
