/* With store.c the only file of matching that knows SQL: what is learned from days that are over.
 */
#include "services/matching/store_nightly.h"
#include "services/matching/queries.h"

/* ---- visit lengths ---- */

void store_take_visit_length(struct turn *turn, const WorkOrder *order)
{
    db_write(turn, take_visit_length, STR(order->work_order_id), INT(order->visit_length_ms));
}

void store_save_visit_time(struct turn *turn, const Visit *visit, int64_t length_ms, timestamp at,
                           timestamp due_at)
{
    db_write(turn, save_visit_time, STR(visit->visit_id), INT(length_ms), INT(at),
             STR(length_is_sane(length_ms) ? "true" : "false"));
    db_write(turn, open_visit_length, STR(visit->service_id), INT(due_at));
}

struct error store_take_due_length(struct turn *turn, const char **ret_service_id)
{
    struct rows rows;

    *ret_service_id = "";
    TRY(db_read(turn, &rows, take_due_visit_length, INT(turn->now)));
    if (rows.count == 0)
        return OK;
    struct row row = row_at(&rows, 0);
    *ret_service_id = arena_string(turn->arena, next_text(&row));
    return OK;
}

void store_drop_visit_times(struct turn *turn, const char *service_id, timestamp until)
{
    db_write(turn, drop_visit_times, STR(service_id), INT(until));
}

struct error store_count_visit_times(struct turn *turn, const char *service_id, timestamp from,
                                     struct length_count **ret_counts, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, count_visit_times, STR(service_id), INT(from)));
    *ret_count = (size_t)rows.count;
    *ret_counts = ARENA_ARRAY(turn->arena, struct length_count, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_counts)[i].length_ms = next_int(&row);
        (*ret_counts)[i].visits = next_int(&row);
    }
    return OK;
}

void store_save_visit_length(struct turn *turn, const struct service_length *length)
{
    db_write(turn, save_visit_length, STR(length->service_id), INT(length->due_at),
             length->length_ms ? INT(length->length_ms) : NIL, INT(length->visits), INT(turn->now),
             INT(VISIT_LENGTH_RULE), INT(length->recent_from));
}

struct error store_load_visit_lengths(struct turn *turn, VisitLengthList *ret_list)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_visit_lengths));
    ret_list->services = ARENA_ARRAY(turn->arena, VisitLength *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        VisitLength *length = ARENA_NEW(turn->arena, VisitLength);
        visit_length__init(length);
        length->service_id = arena_string(turn->arena, next_text(&row));
        length->length_ms = next_int(&row);
        length->visits = next_int(&row);
        length->recent_visits = next_int(&row);
        length->overruns = next_int(&row);
        length->contract_least_ms = next_int(&row);
        length->contract_most_ms = next_int(&row);
        length->computed_at = next_int(&row);
        length->rule_version = (int32_t)next_int(&row);
        if (length->recent_visits)
            length->overrun_permille = length->overruns * 1000 / length->recent_visits;
        ret_list->services[ret_list->n_services++] = length;
    }
    return OK;
}
