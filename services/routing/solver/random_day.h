/* Small random days for the solver's tests: some jobs pinned, some roads missing, some shortcuts
 * that break the triangle inequality, vehicles of unequal pace. */
#pragma once
#include "lib/domain/random.h"
#include "services/routing/solver/solve.h"

enum { MOST_JOBS = 12, MOST_VEHICLES = 4, MOST_NODES = MOST_JOBS + 2 * MOST_VEHICLES };

struct random_day {
    struct solver_job jobs[MOST_JOBS];
    struct solver_vehicle vehicles[MOST_VEHICLES];
    int32_t travel_ms[MOST_NODES * MOST_NODES], travel_m[MOST_NODES * MOST_NODES];
    struct solver_input input;
};

/* Fills `day`, whose input points into itself. */
void random_day(struct random *random, int32_t jobs, int32_t vehicles, struct random_day *day);
