/* Names follow VROOM's API; `arrival` is when a stop is reached, `duration` what was driven until
 * then. */
#include "tools/route/answer.h"
#include "lib/base/text.h"

struct sums {
    int64_t setup, service, duration, waiting, distance, priority, cost;
    int64_t *delivery, *pickup; /* amount_count */
};

static void add_sums(struct sums *sums, const struct sums *more, int32_t amounts)
{
    sums->setup += more->setup;
    sums->service += more->service;
    sums->duration += more->duration;
    sums->waiting += more->waiting;
    sums->distance += more->distance;
    sums->priority += more->priority;
    sums->cost += more->cost;
    for (int32_t a = 0; a < amounts; a++) {
        sums->delivery[a] += more->delivery[a];
        sums->pickup[a] += more->pickup[a];
    }
}

static void set(json_t *object, const char *key, int64_t number)
{
    json_object_set_new(object, key, json_integer(number));
}

static void set_amounts(json_t *object, const char *key, const int64_t amounts[], int32_t count)
{
    if (!count)
        return;
    json_t *array = json_array();
    for (int32_t a = 0; a < count; a++)
        json_array_append_new(array, json_integer(amounts[a]));
    json_object_set_new(object, key, array);
}

static json_t *sums_of(const struct problem *problem, const struct sums *sums)
{
    json_t *object = json_object();

    set(object, "cost", sums->cost);
    set_amounts(object, "delivery", sums->delivery, problem->input.amount_count);
    set_amounts(object, "pickup", sums->pickup, problem->input.amount_count);
    set(object, "setup", sums->setup);
    set(object, "service", sums->service);
    set(object, "duration", sums->duration);
    set(object, "waiting_time", sums->waiting);
    set(object, "priority", sums->priority);
    set(object, "distance", sums->distance);
    json_object_set_new(object, "violations", json_array());
    return object;
}

static void set_location(const struct problem *problem, json_t *object, int32_t location)
{
    if (location == NOBODY)
        return;
    if (problem->location_of[location])
        json_object_set(object, "location", problem->location_of[location]);
    if (problem->tables.count)
        set(object, "location_index", location);
}

static json_t *step_at(const struct problem *problem, const char *type, int32_t at, int32_t driven)
{
    json_t *step = json_object();

    json_object_set_new(step, "type", json_string(type));
    set(step, "arrival", problem->origin + at);
    set(step, "duration", driven);
    set(step, "setup", 0);
    set(step, "service", 0);
    set(step, "waiting_time", 0);
    json_object_set_new(step, "violations", json_array());
    return step;
}

static void describe(json_t *step, const json_t *named)
{
    json_t *description = json_object_get(named, "description");

    if (description)
        json_object_set(step, "description", description);
}

static int32_t amount(const int32_t amounts[], int32_t a)
{
    return amounts ? amounts[a] : 0;
}

/* Amounts on board, as the route goes on. */
static void load_job(const struct problem *problem, int32_t job, int64_t load[], struct sums *sums)
{
    const struct solver_job *it = &problem->input.jobs[job];
    bool is_end = string_is(problem->names[job].type, "delivery");
    const int32_t *down =
        is_end ? problem->input.jobs[problem->names[job].begun_by].pickup : it->delivery;
    const int32_t *up = is_end ? NULL : it->pickup;

    for (int32_t a = 0; a < problem->input.amount_count; a++) {
        load[a] += amount(up, a) - amount(down, a);
        sums->pickup[a] += amount(up, a);
        sums->delivery[a] += amount(down, a);
    }
}

static json_t *stop_of(const struct problem *problem, const struct solver_vehicle *vehicle,
                       const struct solution_stop *stop, int64_t load[], struct sums *sums)
{
    const struct job_name *name = stop->kind == STOP_JOB ? &problem->names[stop->index] : NULL;
    json_t *step = step_at(problem, name ? name->type : "break", stop->arrive_at, stop->driven);
    int32_t busy = stop->end_at - stop->start_at - stop->setup;

    set(step, "id", name ? name->id : vehicle->breaks[stop->index].id);
    set(step, "setup", stop->setup);
    set(step, "service", busy);
    set(step, "waiting_time", stop->start_at - stop->arrive_at);
    sums->setup += stop->setup;
    sums->service += busy;
    sums->waiting += stop->start_at - stop->arrive_at;
    if (name) {
        const struct solver_job *job = &problem->input.jobs[stop->index];
        set_location(problem, step, job->location);
        describe(step, name->json);
        load_job(problem, stop->index, load, sums);
        sums->priority += string_is(name->type, "delivery") ? 0 : job->priority;
    }
    set_amounts(step, "load", load, problem->input.amount_count);
    return step;
}

/* What is loaded before it leaves. */
static void load_start(const struct problem *problem, const struct solution_route *route,
                       int64_t load[])
{
    for (int32_t i = 0; i < route->count; i++) {
        const struct solution_stop *stop = &route->stops[i];
        const int32_t *delivery =
            stop->kind == STOP_JOB ? problem->input.jobs[stop->index].delivery : NULL;
        for (int32_t a = 0; delivery && a < problem->input.amount_count; a++)
            load[a] += delivery[a];
    }
}

