/* What parts knows of orders, its catalogue and purchases; store.c alone knows how it is kept. */
#pragma once
#include "lib/service/db.h"
#include "lib/service/turn.h"
#include "services/parts/domain/watch_delivery.h"

struct catalogue_item {
    const char *sku, *name, *supplier_id;
    int64_t price_grosz, lead_time_ms;
};

struct work_order {
    const char *id, *number, *partner_id, *person_id;
    const char *part_sku; /* "": no part is known to be needed */
    const char *town, *district;
    const char *visit_id;      /* "": none is planned */
    const char *technician_id; /* whose visit it is; "": not known */
    timestamp needed_by;       /* its hour; 0: none */
    const char *over_visit_id; /* the last one that was done or missed; "": none */
    timestamp over_at;         /* when that was told */
    bool ended;
};

struct purchase {
    const char *id, *work_order_id, *partner_id, *supplier_id;
    const char *sku, *name;
    int64_t quantity, price_grosz;
    struct delivery delivery;
    const char *person_id, *number, *town, *district; /* of the work order */
};

struct purchases {
    struct purchase *at;
    size_t count;
};

struct purchase_event {
    timestamp at;          /* when it happened; the entry's time is the turn's */
    const char *reference; /* the supplier's own */
    const char *by_kind, *by_id;
};

struct part_question {
    const char *work_order_id, *number, *sku;
    timestamp asked_at;
};

void store_save_catalogue_item(struct turn *turn, const struct catalogue_item *item);
struct error store_load_catalogue_item(struct turn *turn, const char *sku, bool *ret_found,
                                       struct catalogue_item *ret_item);

void store_save_work_order(struct turn *turn, const struct work_order *order);
/* Orders without a purchase, question or reservation; a text[]. */
void store_drop_work_orders(struct turn *turn, struct value ids);
void store_save_place(struct turn *turn, const char *id, const char *town, const char *district);
struct planned_visit {
    const char *visit_id, *technician_id; /* both "": none is planned */
    timestamp start_at;
};
void store_save_visit(struct turn *turn, const char *id, const struct planned_visit *visit);
void store_save_over(struct turn *turn, const char *id, const char *visit_id, timestamp at);
void store_save_ended(struct turn *turn, const char *id);
struct error store_load_work_order(struct turn *turn, const char *id, bool *ret_found,
                                   struct work_order *ret_order);

void store_save_purchase(struct turn *turn, const struct purchase *purchase);
void store_update_purchase(struct turn *turn, const struct purchase *purchase);
/* What was said, with the purchase as it stands after it. */
void store_save_event(struct turn *turn, const struct purchase *purchase,
                      const struct purchase_event *event);
/* The one that is not cancelled. */
struct error store_load_living(struct turn *turn, const char *work_order_id, bool *ret_found,
                               struct purchase *ret_purchase);
struct error store_load_of_order(struct turn *turn, const char *work_order_id,
                                 struct purchases *ret_purchases);
/* The supplier ever said that he had sent it. */
struct error store_was_shipped(struct turn *turn, const struct purchase *purchase, bool *ret_was);
/* Neither delivered nor cancelled, oldest first, at most 500; `supplier_id` "": of all. */
struct error store_load_open(struct turn *turn, const char *supplier_id,
                             struct purchases *ret_purchases);

void store_save_question(struct turn *turn, const struct work_order *order);
void store_close_question(struct turn *turn, const char *work_order_id);
struct error store_load_questions(struct turn *turn, struct part_question **ret_questions,
                                  size_t *ret_count);
