/* matching: promises an exact hour with a named technician, and keeps the promise.
 *
 * This file only wires. Rules are in domain/, SQL in store.c, the loop in lib/service. */
#include "proto/parts.pb-c.h"
#include "proto/routing.pb-c.h"
#include "proto/surveys.pb-c.h"
#include "proto/visits.pb-c.h"
#include "proto/workforce.pb-c.h"
#include "services/matching/handlers.h"
#include "services/matching/queries.h"

struct matching_config matching_config;

static const struct setting settings[] = {
    { "MATCHING_HOLD_MS", &matching_config.hold_ms, MINUTES(8), MINUTES(1), MINUTES(10),
      "how long a chosen hour is kept while the customer thinks (machine time)" },
    { "MATCHING_HOLD_CALL_MS", &matching_config.hold_call_ms, MINUTES(5), MINUTES(1), MINUTES(10),
      "the same for an hour that a consultant holds on the phone; never longer than the other" },
    { "MATCHING_DAYS", &matching_config.days, 14, 1, 60, "how far ahead hours are offered" },
    { "MATCHING_LEAD_MS", &matching_config.lead_ms, MINUTES(45), 0, HOURS(24),
      "no start is offered sooner than so long from now" },
    { "MATCHING_TRY_AGAIN_MS", &matching_config.try_again_ms, MINUTES(1), SECONDS(10), HOURS(24),
      "an order that nobody can take is tried again after so long" },
    { "MATCHING_RESERVE_MOST_PERMILLE", &matching_config.reserve_most_permille, 200, 0, 1000,
      "most of a technician's day, and of a town's technicians at one hour, to keep for "
      "emergencies" },
    { 0 },
};

static const struct subscription listens[] = {
    { &work_order_opened__descriptor, on_work_order_opened, .opens = true, .fills = true },
    { &address_located__descriptor, on_address_located },
    { &work_order_cancelled__descriptor, on_work_order_cancelled },
    { &technician_changed__descriptor, on_technician_changed, .opens = true },
    { &visit_missed__descriptor, on_visit_missed },
    { &technician_there__descriptor, on_technician_there },
    { &visit_done__descriptor, on_visit_done },
    { &plan_proposed__descriptor, on_plan_proposed, .opens = true },
    { &technician_scored__descriptor, on_technician_scored, .opens = true, .fills = true },
    { &van_stock_changed__descriptor, on_van_stock_changed, .opens = true, .fills = true },
    { 0 },
};

static const struct watch watches[] = {
    { &technician_day_changed__descriptor, follow_technician_day },
    { &policy_changed__descriptor, follow_policy },
    { &technician_scored__descriptor, follow_technician_scored },
    { &van_stock_changed__descriptor, follow_van_stock },
    { 0 },
};

enum { CHOOSERS = ACTOR_PARTNER | ACTOR_CUSTOMER | ACTOR_CONSULTANT };

static const struct rule slot_search[] = {
    { "work_order_id", RULE_REQUIRED, 36, 36, NULL, "Podaj identyfikator zlecenia." },
    { "most", 0, 1, 96 },
    { "per_day", 0, 1, 96 },
    { "windows", 0, 1, 8, NULL, "Najwyżej 8 przedziałów." },
    { 0 },
};
static const struct rule hold_request[] = {
    { "slot_id", RULE_REQUIRED, 40, 240, NULL, says_slot },
    { 0 },
};
static const struct rule move_request[] = {
    { "slot_id", RULE_REQUIRED, 40, 240, NULL, says_slot },
    { "reason", 0, 1, 200 },
    { 0 },
};

static const struct rule free_hours_request[] = {
    { "skill", RULE_REQUIRED, 1, 40 },
    { "visit_length_ms", RULE_REQUIRED, 900000, 36000000 },
    { "days", RULE_REQUIRED, 1, 14, NULL, "Liczba dni: od 1 do 14." },
    { "places", RULE_REQUIRED, 1, 10, NULL, "Od 1 do 10 miejsc." },
    { "places[].lat", RULE_REQUIRED, 49, 55, NULL, "Punkt leży poza Polską." },
    { "places[].lon", RULE_REQUIRED, 14, 25, NULL, "Punkt leży poza Polską." },
    { 0 }
};

