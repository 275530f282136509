/* What notifications does, by topic; main.c's tables say when. */
#pragma once
#include "lib/service/http.h"
#include "services/notifications/domain/order_events.h"
#include "services/notifications/store.h"

/* handlers/orders.c: intake's facts of orders */
struct error on_work_order_opened(struct turn *turn, const void *message);
struct error on_hour_may_be_chosen(struct turn *turn, const void *message);
struct error on_work_order_cancelled(struct turn *turn, const void *message);
struct error on_person_forgotten(struct turn *turn, const void *message);
struct error on_work_order_progressed(struct turn *turn, const void *message);
struct error on_call_task_opened(struct turn *turn, const void *message);
struct error on_call_task_closed(struct turn *turn, const void *message);
struct error on_report_refused(struct turn *turn, const void *message);
struct error on_partner_changed(struct turn *turn, const void *message);
/* Loads the order that a fact speaks of, behind the wall of its partner. */
struct error order_of_fact(struct turn *turn, const char *work_order_id, const char *partner_id,
                           struct order *ret_order);

/* handlers/retelling.c */
struct error retell_links(struct turn *turn, const char *subject);
struct error drop_orders_and_partners(struct turn *turn, struct value subjects);
struct error drop_visits(struct turn *turn, struct value subjects);
struct error links_prune(struct turn *turn, const char *nothing);

/* handlers/money.c */
struct error on_cost_line_accepted(struct turn *turn, const void *message);
struct error on_cost_line_refused(struct turn *turn, const void *message);
struct error on_settlement_made(struct turn *turn, const void *message);

/* handlers/visits.c: the promise */
struct error on_visit_booked(struct turn *turn, const void *message);
struct error on_visit_moved(struct turn *turn, const void *message);
struct error on_visit_reassigned(struct turn *turn, const void *message);
struct error on_visit_cancelled(struct turn *turn, const void *message);
struct error on_visit_rebooked(struct turn *turn, const void *message);
struct error on_work_order_unstaffed(struct turn *turn, const void *message);
/* "visit_id:moves": one version of one visit, for dedupe and for what is still true. */
const char *visit_occurrence(struct turn *turn, const struct visit *visit);

/* handlers/courses.c: the day of the visit, and the survey after it */
struct error on_technician_on_the_way(struct turn *turn, const void *message);
struct error on_technician_there(struct turn *turn, const void *message);
struct error on_visit_done(struct turn *turn, const void *message);
struct error on_visit_missed(struct turn *turn, const void *message);
struct error on_survey_opened(struct turn *turn, const void *message);
struct error on_survey_answered(struct turn *turn, const void *message);

/* handlers/parts.c */
struct error on_part_ordered(struct turn *turn, const void *message);
struct error on_part_confirmed(struct turn *turn, const void *message);
struct error on_part_shipped(struct turn *turn, const void *message);
struct error on_part_delivered(struct turn *turn, const void *message);
struct error on_part_late(struct turn *turn, const void *message);
struct error on_part_cancelled(struct turn *turn, const void *message);
struct error on_part_reserved(struct turn *turn, const void *message);

/* handlers/messages.c: who is told, by which channel */
struct cue {
    enum template_name template;
    const char *occurrence; /* what makes it one fact */
    timestamp eta_at;       /* words that only the fact knows */
    const char *part;
};
/* Queues the message once for each channel and sends what may leave now. */
struct error message_cue(struct turn *turn, const struct order *order, const struct cue *cue);
struct error messages_due(struct turn *turn, const char *work_order_id);
struct error reminders_due(struct turn *turn, const char *work_order_id);
/* Drops what is queued and not true any more; to be called when the order has changed. */
struct error messages_drop_stale(struct turn *turn, const struct order *order);
/* Drops what has not left yet. */
struct error messages_drop_all(struct turn *turn, const struct order *order, const char *reason);

/* handlers/sending.c: one message on its way out, and what came of it */
struct error message_send(struct turn *turn, const struct order *order,
                          struct ledger_message *message, const char *to);
struct error message_drop(struct turn *turn, const struct ledger_message *message,
                          const char *reason);
struct error message_settle(struct turn *turn, struct ledger_message *message,
                            enum message_state state, const char *reason);
/* Asks the SMS gateway whether it has seen a message whose fate is not known. */
void message_ask_gateway(struct turn *turn, struct ledger_message *message);

/* handlers/receipts.c */
struct error take_sms_receipt(struct turn *turn, const void *message, struct reply *reply);

/* handlers/texts.c: a message in words */
/* The texts of `message`, with a new link if it has one, told as LinkIssued. False and the missing
 * word when one is not known. */
bool message_render(struct turn *turn, const struct order *order, struct ledger_message *message,
                    const char **ret_missing);
struct text message_as_mail(struct turn *turn, const struct order *order,
                            const struct ledger_message *message, const char *to);

/* handlers/partner_events.c */
/* Gives `event` its id, sequence, type and words, keeps it, publishes it on the partner's topic and
 * sends it to his webhooks. `order` fills what every event of an order says; `words` end with a row
 * without name, the order's number is known without them. */
struct error partner_event_tell(struct turn *turn, const struct order *order,
                                enum order_event_kind kind, OrderEvent *event,
                                const struct word words[]);
struct error list_partner_events(struct turn *turn, const void *message, struct reply *reply);

/* handlers/webhooks.c */
struct error webhook_send(struct turn *turn, const struct subscriber *to, const OrderEvent *event,
                          int64_t attempt);
struct error webhooks_due(struct turn *turn, const char *work_order_id);

/* handlers/endpoints.c: webhooks that fail, recover, or do not want any more */
struct error endpoint_failed(struct turn *turn, const struct stream *stream);
struct error endpoint_gone(struct turn *turn, const struct stream *stream);
struct error endpoint_recovered(struct turn *turn, const struct stream *stream);
struct error endpoints_due(struct turn *turn, const char *partner_id);
struct error deliveries_prune(struct turn *turn, const char *subject);

/* handlers/subscriptions.c */
struct error open_subscription(struct turn *turn, const void *message, struct reply *reply);
struct error list_subscriptions(struct turn *turn, const void *message, struct reply *reply);
struct error end_subscription(struct turn *turn, const void *message, struct reply *reply);

/* handlers/ledger.c */
struct error list_messages(struct turn *turn, const void *message, struct reply *reply);
