/* A message in words: from the visit as it stands at this moment, with a link of its own. */
#include "lib/domain/calendar.h"
#include "lib/domain/calendar_file.h"
#include "lib/domain/names.h"
#include "proto/notifications.pb-c.h"
#include "services/notifications/config.h"
#include "services/notifications/domain/mail_message.h"
#include "services/notifications/handlers.h"
#include "services/notifications/link_token.h"
#include <string.h>

enum { LINK_DAYS = 30 };

/* The token leaves in the text alone; everybody else hears of its hash. */
static const char *new_link(struct turn *turn, const struct ledger_message *message)
{
    struct link_token token = link_token_new();
    LinkIssued told = LINK_ISSUED__INIT;

    told.link_id = arena_string(turn->arena, new_id(turn).text);
    told.sha256 = arena_string(turn->arena, token.sha256);
    told.work_order_id = message->work_order_id;
    told.partner_id = message->partner_id;
    told.person_id = message->person_id;
    told.purpose = message->template->link;
    told.expires_at = turn->now + DAYS(LINK_DAYS);
    store_save_link(turn, &told, turn->now);
    emit(turn, message->work_order_id, &told);
    return arena_format(turn->arena, "%s/s/%s", config.public_url, token.text);
}

bool message_render(struct turn *turn, const struct order *order, struct ledger_message *message,
                    const char **ret_missing)
{
    const struct message_template *template = message->template;
    const struct visit *visit = &order->visit;
    struct arena *arena = turn->arena;
    bool is_sms = message->channel == CHANNEL_SMS, has_visit = visit->start_at != 0;
    int32_t date = date_from_timestamp(visit->start_at);
    const struct word words[] = {
        { "partner", order->partner_name },
        { "number", order->number },
        { "day", has_visit ? date_text_long(arena, date) : "" },
        { "hour", has_visit ? clock_text(arena, visit->start_at) : "" },
        { "tolerance", arena_format(arena, "%lld", (long long)(visit->tolerance_ms / MINUTES(1))) },
        { "name", visit->technician_name },
        { "Comes", agreed(visit->technician_name, "Przyjedzie", "Przyjadą") },
        { "is", agreed(visit->technician_name, "jest", "są") },
        { "will_be", agreed(visit->technician_name, "będzie", "będą") },
        { "eta", message->eta_at ? clock_text(arena, message->eta_at) : "" },
        { "part", message->part },
        { "link", template->link ? new_link(turn, message) : "" },
        { 0 },
    };

    message->subject = "";
    if (!is_sms && !fill(arena, template->subject, words, &message->subject, ret_missing))
        return false;
    return fill(arena, is_sms ? template->sms : template->mail, words, &message->body, ret_missing);
}

static struct calendar_visit calendar_of(const struct turn *turn, const struct order *order,
                                         const char *from, const char *to)
{
    const struct visit *visit = &order->visit;

    return (struct calendar_visit){
        .work_order_id = order->work_order_id,
        .number = order->number,
        .partner_name = order->partner_name,
        .technician_name = visit->technician_name,
        .sequence = order->calendar_sequence,
        .is_cancelled = visit->course == VISIT_CALLED_OFF,
        .stamp_at = turn->now,
        .start_at = visit->start_at,
        .end_at = visit->start_at + visit->length_ms,
        .organizer = from,
        .attendee = to,
    };
}

struct text message_as_mail(struct turn *turn, const struct order *order,
                            const struct ledger_message *message, const char *to)
{
    const char *name, *from;

    bool is_good = mail_address_split(turn->arena, config.mail_from, &name, &from);
    assert(is_good); /* looked at when the service started */
    (void)is_good;
    struct mail mail = {
        .from_name = name,
        .from = from,
        .to = to,
        .message_id = arena_format(turn->arena, "%s%s", message->message_id, strchr(from, '@')),
        .subject = message->subject,
        .text = message->body,
        .at = turn->now,
    };
    if (message->template->calendar != NO_CALENDAR) {
        const struct calendar_visit entry = calendar_of(turn, order, from, to);
        mail.calendar = calendar_file(turn->arena, &entry);
        mail.calendar_method = calendar_method(&entry);
    }
    return mail_message(turn->arena, &mail);
}
