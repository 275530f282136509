/* A part's date, row by row. */
#include "lib/base/array.h"
#include "lib/domain/calendar.h"
#include "services/portal/domain/part_says.h"
#include <criterion/criterion.h>

static timestamp at(int day, int hour)
{
    return timestamp_from_civil((struct civil){ 2026, 11, day, hour, 0, 0, 0, 0 });
}

Test(part_says, table)
{
    const struct {
        const char *name;
        int state;
        timestamp promised_by, visit_at;
        const char *state_says, *says;
    } rows[] = {
        { "on its way", PURCHASE_SHIPPED, at(27, 12), at(28, 8), "w drodze",
          "Będzie u Państwa najpóźniej w piątek 27 listopada." },
        { "late by the supplier's word, in time for the visit", PURCHASE_LATE, at(27, 12),
          at(28, 8), "opóźniona",
          "Dostawca się spóźnia: część będzie u Państwa najpóźniej w piątek 27 listopada." },
        { "late, and no visit is booked", PURCHASE_LATE, at(27, 12), 0, "opóźniona",
          "Dostawca się spóźnia: część będzie u Państwa najpóźniej w piątek 27 listopada." },
        { "ordered, and later than the technician", PURCHASE_ORDERED, at(27, 12), at(27, 11),
          "opóźniona",
          "Część będzie u Państwa najpóźniej w piątek 27 listopada, po umówionej wizycie." },
        { "its date has passed", PURCHASE_CONFIRMED, at(24, 8), at(24, 7), "opóźniona",
          "Miała być u Państwa we wtorek 24 listopada. Czekamy na nowy termin od dostawcy." },
        { "no date yet", PURCHASE_ORDERED, 0, at(27, 11), "zamówiona", "" },
        { "delivered after its date", PURCHASE_DELIVERED, at(24, 8), at(27, 11), "dostarczona",
          "" },
        { "in the van", PART_IN_VAN, 0, at(27, 11), "technik ma ją w aucie", "" },
        { "called off", PURCHASE_CANCELLED, at(27, 12), at(27, 11), "odwołana", "" },
    };
    struct arena arena = { 0 };

    EACH (row, rows) {
        const struct part_facts facts = { row->state, row->promised_by, row->visit_at, at(24, 9) };
        enum part_line line = choose_part_line(&facts);
        cr_expect_str_eq(part_state_says(line, row->state), row->state_says, "%s", row->name);
        cr_expect_str_eq(part_says(&arena, line, row->promised_by, "Państwa"), row->says, "%s",
                         row->name);
    }
    arena_done(&arena);
}
