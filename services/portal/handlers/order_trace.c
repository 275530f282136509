/* One order through all services: what each told of it, caused by what, what its customer and its
 * partner were told, what became of its costs. Facts are portal's own notes of what it heard;
 * messages and the partner's events are asked of notifications, without the words that customers
 * were sent, lines of cost of billing. */
#include "lib/domain/money.h"
#include "proto/billing.pb-c.h"
#include "proto/notifications.pb-c.h"
#include "services/portal/domain/event_says.h"
#include "services/portal/domain/labels.h"
#include "services/portal/handlers.h"
#include <string.h>

enum { FACTS_MOST = 1000, TRACE_SHOWN = 8 };

/* "24.11, 10:15:03,250". */
static const char *exact_moment(struct turn *turn, timestamp at)
{
    return arena_format(turn->arena, "%s:%02d,%03d", short_moment(turn, at),
                        (int)(at / SECONDS(1) % 60), (int)(at % SECONDS(1)));
}

static const char *fact_says(struct turn *turn, const struct traced_fact *fact)
{
    return event_says(turn->arena, &(struct event){ .type = fact->type,
                                                    .number = "",
                                                    .word = fact->word,
                                                    .hour_at = fact->hour_at });
}

static const char *fact_name(struct turn *turn, const struct traced_fact *fact)
{
    const char *teller = service_label(fact->source);

    return fact->sequence ? arena_format(turn->arena, "%s %lld", teller, (long long)fact->sequence)
                          : teller;
}

/* ---- facts ---- */

static const struct traced_fact *find_fact(const struct traced_facts *facts, const char *id)
{
    for (int i = 0; i < facts->count; i++)
        if (string_is(facts->at[i].id, id))
            return &facts->at[i];
    return NULL;
}

/* A fact that is none of this order's (a plan, a price list) has a name for machines alone. */
static void add_cause(struct turn *turn, struct view *item, const struct traced_facts *facts,
                      const char *cause)
{
    const struct traced_fact *found = cause[0] ? find_fact(facts, cause) : NULL;

    view_text(item, "cause_link", found ? found->id : "");
    view_text(item, "cause", found ? fact_name(turn, found) : cause[0] ? "spoza zlecenia" : "");
}

static void add_facts(struct turn *turn, struct view *view, const struct traced_facts *facts)
{
    view_list(view, "facts");
    for (int i = 0; i < facts->count; i++) {
        const struct traced_fact *fact = &facts->at[i];
        struct view *item = view_item(view, "facts");
        view_text(item, "fact_id", fact->id);
        view_text(item, "at", exact_moment(turn, fact->at));
        view_text(item, "fact", fact_name(turn, fact));
        view_text(item, "event", fact_says(turn, fact));
        view_text(item, "trace_short", arena_format(turn->arena, "%.*s", TRACE_SHOWN, fact->trace));
        add_cause(turn, item, facts, fact->cause);
    }
    view_text(view, "fact_count", arena_format(turn->arena, "%d", facts->count));
    view_flag(view, "is_cut", facts->count == FACTS_MOST);
}

/* Each trace once, whole, with how many facts it has: it names the same lines in the logs. */
static void add_traces(struct turn *turn, struct view *view, const struct traced_facts *facts)
{
    view_list(view, "traces");
    for (int i = 0; i < facts->count; i++) {
        int before = 0, all = 0;
        for (int j = 0; j < facts->count; j++)
            if (string_is(facts->at[j].trace, facts->at[i].trace)) {
                before += j < i;
                all++;
            }
        if (before || !facts->at[i].trace[0])
            continue;
        struct view *item = view_item(view, "traces");
        view_text(item, "trace", facts->at[i].trace);
        view_text(item, "trace_facts", arena_format(turn->arena, "%d", all));
    }
}

static void add_waiting(struct turn *turn, struct view *view, const struct traced_facts *facts)
{
    view_list(view, "waiting");
    for (int i = 0; i < facts->count; i++) {
        const struct traced_fact *fact = &facts->at[i];
        struct view *item = view_item(view, "waiting");
        const char *dot = strrchr(fact->type, '.');
        view_text(item, "at", exact_moment(turn, fact->at));
        view_text(item, "fact", fact_name(turn, fact));
        view_text(item, "event", label_of("event", dot ? dot + 1 : fact->type));
        view_text(item, "held", held_label(fact->held));
    }
}

