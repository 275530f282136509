/* With the other store files the only one of matching that knows SQL. */
#include "services/matching/store.h"
#include "lib/service/message.h"
#include "services/matching/queries.h"
#include "services/matching/store_nightly.h"
#include <string.h>

enum { OFFERED_DAYS_MOST = 60 }; /* MATCHING_DAYS at most */

static char *keep(struct turn *turn, const char *string)
{
    return arena_string(turn->arena, string);
}

/* ---- orders ---- */

static bool is_open(const WorkOrder *order)
{
    return order->state != WORK_ORDER_STATE__DONE && order->state != WORK_ORDER_STATE__SETTLED &&
           order->state != WORK_ORDER_STATE__CANCELLED;
}

static const char *join_words(struct turn *turn, const WorkOrder *order)
{
    const char *words = "";

    for (size_t i = 0; i < order->n_equipment; i++)
        words = arena_format(turn->arena, "%s%s%s", words, i ? " " : "", order->equipment[i]);
    return words;
}

void store_save_order(struct turn *turn, const WorkOrder *order)
{
    const Place *place = order->place;

    db_write(turn, save_order, STR(order->work_order_id), STR(order->partner_id),
             STR(order->number), STR(order->service_id), STR(order->skill), STR(order->person_id),
             REAL(place ? place->lat : 0), REAL(place ? place->lon : 0),
             STR(place ? place->town : ""), STR(place ? place->district : ""),
             INT(place ? place->accuracy : ACCURACY__UNKNOWN), INT(order->visit_length_ms),
             INT(order->earliest_at), INT(order->latest_by), INT(order->tolerance_ms),
             INT(order->chooser), INT(order->urgency), INT(order->opened_at),
             STR(is_open(order) ? "true" : "false"), STR(join_words(turn, order)),
             STR_OR_NIL(order->after_work_order_id), INT(order->after_gap_ms),
             INT(order->technicians > 1 ? order->technicians : 1), STR(order->part_sku));
    store_take_visit_length(turn, order);
}

static Place *read_place(struct row *row, struct turn *turn)
{
    Place *place = ARENA_NEW(turn->arena, Place);

    place__init(place);
    place->lat = next_real(row);
    place->lon = next_real(row);
    place->town = keep(turn, next_text(row));
    place->district = keep(turn, next_text(row));
    place->accuracy = (Accuracy)next_int(row);
    return place;
}

static struct error no_such(const char *what, const char *id)
{
    return rejected(PROBLEM_NOT_FOUND, what, "no %s \"%.40s\" behind this wall", what, id);
}

/* The promise to the partner was about the first visit: for the next one only the days that are
 * offered are a bound, and those are never more. */
static timestamp latest_of(const struct turn *turn, const struct order_copy *order)
{
    timestamp offered_until = turn->now + DAYS(OFFERED_DAYS_MOST);

    return order->continues[0] && offered_until > order->latest_by ? offered_until
                                                                   : order->latest_by;
}

struct error store_load_order(struct turn *turn, const char *work_order_id,
                              struct order_copy *ret_order)
{
    struct rows rows;
    struct order_copy order = { 0 };

    if (!id_valid(work_order_id))
        return no_such("work_order_id", work_order_id);
    TRY(db_read(turn, &rows, load_order, STR(work_order_id)));
    if (rows.count == 0)
        return no_such("work_order_id", work_order_id);
    struct row row = row_at(&rows, 0);
    order.work_order_id = next_text(&row);
    order.partner_id = next_text(&row);
    order.number = next_text(&row);
    order.service_id = next_text(&row);
    order.skill = next_text(&row);
    order.person_id = next_text(&row);
    order.place = read_place(&row, turn);
    order.visit_length_ms = next_int(&row);
    order.earliest_at = next_int(&row);
    order.latest_by = next_int(&row);
    order.tolerance_ms = next_int(&row);
    order.chooser = (Chooser)next_int(&row);
    order.urgency = (Urgency)next_int(&row);
    order.opened_at = next_int(&row);
    order.is_open = next_bool(&row);
    order.equipment = next_text(&row);
    order.again_technician_id = next_text(&row);
    order.continues = next_text(&row);
    order.is_put_off = next_bool(&row);
    order.latest_by = latest_of(turn, &order);
    order.after_work_order_id = next_text(&row);
    order.chain.gap_ms = next_int(&row);
    order.is_waiting = next_bool(&row);
    order.technicians = next_int(&row);
    order.part_sku = next_text(&row);
    order.chain.has_next = next_bool(&row);
    order.chain.has_before = order.after_work_order_id[0] != '\0';
    if (order.chain.has_before || order.chain.has_next)
        TRY(store_load_chain(turn, &order));
    *ret_order = order;
    return OK;
}

