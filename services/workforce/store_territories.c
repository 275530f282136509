/* Territories in PostgreSQL, and who works in them. */
#include "lib/domain/calendar.h"
#include "lib/service/db.h"
#include "services/workforce/queries.h"
#include "services/workforce/store.h"

struct area area_from_row(struct row *row)
{
    struct area area = { .territory_id = next_text(row), .territory_version = next_int(row) };

    area.at.lat = next_real(row);
    area.at.lon = next_real(row);
    area.radius_m = next_int(row);
    return area;
}

/* Both lists are by territory, and so are the territories: each takes what is its own. */
static void merge(struct turn *turn, struct territory *territory, const struct rows *circles,
                  int *circle_at, const struct rows *closed, int *closed_at)
{
    territory->circles = ARENA_ARRAY(turn->arena, struct area, (size_t)circles->count + 1);
    territory->closed = ARENA_ARRAY(turn->arena, struct shift_pattern, (size_t)closed->count + 1);
    for (; *circle_at < circles->count; ++*circle_at) {
        struct row row = row_at(circles, *circle_at);
        struct area area = area_from_row(&row);
        if (!string_is(area.territory_id, territory->id))
            break;
        territory->circles[territory->circle_count++] = area;
    }
    for (; *closed_at < closed->count; ++*closed_at) {
        struct row row = row_at(closed, *closed_at);
        if (!string_is(next_text(&row), territory->id))
            break;
        territory->closed[territory->closed_count++] = pattern_from_row(&row, turn->arena);
    }
}

struct error store_load_territories(struct turn *turn, const char *id, struct territory **ret_at,
                                    size_t *ret_count)
{
    struct rows rows, circles, closed;
    int circle_at = 0, closed_at = 0;

    TRY(db_read(turn, &rows, load_territories, STR(id)));
    TRY(db_read(turn, &circles, load_circles, STR(id)));
    TRY(db_read(turn, &closed, load_closed, STR(id)));
    struct territory *territories =
        ARENA_ARRAY(turn->arena, struct territory, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        territories[i].id = next_text(&row);
        territories[i].name = next_text(&row);
        territories[i].technician_count = next_int(&row);
        merge(turn, &territories[i], &circles, &circle_at, &closed, &closed_at);
    }
    *ret_at = territories;
    *ret_count = (size_t)rows.count;
    return OK;
}

static void save_closed(struct turn *turn, const char *territory_id, size_t place,
                        const struct shift_pattern *pattern)
{
    const char **days = ARENA_ARRAY(turn->arena, const char *, pattern->except_count + 1);

    for (size_t i = 0; i < pattern->except_count; i++)
        days[i] = date_text(turn->arena, pattern->except_on[i]);
    db_write(turn, save_closed, STR(territory_id), INT(place), INT(pattern->weekdays),
             INT(pattern->from_minute), INT(pattern->until_minute), STR(pattern->rrule),
             INT(pattern->starts_on), text_array(turn->arena, days, pattern->except_count),
             INT(pattern->holidays));
}

void store_save_territory(struct turn *turn, const struct territory *territory)
{
    db_write(turn, save_territory, STR(territory->id), STR(territory->name));
    db_write(turn, delete_circles, STR(territory->id));
    for (size_t i = 0; i < territory->circle_count; i++) {
        const struct area *circle = &territory->circles[i];
        db_write(turn, save_circle, STR(territory->id), INT(i + 1), REAL(circle->at.lat),
                 REAL(circle->at.lon), INT(circle->radius_m));
    }
    db_write(turn, delete_closed, STR(territory->id));
    for (size_t i = 0; i < territory->closed_count; i++)
        save_closed(turn, territory->id, i + 1, &territory->closed[i]);
}

void store_delete_territory(struct turn *turn, const char *id)
{
    db_write(turn, delete_territory, STR(id));
}

struct error store_find_territories(struct turn *turn, const char *const ids[], size_t count,
                                    const char ***ret_found, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, find_territories, text_array(turn->arena, ids, count)));
    *ret_found = ARENA_ARRAY(turn->arena, const char *, (size_t)rows.count + 1);
    *ret_count = (size_t)rows.count;
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_found)[i] = next_text(&row);
    }
    return OK;
}

struct error store_load_owners(struct turn *turn, const char *id, struct shift_pattern **ret_at,
                               size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_owners, STR(id)));
    *ret_at = ARENA_ARRAY(turn->arena, struct shift_pattern, (size_t)rows.count + 1);
    *ret_count = (size_t)rows.count;
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_at)[i] = pattern_from_row(&row, turn->arena);
    }
    return OK;
}

void store_save_areas_told(struct turn *turn, const struct technician *technician)
{
    size_t count = technician->area_count;
    const char **ids = ARENA_ARRAY(turn->arena, const char *, count + 1);
    int64_t *versions = ARENA_ARRAY(turn->arena, int64_t, count + 1);

    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        ids[i] = technician->areas[i].territory_id;
        versions[i] = technician->areas[i].territory_version;
    }
    db_write(turn, save_areas_told, STR(technician->id), text_array(turn->arena, ids, count),
             int_array(turn->arena, versions, count));
}
