/* Rows of those who go along with the leader of a visit. */
#include "services/matching/queries.h"
#include "services/matching/store.h"

struct error store_load_mates(struct turn *turn, const Visit *visit, VisitState state,
                              Visit ***ret_mates, int32_t **ret_days, size_t *ret_count)
{
    struct rows rows;

    *ret_count = 0;
    if (visit->technicians <= 1 || !string_empty(visit->mate_of))
        return OK;
    TRY(db_read(turn, &rows, load_mates, STR(visit->visit_id), INT(state)));
    *ret_count = (size_t)rows.count;
    store_read_visits(turn, &rows, ret_mates, ret_days);
    return OK;
}

struct error store_load_held_mates(struct turn *turn, const char *work_order_id, Visit ***ret_mates,
                                   int32_t **ret_days, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_held_mates, STR(work_order_id)));
    *ret_count = (size_t)rows.count;
    store_read_visits(turn, &rows, ret_mates, ret_days);
    return OK;
}

struct error store_name_mates(struct turn *turn, Visit *visit)
{
    Visit **mates;
    int32_t *days;
    size_t count;

    visit->n_mates = 0;
    TRY(store_load_mates(turn, visit, visit->state, &mates, &days, &count));
    if (count)
        visit->mates = ARENA_ARRAY(turn->arena, Mate *, count);
    for (size_t i = 0; i < count; i++) {
        Mate *mate = visit->mates[visit->n_mates++] = ARENA_NEW(turn->arena, Mate);
        mate__init(mate);
        mate->technician_id = mates[i]->technician_id;
        mate->technician_name = mates[i]->technician_name;
    }
    return OK;
}

struct error store_is_taken(struct turn *turn, const char *technician_id, timestamp start_at,
                            int64_t length_ms, bool *ret_taken)
{
    struct rows rows;

    TRY(db_read(turn, &rows, is_taken, STR(technician_id), INT(start_at),
                INT(start_at + length_ms)));
    *ret_taken = rows.count > 0;
    return OK;
}

void store_save_crew(struct turn *turn, const Visit *visit)
{
    db_write(turn, save_crew, STR(visit->visit_id), INT(visit->technicians),
             STR(visit->technician_name));
}

struct error store_count_broken_crews(struct turn *turn, int64_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, count_broken_crews, INT(turn->machine_now)));
    struct row row = row_at(&rows, 0);
    *ret_count = next_int(&row);
    return OK;
}
