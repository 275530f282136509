/* Where a job fits best: priced in O(1) beside each of its neighbours and at the homes near it. */
#include "services/routing/solver/load.h"
#include "services/routing/solver/search.h"
#include "services/routing/solver/times.h"
#include <math.h>

static const double BLINK = 0.01;

/* A job on the look for its place. */
struct look {
    struct search *search;
    struct plan *plan;
    const struct needs *needs;
    const int32_t *from, *to; /* plain roads from its location, and to it, by location; NULL:
                                 estimated, the same in both directions */
    int32_t job;
    bool may_blink;
    struct spot best;
};

/* One place in a hundred is passed over (section 5.2 of the paper), here by drawing how many are
 * not. */
static inline bool blinks(struct look *look)
{
    struct search *search = look->search;

    if (!look->may_blink || --search->until_blink > 0)
        return false;
    search->until_blink =
        1 + (int32_t)(log(random_share(&search->random) + 1e-300) / log(1 - BLINK));
    return true;
}

/* By plain roads. */
static inline int32_t road_from(const struct look *look, int32_t location)
{
    if (look->from)
        return look->from[location];
    return estimate_between(look->plan->input->roads, look->needs->location, location);
}

static inline int32_t road_to(const struct look *look, int32_t location)
{
    return look->to ? look->to[location] : road_from(look, location);
}

/* ---- does it fit ---- */

const int32_t *latest_behind(const struct plan *plan, const struct vehicle_state *state, int32_t at,
                             int32_t before, int32_t buffer[])
{
    struct node *node = node_at(plan, at);
    int32_t by[LAYERS_MOST], busy;

    if (!plan->has_setups || !is_job(plan, at) || !plan->needs[at].setup)
        return latest_of(plan, node);
    busy = busy_after(plan, before, at);
    ready_by(state, latest_of(plan, node_at(plan, node->next)), node->leg, by);
    for (int32_t k = 0; k <= state->break_count; k++)
        buffer[k] = by[k] > -NEVER ? latest_at(plan, at, by[k] - busy) : -NEVER;
    return buffer;
}

/* As below, for one break with one window, as most have. */
static bool one_break_fits(const struct plan *plan, const struct solver_break *rest, int32_t job,
                           int32_t busy, const int32_t ready[], int32_t there, int32_t onward,
                           const int32_t latest[])
{
    int32_t first = begin_at(plan, job, ready[0] + there), second = ready[1] + there;

    if (first < NEVER) {
        int32_t done = first + busy;
        if (done + onward <= latest[0] || rest_over(rest, done, onward) <= latest[1])
            return true;
    }
    int32_t rested = rest_over(rest, ready[0], there);
    second = begin_at(plan, job, rested < second ? rested : second);
    return second < NEVER && second + busy + onward <= latest[1];
}

static bool times_fit(const struct plan *plan, const struct vehicle_state *state, int32_t job,
                      int32_t after, int32_t there, int32_t onward)
{
    struct node *before = node_at(plan, after);
    int32_t busy = busy_after(plan, after, job), buffer[LAYERS_MOST];
    const int32_t *latest = latest_behind(plan, state, before->next, job, buffer);
    int32_t ready[LAYERS_MOST], arrive[LAYERS_MOST];

    if (!state->break_count) {
        int32_t begin = begin_at(plan, job, ready_of(before)[0] + there);
        return begin < NEVER && begin + busy + onward <= latest[0];
    }
    if (state->break_count == 1 && state->breaks->window_count == 1)
        return one_break_fits(plan, state->breaks, job, busy, ready_of(before), there, onward,
                              latest);
    arrive_over(state, ready_of(before), there, ready);
    for (int32_t k = 0; k <= state->break_count; k++) {
        ready[k] = ready[k] < NEVER ? begin_at(plan, job, ready[k]) : NEVER;
        ready[k] += ready[k] < NEVER ? busy : 0;
    }
    arrive_over(state, ready, onward, arrive);
    for (int32_t k = 0; k <= state->break_count; k++)
        if (arrive[k] <= latest[k])
            return true;
    return false;
}

