/* Puts jobs back one after another, each where it adds least (section 5.2 of the paper). */
#include "services/routing/solver/search.h"
#include <stdlib.h>

enum order {
    BY_CHANCE,
    BY_LOAD,
    BY_FAR,
    BY_NEAR,
    BY_WINDOW,
    BY_OPEN,
    BY_CLOSE,
    BY_PENALTY,
    ORDERS
};

static const int32_t WEIGHTS[ORDERS] = { 4, 4, 2, 1, 2, 2, 2, 3 };

static enum order draw_order(struct random *random)
{
    int32_t sum = 0, order = 0;

    for (int32_t i = 0; i < ORDERS; i++)
        sum += WEIGHTS[i];
    for (int32_t left = random_index(random, sum); left >= WEIGHTS[order]; order++)
        left -= WEIGHTS[order];
    return (enum order)order;
}

static int64_t key_of(struct search *search, enum order order, int32_t job)
{
    const struct needs *needs = &search->plan.needs[job];

    switch (order) {
    case BY_CHANCE:
        return (int64_t)(random_next(&search->random) >> 1);
    case BY_LOAD: /* hard to place first: much to carry, few who may do it */
        return search->near.reach[job] - (int64_t)needs->load * 1000;
    case BY_FAR:
        return -search->near.alone[job];
    case BY_NEAR:
        return search->near.alone[job];
    case BY_WINDOW:
        return needs->close - needs->open;
    case BY_OPEN:
        return needs->open;
    case BY_CLOSE:
        return -needs->close;
    default:
        return -search->plan.penalty[job];
    }
}

static void sort_pool(struct search *search, enum order order)
{
    for (int32_t i = 0; i < search->pool_count; i++) {
        int32_t job = search->pool[i], at = i;
        int64_t key = key_of(search, order, job);
        for (; at > 0 && search->keys[at - 1] > key; at--) {
            search->pool[at] = search->pool[at - 1];
            search->keys[at] = search->keys[at - 1];
        }
        search->pool[at] = job;
        search->keys[at] = key;
    }
}

/* With the other end of its shipment. */
static int64_t penalty_of(const struct plan *plan, int32_t job)
{
    int32_t end = plan->input->jobs[job].carried_to;

    return plan->penalty[job] + (end == NOBODY ? 0 : plan->penalty[end]);
}

/* A shipment may be found to exceed a limit only when it is in; then it is taken out again. */
static bool is_taken(struct search *search, int32_t job, const struct spot *spot)
{
    struct plan *plan = &search->plan;
    int32_t end = plan->input->jobs[job].carried_to;

    take_spot(search, job, spot);
    if (end == NOBODY || route_holds(plan, spot->route))
        return true;
    plan_take(plan, end);
    plan_take(plan, job);
    route_refresh(plan, spot->route);
    return false;
}

/* What it adds to the cost, be it that it stays out. */
static int64_t put_back(struct search *search, int32_t job)
{
    const struct plan *plan = &search->plan;
    int64_t penalty = penalty_of(plan, job);
    struct spot spot = plan->input->jobs[job].carried_to == NOBODY ? find_spot(search, job, true)
                                                                   : find_pair(search, job);

    if (spot.route == NOBODY || spot.added > penalty || !is_taken(search, job, &spot))
        return penalty;
    return spot.added;
}

bool recreate(struct search *search, int64_t limit)
{
    const struct plan *plan = &search->plan;
    int64_t sure = plan->cost;

    sort_pool(search, draw_order(&search->random));
    for (int32_t i = 0; i < search->pool_count; i++)
        if (plan->brought_by[search->pool[i]] == NOBODY)
            sure -= penalty_of(plan, search->pool[i]);
    for (int32_t i = 0; i < search->pool_count; i++) {
        int32_t job = search->pool[i];
        if (plan->brought_by[job] != NOBODY)
            continue; /* goes with what begins it */
        sure += put_back(search, job);
        if (sure > limit)
            return false;
    }
    return plan->cost <= limit;
}

struct turn_of {
    int64_t key;
    int32_t job;
};

static int compare(const void *a, const void *b)
{
    const struct turn_of *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->job < y->job ? -1 : 1;
}

void recreate_all(struct search *search)
{
    const struct plan *plan = &search->plan;
    int32_t count = plan->absent_count;
    struct arena arena = { 0 };
    struct turn_of *turns = ARENA_ARRAY(&arena, struct turn_of, (size_t)count + 1);

    for (int32_t i = 0; i < count; i++) {
        int32_t job = plan->absent[i];
        turns[i] = (struct turn_of){
            plan->needs[job].close - (int64_t)plan->input->jobs[job].priority * HORIZON, job
        };
    }
    qsort(turns, (size_t)count, sizeof turns[0], compare);
    for (int32_t i = 0; i < count; i++) {
        int32_t job = turns[i].job;
        if (plan->brought_by[job] != NOBODY)
            continue;
        struct spot spot = plan->input->jobs[job].carried_to == NOBODY
                               ? find_spot(search, job, false)
                               : find_pair(search, job);
        if (spot.route != NOBODY)
            is_taken(search, job, &spot);
    }
    arena_done(&arena);
}