static const struct rule policy_request[] = {
    { "weights", RULE_REQUIRED, 1, 32, NULL, "Podaj przynajmniej jedną wagę." },
    { "weights[].name", RULE_REQUIRED, 1, 60, NULL, "Podaj nazwę wagi." },
    { "reason", RULE_REQUIRED, 1, 200, NULL, "Podaj powód zmiany." },
    { 0 },
};

static const struct message_rules rules[] = {
    { &policy_request__descriptor, policy_request },
    { &free_hours_request__descriptor, free_hours_request },
    { &slot_search__descriptor, slot_search },
    { &hold_request__descriptor, hold_request },
    { &move_request__descriptor, move_request },
    { 0 },
};

static const struct route routes[] = {
    { POST, "/v1/slot-searches", &slot_search__descriptor, &offer__descriptor, search, CHOOSERS,
      .reads = true,
      .says = "Exact starts that can be promised, with first names; nothing is held" },
    { POST, "/v1/work-orders/{work_order_id}/hold", &hold_request__descriptor,
      &booking_reply__descriptor, hold, CHOOSERS, .subject = "work_order_id", .must_exist = true,
      .says = "Keeps one start while the customer thinks" },
    { POST, "/v1/work-orders/{work_order_id}/booking", &booking_request__descriptor,
      &booking_reply__descriptor, book, CHOOSERS, .subject = "work_order_id", .must_exist = true,
      .says = "Promises a start, or the one that is held" },
    { POST, "/v1/work-orders/{work_order_id}/move", &move_request__descriptor,
      &booking_reply__descriptor, move, CHOOSERS, .subject = "work_order_id", .must_exist = true,
      .says = "Moves the promised hour, by this consent" },
    { POST, "/v1/work-orders/{work_order_id}/release", NULL, NULL, release, CHOOSERS,
      .subject = "work_order_id", .must_exist = true, .says = "Lets go of what is held" },
    { POST, "/v1/free-hours", &free_hours_request__descriptor, &free_hours_reply__descriptor,
      look_for_free_hours, ACTOR_PARTNER | ACTOR_CONSULTANT, .reads = true,
      .says = "How many hours of the coming days somebody could come at, by place; no promise" },
    { GET, "/v1/work-orders/{work_order_id}/decisions", NULL, &decision_list__descriptor,
      show_decisions, ACTOR_PARTNER | ACTOR_CONSULTANT | ACTOR_OPERATOR,
      .says = "Why this hour and this technician: every automatic decision with all it hung on" },
    { GET, "/v1/policy", NULL, &policy_reply__descriptor, show_policy,
      ACTOR_CONSULTANT | ACTOR_OPERATOR | ACTOR_TECHNICIAN,
      .says = "The weights by which starts are ranked" },
    { PUT, "/v1/policy", &policy_request__descriptor, &policy_reply__descriptor, change_policy,
      ACTOR_OPERATOR, .says = "Other weights, with a reason; those not named stay" },
    { GET, "/v1/book/check", NULL, &book_check_reply__descriptor, check_book,
      ACTOR_CONSULTANT | ACTOR_OPERATOR,
      .says = "Recomputes whole days from the database; all counts but the first two must be 0" },
    { GET, "/v1/partners/{partner_id}/shadow", NULL, &shadow_report__descriptor, report_shadow,
      ACTOR_OPERATOR | ACTOR_PARTNER,
      .says = "Of 90 days: hours we would have promised to this partner's orders, beside those "
              "that were agreed" },
    { GET, "/v1/reserve", NULL, &reserve_report__descriptor, report_reserve,
      ACTOR_CONSULTANT | ACTOR_OPERATOR,
      .says = "?day=2026-11-23: technician-hours kept for emergencies by town and hour, what "
              "became of them, and emergencies refused" },
    { GET, "/v1/visit-lengths", NULL, &visit_length_list__descriptor, list_visit_lengths,
      ACTOR_CONSULTANT | ACTOR_OPERATOR,
      .says = "By service: how long visits are booked for, from which history, and overruns" },
    { GET, "/v1/technicians/{technician_id}/clashes", NULL, &clash_list__descriptor, list_clashes,
      ACTOR_TECHNICIAN | ACTOR_CONSULTANT | ACTOR_OPERATOR,
      .says = "?from=&until= in ms: booked visits that an absence would hit; no personal data" },
    { GET, "/v1/book/capacity", NULL, &capacity_reply__descriptor, show_capacity,
      ACTOR_CONSULTANT | ACTOR_OPERATOR,
      .says = "What the nightly check found: days that are not what workforce told or hold more "
              "visits than hours, and who has no shift" },
    { 0 },
};

