/* One connection to Redis, plain or TLS, signed in; hiredis writes and reads its words. */
#pragma once
#include "lib/base/error.h"
#include <hiredis/hiredis.h>
#include <stdint.h>

struct live_settings {
    const char *url, *user, *password, *ca_file, *certificate_file, *key_file; /* or NULL */
    int64_t verify_host;
};

struct live_link;

/* FATAL, naming setting and rule, for what does not go together or cannot be read. Neither it nor
 * any error below holds a password. */
struct error live_link_check(const struct live_settings *settings);
/* Of settings that were checked and name a Redis. Blocks, at most `limit_ms` for the connection and
 * as long for signing in. TEMPORARY says why there is none. */
struct error live_link_new(const struct live_settings *settings, int64_t limit_ms,
                           struct live_link **ret_link);
/* Blocks for at most `limit_ms`. After an error the link is only good for being freed: a late
 * answer would be taken for the next one's. The reply is the caller's (freeReplyObject). */
struct error live_link_ask(struct live_link *link, const char *const command[], int64_t limit_ms,
                           redisReply **ret_reply);
void live_link_free(struct live_link **link); /* NULL is fine */
