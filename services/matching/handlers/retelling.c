/* The book told again: every visit that was ever promised, every technician-day. */
#include "services/matching/handlers.h"

static struct error retell_day(struct turn *turn, const char *subject, const char *technician_id,
                               int64_t day)
{
    TechnicianDayChanged changed = TECHNICIAN_DAY_CHANGED__INIT;
    TechnicianDay *stored = NULL;

    TRY(store_load_day(turn, technician_id, (int32_t)day, &stored));
    if (!stored)
        return OK;
    changed.technician_day = stored;
    retell(turn, subject, &changed, turn->now);
    return OK;
}

/* Each as it was booked, with the state it is in by now; the one that stands comes last, also where
 * facts wait and are then sorted by their time. */
static struct error retell_visits(struct turn *turn, const char *work_order_id)
{
    Visit **visits;
    timestamp at = 0;
    size_t count;

    TRY(store_load_booked_visits(turn, work_order_id, &visits, &count));
    for (size_t i = 0; i < count; i++) {
        VisitBooked booked = VISIT_BOOKED__INIT;
        booked.visit = visits[i];
        at = visits[i]->booked_at > at ? visits[i]->booked_at : at + 1;
        turn_belongs_to(turn, visits[i]->partner_id);
        retell(turn, work_order_id, &booked, at);
    }
    return OK;
}

struct error retell_book(struct turn *turn, const char *subject)
{
    struct text rest, id = text_cut(text_of(subject), '/', &rest);
    int64_t day;

    if (text_number(rest, &day))
        return retell_day(turn, subject, arena_text(turn->arena, id), day);
    return id_valid(subject) ? retell_visits(turn, subject) : OK;
}

struct error drop_orders(struct turn *turn, struct value subjects)
{
    store_drop_orders(turn, subjects);
    return OK;
}

/* Of parts' subjects, vans are technicians. What memory has of them goes with the process. */
struct error drop_vans(struct turn *turn, struct value subjects)
{
    store_drop_vans(turn, subjects);
    return OK;
}
