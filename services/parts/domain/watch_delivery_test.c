#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/parts/domain/watch_delivery.h"
#include <criterion/criterion.h>

Test(watch_delivery, too_late)
{
    const struct {
        const char *name;
        struct delivery delivery;
        bool late;
    } rows[] = {
        { "promised after the visit",
          { PURCHASE_ORDERED, .promised_by = HOURS(30), .needed_by = HOURS(20) },
          true },
        { "promised for the visit's very hour",
          { PURCHASE_ORDERED, .promised_by = HOURS(20), .needed_by = HOURS(20) },
          false },
        { "promised a moment after it",
          { PURCHASE_ORDERED, .promised_by = HOURS(20) + 1, .needed_by = HOURS(20) },
          true },
        { "no visit yet", { PURCHASE_ORDERED, .promised_by = HOURS(30) }, false },
        { "told once for this pair of dates",
          { PURCHASE_CONFIRMED, .promised_by = HOURS(30), .needed_by = HOURS(20),
            .late_promised_by = HOURS(30), .late_needed_by = HOURS(20) },
          false },
        { "another promise is told again",
          { PURCHASE_CONFIRMED, .promised_by = HOURS(31), .needed_by = HOURS(20),
            .late_promised_by = HOURS(30), .late_needed_by = HOURS(20) },
          true },
        { "a visit moved, but not far enough, is told again",
          { PURCHASE_CONFIRMED, .promised_by = HOURS(30), .needed_by = HOURS(25),
            .late_promised_by = HOURS(30), .late_needed_by = HOURS(20) },
          true },
        { "delivered is there",
          { PURCHASE_DELIVERED, .promised_by = HOURS(30), .needed_by = HOURS(20) },
          false },
        { "cancelled is nobody's",
          { PURCHASE_CANCELLED, .promised_by = HOURS(30), .needed_by = HOURS(20) },
          false },
    };

    EACH (row, rows)
        cr_expect_eq(is_too_late(&row->delivery), row->late, "%s", row->name);
}

Test(watch_delivery, overdue)
{
    const timestamp now = HOURS(100);
    const struct {
        const char *name;
        struct delivery delivery;
        bool overdue;
    } rows[] = {
        { "the date is now", { PURCHASE_SHIPPED, .promised_by = HOURS(100) }, true },
        { "a moment to go", { PURCHASE_SHIPPED, .promised_by = HOURS(100) + 1 }, false },
        { "no date", { PURCHASE_ORDERED }, false },
        { "delivered", { PURCHASE_DELIVERED, .promised_by = HOURS(90) }, false },
        { "told for this date",
          { PURCHASE_LATE, .promised_by = HOURS(90), .overdue_promised_by = HOURS(90) },
          false },
        { "late by his own word, and that date has passed, too",
          { PURCHASE_LATE, .promised_by = HOURS(95), .overdue_promised_by = HOURS(90) },
          true },
    };

    EACH (row, rows)
        cr_expect_eq(is_overdue(&row->delivery, now), row->overdue, "%s", row->name);
}

