#include "services/routing/solver/exhaustive.h"
#include <string.h>

struct exhaustive {
    const struct solver_input *input;
    bool is_used[MOST_JOBS];
    int32_t order[MOST_JOBS];
    struct exhaustive_best best;
};

static int32_t cell(const struct solver_input *in, const int32_t *table, int32_t a, int32_t b)
{
    return a < 0 || b < 0 ? 0 : table[a * in->location_count + b];
}

static int32_t soonest(const struct span *windows, int32_t count, int32_t at)
{
    for (int32_t i = 0; i < count; i++)
        if (at <= windows[i].until)
            return at < windows[i].from ? windows[i].from : at;
    return count ? -1 : at;
}

/* Can the rest of the order be driven from here, `left` of the road to its next stop still to go,
 * this many breaks behind? Either the road is driven to its end, or the next break comes first. */
static bool can_go_on(const struct solver_input *in, const struct solver_vehicle *car,
                      const int32_t order[], int32_t count, int32_t i, int32_t at, int32_t left,
                      int32_t breaks)
{
    if (breaks < car->break_count) {
        const struct solver_break *rest = &car->breaks[breaks];
        int32_t begin = soonest(rest->windows, rest->window_count, at);
        int32_t done = begin - at < left ? begin - at : left;
        if (begin >= 0 &&
            can_go_on(in, car, order, count, i, begin + rest->length, left - done, breaks + 1))
            return true;
    }
    at += left;
    if (i == count)
        return at <= car->hours.until && breaks == car->break_count;
    const struct solver_job *job = &in->jobs[order[i]];
    bool is_same = i > 0 && in->jobs[order[i - 1]].location == job->location;
    int32_t begin = soonest(job->windows, job->window_count, at);
    if (begin < 0)
        return false;
    int32_t to = i + 1 < count ? in->jobs[order[i + 1]].location : car->end;
    int32_t road = cell(in, in->roads[car->roads].durations, job->location, to);
    return road < NO_ROAD &&
           can_go_on(in, car, order, count, i + 1, begin + (is_same ? 0 : job->setup) + job->work,
                     road, breaks);
}

static bool can_carry(const struct solver_input *in, const struct solver_vehicle *car,
                      const int32_t order[], int32_t count)
{
    for (int32_t a = 0; car->capacity && a < in->amount_count; a++) {
        int32_t load = 0, change[MOST_JOBS];
        for (int32_t i = 0; i < count; i++) {
            const struct solver_job *job = &in->jobs[order[i]];
            change[i] = (job->pickup ? job->pickup[a] : 0) - (job->delivery ? job->delivery[a] : 0);
            load += job->delivery ? job->delivery[a] : 0;
            for (int32_t k = 0; k < i; k++)
                if (in->jobs[order[k]].carried_to == order[i])
                    change[i] = -in->jobs[order[k]].pickup[a];
        }
        for (int32_t i = 0; i <= count; i++) {
            if (load > car->capacity[a])
                return false;
            load += i < count ? change[i] : 0;
        }
    }
    return true;
}

/* Both ends of a shipment, in order. */
static bool are_whole(const struct solver_input *in, const int32_t order[], int32_t count)
{
    for (int32_t j = 0; j < in->job_count; j++) {
        int32_t end = in->jobs[j].carried_to, at = -1, end_at = -1;
        for (int32_t i = 0; i < count; i++) {
            at = order[i] == j ? i : at;
            end_at = order[i] == end ? i : end_at;
        }
        if (end >= 0 && ((at < 0) != (end_at < 0) || at > end_at))
            return false;
    }
    return true;
}

bool route_cost(const struct solver_input *in, int32_t v, const int32_t order[], int32_t count,
                int64_t *ret_cost)
{
    const struct solver_vehicle *car = &in->vehicles[v];
    const struct solver_roads *roads = &in->roads[car->roads];
    int32_t at = car->start, driven = 0, metres = 0, cost = car->fixed_cost;

    *ret_cost = 0;
    if (!count)
        return true;
    for (int32_t i = 0; i <= count; i++) {
        int32_t to = i < count ? in->jobs[order[i]].location : car->end;
        driven += cell(in, roads->durations, at, to);
        metres += cell(in, roads->distances, at, to);
        cost += cell(in, roads->costs ? roads->costs : roads->durations, at, to);
        at = to;
    }
    *ret_cost = cost;
    int32_t first = cell(in, roads->durations, car->start, in->jobs[order[0]].location);
    return count <= car->tasks_most && driven <= car->duration_most &&
           metres <= car->distance_most && first < NO_ROAD && are_whole(in, order, count) &&
           can_carry(in, car, order, count) &&
           can_go_on(in, car, order, count, 0, car->hours.from, first, 0);
}

static void close_route(struct exhaustive *all, int32_t v, int32_t count, int64_t cost);

static void extend(struct exhaustive *all, int32_t v, int32_t count, int64_t cost)
{
    const struct solver_input *in = all->input;

    close_route(all, v, count, cost);
    for (int32_t j = 0; j < in->job_count; j++) {
        if (all->is_used[j] ||
            !in->allowed[in->jobs[j].kind * in->vehicle_kinds + in->vehicles[v].kind])
            continue;
        all->is_used[j] = true;
        all->order[count] = j;
        extend(all, v, count + 1, cost);
        all->is_used[j] = false;
    }
}

static void judge(struct exhaustive *all, int64_t cost)
{
    struct exhaustive_best now = { .cost = cost };

    for (int32_t j = 0; j < all->input->job_count; j++)
        if (!all->is_used[j]) {
            now.left_out_count++;
            now.left_out_priority += all->input->jobs[j].priority;
        }
    if (now.left_out_priority != all->best.left_out_priority
            ? now.left_out_priority < all->best.left_out_priority
        : now.left_out_count != all->best.left_out_count
            ? now.left_out_count < all->best.left_out_count
            : now.cost < all->best.cost)
        all->best = now;
}

static void close_route(struct exhaustive *all, int32_t v, int32_t count, int64_t cost)
{
    const struct solver_input *in = all->input;
    int32_t kept[MOST_JOBS];
    int64_t route;

    if (!route_cost(in, v, all->order, count, &route))
        return;
    if (v + 1 == in->vehicle_count) {
        judge(all, cost + route);
        return;
    }
    memcpy(kept, all->order, sizeof kept);
    extend(all, v + 1, 0, cost + route);
    memcpy(all->order, kept, sizeof kept);
}

struct exhaustive_best best_of_all(const struct solver_input *input)
{
    struct exhaustive all = { .input = input, .best = { .left_out_priority = INT64_MAX } };

    extend(&all, 0, 0, 0);
    return all.best;
}
