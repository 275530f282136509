/* parts: which part, from whom, when at the customer's address.
 *
 * This file only wires. Rules are in domain/, SQL in store.c, the loop in lib/service. */
#include "lib/service/service.h"
#include "proto/intake.pb-c.h"
#include "proto/matching.pb-c.h"
#include "proto/parts.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/parts/domain/van_count.h"
#include "services/parts/handlers.h"
#include "services/parts/queries.h"

#define SKU "[A-Za-z0-9][A-Za-z0-9._/-]{0,59}"
#define KEY "[a-z0-9][a-z0-9_-]{0,39}"
#define SAYS_SKU "Podaj kod części: litery, cyfry, kropki i kreski, najwyżej 60 znaków"
#define SAYS_SUPPLIER "Podaj klucz dostawcy: małe litery, cyfry i kreski, najwyżej 40 znaków"

enum { GROSZ_MOST = 100000000 };

static const struct setting settings[] = { { 0 } };

static const struct subscription listens[] = {
    { &work_order_opened__descriptor, on_work_order_opened, .opens = true, .fills = true },
    { &address_located__descriptor, on_address_located },
    { &work_order_cancelled__descriptor, on_work_order_cancelled },
    { &visit_booked__descriptor, on_visit_booked, .fills = true },
    { &visit_moved__descriptor, on_visit_moved },
    { &visit_reassigned__descriptor, on_visit_reassigned },
    { &visit_rebooked__descriptor, on_visit_rebooked },
    { &visit_cancelled__descriptor, on_visit_cancelled },
    { &visit_done__descriptor, on_visit_done },
    { &visit_missed__descriptor, on_visit_missed },
    { 0 },
};

static const struct rule item_rules[] = {
    { "sku", RULE_REQUIRED, .pattern = SKU, .says = SAYS_SKU },
    { "name", RULE_REQUIRED, .max = 120, .says = "Podaj nazwę, najwyżej 120 znaków" },
    { "supplier_id", RULE_REQUIRED, .pattern = KEY, .says = SAYS_SUPPLIER },
    { "price_grosz", RULE_REQUIRED, .min = 0, .max = GROSZ_MOST },
    { "lead_time_ms", RULE_REQUIRED, .min = 0, .max = DAYS(90) },
    { 0 },
};

static const struct rule catalogue_rules[] = {
    { "items", RULE_REQUIRED, .min = 1, .max = 1000, .says = "Podaj od 1 do 1000 części" },
    { "items[].sku", RULE_REQUIRED, .pattern = SKU, .says = SAYS_SKU },
    { "items[].name", RULE_REQUIRED, .max = 120, .says = "Podaj nazwę, najwyżej 120 znaków" },
    { "items[].supplier_id", RULE_REQUIRED, .pattern = KEY, .says = SAYS_SUPPLIER },
    { "items[].price_grosz", RULE_REQUIRED, .min = 0, .max = GROSZ_MOST },
    { "items[].lead_time_ms", RULE_REQUIRED, .min = 0, .max = DAYS(90) },
    { 0 },
};

static const struct rule update_rules[] = {
    { "state", RULE_REQUIRED, .says = "Podaj stan: confirmed, shipped, delivered albo late" },
    { "promised_by", .min = 0, .max = 0x7FFFFFFFFFFF },
    { "at", .min = 0, .max = 0x7FFFFFFFFFFF },
    { "reference", .max = 60, .says = "Numer dostawcy: najwyżej 60 znaków" },
    { 0 },
};

static const struct rule van_stock_rules[] = {
    { "items", RULE_REQUIRED, .min = 1, .max = 1000,
      .says = "Podaj od 1 do 1000 części; pusty samochód to część z ilością 0" },
    { "items[].sku", RULE_REQUIRED, .pattern = SKU, .says = SAYS_SKU },
    { "items[].quantity", RULE_REQUIRED, .min = 0, .max = VAN_QUANTITY_MOST,
      .says = "Podaj liczbę sztuk od 0 do 10000" },
    { 0 },
};

static const struct message_rules rules[] = {
    { &catalogue_item__descriptor, item_rules },
    { &catalogue_request__descriptor, catalogue_rules },
    { &supplier_update__descriptor, update_rules },
    { &van_stock_request__descriptor, van_stock_rules },
    { 0 },
};

