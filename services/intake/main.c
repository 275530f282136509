/* intake: is it an order, whose, which service, covered, how urgent, by when; may this line of cost
 * be spent.
 *
 * This file only wires. Rules are in domain/, SQL in store.c, the loop in lib/service. */
#include "proto/billing.pb-c.h"
#include "proto/matching.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/intake/handlers.h"
#include "services/intake/mail_text.h"
#include "services/intake/queries.h"
#include "services/intake/rules.h"

struct intake_config intake_config;

static const struct setting settings[] = {
    { "INTAKE_CALL_WITHIN_MS", &intake_config.call_within_ms, MINUTES(30), MINUTES(1), HOURS(24),
      "a call task is due so long after it was opened" },
    { "INTAKE_GAZETTEER", .text = &intake_config.gazetteer, .text_fallback = "data/gazetteer.tsv",
      .help = "file of Polish places: name, latitude, longitude" },
    { "INTAKE_IMAP_URL", .text = &intake_config.imap_url,
      .help = "imap:// or imaps://host:port of the mailbox that orders come to; empty: none" },
    { "INTAKE_IMAP_USER", .text = &intake_config.imap_user, .text_fallback = "",
      .help = "of the mailbox" },
    { "INTAKE_IMAP_PASSWORD", .text = &intake_config.imap_password, .is_secret = true,
      .help = "of the mailbox" },
    { 0 },
};

static const struct subscription listens[] = {
    { &visit_booked__descriptor, on_visit_booked },
    { &visit_moved__descriptor, on_visit_moved },
    { &visit_reassigned__descriptor, on_visit_reassigned },
    { &visit_cancelled__descriptor, on_visit_cancelled },
    { &visit_rebooked__descriptor, on_visit_rebooked },
    { &work_order_unstaffed__descriptor, on_work_order_unstaffed },
    { &technician_on_the_way__descriptor, on_technician_on_the_way },
    { &technician_there__descriptor, on_technician_there },
    { &visit_missed__descriptor, on_visit_missed },
    { &visit_done__descriptor, on_visit_done },
    { &cost_line_asked__descriptor, on_cost_line_asked },
    { &cost_line_booked__descriptor, on_cost_line_booked },
    { &price_list_published__descriptor, on_price_list_published, .opens = true, .fills = true },
    { 0 },
};

enum { OUR_PEOPLE = ACTOR_CONSULTANT | ACTOR_OPERATOR };

