/* The SMS gateway's receipts: the first 80 bytes as a signature are never a good one for the rest,
 * and a body that is read, of known and unknown fields, is read the same when written again.
 * libFuzzer: link with -fsanitize=fuzzer. */
#include "lib/service/json.h"
#include "proto/notifications.pb-c.h"
#include "services/notifications/webhook_signature.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct arena arena;
    size_t cut = size < 80 ? size : 80;
    const char *signature = arena_text(&arena, (struct text){ (const char *)bytes, cut });
    struct text body = { (const char *)bytes + cut, size - cut };
    struct json_shape shape = { .of = &sms_receipt__descriptor, .ignores_unknown = true };
    struct violations violations = { 0 };
    ProtobufCMessage *message = NULL, *again = NULL;

    assert(!receipt_signature_good("a secret that nobody knows", body, signature));
    if (json_read(&arena, &shape, body, &message, &violations).kind == ERROR_NONE) {
        struct text written = json_write(&arena, message, 0);
        assert(json_read(&arena, &shape, written, &again, &violations).kind == ERROR_NONE);
        assert(text_is(written, json_write(&arena, again, 0).at));
    }
    arena_reset(&arena);
    return 0;
}
