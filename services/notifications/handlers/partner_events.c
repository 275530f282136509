/* What a partner is told: one event a fact, under one gap-free sequence an order, with the same id
 * and content in webhook, topic and feed. */
#include "proto/intake.pb-c.h"
#include "proto/notifications.pb-c.h"
#include "services/notifications/handlers.h"
#include <ctype.h>

static const char *state_name(struct turn *turn, int64_t state)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&work_order_state__descriptor, (int)state);
    char *name = arena_string(turn->arena, value && state ? value->name : "");

    for (char *sign = name; *sign; sign++)
        *sign = (char)tolower((unsigned char)*sign);
    return name;
}

static const char *say(struct turn *turn, const struct order *order, enum order_event_kind kind,
                       const char *state, const struct word words[])
{
    size_t count = 0;

    while (words[count].name)
        count++;
    struct word *all = ARENA_ARRAY(turn->arena, struct word, count + 3);
    all[0] = (struct word){ "number", order->number };
    all[1] = (struct word){ "state", order_state_words(state) };
    for (size_t i = 0; i < count; i++)
        all[i + 2] = words[i];
    return order_event_says(turn->arena, kind, all);
}

struct error partner_event_tell(struct turn *turn, const struct order *order,
                                enum order_event_kind kind, OrderEvent *event,
                                const struct word words[])
{
    struct next_sequence next;
    struct subscribers send_now;

    TRY(store_next_sequence(turn, order->partner_id, order->work_order_id, &next));
    event->event_id = arena_string(turn->arena, new_id(turn).text);
    event->sequence = next.sequence;
    event->type = order_event_type(kind);
    event->at = turn->fact.at ? turn->fact.at : turn->now;
    event->work_order_id = order->work_order_id;
    event->number = order->number;
    event->partner_reference = order->partner_reference;
    if (!event->state[0])
        event->state = state_name(turn, order->state);
    event->says = say(turn, order, kind, event->state, words);
    store_save_event(turn, order->partner_id, event);
    if (next.has_topic)
        publish(turn, arena_format(turn->arena, "partner.%s.v1", order->partner_id),
                order->work_order_id, order->work_order_id, next.sequence, event->event_id, event);
    if (!next.has_webhook)
        return OK;
    TRY(store_queue_event(turn, order->partner_id, event, &send_now));
    for (size_t i = 0; i < send_now.count; i++)
        TRY(webhook_send(turn, &send_now.at[i], event, 1));
    return OK;
}

/* ---- the poll feed ---- */

static struct error number_of(struct turn *turn, const char *name, int64_t fallback,
                              int64_t *ret_number)
{
    const char *given = query_parameter(turn, name);

    *ret_number = fallback;
    if (given[0] && (!text_number(text_of(given), ret_number) || *ret_number < 0))
        return refuse_field(turn, name, "pattern", "Podaj liczbę całkowitą, nie mniejszą niż 0.");
    return OK;
}

static struct error read_page(struct turn *turn, struct event_page *ret_page)
{
    struct event_page page = {
        .partner_id = turn->actor.partner,
        .work_order_id = query_parameter(turn, "work_order_id"),
        .after_event_id = query_parameter(turn, "after"),
    };

    TRY(number_of(turn, "after_sequence", 0, &page.after_sequence));
    TRY(number_of(turn, "from", 0, &page.from));
    TRY(number_of(turn, "until", INT64_MAX, &page.until));
    TRY(number_of(turn, "limit", 100, &page.most));
    if (page.most < 1 || page.most > 1000)
        return refuse_field(turn, "limit", "range", "Podaj liczbę od 1 do 1000.");
    if (page.after_event_id[0] && !id_valid(page.after_event_id))
        return refuse_field(turn, "after", "pattern",
                            "Podaj event_id zdarzenia, po którym mają być następne.");
    if (!page.work_order_id[0] && turn->actor.kind != ACTOR_PARTNER)
        return refuse_field(turn, "work_order_id", "required", "Podaj identyfikator zlecenia.");
    if (!page.work_order_id[0] && page.after_sequence)
        return refuse_field(turn, "work_order_id", "required",
                            "Numery zdarzeń liczą się w zleceniu: podaj także work_order_id.");
    *ret_page = page;
    return OK;
}

struct error list_partner_events(struct turn *turn, const void *message, struct reply *reply)
{
    PartnerEventList *list = ARENA_NEW(turn->arena, PartnerEventList);
    struct event_page page = { 0 };
    struct events events;

    (void)message;
    TRY(read_page(turn, &page));
    TRY(store_load_events(turn, &page, &events));
    partner_event_list__init(list);
    list->events = events.at;
    list->n_events = events.count;
    list->next = events.count ? events.last_event_id : page.after_event_id;
    reply->message = list;
    return OK;
}
