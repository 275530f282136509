/* Lines to sums and to CSV. */
#include "services/billing/domain/settle_lines.h"
#include "lib/domain/calendar.h"
#include "lib/domain/money.h"
#include <inttypes.h>
#include <string.h>

static const char header[] = "\xEF\xBB\xBF"
                             "Zlecenie;Numer partnera;Data;Kod pozycji;Nazwa;Ilość;Jednostka;"
                             "Cena brutto zł;Wartość brutto zł;VAT %;Płaci partner zł;"
                             "Płaci klient zł\r\n";

/* Refused, because no price list names it. */
static const char unlisted[] = "poza cennikiem";

bool sum_lines(const struct settled_line lines[], size_t count, struct settlement_sum *ret_sum)
{
    struct settlement_sum sum = { .lines = (int64_t)count };

    for (size_t i = 0; i < count; i++) {
        if (!money_add(sum.total_grosz, lines[i].total_grosz, &sum.total_grosz) ||
            !money_add(sum.partner_grosz, lines[i].partner_grosz, &sum.partner_grosz) ||
            !money_add(sum.customer_grosz, lines[i].customer_grosz, &sum.customer_grosz))
            return false;
        sum.orders += i == 0 || !string_is(lines[i].number, lines[i - 1].number);
    }
    *ret_sum = sum;
    return true;
}

/* A cell of text: quoted when it has to be, never a formula. */
static const char *cell(struct arena *arena, const char *string)
{
    bool is_formula = string[0] && strchr("=+-@\t\r", string[0]);
    char *quoted, *to;

    if (!is_formula && !strpbrk(string, ";\"\r\n"))
        return string;
    quoted = to = arena_alloc(arena, 2 * strlen(string) + 4);
    *to++ = '"';
    if (is_formula)
        *to++ = '\'';
    for (; *string; string++) {
        if (*string == '"')
            *to++ = '"';
        *to++ = *string;
    }
    *to = '"';
    return quoted;
}

/* "1234,50": without groups and unit, so that a spreadsheet takes it for a number. */
static const char *decimal(struct arena *arena, int64_t number, int64_t unit, int digits)
{
    uint64_t size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    return arena_format(arena, "%s%" PRIu64 ",%0*" PRIu64, number < 0 ? "-" : "",
                        size / (uint64_t)unit, digits, size % (uint64_t)unit);
}

static const char *zlote(struct arena *arena, int64_t grosz)
{
    return decimal(arena, grosz, 100, 2);
}

static struct text csv_row(struct arena *arena, const struct settled_line *line)
{
    return text_of(arena_format(
        arena, "%s;%s;%s;%s;%s;%s;%s;%s;%s;%" PRId64 ";%s;%s\r\n", cell(arena, line->number),
        cell(arena, line->partner_reference), date_text(arena, date_from_timestamp(line->at)),
        cell(arena, line->item), string_empty(line->name) ? unlisted : cell(arena, line->name),
        decimal(arena, line->quantity, 1000, 3), cell(arena, line->unit),
        zlote(arena, line->price_grosz), zlote(arena, line->total_grosz), line->vat_percent,
        zlote(arena, line->partner_grosz), zlote(arena, line->customer_grosz)));
}

struct text settlement_csv(struct arena *arena, const struct settled_line lines[], size_t count)
{
    struct text *rows = ARENA_ARRAY(arena, struct text, count + 1);
    size_t length = sizeof header - 1;

    for (size_t i = 0; i < count; i++) {
        rows[i] = csv_row(arena, &lines[i]);
        length += rows[i].length;
    }
    char *csv = arena_alloc(arena, length + 1), *to = csv + sizeof header - 1;
    memcpy(csv, header, sizeof header - 1);
    for (size_t i = 0; i < count; i++) {
        memcpy(to, rows[i].at, rows[i].length);
        to += rows[i].length;
    }
    return (struct text){ csv, length };
}
