/* What a tree finds is what a full sort by distance has first, also where things lie in heaps. */
#include "lib/domain/random.h"
#include "services/routing/solver/tree.h"
#include <criterion/criterion.h>
#include <stdlib.h>

enum { MANY = 5000 };

static float apart(const struct thing *a, const struct thing *b)
{
    float sum = 0;

    for (int axis = 0; axis < TREE_AXES; axis++)
        sum += (a->at[axis] - b->at[axis]) * (a->at[axis] - b->at[axis]);
    return sum;
}

static int compare(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

/* Heaps of things in one spot, and some spread out. */
static struct thing random_thing(struct random *random)
{
    struct thing thing;
    bool is_heaped = random_below(random, 2);

    for (int axis = 0; axis < TREE_AXES; axis++)
        thing.at[axis] = is_heaped ? (float)(random_below(random, 3) * 1000)
                                   : (float)random_below(random, 100000) / 10;
    return thing;
}

Test(tree, finds_the_nearest_of_many)
{
    static struct thing things[MANY];
    static float sorted[MANY], found_apart[TREE_NEAREST];
    struct arena arena = { 0 };
    struct random random = { 3 };
    struct tree tree;
    int32_t count;

    for (int i = 0; i < MANY; i++)
        things[i] = random_thing(&random);
    tree_init(&arena, &tree, things, MANY);
    for (int query = 0; query < 300; query++) {
        struct thing to = random_thing(&random);
        const int32_t *found = tree_nearest(&tree, to, &count);
        cr_assert_eq(count, TREE_NEAREST);
        for (int i = 0; i < MANY; i++)
            sorted[i] = apart(&things[i], &to);
        for (int i = 0; i < count; i++)
            found_apart[i] = apart(&things[found[i]], &to);
        qsort(sorted, MANY, sizeof sorted[0], compare);
        qsort(found_apart, (size_t)count, sizeof found_apart[0], compare);
        for (int i = 0; i < count; i++)
            cr_assert_eq(found_apart[i], sorted[i], "query %d, place %d", query, i);
    }
    arena_done(&arena);
}

Test(tree, everything_is_near_by_tables_or_when_there_is_little)
{
    static struct thing things[2 * TREE_NEAREST];
    struct arena arena = { 0 };
    struct tree tree;
    int32_t count;

    tree_init(&arena, &tree, NULL, MANY);
    cr_expect_eq(tree_nearest(&tree, things[0], &count)[MANY - 1], MANY - 1);
    cr_expect_eq(count, MANY);
    tree_init(&arena, &tree, things, 2 * TREE_NEAREST);
    tree_nearest(&tree, things[0], &count);
    cr_expect_eq(count, 2 * TREE_NEAREST);
    arena_done(&arena);
}
