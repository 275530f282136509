/* What the customer does by the link: chooses an hour, moves it, cancels. Portal decides nothing of
 * it; it asks the owner and tells what he said. */
#include "proto/intake.pb-c.h"
#include "proto/matching.pb-c.h"
#include "services/portal/domain/labels.h"
#include "services/portal/handlers/offer.h"
#include <string.h>

/* ---- answers ---- */

static bool is_hour_taken(struct turn *turn, const struct answer *answer)
{
    return string_is(read_findings(turn, answer->body).slug, problem_slug(PROBLEM_HOUR_TAKEN));
}

/* Back to the hours, but for the one that was just refused: memory may not have heard yet. */
static const char *without_taken(struct turn *turn, const char *again)
{
    const char *slot_id = chosen_slot(turn);
    size_t plain = strspn(slot_id, "0123456789abcdef.-_");

    if (plain == 0 || slot_id[plain])
        return again;
    return arena_format(turn->arena, "%s?taken=%s", again, slot_id);
}

struct error reply_to_form(struct turn *turn, const struct customer *customer,
                           const struct answer *answer, const struct form_outcome *outcome,
                           struct reply *reply)
{
    if (answer->status >= 200 && answer->status < 300) {
        keep_position(turn, reply, answer, "/s/");
        redirect_with_flash(turn, reply, customer->home, outcome->done);
        return OK;
    }
    switch (answer->status) {
    case 409:
        if (is_hour_taken(turn, answer))
            redirect_with_flash(turn, reply, without_taken(turn, outcome->again), "hour_taken");
        else
            redirect_with_flash(turn, reply, customer->home, "too_late");
        return OK;
    case 404:
    case 410:
    case 422:
        redirect_with_flash(turn, reply, outcome->again, outcome->unusable);
        return OK;
    default:
        return reply_without_answer(turn, customer, reply);
    }
}

static struct error on_form_answer(struct turn *turn, const struct answer *answer,
                                   const struct form_outcome *outcome, const char *again)
{
    struct reply *reply = reply_later(turn);
    struct form_outcome own = *outcome;
    struct customer customer;
    bool is_open;

    TRY(open_customer(turn, "visit", reply, &customer, &is_open));
    if (!is_open)
        return OK;
    own.again = arena_format(turn->arena, "%s%s", customer.home, again);
    return reply_to_form(turn, &customer, answer, &own, reply);
}

static struct error on_chosen(struct turn *turn, const struct answer *answer)
{
    return on_form_answer(turn, answer,
                          &(struct form_outcome){ .done = "booked", .unusable = "hour_gone" }, "");
}

static struct error on_moved(struct turn *turn, const struct answer *answer)
{
    return on_form_answer(
        turn, answer, &(struct form_outcome){ .done = "moved", .unusable = "hour_gone" }, "/hours");
}

static struct error on_cancelled(struct turn *turn, const struct answer *answer)
{
    return on_form_answer(
        turn, answer, &(struct form_outcome){ .done = "cancelled", .unusable = "too_late" }, "");
}

/* ---- forms ---- */

/* What the form asks for, sent to the owner under the form's key. */
static struct error ask_change(struct turn *turn, const struct customer *customer, const char *urls,
                               const char *act, const void *body, handle_answer on_answer,
                               struct reply *reply)
{
    const char *path =
        arena_format(turn->arena, "/v1/work-orders/%s/%s", customer->link.work_order_id, act);

    return ask_as_customer(turn, customer,
                           &(struct question){ .urls = urls,
                                               .method = "POST",
                                               .path = path,
                                               .body = body,
                                               .key = form_key(turn, form_field(turn, "key")),
                                               .on_answer = on_answer },
                           reply);
}

struct error choose_hour(struct turn *turn, const void *message, struct reply *reply)
{
    BookingRequest booking = BOOKING_REQUEST__INIT;
    struct customer customer;
    bool is_open;

    (void)message;
    TRY(open_customer_form(turn, "visit", reply, &customer, &is_open));
    if (!is_open)
        return OK;
    booking.slot_id = chosen_slot(turn);
    if (string_empty(booking.slot_id)) {
        redirect_with_flash(turn, reply, customer.home, "no_hour");
        return OK;
    }
    return ask_change(turn, &customer, config.matching_urls, "booking", &booking, on_chosen, reply);
}

struct error move_visit(struct turn *turn, const void *message, struct reply *reply)
{
    MoveRequest move = MOVE_REQUEST__INIT;
    struct customer customer;
    bool is_open;

    (void)message;
    TRY(open_customer_form(turn, "visit", reply, &customer, &is_open));
    if (!is_open)
        return OK;
    move.slot_id = chosen_slot(turn);
    if (string_empty(move.slot_id)) {
        redirect_with_flash(turn, reply, arena_format(turn->arena, "%s/hours", customer.home),
                            "no_hour");
        return OK;
    }
    move.reason = arena_string(turn->arena, "Zmiana godziny przez klienta");
    return ask_change(turn, &customer, config.matching_urls, "move", &move, on_moved, reply);
}

/* The reason is one of ours: a customer's own words are personal data and must not get into facts.
 */
struct error cancel_order(struct turn *turn, const void *message, struct reply *reply)
{
    CancelRequest cancel = CANCEL_REQUEST__INIT;
    struct customer customer;
    bool is_open;

    (void)message;
    TRY(open_customer_form(turn, "visit", reply, &customer, &is_open));
    if (!is_open)
        return OK;
    const struct label *reason = cancel_reason(form_field(turn, "reason"));
    if (!reason) {
        redirect_with_flash(turn, reply, customer.home, "no_reason");
        return OK;
    }
    cancel.reason = arena_string(turn->arena, reason->key);
    return ask_change(turn, &customer, config.intake_urls, "cancel", &cancel, on_cancelled, reply);
}
