/* Standard Webhooks, symmetric: who holds the secret can tell that a webhook is ours and whole. */
#pragma once
#include "lib/base/arena.h"

/* A new secret, "whsec_" and 32 random bytes in base64. */
const char *webhook_secret(struct arena *arena);
/* The header's value "v1,…": HMAC-SHA256 of "id.timestamp.body". Asserts that the secret is one of
 * ours. */
const char *webhook_signature(struct arena *arena, const char *secret, const char *event_id,
                              int64_t at_seconds, struct text body);
/* "sha256=…" over the body, as the SMS gateway signs its receipts; compared in constant time. */
bool receipt_signature_good(const char *secret, struct text body, const char *signature);
