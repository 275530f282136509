/* Keeps routes, segments, the set of jobs left out and the cost in step. */
#include "services/routing/solver/plan.h"
#include <assert.h>
#include <string.h>

static void find_neighbours(struct plan *plan);

static struct segment shift_end(const struct solver_vehicle *vehicle, int32_t node)
{
    return (struct segment){
        .earliest = vehicle->shift.from, .latest = vehicle->shift.until, .first = node, .last = node
    };
}

static void leave_out(struct plan *plan, int32_t job)
{
    plan->seats[job].route = -1;
    plan->seats[job].position = plan->cost.left_out_count;
    plan->left_out[plan->cost.left_out_count++] = job;
    plan->cost.left_out_priority += plan->input->jobs[job].priority;
    plan->cost.left_out_pinned += plan->input->jobs[job].fixed_vehicle != NO_VEHICLE;
}

static void take_in(struct plan *plan, int32_t job)
{
    int32_t hole = plan->seats[job].position;
    int32_t mover = plan->left_out[--plan->cost.left_out_count];

    assert(plan->seats[job].route < 0);
    plan->left_out[hole] = mover;
    plan->seats[mover].position = hole;
    plan->cost.left_out_priority -= plan->input->jobs[job].priority;
    plan->cost.left_out_pinned -= plan->input->jobs[job].fixed_vehicle != NO_VEHICLE;
}

struct plan *plan_new(struct arena *arena, const struct solver_input *input,
                      const struct solver_options *options)
{
    struct plan *plan = ARENA_NEW(arena, struct plan);
    size_t jobs = (size_t)input->job_count, vehicles = (size_t)input->vehicle_count;

    plan->arena = arena;
    plan->input = input;
    plan->options = options;
    plan->random.state = options->seed;
    plan->alone = ARENA_ARRAY(arena, struct segment, jobs);
    plan->neighbours = arena_alloc(arena, jobs * sizeof *plan->neighbours);
    plan->seats = ARENA_ARRAY(arena, struct seat, jobs);
    plan->routes = ARENA_ARRAY(arena, struct plan_route, vehicles);
    plan->left_out = ARENA_ARRAY(arena, int32_t, jobs);
    plan->saved = ARENA_ARRAY(arena, struct saved_route, vehicles);
    plan->saved_jobs = ARENA_ARRAY(arena, int32_t, jobs);
    plan->queue = ARENA_ARRAY(arena, int32_t, jobs);
    plan->queued = ARENA_ARRAY(arena, bool, jobs);
    plan->scratch[0] = ARENA_ARRAY(arena, int32_t, jobs);
    plan->scratch[1] = ARENA_ARRAY(arena, int32_t, jobs);
    for (int32_t v = 0; v < input->vehicle_count; v++) {
        const struct solver_vehicle *vehicle = &input->vehicles[v];
        plan->routes[v].start = shift_end(vehicle, vehicle->start_node);
        plan->routes[v].end = shift_end(vehicle, vehicle->end_node);
    }
    for (int32_t j = 0; j < input->job_count; j++) {
        const struct solver_job *job = &input->jobs[j];
        plan->alone[j] = (struct segment){ .earliest = job->earliest_start_at,
                                           .latest = job->latest_start_at,
                                           .duration_ms = job->work_ms,
                                           .first = job->node,
                                           .last = job->node };
        leave_out(plan, j);
    }
    find_neighbours(plan);
    return plan;
}

/* How far apart two jobs are when `from` is done first: the road and the wait behind it. */
static int64_t apart_ms(const struct solver_input *input, int32_t from, int32_t to)
{
    const struct solver_job *a = &input->jobs[from], *b = &input->jobs[to];
    int64_t ms = input->travel_ms[(int64_t)a->node * input->node_count + b->node];

    if (ms < 0)
        return INT64_MAX / 2;
    int64_t wait = b->earliest_start_at - (a->latest_start_at + a->work_ms + ms);
    if (a->earliest_start_at + a->work_ms + ms > b->latest_start_at)
        return ms + DAYS(30); /* never in this order, but near on the map is still near */
    return ms + (wait > 0 ? wait / 4 : 0);
}

/* Puts `other` at its place among the nearest of `job`, when it is one of them. */
static int32_t note_neighbour(struct plan *plan, int32_t job, int32_t other, int64_t distances[],
                              int32_t found)
{
    int64_t there = apart_ms(plan->input, job, other), back = apart_ms(plan->input, other, job);
    int64_t distance = there < back ? there : back;

    if (found == NEIGHBOURS && distance >= distances[found - 1])
        return found;
    int32_t at = found < NEIGHBOURS ? found++ : found - 1;
    for (; at > 0 && distances[at - 1] > distance; at--) {
        distances[at] = distances[at - 1];
        plan->neighbours[job][at] = plan->neighbours[job][at - 1];
    }
    distances[at] = distance;
    plan->neighbours[job][at] = other;
    return found;
}

