/* Base 62, so that no sign needs escaping in a URL and a telephone marks the whole link. */
#include "services/notifications/link_token.h"
#include "lib/base/arena.h"
#include <ctype.h>
#include <sodium.h>
#include <string.h>

struct link_token link_token_new(void)
{
    static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct link_token token = { 0 };

    for (int i = 0; i < LINK_TOKEN_SIGNS; i++)
        token.text[i] = signs[randombytes_uniform(sizeof signs - 1)];
    crypto_hash_sha256(hash, (const unsigned char *)token.text, LINK_TOKEN_SIGNS);
    sodium_bin2hex(token.sha256, sizeof token.sha256, hash, sizeof hash);
    return token;
}

const char *link_tokens_hidden(struct arena *arena, const char *body)
{
    static const char hidden[] = "…";
    char *copy = arena_alloc(arena, strlen(body) + 1), *to = copy;

    while (*body) {
        if (strncmp(body, "/s/", 3) != 0) {
            *to++ = *body++;
            continue;
        }
        size_t length = 3;
        while (isalnum((unsigned char)body[length]))
            length++;
        if (length == 3 + LINK_TOKEN_SIGNS) {
            memcpy(to, "/s/", 3);
            memcpy(to + 3, hidden, sizeof hidden - 1);
            to += 3 + sizeof hidden - 1;
        } else {
            memcpy(to, body, length);
            to += length;
        }
        body += length;
    }
    return copy;
}
