/* Things on the ground by square cells, for days too large to compare all with all. Where there
 * are tables of roads instead of places, or few things, every one of them is near. */
#pragma once
#include "services/routing/solver/points.h"

struct grid {
    const struct point *places; /* NULL: everything is near */
    int32_t count;
    int32_t *found; /* what grid_around answers with */
    int32_t side;   /* cells a side, over the bounding box of two of the three coordinates */
    int32_t *first, *members; /* of cell c: members[first[c] .. first[c + 1]) */
    double from_x, from_y, cell;
};

/* Of `count` things at these locations (borrowed until the end). */
void grid_init(struct arena *arena, struct grid *grid, const struct solver_roads *roads,
               const int32_t locations[], int32_t count);

/* Indexes of the things near a location: a few thousand at most, or all. Valid until asked again.
 */
int32_t *grid_around(struct grid *grid, int32_t location, int32_t *ret_count);