static void find_neighbours(struct plan *plan)
{
    int32_t count = plan->input->job_count;

    for (int32_t job = 0; job < count; job++) {
        int64_t distances[NEIGHBOURS];
        int32_t found = 0;
        for (int32_t other = 0; other < count; other++)
            if (other != job)
                found = note_neighbour(plan, job, other, distances, found);
        for (; found < NEIGHBOURS; found++)
            plan->neighbours[job][found] = -1;
    }
}

bool plan_may(const struct plan *plan, int32_t route, int32_t job)
{
    const struct solver_job *wanted = &plan->input->jobs[job];

    return (wanted->skills & ~plan->input->vehicles[route].skills) == 0 &&
           (wanted->fixed_vehicle == NO_VEHICLE || wanted->fixed_vehicle == route);
}

bool plan_join(const struct plan *plan, int32_t route, const struct segment *a,
               const struct segment *b, struct segment *ret)
{
    int64_t cell = (int64_t)a->last * plan->input->node_count + b->first;
    int64_t ms = plan->input->travel_ms[cell];

    if (ms < 0)
        return false;
    ms = (ms * plan->input->vehicles[route].pace_permille + 999) / 1000;
    return segment_join(a, b, ms, plan->input->travel_m[cell], ret);
}

struct price plan_price(const struct plan *plan, const struct segment *whole)
{
    return (struct price){
        whole->travel_ms + whole->waiting_ms * plan->input->idle_permille / 1000,
        whole->travel_m,
    };
}

const struct segment *plan_head(const struct plan *plan, int32_t route, int32_t at)
{
    const struct plan_route *r = &plan->routes[route];
    return at > 0 ? &plan->seats[r->jobs[at - 1]].head : &r->start;
}

const struct segment *plan_home(const struct plan *plan, int32_t route, int32_t at)
{
    const struct plan_route *r = &plan->routes[route];
    return at < r->count ? &plan->seats[r->jobs[at]].home : &r->end;
}

static void must(bool joined)
{
    assert(joined);
    (void)joined;
}

/* The whole of a route from these jobs; false when a rule would break. */
static bool whole_route(const struct plan *plan, int32_t route, const int32_t jobs[], int32_t count,
                        struct segment *ret)
{
    struct segment run = plan->routes[route].start;

    for (int32_t i = 0; i < count; i++) {
        struct segment so_far = run;
        if (!plan_may(plan, route, jobs[i]) ||
            !plan_join(plan, route, &so_far, &plan->alone[jobs[i]], &run))
            return false;
    }
    return plan_join(plan, route, &run, &plan->routes[route].end, ret);
}

bool plan_try_route(const struct plan *plan, int32_t route, const int32_t jobs[], int32_t count,
                    struct price *ret_price)
{
    struct segment whole;

    if (count == 0) {
        *ret_price = (struct price){ 0, 0 };
        return true;
    }
    if (!whole_route(plan, route, jobs, count, &whole))
        return false;
    *ret_price = plan_price(plan, &whole);
    return true;
}

timestamp plan_leave_at(const struct plan *plan, int32_t route, const int32_t jobs[], int32_t count)
{
    struct segment whole = { 0 };

    must(whole_route(plan, route, jobs, count, &whole));
    return whole.earliest;
}

/* Recomputes the segments and the price of a route from the order of its jobs. */
static void refresh(struct plan *plan, int32_t route)
{
    struct plan_route *r = &plan->routes[route];

    for (int32_t i = 0; i < r->count; i++) {
        struct seat *seat = &plan->seats[r->jobs[i]];
        seat->route = route;
        seat->position = i;
        must(plan_join(plan, route, plan_head(plan, route, i), &plan->alone[r->jobs[i]],
                       &seat->head));
    }
    for (int32_t i = r->count - 1; i >= 0; i--) {
        int32_t job = r->jobs[i];
        struct seat *seat = &plan->seats[job];
        const struct seat *next = i + 1 < r->count ? &plan->seats[r->jobs[i + 1]] : NULL;
        must(plan_join(plan, route, &plan->alone[job], plan_home(plan, route, i + 1), &seat->home));
        seat->tail = plan->alone[job];
        if (next)
            must(plan_join(plan, route, &plan->alone[job], &next->tail, &seat->tail));
        seat->tail_skills = plan->input->jobs[job].skills | (next ? next->tail_skills : 0);
        seat->tail_pinned =
            plan->input->jobs[job].fixed_vehicle != NO_VEHICLE || (next && next->tail_pinned);
    }
    struct price before = r->price;
    struct segment whole;
    r->price = (struct price){ 0, 0 };
    if (r->count > 0) {
        must(plan_join(plan, route, &r->start, plan_home(plan, route, 0), &whole));
        r->price = plan_price(plan, &whole);
    }
    plan->cost.weighted_ms += r->price.ms - before.ms;
    plan->cost.travel_m += r->price.m - before.m;
}

