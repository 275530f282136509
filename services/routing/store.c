/* SQL of the book's copies, routes, progress and positions. With store_plans.c, the only file that
 * knows SQL. */
#include "services/routing/store.h"
#include "lib/service/message.h"
#include "services/routing/queries.h"

/* ---- the book's copies and routes ---- */

struct error store_load_version(struct turn *turn, const char *technician_id, int32_t day,
                                int64_t *ret_version)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_version, STR(technician_id), INT(day)));
    *ret_version = -1;
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        *ret_version = next_int(&row);
    }
    return OK;
}

void store_save_day(struct turn *turn, const TechnicianDay *day, const char *region)
{
    db_write(turn, save_day, STR(day->technician_id), INT(day->day), INT(day->version), STR(region),
             REAL(day->home->lat), REAL(day->home->lon), INT(day->active && day->n_work),
             BYTES(message_pack(turn->arena, &day->base)));
}

static struct error read_books(struct turn *turn, const struct rows *rows,
                               TechnicianDay ***ret_days, size_t *ret_count)
{
    TechnicianDay **days = ARENA_ARRAY(turn->arena, TechnicianDay *, (size_t)rows->count + 1);

    for (int i = 0; i < rows->count; i++) {
        struct row row = row_at(rows, i);
        ProtobufCMessage *message = NULL;
        TRY(message_unpack(turn->arena, &technician_day__descriptor, next_bytes(&row, turn->arena),
                           &message));
        days[i] = (TechnicianDay *)message;
    }
    *ret_days = days;
    *ret_count = (size_t)rows->count;
    return OK;
}

struct error store_load_book(struct turn *turn, const char *technician_id, int32_t from_day,
                             int32_t until_day, TechnicianDay ***ret_days, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_book, STR(technician_id), INT(from_day), INT(until_day)));
    return read_books(turn, &rows, ret_days, ret_count);
}

struct error store_load_books_of_day(struct turn *turn, int32_t day, TechnicianDay ***ret_days,
                                     size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_books_of_day, INT(day)));
    return read_books(turn, &rows, ret_days, ret_count);
}

static struct error read_routes(struct turn *turn, const struct rows *rows, Route ***ret_routes)
{
    Route **routes = ARENA_ARRAY(turn->arena, Route *, (size_t)rows->count + 1);

    for (int i = 0; i < rows->count; i++) {
        struct row row = row_at(rows, i);
        ProtobufCMessage *message = NULL;
        TRY(message_unpack(turn->arena, &route__descriptor, next_bytes(&row, turn->arena),
                           &message));
        routes[i] = (Route *)message;
    }
    *ret_routes = routes;
    return OK;
}

struct error store_load_route(struct turn *turn, const char *technician_id, int32_t day,
                              Route **ret_route)
{
    struct rows rows;
    Route **routes;

    TRY(db_read(turn, &rows, load_route, STR(technician_id), INT(day)));
    TRY(read_routes(turn, &rows, &routes));
    *ret_route = routes[0];
    return OK;
}

struct error store_load_routes(struct turn *turn, int32_t day, Route ***ret_routes,
                               size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_routes, INT(day)));
    *ret_count = (size_t)rows.count;
    return read_routes(turn, &rows, ret_routes);
}

void store_save_route(struct turn *turn, const Route *route, const char *input_hash)
{
    db_write(turn, save_route, STR(route->technician_id), INT(route->day),
             INT(route->technician_day_version), BYTES(message_pack(turn->arena, &route->base)),
             INT(route->n_stops), INT(route->total_travel_ms), INT(route->total_travel_m),
             INT(route->total_idle_ms), STR(input_hash), INT(route->rule_version),
             STR(route->provider), INT(turn->now));
}

struct error store_load_kilometres(struct turn *turn, int32_t from_day, int32_t until_day,
                                   DayKilometres ***ret_days, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_kilometres, INT(from_day), INT(until_day)));
    DayKilometres **days = ARENA_ARRAY(turn->arena, DayKilometres *, (size_t)rows.count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        days[i] = ARENA_NEW(turn->arena, DayKilometres);
        day_kilometres__init(days[i]);
        days[i]->day = (int32_t)next_int(&row);
        days[i]->planned_m = next_int(&row);
        days[i]->visits = next_int(&row);
        days[i]->routes = next_int(&row);
    }
    *ret_days = days;
    *ret_count = (size_t)rows.count;
    return OK;
}