void store_end_order(struct turn *turn, const char *work_order_id)
{
    db_write(turn, end_order, STR(work_order_id));
    store_wake_next(turn, work_order_id);
}

void store_save_further(struct turn *turn, const char *work_order_id,
                        const struct further_wish *wish)
{
    db_write(turn, save_further, STR(work_order_id), STR(wish->visit_id), INT(wish->length_ms),
             INT(wish->earliest_at), STR(wish->technician_id),
             STR(wish->is_put_off ? "true" : "false"), INT(wish->technicians));
}

void store_end_put_off(struct turn *turn, const char *work_order_id)
{
    db_write(turn, end_put_off, STR(work_order_id));
}

void store_try_again(struct turn *turn, const char *work_order_id, timestamp at)
{
    db_write(turn, try_again, STR(work_order_id), at ? INT(at) : NIL);
}

/* ---- visits ---- */

static Visit *read_visit(struct row *row, struct turn *turn, int32_t *ret_day)
{
    Visit *visit = ARENA_NEW(turn->arena, Visit);

    visit__init(visit);
    visit->visit_id = keep(turn, next_text(row));
    visit->work_order_id = keep(turn, next_text(row));
    visit->partner_id = keep(turn, next_text(row));
    visit->technician_id = keep(turn, next_text(row));
    visit->technician_name = keep(turn, next_text(row));
    visit->start_at = next_int(row);
    visit->tolerance_ms = next_int(row);
    visit->length_ms = next_int(row);
    visit->state = (VisitState)next_int(row);
    visit->moves = (int32_t)next_int(row);
    visit->replaces = keep(turn, next_text(row));
    visit->hold_until = next_int(row);
    visit->booked_at = next_int(row);
    *ret_day = (int32_t)next_int(row);
    visit->technicians = next_int(row);
    visit->mate_of = keep(turn, next_text(row));
    visit->continues = keep(turn, next_text(row));
    visit->person_id = keep(turn, next_text(row));
    visit->service_id = keep(turn, next_text(row));
    visit->skill = keep(turn, next_text(row));
    visit->number = keep(turn, next_text(row));
    visit->place = read_place(row, turn);
    return visit;
}

struct error store_add_visit(struct turn *turn, const Visit *visit, int32_t day, bool *ret_added)
{
    struct rows rows;

    TRY(db_read(turn, &rows, save_visit, STR(visit->visit_id), STR(visit->work_order_id),
                STR(visit->partner_id), STR(visit->technician_id), INT(day), INT(visit->start_at),
                INT(visit->length_ms), INT(visit->tolerance_ms), INT(visit->state),
                INT(visit->hold_until), INT(visit->moves), STR(visit->replaces),
                STR(visit->technician_name), INT(visit->booked_at),
                INT(visit->technicians > 1 ? visit->technicians : 1), STR(visit->mate_of),
                STR(visit->continues)));
    *ret_added = rows.count == 1;
    return OK;
}

struct error store_move_visit(struct turn *turn, const Visit *visit, int32_t day, bool *ret_moved)
{
    struct rows rows;

    TRY(db_read(turn, &rows, move_visit, STR(visit->visit_id), STR(visit->technician_id), INT(day),
                INT(visit->start_at), STR(visit->technician_name), INT(visit->moves),
                INT(visit->state)));
    *ret_moved = rows.count == 1;
    return OK;
}

void store_set_visit_state(struct turn *turn, const char *visit_id, VisitState state)
{
    db_write(turn, set_visit_state, STR(visit_id), INT(state), INT(turn->now));
}

void store_want_other(struct turn *turn, const char *visit_id, bool wants)
{
    db_write(turn, want_other, STR(visit_id), STR(wants ? "true" : "false"));
}

struct error store_load_visit(struct turn *turn, const char *visit_id, Visit **ret_visit,
                              int32_t *ret_day)
{
    struct rows rows;
    int32_t day;

    if (!id_valid(visit_id))
        return no_such("visit_id", visit_id);
    TRY(db_read(turn, &rows, load_visit, STR(visit_id)));
    if (rows.count == 0)
        return no_such("visit_id", visit_id);
    struct row row = row_at(&rows, 0);
    *ret_visit = read_visit(&row, turn, ret_day ? ret_day : &day);
    return store_name_mates(turn, *ret_visit);
}

