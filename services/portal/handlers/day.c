/* The running day, for our own people: one message of ready texts, shown as a page and as JSON. */
#include "lib/domain/calendar.h"
#include "proto/portal.pb-c.h"
#include "services/portal/domain/event_says.h"
#include "services/portal/domain/labels.h"
#include "services/portal/handlers.h"
#include "services/portal/tokens.h"
#include <stdlib.h>
#include <string.h>

/* ---- gathering ---- */

static char *keep(struct turn *turn, const char *string)
{
    return arena_string(turn->arena, string);
}

static void add_count(struct turn *turn, DayNumbers *numbers, const struct count_row *row,
                      size_t room)
{
    const struct {
        const char *kind;
        StateCount ***list;
        size_t *count;
    } lists[] = { { "order", &numbers->orders, &numbers->n_orders },
                  { "visit", &numbers->visits, &numbers->n_visits },
                  { "message", &numbers->messages, &numbers->n_messages },
                  { "event", &numbers->events, &numbers->n_events } };

    EACH (list, lists) {
        if (!string_is(list->kind, row->kind))
            continue;
        if (!*list->list)
            *list->list = ARENA_ARRAY(turn->arena, StateCount *, room);
        StateCount *count = (*list->list)[(*list->count)++] = ARENA_NEW(turn->arena, StateCount);
        state_count__init(count);
        count->state = keep(turn, row->state);
        count->count = row->count;
        count->label = keep(turn, label_of(row->kind, row->state));
    }
}

/* In an order that does not jump when numbers change. */
static int by_life(const void *a, const void *b)
{
    const struct count_row *left = a, *right = b;
    int kinds = strcmp(left->kind, right->kind);

    return kinds ? kinds
                 : label_rank(left->kind, left->state) - label_rank(right->kind, right->state);
}

static struct error load_counts(struct turn *turn, DayNumbers *numbers)
{
    struct count_row *rows;
    int count;

    TRY(store_load_counts(turn, &rows, &count));
    qsort(rows, (size_t)count, sizeof *rows, by_life);
    for (int i = 0; i < count; i++)
        add_count(turn, numbers, &rows[i], (size_t)count);
    return OK;
}

static struct error load_visits(struct turn *turn, DayNumbers *numbers)
{
    int32_t today = date_from_timestamp(turn->now);
    struct next_visit *rows;
    int count;

    TRY(store_load_next_visits(turn, date_start(today), date_end(today), &rows, &count));
    numbers->next_visits = ARENA_ARRAY(turn->arena, DayVisit *, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        DayVisit *visit = numbers->next_visits[numbers->n_next_visits++] =
            ARENA_NEW(turn->arena, DayVisit);
        bool has_district = rows[i].district[0] && !string_is(rows[i].district, rows[i].town);
        day_visit__init(visit);
        visit->clock = keep(turn, clock_text(turn->arena, rows[i].start_at));
        visit->technician_name = keep(turn, rows[i].technician_name);
        visit->place = has_district
                           ? arena_format(turn->arena, "%s, %s", rows[i].town, rows[i].district)
                           : keep(turn, rows[i].town);
        visit->number = keep(turn, rows[i].number);
        visit->state = keep(turn, visit_label(rows[i].shown)->key);
        visit->label = keep(turn, visit_label(rows[i].shown)->polish);
    }
    return OK;
}

static struct error load_events(struct turn *turn, DayNumbers *numbers)
{
    struct event_row *rows;
    int count;

    TRY(store_load_newest_events(turn, &rows, &count));
    numbers->newest = ARENA_ARRAY(turn->arena, DayEvent *, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        DayEvent *event = numbers->newest[numbers->n_newest++] = ARENA_NEW(turn->arena, DayEvent);
        const struct event said = {
            .type = rows[i].type, .number = "", .word = rows[i].word, .hour_at = rows[i].hour_at
        };
        day_event__init(event);
        event->clock = keep(turn, clock_text(turn->arena, rows[i].at));
        event->says = keep(turn, event_says(turn->arena, &said));
        event->number = keep(turn, rows[i].number);
        event->work_order_id = keep(turn, rows[i].work_order_id);
    }
    return OK;
}

/* Positions are routing's, in Redis; without them the page says so and shows the rest. */
static char *live_says(struct turn *turn)
{
    static const char *const command[] = { "ZCARD", "geo:all", NULL };
    struct live_answer answer = { 0 };
    struct error away = live_read(turn->arena, command, &answer);

    if (away.kind != ERROR_NONE || answer.count != 1 || !answer.strings[0])
        return keep(turn, "Pozycje techników są chwilowo niedostępne");
    return arena_format(turn->arena, "Technicy na żywo: %s", answer.strings[0]);
}

static struct error load_numbers(struct turn *turn, DayNumbers *numbers)
{
    day_numbers__init(numbers);
    turn_looks_over_walls(turn);
    TRY(load_counts(turn, numbers));
    TRY(load_visits(turn, numbers));
    TRY(load_events(turn, numbers));
    numbers->at = turn->now - turn->now % MINUTES(1);
    numbers->clock = keep(turn, moment_text_long(turn->arena, turn->now));
    numbers->live = live_says(turn);
    return OK;
}

