/* Lines into the books: what intake has accepted or refused, priced again by our own list. */
#include "proto/billing.pb-c.h"
#include "proto/intake.pb-c.h"
#include "proto/visits.pb-c.h"
#include "services/billing/handlers.h"

/* ---- work orders ---- */

struct error on_work_order_opened(struct turn *turn, const void *message)
{
    const WorkOrder *order = ((const WorkOrderOpened *)message)->order;

    if (!order)
        return rejected(PROBLEM_INVALID, "order", "opened without its order");
    turn_belongs_to(turn, order->partner_id);
    store_save_work_order(turn, order->work_order_id, order->number, order->partner_id,
                          order->partner_reference);
    /* Told again, and cancelled meanwhile: closed when we hear of it, as always. */
    if (turn->fact.is_retold && order->state == WORK_ORDER_STATE__CANCELLED)
        store_close_work_order(turn, order->work_order_id, turn->now);
    return OK;
}

struct error on_work_order_cancelled(struct turn *turn, const void *message)
{
    const WorkOrder *order = ((const WorkOrderCancelled *)message)->order;

    if (!order)
        return rejected(PROBLEM_INVALID, "order", "cancelled without its order");
    turn_belongs_to(turn, order->partner_id);
    store_close_work_order(turn, order->work_order_id, turn->now);
    return OK;
}

struct error on_visit_done(struct turn *turn, const void *message)
{
    const Course *course = ((const VisitDone *)message)->course;

    if (!course)
        return rejected(PROBLEM_INVALID, "course", "done without its course");
    if (course->further && !course->further->none)
        return OK; /* the order goes on: its lines are due with those of its last visit */
    turn_belongs_to(turn, course->partner_id);
    store_close_work_order(turn, course->work_order_id, turn->now);
    return OK;
}

/* ---- booking ---- */

static BookedLine *line_message(struct turn *turn, const struct cost_line *line)
{
    BookedLine *message = ARENA_NEW(turn->arena, BookedLine);

    *message = (BookedLine)BOOKED_LINE__INIT;
    message->line_id = line->line_id;
    message->work_order_id = line->work_order_id;
    message->visit_id = line->visit_id;
    message->partner_id = line->partner_id;
    message->technician_id = line->technician_id;
    message->item = line->item;
    message->quantity = line->quantity;
    message->total_grosz = line->total_grosz;
    message->partner_grosz = line->partner_grosz;
    message->customer_grosz = line->customer_grosz;
    message->booked_at = line->booked_at;
    return message;
}

static struct error check_booking(const struct booking *booking, const struct cost_line *line)
{
    if (booking->verdict == LINE_TOTAL_DIFFERS)
        return rejected(PROBLEM_INVALID, "total_grosz",
                        "line %.36s: %lld grosz are not what list \"%.40s\" makes of %lld x %.40s",
                        line->line_id, (long long)line->total_grosz, line->price_list_id,
                        (long long)line->quantity, line->item);
    if (booking->verdict == LINE_COVERED_WRONG)
        return rejected(PROBLEM_INVALID, "covered_grosz", "line %.36s: covered %lld grosz of %lld",
                        line->line_id, (long long)line->partner_grosz,
                        (long long)line->total_grosz);
    return OK;
}

/* `line` as told, but for what the order says: partner_grosz is what is said to be covered. Heard
 * once more, it is booked already. */
static struct error book(struct turn *turn, const WorkOrder *order, struct cost_line *line,
                         bool is_refused)
{
    const struct told_line told = { is_refused, line->quantity, line->total_grosz,
                                    line->partner_grosz };
    CostLineBooked booked = COST_LINE_BOOKED__INIT;
    struct own_price price;
    bool is_booked;

    if (!order)
        return rejected(PROBLEM_INVALID, "order", "a line without its order");
    line->work_order_id = order->work_order_id;
    line->partner_id = order->partner_id;
    turn_belongs_to(turn, line->partner_id);
    TRY(store_has_line(turn, line->line_id, &is_booked));
    if (is_booked)
        return OK;
    /* Intake prices a line at the moment it tells about it. */
    TRY(store_load_price(turn, line->item, turn->fact.at, &price, &line->price_list_id));
    struct booking booking = book_line(&told, &price);
    TRY(check_booking(&booking, line));
    /* Refused without a price: no list stands behind its 0. */
    bool is_priced = !is_refused || line->total_grosz > 0;
    line->price_list_id = is_priced ? line->price_list_id : "";
    line->price_grosz = is_priced ? price.price_grosz : 0;
    line->total_grosz = booking.total_grosz;
    line->partner_grosz = booking.partner_grosz;
    line->customer_grosz = booking.customer_grosz;
    line->booked_at = turn->now;
    store_save_line(turn, line);
    booked.line = line_message(turn, line);
    emit(turn, line->work_order_id, &booked);
    return OK;
}

struct error on_cost_line_accepted(struct turn *turn, const void *message)
{
    const CostLineAccepted *told = message;
    struct cost_line line = { .line_id = told->line_id,
                              .visit_id = told->visit_id,
                              .technician_id = told->technician_id,
                              .item = told->item,
                              .quantity = told->quantity,
                              .total_grosz = told->total_grosz,
                              .partner_grosz = told->covered_grosz };

    return book(turn, told->order, &line, false);
}

struct error on_cost_line_refused(struct turn *turn, const void *message)
{
    const CostLineRefused *told = message;
    struct cost_line line = { .line_id = told->line_id,
                              .visit_id = told->visit_id,
                              .technician_id = told->technician_id,
                              .item = told->item,
                              .quantity = told->quantity,
                              .total_grosz = told->total_grosz };

    return book(turn, told->order, &line, true);
}

struct error drop_work_orders(struct turn *turn, struct value subjects)
{
    store_drop_work_orders(turn, subjects);
    return OK;
}

/* ---- reading ---- */

static LineSettlement *settlement_message(struct turn *turn, const struct cost_line *line)
{
    LineSettlement *message = ARENA_NEW(turn->arena, LineSettlement);

    line_settlement__init(message);
    message->settlement_id = arena_string(turn->arena, line->settlement_id);
    message->made_at = line->settled_at;
    return message;
}

struct error list_cost_lines(struct turn *turn, const void *message, struct reply *reply)
{
    const char *work_order_id = query_parameter(turn, "work_order_id");
    CostLineList *list = ARENA_NEW(turn->arena, CostLineList);
    struct cost_line *lines;
    size_t count;

    (void)message;
    if (!id_valid(work_order_id))
        return refuse_field(turn, "work_order_id", "pattern",
                            "Podaj identyfikator zlecenia (UUID).");
    if (turn->actor.kind == ACTOR_CUSTOMER && !string_is(turn->actor.scope, work_order_id))
        return rejected(PROBLEM_FORBIDDEN, "work_order_id", "another customer's order");
    TRY(store_load_lines(turn, work_order_id, &lines, &count));
    *list = (CostLineList)COST_LINE_LIST__INIT;
    list->n_lines = list->n_settlements = count;
    list->lines = ARENA_ARRAY(turn->arena, BookedLine *, count + 1);
    list->settlements = ARENA_ARRAY(turn->arena, LineSettlement *, count + 1);
    for (size_t i = 0; i < count; i++) {
        list->lines[i] = line_message(turn, &lines[i]);
        list->settlements[i] = settlement_message(turn, &lines[i]);
        list->total_grosz += lines[i].total_grosz;
        list->partner_grosz += lines[i].partner_grosz;
        list->customer_grosz += lines[i].customer_grosz;
    }
    reply->message = list;
    return OK;
}
