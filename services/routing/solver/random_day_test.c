#include "services/routing/solver/random_day.h"
#include <stdlib.h>

static void random_roads(struct random *random, struct random_day *day, int32_t nodes)
{
    int32_t x[MOST_NODES], y[MOST_NODES];

    for (int32_t i = 0; i < nodes; i++) {
        x[i] = (int32_t)random_below(random, 40);
        y[i] = (int32_t)random_below(random, 40);
    }
    for (int32_t i = 0; i < nodes; i++)
        for (int32_t k = 0; k < nodes; k++) {
            int32_t far = abs(x[i] - x[k]) + abs(y[i] - y[k]);
            int64_t chance = random_below(random, 60);
            bool blocked = i != k && chance == 0, shortcut = chance == 1;
            day->travel_ms[i * nodes + k] = blocked ? NO_ROAD : shortcut ? far / 3 : far;
            day->travel_m[i * nodes + k] = blocked ? NO_ROAD : far * 10 + (int32_t)(chance % 3);
        }
}

static struct solver_job random_job(struct random *random, int32_t node, int32_t vehicles)
{
    timestamp earliest = random_below(random, 300);
    bool pinned = random_below(random, 8) == 0;

    return (struct solver_job){
        .node = node,
        .fixed_vehicle = pinned ? (int32_t)random_below(random, vehicles) : NO_VEHICLE,
        .priority = (int32_t)random_below(random, 4),
        .earliest_start_at = earliest,
        .latest_start_at = earliest + (random_below(random, 3) ? random_below(random, 150) : 0),
        .work_ms = random_below(random, 50),
        .skills = (uint64_t)random_below(random, 8) & (uint64_t)random_below(random, 8),
    };
}

void random_day(struct random *random, int32_t jobs, int32_t vehicles, struct random_day *day)
{
    int32_t nodes = jobs + 2 * vehicles;

    random_roads(random, day, nodes);
    for (int32_t i = 0; i < jobs; i++)
        day->jobs[i] = random_job(random, i, vehicles);
    for (int32_t v = 0; v < vehicles; v++) {
        bool returns = random_below(random, 4) > 0;
        timestamp from = random_below(random, 60);
        day->vehicles[v] = (struct solver_vehicle){
            .start_node = jobs + 2 * v,
            .end_node = jobs + 2 * v + !returns,
            .shift = { from, from + random_between(random, 150, 500) },
            .skills = (uint64_t)random_below(random, 8) | (uint64_t)random_below(random, 8),
            .pace_permille = random_below(random, 3) ? 1000 : 1250,
        };
    }
    day->input =
        (struct solver_input){ day->jobs,     day->vehicles, jobs,
                               vehicles,      nodes,         day->travel_ms,
                               day->travel_m, NULL,          random_below(random, 2) ? 0 : 300 };
}
