/* Orders, visits and the ledger of messages in PostgreSQL. */
#include "services/notifications/store.h"
#include "services/notifications/queries.h"

/* ---- orders ---- */

void store_save_partner(struct turn *turn, const char *partner_id, const char *name)
{
    db_write(turn, save_partner, STR(partner_id), STR(name));
}

void store_save_order(struct turn *turn, const struct order *order)
{
    db_write(turn, save_order, STR(order->work_order_id), STR(order->partner_id),
             STR(order->number), STR(order->partner_reference), STR(order->person_id),
             INT(order->state));
}

static void read_visit(struct row *row, struct visit *ret_visit)
{
    ret_visit->visit_id = next_text(row);
    ret_visit->moves = next_int(row);
    ret_visit->course = (enum visit_course)next_int(row);
    ret_visit->start_at = next_int(row);
    ret_visit->tolerance_ms = next_int(row);
    ret_visit->length_ms = next_int(row);
    ret_visit->technician_name = next_text(row);
    ret_visit->reminders.day_at = next_int(row);
    ret_visit->reminders.hour_at = next_int(row);
}

struct error store_load_order(struct turn *turn, const char *work_order_id, struct order *ret_order)
{
    struct rows rows = { 0 };

    if (id_valid(work_order_id))
        TRY(db_read(turn, &rows, load_order, STR(work_order_id)));
    if (rows.count == 0)
        return rejected(PROBLEM_NOT_FOUND, "work_order_id", "no order %.40s behind this wall",
                        work_order_id);
    struct row row = row_at(&rows, 0);
    struct order order = { .work_order_id = arena_string(turn->arena, work_order_id) };
    order.partner_id = next_text(&row);
    order.partner_name = next_text(&row);
    order.number = next_text(&row);
    order.partner_reference = next_text(&row);
    order.person_id = next_text(&row);
    order.state = next_int(&row);
    order.calendar_sequence = next_int(&row);
    read_visit(&row, &order.visit);
    *ret_order = order;
    return OK;
}

void store_drop_partners(struct turn *turn, struct value partner_ids)
{
    db_write(turn, drop_partners, partner_ids);
}

void store_drop_visits(struct turn *turn, struct value work_order_ids)
{
    db_write(turn, drop_visits, work_order_ids);
}

void store_drop_orders(struct turn *turn, struct value work_order_ids)
{
    db_write(turn, drop_orders, work_order_ids);
}

void store_save_visit(struct turn *turn, const struct order *order)
{
    const struct visit *visit = &order->visit;

    db_write(turn, save_visit, STR(order->work_order_id), STR(order->partner_id),
             STR(visit->visit_id), INT(visit->moves), INT(visit->course), INT(visit->start_at),
             INT(visit->tolerance_ms), INT(visit->length_ms), STR(visit->technician_name),
             INT(visit->reminders.day_at), INT(visit->reminders.hour_at));
}

void store_save_calendar_sequence(struct turn *turn, const struct order *order)
{
    db_write(turn, save_calendar_sequence, STR(order->work_order_id),
             INT(order->calendar_sequence));
}

/* ---- the ledger ---- */

struct error store_queue_message(struct turn *turn, const struct ledger_message *message,
                                 bool *ret_is_new)
{
    struct rows rows;

    TRY(db_read(turn, &rows, queue_message, STR(message->message_id), STR(message->work_order_id),
                STR(message->partner_id), STR(message->person_id), STR(message->visit_id),
                STR(message->template->name), INT(message->template_version),
                STR(message_channel_name(message->channel)), STR(message->occurrence),
                INT(message->state), INT(message->created_at), INT(message->send_after),
                INT(message->deadline_at), INT(message->look_again_at), INT(message->eta_at),
                STR(message->part)));
    *ret_is_new = rows.count > 0;
    return OK;
}

void store_save_message(struct turn *turn, const struct ledger_message *message)
{
    db_write(turn, save_message, STR(message->message_id), INT(message->state),
             INT(message->send_after), INT(message->sent_at), INT(message->delivered_at),
             INT(message->look_again_at), INT(message->attempts), STR(message->subject),
             STR(message->body), STR(message->gateway_id), STR(message->reason));
}

static void read_texts(struct row *row, struct ledger_message *message)
{
    message->part = next_text(row);
    message->subject = next_text(row);
    message->body = next_text(row);
    message->gateway_id = next_text(row);
    message->reason = next_text(row);
}

static struct error read_message(const struct rows *rows, int at, struct ledger_message *message)
{
    struct row row = row_at(rows, at);

    message->message_id = next_text(&row);
    message->work_order_id = next_text(&row);
    message->partner_id = next_text(&row);
    message->person_id = next_text(&row);
    message->visit_id = next_text(&row);
    const char *template = next_text(&row);
    message->template = template_find(template);
    message->template_version = next_int(&row);
    message->channel = message_channel_of(next_text(&row));
    message->occurrence = next_text(&row);
    message->state = (enum message_state)next_int(&row);
    message->created_at = next_int(&row);
    message->send_after = next_int(&row);
    message->deadline_at = next_int(&row);
    message->sent_at = next_int(&row);
    message->delivered_at = next_int(&row);
    message->look_again_at = next_int(&row);
    message->attempts = next_int(&row);
    message->eta_at = next_int(&row);
    read_texts(&row, message);
    return message->template ? OK
                             : fatal("the ledger names a template that is no more: %s", template);
}

struct error store_load_message(struct turn *turn, const char *message_id,
                                struct ledger_message *ret_message)
{
    struct rows rows;
    struct ledger_message message = { 0 };

    TRY(db_read(turn, &rows, load_message, STR(message_id)));
    if (rows.count == 0)
        return rejected(PROBLEM_NOT_FOUND, "reference", "no message %.40s", message_id);
    TRY(read_message(&rows, 0, &message));
    *ret_message = message;
    return OK;
}

static struct error read_messages(struct turn *turn, const struct rows *rows,
                                  struct ledger_messages *ret_messages)
{
    struct ledger_messages messages = { 0 };

    messages.at = ARENA_ARRAY(turn->arena, struct ledger_message, (size_t)rows->count + 1);
    for (; messages.count < (size_t)rows->count; messages.count++)
        TRY(read_message(rows, (int)messages.count, &messages.at[messages.count]));
    *ret_messages = messages;
    return OK;
}

struct error store_load_messages(struct turn *turn, const char *work_order_id,
                                 struct ledger_messages *ret_messages)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_messages, STR(work_order_id)));
    return read_messages(turn, &rows, ret_messages);
}

void store_forget_texts(struct turn *turn, const char *work_order_id)
{
    db_write(turn, forget_texts, STR(work_order_id));
}

struct error store_load_open_messages(struct turn *turn, const char *work_order_id,
                                      struct ledger_messages *ret_messages)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_open_messages, STR(work_order_id)));
    return read_messages(turn, &rows, ret_messages);
}
