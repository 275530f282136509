/* Moves that make the plan cheaper without taking anybody out: a run of up to three jobs elsewhere
 * (relocate, or-opt), two jobs changed (swap), two tails changed (2-opt*). Between two routes each
 * is priced by joining segments, in constant time; inside one route by walking it. Looks only near
 * the neighbours of jobs whose surroundings changed. */
#include "services/routing/solver/plan.h"
#include <assert.h>

enum { LONGEST_RUN = 3 };

/* Whether replacing two routes by these two whole runs helps; NULL is an empty route. */
static bool helps(const struct plan *plan, int32_t a, int32_t b, const struct segment *new_a,
                  const struct segment *new_b)
{
    const struct price none = { 0, 0 };
    struct price price_a = new_a ? plan_price(plan, new_a) : none;
    struct price price_b = new_b ? plan_price(plan, new_b) : none;
    const struct price *old_a = &plan->routes[a].price, *old_b = &plan->routes[b].price;

    return price_below((struct price){ price_a.ms + price_b.ms, price_a.m + price_b.m },
                       (struct price){ old_a->ms + old_b->ms, old_a->m + old_b->m });
}

/* The run jobs[at .. at+count) of a route, priced as driven by vehicle `by`; false when that one
 * may not or cannot. */
static bool run_of(const struct plan *plan, int32_t route, int32_t at, int32_t count, int32_t by,
                   struct segment *ret)
{
    const int32_t *jobs = plan->routes[route].jobs + at;
    struct segment run = plan->alone[jobs[0]];

    for (int32_t i = 0; i < count; i++) {
        struct segment so_far = run;
        if (!plan_may(plan, by, jobs[i]) ||
            (i > 0 && !plan_join(plan, by, &so_far, &plan->alone[jobs[i]], &run)))
            return false;
    }
    *ret = run;
    return true;
}

/* Writes jobs[from .. until) of a route behind what is already in the order. */
static void append(const struct plan *plan, int32_t route, int32_t from, int32_t until,
                   struct order *order)
{
    for (int32_t i = from; i < until; i++)
        order->jobs[order->count++] = plan->routes[route].jobs[i];
}

/* Two routes cut in three each: the parts [a_at, a_until) and [b_at, b_until) change places. */
static void exchange(struct plan *plan, int32_t a, int32_t a_at, int32_t a_until, int32_t b,
                     int32_t b_at, int32_t b_until)
{
    struct order new_a = { a, 0, plan->scratch[0] }, new_b = { b, 0, plan->scratch[1] };

    append(plan, a, 0, a_at, &new_a);
    append(plan, b, b_at, b_until, &new_a);
    append(plan, a, a_until, plan->routes[a].count, &new_a);
    append(plan, b, 0, b_at, &new_b);
    append(plan, a, a_at, a_until, &new_b);
    append(plan, b, b_until, plan->routes[b].count, &new_b);
    plan_set_two(plan, &new_a, &new_b);
}

/* Moves a run of `count` jobs to position `to_at` of another route, if that helps. */
static bool relocate(struct plan *plan, int32_t from, int32_t at, int32_t count, int32_t to,
                     int32_t to_at)
{
    struct segment run, reached, new_from, new_to;
    bool empties = plan->routes[from].count == count;

    if (!run_of(plan, from, at, count, to, &run) ||
        !plan_join(plan, to, plan_head(plan, to, to_at), &run, &reached) ||
        !plan_join(plan, to, &reached, plan_home(plan, to, to_at), &new_to))
        return false;
    if (!empties && !plan_join(plan, from, plan_head(plan, from, at),
                               plan_home(plan, from, at + count), &new_from))
        return false;
    if (!helps(plan, from, to, empties ? NULL : &new_from, &new_to))
        return false;
    exchange(plan, from, at, at + count, to, to_at, to_at);
    return true;
}

static bool replaced(const struct plan *plan, int32_t route, int32_t at, int32_t job,
                     struct segment *ret)
{
    struct segment reached;

    return plan_may(plan, route, job) &&
           plan_join(plan, route, plan_head(plan, route, at), &plan->alone[job], &reached) &&
           plan_join(plan, route, &reached, plan_home(plan, route, at + 1), ret);
}

static bool swap(struct plan *plan, int32_t job, int32_t other)
{
    const struct seat *s = &plan->seats[job], *o = &plan->seats[other];
    struct segment new_a, new_b;

    if (!replaced(plan, s->route, s->position, other, &new_a) ||
        !replaced(plan, o->route, o->position, job, &new_b) ||
        !helps(plan, s->route, o->route, &new_a, &new_b))
        return false;
    exchange(plan, s->route, s->position, s->position + 1, o->route, o->position, o->position + 1);
    return true;
}

/* Whether `taker` may drive the tail of `route` from `at` on. */
static bool may_take_tail(const struct plan *plan, int32_t route, int32_t at, int32_t taker)
{
    if (at == plan->routes[route].count)
        return true;
    const struct seat *seat = &plan->seats[plan->routes[route].jobs[at]];
    return !seat->tail_pinned && (seat->tail_skills & ~plan->input->vehicles[taker].skills) == 0;
}

/* The head of a route up to `at`, the tail of another from `tail_at`, and home. */
static bool with_tail(const struct plan *plan, int32_t route, int32_t at, int32_t other,
                      int32_t tail_at, struct segment *ret)
{
    const struct plan_route *r = &plan->routes[route], *o = &plan->routes[other];
    struct segment reached = *plan_head(plan, route, at), joined;

    if (tail_at < o->count) {
        if (!plan_join(plan, route, &reached, &plan->seats[o->jobs[tail_at]].tail, &joined))
            return false;
        reached = joined;
    }
    return plan_join(plan, route, &reached, &r->end, ret);
}

