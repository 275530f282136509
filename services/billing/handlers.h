/* What billing does when it hears and is asked. */
#pragma once
#include "lib/service/http.h"
#include "services/billing/store.h"

/* ---- handlers/price_lists.c ---- */
struct error post_price_list(struct turn *turn, const void *message, struct reply *reply);
struct error load_price_lists(struct turn *turn, int count, char **words);
struct error retell_price_list(struct turn *turn, const char *subject);

/* ---- handlers/lines.c ---- */
struct error on_work_order_opened(struct turn *turn, const void *message);
struct error on_work_order_cancelled(struct turn *turn, const void *message);
struct error on_visit_done(struct turn *turn, const void *message);
struct error on_cost_line_accepted(struct turn *turn, const void *message);
struct error on_cost_line_refused(struct turn *turn, const void *message);
struct error drop_work_orders(struct turn *turn, struct value subjects);
struct error list_cost_lines(struct turn *turn, const void *message, struct reply *reply);

/* ---- handlers/settlements.c ---- */
struct error post_settlement(struct turn *turn, const void *message, struct reply *reply);
struct error show_settlement(struct turn *turn, const void *message, struct reply *reply);
