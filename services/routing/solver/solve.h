/* Who visits whom, in which order: a vehicle routing problem with time windows, skills, priorities
 * and pinned jobs. Pure: no clock, no input or output; the same input, seed and budget give the
 * same answer. Jobs, vehicles and nodes are indexes into the caller's arrays.
 *
 * What counts, in this order (struct solution_cost): pinned jobs left out, priority left out,
 * number of jobs left out, weighted_ms (driving plus waiting at its weight), metres. */
#pragma once
#include "lib/base/arena.h"
#include "lib/domain/window.h"

enum { NO_VEHICLE = -1, NO_ROAD = -1 };

struct solver_job {
    int32_t node;
    int32_t fixed_vehicle; /* only this one may do it (under way, or promised to that person);
                              NO_VEHICLE: anybody with the skills */
    int32_t priority;      /* >= 0 */
    timestamp earliest_start_at, latest_start_at; /* of the work, both included */
    int64_t work_ms;                              /* >= 0 */
    uint64_t skills;                              /* all are needed */
};

struct solver_vehicle {
    int32_t start_node, end_node;
    struct window shift; /* leaves the start not before, is at the end not after */
    uint64_t skills;
    int32_t pace_permille; /* of the table's travel times: 1000 as they are, 1200 a fifth slower */
};

struct given_route { /* what a vehicle is to do today, in order */
    const int32_t *jobs;
    int32_t count;
};

struct solver_input {
    const struct solver_job *jobs;
    const struct solver_vehicle *vehicles;
    int32_t job_count, vehicle_count, node_count;
    const int32_t *travel_ms, *travel_m; /* node_count x node_count, row = from; NO_ROAD or >= 0 */
    const struct given_route *given;     /* one per vehicle; NULL: start from nothing */
    int32_t idle_permille;               /* what a ms of waiting counts against one of driving */
};

struct solver_options {
    uint64_t seed;
    int64_t
        budget_iterations; /* rounds of taking out and putting back; 0: build and descend only */
    bool (*keep_going)(void *context); /* asked often, false ends the search; NULL: no limit but the
                                          budget */
    void *context;
};

struct route_stop {
    int32_t job;
    timestamp arrive_at, start_at;           /* the work takes [start_at, start_at + work_ms) */
    int64_t travel_ms, travel_m, waiting_ms; /* to get here; at this door */
};

struct route { /* of one vehicle; without stops it stays where it is and all is 0 */
    struct route_stop *stops;
    int32_t count;
    timestamp leave_at, home_at; /* leaves as early as causes no wait that can be spared */
    int64_t travel_ms, travel_m, waiting_ms;
};

struct solution_cost {
    int32_t left_out_pinned;
    int64_t left_out_priority;
    int32_t left_out_count;
    int64_t weighted_ms; /* travel_ms + waiting_ms x idle_permille / 1000, rounded down per route */
    int64_t travel_m;
};

struct solution {
    struct route *routes; /* one per vehicle */
    int32_t *left_out;    /* jobs, ascending */
    int32_t left_out_count;
    struct solution_cost cost;
    int64_t iterations; /* rounds that were made */
};

/* Plans the day; memory comes from the arena, the input is borrowed. Keeps every window, skill, pin
 * and shift; what does not fit is left out. Is never worse than the given plan; jobs of it that
 * cannot be kept (late already, skill lost) are planned anew. The order of jobs in the input does
 * not matter. */
struct solution solve(struct arena *arena, const struct solver_input *input,
                      const struct solver_options *options);

int solution_compare(const struct solution_cost *a, const struct solution_cost *b); /* <0: a wins */

/* ---- The judge (check.c), which shares no code with the search. ---- */

#define SOLUTION_FAULTS(FAULT)                                                                     \
    FAULT(SOLUTION_HOLDS, "holds")                                                                 \
    FAULT(SOLUTION_JOB_LOST, "a job is neither planned nor left out")                              \
    FAULT(SOLUTION_JOB_TWICE, "a job is there twice")                                              \
    FAULT(SOLUTION_SKILL, "a skill is missing")                                                    \
    FAULT(SOLUTION_PIN, "a pinned job is with somebody else")                                      \
    FAULT(SOLUTION_TRAVEL, "arrives sooner than the road allows")                                  \
    FAULT(SOLUTION_WINDOW, "starts outside the job's window or before the arrival")                \
    FAULT(SOLUTION_SHIFT, "leaves before or is back after the shift")                              \
    FAULT(SOLUTION_SUMS, "the sums are not those of the stops")

enum solution_fault {
#define FAULT(constant, text) constant,
    SOLUTION_FAULTS(FAULT)
#undef FAULT
};

struct solution_verdict {
    enum solution_fault fault;
    int32_t vehicle, job; /* where; -1 when it is nowhere in particular */
};

struct solution_verdict solution_check(const struct solver_input *input,
                                       const struct solution *solution);
const char *solution_fault_text(enum solution_fault fault);
