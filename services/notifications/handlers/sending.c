/* One message on its way out: the ledger says 'sending' before anything leaves, so that a crash in
 * between is seen; the answer settles it. */
#include "proto/notifications.pb-c.h"
#include "services/notifications/config.h"
#include "services/notifications/domain/mail_message.h"
#include "services/notifications/handlers.h"

enum { SEND_TIMEOUT_MS = 10000, OVERDUE_MS = 60000, PARTNER_LATE_MS = 500 };

static Message told_message(const struct ledger_message *message)
{
    Message told = MESSAGE__INIT;

    told.message_id = message->message_id;
    told.work_order_id = message->work_order_id;
    told.partner_id = message->partner_id;
    told.person_id = message->person_id;
    told.template_ = message->template->name;
    told.channel = message_channel_name(message->channel);
    told.occurrence = message->occurrence;
    told.state = (MessageState)message->state;
    told.created_at = message->created_at;
    told.sent_at = message->sent_at;
    told.attempts = (int32_t)message->attempts;
    told.visit_id = message->visit_id;
    return told;
}

static struct error tell_sent(struct turn *turn, const struct ledger_message *message)
{
    const char *kind = message->channel == CHANNEL_SMS ? "SMS" : "e-mail";
    const struct word words[] = {
        { "message", arena_format(turn->arena, "%s (%s)", message->template->label, kind) },
        { 0 },
    };
    Message whole = told_message(message);
    MessageSent told = MESSAGE_SENT__INIT;
    OrderEvent event = ORDER_EVENT__INIT;
    struct order order;

    told.message = &whole;
    emit(turn, message->work_order_id, &told);
    TRY(store_load_order(turn, message->work_order_id, &order));
    return partner_event_tell(turn, &order, MESSAGE_WAS_SENT, &event, words);
}

struct error message_settle(struct turn *turn, struct ledger_message *message,
                            enum message_state state, const char *reason)
{
    bool was_sent = message->state == MESSAGE_SENT || message->state == MESSAGE_DELIVERED;

    assert(message_may_become(message->state, state));
    message->state = state;
    message->reason = reason;
    if (!was_sent && (state == MESSAGE_SENT || state == MESSAGE_DELIVERED))
        message->sent_at = turn->now;
    if (state == MESSAGE_DELIVERED)
        message->delivered_at = turn->now;
    store_save_message(turn, message);
    if (state == MESSAGE_FAILED) {
        Message whole = told_message(message);
        MessageFailed told = MESSAGE_FAILED__INIT;
        told.message = &whole;
        told.reason = reason;
        emit(turn, message->work_order_id, &told);
    }
    bool is_sent = state == MESSAGE_SENT || state == MESSAGE_DELIVERED;
    return is_sent && !was_sent ? tell_sent(turn, message) : OK;
}

struct error message_drop(struct turn *turn, const struct ledger_message *message,
                          const char *reason)
{
    struct ledger_message dropped = *message;
    MessageDropped told = MESSAGE_DROPPED__INIT;

    assert(message_may_become(message->state, MESSAGE_DROPPED));
    dropped.state = MESSAGE_DROPPED;
    dropped.reason = reason;
    store_save_message(turn, &dropped);
    Message whole = told_message(&dropped);
    told.message = &whole;
    told.reason = reason;
    emit(turn, message->work_order_id, &told);
    return OK;
}

/* ---- the answer ---- */

/* Notes are "message_id attempt". */
static bool read_note(struct turn *turn, struct text note, const char **ret_message_id,
                      int64_t *ret_attempt)
{
    struct text rest, id = text_cut(note, ' ', &rest);

    *ret_message_id = arena_text(turn->arena, id);
    return text_number(rest, ret_attempt);
}

static void read_gateway_id(struct turn *turn, const struct answer *answer,
                            struct ledger_message *message)
{
    ProtobufCMessage *read = NULL;
    struct error error = foreign_parse(turn, &sms_send_reply__descriptor, answer->body, &read);

    if (error.kind == ERROR_NONE)
        message->gateway_id = ((const SmsSendReply *)read)->id;
}

static struct error on_sent(struct turn *turn, const struct answer *answer)
{
    struct ledger_message message;
    const char *message_id, *why;
    int64_t attempt = 0;

    if (!read_note(turn, answer->note, &message_id, &attempt))
        return fatal("a call's note is not ours: %.40s", message_id);
    TRY(store_load_message(turn, message_id, &message));
    if (message.state != MESSAGE_SENDING || message.attempts != attempt)
        return OK; /* a receipt or the clock was faster */
    turn_belongs_to(turn, message.partner_id);
    why = answer->status ? arena_format(turn->arena, "status_%d", answer->status) : "no_connection";
    switch (judge_sending(message.channel, answer->status, answer->was_sent)) {
    case SENDING_TAKEN:
        if (message.channel == CHANNEL_SMS)
            read_gateway_id(turn, answer, &message);
        message.look_again_at = INT64_MAX;
        return message_settle(turn, &message, MESSAGE_SENT, "");
    case SENDING_REFUSED:
        return message_settle(turn, &message, MESSAGE_FAILED, why);
    case SENDING_RETRY:
        message.look_again_at = turn->machine_now + sending_retry_ms((int)attempt);
        return message_settle(turn, &message, MESSAGE_QUEUED, why);
    case SENDING_UNKNOWN:
        break;
    }
    message.look_again_at = message.channel == CHANNEL_SMS ? turn->machine_now : INT64_MAX;
    return message_settle(turn, &message, MESSAGE_UNKNOWN, answer->status ? why : "no_answer");
}

