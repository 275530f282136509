/* Tokens are long, plain and never the same; nobody reads them in the log. */
#include "lib/base/arena.h"
#include "lib/base/array.h"
#include "services/notifications/link_token.h"
#include <criterion/criterion.h>
#include <ctype.h>
#include <sodium.h>
#include <string.h>

Test(link_token, is_22_signs_of_62_and_told_by_its_hash)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[65], seen[2000][LINK_TOKEN_SIGNS + 1];
    int uses[128] = { 0 };

    cr_assert_geq(sodium_init(), 0);
    for (size_t i = 0; i < COUNT(seen); i++) {
        struct link_token token = link_token_new();
        cr_assert_eq(strlen(token.text), LINK_TOKEN_SIGNS);
        for (const char *sign = token.text; *sign; sign++) {
            cr_assert(isalnum((unsigned char)*sign));
            uses[(unsigned char)*sign]++;
        }
        crypto_hash_sha256(hash, (const unsigned char *)token.text, LINK_TOKEN_SIGNS);
        sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
        cr_assert_str_eq(token.sha256, hex);
        for (size_t k = 0; k < i; k++)
            cr_assert_str_neq(token.text, seen[k]);
        memcpy(seen[i], token.text, sizeof token.text);
    }
    /* 44,000 signs over 62: 710 each; 5 standard deviations are 132. */
    for (int sign = 0; sign < 128; sign++)
        cr_expect(!isalnum(sign) || (uses[sign] > 560 && uses[sign] < 860), "%c: %d", sign,
                  uses[sign]);
}

Test(link_token, hidden_in_texts)
{
    static const char *const rows[][3] = {
        { "a link", "Zmiana: https://majster.example/s/0123456789abcdefABCDEF",
          "Zmiana: https://majster.example/s/…" },
        { "two links and more", "x/s/0123456789abcdefABCDEF, y/s/0123456789abcdefABCDEG!",
          "x/s/…, y/s/…!" },
        { "no link", "Anna będzie u Państwa o godz. 10:15", "Anna będzie u Państwa o godz. 10:15" },
        { "too short to be one", "/s/0123", "/s/0123" },
        { "too long to be one", "/s/0123456789abcdefABCDEF0", "/s/0123456789abcdefABCDEF0" },
        { "nothing", "", "" },
    };
    struct arena arena = { 0 };

    EACH (row, rows)
        cr_expect_str_eq(link_tokens_hidden(&arena, (*row)[1]), (*row)[2], "%s", (*row)[0]);
    arena_done(&arena);
}
