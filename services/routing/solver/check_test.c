/* The judge sees each fault: a day by hand that holds, and one thing changed in it at a time. */
#include "lib/base/array.h"
#include "services/routing/solver/check.h"
#include <criterion/criterion.h>
#include <stddef.h>
#include <string.h>

enum { LINE = 6 };

struct day {
    struct solver_job jobs[5];
    struct solver_vehicle vehicles[2];
    int32_t capacity, delivery, pickup, shipment;
    struct span window, break_window;
    struct solver_break rest;
    int32_t durations[LINE * LINE];
    uint8_t allowed[4];
    struct solver_roads roads;
    struct solver_input input;
    struct solution_stop stops[5];
    struct solution_route routes[2];
    int32_t left_out[2];
    struct solution solution;
};

/* On a line of places, each one from the next. */
static void describe(struct day *day)
{
    *day = (struct day){
        .jobs = { { .location = 1, .setup = 2, .work = 10, .carried_to = NOBODY },
                  { .location = 1, .setup = 2, .work = 5, .carried_to = NOBODY },
                  { .location = 2, .work = 6, .carried_to = 3 },
                  { .location = 4, .work = 2, .carried_to = NOBODY },
                  { .location = 5, .kind = 1, .priority = 3, .carried_to = NOBODY } },
        .capacity = 3,
        .delivery = 1,
        .pickup = 1,
        .shipment = 2,
        .window = { 5, 20 },
        .break_window = { 30, 40 },
        .rest = { NULL, 1, 10, 7 },
        .allowed = { 1, 1, 0, 1 },
    };
    for (int32_t v = 0; v < 2; v++)
        day->vehicles[v] = (struct solver_vehicle){
            .hours = { 4, 47 },
            .kind = v,
            .tasks_most = 4,
            .duration_most = 8,
            .distance_most = 8,
            .fixed_cost = 5,
            .break_count = 1,
            .breaks = &day->rest,
            .capacity = &day->capacity,
        };
    for (int32_t i = 0; i < LINE * LINE; i++)
        day->durations[i] = i / LINE < i % LINE ? i % LINE - i / LINE : i / LINE - i % LINE;
    day->rest.windows = &day->break_window;
    day->jobs[0].windows = &day->window;
    day->jobs[0].window_count = 1;
    day->jobs[0].delivery = &day->delivery;
    day->jobs[1].pickup = &day->pickup;
    day->jobs[2].pickup = &day->shipment;
    day->roads = (struct solver_roads){ .durations = day->durations, .distances = day->durations };
    day->input = (struct solver_input){ .jobs = day->jobs,
                                        .vehicles = day->vehicles,
                                        .roads = &day->roads,
                                        .allowed = day->allowed,
                                        .job_count = 5,
                                        .vehicle_count = 2,
                                        .roads_count = 1,
                                        .location_count = LINE,
                                        .job_kinds = 2,
                                        .vehicle_kinds = 2,
                                        .amount_count = 1 };
}

/* The break interrupts the road from 2 to 4; job 4 is left out. */
static void plan(struct day *day)
{
    const struct solution_stop stops[] = { { STOP_JOB, 0, 5, 5, 17, 2, 1 },
                                           { STOP_JOB, 1, 17, 17, 22, 0, 1 },
                                           { STOP_JOB, 2, 23, 23, 29, 0, 2 },
                                           { STOP_BREAK, 0, 30, 30, 40, 0, 3 },
                                           { STOP_JOB, 3, 41, 41, 43, 0, 4 } };

    memcpy(day->stops, stops, sizeof stops);
    day->routes[0] = (struct solution_route){
        .stops = day->stops, .count = 5, .leave_at = 4, .home_at = 47, .driven = 8, .cost = 13
    };
    day->left_out[0] = 4;
    day->solution = (struct solution){ .routes = day->routes,
                                       .left_out = day->left_out,
                                       .left_out_count = 1,
                                       .left_out_priority = 3,
                                       .cost = 13 };
}

struct change {
    size_t at, size;
    int32_t to;
};

static void tamper(struct day *day, const struct change *change)
{
    const int64_t wide = change->to;
    const uint8_t narrow = (uint8_t)change->to;
    char *at = (char *)day + change->at;

    if (change->size == sizeof wide)
        memcpy(at, &wide, sizeof wide);
    else if (change->size == sizeof narrow)
        memcpy(at, &narrow, sizeof narrow);
    else
        memcpy(at, &change->to, change->size);
}

#define SET(field, to)                                                                             \
    {                                                                                              \
        offsetof(struct day, field), sizeof((struct day *)NULL)->field, to                         \
    }