/* ---- on its way ---- */

static void call_gateway(struct turn *turn, const struct ledger_message *message, const char *to,
                         const char *note)
{
    static const char *const headers[] = { "Content-Type: application/json", NULL };
    SmsSendRequest request = SMS_SEND_REQUEST__INIT;

    request.to = to;
    request.text = message->body;
    request.reference = message->message_id;
    request.sender = config.sms_sender;
    request.callback_url = config.sms_receipts_url ? config.sms_receipts_url : "";
    struct call call = {
        .method = "POST",
        .url = config.sms_url,
        .headers = headers,
        .body = json_write(turn->arena, &request.base, 0),
        .timeout_ms = SEND_TIMEOUT_MS,
        .subject = message->work_order_id,
        .to = "sms",
        .on_answer = on_sent,
        .note = text_of(note),
    };
    call_after_commit(turn, &call);
}

static void call_mail_server(struct turn *turn, const struct order *order,
                             const struct ledger_message *message, const char *to, const char *note)
{
    const char *name, *from;

    bool is_good = mail_address_split(turn->arena, config.mail_from, &name, &from);
    assert(is_good); /* looked at when the service started */
    (void)is_good;
    struct call call = {
        .url = config.smtp_url,
        .body = message_as_mail(turn, order, message, to),
        .timeout_ms = SEND_TIMEOUT_MS,
        .mail_from = from,
        .mail_to = to,
        .user = config.smtp_user,
        .password = config.smtp_password,
        .subject = message->work_order_id,
        .to = "mail",
        .on_answer = on_sent,
        .note = text_of(note),
    };
    call_after_commit(turn, &call);
}

struct error message_send(struct turn *turn, const struct order *order,
                          struct ledger_message *message, const char *to)
{
    const char *missing;
    bool is_sms = message->channel == CHANNEL_SMS;

    /* PartnerChanged comes by another partition than the order: his name may be a moment late. */
    if (!message->body[0] && string_empty(order->partner_name)) {
        message->look_again_at = turn->machine_now + PARTNER_LATE_MS;
        store_save_message(turn, message);
        return OK;
    }
    if (!message->body[0] && !message_render(turn, order, message, &missing))
        return message_settle(turn, message, MESSAGE_FAILED,
                              arena_format(turn->arena, "missing_%s", missing));
    message->state = MESSAGE_SENDING;
    message->attempts++;
    message->look_again_at = turn->machine_now + OVERDUE_MS;
    if (string_empty(is_sms ? config.sms_url : config.smtp_url)) {
        message->look_again_at = INT64_MAX;
        return message_settle(turn, message, MESSAGE_SENT, "test_mode");
    }
    store_save_message(turn, message);
    const char *note =
        arena_format(turn->arena, "%s %lld", message->message_id, (long long)message->attempts);
    if (is_sms)
        call_gateway(turn, message, to, note);
    else
        call_mail_server(turn, order, message, to, note);
    return OK;
}

/* ---- messages whose fate is not known ---- */

static struct error on_asked(struct turn *turn, const struct answer *answer)
{
    struct ledger_message message;
    ProtobufCMessage *read = NULL;
    const char *message_id, *status;
    int64_t attempt = 0;

    if (!read_note(turn, answer->note, &message_id, &attempt))
        return fatal("a call's note is not ours: %.40s", message_id);
    TRY(store_load_message(turn, message_id, &message));
    if (message.state != MESSAGE_UNKNOWN || message.attempts != attempt)
        return OK;
    turn_belongs_to(turn, message.partner_id);
    message.look_again_at = turn->machine_now;
    if (answer->status == 404) /* it has never seen the reference: nothing reached anybody */
        return message_settle(turn, &message, MESSAGE_QUEUED, "never_taken_in");
    struct error error = foreign_parse(turn, &sms_send_reply__descriptor, answer->body, &read);
    if (answer->status != 200 || error.kind != ERROR_NONE)
        return OK; /* asked again later */
    message.look_again_at = INT64_MAX;
    message.gateway_id = ((const SmsSendReply *)read)->id;
    status = ((const SmsSendReply *)read)->status;
    if (string_is(status, "undelivered"))
        return message_settle(turn, &message, MESSAGE_FAILED, status);
    return message_settle(turn, &message,
                          string_is(status, "delivered") ? MESSAGE_DELIVERED : MESSAGE_SENT, "");
}

void message_ask_gateway(struct turn *turn, struct ledger_message *message)
{
    struct call call = {
        .method = "GET",
        .url = arena_format(turn->arena, "%s/%s", config.sms_url, message->message_id),
        .timeout_ms = SEND_TIMEOUT_MS,
        .subject = message->work_order_id,
        .to = "sms",
        .on_answer = on_asked,
        .note = text_of(arena_format(turn->arena, "%s %lld", message->message_id,
                                     (long long)message->attempts)),
    };

    message->look_again_at = turn->machine_now + OVERDUE_MS;
    store_save_message(turn, message);
    call_after_commit(turn, &call);
}
