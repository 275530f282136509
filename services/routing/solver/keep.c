/* The way back from a round that was not accepted, and the best plan. */
#include "services/routing/solver/search.h"

void search_begin_round(struct search *search)
{
    const struct plan *plan = &search->plan;

    search->stamp++;
    search->kept_count = 0;
    search->kept_from[0] = 0;
    search->kept_cost = plan->cost;
    search->kept_priority = plan->absent_priority;
    search->kept_penalty = plan->absent_penalty;
    search->kept_absent_count = plan->absent_count;
    memcpy(search->kept_absent, plan->absent, sizeof(int32_t) * (size_t)plan->absent_count);
}

void search_keep(struct search *search, int32_t route)
{
    const struct plan *plan = &search->plan;
    int32_t at = search->kept_from[search->kept_count];

    if (search->kept_at[route] == search->stamp)
        return;
    search->kept_at[route] = search->stamp;
    search->kept_routes[search->kept_count++] = route;
    for (int32_t job = node_at(plan, start_of(plan, route))->next; is_job(plan, job);
         job = node_at(plan, job)->next)
        search->kept_jobs[at++] = job;
    search->kept_from[search->kept_count] = at;
}

static void link_route(struct plan *plan, int32_t route, const int32_t jobs[], int32_t count)
{
    int32_t before = start_of(plan, route), end = end_of(plan, route);
    struct vehicle_state *state = &plan->routes[route];

    state->count = count;
    state->load = 0;
    for (int32_t i = 0; i < count; i++) {
        struct node *node = node_at(plan, jobs[i]);
        node_at(plan, before)->next = jobs[i];
        node->previous = before;
        node->route = route;
        state->load += plan->needs[jobs[i]].load;
        before = jobs[i];
    }
    node_at(plan, before)->next = end;
    node_at(plan, end)->previous = before;
    route_refresh(plan, route);
}

void search_go_back(struct search *search)
{
    struct plan *plan = &search->plan;

    for (int32_t i = 0; i < plan->absent_count; i++)
        plan->absent_at[plan->absent[i]] = NOBODY;
    for (int32_t i = 0; i < search->kept_count; i++)
        link_route(plan, search->kept_routes[i], search->kept_jobs + search->kept_from[i],
                   search->kept_from[i + 1] - search->kept_from[i]);
    plan->absent_count = search->kept_absent_count;
    memcpy(plan->absent, search->kept_absent, sizeof(int32_t) * (size_t)plan->absent_count);
    for (int32_t i = 0; i < plan->absent_count; i++) {
        plan->absent_at[plan->absent[i]] = i;
        node_at(plan, plan->absent[i])->route = NOBODY;
    }
    plan->cost = search->kept_cost;
    plan->absent_priority = search->kept_priority;
    plan->absent_penalty = search->kept_penalty;
}

struct rank rank_of(const struct plan *plan)
{
    return (struct rank){ plan->absent_priority, plan->absent_count,
                          plan->cost - plan->absent_penalty };
}

int rank_compare(const struct rank *a, const struct rank *b)
{
    if (a->priority != b->priority)
        return a->priority < b->priority ? -1 : 1;
    if (a->absent != b->absent)
        return a->absent < b->absent ? -1 : 1;
    return (a->cost > b->cost) - (a->cost < b->cost);
}

static void remember(struct search *search)
{
    const struct plan *plan = &search->plan;

    for (int32_t i = 0; i < search->stale_count; i++) {
        int32_t route = search->stale_routes[i];
        search->is_stale[route] = false;
        for (int32_t at = start_of(plan, route); at != end_of(plan, route);
             at = node_at(plan, at)->next)
            search->best_next[at] = node_at(plan, at)->next;
    }
    search->stale_count = 0;
    search->best = rank_of(plan);
}

void search_remember_all(struct search *search)
{
    search->stale_count = 0;
    for (int32_t route = 0; route < search->plan.vehicles; route++)
        if (is_my_route(&search->plan, route))
            search->stale_routes[search->stale_count++] = route;
    remember(search);
}

void search_accept(struct search *search)
{
    for (int32_t i = 0; i < search->kept_count; i++) {
        int32_t route = search->kept_routes[i];
        if (!search->is_stale[route]) {
            search->is_stale[route] = true;
            search->stale_routes[search->stale_count++] = route;
        }
    }
    struct rank rank = rank_of(&search->plan);
    if (rank_compare(&rank, &search->best) < 0)
        remember(search);
}

static int32_t best_of_route(const struct search *search, int32_t route, int32_t ret_jobs[])
{
    const struct plan *plan = &search->plan;
    int32_t count = 0;

    for (int32_t job = search->best_next[start_of(plan, route)]; is_job(plan, job);
         job = search->best_next[job])
        ret_jobs[count++] = job;
    return count;
}

void search_restore_best(struct search *search)
{
    struct plan *plan = &search->plan;

    for (int32_t job = 0; job < plan->jobs; job++)
        node_at(plan, job)->route = NOBODY;
    for (int32_t route = 0; route < plan->vehicles; route++) {
        int32_t count = best_of_route(search, route, search->kept_jobs);
        link_route(plan, route, search->kept_jobs, count);
    }
    plan->absent_count = 0;
    plan->absent_priority = plan->absent_penalty = 0;
    for (int32_t job = 0; job < plan->jobs; job++) {
        plan->absent_at[job] = NOBODY;
        if (node_at(plan, job)->route != NOBODY)
            continue;
        plan->absent_at[job] = plan->absent_count;
        plan->absent[plan->absent_count++] = job;
        plan->absent_priority += plan->input->jobs[job].priority;
        plan->absent_penalty += plan->penalty[job];
    }
    plan->cost = search->best.cost + plan->absent_penalty;
}