static const struct route routes[] = {
    { POST, "/v1/work-orders", NULL, &work_order_reply__descriptor, receive_order,
      ACTOR_PARTNER | ACTOR_CONSULTANT, .ahead = ask_order_terms,
      .says = "Orders a repair; the body is kept raw before it is read",
      .raw_request = &work_order_request__descriptor },
    { GET, "/v1/work-orders", NULL, &work_order_list__descriptor, list_orders,
      ACTOR_PARTNER | OUR_PEOPLE,
      .says = "The newest 100 orders, or those of one partner_reference" },
    { GET, "/v1/work-orders/{work_order_id}", NULL, &work_order_reply__descriptor, show_order,
      ACTOR_PARTNER | ACTOR_CUSTOMER | OUR_PEOPLE,
      .says = "One order's state, with a plain Polish sentence" },
    { POST, "/v1/work-orders/{work_order_id}/cancel", &cancel_request__descriptor,
      &work_order_reply__descriptor, cancel_order,
      ACTOR_PARTNER | ACTOR_CUSTOMER | ACTOR_CONSULTANT, .subject = "work_order_id",
      .must_exist = true, .says = "Cancels an order that nobody works on yet" },
    { POST, "/v1/work-orders/{work_order_id}/forget-customer", NULL, &forget_reply__descriptor,
      forget_customer, ACTOR_CONSULTANT, .subject = "work_order_id", .must_exist = true,
      .says = "Forgets the customer, with all of his orders that are over" },
    { POST, "/v1/partners", &partner_request__descriptor, &partner_reply__descriptor, save_partner,
      ACTOR_OPERATOR,
      .says = "Makes or changes a partner and its contracts; answers a new key, shown once" },
    { PUT, "/v1/partners/{partner_id}/adoption", &adoption__descriptor, &adoption__descriptor,
      change_adoption, ACTOR_OPERATOR, .subject = "partner_id", .must_exist = true,
      .says = "Which step of adoption the partner is at, from the next order on" },
    { GET, "/v1/partners/{partner_id}/adoption", NULL, &adoption__descriptor, show_adoption,
      ACTOR_OPERATOR | ACTOR_PARTNER, .says = "Which step of adoption the partner is at" },
    { GET, "/v1/call-tasks", NULL, &call_task_list__descriptor, list_call_tasks, ACTOR_CONSULTANT,
      .says = "Customers that somebody has to call, the most urgent first" },
    { POST, "/v1/call-tasks/{work_order_id}/close", &call_task_close_request__descriptor,
      &work_order_reply__descriptor, close_call_task, ACTOR_CONSULTANT, .subject = "work_order_id",
      .must_exist = true, .says = "Ends an order's call task with an outcome" },
    { GET, "/v1/quarantine", NULL, &quarantine_list__descriptor, list_quarantine, OUR_PEOPLE,
      .says = "Reports that could not be read for sure" },
    { GET, "/v1/guarantees", NULL, &guarantee_list__descriptor, list_guarantees,
      ACTOR_PARTNER | ACTOR_CONSULTANT,
      .says = "What is used, reserved and left of the guarantee sums, by contract" },
    { GET, "/v1/conservation", NULL, &conservation_reply__descriptor, show_conservation, OUR_PEOPLE,
      .says = "Per channel: received and what became of it" },
    { GET, "/internal/auth", NULL, NULL, authenticate, ANYONE, .says = "nginx: whose key is this" },
    { 0 },
};

static const event_type emits[] = {
    &work_order_opened__descriptor,    &hour_may_be_chosen__descriptor,
    &work_order_cancelled__descriptor, &work_order_progressed__descriptor,
    &reservation_changed__descriptor,  &report_refused__descriptor,
    &report_quarantined__descriptor,   &call_task_opened__descriptor,
    &call_task_closed__descriptor,     &cost_line_accepted__descriptor,
    &cost_line_refused__descriptor,    &partner_changed__descriptor,
    &person_forgotten__descriptor,     NULL,
};

static const struct timer timers[] = {
    { "open-call-tasks", 500, open_due_call_task, &QUERY_due_choices },
    { "release-unbooked", 1000, release_unbooked, &QUERY_due_releases },
    { "forget-ownerless", HOURS(1), forget_ownerless },
    { "poll-mail", 500, poll_mail },
    { "read-mails", 200, read_report, &QUERY_waiting_reports },
    { 0 },
};

static const struct metric_kind metrics[] = {
    { "majster_reports_missing",
      "reports of the last hour that opened or joined an order that is not there" },
    { "majster_reports_in_progress", "reports received and not yet decided" },
    { "majster_reports_in_progress_oldest_seconds", "age of the oldest of those, suite time" },
    { "majster_reports_quarantined", "reports that a person has to read" },
    { "majster_reports_quarantined_oldest_seconds", "age of the oldest of those, suite time" },
    { "majster_orders_without_hour",
      "orders past their time to choose, without an hour and without an open call task" },
    { "majster_call_tasks_open", "customers that somebody has to call" },
    { "majster_call_tasks_overdue", "of those, whose time has passed" },
    { "majster_reserved_unbooked_grosz", "of guarantee sums, kept for orders without an hour" },
    { 0 },
};

int main(int argc, char **argv)
{
    static const struct service intake = {
        .name = "intake",
        .settings = settings,
        .listens = listens,
        .routes = routes,
        .rules = intake_rules,
        .emits = emits,
        .retell = retell_intake,
        .timers = timers,
        .metrics = metrics,
        .figures = &QUERY_figures,
        .queries = intake_queries,
        .migrations = intake_migrations,
        .has_person = true,
        .signs_actors = true,
        .load = load_gazetteer,
    };

    mail_text_start();
    return service_run(&intake, argc, argv);
}
