/* billing: what it costs, who pays.
 *
 * This file only wires. Rules are in domain/, SQL in store.c, the loop in lib/service. */
#include "lib/service/service.h"
#include "proto/billing.pb-c.h"
#include "proto/intake.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/billing/handlers.h"
#include "services/billing/queries.h"

enum { GROSZ_MOST = 100000000 };

static const struct setting settings[] = { { 0 } };

static const struct subscription listens[] = {
    { &work_order_opened__descriptor, on_work_order_opened, .opens = true, .fills = true },
    { &work_order_cancelled__descriptor, on_work_order_cancelled },
    { &cost_line_accepted__descriptor, on_cost_line_accepted },
    { &cost_line_refused__descriptor, on_cost_line_refused },
    { &visit_done__descriptor, on_visit_done, .fills = true },
    { 0 },
};

static const struct rule price_list_rules[] = {
    { "price_list_id", RULE_REQUIRED, .pattern = "[a-z0-9][a-z0-9._-]{0,39}",
      .says = "Podaj nazwę cennika: małe litery, cyfry, kropki i kreski, najwyżej 40 znaków" },
    { "valid_from", RULE_REQUIRED, .min = 0, .max = 0x7FFFFFFFFFFF,
      .says = "Podaj, od kiedy cennik obowiązuje" },
    { "items", RULE_REQUIRED, .min = 1, .max = 1000, .says = "Podaj od 1 do 1000 pozycji" },
    { "items[].item", RULE_REQUIRED, .pattern = "[a-z0-9][a-z0-9._-]{0,59}",
      .says = "Podaj kod pozycji: małe litery, cyfry, kropki i kreski, najwyżej 60 znaków" },
    { "items[].name", RULE_REQUIRED, .max = 120, .says = "Podaj nazwę, najwyżej 120 znaków" },
    { "items[].unit", RULE_REQUIRED, .max = 12, .says = "Podaj jednostkę, najwyżej 12 znaków" },
    { "items[].price_grosz", RULE_REQUIRED, .min = 0, .max = GROSZ_MOST,
      .says = "Podaj cenę brutto w groszach, od 0 do 100000000" },
    { "items[].vat_percent", RULE_REQUIRED, .min = 0, .max = 23,
      .says = "Stawka VAT to 0, 5, 8 albo 23" },
    { 0 },
};

static const struct rule settlement_rules[] = {
    { "partner_id", RULE_REQUIRED, .max = 31, .pattern = "[a-z0-9][a-z0-9_-]*",
      .says = "Podaj partnera" },
    { "from", RULE_REQUIRED, .min = 0, .max = 0x7FFFFFFFFFFF, .says = "Podaj początek okresu" },
    { "until", RULE_REQUIRED, .min = 1, .max = 0x7FFFFFFFFFFF, .says = "Podaj koniec okresu" },
    { 0 },
};

static const struct message_rules rules[] = {
    { &price_list_request__descriptor, price_list_rules },
    { &settlement_request__descriptor, settlement_rules },
    { 0 },
};

enum {
    LOOKS = ACTOR_CONSULTANT | ACTOR_OPERATOR | ACTOR_PARTNER | ACTOR_CUSTOMER,
};

static const struct route routes[] = {
    { POST, "/v1/price-lists", &price_list_request__descriptor, &price_list_published__descriptor,
      post_price_list, ACTOR_OPERATOR,
      .says = "A new price list; one that is published is never changed" },
    { POST, "/v1/settlements", &settlement_request__descriptor, &settlement_reply__descriptor,
      post_settlement, ACTOR_OPERATOR,
      .says = "Settles a partner's lines of closed orders that no settlement has yet" },
    { GET, "/v1/settlements/{settlement_id}", NULL, NULL, show_settlement,
      ACTOR_OPERATOR | ACTOR_CONSULTANT | ACTOR_PARTNER,
      .says = "A settlement as CSV; a partner its own" },
    { GET, "/v1/cost-lines", NULL, &cost_line_list__descriptor, list_cost_lines, LOOKS,
      .says = "Booked lines of one order: ?work_order_id=" },
    { 0 },
};

static const event_type emits[] = {
    &price_list_published__descriptor,
    &cost_line_booked__descriptor,
    &settlement_made__descriptor,
    NULL,
};

static const struct copy copies[] = {
    { "intake", drop_work_orders },
    { 0 },
};

static const struct command commands[] = {
    { "load", "FILE", "price lists from {\"price_lists\": [PriceListRequest, …]}, all or nothing",
      load_price_lists },
    { 0 },
};

int main(int argc, char **argv)
{
    static const struct service billing = {
        .name = "billing",
        .settings = settings,
        .listens = listens,
        .routes = routes,
        .rules = rules,
        .emits = emits,
        .copies = copies,
        .retell = retell_price_list,
        .commands = commands,
        .queries = billing_queries,
        .migrations = billing_migrations,
    };

    return service_run(&billing, argc, argv);
}
