/* Bytes from Kafka: whatever is accepted has only UTF-8 and finite numbers (json_write asserts it)
 * and packs to bytes that unpack to the same. libFuzzer: link with -fsanitize=fuzzer. */
#include "lib/service/json.h"
#include "lib/service/json_test.pb-c.h"
#include "lib/service/message.h"
#include <assert.h>

int fuzz_message(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int fuzz_message(const uint8_t *bytes, size_t size)
{
    static struct arena arena;
    ProtobufCMessage *message = NULL, *again = NULL;

    struct error error = message_unpack(&arena, &sample_report__descriptor,
                                        (struct text){ (const char *)bytes, size }, &message);
    if (error.kind == ERROR_NONE) {
        struct text packed = message_pack(&arena, message);
        if (packed.length <= MESSAGE_BYTES_MAX) {
            error = message_unpack(&arena, &sample_report__descriptor, packed, &again);
            assert(error.kind == ERROR_NONE);
            assert(text_is(json_write(&arena, message, JSON_WRITE_ALL),
                           json_write(&arena, again, JSON_WRITE_ALL).at));
        }
    }
    arena_reset(&arena);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    return fuzz_message(bytes, size);
}
