/* With the other store files the only one of matching that knows SQL: orders whose work waits for
 * another's. */
#include "services/matching/queries.h"
#include "services/matching/store.h"

/* By contract a visit begins within some time; for one that waits for work which was promised later
 * than that, it is so long after it may. */
enum { LATE_WITHIN_DAYS = 5 };

struct error store_load_chain(struct turn *turn, struct order_copy *order)
{
    struct chain *chain = &order->chain;
    struct rows rows;

    TRY(db_read(turn, &rows, load_chain, STR(order->work_order_id), INT(turn->now)));
    if (rows.count == 0)
        return OK;
    struct row row = row_at(&rows, 0);
    chain->is_before_known = next_bool(&row);
    chain->is_before_open = next_bool(&row);
    chain->is_before_promised = next_bool(&row);
    chain->before_ends_at = next_int(&row);
    chain->next_at = next_int(&row);
    timestamp begins_at = chain_begins_at(chain);
    if (order->earliest_at < begins_at)
        order->earliest_at = begins_at;
    if (order->latest_by <= begins_at)
        order->latest_by = begins_at + DAYS(LATE_WITHIN_DAYS);
    return OK;
}

void store_wait_for_other(struct turn *turn, const char *work_order_id, timestamp at)
{
    db_write(turn, wait_for_other, STR(work_order_id), INT(at));
}

void store_wake_next(struct turn *turn, const char *work_order_id)
{
    db_write(turn, wake_next, STR(work_order_id), INT(turn->now));
}

struct error store_load_pushed(struct turn *turn, const Visit *visit, struct pushed **ret_pushed,
                               size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_pushed, STR(visit->work_order_id),
                INT(visit->start_at + visit->length_ms), INT(turn->now)));
    *ret_count = (size_t)rows.count;
    *ret_pushed = ARENA_ARRAY(turn->arena, struct pushed, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_pushed)[i].visit_id = next_text(&row);
        (*ret_pushed)[i].work_order_id = next_text(&row);
    }
    return OK;
}

struct error store_count_broken_chains(struct turn *turn, int64_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, count_broken_chains, INT(turn->now)));
    struct row row = row_at(&rows, 0);
    *ret_count = next_int(&row);
    return OK;
}
