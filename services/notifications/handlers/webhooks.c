/* Events on their way to a partner's endpoint (Standard Webhooks). An order's next event is sent
 * when the one before was accepted; orders do not wait for each other. The first try leaves with
 * the turn that took the fact, the timer only repeats. */
#include "services/notifications/config.h"
#include "services/notifications/domain/webhook_retry.h"
#include "services/notifications/handlers.h"
#include "services/notifications/webhook_signature.h"

enum { WEBHOOK_TIMEOUT_MS = 10000 };

static struct error on_webhook_answer(struct turn *turn, const struct answer *answer);

struct error webhook_send(struct turn *turn, const struct subscriber *to, const OrderEvent *event,
                          int64_t attempt)
{
    struct arena *arena = turn->arena;
    struct text body = json_write(arena, &event->base, 0);
    int64_t at_seconds = turn->machine_now / 1000;
    const char *const headers[] = {
        "Content-Type: application/json",
        arena_format(arena, "webhook-id: %s", event->event_id),
        arena_format(arena, "webhook-timestamp: %lld", (long long)at_seconds),
        arena_format(arena, "webhook-signature: %s",
                     webhook_signature(arena, to->secret, event->event_id, at_seconds, body)),
        "User-Agent: Majster-Webhooks/1",
        NULL,
    };
    struct call call = {
        .method = "POST",
        .url = to->url,
        .headers = headers,
        .body = body,
        .timeout_ms = WEBHOOK_TIMEOUT_MS,
        .only_public = !config.allows_private_webhooks,
        .subject = event->work_order_id,
        .to = "webhook",
        .on_answer = on_webhook_answer,
        .note = text_of(arena_format(arena, "%s %lld %lld", to->subscription_id,
                                     (long long)event->sequence, (long long)attempt)),
    };

    call_after_commit(turn, &call);
    return OK;
}

/* The stream's next event leaves; without one the stream rests. */
static struct error send_next(struct turn *turn, struct stream *stream)
{
    OrderEvent *event = NULL;
    bool is_there = false;

    if (stream->is_active)
        TRY(store_load_event(turn, stream->partner_id, stream->work_order_id, stream->next_sequence,
                             &event, &is_there));
    if (!is_there) {
        stream->state = STREAM_IDLE;
        store_save_stream(turn, stream);
        return OK;
    }
    stream->state = STREAM_SENDING;
    stream->due_at = turn->machine_now + ANSWER_OVERDUE_MS;
    stream->attempts++;
    store_save_stream(turn, stream);
    struct subscriber to = { .subscription_id = stream->subscription_id,
                             .url = stream->url,
                             .secret = stream->secret };
    return webhook_send(turn, &to, event, stream->attempts);
}

static struct error send_ready(struct turn *turn, const char *work_order_id, const char *woken)
{
    const char *const *ids;
    struct stream stream;
    size_t count;

    TRY(store_load_ready_streams(turn, work_order_id, woken, &ids, &count));
    for (size_t i = 0; i < count; i++) {
        TRY(store_load_stream(turn, ids[i], work_order_id, &stream));
        TRY(send_next(turn, &stream));
    }
    return OK;
}

struct error webhooks_due(struct turn *turn, const char *work_order_id)
{
    return send_ready(turn, work_order_id, "");
}

static struct error on_woken(struct turn *turn, struct text note)
{
    return send_ready(turn, turn->subject, arena_text(turn->arena, note));
}

/* ---- the answer ---- */

struct webhook_note {
    const char *subscription_id;
    int64_t sequence, attempt;
};

static struct error read_note(struct turn *turn, struct text note, struct webhook_note *ret_note)
{
    struct text rest, id = text_cut(note, ' ', &rest);
    struct text sequence = text_cut(rest, ' ', &rest);

    ret_note->subscription_id = arena_text(turn->arena, id);
    if (!text_number(sequence, &ret_note->sequence) || !text_number(rest, &ret_note->attempt))
        return fatal("a call's note is not ours: %.60s", ret_note->subscription_id);
    return OK;
}

static uint64_t dice_of(const char *event_id)
{
    uint64_t dice = UINT64_C(14695981039346656037); /* FNV-1a */

    for (; *event_id; event_id++)
        dice = (dice ^ (unsigned char)*event_id) * UINT64_C(1099511628211);
    return dice;
}

static struct error accepted(struct turn *turn, struct stream *stream)
{
    const char *waiting;

    if (stream->failing_since)
        TRY(endpoint_recovered(turn, stream));
    stream->next_sequence++;
    stream->attempts = 0;
    TRY(send_next(turn, stream));
    if (stream->state != STREAM_IDLE)
        return OK;
    /* There is room for an order that had to wait. */
    TRY(store_reserve_waiting_stream(turn, stream->subscription_id, &waiting));
    if (waiting[0])
        turn_follow(turn, waiting, on_woken, text_of(stream->subscription_id));
    return OK;
}

static struct error judge(struct turn *turn, struct stream *stream, const struct webhook_step *step)
{
    if (step->verdict == WEBHOOK_TAKEN)
        return accepted(turn, stream);
    stream->state = step->verdict == WEBHOOK_GONE ? STREAM_IDLE : STREAM_WAITING;
    stream->due_at = turn->machine_now + step->wait_ms;
    store_save_stream(turn, stream);
    if (step->verdict == WEBHOOK_GONE)
        return endpoint_gone(turn, stream);
    return stream->failing_since ? OK : endpoint_failed(turn, stream);
}

static struct error on_webhook_answer(struct turn *turn, const struct answer *answer)
{
    struct webhook_note note;
    struct stream stream;
    OrderEvent *event = NULL;
    bool is_there;

    TRY(read_note(turn, answer->note, &note));
    TRY(store_load_stream(turn, note.subscription_id, turn->subject, &stream));
    if (stream.state != STREAM_SENDING || stream.next_sequence != note.sequence ||
        stream.attempts != note.attempt)
        return OK; /* the clock was faster and has sent it again */
    turn_belongs_to(turn, stream.partner_id);
    TRY(store_load_event(turn, stream.partner_id, turn->subject, note.sequence, &event, &is_there));
    assert(is_there);
    struct webhook_step step = decide_webhook(answer->status, (int)note.attempt,
                                              answer->retry_after_ms, dice_of(event->event_id));
    struct delivery delivery = {
        .subscription_id = stream.subscription_id,
        .event_id = event->event_id,
        .partner_id = stream.partner_id,
        .status = answer->status,
        .why = answer->status ? "" : answer->why,
        .took_ms = answer->took_ms,
        .is_accepted = step.verdict == WEBHOOK_TAKEN,
    };
    store_save_delivery(turn, &delivery);
    return judge(turn, &stream, &step);
}
