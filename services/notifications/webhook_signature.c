/* HMAC-SHA256 by libsodium, whose keys may have any length here. */
#include "services/notifications/webhook_signature.h"
#include <assert.h>
#include <sodium.h>
#include <string.h>

static const char prefix[] = "whsec_";
enum { SECRET_BYTES = 32, SECRET_MOST = 64 };

const char *webhook_secret(struct arena *arena)
{
    unsigned char bytes[SECRET_BYTES];
    char text[sodium_base64_ENCODED_LEN(SECRET_BYTES, sodium_base64_VARIANT_ORIGINAL)];

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes, sodium_base64_VARIANT_ORIGINAL);
    return arena_format(arena, "%s%s", prefix, text);
}

const char *webhook_signature(struct arena *arena, const char *secret, const char *event_id,
                              int64_t at_seconds, struct text body)
{
    unsigned char key[SECRET_MOST], sum[crypto_auth_hmacsha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(crypto_auth_hmacsha256_BYTES,
                                        sodium_base64_VARIANT_ORIGINAL)];
    crypto_auth_hmacsha256_state state;
    const char *head = arena_format(arena, "%s.%lld.", event_id, (long long)at_seconds);
    const char *encoded = secret + sizeof prefix - 1;
    size_t key_length = 0;

    assert(text_starts(text_of(secret), prefix));
    int failed = sodium_base642bin(key, sizeof key, encoded, strlen(encoded), NULL, &key_length,
                                   NULL, sodium_base64_VARIANT_ORIGINAL);
    assert(!failed);
    (void)failed;
    crypto_auth_hmacsha256_init(&state, key, key_length);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)head, strlen(head));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.at, body.length);
    crypto_auth_hmacsha256_final(&state, sum);
    sodium_memzero(key, sizeof key);
    sodium_bin2base64(text, sizeof text, sum, sizeof sum, sodium_base64_VARIANT_ORIGINAL);
    return arena_format(arena, "v1,%s", text);
}

bool receipt_signature_good(const char *secret, struct text body, const char *signature)
{
    static const char label[] = "sha256=";
    unsigned char sum[crypto_auth_hmacsha256_BYTES], given[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    size_t length = 0;

    if (!text_starts(text_of(signature), label))
        return false;
    const char *hex = signature + sizeof label - 1;
    if (sodium_hex2bin(given, sizeof given, hex, strlen(hex), NULL, &length, NULL) ||
        length != sizeof given)
        return false;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.at, body.length);
    crypto_auth_hmacsha256_final(&state, sum);
    return sodium_memcmp(sum, given, sizeof sum) == 0;
}
