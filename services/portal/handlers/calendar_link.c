/* The visit as a calendar file, behind the customer's link: asked again, it moves or cancels the
 * one entry that the calendar has, also the one that came by e-mail. */
#include "lib/domain/calendar_file.h"
#include "services/portal/handlers.h"

/* An order of before portal kept its visits' length. */
enum { USUAL_LENGTH_MS = HOURS(1) };

static struct calendar_visit entry_of(const struct turn *turn, const struct customer *customer)
{
    const struct customer_order *order = &customer->order;
    bool is_called_off = order->visit.shown == VISIT_CALLED_OFF;
    int64_t length_ms = order->visit_length_ms ? order->visit_length_ms : USUAL_LENGTH_MS;
    /* Matching will tell that the visit is off as its next fact. */
    bool is_ahead_of_matching = order->state == ORDER_CANCELLED && !is_called_off;

    return (struct calendar_visit){
        .work_order_id = customer->link.work_order_id,
        .number = order->number,
        .partner_name = order->partner_name,
        .technician_name = order->visit.technician_name,
        .sequence = order->visit.told + is_ahead_of_matching,
        .is_cancelled = is_called_off || is_ahead_of_matching,
        .stamp_at = turn->now,
        .start_at = order->visit.start_at,
        .end_at = order->visit.start_at + length_ms,
        .organizer = config.mail_from,
        .attendee = "",
    };
}

struct error show_calendar(struct turn *turn, const void *message, struct reply *reply)
{
    struct customer customer;
    bool is_open;

    (void)message;
    TRY(open_settled_customer(turn, "visit", reply, &customer, &is_open));
    if (!is_open)
        return OK;
    if (!customer.order.has_visit)
        return page_unknown(turn, reply);
    const struct calendar_visit entry = entry_of(turn, &customer);
    reply->body = text_of(calendar_file(turn->arena, &entry));
    reply->content_type =
        arena_format(turn->arena, "text/calendar; method=%s", calendar_method(&entry));
    reply_header(reply, "Content-Disposition", "attachment; filename=\"wizyta.ics\"");
    reply_header(reply, "Cache-Control", "no-store");
    return OK;
}
