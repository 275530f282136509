/* From JSON to the solver's input. */
#include "tools/route/problem.h"
#include "tools/route/kinds.h"
#include "tools/route/locations.h"
#include "tools/route/profiles.h"
#include "tools/route/steps.h"
#include <stdio.h>
#include <stdlib.h>

enum { PRIORITY_MOST = 100, NO_MOST = INT32_MAX };

struct reading {
    struct problem *problem;
    struct locations locations;
    struct profiles profiles;
    struct item *vehicles, *jobs; /* jobs: those with skills and priority, shipments once */
    int32_t *job_of;              /* first solver job of each of them */
    int32_t item_count, vehicle_count;
    struct solver_job *made;
    int32_t made_count, amount_count;
};

/* ---- what the whole problem has to agree on ---- */

static void earliest(int64_t *origin, json_t *window)
{
    json_t *from = json_array_get(window, 0);

    if (json_is_integer(from) && json_integer_value(from) < *origin)
        *origin = json_integer_value(from);
}

static void earliest_of_all(int64_t *origin, json_t *object)
{
    json_t *window;
    size_t i;

    earliest(origin, json_object_get(object, "time_window"));
    json_array_foreach(json_object_get(object, "time_windows"), i, window) earliest(origin, window);
}

static void earliest_of_vehicles(struct problem *problem, bool *ret_always)
{
    json_t *vehicle, *rest;
    size_t i, k;

    *ret_always = false;
    json_array_foreach(json_object_get(problem->root, "vehicles"), i, vehicle)
    {
        earliest_of_all(&problem->origin, vehicle);
        json_array_foreach(json_object_get(vehicle, "breaks"), k, rest)
            earliest_of_all(&problem->origin, rest);
        *ret_always |= !json_object_get(vehicle, "time_window");
    }
}

/* The solver's 0: the earliest moment that anybody names; where a vehicle has no hours, 0, or, if
 * that is too long ago, long before that moment. */
static void find_origin(struct problem *problem)
{
    json_t *object;
    bool is_always;
    size_t i;

    problem->origin = INT64_MAX;
    earliest_of_vehicles(problem, &is_always);
    json_array_foreach(json_object_get(problem->root, "jobs"), i, object)
        earliest_of_all(&problem->origin, object);
    json_array_foreach(json_object_get(problem->root, "shipments"), i, object)
    {
        earliest_of_all(&problem->origin, json_object_get(object, "pickup"));
        earliest_of_all(&problem->origin, json_object_get(object, "delivery"));
    }
    if (problem->origin == INT64_MAX || problem->origin < 0)
        problem->origin = 0;
    if (is_always && problem->origin > 0)
        problem->origin = problem->origin > HORIZON / 2 ? problem->origin - HORIZON / 2 : 0;
}

/* As many amounts as the first that names any. */
static int32_t find_amount_count(json_t *root)
{
    static const struct {
        const char *list, *key;
    } sources[] = { { "vehicles", "capacity" },
                    { "jobs", "delivery" },
                    { "jobs", "pickup" },
                    { "shipments", "amount" } };
    json_t *object;
    size_t i;

    for (size_t s = 0; s < sizeof sources / sizeof sources[0]; s++)
        json_array_foreach(
            json_object_get(root, sources[s].list), i,
            object) if (json_array_size(json_object_get(object, sources[s].key))) return (int32_t)
            json_array_size(json_object_get(object, sources[s].key));
    return 0;
}

/* ---- jobs and shipments ---- */

static void add_step(struct reading *reading, const struct item *item, const char *type)
{
    struct problem *problem = reading->problem;
    int32_t index = reading->made_count++;
    struct solver_job *job = &reading->made[index];

    job->location = location_in(&reading->locations, item, "location", "location_index");
    if (job->location == NOBODY)
        refuse(item, reading->locations.has_tables ? "location_index" : "location", "is needed");
    job->setup = (int32_t)field_whole(item, "setup", 0, 0, HORIZON);
    job->work = (int32_t)field_whole(item, "service", 0, 0, HORIZON);
    job->windows = field_windows(item, "time_windows", &job->window_count);
    job->carried_to = NOBODY;
    problem->names[index] =
        (struct job_name){ item->json, type, field_whole(item, "id", -1, 0, INT64_MAX) };
    if (problem->names[index].id < 0)
        refuse(item, "id", "is needed");
    if (json_object_get(item->json, "setup_per_type") ||
        json_object_get(item->json, "service_per_type"))
        refuse(item, "service_per_type", "is not known here");
}

