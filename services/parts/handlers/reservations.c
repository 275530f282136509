/* Pieces of vans that are kept for orders: one an order, never more than lie there. */
#include "proto/parts.pb-c.h"
#include "services/parts/handlers.h"
#include "services/parts/store_van.h"

/* ---- telling ---- */

static PartReservation *reservation_message(struct turn *turn, const struct work_order *order,
                                            const struct van_reservation *reservation)
{
    PartReservation *message = ARENA_NEW(turn->arena, PartReservation);

    part_reservation__init(message);
    message->work_order_id = order->id;
    message->partner_id = order->partner_id;
    message->technician_id = reservation->technician_id;
    message->sku = reservation->sku;
    message->reserved_at = reservation->reserved_at;
    message->person_id = order->person_id;
    message->number = order->number;
    return message;
}

static struct error read_name(struct turn *turn, PartReservation *message)
{
    struct catalogue_item item;
    bool is_known;

    TRY(store_load_catalogue_item(turn, message->sku, &is_known, &item));
    if (is_known)
        message->name = item.name;
    return OK;
}

static struct error tell_released(struct turn *turn, const struct work_order *order,
                                  const struct van_reservation *reservation, const char *reason)
{
    PartReleased released = PART_RELEASED__INIT;

    released.reservation = reservation_message(turn, order, reservation);
    released.reason = reason;
    TRY(read_name(turn, released.reservation));
    emit(turn, order->id, &released);
    return OK;
}

static struct error tell_reserved(struct turn *turn, const struct work_order *order)
{
    const struct van_reservation reservation = { order->technician_id, order->part_sku, turn->now,
                                                 false };
    PartReserved reserved = PART_RESERVED__INIT;

    reserved.reservation = reservation_message(turn, order, &reservation);
    TRY(read_name(turn, reserved.reservation));
    emit(turn, order->id, &reserved);
    return OK;
}

struct error retell_reservation(struct turn *turn, const char *work_order_id)
{
    PartReserved reserved = PART_RESERVED__INIT;
    struct van_reservation reservation;
    struct work_order order;
    bool is_kept, is_known;

    TRY(store_load_reservation(turn, work_order_id, &is_kept, &reservation));
    if (!is_kept || reservation.is_lost)
        return OK;
    TRY(store_load_work_order(turn, work_order_id, &is_known, &order));
    turn_belongs_to(turn, order.partner_id);
    reserved.reservation = reservation_message(turn, &order, &reservation);
    TRY(read_name(turn, reserved.reservation));
    retell(turn, work_order_id, &reserved, reservation.reserved_at);
    return OK;
}

/* ---- letting go ---- */

/* Under the van's lock: only then is it sure whether the van still keeps it. */
static struct error load_locked(struct turn *turn, const char *work_order_id, bool *ret_found,
                                struct van_reservation *ret_reservation)
{
    TRY(store_load_reservation(turn, work_order_id, ret_found, ret_reservation));
    if (!*ret_found)
        return OK;
    TRY(subject_lock(turn, ret_reservation->technician_id, NULL));
    return store_load_reservation(turn, work_order_id, ret_found, ret_reservation);
}

struct error let_go(struct turn *turn, const char *work_order_id, const char *reason,
                    const char **ret_changed)
{
    struct van_reservation kept;
    struct work_order order;
    struct van_count count;
    bool is_kept, is_known;

    *ret_changed = NULL;
    TRY(load_locked(turn, work_order_id, &is_kept, &kept));
    if (!is_kept)
        return OK;
    TRY(store_load_work_order(turn, work_order_id, &is_known, &order));
    store_drop_reservation(turn, work_order_id);
    TRY(tell_released(turn, &order, &kept, reason));
    if (kept.is_lost)
        return OK;
    TRY(store_load_count(turn, kept.technician_id, kept.sku, &count));
    count.reserved--;
    store_save_count(turn, kept.technician_id, kept.sku, &(struct van_change){ count, 0 });
    *ret_changed = kept.technician_id;
    return OK;
}

struct error release_part(struct turn *turn, const char *work_order_id, const char *reason)
{
    const char *changed;

    TRY(let_go(turn, work_order_id, reason, &changed));
    return changed ? tell_van(turn, changed) : OK;
}

struct error on_reservation_lost(struct turn *turn, const char *work_order_id)
{
    struct van_reservation kept;
    struct work_order order;
    bool is_kept, is_known;

    TRY(store_load_reservation(turn, work_order_id, &is_kept, &kept));
    if (!is_kept || !kept.is_lost)
        return OK;
    TRY(store_load_work_order(turn, work_order_id, &is_known, &order));
    turn_belongs_to(turn, order.partner_id);
    TRY(release_part(turn, work_order_id, "van_count"));
    return supply_part(turn, &order);
}

/* ---- keeping ---- */

/* Most vans have none: they are not locked to learn that. */
static struct error find_free(struct turn *turn, const struct work_order *order, bool *ret_is_free,
                              struct van_count *ret_count)
{
    *ret_is_free = false;
    if (!id_valid(order->technician_id) || string_empty(order->part_sku) || order->ended)
        return OK;
    TRY(store_load_count(turn, order->technician_id, order->part_sku, ret_count));
    if (!van_has_free(*ret_count))
        return OK;
    TRY(subject_lock(turn, order->technician_id, NULL));
    TRY(store_load_count(turn, order->technician_id, order->part_sku, ret_count));
    *ret_is_free = van_has_free(*ret_count);
    return OK;
}

static struct error take_free(struct turn *turn, const struct work_order *order,
                              bool *ret_is_reserved)
{
    struct van_count count;

    TRY(find_free(turn, order, ret_is_reserved, &count));
    if (!*ret_is_reserved)
        return OK;
    count.reserved++;
    store_save_count(turn, order->technician_id, order->part_sku, &(struct van_change){ count, 0 });
    store_save_reservation(turn, order);
    TRY(tell_reserved(turn, order));
    return tell_van(turn, order->technician_id);
}

struct error reserve_part(struct turn *turn, const struct work_order *order, bool may_begin,
                          bool *ret_is_reserved)
{
    struct van_reservation kept;

    TRY(load_locked(turn, order->id, ret_is_reserved, &kept));
    if (*ret_is_reserved && !kept.is_lost && string_is(kept.technician_id, order->technician_id)) {
        store_save_reservation(turn, order);
        return OK;
    }
    if (*ret_is_reserved)
        TRY(release_part(turn, order->id, kept.is_lost ? "van_count" : "another_technician"));
    *ret_is_reserved = false;
    return may_begin ? take_free(turn, order, ret_is_reserved) : OK;
}
