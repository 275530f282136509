/* notifications: to whom, by which channel, when; and what partners are told.
 *
 * This file only wires. Rules are in domain/, SQL in store.c, the loop in lib/service. */
#include "lib/service/service.h"
#include "proto/billing.pb-c.h"
#include "proto/intake.pb-c.h"
#include "proto/matching.pb-c.h"
#include "proto/notifications.pb-c.h"
#include "proto/parts.pb-c.h"
#include "proto/surveys.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/notifications/config.h"
#include "services/notifications/domain/mail_message.h"
#include "services/notifications/handlers.h"
#include "services/notifications/queries.h"

static const struct subscription listens[] = {
    { &work_order_opened__descriptor, on_work_order_opened, .opens = true, .fills = true },
    { &hour_may_be_chosen__descriptor, on_hour_may_be_chosen },
    { &work_order_cancelled__descriptor, on_work_order_cancelled },
    { &person_forgotten__descriptor, on_person_forgotten, .fills = true },
    { &work_order_progressed__descriptor, on_work_order_progressed },
    { &call_task_opened__descriptor, on_call_task_opened },
    { &call_task_closed__descriptor, on_call_task_closed },
    { &report_refused__descriptor, on_report_refused, .opens = true },
    { &partner_changed__descriptor, on_partner_changed, .opens = true, .fills = true },
    { &cost_line_accepted__descriptor, on_cost_line_accepted },
    { &cost_line_refused__descriptor, on_cost_line_refused },
    { &visit_booked__descriptor, on_visit_booked, .fills = true },
    { &visit_moved__descriptor, on_visit_moved },
    { &visit_reassigned__descriptor, on_visit_reassigned },
    { &visit_cancelled__descriptor, on_visit_cancelled },
    { &visit_rebooked__descriptor, on_visit_rebooked },
    { &work_order_unstaffed__descriptor, on_work_order_unstaffed },
    { &technician_on_the_way__descriptor, on_technician_on_the_way, .fills = true },
    { &technician_there__descriptor, on_technician_there, .fills = true },
    { &visit_done__descriptor, on_visit_done, .fills = true },
    { &visit_missed__descriptor, on_visit_missed, .fills = true },
    { &part_ordered__descriptor, on_part_ordered },
    { &part_confirmed__descriptor, on_part_confirmed },
    { &part_shipped__descriptor, on_part_shipped },
    { &part_delivered__descriptor, on_part_delivered },
    { &part_late__descriptor, on_part_late },
    { &part_cancelled__descriptor, on_part_cancelled },
    { &part_reserved__descriptor, on_part_reserved },
    { &survey_opened__descriptor, on_survey_opened },
    { &survey_answered__descriptor, on_survey_answered },
    { &settlement_made__descriptor, on_settlement_made, .opens = true },
    { 0 },
};

static const struct route routes[] = {
    { POST, "/v1/subscriptions", &subscription_request__descriptor, &subscription_reply__descriptor,
      open_subscription, ACTOR_PARTNER,
      .says = "Sends the partner's events to a webhook or to his topic; the secret is shown once" },
    { GET, "/v1/subscriptions", NULL, &subscription_list__descriptor, list_subscriptions,
      ACTOR_PARTNER, .says = "The partner's subscriptions and how they are doing" },
    { DELETE, "/v1/subscriptions/{subscription_id}", NULL, NULL, end_subscription, ACTOR_PARTNER,
      .says = "Ends a subscription; what is not delivered stays in the feed" },
    { GET, "/v1/partner-events", NULL, &partner_event_list__descriptor, list_partner_events,
      ACTOR_PARTNER | ACTOR_CONSULTANT | ACTOR_OPERATOR,
      .says = "The partner's feed after an event, or an order's after a sequence" },
    { GET, "/v1/messages", NULL, &message_list__descriptor, list_messages,
      ACTOR_PARTNER | ACTOR_CONSULTANT | ACTOR_OPERATOR,
      .says = "What the customer of one order was sent; an operator sees no texts" },
    { POST, "/v1/sms-receipts", NULL, NULL, take_sms_receipt, ANYONE,
      .says = "Delivery receipts of the SMS gateway, signed by it" },
    { 0 },
};

static const struct rule subscription_rules[] = {
    { "kind", RULE_REQUIRED, .pattern = "webhook|topic", .says = "Podaj webhook albo topic" },
    { "url", .max = 2000, .pattern = "https?://[!-~]+", .says = "Podaj adres https://…" },
    { 0 },
};
static const struct message_rules rules[] = {
    { &subscription_request__descriptor, subscription_rules },
    { 0 },
};

static const event_type emits[] = {
    &message_sent__descriptor,
    &message_failed__descriptor,
    &message_dropped__descriptor,
    &link_issued__descriptor,
    &endpoint_failing__descriptor,
    &endpoint_recovered__descriptor,
    NULL,
};

enum { TICK_MS = 200 };

static const struct copy copies[] = {
    { "intake", drop_orders_and_partners },
    { "matching", drop_visits },
    { 0 },
};

static const struct timer timers[] = {
    { "reminders", TICK_MS, reminders_due, &QUERY_due_reminders },
    { "messages", TICK_MS, messages_due, &QUERY_due_messages },
    { "webhooks", TICK_MS, webhooks_due, &QUERY_due_streams },
    { "endpoints", SECONDS(1), endpoints_due, &QUERY_due_endpoints },
    { "deliveries", HOURS(1), deliveries_prune, NULL },
    { "links", HOURS(1), links_prune, NULL },
    { 0 },
};

/* What a table of settings cannot say. */
static struct error check_settings(struct turn *turn)
{
    const char *name, *address;

    if (!mail_address_split(turn->arena, config.mail_from, &name, &address))
        return fatal("NOTIFICATIONS_MAIL_FROM is no address: %.80s", config.mail_from);
    return OK;
}

static const struct metric_kind metrics[] = {
    { "majster_messages_waiting", "messages to be sent, or being sent" },
    { "majster_messages_unknown", "messages of which nobody knows whether they left" },
    { "majster_messages_overdue", "messages that should have left a minute ago" },
    { "majster_webhooks", "partners' webhooks", "state" },
    { "majster_webhooks_failing", "of the active ones, those whose last answer was no success" },
    { "majster_webhooks_failing_seconds", "for how long the worst of them has been failing" },
    { "majster_webhook_orders_waiting",
      "orders with an event that a webhook has not accepted yet" },
    { 0 },
};

int main(int argc, char **argv)
{
    static const struct service notifications = {
        .name = "notifications",
        .settings = notifications_settings,
        .listens = listens,
        .routes = routes,
        .rules = rules,
        .emits = emits,
        .copies = copies,
        .retell = retell_links,
        .timers = timers,
        .metrics = metrics,
        .figures = &QUERY_figures,
        .queries = notifications_queries,
        .migrations = notifications_migrations,
        .has_person = true,
        .load = check_settings,
    };

    return service_run(&notifications, argc, argv);
}
