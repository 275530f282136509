#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "lib/domain/window.h"
#include <criterion/criterion.h>

Test(window, table)
{
    const struct window morning = { 8, 12 };
    const struct {
        const char *name;
        struct window other;
        bool overlaps, covered;
        struct window both;
    } rows[] = {
        { "the same", { 8, 12 }, true, true, { 8, 12 } },
        { "inside", { 9, 10 }, true, true, { 9, 10 } },
        { "begins before", { 7, 9 }, true, false, { 8, 9 } },
        { "ends after", { 11, 13 }, true, false, { 11, 12 } },
        { "around it", { 7, 13 }, true, false, { 8, 12 } },
        { "touching ends share nothing", { 12, 14 }, false, false, { 12, 12 } },
        { "touching starts share nothing", { 6, 8 }, false, false, { 8, 8 } },
        { "apart", { 14, 15 }, false, false, { 14, 14 } },
        { "an empty one shares nothing and is covered", { 9, 9 }, false, true, { 9, 9 } },
    };

    EACH (row, rows) {
        struct window both = window_intersect(morning, row->other);
        cr_expect_eq(window_overlaps(morning, row->other), row->overlaps, "%s", row->name);
        cr_expect_eq(window_covers(morning, row->other), row->covered, "%s", row->name);
        cr_expect_eq(both.from, row->both.from, "%s", row->name);
        cr_expect_eq(both.until, row->both.until, "%s", row->name);
    }
    cr_expect(window_contains(morning, 8), "the first moment belongs to it");
    cr_expect(window_contains(morning, 11), "the last moment belongs to it");
    cr_expect_not(window_contains(morning, 12), "until does not belong to it");
    cr_expect_eq(window_length_ms(morning), 4);
    cr_expect_not(window_valid((struct window){ 3, 2 }));
}

Test(window, answers_agree_with_walking_every_moment)
{
    struct random random = { 20261123 };

    for (int round = 0; round < 5000; round++) {
        struct window a, b;
        a.from = random_below(&random, 10);
        a.until = random_between(&random, a.from, 10);
        b.from = random_below(&random, 10);
        b.until = random_between(&random, b.from, 10);
        int64_t shared = 0, missing = 0;
        for (timestamp at = 0; at < 12; at++) {
            shared += window_contains(a, at) && window_contains(b, at);
            missing += window_contains(b, at) && !window_contains(a, at);
        }
        cr_assert_eq(window_length_ms(window_intersect(a, b)), shared, "round %d", round);
        cr_assert_eq(window_overlaps(a, b), shared > 0, "round %d", round);
        cr_assert_eq(window_covers(a, b), missing == 0, "round %d", round);
    }
}

Test(window, less)
{
    const struct window day = { 10, 20 };
    const struct {
        const char *name;
        struct window taken[3];
        size_t taken_count;
        struct window left[3];
        size_t left_count;
    } rows[] = {
        { "nothing taken", { { 0 } }, 0, { { 10, 20 } }, 1 },
        { "all of it", { { 10, 20 } }, 1, { { 0 } }, 0 },
        { "more than all", { { 0, 90 } }, 1, { { 0 } }, 0 },
        { "the middle", { { 12, 15 } }, 1, { { 10, 12 }, { 15, 20 } }, 2 },
        { "the start", { { 5, 12 } }, 1, { { 12, 20 } }, 1 },
        { "the end", { { 18, 30 } }, 1, { { 10, 18 } }, 1 },
        { "what only touches", { { 5, 10 }, { 20, 25 } }, 2, { { 10, 20 } }, 1 },
        { "an empty stretch", { { 15, 15 } }, 1, { { 10, 20 } }, 1 },
        { "two that overlap", { { 11, 14 }, { 12, 16 } }, 2, { { 10, 11 }, { 16, 20 } }, 2 },
        { "one inside another", { { 11, 18 }, { 12, 13 } }, 2, { { 10, 11 }, { 18, 20 } }, 2 },
    };

    EACH (row, rows) {
        struct window left[3];
        size_t count = window_less(day, row->taken, row->taken_count, left, 3);
        cr_expect_eq(count, row->left_count, "%s", row->name);
        for (size_t i = 0; i < count && i < row->left_count; i++)
            cr_expect(left[i].from == row->left[i].from && left[i].until == row->left[i].until,
                      "%s", row->name);
    }
    struct window left[1];
    cr_expect_eq(window_less(day, (struct window[]){ { 12, 15 } }, 1, left, 1), 1, "no more room");
    cr_expect_eq(left[0].until, 12);
}

Test(window, less_agrees_moment_by_moment)
{
    struct random random = { 48 };

    for (int round = 0; round < 20000; round++) {
        struct window taken[4], left[5];
        timestamp from = 0;
        for (int i = 0; i < 4; i++) {
            from += random_below(&random, 8);
            taken[i] = (struct window){ from, from + random_below(&random, 8) };
        }
        struct window whole = { random_below(&random, 20), 0 };
        whole.until = whole.from + random_below(&random, 20);
        size_t count = window_less(whole, taken, 4, left, 5);
        for (timestamp at = 0; at < 45; at++) {
            bool is_taken = false, is_left = false;
            for (int i = 0; i < 4; i++)
                is_taken |= window_contains(taken[i], at);
            for (size_t i = 0; i < count; i++)
                is_left |= window_contains(left[i], at);
            cr_assert_eq(is_left, window_contains(whole, at) && !is_taken, "seed 48, round %d",
                         round);
        }
    }
}
