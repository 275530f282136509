/* Takes out strings of jobs around one of them (section 5.1 of the paper): from each of the
 * nearest routes some that follow each other, or a string with a few in its middle left in. */
#include "services/routing/solver/search.h"

static const double MEAN_TAKEN = 10, LONGEST_STRING = 10, SPLIT_SHARE = 0.5, SPLIT_GROWS = 0.5,
                    SEED_ABSENT = 0.3;

enum { ABSENT_MOST = 12, MEAN_EVERY = 1000 };

static void mean_length(struct search *search)
{
    const struct plan *plan = &search->plan;
    int32_t driving = 0, jobs = 0;

    for (int32_t route = 0; route < plan->vehicles; route++) {
        if (!is_my_route(plan, route))
            continue;
        driving += plan->routes[route].count > 0;
        jobs += plan->routes[route].count;
    }
    search->mean_length = driving ? (double)jobs / driving : 1;
}

/* Some of those left out try again each round. */
static void pool_absent(struct search *search)
{
    const struct plan *plan = &search->plan;
    int32_t count = plan->absent_count < ABSENT_MOST ? plan->absent_count : ABSENT_MOST;

    search->pool_count = 0;
    for (int32_t i = 0; i < count; i++) {
        int32_t pick = plan->absent_count > ABSENT_MOST
                           ? random_index(&search->random, plan->absent_count)
                           : i;
        int32_t job = plan->absent[pick];
        search->pool[search->pool_count++] =
            plan->brought_by[job] == NOBODY ? job : plan->brought_by[job];
    }
    /* Drawn twice, it would be put in twice. */
    for (int32_t i = 0; i < search->pool_count; i++)
        for (int32_t k = i + 1; k < search->pool_count; k++)
            if (search->pool[i] == search->pool[k])
                search->pool[k--] = search->pool[--search->pool_count];
}

static void take_job(struct search *search, int32_t job)
{
    plan_take(&search->plan, job);
    search->pool[search->pool_count++] = job;
}

/* A shipment goes out as a whole. */
static void take_out(struct search *search, int32_t job)
{
    const struct plan *plan = &search->plan;
    int32_t other = plan->input->jobs[job].carried_to;

    if (other == NOBODY)
        other = plan->brought_by[job];
    take_job(search, job);
    if (other != NOBODY && node_at(plan, other)->route != NOBODY)
        take_job(search, other);
}

/* The first of `total` neighbours on the route, `job` among them, at random. */
static int32_t string_begin(struct search *search, int32_t job, int32_t total)
{
    const struct plan *plan = &search->plan;
    int32_t first = job, back = random_index(&search->random, total), room = 0;

    while (back > 0 && is_job(plan, node_at(plan, first)->previous)) {
        first = node_at(plan, first)->previous;
        back--;
    }
    for (int32_t at = first; is_job(plan, at) && room < total; at = node_at(plan, at)->next)
        room++;
    for (; room < total && is_job(plan, node_at(plan, first)->previous); room++)
        first = node_at(plan, first)->previous;
    return first;
}

/* How many in the middle of the string stay. */
static int32_t draw_left_in(struct search *search, int32_t taken, int32_t count)
{
    int32_t left_in = 1;

    if (taken < 2 || taken >= count || random_share(&search->random) >= SPLIT_SHARE)
        return 0;
    while (taken + left_in < count && random_share(&search->random) > SPLIT_GROWS)
        left_in++;
    return left_in;
}

static void take_string(struct search *search, int32_t job, double longest)
{
    struct plan *plan = &search->plan;
    int32_t route = node_at(plan, job)->route, count = plan->routes[route].count;
    double most = count < longest ? count : longest;
    int32_t taken = (int32_t)(1 + random_share(&search->random) * most);

    if (taken > count)
        taken = count;
    int32_t left_in = draw_left_in(search, taken, count);
    int32_t at = string_begin(search, job, taken + left_in);
    int32_t until_left = left_in ? 1 + random_index(&search->random, taken - 1) : 0;
    for (int32_t out = 0, stayed = 0; out < taken && is_job(plan, at);) {
        int32_t next = node_at(plan, at)->next;
        if (out == until_left && stayed < left_in && at != job) {
            stayed++;
        } else {
            bool is_next_gone =
                plan->input->jobs[at].carried_to == next || plan->brought_by[at] == next;
            if (is_next_gone && is_job(plan, next))
                next = node_at(plan, next)->next;
            take_out(search, at);
            out++;
        }
        at = next;
    }
    route_refresh(plan, route);
    /* Roads may be so that the rest does not hold without what was between. */
    while (!route_holds(plan, route)) {
        take_out(search, node_at(plan, start_of(plan, route))->next);
        route_refresh(plan, route);
    }
}

/* For one who is left out, only the routes that may take him. */
static bool is_worth(const struct search *search, int32_t seed, int32_t route)
{
    const struct plan *plan = &search->plan;

    return node_at(plan, seed)->route != NOBODY ||
           may_do(plan, plan->needs[seed].kind, plan->routes[route].kind);
}

void ruin(struct search *search)
{
    struct plan *plan = &search->plan;
    int32_t seed = search->own[random_index(&search->random, search->own_count)];

    if (search->rounds % MEAN_EVERY == 0)
        mean_length(search);
    double longest = LONGEST_STRING < search->mean_length ? LONGEST_STRING : search->mean_length;
    double most = 4 * MEAN_TAKEN / (1 + longest) - 1;
    int32_t strings = (int32_t)(1 + random_share(&search->random) * most), done = 0;

    pool_absent(search);
    if (plan->absent_count && random_share(&search->random) < SEED_ABSENT)
        seed = plan->absent[random_index(&search->random, plan->absent_count)];
    search->mark++;
    const int32_t *around = search->near.around + (int64_t)seed * search->near.around_count;
    for (int32_t i = -1; i < search->near.around_count && done < strings; i++) {
        int32_t job = i < 0 ? seed : around[i];
        if (job == NOBODY)
            break;
        if (!is_mine(plan, job))
            continue;
        int32_t route = node_at(plan, job)->route;
        if (route == NOBODY || search->marked[route] == search->mark ||
            !is_worth(search, seed, route))
            continue;
        search->marked[route] = search->mark;
        done++;
        search_keep(search, route);
        take_string(search, job, longest);
    }
}
