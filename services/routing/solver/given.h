/* The plan there is, to start from. */
#pragma once
#include "services/routing/solver/plan.h"

/* Each given route as a whole, if it holds so; else job by job as far as it does. */
void take_given_routes(struct plan *plan);
