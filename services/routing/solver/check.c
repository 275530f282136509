/* One vehicle after another, one stop after another. */
#include "services/routing/solver/check.h"
#include "services/routing/solver/points.h"

const char *solution_fault_text(enum solution_fault fault)
{
    static const char *const texts[] = {
#define FAULT(constant, text) [constant] = (text),
        SOLUTION_FAULTS(FAULT)
#undef FAULT
    };

    return texts[fault];
}

/* A vehicle on its way. */
struct drive {
    const struct solver_input *input;
    const struct solver_vehicle *vehicle;
    int32_t location, at;  /* the last one left, or its start; now */
    int32_t left;          /* of the road that breaks have interrupted; -1: none begun */
    int32_t breaks, tasks; /* taken, done */
    int64_t driven, distance, cost;
    bool has_worked;
};

static int32_t cell(const struct drive *drive, const int32_t table[], int32_t from, int32_t to)
{
    if (from == NOBODY || to == NOBODY)
        return 0;
    return table[(int64_t)from * drive->input->location_count + to];
}

static int32_t road(const struct drive *drive, int32_t from, int32_t to)
{
    const struct solver_roads *roads = &drive->input->roads[drive->vehicle->roads];

    if (roads->durations)
        return cell(drive, roads->durations, from, to);
    return from == NOBODY || to == NOBODY ? 0 : estimate_between(roads, from, to);
}

static bool is_within(const struct span windows[], int32_t count, int32_t at)
{
    for (int32_t i = 0; i < count; i++)
        if (at >= windows[i].from && at <= windows[i].until)
            return true;
    return count == 0;
}

/* The road to `to` begins, unless a break has interrupted it. */
static bool begin_road(struct drive *drive, int32_t to)
{
    const struct solver_roads *roads = &drive->input->roads[drive->vehicle->roads];

    if (drive->left >= 0)
        return true;
    drive->left = road(drive, drive->location, to);
    drive->driven += drive->left;
    drive->cost += roads->costs ? cell(drive, roads->costs, drive->location, to) : drive->left;
    if (roads->distances)
        drive->distance += cell(drive, roads->distances, drive->location, to);
    return drive->left < NO_ROAD;
}

static enum solution_fault take_break(struct drive *drive, const struct solution_stop *stop)
{
    if (stop->index != drive->breaks || stop->index >= drive->vehicle->break_count)
        return SOLUTION_BREAK;
    const struct solver_break *rest = &drive->vehicle->breaks[drive->breaks++];
    if (!is_within(rest->windows, rest->window_count, stop->start_at) ||
        stop->start_at < drive->at || stop->end_at != stop->start_at + rest->length)
        return SOLUTION_BREAK;
    int32_t before = stop->start_at - drive->at;
    drive->left -= before < drive->left ? before : drive->left;
    drive->at = stop->end_at;
    return SOLUTION_HOLDS;
}

static enum solution_fault do_job(struct drive *drive, const struct solution_stop *stop)
{
    const struct solver_job *job = &drive->input->jobs[stop->index];
    bool is_same_place = drive->has_worked && drive->location == job->location;
    int32_t setup = is_same_place ? 0 : job->setup;

    if (!drive->input->allowed[job->kind * drive->input->vehicle_kinds + drive->vehicle->kind])
        return SOLUTION_KIND;
    if (stop->arrive_at < drive->at + drive->left)
        return SOLUTION_ROAD;
    if (stop->start_at < stop->arrive_at ||
        !is_within(job->windows, job->window_count, stop->start_at))
        return SOLUTION_WINDOW;
    if (stop->setup != setup || stop->end_at != stop->start_at + setup + job->work)
        return SOLUTION_WORK;
    drive->at = stop->end_at;
    drive->location = job->location;
    drive->left = -1;
    drive->has_worked = true;
    drive->tasks++;
    return SOLUTION_HOLDS;
}

static int32_t next_location(const struct solver_input *input, const struct solution_route *route,
                             int32_t i, int32_t end)
{
    for (; i < route->count; i++)
        if (route->stops[i].kind == STOP_JOB)
            return input->jobs[route->stops[i].index].location;
    return end;
}

static enum solution_fault check_end(struct drive *drive, const struct solution_route *route)
{
    const struct solver_vehicle *vehicle = drive->vehicle;

    if (!begin_road(drive, vehicle->end) || route->home_at < drive->at + drive->left)
        return SOLUTION_ROAD;
    if (route->home_at > vehicle->hours.until)
        return SOLUTION_HOURS;
    if (drive->breaks != vehicle->break_count)
        return SOLUTION_BREAK;
    if (drive->tasks > vehicle->tasks_most || drive->driven > vehicle->duration_most ||
        drive->distance > vehicle->distance_most)
        return SOLUTION_LIMIT;
    if (drive->driven != route->driven || drive->cost + vehicle->fixed_cost != route->cost)
        return SOLUTION_SUMS;
    return SOLUTION_HOLDS;
}

