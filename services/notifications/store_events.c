/* Partner events, subscriptions and what is on its way to them, in PostgreSQL. */
#include "lib/service/message.h"
#include "services/notifications/queries.h"
#include "services/notifications/store.h"

static const char *const stream_states[] = {
    [STREAM_IDLE] = "idle", [STREAM_WAITING] = "waiting", [STREAM_SENDING] = "sending"
};

/* ---- events ---- */

struct error store_next_sequence(struct turn *turn, const char *partner_id,
                                 const char *work_order_id, struct next_sequence *ret_next)
{
    struct rows rows;

    TRY(db_read(turn, &rows, next_sequence, STR(partner_id), STR(work_order_id)));
    struct row row = row_at(&rows, 0);
    ret_next->sequence = next_int(&row);
    ret_next->has_topic = next_bool(&row);
    ret_next->has_webhook = next_bool(&row);
    return OK;
}

void store_save_event(struct turn *turn, const char *partner_id, const OrderEvent *event)
{
    struct text body = message_pack(turn->arena, &event->base);

    db_write(turn, save_event, STR(event->event_id), STR(partner_id), STR(event->work_order_id),
             INT(event->sequence), STR(event->type), INT(event->at), BYTES(body));
}

static struct error read_event(struct turn *turn, struct text body, OrderEvent **ret_event)
{
    ProtobufCMessage *message = NULL;

    TRY(message_unpack(turn->arena, &order_event__descriptor, body, &message));
    *ret_event = (OrderEvent *)message;
    return OK;
}

struct error store_load_event(struct turn *turn, const char *partner_id, const char *work_order_id,
                              int64_t sequence, OrderEvent **ret_event, bool *ret_is_there)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_event, STR(work_order_id), INT(sequence), STR(partner_id)));
    *ret_is_there = rows.count > 0;
    if (rows.count == 0)
        return OK;
    struct row row = row_at(&rows, 0);
    next_text(&row);
    return read_event(turn, next_bytes(&row, turn->arena), ret_event);
}

struct error store_load_events(struct turn *turn, const struct event_page *page,
                               struct events *ret_events)
{
    struct events events = { .last_event_id = "" };
    struct rows rows;

    if (page->work_order_id[0])
        TRY(db_read(turn, &rows, order_events, STR(page->work_order_id), INT(page->after_sequence),
                    INT(page->from), INT(page->until), INT(page->most)));
    else
        TRY(db_read(turn, &rows, partner_feed, STR(page->partner_id), STR(page->after_event_id),
                    INT(page->from), INT(page->until), INT(page->most)));
    events.at = ARENA_ARRAY(turn->arena, OrderEvent *, (size_t)rows.count + 1);
    for (; events.count < (size_t)rows.count; events.count++) {
        struct row row = row_at(&rows, (int)events.count);
        TRY(read_event(turn, next_bytes(&row, turn->arena), &events.at[events.count]));
        events.last_event_id = next_text(&row);
    }
    *ret_events = events;
    return OK;
}

/* ---- subscriptions ---- */

void store_save_subscription(struct turn *turn, const char *partner_id,
                             const struct subscriber *subscriber)
{
    db_write(turn, save_subscription, STR(subscriber->subscription_id), STR(partner_id),
             STR(subscriber->kind), STR(subscriber->url), STR(subscriber->secret),
             INT(subscriber->created_at));
}

static struct subscribers room_for(struct turn *turn, const struct rows *rows)
{
    return (struct subscribers){
        ARENA_ARRAY(turn->arena, struct subscriber, (size_t)rows->count + 1), (size_t)rows->count
    };
}

struct error store_load_subscriptions(struct turn *turn, const char *partner_id,
                                      struct subscribers *ret_subscribers)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_subscriptions, STR(partner_id)));
    struct subscribers subscribers = room_for(turn, &rows);
    for (size_t i = 0; i < subscribers.count; i++) {
        struct row row = row_at(&rows, (int)i);
        struct subscriber *subscriber = &subscribers.at[i];
        subscriber->subscription_id = next_text(&row);
        subscriber->kind = next_text(&row);
        subscriber->url = next_text(&row);
        subscriber->state = next_text(&row);
        subscriber->failing_since = next_int(&row);
        subscriber->created_at = next_int(&row);
        subscriber->waiting = next_int(&row);
    }
    *ret_subscribers = subscribers;
    return OK;
}

struct error store_load_topic_subscription(struct turn *turn, const char *partner_id,
                                           struct subscriber *ret_subscriber)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_topic_subscription, STR(partner_id)));
    *ret_subscriber = (struct subscriber){ .subscription_id = "" };
    if (rows.count == 0)
        return OK;
    struct row row = row_at(&rows, 0);
    ret_subscriber->subscription_id = next_text(&row);
    ret_subscriber->created_at = next_int(&row);
    return OK;
}

struct error store_end_subscription(struct turn *turn, const char *subscription_id,
                                    const char *state)
{
    struct rows rows = { 0 };

    if (id_valid(subscription_id))
        TRY(db_read(turn, &rows, set_subscription_state, STR(subscription_id), STR(state)));
    return rows.count ? OK
                      : rejected(PROBLEM_NOT_FOUND, "subscription_id", "no subscription %.40s",
                                 subscription_id);
}

