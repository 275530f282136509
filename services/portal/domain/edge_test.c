/* What strangers send: cookies, positions, secrets, too many tries. And words for people. */
#include "lib/base/array.h"
#include "lib/domain/random.h"
#include "services/portal/domain/cookie.h"
#include "services/portal/domain/event_says.h"
#include "services/portal/domain/labels.h"
#include "services/portal/domain/secret.h"
#include "services/portal/domain/tries.h"
#include <criterion/criterion.h>
#include <string.h>

#define TOKEN_43 "FVEQKqzk38hI8AqmcY3QkC7rQpFABqdjL3rt6E0JZ-_"

Test(cookie, finds)
{
    const struct {
        const char *rule, *header, *value; /* NULL: absent */
    } rows[] = {
        { "alone", "session=a", "a" },
        { "among others", "x=1; session=abc; y=2", "abc" },
        { "an empty value is there", "session=", "" },
        { "the first of two", "session=a; session=b", "a" },
        { "a value may hold '='", "session=a=b", "a=b" },
        { "another name's end is no name", "mysession=a", NULL },
        { "another name's beginning is no name", "session2=a", NULL },
        { "no value at all", "session", NULL },
        { "nothing", "", NULL },
        { "only separators", ";; ;", NULL },
    };

    EACH (row, rows) {
        struct text value = cookie_find(text_of(row->header), "session");
        cr_expect_eq(value.at != NULL, row->value != NULL, "%s", row->rule);
        if (row->value)
            cr_expect(text_is(value, row->value), "%s", row->rule);
    }
}

Test(cookie, positions)
{
    const struct {
        const char *rule, *cookie;
        bool is_position;
    } rows[] = {
        { "as a form's answer leaves it", "matching:0192-ab:12@1764000000000", true },
        { "a day of a technician", "matching:0192-ab/20780:1@5", true },
        { "without time", "matching:0192-ab:12", false },
        { "without sequence", "matching:0192-ab:@5", false },
        { "sequence 0 was never told", "matching:0192-ab:0@5", false },
        { "without subject", "matching::12@5", false },
        { "without service", ":0192-ab:12@5", false },
        { "a sign that is in no id", "matching:0192 ab:12@5", false },
        { "a quote", "matching:0192'ab:12@5", false },
        { "more behind", "matching:0192-ab:12@5x", false },
        { "nothing", "", false },
    };
    struct position position = { 0 };

    EACH (row, rows)
        cr_expect_eq(position_parse(text_of(row->cookie), &position), row->is_position, "%s",
                     row->rule);
    cr_assert(position_parse(text_of("surveys:abc:7@9"), &position));
    cr_expect(text_is(position.service, "surveys") && text_is(position.subject, "abc"));
    cr_expect(position.sequence == 7 && position.until == 9);
    cr_expect(position_is_told(text_of("matching:0192-ab:12")));
    cr_expect_not(position_is_told(text_of("matching:0192-ab:12\r\nX: y")),
                  "no header is made from an answer");
    cr_expect_not(position_is_told(text_of("matching:a;b:12")), "no second attribute either");
}

Test(secret, shapes)
{
    const struct {
        const char *rule, *text;
        bool is_account, is_link;
    } rows[] = {
        { "an account's token", "tk_" TOKEN_43, true, false },
        { "one sign short", "tk_FVEQKqzk38hI8AqmcY3QkC7rQpFABqdjL3rt6E0JZ-", false, false },
        { "one sign more", "tk_" TOKEN_43 "a", false, false },
        { "a partner's key", "pk_" TOKEN_43, false, false },
        { "a sign that is not url-safe", "tk_FVEQKqzk38hI8AqmcY3QkC7rQpFABqdjL3rt6E0JZ+/", false,
          false },
        { "a link's token", "0123456789abcdefABCD-_", false, true },
        { "a link's token, one short", "0123456789abcdefABCD-", false, false },
        { "a link's token with a dot", "0123456789abcdefABCD..", false, false },
        { "nothing", "", false, false },
    };

    EACH (row, rows) {
        cr_expect_eq(is_account_token(text_of(row->text)), row->is_account, "%s", row->rule);
        cr_expect_eq(is_link_token(text_of(row->text)), row->is_link, "%s", row->rule);
    }
    cr_expect(text_is(bearer_token(text_of("Bearer abc")), "abc"));
    cr_expect(text_is(bearer_token(text_of("bEARER  abc ")), "abc"));
    cr_expect_eq(bearer_token(text_of("Basic abc")).length, 0);
    cr_expect_eq(bearer_token(text_of("Bearer")).length, 0);
}

