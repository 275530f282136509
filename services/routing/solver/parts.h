/* Several searches side by side, each on routes of its own: the vehicles are cut into parts that
 * lie apart, every part is searched for a while, then they are cut another way. */
#pragma once
#include "services/routing/solver/search.h"

/* The whole cooling by options->threads (> 1) searches; ret_paces gets one pace each. */
void search_in_parts(struct arena *arena, struct search *whole,
                     const struct solver_options *options, struct pace ret_paces[]);
