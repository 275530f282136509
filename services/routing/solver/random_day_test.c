#include "services/routing/solver/random_day.h"
#include <stdlib.h>

static void random_roads(struct random *random, struct random_day *day, int32_t locations)
{
    int32_t x[MOST_LOCATIONS], y[MOST_LOCATIONS];

    for (int32_t i = 0; i < locations; i++) {
        x[i] = (int32_t)random_below(random, 40);
        y[i] = (int32_t)random_below(random, 40);
    }
    for (int32_t i = 0; i < locations; i++)
        for (int32_t k = 0; k < locations; k++) {
            int32_t far = abs(x[i] - x[k]) + abs(y[i] - y[k]), cell = i * locations + k;
            int64_t chance = random_below(random, 60);
            bool is_blocked = i != k && chance == 0, is_shortcut = chance == 1;
            int32_t duration = is_blocked ? NO_ROAD : is_shortcut ? far / 3 : far;
            day->durations[0][cell] = duration;
            day->durations[1][cell] = is_blocked ? NO_ROAD : duration * 5 / 4;
            day->costs[cell] = is_blocked ? NO_ROAD : far + (int32_t)(chance % 3);
            day->distances[cell] = far * 10;
        }
    bool has_costs = random_below(random, 3) == 0;
    for (int i = 0; i < 2; i++)
        day->roads[i] = (struct solver_roads){ .durations = day->durations[i],
                                               .costs = has_costs ? day->costs : NULL,
                                               .distances = day->distances };
}

static void random_job(struct random *random, struct random_day *day, int32_t j, int32_t locations)
{
    int32_t from = (int32_t)random_below(random, 300), second = 0;
    int32_t until = from + (int32_t)(random_below(random, 3) ? random_below(random, 150) : 0);

    day->windows[j][0] = (struct span){ from, until };
    if (random_below(random, 3) == 0) {
        second = until + 1 + (int32_t)random_below(random, 100);
        day->windows[j][1] = (struct span){ second, second + (int32_t)random_below(random, 50) };
    }
    for (int a = 0; a < MOST_AMOUNTS; a++) {
        day->delivery[j][a] = (int32_t)random_below(random, 4);
        day->pickup[j][a] = (int32_t)random_below(random, 4);
    }
    day->jobs[j] = (struct solver_job){
        .location = random_below(random, 5) ? j : (int32_t)random_below(random, locations),
        .kind = (int32_t)random_below(random, MOST_KINDS),
        .priority = (int32_t)random_below(random, 4),
        .setup = random_below(random, 3) ? 0 : (int32_t)random_below(random, 20),
        .work = (int32_t)random_below(random, 50),
        .windows = random_below(random, 9) ? day->windows[j] : NULL,
        .carried_to = NOBODY,
    };
    day->jobs[j].window_count = day->jobs[j].windows ? second ? 2 : 1 : 0;
}

/* The second half of the jobs ends what some of the first half begin. */
static void random_shipments(struct random *random, struct random_day *day, int32_t jobs)
{
    for (int32_t j = 0; j < jobs / 2; j++) {
        int32_t end = jobs - 1 - j;
        if (random_below(random, 2) == 0)
            continue;
        day->jobs[j].carried_to = end;
        day->jobs[j].delivery = day->jobs[end].delivery = day->jobs[end].pickup = NULL;
        day->jobs[end].kind = day->jobs[j].kind;
        day->jobs[end].priority = day->jobs[j].priority;
    }
}

static void random_breaks(struct random *random, struct random_day *day, int32_t v)
{
    int32_t at = 60;

    for (int32_t b = 0; b < 2; b++) {
        int32_t from = at + (int32_t)random_below(random, 80);
        int32_t until = from + (int32_t)random_below(random, 60);
        at = until + 1 + (int32_t)random_below(random, 20);
        day->break_windows[v][b][0] = (struct span){ from, until };
        day->break_windows[v][b][1] = (struct span){ at, at + 10 };
        day->breaks[v][b] =
            (struct solver_break){ .windows = day->break_windows[v][b],
                                   .window_count = 1 + (int32_t)random_below(random, 2),
                                   .length = (int32_t)random_below(random, 30) };
    }
    day->vehicles[v].breaks = day->breaks[v];
    day->vehicles[v].break_count = (int32_t)random_below(random, 3);
}