/* ---- streams ---- */

struct error store_queue_event(struct turn *turn, const char *partner_id, const OrderEvent *event,
                               struct subscribers *ret_send_now)
{
    struct rows rows;

    TRY(db_read(turn, &rows, queue_event, STR(partner_id), STR(event->work_order_id),
                INT(event->sequence), INT(turn->machine_now),
                INT(turn->machine_now + ANSWER_OVERDUE_MS), INT(IN_FLIGHT_MOST)));
    struct subscribers subscribers = room_for(turn, &rows);
    for (size_t i = 0; i < subscribers.count; i++) {
        struct row row = row_at(&rows, (int)i);
        subscribers.at[i].subscription_id = next_text(&row);
        subscribers.at[i].url = next_text(&row);
        subscribers.at[i].secret = next_text(&row);
    }
    *ret_send_now = subscribers;
    return OK;
}

static enum stream_state stream_state_of(const char *name)
{
    return string_is(name, "sending")   ? STREAM_SENDING
           : string_is(name, "waiting") ? STREAM_WAITING
                                        : STREAM_IDLE;
}

struct error store_load_stream(struct turn *turn, const char *subscription_id,
                               const char *work_order_id, struct stream *ret_stream)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_stream, STR(subscription_id), STR(work_order_id)));
    if (rows.count == 0)
        return rejected(PROBLEM_NOT_FOUND, NULL, "no stream %.40s", subscription_id);
    struct row row = row_at(&rows, 0);
    struct stream stream = { .subscription_id = arena_string(turn->arena, subscription_id),
                             .work_order_id = arena_string(turn->arena, work_order_id) };
    stream.partner_id = next_text(&row);
    stream.next_sequence = next_int(&row);
    stream.state = stream_state_of(next_text(&row));
    stream.due_at = next_int(&row);
    stream.attempts = next_int(&row);
    stream.url = next_text(&row);
    stream.secret = next_text(&row);
    stream.is_active = string_is(next_text(&row), "active");
    stream.failing_since = next_int(&row);
    stream.is_told = next_bool(&row);
    *ret_stream = stream;
    return OK;
}

void store_save_stream(struct turn *turn, const struct stream *stream)
{
    db_write(turn, save_stream, STR(stream->subscription_id), STR(stream->work_order_id),
             INT(stream->next_sequence), STR(stream_states[stream->state]), INT(stream->due_at),
             INT(stream->attempts));
}

struct error store_load_ready_streams(struct turn *turn, const char *work_order_id,
                                      const char *woken, const char *const **ret_ids,
                                      size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_ready_streams, STR(work_order_id), INT(turn->machine_now),
                STR(woken)));
    const char **ids = ARENA_ARRAY(turn->arena, const char *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ids[i] = next_text(&row);
    }
    *ret_ids = ids;
    *ret_count = (size_t)rows.count;
    return OK;
}

struct error store_reserve_waiting_stream(struct turn *turn, const char *subscription_id,
                                          const char **ret_work_order_id)
{
    struct rows rows;

    TRY(db_read(turn, &rows, reserve_waiting_stream, STR(subscription_id), INT(turn->machine_now),
                INT(turn->machine_now + SECONDS(1))));
    *ret_work_order_id = "";
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_work_order_id = next_text(&row);
    }
    return OK;
}

void store_wake_streams(struct turn *turn, const char *subscription_id)
{
    db_write(turn, wake_streams, STR(subscription_id), INT(turn->machine_now));
}

void store_save_delivery(struct turn *turn, const struct delivery *delivery)
{
    db_write(turn, save_delivery, STR(delivery->subscription_id), STR(delivery->event_id),
             STR(delivery->partner_id), INT(delivery->status), STR(delivery->why),
             INT(delivery->took_ms), INT(turn->now), INT(delivery->is_accepted ? turn->now : 0));
}

void store_prune_deliveries(struct turn *turn, timestamp before)
{
    db_write(turn, prune_deliveries, INT(before));
}

/* ---- endpoints that fail ---- */

void store_save_failing(struct turn *turn, const char *subscription_id)
{
    db_write(turn, save_failing, STR(subscription_id), INT(turn->now), INT(turn->machine_now));
}

void store_save_recovered(struct turn *turn, const char *subscription_id)
{
    db_write(turn, save_recovered, STR(subscription_id));
}

struct error store_load_failing_endpoints(struct turn *turn, const char *partner_id,
                                          timestamp since_machine,
                                          struct subscribers *ret_subscribers)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_failing_endpoints, STR(partner_id), INT(since_machine)));
    struct subscribers subscribers = room_for(turn, &rows);
    for (size_t i = 0; i < subscribers.count; i++) {
        struct row row = row_at(&rows, (int)i);
        subscribers.at[i].subscription_id = next_text(&row);
        subscribers.at[i].failing_since = next_int(&row);
        subscribers.at[i].waiting = next_int(&row);
    }
    *ret_subscribers = subscribers;
    return OK;
}

void store_save_told(struct turn *turn, const char *subscription_id)
{
    db_write(turn, save_told, STR(subscription_id));
}
