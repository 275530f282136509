/* What each node of a route keeps about the time before it and after it. */
#include "services/routing/solver/times.h"
#include "services/routing/solver/load.h"

/* Ready at the node behind `before`; false when nothing changed. */
static bool set_ready(struct plan *plan, const struct vehicle_state *route, int32_t before,
                      int32_t at)
{
    struct node *from = node_at(plan, before), *node = node_at(plan, at);
    int32_t arrive[LAYERS_MOST], *ready = ready_of(node);
    bool has_changed = false;

    arrive_over(route, ready_of(from), from->leg, arrive);
    for (int32_t k = 0; k <= route->break_count; k++) {
        int32_t next = arrive[k];
        if (is_job(plan, at)) {
            next = next < NEVER ? begin_at(plan, at, next) : NEVER;
            if (next < NEVER)
                next += busy_after(plan, before, at);
        }
        has_changed |= ready[k] != next;
        ready[k] = next;
    }
    return has_changed;
}

/* Latest begin at a node, from the one behind it; false when nothing changed. */
static bool set_latest(struct plan *plan, const struct vehicle_state *route, int32_t at)
{
    struct node *node = node_at(plan, at), *next = node_at(plan, node->next);
    int32_t by[LAYERS_MOST], *latest = latest_of(plan, node);
    int32_t busy = is_job(plan, at) ? busy_after(plan, node->previous, at) : 0;
    bool has_changed = false;

    ready_by(route, latest_of(plan, next), node->leg, by);
    for (int32_t k = 0; k <= route->break_count; k++) {
        int32_t begin = by[k];
        if (is_job(plan, at))
            begin = begin > -NEVER ? latest_at(plan, at, begin - busy) : -NEVER;
        has_changed |= latest[k] != begin;
        latest[k] = begin;
    }
    return has_changed;
}

static void sum_limits(struct plan *plan, int32_t route)
{
    struct vehicle_state *state = &plan->routes[route];

    state->driven = state->distance = 0;
    for (int32_t at = start_of(plan, route); at != end_of(plan, route);
         at = node_at(plan, at)->next) {
        const struct node *node = node_at(plan, at);
        state->driven += node->leg;
        if (state->roads->distances && node->location != NOBODY &&
            node_at(plan, node->next)->location != NOBODY)
            state->distance +=
                state->roads->distances[(int64_t)node->location * plan->input->location_count +
                                        node_at(plan, node->next)->location];
    }
}

static void refresh_sums(struct plan *plan, int32_t route)
{
    if (plan->has_limits)
        sum_limits(plan, route);
    if (!plan->loads_are_simple)
        load_refresh(plan, route);
}

void route_refresh(struct plan *plan, int32_t route)
{
    const struct vehicle_state *state = &plan->routes[route];
    int32_t start = start_of(plan, route), end = end_of(plan, route);

    for (int32_t at = start; at != end; at = node_at(plan, at)->next) {
        node_at(plan, at)->leg = leg_duration(plan, route, at, node_at(plan, at)->next);
        set_ready(plan, state, at, node_at(plan, at)->next);
    }
    for (int32_t at = node_at(plan, end)->previous; at != NOBODY; at = node_at(plan, at)->previous)
        set_latest(plan, state, at);
    refresh_sums(plan, route);
}

void route_refresh_at(struct plan *plan, int32_t route, int32_t job)
{
    const struct vehicle_state *state = &plan->routes[route];
    int32_t start = start_of(plan, route), end = end_of(plan, route);
    int32_t behind = node_at(plan, job)->next;

    for (int32_t before = node_at(plan, job)->previous; before != end;
         before = node_at(plan, before)->next) {
        int32_t at = node_at(plan, before)->next;
        if (!set_ready(plan, state, before, at) && at != job)
            break;
    }
    /* The one behind may need a setup now, or none any more. */
    if (plan->has_setups && behind != end)
        set_latest(plan, state, behind);
    for (int32_t at = job; at != NOBODY; at = node_at(plan, at)->previous)
        if (!set_latest(plan, state, at) && at != job && at != start)
            break;
    refresh_sums(plan, route);
}

bool route_holds(const struct plan *plan, int32_t route)
{
    const struct vehicle_state *state = &plan->routes[route];
    const struct solver_vehicle *vehicle = &plan->input->vehicles[route];
    struct node *end = node_at(plan, end_of(plan, route));

    if (is_empty(plan, route))
        return true;
    return ready_of(end)[state->break_count] <= vehicle->hours.until &&
           state->count <= state->tasks_most && state->load <= state->room &&
           (!plan->has_limits || (state->driven <= vehicle->duration_most &&
                                  state->distance <= vehicle->distance_most)) &&
           (plan->loads_are_simple || load_holds(plan, route));
}
