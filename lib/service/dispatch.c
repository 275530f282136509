/* Calls the handler that an item names, with what it carries, in the form the handler takes. */
#include "lib/service/failpoint.h"
#include "lib/service/loop.h"
#include "lib/service/message.h"
#include "lib/service/queries.h"

const struct subscription *subscription_of(const char *type)
{
    for (const struct subscription *s = the_service->listens; s && s->type; s++)
        if (string_is(s->type->name, type))
            return s;
    return NULL;
}

/* A fact's first field is its subject's whole state; handlers may rely on it. */
static bool lacks_state(const ProtobufCMessage *message)
{
    const ProtobufCFieldDescriptor *first = message->descriptor->fields;
    const char *at = (const char *)message + first->offset;

    return first->type == PROTOBUF_C_TYPE_MESSAGE && first->label != PROTOBUF_C_LABEL_REPEATED &&
           !*(const ProtobufCMessage *const *)(const void *)at;
}

static struct error handle_message(struct turn_state *state)
{
    const struct record *record = &state->item->record;
    const struct subscription *subscription = subscription_of(record->type);
    struct text bytes = { record->payload, record->payload_length };
    ProtobufCMessage *message = NULL;
    struct rows rows;

    if (record->from == FROM_PARKED) {
        TRY(READ(state, &rows, take_parked, STR(record->id)));
        if (rows.count == 0)
            return OK; /* another process has replayed it */
    }
    if (is_retell_end(record->type))
        return on_retell_ended(state);
    TRY(message_unpack(state->arena, subscription->type, bytes, &message));
    if (lacks_state(message))
        return rejected(PROBLEM_MALFORMED, NULL, "the fact lacks its subject's state");
    FAILPOINT("in_fact");
    return subscription->handler(&state->turn, message);
}

static void save_reply(struct turn_state *state)
{
    const struct exchange *exchange = state->item->exchange;
    const char *headers[] = { state->stored_headers ? state->stored_headers : "" };
    const char *actor = arena_format(state->arena, "%s/%s", actor_kind_name(exchange->actor.kind),
                                     exchange->actor.id);

    if (exchange->key && !state->is_read)
        SEND(state, save_request, STR(actor), STR(exchange->key), STR(exchange->hash),
             INT(state->stored_status), text_array(state->arena, headers, 1),
             BYTES(state->stored_reply), INT(state->turn.machine_now));
}

/* Who brings a position along waits until this service has heard that far. */
static struct error wait_for_position(struct turn_state *state)
{
    struct text rest = text_of(request_header(&state->turn, "x-position")), subject;
    struct text source = text_cut(rest, ':', &rest);
    int64_t sequence;
    struct rows rows;

    subject = text_cut(rest, ':', &rest);
    if (!source.length || text_is(source, the_service->name) || !text_number(rest, &sequence))
        return OK;
    TRY(db_read(&state->turn, &rows, heard_up_to, TXT(source), TXT(subject), INT(sequence)));
    if (rows.count)
        return OK;
    turn_waits_to_hear(&state->turn);
    return temporary("%.*s %.*s is not heard up to %lld", (int)source.length, source.at,
                     (int)subject.length, subject.at, (long long)sequence);
}

static struct error handle_request_item(struct turn_state *state)
{
    const struct route *route = state->item->exchange->route;

    TRY(wait_for_position(state));
    TRY(route_decode(state, &state->message));
    TRY(route->handler(&state->turn, state->message, &state->reply));
    if (state->reply.pending)
        return OK;
    route_reply(state);
    save_reply(state);
    return OK;
}

static struct error handle_answered(struct turn_state *state)
{
    const struct item *item = state->item;
    struct answer answer = {
        .status = item->status,
        .body = { item->result, item->result_length },
        .why = item->why ? item->why : "",
        .note = { item->note, item->note_length },
        .took_ms = item->took_ms,
        .was_sent = item->was_sent,
        .retry_after_ms = item->retry_after_ms,
        .position = item->position ? item->position : "",
    };

    TRY(item->run.on_answer(&state->turn, &answer));
    if (item->exchange && !state->reply.pending)
        route_reply(state);
    return OK;
}

static struct error handle_due_item(struct turn_state *state)
{
    return state->item->timer->handler(&state->turn, state->item->subject);
}

struct error turn_handle(struct turn_state *state)
{
    const struct item *item = state->item;
    struct text note = { item->note, item->note_length };
    const struct log_field fields[] = { TEXT("trace", item->trace),
                                        TEXT("subject", item->subject),
                                        { 0 } };

    state->turn.state = state;
    log_context(fields);
    struct error error;
    if (item->kind == ITEM_MESSAGE)
        error = handle_message(state);
    else if (item->kind == ITEM_REQUEST)
        error = handle_request_item(state);
    else if (item->kind == ITEM_DUE)
        error = handle_due_item(state);
    else if (item->kind == ITEM_NOTE)
        error = item->run.on_note(&state->turn, note);
    else if (item->kind == ITEM_ANSWER)
        error = handle_answered(state);
    else if (item->kind == ITEM_RESULT)
        error = item->run.on_result(&state->turn, item->result, item->result_length, note);
    else
        error = item->command->run(&state->turn, item->word_count, item->words);
    log_context(NULL);
    return error;
}

struct reply *reply_later(struct turn *turn)
{
    return turn->state->item->exchange ? &turn->state->reply : NULL;
}
