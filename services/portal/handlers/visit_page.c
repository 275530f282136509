/* What the link for a visit shows: hours to choose from, or the visit that was agreed. */
#include "lib/domain/calendar.h"
#include "lib/domain/names.h"
#include "proto/matching.pb-c.h"
#include "services/portal/domain/labels.h"
#include "services/portal/handlers/offer.h"

/* ---- hours ---- */

static void add_slots(struct turn *turn, struct view *view, const Offer *offer)
{
    const char *taken = query_parameter(turn, "taken"); /* by somebody else, a moment ago */
    struct slot_days days = { NULL, 0 };

    view_list(view, "days");
    for (size_t i = 0; i < offer->n_slots; i++)
        if (!string_is(offer->slots[i]->slot_id, taken))
            add_slot(turn, view, &days, offer->slots[i]);
}

static bool is_moving(const struct customer *customer)
{
    return customer->choice.page == PAGE_VISIT;
}

static void add_order(struct turn *turn, struct view *view, const struct customer *customer)
{
    const struct customer_order *order = &customer->order;

    (void)turn;
    view_text(view, "home", customer->home);
    view_text(view, "number", order->number);
    view_text(view, "partner_name", order->partner_name);
    view_text(view, "service_name", order->service_name);
    view_text(view, "town", order->town);
    view_flag(view, "may_cancel", customer->choice.may_cancel);
}

static struct error add_parts(struct turn *turn, struct view *view, const struct customer *customer)
{
    return add_order_parts(turn, view, customer->link.work_order_id, &customer->order.visit,
                           "Państwa");
}

static const char *waiting_says(const struct customer *customer)
{
    switch (customer->choice.line) {
    case LINE_NOT_HELD:
        return "Wizyta się nie odbyła, za co przepraszamy. Umawiamy nową; godzinę można też wybrać "
               "samemu.";
    case LINE_UNFINISHED:
        return "Prace nie są jeszcze skończone. Umawiamy następną wizytę; wolną godzinę można też "
               "wybrać samemu.";
    case LINE_UNSTAFFED:
        return "Szukamy technika i zadzwonimy. Gdy tylko ktoś będzie wolny, godzina pojawi się "
               "tutaj.";
    case LINE_WAITING_FOR_PART:
        return "Czekamy na część. Godzinę można wybrać już teraz.";
    default:
        return "";
    }
}

static struct error reply_hours(struct turn *turn, const struct customer *customer,
                                const Offer *offer, struct reply *reply)
{
    bool moving = is_moving(customer);
    struct view *view = page_view(turn, moving ? "Nowa godzina wizyty" : "Godzina wizyty");

    show_flash(turn, reply, view);
    add_order(turn, view, customer);
    add_form_key(turn, view);
    add_slots(turn, view, offer);
    TRY(add_parts(turn, view, customer));
    TRY(add_past_visits(turn, view, customer->link.work_order_id, 0));
    view_flag(view, "has_days", offer->n_slots > 0);
    add_reasons(view);
    view_text(view, "says", waiting_says(customer));
    view_flag(view, "moving", moving);
    view_text(view, "agreed",
              moving ? moment_text_long(turn->arena, customer->order.visit.start_at) : "");
    view_text(view, "action",
              arena_format(turn->arena, "%s/%s", customer->home, moving ? "move" : "choose"));
    add_later_hours(turn, view, customer->home, offer);
    return page_reply(turn, reply, "hours", view);
}

static struct error on_offer(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    const Offer *offer = NULL;
    struct customer customer;
    bool is_open;

    TRY(open_customer(turn, "visit", reply, &customer, &is_open));
    if (!is_open)
        return OK;
    if (!read_offer(turn, answer, &offer))
        return reply_without_answer(turn, &customer, reply);
    return reply_hours(turn, &customer, offer, reply);
}

static struct error ask_hours(struct turn *turn, const struct customer *customer,
                              struct reply *reply)
{
    struct actor actor = actor_of_customer(customer);

    return ask_offer(turn, &actor, customer->link.work_order_id, on_offer, reply);
}

/* ---- the visit ---- */

