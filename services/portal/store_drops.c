/* SQL that drops copies of what its owner knows no more. */
#include "services/portal/queries.h"
#include "services/portal/store.h"

static void read_numbers(struct turn *turn, const struct rows *rows, int **ret_numbers,
                         int *ret_count)
{
    *ret_count = rows->count;
    *ret_numbers = ARENA_ARRAY(turn->arena, int, (size_t)rows->count + 1);
    for (int i = 0; i < rows->count; i++) {
        struct row row = row_at(rows, i);
        (*ret_numbers)[i] = (int)next_int(&row);
    }
}

struct error store_drop_orders(struct turn *turn, struct value work_order_ids, int **ret_states,
                               int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, drop_orders, work_order_ids));
    read_numbers(turn, &rows, ret_states, ret_count);
    return OK;
}

struct error store_drop_visits(struct turn *turn, struct value work_order_ids, int **ret_shown,
                               int *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, drop_visits, work_order_ids));
    read_numbers(turn, &rows, ret_shown, ret_count);
    return OK;
}

void store_drop_partners(struct turn *turn, struct value partner_ids)
{
    db_write(turn, drop_partners, partner_ids);
}

void store_drop_parts(struct turn *turn, struct value work_order_ids)
{
    db_write(turn, drop_parts, work_order_ids);
}

void store_drop_links(struct turn *turn, struct value work_order_ids)
{
    db_write(turn, drop_links, work_order_ids);
}
