/* Halves along the axis on which a stretch is widest, down to leaves that are scanned. */
#include "services/routing/solver/tree.h"

enum { LEAF = 16, TIME_SHARE = 5 };

struct thing thing_at(const struct solver_roads *roads, int32_t location, int32_t time)
{
    float scale = EARTH_RADIUS_M * roads->per_metre;
    struct point point = roads->places[location];

    return (struct thing){ { (float)point.x * scale, (float)point.y * scale, (float)point.z * scale,
                             (float)time / TIME_SHARE } };
}

static uint8_t widest_axis(const struct tree *tree, int32_t from, int32_t until)
{
    float width = -1;
    int widest = 0;

    for (int axis = 0; axis < TREE_AXES; axis++) {
        float low = INFINITY, high = -INFINITY;
        for (int32_t i = from; i < until; i++) {
            float at = tree->things[tree->order[i]].at[axis];
            low = at < low ? at : low;
            high = at > high ? at : high;
        }
        if (high - low > width) {
            width = high - low;
            widest = axis;
        }
    }
    return (uint8_t)widest;
}

/* Things up to `high` lie no farther along the axis than those from `low` on. */
static void part(const struct tree *tree, int32_t *low, int32_t *high, uint8_t axis)
{
    int32_t *order = tree->order;
    float pivot = tree->things[order[(*low + *high) / 2]].at[axis];

    while (*low <= *high) {
        while (tree->things[order[*low]].at[axis] < pivot)
            ++*low;
        while (tree->things[order[*high]].at[axis] > pivot)
            --*high;
        if (*low > *high)
            return;
        int32_t kept = order[*low];
        order[(*low)++] = order[*high];
        order[(*high)--] = kept;
    }
}

/* The thing at `middle` gets there, smaller ones before it (Hoare's selection). */
static void select_middle(const struct tree *tree, int32_t from, int32_t until, int32_t middle,
                          uint8_t axis)
{
    int32_t first = from, last = until - 1;

    while (first < last) {
        int32_t low = first, high = last;
        part(tree, &low, &high, axis);
        if (middle > high && middle < low)
            return;
        if (middle <= high)
            last = high;
        else
            first = low;
    }
}

static void build(struct tree *tree, int32_t from, int32_t until)
{
    int32_t middle = from + (until - from) / 2;

    if (until - from <= LEAF)
        return;
    uint8_t axis = widest_axis(tree, from, until);
    select_middle(tree, from, until, middle, axis);
    tree->axis[middle] = axis;
    build(tree, from, middle);
    build(tree, middle + 1, until);
}

void tree_init(struct arena *arena, struct tree *tree, const struct thing *things, int32_t count)
{
    *tree =
        (struct tree){ .count = count, .order = ARENA_ARRAY(arena, int32_t, (size_t)count + 1) };
    for (int32_t i = 0; i < count; i++)
        tree->order[i] = i;
    if (!things || count <= 2 * TREE_NEAREST)
        return;
    tree->things = things;
    tree->axis = ARENA_ARRAY(arena, uint8_t, (size_t)count);
    tree->distance = ARENA_ARRAY(arena, float, TREE_NEAREST);
    tree->found = ARENA_ARRAY(arena, int32_t, TREE_NEAREST);
    build(tree, 0, count);
}

static void put(struct tree *tree, int32_t at, int32_t index, float distance)
{
    tree->found[at] = index;
    tree->distance[at] = distance;
}

static void sift_up(struct tree *tree, int32_t at, int32_t index, float distance)
{
    for (int32_t above; at > 0 && tree->distance[above = (at - 1) / 2] < distance; at = above)
        put(tree, at, tree->found[above], tree->distance[above]);
    put(tree, at, index, distance);
}

static void sift_down(struct tree *tree, int32_t index, float distance)
{
    int32_t at = 0;

    for (int32_t below; (below = 2 * at + 1) < TREE_NEAREST; at = below) {
        if (below + 1 < TREE_NEAREST && tree->distance[below + 1] > tree->distance[below])
            below++;
        if (tree->distance[below] <= distance)
            break;
        put(tree, at, tree->found[below], tree->distance[below]);
    }
    put(tree, at, index, distance);
}

static void offer(struct tree *tree, const struct thing *to, int32_t index)
{
    const float *a = tree->things[index].at, *b = to->at;
    float distance = 0;

    for (int axis = 0; axis < TREE_AXES; axis++)
        distance += (a[axis] - b[axis]) * (a[axis] - b[axis]);
    if (tree->found_count < TREE_NEAREST)
        sift_up(tree, tree->found_count++, index, distance);
    else if (distance < tree->distance[0])
        sift_down(tree, index, distance);
}

static void look(struct tree *tree, const struct thing *to, int32_t from, int32_t until)
{
    int32_t middle = from + (until - from) / 2;

    if (until - from <= LEAF) {
        for (int32_t i = from; i < until; i++)
            offer(tree, to, tree->order[i]);
        return;
    }
    uint8_t axis = tree->axis[middle];
    float beyond = to->at[axis] - tree->things[tree->order[middle]].at[axis];
    offer(tree, to, tree->order[middle]);
    look(tree, to, beyond < 0 ? from : middle + 1, beyond < 0 ? middle : until);
    if (tree->found_count < TREE_NEAREST || beyond * beyond <= tree->distance[0])
        look(tree, to, beyond < 0 ? middle + 1 : from, beyond < 0 ? until : middle);
}

const int32_t *tree_nearest(struct tree *tree, struct thing to, int32_t *ret_count)
{
    if (!tree->things) {
        *ret_count = tree->count;
        return tree->order;
    }
    tree->found_count = 0;
    look(tree, &to, 0, tree->count);
    *ret_count = tree->found_count;
    return tree->found;
}