static struct solution_verdict check_drive(const struct solver_input *input, int32_t v,
                                           const struct solution_route *route)
{
    const struct solver_vehicle *vehicle = &input->vehicles[v];
    struct drive drive = { .input = input,
                           .vehicle = vehicle,
                           .location = vehicle->start,
                           .at = route->leave_at,
                           .left = -1 };

    if (route->leave_at < vehicle->hours.from)
        return (struct solution_verdict){ SOLUTION_HOURS, v, -1 };
    for (int32_t i = 0; i < route->count; i++) {
        const struct solution_stop *stop = &route->stops[i];
        if (!begin_road(&drive, next_location(input, route, i, vehicle->end)))
            return (struct solution_verdict){ SOLUTION_ROAD, v, stop->index };
        enum solution_fault fault =
            stop->kind == STOP_BREAK ? take_break(&drive, stop) : do_job(&drive, stop);
        if (fault != SOLUTION_HOLDS)
            return (struct solution_verdict){ fault, v, stop->index };
    }
    return (struct solution_verdict){ check_end(&drive, route), v, -1 };
}

/* ---- loads ---- */

static int32_t amount(const int32_t amounts[], int32_t a)
{
    return amounts ? amounts[a] : 0;
}

static int32_t begun_by(const struct solver_input *input, int32_t job)
{
    for (int32_t i = 0; i < input->job_count; i++)
        if (input->jobs[i].carried_to == job)
            return i;
    return NOBODY;
}

static int32_t place_of(const struct solution_route *route, int32_t job)
{
    for (int32_t i = 0; i < route->count; i++)
        if (route->stops[i].kind == STOP_JOB && route->stops[i].index == job)
            return i;
    return -1;
}

static bool shipments_hold(const struct solver_input *input, const struct solution_route *route)
{
    for (int32_t i = 0; i < route->count; i++) {
        if (route->stops[i].kind != STOP_JOB)
            continue;
        int32_t job = route->stops[i].index, end = input->jobs[job].carried_to;
        int32_t begin = begun_by(input, job);
        if ((end != NOBODY && place_of(route, end) < i) ||
            (begin != NOBODY && (place_of(route, begin) < 0 || place_of(route, begin) > i)))
            return false;
    }
    return true;
}

static bool loads_hold(const struct solver_input *input, const struct solution_route *route,
                       const int32_t capacity[], int32_t a)
{
    int64_t load = 0;

    for (int32_t i = 0; i < route->count; i++)
        if (route->stops[i].kind == STOP_JOB && begun_by(input, route->stops[i].index) == NOBODY)
            load += amount(input->jobs[route->stops[i].index].delivery, a);
    for (int32_t i = 0; i < route->count && load <= capacity[a]; i++) {
        if (route->stops[i].kind != STOP_JOB)
            continue;
        const struct solver_job *job = &input->jobs[route->stops[i].index];
        int32_t begin = begun_by(input, route->stops[i].index);
        load += begin == NOBODY ? (int64_t)amount(job->pickup, a) - amount(job->delivery, a)
                                : -(int64_t)amount(input->jobs[begin].pickup, a);
    }
    return load <= capacity[a];
}

static struct solution_verdict check_route(const struct solver_input *input, int32_t v,
                                           const struct solution_route *route)
{
    const int32_t *capacity = input->vehicles[v].capacity;

    if (!route->count)
        return (struct solution_verdict){ SOLUTION_HOLDS, -1, -1 };
    if (!shipments_hold(input, route))
        return (struct solution_verdict){ SOLUTION_SHIPMENT, v, -1 };
    for (int32_t a = 0; capacity && a < input->amount_count; a++)
        if (!loads_hold(input, route, capacity, a))
            return (struct solution_verdict){ SOLUTION_LOAD, v, -1 };
    return check_drive(input, v, route);
}

/* ---- all of it ---- */

/* How often each job is there. */
static void count_jobs(const struct solver_input *input, const struct solution *solution,
                       int32_t seen[])
{
    for (int32_t v = 0; v < input->vehicle_count; v++)
        for (int32_t i = 0; i < solution->routes[v].count; i++)
            if (solution->routes[v].stops[i].kind == STOP_JOB)
                seen[solution->routes[v].stops[i].index]++;
}

static struct solution_verdict check_each_once(const struct solver_input *input,
                                               const struct solution *solution)
{
    struct arena arena = { 0 };
    int32_t *seen = ARENA_ARRAY(&arena, int32_t, (size_t)input->job_count + 1);
    struct solution_verdict verdict = { SOLUTION_HOLDS, -1, -1 };
    int64_t priority = 0;

    count_jobs(input, solution, seen);
    for (int32_t i = 0; i < solution->left_out_count; i++) {
        seen[solution->left_out[i]]++;
        priority += input->jobs[solution->left_out[i]].priority;
    }
    for (int32_t job = 0; job < input->job_count && verdict.fault == SOLUTION_HOLDS; job++)
        if (seen[job] != 1)
            verdict = (struct solution_verdict){ seen[job] ? SOLUTION_JOB_TWICE : SOLUTION_JOB_LOST,
                                                 -1, job };
    if (verdict.fault == SOLUTION_HOLDS && priority != solution->left_out_priority)
        verdict.fault = SOLUTION_SUMS;
    arena_done(&arena);
    return verdict;
}

struct solution_verdict solution_check(const struct solver_input *input,
                                       const struct solution *solution)
{
    int64_t cost = 0;

    for (int32_t v = 0; v < input->vehicle_count; v++) {
        struct solution_verdict verdict = check_route(input, v, &solution->routes[v]);
        if (verdict.fault != SOLUTION_HOLDS)
            return verdict;
        cost += solution->routes[v].cost;
    }
    if (cost != solution->cost)
        return (struct solution_verdict){ SOLUTION_SUMS, -1, -1 };
    return check_each_once(input, solution);
}
