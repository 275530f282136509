/* The best plan of a small day by plain recursion: every order of every choice of jobs, every place
 * for every break. Shares no code with the search, nor with the judge. */
#pragma once
#include "services/routing/solver/random_day.h"

struct exhaustive_best {
    int64_t left_out_priority;
    int32_t left_out_count;
    int64_t cost;
};

/* Whether a vehicle can do these jobs in this order, and what it costs. */
bool route_cost(const struct solver_input *input, int32_t vehicle, const int32_t order[],
                int32_t count, int64_t *ret_cost);

struct exhaustive_best best_of_all(const struct solver_input *input);