static const char *visit_says(struct turn *turn, const struct customer *customer)
{
    const struct visit_row *visit = &customer->order.visit;
    const char *names = visit->technician_name;

    switch (customer->choice.line) {
    case LINE_AGREED:
        return "Wizyta jest umówiona.";
    case LINE_ON_THE_WAY:
        return visit->eta_at ? arena_format(turn->arena, "%s o %s.",
                                            agreed(names, "Technik jest w drodze, będzie",
                                                   "Technicy są w drodze, będą"),
                                            clock_text(turn->arena, visit->eta_at))
                             : agreed(names, "Technik jest w drodze.", "Technicy są w drodze.");
    case LINE_THERE:
        return agreed(names, "Technik jest na miejscu.", "Technicy są na miejscu.");
    case LINE_CALLED_OFF:
        return "Zlecenie jest odwołane.";
    default:
        return customer->choice.page == PAGE_ENDED ? "Zlecenie jest zakończone."
                                                   : "Wizyta jest zakończona.";
    }
}

/* How far the visit has come; nothing of one that was called off or not held. */
static void add_steps(struct view *view, enum visit_shown shown)
{
    static const struct {
        enum visit_shown shown;
        const char *polish;
    } steps[] = { { VISIT_AGREED, "umówiona" },
                  { VISIT_ON_THE_WAY, "w drodze" },
                  { VISIT_THERE, "na miejscu" },
                  { VISIT_OVER, "gotowe" } };

    view_flag(view, "has_steps", shown >= VISIT_AGREED && shown <= VISIT_OVER);
    EACH (step, steps) {
        struct view *item = view_item(view, "steps");
        view_text(item, "step", step->polish);
        view_flag(item, "is_past", step->shown < shown);
        view_flag(item, "is_now", step->shown == shown);
    }
}

static struct error reply_visit(struct turn *turn, const struct customer *customer,
                                struct reply *reply)
{
    const struct visit_row *visit = &customer->order.visit;
    struct view *view = page_view(turn, "Wizyta technika");
    int64_t tolerance_minutes = visit->tolerance_ms / MINUTES(1);

    show_flash(turn, reply, view);
    add_order(turn, view, customer);
    add_form_key(turn, view);
    add_reasons(view);
    TRY(add_parts(turn, view, customer));
    TRY(add_past_visits(turn, view, customer->link.work_order_id, visit->start_at));
    view_text(view, "says", visit_says(turn, customer));
    view_text(view, "state", visit_label(visit->shown)->key);
    add_steps(view, visit->shown);
    view_text(view, "technician_name", visit->technician_name);
    view_text(view, "comes", agreed(visit->technician_name, "Przyjedzie", "Przyjadą"));
    view_text(view, "comes_not", agreed(visit->technician_name, "przyjedzie", "przyjadą"));
    /* Whoever waits at home does not have to ask again. */
    if (visit->shown == VISIT_ON_THE_WAY)
        reply_header(reply, "Refresh", "30");
    view_flag(view, "is_visit", customer->choice.page == PAGE_VISIT);
    view_flag(view, "may_move", customer->choice.may_move);
    view_flag(view, "has_entry", customer->choice.may_move);
    view_flag(view, "has_entry_off",
              customer->order.has_visit && customer->choice.line == LINE_CALLED_OFF);
    view_flag(view, "may_change", customer->choice.may_move || customer->choice.may_cancel);
    if (customer->choice.page == PAGE_VISIT) {
        view_text(view, "day", date_text_long(turn->arena, date_from_timestamp(visit->start_at)));
        view_text(view, "hour", clock_text(turn->arena, visit->start_at));
        view_text(view, "tolerance",
                  tolerance_minutes
                      ? arena_format(turn->arena, "± %lld min", (long long)tolerance_minutes)
                      : "");
    }
    return page_reply(turn, reply, "visit", view);
}

/* ---- routes ---- */

struct error show_link(struct turn *turn, const void *message, struct reply *reply)
{
    struct customer customer;
    bool is_open;

    (void)message;
    TRY(open_settled_customer(turn, NULL, reply, &customer, &is_open));
    if (!is_open)
        return OK;
    if (string_is(customer.link.purpose, "survey"))
        return show_survey(turn, &customer, reply);
    if (customer.choice.page == PAGE_CHOOSE)
        return ask_hours(turn, &customer, reply);
    return reply_visit(turn, &customer, reply);
}

struct error show_hours(struct turn *turn, const void *message, struct reply *reply)
{
    struct customer customer;
    bool is_open;

    (void)message;
    TRY(open_settled_customer(turn, "visit", reply, &customer, &is_open));
    if (!is_open)
        return OK;
    if (customer.choice.page != PAGE_CHOOSE && !customer.choice.may_move) {
        redirect_with_flash(turn, reply, customer.home, "too_late");
        return OK;
    }
    return ask_hours(turn, &customer, reply);
}
