/* Every kind of partner event has a type of its own and a sentence that ends. */
#include "services/notifications/domain/order_events.h"
#include <criterion/criterion.h>
#include <string.h>

Test(order_events, types_are_their_own_and_sentences_are_whole)
{
    const struct word words[] = {
        { "number", "M-26-000123" },
        { "moment", "wtorek, 24 listopada 2026, godz. 10:15" },
        { "name", "Anna" },
        { "comes", "przyjedzie" },
        { "is", "jest" },
        { "will_be", "będzie" },
        { "eta", "10:05" },
        { "part", "wąż" },
        { "date", "2026-11-27" },
        { "total", "120,00 zł" },
        { "covered", "100,00 zł" },
        { "left", "380,00 zł" },
        { "mean", "5,5" },
        { "message", "potwierdzenie wizyty (SMS)" },
        { "reason", "powód" },
        { "state", "umówione" },
        { 0 },
    };
    const struct word none[] = { { 0 } };
    struct arena arena = { 0 };

    for (int i = 0; i < ORDER_EVENT_KINDS; i++) {
        enum order_event_kind kind = (enum order_event_kind)i;
        const char *type = order_event_type(kind);
        const char *says = order_event_says(&arena, kind, words);
        const char *plain = order_event_says(&arena, kind, none);
        cr_expect(strchr(type, '.'), "%s", type);
        for (int k = 0; k < i; k++)
            cr_expect_str_neq(type, order_event_type((enum order_event_kind)k));
        cr_expect(!strpbrk(says, "{}") && says[strlen(says) - 1] == '.', "%s: %s", type, says);
        cr_expect(!strpbrk(plain, "{}") && plain[strlen(plain) - 1] == '.', "%s: %s", type, plain);
        cr_expect_str_neq(says, plain, "%s: every known word is used", type);
    }
    arena_done(&arena);
}

Test(order_events, what_is_said)
{
    const struct word words[] = { { "moment", "wtorek, 24 listopada 2026, godz. 10:15" },
                                  { "comes", "przyjedzie" },
                                  { "name", "Anna" },
                                  { 0 } };
    struct arena arena = { 0 };

    cr_expect_str_eq(order_event_says(&arena, VISIT_WAS_BOOKED, words),
                     "Umówiono wizytę: wtorek, 24 listopada 2026, godz. 10:15, przyjedzie Anna.");
    cr_expect_str_eq(order_event_says(&arena, VISIT_WAS_BOOKED, words + 1), "Umówiono wizytę.");
    cr_expect_str_eq(order_event_type(VISIT_WAS_BOOKED), "visit.booked");
    arena_done(&arena);
}

Test(order_events, words_for_states_and_rules)
{
    cr_expect_str_eq(order_state_words("under_way"), "w trakcie");
    cr_expect_str_eq(order_state_words("nonsense"), "");
    cr_expect_str_eq(refusal_words("not_covered"), "usługa nie jest objęta umową");
    cr_expect_str_eq(refusal_words(""), "");
    cr_expect_str_eq(cancel_words("too_late_for_me"), "termin jest za późny");
    cr_expect_str_eq(cancel_words("moved_abroad"), "moved_abroad");
    cr_expect_str_eq(further_words("part"), "brakuje części");
    cr_expect_str_eq(further_words(""), "");
}