/* ---- what the others answer ---- */

/* False, and the flag `away` set, when `body` is no such list. */
static bool read_list(struct turn *turn, struct view *view, const char *away,
                      const ProtobufCMessageDescriptor *of, struct text body,
                      ProtobufCMessage **ret_list)
{
    struct error error = rejected(PROBLEM_INTERNAL, NULL, "no list");

    *ret_list = NULL;
    if (body.length)
        error = foreign_parse(turn, of, body, ret_list);
    view_flag(view, away, error.kind != ERROR_NONE);
    return error.kind == ERROR_NONE;
}

static void add_messages(struct turn *turn, struct view *view, struct text body)
{
    ProtobufCMessage *message;

    view_list(view, "messages");
    if (!read_list(turn, view, "messages_away", &message_list__descriptor, body, &message))
        return;
    const MessageList *list = (const MessageList *)message;
    for (size_t i = 0; i < list->n_messages; i++) {
        const Message *sent = list->messages[i];
        int64_t delivered_at = i < list->n_texts ? list->texts[i]->delivered_at : 0;
        struct view *item = view_item(view, "messages");
        view_text(item, "at", exact_moment(turn, sent->created_at));
        view_text(item, "message", message_label(sent->template_));
        view_text(item, "channel", channel_label(sent->channel));
        view_text(item, "delivery", delivery_label((int)sent->state));
        view_text(item, "sent", sent->sent_at ? exact_moment(turn, sent->sent_at) : "");
        view_text(item, "delivered", delivered_at ? exact_moment(turn, delivered_at) : "");
    }
}

static void add_partner_events(struct turn *turn, struct view *view, struct text body)
{
    ProtobufCMessage *message;

    view_list(view, "partner_events");
    if (!read_list(turn, view, "partner_events_away", &partner_event_list__descriptor, body,
                   &message))
        return;
    const PartnerEventList *list = (const PartnerEventList *)message;
    for (size_t i = 0; i < list->n_events; i++) {
        const OrderEvent *told = list->events[i];
        struct view *item = view_item(view, "partner_events");
        view_text(item, "sequence", arena_format(turn->arena, "%lld", (long long)told->sequence));
        view_text(item, "at", exact_moment(turn, told->at));
        view_text(item, "event", told->says);
        view_text(item, "type", told->type);
    }
}

static struct error add_costs(struct turn *turn, struct view *view, struct text body)
{
    ProtobufCMessage *message;
    struct price_row *prices;
    int count;

    view_list(view, "costs");
    if (!read_list(turn, view, "costs_away", &cost_line_list__descriptor, body, &message))
        return OK;
    TRY(store_load_prices(turn, &prices, &count));
    const CostLineList *list = (const CostLineList *)message;
    for (size_t i = 0; i < list->n_lines; i++) {
        const BookedLine *line = list->lines[i];
        const LineSettlement *in = i < list->n_settlements ? list->settlements[i] : NULL;
        bool is_settled = in && in->settlement_id[0];
        struct view *item = view_item(view, "costs");
        view_text(item, "at", exact_moment(turn, line->booked_at));
        view_text(item, "cost_name", price_name(prices, count, line->item));
        view_text(item, "cost_total", money_text(turn->arena, line->total_grosz));
        view_text(item, "cost_covered", money_text(turn->arena, line->partner_grosz));
        view_text(item, "cost_own", money_text(turn->arena, line->customer_grosz));
        view_text(item, "settlement_id", is_settled ? in->settlement_id : "");
        view_text(item, "settled", is_settled ? exact_moment(turn, in->made_at) : "");
    }
    return OK;
}

/* ---- the page ---- */

static struct error load_facts(struct turn *turn, struct view *view, const char *work_order_id)
{
    struct traced_facts facts, waiting;

