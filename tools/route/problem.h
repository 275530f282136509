/* A problem as VROOM's JSON has it, made ready for the solver. */
#pragma once
#include "services/routing/solver/solve.h"
#include "tools/route/tables.h"
#include <jansson.h>

/* What a job of the solver is called outside: a job, or one end of a shipment. */
struct job_name {
    json_t *json;     /* the job, or the shipment's pickup or delivery; borrowed from the root */
    const char *type; /* "job", "pickup", "delivery" */
    int64_t id;
    int32_t begun_by; /* of the end of a shipment: its begin */
};

struct problem {
    struct arena arena;
    struct tables tables;
    json_t *root;
    struct solver_input input;
    struct job_name *names;
    int64_t *vehicle_ids;
    json_t **location_of; /* [lon, lat] of a location; NULL where only an index was given */
    int64_t origin;       /* the solver's 0 in the problem's time */
    const char *error;    /* where and which rule, when reading failed */
};

/* Reads the text (changed on the way, kept by the caller until the end). False with `error` set
 * when it is no problem that can be solved. */
bool problem_read(struct problem *problem, char *text, size_t length);
void problem_done(struct problem *problem);
