/* Decisions with all they hung on. */
#include "services/matching/queries.h"
#include "services/matching/store.h"
#include <string.h>

void store_save_decision(struct turn *turn, const char *partner_id, const struct decision_row *row)
{
    db_write(turn, save_decision, STR(row->decision_id), STR(row->work_order_id), STR(partner_id),
             STR(row->kind), STR(row->visit_id), INT(row->at), INT(row->rule_version),
             INT(row->policy_version), BYTES(row->input_hash), BYTES(row->input),
             BYTES(row->result));
}

static struct decision_row read_decision(struct turn *turn, const struct rows *rows, int at)
{
    struct row row = row_at(rows, at);
    struct decision_row read = { 0 };

    read.decision_id = next_text(&row);
    read.work_order_id = next_text(&row);
    read.kind = next_text(&row);
    read.visit_id = next_text(&row);
    read.at = next_int(&row);
    read.rule_version = (int32_t)next_int(&row);
    read.policy_version = next_int(&row);
    read.input_hash = next_bytes(&row, turn->arena);
    read.input = next_bytes(&row, turn->arena);
    read.result = next_bytes(&row, turn->arena);
    return read;
}

struct error store_load_decisions(struct turn *turn, const char *work_order_id,
                                  struct decision_row **ret_rows, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_decisions, STR(work_order_id)));
    *ret_count = (size_t)rows.count;
    *ret_rows = ARENA_ARRAY(turn->arena, struct decision_row, *ret_count + 1);
    for (int i = 0; i < rows.count; i++)
        (*ret_rows)[i] = read_decision(turn, &rows, i);
    return OK;
}

struct error store_load_decision(struct turn *turn, const char *decision_id,
                                 struct decision_row *ret_row)
{
    struct rows rows = { 0 };

    if (id_valid(decision_id))
        TRY(db_read(turn, &rows, load_decision, STR(decision_id)));
    if (rows.count == 0)
        return rejected(PROBLEM_NOT_FOUND, "decision_id", "no decision \"%.40s\"", decision_id);
    *ret_row = read_decision(turn, &rows, 0);
    return OK;
}

struct error store_walk_decisions(struct turn *turn, timestamp from, timestamp until,
                                  struct error (*take)(struct turn *turn,
                                                       const struct decision_row *row,
                                                       void *context),
                                  void *context)
{
    struct arena part = { 0 }, *whole = turn->arena;
    const size_t mark = db_mark_rows();
    char last[37] = "00000000-0000-0000-0000-000000000000";
    timestamp last_at = from - 1;
    struct error error;
    struct rows rows;

    turn->arena = &part;
    do {
        db_drop_rows(mark);
        arena_reset(&part);
        error = db_read(turn, &rows, load_decisions_from, INT(from), INT(until), INT(last_at),
                        STR(last));
        for (int i = 0; error.kind == ERROR_NONE && i < rows.count; i++) {
            struct decision_row row = read_decision(turn, &rows, i);
            last_at = row.at;
            memcpy(last, row.decision_id, sizeof last);
            error = take(turn, &row, context);
        }
    } while (error.kind == ERROR_NONE && rows.count > 0);
    turn->arena = whole;
    db_drop_rows(mark);
    arena_done(&part);
    return error;
}

void store_drop_decisions(struct turn *turn, timestamp before)
{
    db_write(turn, drop_decisions, INT(before));
}
