/* The technician's day: his visits in the order of his route, as visits and routing tell them. */
#include "lib/domain/calendar.h"
#include "proto/routing.pb-c.h"
#include "services/portal/domain/labels.h"
#include "services/portal/domain/place_link.h"
#include "services/portal/handlers/technician.h"
#include <stdlib.h>

int32_t technician_date(const struct turn *turn)
{
    int32_t date = date_from_timestamp(turn->now);

    date_parse(text_of(query_parameter(turn, "day")), &date);
    return date;
}

struct error ask_mine(struct turn *turn, const struct staff *staff, handle_answer on_answer,
                      struct text note, struct reply *reply)
{
    const char *day = date_text(turn->arena, technician_date(turn));

    return ask_owner(
        turn, &staff->actor,
        &(struct question){ .urls = config.visits_urls,
                            .method = "GET",
                            .path = arena_format(turn->arena, "/v1/visits/mine?day=%s", day),
                            .on_answer = on_answer,
                            .note = note },
        reply);
}

static int by_start(const void *a, const void *b)
{
    const CourseReply *const *left = a, *const *right = b;

    return ((*left)->course->start_at > (*right)->course->start_at) -
           ((*left)->course->start_at < (*right)->course->start_at);
}

bool read_mine(struct turn *turn, const struct answer *answer, const CourseList **ret_list)
{
    ProtobufCMessage *message = NULL;

    if (answer->status != 200)
        return false;
    struct error error = foreign_parse(turn, &course_list__descriptor, answer->body, &message);
    if (error.kind != ERROR_NONE)
        return false;
    CourseList *list = (CourseList *)message;
    for (size_t i = 0; i < list->n_visits; i++)
        if (!list->visits[i]->course)
            return false;
    /* Hours are promised, so a route's order is that of its hours. */
    if (list->n_visits)
        qsort(list->visits, list->n_visits, sizeof list->visits[0], by_start);
    *ret_list = list;
    return true;
}

struct error open_mine(struct turn *turn, const struct answer *answer, struct staff *ret_staff,
                       const CourseList **ret_list, bool *ret_is_open)
{
    struct reply *reply = reply_later(turn);

    TRY(open_staff(turn, ACTOR_TECHNICIAN, reply, ret_staff, ret_is_open));
    if (!*ret_is_open || read_mine(turn, answer, ret_list))
        return OK;
    *ret_is_open = false;
    return reply_staff_without_answer(turn, "/t", reply);
}

enum visit_shown shown_course(const Course *course)
{
    return show_visit(0, (int)course->state);
}

/* ---- one visit ---- */

void add_contact(struct turn *turn, struct view *view, const CourseReply *visit)
{
    const struct address address = { visit->street, visit->house, visit->flat, visit->town };

    view_text(view, "customer", visit->first_name);
    view_text(view, "phone_link", visit->phone);
    view_text(view, "address", address_line(turn->arena, &address));
    view_text(view, "map", map_link(turn->arena, &address));
}

static const char *state_says(const Course *course)
{
    if (course->missed_by == MISSED_BY__CUSTOMER)
        return "klienta nie było";
    return course_label(shown_course(course));
}

struct error add_stop(struct turn *turn, struct view *view, const CourseReply *visit)
{
    const Course *course = visit->course;
    enum visit_shown shown = shown_course(course);
    int64_t minutes = course->tolerance_ms / MINUTES(1);
    const char *service, *partner;

    turn_belongs_to(turn, course->partner_id);
    TRY(store_load_order_names(turn, course->work_order_id, &service, &partner));
    view_text(view, "work_order_id", course->work_order_id);
    view_text(view, "number", course->number);
    view_text(view, "date", date_text(turn->arena, date_from_timestamp(course->start_at)));
    view_text(view, "hour", clock_text(turn->arena, course->start_at));
    view_text(view, "tolerance",
              minutes ? arena_format(turn->arena, "± %lld min", (long long)minutes) : "");
    view_text(view, "state", visit_label(shown)->key);
    view_text(view, "state_label", state_says(course));
    view_flag(view, "is_over", shown >= VISIT_OVER);
    view_text(view, "service_name", string_empty(service) ? course->service_id : service);
    view_text(view, "partner_name", partner);
    add_contact(turn, view, visit);
    return OK;
}

/* ---- the route ---- */

static const char *road_says(struct turn *turn, const RouteStop *stop, const StopForecast *forecast)
{
    const char *there = forecast && forecast->eta_at
                            ? arena_format(turn->arena, " · na miejscu około %s",
                                           clock_text(turn->arena, forecast->eta_at))
                            : "";

    if (!stop || !stop->travel_m)
        return "";
    return arena_format(turn->arena, "Dojazd %lld min, %lld,%lld km%s",
                        (long long)((stop->travel_ms + MINUTES(1) - 1) / MINUTES(1)),
                        (long long)(stop->travel_m / 1000),
                        (long long)(stop->travel_m % 1000 / 100), there);
}

/* Less than two minutes is no news. */
static const char *late_says(struct turn *turn, const StopForecast *forecast)
{
    if (!forecast || forecast->late_ms < MINUTES(2))
        return "";
    return arena_format(turn->arena, "Dojedziesz około %s, %lld min po czasie",
                        clock_text(turn->arena, forecast->eta_at),
                        (long long)(forecast->late_ms / MINUTES(1)));
}

