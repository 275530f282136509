/* Rules of intake, for example. */
#include "lib/base/array.h"
#include "services/intake/domain/decide_cover.h"
#include "services/intake/domain/locate_address.h"
#include "services/intake/domain/read_mail.h"
#include "services/intake/domain/work_order_states.h"
#include <criterion/criterion.h>
#include <stdlib.h>

Test(work_order_states, every_pair)
{
    /* One row a state: which events move it, and where; '-' is no move. Columns in order of enum
     * order_event. */
    const struct {
        enum order_state from;
        int to[ORDER_EVENTS]; /* 0: no move */
    } rows[] = {
        { ORDER_NONE, { 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
        { ORDER_OPENED, { 2, 0, 7, 0, 0, 4, 0, 6, 0 } },
        { ORDER_SCHEDULED, { 2, 1, 7, 3, 1, 4, 0, 6, 1 } },
        { ORDER_UNDER_WAY, { 2, 1, 7, 3, 1, 4, 0, 0, 1 } },
        { ORDER_DONE, { 0, 0, 0, 0, 0, 0, 5, 0, 0 } },
        { ORDER_SETTLED, { 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
        { ORDER_CANCELLED, { 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
        { ORDER_UNSTAFFED, { 2, 0, 7, 0, 0, 4, 0, 6, 0 } },
        { ORDER_WAITING_FOR_PART, { 0, 0, 0, 0, 0, 0, 0, 0, 0 } },
    };

    EACH (row, rows) {
        for (int event = 0; event < ORDER_EVENTS; event++) {
            enum order_state to = ORDER_NONE;
            bool moved = order_move(row->from, (enum order_event)event, &to);
            cr_expect_eq((int)to, row->to[event], "state %d, event %d gives %d", row->from, event,
                         to);
            cr_expect_eq(moved, row->to[event] != 0, "state %d, event %d", row->from, event);
        }
        cr_expect(order_says(row->from)[0], "state %d says something", row->from);
    }
}

Test(decide_cover, table)
{
    const struct {
        const char *name;
        bool listed;
        struct sum sum;
        int64_t expected;
        enum cover cover;
        int64_t reserve;
    } rows[] = {
        { "enough left: the expected cost is reserved", true, { 1000, 0, 0 }, 300, COVERED, 300 },
        { "less left than expected: what is left",
          true,
          { 1000, 500, 300 },
          300,
          COVERED_PARTLY,
          200 },
        { "to the grosz", true, { 1000, 500, 200 }, 300, COVERED, 300 },
        { "nothing left", true, { 1000, 500, 500 }, 300, NOTHING_LEFT, 0 },
        { "service not in the contract", false, { 1000, 0, 0 }, 300, NOT_COVERED, 0 },
    };

    EACH (row, rows) {
        struct cover_verdict got = decide_cover(row->listed, &row->sum, row->expected);
        cr_expect_eq(got.cover, row->cover, "%s", row->name);
        cr_expect_eq(got.reserve_grosz, row->reserve, "%s", row->name);
    }
}

Test(decide_line, never_exceeds_the_sum)
{
    unsigned seed = 20261122;

    for (int run = 0; run < 20000; run++) {
        struct sum sum = { .total_grosz = rand_r(&seed) % 1000 };
        int64_t mine = 0;
        for (int step = 0; step < 12; step++) {
            int64_t amount = rand_r(&seed) % 400;
            if (rand_r(&seed) % 2) {
                int64_t reserve = decide_cover(true, &sum, amount).reserve_grosz;
                sum.reserved_grosz += reserve;
                mine += reserve;
            } else {
                struct line_verdict line = decide_line(&sum, mine, amount);
                sum.reserved_grosz -= line.from_reserved_grosz;
                mine -= line.from_reserved_grosz;
                sum.used_grosz += line.covered_grosz;
                cr_assert_leq(line.covered_grosz, amount, "run %d", run);
                cr_assert_eq(line.left_grosz, sum.total_grosz - sum.reserved_grosz - sum.used_grosz,
                             "run %d", run);
            }
            cr_assert_leq(sum.reserved_grosz + sum.used_grosz, sum.total_grosz, "run %d step %d",
                          run, step);
            cr_assert(mine >= 0 && mine <= sum.reserved_grosz, "run %d", run);
        }
    }
}

static const char places[] =
    "Warszawa\t52.23\t21.01\tMZ\nŻoliborz\t52.27\t20.98\tMZ\nOlszyny\t50.0\t20.9\t\n"
    "Olszyny\t52.6\t21.9\t\nŻoliborz\t54.0\t18.0\tdaleko\nzły wiersz\nGdańsk\t54.35\t18.65\t\n";

Test(locate_address, table)
{
    const struct {
        const char *name, *town, *district;
        enum located located;
        double lat;
    } rows[] = {
        { "a town", "Gdańsk", "", LOCATED_TOWN, 54.35 },
        { "marks and capitals do not matter", "GDANSK", "", LOCATED_TOWN, 54.35 },
        { "a district near its town", "Warszawa", "Żoliborz", LOCATED_DISTRICT, 52.27 },
        { "a district that is not near is passed over", "Gdańsk", "Zoliborz", LOCATED_TOWN, 54.35 },
        { "two towns of a name are never guessed", "Olszyny", "", LOCATED_TWICE, 0 },
        { "no such town", "Atlantyda", "", LOCATED_NOWHERE, 0 },
        { "no such town, even when the district is known", "", "Żoliborz", LOCATED_NOWHERE, 0 },
    };
    struct arena arena = { 0 };
    struct gazetteer gazetteer = gazetteer_read(&arena, text_of(places));

    cr_assert_eq(gazetteer.count, 6);
    EACH (row, rows) {
        struct place place = { 0 };
        enum located got = locate_address(&gazetteer, fold_name(&arena, row->town),
                                          fold_name(&arena, row->district), &place);
        cr_expect_eq(got, row->located, "%s", row->name);
        cr_expect_float_eq(place.lat, row->lat, 0.2, "%s: %f", row->name, place.lat);
    }
    arena_done(&arena);
}

#define GOOD                                                                                       \
    "Dzień dobry,\r\nUmowa: aurora-dom\r\nNumer szkody: AB/12:3\r\nUSLUGA: "                      \
    "plumbing.leak\r\nImię: Anna\r\n"                                                             \
    "Nazwisko: Żak\r\nTelefon: 501 234 567\r\nUlica: Prosta\r\nNumer domu: 5\r\nKod pocztowy: "   \
    "00-850\r\n"                                                                                   \
    "Miejscowość: Warszawa\r\n"

Test(read_mail, table)
{
    const struct {
        const char *name, *body;
        enum mail_verdict verdict;
        int field;
    } rows[] = {
        { "a whole order", GOOD, MAIL_READ, 0 },
        { "a quoted mail below is not read", GOOD "> Telefon: 600 000 000\r\n", MAIL_READ, 0 },
        { "a field given twice", GOOD "Telefon: 600 000 000\r\n", MAIL_DOUBLED, MAIL_PHONE },
        { "no claim number", "Umowa: a\nUsługa: b\nImię: c\n", MAIL_MISSING, MAIL_REFERENCE },
        { "a letter that is no order", "Dzień dobry,\ndziękuję za pomoc.\n", MAIL_NO_ORDER, 0 },
        { "an empty mail", "", MAIL_NO_ORDER, 0 },
    };
    struct arena arena = { 0 };

    EACH (row, rows) {
        struct mail_order order = { 0 };
        enum mail_field field = 0;
        enum mail_verdict got = read_mail(&arena, text_of(row->body), &order, &field);
        cr_expect_eq(got, row->verdict, "%s", row->name);
        cr_expect_eq((int)field, row->field, "%s", row->name);
        if (got == MAIL_READ) {
            cr_expect_str_eq(order.fields[MAIL_REFERENCE], "AB/12:3", "a colon in a value stays");
            cr_expect_str_eq(order.fields[MAIL_LAST_NAME], "Żak");
            cr_expect_str_eq(order.fields[MAIL_FLAT], "");
        }
    }
    arena_done(&arena);
}
