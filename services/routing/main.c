/* routing: in which order, by which road, and what to do about it; who is where.
 *
 * This file only wires. Rules are in domain/ and solver/, SQL in store.c and store_plans.c, Redis
 * in live.c, the loop in lib/service. */
#include "proto/intake.pb-c.h"
#include "services/routing/handlers.h"
#include "services/routing/queries.h"
#include "services/routing/settings.h"

static const struct rule position_report[] = {
    { "positions", RULE_REQUIRED, 1, 500, .says = "Podaj od 1 do 500 punktów." },
    { "positions[].lat", RULE_REQUIRED },
    { "positions[].lon", RULE_REQUIRED },
    { "positions[].at", RULE_REQUIRED },
    { "positions[].sequence", RULE_REQUIRED },
    { "positions[].status", 0, 1, 20, "[a-z_]+", "Stan to małe litery i podkreślenia." },
    { 0 },
};

static const struct message_rules rules[] = {
    { &position_report__descriptor, position_report },
    { 0 },
};

static const struct subscription listens[] = {
    { &technician_day_changed__descriptor, on_technician_day_changed, .opens = true,
      .fills = true },
    { &visit_reassigned__descriptor, on_visit_reassigned },
    { &plan_refused__descriptor, on_plan_refused },
    { &work_order_opened__descriptor, on_work_order_opened, .opens = true, .fills = true },
    { &technician_on_the_way__descriptor, on_technician_on_the_way, .fills = true },
    { &technician_there__descriptor, on_technician_there, .fills = true },
    { &visit_done__descriptor, on_visit_done, .fills = true },
    { 0 },
};

static const event_type emits[] = {
    &route_planned__descriptor,
    &plan_proposed__descriptor,
    NULL,
};

enum { OUR_PEOPLE = ACTOR_CONSULTANT | ACTOR_OPERATOR };

static const struct route routes[] = {
    { POST, "/v1/positions", &position_report__descriptor, &position_reply__descriptor,
      report_positions, ACTOR_TECHNICIAN,
      .says = "Takes a technician's own points; those from outside his work are dropped" },
    { GET, "/v1/positions", NULL, &live_list__descriptor, list_positions, ACTOR_CONSULTANT,
      .says = "Where technicians were seen in the last 5 minutes, and how long ago" },
    { GET, "/v1/routes", NULL, &route_list__descriptor, list_routes, ACTOR_CONSULTANT,
      .says = "Routes of one day (?day=2026-11-24), of all technicians" },
    { GET, "/v1/routes/kilometres", NULL, &kilometres_reply__descriptor, show_kilometres,
      OUR_PEOPLE, .says = "Planned kilometres by day (?from_day=…&until_day=…)" },
    { GET, "/v1/routes/{technician_id}", NULL, &route_reply__descriptor, show_route,
      ACTOR_TECHNICIAN | ACTOR_CONSULTANT,
      .says = "One technician's route of a day, and when he will be at each door" },
    { 0 },
};

static const struct copy copies[] = {
    { "intake", drop_work_orders },
    { "matching", drop_technician_days },
    { 0 },
};

static const struct timer timers[] = {
    { "improve", 200, improve },
    { "forget-changes", SECONDS(10), forget_changes },
    { "forget-positions", MINUTES(1), forget_positions },
    { "refill-live", SECONDS(1), refill_live },
    { 0 },
};

static const struct command commands[] = {
    { "baseline", "DAY_FROM DAY_UNTIL", "kilometres planned, and of the nearest free technician",
      print_baseline },
    { "replay", "ID|DATE", "a plan, or all that were proposed on a day, made again: the same bytes",
      replay },
    { 0 },
};

int main(int argc, char **argv)
{
    static const struct service routing = {
        .name = "routing",
        .settings = routing_settings,
        .listens = listens,
        .routes = routes,
        .rules = rules,
        .emits = emits,
        .copies = copies,
        .timers = timers,
        .commands = commands,
        .queries = routing_queries,
        .migrations = routing_migrations,
    };

    return service_run(&routing, argc, argv);
}
