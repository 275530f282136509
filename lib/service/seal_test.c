/* What was sealed opens with its own key and unchanged, or not at all. */
#include "lib/base/array.h"
#include "lib/service/person/seal.h"
#include <criterion/criterion.h>
#include <string.h>

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct arena arena;

static void start(void)
{
    struct error error = seal_start(KEY "\n");

    cr_assert_eq(error.kind, ERROR_NONE, "%s", error.text);
}

TestSuite(seal, .init = start);

Test(seal, opens_what_it_sealed)
{
    static char large[100000];
    memset(large, 'x', sizeof large);
    const struct text rows[] = {
        { "", 0 }, { "Anna Nowak", 10 }, { large, sizeof large }, { NULL, 0 }
    };

    EACH (row, rows) {
        struct sealed sealed = seal_bytes(&arena, *row);
        struct text plain = { 0 };
        cr_expect(unseal_bytes(&arena, sealed.wrapped_key, sealed.bytes, &plain));
        cr_expect_eq(plain.length, row->length);
        cr_expect(!row->length || memcmp(plain.at, row->at, row->length) == 0);
        cr_expect(row->length < 8 || !memmem(sealed.bytes.at, sealed.bytes.length, row->at, 8),
                  "nothing of it can be read");
    }
}

Test(seal, refuses_what_was_changed_by_one_bit)
{
    struct sealed sealed = seal_bytes(&arena, text_of("Anna Nowak, 600 100 200"));
    struct sealed other = seal_bytes(&arena, text_of("Anna Nowak, 600 100 200"));
    struct text plain = { 0 };

    cr_expect_not(unseal_bytes(&arena, other.wrapped_key, sealed.bytes, &plain), "another's key");
    for (size_t i = 0; i < 8 * sealed.bytes.length; i++) {
        char *copy = arena_text(&arena, sealed.bytes);
        copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
        struct text changed = { copy, sealed.bytes.length };
        cr_expect_not(unseal_bytes(&arena, sealed.wrapped_key, changed, &plain), "bit %zu", i);
    }
    for (size_t length = 0; length < sealed.bytes.length; length++) {
        struct text cut = { sealed.bytes.at, length };
        cr_expect_not(unseal_bytes(&arena, sealed.wrapped_key, cut, &plain), "cut to %zu", length);
    }
}

Test(seal, two_seals_of_the_same_bytes_share_nothing)
{
    struct sealed one = seal_bytes(&arena, text_of("the same")),
                  two = seal_bytes(&arena, text_of("the same"));

    cr_expect_neq(memcmp(one.bytes.at, two.bytes.at, one.bytes.length), 0);
    cr_expect_neq(memcmp(one.wrapped_key.at, two.wrapped_key.at, one.wrapped_key.length), 0);
    cr_expect_neq(strcmp(one.id, two.id), 0);
}

Test(seal, another_vault_opens_nothing)
{
    struct sealed sealed = seal_bytes(&arena, text_of("Anna Nowak"));
    struct text plain = { 0 };
    struct error error =
        seal_start("ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");

    cr_assert_eq(error.kind, ERROR_NONE);
    cr_expect_not(unseal_bytes(&arena, sealed.wrapped_key, sealed.bytes, &plain));
}

Test(seal, a_key_that_is_none_refuses_to_start)
{
    static const char *const rows[] = { "", "abc", "zz" KEY, KEY "00", "/run/secrets/vault.key" };

    EACH (row, rows) {
        struct error error = seal_start(*row);
        cr_expect_eq(error.kind, ERROR_FATAL, "%s", *row);
    }
}
