/* routing --baseline: the same visits given out as they came, to the nearest who was free. */
#include "lib/domain/calendar.h"
#include "services/routing/domain/nearest_free.h"
#include "services/routing/handlers.h"
#include "services/routing/read_day.h"
#include "services/routing/store.h"
#include <stdio.h>

/* A day's technicians and orders as the baseline needs them. */
struct baseline_day {
    struct free_technician *technicians;
    struct arriving_order *orders;
    const char **work_order_ids;
    size_t technician_count, order_count;
};

static void add_order(struct baseline_day *baseline, const TechnicianDay *day, const Visit *visit,
                      uint64_t skills)
{
    struct place place = place_of(visit->place);

    if (!is_on_route(visit) || !place_valid(place))
        return;
    baseline->work_order_ids[baseline->order_count] = visit->work_order_id;
    baseline->orders[baseline->order_count++] = (struct arriving_order){
        .opened_at = visit->booked_at,
        .place = place,
        .work_ms = visit->length_ms,
        .skills = skills,
        .first_start_at = visit->start_at,
        .last_start_at = date_end(day->day) - 1,
    };
}

static struct baseline_day read_baseline(struct arena *arena, TechnicianDay *const days[],
                                         size_t count)
{
    struct region_day region = read_region(arena, days, count, NULL, 0);
    struct baseline_day baseline = {
        .technicians = ARENA_ARRAY(arena, struct free_technician, count),
        .orders = ARENA_ARRAY(arena, struct arriving_order, (size_t)region.visit_count),
        .work_order_ids = ARENA_ARRAY(arena, const char *, (size_t)region.visit_count),
        .technician_count = count,
    };
    int32_t at = 0;

    for (size_t i = 0; i < count; i++) {
        const struct region_technician *technician = &region.technicians[i];
        Visit **visits = visits_by_start(arena, days[i]);
        baseline.technicians[i] =
            (struct free_technician){ technician->home, technician->work,
                                      (size_t)technician->work_count, technician->skills };
        for (size_t v = 0; v < days[i]->n_visits; v++)
            add_order(&baseline, days[i], visits[v], region.visits[at++].skills);
    }
    return baseline;
}

/* An order arrives when it is opened; where that is not known, when it was booked. */
static struct error set_arrivals(struct turn *turn, struct baseline_day *baseline)
{
    timestamp *opened_at;

    TRY(store_load_opened(turn, baseline->work_order_ids, baseline->order_count, &opened_at));
    for (size_t i = 0; i < baseline->order_count; i++)
        if (opened_at[i])
            baseline->orders[i].opened_at = opened_at[i];
    return OK;
}

static struct error add_day(struct turn *turn, int32_t day, BaselineReply *told)
{
    struct arena arena = { 0 };
    TechnicianDay **days;
    size_t count;

    TRY(store_load_books_of_day(turn, day, &days, &count));
    struct baseline_day baseline = read_baseline(turn->arena, days, count);
    TRY(set_arrivals(turn, &baseline));
    struct assignment *given = ARENA_ARRAY(turn->arena, struct assignment, baseline.order_count);
    told->baseline_m +=
        nearest_free(&arena, &estimated_roads, baseline.orders, baseline.order_count,
                     baseline.technicians, baseline.technician_count, given);
    arena_done(&arena);
    told->visits += (int64_t)baseline.order_count;
    for (size_t i = 0; i < baseline.order_count; i++)
        told->left_out += given[i].technician == NOBODY_FREE;
    return OK;
}

struct error print_baseline(struct turn *turn, int count, char **words)
{
    BaselineReply told = BASELINE_REPLY__INIT;
    DayKilometres **planned;
    size_t planned_count;

    if (count != 2 || !date_parse(text_of(words[0]), &told.from_day) ||
        !date_parse(text_of(words[1]), &told.until_day) || told.until_day < told.from_day)
        return rejected(PROBLEM_INVALID, NULL, "wants two days like 2026-11-24 2026-11-25");
    TRY(store_load_kilometres(turn, told.from_day, told.until_day, &planned, &planned_count));
    for (size_t i = 0; i < planned_count; i++)
        told.planned_m += planned[i]->planned_m;
    for (int32_t day = told.from_day; day <= told.until_day; day++)
        TRY(add_day(turn, day, &told));
    printf("%s\n", json_write(turn->arena, &told.base, JSON_WRITE_ALL).at);
    return OK;
}