static void add_job(struct reading *reading, const struct item *item)
{
    struct solver_job *job = &reading->made[reading->made_count];

    add_step(reading, item, "job");
    job->delivery = field_amounts(item, "delivery", reading->amount_count);
    job->pickup = field_amounts(item, "pickup", reading->amount_count);
}

static void add_shipment(struct reading *reading, const struct item *item)
{
    struct solver_job *job = &reading->made[reading->made_count];
    struct item pickup =
        item_of(reading->problem, json_object_get(item->json, "pickup"), "%s.pickup", item->place);
    struct item delivery = item_of(reading->problem, json_object_get(item->json, "delivery"),
                                   "%s.delivery", item->place);

    add_step(reading, &pickup, "pickup");
    add_step(reading, &delivery, "delivery");
    job->carried_to = reading->made_count - 1;
    reading->problem->names[job->carried_to].begun_by = job->carried_to - 1;
    job->pickup = field_amounts(item, "amount", reading->amount_count);
}

static void add_items(struct reading *reading, const char *list)
{
    json_t *object;
    size_t i;

    json_array_foreach(json_object_get(reading->problem->root, list), i, object)
    {
        struct item item = item_of(reading->problem, object, "%s[%zu]", list, i);
        reading->job_of[reading->item_count] = reading->made_count;
        reading->jobs[reading->item_count++] = item;
        if (list[0] == 'j')
            add_job(reading, &item);
        else
            add_shipment(reading, &item);
    }
}

/* Kind and priority stand on the shipment and hold for both its ends. */
static void settle_items(struct reading *reading, const int32_t kinds[])
{
    for (int32_t i = 0; i < reading->item_count; i++) {
        struct solver_job *job = &reading->made[reading->job_of[i]];
        job->kind = kinds[i];
        job->priority = (int32_t)field_whole(&reading->jobs[i], "priority", 0, 0, PRIORITY_MOST);
        if (job->carried_to != NOBODY) {
            reading->made[job->carried_to].kind = job->kind;
            reading->made[job->carried_to].priority = job->priority;
        }
    }
}

/* ---- vehicles ---- */

static int compare_breaks(const void *a, const void *b)
{
    const struct solver_break *x = a, *y = b;

    if (x->windows[0].from != y->windows[0].from)
        return x->windows[0].from < y->windows[0].from ? -1 : 1;
    return (x->windows[0].until > y->windows[0].until) -
           (x->windows[0].until < y->windows[0].until);
}

/* In the order of their windows; `ids` of the problem's breaks are looked up by that order, too. */
static void add_breaks(struct reading *reading, const struct item *item,
                       struct solver_vehicle *vehicle)
{
    static const struct span any_time = { 0, HORIZON - 1 };
    json_t *array = field_array(item, "breaks"), *object;
    size_t i;

    if (json_array_size(array) > BREAKS_MOST)
        refuse(item, "breaks", "are more than 15");
    if (!array || json_array_size(array) > BREAKS_MOST)
        return;
    struct solver_break *breaks =
        ARENA_ARRAY(&reading->problem->arena, struct solver_break, json_array_size(array) + 1);
    json_array_foreach(array, i, object)
    {
        struct item rest = item_of(reading->problem, object, "%s.breaks[%zu]", item->place, i);
        breaks[i].windows = field_windows(&rest, "time_windows", &breaks[i].window_count);
        if (!breaks[i].windows) {
            breaks[i].windows = &any_time;
            breaks[i].window_count = 1;
        }
        breaks[i].length = (int32_t)field_whole(&rest, "service", 0, 0, HORIZON);
        breaks[i].id = field_whole(&rest, "id", 0, 0, INT64_MAX);
        if (json_object_get(object, "max_load"))
            refuse(&rest, "max_load", "is not known here");
    }
    qsort(breaks, i, sizeof breaks[0], compare_breaks);
    vehicle->breaks = breaks;
    vehicle->break_count = (int32_t)i;
}

