/* What people and checks ask of a technician's calendar beside the book; with store.c the only file
 * of matching that knows SQL. */
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
