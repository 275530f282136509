/* When a route's stops are reached, begun and left; which given routes are kept; how long is
 * searched. */
#include "services/routing/solver/check.h"
#include <criterion/criterion.h>

enum { PLACES = 6 };

struct day {
    int32_t durations[PLACES * PLACES];
    struct solver_roads roads;
    struct solver_vehicle vehicle;
    struct solver_input input;
};

static void day_init(struct day *day, const struct solver_job jobs[], int32_t count)
{
    static const uint8_t allowed[] = { 1 };

    *day = (struct day){ .vehicle = { .hours = { 0, 100 },
                                      .tasks_most = INT32_MAX,
                                      .duration_most = INT32_MAX,
                                      .distance_most = INT32_MAX } };
    for (int32_t i = 0; i < PLACES * PLACES; i++)
        day->durations[i] =
            i / PLACES < i % PLACES ? i % PLACES - i / PLACES : i / PLACES - i % PLACES;
    day->roads.durations = day->durations;
    day->input = (struct solver_input){ .jobs = jobs,
                                        .vehicles = &day->vehicle,
                                        .roads = &day->roads,
                                        .allowed = allowed,
                                        .job_count = count,
                                        .vehicle_count = 1,
                                        .roads_count = 1,
                                        .location_count = PLACES,
                                        .job_kinds = 1,
                                        .vehicle_kinds = 1 };
}

static const struct solver_options usual = { .seed = 1, .rounds = 100 };

static void expect_stop(const struct solution_stop *got, struct solution_stop wanted)
{
    cr_expect_eq(got->kind, wanted.kind);
    cr_expect_eq(got->index, wanted.index);
    cr_expect_eq(got->arrive_at, wanted.arrive_at, "arrives at %d", got->arrive_at);
    cr_expect_eq(got->start_at, wanted.start_at, "starts at %d", got->start_at);
    cr_expect_eq(got->end_at, wanted.end_at, "ends at %d", got->end_at);
    cr_expect_eq(got->setup, wanted.setup, "setup %d", got->setup);
    cr_expect_eq(got->driven, wanted.driven, "driven %d", got->driven);
}

Test(hours, leaves_as_late_as_it_can_and_waits_only_where_it_must)
{
    const struct span windows[] = { { 30, 40 }, { 60, 60 } };
    const struct solver_job jobs[] = { { .location = 2,
                                         .setup = 3,
                                         .work = 7,
                                         .windows = &windows[0],
                                         .window_count = 1,
                                         .carried_to = NOBODY },
                                       { .location = 3,
                                         .work = 5,
                                         .windows = &windows[1],
                                         .window_count = 1,
                                         .carried_to = NOBODY } };
    struct arena arena = { 0 };
    struct day day;

    day_init(&day, jobs, 2);
    struct solution got = solve(&arena, &day.input, &usual);
    cr_assert_eq(got.routes[0].count, 2);
    cr_expect_eq(got.routes[0].leave_at, 38);
    expect_stop(&got.routes[0].stops[0], (struct solution_stop){ STOP_JOB, 0, 40, 40, 50, 3, 2 });
    expect_stop(&got.routes[0].stops[1], (struct solution_stop){ STOP_JOB, 1, 51, 60, 65, 0, 3 });
    cr_expect_eq(got.routes[0].home_at, 68);
    cr_expect_eq(got.routes[0].driven, 6);
    arena_done(&arena);
}

Test(hours, a_break_interrupts_the_drive)
{
    const struct solver_job jobs[] = { { .location = 5, .work = 1, .carried_to = NOBODY } };
    const struct span window = { 3, 3 };
    const struct solver_break rest = { &window, 1, 8, 0 };
    struct arena arena = { 0 };
    struct day day;

    day_init(&day, jobs, 1);
    day.vehicle.breaks = &rest;
    day.vehicle.break_count = 1;
    struct solution got = solve(&arena, &day.input, &usual);
    cr_assert_eq(got.routes[0].count, 2);
    cr_expect_eq(got.routes[0].leave_at, 0);
    expect_stop(&got.routes[0].stops[0], (struct solution_stop){ STOP_BREAK, 0, 3, 3, 11, 0, 3 });
    expect_stop(&got.routes[0].stops[1], (struct solution_stop){ STOP_JOB, 0, 13, 13, 14, 0, 5 });
    cr_expect_eq(got.routes[0].home_at, 19);
    cr_expect_eq(got.routes[0].driven, 10);
    arena_done(&arena);
}