static const struct {
    const char *name;
    struct change changes[2];
    enum solution_fault fault;
} rows[] = {
    { "untouched", { { 0 } }, SOLUTION_HOLDS },
    { "not left out, either", { SET(solution.left_out_count, 0) }, SOLUTION_JOB_LOST },
    { "planned, and left out",
      { SET(solution.left_out_count, 2), SET(left_out[1], 1) },
      SOLUTION_JOB_TWICE },
    { "left out twice",
      { SET(solution.left_out_count, 2), SET(left_out[1], 4) },
      SOLUTION_JOB_TWICE },
    { "a kind that he may not do", { SET(jobs[1].kind, 1) }, SOLUTION_KIND },
    { "nobody may", { SET(allowed[0], 0) }, SOLUTION_KIND },
    { "there too soon", { SET(stops[2].arrive_at, 22) }, SOLUTION_ROAD },
    { "there too soon behind a break", { SET(stops[4].arrive_at, 40) }, SOLUTION_ROAD },
    { "home too soon", { SET(routes[0].home_at, 46) }, SOLUTION_ROAD },
    { "no road there", { SET(durations[1 * LINE + 2], NO_ROAD) }, SOLUTION_ROAD },
    { "no road home", { SET(durations[4 * LINE + 0], NO_ROAD) }, SOLUTION_ROAD },
    { "begins before he is there", { SET(stops[2].start_at, 22) }, SOLUTION_WINDOW },
    { "begins when the window has closed", { SET(window.until, 4) }, SOLUTION_WINDOW },
    { "begins before the window opens", { SET(window.from, 6) }, SOLUTION_WINDOW },
    { "work cut short", { SET(stops[2].end_at, 28) }, SOLUTION_WORK },
    { "no setup", { SET(stops[0].setup, 0), SET(stops[0].end_at, 15) }, SOLUTION_WORK },
    { "a second setup at the same place",
      { SET(stops[1].setup, 2), SET(stops[1].end_at, 24) },
      SOLUTION_WORK },
    { "a setup that is not told", { SET(stops[0].setup, 0) }, SOLUTION_WORK },
    { "break too early", { SET(break_window.from, 31) }, SOLUTION_BREAK },
    { "break too late", { SET(break_window.until, 29) }, SOLUTION_BREAK },
    { "break cut short", { SET(stops[3].end_at, 39) }, SOLUTION_BREAK },
    { "break during the work", { SET(stops[3].start_at, 28) }, SOLUTION_BREAK },
    { "the first break passed over", { SET(stops[3].index, 1) }, SOLUTION_BREAK },
    { "break not taken", { SET(vehicles[0].break_count, 2) }, SOLUTION_BREAK },
    { "a break that he has not", { SET(vehicles[0].break_count, 0) }, SOLUTION_BREAK },
    { "leaves too early", { SET(vehicles[0].hours.from, 5) }, SOLUTION_HOURS },
    { "home too late", { SET(vehicles[0].hours.until, 46) }, SOLUTION_HOURS },
    { "carries too much on the way", { SET(capacity, 2) }, SOLUTION_LOAD },
    { "is too full when he leaves", { SET(delivery, 4) }, SOLUTION_LOAD },
    { "delivered before it is fetched",
      { SET(stops[2].index, 3), SET(stops[4].index, 2) },
      SOLUTION_SHIPMENT },
    { "only fetched", { SET(routes[0].count, 4) }, SOLUTION_SHIPMENT },
    { "only delivered",
      { SET(jobs[2].carried_to, NOBODY), SET(jobs[4].carried_to, 3) },
      SOLUTION_SHIPMENT },
    { "too many tasks", { SET(vehicles[0].tasks_most, 3) }, SOLUTION_LIMIT },
    { "drives too long", { SET(vehicles[0].duration_most, 7) }, SOLUTION_LIMIT },
    { "drives too far", { SET(vehicles[0].distance_most, 7) }, SOLUTION_LIMIT },
    { "drove less, he says", { SET(routes[0].driven, 7) }, SOLUTION_SUMS },
    { "route's cost", { SET(routes[0].cost, 12), SET(solution.cost, 12) }, SOLUTION_SUMS },
    { "fixed cost forgotten", { SET(vehicles[0].fixed_cost, 4) }, SOLUTION_SUMS },
    { "sum of all routes", { SET(solution.cost, 12) }, SOLUTION_SUMS },
    { "priority left out", { SET(solution.left_out_priority, 2) }, SOLUTION_SUMS },
};

Test(solution_check, sees_each_fault)
{
    bool seen[SOLUTION_SUMS + 1] = { false };

    EACH (row, rows) {
        struct day day;
        describe(&day);
        plan(&day);
        for (int i = 0; i < 2 && row->changes[i].size; i++)
            tamper(&day, &row->changes[i]);
        struct solution_verdict verdict = solution_check(&day.input, &day.solution);
        cr_expect_eq(verdict.fault, row->fault, "%s: %s", row->name,
                     solution_fault_text(verdict.fault));
        seen[row->fault] = true;
    }
    for (int fault = 0; fault <= SOLUTION_SUMS; fault++)
        cr_expect(seen[fault], "no row is \"%s\"", solution_fault_text((enum solution_fault)fault));
}

Test(solution_check, says_where)
{
    struct day day;

    describe(&day);
    plan(&day);
    day.stops[2].end_at--;
    struct solution_verdict verdict = solution_check(&day.input, &day.solution);
    cr_expect_eq(verdict.vehicle, 0);
    cr_expect_eq(verdict.job, 2);
    cr_expect_str_eq(solution_fault_text(verdict.fault),
                     "work or setup is not as long as it takes");
}
