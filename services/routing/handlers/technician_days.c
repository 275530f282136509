/* Each change of the book is planned at once: order by promised start, roads, departures. */
#include "lib/domain/calendar.h"
#include "lib/service/message.h"
#include "services/routing/domain/fingerprint.h"
#include "services/routing/domain/regions.h"
#include "services/routing/handlers.h"
#include "services/routing/read_day.h"
#include "services/routing/store_plans.h"
#include <string.h>

static RouteStop *stop_of(struct turn *turn, const Visit *visit, const struct leg *leg)
{
    RouteStop *stop = ARENA_NEW(turn->arena, RouteStop);

    route_stop__init(stop);
    stop->visit_id = visit->visit_id;
    stop->work_order_id = visit->work_order_id;
    stop->partner_id = visit->partner_id;
    stop->travel_ms = leg->travel_ms;
    stop->travel_m = leg->travel_m;
    stop->leave_at = leg->leave_at;
    stop->arrive_at = leg->arrive_at;
    stop->start_at = visit->start_at;
    stop->end_at = visit->start_at + visit->length_ms;
    return stop;
}

static Route *plan_day(struct turn *turn, const TechnicianDay *day)
{
    struct workday workday = workday_of(turn->arena, day);
    struct promised_visit *promised =
        ARENA_ARRAY(turn->arena, struct promised_visit, day->n_visits);
    struct leg *legs = ARENA_ARRAY(turn->arena, struct leg, day->n_visits);
    Visit **visits = visits_by_start(turn->arena, day);
    Route *route = ARENA_NEW(turn->arena, Route);
    size_t count = 0;

    for (size_t i = 0; i < day->n_visits; i++) {
        if (!is_on_route(visits[i]))
            continue;
        promised[count] = (struct promised_visit){ place_of(visits[i]->place), visits[i]->start_at,
                                                   visits[i]->length_ms };
        visits[count++] = visits[i];
    }
    struct route_sums sums = plan_route(&workday, &estimated_roads, promised, count, legs);
    route__init(route);
    route->technician_id = day->technician_id;
    route->day = day->day;
    route->technician_day_version = day->version;
    route->stops = ARENA_ARRAY(turn->arena, RouteStop *, count);
    route->n_stops = count;
    for (size_t i = 0; i < count; i++)
        route->stops[i] = stop_of(turn, visits[i], &legs[i]);
    route->home_travel_ms = sums.home_travel_ms;
    route->home_travel_m = sums.home_travel_m;
    route->total_travel_ms = sums.travel_ms;
    route->total_travel_m = sums.travel_m;
    route->total_idle_ms = sums.idle_ms;
    route->provider = arena_string(turn->arena, "estimate");
    route->rule_version = ROUTE_RULE_VERSION;
    return route;
}

/* What the route was made from: his home, hours and visits. */
static const char *input_hash(struct turn *turn, TechnicianDay *day)
{
    struct region_day alone = read_region(turn->arena, &day, 1, NULL, 0);
    struct fingerprint print = fingerprint_of(region_day_pack(turn->arena, &alone));

    return arena_string(turn->arena, print.text);
}

/* But for the version of the book, which moves on with every hold. */
static bool is_same(struct turn *turn, const Route *known, Route *route)
{
    int64_t version = route->technician_day_version;

    route->technician_day_version = known->technician_day_version;
    struct text a = message_pack(turn->arena, &known->base);
    struct text b = message_pack(turn->arena, &route->base);
    route->technician_day_version = version;
    return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

/* A day that is over is history: its kilometres stand, whatever is said of it later. */
static bool is_over(const struct turn *turn, const TechnicianDay *day)
{
    timestamp over_at = date_end(day->day);

    for (size_t i = 0; i < day->n_work; i++)
        if (day->work[i]->until > over_at)
            over_at = day->work[i]->until;
    return turn->now >= over_at;
}

static struct error plan_and_tell(struct turn *turn, TechnicianDay *day)
{
    RoutePlanned planned = ROUTE_PLANNED__INIT;
    Route *known, *route = plan_day(turn, day);

    TRY(store_load_route(turn, day->technician_id, day->day, &known));
    if (!known && route->n_stops == 0)
        return OK;
    if (known && (is_over(turn, day) || is_same(turn, known, route)))
        return OK;
    store_save_route(turn, route, input_hash(turn, day));
    planned.route = route;
    emit(turn, turn->subject, &planned);
    return OK;
}

struct error drop_technician_days(struct turn *turn, struct value subjects)
{
    store_drop_days(turn, subjects);
    return OK;
}

static bool has_booked(const TechnicianDay *day)
{
    for (size_t i = 0; i < day->n_visits; i++)
        if (day->visits[i]->state == VISIT_STATE__BOOKED)
            return true;
    return false;
}

struct error on_technician_day_changed(struct turn *turn, const void *message)
{
    const TechnicianDayChanged *changed = message;
    TechnicianDay *day = changed->technician_day;
    int64_t known_version;

    if (!day || !day->home)
        return rejected(PROBLEM_INVALID, "technician_day", "a technician-day without day or home");
    TRY(store_load_version(turn, day->technician_id, day->day, &known_version));
    if (day->version <= known_version && !turn->fact.is_retold)
        return OK;
    const char *region = region_of(turn->arena, place_of(day->home));
    store_save_day(turn, day, region);
    if (turn->fact.is_retold)
        return OK;
    if (has_booked(day) && day->day > date_from_timestamp(turn->now))
        store_save_change(turn, region, day);
    return plan_and_tell(turn, day);
}
