/* portal: decides who is signed in and may see what; otherwise it shows.
 *
 * This file only wires. Rules are in domain/, SQL in store.c, the loop in lib/service. */
#include "proto/billing.pb-c.h"
#include "proto/intake.pb-c.h"
#include "proto/matching.pb-c.h"
#include "proto/notifications.pb-c.h"
#include "proto/parts.pb-c.h"
#include "proto/portal.pb-c.h"
#include "proto/surveys.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/portal/handlers.h"
#include "services/portal/queries.h"

struct portal_config config;

static const struct setting settings[] = {
    { "PORTAL_SECURE_COOKIES", &config.secure_cookies, 0, 0, 1,
      "1: cookies over TLS only; set it wherever the edge speaks TLS" },
    { "PORTAL_TOKEN_DAYS", &config.token_days, 30, 1, 365,
      "how long a token of an account is good" },
    { "PORTAL_INTAKE_URL", .text = &config.intake_urls, .text_fallback = "http://127.0.0.1:18101",
      .help =
          "intake's own address; several with commas between, the first that answers is taken" },
    { "PORTAL_MATCHING_URL", .text = &config.matching_urls,
      .text_fallback = "http://127.0.0.1:18103", .help = "matching's own address, as above" },
    { "PORTAL_SURVEYS_URL", .text = &config.surveys_urls, .text_fallback = "http://127.0.0.1:18108",
      .help = "surveys' own address, as above" },
    { "PORTAL_VISITS_URL", .text = &config.visits_urls, .text_fallback = "http://127.0.0.1:18105",
      .help = "visits' own address, as above" },
    { "PORTAL_ROUTING_URL", .text = &config.routing_urls, .text_fallback = "http://127.0.0.1:18104",
      .help = "routing's own address, as above" },
    { "PORTAL_NOTIFICATIONS_URL", .text = &config.notifications_urls,
      .text_fallback = "http://127.0.0.1:18107", .help = "notifications' own address, as above" },
    { "PORTAL_BILLING_URL", .text = &config.billing_urls, .text_fallback = "http://127.0.0.1:18109",
      .help = "billing's own address, as above" },
    { "PORTAL_WORKFORCE_URL", .text = &config.workforce_urls,
      .text_fallback = "http://127.0.0.1:18102", .help = "workforce's own address, as above" },
    { "PORTAL_MAIL_FROM", .text = &config.mail_from, .text_fallback = "kontakt@majster.example",
      .help = "the address that notifications sends from: organizer of calendar files" },
    { "PORTAL_PHONE", .text = &config.phone, .text_fallback = "",
      .help = "shown to customers who would rather call; empty: none" },
    { 0 },
};

static const struct subscription listens[] = {
    { &work_order_opened__descriptor, on_work_order_opened, .opens = true, .fills = true },
    { &address_located__descriptor, on_address_located },
    { &work_order_cancelled__descriptor, on_work_order_cancelled },
    { &person_forgotten__descriptor, on_person_forgotten, .fills = true },
    { &work_order_progressed__descriptor, on_work_order_progressed },
    { &reservation_changed__descriptor, on_reservation_changed },
    { &report_refused__descriptor, on_report_refused, .opens = true },
    { &report_quarantined__descriptor, on_report_quarantined, .opens = true },
    { &call_task_opened__descriptor, on_call_task_opened },
    { &call_task_closed__descriptor, on_call_task_closed },
    { &cost_line_accepted__descriptor, on_cost_line_accepted, .fills = true },
    { &cost_line_refused__descriptor, on_cost_line_refused, .fills = true },
    { &partner_changed__descriptor, on_partner_changed, .opens = true, .fills = true },
    { &visit_booked__descriptor, on_visit_booked, .fills = true },
    { &visit_moved__descriptor, on_visit_moved },
    { &visit_reassigned__descriptor, on_visit_reassigned },
    { &visit_cancelled__descriptor, on_visit_cancelled },
    { &visit_rebooked__descriptor, on_visit_rebooked },
    { &visit_move_refused__descriptor, on_visit_move_refused },
    { &visit_finished__descriptor, on_visit_finished },
    { &work_order_unstaffed__descriptor, on_work_order_unstaffed },
    { &technician_on_the_way__descriptor, on_technician_on_the_way, .fills = true },
    { &technician_there__descriptor, on_technician_there, .fills = true },
    { &visit_done__descriptor, on_visit_done, .fills = true },
    { &visit_missed__descriptor, on_visit_missed, .fills = true },
    { &cost_line_asked__descriptor, on_cost_line_asked },
    { &part_ordered__descriptor, on_part_ordered, .fills = true },
    { &part_confirmed__descriptor, on_part_confirmed, .fills = true },
    { &part_shipped__descriptor, on_part_shipped, .fills = true },
    { &part_delivered__descriptor, on_part_delivered, .fills = true },
    { &part_late__descriptor, on_part_late, .fills = true },
    { &part_cancelled__descriptor, on_part_cancelled, .fills = true },
    { &part_reserved__descriptor, on_part_reserved, .fills = true },
    { &part_released__descriptor, on_part_released },
    { &message_sent__descriptor, on_message_sent },
    { &message_failed__descriptor, on_message_failed },
    { &message_dropped__descriptor, on_message_dropped },
    { &link_issued__descriptor, on_link_issued, .fills = true },
    { &visit_move_asked__descriptor, on_visit_move_asked },
    { &survey_opened__descriptor, on_survey_opened },
    { &survey_answered__descriptor, on_survey_answered },
    { &cost_line_booked__descriptor, on_cost_line_booked },
    { &price_list_published__descriptor, on_price_list_published, .opens = true, .fills = true },
    { 0 },
};

