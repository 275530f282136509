/* The books: prices, lines, settlements; store.c alone knows how they are kept. */
#pragma once
#include "lib/service/db.h"
#include "lib/service/turn.h"
#include "services/billing/domain/book_line.h"
#include "services/billing/domain/settle_lines.h"

/* ---- price lists ---- */
struct price_list {
    const char *id;
    int64_t version;
    timestamp valid_from;
    struct text content; /* the request as it was packed */
};

struct price_item {
    const char *item, *name, *unit;
    int64_t price_grosz, vat_percent;
};

struct price_lists_summary {
    int64_t last_version; /* 0: there is none */
    bool is_begin_taken;  /* a list begins at the moment that was asked for */
    bool has_books;       /* a line was booked already */
};

struct error store_load_price_list(struct turn *turn, const char *id, bool *ret_found,
                                   struct price_list *ret_list);
struct error store_load_summary(struct turn *turn, timestamp valid_from,
                                struct price_lists_summary *ret_summary);
void store_save_price_list(struct turn *turn, const struct price_list *list,
                           const struct price_item items[], size_t count);
/* By the newest list that held at `at` and names the item; `ret_price_list_id` "" when none does.
 */
struct error store_load_price(struct turn *turn, const char *item, timestamp at,
                              struct own_price *ret_price, const char **ret_price_list_id);

/* ---- work orders and lines ---- */
struct cost_line {
    const char *line_id, *work_order_id, *visit_id, *partner_id, *technician_id;
    const char *item;
    int64_t quantity;          /* thousandths */
    const char *price_list_id; /* "": in no list */
    int64_t price_grosz;
    int64_t total_grosz, partner_grosz, customer_grosz;
    timestamp booked_at;
    const char *settlement_id; /* loaded only; "" as long as it stands in none */
    timestamp settled_at;
};

void store_save_work_order(struct turn *turn, const char *id, const char *number,
                           const char *partner_id, const char *partner_reference);
/* Orders without a line; a text[]. */
void store_drop_work_orders(struct turn *turn, struct value ids);
/* The first closing counts. */
void store_close_work_order(struct turn *turn, const char *id, timestamp closed_at);
struct error store_has_line(struct turn *turn, const char *line_id, bool *ret_has);
void store_save_line(struct turn *turn, const struct cost_line *line);
struct error store_load_lines(struct turn *turn, const char *work_order_id,
                              struct cost_line **ret_lines, size_t *ret_count);

/* ---- settlements ---- */
struct settlement {
    const char *id, *partner_id;
    timestamp from, until;
    struct settlement_sum sum;
    const char *sha256, *made_by;
};

/* Lines of closed orders that became due from <= t < until and stand in no settlement, by order. */
struct error store_load_unsettled(struct turn *turn, const char *partner_id, timestamp from,
                                  timestamp until, struct settled_line **ret_lines,
                                  size_t *ret_count);
void store_save_settlement(struct turn *turn, const struct settlement *settlement,
                           const struct settled_line lines[], size_t count);
struct error store_load_settlement(struct turn *turn, const char *id, bool *ret_found,
                                   const char **ret_partner_id, const char **ret_sha256);
