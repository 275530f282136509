/* The best starts so far, best first: all there is room for, and no more. */
#pragma once
#include "lib/base/arena.h"
#include "services/matching/domain/search_slots.h"

/* What else keeps a start off the list, besides better ones. */
enum shortlist_rule { AS_MANY_AS_FIT, ONE_PER_START, ONE_PER_TECHNICIAN };

struct shortlist {
    struct slot *slots; /* by score, then start, then technician id */
    size_t count, most;
};

/* Room for `most` >= 1, in the arena. */
void shortlist_init(struct arena *arena, struct shortlist *list, size_t most);
/* Of the same start, or technician, only the better stays. */
void shortlist_add(struct shortlist *list, const struct slot *slot, enum shortlist_rule rule);
/* Nothing that scores more can enter. */
int64_t shortlist_bar(const struct shortlist *list);
