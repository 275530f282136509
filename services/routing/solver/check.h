/* The judge: drives each route of a solution by the input alone. Shares no code with the search. */
#pragma once
#include "services/routing/solver/solve.h"

#define SOLUTION_FAULTS(FAULT)                                                                     \
    FAULT(SOLUTION_HOLDS, "holds")                                                                 \
    FAULT(SOLUTION_JOB_LOST, "a job is neither planned nor left out")                              \
    FAULT(SOLUTION_JOB_TWICE, "a job is there twice")                                              \
    FAULT(SOLUTION_KIND, "the vehicle may not do the job")                                         \
    FAULT(SOLUTION_ROAD, "arrives sooner than the road allows, or drives what is no road")         \
    FAULT(SOLUTION_WINDOW, "begins outside the windows or before the arrival")                     \
    FAULT(SOLUTION_WORK, "work or setup is not as long as it takes")                               \
    FAULT(SOLUTION_BREAK, "a break is missing, out of order, or not within its window")            \
    FAULT(SOLUTION_HOURS, "leaves before or is back after the vehicle's hours")                    \
    FAULT(SOLUTION_LOAD, "carries more than it can")                                               \
    FAULT(SOLUTION_SHIPMENT, "the ends of a shipment are not with one vehicle, in order")          \
    FAULT(SOLUTION_LIMIT, "more tasks, driving or distance than the vehicle's limit")              \
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
