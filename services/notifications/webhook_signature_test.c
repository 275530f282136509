/* Signatures against vectors of others: the one of the Standard Webhooks libraries' own tests, and
 * Python's hmac. */
#include "lib/base/array.h"
#include "services/notifications/webhook_signature.h"
#include <criterion/criterion.h>
#include <sodium.h>
#include <string.h>

Test(webhook_signature, vector_of_the_standard_webhooks_libraries)
{
    struct arena arena = { 0 };

    cr_expect_str_eq(webhook_signature(&arena, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                       "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                                       text_of("{\"test\": 2432232314}")),
                     "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    arena_done(&arena);
}

Test(webhook_signature, a_new_secret_is_new_and_signs)
{
    struct arena arena = { 0 };

    cr_assert_geq(sodium_init(), 0);
    const char *secret = webhook_secret(&arena), *other = webhook_secret(&arena);
    cr_expect_eq(strlen(secret), 6 + 44);
    cr_expect_str_neq(secret, other);
    cr_expect_str_neq(webhook_signature(&arena, secret, "id", 1, text_of("{}")),
                      webhook_signature(&arena, other, "id", 1, text_of("{}")));
    arena_done(&arena);
}

Test(webhook_signature, receipts)
{
    /* python3: hmac.new(b"secret", b"{}", "sha256").hexdigest() */
    static const char good[] =
        "sha256=77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13";
    const struct {
        const char *name, *secret, *body, *signature;
        bool is_good;
    } rows[] = {
        { "signed", "secret", "{}", good, true },
        { "another body", "secret", "{ }", good, false },
        { "another secret", "Secret", "{}", good, false },
        { "none", "secret", "{}", "", false },
        { "only the label", "secret", "{}", "sha256=", false },
        { "too short", "secret", "{}", "sha256=77", false },
        { "no hex", "secret", "{}", "sha256=zz", false },
    };

    cr_assert_geq(sodium_init(), 0);
    EACH (row, rows)
        cr_expect_eq(receipt_signature_good(row->secret, text_of(row->body), row->signature),
                     row->is_good, "%s", row->name);
}
