/* Licences by their end, and what was told of it. */
#include "lib/service/db.h"
#include "services/workforce/queries.h"
#include "services/workforce/store.h"

struct licence_held licence_from_row(struct row *row)
{
    struct licence_held licence = { .kind = next_text(row), .number = next_text(row) };

    licence.valid_from = next_int(row);
    licence.valid_until = next_int(row);
    return licence;
}

struct error store_load_licences_told(struct turn *turn, const char *technician_id,
                                      struct licence_told **ret_at, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_licences_told, STR(technician_id)));
    *ret_at = ARENA_ARRAY(turn->arena, struct licence_told, (size_t)rows.count + 1);
    *ret_count = (size_t)rows.count;
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        struct licence_told *told = &(*ret_at)[i];
        told->kind = next_text(&row);
        told->number = next_text(&row);
        told->valid_until = next_int(&row);
        told->stage = (int)next_int(&row);
    }
    return OK;
}

void store_save_licence_told(struct turn *turn, const char *technician_id,
                             const struct licence_told *told)
{
    db_write(turn, save_licence_told, STR(technician_id), STR(told->kind), STR(told->number),
             INT(told->valid_until), INT(told->stage));
}

struct error store_list_ending_licences(struct turn *turn, timestamp until,
                                        struct ending_licence **ret_at, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, list_ending_licences, INT(turn->now), INT(until)));
    *ret_at = ARENA_ARRAY(turn->arena, struct ending_licence, (size_t)rows.count + 1);
    *ret_count = (size_t)rows.count;
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_at)[i].technician_id = next_text(&row);
        (*ret_at)[i].first_name = next_text(&row);
        (*ret_at)[i].licence = licence_from_row(&row);
    }
    return OK;
}
