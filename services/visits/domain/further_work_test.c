/* What may be said of work that is left, by example. */
#include "lib/base/array.h"
#include "services/visits/domain/further_work.h"
#include <criterion/criterion.h>

enum { AT = 1000 };

Test(further_work, table)
{
    const struct {
        const char *name;
        struct further_said said;
        const char *pointer, *rule; /* NULL: nothing is wrong */
    } rows[] = {
        { "solved, and nothing said", { .solved = "yes" }, NULL, NULL },
        { "solved leaves nothing to do", { "yes", true, "time", .at = AT }, "/further", "absent" },
        { "partly, and nothing said: the same again", { .solved = "partly" }, NULL, NULL },
        { "a reason will do", { "partly", true, "part", .at = AT }, NULL, NULL },
        { "not solved at all", { "no", true, "second_person", .at = AT }, NULL, NULL },
        { "no reason", { "no", true, "", .at = AT }, "/further/reason", "pattern" },
        { "an unknown reason", { "no", true, "rain", .at = AT }, "/further/reason", "pattern" },
        { "a reason to end is none to come again",
          { "no", true, "irreparable", .at = AT },
          "/further/reason",
          "pattern" },
        { "the shortest visit", { "no", true, "time", MINUTES(15), .at = AT }, NULL, NULL },
        { "shorter", { "no", true, "time", MINUTES(10), .at = AT }, "/further/length_ms", "range" },
        { "the longest visit", { "no", true, "time", HOURS(10), .at = AT }, NULL, NULL },
        { "longer",
          { "no", true, "time", HOURS(10) + MINUTES(5), .at = AT },
          "/further/length_ms",
          "range" },
        { "less than nothing",
          { "no", true, "time", -MINUTES(30), .at = AT },
          "/further/length_ms",
          "range" },
        { "beside the five minutes",
          { "no", true, "time", MINUTES(17), .at = AT },
          "/further/length_ms",
          "grid" },
        { "from its own end on", { "no", true, "drying", 0, AT, .at = AT }, NULL, NULL },
        { "in the past",
          { "no", true, "drying", 0, AT - 1, .at = AT },
          "/further/earliest_at",
          "range" },
        { "sixty days", { "no", true, "drying", 0, AT + DAYS(60), .at = AT }, NULL, NULL },
        { "more than sixty days",
          { "no", true, "drying", 0, AT + DAYS(60) + 1, .at = AT },
          "/further/earliest_at",
          "range" },
        { "irreparable", { "no", true, "irreparable", .none = true, .at = AT }, NULL, NULL },
        { "partly, and the customer wants no more",
          { "partly", true, "customer_declined", .none = true, .at = AT },
          NULL,
          NULL },
        { "nothing more, because of a part",
          { "no", true, "part", .none = true, .at = AT },
          "/further/reason",
          "pattern" },
        { "nothing more, but so long",
          { "no", true, "irreparable", HOURS(1), .none = true, .at = AT },
          "/further/length_ms",
          "absent" },
        { "nothing more, but then",
          { "no", true, "irreparable", 0, AT + 1, true, AT },
          "/further/earliest_at",
          "absent" },
    };

    EACH (row, rows) {
        struct further_finding got = check_further(&row->said);
        cr_expect_eq(got.pointer != NULL, row->pointer != NULL, "%s", row->name);
        cr_expect_eq(got.says != NULL, row->pointer != NULL, "%s", row->name);
        if (!row->pointer || !got.pointer)
            continue;
        cr_expect_str_eq(got.pointer, row->pointer, "%s", row->name);
        cr_expect_str_eq(got.rule, row->rule, "%s", row->name);
    }
}
