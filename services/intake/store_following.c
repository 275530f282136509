/* With the other store files the only ones of intake that know SQL: orders that follow others. */
#include "services/intake/queries.h"
#include "services/intake/store.h"

struct error store_load_before(struct turn *turn, const char *work_order_id,
                               struct before *ret_before)
{
    struct before before = { .partner_id = "" };
    struct rows rows = { 0 };

    if (id_valid(work_order_id))
        TRY(db_read(turn, &rows, load_before, STR(work_order_id)));
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        before.partner_id = next_text(&row);
        before.state = (WorkOrderState)next_int(&row);
        before.bounds.earliest_at = next_int(&row);
        before.bounds.latest_by = next_int(&row);
        before.visit_length_ms = next_int(&row);
        before.length = next_int(&row);
    }
    *ret_before = before;
    return OK;
}

void store_give_time_to_choose(struct turn *turn, const char *work_order_id)
{
    db_write(turn, give_time_to_choose, STR(work_order_id), INT(turn->now));
}

struct error store_load_choosers_after(struct turn *turn, const char *work_order_id,
                                       const char ***ret_ids, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_choosers_after, STR(work_order_id)));
    *ret_count = (size_t)rows.count;
    *ret_ids = ARENA_ARRAY(turn->arena, const char *, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_ids)[i] = arena_string(turn->arena, next_text(&row));
    }
    return OK;
}
