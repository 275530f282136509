/* Who is told, by which channel, when: cues become rows of the ledger, and what may leave now
 * leaves. Nothing is sent that is not true at that moment. */
#include "lib/domain/phone.h"
#include "lib/service/person/person.h"
#include "proto/intake.pb-c.h"
#include "services/notifications/domain/mail_message.h"
#include "services/notifications/handlers.h"

enum { GATEWAY_ASKED_FOR_MS = 24 * 60 * 60 * 1000 }; /* after a message's deadline */

struct contact {
    const char *phone, *email; /* "" when messages cannot go there */
};

static struct error load_contact(struct turn *turn, const struct order *order,
                                 struct contact *ret_contact)
{
    struct person person = { 0 };
    struct error error = person_contact(turn, order->person_id, &person);

    *ret_contact = (struct contact){ "", "" };
    if (error.kind == ERROR_REJECTED && error.problem == PROBLEM_NOT_FOUND)
        return OK; /* forgotten: nobody is there to be told */
    TRY(error);
    struct phone phone = phone_parse(text_of(person.phone));
    if (phone.kind == PHONE_MOBILE)
        ret_contact->phone = arena_string(turn->arena, phone.e164);
    if (mail_address_valid(person.email))
        ret_contact->email = person.email;
    return OK;
}

static bool is_true(struct turn *turn, const struct order *order,
                    const struct ledger_message *message)
{
    bool has_ended = order->state == WORK_ORDER_STATE__CANCELLED ||
                     order->state == WORK_ORDER_STATE__DONE ||
                     order->state == WORK_ORDER_STATE__SETTLED;

    return template_still_true(message->template, message->occurrence,
                               visit_occurrence(turn, &order->visit), order->visit.course,
                               has_ended);
}

/* A queued message leaves, waits on, or is dropped. */
static struct error dispatch(struct turn *turn, const struct order *order,
                             struct ledger_message *message, const struct contact *contact)
{
    if (message->channel == CHANNEL_NONE)
        return message_drop(turn, message, "no_channel");
    if (!is_true(turn, order, message))
        return message_drop(turn, message, "stale");
    struct send_decision decision =
        decide_sending(message->template, turn->now, order->visit.start_at, message->deadline_at);
    if (decision.verdict == SEND_TOO_LATE)
        return message_drop(turn, message, "too_late");
    if (decision.verdict == SEND_LATER) {
        message->send_after = decision.at;
        store_save_message(turn, message);
        return OK;
    }
    const char *to = message->channel == CHANNEL_SMS ? contact->phone : contact->email;
    return to[0] ? message_send(turn, order, message, to)
                 : message_settle(turn, message, MESSAGE_FAILED, "no_address");
}

static struct error queue(struct turn *turn, const struct order *order, const struct cue *cue,
                          const struct contact *contact, enum message_channel channel)
{
    const struct message_template *template = template_at(cue->template);
    struct ledger_message message = {
        .message_id = arena_string(turn->arena, new_id(turn).text),
        .work_order_id = order->work_order_id,
        .partner_id = order->partner_id,
        .person_id = order->person_id,
        .visit_id = template->binding == BOUND_TO_NOTHING ? "" : order->visit.visit_id,
        .template = template,
        .template_version = template->version,
        .channel = channel,
        .occurrence = cue->occurrence,
        .state = MESSAGE_QUEUED,
        .created_at = turn->now,
        .send_after = turn->now,
        .deadline_at = template_deadline(template, turn->now, order->visit.start_at),
        .look_again_at = turn->machine_now,
        .eta_at = cue->eta_at,
        .part = cue->part ? cue->part : "",
        .subject = "",
        .body = "",
        .gateway_id = "",
        .reason = "",
    };
    bool is_new;

    TRY(store_queue_message(turn, &message, &is_new));
    return is_new ? dispatch(turn, order, &message, contact) : OK;
}

