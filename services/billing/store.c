/* The only file of billing that knows SQL. */
#include "services/billing/store.h"
#include "lib/service/db.h"
#include "services/billing/queries.h"

/* ---- price lists ---- */

struct error store_load_price_list(struct turn *turn, const char *id, bool *ret_found,
                                   struct price_list *ret_list)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_price_list, STR(id)));
    *ret_found = rows.count > 0;
    if (!rows.count)
        return OK;
    struct row row = row_at(&rows, 0);
    ret_list->id = id;
    ret_list->version = next_int(&row);
    ret_list->content = next_bytes(&row, turn->arena);
    return OK;
}

struct error store_load_summary(struct turn *turn, timestamp valid_from,
                                struct price_lists_summary *ret_summary)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_price_lists_summary, INT(valid_from)));
    struct row row = row_at(&rows, 0);
    ret_summary->last_version = next_int(&row);
    ret_summary->is_begin_taken = next_bool(&row);
    ret_summary->has_books = next_bool(&row);
    return OK;
}

static void save_items(struct turn *turn, const char *list_id, const struct price_item items[],
                       size_t count)
{
    const char **keys = ARENA_ARRAY(turn->arena, const char *, count + 1);
    const char **names = ARENA_ARRAY(turn->arena, const char *, count + 1);
    const char **units = ARENA_ARRAY(turn->arena, const char *, count + 1);
    int64_t *prices = ARENA_ARRAY(turn->arena, int64_t, count + 1);
    int64_t *rates = ARENA_ARRAY(turn->arena, int64_t, count + 1);

    for (size_t i = 0; i < count; i++) {
        keys[i] = items[i].item;
        names[i] = items[i].name;
        units[i] = items[i].unit;
        prices[i] = items[i].price_grosz;
        rates[i] = items[i].vat_percent;
    }
    db_write(turn, save_price_items, STR(list_id), text_array(turn->arena, keys, count),
             text_array(turn->arena, names, count), text_array(turn->arena, units, count),
             int_array(turn->arena, prices, count), int_array(turn->arena, rates, count));
}

void store_save_price_list(struct turn *turn, const struct price_list *list,
                           const struct price_item items[], size_t count)
{
    db_write(turn, save_price_list, STR(list->id), INT(list->version), INT(list->valid_from),
             INT(turn->now), BYTES(list->content));
    save_items(turn, list->id, items, count);
}

struct error store_load_price(struct turn *turn, const char *item, timestamp at,
                              struct own_price *ret_price, const char **ret_price_list_id)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_price, STR(item), INT(at)));
    *ret_price = (struct own_price){ .is_known = rows.count > 0 };
    *ret_price_list_id = "";
    if (!rows.count)
        return OK;
    struct row row = row_at(&rows, 0);
    *ret_price_list_id = next_text(&row);
    ret_price->price_grosz = next_int(&row);
    return OK;
}

/* ---- work orders and lines ---- */

void store_save_work_order(struct turn *turn, const char *id, const char *number,
                           const char *partner_id, const char *partner_reference)
{
    db_write(turn, save_work_order, STR(id), STR(number), STR(partner_id), STR(partner_reference));
}

void store_drop_work_orders(struct turn *turn, struct value ids)
{
    db_write(turn, drop_work_orders, ids);
}

void store_close_work_order(struct turn *turn, const char *id, timestamp closed_at)
{
    db_write(turn, close_work_order, STR(id), INT(closed_at));
}

struct error store_has_line(struct turn *turn, const char *line_id, bool *ret_has)
{
    struct rows rows;

    TRY(db_read(turn, &rows, has_cost_line, STR(line_id)));
    *ret_has = rows.count > 0;
    return OK;
}

void store_save_line(struct turn *turn, const struct cost_line *line)
{
    db_write(turn, save_cost_line, STR(line->line_id), STR(line->work_order_id),
             STR(line->visit_id), STR(line->partner_id), STR(line->technician_id), STR(line->item),
             INT(line->quantity), STR_OR_NIL(line->price_list_id), INT(line->price_grosz),
             INT(line->total_grosz), INT(line->partner_grosz), INT(line->customer_grosz),
             INT(line->booked_at));
}

static struct cost_line read_line(struct row *row)
{
    struct cost_line line = { .line_id = next_text(row) };

    line.work_order_id = next_text(row);
    line.visit_id = next_text(row);
    line.partner_id = next_text(row);
    line.technician_id = next_text(row);
    line.item = next_text(row);
    line.quantity = next_int(row);
    line.price_list_id = next_text(row);
    line.price_grosz = next_int(row);
    line.total_grosz = next_int(row);
    line.partner_grosz = next_int(row);
    line.customer_grosz = next_int(row);
    line.booked_at = next_int(row);
    line.settlement_id = next_text(row);
    line.settled_at = next_int(row);
    return line;
}

struct error store_load_lines(struct turn *turn, const char *work_order_id,
                              struct cost_line **ret_lines, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, list_cost_lines, STR(work_order_id)));
    struct cost_line *lines = ARENA_ARRAY(turn->arena, struct cost_line, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        lines[i] = read_line(&row);
    }
    *ret_lines = lines;
    *ret_count = (size_t)rows.count;
    return OK;
}

/* ---- settlements ---- */

static struct settled_line read_unsettled(struct row *row)
{
    struct settled_line line = { .line_id = next_text(row) };

    line.number = next_text(row);
    line.partner_reference = next_text(row);
    line.at = next_int(row);
    line.item = next_text(row);
    line.name = next_text(row);
    line.unit = next_text(row);
    line.vat_percent = next_int(row);
    line.quantity = next_int(row);
    line.price_grosz = next_int(row);
    line.total_grosz = next_int(row);
    line.partner_grosz = next_int(row);
    line.customer_grosz = next_int(row);
    return line;
}

struct error store_load_unsettled(struct turn *turn, const char *partner_id, timestamp from,
                                  timestamp until, struct settled_line **ret_lines,
                                  size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, list_unsettled, STR(partner_id), INT(from), INT(until)));
    struct settled_line *lines =
        ARENA_ARRAY(turn->arena, struct settled_line, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        lines[i] = read_unsettled(&row);
    }
    *ret_lines = lines;
    *ret_count = (size_t)rows.count;
    return OK;
}

void store_save_settlement(struct turn *turn, const struct settlement *settlement,
                           const struct settled_line lines[], size_t count)
{
    const char **ids = ARENA_ARRAY(turn->arena, const char *, count + 1);

    for (size_t i = 0; i < count; i++)
        ids[i] = lines[i].line_id;
    db_write(turn, save_settlement, STR(settlement->id), STR(settlement->partner_id),
             INT(settlement->from), INT(settlement->until), INT(settlement->sum.orders),
             INT(settlement->sum.lines), INT(settlement->sum.partner_grosz),
             STR(settlement->sha256), INT(turn->now), STR(settlement->made_by));
    db_write(turn, save_settlement_lines, STR(settlement->id), STR(settlement->partner_id),
             text_array(turn->arena, ids, count));
}

struct error store_load_settlement(struct turn *turn, const char *id, bool *ret_found,
                                   const char **ret_partner_id, const char **ret_sha256)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_settlement, STR(id)));
    *ret_found = rows.count > 0;
    if (!rows.count)
        return OK;
    struct row row = row_at(&rows, 0);
    *ret_partner_id = next_text(&row);
    *ret_sha256 = next_text(&row);
    return OK;
}
