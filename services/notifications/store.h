/* What notifications keeps. store.c holds orders and messages, store_events.c what partners are
 * told, store_links.c links; only these know SQL. Strings that are loaded live until the turn ends.
 */
#pragma once
#include "lib/service/db.h"
#include "lib/service/turn.h"
#include "proto/notifications.pb-c.h"
#include "proto/partner.pb-c.h"
#include "services/notifications/domain/message_states.h"
#include "services/notifications/domain/send_time.h"

/* ---- orders ---- */

struct visit {
    const char *visit_id; /* "" when none was ever promised */
    int64_t moves;
    enum visit_course course;
    timestamp start_at;
    int64_t tolerance_ms, length_ms;
    const char *technician_name;
    struct reminders reminders; /* those still to come */
};
struct order {
    const char *work_order_id, *partner_id, *partner_name, *number, *partner_reference, *person_id;
    int64_t state;             /* intake.v1.WorkOrderState */
    int64_t calendar_sequence; /* of the calendar entry; -1 before the first */
    struct visit visit;        /* the one that was last promised */
};

void store_save_partner(struct turn *turn, const char *partner_id, const char *name);
void store_save_order(struct turn *turn, const struct order *order); /* without its visit */
/* NOT_FOUND when there is no such order behind the turn's wall. */
struct error store_load_order(struct turn *turn, const char *work_order_id,
                              struct order *ret_order);
void store_save_visit(struct turn *turn, const struct order *order);
void store_save_calendar_sequence(struct turn *turn, const struct order *order);

/* Copies on which nothing of ours stands; text[]. */
void store_drop_partners(struct turn *turn, struct value partner_ids);
void store_drop_visits(struct turn *turn, struct value work_order_ids);
void store_drop_orders(struct turn *turn, struct value work_order_ids);

/* ---- links (store_links.c) ---- */

void store_save_link(struct turn *turn, const LinkIssued *link, timestamp issued_at);
/* Of an order, not yet expired, in the order they were issued. */
struct error store_load_links(struct turn *turn, const char *work_order_id, LinkIssued **ret_links,
                              timestamp **ret_issued_at, size_t *ret_count);
void store_forget_links(struct turn *turn, const char *work_order_id);
void store_prune_links(struct turn *turn);

/* ---- the ledger ---- */

struct ledger_message {
    const char *message_id, *work_order_id, *partner_id, *person_id, *visit_id;
    const struct message_template *template;
    int64_t template_version;
    enum message_channel channel;
    const char *occurrence;
    enum message_state state;
    timestamp created_at, send_after, deadline_at, sent_at, delivered_at;
    timestamp look_again_at; /* machine time: next try, or when an answer is overdue */
    int64_t attempts;
    timestamp eta_at;
    const char *part, *subject, *body, *gateway_id, *reason;
};
struct ledger_messages {
    struct ledger_message *at;
    size_t count;
};

/* `ret_is_new` is false when the same fact was queued for this channel before. */
struct error store_queue_message(struct turn *turn, const struct ledger_message *message,
                                 bool *ret_is_new);
void store_save_message(struct turn *turn, const struct ledger_message *message);
/* `message_id` must be a UUID; NOT_FOUND. */
struct error store_load_message(struct turn *turn, const char *message_id,
                                struct ledger_message *ret_message);
struct error store_load_messages(struct turn *turn, const char *work_order_id,
                                 struct ledger_messages *ret_messages);
/* Queued, sending and unknown ones. */
void store_forget_texts(struct turn *turn, const char *work_order_id);
struct error store_load_open_messages(struct turn *turn, const char *work_order_id,
                                      struct ledger_messages *ret_messages);

/* ---- partner events ---- */

struct next_sequence {
    int64_t sequence;
    bool has_topic, has_webhook;
};
struct error store_next_sequence(struct turn *turn, const char *partner_id,
                                 const char *work_order_id, struct next_sequence *ret_next);
