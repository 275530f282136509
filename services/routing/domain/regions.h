/* Neighbourhoods: technicians of one region may take over each other's visits. */
#pragma once
#include "lib/base/arena.h"
#include "lib/domain/place.h"

enum { REGION_RADIUS_M = 60000 };

/* The nearest agglomeration within the radius ("warszawa"), else the square degree ("53n17e"), or
 * "nowhere" for a place that is not valid. */
const char *region_of(struct arena *arena, struct place place);
