/* With store_van.c the only file of parts that knows SQL. */
#include "services/parts/store.h"
#include "lib/service/db.h"
#include "services/parts/queries.h"

/* ---- catalogue ---- */

void store_save_catalogue_item(struct turn *turn, const struct catalogue_item *item)
{
    db_write(turn, save_catalogue_item, STR(item->sku), STR(item->name), STR(item->supplier_id),
             INT(item->price_grosz), INT(item->lead_time_ms), INT(turn->now));
}

struct error store_load_catalogue_item(struct turn *turn, const char *sku, bool *ret_found,
                                       struct catalogue_item *ret_item)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_catalogue_item, STR(sku)));
    *ret_found = rows.count > 0;
    if (!rows.count)
        return OK;
    struct row row = row_at(&rows, 0);
    ret_item->sku = next_text(&row);
    ret_item->name = next_text(&row);
    ret_item->supplier_id = next_text(&row);
    ret_item->price_grosz = next_int(&row);
    ret_item->lead_time_ms = next_int(&row);
    return OK;
}

/* ---- work orders ---- */

void store_save_work_order(struct turn *turn, const struct work_order *order)
{
    db_write(turn, save_work_order, STR(order->id), STR(order->number), STR(order->partner_id),
             STR(order->person_id), STR(order->part_sku), STR(order->town), STR(order->district));
}

void store_drop_work_orders(struct turn *turn, struct value ids)
{
    db_write(turn, drop_work_orders, ids);
}

void store_save_place(struct turn *turn, const char *id, const char *town, const char *district)
{
    db_write(turn, save_place, STR(id), STR(town), STR(district));
}

void store_save_visit(struct turn *turn, const char *id, const struct planned_visit *visit)
{
    db_write(turn, save_visit, STR(id), STR(visit->visit_id), STR(visit->technician_id),
             INT(visit->start_at));
}

void store_save_over(struct turn *turn, const char *id, const char *visit_id, timestamp at)
{
    db_write(turn, save_over, STR(id), STR(visit_id), INT(at));
}

void store_save_ended(struct turn *turn, const char *id)
{
    db_write(turn, save_ended, STR(id));
}

struct error store_load_work_order(struct turn *turn, const char *id, bool *ret_found,
                                   struct work_order *ret_order)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_work_order, STR(id)));
    *ret_found = rows.count > 0;
    if (!rows.count)
        return OK;
    struct row row = row_at(&rows, 0);
    ret_order->id = next_text(&row);
    ret_order->number = next_text(&row);
    ret_order->partner_id = next_text(&row);
    ret_order->person_id = next_text(&row);
    ret_order->part_sku = next_text(&row);
    ret_order->town = next_text(&row);
    ret_order->district = next_text(&row);
    ret_order->visit_id = next_text(&row);
    ret_order->technician_id = next_text(&row);
    ret_order->needed_by = next_int(&row);
    ret_order->over_visit_id = next_text(&row);
    ret_order->over_at = next_int(&row);
    ret_order->ended = next_bool(&row);
    return OK;
}

/* ---- purchases ---- */

void store_save_purchase(struct turn *turn, const struct purchase *purchase)
{
    const struct delivery *delivery = &purchase->delivery;

    db_write(turn, save_purchase, STR(purchase->id), STR(purchase->work_order_id),
             STR(purchase->partner_id), STR(purchase->supplier_id), STR(purchase->sku),
             STR(purchase->name), INT(purchase->quantity), INT(purchase->price_grosz),
             INT(delivery->state), INT(delivery->ordered_at), INT(delivery->promised_by),
             INT(delivery->needed_by));
}

void store_update_purchase(struct turn *turn, const struct purchase *purchase)
{
    const struct delivery *delivery = &purchase->delivery;

    db_write(turn, update_purchase, STR(purchase->id), INT(delivery->state),
             INT(delivery->promised_by), INT(delivery->needed_by), INT(delivery->delivered_at),
             INT(delivery->late_promised_by), INT(delivery->late_needed_by),
             INT(delivery->overdue_promised_by));
}

