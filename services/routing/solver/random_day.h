/* Small random days for the solver's tests: with breaks, many windows, shipments, loads, limits,
 * setups, two kinds of roads, missing roads and shortcuts that break the triangle inequality. */
#pragma once
#include "lib/domain/random.h"
#include "services/routing/solver/solve.h"

enum {
    MOST_JOBS = 12,
    MOST_VEHICLES = 4,
    MOST_LOCATIONS = MOST_JOBS + 2 * MOST_VEHICLES,
    MOST_AMOUNTS = 2,
    MOST_KINDS = 8
};

/* Sanitizers are slow: they see every so many-th day only. */
#ifdef __SANITIZE_ADDRESS__
enum { EVERY_DAY = 10 };
#else
enum { EVERY_DAY = 1 };
#endif

struct random_day {
    struct solver_job jobs[MOST_JOBS];
    struct span windows[MOST_JOBS][2];
    int32_t delivery[MOST_JOBS][MOST_AMOUNTS], pickup[MOST_JOBS][MOST_AMOUNTS];
    struct solver_vehicle vehicles[MOST_VEHICLES];
    struct solver_break breaks[MOST_VEHICLES][2];
    struct span break_windows[MOST_VEHICLES][2][2];
    int32_t capacity[MOST_VEHICLES][MOST_AMOUNTS];
    int32_t durations[2][MOST_LOCATIONS * MOST_LOCATIONS];
    int32_t costs[MOST_LOCATIONS * MOST_LOCATIONS], distances[MOST_LOCATIONS * MOST_LOCATIONS];
    uint8_t allowed[MOST_KINDS * MOST_KINDS];
    struct solver_roads roads[2];
    struct solver_input input;
};

/* Fills `day`, whose input points into itself. Each day has some of the features, or none. */
void random_day(struct random *random, int32_t jobs, int32_t vehicles, struct random_day *day);