/* Forms change nothing of portal's own, so they open no transaction either. */
enum {
    FORM_BYTES = 16 * 1024,
    PROTOCOL_FORM_BYTES = 64 * 1024,
    PICTURE_FORM_BYTES = 10 * 1024 * 1024 + 4096
};

static const struct route routes[] = {
    { GET, "/", NULL, NULL, show_front, ANYONE, .says = "The front page" },
    { GET, "/sign-in", NULL, NULL, show_sign_in, ANYONE, .says = "Form for an account's token" },
    { POST, "/sign-in", NULL, NULL, sign_in, ANYONE, .reads = true, .largest = FORM_BYTES,
      .says = "Puts a good token into the session cookie" },
    { POST, "/sign-out", NULL, NULL, sign_out, ANYONE, .reads = true, .largest = FORM_BYTES,
      .says = "Takes the session cookie away" },
    { GET, "/day", NULL, NULL, show_day, ANYONE, .says = "The running day, for our people" },
    { GET, "/day/numbers", NULL, &day_numbers__descriptor, show_day_numbers, ANYONE,
      .says = "The same as JSON, with an ETag" },
    { GET, "/s/{token}", NULL, NULL, show_link, ANYONE,
      .says = "A customer's link: hours to choose, the visit, or a survey" },
    { GET, "/s/{token}/hours", NULL, NULL, show_hours, ANYONE,
      .says = "Hours that the visit can be moved to" },
    { GET, "/s/{token}/wizyta.ics", NULL, NULL, show_calendar, ANYONE,
      .says = "The visit as a calendar file; once it is off, its cancellation" },
    { POST, "/s/{token}/choose", NULL, NULL, choose_hour, ANYONE, .reads = true,
      .largest = FORM_BYTES, .says = "Books the chosen hour" },
    { POST, "/s/{token}/move", NULL, NULL, move_visit, ANYONE, .reads = true, .largest = FORM_BYTES,
      .says = "Moves the visit to the chosen hour" },
    { POST, "/s/{token}/cancel", NULL, NULL, cancel_order, ANYONE, .reads = true,
      .largest = FORM_BYTES, .says = "Cancels the order" },
    { POST, "/s/{token}/answers", NULL, NULL, answer_survey, ANYONE, .reads = true,
      .largest = FORM_BYTES, .says = "Answers the survey" },
    { GET, "/t", NULL, NULL, show_technician_day, ANYONE,
      .says = "A technician's day: ?day=2026-11-24" },
    { GET, "/t/{work_order_id}", NULL, NULL, show_technician_visit, ANYONE,
      .says = "One visit of it, with the forms of its next step" },
    { POST, "/t/{work_order_id}/on-the-way", NULL, NULL, say_on_the_way, ANYONE, .reads = true,
      .largest = FORM_BYTES, .says = "The technician sets out" },
    { POST, "/t/{work_order_id}/there", NULL, NULL, say_there, ANYONE, .reads = true,
      .largest = FORM_BYTES, .says = "The technician is there" },
    { POST, "/t/{work_order_id}/absent", NULL, NULL, say_absent, ANYONE, .reads = true,
      .largest = FORM_BYTES, .says = "The customer does not open" },
    { POST, "/t/{work_order_id}/done", NULL, NULL, say_done, ANYONE, .reads = true,
      .largest = PROTOCOL_FORM_BYTES, .says = "The visit is done, with its protocol" },
    { POST, "/t/{work_order_id}/photos", NULL, NULL, send_photo, ANYONE, .reads = true,
      .largest = PICTURE_FORM_BYTES, .says = "A photo, multipart/form-data" },
    { POST, "/t/{work_order_id}/signature", NULL, NULL, send_signature, ANYONE, .reads = true,
      .largest = PICTURE_FORM_BYTES, .says = "A picture of the signature, multipart/form-data" },
    { GET, "/my-calendar", NULL, NULL, show_technician_calendar, ANYONE,
      .says = "A technician's own calendar; ?from=&until= what an absence would hit" },
    { POST, "/my-calendar/absences", NULL, NULL, enter_absence, ANYONE, .reads = true,
      .largest = FORM_BYTES, .says = "Time off of his own" },
    { POST, "/my-calendar/absences/{absence_id}/remove", NULL, NULL, take_absence_back, ANYONE,
      .reads = true, .largest = FORM_BYTES, .says = "Time off taken back" },
    { GET, "/c", NULL, NULL, show_consultant_home, ANYONE,
      .says = "The consultant's lists; ?q= finds an order by number or reference" },
    { GET, "/c/new", NULL, NULL, show_report_form, ANYONE, .says = "Form for a report by phone" },
    { POST, "/c/new", NULL, NULL, take_report, ANYONE, .reads = true, .largest = FORM_BYTES,
      .says = "Orders a repair for the caller" },
    { POST, "/c/calls/{work_order_id}", NULL, NULL, close_call, ANYONE, .reads = true,
      .largest = FORM_BYTES, .says = "Ends a call task with its outcome" },
    { GET, "/c/orders/{work_order_id}", NULL, NULL, show_consultant_order, ANYONE,
      .says = "One order: its hours or its visit, and its story" },
    { GET, "/c/orders/{work_order_id}/trace", NULL, NULL, show_order_trace, ANYONE,
      .says = "What all services told of it, what its customer and partner were told" },
    { GET, "/c/orders/{work_order_id}/hours", NULL, NULL, show_consultant_hours, ANYONE,
      .says = "Hours that it can be booked for or moved to" },
    { POST, "/c/orders/{work_order_id}/booking", NULL, NULL, book_for_caller, ANYONE, .reads = true,
      .largest = FORM_BYTES, .says = "Books the hour that the caller chose" },
    { POST, "/c/orders/{work_order_id}/move", NULL, NULL, move_for_caller, ANYONE, .reads = true,
      .largest = FORM_BYTES, .says = "Moves the visit for the caller" },
    { POST, "/c/orders/{work_order_id}/cancel", NULL, NULL, cancel_for_caller, ANYONE,
      .reads = true, .largest = FORM_BYTES, .says = "Cancels the order for the caller" },
    { GET, "/p", NULL, NULL, show_partner_home, ANYONE, .says = "A partner's dashboard" },
    { GET, "/p/tiles", NULL, NULL, show_partner_tiles, ANYONE,
      .says = "Its four tiles alone, with an ETag" },
    { GET, "/p/orders", NULL, NULL, show_partner_orders, ANYONE,
      .says = "A partner's orders: ?q=, ?day=, ?visits=1, ?town= or ?contract=" },
    { GET, "/p/orders/{work_order_id}", NULL, NULL, show_partner_order, ANYONE,
      .says = "One of them: visit, costs, what happened" },
    { GET, "/static/{file}", NULL, NULL, serve_static, ANYONE, .says = "Styles and scripts" },
    { GET, "/internal/auth", NULL, NULL, authenticate, ANYONE,
      .says = "nginx: whose token is this" },
    { GET, "/{page}", NULL, NULL, show_nothing, ANYONE, .says = "A page that is not there" },
    { 0 },
};