/* Cuts a before a_at and b before b_at and changes the tails, if that helps. The segments of a tail
 * hold for another vehicle only at the same pace. */
static bool swap_tails(struct plan *plan, int32_t a, int32_t a_at, int32_t b, int32_t b_at)
{
    const struct plan_route *ra = &plan->routes[a], *rb = &plan->routes[b];
    bool empties_a = a_at == 0 && b_at == rb->count, empties_b = b_at == 0 && a_at == ra->count;
    struct segment new_a, new_b;

    if (plan->input->vehicles[a].pace_permille != plan->input->vehicles[b].pace_permille ||
        !may_take_tail(plan, a, a_at, b) || !may_take_tail(plan, b, b_at, a))
        return false;
    if (!empties_a && !with_tail(plan, a, a_at, b, b_at, &new_a))
        return false;
    if (!empties_b && !with_tail(plan, b, b_at, a, a_at, &new_b))
        return false;
    if (!helps(plan, a, b, empties_a ? NULL : &new_a, empties_b ? NULL : &new_b))
        return false;
    exchange(plan, a, a_at, ra->count, b, b_at, rb->count);
    return true;
}

static bool set_if_cheaper(struct plan *plan, const struct order *order)
{
    struct price price;

    if (!plan_try_route(plan, order->route, order->jobs, order->count, &price) ||
        !price_below(price, plan->routes[order->route].price))
        return false;
    plan_set_route(plan, order->route, order->jobs, order->count);
    return true;
}

/* Moves a run inside its route to before what stands at `to_at` (outside the run). */
static bool shift_run(struct plan *plan, int32_t route, int32_t at, int32_t count, int32_t to_at)
{
    struct order order = { route, 0, plan->scratch[0] };

    if (to_at < at) {
        append(plan, route, 0, to_at, &order);
        append(plan, route, at, at + count, &order);
        append(plan, route, to_at, at, &order);
        append(plan, route, at + count, plan->routes[route].count, &order);
    } else {
        append(plan, route, 0, at, &order);
        append(plan, route, at + count, to_at, &order);
        append(plan, route, at, at + count, &order);
        append(plan, route, to_at, plan->routes[route].count, &order);
    }
    return set_if_cheaper(plan, &order);
}

static bool swap_inside(struct plan *plan, int32_t route, int32_t at, int32_t other)
{
    struct order order = { route, 0, plan->scratch[0] };

    append(plan, route, 0, plan->routes[route].count, &order);
    int32_t job = order.jobs[at];
    order.jobs[at] = order.jobs[other];
    order.jobs[other] = job;
    return set_if_cheaper(plan, &order);
}

/* Runs of this length that begin or end with the job, set behind or before its neighbour. */
static bool move_run(struct plan *plan, int32_t job, int32_t neighbour, int32_t count)
{
    const struct seat *s = &plan->seats[job], *n = &plan->seats[neighbour];
    int32_t first = s->position, last = s->position - count + 1;
    bool begins = first + count <= plan->routes[s->route].count, ends = last >= 0;

    if (s->route != n->route)
        return (begins && relocate(plan, s->route, first, count, n->route, n->position + 1)) ||
               (ends && relocate(plan, s->route, last, count, n->route, n->position));
    if (begins && (n->position < first || n->position >= first + count) &&
        n->position + 1 != first && shift_run(plan, s->route, first, count, n->position + 1))
        return true;
    return ends && (n->position < last || n->position > s->position + 1) &&
           shift_run(plan, s->route, last, count, n->position);
}

static bool improve_with(struct plan *plan, int32_t job, int32_t neighbour)
{
    const struct seat *s = &plan->seats[job], *n = &plan->seats[neighbour];

    for (int32_t count = 1; count <= LONGEST_RUN; count++)
        if (move_run(plan, job, neighbour, count))
            return true;
    if (s->route == n->route)
        return swap_inside(plan, s->route, s->position, n->position);
    return swap(plan, job, neighbour) ||
           swap_tails(plan, s->route, s->position + 1, n->route, n->position) ||
           swap_tails(plan, s->route, s->position, n->route, n->position + 1);
}

static bool improve(struct plan *plan, int32_t job)
{
    const struct seat *s = &plan->seats[job];

    for (int i = 0; i < NEIGHBOURS && plan->neighbours[job][i] >= 0; i++) {
        int32_t neighbour = plan->neighbours[job][i];
        if (plan->seats[neighbour].route >= 0 && improve_with(plan, job, neighbour))
            return true;
    }
    for (int32_t v = 0; v < plan->input->vehicle_count; v++)
        if (plan->routes[v].count == 0 && (relocate(plan, s->route, s->position, 1, v, 0) ||
                                           swap_tails(plan, s->route, s->position, v, 0)))
            return true;
    return false;
}

void plan_descend(struct plan *plan)
{
    while (plan->queue_count > 0 && plan_goes_on(plan)) {
        int32_t job = plan->queue[--plan->queue_count];
        plan->queued[job] = false;
        struct solution_cost before = plan->cost;
        bool improved = plan->seats[job].route >= 0 && improve(plan, job);
        assert(!improved || solution_compare(&plan->cost, &before) < 0);
        (void)improved;
    }
}
