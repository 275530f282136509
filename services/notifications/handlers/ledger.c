/* The log of messages on an order's page: what was said, when, how it ended; never to which number
 * or address, never with a token that works. */
#include "proto/notifications.pb-c.h"
#include "services/notifications/handlers.h"
#include "services/notifications/link_token.h"

static Message *write_message(struct turn *turn, const struct ledger_message *kept)
{
    Message *told = ARENA_NEW(turn->arena, Message);

    message__init(told);
    told->message_id = kept->message_id;
    told->work_order_id = kept->work_order_id;
    told->partner_id = kept->partner_id;
    told->person_id = kept->person_id;
    told->template_ = kept->template->name;
    told->channel = message_channel_name(kept->channel);
    told->occurrence = kept->occurrence;
    told->state = (MessageState)kept->state;
    told->created_at = kept->created_at;
    told->sent_at = kept->sent_at;
    told->attempts = (int32_t)kept->attempts;
    told->visit_id = kept->visit_id;
    return told;
}

static MessageText *write_text(struct turn *turn, const struct ledger_message *kept)
{
    MessageText *told = ARENA_NEW(turn->arena, MessageText);

    message_text__init(told);
    told->message_id = kept->message_id;
    /* Whoever runs the machines looks when and how, not what. */
    told->text = turn->actor.kind == ACTOR_OPERATOR ? arena_string(turn->arena, "")
                                                    : link_tokens_hidden(turn->arena, kept->body);
    told->template_version = (int32_t)kept->template_version;
    told->reason = kept->reason;
    told->delivered_at = kept->delivered_at;
    return told;
}

struct error list_messages(struct turn *turn, const void *message, struct reply *reply)
{
    const char *work_order_id = query_parameter(turn, "work_order_id");
    MessageList *list = ARENA_NEW(turn->arena, MessageList);
    struct ledger_messages kept;

    (void)message;
    if (!id_valid(work_order_id))
        return refuse_field(turn, "work_order_id", "pattern",
                            "Podaj identyfikator zlecenia (UUID).");
    TRY(store_load_messages(turn, work_order_id, &kept));
    message_list__init(list);
    list->messages = ARENA_ARRAY(turn->arena, Message *, kept.count + 1);
    list->texts = ARENA_ARRAY(turn->arena, MessageText *, kept.count + 1);
    for (size_t i = 0; i < kept.count; i++) {
        list->messages[list->n_messages++] = write_message(turn, &kept.at[i]);
        list->texts[list->n_texts++] = write_text(turn, &kept.at[i]);
    }
    reply->message = list;
    return OK;
}
