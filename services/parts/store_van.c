/* Vans in PostgreSQL. */
#include "services/parts/store_van.h"
#include "lib/service/db.h"
#include "proto/parts.pb-c.h"
#include "services/parts/queries.h"

struct error store_find_unknown(struct turn *turn, const char *const skus[], size_t count,
                                size_t **ret_places, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, find_unknown_skus, text_array(turn->arena, skus, count)));
    *ret_count = (size_t)rows.count;
    *ret_places = ARENA_ARRAY(turn->arena, size_t, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_places)[i] = (size_t)next_int(&row) - 1;
    }
    return OK;
}

/* ---- stock ---- */

static VanItem *read_item(struct turn *turn, struct row *row)
{
    VanItem *item = ARENA_NEW(turn->arena, VanItem);

    van_item__init(item);
    item->sku = next_text(row);
    item->name = next_text(row);
    item->quantity = next_int(row);
    item->reserved = next_int(row);
    item->work_order_ids = next_strings(row, turn->arena, &item->n_work_order_ids);
    return item;
}

struct error store_load_van(struct turn *turn, const char *technician_id, VanStock **ret_van)
{
    struct rows rows;

    *ret_van = NULL;
    TRY(db_read(turn, &rows, load_van, STR(technician_id)));
    if (rows.count == 0)
        return OK;
    struct row row = row_at(&rows, 0);
    VanStock *van = ARENA_NEW(turn->arena, VanStock);
    van_stock__init(van);
    van->technician_id = arena_string(turn->arena, technician_id);
    van->version = next_int(&row);
    van->changed_at = next_int(&row);
    TRY(db_read(turn, &rows, load_van_stock, STR(technician_id)));
    van->items = ARENA_ARRAY(turn->arena, VanItem *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        row = row_at(&rows, i);
        van->items[van->n_items++] = read_item(turn, &row);
    }
    *ret_van = van;
    return OK;
}

struct error store_next_version(struct turn *turn, const char *technician_id)
{
    struct rows rows;

    return db_read(turn, &rows, next_van_version, STR(technician_id), INT(turn->now));
}

struct error store_load_count(struct turn *turn, const char *technician_id, const char *sku,
                              struct van_count *ret_count)
{
    struct van_count count = { 0, 0 };
    struct rows rows;

    TRY(db_read(turn, &rows, load_van_count, STR(technician_id), STR(sku)));
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        count.quantity = next_int(&row);
        count.reserved = next_int(&row);
    }
    *ret_count = count;
    return OK;
}

void store_save_count(struct turn *turn, const char *technician_id, const char *sku,
                      const struct van_change *change)
{
    if (change->lost > 0)
        db_write(turn, lose_reservations, STR(technician_id), STR(sku), INT(change->lost));
    db_write(turn, save_van_count, STR(technician_id), STR(sku), INT(change->count.quantity),
             INT(change->count.reserved));
}

void store_drop_count(struct turn *turn, const char *technician_id, const char *sku)
{
    db_write(turn, drop_van_count, STR(technician_id), STR(sku));
}

/* ---- reservations ---- */

struct error store_load_reservation(struct turn *turn, const char *work_order_id, bool *ret_found,
                                    struct van_reservation *ret_reservation)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_reservation, STR(work_order_id)));
    *ret_found = rows.count > 0;
    if (!rows.count)
        return OK;
    struct row row = row_at(&rows, 0);
    ret_reservation->technician_id = next_text(&row);
    ret_reservation->sku = next_text(&row);
    ret_reservation->reserved_at = next_int(&row);
    ret_reservation->is_lost = next_bool(&row);
    return OK;
}

void store_save_reservation(struct turn *turn, const struct work_order *order)
{
    db_write(turn, save_reservation, STR(order->id), STR(order->technician_id),
             STR(order->part_sku), INT(order->needed_by), INT(turn->now));
}

void store_drop_reservation(struct turn *turn, const char *work_order_id)
{
    db_write(turn, drop_reservation, STR(work_order_id));
}

/* ---- use ---- */

struct error store_count_at_customer(struct turn *turn, const char *work_order_id, const char *sku,
                                     int64_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, count_at_customer, STR(work_order_id), STR(sku)));
    struct row row = row_at(&rows, 0);
    *ret_count = next_int(&row);
    return OK;
}

struct error store_has_use(struct turn *turn, const struct used_part *part, bool *ret_has)
{
    struct rows rows;

    TRY(db_read(turn, &rows, has_use, STR(part->visit_id), STR(part->sku)));
    *ret_has = rows.count > 0;
    return OK;
}

void store_save_use(struct turn *turn, const struct used_part *part, const struct van_use *use)
{
    db_write(turn, save_use, STR(part->visit_id), STR(part->sku), STR(part->work_order_id),
             STR(part->technician_id), INT(part->quantity), INT(use->delivered), INT(use->beyond),
             INT(turn->now));
}
