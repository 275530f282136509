/* An order while its customer is on the line: its hours, what to say, what happened, and what can
 * still be changed. */
#include "lib/domain/calendar.h"
#include "lib/domain/names.h"
#include "lib/service/person/person.h"
#include "proto/intake.pb-c.h"
#include "proto/matching.pb-c.h"
#include "services/portal/domain/labels.h"
#include "services/portal/domain/spoken.h"
#include "services/portal/handlers/offer.h"

enum { ACCESS_KEYS = 9 };

struct open_order {
    struct staff staff;
    struct order_head head;
    struct customer_choice choice;
    const char *home; /* "/c/orders/<id>" */
};

static struct error open_order(struct turn *turn, struct reply *reply, struct open_order *ret_order,
                               bool *ret_is_open)
{
    struct open_order order;
    bool is_known;

    TRY(open_staff(turn, ACTOR_CONSULTANT, reply, &order.staff, ret_is_open));
    if (!*ret_is_open)
        return OK;
    *ret_is_open = false;
    turn_looks_over_walls(turn);
    TRY(store_load_order_head(turn, path_parameter(turn, "work_order_id"), &order.head, &is_known));
    if (!is_known)
        return page_unknown(turn, reply);
    const struct customer_facts facts = { .order = order.head.state,
                                          .visit = order.head.visit.shown,
                                          .start_at = order.head.visit.start_at,
                                          .now = turn->now };
    order.choice = choose_customer_page(&facts);
    order.home = arena_format(turn->arena, "/c/orders/%s", order.head.work_order_id);
    *ret_order = order;
    *ret_is_open = true;
    return OK;
}

/* ---- showing ---- */

/* The customer may have been forgotten meanwhile; the order stays. */
static struct error add_caller(struct turn *turn, struct view *view, const struct open_order *order)
{
    struct person person = { .first_name = "", .phone = "" };
    struct error error = OK;

    if (id_valid(order->head.person_id))
        error = person_contact(turn, order->head.person_id, &person);
    if (error.kind == ERROR_TEMPORARY || error.kind == ERROR_FATAL)
        return error;
    view_text(view, "customer", person.first_name);
    view_text(view, "phone_link", person.phone);
    view_text(view, "say",
              order->choice.page == PAGE_VISIT && order->choice.line == LINE_AGREED
                  ? spoken_promise(turn->arena, order->head.visit.technician_name,
                                   person.first_name, order->head.visit.start_at)
                  : "");
    return OK;
}

static const char *order_line(const struct open_order *order)
{
    const char *names = order->head.visit.technician_name;

    switch (order->choice.line) {
    case LINE_AGREED:
        return "Wizyta jest umówiona";
    case LINE_ON_THE_WAY:
        return agreed(names, "Technik jest w drodze", "Technicy są w drodze");
    case LINE_THERE:
        return agreed(names, "Technik jest na miejscu", "Technicy są na miejscu");
    case LINE_CALLED_OFF:
        return "Zlecenie jest odwołane";
    default:
        return order->choice.page == PAGE_ENDED ? "Zlecenie jest zakończone"
                                                : "Wizyta jest zakończona";
    }
}

static void add_visit(struct turn *turn, struct view *view, const struct open_order *order)
{
    const struct visit_row *visit = &order->head.visit;
    bool is_shown = order->choice.page == PAGE_VISIT;

    view_text(view, "says", order_line(order));
    view_text(view, "visit_day",
              is_shown ? date_text_long(turn->arena, date_from_timestamp(visit->start_at)) : "");
    view_text(view, "visit_hour", clock_text(turn->arena, visit->start_at));
    view_text(
        view, "tolerance",
        arena_format(turn->arena, "± %lld min", (long long)(visit->tolerance_ms / MINUTES(1))));
    view_text(view, "technician_name", visit->technician_name);
    view_text(view, "comes", agreed(visit->technician_name, "Przyjedzie", "Przyjadą"));
    view_flag(view, "may_move", order->choice.may_move);
}

