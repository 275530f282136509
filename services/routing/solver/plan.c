/* A plan's nodes and the links between them. */
#include "services/routing/solver/load.h"
#include "services/routing/solver/times.h"
#include <assert.h>

void plan_read_job(struct plan *plan, int32_t j)
{
    const struct solver_job *job = &plan->input->jobs[j];

    assert(plan->absent_at[j] != NOBODY);
    node_at(plan, j)->location = job->location;
    plan->needs[j] = (struct needs){
        .location = job->location,
        .open = job->window_count ? job->windows[0].from : 0,
        .close = job->window_count ? job->windows[job->window_count - 1].until : HORIZON,
        .window_count = job->window_count,
        .setup = job->setup,
        .work = job->work,
        .load = plan->loads_are_simple && job->delivery ? job->delivery[0] : 0,
        .kind = job->kind,
    };
}

static void init_job(struct plan *plan, int32_t j)
{
    *node_at(plan, j) = (struct node){ .next = NOBODY, .previous = NOBODY, .route = NOBODY };
    plan->absent[j] = plan->absent_at[j] = j;
    plan->absent_priority += plan->input->jobs[j].priority;
    plan_read_job(plan, j);
}

static void init_vehicle(struct plan *plan, int32_t r)
{
    const struct solver_vehicle *vehicle = &plan->input->vehicles[r];
    struct node *start = node_at(plan, start_of(plan, r)), *end = node_at(plan, end_of(plan, r));

    *start = (struct node){
        .next = end_of(plan, r), .previous = NOBODY, .route = r, .location = vehicle->start
    };
    *end = (struct node){
        .next = NOBODY, .previous = start_of(plan, r), .route = r, .location = vehicle->end
    };
    for (int32_t k = 0; k < plan->layers; k++) {
        ready_of(start)[k] = k ? NEVER : vehicle->hours.from;
        latest_of(plan, end)[k] = k == vehicle->break_count ? vehicle->hours.until : -NEVER;
    }
    plan->routes[r] = (struct vehicle_state){
        .kind = vehicle->kind,
        .room = plan->loads_are_simple && plan->input->amount_count && vehicle->capacity
                    ? vehicle->capacity[0]
                    : INT64_MAX / 2,
        .tasks_most = vehicle->tasks_most,
        .breaks = vehicle->breaks,
        .break_count = vehicle->break_count,
        .roads = &plan->input->roads[vehicle->roads],
    };
    route_refresh(plan, r);
}

/* What the input needs of all that a plan can keep. */
static void look_at_input(struct plan *plan)
{
    const struct solver_input *input = plan->input;

    plan->layers = 1;
    plan->loads_are_simple = input->amount_count <= 1;
    plan->is_plain = input->roads_count == 1 && !input->roads[0].costs;
    for (int32_t j = 0; j < input->job_count; j++) {
        const struct solver_job *job = &input->jobs[j];
        plan->has_setups |= job->setup > 0;
        plan->loads_are_simple &= job->carried_to == NOBODY;
        for (int32_t a = 0; job->pickup && a < input->amount_count; a++)
            plan->loads_are_simple &= !job->pickup[a];
    }
    for (int32_t r = 0; r < input->vehicle_count; r++) {
        const struct solver_vehicle *vehicle = &input->vehicles[r];
        if (plan->layers < vehicle->break_count + 1)
            plan->layers = vehicle->break_count + 1;
        plan->has_limits |=
            vehicle->duration_most < INT32_MAX || vehicle->distance_most < INT32_MAX;
        plan->is_plain &=
            !vehicle->fixed_cost && vehicle->start != NOBODY && vehicle->end != NOBODY;
    }
}

/* Both ways of a road, if they differ, are wanted by rows. */
static const int32_t *transposed(struct arena *arena, const struct solver_input *input)
{
    int64_t side = input->location_count;
    const int32_t *table = input->roads[0].durations;
    bool is_symmetric = true;

    for (int64_t i = 0; i < side && is_symmetric; i++)
        for (int64_t k = 0; k < i && is_symmetric; k++)
            is_symmetric = table[i * side + k] == table[k * side + i];
    if (is_symmetric)
        return table;
    int32_t *backward = ARENA_ARRAY(arena, int32_t, (size_t)(side * side));
    enum { BLOCK = 32 }; /* a corner of both tables at a time */
    for (int64_t i = 0; i < side; i += BLOCK)
        for (int64_t k = 0; k < side; k++)
            for (int64_t row = i; row < i + BLOCK && row < side; row++)
                backward[k * side + row] = table[row * side + k];
    return backward;
}

