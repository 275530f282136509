#include "lib/base/array.h"
#include "lib/domain/money.h"
#include "lib/domain/random.h"
#include "services/billing/domain/settle_lines.h"
#include <criterion/criterion.h>
#include <string.h>

enum { CELLS = 12, TOTAL = 8, PARTNER = 10, CUSTOMER = 11 };

/* Cuts the next cell off, unquoted; `ret_last` when the row ends with it. The test's own reader, so
 * that writer and reader cannot be wrong together. */
static struct text next_cell(struct arena *arena, struct text *rest, bool *ret_last)
{
    char *cell = arena_alloc(arena, rest->length + 1);
    size_t length = 0, at = 0;
    bool is_quoted = rest->length && rest->at[0] == '"';

    for (at += is_quoted; at < rest->length; at++) {
        char sign = rest->at[at];
        if (is_quoted && sign == '"' && at + 1 < rest->length && rest->at[at + 1] == '"')
            at++;
        else if (is_quoted && sign == '"')
            is_quoted = false;
        if (!is_quoted && (sign == ';' || sign == '\r'))
            break;
        if (sign != '"' || is_quoted)
            cell[length++] = sign;
    }
    *ret_last = at < rest->length && rest->at[at] == '\r';
    at += *ret_last ? 2 : 1;
    cr_assert(at <= rest->length, "a cell ends with ; or CRLF");
    *rest = (struct text){ rest->at + at, rest->length - at };
    return (struct text){ cell, length };
}

static void next_row(struct arena *arena, struct text *rest, struct text ret_cells[CELLS])
{
    for (size_t i = 0; i < CELLS; i++) {
        bool is_last;
        ret_cells[i] = next_cell(arena, rest, &is_last);
        cr_assert_eq(is_last, i == CELLS - 1, "%d cells a row", CELLS);
    }
}

static const struct settled_line boiler = {
    .number = "M-26-000001",
    .partner_reference = "SZK/1",
    .at = 1795330000000, /* 2026-11-22 */
    .item = "work.hour",
    .name = "Robocizna",
    .unit = "godz.",
    .vat_percent = 8,
    .quantity = 1500,
    .price_grosz = 12000,
    .total_grosz = 18000,
    .partner_grosz = 10005,
    .customer_grosz = 7995,
};

Test(settle_lines, one_line)
{
    struct arena arena = { 0 };
    struct text csv = settlement_csv(&arena, &boiler, 1);

    cr_expect(text_starts(csv, "\xEF\xBB\xBFZlecenie;Numer partnera;"), "BOM and header");
    cr_expect(strstr(csv.at, "\r\nM-26-000001;SZK/1;2026-11-22;work.hour;Robocizna;1,500;godz.;"
                             "120,00;180,00;8;100,05;79,95\r\n"),
              "%s", csv.at);
    cr_expect_eq(strlen(csv.at), csv.length);
    arena_done(&arena);
}

Test(settle_lines, strangers_texts)
{
    const struct {
        const char *name, *reference, *cell;
    } rows[] = {
        { "plain", "SZK/1", ";SZK/1;" },
        { "a separator", "a;b", ";\"a;b\";" },
        { "a quote", "a\"b", ";\"a\"\"b\";" },
        { "a new row", "a\r\nb", ";\"a\r\nb\";" },
        { "a formula", "=HYPERLINK(1)", ";\"'=HYPERLINK(1)\";" },
        { "a formula by plus", "+1", ";\"'+1\";" },
        { "a formula by at", "@SUM(A1)", ";\"'@SUM(A1)\";" },
        { "a sign inside is none", "a=b", ";a=b;" },
        { "nothing", "", ";;" },
        { "Polish letters", "żółć", ";żółć;" },
    };

    EACH (row, rows) {
        struct arena arena = { 0 };
        struct settled_line line = boiler;
        struct text cells[CELLS];
        line.partner_reference = row->reference;
        struct text csv = settlement_csv(&arena, &line, 1), rest = csv;
        cr_expect(strstr(csv.at, row->cell), "%s: %s", row->name, csv.at);
        next_row(&arena, &rest, cells);
        next_row(&arena, &rest, cells);
        cr_expect_eq(rest.length, 0, "%s: one row", row->name);
        arena_done(&arena);
    }
}

Test(settle_lines, orders_are_counted_once)
{
    struct settled_line lines[4] = { boiler, boiler, boiler, boiler };
    struct settlement_sum sum = { 0 };

    lines[2].number = lines[3].number = "M-26-000002";
    cr_assert(sum_lines(lines, 4, &sum));
    cr_expect_eq(sum.orders, 2);
    cr_expect_eq(sum.lines, 4);
    cr_expect_eq(sum.partner_grosz, 40020);
    cr_assert(sum_lines(lines, 0, &sum));
    cr_expect(sum.orders == 0 && sum.lines == 0 && sum.total_grosz == 0);
    lines[0].total_grosz = INT64_MAX;
    cr_expect_not(sum_lines(lines, 2, &sum), "what does not fit is refused");
}

static struct settled_line some_line(struct random *random)
{
    static const char *const texts[] = { "SZK;1", "\"x\"", "=1+1", "a\r\nb", "-7", "zwykły" };
    struct settled_line line = boiler;

    line.partner_reference = texts[random_below(random, COUNT(texts))];
    line.name = texts[random_below(random, COUNT(texts))];
    line.partner_grosz = random_below(random, random_below(random, 2) ? 100 : 100000000);
    line.customer_grosz = random_below(random, random_below(random, 2) ? 100 : 100000000);
    line.total_grosz = line.partner_grosz + line.customer_grosz;
    return line;
}

/* What the partner adds up from the file is what we booked, to the grosz. */
Test(settle_lines, sum_of_the_file_is_sum_of_the_lines)
{
    struct random random = { 71 };

    for (int round = 0; round < 2000; round++) {
        struct arena arena = { 0 };
        struct settled_line lines[20];
        struct text cells[CELLS];
        size_t count = (size_t)random_below(&random, 21);
        struct settlement_sum sum = { 0 }, read = { 0 };
        for (size_t i = 0; i < count; i++)
            lines[i] = some_line(&random);
        cr_assert(sum_lines(lines, count, &sum));
        struct text rest = settlement_csv(&arena, lines, count);
        next_row(&arena, &rest, cells);
        for (size_t i = 0; i < count; i++) {
            int64_t total, partner, customer;
            next_row(&arena, &rest, cells);
            cr_assert(money_parse(cells[TOTAL], &total) && money_parse(cells[PARTNER], &partner) &&
                          money_parse(cells[CUSTOMER], &customer),
                      "seed 71, round %d", round);
            read.total_grosz += total;
            read.partner_grosz += partner;
            read.customer_grosz += customer;
        }
        cr_assert_eq(rest.length, 0, "seed 71, round %d", round);
        cr_assert_eq(read.total_grosz, sum.total_grosz, "seed 71, round %d", round);
        cr_assert_eq(read.partner_grosz, sum.partner_grosz, "seed 71, round %d", round);
        cr_assert_eq(read.customer_grosz, sum.customer_grosz, "seed 71, round %d", round);
        cr_assert_eq(sum.partner_grosz + sum.customer_grosz, sum.total_grosz);
        arena_done(&arena);
    }
}
