/* The hours of a route whose order is settled: where its breaks go, when it leaves, what it waits.
 */
#pragma once
#include "services/routing/solver/plan.h"

/* Of a route that holds. The earliest end there is; leaves as late as that allows. */
struct solution_route itinerary_of(struct arena *arena, const struct plan *plan, int32_t route);