void plan_init(struct arena *arena, struct plan *plan, const struct solver_input *input)
{
    size_t jobs = (size_t)input->job_count, vehicles = (size_t)input->vehicle_count;

    *plan =
        (struct plan){ .input = input, .jobs = input->job_count, .vehicles = input->vehicle_count };
    look_at_input(plan);
    plan->stride = (sizeof(struct node) + 2 * (size_t)plan->layers * sizeof(int32_t) + 15) & ~15UL;
    plan->nodes = arena_alloc(arena, plan->stride * (jobs + 2 * vehicles) + 64);
    plan->nodes += -(uintptr_t)plan->nodes & 63;
    plan->routes = ARENA_ARRAY(arena, struct vehicle_state, vehicles);
    plan->needs = ARENA_ARRAY(arena, struct needs, jobs);
    plan->penalty = ARENA_ARRAY(arena, int64_t, jobs);
    plan->absent = ARENA_ARRAY(arena, int32_t, jobs);
    plan->absent_at = ARENA_ARRAY(arena, int32_t, jobs);
    plan->brought_by = ARENA_ARRAY(arena, int32_t, jobs);
    load_init(arena, plan);
    if (plan->is_plain && input->roads[0].durations)
        plan->backward = transposed(arena, input);
    plan->absent_count = input->job_count;
    for (int32_t j = 0; j < input->job_count; j++)
        plan->brought_by[j] = NOBODY;
    for (int32_t j = 0; j < input->job_count; j++) {
        init_job(plan, j);
        if (input->jobs[j].carried_to != NOBODY)
            plan->brought_by[input->jobs[j].carried_to] = j;
    }
    for (int32_t r = 0; r < input->vehicle_count; r++)
        init_vehicle(plan, r);
}

/* What the road costs by which a job was left for another; vehicles that stay cost nothing. */
static int64_t detour_cost(const struct plan *plan, int32_t job)
{
    const struct node *node = node_at(plan, job);
    int32_t before = node->previous, behind = node->next, route = node->route;
    int64_t with = (int64_t)leg_cost(plan, route, before, job) + leg_cost(plan, route, job, behind);

    if (!is_job(plan, before) && !is_job(plan, behind))
        return with + plan->input->vehicles[route].fixed_cost;
    return with - leg_cost(plan, route, before, behind);
}

void plan_put(struct plan *plan, int32_t job, int32_t after, int32_t route)
{
    struct node *node = node_at(plan, job), *before = node_at(plan, after);
    int32_t at = plan->absent_at[job], last = plan->absent[--plan->absent_count];

    node->previous = after;
    node->next = before->next;
    node->route = route;
    node_at(plan, node->next)->previous = job;
    before->next = job;
    before->leg = leg_duration(plan, route, after, job);
    node->leg = leg_duration(plan, route, job, node->next);
    plan->absent[at] = last;
    plan->absent_at[last] = at;
    plan->absent_at[job] = NOBODY;
    plan->absent_priority -= plan->input->jobs[job].priority;
    plan->absent_penalty -= plan->penalty[job];
    plan->routes[route].count++;
    plan->routes[route].load += plan->needs[job].load;
    plan->cost += detour_cost(plan, job) - plan->penalty[job];
}

void plan_take(struct plan *plan, int32_t job)
{
    struct node *node = node_at(plan, job);

    plan->cost += plan->penalty[job] - detour_cost(plan, job);
    plan->routes[node->route].count--;
    plan->routes[node->route].load -= plan->needs[job].load;
    node_at(plan, node->previous)->next = node->next;
    node_at(plan, node->next)->previous = node->previous;
    node->route = NOBODY;
    plan->absent_at[job] = plan->absent_count;
    plan->absent[plan->absent_count++] = job;
    plan->absent_priority += plan->input->jobs[job].priority;
    plan->absent_penalty += plan->penalty[job];
}