    TRY(store_load_trace(turn, work_order_id, FACTS_MOST, &facts));
    TRY(store_load_waiting_facts(turn, work_order_id, &waiting));
    add_facts(turn, view, &facts);
    add_traces(turn, view, &facts);
    add_waiting(turn, view, &waiting);
    return OK;
}

static struct error open_trace(struct turn *turn, struct reply *reply, struct staff *ret_staff,
                               struct order_head *ret_head, bool *ret_is_open)
{
    bool is_known;

    TRY(open_staff(turn, ACTOR_CONSULTANT | ACTOR_OPERATOR, reply, ret_staff, ret_is_open));
    if (!*ret_is_open)
        return OK;
    turn_looks_over_walls(turn);
    TRY(store_load_order_head(turn, path_parameter(turn, "work_order_id"), ret_head, &is_known));
    *ret_is_open = is_known;
    return is_known ? OK : page_unknown(turn, reply);
}

/* Answers that came so far travel as one note: the length of the first, a line feed, both. */
static struct text two_answers(struct turn *turn, struct text first, struct text second)
{
    return text_of(arena_format(turn->arena, "%zu\n%.*s%.*s", first.length, (int)first.length,
                                first.length ? first.at : "", (int)second.length,
                                second.length ? second.at : ""));
}

static void read_two_answers(struct text note, struct text *ret_first, struct text *ret_second)
{
    int64_t length = 0;
    struct text both, head = text_cut(note, '\n', &both);

    if (!text_number(head, &length) || length < 0 || (size_t)length > both.length)
        length = 0;
    *ret_first = (struct text){ both.at, (size_t)length };
    *ret_second = (struct text){ both.at + length, both.length - (size_t)length };
}

static struct text body_of(const struct answer *answer)
{
    return answer->status == 200 ? answer->body : NO_TEXT;
}

/* The note is notifications' two lists. */
static struct error on_costs(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    struct text messages, events;
    struct order_head head;
    struct staff staff;
    bool is_open;

    TRY(open_trace(turn, reply, &staff, &head, &is_open));
    if (!is_open)
        return OK;
    struct view *view = page_view(turn, arena_format(turn->arena, "Przebieg %s", head.number));
    page_signed_in(view, staff.account.kind);
    view_flag(view, "is_wide", true);
    view_flag(view, "may_open", staff.account.kind == ACTOR_CONSULTANT);
    add_order_head(turn, view, &head);
    TRY(load_facts(turn, view, head.work_order_id));
    read_two_answers(answer->note, &messages, &events);
    add_messages(turn, view, messages);
    add_partner_events(turn, view, events);
    TRY(add_costs(turn, view, body_of(answer)));
    return page_reply(turn, reply, "c_trace", view);
}

/* Asks an owner for what it has of this order. */
static struct error ask(struct turn *turn, const char *urls, const char *what,
                        handle_answer on_answer, struct text note)
{
    struct reply *reply = reply_later(turn);
    struct order_head head;
    struct staff staff;
    bool is_open;

    TRY(open_trace(turn, reply, &staff, &head, &is_open));
    if (!is_open)
        return OK;
    const char *path = arena_format(turn->arena, "/v1/%s?work_order_id=%s&limit=%d", what,
                                    head.work_order_id, FACTS_MOST);
    return ask_owner(
        turn, &staff.actor,
        &(struct question){
            .urls = urls, .method = "GET", .path = path, .on_answer = on_answer, .note = note },
        reply);
}

/* The note is notifications' list of messages. */
static struct error on_partner_events(struct turn *turn, const struct answer *answer)
{
    return ask(turn, config.billing_urls, "cost-lines", on_costs,
               two_answers(turn, answer->note, body_of(answer)));
}

static struct error on_messages(struct turn *turn, const struct answer *answer)
{
    return ask(turn, config.notifications_urls, "partner-events", on_partner_events,
               body_of(answer));
}

struct error show_order_trace(struct turn *turn, const void *message, struct reply *reply)
{
    (void)message;
    (void)reply;
    return ask(turn, config.notifications_urls, "messages", on_messages, NO_TEXT);
}
