/* The consultant's list: orders found, customers to call, reports that nobody could read. */
#include "lib/domain/calendar.h"
#include "proto/intake.pb-c.h"
#include "services/portal/domain/labels.h"
#include "services/portal/handlers.h"

enum { NEWEST = 25 };

/* ---- lists ---- */

static const char *searched(struct turn *turn)
{
    return arena_text(turn->arena, text_trim(text_of(query_parameter(turn, "q"))));
}

static const char *rule_says(struct turn *turn, const char *rule)
{
    struct text field, kind = text_cut(text_of(rule), ':', &field);

    field = text_trim(field);
    if (field.length && text_is(kind, "missing"))
        return arena_format(turn->arena, "brak pola „%.*s”", (int)field.length, field.at);
    if (field.length && text_is(kind, "doubled"))
        return arena_format(turn->arena, "pole „%.*s” podane dwa razy", (int)field.length,
                            field.at);
    return rule_label(rule);
}

static void add_call(struct turn *turn, struct view *view, const CallTask *task)
{
    struct view *item = view_item(view, "calls");
    const struct label_list outcomes = call_outcomes();

    view_text(item, "work_order_id", task->work_order_id);
    view_text(item, "number", task->number);
    view_text(item, "first_name", task->first_name);
    view_text(item, "phone", task->phone);
    view_text(item, "reason", call_label(task->reason));
    view_text(item, "due", clock_text(turn->arena, task->due_at));
    view_flag(item, "is_due", task->due_at < turn->now);
    view_text(item, "key", arena_string(turn->arena, new_id(turn).text));
    for (int i = 0; i < outcomes.count; i++) {
        struct view *outcome = view_item(item, "outcomes");
        view_text(outcome, "outcome", outcomes.at[i].key);
        view_text(outcome, "outcome_label", outcomes.at[i].polish);
    }
}

static void add_calls(struct turn *turn, struct view *view, struct text body)
{
    ProtobufCMessage *message = NULL;
    struct error away = rejected(PROBLEM_INTERNAL, NULL, "no list");

    if (body.length)
        away = foreign_parse(turn, &call_task_list__descriptor, body, &message);
    view_flag(view, "calls_away", away.kind != ERROR_NONE);
    view_list(view, "calls");
    const CallTaskList *list = (const CallTaskList *)message;
    for (size_t i = 0; list && i < list->n_tasks; i++)
        add_call(turn, view, list->tasks[i]);
}

static void add_quarantine(struct turn *turn, struct view *view, const struct answer *answer)
{
    ProtobufCMessage *message = NULL;
    struct error away = rejected(PROBLEM_INTERNAL, NULL, "no list");

    if (answer->status == 200)
        away = foreign_parse(turn, &quarantine_list__descriptor, answer->body, &message);
    view_flag(view, "quarantine_away", away.kind != ERROR_NONE);
    view_list(view, "reports");
    const QuarantineList *list = (const QuarantineList *)message;
    for (size_t i = 0; list && i < list->n_reports; i++) {
        const Quarantined *report = list->reports[i];
        struct view *item = view_item(view, "reports");
        view_text(item, "at", short_moment(turn, report->received_at));
        view_text(item, "rule", rule_says(turn, report->rule));
        view_text(item, "channel", channel_name((int)report->channel));
        view_text(item, "partner_id", report->partner_id);
    }
}

/* ---- the page ---- */

static struct error load_orders(struct turn *turn, const char *words, struct order_list *ret_list)
{
    turn_looks_over_walls(turn);
    return words[0] ? store_find_orders(turn, words, ret_list)
                    : store_load_newest_orders(turn, NEWEST, ret_list);
}

/* The note is intake's list of calls; empty when it did not come. */
static struct error on_quarantine(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    struct view *view = page_view(turn, "Zlecenia");
    const char *words = searched(turn);
    struct order_list orders;

    TRY(load_orders(turn, words, &orders));
    page_signed_in(view, ACTOR_CONSULTANT);
    view_flag(view, "is_wide", true);
    show_flash(turn, reply, view);
    view_text(view, "clock_long", moment_text_long(turn->arena, turn->now));
    view_text(view, "q", words);
    add_orders(turn, view, &orders);
    add_calls(turn, view, answer->note);
    add_quarantine(turn, view, answer);
    return page_reply(turn, reply, "c_home", view);
}

static struct error on_calls(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    struct staff staff;
    bool is_open;

    TRY(open_staff(turn, ACTOR_CONSULTANT, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    return ask_owner(turn, &staff.actor,
                     &(struct question){ .urls = config.intake_urls,
                                         .method = "GET",
                                         .path = "/v1/quarantine",
                                         .on_answer = on_quarantine,
                                         .note = answer->status == 200 ? answer->body : NO_TEXT },
                     reply);
}

struct error show_consultant_home(struct turn *turn, const void *message, struct reply *reply)
{
    const char *words = searched(turn);
    struct order_list found = { .count = 0 };
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_staff(turn, ACTOR_CONSULTANT, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    if (words[0])
        TRY(load_orders(turn, words, &found));
    if (found.count == 1) {
        page_redirect(reply, arena_format(turn->arena, "/c/orders/%s", found.at[0].work_order_id));
        return OK;
    }
    return ask_owner(turn, &staff.actor,
                     &(struct question){ .urls = config.intake_urls,
                                         .method = "GET",
                                         .path = "/v1/call-tasks",
                                         .on_answer = on_calls },
                     reply);
}

/* ---- a call that was made ---- */

static struct error on_call_closed(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    bool is_taken = answer->status >= 200 && answer->status < 300;

    if (!is_taken && (answer->status < 400 || answer->status >= 500))
        return reply_staff_without_answer(turn, "/c", reply);
    redirect_with_flash(turn, reply, "/c", is_taken ? "call_closed" : "state_changed");
    return OK;
}

struct error close_call(struct turn *turn, const void *message, struct reply *reply)
{
    CallTaskCloseRequest request = CALL_TASK_CLOSE_REQUEST__INIT;
    const char *path =
        arena_format(turn->arena, "/v1/call-tasks/%s/close", path_parameter(turn, "work_order_id"));
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_staff_form(turn, ACTOR_CONSULTANT, reply, &staff, &is_open));
    if (!is_open)
        return OK;
    request.outcome = arena_string(turn->arena, form_field(turn, "outcome"));
    return ask_owner(turn, &staff.actor,
                     &(struct question){ .urls = config.intake_urls,
                                         .method = "POST",
                                         .path = path,
                                         .body = &request,
                                         .key = form_key(turn, form_field(turn, "key")),
                                         .on_answer = on_call_closed },
                     reply);
}
