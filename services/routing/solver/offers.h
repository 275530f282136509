/* One more job into a plan that stands: at which starts it fits, with whom, and what that adds.
 * Every place of every vehicle is looked at; nothing else moves. */
#pragma once
#include "services/routing/solver/solve.h"

struct standing; /* a plan that is kept to be asked */

/* Starts from, from + step, …: `count` of them. */
struct starts {
    int32_t from, step, count;
};

struct offer {       /* of one start */
    int32_t vehicle; /* NOBODY: nobody can then */
    int64_t added;   /* to the cost of the road */
};

/* The plan of input->given, as far as it holds. Input and memory are the arena's and the caller's
 * until the end. Jobs that no route was given for are those that can be asked about. */
struct standing *standing_new(struct arena *arena, const struct solver_input *input);

/* What each start would add for a job that is left out (none that is part of a shipment); its own
 * windows are not asked, its kind, work, loads and location are those of the input now.
 * `ret_offers` has room for starts->count. */
void standing_offers(struct standing *standing, int32_t job, const struct starts *starts,
                     struct offer ret_offers[]);
