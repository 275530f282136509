/* What a round works with: the plan, its neighbours, a way back, the best plan so far. */
#pragma once
#include "lib/domain/random.h"
#include "services/routing/solver/neighbours.h"

/* Where a job would go, and what it would add to the cost. */
struct spot {
    int32_t route; /* NOBODY: nowhere */
    int32_t after;
    int32_t last; /* a shipment ends behind this node; `after` again: right behind its begin */
    int64_t added;
};

/* What is compared of two plans, in this order. */
struct rank {
    int64_t priority, absent; /* of what is left out */
    int64_t cost;             /* of the road */
};

struct search {
    struct plan plan;
    struct neighbours near;
    struct random random;
    int32_t *own, own_count; /* jobs that are its own: all, or those of its part */

    int32_t *pool; /* jobs taken out in this round */
    int32_t pool_count;
    int64_t *keys;         /* by which the pool is sorted */
    int64_t *marked, mark; /* routes that were looked at in this round */
    int32_t *idle;         /* of a team: who was found idle last */
    int32_t until_blink;   /* places until the next that is not looked at */
    double mean_length;    /* of the routes that drive */
    int64_t rounds;
    int32_t beside; /* how many of each list are looked at */

    /* The way back: the routes touched since the round began, as they were. */
    int64_t *kept_at, stamp;
    int32_t *kept_routes, kept_count, *kept_from, *kept_jobs;
    int32_t *kept_absent, kept_absent_count;
    int64_t kept_cost, kept_priority, kept_penalty;

    /* The best plan: the node behind each; routes that differ since are `stale`. */
    int32_t *best_next, *stale_routes, stale_count;
    bool *is_stale;
    struct rank best;
    int64_t began_penalty; /* of a part: what was left out when it began */
};

/* A number from 0 until 1, never 1. */
static inline double random_share(struct random *random)
{
    return (double)(random_next(random) >> 11) * 0x1p-53;
}

static inline int32_t random_index(struct random *random, int32_t count)
{
    return (int32_t)(((random_next(random) >> 32) * (uint64_t)count) >> 32);
}

/* anneal.c: memory for a search whose plan and neighbours are there; every job is its own. */
void search_init(struct arena *arena, struct search *search);
/* `count` steps of the cooling from `first` on; by the pace that is given, else by the options. */
void anneal(struct search *search, const struct solver_options *options, int32_t first,
            int32_t count, const struct pace *given, struct pace *ret_pace);

/* Who of a team does not drive, of its own; NOBODY when all do. spot.c */
int32_t idle_of(struct search *search, int32_t team);

/* keep.c */
struct rank rank_of(const struct plan *plan);
int rank_compare(const struct rank *a, const struct rank *b); /* < 0: a is better */
void search_remember_all(struct search *search); /* the plan as it stands is the best */
void search_begin_round(struct search *search);
void search_keep(struct search *search, int32_t route); /* before it is touched */
void search_go_back(struct search *search);             /* to where the round began */
void search_accept(struct search *search);              /* and remember it when it is the best */
void search_restore_best(struct search *search);

/* ruin.c: fills the pool. */
void ruin(struct search *search);

/* recreate.c: puts the pool back, greedily; false as soon as the cost is sure to exceed `limit`. */
bool recreate(struct search *search, int64_t limit);
/* The same in order of the windows, looking at every place and leaving out only what fits nowhere:
 * the first plan, and the last hand on the best. */
void recreate_all(struct search *search);

/* spot.c: whether kind, loads, tasks and limits allow a job behind node `after`; hours not asked.
 */
bool may_take(const struct plan *plan, int32_t job, int32_t route, int32_t after, int32_t there,
              int32_t onward);
/* Latest begins at a node if `before` stands before it: another setup, another time. */
const int32_t *latest_behind(const struct plan *plan, const struct vehicle_state *state, int32_t at,
                             int32_t before, int32_t buffer[]);
struct spot find_spot(struct search *search, int32_t job, bool may_blink);
/* pairs.c: for a job that begins a shipment. */
struct spot find_pair(struct search *search, int32_t job);
/* Puts the job (and the end of its shipment) there and refreshes the route. */
void take_spot(struct search *search, int32_t job, const struct spot *spot);