static const event_type emits[] = { NULL };

static const struct copy copies[] = {
    { "intake", drop_orders },
    { "matching", drop_visits },
    { "parts", drop_parts },
    { "notifications", drop_links },
    { 0 },
};

static const struct timer timers[] = {
    { "fold-tally", 500, fold_tally },
    { "sweep", 60000, sweep },
    { 0 },
};

static const struct command commands[] = {
    { "issue-token", "ROLE ID",
      "prints a new token, once; roles are operator, consultant, "
      "technician, partner, supplier",
      issue_token },
    { "revoke-tokens", "ROLE ID", "ends all tokens of that account; prints how many",
      revoke_tokens },
    { 0 },
};

static const struct metric_kind metrics[] = {
    { "majster_orders", "orders by state, as far as heard", "state" },
    { "majster_visits", "visits by state, as far as heard", "state" },
    { 0 },
};

int main(int argc, char **argv)
{
    static const struct service portal = {
        .name = "portal",
        .settings = settings,
        .listens = listens,
        .routes = routes,
        .emits = emits,
        .copies = copies,
        .timers = timers,
        .commands = commands,
        .metrics = metrics,
        .figures = &QUERY_figures,
        .queries = portal_queries,
        .migrations = portal_migrations,
        .has_person = true,
        .signs_actors = true,
    };

    return service_run(&portal, argc, argv);
}