/* ---- showing ---- */

static void add_counts(struct turn *turn, struct view *view, const char *name,
                       StateCount *const counts[], size_t count)
{
    view_list(view, name);
    for (size_t i = 0; i < count; i++) {
        struct view *item = view_item(view, name);
        view_text(item, "state", counts[i]->state);
        view_text(item, "label", counts[i]->label);
        view_text(item, "count", arena_format(turn->arena, "%lld", (long long)counts[i]->count));
    }
}

static void add_rows(struct view *view, const DayNumbers *numbers)
{
    view_list(view, "next_visits");
    for (size_t i = 0; i < numbers->n_next_visits; i++) {
        const DayVisit *visit = numbers->next_visits[i];
        struct view *item = view_item(view, "next_visits");
        view_text(item, "clock", visit->clock);
        view_text(item, "technician_name", visit->technician_name);
        view_text(item, "place", visit->place);
        view_text(item, "number", visit->number);
        view_text(item, "state", visit->state);
        view_text(item, "label", visit->label);
    }
    view_list(view, "newest");
    for (size_t i = 0; i < numbers->n_newest; i++) {
        struct view *item = view_item(view, "newest");
        view_text(item, "clock", numbers->newest[i]->clock);
        view_text(item, "says", numbers->newest[i]->says);
        view_text(item, "number", numbers->newest[i]->number);
        view_text(item, "work_order_id", numbers->newest[i]->work_order_id);
    }
}

static bool may_see_day(const struct account *account)
{
    return account->kind == ACTOR_CONSULTANT || account->kind == ACTOR_OPERATOR;
}

struct error show_day(struct turn *turn, const void *message, struct reply *reply)
{
    struct account account;
    DayNumbers numbers;

    (void)message;
    TRY(load_caller(turn, &account));
    if (account.kind == ACTOR_NOBODY) {
        page_redirect(reply, "/sign-in");
        return OK;
    }
    if (!may_see_day(&account))
        return page_notice(turn, reply,
                           &(struct notice){ .status = 403,
                                             .title = "Brak uprawnień",
                                             .sentence = "Tę stronę widzą konsultanci i "
                                                         "operatorzy.",
                                             .back = "/sign-in",
                                             .back_label = "Zaloguj się innym kluczem" });
    TRY(load_numbers(turn, &numbers));
    struct view *view = page_view(turn, "Dzień w toku");
    view_flag(view, "is_wide", true);
    view_text(view, "refresh", "5");
    page_script(turn, view, "day.js");
    page_signed_in(view, account.kind);
    view_text(view, "clock_long", numbers.clock);
    view_text(view, "live", numbers.live);
    add_counts(turn, view, "orders", numbers.orders, numbers.n_orders);
    add_counts(turn, view, "visits", numbers.visits, numbers.n_visits);
    add_counts(turn, view, "messages", numbers.messages, numbers.n_messages);
    add_counts(turn, view, "events", numbers.events, numbers.n_events);
    add_rows(view, &numbers);
    return page_reply(turn, reply, "day", view);
}

/* Polled every second: unchanged numbers are one hash long. */
struct error show_day_numbers(struct turn *turn, const void *message, struct reply *reply)
{
    struct account account;
    DayNumbers numbers;

    (void)message;
    TRY(load_caller(turn, &account));
    if (account.kind == ACTOR_NOBODY)
        return rejected(PROBLEM_UNAUTHENTICATED, "Cookie", "no good session");
    if (!may_see_day(&account))
        return rejected(PROBLEM_FORBIDDEN, NULL, "%s may not see the day",
                        actor_kind_name(account.kind));
    TRY(load_numbers(turn, &numbers));
    struct text body = json_write(turn->arena, &numbers.base, JSON_WRITE_ALL);
    const char *tag = arena_format(turn->arena, "\"%.32s\"", token_hash(turn->arena, body));
    reply_header(reply, "ETag", tag);
    reply_header(reply, "Cache-Control", "no-store");
    if (string_is(request_header(turn, "if-none-match"), tag)) {
        reply->status = 304;
        return OK;
    }
    reply->body = body;
    reply->content_type = "application/json";
    return OK;
}

/* ---- timers ---- */

struct error fold_tally(struct turn *turn, const char *nothing)
{
    (void)nothing;
    store_fold_tally(turn);
    return OK;
}

/* Links are kept for a while after their end, so that a clock set back opens them again. What is
 * settled by the month is still told whole. */
enum { LINK_DAYS = 30, EVENT_DAYS = 92 };

struct error sweep(struct turn *turn, const char *nothing)
{
    (void)nothing;
    store_sweep(turn, turn->now - DAYS(LINK_DAYS), turn->now - DAYS(EVENT_DAYS));
    return OK;
}
