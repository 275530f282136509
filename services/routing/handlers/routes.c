/* What was planned, what is expected of it now, and how far it is in all. */
#include "lib/domain/calendar.h"
#include "services/routing/handlers.h"
#include "services/routing/read_day.h"
#include "services/routing/store.h"

enum { KILOMETRE_DAYS_MOST = 400 };

/* The day that the query names; `fallback` when it names none. */
static struct error query_day(struct turn *turn, const char *name, int32_t fallback,
                              int32_t *ret_day)
{
    const char *given = query_parameter(turn, name);

    *ret_day = fallback;
    if (string_empty(given) || date_parse(text_of(given), ret_day))
        return OK;
    return refuse_field(turn, name, "pattern", "Podaj dzień jak 2026-11-24.");
}

static int32_t today(const struct turn *turn)
{
    return date_from_timestamp(turn->now);
}

struct error list_routes(struct turn *turn, const void *message, struct reply *reply)
{
    RouteList *list = ARENA_NEW(turn->arena, RouteList);

    (void)message;
    route_list__init(list);
    TRY(query_day(turn, "day", today(turn), &list->day));
    TRY(store_load_routes(turn, list->day, &list->routes, &list->n_routes));
    reply->message = list;
    return OK;
}

/* ---- one technician's day ---- */

static struct place place_in(const TechnicianDay *day, const char *visit_id)
{
    for (size_t i = 0; i < day->n_visits; i++)
        if (string_is(day->visits[i]->visit_id, visit_id))
            return place_of(day->visits[i]->place);
    return place_of(NULL);
}

static struct error load_stops(struct turn *turn, const TechnicianDay *day, const Route *route,
                               struct stop_progress **ret_stops)
{
    struct stop_progress *stops = ARENA_ARRAY(turn->arena, struct stop_progress, route->n_stops);
    const char **ids = ARENA_ARRAY(turn->arena, const char *, route->n_stops);
    struct visit_progress *list;
    size_t count;

    for (size_t i = 0; i < route->n_stops; i++)
        ids[i] = route->stops[i]->visit_id;
    TRY(store_load_progress(turn, ids, route->n_stops, &list, &count));
    for (size_t i = 0; i < route->n_stops; i++) {
        const RouteStop *stop = route->stops[i];
        stops[i].visit = (struct promised_visit){ place_in(day, stop->visit_id), stop->start_at,
                                                  stop->end_at - stop->start_at };
        stops[i].leave_at = stop->leave_at;
        for (size_t k = 0; k < count; k++)
            if (string_is(list[k].visit_id, stop->visit_id)) {
                stops[i].progress = list[k].progress;
                stops[i].on_the_way_at = list[k].on_the_way_at;
                stops[i].there_at = list[k].there_at;
                stops[i].done_at = list[k].done_at;
            }
    }
    *ret_stops = stops;
    return OK;
}

static struct error forecast(struct turn *turn, const TechnicianDay *day, RouteReply *told)
{
    size_t count = told->route->n_stops;
    struct workday workday = workday_of(turn->arena, day);
    struct stop_forecast *forecasts = ARENA_ARRAY(turn->arena, struct stop_forecast, count);
    struct stop_progress *stops;
    struct position position;

    TRY(load_stops(turn, day, told->route, &stops));
    TRY(store_load_position(turn, day->technician_id, &position));
    struct last_point point = { position.place, position.at };
    predict_day(&workday, &estimated_roads, &point, stops, count, turn->now, forecasts);
    told->forecast = ARENA_ARRAY(turn->arena, StopForecast *, count);
    told->n_forecast = count;
    for (size_t i = 0; i < count; i++) {
        StopForecast *one = told->forecast[i] = ARENA_NEW(turn->arena, StopForecast);
        stop_forecast__init(one);
        one->visit_id = told->route->stops[i]->visit_id;
        one->state = arena_string(turn->arena, progress_text(stops[i].progress));
        one->eta_at = forecasts[i].eta_at;
        one->late_ms = forecasts[i].late_ms;
    }
    return OK;
}

static Route *empty_route(struct turn *turn, const TechnicianDay *day)
{
    Route *route = ARENA_NEW(turn->arena, Route);

    route__init(route);
    route->technician_id = day->technician_id;
    route->day = day->day;
    route->technician_day_version = day->version;
    return route;
}

struct error show_route(struct turn *turn, const void *message, struct reply *reply)
{
    const char *technician_id = path_parameter(turn, "technician_id");
    RouteReply *told = ARENA_NEW(turn->arena, RouteReply);
    TechnicianDay **days;
    size_t count;
    int32_t day;

    (void)message;
    TRY(query_day(turn, "day", today(turn), &day));
    bool is_his = turn->actor.kind != ACTOR_TECHNICIAN || string_is(turn->actor.id, technician_id);
    if (!is_his || !id_valid(technician_id))
        return rejected(PROBLEM_NOT_FOUND, "technician_id", "no such technician of his");
    TRY(store_load_book(turn, technician_id, day, day, &days, &count));
    if (count == 0)
        return rejected(PROBLEM_NOT_FOUND, "technician_id", "no such technician-day");
    route_reply__init(told);
    TRY(store_load_route(turn, technician_id, day, &told->route));
    if (!told->route)
        told->route = empty_route(turn, days[0]);
    told->as_of = turn->now;
    TRY(forecast(turn, days[0], told));
    reply->message = told;
    return OK;
}

/* ---- kilometres ---- */

struct error show_kilometres(struct turn *turn, const void *message, struct reply *reply)
{
    KilometresReply *told = ARENA_NEW(turn->arena, KilometresReply);

    (void)message;
    kilometres_reply__init(told);
    TRY(query_day(turn, "from_day", today(turn), &told->from_day));
    TRY(query_day(turn, "until_day", told->from_day, &told->until_day));
    if (told->until_day < told->from_day || told->until_day - told->from_day >= KILOMETRE_DAYS_MOST)
        return refuse_field(turn, "until_day", "range", "Podaj od 1 do 400 dni, po kolei.");
    TRY(store_load_kilometres(turn, told->from_day, told->until_day, &told->days, &told->n_days));
    for (size_t i = 0; i < told->n_days; i++) {
        told->planned_m += told->days[i]->planned_m;
        told->visits += told->days[i]->visits;
    }
    reply->message = told;
    return OK;
}
