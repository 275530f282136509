#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/parts/domain/van_count.h"
#include <criterion/criterion.h>

Test(van_count, a_piece_is_free_when_not_all_are_kept)
{
    cr_expect_not(van_has_free((struct van_count){ 0, 0 }));
    cr_expect(van_has_free((struct van_count){ 1, 0 }));
    cr_expect_not(van_has_free((struct van_count){ 1, 1 }));
    cr_expect(van_has_free((struct van_count){ 3, 2 }));
}

Test(van_count, what_is_counted_is_there)
{
    const struct {
        const char *name;
        struct van_count was;
        int64_t counted;
        struct van_change becomes;
    } rows[] = {
        { "more than before", { 2, 1 }, 5, { { 5, 1 }, 0 } },
        { "just what is kept", { 4, 2 }, 2, { { 2, 2 }, 0 } },
        { "less than is kept", { 4, 3 }, 1, { { 1, 1 }, 2 } },
        { "nothing", { 4, 3 }, 0, { { 0, 0 }, 3 } },
        { "the first count", { 0, 0 }, 7, { { 7, 0 }, 0 } },
    };

    EACH (row, rows) {
        struct van_change got = van_recount(row->was, row->counted);
        cr_expect_eq(got.count.quantity, row->becomes.count.quantity, "%s", row->name);
        cr_expect_eq(got.count.reserved, row->becomes.count.reserved, "%s", row->name);
        cr_expect_eq(got.lost, row->becomes.lost, "%s", row->name);
    }
}

Test(van_count, use_by_example)
{
    const struct {
        const char *name;
        struct van_count was;
        int64_t used, at_customer;
        struct van_use leaves;
    } rows[] = {
        { "one of three", { 3, 0 }, 1, 0, { { { 2, 0 }, 0 }, 0, 0 } },
        { "the last one", { 1, 0 }, 1, 0, { { { 0, 0 }, 0 }, 0, 0 } },
        { "one more than there is", { 1, 0 }, 2, 0, { { { 0, 0 }, 0 }, 0, 1 } },
        { "from an empty van", { 0, 0 }, 2, 0, { { { 0, 0 }, 0 }, 0, 2 } },
        { "one that another order keeps", { 1, 1 }, 1, 0, { { { 0, 0 }, 1 }, 0, 0 } },
        { "a free one, beside a kept one", { 2, 1 }, 1, 0, { { { 1, 1 }, 0 }, 0, 0 } },
        { "the one that was delivered", { 3, 0 }, 1, 1, { { { 3, 0 }, 0 }, 1, 0 } },
        { "the delivered one and one more", { 3, 0 }, 2, 1, { { { 2, 0 }, 0 }, 1, 0 } },
        { "all three ways", { 1, 1 }, 3, 1, { { { 0, 0 }, 1 }, 1, 1 } },
        { "more was used of what was delivered than there was",
          { 2, 0 },
          1,
          -1,
          { { { 1, 0 }, 0 }, 0, 0 } },
    };

    EACH (row, rows) {
        struct van_use got = van_use(row->was, row->used, row->at_customer);
        cr_expect_eq(got.change.count.quantity, row->leaves.change.count.quantity, "%s", row->name);
        cr_expect_eq(got.change.count.reserved, row->leaves.change.count.reserved, "%s", row->name);
        cr_expect_eq(got.change.lost, row->leaves.change.lost, "%s", row->name);
        cr_expect_eq(got.delivered, row->leaves.delivered, "%s", row->name);
        cr_expect_eq(got.beyond, row->leaves.beyond, "%s", row->name);
    }
}

/* Any sequence of promises, uses and counts: never more kept than there is, no piece unaccounted
 * for, no reservation either kept or lost. */
Test(van_count, nothing_is_promised_that_is_not_there)
{
    struct random random = { .state = 11 };
    struct van_count count = { 0, 0 };

    for (int run = 0; run < 50000; run++) {
        struct van_count was = count;
        if (random_below(&random, 3) == 0 && van_has_free(count)) {
            count.reserved++;
        } else if (random_below(&random, 4) == 0) {
            struct van_change change = van_recount(count, random_below(&random, 8));
            cr_assert_eq(change.count.reserved + change.lost, was.reserved, "run %d", run);
            count = change.count;
        } else {
            int64_t used = 1 + random_below(&random, 4);
            struct van_use use = van_use(count, used, random_below(&random, 3));
            count = use.change.count;
            cr_assert_eq(was.quantity - count.quantity + use.delivered + use.beyond, used, "run %d",
                         run);
            cr_assert_eq(count.reserved + use.change.lost, was.reserved, "run %d", run);
            cr_assert(use.beyond == 0 || count.quantity == 0, "run %d", run);
        }
        cr_assert(count.reserved >= 0 && count.reserved <= count.quantity, "run %d", run);
    }
}

Test(van_count, only_what_was_never_sent_is_called_off)
{
    for (enum purchase_state state = PURCHASE_ORDERED; state < PURCHASE_STATES_END; state++) {
        bool is_waiting =
            state == PURCHASE_ORDERED || state == PURCHASE_CONFIRMED || state == PURCHASE_LATE;
        cr_expect_eq(purchase_may_be_called_off(state, false), is_waiting, "%s",
                     purchase_state_key(state));
        cr_expect_not(purchase_may_be_called_off(state, true), "%s, shipped before",
                      purchase_state_key(state));
    }
}