struct error message_cue(struct turn *turn, const struct order *order, const struct cue *cue)
{
    struct contact contact;

    TRY(load_contact(turn, order, &contact));
    struct channel_choice choice =
        choose_channels(template_at(cue->template), contact.phone[0], contact.email[0]);
    for (size_t i = 0; i < choice.count; i++)
        TRY(queue(turn, order, cue, &contact, choice.at[i]));
    return OK;
}

struct error messages_drop_stale(struct turn *turn, const struct order *order)
{
    struct ledger_messages messages;

    TRY(store_load_open_messages(turn, order->work_order_id, &messages));
    for (size_t i = 0; i < messages.count; i++)
        if (messages.at[i].state == MESSAGE_QUEUED && !is_true(turn, order, &messages.at[i]))
            TRY(message_drop(turn, &messages.at[i], "stale"));
    return OK;
}

struct error messages_drop_all(struct turn *turn, const struct order *order, const char *reason)
{
    struct ledger_messages messages;

    TRY(store_load_open_messages(turn, order->work_order_id, &messages));
    for (size_t i = 0; i < messages.count; i++)
        if (messages.at[i].state == MESSAGE_QUEUED)
            TRY(message_drop(turn, &messages.at[i], reason));
    return OK;
}

/* ---- timers ---- */

/* The process that sent it has ended, or its answer got lost. */
static struct error give_up_answer(struct turn *turn, struct ledger_message *message)
{
    message->look_again_at = message->channel == CHANNEL_SMS ? turn->machine_now : INT64_MAX;
    return message_settle(turn, message, MESSAGE_UNKNOWN, "no_answer");
}

static void ask_again(struct turn *turn, struct ledger_message *message)
{
    if (turn->now < message->deadline_at + GATEWAY_ASKED_FOR_MS) {
        message_ask_gateway(turn, message);
        return;
    }
    message->look_again_at = INT64_MAX;
    store_save_message(turn, message);
}

struct error messages_due(struct turn *turn, const char *work_order_id)
{
    struct ledger_messages messages;
    struct contact contact;
    struct order order;

    TRY(store_load_order(turn, work_order_id, &order));
    turn_belongs_to(turn, order.partner_id);
    TRY(store_load_open_messages(turn, work_order_id, &messages));
    TRY(load_contact(turn, &order, &contact));
    for (size_t i = 0; i < messages.count; i++) {
        struct ledger_message *message = &messages.at[i];
        if (message->look_again_at > turn->machine_now)
            continue;
        if (message->state == MESSAGE_SENDING)
            TRY(give_up_answer(turn, message));
        else if (message->state == MESSAGE_UNKNOWN)
            ask_again(turn, message);
        else if (message->send_after <= turn->now)
            TRY(dispatch(turn, &order, message, &contact));
    }
    return OK;
}

struct error reminders_due(struct turn *turn, const char *work_order_id)
{
    struct order order;

    TRY(store_load_order(turn, work_order_id, &order));
    turn_belongs_to(turn, order.partner_id);
    struct reminders due = order.visit.reminders, *left = &order.visit.reminders;
    struct cue cue = { .occurrence = visit_occurrence(turn, &order.visit) };
    bool is_day = due.day_at && due.day_at <= turn->now;
    bool is_hour = due.hour_at && due.hour_at <= turn->now;
    if (order.visit.course != VISIT_PROMISED || (!is_day && !is_hour))
        return OK;
    left->day_at = is_day ? 0 : due.day_at;
    left->hour_at = is_hour ? 0 : due.hour_at;
    store_save_visit(turn, &order);
    /* When we were away so long that both are due, the day's is too late and dropped as that. */
    cue.template = REMINDER_DAY_BEFORE;
    if (is_day)
        TRY(message_cue(turn, &order, &cue));
    cue.template = REMINDER_HOUR_BEFORE;
    return is_hour ? message_cue(turn, &order, &cue) : OK;
}
