#include "lib/base/array.h"
#include "lib/domain/money.h"
#include "lib/domain/random.h"
#include <criterion/criterion.h>

Test(money, reading)
{
    const struct {
        const char *name, *text;
        bool valid;
        int64_t grosz;
    } rows[] = {
        { "groups, comma, unit", "1 234,50 zł", true, 123450 },
        { "groups by NBSP", "1\u00a0234,50\u00a0zł", true, 123450 },
        { "groups by narrow NBSP", "12\u202f345\u202f678,01", true, 1234567801 },
        { "no groups", "1234,50", true, 123450 },
        { "a dot", "1234.50", true, 123450 },
        { "one digit means tens of grosze", "0,5", true, 50 },
        { "whole złote", "12 zł", true, 1200 },
        { "unit without space", "12zł", true, 1200 },
        { "PLN", "12,00 PLN", true, 1200 },
        { "negative", "-0,99 zł", true, -99 },
        { "spaces around", "  7,00 ", true, 700 },
        { "the largest", "92233720368547758,07", true, INT64_MAX },
        { "one grosz above the largest", "92233720368547758,08", false, 0 },
        { "far too many digits", "99999999999999999999999", false, 0 },
        { "nothing", "", false, 0 },
        { "only a unit", "zł", false, 0 },
        { "only a minus", "-", false, 0 },
        { "three grosze digits", "1,234", false, 0 },
        { "comma without grosze", "1,", false, 0 },
        { "no złote", ",50", false, 0 },
        { "a group of two", "1 23,00", false, 0 },
        { "a group of four", "1 2345", false, 0 },
        { "a group behind a long number", "1234 567", false, 0 },
        { "another currency", "12 EUR", false, 0 },
        { "something behind", "12 zł x", false, 0 },
        { "two minuses", "--1", false, 0 },
        { "letters", "dwa", false, 0 },
    };

    EACH (row, rows) {
        int64_t grosz = 0;
        cr_expect_eq(money_parse(text_of(row->text), &grosz), row->valid, "%s", row->name);
        cr_expect_eq(grosz, row->grosz, "%s", row->name);
    }
}

Test(money, writing)
{
    const struct {
        int64_t grosz;
        const char *text;
    } rows[] = {
        { 0, "0,00 zł" },
        { 5, "0,05 zł" },
        { -5, "-0,05 zł" },
        { 99999, "999,99 zł" },
        { 100000, "1 000,00 zł" },
        { 123450, "1 234,50 zł" },
        { -123456789, "-1 234 567,89 zł" },
        { INT64_MIN, "-92 233 720 368 547 758,08 zł" },
    };
    struct arena arena = { 0 };

    EACH (row, rows)
        cr_expect_str_eq(money_text(&arena, row->grosz), row->text);
    arena_done(&arena);
}

Test(money, what_is_written_is_read_back)
{
    struct random random = { 3 };
    struct arena arena = { 0 };

    for (int round = 0; round < 20000; round++) {
        int64_t grosz = (int64_t)random_next(&random) >> random_between(&random, 1, 63), again = 0;
        arena_reset(&arena);
        cr_assert(money_parse(text_of(money_text(&arena, grosz)), &again), "seed 3 round %d",
                  round);
        cr_assert_eq(again, grosz, "seed 3 round %d", round);
    }
    arena_done(&arena);
}

Test(money, sums)
{
    int64_t sum = 7;

    cr_expect(money_add(100, -250, &sum));
    cr_expect_eq(sum, -150);
    cr_expect_not(money_add(INT64_MAX, 1, &sum));
    cr_expect_not(money_add(INT64_MIN, -1, &sum));
    cr_expect_eq(sum, -150, "untouched on overflow");
}
