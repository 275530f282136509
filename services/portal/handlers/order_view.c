/* Orders as our people's and partners' pages show them: from portal's own copies. */
#include "lib/domain/calendar.h"
#include "services/portal/domain/event_says.h"
#include "services/portal/domain/labels.h"
#include "services/portal/domain/part_says.h"
#include "services/portal/handlers.h"

const char *short_moment(struct turn *turn, timestamp at)
{
    struct civil civil = civil_from_timestamp(at);

    return arena_format(turn->arena, "%d.%02d, %s", civil.day, civil.month,
                        clock_text(turn->arena, at));
}

static const char *place_says(struct turn *turn, const struct order_head *head)
{
    if (string_empty(head->district) || string_is(head->district, head->town))
        return head->town;
    return arena_format(turn->arena, "%s, %s", head->town, head->district);
}

static const char *visit_line(struct turn *turn, const struct order_head *head)
{
    enum visit_shown shown = head->visit.shown;

    if (!head->visit.start_at || shown == VISIT_CALLED_OFF)
        return "";
    return arena_format(turn->arena, "%s, %s", short_moment(turn, head->visit.start_at),
                        head->visit.technician_name);
}

void add_order_head(struct turn *turn, struct view *view, const struct order_head *head)
{
    view_text(view, "work_order_id", head->work_order_id);
    view_text(view, "number", head->number);
    view_text(view, "state", order_label(head->state)->key);
    view_text(view, "state_label", order_label(head->state)->polish);
    view_text(view, "service_name", head->service_name);
    view_text(view, "partner_name", head->partner_name);
    view_text(view, "partner_reference", head->partner_reference);
    view_text(view, "place", place_says(turn, head));
    view_text(view, "visit", visit_line(turn, head));
    view_text(view, "opened", head->opened_at ? short_moment(turn, head->opened_at) : "");
}

void add_orders(struct turn *turn, struct view *view, const struct order_list *list)
{
    view_list(view, "orders");
    for (int i = 0; i < list->count; i++)
        add_order_head(turn, view_item(view, "orders"), &list->at[i]);
}

struct error add_story(struct turn *turn, struct view *view, const char *work_order_id)
{
    struct event_row *events;
    int count;

    TRY(store_load_story(turn, work_order_id, &events, &count));
    view_list(view, "story");
    for (int i = 0; i < count; i++) {
        struct view *item = view_item(view, "story");
        const struct event event = { .type = events[i].type,
                                     .number = "",
                                     .word = events[i].word,
                                     .hour_at = events[i].hour_at };
        view_text(item, "at", short_moment(turn, events[i].at));
        view_text(item, "event", event_says(turn->arena, &event));
    }
    return OK;
}

struct error add_past_visits(struct turn *turn, struct view *view, const char *work_order_id,
                             timestamp shown_at)
{
    struct visit_row *visits;
    int count;

    TRY(store_load_done_visits(turn, work_order_id, &visits, &count));
    view_list(view, "past");
    for (int i = 0; i < count; i++) {
        if (visits[i].start_at == shown_at)
            continue;
        struct view *item = view_item(view, "past");
        view_text(item, "past_at", short_moment(turn, visits[i].start_at));
        view_text(item, "past_name", visits[i].technician_name);
    }
    return OK;
}

const char *price_name(const struct price_row prices[], int count, const char *item)
{
    for (int i = 0; i < count; i++)
        if (string_is(prices[i].item, item))
            return prices[i].name;
    return item;
}

void add_order_part(struct turn *turn, struct view *item, const struct part_row *part,
                    const struct visit_row *visit, const char *whose)
{
    bool is_ahead = visit->shown == VISIT_AGREED && visit->start_at > turn->now;
    const struct part_facts facts = { .state = part->state,
                                      .promised_by = part->promised_by,
                                      .visit_at = is_ahead ? visit->start_at : 0,
                                      .now = turn->now };
    enum part_line line = choose_part_line(&facts);

    view_text(item, "part", part->name);
    view_text(item, "part_state", part_state_says(line, part->state));
    view_text(item, "part_says", part_says(turn->arena, line, part->promised_by, whose));
    view_flag(item, "part_late", line == PART_LATE || line == PART_DATE_PASSED);
    view_flag(item, "part_after_visit", line == PART_AFTER_VISIT);
}

struct error add_order_parts(struct turn *turn, struct view *view, const char *work_order_id,
                             const struct visit_row *visit, const char *whose)
{
    struct part_row *parts;
    int count;

    TRY(store_load_parts(turn, work_order_id, &parts, &count));
    view_list(view, "parts");
    for (int i = 0; i < count; i++)
        add_order_part(turn, view_item(view, "parts"), &parts[i], visit, whose);
    return OK;
}

void add_reasons(struct view *view)
{
    const struct label_list reasons = cancel_reasons();

    for (int i = 0; i < reasons.count; i++) {
        struct view *item = view_item(view, "reasons");
        view_text(item, "reason_key", reasons.at[i].key);
        view_text(item, "reason", reasons.at[i].polish);
    }
}
