/* The plan there is: `steps` of vehicles, as they are given and as our own solutions have them. */
#pragma once
#include "tools/route/fields.h"

void steps_read(struct problem *problem, const struct item vehicles[]);
