/* Where a shipment fits best: each place for its begin with each later one for its end, along the
 * routes near its begin. */
#include "services/routing/solver/load.h"
#include "services/routing/solver/search.h"
#include "services/routing/solver/times.h"

struct pair {
    int32_t first, second, route;
    const struct vehicle_state *state;
};

/* Ready at `job` when one comes from `before`, ready as given. */
static void carry_on(const struct plan *plan, const struct pair *pair, const int32_t ready[],
                     int32_t before, int32_t job, int32_t ret_ready[])
{
    arrive_over(pair->state, ready, leg_duration(plan, pair->route, before, job), ret_ready);
    for (int32_t k = 0; k <= pair->state->break_count; k++) {
        ret_ready[k] = ret_ready[k] < NEVER ? begin_at(plan, job, ret_ready[k]) : NEVER;
        ret_ready[k] += ret_ready[k] < NEVER ? busy_after(plan, before, job) : 0;
    }
}

static bool is_ready(const struct pair *pair, const int32_t ready[])
{
    for (int32_t k = 0; k <= pair->state->break_count; k++)
        if (ready[k] < NEVER)
            return true;
    return false;
}

/* The route as it would be, walked to its end: the pair's times, its limits and its home. */
static bool rest_holds(const struct plan *plan, const struct pair *pair, const int32_t ready[],
                       int32_t before, int32_t at)
{
    int32_t now[LAYERS_MOST], next[LAYERS_MOST], end = end_of(plan, pair->route);

    memcpy(now, ready, sizeof(int32_t) * (size_t)(pair->state->break_count + 1));
    for (; at != end; before = at, at = node_at(plan, at)->next) {
        carry_on(plan, pair, now, before, at, next);
        if (!is_ready(pair, next))
            return false;
        memcpy(now, next, sizeof(int32_t) * (size_t)(pair->state->break_count + 1));
    }
    arrive_over(pair->state, now, leg_duration(plan, pair->route, before, end), next);
    return next[pair->state->break_count] <= plan->input->vehicles[pair->route].hours.until;
}

static int64_t between(const struct plan *plan, const struct pair *pair, int32_t from, int32_t via,
                       int32_t to)
{
    return (int64_t)leg_cost(plan, pair->route, from, via) + leg_cost(plan, pair->route, via, to);
}

static int64_t added_by(const struct plan *plan, const struct pair *pair, int32_t after,
                        int32_t last)
{
    int32_t behind = node_at(plan, after)->next, later = node_at(plan, last)->next;
    int64_t added = pair->state->count ? -(int64_t)leg_cost(plan, pair->route, after, behind)
                                       : plan->input->vehicles[pair->route].fixed_cost;

    if (after == last)
        return added + leg_cost(plan, pair->route, after, pair->first) +
               between(plan, pair, pair->first, pair->second, behind);
    return added + between(plan, pair, after, pair->first, behind) +
           between(plan, pair, last, pair->second, later) -
           leg_cost(plan, pair->route, last, later);
}

/* Its begin behind `after`; its end tried behind each node from there on. */
static void look_from(struct search *search, const struct pair *pair, int32_t after,
                      struct spot *best)
{
    struct plan *plan = &search->plan;
    int32_t now[LAYERS_MOST], next[LAYERS_MOST], before = pair->first, last = after;

    carry_on(plan, pair, ready_of(node_at(plan, after)), after, pair->first, now);
    while (is_ready(pair, now) && load_fits_on(plan, pair->route, pair->first, last)) {
        int64_t added = added_by(plan, pair, after, last);
        int32_t behind = node_at(plan, last)->next;
        plan->looks++;
        if (added < best->added) {
            carry_on(plan, pair, now, before, pair->second, next);
            if (is_ready(pair, next) && rest_holds(plan, pair, next, pair->second, behind))
                *best = (struct spot){ pair->route, after, last, added };
        }
        if (!is_job(plan, behind))
            return;
        carry_on(plan, pair, now, before, behind, next);
        memcpy(now, next, sizeof now);
        before = last = behind;
    }
}

static void look_along(struct search *search, int32_t job, int32_t route, struct spot *best)
{
    struct plan *plan = &search->plan;
    const struct pair pair = { job, plan->input->jobs[job].carried_to, route,
                               &plan->routes[route] };

    if (search->marked[route] == search->mark)
        return;
    search->marked[route] = search->mark;
    if (!may_do(plan, plan->needs[job].kind, pair.state->kind) ||
        !may_do(plan, plan->needs[pair.second].kind, pair.state->kind) ||
        pair.state->count + 2 > pair.state->tasks_most)
        return;
    for (int32_t at = start_of(plan, route); at != end_of(plan, route);
         at = node_at(plan, at)->next)
        look_from(search, &pair, at, best);
}

struct spot find_pair(struct search *search, int32_t job)
{
    const struct plan *plan = &search->plan;
    const struct neighbours *near = &search->near;
    const int32_t *around = near->around + (int64_t)job * near->around_count;
    const int32_t *homes = near->homes + (int64_t)job * near->home_count;
    struct spot best = { NOBODY, NOBODY, NOBODY, INT64_MAX };

    search->mark++;
    for (int32_t i = 0; i < near->around_count && around[i] != NOBODY; i++)
        if (is_mine(plan, around[i]) && node_at(plan, around[i])->route != NOBODY)
            look_along(search, job, node_at(plan, around[i])->route, &best);
    for (int32_t i = 0; i < near->home_count && homes[i] != NOBODY; i++) {
        int32_t idle = idle_of(search, homes[i]), first = near->team_first[homes[i]];
        if (idle != NOBODY)
            look_along(search, job, idle, &best);
        else if (is_my_route(plan, first))
            look_along(search, job, first, &best);
    }
    return best;
}
