/* The vault's key never leaves this file. */
#include "lib/service/person/seal.h"
#include "lib/service/db.h"
#include "lib/service/queries.h"
#include <sodium.h>
#include <string.h>

enum {
    KEY = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    WRAPPED = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + KEY,
};

static unsigned char vault_key[crypto_secretbox_KEYBYTES];

struct error seal_start(const char *hex)
{
    size_t length = 0;

    if (string_empty(hex))
        return fatal("VAULT_KEY_FILE is not set: the vault cannot be opened without its key");
    if (sodium_hex2bin(vault_key, sizeof vault_key, hex, strlen(hex), "\n", &length, NULL) != 0 ||
        length != sizeof vault_key)
        return fatal("VAULT_KEY_FILE does not hold 64 hex digits");
    sodium_mlock(vault_key, sizeof vault_key);
    return OK;
}

struct sealed seal_bytes(struct arena *arena, struct text plain)
{
    unsigned char key[KEY];
    unsigned char *wrapped = arena_alloc(arena, WRAPPED);
    unsigned char *bytes = arena_alloc(arena, NONCE + plain.length + TAG);
    unsigned long long length;

    crypto_aead_xchacha20poly1305_ietf_keygen(key);
    randombytes_buf(wrapped, crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(wrapped + crypto_secretbox_NONCEBYTES, key, KEY, wrapped, vault_key);
    randombytes_buf(bytes, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(bytes + NONCE, &length,
                                               (const unsigned char *)(plain.at ? plain.at : ""),
                                               plain.length, NULL, 0, NULL, bytes, key);
    sodium_memzero(key, sizeof key);
    return (struct sealed){
        .id = arena_string(arena, id_new(machine_clock()).text),
        .wrapped_key = { (const char *)wrapped, WRAPPED },
        .bytes = { (const char *)bytes, NONCE + (size_t)length },
    };
}

bool unseal_bytes(struct arena *arena, struct text wrapped_key, struct text sealed,
                  struct text *ret_plain)
{
    const unsigned char *wrapped = (const unsigned char *)wrapped_key.at;
    const unsigned char *bytes = (const unsigned char *)sealed.at;
    unsigned char key[KEY];
    unsigned long long length;

    if (wrapped_key.length != WRAPPED || sealed.length < NONCE + TAG ||
        crypto_secretbox_open_easy(key, wrapped + crypto_secretbox_NONCEBYTES,
                                   WRAPPED - crypto_secretbox_NONCEBYTES, wrapped, vault_key) != 0)
        return false;
    unsigned char *plain = arena_alloc(arena, sealed.length - NONCE - TAG + 1);
    bool is_good =
        crypto_aead_xchacha20poly1305_ietf_decrypt(plain, &length, NULL, bytes + NONCE,
                                                   sealed.length - NONCE, NULL, 0, bytes, key) == 0;
    sodium_memzero(key, sizeof key);
    if (is_good)
        *ret_plain = (struct text){ (const char *)plain, (size_t)length };
    return is_good;
}

struct sealed seal_keep(struct turn *turn, const char *person_id, struct text plain)
{
    struct sealed sealed = seal_bytes(turn->arena, plain);

    db_write(turn, save_seal, STR(sealed.id), STR_OR_NIL(person_id), BYTES(sealed.wrapped_key),
             INT(turn->machine_now));
    return sealed;
}

struct error seal_open(struct turn *turn, const char *seal_id, struct text sealed,
                       struct text *ret_plain)
{
    struct rows rows;

    TRY(db_read(turn, &rows, load_seal, STR(seal_id)));
    if (rows.count == 0)
        return rejected(PROBLEM_NOT_FOUND, NULL, "the seal %.40s is gone: forgotten", seal_id);
    struct row row = row_at(&rows, 0);
    if (!unseal_bytes(turn->arena, next_bytes(&row, turn->arena), sealed, ret_plain))
        return rejected(PROBLEM_INTERNAL, NULL, "the seal %.40s does not fit its bytes", seal_id);
    return OK;
}
