/* The smallest k are what a full sort has at its front. */
#include "lib/domain/random.h"
#include "services/routing/solver/nearest.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 300 };

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

Test(nearest, is_the_front_of_a_full_sort)
{
    for (int round = 0; round < 20000; round++) {
        struct random random = { (uint64_t)round };
        int32_t count = (int32_t)random_below(&random, MOST + 1);
        int32_t most = (int32_t)random_below(&random, count + 3), unlike = round % 2 ? 4 : 1 << 30;
        uint64_t keys[MOST], sorted[MOST];
        for (int32_t i = 0; i < count; i++)
            keys[i] = keyed(random_below(&random, unlike), round % 4 == 3 ? i / 9 : i);
        memcpy(sorted, keys, sizeof keys[0] * (size_t)count);
        qsort(sorted, (size_t)count, sizeof sorted[0], compare);
        int32_t got = nearest(keys, count, most);
        cr_assert_eq(got, most < count ? most : count, "round %d: %d of %d", round, got, count);
        cr_assert_eq(memcmp(keys, sorted, sizeof keys[0] * (size_t)got), 0, "round %d", round);
        qsort(keys, (size_t)count, sizeof keys[0], compare);
        cr_assert_eq(memcmp(keys, sorted, sizeof keys[0] * (size_t)count), 0,
                     "round %d: what is not among them is lost", round);
    }
}

Test(nearest, keys_beyond_32_bits_sort_to_their_side)
{
    cr_expect_lt(keyed(-5, 9), keyed(1, 0));
    cr_expect_gt(keyed(INT64_MAX, 0), keyed(UINT32_MAX - 1LL, 99));
    cr_expect_lt(keyed(7, 1), keyed(7, 2));
    cr_expect_eq(index_of(keyed(7, 123456)), 123456);
}