void store_save_event(struct turn *turn, const char *partner_id, const OrderEvent *event);
/* False when there is no such event (yet). */
struct error store_load_event(struct turn *turn, const char *partner_id, const char *work_order_id,
                              int64_t sequence, OrderEvent **ret_event, bool *ret_is_there);

struct event_page {
    const char *partner_id, *work_order_id; /* an order's events, or with "" all of the partner's */
    int64_t after_sequence;                 /* of the order */
    const char *after_event_id;             /* in the partner's feed; "" from its beginning */
    timestamp from, until;
    int64_t most;
};
struct events {
    OrderEvent **at;
    size_t count;
    const char *last_event_id; /* "" when there are none */
};
struct error store_load_events(struct turn *turn, const struct event_page *page,
                               struct events *ret_events);

/* ---- subscriptions and what is on its way to them ---- */

enum { IN_FLIGHT_MOST = 16, ANSWER_OVERDUE_MS = 60000 };

struct subscriber {
    const char *subscription_id, *kind, *url, *secret, *state;
    timestamp created_at, failing_since;
    int64_t waiting; /* orders whose next event is not accepted yet */
};
struct subscribers {
    struct subscriber *at;
    size_t count;
};
void store_save_subscription(struct turn *turn, const char *partner_id,
                             const struct subscriber *subscriber);
struct error store_load_subscriptions(struct turn *turn, const char *partner_id,
                                      struct subscribers *ret_subscribers);
/* The partner's living topic subscription; subscription_id is "" when there is none. */
struct error store_load_topic_subscription(struct turn *turn, const char *partner_id,
                                           struct subscriber *ret_subscriber);
/* "disabled" or "deleted"; NOT_FOUND. */
struct error store_end_subscription(struct turn *turn, const char *subscription_id,
                                    const char *state);

enum stream_state { STREAM_IDLE, STREAM_WAITING, STREAM_SENDING };
/* One order's events on their way to one webhook. */
struct stream {
    const char *subscription_id, *work_order_id, *partner_id, *url, *secret;
    bool is_active; /* the subscription is neither disabled nor deleted */
    int64_t next_sequence;
    enum stream_state state;
    timestamp due_at; /* machine time */
    int64_t attempts;
    timestamp failing_since; /* of the subscription, suite time; 0: it does not fail */
    bool is_told;            /* that it fails */
};
/* Puts the event in line at each of the partner's webhooks; returns those that may send it now,
 * being idle and not full. They count as sending from here on. */
struct error store_queue_event(struct turn *turn, const char *partner_id, const OrderEvent *event,
                               struct subscribers *ret_send_now);
/* NOT_FOUND when there is none. */
struct error store_load_stream(struct turn *turn, const char *subscription_id,
                               const char *work_order_id, struct stream *ret_stream);
void store_save_stream(struct turn *turn, const struct stream *stream);
/* Subscriptions to which the order's next event may go: those that are due, and `woken` ("" for
 * none) if it waits. */
struct error store_load_ready_streams(struct turn *turn, const char *work_order_id,
                                      const char *woken, const char *const **ret_ids,
                                      size_t *ret_count);
/* Takes one order that waits for this subscription, for a second; "" when none does. */
struct error store_reserve_waiting_stream(struct turn *turn, const char *subscription_id,
                                          const char **ret_work_order_id);
void store_wake_streams(struct turn *turn, const char *subscription_id);

struct delivery {
    const char *subscription_id, *event_id, *partner_id;
    int status;
    const char *why;
    int64_t took_ms;
    bool is_accepted;
};
void store_save_delivery(struct turn *turn, const struct delivery *delivery);
void store_prune_deliveries(struct turn *turn, timestamp before);

void store_save_failing(struct turn *turn, const char *subscription_id);
void store_save_recovered(struct turn *turn, const char *subscription_id);
/* Endpoints of the partner that fail since `since_machine` or longer and of which nothing was told.
 */
struct error store_load_failing_endpoints(struct turn *turn, const char *partner_id,
                                          timestamp since_machine,
                                          struct subscribers *ret_subscribers);
void store_save_told(struct turn *turn, const char *subscription_id);