static int64_t distance_of(const struct problem *problem, const struct solver_vehicle *vehicle,
                           const struct solution_route *route)
{
    const int32_t *table = problem->input.roads[vehicle->roads].distances;
    int32_t at = vehicle->start;
    int64_t sum = 0;

    for (int32_t i = 0; table && i <= route->count; i++) {
        if (i < route->count && route->stops[i].kind == STOP_BREAK)
            continue;
        int32_t next =
            i < route->count ? problem->input.jobs[route->stops[i].index].location : vehicle->end;
        if (at != NOBODY && next != NOBODY)
            sum += table[(int64_t)at * problem->input.location_count + next];
        at = next;
    }
    return sum;
}

static json_t *route_of(struct arena *arena, const struct problem *problem, int32_t v,
                        const struct solution_route *route, struct sums *sums)
{
    const struct solver_vehicle *vehicle = &problem->input.vehicles[v];
    int64_t *load = ARENA_ARRAY(arena, int64_t, (size_t)problem->input.amount_count + 1);
    json_t *steps = json_array();

    load_start(problem, route, load);
    if (vehicle->start != NOBODY) {
        json_t *step = step_at(problem, "start", route->leave_at, 0);
        set_location(problem, step, vehicle->start);
        set_amounts(step, "load", load, problem->input.amount_count);
        json_array_append_new(steps, step);
    }
    for (int32_t i = 0; i < route->count; i++)
        json_array_append_new(steps, stop_of(problem, vehicle, &route->stops[i], load, sums));
    if (vehicle->end != NOBODY) {
        json_t *step = step_at(problem, "end", route->home_at, route->driven);
        set_location(problem, step, vehicle->end);
        set_amounts(step, "load", load, problem->input.amount_count);
        json_array_append_new(steps, step);
    }
    sums->duration = route->driven;
    sums->cost = route->cost;
    sums->distance = distance_of(problem, vehicle, route);
    json_t *object = sums_of(problem, sums);
    set(object, "vehicle", problem->vehicle_ids[v]);
    json_object_set_new(object, "steps", steps);
    return object;
}

static json_t *unassigned_of(const struct problem *problem, const struct solution *solution)
{
    json_t *array = json_array();

    for (int32_t i = 0; i < solution->left_out_count; i++) {
        const struct job_name *name = &problem->names[solution->left_out[i]];
        json_t *object = json_object();
        set(object, "id", name->id);
        json_object_set_new(object, "type", json_string(name->type));
        set_location(problem, object, problem->input.jobs[solution->left_out[i]].location);
        describe(object, name->json);
        json_array_append_new(array, object);
    }
    return array;
}

static struct sums new_sums(struct arena *arena, const struct problem *problem)
{
    size_t amounts = (size_t)problem->input.amount_count + 1;

    return (struct sums){ .delivery = ARENA_ARRAY(arena, int64_t, amounts),
                          .pickup = ARENA_ARRAY(arena, int64_t, amounts) };
}

static json_t *search_of(const struct solution *solution, const struct solver_options *options)
{
    json_t *object = json_object(), *paces = json_array();

    set(object, "seed", (int64_t)options->seed);
    set(object, "rounds", solution->rounds);
    for (int32_t thread = 0; thread < options->threads; thread++) {
        json_t *pace = json_array();
        for (int32_t i = 0; i < SEARCH_STEPS; i++)
            json_array_append_new(pace, json_integer(solution->paces[thread].until_round[i]));
        json_array_append_new(paces, pace);
    }
    json_object_set_new(object, "paces", paces);
    return object;
}

json_t *answer_of(const struct problem *problem, const struct solution *solution,
                  const struct solver_options *options)
{
    struct arena arena = { 0 };
    struct sums all = new_sums(&arena, problem);
    json_t *routes = json_array(), *answer = json_object();

    for (int32_t v = 0; v < problem->input.vehicle_count; v++) {
        struct sums sums = new_sums(&arena, problem);
        if (!solution->routes[v].count)
            continue;
        json_array_append_new(routes, route_of(&arena, problem, v, &solution->routes[v], &sums));
        add_sums(&all, &sums, problem->input.amount_count);
    }
    json_t *summary = sums_of(problem, &all);
    set(summary, "routes", (int64_t)json_array_size(routes));
    set(summary, "unassigned", solution->left_out_count);
    json_object_set_new(summary, "search", search_of(solution, options));
    set(answer, "code", 0);
    json_object_set_new(answer, "summary", summary);
    json_object_set_new(answer, "unassigned", unassigned_of(problem, solution));
    json_object_set_new(answer, "routes", routes);
    arena_done(&arena);
    return answer;
}

json_t *answer_refused(const struct problem *problem)
{
    json_t *answer = json_object();

    set(answer, "code", 2);
    json_object_set_new(answer, "error", json_string(problem->error));
    return answer;
}

bool answer_again(struct arena *arena, const json_t *answer, struct solver_options *options)
{
    json_t *search = json_object_get(json_object_get(answer, "summary"), "search");
    json_t *paces = json_object_get(search, "paces"), *pace, *round;
    size_t threads = json_array_size(paces), thread, i;
    struct pace *made = ARENA_ARRAY(arena, struct pace, threads + 1);

    json_array_foreach(paces, thread, pace)
    {
        if (json_array_size(pace) != SEARCH_STEPS)
            return false;
        json_array_foreach(pace, i, round) made[thread].until_round[i] = json_integer_value(round);
    }
    options->seed = (uint64_t)json_integer_value(json_object_get(search, "seed"));
    options->threads = (int32_t)threads;
    options->paces = made;
    return threads > 0 && threads <= THREADS_MOST;
}
