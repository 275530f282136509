/* Where technicians work: territories as people enter them, and whether every hour of a year has
 * somebody there. */
#include "lib/domain/calendar.h"
#include "proto/workforce.pb-c.h"
#include "services/workforce/domain/count_hours.h"
#include "services/workforce/handlers.h"
#include "services/workforce/recurrence.h"

enum { GAPS_MOST = 200, YEAR_FIRST = 2020, YEAR_LAST = 2099 };

static struct error no_territory(const char *id)
{
    return rejected(PROBLEM_NOT_FOUND, "territory_id", "no territory \"%.40s\"", id);
}

static struct error load_one(struct turn *turn, const char *id, struct territory *ret_territory)
{
    struct territory *found;
    size_t count;

    if (string_empty(id))
        return no_territory("");
    TRY(store_load_territories(turn, id, &found, &count));
    if (count == 0)
        return no_territory(id);
    *ret_territory = found[0];
    return OK;
}

static Territory *territory_message(struct arena *arena, const struct territory *territory)
{
    Territory *message = ARENA_NEW(arena, Territory);

    *message = (Territory)TERRITORY__INIT;
    message->territory_id = territory->id;
    message->name = territory->name;
    message->technicians = territory->technician_count;
    message->circles = ARENA_ARRAY(arena, Circle *, territory->circle_count + 1);
    for (size_t i = 0; i < territory->circle_count; i++) {
        Circle *circle = message->circles[message->n_circles++] = ARENA_NEW(arena, Circle);
        *circle = (Circle)CIRCLE__INIT;
        circle->lat = territory->circles[i].at.lat;
        circle->lon = territory->circles[i].at.lon;
        circle->radius_m = territory->circles[i].radius_m;
    }
    message->closed = ARENA_ARRAY(arena, ShiftPattern *, territory->closed_count + 1);
    for (size_t i = 0; i < territory->closed_count; i++)
        message->closed[message->n_closed++] = pattern_message(arena, &territory->closed[i]);
    return message;
}

/* ---- writing ---- */

