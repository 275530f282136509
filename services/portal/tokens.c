/* libsodium's part of it. */
#include "services/portal/tokens.h"
#include <sodium.h>

char *token_make(struct arena *arena)
{
    unsigned char random[32];
    char
        encoded[sodium_base64_ENCODED_LEN(sizeof random, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];

    randombytes_buf(random, sizeof random);
    sodium_bin2base64(encoded, sizeof encoded, random, sizeof random,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(random, sizeof random);
    return arena_format(arena, "tk_%s", encoded);
}

const char *token_hash(struct arena *arena, struct text token)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char *hex = arena_alloc(arena, 2 * sizeof hash + 1);

    crypto_hash_sha256(hash, (const unsigned char *)token.at, token.length);
    return sodium_bin2hex(hex, 2 * sizeof hash + 1, hash, sizeof hash);
}
