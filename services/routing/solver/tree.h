/* The nearest of very many, in space and time: a k-d tree (Bentley 1975). Where there are tables of
 * roads instead of places, or few things, every one of them counts as near. */
#pragma once
#include "services/routing/solver/points.h"

enum { TREE_AXES = 4, TREE_NEAREST = 320 };

struct thing { /* where, as durations from the middle of the earth, and a fifth of when */
    float at[TREE_AXES];
};

struct tree {
    const struct thing *things; /* NULL: everything is near */
    int32_t count;
    int32_t *order;  /* indexes; the middle of a stretch parts it along its `axis` */
    uint8_t *axis;   /* of the thing in the middle, by place in `order` */
    float *distance; /* of what was found, as a heap with the farthest on top */
    int32_t *found, found_count;
};

struct thing thing_at(const struct solver_roads *roads, int32_t location, int32_t time);

/* Things are borrowed until the end; all NULL: every one of `count` is near. */
void tree_init(struct arena *arena, struct tree *tree, const struct thing *things, int32_t count);

/* Indexes of the TREE_NEAREST nearest, or of all, in no order. Valid until asked again. */
const int32_t *tree_nearest(struct tree *tree, struct thing to, int32_t *ret_count);
