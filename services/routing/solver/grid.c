/* Cells hold FEW things each on the mean; rings around a place are taken until ENOUGH are found. */
#include "services/routing/solver/grid.h"

enum { ALL_MOST = 6000, FEW = 32, ENOUGH = 1500 };

static int32_t clamp(double at, int32_t side)
{
    return at < 0 ? 0 : at >= side ? side - 1 : (int32_t)at;
}

/* North and east of a point in Europe are well told by z and y. */
static int32_t cell_of(const struct grid *grid, struct point point)
{
    return clamp((point.y - grid->from_x) / grid->cell, grid->side) * grid->side +
           clamp((point.z - grid->from_y) / grid->cell, grid->side);
}

static void measure(struct grid *grid, const int32_t locations[])
{
    double until_x = -1, until_y = -1;

    grid->from_x = grid->from_y = 1;
    for (int32_t i = 0; i < grid->count; i++) {
        struct point point = grid->places[locations[i]];
        grid->from_x = fmin(grid->from_x, point.y);
        grid->from_y = fmin(grid->from_y, point.z);
        until_x = fmax(until_x, point.y);
        until_y = fmax(until_y, point.z);
    }
    grid->side = (int32_t)sqrt((double)grid->count / FEW) + 1;
    grid->cell = fmax(fmax(until_x - grid->from_x, until_y - grid->from_y), 1e-9) / grid->side;
}

static void sort_into_cells(struct arena *arena, struct grid *grid, const int32_t locations[])
{
    int32_t cells = grid->side * grid->side;

    grid->first = ARENA_ARRAY(arena, int32_t, (size_t)cells + 2);
    grid->members = ARENA_ARRAY(arena, int32_t, (size_t)grid->count + 1);
    for (int32_t i = 0; i < grid->count; i++)
        grid->first[cell_of(grid, grid->places[locations[i]]) + 2]++;
    for (int32_t c = 0; c < cells; c++)
        grid->first[c + 2] += grid->first[c + 1];
    for (int32_t i = 0; i < grid->count; i++)
        grid->members[grid->first[cell_of(grid, grid->places[locations[i]]) + 1]++] = i;
}

void grid_init(struct arena *arena, struct grid *grid, const struct solver_roads *roads,
               const int32_t locations[], int32_t count)
{
    *grid = (struct grid){ .count = count };
    grid->found = ARENA_ARRAY(arena, int32_t, (size_t)count + 1);
    for (int32_t i = 0; i < count; i++)
        grid->found[i] = i;
    for (int32_t i = 0; i < count; i++)
        if (locations[i] == NOBODY)
            return;
    if (roads->durations || count <= ALL_MOST)
        return;
    grid->places = roads->places;
    measure(grid, locations);
    sort_into_cells(arena, grid, locations);
}

static int32_t add_cell(struct grid *grid, int32_t x, int32_t y, int32_t count)
{
    if (x < 0 || y < 0 || x >= grid->side || y >= grid->side)
        return count;
    int32_t cell = x * grid->side + y;
    for (int32_t i = grid->first[cell]; i < grid->first[cell + 1]; i++)
        grid->found[count++] = grid->members[i];
    return count;
}

int32_t *grid_around(struct grid *grid, int32_t location, int32_t *ret_count)
{
    *ret_count = grid->count;
    if (!grid->places || location == NOBODY)
        return grid->found;
    int32_t cell = cell_of(grid, grid->places[location]), count = 0;
    int32_t x = cell / grid->side, y = cell % grid->side;
    for (int32_t ring = 0; ring < grid->side && count < ENOUGH; ring++)
        for (int32_t dx = -ring; dx <= ring; dx++) {
            int32_t step = dx == -ring || dx == ring || !ring ? 1 : 2 * ring;
            for (int32_t dy = -ring; dy <= ring; dy += step)
                count = add_cell(grid, x + dx, y + dy, count);
        }
    *ret_count = count;
    return grid->found;
}
