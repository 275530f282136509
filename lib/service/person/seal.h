/* Raw bytes that may speak of a person (mails, requests, parked facts, photos) are kept sealed,
 * each under a key of its own in person.seal, itself wrapped by the vault's key (VAULT_KEY_FILE).
 * Deleting the row forgets the bytes, wherever copies of them lie. A row goes with its person; one
 * that nobody owns goes after 30 days. XChaCha20-Poly1305 and libsodium's secretbox. */
#pragma once
#include "lib/service/turn.h"

struct sealed {
    const char *id;          /* of the row */
    struct text wrapped_key; /* what the row keeps */
    struct text bytes;       /* what the owner keeps: sealed */
};

/* FATAL when `hex` is not the 64 hex digits of a key. Once, at the start. */
struct error seal_start(const char *hex);
/* Pure but for the random numbers; everything lives in `arena`. */
struct sealed seal_bytes(struct arena *arena, struct text plain);
/* False when the key does not fit the bytes: one of them was changed. */
bool unseal_bytes(struct arena *arena, struct text wrapped_key, struct text sealed,
                  struct text *ret_plain);

/* Seals and queues the row with the turn's writes; `person_id` may be NULL: not known (yet). */
struct sealed seal_keep(struct turn *turn, const char *person_id, struct text plain);
/* NOT_FOUND when the row is gone: forgotten. */
struct error seal_open(struct turn *turn, const char *seal_id, struct text sealed,
                       struct text *ret_plain);
