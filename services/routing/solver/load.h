/* Loads of several amounts, picked up on the way or carried between two jobs. Where there is one
 * amount and all of it is delivered, a sum per vehicle does and nothing of this is asked.
 *
 * Each node keeps the highest load on leaving any node up to it, and on leaving it or any later. */
#pragma once
#include "services/routing/solver/plan.h"

void load_init(struct arena *arena, struct plan *plan);
void load_refresh(struct plan *plan, int32_t route);
bool load_holds(const struct plan *plan, int32_t route);

/* May a job that is no end of a shipment go behind node `after` of the route? */
bool load_fits(const struct plan *plan, int32_t route, int32_t job, int32_t after);
/* May what the job begins to carry be on board on leaving this node? */
bool load_fits_on(const struct plan *plan, int32_t route, int32_t job, int32_t node);
