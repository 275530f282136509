/* First which break is taken on which road, backwards along the earliest end; then the latest
 * leave with that end; then the hours, forwards. */
#include "services/routing/solver/itinerary.h"
#include "services/routing/solver/times.h"

struct itinerary {
    const struct plan *plan;
    const struct vehicle_state *state;
    int32_t route;
    int32_t *nodes; /* start, jobs, end */
    int32_t *taken; /* breaks behind one on arrival at that node */
    int32_t count;
};

/* Arrival with k breaks behind when all from j on are taken on this road. */
static int32_t arrive_with(const struct vehicle_state *state, int32_t ready, int32_t drive,
                           int32_t j, int32_t k)
{
    int32_t end = ready, sum = ready + drive;

    for (; j < k && end < NEVER; j++) {
        end = first_in(state->breaks[j].windows, state->breaks[j].window_count, end);
        end += end < NEVER ? state->breaks[j].length : 0;
        sum += state->breaks[j].length;
    }
    return end > sum ? end : sum;
}

/* With how many breaks behind the node before was left, if this one is to be ready at its earliest
 * with k behind. */
static int32_t taken_before(const struct itinerary *way, int32_t at, int32_t k)
{
    struct node *before = node_at(way->plan, way->nodes[at - 1]);
    int32_t best = k, soonest = NEVER;

    for (int32_t j = k; j >= 0; j--) {
        int32_t ready = ready_of(before)[j];
        if (ready >= NEVER)
            continue;
        int32_t arrive = arrive_with(way->state, ready, before->leg, j, k);
        if (arrive < soonest) {
            soonest = arrive;
            best = j;
        }
    }
    return best;
}

static void place_breaks(struct arena *arena, struct itinerary *way)
{
    const struct plan *plan = way->plan;
    int32_t count = way->state->count + 2;

    way->nodes = ARENA_ARRAY(arena, int32_t, (size_t)count);
    way->taken = ARENA_ARRAY(arena, int32_t, (size_t)count);
    for (int32_t at = start_of(plan, way->route); at != NOBODY; at = node_at(plan, at)->next)
        way->nodes[way->count++] = at;
    way->taken[count - 1] = way->state->break_count;
    for (int32_t i = count - 1; i > 0; i--)
        way->taken[i - 1] = taken_before(way, i, way->taken[i]);
}

static int32_t latest_leave(const struct itinerary *way)
{
    const struct plan *plan = way->plan;
    struct node *end = node_at(plan, way->nodes[way->count - 1]);
    int32_t by = ready_of(end)[way->state->break_count];

    for (int32_t i = way->count - 1; i > 0; i--) {
        const struct node *before = node_at(plan, way->nodes[i - 1]);
        int32_t begin = by, sum = by - before->leg;
        for (int32_t j = way->taken[i] - 1; j >= way->taken[i - 1]; j--) {
            const struct solver_break *rest = &way->state->breaks[j];
            begin = last_in(rest->windows, rest->window_count, begin - rest->length);
            sum -= rest->length;
        }
        by = begin < sum ? begin : sum;
        if (i > 1)
            by = latest_at(plan, way->nodes[i - 1],
                           by - busy_after(plan, way->nodes[i - 2], way->nodes[i - 1]));
    }
    return by;
}

struct clock {
    int32_t at, left, driven; /* now, of this road still to drive, since the start */
};

static void drive(struct clock *clock, int32_t duration)
{
    clock->at += duration;
    clock->left -= duration;
    clock->driven += duration;
}

static struct solution_stop take_break(const struct itinerary *way, int32_t index,
                                       struct clock *clock)
{
    const struct solver_break *rest = &way->state->breaks[index];
    int32_t begin = first_in(rest->windows, rest->window_count, clock->at);
    struct solution_stop stop = { .kind = STOP_BREAK, .index = index };

    drive(clock, clock->left < begin - clock->at ? clock->left : begin - clock->at);
    stop.arrive_at = clock->at;
    stop.driven = clock->driven;
    stop.start_at = begin;
    stop.end_at = clock->at = begin + rest->length;
    return stop;
}

static struct solution_stop do_job(const struct itinerary *way, int32_t i, struct clock *clock)
{
    const struct plan *plan = way->plan;
    int32_t job = way->nodes[i], work = plan->needs[job].work;
    struct solution_stop stop = { .kind = STOP_JOB, .index = job };

    drive(clock, clock->left);
    stop.arrive_at = clock->at;
    stop.driven = clock->driven;
    stop.start_at = begin_at(plan, job, clock->at);
    stop.setup = busy_after(plan, way->nodes[i - 1], job) - work;
    stop.end_at = clock->at = stop.start_at + stop.setup + work;
    return stop;
}

static int64_t road_cost(const struct itinerary *way)
{
    int64_t cost = way->plan->input->vehicles[way->route].fixed_cost;

    for (int32_t i = 1; i < way->count; i++)
        cost += leg_cost(way->plan, way->route, way->nodes[i - 1], way->nodes[i]);
    return cost;
}

struct solution_route itinerary_of(struct arena *arena, const struct plan *plan, int32_t route)
{
    struct itinerary way = { .plan = plan, .state = &plan->routes[route], .route = route };
    struct solution_route result = { 0 };

    if (is_empty(plan, route))
        return result;
    place_breaks(arena, &way);
    result.stops =
        ARENA_ARRAY(arena, struct solution_stop, (size_t)(way.count + way.state->break_count));
    result.leave_at = latest_leave(&way);
    struct clock clock = { .at = result.leave_at };
    for (int32_t i = 1; i < way.count; i++) {
        clock.left = node_at(plan, way.nodes[i - 1])->leg;
        for (int32_t j = way.taken[i - 1]; j < way.taken[i]; j++)
            result.stops[result.count++] = take_break(&way, j, &clock);
        if (i + 1 < way.count)
            result.stops[result.count++] = do_job(&way, i, &clock);
        else
            drive(&clock, clock.left);
    }
    result.home_at = clock.at;
    result.driven = clock.driven;
    result.cost = road_cost(&way);
    return result;
}