Test(watch_delivery, updates)
{
    const timestamp now = HOURS(100);
    const struct delivery ordered = { PURCHASE_ORDERED, .ordered_at = HOURS(50),
                                      .promised_by = HOURS(120) };
    const struct {
        const char *name;
        enum purchase_state from;
        struct supplier_update update;
        enum update_verdict verdict;
        timestamp promised_by;
    } rows[] = {
        { "confirmed with his own date",
          PURCHASE_ORDERED,
          { PURCHASE_CONFIRMED, HOURS(99), HOURS(110) },
          UPDATE_TAKEN,
          HOURS(110) },
        { "confirmed without a date",
          PURCHASE_ORDERED,
          { PURCHASE_CONFIRMED, HOURS(99), 0 },
          UPDATE_DATE_MISSING,
          HOURS(120) },
        { "confirmed for before he said so",
          PURCHASE_ORDERED,
          { PURCHASE_CONFIRMED, HOURS(99), HOURS(98) },
          UPDATE_DATE_WRONG,
          HOURS(120) },
        { "shipped, the date stays",
          PURCHASE_CONFIRMED,
          { PURCHASE_SHIPPED, HOURS(99), 0 },
          UPDATE_TAKEN,
          HOURS(120) },
        { "shipped with a better date",
          PURCHASE_CONFIRMED,
          { PURCHASE_SHIPPED, HOURS(99), HOURS(101) },
          UPDATE_TAKEN,
          HOURS(101) },
        { "delivered needs no date",
          PURCHASE_SHIPPED,
          { PURCHASE_DELIVERED, HOURS(99), 0 },
          UPDATE_TAKEN,
          HOURS(120) },
        { "entered days later",
          PURCHASE_SHIPPED,
          { PURCHASE_DELIVERED, HOURS(51), 0 },
          UPDATE_TAKEN,
          HOURS(120) },
        { "before it was ordered",
          PURCHASE_SHIPPED,
          { PURCHASE_DELIVERED, HOURS(49), 0 },
          UPDATE_AT_WRONG,
          HOURS(120) },
        { "a clock five minutes fast",
          PURCHASE_SHIPPED,
          { PURCHASE_DELIVERED, HOURS(100) + MINUTES(5), 0 },
          UPDATE_TAKEN,
          HOURS(120) },
        { "in the future",
          PURCHASE_SHIPPED,
          { PURCHASE_DELIVERED, HOURS(100) + MINUTES(5) + 1, 0 },
          UPDATE_AT_WRONG,
          HOURS(120) },
        { "late to a later date",
          PURCHASE_CONFIRMED,
          { PURCHASE_LATE, HOURS(99), HOURS(150) },
          UPDATE_TAKEN,
          HOURS(150) },
        { "late to the same date",
          PURCHASE_CONFIRMED,
          { PURCHASE_LATE, HOURS(99), HOURS(120) },
          UPDATE_DATE_NOT_LATER,
          HOURS(120) },
        { "late without a date",
          PURCHASE_CONFIRMED,
          { PURCHASE_LATE, HOURS(99), 0 },
          UPDATE_DATE_MISSING,
          HOURS(120) },
        { "not twice shipped",
          PURCHASE_SHIPPED,
          { PURCHASE_SHIPPED, HOURS(99), 0 },
          UPDATE_NOT_NOW,
          HOURS(120) },
        { "not after it arrived",
          PURCHASE_DELIVERED,
          { PURCHASE_LATE, HOURS(99), HOURS(150) },
          UPDATE_NOT_NOW,
          HOURS(120) },
        { "cancelling is ours",
          PURCHASE_ORDERED,
          { PURCHASE_CANCELLED, HOURS(99), 0 },
          UPDATE_NOT_HIS,
          HOURS(120) },
        { "ordering is ours",
          PURCHASE_ORDERED,
          { PURCHASE_ORDERED, HOURS(99), 0 },
          UPDATE_NOT_HIS,
          HOURS(120) },
    };

    EACH (row, rows) {
        struct delivery delivery = ordered;
        delivery.state = row->from;
        cr_expect_eq(take_update(&delivery, &row->update, now), row->verdict, "%s", row->name);
        cr_expect_eq(delivery.promised_by, row->promised_by, "%s", row->name);
        cr_expect_eq(delivery.state, row->verdict == UPDATE_TAKEN ? row->update.state : row->from,
                     "%s", row->name);
        cr_expect_eq(delivery.delivered_at,
                     row->verdict == UPDATE_TAKEN && row->update.state == PURCHASE_DELIVERED
                         ? row->update.at
                         : 0,
                     "%s", row->name);
    }
}

/* Whatever is said in whatever order: each lateness is told once, and nothing is told of what has
 * ended. */
Test(watch_delivery, told_once)
{
    struct random random = { 51 };

    for (int round = 0; round < 50000; round++) {
        timestamp now = HOURS(10);
        struct delivery delivery = { PURCHASE_ORDERED, .promised_by = now + HOURS(20) };
        for (int step = 0; step < 12; step++) {
            now += HOURS(random_below(&random, 20));
            struct supplier_update update = { (enum purchase_state)random_between(&random, 1, 6),
                                              now, now + HOURS(random_below(&random, 60)) };
            struct delivery before = delivery;
            if (take_update(&delivery, &update, now) == UPDATE_TAKEN)
                cr_assert(purchase_may_become(before.state, delivery.state), "seed 51, %d", round);
            else
                cr_assert_eq(delivery.promised_by, before.promised_by, "seed 51, %d", round);
            delivery.needed_by = random_below(&random, 2) ? now + HOURS(30) : delivery.needed_by;
            if (is_too_late(&delivery))
                delivery = told_too_late(delivery);
            cr_assert_not(is_too_late(&delivery), "told once: seed 51, round %d", round);
            if (is_overdue(&delivery, now))
                delivery = told_overdue(delivery);
            cr_assert_not(is_overdue(&delivery, now), "told once: seed 51, round %d", round);
            cr_assert(purchase_is_open(delivery.state) ||
                          (!is_too_late(&delivery) && !is_overdue(&delivery, now + DAYS(99))),
                      "nothing of what has ended: seed 51, round %d", round);
        }
    }
}