static struct error add_order(struct turn *turn, struct view *view, const struct open_order *order,
                              struct reply *reply)
{
    page_signed_in(view, ACTOR_CONSULTANT);
    view_flag(view, "is_wide", true);
    show_flash(turn, reply, view);
    add_order_head(turn, view, &order->head);
    add_visit(turn, view, order);
    add_reasons(view);
    add_form_key(turn, view);
    view_text(view, "cancel_key", arena_string(turn->arena, new_id(turn).text));
    view_text(view, "home", order->home);
    view_flag(view, "may_cancel", order->choice.may_cancel);
    TRY(add_order_parts(turn, view, order->head.work_order_id, &order->head.visit, "klienta"));
    TRY(add_past_visits(turn, view, order->head.work_order_id,
                        order->choice.page == PAGE_VISIT ? order->head.visit.start_at : 0));
    TRY(add_story(turn, view, order->head.work_order_id));
    return add_caller(turn, view, order);
}

static struct error reply_order(struct turn *turn, const struct open_order *order,
                                struct reply *reply)
{
    struct view *view = page_view(turn, order->head.number);

    TRY(add_order(turn, view, order, reply));
    view_flag(view, "chooses", false);
    return page_reply(turn, reply, "c_order", view);
}

/* ---- hours ---- */

static int64_t least_score(const Offer *offer)
{
    int64_t least = INT64_MAX;

    for (size_t i = 0; i < offer->n_slots; i++)
        if (offer->slots[i]->score_ms < least)
            least = offer->slots[i]->score_ms;
    return least;
}

/* The first nine hours answer to a key each; the best by the stated objective is marked.
 */
static void add_slots(struct turn *turn, struct view *view, const Offer *offer)
{
    int64_t least = least_score(offer);
    struct slot_days days = { NULL, 0 };

    view_list(view, "days");
    for (size_t i = 0; i < offer->n_slots; i++) {
        const Slot *slot = offer->slots[i];
        bool is_best = slot->score_ms == least;
        struct view *item = add_slot(turn, view, &days, slot);
        view_flag(item, "is_first", i == 0);
        view_flag(item, "is_best", is_best);
        view_text(item, "access", i < ACCESS_KEYS ? arena_format(turn->arena, "%zu", i + 1) : "");
        if (is_best)
            least = INT64_MIN;
    }
}

static struct error reply_hours(struct turn *turn, const struct open_order *order,
                                const Offer *offer, struct reply *reply)
{
    struct view *view = page_view(turn, order->head.number);
    bool moving = order->choice.page == PAGE_VISIT;

    TRY(add_order(turn, view, order, reply));
    add_slots(turn, view, offer);
    view_flag(view, "chooses", true);
    view_flag(view, "moving", moving);
    view_text(view, "agreed",
              moving ? moment_text_long(turn->arena, order->head.visit.start_at) : "");
    view_text(view, "action",
              arena_format(turn->arena, "%s/%s", order->home, moving ? "move" : "booking"));
    view_text(view, "earliest",
              moving ? arena_format(turn->arena, "%s/hours", order->home) : order->home);
    add_later_hours(turn, view, order->home, offer);
    return page_reply(turn, reply, "c_order", view);
}

/* Matching has not heard of the order yet: a matter of a moment. */
static struct error reply_soon(struct turn *turn, const struct open_order *order,
                               struct reply *reply)
{
    reply_header(reply, "Refresh", "1");
    reply_header(reply, "Retry-After", "1");
    return page_notice(turn, reply,
                       &(struct notice){ .status = 503,
                                         .title = "Szukamy godzin",
                                         .sentence = "Zlecenie jest przyjęte. Strona odświeży się "
                                                     "sama za chwilę.",
                                         .back = order->home,
                                         .back_label = "Odśwież" });
}

static struct error on_offer(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    const Offer *offer = NULL;
    struct open_order order;
    bool is_open;

    TRY(open_order(turn, reply, &order, &is_open));
    if (!is_open)
        return OK;
    if (answer->status == 404)
        return reply_soon(turn, &order, reply);
    if (!read_offer(turn, answer, &offer))
        return reply_staff_without_answer(turn, order.home, reply);
    return reply_hours(turn, &order, offer, reply);
}

static struct error ask_hours(struct turn *turn, const struct open_order *order,
                              struct reply *reply)
{
    return ask_offer(turn, &order->staff.actor, order->head.work_order_id, on_offer, reply);
}