/* ---- work orders and the progress of visits ---- */

void store_drop_days(struct turn *turn, struct value subjects)
{
    db_write(turn, drop_days, subjects);
}

void store_drop_work_orders(struct turn *turn, struct value ids)
{
    db_write(turn, drop_work_orders, ids);
}

void store_save_work_order(struct turn *turn, const char *work_order_id, timestamp opened_at)
{
    db_write(turn, save_work_order, STR(work_order_id), INT(opened_at));
}

struct error store_load_opened(struct turn *turn, const char *const ids[], size_t count,
                               timestamp **ret_opened_at)
{
    timestamp *opened_at = ARENA_ARRAY(turn->arena, timestamp, count);
    struct rows rows;

    TRY(db_read(turn, &rows, load_opened, text_array(turn->arena, ids, count)));
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        opened_at[i] = next_int(&row);
    }
    *ret_opened_at = opened_at;
    return OK;
}

void store_save_progress(struct turn *turn, const struct visit_progress *progress)
{
    db_write(turn, save_progress, STR(progress->visit_id), STR(progress->technician_id),
             INT(progress->start_at), INT(progress->progress), INT(progress->on_the_way_at),
             INT(progress->there_at), INT(progress->done_at));
}

struct error store_load_progress(struct turn *turn, const char *const visit_ids[], size_t count,
                                 struct visit_progress **ret_list, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_progress, text_array(turn->arena, visit_ids, count)));
    struct visit_progress *list =
        ARENA_ARRAY(turn->arena, struct visit_progress, (size_t)rows.count);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        list[i].visit_id = next_text(&row);
        list[i].progress = (enum progress)next_int(&row);
        list[i].on_the_way_at = next_int(&row);
        list[i].there_at = next_int(&row);
        list[i].done_at = next_int(&row);
    }
    *ret_list = list;
    *ret_count = (size_t)rows.count;
    return OK;
}

/* ---- positions ---- */

struct error store_load_position(struct turn *turn, const char *technician_id,
                                 struct position *ret_position)
{
    struct position position = { .technician_id = technician_id, .status = "" };
    struct rows rows;

    TRY(db_read(turn, &rows, load_position, STR(technician_id)));
    if (rows.count) {
        struct row row = row_at(&rows, 0);
        position.sequence = next_int(&row);
        position.at = next_int(&row);
        position.place.lat = next_real(&row);
        position.place.lon = next_real(&row);
    }
    *ret_position = position;
    return OK;
}

void store_save_position(struct turn *turn, const struct position *position)
{
    db_write(turn, save_position, STR(position->technician_id), INT(position->sequence),
             INT(position->at), REAL(position->place.lat), REAL(position->place.lon),
             STR(position->status), INT(position->heard_at));
}

struct error store_load_positions(struct turn *turn, timestamp heard_after,
                                  struct position **ret_positions, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_positions, INT(heard_after)));
    struct position *positions = ARENA_ARRAY(turn->arena, struct position, (size_t)rows.count);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        positions[i].technician_id = next_text(&row);
        positions[i].sequence = next_int(&row);
        positions[i].at = next_int(&row);
        positions[i].place.lat = next_real(&row);
        positions[i].place.lon = next_real(&row);
        positions[i].status = next_text(&row);
        positions[i].heard_at = next_int(&row);
    }
    *ret_positions = positions;
    *ret_count = (size_t)rows.count;
    return OK;
}

struct error store_forget_positions(struct turn *turn, timestamp heard_before,
                                    const char ***ret_technician_ids, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, forget_positions, INT(heard_before)));
    const char **ids = ARENA_ARRAY(turn->arena, const char *, (size_t)rows.count);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        ids[i] = next_text(&row);
    }
    *ret_technician_ids = ids;
    *ret_count = (size_t)rows.count;
    return OK;
}

struct error store_take_lease(struct turn *turn, const char *name, timestamp until,
                              bool *ret_is_taken)
{
    struct rows rows;

    TRY(db_read(turn, &rows, take_lease, STR(name), INT(turn->machine_now), INT(until)));
    *ret_is_taken = rows.count > 0;
    return OK;
}
