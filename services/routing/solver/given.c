/* Routes as they were handed in. What does not hold of them is left for the search. */
#include "services/routing/solver/given.h"

static bool is_free(const struct plan *plan, int32_t job, int32_t route)
{
    return job >= 0 && job < plan->jobs && node_at(plan, job)->route == NOBODY &&
           may_do(plan, plan->needs[job].kind, plan->routes[route].kind);
}

static int32_t last_of(const struct plan *plan, int32_t route)
{
    return node_at(plan, end_of(plan, route))->previous;
}

static void empty_route(struct plan *plan, int32_t route)
{
    while (!is_empty(plan, route))
        plan_take(plan, last_of(plan, route));
    route_refresh(plan, route);
}

/* Both ends of a shipment, in order, or neither. */
static bool is_whole(const struct plan *plan, int32_t route)
{
    for (int32_t job = node_at(plan, start_of(plan, route))->next; is_job(plan, job);
         job = node_at(plan, job)->next) {
        int32_t end = plan->input->jobs[job].carried_to, at = job;
        if (plan->brought_by[job] != NOBODY && node_at(plan, plan->brought_by[job])->route != route)
            return false;
        while (end != NOBODY && at != end && is_job(plan, at))
            at = node_at(plan, at)->next;
        if (end != NOBODY && at != end)
            return false;
    }
    return true;
}

/* A given route holds as a whole, or job by job as far as it does. */
static void take_given(struct plan *plan, int32_t route, const struct given_route *given)
{
    for (int32_t i = 0; i < given->count; i++)
        if (is_free(plan, given->jobs[i], route))
            plan_put(plan, given->jobs[i], last_of(plan, route), route);
    route_refresh(plan, route);
    if (route_holds(plan, route) && is_whole(plan, route))
        return;
    empty_route(plan, route);
    for (int32_t i = 0; i < given->count; i++) {
        int32_t job = given->jobs[i];
        if (!is_free(plan, job, route) || plan->brought_by[job] != NOBODY ||
            plan->input->jobs[job].carried_to != NOBODY)
            continue;
        plan_put(plan, job, last_of(plan, route), route);
        route_refresh(plan, route);
        if (route_holds(plan, route))
            continue;
        plan_take(plan, job);
        route_refresh(plan, route);
    }
}

void take_given_routes(struct plan *plan)
{
    for (int32_t route = 0; plan->input->given && route < plan->vehicles; route++)
        take_given(plan, route, &plan->input->given[route]);
}
