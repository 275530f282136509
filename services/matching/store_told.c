/* What people and checks ask of a technician's calendar beside the book; with store.c the only file
 * of matching that knows SQL. */
#include "lib/service/message.h"
#include "services/matching/queries.h"
#include "services/matching/store.h"

struct error store_load_clashes(struct turn *turn, const char *technician_id, struct window window,
                                Clash ***ret_clashes, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_clashes, STR(technician_id), INT(window.from),
                INT(window.until)));
    *ret_count = (size_t)rows.count;
    *ret_clashes = ARENA_ARRAY(turn->arena, Clash *, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        Clash *clash = (*ret_clashes)[i] = ARENA_NEW(turn->arena, Clash);
        clash__init(clash);
        clash->visit_id = next_text(&row);
        clash->number = next_text(&row);
        clash->start_at = next_int(&row);
        clash->length_ms = next_int(&row);
    }
    return OK;
}

/* ---- what workforce told ---- */

void store_save_told(struct turn *turn, const Technician *technician, timestamp works_until)
{
    db_write(turn, save_told, STR(technician->technician_id),
             BYTES(message_pack(turn->arena, &technician->base)),
             STR(technician->active ? "true" : "false"), INT(works_until));
}

struct error store_load_told(struct turn *turn, const char *technician_id, Technician **ret)
{
    ProtobufCMessage *message = NULL;
    struct rows rows;

    *ret = NULL;
    TRY(db_read(turn, &rows, load_told, STR(technician_id)));
    if (rows.count == 0)
        return OK;
    struct row row = row_at(&rows, 0);
    TRY(message_unpack(turn->arena, &technician__descriptor, next_bytes(&row, turn->arena),
                       &message));
    *ret = (Technician *)message;
    return OK;
}

struct error store_load_shapes(struct turn *turn, const char *technician_id, int32_t from,
                               TechnicianDay ***ret_days, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_shapes, STR(technician_id), INT(from)));
    *ret_count = (size_t)rows.count;
    *ret_days = ARENA_ARRAY(turn->arena, TechnicianDay *, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ProtobufCMessage *message = NULL;
        int32_t day = (int32_t)next_int(&row);
        TRY(message_unpack(turn->arena, &technician_day__descriptor, next_bytes(&row, turn->arena),
                           &message));
        (*ret_days)[i] = (TechnicianDay *)message;
        (*ret_days)[i]->day = day;
    }
    return OK;
}

struct error store_load_day_lengths(struct turn *turn, const char *technician_id, int32_t from,
                                    struct visits_length **ret_days, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_day_lengths, STR(technician_id), INT(from)));
    *ret_count = (size_t)rows.count;
    *ret_days = ARENA_ARRAY(turn->arena, struct visits_length, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_days)[i].day = (int32_t)next_int(&row);
        (*ret_days)[i].length_ms = next_int(&row);
    }
    return OK;
}

void store_save_checked(struct turn *turn, const char *technician_id, timestamp next_at,
                        size_t days_amiss)
{
    db_write(turn, save_checked, STR(technician_id), INT(next_at), INT(days_amiss));
}

struct error store_count_told(struct turn *turn, int64_t *ret_count, int64_t *ret_overdue)
{
    struct rows rows;

    TRY(db_read(turn, &rows, count_told, INT(turn->now)));
    struct row row = row_at(&rows, 0);
    *ret_count = next_int(&row);
    *ret_overdue = next_int(&row);
    return OK;
}

static void read_ids(struct turn *turn, const struct rows *rows, const char ***ret_ids,
                     size_t *ret_count)
{
    *ret_count = (size_t)rows->count;
    *ret_ids = ARENA_ARRAY(turn->arena, const char *, *ret_count + 1);
    for (int i = 0; i < rows->count; i++) {
        struct row row = row_at(rows, i);
        (*ret_ids)[i] = next_text(&row);
    }
}

struct error store_list_without_shift(struct turn *turn, const char ***ret_ids, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, list_without_shift, INT(turn->now)));
    read_ids(turn, &rows, ret_ids, ret_count);
    return OK;
}

struct error store_list_amiss(struct turn *turn, const char ***ret_ids, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, list_amiss, INT(turn->now)));
    read_ids(turn, &rows, ret_ids, ret_count);
    return OK;
}