enum {
    SUPPLIES = ACTOR_SUPPLIER | ACTOR_OPERATOR,
    LOOKS = ACTOR_CONSULTANT | ACTOR_PARTNER | ACTOR_CUSTOMER | ACTOR_OPERATOR,
};

static const struct route routes[] = {
    { POST, "/v1/parts/catalogue", &catalogue_request__descriptor, &catalogue_reply__descriptor,
      post_catalogue, ACTOR_OPERATOR,
      .says = "Parts that can be ordered; a known sku is replaced" },
    { GET, "/v1/parts/questions", NULL, &part_question_list__descriptor, list_questions,
      ACTOR_OPERATOR | ACTOR_CONSULTANT,
      .says = "Orders whose part is not in the catalogue; entering it orders the part" },
    { GET, "/v1/parts", NULL, &purchase_list__descriptor, list_parts, LOOKS,
      .says = "Parts of one order: ?work_order_id=" },
    { GET, "/v1/purchase-orders", NULL, &purchase_list__descriptor, list_purchase_orders, SUPPLIES,
      .says = "Open purchases, a supplier's own; operator: ?supplier_id=" },
    { POST, "/v1/purchase-orders/{work_order_id}/updates", &supplier_update__descriptor,
      &purchase_order__descriptor, update_purchase_order, SUPPLIES, .subject = "work_order_id",
      .must_exist = true, .says = "What the supplier says: confirmed, shipped, delivered or late" },
    { PUT, "/v1/technicians/{technician_id}/van-stock", &van_stock_request__descriptor,
      &van_stock__descriptor, put_van_stock, ACTOR_OPERATOR | ACTOR_CONSULTANT,
      .subject = "technician_id", .says = "The whole stock of a van, as it was counted" },
    { GET, "/v1/technicians/{technician_id}/van-stock", NULL, &van_stock__descriptor,
      show_van_stock, ACTOR_OPERATOR | ACTOR_CONSULTANT | ACTOR_TECHNICIAN,
      .says = "What lies in a van, and what of it is kept for which orders; his own to a "
              "technician" },
    { 0 },
};

static const event_type emits[] = {
    &part_ordered__descriptor,      &part_confirmed__descriptor,
    &part_shipped__descriptor,      &part_delivered__descriptor,
    &part_late__descriptor,         &part_cancelled__descriptor,
    &part_reserved__descriptor,     &part_released__descriptor,
    &van_stock_changed__descriptor, NULL,
};

static const struct copy copies[] = {
    { "intake", drop_work_orders },
    { 0 },
};

static const struct timer timers[] = {
    { "promise-passed", SECONDS(1), on_promise_passed, &QUERY_due_overdue },
    { "question-answered", SECONDS(1), on_question_answered, &QUERY_due_answered },
    { "reservation-lost", SECONDS(1), on_reservation_lost, &QUERY_due_lost },
    { 0 },
};

static const struct command commands[] = {
    { "load", "FILE", "the catalogue from {\"items\": [CatalogueItem, …]}, all or nothing",
      load_catalogue },
    { 0 },
};

static const struct metric_kind metrics[] = {
    { "majster_purchases_open", "parts ordered and not delivered" },
    { "majster_purchases_overdue", "of those, past the promised day" },
    { "majster_van_parts_reserved", "pieces in vans that are kept for orders" },
    { "majster_van_parts_lost", "orders whose piece is not in the van any more, not yet supplied" },
    { "majster_van_parts_beyond",
      "of the last 30 days: pieces that were used and that the van's count did not have" },
    { 0 },
};

int main(int argc, char **argv)
{
    static const struct service parts = {
        .name = "parts",
        .settings = settings,
        .listens = listens,
        .routes = routes,
        .rules = rules,
        .emits = emits,
        .copies = copies,
        .retell = retell_parts,
        .timers = timers,
        .commands = commands,
        .metrics = metrics,
        .figures = &QUERY_figures,
        .queries = parts_queries,
        .migrations = parts_migrations,
    };

    return service_run(&parts, argc, argv);
}
