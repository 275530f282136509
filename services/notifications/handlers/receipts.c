/* What the SMS gateway says later: reached the telephone, or did not. Receipts come late and twice
 * and never take a message back. */
#include "proto/notifications.pb-c.h"
#include "services/notifications/config.h"
#include "services/notifications/handlers.h"
#include "services/notifications/webhook_signature.h"

static struct error check_signature(struct turn *turn)
{
    const char *given = request_header(turn, "x-signature");

    if (string_empty(config.sms_receipts_secret) ||
        !receipt_signature_good(config.sms_receipts_secret, request_body(turn), given))
        return rejected(PROBLEM_UNAUTHENTICATED, "X-Signature", "a receipt that is not signed");
    return OK;
}

/* The order's lock first, then the message as it is under it. */
static struct error load_locked(struct turn *turn, const char *message_id,
                                struct ledger_message *ret_message)
{
    if (!id_valid(message_id))
        return rejected(PROBLEM_NOT_FOUND, "/reference", "no message %.40s", message_id);
    turn_looks_over_walls(turn);
    TRY(store_load_message(turn, message_id, ret_message));
    turn_belongs_to(turn, ret_message->partner_id);
    TRY(subject_lock(turn, ret_message->work_order_id, NULL));
    return store_load_message(turn, message_id, ret_message);
}

struct error take_sms_receipt(struct turn *turn, const void *message, struct reply *reply)
{
    struct ledger_message kept;
    ProtobufCMessage *read = NULL;

    (void)message;
    TRY(check_signature(turn));
    TRY(foreign_parse(turn, &sms_receipt__descriptor, request_body(turn), &read));
    const SmsReceipt *receipt = (const SmsReceipt *)read;
    reply->status = 204;
    bool is_delivered = string_is(receipt->status, "delivered");
    if (!is_delivered && !string_is(receipt->status, "undelivered"))
        return OK; /* on its way */
    TRY(load_locked(turn, receipt->reference, &kept));
    enum message_state state = is_delivered ? MESSAGE_DELIVERED : MESSAGE_FAILED;
    if (!message_may_become(kept.state, state) || kept.channel != CHANNEL_SMS ||
        kept.state == MESSAGE_QUEUED)
        return OK;
    kept.gateway_id = receipt->id;
    kept.look_again_at = INT64_MAX;
    return message_settle(turn, &kept, state, is_delivered ? "" : receipt->status);
}
