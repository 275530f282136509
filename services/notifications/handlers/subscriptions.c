/* A partner says where his events shall go: to a webhook of his, or to a topic of his own. */
#include "proto/notifications.pb-c.h"
#include "services/notifications/config.h"
#include "services/notifications/handlers.h"
#include "services/notifications/webhook_signature.h"

enum { SUBSCRIPTIONS_MOST = 20 };

static const char *topic_of(struct turn *turn)
{
    return arena_format(turn->arena, "partner.%s.v1", turn->actor.partner);
}

static void write_subscription(struct turn *turn, const struct subscriber *subscriber,
                               SubscriptionReply *told)
{
    bool is_failing = subscriber->failing_since != 0;

    subscription_reply__init(told);
    told->subscription_id = subscriber->subscription_id;
    told->kind = subscriber->kind;
    told->url = subscriber->url;
    told->topic = string_is(subscriber->kind, "topic") ? topic_of(turn) : "";
    told->state = is_failing ? "failing" : subscriber->state;
    told->failing_since = subscriber->failing_since;
    told->waiting = subscriber->waiting;
    told->created_at = subscriber->created_at;
}

static struct error check_url(struct turn *turn, const SubscriptionRequest *request)
{
    struct text url = text_of(request->url);
    bool is_topic = string_is(request->kind, "topic");

    if (is_topic && url.length)
        return refuse_field(turn, "/url", "unknown", "Temat nie ma adresu: pomiń to pole.");
    if (is_topic || text_starts(url, "https://") ||
        (config.allows_private_webhooks && text_starts(url, "http://")))
        return OK;
    return refuse_field(turn, "/url", "pattern", "Podaj adres, który zaczyna się od https://.");
}

static struct error check_count(struct turn *turn)
{
    struct subscribers all;

    TRY(store_load_subscriptions(turn, turn->actor.partner, &all));
    return all.count < SUBSCRIPTIONS_MOST
               ? OK
               : rejected(PROBLEM_CONFLICT, NULL, "%d subscriptions are there already",
                          SUBSCRIPTIONS_MOST);
}

struct error open_subscription(struct turn *turn, const void *message, struct reply *reply)
{
    const SubscriptionRequest *request = message;
    SubscriptionReply *told = ARENA_NEW(turn->arena, SubscriptionReply);
    bool is_topic = string_is(request->kind, "topic");
    struct subscriber subscriber = { .subscription_id = "" };

    TRY(check_url(turn, request));
    TRY(subject_lock(turn, turn->actor.partner, NULL));
    if (is_topic)
        TRY(store_load_topic_subscription(turn, turn->actor.partner, &subscriber));
    bool is_new = !subscriber.subscription_id[0];
    subscriber.kind = request->kind;
    subscriber.url = request->url;
    subscriber.state = "active";
    if (is_new) {
        TRY(check_count(turn));
        subscriber.subscription_id = arena_string(turn->arena, new_id(turn).text);
        subscriber.secret = is_topic ? "" : webhook_secret(turn->arena);
        subscriber.created_at = turn->now;
        store_save_subscription(turn, turn->actor.partner, &subscriber);
    }
    write_subscription(turn, &subscriber, told);
    told->secret = is_new ? subscriber.secret : "";
    reply->message = told;
    reply->is_new = is_new;
    return OK;
}

struct error list_subscriptions(struct turn *turn, const void *message, struct reply *reply)
{
    SubscriptionList *list = ARENA_NEW(turn->arena, SubscriptionList);
    struct subscribers all;

    (void)message;
    TRY(store_load_subscriptions(turn, turn->actor.partner, &all));
    subscription_list__init(list);
    list->subscriptions = ARENA_ARRAY(turn->arena, SubscriptionReply *, all.count + 1);
    for (; list->n_subscriptions < all.count; list->n_subscriptions++) {
        SubscriptionReply *told = ARENA_NEW(turn->arena, SubscriptionReply);
        write_subscription(turn, &all.at[list->n_subscriptions], told);
        list->subscriptions[list->n_subscriptions] = told;
    }
    reply->message = list;
    return OK;
}

struct error end_subscription(struct turn *turn, const void *message, struct reply *reply)
{
    (void)message;
    reply->status = 204;
    return store_end_subscription(turn, path_parameter(turn, "subscription_id"), "deleted");
}
