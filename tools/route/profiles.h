/* Profiles, paces and costs of vehicles as roads of the solver: one for each that differs. */
#pragma once
#include "tools/route/fields.h"

struct profiles {
    struct problem *problem;
    struct solver_roads *roads;
    struct manner *manners; /* what each of the roads was made for */
    int32_t count;
};

void profiles_init(struct profiles *profiles, struct problem *problem, size_t room);
/* Index of the roads that this vehicle drives by. */
int32_t profiles_of(struct profiles *profiles, const struct item *vehicle);
