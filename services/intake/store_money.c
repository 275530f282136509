/* SQL about money: guarantee sums, prices, cost lines. */
#include "services/intake/queries.h"
#include "services/intake/store.h"

/* ---- guarantee sums ---- */

void store_open_guarantee(struct turn *turn, const char *contract_id, const char *policy,
                          const struct terms *terms, int64_t reserved_grosz)
{
    db_write(turn, open_guarantee, STR(contract_id), STR(policy), STR(terms->partner_id),
             INT(terms->guarantee_sum_grosz), INT(reserved_grosz));
}

static void read_sum(const struct rows *rows, struct sum *ret_sum)
{
    struct row row = row_at(rows, 0);

    ret_sum->total_grosz = next_int(&row);
    ret_sum->reserved_grosz = next_int(&row);
    ret_sum->used_grosz = next_int(&row);
}

struct error store_open_or_lock_guarantee(struct turn *turn, const char *contract_id,
                                          const char *policy, const struct terms *terms,
                                          struct sum *ret_sum)
{
    struct rows rows;

    TRY(db_read(turn, &rows, open_or_lock_guarantee, STR(contract_id), STR(policy),
                STR(terms->partner_id), INT(terms->guarantee_sum_grosz)));
    read_sum(&rows, ret_sum);
    return OK;
}

struct error store_lock_guarantee(struct turn *turn, const char *contract_id, const char *policy,
                                  struct sum *ret_sum)
{
    struct rows rows;

    TRY(db_read(turn, &rows, lock_guarantee, STR(contract_id), STR(policy)));
    if (rows.count == 0)
        return rejected(PROBLEM_NOT_FOUND, "policy", "no guarantee sum of contract %s",
                        contract_id);
    read_sum(&rows, ret_sum);
    return OK;
}

struct error store_load_expected_cost(struct turn *turn, const char *contract_id,
                                      const char *service_id, int64_t *ret_grosz)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_expected_cost, STR(contract_id), STR(service_id)));
    *ret_grosz = 0;
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_grosz = next_int(&row);
    }
    return OK;
}

struct error store_load_guarantees(struct turn *turn, GuaranteeList *ret_list)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_guarantees));
    ret_list->contracts = ARENA_ARRAY(turn->arena, GuaranteeLine *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        GuaranteeLine *line = ARENA_NEW(turn->arena, GuaranteeLine);
        guarantee_line__init(line);
        line->contract_id = arena_string(turn->arena, next_text(&row));
        line->name = arena_string(turn->arena, next_text(&row));
        line->policies = next_int(&row);
        line->sum_grosz = next_int(&row);
        line->reserved_grosz = next_int(&row);
        line->used_grosz = next_int(&row);
        ret_list->contracts[ret_list->n_contracts++] = line;
    }
    return OK;
}

void store_move_guarantee(struct turn *turn, const char *contract_id, const char *policy,
                          int64_t reserved_grosz, int64_t used_grosz)
{
    db_write(turn, move_guarantee, STR(contract_id), STR(policy), INT(reserved_grosz),
             INT(used_grosz));
}

/* ---- prices and cost lines ---- */

void store_save_price(struct turn *turn, const char *price_list_id, const char *item,
                      timestamp valid_from, int64_t price_grosz)
{
    db_write(turn, save_price, STR(price_list_id), STR(item), INT(valid_from), INT(price_grosz));
}

struct error store_load_price(struct turn *turn, const char *item, bool *ret_found,
                              int64_t *ret_price_grosz)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_price, STR(item), INT(turn->now)));
    *ret_found = rows.count == 1;
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_price_grosz = next_int(&row);
    }
    return OK;
}

struct error store_has_line(struct turn *turn, const char *line_id, bool *ret_has)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_line, STR(line_id)));
    *ret_has = rows.count > 0;
    return OK;
}

struct error store_count_other_lines(struct turn *turn, const char *work_order_id,
                                     const char *visit_id, int64_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, count_other_lines, STR(work_order_id), STR(visit_id)));
    struct row row = row_at(&rows, 0);
    *ret_count = next_int(&row);
    return OK;
}

void store_save_line(struct turn *turn, const WorkOrder *order, const struct answered_line *line)
{
    db_write(turn, save_line, STR(line->line_id), STR(order->work_order_id), STR(order->partner_id),
             INT(line->total_grosz), INT(line->covered_grosz), STR(line->visit_id),
             STR(line->technician_id), STR(line->item), INT(line->quantity),
             STR(line->is_accepted ? "true" : "false"), INT(line->left_grosz), STR(line->rule),
             INT(line->answered_at));
}

static struct answered_line read_line(struct row *row)
{
    struct answered_line line = { .line_id = next_text(row) };

    line.visit_id = next_text(row);
    line.technician_id = next_text(row);
    line.item = next_text(row);
    line.quantity = next_int(row);
    line.total_grosz = next_int(row);
    line.covered_grosz = next_int(row);
    line.left_grosz = next_int(row);
    line.is_accepted = next_bool(row);
    line.rule = next_text(row);
    line.answered_at = next_int(row);
    return line;
}

struct error store_load_lines(struct turn *turn, const char *work_order_id,
                              struct answered_line **ret_lines, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_answered_lines, STR(work_order_id)));
    *ret_count = (size_t)rows.count;
    *ret_lines = ARENA_ARRAY(turn->arena, struct answered_line, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_lines)[i] = read_line(&row);
    }
    return OK;
}