static struct span hours_of(const struct item *item)
{
    json_t *window = json_object_get(item->json, "time_window");
    json_t *from = json_array_get(window, 0), *until = json_array_get(window, 1);

    if (!window)
        return (struct span){ 0, HORIZON - 1 };
    if (json_array_size(window) != 2 || !json_is_integer(from) || !json_is_integer(until) ||
        json_integer_value(from) < 0 || json_integer_value(from) > json_integer_value(until)) {
        refuse(item, "time_window", "is no [from, until]");
        return (struct span){ 0, 0 };
    }
    if (json_integer_value(from) - item->problem->origin >= HORIZON)
        refuse(item, "time_window", "begins too long after the first moment named");
    return (struct span){ time_of(item->problem, json_integer_value(from)),
                          time_of(item->problem, json_integer_value(until)) };
}

static int64_t fixed_cost_of(const struct item *item)
{
    json_t *costs = json_object_get(item->json, "costs");

    if (!costs)
        return 0;
    struct item inside = item_of(item->problem, costs, "%s.costs", item->place);
    if (json_object_get(costs, "per_task_hour"))
        refuse(&inside, "per_task_hour", "is not known here");
    return field_whole(&inside, "fixed", 0, 0, HORIZON);
}

static void add_vehicle(struct reading *reading, const struct item *item,
                        struct solver_vehicle *vehicle, int64_t *ret_id)
{
    *ret_id = field_whole(item, "id", -1, 0, INT64_MAX);
    if (*ret_id < 0)
        refuse(item, "id", "is needed");
    vehicle->start = location_in(&reading->locations, item, "start", "start_index");
    vehicle->end = location_in(&reading->locations, item, "end", "end_index");
    vehicle->hours = hours_of(item);
    vehicle->roads = profiles_of(&reading->profiles, item);
    vehicle->capacity = field_amounts(item, "capacity", reading->amount_count);
    vehicle->tasks_most = (int32_t)field_whole(item, "max_tasks", NO_MOST, 0, NO_MOST);
    vehicle->duration_most = (int32_t)field_whole(item, "max_travel_time", NO_MOST, 0, NO_MOST);
    vehicle->distance_most = (int32_t)field_whole(item, "max_distance", NO_MOST, 0, NO_MOST);
    vehicle->fixed_cost = (int32_t)fixed_cost_of(item);
    if (vehicle->distance_most < NO_MOST && !reading->profiles.roads[vehicle->roads].distances)
        refuse(item, "max_distance", "needs a matrix of distances");
    add_breaks(reading, item, vehicle);
}

static void add_vehicles(struct reading *reading)
{
    struct problem *problem = reading->problem;
    json_t *list = json_object_get(problem->root, "vehicles"), *object;
    size_t count = json_array_size(list), i;
    struct solver_vehicle *vehicles =
        ARENA_ARRAY(&problem->arena, struct solver_vehicle, count + 1);

    reading->vehicles = ARENA_ARRAY(&problem->arena, struct item, count + 1);
    problem->vehicle_ids = ARENA_ARRAY(&problem->arena, int64_t, count + 1);
    json_array_foreach(list, i, object)
    {
        reading->vehicles[i] = item_of(problem, object, "vehicles[%zu]", i);
        add_vehicle(reading, &reading->vehicles[i], &vehicles[i], &problem->vehicle_ids[i]);
    }
    reading->vehicle_count = (int32_t)count;
    problem->input.vehicles = vehicles;
    problem->input.vehicle_count = (int32_t)count;
}

