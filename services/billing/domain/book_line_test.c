#include "lib/base/array.h"
#include "lib/domain/price.h"
#include "lib/domain/random.h"
#include "services/billing/domain/book_line.h"
#include <criterion/criterion.h>

Test(book_line, table)
{
    const struct own_price hour = { true, 12000 }, nothing = { false, 0 };
    const struct {
        const char *name;
        struct told_line line;
        struct own_price price;
        struct booking booking;
    } rows[] = {
        { "wholly covered", { false, 1500, 18000, 18000 }, hour, { LINE_BOOKED, 18000, 18000, 0 } },
        { "the rest is the customer's",
          { false, 1500, 18000, 10000 },
          hour,
          { LINE_BOOKED, 18000, 10000, 8000 } },
        { "refused: all of it is the customer's",
          { true, 1500, 18000, 0 },
          hour,
          { LINE_BOOKED, 18000, 0, 18000 } },
        { "refused: what it says of cover does not count",
          { true, 1500, 18000, 500 },
          hour,
          { LINE_BOOKED, 18000, 0, 18000 } },
        { "refused without a price: booked with nothing",
          { true, 1500, 0, 0 },
          nothing,
          { LINE_BOOKED, 0, 0, 0 } },
        { "a total that is not ours", { false, 1500, 18001, 18000 }, hour, { LINE_TOTAL_DIFFERS } },
        { "refused with a total that is not ours",
          { true, 1500, 17999, 0 },
          hour,
          { LINE_TOTAL_DIFFERS } },
        { "accepted, but in no list",
          { false, 1500, 18000, 18000 },
          nothing,
          { LINE_TOTAL_DIFFERS } },
        { "more covered than it costs",
          { false, 1500, 18000, 18001 },
          hour,
          { LINE_COVERED_WRONG } },
        { "less than nothing covered", { false, 1500, 18000, -1 }, hour, { LINE_COVERED_WRONG } },
        { "for free", { false, 1000, 0, 0 }, { true, 0 }, { LINE_BOOKED, 0, 0, 0 } },
        { "half a grosz goes up, on both sides",
          { false, 500, 1, 1 },
          { true, 1 },
          { LINE_BOOKED, 1, 1, 0 } },
    };

    EACH (row, rows) {
        struct booking got = book_line(&row->line, &row->price);
        cr_expect_eq(got.verdict, row->booking.verdict, "%s", row->name);
        cr_expect_eq(got.total_grosz, row->booking.total_grosz, "%s", row->name);
        cr_expect_eq(got.partner_grosz, row->booking.partner_grosz, "%s", row->name);
        cr_expect_eq(got.customer_grosz, row->booking.customer_grosz, "%s", row->name);
    }
}

Test(book_line, not_a_grosz_is_lost)
{
    struct random random = { 61 };

    for (int round = 0; round < 100000; round++) {
        struct own_price price = { true, random_below(&random, 5000000) };
        struct told_line line = { .is_refused = random_below(&random, 4) == 0,
                                  .quantity = random_below(&random, 20000) };
        cr_assert(price_line(price.price_grosz, line.quantity, &line.total_grosz));
        line.covered_grosz = random_between(&random, -2, line.total_grosz + 2);
        struct booking got = book_line(&line, &price);
        cr_assert_eq(got.partner_grosz + got.customer_grosz, got.total_grosz, "seed 61, %d", round);
        cr_assert(got.partner_grosz >= 0 && got.customer_grosz >= 0, "seed 61, round %d", round);
        if (got.verdict == LINE_BOOKED)
            cr_assert_eq(got.total_grosz, line.total_grosz, "seed 61, round %d", round);
        if (line.is_refused)
            cr_assert_eq(got.partner_grosz, 0, "seed 61, round %d", round);
    }
}
