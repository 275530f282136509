/* The plan under way: routes as linked nodes, each with what decides in O(1) whether one more job
 * fits before it. Of the search alone; callers see solve.h. */
#pragma once
#include "services/routing/solver/points.h"
#include "services/routing/solver/solve.h"
#include <string.h>

enum {
    NEVER = 1 << 29, /* later than any time */
    LAYERS_MOST = BREAKS_MOST + 1
};

/* Nodes 0 .. jobs-1 are jobs, then come the vehicles' starts, then their ends. */
struct node { /* what a look at a place needs, and no more */
    int32_t next, previous;
    int32_t route; /* NOBODY: left out */
    int32_t leg;   /* duration of the road to the next */
    int32_t location;
    /* By how many breaks were taken before it, k = 0 .. layers-1: earliest moment at which it is
     * ready to leave (NEVER: it cannot be), then, from times[layers] on, latest moment at which it
     * may be begun so that the rest of the route holds (-NEVER: it may not). */
    int32_t times[];
};

struct needs { /* of a job, whatever route it is on */
    int32_t location;
    int32_t open, close; /* of the only window, or of the first and last of many */
    int32_t window_count;
    int32_t setup, work;
    int32_t load; /* its amount where loads are simple */
    int32_t kind;
};

struct vehicle_state {
    int32_t kind, count;
    int64_t load, room; /* simple load on it, simple capacity */
    int32_t tasks_most, break_count;
    const struct solver_break *breaks;
    const struct solver_roads *roads;
    int64_t driven, distance; /* kept where a limit asks for it */
};

struct plan {
    const struct solver_input *input;
    unsigned char *nodes; /* struct node, `stride` bytes each */
    size_t stride;
    struct needs *needs; /* of each job */
    int32_t layers;
    int32_t jobs, vehicles;
    struct vehicle_state *routes;
    int64_t cost; /* of roads, of vehicles that drive, and of the penalties of what is left out */
    int64_t *penalty;            /* of a job that is left out */
    int32_t *absent, *absent_at; /* jobs left out, and where each stands among them or NOBODY */
    int32_t absent_count;
    int64_t absent_priority, absent_penalty; /* sums over them */
    int32_t *brought_by;   /* a job that ends a shipment: the one that begins it, else NOBODY */
    int64_t *highest;      /* loads that are not simple: load.h */
    bool loads_are_simple; /* one amount at most, and all of it delivered */
    bool has_limits;       /* of duration or distance */
    bool has_setups;
    bool is_plain;           /* one kind of roads, a table, whose costs are the durations */
    const int32_t *backward; /* that table by where roads lead to; the same one if symmetric */
    int64_t looks;
    /* Of a search that shares the plan with others: whose job and route is whose. NULL: all are
     * its own. */
    const int32_t *part_of_job, *part_of_route;
    int32_t part;
};

static inline struct node *node_at(const struct plan *plan, int32_t i)
{
    return (void *)(plan->nodes + (size_t)i * plan->stride);
}

static inline int32_t start_of(const struct plan *plan, int32_t route)
{
    return plan->jobs + route;
}

static inline int32_t end_of(const struct plan *plan, int32_t route)
{
    return plan->jobs + plan->vehicles + route;
}

static inline bool is_job(const struct plan *plan, int32_t node)
{
    return node < plan->jobs;
}

/* What is another's is not even looked at: it changes meanwhile. */
static inline bool is_mine(const struct plan *plan, int32_t job)
{
    return !plan->part_of_job || plan->part_of_job[job] == plan->part;
}

static inline bool is_my_route(const struct plan *plan, int32_t route)
{
    return !plan->part_of_route || plan->part_of_route[route] == plan->part;
}

static inline bool is_empty(const struct plan *plan, int32_t route)
{
    return !is_job(plan, node_at(plan, start_of(plan, route))->next);
}

static inline bool may_do(const struct plan *plan, int32_t job_kind, int32_t vehicle_kind)
{
    return plan->input->allowed[job_kind * plan->input->vehicle_kinds + vehicle_kind];
}

static inline int32_t duration_between(const struct plan *plan, const struct solver_roads *roads,
                                       int32_t from, int32_t to)
{
    if (from == NOBODY || to == NOBODY)
        return 0;
    if (roads->durations)
        return roads->durations[(int64_t)from * plan->input->location_count + to];
    return estimate_between(roads, from, to);
}

static inline int32_t cost_between(const struct plan *plan, const struct solver_roads *roads,
                                   int32_t from, int32_t to)
{
    if (!roads->costs)
        return duration_between(plan, roads, from, to);
    if (from == NOBODY || to == NOBODY)
        return 0;
    return roads->costs[(int64_t)from * plan->input->location_count + to];
}

/* Between two nodes, by the roads of a route. */
static inline int32_t leg_duration(const struct plan *plan, int32_t route, int32_t from, int32_t to)
{
    return duration_between(plan, plan->routes[route].roads, node_at(plan, from)->location,
                            node_at(plan, to)->location);
}

static inline int32_t leg_cost(const struct plan *plan, int32_t route, int32_t from, int32_t to)
{
    return cost_between(plan, plan->routes[route].roads, node_at(plan, from)->location,
                        node_at(plan, to)->location);
}

/* An empty plan: every job left out. Borrows the input. */
void plan_init(struct arena *arena, struct plan *plan, const struct solver_input *input);

/* What the input says now of a job that is left out. */
void plan_read_job(struct plan *plan, int32_t job);

/* Puts a job that is left out behind node `after` of the route, or takes one out; cost, absence and
 * loads follow, times and limits do not: route_refresh, or route_refresh_at for the one put in. */
void plan_put(struct plan *plan, int32_t job, int32_t after, int32_t route);
void plan_take(struct plan *plan, int32_t job);

/* Recomputes what a route keeps at its nodes. */
void route_refresh(struct plan *plan, int32_t route);
void route_refresh_at(struct plan *plan, int32_t route, int32_t job);
bool route_holds(const struct plan *plan, int32_t route); /* as it stands after a refresh */
