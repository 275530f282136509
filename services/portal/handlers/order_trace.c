/* One order through all services: what each told of it, caused by what, what its customer and its
 * partner were told. Facts are portal's own notes of what it heard; messages and the partner's
 * events are asked of notifications, without the words that customers were sent. */
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

/* ---- what was told outside ---- */

static void add_messages(struct turn *turn, struct view *view, struct text body)
{
    ProtobufCMessage *message = NULL;
    struct error away = rejected(PROBLEM_INTERNAL, NULL, "no list");

    if (body.length)
        away = foreign_parse(turn, &message_list__descriptor, body, &message);
    view_flag(view, "messages_away", away.kind != ERROR_NONE);
    view_list(view, "messages");
    const MessageList *list = (const MessageList *)message;
    for (size_t i = 0; list && i < list->n_messages; i++) {
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

static void add_partner_events(struct turn *turn, struct view *view, const struct answer *answer)
{
    ProtobufCMessage *message = NULL;
    struct error away = rejected(PROBLEM_INTERNAL, NULL, "no list");

    if (answer->status == 200)
        away = foreign_parse(turn, &partner_event_list__descriptor, answer->body, &message);
    view_flag(view, "partner_events_away", away.kind != ERROR_NONE);
    view_list(view, "partner_events");
    const PartnerEventList *list = (const PartnerEventList *)message;
    for (size_t i = 0; list && i < list->n_events; i++) {
        const OrderEvent *told = list->events[i];
        struct view *item = view_item(view, "partner_events");
        view_text(item, "sequence", arena_format(turn->arena, "%lld", (long long)told->sequence));
        view_text(item, "at", exact_moment(turn, told->at));
        view_text(item, "event", told->says);
        view_text(item, "type", told->type);
    }
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

/* The note is notifications' list of messages; empty when it did not come. */
static struct error on_partner_events(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
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
    add_messages(turn, view, answer->note);
    add_partner_events(turn, view, answer);
    return page_reply(turn, reply, "c_trace", view);
}

static struct error ask_notifications(struct turn *turn, const struct staff *staff,
                                      const char *what, handle_answer on_answer, struct text note,
                                      struct reply *reply)
{
    const char *path = arena_format(turn->arena, "/v1/%s?work_order_id=%s&limit=%d", what,
                                    path_parameter(turn, "work_order_id"), FACTS_MOST);

    return ask_owner(turn, &staff->actor,
                     &(struct question){ .urls = config.notifications_urls,
                                         .method = "GET",
                                         .path = path,
                                         .on_answer = on_answer,
                                         .note = note },
                     reply);
}

static struct error on_messages(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    struct order_head head;
    struct staff staff;
    bool is_open;

    TRY(open_trace(turn, reply, &staff, &head, &is_open));
    if (!is_open)
        return OK;
    return ask_notifications(turn, &staff, "partner-events", on_partner_events,
                             answer->status == 200 ? answer->body : NO_TEXT, reply);
}

struct error show_order_trace(struct turn *turn, const void *message, struct reply *reply)
{
    struct order_head head;
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_trace(turn, reply, &staff, &head, &is_open));
    if (!is_open)
        return OK;
    return ask_notifications(turn, &staff, "messages", on_messages, NO_TEXT, reply);
}