Test(hours, drives_on_before_a_break_that_is_far)
{
    const struct span windows[] = { { 0, 2 }, { 40, 50 } }, pause = { 20, 30 };
    const struct solver_job jobs[] = { { .location = 2,
                                         .work = 1,
                                         .windows = &windows[0],
                                         .window_count = 1,
                                         .carried_to = NOBODY },
                                       { .location = 3,
                                         .work = 1,
                                         .windows = &windows[1],
                                         .window_count = 1,
                                         .carried_to = NOBODY } };
    const struct solver_break rest = { &pause, 1, 5, 0 };
    struct arena arena = { 0 };
    struct day day;

    day_init(&day, jobs, 2);
    day.vehicle.breaks = &rest;
    day.vehicle.break_count = 1;
    struct solution got = solve(&arena, &day.input, &usual);
    cr_assert_eq(got.routes[0].count, 3);
    expect_stop(&got.routes[0].stops[0], (struct solution_stop){ STOP_JOB, 0, 2, 2, 3, 0, 2 });
    expect_stop(&got.routes[0].stops[1], (struct solution_stop){ STOP_BREAK, 0, 4, 20, 25, 0, 3 });
    expect_stop(&got.routes[0].stops[2], (struct solution_stop){ STOP_JOB, 1, 25, 40, 41, 0, 3 });
    cr_expect_eq(got.routes[0].home_at, 44);
    arena_done(&arena);
}

/* From 0 only to 1, from 1 only to 2, from 2 only home: no job can be planned alone. */
Test(given, a_route_that_holds_only_as_a_whole_is_kept)
{
    const struct solver_job jobs[] = { { .location = 2, .work = 5, .carried_to = NOBODY },
                                       { .location = 1, .work = 5, .carried_to = NOBODY } };
    const int32_t order[] = { 1, 0 };
    const struct given_route given = { order, 2 };
    struct arena arena = { 0 };
    struct day day;

    day_init(&day, jobs, 2);
    for (int32_t i = 0; i < PLACES * PLACES; i++)
        day.durations[i] = i / PLACES == i % PLACES ? 0 : NO_ROAD;
    for (int32_t i = 0; i < 3; i++)
        day.durations[i * PLACES + (i + 1) % 3] = 4;
    day.input.given = &given;
    struct solution got = solve(&arena, &day.input, &usual);
    cr_expect_eq(got.left_out_count, 0);
    cr_expect_eq(got.cost, 12);
    cr_expect_eq(solution_check(&day.input, &got).fault, SOLUTION_HOLDS);
    arena_done(&arena);
}

Test(budget, without_rounds_the_day_is_only_built)
{
    const struct solver_job jobs[] = { { .location = 4, .work = 5, .carried_to = NOBODY },
                                       { .location = 2, .work = 5, .carried_to = NOBODY },
                                       { .location = 3, .work = 5, .carried_to = NOBODY } };
    const struct solver_options none = { .seed = 1 }, some = { .seed = 1, .rounds = 777 };
    struct arena arena = { 0 };
    struct day day;

    day_init(&day, jobs, 3);
    struct solution built = solve(&arena, &day.input, &none);
    cr_expect_eq(built.rounds, 0);
    cr_expect_eq(built.left_out_count, 0);
    cr_expect_eq(solution_check(&day.input, &built).fault, SOLUTION_HOLDS);
    cr_expect_eq(solve(&arena, &day.input, &some).rounds, 777);
    arena_done(&arena);
}
