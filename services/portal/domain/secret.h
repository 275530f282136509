/* The shapes of what gives access: a token of an account, a token of a link; and who may hold the
 * first. What has another shape is refused before anybody looks it up. */
#pragma once
#include "lib/base/text.h"

enum {
    ACCOUNT_TOKEN_LENGTH = 3 + 43, /* "tk_" and 256 bits, url-safe */
    LINK_TOKEN_LENGTH = 22,        /* 128 bits, url-safe */
};

bool is_account_token(struct text text);
bool is_link_token(struct text text);
/* The token behind "Bearer " (any case, RFC 7235), or NO_TEXT. */
struct text bearer_token(struct text authorization);

/* Of an account: letters, digits, '.', '-' and '_', 1 to 63 of them, so that it fits the actor
 * header. */
bool is_account_id(struct text id);
/* Whether a browser says that a form was posted from our own page (Sec-Fetch-Site, W3C Fetch
 * Metadata). Absent: an old browser; the secret in the address then stands alone. */
bool is_own_form(struct text sec_fetch_site);