static bool limits_allow(const struct plan *plan, int32_t route, int32_t job, int32_t after,
                         int64_t longer)
{
    const struct solver_vehicle *vehicle = &plan->input->vehicles[route];
    const struct vehicle_state *state = &plan->routes[route];
    struct solver_roads metres = { .durations = state->roads->distances };
    int32_t from = node_at(plan, after)->location, via = node_at(plan, job)->location;
    int32_t to = node_at(plan, node_at(plan, after)->next)->location;
    int64_t farther = 0;

    if (metres.durations)
        farther = (int64_t)duration_between(plan, &metres, from, via) +
                  duration_between(plan, &metres, via, to) -
                  (state->count ? duration_between(plan, &metres, from, to) : 0);
    return (state->count ? state->driven : 0) + longer <= vehicle->duration_most &&
           (state->count ? state->distance : 0) + farther <= vehicle->distance_most;
}

bool may_take(const struct plan *plan, int32_t job, int32_t route, int32_t after, int32_t there,
              int32_t onward)
{
    const struct vehicle_state *state = &plan->routes[route];
    const struct needs *needs = &plan->needs[job];

    if (!may_do(plan, needs->kind, state->kind) || state->load + needs->load > state->room ||
        state->count >= state->tasks_most)
        return false;
    if (plan->has_limits &&
        !limits_allow(plan, route, job, after,
                      (int64_t)there + onward - (state->count ? node_at(plan, after)->leg : 0)))
        return false;
    return plan->loads_are_simple || load_fits(plan, route, job, after);
}

/* Whether it may go there, its price being good enough. */
static bool fits(const struct plan *plan, int32_t job, int32_t route, int32_t after, int32_t there,
                 int32_t onward)
{
    return may_take(plan, job, route, after, there, onward) &&
           times_fit(plan, &plan->routes[route], job, after, there, onward);
}

/* ---- one place ---- */

/* Roads by one table, which is what they cost, too. */
static inline void look_plain(struct look *look, int32_t after, const struct node *before,
                              int32_t there, int32_t onward)
{
    int64_t added = (int64_t)there + onward - before->leg;

    /* Most end here, before anything of the route is read: too dear, or too late even without a
     * break. */
    if (added >= look->best.added || before->times[0] + there > look->needs->close)
        return;
    int32_t route = before->route;
    if (!look->plan->routes[route].count) { /* one that drives at all */
        added = (int64_t)there + onward;
        if (added >= look->best.added)
            return;
    }
    if (fits(look->plan, look->job, route, after, there, onward))
        look->best = (struct spot){ route, after, after, added };
}

static void look_general(struct look *look, int32_t after)
{
    const struct plan *plan = look->plan;
    int32_t route = node_at(plan, after)->route, behind = node_at(plan, after)->next;
    int64_t added =
        (int64_t)leg_cost(plan, route, after, look->job) + leg_cost(plan, route, look->job, behind);

    added += plan->routes[route].count ? -leg_cost(plan, route, after, behind)
                                       : plan->input->vehicles[route].fixed_cost;
    if (added >= look->best.added)
        return;
    if (fits(plan, look->job, route, after, leg_duration(plan, route, after, look->job),
             leg_duration(plan, route, look->job, behind)))
        look->best = (struct spot){ route, after, after, added };
}

static void look_after(struct look *look, int32_t after)
{
    const struct plan *plan = look->plan;
    const struct node *before = node_at(plan, after);

    look->plan->looks++;
    if (plan->is_plain)
        look_plain(look, after, before, road_to(look, before->location),
                   road_from(look, node_at(plan, before->next)->location));
    else
        look_general(look, after);
}

/* ---- beside its neighbours: one of the two roads is known already ---- */

static void look_behind_each(struct look *look, const struct near_job near[], int32_t count)
{
    const struct plan *plan = look->plan;

    for (int32_t i = 0; i < count && near[i].job != NOBODY; i++) {
        const struct node *before = node_at(plan, near[i].job);
        if (!is_mine(plan, near[i].job) || before->route == NOBODY || blinks(look))
            continue;
        look_plain(look, near[i].job, before, near[i].duration,
                   road_from(look, node_at(plan, before->next)->location));
    }
}

