/* Quickselect (Hoare), then a sort of what was selected. */
#include "services/routing/solver/nearest.h"
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static uint64_t middle_of(uint64_t a, uint64_t b, uint64_t c)
{
    if ((a < b) == (b < c))
        return b;
    return (b < a) == (a < c) ? a : c;
}

/* Those below the pivot until `high`, those above from `low` on; what lies between equals it. */
static void part(uint64_t keys[], int32_t *low, int32_t *high)
{
    uint64_t pivot = middle_of(keys[*low], keys[(*low + *high) / 2], keys[*high]);

    while (*low <= *high) {
        while (keys[*low] < pivot)
            ++*low;
        while (keys[*high] > pivot)
            --*high;
        if (*low > *high)
            return;
        uint64_t kept = keys[*low];
        keys[(*low)++] = keys[*high];
        keys[(*high)--] = kept;
    }
}

int32_t nearest(uint64_t keys[], int32_t count, int32_t most)
{
    int32_t from = 0, until = count - 1;

    if (most > count)
        most = count;
    while (most < count && from < until) {
        int32_t low = from, high = until;
        part(keys, &low, &high);
        if (most - 1 > high && most - 1 < low)
            break;
        if (most - 1 <= high)
            until = high;
        else
            from = low;
    }
    qsort(keys, (size_t)most, sizeof keys[0], compare);
    return most;
}
