/* Steps name jobs by type and id. Starts, ends and breaks among them are the solver's to place. */
#include "tools/route/steps.h"
#include "lib/base/text.h"
#include <stdlib.h>

struct known {
    const char *type;
    int64_t id;
    int32_t job;
};

static int compare(const void *a, const void *b)
{
    const struct known *x = a, *y = b;

    if (x->type[0] != y->type[0]) /* job, pickup, delivery */
        return x->type[0] < y->type[0] ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static struct known *sorted(struct problem *problem)
{
    int32_t count = problem->input.job_count;
    struct known *known = ARENA_ARRAY(&problem->arena, struct known, (size_t)count + 1);

    for (int32_t job = 0; job < count; job++)
        known[job] = (struct known){ problem->names[job].type, problem->names[job].id, job };
    qsort(known, (size_t)count, sizeof known[0], compare);
    for (int32_t i = 1; i < count; i++)
        if (!problem->error && compare(&known[i - 1], &known[i]) == 0)
            problem->error = arena_format(&problem->arena, "%s %lld is there twice", known[i].type,
                                          (long long)known[i].id);
    return known;
}

static bool is_job_type(const char *type)
{
    return string_is(type, "job") || string_is(type, "pickup") || string_is(type, "delivery");
}

static void read_steps(const struct item *vehicle, const struct known known[],
                       struct given_route *ret_given)
{
    struct problem *problem = vehicle->problem;
    json_t *array = field_array(vehicle, "steps"), *object;
    int32_t *jobs = ARENA_ARRAY(&problem->arena, int32_t, json_array_size(array) + 1);
    size_t i;

    ret_given->jobs = jobs;
    json_array_foreach(array, i, object)
    {
        struct item step = item_of(problem, object, "%s.steps[%zu]", vehicle->place, i);
        struct known wanted = { field_string(&step, "type", ""),
                                field_whole(&step, "id", -1, 0, INT64_MAX), 0 };
        if (string_is(wanted.type, "start") || string_is(wanted.type, "end") ||
            string_is(wanted.type, "break"))
            continue;
        const struct known *found = is_job_type(wanted.type)
                                        ? bsearch(&wanted, known, (size_t)problem->input.job_count,
                                                  sizeof known[0], compare)
                                        : NULL;
        if (found)
            jobs[ret_given->count++] = found->job;
        else
            refuse(&step, "id", "names no job, pickup or delivery of the problem");
    }
}

void steps_read(struct problem *problem, const struct item vehicles[])
{
    int32_t count = problem->input.vehicle_count, with_steps = 0;
    struct given_route *given = ARENA_ARRAY(&problem->arena, struct given_route, (size_t)count + 1);
    const struct known *known = sorted(problem);

    for (int32_t v = 0; v < count; v++) {
        with_steps += json_object_get(vehicles[v].json, "steps") != NULL;
        read_steps(&vehicles[v], known, &given[v]);
    }
    if (with_steps)
        problem->input.given = given;
}
