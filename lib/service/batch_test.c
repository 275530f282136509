/* Whom a turn works for: what it may see follows from that. */
#include "lib/base/array.h"
#include "lib/service/loop.h"
#include <criterion/criterion.h>

Test(turn_begin, table)
{
    struct exchange asked = { .actor = { .kind = ACTOR_PARTNER,
                                         .id = "aurora",
                                         .partner = "aurora" } },
                    opened = { .actor = { .kind = ACTOR_NOBODY } };
    const struct {
        const char *name;
        struct item item;
        const char *actor, *partner;
    } rows[] = {
        { "a request is its caller's",
          { .kind = ITEM_REQUEST, .exchange = &asked },
          "partner",
          "aurora" },
        { "the answer that a request waits for sees no more than the request",
          { .kind = ITEM_ANSWER, .exchange = &asked },
          "partner",
          "aurora" },
        { "a page's answer is nobody's until the page says whose",
          { .kind = ITEM_ANSWER, .exchange = &opened },
          "nobody",
          "" },
        { "an answer that nobody waits for is our own", { .kind = ITEM_ANSWER }, "engine", "" },
        { "a timer has its own policies", { .kind = ITEM_DUE }, "timer", "" },
    };

    EACH (row, rows) {
        struct turn_state state;
        struct batch batch = { 0 };
        struct item item = row->item;
        turn_begin(&state, &item, &batch);
        cr_expect_str_eq(state.actor_name, row->actor, "%s", row->name);
        cr_expect_str_eq(state.partner, row->partner, "%s", row->name);
    }
}
