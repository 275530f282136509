/* Which settings of Redis go together, and that no refusal repeats a password. Links themselves are
 * tried on a real Redis (tests/tls). */
#include "lib/base/array.h"
#include "lib/base/text.h"
#include "lib/service/live_link.h"
#include <criterion/criterion.h>
#include <string.h>

#define PLAIN .url = "redis://cache:6379"
#define TLS .url = "rediss://cache:6379"
#define FILES .certificate_file = "/dev/null", .key_file = "/dev/null"

static const struct {
    const char *rule;
    struct live_settings settings;
    const char *named; /* how the refusal begins; NULL: they go together */
} rows[] = {
    { "no Redis at all", { 0 }, NULL },
    { "plain", { PLAIN }, NULL },
    { "plain, the port left out", { .url = "redis://cache" }, NULL },
    { "an IPv6 address", { .url = "redis://[::1]:6379" }, NULL },
    { "database 0", { .url = "redis://cache:6379/0" }, NULL },
    { "TLS alone trusts whom the machine trusts", { TLS }, NULL },
    { "user and password in the URL", { .url = "rediss://majster:hush@cache" }, NULL },
    { "a password in the URL, for the default user", { .url = "rediss://:hush@cache" }, NULL },
    { "user and password beside it", { TLS, .user = "majster", .password = "hush" }, NULL },
    { "all of it", { TLS, "majster", "hush", .ca_file = "/dev/null", FILES }, NULL },
    { "no scheme", { .url = "cache:6379" }, "setting REDIS_URL: has to be " },
    { "another scheme", { .url = "https://cache:6379" }, "setting REDIS_URL: has to be " },
    { "no port that there is", { .url = "redis://cache:hush" }, "setting REDIS_URL: has to be " },
    { "another database", { .url = "redis://cache/3" }, "setting REDIS_URL: database 0 " },
    { "a user without a password",
      { .url = "redis://majster@cache" },
      "setting REDIS_URL: a user" },
    { "a user without a file", { PLAIN, .user = "majster" }, "setting REDIS_PASSWORD_FILE: " },
    { "two passwords",
      { .url = "redis://:hush@cache", .password = "hush" },
      "setting REDIS_USER: REDIS_URL names " },
    { "a password for nobody", { .password = "hush" }, "setting REDIS_USER: goes with REDIS_URL" },
    { "a CA for nobody", { .ca_file = "/dev/null" }, "setting REDIS_CA_FILE: goes with " },
    { "a CA is for TLS", { PLAIN, .ca_file = "/dev/null" }, "setting REDIS_CA_FILE: goes with " },
    { "a certificate is for TLS", { PLAIN, FILES }, "setting REDIS_CERTIFICATE_FILE: goes with " },
    { "a certificate comes with its key",
      { TLS, .certificate_file = "/dev/null" },
      "setting REDIS_CERTIFICATE_FILE: goes with REDIS_KEY_FILE" },
    { "a key comes with its certificate",
      { TLS, .key_file = "/dev/null" },
      "setting REDIS_CERTIFICATE_FILE: goes with REDIS_KEY_FILE" },
    { "a file that is not there",
      { TLS, .ca_file = "/nowhere/ca.pem" },
      "setting REDIS_CA_FILE: cannot open /nowhere/ca.pem" },
};

Test(live_link, rows)
{
    EACH (row, rows) {
        struct live_settings settings = row->settings;
        settings.verify_host = 1;
        struct error error = live_link_check(&settings);
        cr_expect_eq(error.kind, row->named ? ERROR_FATAL : ERROR_NONE, "%s: %s", row->rule,
                     error.text);
        cr_expect(text_starts(text_of(error.text), row->named ? row->named : ""), "%s: %s",
                  row->rule, error.text);
        cr_expect(!strstr(error.text, "hush"), "%s: %s", row->rule, error.text);
    }
}

Test(live_link, a_host_name_cannot_be_waived_where_there_is_none)
{
    struct error error = live_link_check(&(struct live_settings){ PLAIN });

    cr_expect_eq(error.kind, ERROR_FATAL);
    cr_expect(text_starts(text_of(error.text), "setting REDIS_VERIFY_HOST: "), "%s", error.text);
}

Test(live_link, nobody_there_is_a_reason_not_a_crash)
{
    struct live_link *link = NULL;
    struct error error =
        live_link_new(&(struct live_settings){ .url = "redis://127.0.0.1:1" }, 200, &link);

    cr_expect_eq(error.kind, ERROR_TEMPORARY);
    cr_expect(text_starts(text_of(error.text), "redis 127.0.0.1:1: "), "%s", error.text);
    cr_expect_null(link);
}
