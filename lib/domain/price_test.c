#include "lib/base/array.h"
#include "lib/domain/price.h"
#include "lib/domain/random.h"
#include <criterion/criterion.h>

Test(price, table)
{
    const struct {
        const char *name;
        int64_t price_grosz, quantity;
        bool valid;
        int64_t total_grosz;
    } rows[] = {
        { "one unit costs its price", 12345, 1000, true, 12345 },
        { "one and a half", 10000, 1500, true, 15000 },
        { "half a grosz goes up", 1, 500, true, 1 },
        { "just below half a grosz goes down", 1, 499, true, 0 },
        { "half above a whole goes up", 3, 500, true, 2 },
        { "a thousandth of a dear thing", 999999, 1, true, 1000 },
        { "nothing of it", 12345, 0, true, 0 },
        { "for free", 0, 5000, true, 0 },
        { "the largest price of one unit", INT64_MAX, 1000, true, INT64_MAX },
        { "the product may pass 64 bits", INT64_MAX, 500, true, INT64_MAX / 2 + 1 },
        { "the total may not", INT64_MAX, 1001, false, 7 },
        { "no negative price", -1, 1000, false, 7 },
        { "no negative quantity", 100, -1, false, 7 },
    };

    EACH (row, rows) {
        int64_t total_grosz = 7;
        cr_expect_eq(price_line(row->price_grosz, row->quantity, &total_grosz), row->valid, "%s",
                     row->name);
        cr_expect_eq(total_grosz, row->total_grosz, "%s: %lld", row->name, (long long)total_grosz);
    }
}

/* By whole units and the rest apart, another road to the same grosz. */
Test(price, properties)
{
    struct random random = { 31 };

    for (int round = 0; round < 200000; round++) {
        int64_t price = random_below(&random, 10000000), quantity = random_below(&random, 1000000);
        int64_t total = -1, more = -1, rest = price * (quantity % 1000);
        cr_assert(price_line(price, quantity, &total));
        cr_assert_eq(total, price * (quantity / 1000) + rest / 1000 + (rest % 1000 >= 500),
                     "seed 31, %lld x %lld", (long long)price, (long long)quantity);
        cr_assert(price_line(price, quantity + 1, &more));
        cr_assert_geq(more, total, "more never costs less: seed 31, %lld x %lld", (long long)price,
                      (long long)quantity);
    }
}