static bool is_stop_of(const RouteStop *stop, const CourseReply *visit)
{
    /* Who goes along has a stop of his own. */
    return visit->along ? string_is(stop->work_order_id, visit->course->work_order_id)
                        : string_is(stop->visit_id, visit->course->visit_id);
}

/* Routing's answer is a help, not a condition: without it the list stands all the same. */
static void add_road(struct turn *turn, struct view *view, const RouteReply *route,
                     const CourseReply *visit)
{
    const Course *course = visit->course;
    bool is_ahead = shown_course(course) < VISIT_THERE;
    const RouteStop *stop = NULL;
    const StopForecast *forecast = NULL;

    for (size_t i = 0; route && route->route && i < route->route->n_stops; i++)
        if (is_stop_of(route->route->stops[i], visit))
            stop = route->route->stops[i];
    for (size_t i = 0; route && stop && i < route->n_forecast; i++)
        if (string_is(route->forecast[i]->visit_id, stop->visit_id))
            forecast = route->forecast[i];
    view_text(view, "road", road_says(turn, stop, is_ahead ? forecast : NULL));
    view_text(view, "late", is_ahead ? late_says(turn, forecast) : "");
}

/* ---- the page ---- */

static const char *next_step(const Course *course)
{
    switch (shown_course(course)) {
    case VISIT_THERE:
        return "Zakończ wizytę";
    case VISIT_ON_THE_WAY:
        return "Na miejscu?";
    default:
        return "Otwórz i jedź";
    }
}

static const char *summary(struct turn *turn, const CourseList *list)
{
    size_t left = 0;

    for (size_t i = 0; i < list->n_visits; i++)
        left += shown_course(list->visits[i]->course) < VISIT_OVER;
    if (!list->n_visits)
        return "";
    return arena_format(turn->arena, "Wizyty: %zu, do zrobienia: %zu", list->n_visits, left);
}

static void add_days(struct turn *turn, struct view *view)
{
    int32_t today = date_from_timestamp(turn->now), date = technician_date(turn);

    view_text(view, "day_long", date_text_long(turn->arena, date));
    view_flag(view, "is_today", date == today);
    view_flag(view, "is_tomorrow", date == today + 1);
    view_text(view, "tomorrow", date_text(turn->arena, today + 1));
}

static struct error reply_day(struct turn *turn, const CourseList *list, const RouteReply *route,
                              struct reply *reply)
{
    struct view *view = page_view(turn, "Mój dzień");
    bool has_next = technician_date(turn) != date_from_timestamp(turn->now);

    page_signed_in(view, ACTOR_TECHNICIAN);
    view_flag(view, "is_wide", true);
    view_text(view, "refresh", "60");
    show_flash(turn, reply, view);
    add_days(turn, view);
    view_text(view, "summary", summary(turn, list));
    view_list(view, "stops");
    for (size_t i = 0; i < list->n_visits; i++) {
        const CourseReply *visit = list->visits[i];
        struct view *item = view_item(view, "stops");
        bool is_next = !has_next && shown_course(visit->course) < VISIT_OVER;
        TRY(add_stop(turn, item, visit));
        add_road(turn, item, route, visit);
        view_flag(item, "is_next", is_next);
        view_text(item, "next_step", visit->along ? "Otwórz" : next_step(visit->course));
        has_next = has_next || is_next;
    }
    return page_reply(turn, reply, "t_day", view);
}

/* The note is visits' list. */
static struct error on_route(struct turn *turn, const struct answer *answer)
{
    struct answer mine = { .status = 200, .body = answer->note };
    ProtobufCMessage *route = NULL;
    const CourseList *list;

    if (!read_mine(turn, &mine, &list))
        return reply_staff_without_answer(turn, "/t", reply_later(turn));
    if (answer->status == 200) {
        struct error unreadable =
            foreign_parse(turn, &route_reply__descriptor, answer->body, &route);
        if (unreadable.kind != ERROR_NONE)
            route = NULL;
    }
    return reply_day(turn, list, (const RouteReply *)route, reply_later(turn));
}

static struct error on_mine(struct turn *turn, const struct answer *answer)
{
    struct reply *reply = reply_later(turn);
    const CourseList *list;
    struct staff staff;
    bool is_open;

    TRY(open_mine(turn, answer, &staff, &list, &is_open));
    if (!is_open)
        return OK;
    const char *path = arena_format(turn->arena, "/v1/routes/%s?day=%s", staff.account.id,
                                    date_text(turn->arena, technician_date(turn)));
    return ask_owner(turn, &staff.actor,
                     &(struct question){ .urls = config.routing_urls,
                                         .method = "GET",
                                         .path = path,
                                         .on_answer = on_route,
                                         .note = answer->body },
                     reply);
}

struct error show_technician_day(struct turn *turn, const void *message, struct reply *reply)
{
    struct staff staff;
    bool is_open;

    (void)message;
    TRY(open_staff(turn, ACTOR_TECHNICIAN, reply, &staff, &is_open));
    return is_open ? ask_mine(turn, &staff, on_mine, NO_TEXT, reply) : OK;
}
