/* Sets are told apart by sorting them. */
#include "tools/route/kinds.h"
#include <stdlib.h>

static int compare_skills(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static struct skill_set read_skills(const struct item *item)
{
    json_t *array = field_array(item, "skills"), *value;
    struct skill_set set = { 0 };
    size_t i;

    if (!array)
        return set;
    set.at = ARENA_ARRAY(&item->problem->arena, int64_t, json_array_size(array) + 1);
    json_array_foreach(array, i, value)
    {
        if (!json_is_integer(value))
            refuse(item, "skills", "are no whole numbers");
        set.at[i] = json_integer_value(value);
    }
    qsort(set.at, i, sizeof set.at[0], compare_skills);
    for (size_t k = 0; k < i; k++) /* each once */
        if (!k || set.at[k] != set.at[set.count - 1])
            set.at[set.count++] = set.at[k];
    return set;
}

struct numbered {
    struct skill_set set;
    int32_t index;
};

static int compare_sets(const struct skill_set *a, const struct skill_set *b)
{
    for (int32_t i = 0; i < a->count && i < b->count; i++)
        if (a->at[i] != b->at[i])
            return a->at[i] < b->at[i] ? -1 : 1;
    return (a->count > b->count) - (a->count < b->count);
}

static int compare(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;
    int order = compare_sets(&x->set, &y->set);

    return order ? order : (x->index > y->index) - (x->index < y->index);
}

struct kinds kinds_of(const struct item items[], int32_t count, int32_t ret_kind[])
{
    struct kinds kinds = { 0 };

    if (!count)
        return kinds;
    struct arena *arena = &items[0].problem->arena;
    struct numbered *sorted = ARENA_ARRAY(arena, struct numbered, (size_t)count);
    struct skill_set *sets = ARENA_ARRAY(arena, struct skill_set, (size_t)count);
    for (int32_t i = 0; i < count; i++)
        sorted[i] = (struct numbered){ read_skills(&items[i]), i };
    qsort(sorted, (size_t)count, sizeof sorted[0], compare);
    for (int32_t i = 0; i < count; i++) {
        if (!i || compare_sets(&sorted[i].set, &sets[kinds.count - 1]) != 0)
            sets[kinds.count++] = sorted[i].set;
        ret_kind[sorted[i].index] = kinds.count - 1;
    }
    kinds.sets = sets;
    return kinds;
}

static bool covers(const struct skill_set *has, const struct skill_set *needs)
{
    int32_t at = 0;

    for (int32_t i = 0; i < needs->count; i++) {
        while (at < has->count && has->at[at] < needs->at[i])
            at++;
        if (at == has->count || has->at[at] != needs->at[i])
            return false;
    }
    return true;
}

uint8_t *kinds_allowed(struct arena *arena, const struct kinds *jobs, const struct kinds *vehicles)
{
    uint8_t *allowed =
        ARENA_ARRAY(arena, uint8_t, (size_t)jobs->count * (size_t)vehicles->count + 1);

    for (int32_t j = 0; j < jobs->count; j++)
        for (int32_t v = 0; v < vehicles->count; v++)
            allowed[j * vehicles->count + v] = covers(&vehicles->sets[v], &jobs->sets[j]);
    return allowed;
}