static void random_vehicle(struct random *random, struct random_day *day, int32_t v, int32_t jobs)
{
    int32_t from = (int32_t)random_below(random, 60), start = jobs + 2 * v;

    for (int a = 0; a < MOST_AMOUNTS; a++)
        day->capacity[v][a] = (int32_t)random_between(random, 3, 12);
    day->vehicles[v] = (struct solver_vehicle){
        .start = random_below(random, 8) ? start : NOBODY,
        .end = random_below(random, 8) ? start + (int32_t)random_below(random, 2) : NOBODY,
        .hours = { from, from + (int32_t)random_between(random, 150, 500) },
        .kind = (int32_t)random_below(random, MOST_KINDS),
        .roads = (int32_t)random_below(random, 2),
        .tasks_most = random_below(random, 4) ? INT32_MAX : (int32_t)random_between(random, 1, 4),
        .duration_most = random_below(random, 4) ? INT32_MAX : (int32_t)random_below(random, 150),
        .distance_most = random_below(random, 4) ? INT32_MAX : (int32_t)random_below(random, 1500),
        .fixed_cost = random_below(random, 4) ? 0 : (int32_t)random_below(random, 60),
    };
}

/* A day as home assistance has it: nothing is carried, nothing limited, one kind of roads. */
static void make_plain(struct random_day *day, int32_t jobs, int32_t vehicles)
{
    day->roads[0].costs = NULL;
    for (int32_t v = 0; v < vehicles; v++) {
        struct solver_vehicle *vehicle = &day->vehicles[v];
        vehicle->start = vehicle->end = jobs + 2 * v;
        vehicle->tasks_most = vehicle->duration_most = vehicle->distance_most = INT32_MAX;
        vehicle->roads = vehicle->fixed_cost = 0;
    }
}

static void add_loads(struct random *random, struct random_day *day, int32_t jobs, int32_t vehicles)
{
    bool is_picked_up = random_below(random, 2);

    for (int32_t j = 0; j < jobs; j++) {
        day->jobs[j].delivery = day->delivery[j];
        day->jobs[j].pickup = is_picked_up ? day->pickup[j] : NULL;
    }
    for (int32_t v = 0; v < vehicles; v++)
        day->vehicles[v].capacity = random_below(random, 5) ? day->capacity[v] : NULL;
    if (is_picked_up && random_below(random, 2))
        random_shipments(random, day, jobs);
}

void random_day(struct random *random, int32_t jobs, int32_t vehicles, struct random_day *day)
{
    int32_t locations = jobs + 2 * vehicles;
    int32_t amounts = (int32_t)random_below(random, MOST_AMOUNTS + 1);
    bool is_plain = random_below(random, 2), has_breaks = random_below(random, 2);

    random_roads(random, day, locations);
    for (int i = 0; i < MOST_KINDS * MOST_KINDS; i++)
        day->allowed[i] = random_below(random, 3) > 0;
    for (int32_t j = 0; j < jobs; j++)
        random_job(random, day, j, locations);
    for (int32_t v = 0; v < vehicles; v++) {
        random_vehicle(random, day, v, jobs);
        if (has_breaks)
            random_breaks(random, day, v);
    }
    if (is_plain)
        make_plain(day, jobs, vehicles);
    else if (amounts)
        add_loads(random, day, jobs, vehicles);
    day->input = (struct solver_input){
        .jobs = day->jobs,
        .vehicles = day->vehicles,
        .roads = day->roads,
        .allowed = day->allowed,
        .job_count = jobs,
        .vehicle_count = vehicles,
        .roads_count = is_plain ? 1 : 2,
        .location_count = locations,
        .job_kinds = MOST_KINDS,
        .vehicle_kinds = MOST_KINDS,
        .amount_count = is_plain ? 0 : amounts,
    };
}