/* Shorter than a technician's id, so that no two subjects have one name. */
static bool is_territory_id(struct text id)
{
    for (size_t i = 0; i < id.length; i++) {
        char c = id.at[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return id.length >= 2 && id.length <= 30;
}

static void read_circles(struct turn *turn, const TerritoryRequest *request,
                         struct violations *violations, struct territory *territory)
{
    territory->circles = ARENA_ARRAY(turn->arena, struct area, request->n_circles + 1);
    for (size_t i = 0; i < request->n_circles; i++) {
        const Circle *given = request->circles[i];
        struct area circle = { .at = { given->lat, given->lon }, .radius_m = given->radius_m };
        if (!place_valid(circle.at))
            violations_add(violations,
                           (struct violation){ arena_format(turn->arena, "/circles/%zu", i),
                                               "range", "Ten punkt leży poza Polską" });
        circle.at = place_valid(circle.at) ? place_rounded(circle.at) : circle.at;
        territory->circles[territory->circle_count++] = circle;
    }
}

static void read_closed(struct turn *turn, const TerritoryRequest *request,
                        struct violations *violations, struct territory *territory)
{
    territory->closed = read_patterns(turn, "closed", request->closed, request->n_closed,
                                      violations, &territory->closed_count);
    for (size_t i = 0; i < request->n_closed; i++)
        if (request->closed[i]->on_call || request->closed[i]->n_breaks ||
            request->closed[i]->overtime_ms)
            violations_add(violations,
                           (struct violation){ arena_format(turn->arena, "/closed/%zu", i), "range",
                                               "Godziny zamknięte nie mają dyżurów ani przerw" });
}

struct error put_territory(struct turn *turn, const void *message, struct reply *reply)
{
    const TerritoryRequest *request = message;
    struct violations *violations = request_violations(turn);
    struct territory territory = { .id = turn->subject, .name = request->name };

    if (!is_territory_id(text_of(turn->subject)))
        return refuse_field(turn, "territory_id", "pattern",
                            "Identyfikator obszaru: od 2 do 30 małych liter, cyfr i myślników.");
    read_circles(turn, request, violations, &territory);
    read_closed(turn, request, violations, &territory);
    if (violations->count)
        return rejected(PROBLEM_INVALID, violations->at[0].pointer, "territory");
    store_save_territory(turn, &territory);
    TRY(load_one(turn, turn->subject, &territory));
    reply->message = territory_message(turn->arena, &territory);
    reply->is_new = turn->is_new_subject;
    return OK;
}

struct error remove_territory(struct turn *turn, const void *message, struct reply *reply)
{
    struct territory territory;

    (void)message;
    TRY(load_one(turn, turn->subject, &territory));
    /* Without a territory a technician would work everywhere. */
    if (territory.technician_count)
        return rejected(PROBLEM_CONFLICT, "territory_id", "%lld technicians work there",
                        (long long)territory.technician_count);
    store_delete_territory(turn, turn->subject);
    reply->status = 204;
    return OK;
}

struct error on_territory_changed(struct turn *turn, const char *technician_id)
{
    return tell_technician(turn, technician_id);
}

/* ---- reading ---- */

struct error show_territory(struct turn *turn, const void *message, struct reply *reply)
{
    struct territory territory;

    (void)message;
    TRY(load_one(turn, path_parameter(turn, "territory_id"), &territory));
    reply->message = territory_message(turn->arena, &territory);
    return OK;
}

struct error list_territories(struct turn *turn, const void *message, struct reply *reply)
{
    TerritoryList *list = ARENA_NEW(turn->arena, TerritoryList);
    struct territory *territories;
    size_t count;

    (void)message;
    TRY(store_load_territories(turn, "", &territories, &count));
    *list = (TerritoryList)TERRITORY_LIST__INIT;
    list->territories = ARENA_ARRAY(turn->arena, Territory *, count + 1);
    for (size_t i = 0; i < count; i++)
        list->territories[list->n_territories++] = territory_message(turn->arena, &territories[i]);
    reply->message = list;
    return OK;
}

/* ---- the hours of a year ---- */

struct windows {
    struct window *at;
    size_t count;
};

/* One by one: shifts of different technicians may overlap. */
static struct windows expand_all(struct turn *turn, struct shift_pattern patterns[], size_t count,
                                 int32_t first_day, int32_t last_day)
{
    size_t days = (size_t)last_day - (size_t)first_day + 1;
    struct shift *shifts = ARENA_ARRAY(turn->arena, struct shift, days);
    struct windows windows = { ARENA_ARRAY(turn->arena, struct window, count * days + 1), 0 };

    find_rule_days(turn->arena, patterns, count, first_day, last_day);
    for (size_t i = 0; i < count; i++) {
        size_t made = expand_shifts(&patterns[i], 1, first_day, last_day, shifts);
        for (size_t k = 0; k < made; k++)
            windows.at[windows.count++] = shifts[k].work;
    }
    windows.count = join_windows(windows.at, windows.count);
    return windows;
}

static TerritoryHours *hours_message(struct arena *arena, const struct hours_counted *counted,
                                     const struct window gaps[])
{
    TerritoryHours *message = ARENA_NEW(arena, TerritoryHours);

    *message = (TerritoryHours)TERRITORY_HOURS__INIT;
    message->hours = counted->hours;
    message->owned = counted->owned;
    message->closed = counted->closed;
    message->both = counted->both;
    message->neither = counted->neither;
    message->has_more_gaps = counted->has_more_gaps;
    message->gaps = ARENA_ARRAY(arena, Window *, counted->gap_count + 1);
    for (size_t i = 0; i < counted->gap_count; i++) {
        Window *gap = message->gaps[message->n_gaps++] = ARENA_NEW(arena, Window);
        *gap = (Window)WINDOW__INIT;
        gap->from = gaps[i].from;
        gap->until = gaps[i].until;
    }
    return message;
}

struct error count_territory_hours(struct turn *turn, const void *message, struct reply *reply)
{
    struct window *gaps = ARENA_ARRAY(turn->arena, struct window, GAPS_MOST);
    struct shift_pattern *owners;
    struct territory territory;
    int32_t first = 0, last = 0;
    size_t owner_count;
    int64_t year;

    (void)message;
    if (!text_number(text_of(query_parameter(turn, "year")), &year) || year < YEAR_FIRST ||
        year > YEAR_LAST)
        return refuse_field(turn, "year", "range", "Podaj rok od 2020 do 2099.");
    TRY(load_one(turn, path_parameter(turn, "territory_id"), &territory));
    TRY(store_load_owners(turn, territory.id, &owners, &owner_count));
    (void)(date_make((int32_t)year, 1, 1, &first) && date_make((int32_t)year, 12, 31, &last));
    /* The night before the year reaches into it. */
    struct windows owned = expand_all(turn, owners, owner_count, first - 1, last);
    struct windows closed =
        expand_all(turn, territory.closed, territory.closed_count, first - 1, last);
    struct hours_counted counted =
        count_hours((struct window){ date_start(first), date_end(last) }, owned.at, owned.count,
                    closed.at, closed.count, gaps, GAPS_MOST);
    TerritoryHours *hours = hours_message(turn->arena, &counted, gaps);
    hours->territory_id = territory.id;
    hours->year = (int32_t)year;
    reply->message = hours;
    return OK;
}