Test(secret, ids_and_forms)
{
    const struct {
        const char *rule, *id;
        bool is_good;
    } rows[] = {
        { "a name", "anna.nowak", true },
        { "a UUID", "0192d3a4-5b6c-7d8e-9f01-23456789abcd", true },
        { "empty", "", false },
        { "what parts the actor header", "a;b", false },
        { "a new line", "a\nb", false },
        { "a space", "a b", false },
        { "63 signs", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true },
        { "64 signs", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
    };

    EACH (row, rows)
        cr_expect_eq(is_account_id(text_of(row->id)), row->is_good, "%s", row->rule);
    cr_expect(is_own_form(text_of("")), "an old browser says nothing");
    cr_expect(is_own_form(text_of("same-origin")) && is_own_form(text_of("none")));
    cr_expect_not(is_own_form(text_of("cross-site")));
    cr_expect_not(is_own_form(text_of("same-site")), "a neighbour is a stranger");
}

Test(tries, ten_a_minute)
{
    static struct tries tries;
    const timestamp minute = (timestamp)29400000 * TRIES_PERIOD_MS;
    struct text caller = text_of("192.0.2.7"), other = text_of("192.0.2.8");

    for (int i = 0; i < TRIES_MOST; i++) {
        cr_expect(tries_left(&tries, caller, minute + i), "try %d", i + 1);
        tries_count(&tries, caller, minute + i);
    }
    cr_expect_not(tries_left(&tries, caller, minute + 59999), "the eleventh in the same minute");
    cr_expect(tries_left(&tries, other, minute + 59999), "somebody else");
    cr_expect(tries_left(&tries, caller, minute + 60000), "the next minute");
    tries_count(&tries, caller, minute + 60000);
    cr_expect(tries_left(&tries, caller, minute + 60001), "counts from one again");
}

Test(labels, every_state_has_words)
{
    for (int i = 0; i < ORDER_STATES; i++)
        cr_expect(order_label((enum order_state)i)->polish, "order state %d", i);
    for (int i = 0; i < VISIT_SHOWN_STATES; i++)
        cr_expect(visit_label((enum visit_shown)i)->polish, "visit state %d", i);
    cr_expect_str_eq(order_label((enum order_state)99)->key, "received");
    cr_expect_str_eq(label_of("order", "scheduled"), "umówione");
    cr_expect_str_eq(label_of("event", "NewFact"), "NewFact", "what has no word keeps its name");
    cr_expect_lt(label_rank("order", "opened"), label_rank("order", "scheduled"));
    cr_expect_lt(label_rank("order", "cancelled"), label_rank("order", "no_such_state"),
                 "unknown ones stand last");
    cr_expect_str_eq(channel_label("sms"), "SMS");
    cr_expect_str_eq(message_label("new_template"), "new_template");
    cr_expect_str_eq(part_label(5), "opóźniona");
    cr_expect_str_eq(part_label(-1), part_label(0));
    cr_expect_null(cancel_reason("<script>"));
    cr_expect_null(flash_of("anything"));
    cr_expect(flash_of("booked")->is_good && !flash_of("hour_taken")->is_good);
    for (int i = 0; i < cancel_reasons().count; i++)
        cr_expect_eq(cancel_reason(cancel_reasons().at[i].key), &cancel_reasons().at[i]);
}

Test(event_says, sentences)
{
    const timestamp at = INT64_C(1795511700000); /* 2026-11-24 09:15 UTC */
    const struct {
        const char *rule;
        struct event event;
        const char *says;
    } rows[] = {
        { "everything",
          { "VisitBooked", "M-26-000123", "Anna", at },
          "M-26-000123: wizyta umówiona, wt. 24.11, godz. 10:15, Anna" },
        { "without hour and word",
          { "WorkOrderCancelled", "M-26-000123", "", 0 },
          "M-26-000123: zlecenie odwołane" },
        { "about no order",
          { "ReportRefused", "", "not_covered", 0 },
          "zgłoszenie odrzucone, not_covered" },
        { "a fact without a label", { "SomethingNew", NULL, NULL, 0 }, "SomethingNew" },
    };

    EACH (row, rows) {
        struct arena arena = { 0 };
        cr_expect_str_eq(event_says(&arena, &row->event), row->says, "%s", row->rule);
        arena_done(&arena);
    }
}

/* Whatever the bytes are: found values lie inside the header, positions inside the cookie. */
Test(cookie, stays_inside)
{
    static const char signs[] = "session=;:@ ,\"position0129-/_aZ\n\\";
    const uint64_t seed = 42;
    struct random random = { seed };

    for (int run = 0; run < 50000; run++) {
        char bytes[48];
        size_t length = (size_t)random_below(&random, (int64_t)sizeof bytes);
        for (size_t i = 0; i < length; i++)
            bytes[i] = signs[random_below(&random, (int64_t)sizeof signs - 1)];
        struct text header = { bytes, length }, value = cookie_find(header, "session");
        struct position position;
        if (value.at)
            cr_assert(value.at >= bytes && value.at + value.length <= bytes + length, "seed %llu",
                      (unsigned long long)seed);
        if (position_parse(header, &position))
            cr_assert(position.sequence > 0 &&
                          !memchr(position.subject.at, ';', position.subject.length),
                      "seed %llu", (unsigned long long)seed);
    }
}
