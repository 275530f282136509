/* What people write into one field, and what is read out of it; and what is read to them. */
#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "services/portal/domain/spoken.h"
#include "services/portal/domain/written.h"
#include <criterion/criterion.h>

#define SAME(text, expected)                                                                       \
    cr_expect(text_is(text, expected), "%s: %.*s", row->written, (int)(text).length, (text).at)

Test(written, names)
{
    static const struct {
        const char *written, *first, *last;
    } rows[] = {
        { "Anna Nowak", "Anna", "Nowak" },
        { "  Anna  Maria Nowak-Kowalska ", "Anna", "Maria Nowak-Kowalska" },
        { "Nowak", NULL, NULL },
        { " ", NULL, NULL },
    };

    EACH (row, rows) {
        struct text first = NO_TEXT, last = NO_TEXT;
        cr_expect_eq(name_split(text_of(row->written), &first, &last), row->first != NULL, "%s",
                     row->written);
        if (!row->first)
            continue;
        SAME(first, row->first);
        SAME(last, row->last);
    }
}

Test(written, streets)
{
    static const struct {
        const char *written, *street, *house, *flat;
    } rows[] = {
        { "Prosta 5", "Prosta", "5", "" },
        { "Prosta 5/12", "Prosta", "5", "12" },
        { "Prosta 5A/12b", "Prosta", "5A", "12b" },
        { "3 Maja 5A m. 12", "3 Maja", "5A", "12" },
        { "al. Jana Pawła II 20 lok. 4", "al. Jana Pawła II", "20", "4" },
        { " Prosta  5 / 12 ", "Prosta", "5", "12" },
        { "Prosta", NULL, NULL, NULL },
        { "5", NULL, NULL, NULL },
        { "Prosta pięć", NULL, NULL, NULL },
        { "", NULL, NULL, NULL },
    };

    EACH (row, rows) {
        struct street found = { NO_TEXT, NO_TEXT, NO_TEXT };
        cr_expect_eq(street_split(text_of(row->written), &found), row->street != NULL, "%s",
                     row->written);
        if (!row->street)
            continue;
        SAME(found.street, row->street);
        SAME(found.house, row->house);
        SAME(found.flat, row->flat);
    }
}

Test(written, towns)
{
    static const struct {
        const char *written, *postcode, *town;
    } rows[] = {
        { "00-838 Warszawa", "00-838", "Warszawa" },
        { " 05-800  Nowe Miasto ", "05-800", "Nowe Miasto" },
        { "00838 Warszawa", NULL, NULL },
        { "00-83a Warszawa", NULL, NULL },
        { "Warszawa", NULL, NULL },
        { "00-838", NULL, NULL },
    };

    EACH (row, rows) {
        struct text postcode = NO_TEXT, town = NO_TEXT;
        cr_expect_eq(town_split(text_of(row->written), &postcode, &town), row->town != NULL, "%s",
                     row->written);
        if (!row->town)
            continue;
        SAME(postcode, row->postcode);
        SAME(town, row->town);
    }
}

Test(written, quantities)
{
    static const struct {
        const char *written;
        int64_t thousandths; /* 0: refused */
        const char *text;
    } rows[] = {
        { "1", 1000, "1" },
        { " 1,5 ", 1500, "1,5" },
        { "0.25", 250, "0,25" },
        { "0,001", 1, "0,001" },
        { "1000000", 1000000000, "1000000" },
        { "12,050", 12050, "12,05" },
        { "0", 0, NULL },
        { "", 0, NULL },
        { ",5", 0, NULL },
        { "1,", 0, NULL },
        { "1,2345", 0, NULL },
        { "-1", 0, NULL },
        { "1 h", 0, NULL },
        { "1000001", 0, NULL },
        { "99999999999999999999", 0, NULL },
    };
    struct arena arena = { 0 };

    EACH (row, rows) {
        int64_t got = 0;
        cr_expect_eq(quantity_parse(text_of(row->written), &got), row->thousandths != 0, "%s",
                     row->written);
        cr_expect_eq(got, row->thousandths, "%s", row->written);
        if (row->text)
            cr_expect_str_eq(quantity_text(&arena, got), row->text);
    }
    arena_done(&arena);
}

Test(spoken, promises)
{
    timestamp tuesday = timestamp_from_civil((struct civil){ 2026, 11, 24, 14, 15, 0, 0, 0 });
    static const struct {
        const char *technician, *customer;
        int days_on;
        const char *says;
    } rows[] = {
        { "Marek", "Anna", 0, "Pan Marek będzie u Pani we wtorek 24 listopada o 14:15." },
        { "Olena", "Jan", 1, "Pani Olena będzie u Pana w środę 25 listopada o 14:15." },
        { "Anna i Jan", "Anna", 0, "Anna i Jan będą u Pani we wtorek 24 listopada o 14:15." },
        { "Mykola", "", 5, "Pan Mykola będzie u Państwa w niedzielę 29 listopada o 14:15." },
    };
    struct arena arena = { 0 };

    EACH (row, rows)
        cr_expect_str_eq(
            spoken_promise(&arena, row->technician, row->customer, tuesday + DAYS(row->days_on)),
            row->says);
    arena_done(&arena);
}