static const event_type emits[] = {
    &visit_booked__descriptor,
    &visit_moved__descriptor,
    &visit_reassigned__descriptor,
    &visit_cancelled__descriptor,
    &visit_rebooked__descriptor,
    &visit_finished__descriptor,
    &plan_refused__descriptor,
    &work_order_unstaffed__descriptor,
    &technician_day_changed__descriptor,
    &policy_changed__descriptor,
    NULL,
};

static const struct copy copies[] = {
    { "intake", drop_orders },
    { "parts", drop_vans },
    { 0 },
};

static const struct timer timers[] = {
    { "release-holds", 500, release_hold, &QUERY_due_holds },
    { "try-again", 500, try_again, &QUERY_due_tries },
    { "displace", 1000, displace_due, &QUERY_due_displacements },
    { "forget-decisions", MINUTES(1), forget_decisions, NULL },
    { "visit-lengths", 1000, compute_lengths },
    { "plan-reserve", 1000, plan_reserve },
    { "apply-reserve", 500, apply_reserve, &QUERY_due_reserves },
    { "check-capacity", SECONDS(1), check_capacity, &QUERY_due_checks },
    { 0 },
};

static const struct metric_kind metrics[] = {
    { "majster_slots_out_of_reach_total",
      "starts not offered: where somebody is, he would come late" },
    { "majster_holds", "starts kept while customers think" },
    { "majster_holds_overdue", "of those, past their end for more than a minute" },
    { "majster_orders_unstaffed", "orders that nobody can take; the engine tries again" },
    { "majster_visits_to_replace", "promised visits whose technician cannot come any more" },
    { "majster_visit_times_left_out",
      "finished visits of the last year whose time on site cannot be true: under 5 minutes, over "
      "12 hours" },
    { "majster_visits_timed", "finished visits of the 90 days before last night" },
    { "majster_visits_overrun", "of those, which took longer than they were booked for" },
    { "majster_reserve_hours_ahead", "technician-hours kept for emergencies, still to come" },
    { "majster_reserve_idle_hours", "of the last 24 hours: kept, let go, and nobody came" },
    { "majster_emergencies_refused",
      "of the last 24 hours: emergencies that nobody could take when they came" },
    { "majster_technicians_without_shift", "active, but no moment of work of theirs is told" },
    { "majster_technician_days_amiss",
      "days that are not what workforce told, or hold more visits than hours; as last checked" },
    { "majster_technicians_unchecked", "whose nightly check is an hour late" },
    { 0 },
};

static const struct command commands[] = {
    { "replay", "ID|DATE [FILE]",
      "a decision, or all of a day, made again: the same bytes, or what other weights would have "
      "given",
      replay },
    { 0 },
};

int main(int argc, char **argv)
{
    static const struct service matching = {
        .name = "matching",
        .settings = settings,
        .listens = listens,
        .watches = watches,
        .routes = routes,
        .rules = rules,
        .emits = emits,
        .copies = copies,
        .retell = retell_book,
        .timers = timers,
        .commands = commands,
        .metrics = metrics,
        .figures = &QUERY_figures,
        .queries = matching_queries,
        .migrations = matching_migrations,
        .load = load_book,
    };

    return service_run(&matching, argc, argv);
}