static struct error show(struct turn *turn, bool wants_hours, struct reply *reply)
{
    const char *home =
        arena_format(turn->arena, "/c/orders/%s", path_parameter(turn, "work_order_id"));
    struct open_order order;
    bool is_open, is_waiting;

    TRY(wait_for_form(turn, home, reply, &is_waiting));
    if (is_waiting)
        return OK;
    TRY(open_order(turn, reply, &order, &is_open));
    if (!is_open)
        return OK;
    if (order.choice.page == PAGE_CHOOSE || (wants_hours && order.choice.may_move))
        return ask_hours(turn, &order, reply);
    return reply_order(turn, &order, reply);
}

struct error show_consultant_order(struct turn *turn, const void *message, struct reply *reply)
{
    (void)message;
    return show(turn, false, reply);
}

struct error show_consultant_hours(struct turn *turn, const void *message, struct reply *reply)
{
    (void)message;
    return show(turn, true, reply);
}

/* ---- forms ---- */

static struct error on_changed(struct turn *turn, const struct answer *answer, const char *done)
{
    struct reply *reply = reply_later(turn);
    const char *home =
        arena_format(turn->arena, "/c/orders/%s", path_parameter(turn, "work_order_id"));

    if (answer->status >= 200 && answer->status < 300) {
        keep_position(turn, reply, answer, "/c");
        redirect_with_flash(turn, reply, home, done);
        return OK;
    }
    if (answer->status < 400 || answer->status >= 500)
        return reply_staff_without_answer(turn, home, reply);
    bool is_taken =
        string_is(read_findings(turn, answer->body).slug, problem_slug(PROBLEM_HOUR_TAKEN));
    redirect_with_flash(turn, reply, home, is_taken ? "hour_was_taken" : "state_changed");
    return OK;
}

static struct error on_booked(struct turn *turn, const struct answer *answer)
{
    return on_changed(turn, answer, "hour_booked");
}

static struct error on_moved(struct turn *turn, const struct answer *answer)
{
    return on_changed(turn, answer, "hour_moved");
}

static struct error on_cancelled(struct turn *turn, const struct answer *answer)
{
    return on_changed(turn, answer, "order_cancelled");
}

static struct error change(struct turn *turn, const char *urls, const char *act, const void *body,
                           handle_answer on_answer, struct reply *reply)
{
    const char *path = arena_format(turn->arena, "/v1/work-orders/%s/%s",
                                    path_parameter(turn, "work_order_id"), act);
    struct staff staff;
    bool is_open;

    TRY(open_staff_form(turn, ACTOR_CONSULTANT, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    return ask_owner(turn, &staff.actor,
                     &(struct question){ .urls = urls,
                                         .method = "POST",
                                         .path = path,
                                         .body = body,
                                         .key = form_key(turn, form_field(turn, "key")),
                                         .on_answer = on_answer },
                     reply);
}

struct error book_for_caller(struct turn *turn, const void *message, struct reply *reply)
{
    BookingRequest booking = BOOKING_REQUEST__INIT;

    (void)message;
    booking.slot_id = chosen_slot(turn);
    return change(turn, config.matching_urls, "booking", &booking, on_booked, reply);
}

struct error move_for_caller(struct turn *turn, const void *message, struct reply *reply)
{
    MoveRequest move = MOVE_REQUEST__INIT;

    (void)message;
    move.slot_id = chosen_slot(turn);
    move.reason = arena_string(turn->arena, "Zmiana godziny przez klienta, telefonicznie");
    return change(turn, config.matching_urls, "move", &move, on_moved, reply);
}

/* One of our reasons: what the customer says in his own words must not get into facts. */
struct error cancel_for_caller(struct turn *turn, const void *message, struct reply *reply)
{
    const struct label *reason = cancel_reason(form_field(turn, "reason"));
    CancelRequest cancel = CANCEL_REQUEST__INIT;

    (void)message;
    cancel.reason = arena_string(turn->arena, reason ? reason->key : "");
    return change(turn, config.intake_urls, "cancel", &cancel, on_cancelled, reply);
}