static void look_before_each(struct look *look, const struct near_job near[], int32_t count)
{
    const struct plan *plan = look->plan;

    for (int32_t i = 0; i < count && near[i].job != NOBODY; i++) {
        const struct node *behind = node_at(plan, near[i].job);
        if (!is_mine(plan, near[i].job) || behind->route == NOBODY || blinks(look))
            continue;
        const struct node *before = node_at(plan, behind->previous);
        look_plain(look, behind->previous, before, road_to(look, before->location),
                   near[i].duration);
    }
}

static void look_beside_each(struct look *look, const struct near_job near[], int32_t count,
                             bool is_before)
{
    for (int32_t i = 0; i < count && near[i].job != NOBODY; i++) {
        const struct node *beside = node_at(look->plan, near[i].job);
        if (is_mine(look->plan, near[i].job) && beside->route != NOBODY && !blinks(look))
            look_general(look, is_before ? beside->previous : near[i].job);
    }
}

/* ---- at homes ---- */

/* A vehicle that does not drive yet, of a team whose vehicles are alike; NOBODY when all do. Looked
 * for from the one that was found last. */
int32_t idle_of(struct search *search, int32_t team)
{
    const struct neighbours *near = &search->near;
    int32_t from = search->idle[team], route = from;

    while (!is_my_route(&search->plan, route) || search->plan.routes[route].count) {
        route = near->team_next[route] == NOBODY ? near->team_first[team] : near->team_next[route];
        if (route == from)
            return NOBODY;
    }
    return search->idle[team] = route;
}

static void look_at_homes(struct look *look)
{
    struct search *search = look->search;
    const struct neighbours *near = &search->near;
    const int32_t *homes = near->homes + (int64_t)look->job * near->home_count;

    for (int32_t i = 0; i < near->home_count && homes[i] != NOBODY; i++) {
        if (blinks(look))
            continue;
        int32_t idle = idle_of(search, homes[i]), first = near->team_first[homes[i]];
        if (idle != NOBODY)
            look_after(look, start_of(look->plan, idle));
        if (near->team_next[first] != NOBODY || idle == first || !is_my_route(look->plan, first))
            continue;
        look_after(look, start_of(look->plan, first));
        look_after(look, node_at(look->plan, end_of(look->plan, first))->previous);
    }
}

struct spot find_spot(struct search *search, int32_t job, bool may_blink)
{
    const struct neighbours *near = &search->near;
    const struct near_job *before = near->before + (int64_t)job * near->beside_count;
    const struct near_job *behind = near->behind + (int64_t)job * near->beside_count;
    struct plan *plan = &search->plan;
    struct look look = { .search = search,
                         .plan = plan,
                         .needs = &plan->needs[job],
                         .job = job,
                         .may_blink = may_blink,
                         .best = { NOBODY, NOBODY, NOBODY, INT64_MAX } };

    plan->looks += 2 * (int64_t)search->beside;
    if (plan->backward) {
        int64_t row = (int64_t)look.needs->location * plan->input->location_count;
        look.from = plan->input->roads[0].durations + row;
        look.to = plan->backward + row;
    }
    if (plan->is_plain) {
        look_behind_each(&look, before, search->beside);
        look_before_each(&look, behind, search->beside);
    } else {
        look_beside_each(&look, before, search->beside, false);
        look_beside_each(&look, behind, search->beside, true);
    }
    look_at_homes(&look);
    return look.best;
}

void take_spot(struct search *search, int32_t job, const struct spot *spot)
{
    struct plan *plan = &search->plan;
    int32_t end = plan->input->jobs[job].carried_to;

    search_keep(search, spot->route);
    plan_put(plan, job, spot->after, spot->route);
    if (end == NOBODY) {
        route_refresh_at(plan, spot->route, job);
        return;
    }
    plan_put(plan, end, spot->last == spot->after ? job : spot->last, spot->route);
    route_refresh(plan, spot->route);
}
