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