static void settle_kinds(struct reading *reading)
{
    struct problem *problem = reading->problem;
    struct arena *arena = &problem->arena;
    int32_t *of_job = ARENA_ARRAY(arena, int32_t, (size_t)reading->item_count + 1);
    int32_t *of_vehicle = ARENA_ARRAY(arena, int32_t, (size_t)reading->vehicle_count + 1);
    struct kinds jobs = kinds_of(reading->jobs, reading->item_count, of_job);
    struct kinds vehicles = kinds_of(reading->vehicles, reading->vehicle_count, of_vehicle);
    struct solver_vehicle *made =
        ARENA_ARRAY(arena, struct solver_vehicle, (size_t)reading->vehicle_count + 1);

    settle_items(reading, of_job);
    for (int32_t v = 0; v < reading->vehicle_count; v++) {
        made[v] = problem->input.vehicles[v];
        made[v].kind = of_vehicle[v];
    }
    problem->input.vehicles = made;
    problem->input.allowed = kinds_allowed(arena, &jobs, &vehicles);
    problem->input.job_kinds = jobs.count;
    problem->input.vehicle_kinds = vehicles.count;
}

static void settle_roads(struct reading *reading)
{
    struct point *places = locations_places(&reading->locations);

    for (int32_t i = 0; i < reading->profiles.count; i++)
        reading->profiles.roads[i].places = places;
    reading->problem->input.roads = reading->profiles.roads;
    reading->problem->input.roads_count = reading->profiles.count;
    reading->problem->input.location_count = reading->locations.count;
}

static void read_all(struct problem *problem)
{
    struct arena *arena = &problem->arena;
    size_t vehicles = json_array_size(json_object_get(problem->root, "vehicles"));
    size_t jobs = json_array_size(json_object_get(problem->root, "jobs"));
    size_t shipments = json_array_size(json_object_get(problem->root, "shipments"));
    struct reading reading = { .problem = problem,
                               .amount_count = find_amount_count(problem->root) };

    find_origin(problem);
    locations_init(&reading.locations, problem, 2 * vehicles + jobs + 2 * shipments);
    profiles_init(&reading.profiles, problem, vehicles);
    reading.jobs = ARENA_ARRAY(arena, struct item, jobs + shipments + 1);
    reading.job_of = ARENA_ARRAY(arena, int32_t, jobs + shipments + 1);
    reading.made = ARENA_ARRAY(arena, struct solver_job, jobs + 2 * shipments + 1);
    problem->names = ARENA_ARRAY(arena, struct job_name, jobs + 2 * shipments + 1);
    add_vehicles(&reading);
    add_items(&reading, "jobs");
    add_items(&reading, "shipments");
    settle_kinds(&reading);
    settle_roads(&reading);
    problem->input.jobs = reading.made;
    problem->input.job_count = reading.made_count;
    problem->input.amount_count = reading.amount_count;
    steps_read(problem, reading.vehicles);
}

/* Else the places would be planned as the crow flies, and nobody would know. */
static void refuse_unread_tables(struct problem *problem)
{
    json_t *matrices = json_object_get(problem->root, "matrices");

    if (!problem->tables.count && json_object_size(matrices))
        problem->error = arena_format(
            &problem->arena, "matrices.%s.durations: is no square of whole numbers, 0 or more",
            json_object_iter_key(json_object_iter(matrices)));
}

bool problem_read(struct problem *problem, char *text, size_t length)
{
    json_error_t error;

    *problem = (struct problem){ 0 };
    tables_take(&problem->arena, &problem->tables, text, length);
    problem->root = json_loadb(text, length, 0, &error);
    if (!problem->root)
        problem->error = arena_format(&problem->arena, "line %d, column %d: %s", error.line,
                                      error.column, error.text);
    else if (!json_array_size(json_object_get(problem->root, "vehicles")))
        problem->error = "vehicles: there are none";
    else
        refuse_unread_tables(problem);
    if (!problem->error)
        read_all(problem);
    return !problem->error;
}

void problem_done(struct problem *problem)
{
    json_decref(problem->root);
    arena_done(&problem->arena);
}