void store_read_visits(struct turn *turn, const struct rows *rows, Visit ***ret_visits,
                       int32_t **ret_days)
{
    *ret_visits =
        ARENA_ARRAY(turn->arena, Visit *, (size_t)rows->count + 2); /* room for one more */
    *ret_days = ARENA_ARRAY(turn->arena, int32_t, (size_t)rows->count + 2);
    for (int i = 0; i < rows->count; i++) {
        struct row row = row_at(rows, i);
        (*ret_visits)[i] = read_visit(&row, turn, &(*ret_days)[i]);
    }
}

struct error store_load_live_visits(struct turn *turn, const char *work_order_id,
                                    Visit ***ret_visits, int32_t **ret_days, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_live_visits, STR(work_order_id)));
    *ret_count = (size_t)rows.count;
    store_read_visits(turn, &rows, ret_visits, ret_days);
    for (size_t i = 0; i < *ret_count; i++)
        TRY(store_name_mates(turn, (*ret_visits)[i]));
    return OK;
}

struct error store_load_booked_visits(struct turn *turn, const char *work_order_id,
                                      Visit ***ret_visits, size_t *ret_count)
{
    struct rows rows;
    int32_t *days;

    TRY(db_read(turn, &rows, load_booked_visits, STR(work_order_id)));
    *ret_count = (size_t)rows.count;
    store_read_visits(turn, &rows, ret_visits, &days);
    for (size_t i = 0; i < *ret_count; i++)
        TRY(store_name_mates(turn, (*ret_visits)[i]));
    return OK;
}

void store_drop_orders(struct turn *turn, struct value work_order_ids)
{
    db_write(turn, drop_orders, work_order_ids);
}

struct error store_count_overlaps(struct turn *turn, int64_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, count_overlaps));
    struct row row = row_at(&rows, 0);
    *ret_count = next_int(&row);
    return OK;
}

struct error store_count_missing_fences(struct turn *turn, int64_t *ret_count)
{
    enum { FENCES = 2 }; /* no_double_booking, one_promise */
    struct rows rows;

    TRY(db_read(turn, &rows, count_fences));
    struct row row = row_at(&rows, 0);
    *ret_count = FENCES - next_int(&row);
    return OK;
}

/* ---- technician-days ---- */

struct error store_read_shape(struct turn *turn, struct text shape, int64_t version,
                              TechnicianDay **ret_day)
{
    ProtobufCMessage *message = NULL;

    TRY(message_unpack(turn->arena, &technician_day__descriptor, shape, &message));
    TechnicianDay *day = (TechnicianDay *)message;
    day->version = version;
    day->n_visits = 0;
    *ret_day = day;
    return OK;
}

struct error store_load_day(struct turn *turn, const char *technician_id, int32_t day,
                            TechnicianDay **ret_day)
{
    struct rows rows;
    int32_t *days;

    *ret_day = NULL;
    TRY(db_read(turn, &rows, load_day, STR(technician_id), INT(day)));
    if (rows.count == 0)
        return OK;
    struct row row = row_at(&rows, 0);
    int64_t version = next_int(&row);
    TRY(store_read_shape(turn, next_bytes(&row, turn->arena), version, ret_day));
    TRY(db_read(turn, &rows, load_visits_of_day, STR(technician_id), INT(day)));
    (*ret_day)->n_visits = (size_t)rows.count;
    store_read_visits(turn, &rows, &(*ret_day)->visits, &days);
    return OK;
}

struct error store_save_day(struct turn *turn, const TechnicianDay *day)
{
    TechnicianDay shape = *day;

    shape.n_visits = 0;
    shape.visits = NULL;
    db_write(turn, save_day, STR(day->technician_id), INT(day->day), INT(day->version),
             BYTES(message_pack(turn->arena, &shape.base)));
    return OK;
}

void store_save_version(struct turn *turn, const TechnicianDay *day)
{
    db_write(turn, save_version, STR(day->technician_id), INT(day->day), INT(day->version));
}

struct error store_load_day_numbers(struct turn *turn, const char *technician_id, int32_t from,
                                    int32_t **ret_days, size_t *ret_count)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_shapes, STR(technician_id), INT(from)));
    *ret_count = (size_t)rows.count;
    *ret_days = ARENA_ARRAY(turn->arena, int32_t, *ret_count + 1);
    for (int i = 0; i < rows.count; i++) {
        struct row row = row_at(&rows, i);
        (*ret_days)[i] = (int32_t)next_int(&row);
    }
    return OK;
}
