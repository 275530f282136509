#include "lib/base/array.h"
#include "lib/domain/phone.h"
#include "lib/domain/random.h"
#include <criterion/criterion.h>
#include <stdio.h>

Test(phone, table)
{
    const struct {
        const char *name, *text;
        enum phone_kind kind;
        const char *e164;
    } rows[] = {
        { "nine digits of a mobile", "501234567", PHONE_MOBILE, "+48501234567" },
        { "spaces", " 501 234 567 ", PHONE_MOBILE, "+48501234567" },
        { "dashes", "501-234-567", PHONE_MOBILE, "+48501234567" },
        { "country code", "+48 501 234 567", PHONE_MOBILE, "+48501234567" },
        { "country code without plus", "48501234567", PHONE_MOBILE, "+48501234567" },
        { "country code by 00", "0048 501 234 567", PHONE_MOBILE, "+48501234567" },
        { "a landline of Warsaw", "(22) 123-45-67", PHONE_LANDLINE, "+48221234567" },
        { "the old trunk zero", "0-22 123 45 67", PHONE_LANDLINE, "+48221234567" },
        { "a landline that begins with 48", "48 321 45 67", PHONE_LANDLINE, "+48483214567" },
        { "country code and 48", "+48 48 321 45 67", PHONE_LANDLINE, "+48483214567" },
        { "VoIP", "39 123 45 67", PHONE_LANDLINE, "+48391234567" },
        { "mobile range 45", "45 123 45 67", PHONE_MOBILE, "+48451234567" },
        { "premium", "700 123 456", PHONE_INVALID, "" },
        { "free call", "800 123 456", PHONE_INVALID, "" },
        { "no such range", "90 123 45 67", PHONE_INVALID, "" },
        { "emergency", "112", PHONE_INVALID, "" },
        { "eight digits", "50123456", PHONE_INVALID, "" },
        { "ten digits", "5012345678", PHONE_INVALID, "" },
        { "Ukraine", "+380 50 123 4567", PHONE_INVALID, "" },
        { "Germany with nine digits", "+49 1234567", PHONE_INVALID, "" },
        { "plus without country code", "+501234567", PHONE_INVALID, "" },
        { "plus and zeros", "+0048501234567", PHONE_INVALID, "" },
        { "letters", "50l 234 567", PHONE_INVALID, "" },
        { "two numbers", "501234567, 502234567", PHONE_INVALID, "" },
        { "empty", "", PHONE_INVALID, "" },
        { "only a plus", "+", PHONE_INVALID, "" },
    };

    EACH (row, rows) {
        struct phone phone = phone_parse(text_of(row->text));
        cr_expect_eq(phone.kind, row->kind, "%s", row->name);
        cr_expect_str_eq(phone.e164, row->e164, "%s", row->name);
    }
}

Test(phone, what_was_normalised_stays_as_it_is)
{
    struct random random = { 5 };

    for (int round = 0; round < 20000; round++) {
        char digits[16];
        snprintf(digits, sizeof digits, "%09lld", (long long)random_below(&random, 1000000000));
        struct phone once = phone_parse(text_of(digits));
        struct phone twice = phone_parse(text_of(once.e164));
        cr_assert_eq(once.kind, twice.kind, "%s", digits);
        cr_assert_str_eq(once.e164, twice.e164, "%s", digits);
    }
}

Test(phone, any_bytes_are_read_without_harm)
{
    struct random random = { 6 };

    for (int round = 0; round < 20000; round++) {
        char bytes[20];
        size_t length = (size_t)random_below(&random, sizeof bytes);
        for (size_t i = 0; i < length; i++)
            bytes[i] = "0123456789+48 -()x\xff\n"[random_below(&random, 20)];
        struct phone phone = phone_parse((struct text){ bytes, length });
        cr_assert_eq(phone.kind != PHONE_INVALID, phone.e164[0] == '+', "seed 6 round %d", round);
    }
}
