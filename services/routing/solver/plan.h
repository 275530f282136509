/* The plan that the search works on: routes that always keep every rule, the jobs left out, and the
 * running cost. Every change goes through plan_set_route and can be undone as a whole. */
#pragma once
#include "lib/domain/random.h"
#include "services/routing/solver/segment.h"
#include "services/routing/solver/solve.h"

enum { NEIGHBOURS = 24 };

/* The cost of driving, or a change of it; metres decide only between equal times. */
struct price {
    int64_t ms, m;
};

static inline bool price_below(struct price a, struct price b)
{
    return a.ms != b.ms ? a.ms < b.ms : a.m < b.m;
}

struct seat {            /* where a job is, and what lies on its two sides */
    int32_t route;       /* -1: left out */
    int32_t position;    /* in its route, or among those left out */
    struct segment head; /* from the start of the shift to this job */
    struct segment tail; /* from this job to the last */
    struct segment home; /* from this job to the end of the shift */
    uint64_t tail_skills;
    bool tail_pinned; /* a job from here on may not change its vehicle */
};

struct plan_route {
    int32_t *jobs;
    int32_t count, capacity;
    struct segment start, end; /* the two ends of the shift */
    struct price price;
    int64_t saved_in; /* the change in which the order was saved; see plan_begin */
};

struct saved_route {
    int32_t route, count;
    int32_t *jobs;
};

struct plan {
    struct arena *arena;
    const struct solver_input *input; /* jobs in canonical order */
    struct random random;
    const struct solver_options *options;
    bool stopped;

    struct segment *alone;             /* each job by itself */
    int32_t (*neighbours)[NEIGHBOURS]; /* nearest in road and time first; -1 ends */
    struct seat *seats;
    struct plan_route *routes;
    int32_t *left_out;
    struct solution_cost cost;

    int64_t change; /* number of the change under way */
    struct saved_route *saved;
    int32_t saved_count;
    int32_t *saved_jobs, saved_used; /* job_count of them is enough: a job is in one route */

    int32_t *queue, queue_count; /* jobs whose surroundings changed; local search looks there */
    bool *queued;
    int32_t *scratch[2]; /* routes being built, job_count long */
};

/* An empty plan; everything left out. */
struct plan *plan_new(struct arena *arena, const struct solver_input *input,
                      const struct solver_options *options);

bool plan_may(const struct plan *plan, int32_t route, int32_t job); /* skills and pin */
bool plan_join(const struct plan *plan, int32_t route, const struct segment *a,
               const struct segment *b, struct segment *ret); /* by the vehicle's pace */
struct price plan_price(const struct plan *plan, const struct segment *whole);
/* What is before position `at` and from it on, both with the end of the shift on their side. */
const struct segment *plan_head(const struct plan *plan, int32_t route, int32_t at);
const struct segment *plan_home(const struct plan *plan, int32_t route, int32_t at);
/* The price of a route with these jobs; false when a rule would break. */
bool plan_try_route(const struct plan *plan, int32_t route, const int32_t jobs[], int32_t count,
                    struct price *ret_price);
/* The moment to leave so that these jobs take the least time in all; they must keep the rules. */
timestamp plan_leave_at(const struct plan *plan, int32_t route, const int32_t jobs[],
                        int32_t count);

/* Makes these the route's jobs. They must keep the rules. Jobs that drop out are left out, jobs
 * that come in must be left out before. */
void plan_set_route(struct plan *plan, int32_t route, const int32_t jobs[], int32_t count);
/* The same for two routes at once, which may change jobs; `jobs` are not those of a route. */
struct order {
    int32_t route, count;
    int32_t *jobs;
};
void plan_set_two(struct plan *plan, const struct order *a, const struct order *b);
void plan_insert(struct plan *plan, int32_t route, int32_t at, int32_t job);

void plan_begin(struct plan *plan); /* a change that plan_undo can take back begins here */
void plan_undo(struct plan *plan);
void plan_look_everywhere(struct plan *plan); /* queues every job that has a route */
bool plan_goes_on(struct plan *plan);         /* the caller's keep_going, remembered once false */

/* ---- insertion.c ---- */
struct spot {          /* where a job would go */
    int32_t route, at; /* route -1: nowhere */
    struct price added;
};

struct spot plan_best_spot(const struct plan *plan, int32_t route, int32_t job);
void plan_fill(struct plan *plan); /* puts in what fits of the jobs left out */

/* ---- local_search.c ---- */
void plan_descend(struct plan *plan); /* from the queue, until no move helps */

/* ---- rebuild.c ---- */
void plan_rebuild(struct plan *plan); /* takes related jobs out and puts them back; may end worse */