static void save_route(struct plan *plan, int32_t route)
{
    struct plan_route *r = &plan->routes[route];

    if (plan->change == 0 || r->saved_in == plan->change)
        return;
    r->saved_in = plan->change;
    struct saved_route *saved = &plan->saved[plan->saved_count++];
    *saved = (struct saved_route){ route, r->count, plan->saved_jobs + plan->saved_used };
    if (r->count > 0)
        memcpy(saved->jobs, r->jobs, (size_t)r->count * sizeof *r->jobs);
    plan->saved_used += r->count;
}

static void empty_route(struct plan *plan, int32_t route)
{
    struct plan_route *r = &plan->routes[route];

    for (int32_t i = 0; i < r->count; i++)
        leave_out(plan, r->jobs[i]);
    r->count = 0;
}

static void fill_route(struct plan *plan, int32_t route, const int32_t jobs[], int32_t count)
{
    struct plan_route *r = &plan->routes[route];

    if (count > r->capacity) {
        r->capacity = count * 2;
        r->jobs = ARENA_ARRAY(plan->arena, int32_t, (size_t)r->capacity);
    }
    for (int32_t i = 0; i < count; i++) {
        take_in(plan, jobs[i]);
        r->jobs[i] = jobs[i];
    }
    r->count = count;
    refresh(plan, route);
}

static void enqueue(struct plan *plan, int32_t route)
{
    const struct plan_route *r = &plan->routes[route];

    for (int32_t i = 0; i < r->count; i++)
        if (!plan->queued[r->jobs[i]]) {
            plan->queued[r->jobs[i]] = true;
            plan->queue[plan->queue_count++] = r->jobs[i];
        }
}

void plan_set_route(struct plan *plan, int32_t route, const int32_t jobs[], int32_t count)
{
    save_route(plan, route);
    empty_route(plan, route);
    fill_route(plan, route, jobs, count);
    enqueue(plan, route);
}

void plan_set_two(struct plan *plan, const struct order *a, const struct order *b)
{
    save_route(plan, a->route);
    save_route(plan, b->route);
    empty_route(plan, a->route);
    empty_route(plan, b->route);
    fill_route(plan, a->route, a->jobs, a->count);
    fill_route(plan, b->route, b->jobs, b->count);
    enqueue(plan, a->route);
    enqueue(plan, b->route);
}

void plan_insert(struct plan *plan, int32_t route, int32_t at, int32_t job)
{
    const struct plan_route *r = &plan->routes[route];
    int32_t *jobs = plan->scratch[0];

    for (int32_t i = 0; i < at; i++)
        jobs[i] = r->jobs[i];
    jobs[at] = job;
    for (int32_t i = at; i < r->count; i++)
        jobs[i + 1] = r->jobs[i];
    plan_set_route(plan, route, jobs, r->count + 1);
}

void plan_begin(struct plan *plan)
{
    plan->change++;
    plan->saved_count = plan->saved_used = 0;
}

void plan_undo(struct plan *plan)
{
    for (int32_t i = 0; i < plan->saved_count; i++)
        empty_route(plan, plan->saved[i].route);
    for (int32_t i = 0; i < plan->saved_count; i++)
        fill_route(plan, plan->saved[i].route, plan->saved[i].jobs, plan->saved[i].count);
    plan_begin(plan);
    while (plan->queue_count > 0)
        plan->queued[plan->queue[--plan->queue_count]] = false;
}

void plan_look_everywhere(struct plan *plan)
{
    for (int32_t v = 0; v < plan->input->vehicle_count; v++)
        enqueue(plan, v);
}

bool plan_goes_on(struct plan *plan)
{
    if (!plan->stopped && plan->options->keep_going &&
        !plan->options->keep_going(plan->options->context))
        plan->stopped = true;
    return !plan->stopped;
}