void store_save_event(struct turn *turn, const struct purchase *purchase,
                      const struct purchase_event *event)
{
    db_write(turn, save_purchase_event, STR(purchase->id), STR(purchase->partner_id),
             STR(purchase->supplier_id), INT(purchase->delivery.state),
             INT(purchase->delivery.promised_by), INT(event->at), INT(turn->now),
             STR(event->reference), STR(event->by_kind), STR(event->by_id));
}

static struct purchase read_purchase(struct row *row)
{
    struct purchase purchase = { .id = next_text(row) };
    struct delivery *delivery = &purchase.delivery;

    purchase.work_order_id = next_text(row);
    purchase.partner_id = next_text(row);
    purchase.supplier_id = next_text(row);
    purchase.sku = next_text(row);
    purchase.name = next_text(row);
    purchase.quantity = next_int(row);
    purchase.price_grosz = next_int(row);
    delivery->state = (enum purchase_state)next_int(row);
    delivery->ordered_at = next_int(row);
    delivery->promised_by = next_int(row);
    delivery->needed_by = next_int(row);
    delivery->delivered_at = next_int(row);
    delivery->late_promised_by = next_int(row);
    delivery->late_needed_by = next_int(row);
    delivery->overdue_promised_by = next_int(row);
    purchase.person_id = next_text(row);
    purchase.number = next_text(row);
    purchase.town = next_text(row);
    purchase.district = next_text(row);
    return purchase;
}

struct error store_load_living(struct turn *turn, const char *work_order_id, bool *ret_found,
                               struct purchase *ret_purchase)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_living_purchase, STR(work_order_id)));
    *ret_found = rows.count > 0;
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_purchase = read_purchase(&row);
    }
    return OK;
}

struct error store_was_shipped(struct turn *turn, const struct purchase *purchase, bool *ret_was)
{
    struct rows rows;

    TRY(db_read(turn, &rows, was_shipped, STR(purchase->id)));
    *ret_was = rows.count > 0;
    return OK;
}

static void read_purchases(struct turn *turn, const struct rows *rows,
                           struct purchases *ret_purchases)
{
    ret_purchases->count = (size_t)rows->count;
    ret_purchases->at = ARENA_ARRAY(turn->arena, struct purchase, ret_purchases->count + 1);
    for (int i = 0; i < rows->count; i++) {
        struct row row = row_at(rows, i);
        ret_purchases->at[i] = read_purchase(&row);
    }
}

struct error store_load_of_order(struct turn *turn, const char *work_order_id,
                                 struct purchases *ret_purchases)
{
    struct rows rows;

    TRY(db_read(turn, &rows, list_purchases_of_order, STR(work_order_id)));
    read_purchases(turn, &rows, ret_purchases);
    return OK;
}

struct error store_load_open(struct turn *turn, const char *supplier_id,
                             struct purchases *ret_purchases)
{
    struct rows rows;

    TRY(db_read(turn, &rows, list_open_purchases, STR(supplier_id)));
    read_purchases(turn, &rows, ret_purchases);
    return OK;
}

/* ---- questions ---- */

void store_save_question(struct turn *turn, const struct work_order *order)
{
    db_write(turn, save_question, STR(order->id), STR(order->partner_id), STR(order->number),
             STR(order->part_sku), INT(turn->now));
}

void store_close_question(struct turn *turn, const char *work_order_id)
{
    db_write(turn, close_question, STR(work_order_id), INT(turn->now));
}

struct error store_load_questions(struct turn *turn, struct part_question **ret_questions,
                                  size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, list_questions));
    struct part_question *questions =
        ARENA_ARRAY(turn->arena, struct part_question, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        questions[i].work_order_id = next_text(&row);
        questions[i].number = next_text(&row);
        questions[i].sku = next_text(&row);
        questions[i].asked_at = next_int(&row);
    }
    *ret_questions = questions;
    *ret_count = (size_t)rows.count;
    return OK;
}
